"""One export as it feeds one table, and the header's own words for what a layout names.

In: an export and the sources of a table's columns. Out: `Feed`, columns by the names this header has for them.
Refuses to know: how a layout is chosen, cells, types, rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ccmetrics.catalogue.models import Catalogue, Column, Layout, Names, Source
from ccmetrics.stages.load import Raw
from ccmetrics.stages.load.recognize import called, fold

VERSION = "`latest`"
"""A column beside the canonical ones, by which the latest of several versions of a row is known."""
APART = "@apart"
"""Another: what rows of one id are told apart by, as a number. Nobody sees it."""


@dataclass(frozen=True)
class Feed:
    """One export as it feeds one table."""

    raw: Raw
    table: str
    columns: Mapping[str, Source]
    """Canonical column to its source, those the export has; and `VERSION`, where the layout says `latest:`."""
    layout: Layout | None = None
    where: str | None = None
    folded: int = 0
    """Lines of an event log that went into the row of another line, before any table was looked at."""
    skipped: int = 0
    """Lines of it that its layout left out before."""
    unwanted: bool = False
    """Whether it is about the rows that `where` leaves out: where rows come in versions, theirs matter too."""

    def actual(self, named: str) -> str:
        """The header's own spelling of a column the layout names."""
        return spelled(self.raw)[fold(named)]


def versioned(catalogue: Catalogue) -> Catalogue:
    """The catalogue with `VERSION` as a required column of every table that some layout feeds in versions."""
    fed = {name for layout in catalogue.layouts.values() for name, part in layout.tables.items() if part.latest}
    version = Column(type="datetime", required=True)
    tables = {
        name: table.model_copy(update={"columns": {**table.columns, VERSION: version}}) if name in fed else table
        for name, table in catalogue.tables.items()
    }
    return catalogue.model_copy(update={"tables": tables}) if fed else catalogue


def spelled(raw: Raw) -> dict[str, str]:
    return {fold(name): name for name in raw.header}


SEVERAL = ("datetime", "join", "between", "apart")
"""What of a source names more than one column."""


def named(source: Source) -> tuple[Names, ...]:
    """The export's columns a canonical column is read from, each by all the names it goes by."""
    if source.origin is not None:
        return (source.origin,)
    return tuple(names for key in SEVERAL for names in getattr(source, key) or ())


def sources(source: Source) -> tuple[str, ...]:
    """The same, each by its first name."""
    return tuple(called(names)[0] for names in named(source))


def seen(source: Source) -> tuple[str, ...]:
    """Those of them that the value itself shows: not what only tells its rows apart."""
    return sources(source.model_copy(update={"apart": None}))


def resolved(source: Source, header: Sequence[str]) -> Source | None:
    """The source with each of its columns by the name this header has for it; None where one is not there."""

    def one(names: Names) -> str:
        return next((name for name in called(names) if fold(name) in there), "")

    there = {fold(name) for name in header}
    update: dict[str, object] = {}
    if source.origin is not None:
        update["origin"] = one(source.origin)
    for key in SEVERAL:
        if (several := getattr(source, key)) is not None:
            update[key] = tuple(one(names) for names in several)
    if source.weight is not None:
        update["weight"] = one(source.weight)
    gone = any("" in (value if isinstance(value, tuple) else (value,)) for value in update.values())
    return None if gone else source.model_copy(update=update)


def header_line(raw: Raw) -> int:
    return raw.header_line


def place(raw: Raw, column: str) -> int:
    """Number of a column in the file, counted from 1; 0 where it is none of the file's own."""
    return raw.columns.index(column) + 1 if column in raw.columns else 0
