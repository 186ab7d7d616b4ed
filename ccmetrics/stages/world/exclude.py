"""Rows that somebody approved leaving out: outage days, abusive callers, upheld appeals.

In: the world with its `exclusions`. Out: the world without those rows, or with marks for KPIs.
Refuses to know: measures, formulas. Nothing is left out unless a row of `exclusions` says why and who approved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem, did_you_mean
from ccmetrics.stages.world import World, attach, pick

EXPORT = "export"
ROW = "@row"
TABLE = "exclusions"
Row = dict[str, Any]


def exclude(world: World) -> tuple[World, dict[int, int], list[Notice]]:
    """The world with the supplied exclusions carried out, how many rows of each account every KPI leaves out, and what
    else must be said: exclusions from some KPIs only, and those that meet no row.

    Raises:
        DataRefused: an exclusion names what is not defined, cannot be carried out, or would leave out a whole table.
    """
    if TABLE not in world.tables:
        return world, {}, []
    tables = dict(world.tables)
    counts: dict[int, int] = {}
    notices: list[Notice] = []
    marks: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for table, mine in _by_table(world).items():
        flags = _flags(world, table, mine)
        notices += _said(world.catalogue, table, mine, flags)
        whole = [_mark(n) for n, row in enumerate(mine) if not _kpis(row)]
        frame = pl.concat([tables[table].frame, flags.lazy()], how="horizontal")
        out = pl.any_horizontal(whole) if whole else pl.lit(False)
        found = dict(frame.filter(out).group_by(EXPORT).len().sort(EXPORT).collect().iter_rows())
        counts |= found
        left = frame.filter(~out).drop(whole)
        tables[table] = replace(tables[table], frame=left, rows=tables[table].rows - sum(found.values()))
        for kpi in sorted({name for row in mine for name in _kpis(row)}):
            marks[kpi][table] = tuple(_mark(n) for n, row in enumerate(mine) if kpi in _kpis(row))
    return replace(world, tables=tables, whole=world.tables, marks=marks), counts, notices


@dataclass(frozen=True)
class Exclusion:
    """What was approved, and the column that is true in the rows of its table it meets. No KPIs are all of them."""

    mark: str
    id: str
    kpis: frozenset[str]
    reason: str
    approved_by: str


@dataclass(frozen=True)
class Marked:
    """A table with nothing left out of it, and the exclusions that mark its rows."""

    frame: pl.LazyFrame
    exclusions: tuple[Exclusion, ...]


def marked(world: World) -> dict[str, Marked]:
    """The tables that rows are left out of. `world` has them all, still."""
    if TABLE not in world.tables:
        return {}
    return {
        table: Marked(
            pl.concat([world.tables[table].frame, _flags(world, table, rows).lazy()], how="horizontal"),
            tuple(_told(n, row) for n, row in enumerate(rows)),
        )
        for table, rows in _by_table(world).items()
    }


def _told(n: int, row: Row) -> Exclusion:
    return Exclusion(_mark(n), row["exclusion_id"], frozenset(_kpis(row)), row["reason"], row["approved_by"])


def _by_table(world: World) -> dict[str, list[Row]]:
    """The exclusions by the supplied table they are of, sorted. The place of one in its list is its mark."""
    rows = world.tables[TABLE].frame.drop(EXPORT).sort("exclusion_id").collect().to_dicts()
    _refuse(world, rows)
    tables = sorted({row["table"] for row in rows} & world.tables.keys())
    return {table: [row for row in rows if row["table"] == table] for table in tables}


def _flags(world: World, table: str, rows: Sequence[Row]) -> pl.DataFrame:
    """A column an exclusion, true in the rows it meets, in the order of the table's rows."""
    routes = {name: world.dimension(table, name) for name in ("agent_id", "queue_id")}
    needed = {r for group in routes.values() for route in group for r in (route, world.key_of(table, route))}
    chosen = {n: pick([(".".join(world.key_of(table, r)), ".".join(r)) for r in group]) for n, group in routes.items()}
    met = {_mark(n): _meets(world, table, row, chosen) for n, row in enumerate(rows)}
    # Joins keep no order, and derived columns stand beside their rows: only marks may come out of one, by row number.
    numbered = attach(world, table, needed, world.tables[table].frame.with_row_index(ROW))
    return numbered.select(ROW, **met).collect(engine="streaming").sort(ROW).drop(ROW)


