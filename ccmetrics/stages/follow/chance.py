"""Whether chance alone could have made two values of one KPI differ as they do.

In: rows with two values, their counts, standard errors and n. Out: expressions of two-sided p-values.
Refuses to know: what the values are of, and which way is better.

Two shares of counts: z with the pooled share, its squares being the chi-squared of the two-by-two table (Fleiss, Levin
and Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003, chapter 3), where at least five are to be
expected in every cell (Cochran, Some methods for strengthening the common chi-squared tests, Biometrics 10, 1954).
Others: Welch's t with Satterthwaite's degrees of freedom (Welch, Biometrika 34, 1947), turned into z as Wallace does
(Bounds on normal approximations to Student's and the chi-square distributions, Annals of Mathematical Statistics 30,
1959), which is within 0.02 of the exact one.
"""

from __future__ import annotations

from functools import reduce
from math import pi, sqrt

import polars as pl

EXPECTED = 5.0
"""Fewest to be expected in a cell."""

NEAR = 2.5
"""Up to here the error function's series, from here its continued fraction."""


def chance(counted: pl.Expr, one: str = "", other: str = "_before") -> pl.Expr:
    """The p-value of a row's two values: the columns value, n, numerator, denominator and se with either suffix.

    `counted` says whether the KPI is a share of what was counted. Null where there is nothing to tell it by: no
    standard errors, too few counted.
    """
    a, b = _Side(one), _Side(other)
    shares = counted & a.counted & b.counted
    z = pl.when(shares).then(_of_shares(a, b)).when(~counted).then(_of_means(a, b))
    return two_sided(z)


def against(value: pl.Expr, fixed: pl.Expr, se: pl.Expr) -> pl.Expr:
    """The p-value of a value's distance from a number that is no estimate."""
    return two_sided(pl.when(se > 0).then((value - fixed) / se))


def two_sided(z: pl.Expr) -> pl.Expr:
    """The chance of a standard normal value at least as far from 0."""
    return erfc(z.abs() / sqrt(2))


def erfc(x: pl.Expr) -> pl.Expr:
    """The complementary error function of x >= 0, whole columns at a time.

    Its series and its continued fraction: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6 and 7.1.14.
    """
    near, far = x.clip(upper_bound=NEAR), x.clip(lower_bound=NEAR)
    series = reduce(lambda rest, k: 1 + rest * near**2 * (2 / (2 * k + 1)), range(40, 0, -1), pl.lit(1.0))
    fraction = reduce(lambda rest, k: far + k / 2 / rest, range(40, 0, -1), far)
    below = 1 - 2 / sqrt(pi) * near * (-(near**2)).exp() * series
    return pl.when(x < NEAR).then(below).otherwise((-(far**2)).exp() / sqrt(pi) / fraction)


class _Side:
    """One of the two values of a row."""

    def __init__(self, suffix: str) -> None:
        self.value, self.se = pl.col(f"value{suffix}"), pl.col(f"se{suffix}")
        self.n = pl.col(f"n{suffix}").cast(pl.Float64)
        self.hits, self.of = pl.col(f"numerator{suffix}"), pl.col(f"denominator{suffix}")

    @property
    def counted(self) -> pl.Expr:
        return (self.of > 0) & (self.n == self.of) & self.hits.is_between(0, self.of)


def _of_shares(a: _Side, b: _Side) -> pl.Expr:
    share = (a.hits + b.hits) / (a.of + b.of)
    enough = pl.min_horizontal(share, 1 - share) * pl.min_horizontal(a.of, b.of) >= EXPECTED
    return pl.when(enough).then((a.value - b.value) / (share * (1 - share) * (1 / a.of + 1 / b.of)).sqrt())


def _of_means(a: _Side, b: _Side) -> pl.Expr:
    """Where n is not known, z itself."""
    known = (a.se >= 0) & (b.se >= 0) & (a.se + b.se > 0)
    t = (a.value - b.value) / (a.se**2 + b.se**2).sqrt()
    freedom = (a.se**2 + b.se**2) ** 2 / (a.se**4 / (a.n - 1) + b.se**4 / (b.n - 1))
    wallace = (8 * freedom + 1) / (8 * freedom + 3) * (freedom * (1 + t**2 / freedom).log()).sqrt()
    many = (a.n > 1) & (b.n > 1)
    none = a.n.is_null() | b.n.is_null()
    return pl.when(known & many).then(wallace).when(known & none).then(t.abs())
