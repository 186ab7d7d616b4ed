"""From printed scores to grade, pay, rank, shares of volume and lists.

In: a card, its scores, its facts, what the cycles before earned. Out: the frame of scores with what they earn.
Refuses to know: values, points, how a score came about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.notice import Key, Label, Notice
from ccmetrics.period import back, is_one
from ccmetrics.stages.facts import Facts, nothing
from ccmetrics.stages.judge.distribution import distributed, losers
from ccmetrics.stages.judge.grades import by_score, graded
from ccmetrics.stages.judge.needed import NEEDED, needed
from ccmetrics.stages.judge.pay import amounts, with_coefficients
from ccmetrics.stages.judge.progression import LIST, looks_back, progression, watch_list
from ccmetrics.stages.judge.ranks import ranged
from ccmetrics.stages.judge.shares import shared
from ccmetrics.stages.score import Scores

EARNED = (
    "grade", "grade_by_score", "grade_by", "lost_by_distribution", "told_apart", "pay", "pay_amount", "rank", "rank_of",
)  # fmt: skip
"""What is added to a score, before the range of its rank. `pay` is a coefficient, `pay_amount` money."""


@dataclass(frozen=True)
class Judged:
    """`scores`: a subject each, with what it earns. `needed`: subject x line, what is missing for the next grade.
    `shares`: vendors' volume. `lists`: promotions, watch lists. `notices`: what must be said beside them."""

    scores: pl.DataFrame
    needed: pl.DataFrame = field(default_factory=nothing())
    shares: pl.DataFrame = field(default_factory=nothing())
    lists: pl.DataFrame = field(default_factory=nothing())
    notices: tuple[Notice, ...] = ()


def judge(
    card: Card, scores: Scores, facts: Facts, earlier: Mapping[str, Judged] | None = None, beside: bool = True
) -> Judged:
    """What the scores earn. `earlier` is what was earned over other periods, by their labels. `beside`: whether what is
    missing for the next grade is wanted, too.

    Every judgment is by the printed score, and only a full one is judged: a provisional, withheld or values-only
    subject has neither grade nor pay nor rank.
    """
    rows, of_places = distributed(card, by_score(card, scores), facts.people)
    rows = rows.join(facts.timed_by, on="subject", how="left", maintain_order="left").with_columns(
        pl.col("timed_by").fill_null("")
    )
    rows = with_coefficients(card, graded(card, rows))
    rows, of_pay = amounts(card, rows, facts)
    shares, of_shares = shared(card, rows, facts)
    judged = _ranged(rows.select(*scores.scores.columns, *EARNED, "timed_by"))
    lists, of_lists = _lists(card, judged, facts, earlier or {})
    return Judged(
        judged,
        needed(card, scores) if beside and is_one(facts.period, card.cycle) else pl.DataFrame(schema=NEEDED),
        shares=shares,
        lists=pl.concat([losers(rows), lists]),
        notices=(*of_places, *of_pay, *of_shares, *of_lists),
    )


def _ranged(rows: pl.DataFrame) -> pl.DataFrame:
    """The ranges of ranks, among those whose handle times are made of the same."""
    groups = rows.partition_by("timed_by", maintain_order=True, include_key=False) or [rows.drop("timed_by")]
    found = pl.concat([ranged(group) for group in groups])
    return rows.select("subject").join(found, on="subject", how="left", maintain_order="left")


def _lists(
    card: Card, scores: pl.DataFrame, facts: Facts, earlier: Mapping[str, Judged]
) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """Lists over cycles, made where the period is one of them."""
    period = facts.period
    if not is_one(period, card.cycle):
        asked = card.progression or (card.shares and card.shares.watch_list)
        said = (_not_one(period.label, card.cycle),) if asked else ()
        return pl.DataFrame(schema=LIST), said
    spans = [span.label for span in reversed(back(period, looks_back(card))[1:]) if span.label in earlier]
    cycles = [*((label, earlier[label].scores) for label in spans), (period.label, scores)]
    listed, of_rules = progression(card, cycles)
    watched, of_watched = watch_list(card, cycles)
    return pl.concat([listed, watched]), (*of_rules, *of_watched)


def _not_one(label: str, cycle: str) -> Notice:
    return Notice("No lists over cycles: {period} is not one {cycle}.", period=Label(label), cycle=Key(cycle))