def _said(catalogue: Catalogue, table: str, rows: Sequence[Row], flags: pl.DataFrame) -> list[Notice]:
    said = []
    for n, row in enumerate(rows):
        count, only = int(flags[_mark(n)].sum()), [catalogue.kpi_called(kpi) for kpi in sorted(_kpis(row))]
        parts = {"exclusion": row["exclusion_id"], "table": table}
        if not count:
            said.append(Notice("Exclusion {exclusion} meets no row of {table}.", **parts))
        elif only:
            said.append(
                Notice("Exclusion {exclusion} leaves {n:row} of {table} out of {kpis}.", n=count, kpis=only, **parts)
            )
    return said


def _meets(world: World, table: str, row: Row, chosen: Mapping[str, pl.Expr]) -> pl.Expr:
    definition = world.definition(table)
    conditions = []
    if row.get("row_id") is not None:
        conditions.append(pl.col(definition.key[0]) == row["row_id"])
    for name, column in chosen.items():
        if row.get(name) is not None:
            conditions.append(column == row[name])
    time = definition.time
    if time is not None and world.there(table, time):
        for bound, side in ((row.get("from"), "from"), (row.get("to"), "to")):
            if bound is not None:
                edge = world.clock.local_day(bound) if world.is_date(table, (time,)) else bound
                conditions.append(pl.col(time) >= edge if side == "from" else pl.col(time) < edge)
    met: pl.Expr = reduce(and_, conditions)
    return met.fill_null(False)


def _refuse(world: World, rows: Sequence[Row]) -> None:
    problems = [
        Problem(Place(f"exclusions {row['exclusion_id']}"), name, text)
        for row in rows
        for name, text in _wrong(world, row)
    ]
    if problems:
        raise DataRefused(problems)


def _wrong(world: World, row: Row) -> Iterator[tuple[str, str]]:
    table = row["table"]
    for kpi in sorted(_kpis(row) - world.catalogue.kpis.keys()):
        yield "unknown-name", f"It names '{kpi}', which is no KPI.{did_you_mean(kpi, world.catalogue.kpis)}"
    if all(row.get(name) is None for name in ("row_id", "from", "to", "agent_id", "queue_id")):
        text = "It says neither which row nor which time, agent or queue, and would leave out the whole table."
        yield "boundless-exclusion", text
    if table not in world.catalogue.tables:
        hint = did_you_mean(table, world.catalogue.tables)
        yield "unknown-name", f"It leaves rows out of '{table}', which is no table.{hint}"
        return
    definition = world.definition(table)
    timed = row.get("from") is not None or row.get("to") is not None
    if row.get("row_id") is not None and len(definition.key) > 1:
        text = f"One row_id cannot name a row of '{table}': its key is {', '.join(definition.key)}. Say agent and time."
        yield "unclear-exclusion", text
    if timed and (definition.time is None or (table in world.tables and not world.there(table, definition.time))):
        yield "unclear-exclusion", f"It speaks of a time, and rows of '{table}' have none of their own."
    if row.get("from") is not None and row.get("to") is not None and row["to"] <= row["from"]:
        yield "unclear-exclusion", "It ends before it begins."
    for name in ("agent_id", "queue_id"):
        if row.get(name) is not None and table in world.tables and not world.dimension(table, name):
            yield "unclear-exclusion", f"It names a {name}, which rows of '{table}' do not lead to."


def _kpis(row: Row) -> set[str]:
    return {name.strip() for name in (row.get("kpis") or "").replace(";", ",").split(",") if name.strip()}


def _mark(n: int) -> str:
    return f"@out.{n}"
