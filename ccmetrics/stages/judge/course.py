"""Scores through the cycles: everybody's own, and what can be told of all of them without a name.

In: a card, its judged scores by cycle, the asked one last. Out: history, course, grades, bins; the change of a score.
Refuses to know: how a score came about, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.period import Period
from ccmetrics.stages.facts import Schema, nothing
from ccmetrics.stages.judge.apart import told_apart, with_intervals
from ccmetrics.stages.judge.grades import bands
from ccmetrics.stages.score import DIGITS

HISTORY: Schema = {
    "subject": pl.String, "period": pl.String, "start": pl.Date, "status": pl.String, "score": pl.Float64,
    "grade": pl.String, "rank": pl.Int64,
}  # fmt: skip
"""In the order of subjects, and of time."""
COURSE: Schema = {
    "period": pl.String, "start": pl.Date, "n": pl.Int64, "mean": pl.Float64, "q1": pl.Float64, "median": pl.Float64,
    "q3": pl.Float64,
}  # fmt: skip
"""Of the full scores of a cycle; `n` 0 and nulls where nobody has one. Quartiles lie on the straight line between the
two scores beside them (definition 7 of Hyndman and Fan, The American Statistician 50, 1996)."""
GRADES: Schema = {"period": pl.String, "start": pl.Date, "grade": pl.String, "n": pl.Int64}
BINS: Schema = {"from": pl.Float64, "to": pl.Float64, "n": pl.Int64}
"""`from` is inside, `to` is not."""
WIDTH = 10
"""Points of a bin."""
MOST_BINS = 40
"""Where scores lie further apart, bins are ten, or a hundred ... times as wide."""

Cycle = tuple[Period, pl.DataFrame]
"""A cycle and its judged scores."""


@dataclass(frozen=True)
class Course:
    history: pl.DataFrame = field(default_factory=nothing(HISTORY))
    course: pl.DataFrame = field(default_factory=nothing(COURSE))
    grades: pl.DataFrame = field(default_factory=nothing(GRADES))
    bins: pl.DataFrame = field(default_factory=nothing(BINS))


def course(card: Card, cycles: Sequence[Cycle]) -> Course:
    """`cycles` in the order of time. Bins are of the last, the asked one."""
    dated = [scores.with_columns(period=pl.lit(period.label), start=pl.lit(period.start)) for period, scores in cycles]
    history = pl.concat(_as(rows, HISTORY) for rows in dated)
    # A provisional score lacks a part: it is told of its subject, and counts among nobody's.
    full = [rows.filter(pl.col("status") == "scored") for rows in dated]
    return Course(
        history.sort("subject", maintain_order=True),
        pl.concat(_summed(period, rows) for (period, _), rows in zip(cycles, full, strict=True)),
        pl.concat(_counted(card, period, rows) for (period, _), rows in zip(cycles, full, strict=True)),
        bins(full[-1]["score"]),
    )


def _as(rows: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _summed(period: Period, rows: pl.DataFrame) -> pl.DataFrame:
    score = pl.col("score").sort()
    quartiles = {name: score.quantile(q, "linear") for name, q in (("q1", 0.25), ("median", 0.5), ("q3", 0.75))}
    numbers = {name: value.round(DIGITS) for name, value in {"mean": score.mean(), **quartiles}.items()}
    told = rows.select(n=pl.len(), period=pl.lit(period.label), start=pl.lit(period.start), **numbers)
    return _as(told, COURSE)


def _counted(card: Card, period: Period, rows: pl.DataFrame) -> pl.DataFrame:
    """Every grade of the card, best first, with how many have it."""
    known = pl.DataFrame({"grade": [band.grade for band in bands(card)]}, schema={"grade": pl.String})
    found = known.join(rows.group_by("grade").agg(n=pl.len()), on="grade", how="left", maintain_order="left")
    told = found.with_columns(pl.col("n").fill_null(0), period=pl.lit(period.label), start=pl.lit(period.start))
    return _as(told, GRADES)


def bins(scores: pl.Series) -> pl.DataFrame:
    """Steps of equal width from below the least score to above the greatest, those that nobody is in, too."""
    if scores.is_empty():
        return pl.DataFrame(schema=BINS)
    least, most = float(scores.min()), float(scores.max())  # type: ignore[arg-type]
    width = WIDTH
    while most // width - least // width >= MOST_BINS:
        width *= 10
    first, last = int(least // width), int(most // width)
    found = (scores // width).cast(pl.Int64).value_counts(name="n")
    steps = pl.DataFrame({"at": range(first, last + 1)}, schema={"at": pl.Int64})
    rows = steps.join(found, left_on="at", right_on=scores.name, how="left", maintain_order="left")
    start = pl.col("at") * width
    return _as(rows.with_columns(start.alias("from"), (start + width).alias("to"), pl.col("n").fill_null(0)), BINS)


def with_change(card: Card, scores: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """The scores with `change` since the cycle `before`, and `change_beyond`: whether it is larger than chance.

    By the rule that ranks are told by (MOVER). Two cycles that share rows, as their windows do, move together: then the
    rule says no sooner than it should. Only full scores are held beside each other; without intervals nothing is told.
    """
    if before is None:
        none = {"change": pl.lit(None, pl.Float64), "change_beyond": pl.lit(None, pl.Boolean)}
        return scores.with_columns(**none)
    full = pl.col("status") == "scored"
    now, then = (with_intervals(rows.filter(full)) for rows in (scores, before))
    columns = ("score", "below", "above")
    both = now.select("subject", *columns).join(
        then.select("subject", *columns), on="subject", suffix="_then", validate="1:1"
    )
    risen = told_apart(pl.col("score"), pl.col("below"), pl.col("score_then"), pl.col("above_then"))
    fallen = told_apart(pl.col("score_then"), pl.col("below_then"), pl.col("score"), pl.col("above"))
    known = pl.all_horizontal(pl.col(f"{side}{when}").is_not_null() for side in columns[1:] for when in ("", "_then"))
    found = both.select(
        "subject",
        change=(pl.col("score") - pl.col("score_then")).round(card.decimals),
        change_beyond=pl.when(known).then(risen | fallen),
    )
    return scores.join(found, on="subject", how="left", maintain_order="left", validate="1:1")
