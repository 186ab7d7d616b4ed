"""KPI values: formulas evaluated over the measured frames, with n, interval, and the reason where there is none.

In: what was measured for a request. Out: the long frame (subject or dimensions, period, cycles, kpi, value, n, ...).
Refuses to know: rows, tables, points, cards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import cast

import polars as pl

from ccmetrics.expression import compile as compile_expression
from ccmetrics.formula.tree import Node, division, names
from ccmetrics.plan import Ask, Bound, bound
from ccmetrics.stages.measure import Measured, Wide
from ccmetrics.stages.measure.group import marked
from ccmetrics.stages.measure.intervals import NOTHING, interval, shape, spread

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
    asks = measured.request.asks
    group = {marked(name): column_of(name) for name in by}
    compiled = [_compiled(measured, ask, parameters) for ask in asks]
    told: list[_Told] = []
    pieces: dict[str, list[pl.Series]] = defaultdict(list)
    for wide, frame in frames:
        mine = [n for n, ask in enumerate(asks) if wide.cycles <= ask.window and (ask.pooled or not over_all)]
        # One select for all asks, and columns put below each other: a query an ask costs more than what it does.
        made = frame.select(*group, *(e.alias(f"{n}|{name}") for n in mine for name, e in compiled[n].items()))
        for n in mine:
            pieces["@told"].append(pl.repeat(len(told), made.height, dtype=pl.UInt32, eager=True))
            told.append(_told(measured, n, wide))
            for column, label in group.items():
                pieces[label].append(made[column])
            for name in compiled[n]:
                pieces[name].append(made[f"{n}|{name}"])
    if not told:
        return pl.DataFrame(schema={**dict.fromkeys(group.values(), pl.String), **SCHEMA})
    rows = pl.DataFrame([pl.concat(parts).alias(name) for name, parts in pieces.items()])
    about = pl.DataFrame(told, schema=TOLD, orient="row")[rows["@told"]]
    settled = _settled(rows.drop("@told").hstack(about)).with_columns(period=pl.lit(measured.request.periods[0].label))
    return settled.sort(*group.values(), "cycles", "@order").select(*group.values(), *COLUMNS)


SCHEMA = {
    "period": pl.String, "cycles": pl.Int32, "kpi": pl.String, "variant": pl.String, "value": pl.Float64,
    "n": pl.Int64, "numerator": pl.Float64, "denominator": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "se": pl.Float64, "reason": pl.String,
}  # fmt: skip


_Told = tuple[str, str, int, int, bool, str | None, bool, float]
TOLD = {
    "kpi": pl.String, "variant": pl.String, "cycles": pl.Int32, "@order": pl.Int32, "@silent": pl.Boolean,
    "@interval": pl.String, "@divided": pl.Boolean, "@factor": pl.Float64,
}  # fmt: skip


def _told(measured: Measured, order: int, wide: Wide) -> _Told:
    """What holds for all rows of an ask in a window, in the order of `TOLD`."""
    ask = measured.request.asks[order]
    columns = (measured.taken.columns[ask.key, ask.variant, measure] for measure in ask.bound)
    silent = ask.every and not wide.silent.isdisjoint(columns)
    return ask.key, ask.variant, wide.cycles, order, silent, *shape(ask)


def _compiled(measured: Measured, ask: Ask, parameters: Mapping[str, float | datetime]) -> dict[str, pl.Expr]:
    """What an ask takes from the columns of a wide frame."""

    def column(measure: Bound) -> str:
        return measured.taken.columns[ask.key, ask.variant, measure]

    def number(node: Node) -> pl.Expr:
        return compile_expression(node, lambda name: pl.col(column(cast(Bound, name))), parameters).cast(pl.Float64)

    halves = division(ask.formula)
    numerator, denominator = (number(half) for half in halves) if halves else (NOTHING, NOTHING)
    return {
        "value": number(ask.formula),
        "numerator": numerator,
        "denominator": denominator,
        "n": (NOTHING if ask.n is None else pl.col(column(ask.n))).cast(pl.Int64),
        # A formula of numbers alone lacks nothing.
        "reason": pl.coalesce(*(f"{column(bound(node))}!" for node in names(ask.formula)), pl.lit(None, pl.String)),
        **spread(ask, number, measured.taken.variances.get((ask.key, ask.variant))),
    }


def _settled(rows: pl.DataFrame) -> pl.DataFrame:
    """Intervals and reasons, of all rows at once. A value is null since a measure has none, for its own reason, or the
    denominator is 0."""
    by_zero = pl.when(pl.col("denominator") == 0).then(pl.lit("denominator-zero"))
    reason = pl.when(pl.col("value").is_null()).then(pl.coalesce("reason", by_zero, pl.lit("undefined")))
    silent = pl.col("@silent")
    return rows.with_columns(reason=reason, **interval()).with_columns(
        value=pl.when(~silent).then("value"), reason=pl.when(silent).then(pl.lit("not-covered")).otherwise("reason")
    )
