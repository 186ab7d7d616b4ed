"""How much a value tells: its 95% interval and standard error, by the kind of its KPI.

In: an ask, its measured columns beside `value`, `n`, `numerator` and `denominator`. Out: expressions of low, high, se.
Refuses to know: rows, tables, points, cards.

Proportion: Wilson (1927). Mean: Student's t over the rows. Trinomial, a difference of two shares of one sample (nps):
Wald's with one answer added to either side, by Bonett and Price, Adjusted Wald confidence interval for a difference of
binomial proportions based on paired data, J. Educational and Behavioral Statistics 37 (2012): the plain one has no
width at all where every answer is alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import atan, cos, pi, sin, sqrt

import polars as pl

from ccmetrics.formula.tree import Node, division
from ccmetrics.plan import Ask

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95% interval."""

FEW = 40
"""Degrees of freedom below which the series of t is too short."""

NOTHING = pl.lit(None, dtype=pl.Float64)

Number = Callable[[Node], pl.Expr]


def shape(ask: Ask) -> tuple[str | None, bool, float]:
    """The kind of the ask's interval, whether its mean is a division, and the factor of its net share."""
    net = _net(ask.formula)
    kind = None if ask.interval == "trinomial" and net is None else ask.interval
    return kind, division(ask.formula) is not None, net[2] if net else 1.0


def spread(ask: Ask, number: Number, variance: str | None) -> dict[str, pl.Expr]:
    """What the ask's interval takes beside `value`, `n` and `denominator`: the variance of a mean's rows, which stand
    in the column `variance`, or the two counts that a net share is made of."""
    net = _net(ask.formula) if ask.interval == "trinomial" else None
    above, below = (number(net[0]), number(net[1])) if net else (NOTHING, NOTHING)
    told = NOTHING if ask.interval != "mean" or variance is None else pl.col(variance).cast(pl.Float64)
    return {"@variance": told, "@above": above, "@below": below}


def interval() -> dict[str, pl.Expr]:
    """Of rows with `shape` and `spread`. Null where the kind of KPI has none, or where it cannot be told from what was
    counted."""
    kinds = {"proportion": _wilson(), "mean": _student(), "trinomial": _trinomial()}
    return {
        name: pl.coalesce(pl.when(pl.col("@interval") == kind).then(made[name]) for kind, made in kinds.items())
        for name in ("low", "high", "se")
    }


def _wilson() -> dict[str, pl.Expr]:
    p, n = pl.col("value"), pl.col("denominator")
    center = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * (p * (1 - p) / n + Z95**2 / (4 * n**2)).sqrt()
    # Seconds are no observations: only a denominator that is what was counted tells how much is known.
    told = (n > 0) & p.is_between(0, 1) & (pl.col("n") == n)
    return {
        "low": pl.when(told).then((center - half).clip(0, 1)),
        "high": pl.when(told).then((center + half).clip(0, 1)),
        "se": pl.when(told).then((p * (1 - p) / n).sqrt()),
    }


def _student() -> dict[str, pl.Expr]:
    """Rows that are all alike tell no spread, rather than a width of zero; nor are there bounds to clip at."""
    n, variance = pl.col("n"), pl.col("@variance")
    told = (variance > 0) & (~pl.col("@divided") | (pl.col("denominator") == n))
    se = pl.when(told).then((variance / n).sqrt())
    half = student(n - 1) * se
    return {"low": pl.col("value") - half, "high": pl.col("value") + half, "se": se}


def _net(formula: Node) -> tuple[Node, Node, float] | None:
    """Of `100 * (A - B) / n`: A, B and 100."""
    halves = division(formula)
    if halves is None:
        return None
    above, factor = halves[0], 1.0
    if above.op == "mul":
        numbers = [arg for arg in above.args if arg.op == "number"]
        others = [arg for arg in above.args if arg.op != "number"]
        if len(numbers) != 1 or len(others) != 1 or not isinstance(numbers[0].value, (int, float)):
            return None
        above, factor = others[0], float(numbers[0].value)
    if above.op != "sub" or any(arg.op != "name" for arg in above.args) or factor <= 0:
        return None
    return above.args[0], above.args[1], factor


def _trinomial() -> dict[str, pl.Expr]:
    n, above, below, factor = (pl.col(name) for name in ("denominator", "@above", "@below", "@factor"))
    told = (n > 0) & (pl.col("n") == n) & (above >= 0) & (below >= 0) & (above + below <= n)
    center, half = _difference(above + 1, below + 1, n + 2, Z95)
    return {
        "low": pl.when(told).then(factor * (center - half).clip(-1, 1)),
        "high": pl.when(told).then(factor * (center + half).clip(-1, 1)),
        "se": pl.when(told).then(factor * _difference(above, below, n, 1.0)[1]),
    }


def _difference(above: pl.Expr, below: pl.Expr, n: pl.Expr, z: float) -> tuple[pl.Expr, pl.Expr]:
    """The difference of two shares of n, and z of its standard errors."""
    net = (above - below) / n
    return net, z * (((above + below) / n - net**2) / n).clip(lower_bound=0).sqrt()


def student(freedom: pl.Expr) -> pl.Expr:
    """The 97.5% quantile of Student's t: below `FEW` degrees of freedom by its finite series, above by the expansion
    about the normal quantile. Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 to 26.7.5."""
    few = {v: _quantile(v) for v in range(1, FEW)}
    x, v = Z95, freedom.cast(pl.Float64)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    many = x + sum((term / v ** (at + 1) for at, term in enumerate(terms)), pl.lit(0.0))
    found = freedom.cast(pl.Int64).replace_strict(few, default=None, return_dtype=pl.Float64)
    return pl.when(freedom >= FEW).then(many).otherwise(found)


@cache
def _quantile(freedom: int) -> float:
    low, high = Z95, 13.0
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _within(middle, freedom) < 0.95 else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """The probability of lying between -t and t."""
    angle = atan(t / sqrt(freedom))
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    series = term if freedom > 1 else 0.0
    for k in range(3 if odd else 2, freedom, 2):
        term *= cos(angle) ** 2 * (k - 1) / k
        series += term
    return 2 / pi * (angle + sin(angle) * series) if odd else sin(angle) * series
