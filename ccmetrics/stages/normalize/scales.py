"""Ratings against the scales they were given on, which stand in another column of the row.

In: the typed rows of one export for one table. Out: rows whose rating is no code of its scale.
Refuses to know: text forms, what a rating is worth.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

import polars as pl

from ccmetrics.catalogue.models import Table
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.load import guarded
from ccmetrics.stages.normalize.duplicates import ROW, Part
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.rejects import Bad

SCALES = {"csat": ("csat_scale", 5), "ces": ("ces_scale", 7)}
"""Ratings from 1 to the highest code of their scale: the column that says it, and what holds where it says nothing."""


def with_scales(columns: Collection[str], table: Table) -> set[str]:
    """The columns, and the scales that ratings among them are held against."""
    return {*columns, *(scale for name, (scale, _) in SCALES.items() if name in columns and scale in table.columns)}


def off_scale(feed: Feed, part: Part) -> list[Bad]:
    found = []
    for name, (scale, usual) in SCALES.items():
        if name not in part.columns:
            continue
        highest = pl.lit(usual) if scale not in part.columns else pl.col(scale).fill_null(usual)
        off = part.numbered.filter(~pl.col(name).is_between(1, highest)).select(ROW)
        rows = guarded(partial(pl.collect_all, [off], engine="streaming"), feed.raw.name)[0][ROW].sort()
        if len(rows):
            found.append(Bad(rows, partial(_problems, feed, name, scale, usual, rows)))
    return found


def _problems(feed: Feed, name: str, scale: str, usual: int, rows: pl.Series, shown: int) -> Iterator[Problem]:
    names = [feed.actual(column) for column in sources(feed.columns[name])]
    at, lines = place(feed.raw, names[0]) if names else 0, feed.raw.line_of(rows.head(shown))
    text = f"{name} is a code from 1 to the highest of its scale: `{scale}` of the row, or {usual} where that is empty."
    for row in rows.head(shown):
        yield Problem(Place(feed.raw.name, lines[row], at), "bad-rating", text)
    if len(rows) > shown:
        yield Problem(
            Place(feed.raw.name), "bad-rating", f"{len(rows) - shown:,} more cells of {name} are off its scale."
        )
