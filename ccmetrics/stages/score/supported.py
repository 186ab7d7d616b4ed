"""What a card asks for that this version cannot compute, said before anything is computed.

In: a card, its KPIs and the period. Out: problems, one for every such wish, at its place.
Refuses to know: values, frames, whether the card is otherwise right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ccmetrics.catalogue.models import Card, Curve, Kpi, LastYear, Line, LinkedLine
from ccmetrics.period import Period, of
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.score.curve import in_force

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
"""Where in the card, the name of the problem, and its sentence."""

LATER = "not-supported-yet"


def unsupported(
    card: Card,
    kpis: Mapping[str, Kpi],
    period: Period | None = None,
    place: Callable[[Path], Place] | None = None,
) -> list[Problem]:
    """Problems of a card that could only be scored by guessing. `place` finds a path of the card in its file.

    Without a period only what no period could mend is reported.
    """
    at = place or (lambda path: Place(f"card {card.card}: {'.'.join(map(str, path))}"))
    found = [*_whole(card, period), *_adjustments(card), *_twins(card, kpis)]
    for index, line in enumerate(card.kpis):
        found += _line(card, line, kpis, period, index)
    return sorted({Problem(at(path), name, f"Card '{card.card}': {text}") for path, name, text in found})


def is_short(card: Card, period: Period) -> bool:
    """A part of the card's cycle: values and points only."""
    return card.cycle != "calendar" and period.days < of(period.start, card.cycle).days


def _whole(card: Card, period: Period | None) -> Iterator[Finding]:
    if card.cycle == "calendar":
        if period is not None and period.cycle != "calendar":
            yield ("cycle",), "no-cycle", f"it is scored by cycles of the calendar table; {period.label} is none."
    elif period is not None and not is_short(card, period):
        cycle = of(period.start, card.cycle)
        if (cycle.start, cycle.end) != (period.start, period.end):
            yield ("cycle",), LATER, f"it is scored by the {card.cycle}, and {period.label} is longer than one."


def _line(
    card: Card, line: Line | LinkedLine, kpis: Mapping[str, Kpi], period: Period | None, index: int
) -> Iterator[Finding]:
    path: Path = ("kpis", index)
    who = f"line {index + 1} ({line.linked_card if isinstance(line, LinkedLine) else line.kpi})"
    yield from _goals(line, period, path, who)
    if isinstance(line, LinkedLine):
        yield (*path, "linked_card"), LATER, f"{who}: a line linked to another card is not supported yet."
        return
    if line.segments is not None:
        yield (*path, "segments"), LATER, f"{who}: goals by segment are not supported yet."
    kpi = kpis.get(line.kpi)
    if kpi is None or not kpi.cumulative:
        return
    if line.window > 1:
        yield (*path, "window"), LATER, f"{who}: a total over {line.window} cycles cannot meet the goal of one."
    if (line.missing or card.missing) == "neutral":
        text = f"{who}: the total of all subjects is no neutral value for one; write missing: withhold on the line."
        yield (*path, "missing"), LATER, text


def _goals(line: Curve | LinkedLine, period: Period | None, path: Path, who: str) -> Iterator[Finding]:
    for key in ("floor", "target", "stretch", "weight"):
        goal = getattr(line, key)
        if isinstance(goal, LastYear):
            yield (*path, key), LATER, f"{who}: a {key} from last year is not supported yet."
        elif period is not None and isinstance(goal, dict) and in_force(goal, period) is None:
            if any(day <= period.start for day in goal):
                text = f"{who}: its {key} changes inside {period.label}, which is not supported yet."
                yield (*path, key), LATER, text
            else:
                first = min(goal, default="no day")
                text = f"{who}: no {key} is in force on {period.start}; the first begins on {first}."
                yield (*path, key), "no-goal-in-force", text


def _adjustments(card: Card) -> Iterator[Finding]:
    for kind in ("bonus", "deductions", "coefficients", "red_lines"):
        for index, item in enumerate(getattr(card.adjust, kind)):
            path: Path = ("adjust", kind, index)
            who = f"'{item.name.en}'"
            if item.over is not None:
                yield (*path, "over"), LATER, f"{who}: a condition over several cycles is not supported yet."
            if item.of != "subject":
                yield (*path, "of"), LATER, f"{who}: a condition on the {item.of} is not supported yet."
            if getattr(item, "pool", None) is not None or getattr(item, "pool_by", None) is not None:
                yield (*path, "pool"), LATER, f"{who}: a common pool is not supported yet."
            if getattr(item, "lasts", "cycle") == "year":
                yield (*path, "lasts"), LATER, f"{who}: a red line that lasts a year is not supported yet."


def _twins(card: Card, kpis: Mapping[str, Kpi]) -> Iterator[Finding]:
    """Values are told apart by KPI and variant only, so two such lines would share one value."""
    seen: set[tuple[str, str]] = set()
    for index, line in enumerate(card.kpis):
        if isinstance(line, LinkedLine):
            continue
        key = (line.kpi, variant_of(line, kpis))
        if key in seen:
            text = (
                f"line {index + 1} repeats {line.kpi}; the same KPI and variant twice on a card is not supported yet."
            )
            yield ("kpis", index, "kpi"), LATER, text
        seen.add(key)


def variant_of(line: Line, kpis: Mapping[str, Kpi]) -> str:
    """The variant a line means, by the name it has in the measured frame: '' for a KPI without variants."""
    kpi = kpis.get(line.kpi)
    return line.variant or (kpi.default if kpi is not None else None) or ""
