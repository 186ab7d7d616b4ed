"""Cards scored in their order: which periods of which card a run takes, measured in one go, then scored one by one.

In: the world, cards, the asked period. Out: a scorecard a card.
Refuses to know: exports, how a stage does its work, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from ccmetrics.catalogue.models import Card, Catalogue, LinkedLine
from ccmetrics.period import Period, back, inside
from ccmetrics.plan import Key, Request, Role, card_requests, plain_request, split
from ccmetrics.plan.cards import WEEKDAYS, actions_look_back
from ccmetrics.run.card_notices import aimless_notice, card_notices
from ccmetrics.scorecard import Scorecard
from ccmetrics.stages import measure as measuring
from ccmetrics.stages.act import act
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow import Against, Values, follow
from ccmetrics.stages.gather import Book, gather, of_subjects
from ccmetrics.stages.judge import Judged, judge
from ccmetrics.stages.judge.progression import looks_back
from ccmetrics.stages.measure import Coverage
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score import score as scoring
from ccmetrics.stages.score.linked import linked_values
from ccmetrics.stages.score.nets import acted_inside, net_adjustments
from ccmetrics.stages.score.supported import NO_GOAL_YET, unsupported
from ccmetrics.stages.world import World
from ccmetrics.stages.world.people import days_under
from ccmetrics.stages.world.span import first_day
from ccmetrics.stages.world.subjects import subjects
from ccmetrics.stages.world.workdays import passed

TREND = 6
"""Cycles of a trend, the asked one included, as far as the data reach back."""


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

    @property
    def scoring(self) -> tuple[Request, ...]:
        """The requests that scores are made of, without those that are only compared with."""
        return tuple(request for request in self.requests if request.role != Role.ALONE)


@dataclass(frozen=True)
class Scored:
    """One card over one period, from what was measured to what it earns."""

    facts: Facts
    scores: Scores
    judged: Judged


Found = Mapping[tuple[str, str], Scored]
"""By card and label of the period."""


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


def wanted(world: World, cards: Sequence[Card], asked: Period, history: bool = True) -> Plan:
    """Everything the run takes. Cycles before the first day of the data, or of a goal, are no history."""
    start = first_day(world) or asked.start
    full: dict[str, dict[str, Period]] = {card.card: {} for card in cards}
    plain: dict[str, tuple[tuple[Against, Period], ...]] = {}
    aimless: dict[str, tuple[str, ...]] = {}
    # Whoever needs another card's score needs it over the same periods: those who need come first.
    for card in reversed(cards):
        mine = full[card.card]
        spans = [*(back(asked, looks_back(card))[1:] if history else ()), asked]
        there = [span for span in spans if span is asked or span.start >= start]
        aimless[card.card] = tuple(s.label for s in there if s is not asked and not _has_goals(world, card, s))
        mine |= {span.label: span for span in there if span.label not in aimless[card.card]}
        # Of a longer period every cycle, those before the data, too: who was not scored there is told.
        mine |= {cycle.label: cycle for span in list(mine.values()) for cycle in cycles_inside(card, span)}
        for name in linked_cards(card):
            full[name] |= mine
        compared = _compared(card, asked) if history else []
        plain[card.card] = tuple((a, span) for a, span in compared if span.start >= start)
    periods = {name: tuple(sorted(spans.values(), key=lambda p: (p.end, p.days))) for name, spans in full.items()}
    found: dict[Key, Request] = {}
    for card in cards:
        needed = [r for span in periods[card.card] for r in card_requests(world.catalogue, card, span)]
        needed += [plain_request(world.catalogue, card, span) for _, span in plain[card.card]]
        found |= {request.key: request for request in needed}
    return Plan(tuple(cards), asked, periods, plain, tuple(found.values()), aimless)


def _has_goals(world: World, card: Card, period: Period) -> bool:
    """Whether the card, and those it is linked to, have their goals in the period."""
    catalogue = world.catalogue
    problems = [p for each in in_order(catalogue, [card]) for p in unsupported(each, catalogue.kpis, period)]
    return all(problem.name != NO_GOAL_YET for problem in problems)


def cycles_inside(card: Card, period: Period) -> tuple[Period, ...]:
    """The card's cycles that a longer period is made of; none of a period of one cycle or less."""
    found = inside(period, card.cycle)
    return found if len(found) > 1 else ()


