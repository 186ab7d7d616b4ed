"""The rows of one CSV export for one table: cells read as text once, every needed column parsed, nothing bad let by.

In: a feed and which canonical columns are needed. Out: typed rows with their row numbers, or all bad cells with places.
Refuses to know: other exports, keys across files, measures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Source, Table
from ccmetrics.cells import Parsed, Reading, cells, reading, said, shape
from ccmetrics.choose import Feed, place, sources
from ccmetrics.columns import PARSERS, both, halves, parse
from ccmetrics.conditions import cases, columns_used, condition, decided
from ccmetrics.instants import together
from ccmetrics.load import Raw, guarded
from ccmetrics.problem import DataRefused, Place, Problem

ROW = "@row"
SHOWN = 20
# Below this a column is parsed cell by cell; above, by its distinct values if a sample shows that they repeat.
MANY = 20_000
REPEATING = frozenset({"duration", "flag", "percent", "date", "clock", "number", "money", "rating"})


@dataclass(frozen=True)
class Rows:
    """What one feed gives. `frame` has the canonical columns and the row numbers, and rows that were filtered are gone."""

    feed: Feed
    frame: pl.DataFrame
    read: int


def used(feed: Feed, wanted: Collection[str]) -> set[str]:
    """The export's columns that are needed at all."""
    kept = [source for column, source in feed.columns.items() if column in wanted]
    conditions = [feed.where or ""] + [s.where or "" for s in kept] + [c for s in kept for c, _ in s.case or ()]
    named = {feed.actual(name) for source in kept for name in sources(source)}
    return named.union(*(columns_used(text, feed) for text in conditions if text))


def collect(raw: Raw, columns: Collection[str]) -> pl.DataFrame:
    """The cells of an export as text, with row numbers."""
    order = [header for header in raw.header if header in columns] or list(raw.header[:1])
    found = guarded(lambda: raw.frame.select(order).collect(), raw.name)
    raw.check_unchanged()
    return found.with_row_index(ROW)


def rows(feed: Feed, text: pl.DataFrame, wanted: Collection[str], catalogue: Catalogue) -> Rows:
    """Typed rows of the feed's table.

    Raises:
        DataRefused: with up to 20 bad cells a column at their places, and the rest counted.
    """
    if feed.where is not None:
        text = text.filter(condition(feed.where, feed))
    table = catalogue.tables[feed.table]
    series = [text[ROW]]
    problems: list[Problem] = []
    for column, source in feed.columns.items():
        if column not in wanted:
            continue
        how = reading(column, table.columns[column], source, feed.layout, catalogue.project)
        try:
            values = one(text, feed, source, how)
        except DataRefused as refused:
            problems += refused.problems
            continue
        problems += _nulls(values, text, feed, source, table)
        series.append(values)
    if problems:
        raise DataRefused(problems)
    return Rows(feed, pl.DataFrame(series), feed.raw.rows)


def one(text: pl.DataFrame, feed: Feed, source: Source, how: Reading) -> pl.Series:
    """One canonical column."""
    if source.constant is not None:
        word = str(source.constant) if not isinstance(source.constant, bool) else str(said(source.constant))
        return _checked(text.select(pl.lit(word).alias("@said"), ROW), ["@said"], feed, how, text.height)
    if source.case is not None:
        value, undecided = decided([(w, said(v)) for w, v in cases(source, feed)], said(source.other))
        made = text.select(ROW, value.alias("@said"), undecided.alias("@undecided"))
        if made["@undecided"].any():
            raise DataRefused(_undecided(made.filter("@undecided")[ROW], feed, how))
        return _checked(made, ["@said"], feed, how, text.height)
    names = [feed.actual(name) for name in sources(source)]
    if source.where is not None:
        kept = condition(source.where, feed)
        text = text.with_columns(pl.when(kept).then(pl.col(name)).alias(name) for name in names)
    return _checked(text, names, feed, how, text.height)


def _checked(text: pl.DataFrame, names: Sequence[str], feed: Feed, how: Reading, height: int) -> pl.Series:
    value, bad = typed(text, names, how)
    if bad.any():
        raise DataRefused(_bad_cells(text.filter(bad), names, feed, how, int(bad.sum())))
    return (value if len(value) == height else value.new_from_index(0, height)).alias(how.name)


# ---------------------------------------------------------------- one column, fast


