"""What does not fit together between the tables of a run: references to nothing, and rows counted in two places.

In: the world and a span. Out: counts of unmatched references, or a refusal.
Refuses to know: KPIs, subjects, how anything is reduced.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ccmetrics.catalogue.routes import reference, references
from ccmetrics.notice import Notice
from ccmetrics.period import Period
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.facts import TIMED_BY
from ccmetrics.stages.world import DAY, World, attach, join_as_of, local_day, roster_day, roster_time

SHOWN = 3


def unmatched(world: World, tables: Iterable[str], span: Period) -> list[Notice]:
    """A sentence for each reference of which rows in the span name something that was not supplied."""
    asked = [
        (table, column, target)
        for table in sorted(tables)
        for column, target in sorted(references(world.definition(table)).values())
        if world.there(table, column) and target in world.tables and not world.definition(table).columns[column].derived
    ]
    queries = [_unmatched(world, table, column, target, span) for table, column, target in asked]
    found = pl.collect_all(queries, engine="streaming")
    return [
        _lost(world, (table, column, target), rows, names, first)
        for (table, column, target), frame in zip(asked, found, strict=True)
        for rows, names, first in frame.iter_rows()
        if rows
    ]


def _lost(world: World, where: tuple[str, str, str], rows: int, names: int, first: list[str]) -> Notice:
    """With the first of the ids, unless they are private."""
    table, column, target = where
    parts = {"table": table, "rows": rows, "names": names, "kind": reference(column), "target": target}
    text = (
        Notice(
            "{table}: {rows:row} {rows:=names|name} {names} {kind} {names:=id|ids} that {target} does not have on "
            "that day",
            **parts,
        )
        if world.is_dated(target)
        else Notice(
            "{table}: {rows:row} {rows:=names|name} {names} {kind} {names:=id|ids} that {target} does not have", **parts
        )
    )
    if world.definition(table).columns[column].private:
        return Notice("{said}.", said=text)
    if names > len(first):
        return Notice("{said}: {subjects} and {n} more.", said=text, subjects=first, n=names - len(first))
    return Notice("{said}: {subjects}.", said=text, subjects=first)


def _unmatched(world: World, table: str, column: str, target: str, span: Period) -> pl.LazyFrame:
    """Rows and distinct ids without a match; in an effective-dated table, one that is in force on the row's day."""
    key = world.definition(target).key[0]
    time = roster_time(world, table)
    if world.is_dated(target) and time is not None:
        placed = attach(world, table, [time], _inside(world, table, span)).with_columns(
            roster_day(world, table).alias(DAY)
        )
        days = placed.filter(pl.col(column).is_not_null()).group_by(column, DAY).len()
        lost = join_as_of(world, days, column, target, "@met", [key]).filter(pl.col(f"@met.{key}").is_null())
        return lost.select(pl.col("len").sum().cast(pl.Int64), names=pl.col(column).n_unique(), first=_first(column))
    known = world.tables[target].frame.select(pl.col(key).alias(column)).unique()
    rows = _inside(world, table, span).group_by(column).len().filter(pl.col(column).is_not_null())
    lost = rows.join(known, on=column, how="anti")
    return lost.select(pl.col("len").sum().cast(pl.Int64), names=pl.len(), first=_first(column))


def _first(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).unique().sort().head(SHOWN).implode()


def _inside(world: World, table: str, span: Period) -> pl.LazyFrame:
    time = world.definition(table).time
    if time is None or not world.there(table, time):
        return world.tables[table].frame
    low, high = (span.start, span.end) if world.is_date(table, (time,)) else world.clock.bounds(span)
    return world.tables[table].frame.filter((pl.col(time) >= low) & (pl.col(time) < high))


def backward(world: World, tables: Iterable[str]) -> list[Notice]:
    """A sentence for each pair of times that stand the wrong way round in some rows: a case closed before it opened."""
    pairs = [
        (table, name, column.after)
        for table in sorted(tables)
        for name, column in world.definition(table).columns.items()
        if column.after is not None and world.there(table, name) and world.there(table, column.after)
    ]
    queries = [world.tables[t].frame.select((pl.col(later) < pl.col(first)).sum()) for t, later, first in pairs]
    found = pl.collect_all(queries, engine="streaming")
    return [
        Notice(
            "{table}: in {n:row} {later} is before {first}. Times between the two are negative there.",
            table=table,
            n=frame.item(),
            later=later,
            first=first,
        )
        for (table, later, first), frame in zip(pairs, found, strict=True)
        if frame.item()
    ]


def unlike_components(world: World) -> list[Notice]:
    """A sentence where exports time their contacts by different components: their handle times do not compare."""
    groups = set(_components(world).values())
    if len(groups) < 2:
        return []
    said = "; ".join(sorted(groups))
    return [
        Notice(
            "Handle time is made of other components in some exports of interactions than in others "
            "({components}): handle times of people from different exports must not be compared, and they are "
            "ranked apart.",
            components=said,
        )
    ]


def timed_by(world: World, subject: str, everybody: pl.Series, span: Period) -> pl.DataFrame:
    """`subject`, `timed_by`: the components its contacts in the span are timed by; empty where all exports have the
    same. Where contacts do not name the subject themselves, `everybody` is timed by what any of them is."""
    exports = _components(world)
    if len(set(exports.values())) < 2:
        return pl.DataFrame(schema=TIMED_BY)
    rows = _inside(world, "interactions", span)
    if world.there("interactions", subject):
        found = rows.select("export", subject=pl.col(subject).cast(pl.String))
    else:
        found = rows.select("export").unique().join(pl.LazyFrame({"subject": everybody}), how="cross")
    pairs = found.drop_nulls().unique().collect(engine="streaming")
    named = pairs.with_columns(timed_by=pl.col("export").replace_strict(exports, return_dtype=pl.String))
    each = named.select("subject", "timed_by").unique().sort("subject", "timed_by")
    return each.group_by("subject", maintain_order=True).agg(pl.col("timed_by").str.join("; "))


def _components(world: World) -> dict[int, str]:
    """By export of contacts, what their handle time is made of."""
    supplied = world.tables.get("interactions")
    if supplied is None:
        return {}
    return {
        export: " + ".join(part for part in ("talk", "hold", "wrap") if f"{part}_s" in has) or "none"
        for export, has in supplied.by_export.items()
    }


def refuse_doubles(world: World, pairs: Iterable[tuple[str, str]], span: Period) -> None:
    """Raises DataRefused where two tables that stand in for each other cover the same queue and day."""
    problems = []
    for one, other in sorted(set(pairs)):
        both = _covered(world, one, span).join(_covered(world, other, span), on="day")
        # A row that names no queue may be of any.
        left, right = pl.col("queue_id"), pl.col("queue_id_right")
        same = (left == right) | left.is_null() | right.is_null()
        days = both.filter(same).select("day").unique().collect().height
        if days:
            text = (
                f"Both '{one}' and '{other}' hold rows of one queue, or of none that is named, on {days} days, "
                f"so contacts would be counted twice. Leave one of the two out of the exports for those days."
            )
            problems.append(Problem(Place(other), "counted-twice", text))
    if problems:
        raise DataRefused(problems)


def _covered(world: World, table: str, span: Period) -> pl.LazyFrame:
    """Days and queues of a table's rows."""
    time = str(world.definition(table).time)
    queue = pl.col("queue_id") if world.there(table, "queue_id") else pl.lit(None, dtype=pl.String).alias("queue_id")
    return _inside(world, table, span).select(local_day(world, table, (time,)).alias("day"), queue).unique()
