"""How much a score tells: the points at the ends of each value's interval, and from them the interval of the base.

In: lines with the intervals of their values. Out: points_low and points_high a line; base_low, base_high a subject.
Refuses to know: how a value's interval came about, adjustments, ranks.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

Earned = Callable[[pl.Expr], pl.Expr]


def ends(earned: Earned, share: pl.Expr, best: pl.Expr) -> dict[str, pl.Expr]:
    """The fewest and the most points of any value in the interval, of a line that is scored by its own value.

    `earned` gives the points of a value, `share` what a value is divided by before, `best` where the curve is highest.
    Curves rise to there and fall beyond, so the most is earned as near to it as the interval comes.
    """
    low, high = pl.col("low") / share, pl.col("high") / share
    met = [earned(low), earned(high), earned(pl.col("basis"))]
    told = (pl.col("status") == "own") & low.is_not_null() & high.is_not_null()
    return {
        "points_low": pl.when(told).then(pl.min_horizontal(met)),
        "points_high": pl.when(told).then(pl.max_horizontal(*met, earned(best.clip(low, high)))),
    }


def of_bases(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a subject: the 95% interval of its base, and which lines had no part in it.

    MOVER, which puts intervals of the parts together that need not be symmetric: G. Y. Zou and A. Donner, Construction
    of confidence limits about effect measures, Statistics in Medicine 27 (2008). KPIs count as independent. Lines
    without an own value or an interval are taken as known; where there is nothing else, there is no interval.
    """
    points, told = pl.col("points"), pl.col("points_low").is_not_null()
    share = pl.col("weight") / pl.col("weight").filter(pl.col("status") != "redistributed").sum()
    base = (share * points).filter(pl.col("status") != "redistributed").sum()
    below = (share * (points - pl.col("points_low"))).filter(told).pow(2).sum().sqrt()
    above = (share * (pl.col("points_high") - points)).filter(told).pow(2).sum().sqrt()
    lacking = pl.col("kpi").filter(~told)
    return rows.group_by("subject", maintain_order=True).agg(
        base_low=pl.when(told.any()).then(base - below),
        base_high=pl.when(told.any()).then(base + above),
        no_interval=pl.when(lacking.len() > 0).then(lacking.str.join(", ")),
    )
