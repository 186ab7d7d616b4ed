"""What silence means: whether anybody's rows were looked at, in a window and in each of its cycles.

In: how many rows of each table fell where, a request. Out: the parts, or the measures, that nothing is known of.
Refuses to know: values, subjects, what is made of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.period import Period
from ccmetrics.plan import Request
from ccmetrics.stages.measure.aggregate import Part
from ccmetrics.stages.measure.parts import Taken
from ccmetrics.stages.measure.scan import BUCKET, ROWS, Setting, window
from ccmetrics.stages.world import World


@dataclass(frozen=True)
class Coverage:
    """Rows of a table by export and stretch of the asked periods, as placed by one column, or by any that is asked."""

    table: str
    at: str
    rows: pl.DataFrame


def silent(setting: Setting, request: Request, k: int, taken: Taken, covers: Sequence[Coverage]) -> frozenset[str]:
    """Measures of which, in one of the cycles or more, no table speaks that they are taken from."""
    if k == 1 or not any(ask.every and ask.window == k for ask in request.asks):
        return frozenset()
    cycles = [replace(request, periods=(period,)) for period in request.periods[:k]]
    spoken = [{part.column for part in covered_parts(setting, cycle, 1, taken, covers)} for cycle in cycles]
    return frozenset({part.column for part in taken.parts} - set[str].intersection(*spoken))


def covered_parts(setting: Setting, request: Request, k: int, taken: Taken, covers: Sequence[Coverage]) -> set[Part]:
    """Parts whose table speaks of the window, so that silence is zero: it has rows of anybody there, by its own time or
    by the column that places the part, or is declared to cover it, or speaks of every day (stocks, versions)."""
    span = window(request, k)
    inside = [n for n, day in enumerate(setting.boundaries[:-1]) if span.start <= day < span.end]
    met = {(c.table, c.at) for c in covers if c.rows.filter(pl.col(BUCKET).is_in(inside))[ROWS].sum()}
    return {part for part in taken.parts if _speaks(setting.world, part, span, met)}


def _speaks(world: World, part: Part, span: Period, met: Collection[tuple[str, str | None]]) -> bool:
    declared = world.catalogue.project.covers.get(part.table)
    if declared is not None and declared.start <= span.start and declared.end >= span.last:
        return True
    if part.as_of is not None or world.is_dated(part.table):
        return world.tables[part.table].rows > 0
    return (part.table, part.at) in met or (part.table, time_of(world, part.table)) in met


def time_of(world: World, table: str) -> str | None:
    """The column, perhaps by a route, that places a table's rows by default."""
    route = world.time_of(table)
    return None if route is None or world.locate(table, route) != route else ".".join(route)
