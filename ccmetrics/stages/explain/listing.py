"""Rows as a reader may see them: key, time, what the formulas name; private columns hidden.

In: the used rows of a part. Out: a small frame, times on the center's clock.
Refuses to know: which rows are used.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.catalogue.models import Column
from ccmetrics.catalogue.routes import Route, references
from ccmetrics.explanation import VALUE
from ccmetrics.formula.tree import names, parts
from ccmetrics.stages.measure.aggregate import SCALE, Compile, Part
from ccmetrics.stages.measure.routes import column_in, routes_to
from ccmetrics.stages.measure.scan import EXPORT
from ccmetrics.stages.world import World, local_time

HIDDEN = "***"
ROW = "@row"


def listed(world: World, part: Part, compile_: Compile, used: pl.LazyFrame, most: int) -> pl.LazyFrame:
    """The first rows by time and key, with the columns that tell why they count. Not hidden yet (see `shown`)."""
    keys = [name for name in world.definition(part.table).key if world.there(part.table, name)]
    columns: dict[str, pl.Expr] = {name: pl.col(name) for name in (*keys, str(part.at))}
    for name in _named(part):
        found = column_in(world, part.table, name)
        columns.setdefault(".".join(name), pl.lit(None) if found is None else found)
    columns |= {VALUE: _given(part, compile_), EXPORT: pl.col(EXPORT)}
    first = used.sort(str(part.at), *keys, nulls_last=True).head(most)
    return first.select(expression.alias(name) for name, expression in columns.items())


def _given(part: Part, compile_: Compile) -> pl.Expr:
    """What a row gives to the measure; to a sum in whole millionths, as it is added up."""
    if part.kind == "count" or part.value is None:
        return pl.lit(1.0)
    value = compile_(part.value)
    return (value * SCALE).round() / SCALE if part.kind in ("sum", "mean") else value


def shown(world: World, part: Part, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with private cells hidden and times on the local clock."""
    private = [".".join(name) for name in _named(part) if _is_private(world, part.table, name)]
    private += [name for name in world.definition(part.table).key if _is_private(world, part.table, (name,))]
    made = {name: local_time(pl.col(name), world.clock) for name, dtype in rows.schema.items() if dtype == pl.Datetime}
    made |= {name: pl.when(pl.col(name).is_not_null()).then(pl.lit(HIDDEN)) for name in private if name in rows.columns}
    if is_hidden(world, part):
        made[VALUE] = _numbered() if part.kind == "distinct" else pl.lit(HIDDEN)
    return rows.with_row_index(ROW).with_columns(**made).drop(ROW)


def is_hidden(world: World, part: Part) -> bool:
    """Whether the value that a row gives to the measure is private."""
    if part.kind == "count" or part.value is None:
        return False
    return any(_is_private(world, part.table, parts(node)) for node in names(part.value))


def _numbered() -> pl.Expr:
    """Equal values carry equal numbers, by first appearance: they can be counted and not be read."""
    first = pl.col(ROW).min().over(VALUE)
    return pl.concat_str(pl.lit(HIDDEN), first.rank("dense").cast(pl.String))


def by_name(rows: pl.DataFrame, exports: Sequence[str]) -> pl.DataFrame:
    """The rows with the names of their exports."""
    named = dict(enumerate(exports))
    return rows.with_columns(pl.col(EXPORT).replace_strict(named, default=None, return_dtype=pl.String))


def _named(part: Part) -> list[Route]:
    found = [parts(node) for tree in (part.value, part.where) if tree is not None for node in names(tree)]
    return list(dict.fromkeys(found))


def _is_private(world: World, table: str, name: Route) -> bool:
    return any(_column(world, table, route).private for route in routes_to(world, table, name))


def _column(world: World, table: str, route: Route) -> Column:
    for hop in route[:-1]:
        table = references(world.definition(table))[hop][1]
    return world.definition(table).columns[route[-1]]
