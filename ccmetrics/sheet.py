"""A card before its period, without data: which value earns which points, what a step pays, which lines not to cross.

In: a card, its KPIs, a day. Out: an inert sheet of numbers.
Refuses to know: anybody's values, how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ccmetrics.catalogue.models import Card, Curve, Goal, Knots, Kpi, LastYear, Line, LinkedLine

MARKS = (0.0, 50.0, 80.0, 100.0, 120.0)
"""Points for which a sheet tells the value that earns them."""
TENTH = 0.1
"""A step: this part of the way from the floor to the target."""


@dataclass(frozen=True)
class Reach:
    """The values that earn at least so many points; an end is null where nothing on that side falls short."""

    points: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Row:
    """One curve of one line. `step` is a tenth of the way from floor to target in the KPI's unit; `below` and `above`
    are what it adds to the score on this side of the target and beyond it (null: nothing is left to earn there)."""

    line: int
    part: str
    weight: float
    reaches: tuple[Reach, ...]
    against_last_year: str
    step: float | None
    below: float | None
    above: float | None

    @property
    def best(self) -> float:
        return max(self.below or 0.0, self.above or 0.0)


@dataclass(frozen=True)
class Sheet:
    card: Card
    on: date | None
    rows: tuple[Row, ...]

    @property
    def pays_most(self) -> set[int]:
        """The lines of which one step pays most."""
        best = max((row.best for row in self.rows), default=0.0)
        return {row.line for row in self.rows if best > 0 and abs(row.best - best) < 1e-9}


def sheet(card: Card, kpis: Mapping[str, Kpi], on: date | None = None) -> Sheet:
    """The card as it stands on a day; where none is said, by the latest goals and weights."""
    rows: list[Row] = []
    weights = [_at(line.weight, on) for line in card.kpis]
    total = sum(weight or 0.0 for weight in weights) or 1.0
    for index, (line, weight) in enumerate(zip(card.kpis, weights, strict=True)):
        better = "higher" if isinstance(line, LinkedLine) else kpis[line.kpi].better
        for part, curve in _curves(line):
            rows.append(_row(index, part, (weight or 0.0) / total, weight or 0.0, curve, better, on))
    return Sheet(card, on, tuple(rows))


def _curves(line: Line | LinkedLine) -> list[tuple[str, Curve]]:
    own: list[tuple[str, Curve]] = [("", line)]
    if isinstance(line, LinkedLine) or line.segments is None:
        return own
    by = line.segments.by
    parts = [(f"{by} {name}", curve) for name, curve in line.segments.curves.items()]
    return [*(own if line.stated else []), *parts]


def _row(index: int, part: str, share: float, weight: float, curve: Curve, better: str, on: date | None) -> Row:
    pairs = _knots(curve, better, on)
    reaches = tuple(_reach(pairs, mark, curve.steps) for mark in MARKS if pairs and mark <= max(p for _, p in pairs))
    step, below, above = _step(curve, on, share)
    goals = [goal for goal in (curve.floor, curve.target, curve.stretch) if isinstance(goal, LastYear)]
    said = ", ".join(f"{goal.last_year} ({goal.of})" for goal in goals)
    return Row(index, part, weight, reaches, said, step, below, above)


def _at(goal: Goal | Mapping[date, float] | None, on: date | None) -> float | None:
    """The number in force on a day; of a goal against last year, what stands in for it."""
    if isinstance(goal, LastYear):
        return goal.otherwise
    if not isinstance(goal, Mapping):
        return goal
    begun = [day for day in goal if on is None or day <= on]
    return goal[max(begun)] if begun else None


def _knots(curve: Curve, better: str, on: date | None) -> Knots:
    """[value, points] in the order of value. A linked line without a curve is points already."""
    if curve.points is not None:
        turn = -1 if better == "lower" else 1
        return tuple(sorted(curve.points, key=lambda pair: (pair[0], turn * pair[1])))
    if curve.ideal is not None and curve.limits is not None:
        (low, high), (bottom, top) = sorted(curve.ideal), sorted(curve.limits)
        return (bottom, 0.0), (low, 100.0), (high, 100.0), (top, 0.0)
    stated = [goal for goal in (curve.floor, curve.target, curve.stretch) if goal is not None]
    if any(_at(goal, on) is None for goal in stated):  # Before the first day of a goal there is no curve.
        return ()
    goals = (_at(curve.floor, on), _at(curve.target, on), _at(curve.stretch, on))
    pairs = [(goal, points) for goal, points in zip(goals, (0.0, 100.0, 120.0), strict=True) if goal is not None]
    if not pairs and isinstance(curve, LinkedLine):
        return (0.0, 0.0), (120.0, 120.0)
    return tuple(sorted(pairs))


def _reach(pairs: Knots, mark: float, steps: bool) -> Reach:
    """Where the curve is at least as high as the mark. Curves rise to their best and fall from it, never twice."""
    rising = _crossing(pairs, mark, steps)
    falling = _crossing(tuple(reversed(pairs)), mark, steps)
    return Reach(mark, rising, falling)


def _crossing(pairs: Sequence[tuple[float, float]], mark: float, steps: bool) -> float | None:
    """The first value, walking along the knots, that earns the mark; null where the walk begins above it.

    At the very bottom the knot is named all the same: what lies beyond it earns no less.
    """
    if pairs[0][1] > mark or (pairs[0][1] == mark and mark > min(points for _, points in pairs)):
        return None
    if pairs[0][1] == mark:
        return pairs[0][0] if pairs[0][1] < pairs[-1][1] or pairs[0][1] < max(p for _, p in pairs) else None
    for (left, low), (right, high) in pairwise(pairs):
        if high >= mark > low:
            return right if steps or left == right else left + (mark - low) / (high - low) * (right - left)
    return None


def _step(curve: Curve, on: date | None, share: float) -> tuple[float | None, float | None, float | None]:
    """A step of a one-sided curve, and what it adds to the score on either side of the target, on average."""
    goals = [(_at(curve.floor, on), 0.0), (_at(curve.target, on), 100.0), (_at(curve.stretch, on), 120.0)]
    pairs = sorted(curve.points or [(v, p) for v, p in goals if v is not None], key=lambda pair: pair[1])
    at_target = next((value for value, points in pairs if points == 100.0), None)
    if at_target is None or curve.steps or at_target == pairs[0][0]:
        return None, None, None
    (floor, least), (best, most) = pairs[0], pairs[-1]
    step = (at_target - floor) * TENTH
    above = None if best == at_target else share * (most - 100.0) * step / (best - at_target)
    return step, share * (100.0 - least) * TENTH, above
