"""Columns of other tables, joined to a table's rows through its references.

In: a table's lazy frame and the routes its formulas and dimensions need. Out: the same rows with a column a route.
Refuses to know: what is measured, YAML text, how rows were read. A join here never multiplies or drops a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Table
from ccmetrics.catalogue.routes import Route, dimension, locate, reference, references
from ccmetrics.period import Clock
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.normalize import Supplied

COMPONENTS = frozenset({"talk_s", "hold_s", "wrap_s"})
DAY = "@day"
"""Local day of the row's roster time: the day whose version of an effective-dated table holds."""


@dataclass(frozen=True)
class World:
    """Everything supplied for a run, and what the catalogue says of it."""

    catalogue: Catalogue
    tables: Mapping[str, Supplied]
    clock: Clock
    whole: Mapping[str, Supplied] = field(default_factory=dict)
    """Tables as they were before rows were left out of them: what a row tells of the end of the data stays known."""
    marks: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """KPI to the columns, by table, that mark rows which this KPI leaves out (see `exclude`)."""

    def there(self, table: str, column: str) -> bool:
        return table in self.tables and column in self.tables[table].columns

    def is_uneven(self, table: str, column: str) -> bool:
        """Whether some exports of a table have a column that others lack: in their rows it is unknown, not empty.

        The components of the handle time may differ; they are accounted for export by export.
        """
        own = self.tables[table].by_export.values()
        has = [column in columns for columns in own]
        return column not in COMPONENTS and any(has) and not all(has)

    def locate(self, table: str, parts: Route) -> Route | None:
        return locate(self.catalogue.tables, self.there, table, parts)

    def dimension(self, table: str, name: str, via: Mapping[str, str] | None = None) -> tuple[Route, ...]:
        return dimension(self.catalogue.tables, self.there, table, name, via)

    def key_of(self, table: str, route: Route) -> Route:
        """What decides whether a route is taken: the id that meets an effective-dated table, else the value itself.

        An agent who is missing in the roster has no team; the contact is not given to its queue's team instead.
        """
        holder = table
        for name in route[:-2]:
            holder = references(self.definition(holder))[name][1]
        if len(route) > 1:
            column, target = references(self.definition(holder))[route[-2]]
            if self.is_dated(target):
                return (*route[:-2], column)
        return route

    def definition(self, table: str) -> Table:
        return self.catalogue.tables[table]

    def time_of(self, table: str) -> Route | None:
        """The time of a table's rows: its own, or that of the row it hangs on (items: their evaluation)."""
        definition = self.definition(table)
        if definition.time is not None or definition.as_of is None:
            return None if definition.time is None else (definition.time,)
        target = definition.columns[definition.as_of].refers
        onward = None if target is None or target not in self.tables else self.time_of(target)
        return None if onward is None else (reference(definition.as_of), *onward)

    def is_dated(self, table: str) -> bool:
        return self.definition(table).until is not None

    def is_date(self, table: str, route: Route) -> bool:
        """Whether the route ends in a day rather than an instant."""
        for name in route[:-1]:
            table = references(self.definition(table))[name][1]
        return self.definition(table).columns[route[-1]].type == "date"

    @cached_property
    def _versions(self) -> dict[str, pl.DataFrame]:
        return {}

    def versions(self, table: str) -> pl.DataFrame:
        """All versions of an effective-dated table with `@from` and `@until` days, both inclusive.

        Raises:
            DataRefused: two versions of one id are in force on the same day.
        """
        if table not in self._versions:
            self._versions[table] = _versions(self.tables[table].frame, self.definition(table), table)
        return self._versions[table]

    def with_versions(self, table: str, versions: pl.DataFrame) -> World:
        """The same world, but references to an effective-dated table meet these versions. Its own rows stay."""
        other = replace(self)
        other._versions.update({**self._versions, table: versions})
        return other

    def with_tables(self, tables: Mapping[str, Supplied]) -> World:
        """The same world, with some tables held otherwise, row by row the same: versions that were given stay."""
        other = replace(self, tables={**self.tables, **tables})
        other._versions.update(self._versions)
        return other


def _versions(frame: pl.LazyFrame, table: Table, name: str) -> pl.DataFrame:
    key, start, until = table.key[0], str(table.time), str(table.until)
    columns = frame.collect_schema().names()
    end = pl.col(until) if until in columns else pl.lit(None, dtype=pl.Date)
    following = pl.col(start).shift(-1).over(key, order_by=start)
    # A version without an end lasts until the day before the next one.
    found = (
        frame.with_columns(
            pl.col(start).fill_null(date.min).alias("@from"),
            pl.coalesce(end, following - timedelta(days=1), pl.lit(datetime(9999, 12, 31).date())).alias("@until"),
            following.alias("@next"),
        )
        .sort(key, start)
        .collect()
    )
    backward = found.filter(pl.col("@until") < pl.col("@from")).height
    if backward:
        text = f"{backward} rows of '{name}' end ({until}) before they begin ({start})."
        raise DataRefused([Problem(Place(name), "backward-version", text)])
    clash = found.filter(pl.col("@next") <= pl.col("@until"))
    if clash.height:
        where = Place(name)
        raise DataRefused(
            [
                Problem(
                    where,
                    "overlapping-versions",
                    f"{clash.height} rows of '{name}' overlap the next version of the same {key}: on one day there can "
                    f"be only one. End each version ({until}) before the next one begins ({start}).",
                )
            ]
        )
    return found.drop("@next")


def pick(ways: Sequence[tuple[str, str]]) -> pl.Expr:
    """The value of the first way, of (key column, value column), whose key is not null; null without ways."""
    if not ways:
        return pl.lit(None)
    if len(ways) == 1:
        return pl.col(ways[0][1])
    chosen = pl.when(pl.col(ways[0][0]).is_not_null()).then(pl.col(ways[0][1]))
    for key, value in ways[1:]:
        chosen = chosen.when(pl.col(key).is_not_null()).then(pl.col(value))  # type: ignore[assignment]
    return chosen.otherwise(None)


