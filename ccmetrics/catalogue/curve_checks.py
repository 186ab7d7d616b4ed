"""Whether a card's curves reward what is better: points never fall as a value improves, and goals can be met.

In: the definitions. Out: problems, each at its curve.
Refuses to know: values, periods, how points are computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from ccmetrics.catalogue.models import Card, Curve, Goal, Kpi, LastYear, Line, LinkedLine
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.range_checks import never_below_0, outside
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem

GOALS = ("floor", "target", "stretch")
ALL_OF = {"card": "center", "team": "team"}
"""Whose last year a goal is stated against, and the subject whose own last year that is."""
SAID = {"higher": "higher is better", "lower": "lower is better", "range": "best inside a range"}


def curves(scope: Scope) -> Iterator[Problem]:
    """Every curve of every card, those of segments included."""
    natural = Natural(scope)
    for name, card in scope.catalogue.cards.items():
        for index, line in enumerate(card.kpis):
            if isinstance(line, LinkedLine) or line.kpi in scope.catalogue.kpis:
                yield from _of_line(natural, name, ("cards", name, "kpis", index), line)


def _of_line(natural: Natural, name: str, path: Path, line: Line | LinkedLine) -> Iterator[Problem]:
    scope = natural.scope
    better = scope.catalogue.kpis[line.kpi].better if isinstance(line, Line) else "higher"
    grows = isinstance(line, Line) and never_below_0(natural, line)
    segments = line.segments.curves if isinstance(line, Line) and line.segments else {}
    every: list[tuple[Path, Curve]] = [((), line), *((("segments", "curves", key), c) for key, c in segments.items())]
    for at, curve in every:
        beyond = list(outside(natural, line, curve)) if isinstance(line, Line) else []
        for inner, text in beyond:
            yield scope.problem((*path, *at, *inner), "goal-out-of-range", f"Card '{name}': {text}")
        # In what order goals should stand is not known before they are the ones that are meant.
        for inner, text in _curve(curve, better, grows) if not beyond else ():
            what = f"Card '{name}': the curve of '{line.kpi or getattr(line, 'linked_card', '')}'"
            yield scope.problem((*path, *at, *inner), "curve-order", f"{what} {text}")


def totals(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    for index, line in enumerate(card.kpis):
        kpi = scope.catalogue.kpis.get(line.kpi) if isinstance(line, Line) else None
        if isinstance(line, Line) and kpi is not None:
            for at, problem, text in meets_its_goal(card, line, kpi):
                path: Path = ("cards", name, "kpis", index, *at)
                yield scope.problem(path, problem, f"Card '{name}': '{line.kpi}': {text}")


def meets_its_goal(card: Card, line: Line, kpi: Kpi) -> Iterator[tuple[Path, str, str]]:
    """Where a line's total or its goal is not of one subject, or of another time: at, problem, sentence."""
    if not kpi.cumulative:
        return
    if line.window > 1:
        text = f"a total over {line.window} cycles cannot meet the goal of one. Leave `window` out."
        yield ("window",), "total-over-window", text
    if (line.missing or card.missing) == "neutral":
        text = "the total of all subjects is no neutral value for one. Write `missing: withhold` on the line."
        yield ("missing",), "neutral-total", text
    segments = line.segments.curves if line.segments else {}
    every: list[tuple[Path, Curve]] = [((), line), *((("segments", "curves", key), c) for key, c in segments.items())]
    for path, key, goal in ((path, key, getattr(curve, key)) for path, curve in every for key in GOALS):
        if isinstance(goal, LastYear) and ALL_OF.get(goal.of, card.subject) != card.subject:
            text = f"last year's total of a whole {goal.of} is no goal for one {card.subject}. State a number."
            yield (*path, key), "total-of-others", text


Finding = tuple[Path, str]


def _curve(curve: Curve, better: str, grows: bool) -> Iterator[Finding]:
    """`grows`: whether a percent more is more, whatever the value."""
    if curve.points is not None:
        yield from _points(curve.points, better)
    elif curve.ideal is not None and curve.limits is not None:
        yield from _range(curve.ideal, curve.limits, better)
    elif curve.target is not None:
        yield from _goals(curve, better, grows)


