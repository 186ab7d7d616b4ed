"""One canonical column of an export of text: its cells read once, typed, and every one that is bad known by its row.

In: the cells, the source of the column and how it reads. Out: `Read`: values, bad rows, and what to say about them.
Refuses to know: other columns, whether bad rows refuse the run or are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Source, Table
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.normalize.cells import Fault, Reading, cells, padded, said, shape
from ccmetrics.stages.normalize.columns import WORDS, halves, parse
from ccmetrics.stages.normalize.conditions import cases, condition, decided
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.identity import told_apart
from ccmetrics.stages.normalize.instants import ISO, together
from ccmetrics.stages.normalize.screen import must

ROW = "@row"
SHOWN = 20
# Below this a column is parsed cell by cell; above, by its distinct values if a sample shows that they repeat.
MANY = 20_000
REPEATING = frozenset({"duration", "flag", "percent", "date", "clock", "number", "money", "rating"})


@dataclass(frozen=True)
class Made:
    """The cells one column is made of: as they stand, masked by the source's `where`, or decided by its `case`."""

    text: pl.DataFrame
    """The cells by name, and `ROW`."""
    names: tuple[str, ...]
    undecided: pl.Series | None = None
    """Rows that no condition of a `case` fits."""


@dataclass(frozen=True)
class Read:
    """One canonical column. Where `bad` holds the value means nothing."""

    values: pl.Series
    bad: pl.Series
    """Of every row whether its cell is bad, empty where one is required, or decided by no `case`. Never null."""
    notices: tuple[str, ...]
    made: Made
    how: Reading
    feed: Feed
    empty: pl.Series | None = None
    """The bad rows whose fault is to be empty."""

    @property
    def column(self) -> int:
        """Number of the column in the file, 0 where it is made of none."""
        names = self.made.names
        return place(self.feed.raw, names[0]) if names[0] in self.feed.raw.header else 0

    def problems(self, shown: int = SHOWN) -> Iterator[Problem]:
        """All that is bad: so many places a kind, the others counted."""
        unread = self.bad
        for rows, what in ((self.made.undecided, _undecided), (self.empty, _missing)):
            if rows is not None:
                yield from what(self, self.made.text.filter(rows)[ROW], shown)
                unread = unread & ~rows
        if unread.any():
            yield from _unreadable(self, self.made.text.filter(unread), shown)

    def reasons(self) -> pl.Series:
        """Of every bad row the name of its problem; null for the others."""
        found: pl.Expr = pl.lit(None, dtype=pl.String)
        for fault in reversed(_faults(self)):
            found = pl.when(fault.when.fill_null(False)).then(pl.lit(fault.name)).otherwise(found)
        rows = self.made.text.with_columns(self.bad.alias("@bad"))
        for flags, name in ((self.made.undecided, UNDECIDED), (self.empty, MISSING)):
            if flags is not None:
                rows = rows.with_columns(flags.alias(f"@{name}"))
                found = pl.when(f"@{name}").then(pl.lit(name)).otherwise(found)
        return rows.select(pl.when("@bad").then(found).alias("@reason")).to_series()


UNDECIDED, MISSING = "unknown-value", "missing-value"


def read_column(text: pl.DataFrame, feed: Feed, source: Source, how: Reading, table: Table) -> Read:
    """One canonical column of all rows, whatever is wrong with them."""
    made = _made(text, feed, source, how)
    value, bad = typed(made.text, made.names, how)
    values = value.alias(how.name)
    if made.undecided is not None:
        bad = bad | made.undecided
    empty = None
    if must(how.name, table) and values.null_count():
        empty = values.is_null() & ~bad
        bad = bad | empty
    return Read(values, bad, (), made, how, feed, empty)


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


# ---------------------------------------------------------------- one column, fast


