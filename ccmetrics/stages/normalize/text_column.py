"""One canonical column of an export of text: its cells read once, typed, and every one that is bad known by its row.

In: the cells, the source of the column and how it reads. Out: `Read`: values, bad rows, and what to say about them.
Refuses to know: other columns, whether bad rows refuse the run or are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ccmetrics.catalogue.models import Source, Table
from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.normalize.cells import Fault, Reading, odd_code, said, shape
from ccmetrics.stages.normalize.columns import parse
from ccmetrics.stages.normalize.conditions import cases, condition, decided
from ccmetrics.stages.normalize.durations import doubted
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.identity import told_apart
from ccmetrics.stages.normalize.screen import must
from ccmetrics.stages.normalize.take import take

ROW = "@row"
SHOWN = 20


@dataclass(frozen=True)
class Made:
    """The cells one column is made of: as they stand, masked by the source's `where`, or decided by its `case`."""

    text: pl.DataFrame
    """The cells by name, and `ROW`."""
    names: tuple[str, ...]
    undecided: pl.Series | None = None
    """Rows that no condition of a `case` fits."""


@dataclass(frozen=True)
class Found:
    """Rows that are bad for a reason beyond what a cell says."""

    rows: pl.Series
    name: str
    text: str
    rest: str
    """`more rows ...`, of those that are only counted."""


@dataclass(frozen=True)
class Read:
    """One canonical column. Where `bad` holds the value means nothing."""

    values: pl.Series
    bad: pl.Series
    """Of every row whether its cell cannot be read, or is bad for one of the reasons `found`. Never null."""
    notices: tuple[Notice, ...]
    made: Made
    how: Reading
    """How it was read in the end: in the form that was found to fit."""
    feed: Feed
    found: tuple[Found, ...] = ()

    @property
    def column(self) -> int:
        """Number of the column in the file, of several the first; 0 where it is made of none."""
        return place(self.feed.raw, self.made.names[0])

    def problems(self, shown: int = SHOWN) -> Iterator[Problem]:
        """All that is bad: so many places a kind, the others counted."""
        unread = self.bad
        for each in self.found:
            rows = self.made.text.filter(each.rows)[ROW]
            yield from self._at(rows, [each.text] * len(rows.head(shown)), each.name, each.rest, self.made.names[0])
            unread = unread & ~each.rows
        if unread.any():
            yield from _unreadable(self, self.made.text.filter(unread), shown)

    def _at(self, rows: pl.Series, texts: Sequence[str], name: str, rest: str, of: str) -> Iterator[Problem]:
        raw, shown, column = self.feed.raw, len(texts), place(self.feed.raw, of)
        lines = raw.line_of(rows.head(shown).to_list())
        for row, text in zip(rows.head(shown), texts, strict=True):
            yield Problem(Place(raw.name, lines.get(row, 0), column), name, text)
        if len(rows) > shown:
            yield Problem(Place(raw.name), name, f"{len(rows) - shown:,} {rest}")


def read_column(text: pl.DataFrame, feed: Feed, source: Source, how: Reading, table: Table) -> Read:
    """One canonical column of all rows, whatever is wrong with them."""
    made = _made(text, feed, source, how)
    taken = take(made.text, made.names, how)
    bad, name, found = taken.bad, how.name, []
    if made.undecided is not None:
        what = f"{name}: no condition of the layout's `case` holds for this row, and `other` is not said."
        found.append(Found(made.undecided, "unknown-value", what, f"more rows fit no `case` of {name}."))
        bad = bad | made.undecided
    if must(name, table) and taken.value.null_count():
        what = f"{name} is empty here, and every row of '{feed.table}' needs one."
        found.append(Found(taken.value.is_null() & ~bad, "missing-value", what, f"more rows have no {name}."))
        bad = bad | taken.value.is_null()
    doubts = doubted(taken.value, made.text[made.names[0]], how) if _is_of_moments(table) else ()
    notices = tuple(of_export(feed.raw.name, notice) for notice in (*taken.notices, *doubts))
    return Read(taken.value.alias(name), bad, notices, made, taken.how, feed, tuple(found))


def _is_of_moments(table: Table) -> bool:
    """Whether a row is one thing that happened, rather than a day's or an interval's sum of them."""
    return not table.aggregated and table.time is not None and table.columns[table.time].type == "datetime"


def _made(text: pl.DataFrame, feed: Feed, source: Source, how: Reading) -> Made:
    if source.constant is not None:
        word = str(source.constant) if not isinstance(source.constant, bool) else str(said(source.constant))
        return Made(text.select(ROW, pl.lit(word).alias("@said")), ("@said",))
    if source.case is not None:
        value, undecided = decided([(w, said(v)) for w, v in cases(source, feed)], said(source.other))
        found = text.select(ROW, value.alias("@said"), undecided.alias("@undecided"))
        flags = found["@undecided"]
        return Made(found.drop("@undecided"), ("@said",), flags if flags.any() else None)
    names = tuple(feed.actual(name) for name in sources(source))
    if source.where is not None:
        kept = condition(source.where, feed)
        text = text.with_columns(pl.when(kept).then(pl.col(name)).alias(name) for name in names)
    if source.apart is not None:
        told = told_apart([pl.col(name) for name in names], len(source.apart), how)
        return Made(text.select(ROW, told.alias("@said")), ("@said",))
    return Made(text.select(ROW, *dict.fromkeys(names)), names)


# ---------------------------------------------------------------- the second look


def _unreadable(read: Read, bad: pl.DataFrame, shown: int) -> Iterator[Problem]:
    """Cells by the first fault that each has."""
    names, how = read.made.names, read.how
    faults = parse([pl.col(name) for name in names], how).faults
    found = bad.with_columns(first_fault(faults).alias("@fault"))
    for (number,), cells in found.group_by("@fault", maintain_order=True):
        fault = faults[int(str(number))]
        to_blame = blamed(fault, names)
        texts = cells.head(shown).select(joined([pl.col(name) for name in to_blame])).to_series()
        column = place(read.feed.raw, to_blame[0])
        where = f"column '{to_blame[0]}' ({column})" if column else f"'{how.name}'"
        told = [sentence(fault, text, how) for text in texts]
        yield from read._at(cells[ROW], told, fault.name, f"more cells of {where} cannot be read.", to_blame[0])


def blamed(fault: Fault, names: Sequence[str]) -> Sequence[str]:
    """Of several columns the one at fault, or all of them."""
    return names if fault.at is None else names[fault.at : fault.at + 1]


def first_fault(faults: Sequence[Fault]) -> pl.Expr:
    """The number of the first one that holds; of the last where none does."""
    first: pl.Expr = pl.lit(len(faults) - 1)
    for at, fault in reversed(list(enumerate(faults))):
        first = pl.when(fault.when.fill_null(False)).then(pl.lit(at)).otherwise(first)
    return first


def sentence(fault: Fault, text: str, how: Reading) -> str:
    return f"{how.name}: {fault.text}{odd_code(text, how) if fault.names_code else ''} Found {shape(text, how)}."


def joined(texts: Sequence[pl.Expr]) -> pl.Expr:
    return pl.concat_str([text.fill_null("").str.strip_chars() for text in texts], separator=" ").str.strip_chars()
