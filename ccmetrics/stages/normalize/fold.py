"""An event log, in which one contact is several lines, as one row a contact.

In: the log and how its layout folds it. Out: `Folded`: the rows, each at the line of its first event.
Refuses to know: canonical columns and types; what an event means, which the layout's conditions say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from ccmetrics.catalogue.models import Fold, Layout, Take
from ccmetrics.problem import DataRefused, Place, Problem, did_you_mean
from ccmetrics.stages.load import Raw, guarded, misfit_problems
from ccmetrics.stages.load.recognize import fold as plain
from ccmetrics.stages.normalize.conditions import cell, columns_used, condition
from ccmetrics.stages.normalize.feed import Feed, header_line, place, spelled
from ccmetrics.stages.normalize.written import written

LINE, LEG = "@line", "@leg"
SHOWN = 20
ADDABLE = r"^[+-]?\d{1,15}(?:\.\d{1,9})?$"
EXACT = pl.Decimal(38, 9)
"""Holds every sum of such numbers, over any log, as it is."""


@dataclass(frozen=True)
class Folded:
    """`raw`: the rows. `merged`: lines that went into the row of another. `skipped`: lines the layout leaves out."""

    raw: Raw
    merged: int = 0
    skipped: int = 0


def folded(raw: Raw, layout: Layout) -> Folded:
    """The log as its layout folds it; any other export as it is.

    Raises:
        DataRefused: a column is not there; a line has no contact, or a cell that cannot be added up. Tolerance is no
        help: of a contact that has lost a line, everything else would be told wrongly.
    """
    how = layout.fold
    if how is None:
        return Folded(raw)
    feed = Feed(raw, "log", {}, layout)
    lines = _lines(how, feed)
    feed = replace(feed, raw=replace(raw, kind="text"))  # So are the lines by now.
    kept = lines if how.where is None else lines.filter(condition(how.where, feed))
    problems = [
        *misfit_problems(raw),
        *_nameless(kept, how, feed),
        *_unaddable(kept, how, feed),
        *_backward(kept, how, feed),
    ]
    if problems:
        raise DataRefused(problems)
    contacts = kept.group_by(*_contact(how, feed), _leg(how, feed), maintain_order=True)
    rows = contacts.agg(pl.col(LINE).first(), *(_taken(name, take, feed) for name, take in how.columns.items()))
    return Folded(_as_raw(rows, how, raw), kept.height - rows.height, lines.height - kept.height)


def _lines(how: Fold, feed: Feed) -> pl.DataFrame:
    """The log's lines, in file order, with the columns that the fold looks at."""
    raw, there = feed.raw, spelled(feed.raw)
    named = [
        *how.by,
        *([how.order] if how.order else []),
        *(column for take in how.columns.values() for column in _columns(take)),
    ]
    absent = [name for name in named if plain(name) not in there]
    if absent:
        text = f"Layout '{_layout(feed)}' folds lines by '{absent[0]}', and the header has no such column."
        where = Place(raw.name, header_line(raw))
        raise DataRefused([Problem(where, "missing-column", text + did_you_mean(absent[0], raw.header))])
    conditions = [how.where or "", how.ends or "", *(take.where or "" for take in how.columns.values())]
    conditions += [text for take in how.columns.values() for text, _ in take.case or ()]
    for text in filter(None, conditions if raw.kind == "typed" else ()):
        condition(text, feed)  # While the types are known that it must be able to hold for.
    used = {feed.actual(name) for name in named}.union(*(columns_used(text, feed) for text in conditions if text))
    types = guarded(raw.frame.collect_schema, raw.name)
    lazy = raw.frame.select(written(pl.col(name), types[name]).alias(name) for name in raw.header if name in used)
    found = guarded(lambda: lazy.collect(), raw.name)
    raw.check_unchanged()
    return found.with_row_index(LINE)


def _contact(how: Fold, feed: Feed) -> list[pl.Expr]:
    """What tells contacts apart; null where a line names none, or by a word that the layout says means nothing."""
    nothing = list(feed.layout.null) if feed.layout else []
    cells = {name: cell(feed.actual(name)) for name in how.by}
    return [pl.when(~text.is_in(nothing)).then(text).alias(name) for name, text in cells.items()]


def _leg(how: Fold, feed: Feed) -> pl.Expr:
    """Which row of its contact a line goes into, counted from 1: the next one after every line that ends a leg."""
    if how.ends is None:
        return pl.lit("1").alias(LEG)
    ended = condition(how.ends, feed).cast(pl.Int64)
    return (1 + ended.cum_sum().over(_contact(how, feed)) - ended).cast(pl.String).alias(LEG)


def _columns(take: Take) -> list[str]:
    return [take.origin] if take.origin is not None else [column for _, column in take.case or ()]