def typed(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    """Values and which cells are bad. Repeating cells are parsed once a distinct value."""
    if how.type == "datetime" and len(names) == 2:
        return _two_columns(text, names, how)
    if how.type == "duration" and len(names) == 1 and (seconds := _all_seconds(text[names[0]], how)) is not None:
        return seconds, pl.repeat(False, len(seconds), eager=True)
    if how.type == "datetime":
        how = replace(how, sample=_sample(text[names[0]], how))
    if len(names) == 1 and _repeats(text[names[0]], how):
        return _by_distinct(text, names[0], how)
    return _most_likely(text, names, how)


def _most_likely(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    """Cell by cell: as if nothing were padded and all times of one form, and again, with patience, if that fails."""
    if how.type in WORDS:
        is_padded = text.select(pl.any_horizontal(padded(pl.col(name)).any() for name in names)).item()
        return _cellwise(text, names, replace(how, is_clean=not is_padded))
    value, bad = _cellwise(text, names, replace(how, is_clean=True))
    if not bad.any():
        return value, bad
    return _cellwise(text, names, replace(how, sample=_loose(how.sample)))


def _two_columns(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    first, second = halves(how)
    if second is None:
        return _cellwise(text, names, how)
    days, bad_days = typed(text, names[:1], first)
    clocks, bad_clocks = typed(text, names[1:], second)
    given = cells(pl.col(names[0]), how).is_not_null() | cells(pl.col(names[1]), how).is_not_null()
    parts = text.select(given.alias("@given")).with_columns(days.alias("@day"), clocks.alias("@clock"))
    made = together(pl.col("@given"), pl.col("@day"), pl.col("@clock"), how)
    out = parts.with_columns(made.value.alias("@value"))
    return out["@value"], out.with_columns(made.bad(pl.col("@value")).alias("@bad"))["@bad"] | bad_days | bad_clocks


def _cellwise(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    made = parse([pl.col(name) for name in names], how)
    out = text.select(*names, made.value.alias("@value"))
    return out["@value"], out.with_columns(made.bad(pl.col("@value")).alias("@bad"))["@bad"]


def _by_distinct(text: pl.DataFrame, name: str, how: Reading) -> tuple[pl.Series, pl.Series]:
    made = parse([pl.col(name)], how)
    known = text.select(pl.col(name).unique()).select(pl.col(name), value=made.value, bad=made.bad())
    out = text.select(name).join(known, on=name, how="left", nulls_equal=True, maintain_order="left")
    return out["value"], out["bad"]


def _all_seconds(column: pl.Series, how: Reading) -> pl.Series | None:
    """A column of plain seconds alone, the common case: one cast in place of every form a duration can have."""
    declared = how.format, how.decimal, how.thousands, how.map, how.negative
    if how.unit not in (None, "s") or declared != (None, ".", None, None, None) or how.null:
        return None
    value = column.cast(pl.Float64, strict=False)
    if value.null_count() != column.null_count() or value.is_nan().any():
        return None
    low, high = value.min(), value.max()
    fits = low is None or (low >= 0 and high <= how.longest_s)  # type: ignore[operator]
    return value if fits else None


def _repeats(column: pl.Series, how: Reading) -> bool:
    worth = how.type in REPEATING or how.map is not None
    plain = how.type in ("number", "money", "rating") and how.decimal == "." and how.thousands is None
    if not worth or (plain and how.map is None) or len(column) < MANY:
        return False
    return column.head(MANY // 2).n_unique() < MANY // 10


def _sample(column: pl.Series, how: Reading) -> str | None:
    found = column.to_frame().lazy().select(cells(pl.col(column.name), how).drop_nulls().first()).collect().item()
    return None if found is None else str(found)


def _loose(sample: str | None) -> str | None:
    """A sample that leaves the form open but keeps whether times carry an offset."""
    match = ISO.fullmatch(sample or "")
    return "2000-01-01 00:00:00.0Z" if match and match["zone"] else None


# ---------------------------------------------------------------- the second look


def _faults(read: Read) -> list[Fault]:
    return list(parse([pl.col(name) for name in read.made.names], read.how).faults)


def _unreadable(read: Read, bad: pl.DataFrame, shown: int) -> Iterator[Problem]:
    names, how, raw = read.made.names, read.how, read.feed.raw
    top = bad.head(shown)
    faults = _faults(read)
    held = top.select(f.when.fill_null(False).alias(str(i)) for i, f in enumerate(faults))
    lines = raw.line_of(top[ROW].to_list())
    texts = top.select(_joined(names)).to_series().to_list()
    name = "bad-cell"
    for index, (row, text) in enumerate(zip(top[ROW].to_list(), texts, strict=True)):
        flags = held.row(min(index, held.height - 1))
        fault = next((f for f, holds in zip(faults, flags, strict=True) if holds), faults[-1])
        name = fault.name
        what = f"{how.name}: {fault.text} Found {shape(text, how)}."
        yield Problem(Place(raw.name, lines.get(row, 0), read.column), fault.name, what)
    if len(bad) > shown:
        where = f"column '{names[0]}' ({read.column})" if read.column else f"'{how.name}'"
        yield Problem(Place(raw.name), name, f"{len(bad) - shown:,} more cells of {where} cannot be read.")


def _joined(names: Sequence[str]) -> pl.Expr:
    return pl.concat_str([pl.col(n).fill_null("").str.strip_chars() for n in names], separator=" ").str.strip_chars()


def _undecided(read: Read, found: pl.Series, shown: int) -> Iterator[Problem]:
    name = read.how.name
    text = f"{name}: no condition of the layout's `case` holds for this row, and `other` is not said."
    yield from _rows(read, found, shown, UNDECIDED, text, f"more rows fit no `case` of {name}.")


def _missing(read: Read, found: pl.Series, shown: int) -> Iterator[Problem]:
    """Cells that may not be empty: required ones, and the key's where it is one column."""
    name = read.how.name
    text = f"{name} is empty here, and every row of '{read.feed.table}' needs one."
    yield from _rows(read, found, shown, MISSING, text, f"more rows have no {name}.")


def _rows(read: Read, found: pl.Series, shown: int, name: str, text: str, rest: str) -> Iterator[Problem]:
    raw = read.feed.raw
    lines = raw.line_of(found.head(shown).to_list())
    for row in found.head(shown):
        yield Problem(Place(raw.name, lines.get(row, 0), read.column), name, text)
    if len(found) > shown:
        yield Problem(Place(raw.name), name, f"{len(found) - shown:,} {rest}")
