"""Small frames put together: all measures of a request and window side by side, and what silence means.

In: finished aggregates, and which tables speak of the window. Out: one wide frame, measures as columns with reasons.
Refuses to know: rows, formulas of measures, KPIs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from ccmetrics.stages.measure.aggregate import ZERO_OVER_NOTHING, Part, reason_of, value_of
from ccmetrics.stages.measure.parts import Missing

Source = tuple[Sequence[Part], pl.DataFrame]
"""Parts, and the frame that holds their finished aggregates, each group once."""


def assembled(
    by: Sequence[str],
    sources: Sequence[Source],
    missing: Mapping[str, Missing],
    covered: Collection[Part],
    known: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """All measures of one window side by side, a row a subject: Float64, null with its reason in `<measure>!`.

    `covered` holds the parts whose tables speak of the window, `known` gives subjects that count even without rows.
    """
    side = _universe(by, [frame for _, frame in sources], known)
    given: dict[str, list[tuple[str, Part]]] = defaultdict(list)
    for n, (group, frame) in enumerate(sources):
        names = {part.column: f"{n}|{part.column}" for part in group}
        numbers = [value_of(part).alias(names[part.column]) for part in group]
        reasons = [reason_of(part).alias(f"{names[part.column]}!") for part in group]
        chosen = frame.select(*by, *numbers, *reasons)
        # Without nulls_equal the rows of no subject would stand twice.
        side = side.join(chosen, on=by, how="left", nulls_equal=True) if by else side.hstack(chosen)
        for part in group:
            given[part.column].append((names[part.column], part))
    made: list[pl.Expr] = []
    for column, parts in given.items():
        made += _settled(column, [_over_nothing(name, p, p in covered) for name, p in parts])
    for column, lack in missing.items():
        made += [pl.lit(None, dtype=pl.Float64).alias(column), pl.lit(lack.reason).alias(f"{column}!")]
    return side.select(*by, *made).sort(*by) if by else side.select(made)


def _universe(by: Sequence[str], frames: Sequence[pl.DataFrame], known: pl.DataFrame | None) -> pl.DataFrame:
    if not by:
        return pl.DataFrame({"@one": [True]})
    empty = pl.DataFrame(schema=dict.fromkeys(by, pl.String))
    found = [frame.select(by) for frame in frames] + ([] if known is None else [known.select(by)])
    return pl.concat([empty, *found]).unique()


def _over_nothing(name: str, part: Part, covered: bool) -> tuple[pl.Expr, pl.Expr]:
    """Value and reason of a part, where no row of the subject was met: zero for a count of what was looked at."""
    value, reason = pl.col(name), pl.col(f"{name}!")
    if not covered:
        return pl.lit(None, dtype=pl.Float64), pl.lit("not-covered")
    silent = value.is_null() & reason.is_null()
    if part.kind in ZERO_OVER_NOTHING:
        return pl.when(silent).then(0.0).otherwise(value), reason
    return value, pl.when(silent).then(pl.lit("no-rows")).otherwise(reason)


def _settled(column: str, given: Sequence[tuple[pl.Expr, pl.Expr]]) -> tuple[pl.Expr, pl.Expr]:
    """One value of a measure: its own rows', and of what stands in where rows are missing."""
    if len(given) == 1:
        value, reason = given[0]
    else:
        values = [value for value, _ in given]
        # Rows whose value is unknown make the sum unknown, whatever another source adds.
        unknown = pl.any_horizontal((reason == "all-null").fill_null(False) for _, reason in given)
        nothing = pl.all_horizontal(value.is_null() for value in values) | unknown
        value = pl.when(~nothing).then(pl.sum_horizontal(values))
        reason = pl.when(nothing).then(pl.coalesce(reason for _, reason in given))
    return value.alias(column), reason.alias(f"{column}!")
