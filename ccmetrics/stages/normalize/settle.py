"""One export read into its tables, again without its bad rows if it has any, until nothing bad is left.

In: the feeds of one export, and which columns a run needs. Out: `Settled`: typed parts, and what was bad.
Refuses to know: other exports, whether the run as a whole bears what is bad, text forms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Table
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load import Raw, guarded, misfit_problems
from ccmetrics.stages.normalize.duplicates import ROW, UNREAD, Part
from ccmetrics.stages.normalize.feed import APART, VERSION, Feed
from ccmetrics.stages.normalize.orders import Form
from ccmetrics.stages.normalize.rejects import Bad, misfits_aside, no_rejects, numbers, set_aside, without
from ccmetrics.stages.normalize.scales import off_scale, with_scales
from ccmetrics.stages.normalize.spelling import plainly
from ccmetrics.stages.normalize.text_feed import collect, is_lazy, rows, used
from ccmetrics.stages.normalize.tolerance import Tolerance
from ccmetrics.stages.normalize.totals import incomplete
from ccmetrics.stages.normalize.typed_feed import Typed, typed_rows

SHOWN = 20
NEVER = pl.Datetime("us")
"""The type of a version, where there is none."""

DTYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(("id", "category", "text", "person"), pl.String()),
    **dict.fromkeys(("number", "money", "percent", "rating", "duration"), pl.Float64()),
    "flag": pl.Boolean(),
    "datetime": pl.Datetime("us"),
    "date": pl.Date(),
}

Fed = tuple[int, Feed]
"""A feed with its number among all of the run."""


@dataclass(frozen=True)
class Settled:
    """One export without its bad rows."""

    raw: Raw
    """As it was."""
    parts: tuple[Part, ...]
    filtered: Mapping[int, int]
    """By part: rows that its layout does not want in the table."""
    bad: int
    problems: tuple[Problem, ...]
    """What is wrong with the bad rows."""
    rejects: pl.DataFrame
    """The bad rows, as far as they are few enough to be set aside."""
    broken: tuple[Problem, ...]
    """What is wrong with the export as a whole: nothing helps against it."""
    notices: tuple[Notice, ...]
    lost: Mapping[str, pl.DataFrame]
    """By table: the bad rows that were set aside, as far as the table could read them."""
    forms: tuple[Form, ...]
    """Of its dates and times."""

    @property
    def read(self) -> int:
        return self.raw.rows + self.raw.misfits.height

    @property
    def reasons(self) -> dict[str, int]:
        return dict(self.rejects.group_by("reason").len().sort("reason").iter_rows())


@dataclass(frozen=True)
class _Look:
    """One reading of all feeds of an export."""

    parts: list[Part]
    filtered: dict[int, int]
    bad: list[Bad]
    broken: list[Problem]
    notices: list[Notice]
    unread: dict[int, pl.Series]
    """By part: rows that are bad in its own columns."""
    forms: list[Form]


def settle(
    fed: Sequence[Fed], catalogue: Catalogue, needed: Mapping[str, Collection[str]] | None, allowed: Tolerance
) -> Settled:
    """What is left is exactly what would be read from the file if its bad rows were not in it."""
    feeds = [feed for _, feed in fed]
    raw = whole = feeds[0].raw
    read, bad = raw.rows + raw.misfits.height, raw.misfits.height
    problems = misfit_problems(raw)
    rejects = [no_rejects()]
    tables = {index: feed.table for index, feed in fed}
    broken: list[Problem] = []
    if bad and allowed.is_any and any(VERSION in feed.columns for feed in feeds):
        problems, broken = [], [_of_any_row(raw), *problems]
    lost: dict[str, list[pl.DataFrame]] = {}
    if bad and allowed.allows(bad, read):
        rejects.append(misfits_aside(raw, feeds, catalogue))
    while (look := _look([(index, replace(feed, raw=raw)) for index, feed in fed], catalogue, needed)).bad:
        gone = numbers(look.bad)
        bad += len(gone)
        problems += [problem for each in look.bad for problem in each.problems(SHOWN)]
        if look.broken:
            break
        if allowed.allows(bad, read):
            rejects.append(set_aside(raw, feeds, look.bad, catalogue))
            for part in look.parts if allowed.is_any else ():
                lost.setdefault(tables[part.export], []).append(_lost(part, gone, look.unread[part.export]))
            broken += _unnamed(feeds, catalogue, look.bad) if allowed.is_any else ()
        raw = without(raw, gone)
    return Settled(
        whole,
        tuple(look.parts),
        look.filtered,
        bad,
        tuple(problems),
        pl.concat(rejects).sort("line", "column"),
        (*broken, *look.broken),
        tuple(dict.fromkeys(look.notices)),
        {table: pl.concat(found, how="diagonal_relaxed") for table, found in lost.items()},
        tuple(look.forms),
    )


def _lost(part: Part, gone: pl.Series, unread: pl.Series) -> pl.DataFrame:
    """Of the rows that leave an export what one table has read, and whether it was enough to tell what they say."""
    there = part.numbered.with_columns((pl.col(ROW).is_in(unread.implode())).alias(UNREAD))
    both = [there, part.unwanted.with_columns(pl.lit(True).alias(UNREAD))] if part.unwanted is not None else [there]
    found = pl.concat(both, how="diagonal_relaxed").filter(pl.col(ROW).is_in(gone.implode())).drop(ROW)
    found = found if VERSION in found.collect_schema() else found.with_columns(pl.lit(None, NEVER).alias(VERSION))
    return guarded(found.collect, part.raw.name)


def _unnamed(feeds: Sequence[Feed], catalogue: Catalogue, bad: Sequence[Bad]) -> Iterator[Problem]:
    """What is wrong with the keys of rows that come in versions."""
    keys = {column for feed in feeds if VERSION in feed.columns for column in catalogue.tables[feed.table].key}
    unread = [each for each in bad if each.column in keys]
    if unread:
        yield _of_any_row(feeds[0].raw)
    for each in unread:
        yield from each.problems(SHOWN)


def _of_any_row(raw: Raw) -> Problem:
    text = "Rows come in versions (`latest:`), and of a bad one nobody can tell whose it is. Mend it: set aside, it "
    return Problem(Place(raw.name), "version-set-aside", f"{text}would let an earlier version count.")


def _look(fed: Sequence[Fed], catalogue: Catalogue, needed: Mapping[str, Collection[str]] | None) -> _Look:
    """Every feed read; the cells of an export of text are fetched once for all of them."""
    look = _Look([], {}, [], [], [], {}, [])
    columns = [wanted(feed, catalogue.tables[feed.table], needed) for _, feed in fed]
    raw = fed[0][1].raw
    try:
        text = None
        if raw.kind == "text" and not (is_lazy(raw) and all(_is_lone(feed) for _, feed in fed)):
            text = collect(raw, set().union(*(used(feed, w) for (_, feed), w in zip(fed, columns, strict=True))))
    except DataRefused as refused:
        return replace(look, broken=list(refused.problems))
    for (index, feed), mine in zip(fed, columns, strict=True):
        try:
            _into(look, index, feed, text, mine, catalogue)
        except DataRefused as refused:
            look.broken.extend(refused.problems)
    return look


def _is_lone(feed: Feed) -> bool:
    """Whether every cell says what it says without a look at the cells of other rows, or of its weight."""
    return all(source.weight is None and source.apart is None for source in feed.columns.values())


def _into(
    look: _Look, index: int, feed: Feed, text: pl.DataFrame | None, mine: Collection[str], catalogue: Catalogue
) -> None:
    table = catalogue.tables[feed.table]
    made = _made(feed, text, mine, catalogue)
    part = _part(index, feed.raw, made.frame, made.numbered, made.rows, table, mine)
    part = replace(part, numbers=made.numbers)
    bad = (*made.bad, *off_scale(feed, part))
    bad = (*bad, *incomplete(feed, part, table, bad))
    if feed.where is not None and VERSION in feed.columns:
        names = {c: source for c, source in feed.columns.items() if c in (*table.key, VERSION)}
        others = _made(replace(feed, columns=names, unwanted=True), text, mine, catalogue)
        keys = _part(index, feed.raw, others.frame, others.numbered, others.rows, table, set(table.key))
        made = replace(made, forms=(*made.forms, *others.forms))
        part, bad = replace(part, unwanted=keys.numbered), (*bad, *others.bad)
    if catalogue.project.names == "nfkc":
        part = _spelled(part, table)
    look.unread[index] = numbers(bad) if bad else pl.Series(dtype=pl.UInt32)
    look.parts.append(part)
    look.filtered[index] = made.filtered
    look.bad.extend(map(_of_contact, bad) if feed.layout and feed.layout.fold else bad)
    look.notices.extend(made.notices)
    kind = feed.layout.layout if feed.layout else feed.table
    look.forms.extend(Form(kind, f"{feed.table}.{column}", form, feed.raw.name) for column, form in made.forms)


def _of_contact(bad: Bad) -> Bad:
    """A folded row has no line of its own."""

    def problems(shown: int) -> Iterator[Problem]:
        for each in bad.problems(shown):
            yield replace(each, text=f"{each.text} (The line is the first of its contact in the log.)")

    return replace(bad, problems=problems)


def _made(feed: Feed, text: pl.DataFrame | None, mine: Collection[str], catalogue: Catalogue) -> Typed:
    """The rows of a feed, whichever way its cells are read."""
    if text is None:
        return typed_rows(feed, mine, catalogue)
    found = rows(feed, text, mine, catalogue)
    frame = found.frame.lazy()
    return Typed(frame.drop(ROW), frame, found.frame.height, found.filtered, found.bad, found.notices, {}, found.forms)


def _spelled(part: Part, table: Table) -> Part:
    alike = plainly(table, part.columns)
    others = part.unwanted
    if others is not None:
        others = others.with_columns(plainly(table, part.columns & set(others.collect_schema())))
    frame, numbered = part.frame.with_columns(alike), part.numbered.with_columns(alike)
    return replace(part, frame=frame, numbered=numbered, unwanted=others)


def _part(
    index: int, raw: Raw, frame: pl.LazyFrame, numbered: pl.LazyFrame, count: int, table: Table, mine: Collection[str]
) -> Part:
    there = frame.collect_schema().names()
    filled, columns = _defaults(there, table, mine)
    return Part(
        index,
        raw,
        frame.with_columns(filled).select(*columns),
        numbered.with_columns(filled).select(ROW, *columns),
        count,
        frozenset(columns) - {VERSION, APART},
        filled=frozenset(columns) - frozenset(there),
    )


def _defaults(there: Sequence[str], table: Table, mine: Collection[str]) -> tuple[list[pl.Expr], list[str]]:
    """Defaults, for cells and for whole columns that are not there."""
    filled, columns = [], list(there)
    for name, column in table.columns.items():
        default = column.default
        if default is None or name not in mine:
            continue
        if isinstance(default, str) and default in table.columns:
            if default not in there:
                continue
            value = pl.col(default)
        else:
            value = pl.lit(default, dtype=DTYPES[column.type])
        filled.append(pl.coalesce(pl.col(name), value).alias(name) if name in there else value.alias(name))
        columns += [] if name in there else [name]
    return filled, columns


def wanted(feed: Feed, table: Table, needed: Mapping[str, Collection[str]] | None) -> set[str]:
    """Columns to parse: those asked for; the key, times and required ones always; and what their defaults name."""
    readable = {name for name, column in table.columns.items() if not column.derived}
    if needed is None:
        return readable
    mine = {*table.key, table.time, table.until, table.as_of, *needed.get(feed.table, ())}
    mine |= {name for name, column in table.columns.items() if column.required}
    for name in list(mine):
        if name in table.columns and isinstance(default := table.columns[name].default, str):
            mine.add(default)
    return with_scales({name for name in mine if name}, table) & readable
