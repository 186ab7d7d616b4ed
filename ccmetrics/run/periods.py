"""Which periods of which card a run takes, and what has to be measured for them, in one go.

In: the world, cards, the asked period. Out: a plan.
Refuses to know: how anything is measured or scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ccmetrics.catalogue.models import Card, Catalogue, LinkedLine
from ccmetrics.period import TREND, Period, back, inside
from ccmetrics.plan import Key, Request, Role, card_requests, plain_request
from ccmetrics.plan.cards import WEEKDAYS, actions_look_back
from ccmetrics.stages.follow import Against
from ccmetrics.stages.judge.progression import looks_back
from ccmetrics.stages.score.supported import NO_GOAL_YET, is_short, unsupported
from ccmetrics.stages.world import World
from ccmetrics.stages.world.span import first_day


@dataclass(frozen=True)
class Plan:
    """What a run takes: cards in the order in which they need each other, and their periods."""

    cards: tuple[Card, ...]
    period: Period
    full: Mapping[str, tuple[Period, ...]]
    """By card: the periods it is scored over, in the order of time, the asked one last."""
    plain: Mapping[str, tuple[tuple[Against, Period], ...]]
    """By card: the periods whose values the asked one is compared with."""
    requests: tuple[Request, ...]
    aimless: Mapping[str, tuple[str, ...]]
    """By card: labels of earlier cycles that are not scored, being before the first day of a goal."""
    course: Mapping[str, tuple[Period, ...]]
    """By card: the cycles its scores are told of, in the order of time, the asked period last. Of no longer period
    those inside it: what stands beside each other is of one length."""
    trend: int | None

    @property
    def scoring(self) -> tuple[Request, ...]:
        """The requests that scores are made of, without those that are only compared with."""
        return tuple(request for request in self.requests if request.role != Role.ALONE)


def in_order(catalogue: Catalogue, chosen: Sequence[Card]) -> tuple[Card, ...]:
    """The cards, each after those it is linked to. `check` has refused circles."""
    found: dict[str, Card] = {}

    def add(card: Card) -> None:
        for name in linked_cards(card):
            if name not in found:
                add(catalogue.cards[name])
        found.setdefault(card.card, card)

    for card in chosen:
        add(card)
    return tuple(found.values())


def linked_cards(card: Card) -> list[str]:
    return list(dict.fromkeys(line.linked_card for line in card.kpis if isinstance(line, LinkedLine)))


def wanted(world: World, cards: Sequence[Card], asked: Period, history: bool = True, trend: int | None = None) -> Plan:
    """Everything the run takes. Cycles before the first day of the data, or of a goal, are no history.

    `history`: whether other periods are wanted at all. `trend`: over how many cycles every card is scored; unsaid, as
    many as its lists look at.
    """
    start = first_day(world) or asked.start
    full: dict[str, dict[str, Period]] = {card.card: {} for card in cards}
    plain: dict[str, tuple[tuple[Against, Period], ...]] = {}
    aimless: dict[str, tuple[str, ...]] = {}
    course: dict[str, tuple[Period, ...]] = {}
    # Whoever needs another card's score needs it over the same periods: those who need come first.
    for card in reversed(cards):
        mine = full[card.card]
        spans = [asked, *(back(asked, _scored_back(card, asked, trend))[1:] if history else ())]
        there = [span for span in spans if span is asked or span.start >= start]
        without = [span for span in there if span is not asked and not _has_goals(world, card, span)]
        aimless[card.card] = tuple(span.label for span in reversed(without))
        told = [span for span in there if span.label not in aimless[card.card]]
        course[card.card] = tuple(reversed(told)) if trend else (asked,)
        mine |= {span.label: span for span in told}
        # Of a longer period every cycle, those before the data, too: who was not scored there is told.
        mine |= {cycle.label: cycle for span in list(mine.values()) for cycle in cycles_inside(card, span)}
        for name in linked_cards(card):
            full[name] |= mine
        compared = _compared(card, asked, trend or TREND) if history else []
        plain[card.card] = tuple((a, span) for a, span in compared if span.start >= start)
    periods = {name: tuple(sorted(spans.values(), key=lambda p: (p.end, p.days))) for name, spans in full.items()}
    found: dict[Key, Request] = {}
    for card in cards:
        needed = [r for span in periods[card.card] for r in card_requests(world.catalogue, card, span)]
        # A period that is scored is measured already.
        others = [span for _, span in plain[card.card] if span.label not in full[card.card]]
        needed += [plain_request(world.catalogue, card, span) for span in others]
        found |= {request.key: request for request in needed}
    return Plan(tuple(cards), asked, periods, plain, tuple(found.values()), aimless, course, trend)


def _scored_back(card: Card, asked: Period, trend: int | None) -> int:
    """How many periods of that kind are scored, the asked one included. A part of a cycle earns nothing, and ranges
    are no cycles: there is no course of them."""
    has_course = asked.cycle != "range" and not is_short(card, asked)
    return max(looks_back(card), trend or 1) if has_course else looks_back(card)


def _has_goals(world: World, card: Card, period: Period) -> bool:
    """Whether the card, and those it is linked to, have their goals in the period."""
    catalogue = world.catalogue
    problems = [p for each in in_order(catalogue, [card]) for p in unsupported(each, catalogue.kpis, period)]
    return all(problem.name != NO_GOAL_YET for problem in problems)


def cycles_inside(card: Card, period: Period) -> tuple[Period, ...]:
    """The card's cycles that a longer period is made of; none of a period of one cycle or less."""
    found = inside(period, card.cycle)
    return found if len(found) > 1 else ()


def _compared(card: Card, asked: Period, trend: int) -> list[tuple[Against, Period]]:
    """The cycles before; and, of the same weekdays and number of days, the days just before and a year ago."""
    cycles = back(asked, max(trend, actions_look_back(card)))[1:]
    weeks = timedelta(days=-(-asked.days // 7) * 7)
    return [
        *(("cycle", cycle) for cycle in cycles),
        ("previous", _shifted(asked, weeks)),
        ("last_year", _shifted(asked, timedelta(days=WEEKDAYS))),
    ]


def _shifted(period: Period, by: timedelta) -> Period:
    start, end = period.start - by, period.end - by
    return Period(f"{start}..{end - timedelta(days=1)}", start, end)
