"""Rows that somebody approved leaving out: outage days, abusive callers, upheld appeals.

In: the world with its `exclusions`. Out: the world without those rows, or with marks for KPIs.
Refuses to know: measures, formulas. Nothing is left out unless a row of `exclusions` says why and who approved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem, did_you_mean
from ccmetrics.stages.world import World, attach, pick

EXPORT = "export"
ROW = "@row"
TABLE = "exclusions"
Row = dict[str, Any]


def exclude(world: World) -> tuple[World, dict[int, int]]:
    """The world with the supplied exclusions carried out, and how many rows of each account every KPI leaves out.

    Raises:
        DataRefused: an exclusion names a table or KPI that is not defined, or would leave out a whole table.
    """
    if TABLE not in world.tables:
        return world, {}
    rows = world.tables[TABLE].frame.drop(EXPORT).sort("exclusion_id").collect().to_dicts()
    _refuse_unknown(world, rows)
    tables = dict(world.tables)
    counts: dict[int, int] = {}
    marks: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for table in sorted({row["table"] for row in rows} & tables.keys()):
        mine = [row for row in rows if row["table"] == table]
        frame = _marked(world, table, mine)
        found = dict(frame.filter("@out").group_by(EXPORT).len().sort(EXPORT).collect().iter_rows())
        counts |= found
        rows_left = tables[table].rows - sum(found.values())
        tables[table] = replace(tables[table], frame=frame.filter(~pl.col("@out")).drop("@out"), rows=rows_left)
        for kpi in sorted({name for row in mine for name in _kpis(row)}):
            marks[kpi][table] = tuple(_mark(n) for n, row in enumerate(mine) if kpi in _kpis(row))
    return replace(world, tables=tables, marks=marks), counts


def _marked(world: World, table: str, rows: Sequence[Row]) -> pl.LazyFrame:
    """The table with `@out`, left out of everything, and a mark for each exclusion from some KPIs only."""
    routes = {name: world.dimension(table, name) for name in ("agent_id", "queue_id")}
    needed = {r for group in routes.values() for route in group for r in (route, world.key_of(table, route))}
    chosen = {n: pick([(".".join(world.key_of(table, r)), ".".join(r)) for r in group]) for n, group in routes.items()}
    own = world.tables[table].frame
    whole = [_meets(world, table, row, chosen) for row in rows if not _kpis(row)]
    partial = {_mark(n): _meets(world, table, row, chosen) for n, row in enumerate(rows) if _kpis(row)}
    out = reduce(or_, whole) if whole else pl.lit(False)
    # Joins keep no order, and derived columns stand beside their rows: only marks may come out of one, by row number.
    marks = attach(world, table, needed, own.with_row_index(ROW)).select(ROW, out.alias("@out"), **partial)
    beside = marks.collect(engine="streaming").sort(ROW).drop(ROW)
    return pl.concat([own, beside.lazy()], how="horizontal")


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


def _refuse_unknown(world: World, rows: Sequence[Row]) -> None:
    problems = []
    for row in rows:
        place = Place(f"exclusions {row['exclusion_id']}")
        if row["table"] not in world.catalogue.tables:
            hint = did_you_mean(row["table"], world.catalogue.tables)
            text = f"It leaves rows out of '{row['table']}', which is no table.{hint}"
            problems.append(Problem(place, "unknown-name", text))
        for kpi in sorted(_kpis(row) - world.catalogue.kpis.keys()):
            hint = did_you_mean(kpi, world.catalogue.kpis)
            problems.append(Problem(place, "unknown-name", f"It names '{kpi}', which is no KPI.{hint}"))
        if all(row.get(name) is None for name in ("row_id", "from", "to", "agent_id", "queue_id")):
            text = "It says neither which row nor which time, agent or queue, and would leave out the whole table."
            problems.append(Problem(place, "boundless-exclusion", text))
    if problems:
        raise DataRefused(problems)


def _kpis(row: Row) -> set[str]:
    return {name.strip() for name in (row.get("kpis") or "").replace(";", ",").split(",") if name.strip()}


def _mark(n: int) -> str:
    return f"@out.{n}"
