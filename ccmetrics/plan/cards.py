"""What a card needs measured: its own values, and everything its goals and conditions look at beside.

In: the catalogue, a card, a period. Out: requests, told apart by their role.
Refuses to know: frames, and what the numbers are used for in a score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain

from ccmetrics import formula
from ccmetrics.catalogue.models import Card, Catalogue, Curve, LastYear, Line, LinkedLine, RedLine
from ccmetrics.formula.tree import Node, division, names, parts
from ccmetrics.period import CYCLES, Period, back, before, of
from ccmetrics.plan.ask import Ask, Binding, Request, kpi_ask, split


class Role(StrEnum):
    """What the values of a request are for."""

    OWN = "own"
    """By subject: lines, watched KPIs, guardrails, adjustments, actions. What a score is made of."""
    ALONE = "alone"
    """By subject: lines, watched KPIs, guardrails, actions, over one other period, to compare with."""
    TEAM = "team"
    """By team: conditions of adjustments that look at the team."""
    CENTER = "center"
    """Over everything: conditions that look at the center."""
    LASTING = "lasting"
    """By subject: conditions of red lines that last a year, in an earlier cycle of it."""
    LAST_YEAR = "last_year"
    """By subject and pooled: the KPIs whose goals are stated against last year."""
    LAST_YEAR_TEAM = "last_year_team"
    """The same by team."""


GOAL = "goal"
"""`goal.3`: the denominator of the fourth line by subject, segment and day, where its goal is not one for all days."""

WEEKDAYS = 364
"""Days after which a date falls on the same weekday a year before."""
BY_DAY = ("weekday", "day_kind", "tenure")
"""Segments that the subject and the day decide. The others are dimensions of rows."""
DIMENSIONS = {"queue": "queue_id", "channel": "channel", "team": "team"}
KINDS = ("bonus", "deductions", "coefficients", "red_lines")


def card_request(catalogue: Catalogue, card: Card) -> Request:
    """Everything a card needs of its subjects: its lines, what it watches, what guards its lines, the formulas of its
    adjustments and actions. Of no period yet."""
    asks = [*plain_asks(catalogue, card, windows=True), *_formulas(catalogue, card, "subject")]
    return _by_subject(card, Role.OWN, tuple(asks))


def plain_request(catalogue: Catalogue, card: Card, period: Period) -> Request:
    """Values over one period by themselves: no windows, no adjustments."""
    asks = [*plain_asks(catalogue, card), *_actions(catalogue, card)]
    return replace(_by_subject(card, Role.ALONE, tuple(asks)), periods=(period,))


def card_requests(catalogue: Catalogue, card: Card, period: Period) -> list[Request]:
    """All that one score of a card takes, over the period."""
    found = [card_request(catalogue, card).over(period)]
    for around, groups in ((Role.TEAM, ("team",)), (Role.CENTER, ())):
        if conditions := _formulas(catalogue, card, around.value):
            found.append(Request(card.card, groups, tuple(conditions), role=around).over(period))
    found += _denominators(catalogue, card, period)
    found += _last_year(catalogue, card, period)
    found += _lasting(catalogue, card, period)
    return found


def _by_subject(card: Card, role: str, asks: tuple[Ask, ...]) -> Request:
    return Request(
        name=card.card,
        by=() if card.subject == "center" else (card.subject,),
        asks=asks,
        via=card.via,
        who=None if card.who is None else formula.parse(card.who),
        role=role,
        also=tuple(sorted(_looked_up(card))),
    )


def _looked_up(card: Card) -> set[str]:
    """Columns that goals, pools, groups, pay and actions go by."""
    found = {DIMENSIONS.get(line.segments.by, "") for line in _lines(card) if line.segments}
    found |= {item.pool_by or "" for item in (*card.adjust.bonus, *card.adjust.deductions)}
    found |= {line.by for line in card.kpis if isinstance(line, LinkedLine)}
    found |= {action.to for action in card.actions}
    found |= {card.distribution.by or ""} if card.distribution else set()
    found |= {card.pay.base} if card.pay and isinstance(card.pay.base, str) else set()
    return found - {"", "center"}


def plain_asks(catalogue: Catalogue, card: Card, windows: bool = False) -> list[Ask]:
    """Lines, watched KPIs, and the guardrails of the lines, each KPI and variant once.

    All of them pooled, too: what a missing value would earn by another policy is shown, and whoever stands out is told
    from the others.
    """
    found: dict[tuple[str, str], Ask] = {}
    for line in _lines(card):
        ask = replace(line_ask(catalogue, card, line), window=line.window if windows else 1)
        found.setdefault((ask.key, ask.variant), ask)
    for watched in card.watch:
        ask = kpi_ask(catalogue, *split(watched), parameters=card.parameters)
        found.setdefault((ask.key, ask.variant), ask)
    there = {key for key, _ in found}
    for guardrail in (name for line in _lines(card) for name in catalogue.kpis[line.kpi].guardrails):
        if guardrail not in there:
            ask = kpi_ask(catalogue, guardrail, parameters=card.parameters)
            found.setdefault((ask.key, ask.variant), ask)
    return [replace(ask, pooled=True) for ask in found.values()]


def line_ask(catalogue: Catalogue, card: Card, line: Line) -> Ask:
    return kpi_ask(catalogue, line.kpi, line.variant, line.window, {**card.parameters, **line.parameters})


def _lines(card: Card) -> list[Line]:
    return [line for line in card.kpis if isinstance(line, Line)]


def _formulas(catalogue: Catalogue, card: Card, of: str) -> list[Ask]:
    """Amounts and conditions of adjustments that look at `subject`, `team` or `center`; a subject's actions, too."""
    found = []
    for kind in KINDS:
        for index, item in enumerate(getattr(card.adjust, kind)):
            if item.when is not None and item.of == of:
                # Over several cycles: all their rows together.
                tree = _tree(catalogue, card, item.when)
                found.append(Ask(f"{kind}.{index}.when", tree, window=cycles_of(item.over), every=True))
            if of == "subject" and (amount := getattr(item, "amount", None)) is not None:
                found.append(Ask(f"{kind}.{index}.amount", _tree(catalogue, card, amount)))
    if of != "subject":
        return found
    shares = [Ask("shares.measure", _tree(catalogue, card, card.shares.measure))] if card.shares else []
    return [*found, *_actions(catalogue, card), *shares]


