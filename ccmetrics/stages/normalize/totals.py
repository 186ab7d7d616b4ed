"""Totals out of rates and means: a pre-aggregated column times the column it is a mean over.

In: a column's source with its weight, and how the rate or mean reads. Out: totals, bad rows, and what to say of them.
Refuses to know: which columns need a weight (rates), other columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

import polars as pl

from ccmetrics.catalogue.models import Source, Table
from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.load import guarded
from ccmetrics.stages.normalize.cells import LARGEST, Fault, Parsed, Reading
from ccmetrics.stages.normalize.duplicates import Part
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.rejects import Bad, numbers
from ccmetrics.stages.normalize.text_column import ROW, SHOWN, Read, read_column

BAD = "bad-weight"
TEXT = "It is above 100% of its weight, or that is empty, or below zero, or too large to hold: no total comes of it."


@dataclass(frozen=True)
class Total:
    """What `Read` is to a column that needs no weight."""

    values: pl.Series
    bad: pl.Series
    notices: tuple[Notice, ...]
    mean: Read
    weight: Read
    lost: pl.Series
    """Rows whose two cells are good, and make no total."""

    def problems(self, shown: int = SHOWN) -> Iterator[Problem]:
        for part in (self.mean, self.weight):
            if part.bad.any():
                yield from part.problems(shown)
        raw = self.weight.feed.raw
        rows = self.weight.made.text.filter(self.lost)[ROW]
        lines = raw.line_of(rows.head(shown))
        for row in rows.head(shown):
            at = Place(raw.name, lines[row], self.weight.column)
            yield Problem(at, BAD, f"{self.values.name}: {TEXT}")
        if len(rows) > shown:
            yield Problem(Place(raw.name), BAD, f"{len(rows) - shown:,} more weights of {self.values.name} like these.")


def read_total(text: pl.DataFrame, feed: Feed, source: Source, how: Reading, table: Table) -> Total:
    """A column of all rows, each a rate or mean times its weight."""
    name = feed.actual(str(source.origin))
    signed = text[name].str.contains("%", literal=True).any()
    mean = read_column(text, feed, source, _of_mean(how, signed), table)
    weight = read_column(text, feed, weigher(source), _of_weight(how), table)
    pair = pl.DataFrame([mean.values.alias("mean"), weight.values.alias("weight")])
    found = pair.select(
        _total(pl.col("mean"), pl.col("weight")).alias(how.name),
        lost=_lost(pl.col("mean"), pl.col("weight"), how, mean.how),
    )
    lost = found["lost"] & ~mean.bad & ~weight.bad
    notices = (*mean.notices, *weight.notices, *_broken_counts(found[how.name], feed, source, how))
    return Total(found[how.name], mean.bad | weight.bad | lost, notices, mean, weight, lost)


def weighted(mean: Parsed, weight: Parsed, how: Reading) -> Parsed:
    """The same of columns that have a type of their own."""
    lost = _lost(mean.value, weight.value, how, for_typed(how)[0])
    faults = [replace(fault, when=part.bad() & fault.when) for part in (mean, weight) for fault in part.faults]
    value = _total(mean.value, weight.value)
    return Parsed(value, pl.lit(False), (*faults, Fault(BAD, TEXT, lost)), mean.bad() | weight.bad() | lost)


def weigher(source: Source) -> Source:
    """Where the weights come from."""
    return Source(origin=source.weight, where=source.where)


def for_typed(how: Reading) -> tuple[Reading, Reading]:
    """How the rate or mean, and how its weight reads, where columns have a type of their own."""
    return _of_mean(how, signed=False), _of_weight(how)


def unbounded(how: Reading, source: Source, table: Table) -> Reading:
    """A total of many contacts may be longer than any one of them."""
    return replace(how, longest_s=inf) if table.aggregated and source.weight is None else how


def _of_mean(how: Reading, signed: bool) -> Reading:
    """A number that is a share is read as one: 85% is 0.85."""
    is_share = how.type == "number" and (signed or how.unit in ("percent", "fraction"))
    return replace(how, type="percent") if is_share else how


def _of_weight(how: Reading) -> Reading:
    return Reading(how.name, "number", null=how.null, decimal=how.decimal, thousands=how.thousands)


def _total(mean: pl.Expr, weight: pl.Expr) -> pl.Expr:
    """Of nothing the total is 0, whatever its mean is said to be. To the millionth: means come as printed decimals."""
    return pl.when(weight == 0).then(0.0).otherwise((mean * weight).round(6))


def _lost(mean: pl.Expr, weight: pl.Expr, how: Reading, how_mean: Reading) -> pl.Expr:
    unknown = weight.is_null() & mean.is_not_null()
    above = (mean > 1) & (weight > 0) if how.type == "number" and how_mean.type == "percent" else pl.lit(False)
    return (unknown | above.fill_null(False) | (weight < 0) | ((mean * weight).abs() > LARGEST)).fill_null(False)


def _broken_counts(values: pl.Series, feed: Feed, source: Source, how: Reading) -> list[Notice]:
    """Of counts, how far they are from whole: a share is printed with so many digits."""
    off = (values - values.round()).abs().max() if how.type == "number" else None
    if not isinstance(off, float) or off < 1e-6:
        return []
    said = Notice(
        "{column}, '{mean}' times '{weight}', is up to {off:.2g} away from a whole number, and kept as it is.",
        column=how.name,
        mean=source.origin,
        weight=source.weight,
        off=off,
    )
    return [of_export(feed.raw.name, said)]


# ---------------------------------------------------------------- rows of which something is unknown

SPAN = "length_s"
"""How long an interval is: no total of what happened in it."""
UNKNOWN = "is empty in a row that counts something. Empty is not zero: write 0, or take rows without it out."


def incomplete(feed: Feed, part: Part, table: Table, bad: Sequence[Bad]) -> list[Bad]:
    """Totals that are empty beside counts that are not: nothing in one sum, and the row there in another.

    Where the layout itself takes some rows' cells and not others' (`where:`), it has said which are unknown.
    """
    sums = [c for c in part.columns & set(feed.columns) - {SPAN} if table.columns[c].type in ("number", "duration")]
    if not table.aggregated or not sums:
        return []
    known = numbers(bad) if bad else pl.Series(dtype=pl.UInt32)
    some = ~pl.col(ROW).is_in(known.implode()) & pl.any_horizontal(pl.col(c).fill_null(0) != 0 for c in sums)
    sums = sorted(c for c in sums if feed.columns[c].where is None)
    asked = [part.numbered.filter(some & pl.col(c).is_null()).select(ROW) for c in sums]
    found = guarded(partial(pl.collect_all, asked, engine="streaming"), feed.raw.name)
    rows = {c: frame[ROW].sort() for c, frame in zip(sums, found, strict=True)}
    return [Bad(each, partial(_unknown, feed, c, each), c) for c, each in rows.items() if len(each)]


def _unknown(feed: Feed, column: str, rows: pl.Series, shown: int) -> Iterator[Problem]:
    names, raw = [feed.actual(name) for name in sources(feed.columns[column])], feed.raw
    at, lines = place(raw, names[0]) if names else 0, raw.line_of(rows.head(shown))
    for row in rows.head(shown):
        yield Problem(Place(raw.name, lines[row], at), "missing-value", f"{column} {UNKNOWN}")
    if len(rows) > shown:
        yield Problem(Place(raw.name), "missing-value", f"{len(rows) - shown:,} more rows have no {column}.")
