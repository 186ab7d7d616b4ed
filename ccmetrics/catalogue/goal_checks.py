"""Whether goals that differ by segment or hang on last year can be told for every subject.

In: the definitions. Out: problems, each at its segment or goal.
Refuses to know: values, periods, how goals are blended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from ccmetrics.catalogue.models import Card, Curve, Kpi, LastYear, Line, LinkedLine, Segments
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.catalogue.segments import DAYS, overlap, tenure, weekday
from ccmetrics.formula import FormulaProblem, parse
from ccmetrics.formula.tree import division, parts
from ccmetrics.problem import Problem

GOALS = ("floor", "target", "stretch")
OF_ROWS = ("queue", "channel", "team", "tenure")
"""Segments that no calendar tells: a goal is blended over them by what the KPI counts."""


def segments(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Every segment can be told, is told once, and has a curve like the others."""
    for index, line in enumerate(card.kpis):
        if isinstance(line, Line) and line.segments is not None:
            path: Path = ("cards", name, "kpis", index, "segments")
            for at, problem, text in _segments(scope, line, line.segments):
                yield scope.problem((*path, *at), problem, f"Card '{name}': the goal of '{line.kpi}' {text}", key=True)


Finding = tuple[Path, str, str]


def _segments(scope: Scope, line: Line, segments: Segments) -> Iterator[Finding]:
    by, curves = segments.by, segments.curves
    if not curves:
        yield ("curves",), "bad-value", f"names no {by}. Name one, or leave `segments` out."
    if by in OF_ROWS and not _is_counted(scope, line):
        text = f"differs by {by}, and the KPI has neither denominator nor n to blend it by. Give the KPI an `n`."
        yield ("by",), "unweighable-goal", text
    for key, curve in curves.items():
        if not curve.stated:
            yield ("curves", key), "bad-value", f"is empty for {by} {key}: say floor and target."
    yield from _keys(scope, by, list(curves))
    yield from _unlike(line, {key: curve for key, curve in curves.items() if curve.stated})


def _keys(scope: Scope, by: str, keys: list[str]) -> Iterator[Finding]:
    calendar = scope.catalogue.tables.get("calendar")
    kinds = calendar.columns["kind"].values if calendar and "kind" in calendar.columns else None
    for key in keys:
        known = f"1 to 7, or {DAYS[0]} to {DAYS[-1]}" if by == "weekday" else ", ".join(kinds or ())
        known = "days since joining like <90, 90-179, 180+" if by == "tenure" else known
        unknown = {
            "weekday": weekday(key) is None,
            "tenure": tenure(key) is None,
            "day_kind": bool(kinds) and key not in (kinds or ()),
        }
        if unknown.get(by):
            yield ("curves", key), "unknown-segment", f"names '{key}', which is no {by}. Known: {known}."
    for one, other in combinations(keys, 2):
        if by == "weekday" and weekday(one) is not None and weekday(one) == weekday(other):
            yield ("curves", other), "unknown-segment", f"names '{other}', which is the same day as '{one}'."
        days, others = tenure(one), tenure(other)
        if by == "tenure" and days is not None and others is not None and overlap(days, others):
            yield ("curves", other), "unknown-segment", f"names '{other}', which shares days with '{one}'."


def _is_counted(scope: Scope, line: Line) -> bool:
    """Whether parts of the goal can be weighed: by the KPI's denominator, or its n."""
    kpi: Kpi | None = scope.catalogue.kpis.get(line.kpi)
    if kpi is None or (line.variant is not None and line.variant not in kpi.variants):
        return True  # it has its own problem
    own = kpi.variant(line.variant)
    for _ in scope.catalogue.kpis:  # a formula may be another KPI's name; circles have their own problem
        try:
            tree = parse(own.formula)
        except FormulaProblem:
            return True
        if own.n is not None or division(tree) is not None:
            return True
        named = scope.variant(parts(tree)) if tree.op == "name" and parts(tree)[0] not in scope.measures else None
        if named is None:
            return False
        own = named
    return True


