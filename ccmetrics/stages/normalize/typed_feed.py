"""The rows of one export that is read lazily, for one table: lazy casts, and a streaming pass that tells which are bad.

In: a feed and which canonical columns are needed. Out: a lazy frame that may be scanned again and again, and its count.
Refuses to know: other exports, keys across files, measures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Table
from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load import guarded
from ccmetrics.stages.normalize.cells import Fault, Reading, padded, reading
from ccmetrics.stages.normalize.columns import WORDS
from ccmetrics.stages.normalize.conditions import kept as rows_of
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.orders import names_of
from ccmetrics.stages.normalize.rejects import Bad
from ccmetrics.stages.normalize.screen import must, screen
from ccmetrics.stages.normalize.text_column import blamed, first_fault, joined, sentence
from ccmetrics.stages.normalize.totals import unbounded
from ccmetrics.stages.normalize.ways import Column, Way, WrongTypeError, patient, ways

ROW = "@row"


@dataclass(frozen=True)
class Typed:
    """What one feed gives. `numbered` is `frame` with row numbers, for second looks."""

    frame: pl.LazyFrame
    numbered: pl.LazyFrame
    rows: int
    filtered: int
    bad: tuple[Bad, ...]
    """Rows whose values mean nothing."""
    notices: tuple[Notice, ...]
    numbers: Mapping[str, pl.LazyFrame]
    """Integer columns that became text, as the integers they are in the file: their order is cheap to prove."""
    forms: tuple[tuple[str, str], ...] = ()
    """Columns of dates and times, each with the form it was found to be of."""


def typed_rows(feed: Feed, wanted: Collection[str], catalogue: Catalogue) -> Typed:
    """The feed's table, lazily.

    Raises:
        DataRefused: columns of unfit types.
    """
    table = catalogue.tables[feed.table]
    kept = rows_of(feed)
    hows = {
        c: unbounded(reading(c, table.columns[c], s, feed.layout, catalogue.project), s, table)
        for c, s in feed.columns.items()
        if c in wanted
    }
    screened = screen(feed, hows, table)
    made = _columns(feed, hows, _dirty(feed, hows, kept, screened.clean))
    count, taken = _taken(feed, made, screened.fit, table, kept)
    values = [way.parsed.value.alias(column) for column, (way, _) in taken.items()]
    # Columns that are made of constants alone would come out as a single row.
    source = feed.raw.frame if feed.where is None else feed.raw.frame.filter(kept)
    numbered = feed.raw.frame.with_row_index(ROW)
    numbered = numbered if feed.where is None else numbered.filter(kept)
    frame, again = source.with_columns(values).select(list(taken)), numbered.with_columns(values).select(ROW, *taken)
    bad = [each for column, (way, row) in taken.items() for each in _bad(feed, column, way, row, table, kept)]
    notices = [notice for column, (way, row) in taken.items() for notice in (*way.notices, *_counted(column, way, row))]
    said = tuple(of_export(feed.raw.name, notice) for notice in notices)
    forms = tuple((column, form) for column, (way, _) in taken.items() for form in names_of(way.how))
    return Typed(frame, again, count, _filtered(feed, kept), tuple(bad), said, _numbers(feed, hows, source), forms)


def _filtered(feed: Feed, kept: pl.Expr) -> int:
    if feed.where is None:
        return 0
    others = feed.raw.frame.select((~kept).sum())
    return int(guarded(lambda: others.collect(engine="streaming").item(), feed.raw.name))


def _numbers(feed: Feed, hows: dict[str, Reading], source: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    plain = {c: feed.columns[c] for c, how in hows.items() if how.type == "id"}
    plain = {c: s for c, s in plain.items() if s.origin is not None and s.where is None and s.map is None}
    actual = {c: feed.actual(sources(s)[0]) for c, s in plain.items()}
    return {c: source.select(pl.col(n).alias(c)) for c, n in actual.items() if schema[n].is_integer()}


def _columns(feed: Feed, hows: dict[str, Reading], dirty: set[str]) -> dict[str, Column]:
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    return {c: Column(feed, feed.columns[c], how, schema, dirty.__contains__) for c, how in hows.items()}


def _dirty(feed: Feed, hows: dict[str, Reading], kept: pl.Expr, clean: Collection[str]) -> set[str]:
    """Text columns in which some cell is padded or empty, so that all must be trimmed. Mostly none."""
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    names = {
        feed.actual(name) for column, how in hows.items() if how.type in WORDS for name in sources(feed.columns[column])
    }
    asked = sorted(
        name
        for name in names - set(clean)
        if schema[name] == pl.String or isinstance(schema[name], (pl.Categorical, pl.Enum))
    )
    if not asked:
        return set()
    lazy = feed.raw.frame.filter(kept).select(padded(pl.col(name).cast(pl.String)).any().alias(name) for name in asked)
    row = guarded(lambda: lazy.collect(engine="streaming").row(0, named=True), feed.raw.name)
    return {name for name, is_dirty in row.items() if is_dirty}


# ---------------------------------------------------------------- the proof

NONE = pl.lit(None, dtype=pl.String)
Counts = Mapping[str, Any]
"""What one pass counts: `rows`, and by column `bad`, `empty`, and what is to be said of its cells."""


def _taken(
    feed: Feed, columns: Mapping[str, Column], fit: Collection[str], table: Table, kept: pl.Expr
) -> tuple[int, dict[str, tuple[Way, Counts]]]:
    """How many rows there are, and every column in the first way that fits all its cells, or else in the patient one.

    One pass as a rule; another only for columns whose quick way failed.
    """
    taken: dict[str, tuple[Way, Counts]] = {}
    left: dict[str, Iterator[Way]] = {}
    problems = []
    for name, column in columns.items():
        left[name] = iter((patient(column),)) if name in fit else ways(column)
    rows = feed.raw.rows if feed.where is None else None
    while left:
        tried = {}
        for name, more in list(left.items()):
            try:
                tried[name] = next(more)
            except WrongTypeError:
                problems.append(columns[name].wrong_type())
                del left[name]
        asked = {name: way for name, way in tried.items() if name not in fit}
        row = _counts(feed, asked, table, kept) if asked or rows is None else {}
        rows = row.get("rows", rows)
        for name, way in tried.items():
            if way.last or not (row[f"bad {name}"] or row.get(f"empty {name}")):
                taken[name] = way, row
                del left[name]
    if problems:
        raise DataRefused(problems)
    return int(rows or 0), {name: taken[name] for name in columns}


def _counts(feed: Feed, tried: Mapping[str, Way], table: Table, kept: pl.Expr) -> Counts:
    parsed = {name: way.parsed for name, way in tried.items()}
    empty = {name: p.value.is_null() & ~p.bad() for name, p in parsed.items() if must(name, table)}
    counted = {f"{name} {at}": e.when for name, p in parsed.items() for at, e in enumerate(p.counted)}
    flags = {
        **{f"bad {name}": p.bad() for name, p in parsed.items()},
        **{f"empty {name}": found for name, found in empty.items()},
        **{f"counted {name}": when for name, when in counted.items()},
    }
    lazy = feed.raw.frame.filter(kept).select(pl.lit(1).alias("rows"), **flags)
    counts = lazy.select(pl.len().alias("rows"), *(pl.col(name).sum() for name in flags))
    return guarded(lambda: counts.collect(engine="streaming").row(0, named=True), feed.raw.name)


def _counted(column: str, way: Way, row: Counts) -> Iterator[Notice]:
    """Ways of reading that nobody sees from the cells."""
    for at, each in enumerate(way.parsed.counted):
        if n := row.get(f"counted {column} {at}"):
            yield each.said(column, n)


def _bad(feed: Feed, column: str, way: Way, row: Counts, table: Table, kept: pl.Expr) -> Iterator[Bad]:
    parsed = way.parsed
    if row.get(f"bad {column}"):
        yield _of(feed, column, way.how, kept & parsed.bad(), parsed.faults, "more cells of {} cannot be read.")
    if row.get(f"empty {column}"):
        text = f"{column} is empty here, and every row of '{feed.table}' needs one."
        missing = Fault("missing-value", text, pl.lit(True))
        rest = f"more rows have no {column}."
        yield _of(feed, column, way.how, kept & parsed.value.is_null() & ~parsed.bad(), (missing,), rest)


def _of(feed: Feed, column: str, how: Reading, when: pl.Expr, faults: tuple[Fault, ...], rest: str) -> Bad:
    numbered = feed.raw.frame.with_row_index(ROW).filter(when).select(ROW)
    rows = guarded(lambda: numbered.collect(engine="streaming"), feed.raw.name).to_series().sort()
    return Bad(rows, partial(_places, feed, column, how, rows, faults, rest), column)


def _places(
    feed: Feed, column: str, how: Reading, rows: pl.Series, faults: tuple[Fault, ...], rest: str, shown: int
) -> Iterator[Problem]:
    """Rows by the first fault that each has."""
    raw, names = feed.raw, [feed.actual(name) for name in sources(feed.columns[column])]
    texts = NONE
    for at, fault in enumerate(faults if raw.kind == "text" and names else ()):
        text = joined([pl.col(name) for name in blamed(fault, names)])
        texts = pl.when(pl.col("@fault") == at).then(text).otherwise(texts)
    numbered = raw.frame.with_row_index(ROW).with_columns(first_fault(faults).alias("@fault"))
    numbered = numbered.select(ROW, "@fault", texts.alias("@text"))
    asked = numbered.filter(pl.col(ROW).is_in(rows.implode()))
    found = guarded(lambda: asked.collect(engine="streaming"), raw.name).sort(ROW)
    for (number,), cells in found.group_by("@fault", maintain_order=True):
        fault, top = faults[int(str(number))], cells.head(shown)
        lines, name = raw.line_of(top[ROW]), blamed(fault, names)[0] if names else ""
        at = place(raw, name) if name else 0
        for row, text in top.select(ROW, "@text").iter_rows():
            yield Problem(Place(raw.name, lines[row], at), fault.name, _sentence(feed, column, fault, text, how))
        if cells.height > shown:
            where = f"column '{name}' ({at})" if at else f"'{column}'"
            yield Problem(Place(raw.name), fault.name, f"{cells.height - shown:,} {rest.format(where)}")


def _sentence(feed: Feed, column: str, fault: Fault, text: str | None, how: Reading) -> str:
    if fault.name == "missing-value":
        what = fault.text
    else:
        what = f"{column}: {fault.text}" if text is None else sentence(fault, text, how)
    return what if feed.raw.kind == "text" else f"{what} (The line is the row's number.)"
