"""Formulas with what they came to: a KPI's value or an adjustment's condition, over the measures it names.

In: what was measured, and which formula of whom. Out: worths, each with its measures and their rows.
Refuses to know: points, curves, scores. Values are those that were measured; nothing is computed anew but the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import polars as pl

from ccmetrics import formula
from ccmetrics.explanation import MeasureTold, Source, Worth
from ccmetrics.formula.tree import Node, division, names
from ccmetrics.plan import Ask, Bound, Key, bound
from ccmetrics.stages.explain.rows import Rows, Wanted, sources
from ccmetrics.stages.measure import Measured
from ccmetrics.stages.measure.group import marked
from ccmetrics.stages.measure.scan import window
from ccmetrics.stages.measure.values import column_of

ALIKE = 1e-9
"""Relative difference within which a value recomputed from its rows is the measured one."""


class UnlikeError(Exception):
    """What the rows come to is not what was measured: a mistake of the program, never an explanation."""


@dataclass(frozen=True)
class Asked:
    """One formula of a request, as it is used: over how many cycles, and for whom (null: all subjects together)."""

    key: Key
    ask: Ask
    cycles: int
    subject: str | None
    written: str


@dataclass(frozen=True)
class Measurings:
    """What was measured for a card: by request, and the long values made of it."""

    rows: Rows
    values: Mapping[Key, pl.DataFrame]
    pooled: pl.DataFrame

    def columns(self, asked: Asked) -> dict[Bound, str]:
        """The measures in the order of the formula, and what they are called in the wide frames."""
        taken, ask = self.rows.book[asked.key].taken, asked.ask
        every = [*map(bound, names(ask.formula)), *([ask.n] if ask.n else [])]
        return {each: taken.columns[ask.key, ask.variant, each] for each in dict.fromkeys(every)}


def worths(ground: Measurings, asked: Sequence[Asked]) -> dict[Asked, Worth]:
    """All in one go: the rows of a table are looked at once for everything that takes them."""
    wanted = [
        Wanted(each.key, each.cycles, each.subject, column)
        for each in asked
        for column in dict.fromkeys(ground.columns(each).values())
    ]
    found = sources(ground.rows, wanted)
    return {each: _worth(ground, each, found) for each in asked}


def _worth(ground: Measurings, asked: Asked, found: Mapping[Wanted, tuple[Source, ...]]) -> Worth:
    measured, ask = ground.rows.book[asked.key], asked.ask
    columns = ground.columns(asked)
    labels = _labels(columns)
    wide = _wide(measured, asked)
    value = _value(ground, asked, measured)
    span = window(measured.request, asked.cycles)
    halves = division(ask.formula)
    told = [
        _measure(ground, asked, each, column, labels[each], wide, found) for each, column in _each_once(columns).items()
    ]
    return Worth(
        written=asked.written,
        formula=formula.render(_labeled(ask.formula, labels)),
        value=value.get("value"),
        reason=value.get("reason"),
        first=span.start,
        last=span.end - timedelta(days=1),
        cycles=asked.cycles,
        subject=asked.subject,
        measures=tuple(told),
        numerator=formula.render(_labeled(halves[0], labels)) if halves else "",
        denominator=formula.render(_labeled(halves[1], labels)) if halves else "",
        values={name: value.get(name) for name in ("numerator", "denominator", "low", "high", "se")},
        n=value.get("n"),
        n_label=labels[ask.n] if ask.n else "",
    )


def _labels(columns: Mapping[Bound, str]) -> dict[Bound, str]:
    """What a measure is called in its formula: its name, or, where one name means two, the column they differ by."""
    by_name: dict[str, set[str]] = {}
    for (name, _, _), column in columns.items():
        by_name.setdefault(name, set()).add(column)
    return {each: each[0] if len(by_name[each[0]]) == 1 else column for each, column in columns.items()}


def _each_once(columns: Mapping[Bound, str]) -> dict[Bound, str]:
    first: dict[str, Bound] = {}
    for each, column in columns.items():
        first.setdefault(column, each)
    return {each: column for column, each in first.items()}


def _labeled(node: Node, labels: Mapping[Bound, str]) -> Node:
    if node.op == "name":
        return Node("name", value=(labels[bound(node)],))
    return replace(node, args=tuple(_labeled(arg, labels) for arg in node.args))


def _wide(measured: Measured, asked: Asked) -> dict[str, Any]:
    """The measures of the window side by side, as the formula was worked out from."""
    wide = measured.windows[asked.cycles - 1]
    by = measured.request.by
    frame = wide.frame if not by else wide.pooled if asked.subject is None else wide.frame.filter(
        pl.col(marked(by[0])) == asked.subject
    )  # fmt: skip
    return frame.row(0, named=True) if frame.height else {}


def _value(ground: Measurings, asked: Asked, measured: Measured) -> dict[str, Any]:
    by = measured.request.by
    everybody = bool(by) and asked.subject is None
    long = ground.pooled if everybody else ground.values[asked.key]
    if by and not everybody:
        long = long.filter(pl.col(column_of(by[0])) == asked.subject)
    mine = (pl.col("kpi") == asked.ask.key) & (pl.col("variant") == asked.ask.variant)
    found = long.filter(mine & (pl.col("cycles") == asked.cycles))
    return found.row(0, named=True) if found.height else {"value": None, "reason": "no-rows"}


def _measure(
    ground: Measurings,
    asked: Asked,
    each: Bound,
    column: str,
    label: str,
    wide: Mapping[str, Any],
    found: Mapping[Wanted, tuple[Source, ...]],
) -> MeasureTold:
    definition = ground.rows.setting.world.catalogue.measures[each[0]]
    told = found[Wanted(asked.key, asked.cycles, asked.subject, column)]
    value = wide.get(column)
    _proven(label, value, told)
    unit = definition.unit or ("count" if definition.kind in ("count", "distinct") else None)
    reason = wide.get(f"{column}!") if wide else "no-rows"
    return MeasureTold(label, each[0], definition.about, unit, value, reason, told)


def _proven(label: str, value: float | None, told: Sequence[Source]) -> None:
    """An explanation that does not come to the number it explains is none."""
    counted = [source.value for source in told if source.value is not None]
    if value is None or not told:
        return
    recomputed = sum(counted)
    if abs(recomputed - value) > ALIKE * max(1.0, abs(value)):
        raise UnlikeError(f"{label}: {value} was measured, and its rows come to {recomputed}")
    wrong = [s for s in told if s.kind == "count" and s.value is not None and s.used != s.value]
    if wrong:
        raise UnlikeError(f"{label}: {wrong[0].value} rows were counted, and {wrong[0].used} were found")
