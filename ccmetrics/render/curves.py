"""The curves in force, by subject and line.

In: the goals of a scorecard. Out: the values of each curve, rising, and the points they earn.
Refuses to know: how a curve is drawn or said.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.score.goals import blended

Knots = tuple[tuple[float, ...], tuple[float, ...]]


def curves_of(goals: pl.DataFrame) -> dict[tuple[str | None, int], Knots]:
    """Under no subject are the curves that hold for everybody who has none of their own."""
    if "knots" not in goals.columns or goals.is_empty():
        return {}
    key = ["subject", "line"]
    earns = goals.group_by(key, maintain_order=True).agg(earns=pl.col("points").first())
    found = blended(goals).filter(pl.col("knots").is_not_null()).join(earns, on=key, nulls_equal=True)
    rows = found.select(*key, "knots", "earns").iter_rows()
    return {(subject, line): (tuple(knots[: len(earned)]), tuple(earned)) for subject, line, knots, earned in rows}
