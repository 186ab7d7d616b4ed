"""Exports as canonical tables: chosen by layout or name, typed, each row once, every row accounted for.

In: exports, the catalogue, and which columns a run needs. Out: `Normalized`, the tables with their accounts.
Refuses to know: how cells are parsed, periods, measures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.account import Account
from ccmetrics.catalogue.models import Catalogue, Table
from ccmetrics.notice import Notice, all_of, of_export
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import Raw
from ccmetrics.stages.normalize.choose import feeds
from ccmetrics.stages.normalize.duplicates import EXPORT, Part, each_once, is_named, overtaken
from ccmetrics.stages.normalize.feed import Feed, versioned
from ccmetrics.stages.normalize.orders import unlike
from ccmetrics.stages.normalize.rejects import no_rejects
from ccmetrics.stages.normalize.settle import DTYPES, Settled, settle
from ccmetrics.stages.normalize.text_feed import is_lazy
from ccmetrics.stages.normalize.tolerance import NONE, Tolerance, tolerance, way_on

__all__ = ["DTYPES", "NONE", "Account", "Normalized", "Supplied", "Tolerance", "no_rejects", "normalize", "tolerance"]


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
class Normalized:
    tables: dict[str, Supplied]
    accounts: list[Account]
    notices: list[Notice]
    rejects: pl.DataFrame = field(default_factory=no_rejects)
    """Bad rows that were set aside."""


def normalize(
    raws: Sequence[Raw],
    catalogue: Catalogue,
    needed: Mapping[str, Collection[str]] | None = None,
    allowed: Tolerance = NONE,
) -> Normalized:
    """The canonical tables the exports hold. `needed` (table to columns) spares parsing what a run does not use.

    Raises:
        DataRefused: with everything wrong with all exports: headers, records, cells, rows in two versions. Bad rows
            refuse where they are more than `allowed`.
    """
    notices = [notice for raw in raws for notice in raw.notices]
    found, problems = _fed(raws, catalogue, notices)
    settled = _settled(found, versioned(catalogue), _met(found, catalogue, needed), allowed)
    problems += [problem for each in settled for problem in each.broken]
    problems += unlike(form for each in settled for form in each.forms)
    problems += _overtaken(found, settled, catalogue) if allowed != NONE else []
    once = _once(found, [part for each in settled for part in each.parts], catalogue, problems)
    _bear(settled, problems, allowed)
    if needed is not None and any(part.duplicates for own in once.values() for part in own):
        # Whether two rows are one is decided over all their columns, whatever this run asks for.
        return normalize(raws, catalogue, allowed=allowed)
    tables = {name: _supplied(name, own, catalogue.tables[name]) for name, own in once.items()}
    accounts = _accounts(found, settled, [part for own in once.values() for part in own])
    notices += [notice for each in settled for notice in each.notices]
    for name, own in once.items():
        notices += _nameless(own, catalogue.tables[name].key, name)
    notices += _twice(accounts)
    return Normalized(tables, accounts, notices, pl.concat([no_rejects(), *(each.rejects for each in settled)]))


def _fed(raws: Sequence[Raw], catalogue: Catalogue, notices: list[Notice]) -> tuple[list[Feed], list[Problem]]:
    """What the exports feed; and what is wrong with those that feed nothing."""
    found: list[Feed] = []
    problems: list[Problem] = []
    for raw in raws:
        try:
            found += feeds([raw], catalogue, notices)
        except DataRefused as refused:
            problems += refused.problems
    return found, problems


def _met(
    found: Sequence[Feed], catalogue: Catalogue, needed: Mapping[str, Collection[str]] | None
) -> Mapping[str, Collection[str]] | None:
    """What is needed, and every reference between tables that are there: one that meets nothing is to be said."""
    there = {feed.table for feed in found}
    columns = {table: catalogue.tables[table].columns.items() for table in there}
    return needed and {
        table: {*needed.get(table, ()), *(c for c, definition in columns[table] if definition.refers in there)}
        for table in there
    }


def _settled(
    found: Sequence[Feed], catalogue: Catalogue, needed: Mapping[str, Collection[str]] | None, allowed: Tolerance
) -> list[Settled]:
    """Every export by itself, the tables it feeds together."""
    by_export: dict[str, list[tuple[int, Feed]]] = {}
    for index, feed in enumerate(found):
        by_export.setdefault(feed.raw.name, []).append((index, feed))
    return [settle(fed, catalogue, needed, allowed) for fed in by_export.values()]


def _once(
    found: Sequence[Feed], parts: Sequence[Part], catalogue: Catalogue, problems: list[Problem]
) -> dict[str, list[Part]]:
    """Tables, in order, with the parts of each, every row once."""
    once: dict[str, list[Part]] = {}
    for name in dict.fromkeys(feed.table for feed in found):
        own = [part for part in parts if found[part.export].table == name]
        try:
            once[name] = each_once(own, catalogue.tables[name].key, name) if own else []
        except DataRefused as refused:
            problems += refused.problems
    return once


def _overtaken(found: Sequence[Feed], settled: Sequence[Settled], catalogue: Catalogue) -> Iterator[Problem]:
    """Rows that would count for a later version of theirs that was set aside."""
    parts = [part for each in settled for part in each.parts]
    for name, lost in ((name, lost) for each in settled for name, lost in each.lost.items()):
        own = [part for part in parts if found[part.export].table == name]
        yield from overtaken(own, catalogue.tables[name].key, lost)


def _bear(settled: Sequence[Settled], problems: Sequence[Problem], allowed: Tolerance) -> None:
    """Raises DataRefused where an export as a whole is wrong, or more rows are bad than are allowed."""
    bad = {each.raw.name: (each.bad, each.read) for each in settled if each.bad}
    beyond = allowed.excess(bad)
    if not problems and not beyond:
        return
    rows = [problem for each in settled for problem in each.problems] if beyond else []
    said = beyond if allowed != NONE else []
    advice = said if problems else [*said, way_on(*map(sum, zip(*bad.values(), strict=True)))]
    raise DataRefused([*problems, *rows], advice)


def _nameless(parts: Sequence[Part], key: Sequence[str], table: str) -> list[Notice]:
    """Of several exports: rows without a key, of which nobody can tell whether they were delivered twice."""
    if len(parts) < 2:
        return []
    there = [(part.frame, [column for column in key if column in part.columns]) for part in parts]
    asked = [frame.select((~is_named(own, frame)).sum()) for frame, own in there if own]
    count = sum(frame.item() for frame in pl.collect_all(asked, engine="streaming"))
    given = Notice(
        "{n:row} of '{table}' {n:=has|have} no {key}: one that two exports hold is counted twice.",
        n=count,
        table=table,
        key=all_of(key),
    )
    return [given] if count else []


def _twice(accounts: Sequence[Account]) -> list[Notice]:
    duplicates = [
        of_export(a.export, Notice("{n:exact duplicate row} of '{table}' dropped", n=a.duplicates, table=a.table))
        for a in accounts
        if a.duplicates
    ]
    versions = [
        of_export(a.export, Notice("{n:earlier version} of rows of '{table}'", n=a.superseded, table=a.table))
        for a in accounts
        if a.superseded
    ]
    return duplicates + versions


def _accounts(found: Sequence[Feed], settled: Sequence[Settled], parts: Sequence[Part]) -> list[Account]:
    """Each number as it was counted where it arose: where they do not balance, rows were lost or invented."""
    by_export = {part.export: part for part in parts}
    accounts = {}
    for each in settled:
        for index, filtered in each.filtered.items():
            feed, part = found[index], by_export[index]
            accounts[index] = Account(
                export=each.raw.name,
                table=feed.table,
                read=each.read + feed.folded + feed.skipped,
                used=part.rows,
                rejected=each.reasons,
                duplicates=part.duplicates,
                superseded=part.superseded,
                filtered=filtered + feed.skipped,
                folded=feed.folded,
                sha256=each.raw.sha256,
            )
    return [accounts[index] for index in sorted(accounts)]


# ---------------------------------------------------------------- tables


def _supplied(name: str, parts: Sequence[Part], table: Table) -> Supplied:
    """All parts below each other, each with the columns of all: what an export lacks is null in its rows."""
    columns = [c for c in table.columns if any(c in part.columns for part in parts)]
    dtypes = {column: DTYPES[table.columns[column].type] for column in columns}
    aligned = [part.frame.select(_aligned(part, columns, dtypes)) for part in parts]
    frame = aligned[0] if len(aligned) == 1 else pl.concat(aligned)
    if not any(is_lazy(part.raw) for part in parts):
        frame = frame.collect().lazy()
    by_export = {part.export: part.columns for part in parts}
    filled = frozenset(c for c in columns if all(c in part.filled or c not in part.columns for part in parts))
    return Supplied(name, frame, frozenset(columns), sum(part.rows for part in parts), by_export, filled)


def _aligned(part: Part, columns: Iterable[str], dtypes: Mapping[str, pl.DataType]) -> list[pl.Expr]:
    cells = [
        (pl.col(c).cast(dtypes[c]) if c in part.columns else pl.lit(None, dtype=dtypes[c])).alias(c) for c in columns
    ]
    return [*cells, pl.lit(part.export, dtype=pl.Int32).alias(EXPORT)]