def typed(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    """Values and which cells are bad. Repeating cells are parsed once a distinct value."""
    if how.type == "datetime" and len(names) == 2:
        return _two_columns(text, names, how)
    if how.type == "datetime":
        how = replace(how, sample=_sample(text[names[0]], how))
        value, bad = _cellwise(text, names, how)
        # Cells not all of the sample's form: every ISO form is tried before any is called bad.
        return (value, bad) if not bad.any() or how.sample is None else _cellwise(text, names, replace(how, sample=_loose(how.sample)))
    if len(names) == 1 and _repeats(text[names[0]], how):
        return _by_distinct(text, names[0], how)
    return _cellwise(text, names, how)


def _two_columns(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    first, second = halves(how)
    if second is None:
        return _cellwise(text, names, how)
    days, bad_days = typed(text, names[:1], first)
    clocks, bad_clocks = typed(text, names[1:], second)
    given = cells(pl.col(names[0]), how).is_not_null() | cells(pl.col(names[1]), how).is_not_null()
    parts = text.select(given.alias("@given")).with_columns(days.alias("@day"), clocks.alias("@clock"))
    made = together(pl.col("@given"), pl.col("@day"), pl.col("@clock"), how)
    out = parts.select(value=made.value, bad=made.bad)
    return out["value"], out["bad"] | bad_days | bad_clocks


def _cellwise(text: pl.DataFrame, names: Sequence[str], how: Reading) -> tuple[pl.Series, pl.Series]:
    made = parse([pl.col(name) for name in names], how)
    out = text.select(value=made.value, bad=made.bad)
    return out["value"], out["bad"]


def _by_distinct(text: pl.DataFrame, name: str, how: Reading) -> tuple[pl.Series, pl.Series]:
    made = parse([pl.col(name)], how)
    known = text.select(pl.col(name).unique()).select(pl.col(name), value=made.value, bad=made.bad)
    out = text.select(name).join(known, on=name, how="left", nulls_equal=True, maintain_order="left")
    return out["value"], out["bad"]


def _repeats(column: pl.Series, how: Reading) -> bool:
    worth = how.type in REPEATING or how.map is not None
    plain = how.type in ("number", "money", "rating") and how.decimal == "." and how.thousands is None
    if not worth or plain and how.map is None or len(column) < MANY:
        return False
    return column.head(MANY // 2).n_unique() < MANY // 10


def _sample(column: pl.Series, how: Reading) -> str | None:
    found = column.to_frame().lazy().select(cells(pl.col(column.name), how).drop_nulls().first()).collect().item()
    return None if found is None else str(found)


def _loose(sample: str) -> str | None:
    """A sample that leaves the form open but keeps whether times carry an offset."""
    return "2000-01-01 00:00:00.0Z" if sample[-1] in "zZ" or sample[-6:-5] in ("+", "-") or sample[-5:-4] in ("+", "-") else None


# ---------------------------------------------------------------- the second look


def _bad_cells(bad: pl.DataFrame, names: Sequence[str], feed: Feed, how: Reading, count: int) -> Iterator[Problem]:
    shown = bad.head(SHOWN)
    made: Parsed = parse([pl.col(name) for name in names], how)
    faults = list(made.faults)
    held = shown.select(f.when.fill_null(False).alias(str(i)) for i, f in enumerate(faults))
    lines = feed.raw.line_of(shown[ROW].to_list())
    texts = shown.select(_joined(names)).to_series().to_list()
    at = place(feed.raw, names[0]) if names[0] in feed.raw.header else 0
    name = "bad-cell"
    for index, (row, text) in enumerate(zip(shown[ROW].to_list(), texts)):
        flags = held.row(min(index, held.height - 1))
        fault = next((f for f, holds in zip(faults, flags) if holds), faults[-1])
        name = fault.name
        what = f"{how.name}: {fault.text} Found {shape(text, how)}."
        yield Problem(Place(feed.raw.name, lines.get(row, 0), at), fault.name, what)
    if count > SHOWN:
        where = f"column '{names[0]}' ({at})" if at else f"'{how.name}'"
        yield Problem(Place(feed.raw.name), name, f"{count - SHOWN:,} more cells of {where} cannot be read.")


def _joined(names: Sequence[str]) -> pl.Expr:
    return pl.concat_str([pl.col(n).fill_null("").str.strip_chars() for n in names], separator=" ").str.strip_chars()


def _undecided(found: pl.Series, feed: Feed, how: Reading) -> Iterator[Problem]:
    lines = feed.raw.line_of(found.head(SHOWN).to_list())
    for row in found.head(SHOWN):
        text = f"{how.name}: no condition of the layout's `case` holds for this row, and `other` is not said."
        yield Problem(Place(feed.raw.name, lines.get(row, 0)), "unknown-value", text)
    if len(found) > SHOWN:
        yield Problem(Place(feed.raw.name), "unknown-value", f"{len(found) - SHOWN:,} more rows fit no `case` of {how.name}.")


def _nulls(values: pl.Series, text: pl.DataFrame, feed: Feed, source: Source, table: Table) -> Iterator[Problem]:
    """Cells that may not be empty: required ones, and the key's where it is one column."""
    column = table.columns[values.name]
    must = column.required or table.key == (values.name,)
    if not must or column.default is not None or not values.null_count():
        return
    found = text.filter(values.is_null())[ROW]
    lines = feed.raw.line_of(found.head(SHOWN).to_list())
    names = [feed.actual(name) for name in sources(source)]
    at = place(feed.raw, names[0]) if names else 0
    for row in found.head(SHOWN):
        what = f"{values.name} is empty here, and every row of '{feed.table}' needs one."
        yield Problem(Place(feed.raw.name, lines.get(row, 0), at), "missing-value", what)
    if len(found) > SHOWN:
        yield Problem(Place(feed.raw.name), "missing-value", f"{len(found) - SHOWN:,} more rows have no {values.name}.")


