"""What derived columns are built on: the supplied rows in their order, parameters, the ends of the tables.

In: the world and the last day asked for. Out: frames and series that keep the order and number of the supplied rows.
Refuses to know: which columns are derived, and how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import polars as pl

from ccmetrics.stages.normalize import DTYPES
from ccmetrics.stages.world import World
from ccmetrics.stages.world.ends import data_end

T = TypeVar("T")
Column = tuple[str, str]

HOUR = 3_600_000_000
DAY = 24 * HOUR
"""In microseconds."""


@dataclass(frozen=True)
class Beside:
    """An expression over the table's row and over columns that are put beside it, in the order of the rows."""

    columns: Mapping[str, pl.Series]
    value: pl.Expr


Built = pl.Expr | pl.Series | Beside
"""A derived column: an expression over the table's row, or a series in the order of the rows, or both together."""


@dataclass(frozen=True)
class Derivation:
    """How one derived column is built.

    `needs`: sets of `table.column`, of which one must have been supplied whole, else there is no such column. `reads`:
    what is read too, where supplied. `build` gives the column.
    """

    needs: tuple[tuple[str, ...], ...]
    build: Callable[[Ground], Built]
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ground:
    """The supplied rows, and what was made of them so far, so that nothing is made twice in a run."""

    world: World
    horizon: date
    registry: Mapping[Column, Derivation] = field(default_factory=dict)
    _made: dict[Any, Any] = field(default_factory=dict)

    def once(self, make: Callable[[Ground], T]) -> T:
        """What `make` gives, made at its first use."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[no-any-return]

    def parameter(self, name: str) -> float:
        return self.world.catalogue.project.parameters[name]

    def end(self, table: str) -> datetime | None:
        """Where the supply of a table ends."""
        if ("end", table) not in self._made:
            self._made["end", table] = data_end(self.world, table)
        return self._made["end", table]  # type: ignore[no-any-return]

    def series(self, table: str, name: str) -> pl.Series:
        """A derived column as a series."""
        frame = with_built(self.world.tables[table].frame, {name: self.once(self.registry[table, name].build)})
        return frame.select(name).collect(engine="streaming").to_series()

    def there(self, *columns: str) -> bool:
        """Whether exports supplied all of these `table.column`."""
        return all(self.world.there(*column.split(".")) for column in columns)

    def rows(self, table: str, names: Iterable[str]) -> pl.DataFrame:
        """Columns of all rows, in their order. A column that was not supplied is null; its default stands in."""
        return self.lazy(table, names).collect(engine="streaming")

    def lazy(self, table: str, names: Iterable[str]) -> pl.LazyFrame:
        names = list(names)
        # A selection of constants alone would have one row.
        own = self.own(table)
        return self.world.tables[table].frame.with_columns(own(name).alias(name) for name in names).select(names)

    def own(self, table: str) -> Callable[[str], pl.Expr]:
        """How a column of the table's row is written, whether or not it was supplied."""
        return lambda name: self._own(table, name)

    def _own(self, table: str, name: str) -> pl.Expr:
        definition = self.world.definition(table).columns[name]
        there = self.world.there(table, name)
        default = definition.default
        if isinstance(default, str) and default in self.world.definition(table).columns:
            other = self._own(table, default)
            return pl.coalesce(pl.col(name), other) if there else other
        if there:
            return pl.col(name) if default is None else pl.col(name).fill_null(default)
        return pl.lit(default, dtype=DTYPES[definition.type])


def with_built(frame: pl.LazyFrame, made: Mapping[str, Built]) -> pl.LazyFrame:
    """The rows with the columns, which stand beside them in their order whenever they are scanned."""
    beside = {name: built for name, built in made.items() if isinstance(built, pl.Series)}
    for built in made.values():
        beside |= dict(built.columns) if isinstance(built, Beside) else {}
    if beside:
        side = pl.DataFrame([series.alias(name) for name, series in beside.items()])
        frame = pl.concat([frame, side.lazy()], how="horizontal")
    values = {n: b.value if isinstance(b, Beside) else b for n, b in made.items() if not isinstance(b, pl.Series)}
    return frame.with_columns(**values).drop(beside.keys() - made.keys())


def microseconds(span: pl.Expr) -> pl.Expr:
    """A duration in seconds, or a difference of times, as whole microseconds."""
    return (span * 1_000_000).round().cast(pl.Int64)


def between(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Microseconds from one time to another."""
    return (later - earlier).dt.total_microseconds()


def flagged(rows: pl.Series, height: int) -> pl.Series:
    """True at these row numbers, false elsewhere."""
    return pl.Series(rows.name, pl.repeat(False, height, eager=True)).scatter(rows.drop_nulls(), True)
