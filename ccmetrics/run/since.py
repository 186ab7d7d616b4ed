"""Which cycle the scores of the asked one may be held against: the one just before it, if both were told alike.

In: definitions, a card, its scored cycles in the order of time. Out: the scores of that cycle, or sentences why not.
Refuses to know: how a score came about, what is made of the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from ccmetrics.catalogue.models import Card, Catalogue, Goal, Line, LinkedLine
from ccmetrics.notice import Label, Notice
from ccmetrics.period import Period, is_one
from ccmetrics.plan.cards import reach
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score.curve import on
from ccmetrics.stages.score.goals import curves_of

Cycle = tuple[Period, Facts, pl.DataFrame]
"""A cycle, what it was scored from, and its judged scores."""


@dataclass(frozen=True)
class Since:
    scores: pl.DataFrame | None = None
    """Of the cycle before, of whoever may be held against it."""
    period: str = ""
    """Its label, where that is everybody: where all together may be, too."""
    notices: tuple[Notice, ...] = ()


def since(catalogue: Catalogue, card: Card, cycles: Sequence[Cycle], is_over: bool) -> Since:
    """A part of a cycle, or one not over, is held against none; nor is one with other goals, for the change would be
    theirs and not the people's."""
    if len(cycles) < 2 or not all(is_one(period, card.cycle) for period, _, _ in cycles[-2:]):
        return Since()
    (before, then, scores), (asked, now, today) = cycles[-2:]
    if before.end != asked.start:
        return Since()
    if lines := restated(catalogue, card, before, asked):
        said = Notice(
            "No change of scores since {period}: the goals or weights of {lines} are not the same.",
            period=Label(before.label),
            lines=lines,
        )
        return Since(notices=(said,))
    if not is_over:
        return Since()
    full = scores.filter(status="scored").join(today.filter(status="scored"), on="subject", how="semi")
    apart = full.join(_otherwise_timed(then, now), on="subject", how="semi").select("subject")
    if apart.is_empty():
        return Since(scores, before.label)
    said = Notice(
        "No change of scores since {period} of {n:subject}: handle times were made of other components then.",
        period=Label(before.label),
        n=apart.height,
    )
    return Since(scores.join(apart, on="subject", how="anti", maintain_order="left"), notices=(said,))


def restated(catalogue: Catalogue, card: Card, before: Period, asked: Period) -> list[str]:
    """The lines of which the card, or one it is linked to, says not the same goals and weight all through both cycles,
    and as far as a window looks back. A goal of last year says the same, whatever that was."""
    changed = []
    for line in card.kpis:
        goals = [goal for curve in curves_of(line).values() for goal in (curve.floor, curve.target, curve.stretch)]
        is_changed = any(_changes(goal, reach(line, before).start, asked.end) for goal in goals)
        is_changed |= _changes(line.weight, before.start, asked.end)
        if isinstance(line, LinkedLine):
            is_changed |= bool(restated(catalogue, catalogue.cards[line.linked_card], before, asked))
        if is_changed:
            changed.append(
                catalogue.kpi_called(line.kpi) if isinstance(line, Line) else catalogue.cards[line.linked_card].called
            )
    return list(dict.fromkeys(changed))


def _changes(goal: Goal | Mapping[date, float] | None, start: date, end: date) -> bool:
    """Whether what is stated by date is not one number on all the days."""
    if not isinstance(goal, Mapping):
        return False
    return len({on(goal, day) for day in (start, *goal) if start <= day < end}) > 1


def _otherwise_timed(then: Facts, now: Facts) -> pl.DataFrame:
    """Whose handle times are made of other components in one of the two than in the other."""
    both = then.timed_by.join(now.timed_by, on="subject", how="full", coalesce=True, suffix="_now")
    return both.filter(pl.col("timed_by").ne_missing(pl.col("timed_by_now"))).select("subject")
