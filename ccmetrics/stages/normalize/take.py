"""The text of one column as typed values: the fast way where all cells are alike, and a patient one where they are not.

In: cells and how they read. Out: values, which cells are bad, how they were read in the end, and what to say of it.
Refuses to know: files and lines, tables, what becomes of bad cells. Which way is taken changes no value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.notice import Notice
from ccmetrics.stages.normalize.cells import Counted, Parsed, Reading, cells, padded, tallies
from ccmetrics.stages.normalize.columns import WORDS, halves, joined, moments, parse
from ccmetrics.stages.normalize.durations import between
from ccmetrics.stages.normalize.fitting import fitted, is_open
from ccmetrics.stages.normalize.formats import ISO, OFFSET, PLAIN
from ccmetrics.stages.normalize.instants import together

# Below this a column is parsed cell by cell; above, by its distinct values if a sample shows that they repeat.
MANY = 20_000
REPEATING = frozenset({"duration", "flag", "percent", "date", "clock", "number", "money", "rating"})


@dataclass(frozen=True)
class Taken:
    value: pl.Series
    bad: pl.Series
    how: Reading
    notices: tuple[Notice, ...] = ()


def take(text: pl.DataFrame, names: Sequence[str], how: Reading) -> Taken:
    """One canonical column from the one or more columns of the export it is made of."""
    if how.type == "datetime" and len(names) == 2:
        return _two_columns(text, names, how)
    if how.type == "duration" and len(names) == 2:
        return _two_instants(text, names, how)
    is_free = len(names) == 1 and is_open(how)
    made = _of_one_form(text, names[0], how) if is_free else _known(text, names, how)
    return _with(made, text, [counted for name in names for counted in tallies(pl.col(name), how)])


def _with(made: Taken, frame: pl.DataFrame, counted: Sequence[Counted]) -> Taken:
    """With a sentence of each way of reading that a cell was read by."""
    if not counted:
        return made
    many = frame.select(each.when.sum().alias(str(at)) for at, each in enumerate(counted)).row(0)
    said = (each.said(made.how.name, n) for each, n in zip(counted, many, strict=True) if n)
    return replace(made, notices=(*made.notices, *said))


def _known(text: pl.DataFrame, names: Sequence[str], how: Reading) -> Taken:
    """Whose form needs no finding out. Repeating cells are parsed once a distinct value."""
    if len(names) == 1:
        if how.type == "duration" and (seconds := _all_seconds(text[names[0]], how)) is not None:
            return Taken(seconds, pl.repeat(False, len(seconds), eager=True), how)
        if _repeats(text[names[0]], how):
            return _by_distinct(text, names[0], how)
    if how.type in WORDS or how.other is not None:  # No cell of these is bad for want of being trimmed.
        is_padded = text.select(pl.any_horizontal(padded(pl.col(name)).any() for name in names)).item()
        return _cellwise(text, names, replace(how, is_clean=not is_padded))
    made = _cellwise(text, names, replace(how, is_clean=True))
    return _cellwise(text, names, how) if made.bad.any() else replace(made, how=how)


# ---------------------------------------------------------------- dates and times


def _of_one_form(text: pl.DataFrame, name: str, how: Reading) -> Taken:
    """In the form of the first cell, if it is a plain one that reads them all; else in the one that fits them best."""
    for form in () if how.formats else guesses(_first(text[name], how) if how.type == "datetime" else None, how):
        made = _known(text, [name], replace(how, format=form))
        if not made.bad.any():
            return replace(made, how=how)
    chosen, notices = fitted(text.group_by(pl.col(name).alias("cell")).len(), how)
    made = _known(text, [name], chosen)
    return replace(made, notices=(*made.notices, *notices))


def _first(column: pl.Series, how: Reading) -> str | None:
    """The first cell that holds anything."""
    found = column.to_frame().lazy().select(cells(pl.col(column.name), how).drop_nulls().first()).collect().item()
    return None if found is None else str(found)


def guesses(first: str | None, how: Reading) -> list[str | None]:
    """Forms that the first cell of a column makes likely, and that are quick to read."""
    if how.type != "datetime":
        return [None]
    match = ISO.fullmatch(first or "")
    if match is None:
        return [] if first else [None]
    if match["zone"]:
        return [OFFSET]
    if match["seconds"] and not match["fraction"]:
        return [f"%Y-%m-%d{'T' if match['between'] == 'T' else ' '}%H:%M:%S", PLAIN]
    return [PLAIN]


def _two_columns(text: pl.DataFrame, names: Sequence[str], how: Reading) -> Taken:
    first, second = halves(how)
    if second is None:
        whole = text.select(joined([cells(pl.col(name), how) for name in names]).alias("@joined"))
        made = take(whole, ["@joined"], replace(how, null=(), split=None))
        return _with(made, text, [counted for name in names for counted in tallies(pl.col(name), how)])
    days, clocks = take(text, names[:1], first), take(text, names[1:], second)
    given = cells(pl.col(names[0]), how).is_not_null() | cells(pl.col(names[1]), how).is_not_null()
    parts = text.select(given.alias("@given")).with_columns(days.value.alias("@day"), clocks.value.alias("@clock"))
    made = _evaluated(parts, together(pl.col("@given"), pl.col("@day"), pl.col("@clock"), how), how)
    return replace(
        made,
        bad=made.bad | days.bad | clocks.bad,
        how=replace(how, halves=(days.how, clocks.how)),
        notices=(*days.notices, *clocks.notices, *made.notices),
    )


def _two_instants(text: pl.DataFrame, names: Sequence[str], how: Reading) -> Taken:
    begun, over = (take(text, [name], each) for name, each in zip(names, moments(how), strict=True))
    parts = pl.DataFrame([begun.value.alias("@begun"), over.value.alias("@over")])
    made = _evaluated(parts, between(pl.col("@begun"), pl.col("@over"), how), how)
    return replace(
        made,
        bad=made.bad | begun.bad | over.bad,
        how=replace(how, halves=(begun.how, over.how)),
        notices=(*begun.notices, *over.notices, *made.notices),
    )


# ---------------------------------------------------------------- the cells at last


def _cellwise(text: pl.DataFrame, names: Sequence[str], how: Reading) -> Taken:
    return _evaluated(text.select(*dict.fromkeys(names)), parse([pl.col(name) for name in names], how), how)


def _evaluated(frame: pl.DataFrame, made: Parsed, how: Reading) -> Taken:
    out = frame.with_columns(made.value.alias("@value"))
    bad = out.select(made.bad(pl.col("@value")).alias("@bad")).to_series()
    if len(bad) != len(out):
        bad = bad.new_from_index(0, len(out))
    return _with(Taken(out["@value"], bad, how), frame, made.counted)


def _by_distinct(text: pl.DataFrame, name: str, how: Reading) -> Taken:
    made = parse([pl.col(name)], how)
    counts = [each.when.alias(f"@{at}") for at, each in enumerate(made.counted)]
    read = made.value.alias("@value"), made.bad().alias("@bad")
    known = text.select(pl.col(name).unique()).select(pl.col(name), *counts, *read)
    out = text.select(name).join(known, on=name, how="left", nulls_equal=True, maintain_order="left")
    counted = [replace(each, when=pl.col(f"@{at}")) for at, each in enumerate(made.counted)]
    return _with(Taken(out["@value"], out["@bad"], how), out, counted)


def _all_seconds(column: pl.Series, how: Reading) -> pl.Series | None:
    """A column of plain seconds alone, the common case: one cast in place of every form a duration can have."""
    if not is_of_seconds(how):
        return None
    value = column.cast(pl.Float64, strict=False)
    if value.null_count() != column.null_count() or value.is_nan().any():
        return None
    low, high = value.min(), value.max()
    fits = low is None or (low >= 0 and high <= how.longest_s)  # type: ignore[operator]
    return value if fits else None


def is_of_seconds(how: Reading) -> bool:
    """Whether a plain number of the column is in seconds, and nothing else is said of its cells."""
    declared = how.format, how.decimal, how.thousands, how.map, how.negative, how.split
    return how.unit in (None, "s") and declared == (None, ".", None, None, None, None) and not how.null


def _repeats(column: pl.Series, how: Reading) -> bool:
    worth = how.type in REPEATING or how.map is not None
    plain = how.type in ("number", "money", "rating") and how.decimal == "." and how.thousands is None
    if not worth or (plain and how.map is None) or len(column) < MANY:
        return False
    return column.head(MANY // 2).n_unique() < MANY // 10
