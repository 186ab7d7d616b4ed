"""Which days of a period are worked, and how many of them the data has behind it.

In: the world, a period. Out: its workdays; the last day that the data reaches, and the share of workdays up to it.
Refuses to know: who works on them.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from ccmetrics.period import Period
from ccmetrics.stages.world import World
from ccmetrics.stages.world.span import last_day

CALENDAR = "calendar"
FRIDAY = 5


def workdays(world: World, period: Period) -> pl.DataFrame:
    """`day`: the workdays of the period. A day that the calendar does not list, or lists as one of promotion, is a
    workday from Monday to Friday."""
    days = pl.DataFrame({"day": pl.date_range(period.start, period.last, eager=True)})
    kinds = pl.DataFrame(schema={"day": pl.Date, "kind": pl.String})
    if world.there(CALENDAR, "kind"):
        kinds = world.tables[CALENDAR].frame.select(day="date", kind=pl.col("kind").cast(pl.String)).collect()
    worked = (
        pl.when(pl.col("kind") == "workday")
        .then(True)
        .when(pl.col("kind").is_in(["weekend", "holiday"]))
        .then(False)
        .otherwise(pl.col("day").dt.weekday() <= FRIDAY)
    )
    return days.join(kinds, on="day", how="left", maintain_order="left").filter(worked).select("day")


def passed(world: World, period: Period) -> tuple[date, float]:
    """The last day of the period that the data reaches, and the share of its workdays up to then: 1 when it is over.

    Never by the clock on the wall: the same data gives the same numbers tomorrow.
    """
    reached = last_day(world)
    if reached is None or reached >= period.last:
        return period.last, 1.0
    days = workdays(world, period)["day"]
    return reached, float((days <= reached).sum()) / len(days) if len(days) else 0.0
