"""Cycles that are not calendar months, from the `calendar` table: the 26th to the 25th, 4-4-5 weeks.

In: the world. Out: periods by label, each knowing the one before it.
Refuses to know: what is measured in a cycle.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.period import DAY, Period
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.world import World

TABLE = "calendar"


def cycles(world: World) -> dict[str, Period]:
    """The cycles that the calendar names, in order of time; empty without one.

    Raises:
        DataRefused: the days of a cycle do not follow one another.
    """
    if not world.there(TABLE, "cycle"):
        return {}
    days = world.tables[TABLE].frame.filter(pl.col("cycle").is_not_null()).group_by("cycle")
    spans = days.agg(start=pl.col("date").min(), last=pl.col("date").max(), n=pl.len()).sort("start").collect()
    broken = spans.filter(pl.col("n") != (pl.col("last") - pl.col("start")).dt.total_days() + 1)["cycle"]
    if len(broken):
        text = f"The days of cycle {', '.join(broken)} do not follow one another, each once. List every day of it."
        raise DataRefused([Problem(Place(TABLE), "broken-cycle", text)])
    found: dict[str, Period] = {}
    before: Period | None = None
    for label, start, last, _ in spans.iter_rows():
        before = found[label] = Period(label, start, last + DAY, "calendar", before)
    return found