def _points(points: Sequence[tuple[float, float]], better: str) -> Iterator[Finding]:
    if len(points) < 2:
        yield ("points",), "needs two points or more."
        return
    values = [value for value, _ in points]
    if values != sorted(values) and values != sorted(values, reverse=True):
        yield ("points",), "lists its values out of order: let them only rise, or only fall."
        return
    earned = [earned for _, earned in (points if values == sorted(values) else reversed(points))]
    if min(earned) == max(earned):
        yield ("points",), "gives the same points for every value."
    elif not _is_fair(earned, better):
        yield ("points",), f"gives fewer points for a better value ({SAID[better]})."


def _is_fair(earned: list[float], better: str) -> bool:
    """Points by rising value: they rise, fall, or for a range rise to a best and then fall."""
    top = {"higher": len(earned) - 1, "lower": 0, "range": earned.index(max(earned))}[better]
    rises = all(a <= b for a, b in pairwise(earned[: top + 1]))
    return rises and all(a >= b for a, b in pairwise(earned[top:]))


def _range(ideal: tuple[float, float], limits: tuple[float, float], better: str) -> Iterator[Finding]:
    if better != "range":
        yield ("ideal",), f"ends its reward at an ideal, and for this KPI {SAID[better]}: say floor and target."
    elif not limits[0] < ideal[0] <= ideal[1] < limits[1]:
        said = "the limits lie outside the ideal: limits [0.5, 0.95] around ideal [0.75, 0.85]"
        yield ("ideal",), f"is out of order; {said}."


def _goals(curve: Curve, better: str, grows: bool) -> Iterator[Finding]:
    """On every date floor, target and stretch stand in the good direction."""
    if better == "range":
        yield ("target",), "has floor and target, and this KPI is best inside a range: say ideal and limits, or points."
        return
    sign = 1 if better == "higher" else -1
    stated = [(key, goal) for key in GOALS if (goal := getattr(curve, key)) is not None]
    days = sorted({day for _, goal in stated if isinstance(goal, dict) for day in goal})
    told: set[str] = set()
    for day in days or [date.min]:
        for (low_key, low), (high_key, high) in pairwise(stated):
            a, b = _in_force(low, day), _in_force(high, day)
            if a is not None and b is not None and sign * a >= sign * b and high_key not in told:
                told.add(high_key)
                when = f" from {day} on" if days else ""
                text = f"has {low_key} {a:g} and {high_key} {b:g}{when}, and {SAID[better]}."
                yield (high_key, day.isoformat()), text
    yield from _changes(stated, better, grows)


def _changes(stated: Sequence[tuple[str, Goal]], better: str, grows: bool) -> Iterator[Finding]:
    """Goals against the same last year stand in the good direction too."""
    sign = 1 if better == "higher" else -1
    for (low_key, low), (high_key, high) in pairwise(stated):
        if not (isinstance(low, LastYear) and isinstance(high, LastYear)) or _basis(low) != _basis(high):
            continue
        gap = sign * (_change(high) - _change(low))
        if gap == 0 or (gap < 0 and (grows or low.last_year.endswith("pp"))):
            text = f"has {low_key} {low.last_year} and {high_key} {high.last_year} of last year, and {SAID[better]}."
            yield (high_key, "last_year"), text


def _basis(goal: LastYear) -> tuple[str, str, bool]:
    return goal.of, goal.align, goal.last_year.endswith("pp")


def _change(goal: LastYear) -> float:
    return float(goal.last_year.removesuffix("pp").removesuffix("%"))


def _in_force(goal: Goal, day: date) -> float | None:
    """What is known of a goal on a day: of one against last year what holds where there is none."""
    if isinstance(goal, LastYear):
        return goal.otherwise
    if not isinstance(goal, dict):
        return goal
    begun = [start for start in goal if start <= day]
    return goal[max(begun)] if begun else None