def _actions(catalogue: Catalogue, card: Card) -> list[Ask]:
    """Each action's condition, and as its evidence what the condition names; of a KPI its n, too."""
    found = []
    for index, item in enumerate(card.actions):
        found.append(Ask(f"actions.{index}.when", _tree(catalogue, card, item.when)))
        named = [parts(node) for node in names(formula.parse(item.when))]
        counts = [[name, (*name, "n")] for name in named if name[-1] != "n" and name[0] not in catalogue.measures]
        for name in dict.fromkeys([*chain(*counts), *named]):
            tree = _binding(catalogue, card).tree(Node("name", value=name))
            if tree.op != "null":
                found.append(Ask(f"actions.{index}.{'.'.join(name)}", tree))
    return found


def _tree(catalogue: Catalogue, card: Card, text: str) -> Node:
    return _binding(catalogue, card).tree(formula.parse(text))


def _binding(catalogue: Catalogue, card: Card) -> Binding:
    return Binding(catalogue, "", card.parameters, {line.kpi: line for line in _lines(card)})


def cycles_of(text: str | None) -> int:
    """`3 cycles` is 3; unsaid is 1."""
    return 1 if text is None else int(text.split()[0])


def _denominators(catalogue: Catalogue, card: Card, period: Period) -> Iterator[Request]:
    """What the parts of a goal are weighed by: the KPI's denominator, of a mean its n; nothing where it has neither."""
    for index, line in enumerate(card.kpis):
        if not isinstance(line, Line) or not is_blended(line, period):
            continue
        ask = line_ask(catalogue, card, line)
        halves = division(ask.formula)
        tree = halves[1] if halves else None if ask.n is None else Node("name", value=ask.n)
        if tree is not None:
            own = _by_subject(card, f"{GOAL}.{index}", (Ask(f"{GOAL}.{index}", tree, window=line.window),))
            segment = DIMENSIONS.get(line.segments.by) if line.segments else None
            by = (*own.by, *([segment] if segment and segment not in own.by else []), "day")
            yield replace(own, by=by).over(period)


def reach(line: Line | LinkedLine, period: Period) -> Period:
    """All days that a line's value may be taken from, as one span: the period, and as far as its window goes back."""
    cycles = back(period, line.window if isinstance(line, Line) else 1)
    return replace(period, start=cycles[-1].start)


def is_blended(line: Line, period: Period) -> bool:
    """Whether the line's goal is not one for all rows it may meet: by segment, or because it changes inside."""
    return line.segments is not None or bool(changes(line, reach(line, period)))


