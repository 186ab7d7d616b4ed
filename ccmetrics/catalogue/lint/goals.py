"""Lints: goals that ask for nothing, begin at odds, or rest on too little.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.goal_checks import GOALS, change
from ccmetrics.catalogue.models import Card, Curve, LastYear, Line, LinkedLine
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.range_checks import never_below_0, unsigned
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem

ENOUGH = 10_000
"""Of so many cases a proportion is known to one point of percent: 1.96 x 0.5 / sqrt(10,000) = 0.0098."""
LEAST_POINTS, MOST_POINTS = -50, 150
"""Between them a line moves the score by twice its weight at most."""
MINIMA = {
    "min_coverage": (0.3, "a score may stand on {least:g} of 100 of the weights, and pays as one on all"),
    "min_presence": (0.05, "whoever was there for a day is judged as others are for the whole cycle"),
}
"""Key of a card to the least that holds anybody back: two usual lines of 15; one day of twenty."""


def goals(scope: Scope) -> Iterator[Problem]:
    natural = Natural(scope)
    for name, card in scope.catalogue.cards.items():
        for index, line in enumerate(card.kpis):
            what = f"Card '{name}': the goal of '{line.kpi or getattr(line, 'linked_card', '')}'"
            for at, curve in _curves(line):
                path: Path = ("cards", name, "kpis", index, *at)
                yield from _late(scope, path, what, curve)
                yield from _wild(scope, path, what, curve)
                if isinstance(line, Line) and line.kpi in scope.catalogue.kpis:
                    yield from _backward(natural, path, what, line, curve)
                    for inner, text in unsigned(natural, line, curve):
                        yield scope.problem((*path, *inner), "percent-sign-forgotten", f"Card '{name}': {text}")
        yield from _minima(scope, name, card)


def _curves(line: Line | LinkedLine) -> list[tuple[Path, Curve]]:
    inner = line.segments.curves if isinstance(line, Line) and line.segments else {}
    return [((), line), *((("segments", "curves", key), curve) for key, curve in inner.items())]


def _late(scope: Scope, path: Path, what: str, curve: Curve) -> Iterator[Problem]:
    """All parts of a goal begin on one day: until the last of them there is none."""
    dated = {key: min(goal) for key in GOALS if isinstance(goal := getattr(curve, key), dict) and goal}
    last = max(dated, key=lambda key: dated[key], default="")
    first = min(dated, key=lambda key: dated[key], default="")
    if dated and dated[first] < dated[last]:
        text = (
            f"{what} has a {first} from {dated[first]} on and no {last} before {dated[last]}: until then it has none."
        )
        yield scope.problem((*path, last), "no-goal-yet", text, key=True)


def _wild(scope: Scope, path: Path, what: str, curve: Curve) -> Iterator[Problem]:
    """A curve gives points of the size that weights are agreed for."""
    for at, (value, points) in enumerate(curve.points or ()):
        if not LEAST_POINTS <= points <= MOST_POINTS:
            text = f"{what} gives {points:g} points at {value:g}: {LEAST_POINTS} to {MOST_POINTS} are usual."
            yield scope.problem((*path, "points", at, 1), "wild-points", text)


def _backward(natural: Natural, path: Path, what: str, line: Line, curve: Curve) -> Iterator[Problem]:
    """A target against last year asks for more than there was."""
    better, grows = natural.scope.catalogue.kpis[line.kpi].better, never_below_0(natural, line)
    for key in ("target", "stretch"):
        goal = getattr(curve, key)
        if not isinstance(goal, LastYear) or better == "range":
            continue
        amount, unit = change(goal)
        if amount == 0 or ((amount > 0) == (better == "lower") and (grows or unit == "pp")):
            than = "no better" if amount == 0 else "worse"
            text = (
                f"{what} has a {key} of {goal.last_year} against last year, and {better} is better: {than} than it was."
            )
            yield natural.scope.problem((*path, key, "last_year"), "backward-goal", text)


def _minima(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    for key, (enough, meaning) in MINIMA.items():
        if (least := getattr(card, key)) < enough:
            text = f"Card '{name}': with {key} {least:g} {meaning.format(least=least * 100)}."
            yield scope.problem(("cards", name, key), "odd-minimum", text)
    for index, line in enumerate(card.kpis):
        least = line.min_n if isinstance(line, Line) else None
        if least is not None and least > ENOUGH:
            text = f"Card '{name}': '{line.kpi}' asks for {least:,} cases, and {ENOUGH:,} are enough for anything."
            yield scope.problem(("cards", name, "kpis", index, "min_n"), "odd-minimum", text)


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (goals,)
