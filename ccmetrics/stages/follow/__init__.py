"""A card's values through time: what changed, where it is going, whether chance could have done it.

In: a card's facts and scores, and its values over other periods. Out: changes, trends, alarms, progress.
Refuses to know: points, grades, pay; how anything was measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts, nothing
from ccmetrics.stages.score import Scores

Against = Literal["cycle", "previous", "last_year"]
"""A cycle before; the days just before, or of last year, of the same weekdays and number."""
Values = tuple[Against, Period, pl.DataFrame]


@dataclass(frozen=True)
class Followed:
    changes: pl.DataFrame = field(default_factory=nothing())
    trends: pl.DataFrame = field(default_factory=nothing())
    alarms: pl.DataFrame = field(default_factory=nothing())
    progress: pl.DataFrame = field(default_factory=nothing())


def follow(card: Card, kpis: Mapping[str, Kpi], facts: Facts, scores: Scores, others: Sequence[Values]) -> Followed:
    """The asked period beside the others. Cycles come latest first."""
    return Followed()