def changes(curve: Curve, period: Period) -> list[date]:
    """Days inside the period, its first apart, on which one of the curve's goals changes."""
    goals = (curve.floor, curve.target, curve.stretch)
    days: set[date] = {day for goal in goals if isinstance(goal, dict) for day in goal}
    return sorted(day for day in days if period.start < day < period.end)


def year_before(period: Period, align: str) -> Period | None:
    """The period of the same label a year before, or the days 364 days before, of the same weekdays.

    None where that year has no such label: 29 February, a week 53.
    """
    if align == "weekday" or period.cycle == "calendar":
        start, last = (day - timedelta(days=WEEKDAYS) for day in (period.start, period.last))
        return Period(f"{start}..{last}", start, last + timedelta(days=1))
    try:
        if period.cycle == "week":
            year, week, _ = period.start.isocalendar()
            return of(date.fromisocalendar(year - 1, week, 1), "week")
        start, last = (day.replace(year=day.year - 1) for day in (period.start, _not_leap(period)))
    except ValueError:
        return None
    if period.cycle in CYCLES:
        return of(start, period.cycle)
    return Period(f"{start}..{last}", start, last + timedelta(days=1))


def _not_leap(period: Period) -> date:
    """The last day of a period; of one that is told by its month, the first will do."""
    return period.start if period.cycle in CYCLES else period.last


def is_against_last_year(line: Line) -> bool:
    """Whether one of the line's goals is last year's value, which is of one cycle."""
    curves = [line, *(line.segments.curves.values() if line.segments else ())]
    return any(against_last_year(curve) for curve in curves)


def against_last_year(curve: Curve) -> list[LastYear]:
    return [goal for goal in (curve.floor, curve.target, curve.stretch) if isinstance(goal, LastYear)]


def _last_year(catalogue: Catalogue, card: Card, period: Period) -> Iterator[Request]:
    wanted: dict[tuple[Role, str], list[Ask]] = {}
    for line in _lines(card):
        curves = [line, *(line.segments.curves.values() if line.segments else ())]
        for goal in (goal for curve in curves for goal in against_last_year(curve)):
            role = Role.LAST_YEAR_TEAM if goal.of == "team" else Role.LAST_YEAR
            ask = replace(line_ask(catalogue, card, line), window=1, pooled=True)
            wanted.setdefault((role, goal.align), []).append(ask)
    for (role, align), asks in wanted.items():
        past = year_before(period, align)
        if past is None:
            continue
        own = _by_subject(card, role, tuple(dict.fromkeys(asks)))
        by = ("team",) if role == Role.LAST_YEAR_TEAM else own.by
        yield replace(own, by=by, who=own.who if by == own.by else None, periods=(past,))


def _lasting(catalogue: Catalogue, card: Card, period: Period) -> Iterator[Request]:
    """A red line that lasts a year fires again in every later cycle of the calendar year, so each is looked at."""
    asks = tuple(
        # Over all subjects, too: whether anything is known of the cycle.
        Ask(key, _tree(catalogue, card, str(item.when)), pooled=True)
        for key, item in lasting_lines(card).items()
    )
    for cycle in earlier_in_year(period) if asks else ():
        yield replace(_by_subject(card, Role.LASTING, asks), periods=(cycle,))


def lasting_lines(card: Card) -> dict[str, RedLine]:
    """Red lines that last a year, by the key of their condition."""
    lines = enumerate(card.adjust.red_lines)
    return {f"red_lines.{index}.when": line for index, line in lines if line.lasts == "year"}


def earlier_in_year(period: Period) -> list[Period]:
    """The cycles of the period's kind before it that end in the calendar year of its last day, latest first."""
    found: list[Period] = []
    cycle = before(period)
    while cycle is not None and cycle.last.year == period.last.year:
        found.append(cycle)
        cycle = before(cycle)
    return found


def unlisted_in_year(period: Period) -> list[Period]:
    """Days of the calendar year before the period that none of the cycles before it has, as a calendar may leave some
    out: latest first."""
    cycles = [period, *earlier_in_year(period)]
    ends = [*(cycle.end for cycle in cycles[1:]), date(period.last.year, 1, 1)]
    gaps = [(end, cycle.start) for end, cycle in zip(ends, cycles, strict=True) if end < cycle.start]
    return [Period(f"{start}..{end - timedelta(days=1)}", start, end) for start, end in gaps]


def actions_look_back(card: Card) -> int:
    """How many cycles the longest of a card's actions looks at."""
    return max((cycles_of(action.lasting) for action in card.actions), default=1)
