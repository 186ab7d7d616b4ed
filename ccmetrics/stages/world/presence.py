"""How much of a period somebody was there for a card: scheduled hours on it, of a full timer's.

In: the world, the roster's versions that the card admits, a period. Out: a share from 0 to 1 a person.
Refuses to know: what is scored, and what a share does to goals and pay.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

import polars as pl

from ccmetrics.period import Period
from ccmetrics.stages.world import World
from ccmetrics.stages.world.workdays import workdays

ATTENDANCE = "attendance"
SHIFT = 8 * 3600.0
"""Seconds of a workday, where no full timer was there from whom to tell the hours of the period."""


DIGITS = 12
"""Decimals of a share. Behind them stands what doubles lost: 22 workdays of a contract of 0.3 sum to less than 6.6."""


def presence(world: World, versions: pl.DataFrame, period: Period) -> pl.DataFrame:
    """`subject`, `presence`: one row for everybody in the versions, who need not be of the period only.

    Somebody with a full contract who was on the card on every day is a full timer, present in full whatever shifts
    fell, unless the plan has no hour of theirs at all. The median of full timers' hours is the measure of all others'
    hours on their days on the card. Without hours, or by a plan with a gap, they are measured by workdays x contract.
    What is excluded from the shift plan was planned, still.
    """
    world = replace(world, tables=world.whole or world.tables)
    days, planned = _days(world, versions, period), _hours(world, period)
    if unplanned(world, period):
        planned = planned.clear()
    people = (
        days.join(planned, on=["subject", "day"], how="left", maintain_order="left", validate="m:1")
        .join(workdays(world, period).with_columns(work=1.0), on="day", how="left", maintain_order="left")
        .group_by("subject", maintain_order=True)
        .agg(
            always=(pl.col("day").count() == period.days) & (pl.col("fte") >= 1).all(),
            # A day whose hours are empty is unknown, and so is somebody the shift plan does not name at all.
            hours=pl.when(pl.col("hours").is_not_null().any() & ~pl.col("unknown").any()).then(pl.col("hours").sum()),
            worked=(pl.col("work") * pl.col("fte")).sum(),
        )
        .with_columns(full=pl.col("always") & (pl.col("hours") > 0).fill_null(True))
    )
    normal = workdays(world, period).height
    whole = people.filter("full")["hours"].median()
    hours = pl.col("hours") / (float(whole) if isinstance(whole, float) and whole > 0 else normal * SHIFT)
    share = pl.coalesce(hours, pl.col("worked") / normal) if normal else hours
    return people.select("subject", presence=pl.when("full").then(1.0).otherwise(share.clip(0.0, 1.0)).round(DIGITS))


def unplanned(world: World, period: Period) -> list[date]:
    """The workdays of the period for which a shift plan that was supplied has nobody's hours, in order. Of a plan of
    half a month, who left in the middle would have the hours of a full timer."""
    world = replace(world, tables=world.whole or world.tables)
    planned = _hours(world, period).drop_nulls("hours")
    if planned.is_empty():
        return []
    return workdays(world, period).join(planned, on="day", how="anti").sort("day")["day"].to_list()


def stay(versions: pl.DataFrame, period: Period) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day of the period on which a version holds of somebody who is there: nobody is before
    joining or after leaving, whatever it says. On no day, the first comes after the last."""
    there = versions.columns
    first = pl.max_horizontal(pl.lit(period.start), "@from", *_named(there, "joined_on"))
    last = pl.min_horizontal(pl.lit(period.last), "@until", *_named(there, "left_on"))
    return first, last


def _named(there: Collection[str], name: str) -> list[pl.Expr]:
    return [pl.col(name)] if name in there else []


def _days(world: World, versions: pl.DataFrame, period: Period) -> pl.DataFrame:
    """`subject`, `day`, `fte` (unknown is full): the days on which somebody was there to work for the card."""
    first, last = stay(versions, period)
    fte = pl.col("fte").fill_null(1.0) if "fte" in versions.columns else pl.lit(1.0)
    return (
        versions.select(
            pl.col(world.definition("roster").key[0]).alias("subject"),
            pl.when(first <= last).then(pl.date_ranges(first, last)).alias("day"),
            fte.alias("fte"),
        )
        .drop_nulls("subject")
        .explode("day")
        .sort("subject", "day")
    )


def _hours(world: World, period: Period) -> pl.DataFrame:
    """`subject`, `day`, `hours` (in seconds), `unknown`: the shift plan; empty where none was supplied."""
    if not all(world.there(ATTENDANCE, name) for name in ("agent_id", "date", "scheduled_s")):
        return pl.DataFrame(schema={"subject": pl.String, "day": pl.Date, "hours": pl.Float64, "unknown": pl.Boolean})
    found = world.tables[ATTENDANCE].frame.filter(pl.col("date").is_between(period.start, period.last))
    return (
        found.group_by(subject="agent_id", day="date")
        .agg(hours=pl.col("scheduled_s").sum(), unknown=pl.col("scheduled_s").is_null().any())
        .collect()
    )
