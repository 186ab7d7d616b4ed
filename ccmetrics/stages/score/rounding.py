"""Rounding as people do it on paper: on decimal digits, half up, or down.

In: a column of numbers. Out: an expression of the rounded ones.
Refuses to know: what is rounded, and when.
"""

from __future__ import annotations

import polars as pl

DIGITS = 9
"""Decimals kept before the one rounding: far above what doubles lose on the way, far below what anyone states."""


def half_up(value: pl.Expr, decimals: int) -> pl.Expr:
    """A score as it is printed: rounded half up, on its decimal digits rather than its binary ones.

    94.995 has no exact double; the nearest lies below it and would print 94.99. So the score is first counted in
    billionths, where what arithmetic lost in binary is rounded away, and the half is decided on that integer.
    """
    step: int = 10 ** (DIGITS - decimals)
    whole: pl.Expr = (_billionths(value) + step // 2) // step
    return _counted(whole, decimals)


def down(value: pl.Expr, decimals: int) -> pl.Expr:
    """Rounded down, on the same digits: what arithmetic made 3.9999999999999996 is 4.00."""
    step: int = 10 ** (DIGITS - decimals)
    return _counted(_billionths(value) // step, decimals)


def _billionths(value: pl.Expr) -> pl.Expr:
    scale: int = 10**DIGITS
    return (value * scale).round().cast(pl.Int64)


def _counted(units: pl.Expr, decimals: int) -> pl.Expr:
    # The engine divides by a constant as it multiplies by its inverse, and 7360 / 100 comes out above 73.6.
    scale: int = 10**decimals
    rounded: pl.Expr = (units / scale).round(decimals)
    return rounded
