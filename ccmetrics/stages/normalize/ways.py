"""How a column that is read lazily may be taken: quick ways, each good if no cell is bad by it, before the patient one.

In: a column's source, how it reads, and its type in the file. Out: ways, expressions that stay lazy.
Refuses to know: which way is taken in the end, rows and lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Source
from ccmetrics.notice import Notice
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.load import guarded
from ccmetrics.stages.normalize.cells import Fault, Parsed, Reading, cells, said, tallies
from ccmetrics.stages.normalize.columns import WORDS, halves, joined, moments, parse
from ccmetrics.stages.normalize.conditions import cases, condition, decided, kept
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.fitting import fitted, is_open
from ccmetrics.stages.normalize.identity import told_apart
from ccmetrics.stages.normalize.take import guesses, is_of_seconds
from ccmetrics.stages.normalize.totals import for_typed, weigher, weighted
from ccmetrics.stages.normalize.typed import WrongTypeError, convert
from ccmetrics.stages.normalize.written import is_writable, written


@dataclass(frozen=True)
class Way:
    """One way to take a column."""

    parsed: Parsed
    how: Reading
    notices: tuple[Notice, ...] = ()
    last: bool = True
    """What is bad by it is bad."""


@dataclass(frozen=True)
class Column:
    """One canonical column of a lazily read export."""

    feed: Feed
    source: Source
    how: Reading
    schema: pl.Schema
    is_dirty: Callable[[str], bool]
    """Whether a text column of the file has cells that are padded or empty, so that all must be trimmed."""

    @property
    def names(self) -> list[str]:
        return [self.feed.actual(name) for name in sources(self.source)]

    @property
    def raws(self) -> list[pl.Expr]:
        if self.source.where is None:
            return [pl.col(name) for name in self.names]
        holds = condition(self.source.where, self.feed)
        return [pl.when(holds).then(pl.col(name)) for name in self.names]

    @property
    def texts(self) -> list[pl.Expr]:
        """Raises WrongTypeError where there are none."""
        types = [self.schema[name] for name in self.names]
        if not all(map(is_writable, types)):
            raise WrongTypeError
        return [written(raw, dtype) for raw, dtype in zip(self.raws, types, strict=True)]

    def wrong_type(self) -> Problem:
        name = next((name for name in self.names if not is_writable(self.schema[name])), self.names[0])
        text = f"{self.how.name} is a {self.how.type}, which cannot be taken from a column of type {self.schema[name]}."
        return Problem(Place(self.feed.raw.name, 0, place(self.feed.raw, name)), "bad-type", text)


def ways(column: Column) -> Iterator[Way]:
    """Raises WrongTypeError for a column that cannot stand for the canonical one."""
    yield from _quick(column)
    yield patient(column)


def patient(column: Column) -> Way:
    """In the form that all cells were asked for, where it is open."""
    how, notices = _in_form(column)
    return Way(_parsed(replace(column, how=how)), how, notices)


def _quick(column: Column) -> Iterator[Way]:
    """As if nothing were padded, and all times of one form: so is nearly every column of text there is."""
    source, how = column.source, column.how
    is_plain = source.origin is not None and source.weight is None and source.date is None and source.other is None
    if not is_plain or how.formats or how.type in WORDS or column.schema[column.names[0]] != pl.String:
        return
    raw = column.raws[0]
    hidden = tuple(tallies(raw, how))
    if how.type == "duration" and is_of_seconds(how):
        value = raw.cast(pl.Float64, strict=False)
        kept = pl.when(value.is_between(0, how.longest_s)).then(value)
        yield Way(Parsed(kept, raw.is_not_null(), counted=hidden), how, last=False)
        return
    forms = guesses(_first(column) if how.type == "datetime" else None, how) if is_open(how) else [how.format]
    for form in forms:
        made = parse([raw], replace(how, format=form, is_clean=True))
        yield Way(replace(made, counted=(*made.counted, *hidden)), how, last=False)


def _first(column: Column) -> str | None:
    """The first cell that holds anything."""
    given = column.feed.raw.frame.select(cells(column.raws[0], column.how).alias("cell")).drop_nulls().head(1)
    found = guarded(lambda: given.collect(engine="streaming").to_series(), column.feed.raw.name)
    return found[0] if len(found) else None


def _in_form(column: Column) -> tuple[Reading, tuple[Notice, ...]]:
    how, names, raws = column.how, column.names, column.raws
    if column.source.weight is not None or column.source.apart is not None:
        return how, ()
    if len(names) == 1:
        return _asked(column, raws[0], names[0], how)
    if len(names) == 2 and how.type in ("datetime", "duration"):
        first, second = halves(how) if how.type == "datetime" else moments(how)
        if second is None:
            return _asked(column, joined([cells(raw, how) for raw in raws]), names[0], how)
        one, other = (_asked(column, *each) for each in zip(raws, names, (first, second), strict=True))
        return replace(how, halves=(one[0], other[0])), (*one[1], *other[1])
    return how, ()


def _asked(column: Column, raw: pl.Expr, name: str, how: Reading) -> tuple[Reading, tuple[Notice, ...]]:
    """Of one column of text, how it reads once all its cells have been asked."""
    feed = column.feed
    if column.schema[name] != pl.String or not is_open(how):
        return how, ()
    rows = feed.raw.frame if feed.where is None else feed.raw.frame.filter(kept(feed))
    counts = rows.group_by(raw.alias("cell")).len()
    return fitted(guarded(lambda: counts.collect(engine="streaming"), feed.raw.name), how)


def _parsed(column: Column) -> Parsed:
    source, how, names = column.source, column.how, column.names
    if source.weight is not None:
        mean, weight = for_typed(how)
        rate = replace(column, source=source.model_copy(update={"weight": None}), how=mean)
        return weighted(_parsed(rate), _parsed(replace(column, source=weigher(source), how=weight)), how)
    if source.constant is not None:
        word = source.constant if not isinstance(source.constant, bool) else said(source.constant)
        return parse([pl.lit(str(word))], how)
    if source.case is not None:
        return _decided(column)
    raws = column.raws
    if source.apart is not None:
        return parse([told_apart(column.texts, len(source.apart), how)], how)
    if len(names) > 1 or source.date is not None:
        made = parse(column.texts, how)
    else:
        is_clean = how.type in WORDS and not column.is_dirty(names[0])
        made = convert(raws[0], column.schema[names[0]], replace(how, is_clean=is_clean))
    texts = [raw for raw, name in zip(raws, names, strict=True) if column.schema[name] == pl.String]
    return replace(made, counted=(*made.counted, *(each for raw in texts for each in tallies(raw, how))))


def _decided(column: Column) -> Parsed:
    pairs: list[tuple[pl.Expr, str | bool | None]] = [
        (when, said(then)) for when, then in cases(column.source, column.feed)
    ]
    value, undecided = decided(pairs, said(column.source.other))
    inner = parse([value], column.how)
    none = Fault("unknown-value", UNDECIDED, undecided)
    return replace(inner, faults=(none, *inner.faults), wrong=inner.wrong | undecided)


UNDECIDED = "no condition of the layout's `case` holds for this row, and `other` is not said."

__all__ = ["Column", "Way", "WrongTypeError", "patient", "ways"]
