"""Scores of a card of one line, and what they earn: for the tests of judging."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from scoring_frames import OCTOBER, card, people, rows, run, straight

from ccmetrics.catalogue.models import Card
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.judge import Judged, judge

GRADES = [
    {"grade": "S", "from": 110, "pay": 1.3},
    {"grade": "A", "from": 95, "pay": 1.1},
    {"grade": "B", "from": 80, "pay": 1.0},
    {"grade": "C", "from": None, "pay": 0.8},
]


def plain(**more: Any) -> Card:
    """A card on which a subject's one value is its score."""
    return card([straight("csat", 100)], **({"grades": GRADES} | more))


def judged(
    on: Card,
    points: Mapping[str, float | None],
    found: Iterable[tuple[Any, ...]] = (),
    *,
    reach: Mapping[str, float] | None = None,
    presence: Mapping[str, float] | None = None,
    period: Period = OCTOBER,
    earlier: Mapping[str, Judged] | None = None,
    **more: pl.DataFrame,
) -> Judged:
    """`reach` is how far a subject's interval goes either way; `found` are measured amounts and conditions; `more` are
    frames of the facts (people, bases)."""
    given = [*((who, "csat", value) for who, value in points.items()), *found]
    part = pl.col("subject").replace_strict(dict(presence or {}), default=None, return_dtype=pl.Float64)
    subjects = people(*points).with_columns(presence=part)
    scores = run(on, given, subjects=subjects, period=period, **more)
    if reach is not None:
        half = pl.col("subject").replace_strict(dict(reach), default=None, return_dtype=pl.Float64)
        ends = {"low": pl.col("score") - half, "high": pl.col("score") + half}
        scores = replace(scores, scores=scores.scores.with_columns(**ends))
    values = rows(given).with_columns(period=pl.lit(period.label))
    return judge(on, scores, Facts(period, values, rows([], subject=False), subjects, **more), earlier)


def column(found: Judged, name: str) -> dict[str, Any]:
    return dict(found.scores.select("subject", name).iter_rows())


def described(name: str, values: Mapping[str, Any]) -> pl.DataFrame:
    """What the roster says of each subject in one column."""
    return pl.DataFrame({"subject": list(values), name: list(values.values())})
