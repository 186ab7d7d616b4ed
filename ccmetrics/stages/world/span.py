"""Which period a run is about: the one asked for, or the last that the data covers whole.

In: the world, the period's text, the kind of cycle. Out: a period.
Refuses to know: what is measured in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl

from ccmetrics import period as periods
from ccmetrics.period import Period
from ccmetrics.problem import DataRefused, Place, Problem, UsageRefused
from ccmetrics.stages.world import World
from ccmetrics.stages.world.cycles import cycles
from ccmetrics.stages.world.ends import data_end


def asked_period(world: World, text: str | None, cycle: str) -> Period:
    """The period asked for; where unsaid, the last whole cycle of the data, or the first if none is whole."""
    own = cycles(world)
    if text is not None:
        return _named(own, text, cycle)
    day = last_day(world)
    if day is None:
        raise DataRefused([Problem(Place("data"), "no-time", "No row carries a time. Say --period.")])
    if cycle == "calendar":
        whole = [period for period in own.values() if period.last <= day]
        if not whole:
            raise DataRefused([Problem(Place("calendar"), "no-cycle", "It names no cycle that is over. Say --period.")])
        return whole[-1]
    period = periods.of(day, cycle)
    earlier = periods.before(period)
    first = first_day(world)
    if day == period.last or earlier is None or first is None or first >= period.start:
        return period
    return earlier


def refuse_open(world: World, period: Period) -> None:
    """Raises DataRefused where the data do not reach to the end of the period: its numbers may still change."""
    day, table = last_day(world), _telling(world)
    if day is None or day < period.last:
        text = (
            f"The data end on {day or 'no day'}, and {period.label} on {period.last}. Wait for exports that reach to "
            f"its end; if they do, and nothing happened since, say so: "
            f"`covers: {{{table}: {{from: ..., to: {period.last}}}}}`."
        )
        raise DataRefused([Problem(Place("data"), "open-period", text)])


def _named(own: Mapping[str, Period], text: str, cycle: str) -> Period:
    """A cycle of the calendar by its label, or a period as the world writes it; never one for the other."""
    if text not in own:
        found = periods.parse(text)
        same = (cycle for cycle in own.values() if (cycle.start, cycle.end) == (found.start, found.end))
        return next(same, found) if cycle == "calendar" else found
    try:
        common = periods.parse(text)
    except UsageRefused:
        return own[text]
    if cycle == "calendar" or (common.start, common.end) == (own[text].start, own[text].end):
        return own[text] if cycle == "calendar" else common
    spans = [f"{p.start}..{p.last}" for p in (own[text], common)]
    why = f"'{text}' is {spans[0]} in the calendar table, and {spans[1]} on the wall. Say which, by its days."
    raise UsageRefused([Problem(Place("--period"), "ambiguous-period", why)])


def last_day(world: World) -> date | None:
    """The last local day of the exported data; None where no row carries a time."""
    table = _telling(world)
    end = None if table is None else data_end(world, table)
    return None if end is None else world.clock.local_day(end - timedelta(microseconds=1))


def first_day(world: World) -> date | None:
    """The first local day of the exported data; None where no row carries a time."""
    table = _telling(world)
    return None if table is None else first_day_of(world, table)


def first_day_of(world: World, table: str) -> date | None:
    """The first local day of a table; None where no row carries a time."""
    time = world.definition(table).time
    if time is None or not world.there(table, time):
        return None
    first = world.tables[table].frame.select(pl.col(time).min()).collect(engine="streaming").item()
    return world.clock.local_day(first) if isinstance(first, datetime) else first


def _telling(world: World) -> str | None:
    """The table that tells which days were exported: the interactions, else the largest that has a time."""
    timed = [t for t in world.tables if (time := world.definition(t).time) is not None and world.there(t, time)]
    return "interactions" if "interactions" in timed else max(timed, key=lambda t: world.tables[t].rows, default=None)
