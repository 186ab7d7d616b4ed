"""Exports as canonical tables: chosen by layout or name, typed, each row once, every row accounted for.

In: exports, the catalogue, and which columns a run needs. Out: `Normalized`, the tables with their accounts.
Refuses to know: how cells are parsed, periods, measures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Table
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import Raw
from ccmetrics.stages.normalize.choose import feeds
from ccmetrics.stages.normalize.duplicates import EXPORT, ROW, Part, each_once
from ccmetrics.stages.normalize.feed import VERSION, Feed, versioned
from ccmetrics.stages.normalize.text_feed import collect, rows, used
from ccmetrics.stages.normalize.typed_feed import typed_rows

DTYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(("id", "category", "text", "person"), pl.String()),
    **dict.fromkeys(("number", "money", "percent", "rating", "duration"), pl.Float64()),
    "flag": pl.Boolean(),
    "datetime": pl.Datetime("us"),
    "date": pl.Date(),
}


@dataclass(frozen=True)
class Supplied:
    """One canonical table of a run."""

    name: str
    frame: pl.LazyFrame
    """Canonical columns, and `export`: which account a row belongs to. May be scanned many times."""
    columns: frozenset[str]
    """Canonical columns the frame has: supplied by some export, or filled by a default."""
    rows: int
    by_export: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """The same for each export, where they differ."""
    filled: frozenset[str] = frozenset()
    """Those of the columns that no export has: in every row they are their default."""


@dataclass(frozen=True)
class Account:
    """Where the rows of one export went, for one table.

    read = used + rejected + duplicates + superseded versions + lines folded into another + outside the period
    + filtered by the layout + excluded with approval.
    """

    export: str
    table: str
    read: int
    used: int
    rejected: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    outside: int = 0
    filtered: int = 0
    excluded: int = 0
    superseded: int = 0
    folded: int = 0
    sha256: str = ""

    @property
    def balances(self) -> bool:
        left = self.duplicates + self.superseded + self.folded + self.outside + self.filtered + self.excluded
        return self.read == self.used + sum(self.rejected.values()) + left


@dataclass(frozen=True)
class Normalized:
    tables: dict[str, Supplied]
    accounts: list[Account]
    notices: list[str]


def normalize(
    raws: Sequence[Raw], catalogue: Catalogue, needed: Mapping[str, Collection[str]] | None = None
) -> Normalized:
    """The canonical tables the exports hold. `needed` (table to columns) spares parsing what a run does not use.

    Raises:
        DataRefused: with every bad cell, header and row of all exports.
    """
    notices = [notice for raw in raws for notice in raw.notices]
    found = feeds(raws, catalogue, notices)
    parts = _parts(found, versioned(catalogue), needed)
    tables: dict[str, Supplied] = {}
    accounts: dict[int, Account] = {}
    problems: list[Problem] = []
    for name in dict.fromkeys(feed.table for feed in found):
        own = [part for part, feed in zip(parts, found, strict=True) if feed.table == name]
        try:
            once = each_once(own, catalogue.tables[name].key, name)
        except DataRefused as refused:
            problems += refused.problems
            continue
        tables[name] = _supplied(name, once, catalogue.tables[name])
        notices += _nameless(once, catalogue.tables[name].key, name)
        for before, part in zip(own, once, strict=True):
            accounts[part.export] = _account(found[part.export], before, part)
    if problems:
        raise DataRefused(problems)
    if needed is not None and any(account.duplicates for account in accounts.values()):
        # Whether two rows are one is decided over all their columns, whatever this run asks for.
        return normalize(raws, catalogue)
    ordered = [accounts[index] for index in range(len(found))]
    notices += [
        f"{a.export}: {a.duplicates:,} exact duplicate rows of '{a.table}' dropped" for a in ordered if a.duplicates
    ]
    notices += [
        f"{a.export}: {a.superseded:,} earlier versions of rows of '{a.table}'" for a in ordered if a.superseded
    ]
    return Normalized(tables, ordered, notices)


def _nameless(parts: Sequence[Part], key: Sequence[str], table: str) -> list[str]:
    """Of several exports: rows without a key, of which nobody can tell whether they were delivered twice."""
    if len(parts) < 2:
        return []
    unnamed = pl.any_horizontal(pl.col(column).is_null() for column in key)
    asked = [part.frame.select(unnamed.sum()) for part in parts if set(key) <= part.columns]
    count = sum(frame.item() for frame in pl.collect_all(asked, engine="streaming"))
    given = f"{count:,} rows of '{table}' have no {' and '.join(key)}: one that two exports hold is counted twice."
    return [given] if count else []


def _account(feed: Feed, before: Part, part: Part) -> Account:
    raw = part.raw
    return Account(
        export=raw.name,
        table=feed.table,
        read=raw.rows + feed.folded + feed.skipped,
        used=part.rows,
        duplicates=part.duplicates,
        superseded=part.superseded,
        filtered=raw.rows - before.rows + feed.skipped,
        folded=feed.folded,
        sha256=raw.sha256,
    )


# ---------------------------------------------------------------- parts


def _parts(found: Sequence[Feed], catalogue: Catalogue, needed: Mapping[str, Collection[str]] | None) -> list[Part]:
    """The typed rows of every feed; an export that feeds several tables is read once."""
    wanted = [_wanted(feed, catalogue.tables[feed.table], needed) for feed in found]
    texts: dict[str, pl.DataFrame] = {}
    last = {feed.raw.name: index for index, feed in enumerate(found)}
    parts: list[Part] = []
    problems: list[Problem] = []
    for index, (feed, columns) in enumerate(zip(found, wanted, strict=True)):
        table = catalogue.tables[feed.table]
        try:
            if feed.raw.kind == "typed":
                made = typed_rows(feed, columns, catalogue)
                part = _part(index, feed.raw, made.frame, made.numbered, made.rows, table, columns)
                parts.append(replace(part, numbers=made.numbers))
                continue
            if feed.raw.name not in texts:
                together = [used(f, w) for f, w in zip(found, wanted, strict=True) if f.raw is feed.raw]
                texts[feed.raw.name] = collect(feed.raw, set().union(*together))
            frame = rows(feed, texts[feed.raw.name], columns, catalogue).frame.lazy()
            count = frame.select(pl.len()).collect().item()
            parts.append(_part(index, feed.raw, frame.drop(ROW), frame, count, table, columns))
        except DataRefused as refused:
            problems += refused.problems
        if last[feed.raw.name] == index:
            texts.pop(feed.raw.name, None)
    if problems:
        raise DataRefused(problems)
    return parts


def _part(
    index: int, raw: Raw, frame: pl.LazyFrame, numbered: pl.LazyFrame, count: int, table: Table, wanted: Collection[str]
) -> Part:
    there = frame.collect_schema().names()
    filled, columns = _defaults(there, table, wanted)
    return Part(
        index,
        raw,
        frame.with_columns(filled).select(*columns),
        numbered.with_columns(filled).select(ROW, *columns),
        count,
        frozenset(columns) - {VERSION},
        filled=frozenset(columns) - frozenset(there),
    )


def _defaults(there: Sequence[str], table: Table, wanted: Collection[str]) -> tuple[list[pl.Expr], list[str]]:
    """Defaults, for cells and for whole columns that are not there."""
    filled, columns = [], list(there)
    for name, column in table.columns.items():
        default = column.default
        if default is None or name not in wanted:
            continue
        if isinstance(default, str) and default in table.columns:
            if default not in there:
                continue
            value = pl.col(default)
        else:
            value = pl.lit(default, dtype=DTYPES[column.type])
        filled.append(pl.coalesce(pl.col(name), value).alias(name) if name in there else value.alias(name))
        columns += [] if name in there else [name]
    return filled, columns


def _wanted(feed: Feed, table: Table, needed: Mapping[str, Collection[str]] | None) -> set[str]:
    """Columns to parse: those asked for; the key, times and required ones always; and what their defaults name."""
    readable = {name for name, column in table.columns.items() if not column.derived}
    if needed is None:
        return readable
    wanted = {*table.key, table.time, table.until, table.as_of, *needed.get(feed.table, ())}
    wanted |= {name for name, column in table.columns.items() if column.required}
    for name in list(wanted):
        if name in table.columns and isinstance(default := table.columns[name].default, str):
            wanted.add(default)
    return {name for name in wanted if name in readable}


# ---------------------------------------------------------------- tables


def _supplied(name: str, parts: Sequence[Part], table: Table) -> Supplied:
    """All parts below each other, each with the columns of all: what an export lacks is null in its rows."""
    columns = [c for c in table.columns if any(c in part.columns for part in parts)]
    dtypes = {column: DTYPES[table.columns[column].type] for column in columns}
    aligned = [part.frame.select(_aligned(part, columns, dtypes)) for part in parts]
    frame = aligned[0] if len(aligned) == 1 else pl.concat(aligned)
    if all(part.raw.kind == "text" for part in parts):
        frame = frame.collect().lazy()
    by_export = {part.export: part.columns for part in parts}
    filled = frozenset(c for c in columns if all(c in part.filled or c not in part.columns for part in parts))
    return Supplied(name, frame, frozenset(columns), sum(part.rows for part in parts), by_export, filled)


def _aligned(part: Part, columns: Iterable[str], dtypes: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    cells = [
        (pl.col(c).cast(dtypes[c]) if c in part.columns else pl.lit(None, dtype=dtypes[c])).alias(c) for c in columns
    ]
    return [*cells, pl.lit(part.export, dtype=pl.Int32).alias(EXPORT)]
