"""Whether goals lie among the values that their KPI can have: 80 is no goal for what goes from 0 to 1.

In: a curve, and the ranges of KPIs. Out: what is wrong, or likely wrong, with its goals, each at its number.
Refuses to know: what is usual of one KPI, in what order goals stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isclose

from ccmetrics.catalogue.models import Curve, LastYear, Line
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.ranges import ANY, Range
from ccmetrics.catalogue.scope import Path

GOALS = ("floor", "target", "stretch")
ABSURD = 2.0
"""From here on a percent that may be more than 1 is one written without its sign: 200% is rare, and 80 is 8,000%."""

Told = tuple[Path, str]
Stated = tuple[Path, str, float]


def outside(natural: Natural, line: Line, curve: Curve) -> Iterator[Told]:
    """Goals that no value of the KPI can meet, or that every value does."""
    known, is_percent = _range(natural, line), _is_percent(natural, line)
    for at, what, value in _stated(curve, known):
        if not _is_in(value, known):
            hint = _hint(value) if is_percent and _is_in(value / 100, known) else ""
            yield at, f"the {what} {value:g} of '{line.kpi}' lies outside its values, {known.said}.{hint}"


def unsigned(natural: Natural, line: Line, curve: Curve) -> Iterator[Told]:
    """Goals of a percent without a known end that are likely written without its sign."""
    known = _range(natural, line)
    if not _is_percent(natural, line) or known.high != inf:
        return
    for at, what, value in _stated(curve, known):
        if _is_in(value, known) and abs(value) >= ABSURD:
            yield at, f"the {what} {value:g} of '{line.kpi}' is {value:,.0%}.{_hint(value)}"


def _hint(value: float) -> str:
    return f" Did you mean {value / 100:g}?"


def never_below_0(natural: Natural, line: Line) -> bool:
    """Whether 5% more of any value is more: of -20 it is less."""
    return _range(natural, line).low >= 0


def _is_percent(natural: Natural, line: Line) -> bool:
    own = natural.scope.variant(_named(line))
    return own is not None and own.unit == "percent"


def _named(line: Line) -> tuple[str, ...]:
    return (line.kpi, line.variant) if line.variant else (line.kpi,)


def _range(natural: Natural, line: Line) -> Range:
    if natural.scope.variant(_named(line)) is None:
        return ANY
    try:
        return natural.kpi(line.kpi, line.variant)
    except RecursionError:  # a circle of KPIs has its own problem
        return ANY


def _stated(curve: Curve, known: Range) -> Iterator[Stated]:
    yield from _goals(curve)
    yield from _knots(curve, known)


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
