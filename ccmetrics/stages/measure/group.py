"""Groups: how rows, and what they were reduced to, get the dimensions they are asked by.

In: the world, a request, a table. Out: key columns for the first reduction, and the dimensions after it.
Refuses to know: measures and their aggregates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from ccmetrics.catalogue.routes import Route, reference, references
from ccmetrics.formula.tree import names, parts
from ccmetrics.plan import TIME_GRAINS, Request
from ccmetrics.stages.world import World, join_as_of, local_day, local_time, pick

DATE = "@date"
"""Local day of the time that puts a row in its period."""
CLOCK = "@half_hour"
WHO = "who."

GRAINS: Mapping[str, tuple[str, pl.Expr]] = {
    "half_hour": (CLOCK, pl.col(CLOCK)),
    "hour": (CLOCK, pl.col(CLOCK).str.slice(0, 2)),
    "weekday": (DATE, pl.col(DATE).dt.weekday().cast(pl.String)),
    "day": (DATE, pl.col(DATE).dt.to_string("%Y-%m-%d")),
    "week": (DATE, pl.col(DATE).dt.to_string("%G-W%V")),
    "month": (DATE, pl.col(DATE).dt.to_string("%Y-%m")),
    "quarter": (DATE, pl.concat_str(pl.col(DATE).dt.year(), pl.lit("-Q"), pl.col(DATE).dt.quarter())),
    "year": (DATE, pl.col(DATE).dt.year().cast(pl.String)),
}
"""Grain of time to the column that rows are first reduced by, and its label from there."""


def marked(name: str) -> str:
    """A dimension's column in frames of aggregates, where measures may have the same name."""
    return f"={name}"


def dimensions(request: Request) -> list[str]:
    """The request's dimensions that a table's columns give."""
    return [name for name in request.by if name not in TIME_GRAINS]


def who_columns(world: World, request: Request) -> list[str]:
    """Columns of the subject's roster version that decide whether a row is in scope, as `who.role`.

    A condition on people holds for each of their days. Of teams or vendors it only says which there are.
    """
    of_people = "roster" in world.tables and request.by[:1] == (world.definition("roster").key[0],)
    return [] if request.who is None or not of_people else sorted({WHO + parts(node)[0] for node in names(request.who)})


def ways(world: World, request: Request, table: str, name: str) -> tuple[Route, ...]:
    """The routes of a dimension, or of a roster column of the subject, over a table's rows; tried in this order."""
    if not name.startswith(WHO):
        return world.dimension(table, name, request.via if name == request.by[0] else None)
    subject = world.dimension(table, request.by[0], request.via)
    # Rows of the roster are themselves the versions that say who somebody is.
    own = world.definition("roster").key[0] if table == "roster" else None
    hops = (r[:-1] if r == (own,) else (*r[:-1], reference(r[-1])) for r in subject)
    found = (world.locate(table, (*hop, name.removeprefix(WHO))) for hop in hops)
    return tuple(r for r in found if r is not None)


def is_late(world: World, table: str, route: Route) -> bool:
    """Whether a route is joined after the first reduction, by id and day: far fewer rows, the same answer."""
    return len(route) == 2 and world.is_dated(references(world.definition(table))[route[0]][1])


def keys(world: World, table: str, routes: Sequence[Route]) -> dict[str, pl.Expr]:
    """Columns a table is first reduced by, so that the routes' values can be found afterwards."""
    found: dict[str, pl.Expr] = {}
    before: list[str] = []
    for route in routes:
        decides = ".".join(world.key_of(table, route))
        for column in dict.fromkeys([decides] if is_late(world, table, route) else [decides, ".".join(route)]):
            # A later way counts only where no earlier one is taken: fewer groups.
            found["|".join([column, *before])] = pl.col(column) if not before else _unless(before, column)
        before.append(decides)
    return found


def _unless(taken: Sequence[str], column: str) -> pl.Expr:
    return pl.when(pl.all_horizontal(pl.col(key).is_null() for key in taken)).then(pl.col(column))


def with_dimension(world: World, frame: pl.LazyFrame, table: str, name: str, routes: Sequence[Route]) -> pl.LazyFrame:
    """The dimension, or the roster column of the subject, as a column of the reduced frame."""
    before: list[str] = []
    found: list[tuple[str, str]] = []
    for route in routes:
        decides = ".".join(world.key_of(table, route))
        key = "|".join([decides, *before])
        if is_late(world, table, route):
            hop = f"@{name}.{len(before)}"
            target = references(world.definition(table))[route[0]][1]
            frame = join_as_of(world, frame, key, target, hop, [route[1]])
            value = f"{hop}.{route[1]}"
        else:
            value = "|".join([".".join(route), *before])
        found.append((key, value))
        before.append(decides)
    return frame.with_columns(as_key(name, pick(found)).alias(marked(name)))


def as_key(name: str, value: pl.Expr) -> pl.Expr:
    """Groups are made by text; what a condition on people looks at keeps its type."""
    return value if name.startswith(WHO) else value.cast(pl.String)


def clocks(world: World, table: str, at: Route, request: Request) -> dict[str, pl.Expr]:
    """Columns a table is first reduced by for the request's grains of time."""
    base = {GRAINS[grain][0] for grain in request.by if grain in TIME_GRAINS}
    found = {}
    if DATE in base:
        found[DATE] = local_day(world, table, at)
    if CLOCK in base:
        if world.is_date(table, at):
            found[CLOCK] = pl.lit(None, dtype=pl.String)
        else:
            found[CLOCK] = local_time(pl.col(".".join(at)), world.clock).dt.truncate("30m").dt.to_string("%H:%M")
    return found
