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
from ccmetrics.stages.normalize.feed import VERSION

ROW, EXPORT = "@row", "export"
SHOWN = 20


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


def each_once(parts: Sequence[Part], key: Sequence[str], table: str) -> list[Part]:
    """The parts with every key once: in the row with the latest version, where rows have one, else in the first row.

    Raises:
        DataRefused: two rows of one key that differ, with both lines.
    """
    key = [column for column in key if any(column in part.columns for part in parts)]
    if is_rising(parts, key):
        return list(parts)
    twins = repeated(parts, key)
    if twins is None:
        return list(parts)
    older = twins.filter(_is_older(twins, key))
    twins = twins.join(older, on=[EXPORT, ROW], how="anti", maintain_order="left")
    differing = sorted({c for part in parts for c in part.columns} - set(key))
    same = (
        twins.group_by(key).agg(pl.struct(differing or key).n_unique().alias("versions")).filter(pl.col("versions") > 1)
    )
    if same.height:
        raise DataRefused(_conflicts(twins.join(same, on=key, nulls_equal=True), parts, key, differing, table))
    dropped = twins.filter(pl.struct(key).is_first_distinct().not_()).select(EXPORT, ROW)
    return [_without(part, _of(part, dropped), _of(part, older)) for part in parts]


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
        superseded=len(older),
    )


def overtaken(parts: Sequence[Part], key: Sequence[str], lost: pl.DataFrame) -> Iterator[Problem]:
    """Rows of which a version was set aside (`lost`: keys and `VERSION`) that may be the later one."""
    later = lost.lazy().rename({VERSION: "@lost"})
    for part in parts:
        if not set(key) <= part.columns:
            continue
        version = (
            pl.col(VERSION) if VERSION in part.numbered.collect_schema() else pl.lit(None, dtype=pl.Datetime("us"))
        )
        known_earlier = (pl.col("@lost") < version).fill_null(False)
        asked = part.numbered.join(later, on=key).filter(~known_earlier).select(pl.col(ROW).unique().sort())
        rows = guarded(partial(_small, asked), part.raw.name).to_series()
        lines = part.raw.line_of(rows.head(SHOWN))
        for row in rows.head(SHOWN):
            text = "Another version of this row cannot be read, and it may be the later one. Mend it: setting it aside "
            yield Problem(Place(part.raw.name, lines[row]), "version-set-aside", f"{text}would let this one count.")
        if len(rows) > SHOWN:
            yield Problem(Place(part.raw.name), "version-set-aside", f"{len(rows) - SHOWN:,} more rows like these.")


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
    named = pl.all_horizontal(pl.col(column).is_not_null() for column in key)
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
        differ = ", ".join(c for c in columns if row[c] != row["@first"][c])
        text = (
            f"The same {' and '.join(key)} as {there.name}:{earlier}, with another {differ}. "
            f"A row of '{table}' may come twice, but not in two versions."
        )
        yield Problem(Place(here.name, line), "conflicting-duplicate", text)
    if other.height > SHOWN:
        yield Problem(Place(table), "conflicting-duplicate", f"{other.height - SHOWN:,} more keys have two versions.")
