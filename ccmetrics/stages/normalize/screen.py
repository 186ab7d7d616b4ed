"""A first look at a typed export: whole columns proven fit by their extremes and their distinct words.

In: a feed of a Parquet file and how its columns are read. Out: the columns that need no cell-by-cell proof.
Refuses to know: what is wrong where. A column that this cannot clear is only looked at again, cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Table
from ccmetrics.stages.load import guarded
from ccmetrics.stages.normalize.cells import LARGEST, Reading, padded
from ccmetrics.stages.normalize.columns import WORDS, parse
from ccmetrics.stages.normalize.feed import Feed, sources
from ccmetrics.stages.normalize.numbers import WHOLE
from ccmetrics.stages.normalize.zones import SPAN

TICKS = {"ms": 10**3, "us": 10**6, "ns": 10**9}
YEARS = -62_135_596_800, 253_402_300_799
"""The years 1 to 9999 in seconds from 1970: what Python has values for."""
SAMPLE = 50_000
"""Rows that tell whether a text column has few distinct words; the proof itself is over all rows."""


@dataclass(frozen=True)
class Screened:
    """`fit`: canonical columns whose every cell can be taken as it is. `clean`: their text columns in the file."""

    fit: frozenset[str]
    clean: frozenset[str]


def screen(feed: Feed, hows: Mapping[str, Reading], table: Table) -> Screened:
    """Extremes of numbers and times, and the distinct words of columns that have few: a fraction of a full proof."""
    if feed.where is not None:
        return Screened(frozenset(), frozenset())
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    plain = {c: feed.actual(sources(feed.columns[c])[0]) for c, how in hows.items() if _is_plain(feed, c, how)}
    ranged = {c: name for c, name in plain.items() if _limits(hows[c], schema[name]) is not None}
    worded = {c: name for c, name in plain.items() if hows[c].type in WORDS and schema[name] == pl.String}
    few = _few(feed, worded)
    small = {c: name for c, name in worded.items() if name in few}
    extremes = feed.raw.frame.select(
        *(_lowest(pl.col(n), schema[n]).alias(f"low {c}") for c, n in ranged.items()),
        *(_highest(pl.col(n), schema[n]).alias(f"high {c}") for c, n in ranged.items()),
        *(pl.col(n).null_count().alias(f"null {c}") for c, n in plain.items() if must(c, table)),
    )
    words = [feed.raw.frame.select(pl.col(name).alias("word")).unique() for name in small.values()]
    first, *rest = guarded(lambda: pl.collect_all([extremes, *words], engine="streaming"), feed.raw.name)
    found = first.row(0, named=True) if first.width else {}
    fit = {c for c, n in ranged.items() if _inside(found[f"low {c}"], found[f"high {c}"], _limits(hows[c], schema[n]))}
    fit |= {c for c, name in plain.items() if _needs_no_look(hows[c], schema[name])}
    fit |= {c for c, frame in zip(small, rest, strict=True) if _are_fit(frame["word"].drop_nulls(), hows[c])}
    fit -= {c for c in fit if found.get(f"null {c}")}
    return Screened(frozenset(fit), frozenset(plain[c] for c in fit if c in worded))


def _is_plain(feed: Feed, column: str, how: Reading) -> bool:
    """Whether the cell is taken as it is: from one column, always, with no words or signs of its own."""
    source = feed.columns[column]
    taken = source.origin is not None and source.where is None and source.map is None and not how.null
    taken = taken and source.weight is None and source.split is None
    return taken and source.negative is None and column not in WHOLE


def _limits(how: Reading, dtype: pl.DataType) -> tuple[float, float] | tuple[datetime, datetime] | None:
    """What the extremes of a column must lie within for every cell to be fit; None where they cannot tell."""
    if dtype.is_numeric():
        if how.type == "duration" and how.unit in (None, "s"):
            return 0.0, how.longest_s
        if how.type == "percent" and how.unit is None:
            return -1.0, 1.0
        return (-LARGEST, LARGEST) if how.type in ("number", "money", "rating") else None
    if dtype == pl.Date and how.type == "date":
        first, last = (day.toordinal() - date(1970, 1, 1).toordinal() for day in SPAN)
        return first, last
    if isinstance(dtype, pl.Datetime) and how.type == "datetime" and (dtype.time_zone or how.zone) == "UTC":
        return datetime.combine(SPAN[0], datetime.min.time()), datetime.combine(SPAN[1], datetime.min.time())
    return None


def _lowest(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return _nearer(column.to_physical().min(), dtype) if dtype.is_temporal() else column.min()


def _highest(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The greatest value; NaN where there is one, which a plain maximum would pass over."""
    if dtype.is_temporal():
        return _nearer(column.to_physical().max(), dtype)
    return column.nan_max() if dtype.is_float() else column.max()


def _nearer(ticks: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A time that Python has a value for; of days their number. A damaged one may lie 292 million years ahead."""
    if not isinstance(dtype, pl.Datetime):
        return ticks
    seconds = ticks // TICKS[dtype.time_unit]
    return (seconds.clip(*YEARS) * 1_000_000).cast(pl.Datetime("us"))


def _inside(low: Any, high: Any, limits: Any) -> bool:
    if low is None or high is None:
        return low is high
    least, most = limits
    # Infinity is no number that may stand in a cell; NaN fails every comparison.
    return bool(least <= low and high <= most and low not in (inf, -inf) and high not in (inf, -inf))


def _needs_no_look(how: Reading, dtype: pl.DataType) -> bool:
    return (how.type == "flag" and dtype == pl.Boolean) or (how.type in WORDS and dtype.is_integer() and not how.values)


def _few(feed: Feed, worded: Mapping[str, str]) -> set[str]:
    names = sorted(set(worded.values()))
    if not names:
        return set()
    asked = feed.raw.frame.head(SAMPLE).select(pl.len().alias("@rows"), *(pl.col(n).n_unique() for n in names))
    row = guarded(lambda: asked.collect(engine="streaming").row(0, named=True), feed.raw.name)
    return {name for name in names if row[name] * 10 <= row["@rows"]}


def _are_fit(words: pl.Series, how: Reading) -> bool:
    made, word = parse([pl.col("word")], replace(how, is_clean=True)), pl.col("word")
    return not words.to_frame("word").select((padded(word) | made.bad()).any()).item()


def must(column: str, table: Table) -> bool:
    definition = table.columns[column]
    return definition.default is None and (definition.required or table.key == (column,))