def local_day(world: World, table: str, route: Route) -> pl.Expr:
    """The local day of a date or datetime that a route leads to."""
    column = pl.col(".".join(route))
    if world.is_date(table, route):
        return column
    wall = local_time(column, world.clock).dt.date()
    if not (world.clock.day_start.hour or world.clock.day_start.minute):
        return wall
    return pl.when(column < day_begins(wall, world.clock)).then(wall.dt.offset_by("-1d")).otherwise(wall)


def day_begins(day: pl.Expr, clock: Clock) -> pl.Expr:
    """The UTC instant at which a local day begins, as `Clock.instant` has it: the first of an hour that comes twice."""
    start = day.cast(pl.Datetime("us")) + pl.duration(hours=clock.day_start.hour, minutes=clock.day_start.minute)
    zoned = start.dt.replace_time_zone(clock.zone, ambiguous="earliest", non_existent="null")
    # An hour that is skipped begins when it is over.
    skipped = (start + timedelta(hours=1)).dt.replace_time_zone(clock.zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(zoned, skipped).dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def local_time(instant: pl.Expr, clock: Clock) -> pl.Expr:
    """Wall-clock time of UTC instants."""
    if clock.zone == "UTC":
        return instant
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(clock.zone).dt.replace_time_zone(None)


def attach(world: World, table: str, routes: Iterable[Route], own: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """The table's rows with one column a route, named by the route joined with dots.

    Null where a reference is null or matches nothing. Row count and order of values are those of the table, or of
    `own`, rows of the table as they stood at some time.
    """
    frame = world.tables[table].frame if own is None else own
    onward: dict[str, set[Route]] = defaultdict(set)
    for route in routes:
        if len(route) > 1:
            onward[route[0]].add(route[1:])
    time = roster_time(world, table)
    if (
        time is not None
        and len(time) > 1
        and any(world.is_dated(references(world.definition(table))[hop][1]) for hop in onward)
    ):
        onward[time[0]].add(time[1:])
    # References without dates come first: they may carry the time that decides a dated one.
    for hop in sorted(onward, key=lambda h: world.is_dated(references(world.definition(table))[h][1])):
        column, target = references(world.definition(table))[hop]
        frame = _join(world, frame, table, column, target, hop, onward[hop])
    return frame


def roster_time(world: World, table: str) -> Route | None:
    """The route to the time that decides which version of the roster a row meets."""
    definition = world.definition(table)
    if definition.as_of is not None and world.there(table, definition.as_of):
        target = definition.columns[definition.as_of].refers
        if target is None:
            return (definition.as_of,)
        if target in world.tables:
            onward = roster_time(world, target)
            if onward is not None:
                return (reference(definition.as_of), *onward)
    return None if definition.time is None else (definition.time,)


def _join(
    world: World, frame: pl.LazyFrame, table: str, column: str, target: str, hop: str, routes: set[Route]
) -> pl.LazyFrame:
    names = [".".join(route) for route in sorted(routes)]
    if world.is_dated(target) and roster_time(world, table) is not None:
        days = frame.with_columns(roster_day(world, table).alias(DAY))
        return join_as_of(world, days, column, target, hop, names).drop(DAY)
    key = world.definition(target).key[0]
    wanted = (pl.col(name).alias(f"{hop}.{name}") for name in names)
    # The target's key is unique: rows were refused or dropped where it was not.
    return frame.join(attach(world, target, routes).select(pl.col(key).alias(column), *wanted), on=column, how="left")


def roster_day(world: World, table: str) -> pl.Expr:
    route = roster_time(world, table)
    if route is None:
        raise AssertionError(f"{table} has no time")
    own = world.definition(table).time
    if route == (own,):
        return local_day(world, table, route)
    later = local_day(world, table, route)
    # A row whose reference matches nothing still has a time of its own.
    return later if own is None else pl.coalesce(later, local_day(world, table, (own,)))


def join_as_of(world: World, frame: pl.LazyFrame, column: str, target: str, hop: str, names: list[str]) -> pl.LazyFrame:
    """Columns of an effective-dated table as of the frame's `@day`, each named `hop.name`."""
    versions = world.versions(target)
    key = world.definition(target).key[0]
    wanted = [pl.col(name).alias(f"{hop}.{name}") for name in names]
    if versions[key].n_unique() == versions.height:
        right = versions.lazy().select(pl.col(key).alias(column), "@from", "@until", *wanted)
        in_force = pl.col(DAY).is_between("@from", "@until")
        joined = frame.join(right, on=column, how="left")
        return joined.with_columns(
            pl.when(in_force).then(pl.col(f"{hop}.{name}")).alias(f"{hop}.{name}") for name in names
        ).drop("@from", "@until")
    span = frame.select(pl.col(DAY).min().alias("low"), pl.col(DAY).max().alias("high")).collect(engine="streaming")
    # Without rows there is no day, and no version may be unrolled to the end of time.
    low, high = (day or date.min for day in span.row(0))
    # One row an id and day in force: an equal join, which streams, instead of a search by time, which does not.
    right = (
        versions.lazy()
        .with_columns(pl.max_horizontal("@from", pl.lit(low)), pl.min_horizontal("@until", pl.lit(high)))
        .filter(pl.col("@from") <= pl.col("@until"))
        .select(pl.col(key).alias(column), pl.date_ranges("@from", "@until").alias(DAY), *wanted)
        .explode(DAY, empty_as_null=False)
    )
    return frame.join(right, on=[column, DAY], how="left")
