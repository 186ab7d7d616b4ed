"""Rows that came twice: exact ones are dropped and counted, earlier versions too, conflicting ones refused.

In: the parts of one table, each the rows of one export, and the table's key. Out: the parts with each key once.
Refuses to know: how rows were read, what the columns mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load import Raw, guarded
from ccmetrics.stages.normalize.feed import APART, VERSION

ROW, EXPORT, UNREAD = "@row", "export", "@unread"
SHOWN = 20
SAID = {APART: "customer or whatever else tells such rows apart (`apart:`; give the exports as one)"}
"""Columns that have no name to be called by."""


@dataclass(frozen=True)
class Part:
    """The typed rows of one export for one table."""

    export: int
    raw: Raw
    frame: pl.LazyFrame
    numbered: pl.LazyFrame
    """The same rows with their numbers, for second looks."""
    rows: int
    columns: frozenset[str]
    duplicates: int = 0
    superseded: int = 0
    """Versions of a row that a later one replaced."""
    filled: frozenset[str] = frozenset()
    """Columns that the export lacks and a default fills."""
    numbers: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    """Ids that are integers in the file, each as a frame of these."""
    unwanted: pl.LazyFrame | None = None
    """Key, version and number of the rows that the layout leaves out, where rows come in versions."""


def each_once(parts: Sequence[Part], key: Sequence[str], table: str) -> list[Part]:
    """The parts with every key once: in the row with the latest version, where rows have one, else in the first row.

    Raises:
        DataRefused: two rows of one key that differ, with both lines.
    """
    key = [column for column in key if any(column in part.columns for part in parts)]
    parts = _wanted_at_last(parts, key, table)
    if is_rising(parts, key):
        return list(parts)
    twins = repeated(parts, key)
    if twins is None:
        return list(parts)
    older = twins.filter(_is_older(twins, key))
    twins = twins.join(older, on=[EXPORT, ROW], how="anti", maintain_order="left")
    differing = sorted({c for part in parts for c in part.columns} - set(key)) + [APART] * (APART in twins.columns)
    same = (
        twins.group_by(key).agg(pl.struct(differing or key).n_unique().alias("versions")).filter(pl.col("versions") > 1)
    )
    if same.height:
        raise DataRefused(_conflicts(twins.join(same, on=key, nulls_equal=True), parts, key, differing, table))
    dropped = twins.filter(pl.struct(key).is_first_distinct().not_()).select(EXPORT, ROW)
    return [_without(part, _of(part, dropped), _of(part, older)) for part in parts]


def _wanted_at_last(parts: Sequence[Part], key: Sequence[str], table: str) -> list[Part]:
    """The parts without rows whose latest version is one that the layout leaves out.

    Raises:
        DataRefused: nobody can tell which of the two is later.
    """
    out = [part.unwanted for part in parts if part.unwanted is not None]
    if not out:
        return list(parts)
    others = _with_all(pl.concat(out, how="diagonal_relaxed"), dict.fromkeys(key, pl.String()))
    named = others.filter(is_named(key, others)).group_by(key)
    last = guarded(partial(_small, named.agg(pl.col(VERSION).max().alias("@last"))), parts[0].raw.name)
    problems: list[Problem] = []
    found = []
    for part in parts:
        here = _with_all(part.numbered, {**{c: last.schema[c] for c in key}, VERSION: last.schema["@last"]})
        met = here.join(last.lazy(), on=key, nulls_equal=True)
        older = (pl.col(VERSION) < pl.col("@last")).fill_null(False)
        doubtful = (pl.col(VERSION) <= pl.col("@last")).fill_null(True) & ~older
        rows = guarded(partial(_small, met.select(ROW, older=older, doubtful=doubtful).sort(ROW)), part.raw.name)
        text = f"The same {' and '.join(key)} as a row that the layout leaves out, and neither is the later version."
        problems += _at(part, rows.filter("doubtful")[ROW], "conflicting-duplicate", text)
        found.append(_without(part, rows[ROW].head(0), rows.filter("older")[ROW]))
    if problems:
        raise DataRefused(problems)
    return found


def _at(part: Part, rows: pl.Series, name: str, text: str) -> Iterator[Problem]:
    lines = part.raw.line_of(rows.head(SHOWN))
    for row in rows.head(SHOWN):
        yield Problem(Place(part.raw.name, lines[row]), name, text)
    if len(rows) > SHOWN:
        yield Problem(Place(part.raw.name), name, f"{len(rows) - SHOWN:,} more rows like these.")


def _with_all(frame: pl.LazyFrame, schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """Columns that are not there are empty."""
    there = frame.collect_schema()
    absent = [name for name in schema if name not in there]
    return frame.with_columns(pl.lit(None, dtype=schema[name]).alias(name) for name in absent)


def is_named(key: Sequence[str], frame: pl.LazyFrame) -> pl.Expr:
    """Whether a row can be told from others: it has an id, if not all that its table has room for.

    An interval is a queue's or an agent's. What only says when is no id, unless there is no other.
    """
    schema = frame.collect_schema()
    ids = [column for column in key if schema.get(column) == pl.String]
    if not ids:
        return pl.all_horizontal(pl.col(column).is_not_null() for column in key)
    return pl.any_horizontal(pl.col(column).is_not_null() for column in ids)


def _is_older(twins: pl.DataFrame, key: Sequence[str]) -> pl.Expr:
    """Whether a row is an earlier version of its key. One without a version is neither earlier nor later."""
    if VERSION not in twins.columns:
        return pl.lit(False)
    return (pl.col(VERSION) < pl.col(VERSION).max().over(key)).fill_null(False)


def _of(part: Part, rows: pl.DataFrame) -> pl.Series:
    return rows.filter(pl.col(EXPORT) == part.export).get_column(ROW)


def _without(part: Part, twice: pl.Series, older: pl.Series) -> Part:
    gone = pl.concat([twice, older])
    if gone.is_empty():
        return part
    numbered = part.numbered.join(gone.to_frame().lazy(), on=ROW, how="anti", maintain_order="left")
    return replace(
        part,
        frame=numbered.drop(ROW),
        numbered=numbered,
        rows=part.rows - len(gone),
        duplicates=len(twice),
        superseded=part.superseded + len(older),
    )


def overtaken(parts: Sequence[Part], key: Sequence[str], lost: pl.DataFrame) -> Iterator[Problem]:
    """Rows in whose place another may hold that was set aside (`lost`: with its `VERSION`, and whether it is `UNREAD`).

    It may not where it is an earlier version, or says the same: then it was another table that could not take it.
    """
    key = [column for column in key if column in lost.columns]
    gone = lost.lazy().filter(is_named(key, lost.lazy()))
    for part in parts:
        here = _with_all(part.numbered, {c: lost.schema[c] for c in (*key, VERSION)})
        both = [c for c in lost.columns if c in part.columns and c not in key]
        differs = pl.any_horizontal(pl.lit(False), *(pl.col(c).ne_missing(pl.col(f"{c}@lost")) for c in both))
        earlier = (pl.col(f"{VERSION}@lost") < pl.col(VERSION)).fill_null(False)
        # Of rows numbered by what tells them apart, the numbers change as soon as one of them is gone.
        numbered = APART in lost.columns and APART in here.collect_schema()
        same = pl.col(APART) == pl.col(f"{APART}@lost") if numbered else pl.lit(True)
        met = here.join(gone, on=key, nulls_equal=True, suffix="@lost")
        met = met.filter(same & ~earlier & (pl.col(UNREAD) | differs))
        asked = met.select(pl.col(ROW).unique().sort())
        rows = guarded(partial(_small, asked), part.raw.name).to_series()
        text = f"Another row of the same {' and '.join(key)} cannot be taken, and it may be the one that holds. "
        yield from _at(part, rows, "version-set-aside", f"{text}Mend it: set aside, it would let this one count.")


# ---------------------------------------------------------------- is any key there twice


def is_rising(parts: Sequence[Part], key: Sequence[str]) -> bool:
    """A cheap proof that no key repeats: in every export each is above the one before, and exports do not overlap."""
    if len(key) != 1 or not all(key[0] in part.columns for part in parts):
        return False
    column = pl.col(key[0])
    spans = []
    for part in parts:
        rising = (column > column.shift(1)).fill_null(False).sum()
        looked = part.numbers.get(key[0], part.frame).select(
            above=rising, first=column.first(), last=column.last(), rows=pl.len()
        )
        found = guarded(partial(_small, looked), part.raw.name)
        above, first, last, rows = found.row(0)
        if above != max(rows - 1, 0) or (rows and first is None):
            return False
        if rows:
            spans.append((first, last))
    if len({type(first) for first, _ in spans}) > 1:
        return False
    spans.sort()
    return all(before[1] < after[0] for before, after in pairwise(spans))


def _small(lazy: pl.LazyFrame) -> pl.DataFrame:
    return lazy.collect(engine="streaming")


def repeated(parts: Sequence[Part], key: Sequence[str]) -> pl.DataFrame | None:
    """All rows whose key another row has too, in order of export and row. By hashes first: they are small."""
    mark = pl.struct(key).hash()
    hashed = pl.concat([_keys(part, key).select(mark.alias("mark")) for part in parts])
    marks = guarded(lambda: hashed.collect(engine="streaming").to_series(), parts[0].raw.name).sort()
    twice = marks.filter((marks == marks.shift(1)).fill_null(False)).unique()
    if twice.is_empty():
        return None
    numbered = [part.numbered.with_columns(pl.lit(part.export, dtype=pl.Int32).alias(EXPORT)) for part in parts]
    aligned = pl.concat(numbered, how="diagonal_relaxed").with_columns(mark.alias("@mark"))
    found = guarded(
        lambda: aligned.filter(pl.col("@mark").is_in(twice.implode())).collect(engine="streaming"), parts[0].raw.name
    )
    # Rows without a key cannot be told apart, so none is the same as another.
    named = is_named(key, found.lazy())
    again = found.drop("@mark").filter(named).filter(pl.struct(key).is_duplicated()).sort(EXPORT, ROW)
    return again if again.height else None


def _keys(part: Part, key: Sequence[str]) -> pl.LazyFrame:
    there = [column for column in key if column in part.columns]
    absent = [pl.lit(None, dtype=pl.String).alias(column) for column in key if column not in part.columns]
    return part.frame.select(*there, *absent).select(key)


def _conflicts(
    rows: pl.DataFrame, parts: Sequence[Part], key: Sequence[str], columns: Sequence[str], table: str
) -> Iterator[Problem]:
    """One problem a key, at the first row that contradicts the first one."""
    raws = {part.export: part.raw for part in parts}
    content = pl.struct(columns)
    first = rows.with_columns(
        content.first().over(key).alias("@first"), pl.struct(EXPORT, ROW).first().over(key).alias("@at")
    )
    other = first.filter(~content.eq_missing(pl.col("@first"))).unique(key, keep="first", maintain_order=True)
    for row in other.head(SHOWN).iter_rows(named=True):
        here, there = raws[row[EXPORT]], raws[row["@at"][EXPORT]]
        line = here.line_of([row[ROW]])[row[ROW]]
        earlier = there.line_of([row["@at"][ROW]])[row["@at"][ROW]]
        differ = ", ".join(SAID.get(c, c) for c in columns if row[c] != row["@first"][c])
        text = (
            f"The same {' and '.join(key)} as {there.name}:{earlier}, with another {differ}. "
            f"A row of '{table}' may come twice, but not in two versions."
        )
        yield Problem(Place(here.name, line), "conflicting-duplicate", text)
    if other.height > SHOWN:
        yield Problem(Place(table), "conflicting-duplicate", f"{other.height - SHOWN:,} more keys have two versions.")
