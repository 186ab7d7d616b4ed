"""What a card asks for that can only be guessed over a period, said before anything is computed.

In: a card, its KPIs and the period. Out: problems, one for every such wish, at its place.
Refuses to know: values, frames, whether the card is otherwise right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccmetrics.catalogue.curve_checks import meets_its_goal
from ccmetrics.catalogue.models import Card, Curve, Kpi, Line, LinkedLine
from ccmetrics.period import Period, inside, of
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.score.curve import on

NO_GOAL_YET = "no-goal-in-force"
Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
"""Where in the card, the name of the problem, and its sentence."""


def unsupported(card: Card, kpis: Mapping[str, Kpi], period: Period | None = None) -> list[Problem]:
    """Problems of a card that could only be scored by guessing.

    Without a period only what no period could mend is reported.
    """
    found = [*_whole(card, period), *_twins(card, kpis)]
    for index, line in enumerate(card.kpis):
        found += _line(card, line, kpis, period, index)
    return sorted({_problem(card, path, name, text) for path, name, text in found})


def _problem(card: Card, path: Path, name: str, text: str) -> Problem:
    place = Place(f"card {card.card}: {'.'.join(map(str, path))}")
    return Problem(place, name, f"Card '{card.card}': {text}", path=("cards", card.card, *path))


def is_short(card: Card, period: Period) -> bool:
    """A part of the card's cycle: values and points only."""
    return card.cycle != "calendar" and period.days < of(period.start, card.cycle).days


def _whole(card: Card, period: Period | None) -> Iterator[Finding]:
    if card.cycle == "calendar":
        if period is not None and period.cycle != "calendar":
            yield ("cycle",), "no-cycle", f"it is scored by cycles of the calendar table; {period.label} is none."
    elif period is not None and not is_short(card, period) and not inside(period, card.cycle):
        text = (
            f"it is scored by the {card.cycle}, and {period.label} begins or ends amid one. Ask for one, a part of "
            "one, or several whole ones."
        )
        yield ("cycle",), "no-cycle", text


def _line(
    card: Card, line: Line | LinkedLine, kpis: Mapping[str, Kpi], period: Period | None, index: int
) -> Iterator[Finding]:
    path: Path = ("kpis", index)
    who = f"line {index + 1} ({line.linked_card if isinstance(line, LinkedLine) else line.kpi})"
    yield from _goals(line, period, path, who)
    if not isinstance(line, Line):
        return
    for key, curve in line.segments.curves.items() if line.segments else ():
        yield from _goals(curve, period, (*path, "segments", "curves", key), f"{who}, {key}")
    if line.kpi in kpis:
        for at, name, text in meets_its_goal(card, line, kpis[line.kpi]):
            yield (*path, *at), name, f"{who}: {text}"


def _goals(line: Curve | LinkedLine, period: Period | None, path: Path, who: str) -> Iterator[Finding]:
    """Before a goal's first day there is none, and to take the next one would be a guess."""
    for key in ("floor", "target", "stretch", "weight"):
        goal = getattr(line, key, None)
        if period is not None and isinstance(goal, dict) and on(goal, period.start) is None:
            first = min(goal, default="no day")
            text = f"{who}: no {key} is in force on {period.start}; the first begins on {first}."
            yield (*path, key), NO_GOAL_YET, text


def _twins(card: Card, kpis: Mapping[str, Kpi]) -> Iterator[Finding]:
    """Values are told apart by KPI and variant only, so two such lines would share one value."""
    seen: set[tuple[str, str]] = set()
    for index, line in enumerate(card.kpis):
        if isinstance(line, LinkedLine):
            continue
        key = (line.kpi, variant_of(line, kpis))
        if key in seen:
            yield (
                ("kpis", index, "kpi"),
                "duplicate-line",
                f"line {index + 1} repeats {line.kpi}, by the same definition.",
            )
        seen.add(key)


def variant_of(line: Line, kpis: Mapping[str, Kpi]) -> str:
    """The variant a line means, by the name it has in the measured frame: '' for a KPI without variants."""
    kpi = kpis.get(line.kpi)
    return line.variant or (kpi.default if kpi is not None else None) or ""
