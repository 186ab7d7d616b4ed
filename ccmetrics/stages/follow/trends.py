"""Where values are going: those of the last cycles, and whether they rise or fall beyond chance.

In: values by cycle. Out: one row a subject, KPI and cycle.
Refuses to know: goals, and which way is better.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.period import Period
from ccmetrics.stages.follow.chance import against
from ccmetrics.stages.follow.changes import ALPHA

TRENDS = {
    "subject": pl.String, "kpi": pl.String, "variant": pl.String, "period": pl.String, "start": pl.Date,
    "value": pl.Float64, "n": pl.Int64, "low": pl.Float64, "high": pl.Float64, "slope": pl.Float64, "p": pl.Float64,
    "trend": pl.String,
}  # fmt: skip
FEWEST = 3
"""Cycles of which a slope can be told."""
HALF_WIDTH = 1.959963984540054
"""Standard errors from the middle of a 95% interval to its end."""


def trends(items: pl.DataFrame, cycles: Sequence[tuple[Period, pl.DataFrame]]) -> pl.DataFrame:
    """`items`: subject, kpi, variant and their order. `cycles` in the order of time.

    The slope, a cycle, is that of weighted least squares, weights 1/se^2 (Draper and Smith, Applied Regression
    Analysis, 3rd ed. 1998, chapter 9); its p is z's, the standard errors being known.
    """
    if not cycles:
        return pl.DataFrame(schema=TRENDS)
    every, items = [], items.select("subject", "kpi", "variant", "order")
    for at, (cycle, values) in enumerate(cycles):
        told = {"at": pl.lit(at, dtype=pl.Int32), "period": pl.lit(cycle.label), "start": pl.lit(cycle.start)}
        mine = values.select("subject", "kpi", "variant", "value", "n", "low", "high", "se")
        every.append(items.join(mine, on=["subject", "kpi", "variant"], how="left").with_columns(**told))
    rows = pl.concat(every).sort("subject", "order", "at")
    return _with_slope(rows).select(pl.col(name).cast(kind) for name, kind in TRENDS.items())


def _with_slope(rows: pl.DataFrame) -> pl.DataFrame:
    key = ["subject", "kpi", "variant"]
    # All or none of those counted has no standard error by the plain formula, but its interval has a width.
    width = (pl.col("high") - pl.col("low")) / (2 * HALF_WIDTH)
    se = pl.when(pl.col("se") > 0).then("se").when(width > 0).then(width)
    x, y = pl.col("at").cast(pl.Float64), pl.col("value")
    w = pl.when(y.is_not_null()).then(1 / se**2)
    middle = (w * x).sum() / w.sum()
    spread = (w * (x - middle) ** 2).sum()
    slopes = rows.group_by(key, maintain_order=True).agg(
        cycles=w.count(), slope=(w * (x - middle) * y).sum() / spread, error=(1 / spread).sqrt()
    )
    enough = pl.col("cycles") >= FEWEST
    slopes = slopes.with_columns(slope=pl.when(enough).then("slope"), error=pl.when(enough).then("error"))
    tested = slopes.with_columns(p=against(pl.col("slope"), pl.lit(0.0), pl.col("error")))
    way = pl.when(pl.col("slope") > 0).then(pl.lit("rising")).otherwise(pl.lit("falling"))
    return rows.join(
        tested.with_columns(trend=pl.when(pl.col("p") < ALPHA).then(way)),
        on=key, how="left", maintain_order="left", validate="m:1",
    )  # fmt: skip
