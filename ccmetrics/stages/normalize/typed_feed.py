"""The rows of one Parquet export for one table: lazy casts, and one streaming pass that tells which are bad.

In: a feed and which canonical columns are needed. Out: a lazy frame that may be scanned again and again, and its count.
Refuses to know: other exports, keys across files, measures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Source, Table
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load import guarded
from ccmetrics.stages.normalize.cells import Fault, Parsed, Reading, padded, reading, said, tallies
from ccmetrics.stages.normalize.columns import WORDS, parse
from ccmetrics.stages.normalize.conditions import cases, condition, decided
from ccmetrics.stages.normalize.feed import Feed, place, sources
from ccmetrics.stages.normalize.fitting import fitted, is_open
from ccmetrics.stages.normalize.identity import told_apart
from ccmetrics.stages.normalize.rejects import Bad
from ccmetrics.stages.normalize.screen import must, screen
from ccmetrics.stages.normalize.totals import for_typed, unbounded, weigher, weighted
from ccmetrics.stages.normalize.typed import WrongTypeError, convert

ROW = "@row"


@dataclass(frozen=True)
class Typed:
    """What one feed gives. `numbered` is `frame` with row numbers, for second looks."""

    frame: pl.LazyFrame
    numbered: pl.LazyFrame
    rows: int
    filtered: int
    bad: tuple[Bad, ...]
    """Rows whose values mean nothing."""
    notices: tuple[str, ...]
    numbers: Mapping[str, pl.LazyFrame]
    """Integer columns that became text, as the integers they are in the file: their order is cheap to prove."""


def typed_rows(feed: Feed, wanted: Collection[str], catalogue: Catalogue) -> Typed:
    """The feed's table, lazily.

    Raises:
        DataRefused: columns of unfit types.
    """
    table = catalogue.tables[feed.table]
    kept = pl.lit(True) if feed.where is None else condition(feed.where, feed)
    hows = {
        c: unbounded(reading(c, table.columns[c], s, feed.layout, catalogue.project), s, table)
        for c, s in feed.columns.items()
        if c in wanted
    }
    screened = screen(feed, hows, table)
    made, chosen = _made(feed, hows, _dirty(feed, hows, kept, screened.clean))
    asked = {c: parsed for c, parsed in made.items() if c not in screened.fit}
    count, bad, counted = _proof(feed, asked, table, kept)
    notices = tuple(f"{feed.raw.name}: {notice}" for notice in (*chosen, *counted))
    values = [parsed.value.alias(column) for column, parsed in made.items()]
    # Columns that are made of constants alone would come out as a single row.
    source = feed.raw.frame if feed.where is None else feed.raw.frame.filter(kept)
    numbered = feed.raw.frame.with_row_index(ROW)
    numbered = numbered if feed.where is None else numbered.filter(kept)
    frame, again = source.with_columns(values).select(list(made)), numbered.with_columns(values).select(ROW, *made)
    return Typed(frame, again, count, _filtered(feed, kept), tuple(bad), notices, _numbers(feed, hows, source))


def _filtered(feed: Feed, kept: pl.Expr) -> int:
    if feed.where is None:
        return 0
    others = feed.raw.frame.select((~kept).sum())
    return int(guarded(lambda: others.collect(engine="streaming").item(), feed.raw.name))


def _numbers(feed: Feed, hows: dict[str, Reading], source: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    plain = {c: feed.columns[c] for c, how in hows.items() if how.type == "id"}
    plain = {c: s for c, s in plain.items() if s.origin is not None and s.where is None and s.map is None}
    actual = {c: feed.actual(sources(s)[0]) for c, s in plain.items()}
    return {c: source.select(pl.col(n).alias(c)) for c, n in actual.items() if schema[n].is_integer()}


def _made(feed: Feed, hows: dict[str, Reading], dirty: set[str]) -> tuple[dict[str, Parsed], list[str]]:
    """The columns, and what is to be said of the forms that were found to fit them."""
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    made, problems = {}, []
    notices: list[str] = []
    for column, given in hows.items():
        how, chosen = _in_form(feed, feed.columns[column], given, schema)
        notices += chosen
        try:
            made[column] = _one(feed, feed.columns[column], how, schema, dirty)
        except WrongTypeError:
            name = feed.actual(sources(feed.columns[column])[0])
            text = f"{column} is a {how.type}, which cannot be taken from a column of type {schema[name]}."
            problems.append(Problem(Place(feed.raw.name, 0, place(feed.raw, name)), "bad-type", text))
    if problems:
        raise DataRefused(problems)
    return made, notices


def _in_form(feed: Feed, source: Source, how: Reading, schema: pl.Schema) -> tuple[Reading, tuple[str, ...]]:
    """Of a column of text, how it reads once all its cells have been asked."""
    names = [feed.actual(name) for name in sources(source)]
    if len(names) != 1 or schema[names[0]] != pl.String or not is_open(how):
        return how, ()
    kept = pl.lit(True) if source.where is None else condition(source.where, feed)
    rows = feed.raw.frame if feed.where is None else feed.raw.frame.filter(condition(feed.where, feed))
    counts = rows.filter(kept).group_by(pl.col(names[0]).alias("cell")).len()
    return fitted(guarded(lambda: counts.collect(engine="streaming"), feed.raw.name), how)


def _one(feed: Feed, source: Source, how: Reading, schema: pl.Schema, dirty: set[str]) -> Parsed:
    if source.weight is not None:
        mean, weight = for_typed(how)
        alone = source.model_copy(update={"weight": None})
        return weighted(_one(feed, alone, mean, schema, dirty), _one(feed, weigher(source), weight, schema, dirty))
    if source.constant is not None:
        word = source.constant if not isinstance(source.constant, bool) else said(source.constant)
        return parse([pl.lit(str(word))], how)
    if source.case is not None:
        value, undecided = decided([(when, said(then)) for when, then in cases(source, feed)], said(source.other))
        inner = parse([value], how)
        none = Fault("unknown-value", "No condition of the layout's `case` holds, and `other` is not said.", undecided)
        return replace(inner, faults=(none, *inner.faults), wrong=inner.wrong | undecided)
    names = [feed.actual(name) for name in sources(source)]
    kept = condition(source.where, feed) if source.where is not None else None
    raws = [pl.col(name) if kept is None else pl.when(kept).then(pl.col(name)) for name in names]
    if source.apart is not None:
        return parse([told_apart([raw.cast(pl.String) for raw in raws], len(source.apart), how)], how)
    if len(names) > 1 or source.date is not None:
        return parse([raw.cast(pl.String) for raw in raws], how)
    made = convert(raws[0], schema[names[0]], replace(how, is_clean=how.type in WORDS and names[0] not in dirty))
    hidden = tallies(raws[0], how) if schema[names[0]] == pl.String else []
    return replace(made, counted=(*made.counted, *hidden))


def _dirty(feed: Feed, hows: dict[str, Reading], kept: pl.Expr, clean: Collection[str]) -> set[str]:
    """Text columns in which some cell is padded or empty, so that all must be trimmed. Mostly none."""
    schema = guarded(feed.raw.frame.collect_schema, feed.raw.name)
    names = {
        feed.actual(name) for column, how in hows.items() if how.type in WORDS for name in sources(feed.columns[column])
    }
    asked = sorted(
        name
        for name in names - set(clean)
        if schema[name] == pl.String or isinstance(schema[name], (pl.Categorical, pl.Enum))
    )
    if not asked:
        return set()
    lazy = feed.raw.frame.filter(kept).select(padded(pl.col(name).cast(pl.String)).any().alias(name) for name in asked)
    row = guarded(lambda: lazy.collect(engine="streaming").row(0, named=True), feed.raw.name)
    return {name for name, is_dirty in row.items() if is_dirty}


# ---------------------------------------------------------------- the proof


def _proof(feed: Feed, made: dict[str, Parsed], table: Table, kept: pl.Expr) -> tuple[int, list[Bad], list[str]]:
    """Counts the rows, and in the same pass every cell that may not be as it is, or was read in a way to be said."""
    if not made and feed.where is None:
        return feed.raw.rows, [], []
    empty = {c: p.value.is_null() & ~p.bad() for c, p in made.items() if must(c, table)}
    lazy = feed.raw.frame.filter(kept).with_columns(
        *(p.bad().alias(f"bad {c}") for c, p in made.items()), *(e.alias(f"empty {c}") for c, e in empty.items())
    )
    hidden = [(c, each) for c, parsed in made.items() for each in parsed.counted]
    counts = lazy.select(
        pl.len().alias("rows"),
        *(pl.col(f"bad {c}").sum() for c in made),
        *(pl.col(f"empty {c}").sum() for c in empty),
        *(each.when.sum().alias(f"counted {at}") for at, (_, each) in enumerate(hidden)),
    )
    row = guarded(lambda: counts.collect(engine="streaming").row(0, named=True), feed.raw.name)
    missing = Fault("missing-value", f"Empty, and every row of '{feed.table}' needs one.", pl.lit(True))
    bad = [
        _bad(feed, c, kept & when, faults)
        for c, parsed in made.items()
        for what, when, faults in (("bad", parsed.bad(), parsed.faults), ("empty", empty.get(c), (missing,)))
        if when is not None and row[f"{what} {c}"]
    ]
    counted = [each.said(c, n) for at, (c, each) in enumerate(hidden) if (n := row[f"counted {at}"])]
    return int(row["rows"]), bad, counted


def _bad(feed: Feed, column: str, when: pl.Expr, faults: tuple[Fault, ...]) -> Bad:
    numbered = feed.raw.frame.with_row_index(ROW).filter(when).select(ROW)
    rows = guarded(lambda: numbered.collect(engine="streaming"), feed.raw.name).to_series().sort()
    return Bad(rows, partial(_places, feed, column, rows, faults))


def _places(feed: Feed, column: str, rows: pl.Series, faults: tuple[Fault, ...], shown: int) -> Iterator[Problem]:
    numbered = feed.raw.frame.with_row_index(ROW)
    held = (fault.when.fill_null(False).alias(str(i)) for i, fault in enumerate(faults))
    asked = numbered.select(ROW, *held).filter(pl.col(ROW).is_in(rows.head(shown).implode()))
    found = guarded(lambda: asked.collect(engine="streaming"), feed.raw.name).sort(ROW)
    names = [feed.actual(name) for name in sources(feed.columns[column])]
    at = place(feed.raw, names[0]) if names else 0
    name, lines = faults[-1].name, feed.raw.line_of(found[ROW])
    for row, *holds in found.iter_rows():
        fault = next((f for f, held in zip(faults, holds, strict=True) if held), faults[-1])
        text = f"{column}: {fault.text} (The line is the row's number.)"
        yield Problem(Place(feed.raw.name, lines[row], at), fault.name, text)
    if len(rows) > shown:
        text = f"{len(rows) - shown:,} more cells of column {at} cannot be taken for {column}."
        yield Problem(Place(feed.raw.name), name, text)
