"""Cards scored in their order, those first that others need.

In: the world and a plan: cards, their periods, what has to be measured. Out: a scorecard a card.
Refuses to know: exports, how a stage does its work, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.models import Card, LinkedLine
from ccmetrics.period import Period
from ccmetrics.plan import Key, Request, Role, split
from ccmetrics.run.card_notices import aimless_notice, card_notices
from ccmetrics.run.periods import Plan, cycles_inside, wanted
from ccmetrics.run.since import since
from ccmetrics.scorecard import Scorecard
from ccmetrics.stages import measure as measuring
from ccmetrics.stages.act import act
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow import Values, follow
from ccmetrics.stages.follow.pooled import Pooled
from ccmetrics.stages.follow.pooled import pooled as pooled_of
from ccmetrics.stages.gather import Book, gather, of_subjects, parameters
from ccmetrics.stages.judge import Judged, judge
from ccmetrics.stages.judge.course import course, with_change
from ccmetrics.stages.measure import Coverage
from ccmetrics.stages.measure.values import pooled
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score import score as scoring
from ccmetrics.stages.score.linked import linked_values
from ccmetrics.stages.score.nets import acted_inside, net_adjustments
from ccmetrics.stages.world import World
from ccmetrics.stages.world.people import days_under
from ccmetrics.stages.world.subjects import subjects
from ccmetrics.stages.world.workdays import passed


@dataclass(frozen=True)
class Scored:
    """One card over one period, from what was measured to what it earns."""

    facts: Facts
    scores: Scores
    judged: Judged


Found = Mapping[tuple[str, str], Scored]
"""By card and label of the period."""


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
    # Only without a roster do rows say who was there at all: then of earlier cycles, too.
    alone = wanted(whole, plan.cards, plan.period, "roster" not in whole.tables, plan.trend)
    return scored(whole, measured(whole, alone.scoring)[0], alone, {}, beside=False)


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
            is_asked = period.label == plan.period.label
            scores = scoring(card, world.catalogue.kpis, facts, beside and is_asked)
            judged = judge(card if is_asked else _graded_only(card), scores, facts, earlier, is_asked)
            found[card.card, period.label] = Scored(facts, scores, judged)
            earlier[period.label] = judged
    return found


def _graded_only(card: Card) -> Card:
    """The card without what a score earns beside its grade: of other cycles than the asked one that was told then."""
    return card.model_copy(update={"pay": None, "progression": {}, "shares": None})


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
        (against, span, _alone(world, book, card, span, found)) for against, span in plan.plain[card.card]
    ]
    cycles = [(span, found[card.card, span.label]) for span in plan.course[card.card]]
    through = course(card, [(span, each.judged.scores) for span, each in cycles])
    behind = passed(world, plan.period)
    followed = follow(card, world.catalogue.kpis, facts, scores, others, behind)
    held = since(
        world.catalogue, card, [(span, each.facts, each.judged.scores) for span, each in cycles], behind[1] >= 1
    )
    acted = act(card, facts, others, actions)
    other = without.get((card.card, plan.period.label))
    watched = {split(name)[0] for name in card.watch}
    mine = pl.col("subject").is_in(facts.subjects["subject"].implode())
    return Scorecard(
        card=card,
        period=plan.period.label,
        scores=_with_unexcluded(with_change(card, judged.scores, held.scores), other),
        lines=scores.lines,
        adjustments=scores.adjustments,
        missing=scores.missing,
        watch=facts.values.filter(pl.col("kpi").is_in(watched) & mine),
        notices=(
            *card_notices(world, card, book[card.card, Role.OWN, plan.period.label], facts),
            *aimless_notice(plan.aimless[card.card]),
            *held.notices,
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
        unwatched=followed.unwatched,
        changes=followed.changes,
        trends=followed.trends,
        progress=followed.progress,
        actions=acted.actions,
        history=through.history,
        course=through.course,
        bins=through.bins,
        grades=through.grades,
        pooled=pooled_of(card, world.catalogue.kpis, _pooled(world, book, card, plan, found)),
        since=held.period,
    )


def _alone(world: World, book: Book, card: Card, period: Period, found: Found) -> pl.DataFrame:
    """Values over one period by themselves: as it was scored, or else as it was measured to compare with."""
    there = found.get((card.card, period.label))
    if there is None:
        return of_subjects(world, card, book[card.card, Role.ALONE, period.label], period)
    return there.facts.values.filter(pl.col("cycles") == 1)


def _pooled(world: World, book: Book, card: Card, plan: Plan, found: Found) -> Iterator[Pooled]:
    """Everybody's values over the cycles of the trend, those that were not scored, too."""
    cycles = [period for against, period in plan.plain[card.card] if against == "cycle"]
    for period in (*reversed(cycles), plan.period):
        there = found.get((card.card, period.label))
        if there is None:
            measured = book[card.card, Role.ALONE, period.label]
            yield period, pooled(measured, parameters(world, period)), None
        else:
            yield period, there.facts.pooled, there.scores.goals


def _with_unexcluded(scores: pl.DataFrame, without: Scored | None) -> pl.DataFrame:
    """The score without exclusions beside the official one, null for who has none; no column without any exclusion."""
    if without is None:
        return scores
    other = without.judged.scores.select("subject", unexcluded="score")
    return scores.join(other, on="subject", how="left", maintain_order="left", validate="1:1")
