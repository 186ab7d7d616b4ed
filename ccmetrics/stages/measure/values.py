"""KPI values: formulas evaluated over the measured frames, with n, interval, and the reason where there is none.

In: what was measured for a request. Out: the long frame (subject or dimensions, period, cycles, kpi, value, n, ...).
Refuses to know: rows, tables, points, cards.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

import polars as pl

from ccmetrics.expression import compile as compile_expression
from ccmetrics.formula.tree import Node, division, names
from ccmetrics.plan import Ask, Bound, bound
from ccmetrics.stages.measure import Measured, Wide
from ccmetrics.stages.measure.group import marked
from ccmetrics.stages.measure.intervals import interval

COLUMNS = (
    "period", "cycles", "kpi", "variant", "value", "n", "numerator", "denominator", "low", "high", "se", "reason",
)  # fmt: skip


def values(measured: Measured, parameters: Mapping[str, float | datetime]) -> pl.DataFrame:
    """One row a group, window and ask: the request's dimensions, then `COLUMNS`. Sorted by dimensions, window, ask."""
    return _long(measured, parameters, [(wide, wide.frame) for wide in measured.windows], measured.request.by)


def pooled(measured: Measured, parameters: Mapping[str, float | datetime]) -> pl.DataFrame:
    """The same over the rows of all subjects together: one row a window and ask. Empty where it was not asked for."""
    frames = [(wide, wide.pooled) for wide in measured.windows if wide.pooled.width]
    return _long(measured, parameters, frames, (), over_all=True)


def column_of(dimension: str) -> str:
    """The column of a dimension in the long frame: its own name, or `by_reason` where that is taken."""
    return f"by_{dimension}" if dimension in COLUMNS else dimension


def _long(
    measured: Measured,
    parameters: Mapping[str, float | datetime],
    frames: list[tuple[Wide, pl.DataFrame]],
    by: tuple[str, ...],
    over_all: bool = False,
) -> pl.DataFrame:
    found = []
    group = {marked(name): column_of(name) for name in by}
    for wide, frame in frames:
        cycles = wide.cycles
        # One query for all asks: a query of its own for each costs more than what it does.
        rows = frame.lazy()
        for order, ask in enumerate(measured.request.asks):
            if cycles <= ask.window and (ask.pooled or not over_all):
                evaluated = _evaluated(measured, ask, rows, parameters)
                if ask.every and any(measured.taken.columns[ask.key, ask.variant, b] in wide.silent for b in ask.bound):
                    evaluated = evaluated.with_columns(value=pl.lit(None, pl.Float64), reason=pl.lit("not-covered"))
                evaluated = evaluated.with_columns(
                    period=pl.lit(measured.request.periods[0].label),
                    cycles=pl.lit(cycles, dtype=pl.Int32),
                    **{"@order": pl.lit(order, dtype=pl.Int32)},
                )
                labels = [pl.col(column).alias(label) for column, label in group.items()]
                found.append(evaluated.select(*labels, "@order", *COLUMNS))
    if not found:
        return pl.DataFrame(schema={**dict.fromkeys(group.values(), pl.String), **SCHEMA})
    return pl.concat(found).collect().sort(*group.values(), "cycles", "@order").drop("@order")


SCHEMA = {
    "period": pl.String, "cycles": pl.Int32, "kpi": pl.String, "variant": pl.String, "value": pl.Float64,
    "n": pl.Int64, "numerator": pl.Float64, "denominator": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "se": pl.Float64, "reason": pl.String,
}  # fmt: skip


def _evaluated(
    measured: Measured, ask: Ask, frame: pl.LazyFrame, parameters: Mapping[str, float | datetime]
) -> pl.LazyFrame:
    def column(measure: Bound) -> str:
        return measured.taken.columns[ask.key, ask.variant, measure]

    def number(node: Node) -> pl.Expr:
        return compile_expression(node, lambda name: pl.col(column(cast(Bound, name))), parameters).cast(pl.Float64)

    halves = division(ask.formula)
    numerator, denominator = (number(half) for half in halves) if halves else (pl.lit(None), pl.lit(None))
    reasons = [pl.col(f"{column(bound(node))}!") for node in names(ask.formula)]
    n = pl.lit(None) if ask.n is None else pl.col(column(ask.n))
    variance = measured.taken.variances.get((ask.key, ask.variant))
    return frame.with_columns(
        value=number(ask.formula),
        numerator=numerator.cast(pl.Float64),
        denominator=denominator.cast(pl.Float64),
        n=n.cast(pl.Int64),
        kpi=pl.lit(ask.key),
        variant=pl.lit(ask.variant),
    ).with_columns(reason=_reason(reasons), **interval(ask, number, variance))


def _reason(reasons: list[pl.Expr]) -> pl.Expr:
    """Why a value is null: a measure has none, for its own reason, or the denominator is 0."""
    by_zero = pl.when(pl.col("denominator") == 0).then(pl.lit("denominator-zero"))
    return pl.when(pl.col("value").is_null()).then(pl.coalesce(*reasons, by_zero, pl.lit("undefined")))
