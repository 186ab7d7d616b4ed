"""The passes over many rows: lazy queries that reduce a table to small frames.

In: the world, requests and the parts of their measures. Out: lazy frames of partial or finished aggregates.
Refuses to know: how small frames are put together, KPIs. No other query meets a table of any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl

from ccmetrics.catalogue.routes import Route
from ccmetrics.expression import compile as compile_expression
from ccmetrics.formula.tree import Node
from ccmetrics.period import Period
from ccmetrics.plan import TIME_GRAINS, Key, Request
from ccmetrics.stages.measure.aggregate import VALUE, Compile, Part, aggregations, counted, from_counts
from ccmetrics.stages.measure.group import GRAINS, as_key, clocks, dimensions, is_late, keys, marked, ways, who_columns
from ccmetrics.stages.measure.routes import column_in, dates_in, routes_in, routes_of
from ccmetrics.stages.world import DAY, World, attach, local_time, pick, roster_day, roster_time

BUCKET = "@bucket"
"""Index of the stretch between two boundaries of the asked periods."""
ROWS = "@rows"
EXPORT = "export"


@dataclass(frozen=True)
class Setting:
    """What every pass of a run shares: the world, the boundaries of all asked periods, the ends of the tables."""

    world: World
    boundaries: tuple[date, ...]
    data_ends: Mapping[str, datetime] = field(default_factory=dict)
    known: Mapping[Key, pl.DataFrame] = field(default_factory=dict)
    """By request name: the only subjects whose rows count, where the roster says who they are."""

    def parameters(self, part: Part, span: Period | None = None) -> dict[str, float | datetime]:
        found: dict[str, float | datetime] = {**self.world.catalogue.project.parameters, **dict(part.parameters)}
        if part.table in self.data_ends:
            found["data_end"] = self.data_ends[part.table]
        if span is not None:
            found["period_start"], found["period_end"] = self.world.clock.bounds(span)
        return found


def boundaries(requests: Iterable[Request]) -> tuple[date, ...]:
    """All days on which an asked period begins, or is over."""
    return tuple(sorted({day for request in requests for p in request.periods for day in (p.start, p.end)}))


def reduced(setting: Setting, at: str, parts: Sequence[Part], requests: Sequence[Request]) -> pl.LazyFrame:
    """One pass for all additive parts that share a table and the column which puts rows in a period.

    Grouped by the stretch between boundaries and by every key that the requests' dimensions need.
    """
    world, table, time = setting.world, parts[0].table, tuple(at.split("."))
    by: dict[str, pl.Expr] = {}
    needed: set[Route] = {time}.union(*(routes_of(world, part) for part in parts))
    for request in requests:
        by |= clocks(world, table, time, request)
        for name in (*dimensions(request), *who_columns(world, request)):
            routes = ways(world, request, table, name)
            by |= keys(world, table, routes)
            needed |= {world.key_of(table, route) for route in routes}
            needed |= {route for route in routes if not is_late(world, table, route)}
            if any(is_late(world, table, route) for route in routes):
                by[DAY] = roster_day(world, table)
                needed |= {
                    roster_time(world, table) or time,
                    *([(own,)] if (own := world.definition(table).time) else []),
                }
        needed |= routes_in(world, table, request.where)
    whole = Period("asked", setting.boundaries[0], setting.boundaries[-1])
    frame = attach(world, table, needed).filter(inside(setting, parts[0], whole))
    frame = _where(setting, frame, table, requests[0].where)
    made: dict[str, pl.Expr] = {}
    for part in parts:
        made |= aggregations(part, compiler(setting, part))
    return frame.group_by(bucket(setting, table, time).alias(BUCKET), *(e.alias(k) for k, e in by.items())).agg(
        pl.len().cast(pl.Int64).alias(ROWS), *(e.alias(k) for k, e in made.items())
    )


def direct(
    setting: Setting,
    request: Request,
    cycles: int,
    parts: Sequence[Part],
    pooled: bool,
    shard: tuple[int, int] = (0, 1),
) -> pl.LazyFrame:
    """One pass for parts that cannot be rolled up: finished aggregates by the request's dimensions, over one window.

    A distinct count may be taken in shards (the how-manieth, of how many): no value falls in two, so they add up.
    """
    span = window(request, cycles)
    frame = placeable(setting, request, span, parts)
    if parts[0].as_of is None:
        frame = frame.filter(inside(setting, parts[0], span))
    frame = _where(setting, frame, parts[0].table, request.where)
    frame = in_scope(setting, dimensioned(setting, request, parts[0], frame), request)
    return finished(setting, request, span, parts, frame, pooled, shard)


def finished(
    setting: Setting,
    request: Request,
    span: Period,
    parts: Sequence[Part],
    frame: pl.LazyFrame,
    pooled: bool,
    shard: tuple[int, int] = (0, 1),
) -> pl.LazyFrame:
    """Aggregates over rows that are placed and in scope."""
    compilers = {part: compiler(setting, part, span) for part in parts}
    if parts[0].kind in ("median", "quantile"):
        return _quantiles(frame, request, parts[0], compilers[parts[0]], pooled)
    if shard[1] > 1 and parts[0].value is not None:
        frame = frame.filter(compilers[parts[0]](parts[0].value).hash() % shard[1] == shard[0])
    made: dict[str, pl.Expr] = {}
    for part in parts:
        made |= aggregations(part, compilers[part])
    return grouped(frame, request, {ROWS: pl.len().cast(pl.Int64), **made}, pooled)


def placeable(
    setting: Setting, request: Request, span: Period, parts: Sequence[Part], own: pl.LazyFrame | None = None
) -> pl.LazyFrame:
    """All rows of the parts' table (or `own`), of a stock those begun by its instant, with all they are measured by."""
    world, table = setting.world, parts[0].table
    needed: set[Route] = {_time(parts[0])}.union(*(routes_of(world, part) for part in parts))
    needed |= routes_in(world, table, request.where)
    for name in (*dimensions(request), *who_columns(world, request)):
        needed |= {r for route in ways(world, request, table, name) for r in (route, world.key_of(table, route))}
    own = world.tables[table].frame if own is None else own
    if parts[0].as_of is not None:
        own = as_known(world, table, own, span.start if parts[0].as_of == "start" else span.end)
    return attach(world, table, needed, own)


