"""A look at one export: what it is, what it holds, which layout fits, what is doubtful, and a layout to begin with.

In: a path and the catalogue. Out: an inert `Inspection`.
Refuses to know: periods, measures, how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.inspect.columns import Seen, columns, frame_of
from ccmetrics.stages.inspect.draft import draft
from ccmetrics.stages.inspect.fitting import Fit, fit
from ccmetrics.stages.inspect.suspicions import days_of, suspicions
from ccmetrics.stages.load import Raw, misfit_problems
from ccmetrics.stages.normalize import Account, normalize
from ccmetrics.stages.normalize.feed import sources

__all__ = ["Fit", "Inspection", "Seen", "inspect"]


@dataclass(frozen=True)
class Inspection:
    raw: Raw
    fit: Fit
    columns: tuple[Seen, ...]
    feeds: dict[str, tuple[str, ...]]
    """Column of the export to the canonical columns read from it, as `table.column`."""
    private: frozenset[str]
    """Columns of the export whose values are nobody's business, as far as the layout knows."""
    covers: tuple[str, str, str] | None
    """First day, last day, and the column that says so."""
    suspicions: tuple[Notice, ...]
    accounts: tuple[Account, ...]
    """What became of the rows when they were read, where a layout fits."""
    problems: tuple[Problem, ...]
    """What is wrong with them."""
    notices: tuple[Notice, ...]
    draft: str
    """A layout to begin with, where nothing fits."""


def inspect(raw: Raw, catalogue: Catalogue) -> Inspection:
    """Everything that can be said of one export without being told what is asked of it."""
    frame = frame_of(raw)
    seen = columns(raw, frame)
    found = fit(raw, catalogue)
    accounts, problems, notices = _read(raw, found, catalogue)
    feeds, private = _feeds(found, catalogue)
    return Inspection(
        raw,
        found,
        seen,
        feeds,
        private,
        _covers(_dated(seen, feeds, catalogue), frame),
        suspicions(seen, frame),
        accounts,
        problems,
        notices,
        "" if found.feeds else draft(raw, seen, catalogue),
    )


def _read(
    raw: Raw, found: Fit, catalogue: Catalogue
) -> tuple[tuple[Account, ...], tuple[Problem, ...], tuple[Notice, ...]]:
    """The export read in earnest, every column, as far as a layout or its name says how."""
    if not found.feeds:
        return (), tuple(misfit_problems(raw)), raw.notices
    try:
        normalized = normalize([raw], catalogue)
    except DataRefused as refused:
        return (), tuple(refused.problems), raw.notices
    return tuple(normalized.accounts), (), tuple(normalized.notices)


def _feeds(found: Fit, catalogue: Catalogue) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    fed: dict[str, list[str]] = {}
    private = set()
    for feed in found.feeds:
        definitions = catalogue.tables[feed.table].columns
        for column, source in feed.columns.items():
            if column not in definitions:  # The hidden column by which versions are told apart.
                continue
            for name in map(feed.actual, sources(source)):
                fed.setdefault(name, []).append(f"{feed.table}.{column}")
                if definitions[column].private:
                    private.add(name)
    return {name: tuple(targets) for name, targets in fed.items()}, frozenset(private)


def _dated(seen: Sequence[Seen], feeds: Mapping[str, Sequence[str]], catalogue: Catalogue) -> list[Seen]:
    """Columns of days, those first that put rows in a period."""
    times = {f"{name}.{table.time}" for name, table in catalogue.tables.items()}
    dated = [column for column in seen if column.taken in ("datetime", "date")]
    return sorted(dated, key=lambda column: not times & set(feeds.get(column.name, ())))


def _covers(seen: Sequence[Seen], frame: pl.DataFrame) -> tuple[str, str, str] | None:
    for column in seen:
        days = days_of(frame[column.name], column).drop_nulls()
        if len(days):
            return str(days.min()), str(days.max()), column.name
    return None
