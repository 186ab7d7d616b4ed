"""Whether goals lie among the values that their KPI can have: 80 is no goal for what goes from 0 to 1.

In: a curve, and the ranges of KPIs. Out: what is wrong with its goals, each at its number.
Refuses to know: which of the possible values are likely, in what order goals stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isclose, isinf

from ccmetrics.catalogue.models import Curve, LastYear, Line
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.ranges import ANY, Range
from ccmetrics.catalogue.scope import Path

GOALS = ("floor", "target", "stretch")
ABSURD = 2.0
"""From here on a percent that may be more than 1 is one written without its sign: 200% is rare, and 80 is 8,000%."""

Stated = tuple[Path, str, float]


def outside(natural: Natural, line: Line, curve: Curve) -> Iterator[tuple[Path, str]]:
    """Goals that no value of the KPI can meet, or that every value does."""
    own = natural.scope.variant((line.kpi, line.variant) if line.variant else (line.kpi,))
    if own is None:
        return
    known, is_percent = _range(natural, line), own.unit == "percent"
    for at, what, value in (*_goals(curve), *_knots(curve, known)):
        is_beyond = not _is_in(value, known)
        if not is_beyond and not (is_percent and isinf(known.high) and abs(value) >= ABSURD):
            continue
        why = f"lies outside its values, {_said(known)}" if is_beyond else f"is {value:,.0%}"
        hint = f" Did you mean {value / 100:g}?" if is_percent and _is_in(value / 100, known) else ""
        yield at, f"the {what} {value:g} of '{line.kpi}' {why}.{hint}"


def _range(natural: Natural, line: Line) -> Range:
    try:
        return natural.kpi(line.kpi, line.variant)
    except RecursionError:  # a circle of KPIs has its own problem
        return ANY


def _goals(curve: Curve) -> Iterator[Stated]:
    for key in GOALS:
        goal = getattr(curve, key)
        if isinstance(goal, LastYear):
            yield (key, "else"), key, goal.otherwise
        elif isinstance(goal, dict):
            yield from (((key, day.isoformat()), key, value) for day, value in goal.items())
        elif goal is not None:
            yield (key,), key, goal


def _knots(curve: Curve, known: Range) -> Iterator[Stated]:
    for index, (value, _) in enumerate(curve.points or ()):
        yield ("points", index, 0), "knot", value
    if curve.ideal is not None and curve.limits is not None:
        for side, (ideal, limit, end) in enumerate(zip(curve.ideal, curve.limits, known, strict=True)):
            yield ("ideal", side), "ideal", ideal
            # Limits lie outside the ideal; beyond an ideal that ends where the values do there is no room left.
            if not isclose(ideal, end):
                yield ("limits", side), "limit", limit


def _is_in(value: float, known: Range) -> bool:
    return known.low - 1e-9 <= value <= known.high + 1e-9


def _said(known: Range) -> str:
    if known.high == inf:
        return f"{known.low:g} or more"
    return f"{known.high:g} or less" if known.low == -inf else f"{known.low:g} to {known.high:g}"