def _parts(take: Take, feed: Feed) -> list[tuple[pl.Expr, str]]:
    """Which lines give a cell, and of which column; no line gives two."""
    free = pl.lit(True) if take.where is None else condition(take.where, feed)
    if take.origin is not None:
        return [(free, take.origin)]
    found = []
    for text, column in take.case or ():
        holds = condition(text, feed)
        found.append((free & holds, column))
        free = free & ~holds
    return found


def _taken(name: str, take: Take, feed: Feed) -> pl.Expr:
    """One cell of the row of a contact, from those of its lines for which the condition holds."""
    parts = _parts(take, feed)
    column = pl.coalesce(pl.when(given).then(cell(feed.actual(origin))) for given, origin in parts)
    given = column.filter(pl.any_horizontal(given for given, _ in parts))
    return PICKS[take.pick](given, feed.layout.decimal if feed.layout else ".").cast(pl.String).alias(name)


def _sum(given: pl.Expr, decimal: str) -> pl.Expr:
    """A sum of which a part is unknown is unknown, and so is one of no lines."""
    number = given.str.replace(decimal, ".", literal=True).cast(EXACT, strict=False)
    text = number.sum().cast(pl.String).str.replace(r"\.?0+$", "").str.replace(".", decimal, literal=True)
    return pl.when((given.len() > 0) & (given.null_count() == 0)).then(text)


PICKS: dict[str, Callable[[pl.Expr, str], pl.Expr]] = {
    "first": lambda given, decimal: given.first(),
    "last": lambda given, decimal: given.last(),
    "count": lambda given, decimal: given.count(),
    "sum": _sum,
}


def _as_raw(rows: pl.DataFrame, how: Fold, raw: Raw) -> Raw:
    header = (*how.by, *([how.leg] if how.leg else []), *how.columns)
    return replace(
        raw,
        kind="text",
        header=header,
        frame=rows.rename({LEG: how.leg} if how.leg else {}).select(header).lazy(),
        rows=rows.height,
        lines=partial(_lines_of, raw, rows[LINE]),
    )


def _lines_of(raw: Raw, first: pl.Series, rows: Iterable[int]) -> dict[int, int]:
    events = {row: int(first[row]) for row in rows}
    lines = raw.line_of(events.values())
    return {row: lines[event] for row, event in events.items()}


# ---------------------------------------------------------------- what cannot be folded


def _nameless(kept: pl.DataFrame, how: Fold, feed: Feed) -> Iterator[Problem]:
    keys = kept.select(_contact(how, feed))
    for name in how.by:
        text = f"This line has no '{name}', so nobody can tell its contact. Leave such lines out by `where:` of `fold`."
        yield from _at(kept[LINE].filter(keys[name].is_null()), name, "missing-value", text, feed)


def _backward(kept: pl.DataFrame, how: Fold, feed: Feed) -> Iterator[Problem]:
    """What is first and last of a contact is told by the order of its lines."""
    if how.order is None:
        return
    written = cell(feed.actual(how.order))
    number = written.cast(pl.Float64, strict=False)
    back = (
        (number < number.shift(1))
        if kept.select(number.count() == written.count()).item()
        else written < written.shift(1)
    )
    rows = kept.with_columns(back.over(_contact(how, feed)).alias("@back")).filter("@back")[LINE]
    text = (
        "This event is earlier than one that stands above it in the same contact. Sort the log by time, oldest first."
    )
    yield from _at(rows, how.order, "events-not-in-order", text, feed)


def _unaddable(kept: pl.DataFrame, how: Fold, feed: Feed) -> Iterator[Problem]:
    decimal = feed.layout.decimal if feed.layout else "."
    for name, take in how.columns.items():
        if take.pick != "sum":
            continue
        for counted, column in _parts(take, feed):
            number = cell(feed.actual(column)).str.replace(decimal, ".", literal=True)
            bad = kept.filter(counted & number.is_not_null() & ~number.str.contains(ADDABLE))[LINE]
            text = f"{name}: not a plain number (15 digits, 9 decimals at most), so it cannot be added to the others."
            yield from _at(bad, column, "bad-number", text, feed)


def _at(lines: pl.Series, column: str, name: str, text: str, feed: Feed) -> Iterator[Problem]:
    raw = feed.raw
    places = raw.line_of(lines.head(SHOWN))
    for line in lines.head(SHOWN):
        yield Problem(Place(raw.name, places[line], place(raw, feed.actual(column))), name, text)
    if len(lines) > SHOWN:
        yield Problem(Place(raw.name), name, f"{len(lines) - SHOWN:,} more lines like these, by '{column}'.")


def _layout(feed: Feed) -> str:
    return feed.layout.layout if feed.layout else feed.table