def _compared(card: Card, asked: Period) -> list[tuple[Against, Period]]:
    """The cycles before; and, of the same weekdays and number of days, the days just before and a year ago."""
    cycles = back(asked, max(TREND, actions_look_back(card)))[1:]
    weeks = timedelta(days=-(-asked.days // 7) * 7)
    return [
        *(("cycle", cycle) for cycle in cycles),
        ("previous", _shifted(asked, weeks)),
        ("last_year", _shifted(asked, timedelta(days=WEEKDAYS))),
    ]


def _shifted(period: Period, by: timedelta) -> Period:
    start, end = period.start - by, period.end - by
    return Period(f"{start}..{end - timedelta(days=1)}", start, end)


def scorecards(
    world: World, whole: World, plan: Plan, actions: pl.DataFrame | None = None, beside: bool = True
) -> tuple[dict[str, Scorecard], list[Coverage]]:
    """A scorecard a card, and how many rows fell where. `whole` is the world with nothing excluded; `actions` are those
    of the cycle before. `beside`: whether what would stand beside the scores is wanted."""
    book, covers = measured(world, plan.requests)
    without = unexcluded(world, whole, plan)
    found = scored(world, book, plan, without, beside)
    return {card.card: scorecard(world, book, plan, card, found, without, actions) for card in plan.cards}, covers


def unexcluded(world: World, whole: World, plan: Plan) -> Found:
    """Who would have which score without the exclusions that somebody approved; nothing where there are none."""
    if whole is world:
        return {}
    alone = wanted(whole, plan.cards, plan.period, history=False)
    return scored(whole, measured(whole, alone.requests)[0], alone, {}, beside=False)


def measured(world: World, requests: Sequence[Request]) -> tuple[Book, list[Coverage]]:
    known = known_subjects(world, requests)
    found, covers = measuring.measure(world, requests, known)
    return {request.key: each for request, each in zip(requests, found, strict=True)}, covers


def known_subjects(world: World, requests: Sequence[Request]) -> dict[Key, pl.DataFrame]:
    """By request: who counts, where the roster says who they are."""
    known = {}
    for request in requests if "roster" in world.tables else ():
        card = world.catalogue.cards[request.name]
        # What is told of a team or the center counts everybody's rows; a team without any has none of what is counted.
        if request.role == Role.TEAM:
            card = card.model_copy(update={"subject": "team", "who": None})
        if request.by[:1] == (card.subject,) and request.role != Role.LAST_YEAR_TEAM:
            named = subjects(world, card, request.periods[0]).select(pl.col("subject").alias(card.subject))
            known[request.key] = named
    return known


def scored(world: World, book: Book, plan: Plan, without: Found, beside: bool = True) -> Found:
    """Every card over every period it takes, those first that others need; over the asked one with what stands
    `beside` a score. Whoever would be there `without` the exclusions is listed with them, too."""
    found: dict[tuple[str, str], Scored] = {}
    for card in plan.cards:
        earlier: dict[str, Judged] = {}
        for period in plan.full[card.card]:
            facts = _complete(world, card, gather(world, book, card, period), found)
            if other := without.get((card.card, period.label)):
                facts = replace(facts, subjects=_with_excluded(facts.subjects, other.facts.subjects))
            scores = scoring(card, world.catalogue.kpis, facts, beside and period == plan.period)
            judged = judge(card, scores, facts, earlier)
            found[card.card, period.label] = Scored(facts, scores, judged)
            earlier[period.label] = judged
    return found


def _with_excluded(subjects: pl.DataFrame, without: pl.DataFrame) -> pl.DataFrame:
    """Whoever an exclusion left no row has no score, and does not disappear."""
    gone = without.join(subjects, on="subject", how="anti")
    return pl.concat([subjects, gone]).sort("subject")


def _complete(world: World, card: Card, facts: Facts, found: Found) -> Facts:
    """The facts with what other cards, and the cycles inside a longer period, were scored before."""
    period, cards = facts.period, world.catalogue.cards
    lines = [line for line in card.kpis if isinstance(line, LinkedLine)]
    days = {(line.linked_card, line.by): days_under(world, cards[line.linked_card], line.by, period) for line in lines}
    others = {line.linked_card: found[line.linked_card, period.label].scores for line in lines}
    cycles = {cycle.label: found[card.card, cycle.label].scores for cycle in cycles_inside(card, period)}
    return replace(
        facts, linked=linked_values(card, others, days), nets=net_adjustments(cycles), acted=acted_inside(cycles)
    )


def scorecard(
    world: World,
    book: Book,
    plan: Plan,
    card: Card,
    found: Found,
    without: Found,
    actions: pl.DataFrame | None,
) -> Scorecard:
    one = found[card.card, plan.period.label]
    facts, scores, judged = one.facts, one.scores, one.judged
    others: list[Values] = [
        (against, span, of_subjects(world, card, book[card.card, Role.ALONE, span.label], span))
        for against, span in plan.plain[card.card]
    ]
    followed = follow(card, world.catalogue.kpis, facts, scores, others, passed(world, plan.period))
    acted = act(card, facts, others, actions)
    other = without.get((card.card, plan.period.label))
    watched = {split(name)[0] for name in card.watch}
    mine = pl.col("subject").is_in(facts.subjects["subject"].implode())
    return Scorecard(
        card=card,
        period=plan.period.label,
        scores=_with_unexcluded(judged.scores, other),
        lines=scores.lines,
        adjustments=scores.adjustments,
        missing=scores.missing,
        watch=facts.values.filter(pl.col("kpi").is_in(watched) & mine),
        notices=(
            *card_notices(world, card, book[card.card, Role.OWN, plan.period.label], facts),
            *aimless_notice(plan.aimless[card.card]),
            *judged.notices,
            *acted.notices,
            *followed.notices,
        ),
        goals=scores.goals,
        policies=scores.policies,
        effective=scores.effective,
        needed=judged.needed,
        shares=judged.shares,
        lists=judged.lists,
        alarms=followed.alarms,
        changes=followed.changes,
        trends=followed.trends,
        progress=followed.progress,
        actions=acted.actions,
    )


def _with_unexcluded(scores: pl.DataFrame, without: Scored | None) -> pl.DataFrame:
    """The score without exclusions beside the official one; null where nothing was excluded in the run."""
    if without is None:
        return scores.with_columns(unexcluded=pl.lit(None, dtype=pl.Float64))
    other = without.judged.scores.select("subject", unexcluded="score")
    return scores.join(other, on="subject", how="left", maintain_order="left", validate="1:1")
