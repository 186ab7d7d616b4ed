"""The rows of one CSV export for one table: cells read as text once, every needed column parsed.

In: a feed and which canonical columns are needed. Out: typed rows with their row numbers, and which of them are bad.
Refuses to know: other exports, keys across files, measures.
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load import Raw, guarded
from ccmetrics.stages.normalize.cells import reading
from ccmetrics.stages.normalize.conditions import columns_used, kept
from ccmetrics.stages.normalize.feed import APART, Feed, sources
from ccmetrics.stages.normalize.orders import names_of
from ccmetrics.stages.normalize.rejects import Bad
from ccmetrics.stages.normalize.text_column import ROW, Read, read_column
from ccmetrics.stages.normalize.totals import Total, read_total, unbounded

LARGE = 512 << 20
"""Bytes of a file from which on its cells are not fetched at once but read lazily, as those of Parquet are."""


@dataclass(frozen=True)
class Rows:
    """What one feed gives: `frame` has the canonical columns and the row numbers; filtered rows are gone from it."""

    frame: pl.DataFrame
    filtered: int
    bad: tuple[Bad, ...]
    """Rows whose values mean nothing."""
    notices: tuple[Notice, ...]
    forms: tuple[tuple[str, str], ...] = ()
    """Columns of dates and times, each with the form it was found to be of."""


def is_lazy(raw: Raw) -> bool:
    return raw.kind == "typed" or raw.stamp[0] >= LARGE


def used(feed: Feed, wanted: Collection[str]) -> set[str]:
    """The export's columns that are needed at all."""
    kept = [source for column, source in feed.columns.items() if column in wanted]
    conditions = [feed.where or ""] + [s.where or "" for s in kept] + [c for s in kept for c, _ in s.case or ()]
    weights = [str(source.weight) for source in kept if source.weight is not None]
    named = {feed.actual(name) for name in [*(name for source in kept for name in sources(source)), *weights]}
    return named.union(*(columns_used(text, feed) for text in conditions if text))


def collect(raw: Raw, columns: Collection[str]) -> pl.DataFrame:
    """The cells of an export as text, with row numbers."""
    order = [header for header in raw.header if header in columns] or list(raw.header[:1])
    found = guarded(lambda: raw.frame.select(order).collect(), raw.name)
    raw.check_unchanged()
    if found.height != raw.rows:  # The guard and the engine, each by its own reading of the quotes.
        text = "The quotes of this file can be read in two ways. Export it again, every text cell in quotes."
        raise DataRefused([Problem(Place(raw.name), "quotes-unclear", text)])
    return found.with_row_index(ROW)


def rows(feed: Feed, text: pl.DataFrame, wanted: Collection[str], catalogue: Catalogue) -> Rows:
    """Typed rows of the feed's table, bad ones too."""
    everything = text.height
    if feed.where is not None:
        text = text.filter(kept(feed))
    table = catalogue.tables[feed.table]

    def column(name: str) -> Read | Total:
        source = feed.columns[name]
        how = reading(name, table.columns[name], source, feed.layout, catalogue.project)
        if source.weight is not None:
            return read_total(text, feed, source, how, table)
        return read_column(text, feed, source, unbounded(how, source, table), table)

    # One column keeps one core busy; side by side they keep them all.
    with ThreadPoolExecutor(pl.thread_pool_size()) as beside:
        read = list(beside.map(column, [name for name in feed.columns if name in wanted]))
    bad = [Bad(text[ROW].filter(each.bad), each.problems, each.values.name) for each in read if each.bad.any()]
    frame = pl.DataFrame([text[ROW], *(each.values for each in read), *_apart(text, feed, wanted)])
    notices = tuple(notice for each in read for notice in each.notices)
    forms = [(each.how.name, form) for each in read if isinstance(each, Read) for form in names_of(each.how)]
    return Rows(frame, everything - text.height, tuple(bad), notices, tuple(forms))


def _apart(text: pl.DataFrame, feed: Feed, wanted: Collection[str]) -> list[pl.Series]:
    """Ids are numbered export by export: of the same one in two exports, this tells whether it is the same row."""
    names = [str(name) for column in feed.columns if column in wanted for name in feed.columns[column].apart or ()]
    cells = [pl.col(feed.actual(name)).str.strip_chars().fill_null("") for name in names]
    if not cells:
        return []
    content = pl.struct(cell.alias(str(at)) for at, cell in enumerate(cells))
    return [text.select(content.hash().alias(APART)).to_series()]