def _time(part: Part) -> Route:
    return tuple(str(part.at).split("."))


def inside(setting: Setting, part: Part, span: Period) -> pl.Expr:
    """Whether its time puts a row into the span."""
    is_date = setting.world.is_date(part.table, _time(part))
    low, high = (span.start, span.end) if is_date else setting.world.clock.bounds(span)
    column = pl.col(".".join(_time(part)))
    return (column >= low) & (column < high)


def dimensioned(setting: Setting, request: Request, part: Part, frame: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with the request's dimensions, as text, and the columns its scope looks at, as they are."""
    world, table = setting.world, part.table
    chosen: dict[str, pl.Expr] = {}
    for name in (*dimensions(request), *who_columns(world, request)):
        routes = ways(world, request, table, name)
        met = pick([(".".join(world.key_of(table, r)), ".".join(r)) for r in routes])
        chosen[marked(name)] = as_key(name, met)
    return frame.with_columns(**clocks(world, table, _time(part), request), **chosen)


def _quantiles(frame: pl.LazyFrame, request: Request, part: Part, compile_: Compile, pooled: bool) -> pl.LazyFrame:
    """Values counted first, by group: small, exact, and free of the order of rows."""
    value, made = counted(part, compile_)
    labels = _labels(request)
    frame = _of_subjects(frame, request) if pooled else frame
    few = frame.group_by(*labels, value).agg(e.alias(n) for n, e in made.items()).sort(VALUE)
    finished = [expression.alias(name) for name, expression in from_counts(part).items()]
    by = [] if pooled else [marked(name) for name in request.by]
    return few.group_by(by, maintain_order=True).agg(finished) if by else few.select(finished)


def _labels(request: Request) -> list[pl.Expr]:
    return [GRAINS[n][1].alias(marked(n)) if n in TIME_GRAINS else pl.col(marked(n)) for n in request.by]


def _of_subjects(frame: pl.LazyFrame, request: Request) -> pl.LazyFrame:
    return frame.filter(pl.col(marked(n)).is_not_null() for n in dimensions(request)) if request.by else frame


def grouped(frame: pl.LazyFrame, request: Request, made: Mapping[str, pl.Expr], pooled: bool) -> pl.LazyFrame:
    """Aggregates by the request's dimensions; pooled, over the rows of all subjects together."""
    labels = _labels(request)
    aggregates = [expression.alias(name) for name, expression in made.items()]
    if pooled:
        return _of_subjects(frame, request).select(aggregates)
    return frame.group_by(labels).agg(aggregates) if labels else frame.select(aggregates)


def in_scope(setting: Setting, frame: pl.LazyFrame, request: Request) -> pl.LazyFrame:
    """Rows of known subjects whose roster version, on that day, meets the card's `who`. Without a roster, all rows."""
    return frame.filter(conditions) if (conditions := scope(setting, request)) else frame


def scope(setting: Setting, request: Request) -> list[pl.Expr]:
    """What rows with their dimensions must meet to count for the request."""
    found = []
    if request.key in setting.known and request.by:
        subject = request.by[0]
        found.append(pl.col(marked(subject)).is_in(setting.known[request.key][subject].implode()))
    if request.who is not None and who_columns(setting.world, request):
        parameters = setting.world.catalogue.project.parameters
        found.append(compile_expression(request.who, lambda name: pl.col(marked(f"who.{name[0]}")), parameters))
    return found


def window(request: Request, cycles: int) -> Period:
    """The days of the latest `cycles` periods, as one span."""
    spans = request.periods[:cycles]
    return Period(spans[0].label, spans[-1].start, spans[0].end)


def bucket(setting: Setting, table: str, time: Route) -> pl.Expr:
    """The stretch a row falls in. A chain of comparisons streams and costs less than a search."""
    edges, column = _edges(setting, table, time), pl.col(".".join(time))
    if len(edges) == 2:
        return pl.lit(0, dtype=pl.Int32)
    chain = pl.when(column < edges[1]).then(pl.lit(0, dtype=pl.Int32))
    for index, edge in enumerate(edges[2:-1], start=1):
        chain = chain.when(column < edge).then(pl.lit(index, dtype=pl.Int32))  # type: ignore[assignment]
    return chain.otherwise(pl.lit(len(edges) - 2, dtype=pl.Int32))


def as_known(world: World, table: str, frame: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """The table as it stood when the day began: rows begun before, and what came later not known yet (null)."""
    definition, instant = world.definition(table), world.clock.instant(day)
    time = str(definition.time)
    if definition.until is not None:
        frame = world.versions(table).lazy().filter(pl.col("@until") >= day - timedelta(days=1))
    begun = frame.filter(pl.col(time) < (day if world.is_date(table, (time,)) else instant))
    later = [
        pl.when(pl.col(name) < (day if column.type == "date" else instant)).then(pl.col(name)).alias(name)
        for name, column in definition.columns.items()
        if column.type in ("date", "datetime") and name not in (time, definition.as_of) and world.there(table, name)
    ]
    return begun.with_columns(later)


def coverage(setting: Setting, table: str, at: str) -> pl.LazyFrame:
    """Rows by export and stretch, with -1 for rows outside all asked periods."""
    time = tuple(at.split("."))
    column, edges = pl.col(at), _edges(setting, table, time)
    inside = (column >= edges[0]) & (column < edges[-1])
    stretch = pl.when(inside).then(bucket(setting, table, time)).otherwise(pl.lit(-1, dtype=pl.Int32))
    frame = attach(setting.world, table, {time})
    return frame.group_by(pl.col(EXPORT), stretch.alias(BUCKET)).agg(pl.len().cast(pl.Int64).alias(ROWS))


def coverage_by_any(setting: Setting, table: str, columns: Sequence[str], stocks: bool) -> pl.LazyFrame:
    """Rows by export: stretch 0 where any of the columns puts the row into the asked periods, else -1.

    With stocks, rows begun by the end of the periods are inside.
    """
    routes = [tuple(column.split(".")) for column in columns]
    inside = []
    for route in routes:
        edges = _edges(setting, table, route)
        inside.append(pl.col(".".join(route)).is_between(edges[0], edges[-1], closed="left"))
    own = setting.world.time_of(table)
    if stocks and own is not None:
        inside.append(pl.col(".".join(own)) < _edges(setting, table, own)[-1])
        routes.append(own)
    met = pl.any_horizontal(inside).fill_null(False)
    stretch = pl.when(met).then(pl.lit(0, dtype=pl.Int32)).otherwise(pl.lit(-1, dtype=pl.Int32))
    frame = attach(setting.world, table, routes)
    return frame.group_by(pl.col(EXPORT), stretch.alias(BUCKET)).agg(pl.len().cast(pl.Int64).alias(ROWS))


def _edges(setting: Setting, table: str, time: Route) -> Sequence[date]:
    """Boundaries in the kind of the column: days for days, instants for times."""
    days = setting.boundaries
    return days if setting.world.is_date(table, time) else [setting.world.clock.instant(day) for day in days]


def _where(setting: Setting, frame: pl.LazyFrame, table: str, condition: Node | None) -> pl.LazyFrame:
    if condition is None:
        return frame
    parameters = setting.world.catalogue.project.parameters
    return frame.filter(_expression(setting.world, table, condition, parameters))


def compiler(setting: Setting, part: Part, span: Period | None = None) -> Compile:
    parameters = setting.parameters(part, span)
    return lambda node: _expression(setting.world, part.table, node, parameters)


def _expression(world: World, table: str, node: Node, parameters: Mapping[str, float | datetime]) -> pl.Expr:
    return compile_expression(
        node,
        lambda name: column_in(world, table, name),
        parameters,
        lambda instant: local_time(instant, world.clock),
        dates_in(world, table, node),
    )
