"""A card's values through time: what changed, where it is going, whether chance could have done it.

In: a card's facts and scores, and its values over other periods. Out: changes, trends, alarms, progress.
Refuses to know: points, grades, pay; how anything was measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi
from ccmetrics.notice import Label, Notice
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts, nothing
from ccmetrics.stages.follow.alarms import ALARMS, alarms, pairs
from ccmetrics.stages.follow.changes import CHANGES, changes
from ccmetrics.stages.follow.kinds import kinds
from ccmetrics.stages.follow.progress import PROGRESS, progress
from ccmetrics.stages.follow.trends import TRENDS, trends
from ccmetrics.stages.score import Scores

Against = Literal["cycle", "previous", "last_year"]
"""A cycle before; the days just before, or of last year, of the same weekdays and number."""
Values = tuple[Against, Period, pl.DataFrame]


@dataclass(frozen=True)
class Followed:
    changes: pl.DataFrame = field(default_factory=nothing(CHANGES))
    trends: pl.DataFrame = field(default_factory=nothing(TRENDS))
    alarms: pl.DataFrame = field(default_factory=nothing(ALARMS))
    progress: pl.DataFrame = field(default_factory=nothing(PROGRESS))
    unwatched: bool = False
    """Whether the card has KPIs that others guard, and no cycle before to hold them against."""
    notices: tuple[Notice, ...] = ()


def follow(
    card: Card,
    kpis: Mapping[str, Kpi],
    facts: Facts,
    scores: Scores,
    others: Sequence[Values],
    behind: tuple[date, float] | None = None,
) -> Followed:
    """The asked period beside the others. Cycles come latest first.

    `behind` is the last day of the period that the data reaches, and the share of workdays up to it; unsaid, all.
    """
    as_of, elapsed = behind or (facts.period.last, 1.0)
    is_over = as_of >= facts.period.last
    now = facts.values.filter(pl.col("cycles") == 1)
    # A part of a total meets no whole one.
    rows = _followed(card, kpis, facts).join(now, on=["subject", "kpi", "variant"], how="left", maintain_order="left")
    comparable = rows.filter(pl.lit(is_over) | ~pl.col("cumulative"))
    cycles = [(period, values) for against, period, values in others if against == "cycle"]
    dated = [*reversed(cycles), *([(facts.period, now)] if is_over else [])]
    watched, before = pairs(card, kpis), cycles[0][1] if cycles else None
    unwatched = len(watched) > 0 and before is None
    return Followed(
        changes=changes(comparable.filter("shown"), [(a, p.label, values) for a, p, values in others if a != "cycle"]),
        trends=trends(rows.filter("shown"), dated if facts.period.cycle != "range" else []),
        alarms=alarms(watched, comparable, before, facts.pooled),
        progress=progress(card, kpis, facts, scores.goals, as_of, elapsed),
        unwatched=unwatched,
        notices=_unwatched(facts.period) if unwatched else (),
    )


def _followed(card: Card, kpis: Mapping[str, Kpi], facts: Facts) -> pl.DataFrame:
    """Subject x KPI of the card, in their order, with the kind of the KPI."""
    every = facts.subjects.select("subject").sort("subject")
    return every.join(kinds(card, kpis), how="cross", maintain_order="left_right")


def _unwatched(period: Period) -> tuple[Notice, ...]:
    return (
        Notice(
            "The data has no cycle before {period}: changes of what guards a KPI were not watched.",
            period=Label(period.label),
        ),
    )
