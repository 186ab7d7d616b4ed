"""The rows of one CSV export for one table: cells read as text once, every needed column parsed, nothing bad let by.

In: a feed and which canonical columns are needed. Out: typed rows with their row numbers, or all bad cells with places.
Refuses to know: other exports, keys across files, measures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Source, Table
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load import Raw, guarded
from ccmetrics.stages.normalize.cells import Parsed, Reading, cells, padded, reading, said, shape
from ccmetrics.stages.normalize.choose import Feed, place, sources
from ccmetrics.stages.normalize.columns import WORDS, halves, parse
from ccmetrics.stages.normalize.conditions import cases, columns_used, condition, decided
from ccmetrics.stages.normalize.instants import ISO, together

ROW = "@row"
SHOWN = 20
# Below this a column is parsed cell by cell; above, by its distinct values if a sample shows that they repeat.
MANY = 20_000
REPEATING = frozenset({"duration", "flag", "percent", "date", "clock", "number", "money", "rating"})


@dataclass(frozen=True)
class Rows:
    """What one feed gives: `frame` has the canonical columns and the row numbers; filtered rows are gone from it."""

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

    def column(name: str) -> tuple[list[pl.Series], list[Problem]]:
        source = feed.columns[name]
        how = reading(name, table.columns[name], source, feed.layout, catalogue.project)
        try:
            values = one(text, feed, source, how)
        except DataRefused as refused:
            return [], list(refused.problems)
        return [values], list(_nulls(values, text, feed, source, table))

    # One column keeps one core busy; side by side they keep them all.
    with ThreadPoolExecutor(pl.thread_pool_size()) as beside:
        read = list(beside.map(column, [name for name in feed.columns if name in wanted]))
    problems = [problem for _, found in read for problem in found]
    if problems:
        raise DataRefused(problems)
    return Rows(feed, pl.DataFrame([text[ROW], *(values for series, _ in read for values in series)]), feed.raw.rows)


def one(text: pl.DataFrame, feed: Feed, source: Source, how: Reading) -> pl.Series:
    """One canonical column."""
    if source.constant is not None:
        word = str(source.constant) if not isinstance(source.constant, bool) else str(said(source.constant))
        return _checked(text.select(pl.lit(word).alias("@said"), ROW), ["@said"], feed, how)
    if source.case is not None:
        value, undecided = decided([(w, said(v)) for w, v in cases(source, feed)], said(source.other))
        made = text.select(ROW, value.alias("@said"), undecided.alias("@undecided"))
        if made["@undecided"].any():
            raise DataRefused(_undecided(made.filter("@undecided")[ROW], feed, how))
        return _checked(made, ["@said"], feed, how)
    names = [feed.actual(name) for name in sources(source)]
    if source.where is not None:
        kept = condition(source.where, feed)
        text = text.with_columns(pl.when(kept).then(pl.col(name)).alias(name) for name in names)
    return _checked(text, names, feed, how)


def _checked(text: pl.DataFrame, names: Sequence[str], feed: Feed, how: Reading) -> pl.Series:
    value, bad = typed(text, names, how)
    if bad.any():
        raise DataRefused(_bad_cells(text.filter(bad), names, feed, how, int(bad.sum())))
    return value.alias(how.name)


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


def _bad_cells(bad: pl.DataFrame, names: Sequence[str], feed: Feed, how: Reading, count: int) -> Iterator[Problem]:
    shown = bad.head(SHOWN)
    made: Parsed = parse([pl.col(name) for name in names], how)
    faults = list(made.faults)
    held = shown.select(f.when.fill_null(False).alias(str(i)) for i, f in enumerate(faults))
    lines = feed.raw.line_of(shown[ROW].to_list())
    texts = shown.select(_joined(names)).to_series().to_list()
    at = place(feed.raw, names[0]) if names[0] in feed.raw.header else 0
    name = "bad-cell"
    for index, (row, text) in enumerate(zip(shown[ROW].to_list(), texts, strict=True)):
        flags = held.row(min(index, held.height - 1))
        fault = next((f for f, holds in zip(faults, flags, strict=True) if holds), faults[-1])
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
        yield Problem(
            Place(feed.raw.name), "unknown-value", f"{len(found) - SHOWN:,} more rows fit no `case` of {how.name}."
        )


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