def _unlike(line: Line, stated: Mapping[str, Curve]) -> Iterator[Finding]:
    """Knots are blended one by one, so every curve must have the same ones."""
    first = line if line.stated else next(iter(stated.values()), None)
    for key, curve in stated.items():
        if first is not None and _shape(curve, line) != _shape(first, line):
            text = f"has another kind of curve for '{key}': all need the same knots with the same points."
            yield ("curves", key), "unlike-curves", text


def _shape(curve: Curve, line: Line) -> tuple[object, ...]:
    if curve.points is not None:
        values = [value for value, _ in curve.points]
        written = curve.points if values == sorted(values) else curve.points[::-1]
        return tuple(points for _, points in written), curve.steps or line.steps
    return curve.ideal is not None, curve.stretch is not None, curve.steps or line.steps


def last_year(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Goals against last year: of a KPI, in its unit, and better not one's own."""
    for index, line in enumerate(card.kpis):
        for at, goal in _yearly(line):
            path: Path = ("cards", name, "kpis", index, *at)
            what = f"Card '{name}': the {at[-1]} of '{line.kpi or getattr(line, 'linked_card', '')}'"
            if isinstance(line, LinkedLine):
                text = f"{what} is stated against last year, and scores of other cards are not kept. State a number."
                yield scope.problem(path, "bad-value", text, key=True)
                continue
            kpi = scope.catalogue.kpis.get(line.kpi)
            unit = (
                kpi.variant(line.variant).unit if kpi and (line.variant or kpi.default or "") in _names(kpi) else None
            )
            if goal.last_year.endswith("pp") and unit not in (None, "percent", "ratio"):
                text = f"{what} moves by points of percent (pp), and the KPI is in {unit}. Write a change in %."
                yield scope.problem((*path, "last_year"), "bad-value", text)
            if (said := _too_far(goal, unit)) is not None:
                yield scope.problem((*path, "last_year"), "bad-value", f"{what} {said}")
            if goal.of in ("self", card.subject):
                other = "`of: card`" if card.subject == "team" else "`of: card` or `team`"
                text = f"{what} is stated against the subject's own last year: whoever was good must be better still."
                mend = f"Write {other}, or allow it with a reason: `allow: {{own-last-year: why}}`."
                yield scope.problem((*path, "of"), "own-last-year", text, mend=mend)


def change(goal: LastYear) -> tuple[float, str]:
    """`+5%` as 5 and `%`."""
    unit = "pp" if goal.last_year.endswith("pp") else "%"
    return float(goal.last_year.removesuffix(unit)), unit


def _too_far(goal: LastYear, unit: str | None) -> str | None:
    """What is wrong with a change that leaves nothing of last year's value, or more than there can be of a share."""
    amount, measure = change(goal)
    if measure == "%" and amount <= -100:
        left = "nothing" if amount == -100 else "less than nothing"
        return f"is last year's value {goal.last_year}, which leaves {left}."
    if measure == "pp" and unit == "percent" and abs(amount) >= 100:
        return f"moves by {abs(amount):g} points of percent, and a share has 100 in all."
    return None


def _names(kpi: Kpi) -> set[str]:
    return set(kpi.variants) or {""}


def dated(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """What goes by date has one: weights and goals of no day are never in force."""
    for index, line in enumerate(card.kpis):
        stated: list[tuple[Path, object]] = [(("weight",), line.weight)]
        stated += [((*at, key), getattr(curve, key)) for at, curve in _curves(line) for key in GOALS]
        for at, value in stated:
            if value == {}:
                text = f"Card '{name}': the {at[-1]} of '{_called(line)}' names no day from which on it holds."
                yield scope.problem(("cards", name, "kpis", index, *at), "bad-value", text)


def _called(line: Line | LinkedLine) -> str:
    return line.kpi if isinstance(line, Line) else line.linked_card


def _yearly(line: Line | LinkedLine) -> Iterator[tuple[Path, LastYear]]:
    for at, curve in _curves(line):
        for key in GOALS:
            goal = getattr(curve, key)
            if isinstance(goal, LastYear):
                yield (*at, key), goal


def _curves(line: Line | LinkedLine) -> list[tuple[Path, Curve]]:
    """The curve of a line and those of its segments."""
    inner = line.segments.curves if isinstance(line, Line) and line.segments else {}
    return [((), line), *((("segments", "curves", key), curve) for key, curve in inner.items())]
