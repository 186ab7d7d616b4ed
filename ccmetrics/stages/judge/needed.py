"""What is still needed for the next grade: one KPI moved, all else as it is.

In: a card, its scores. Out: one row a subject and line.
Refuses to know: how hard it would be, and whether two KPIs together would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.goals import blended, in_bands
from ccmetrics.stages.score.rounding import DIGITS

NEEDED = {
    "subject": pl.String, "grade": pl.String, "from": pl.Float64, "score": pl.Float64, "line": pl.Int32,
    "kpi": pl.String, "variant": pl.String, "points": pl.Float64, "value": pl.Float64, "needed": pl.Float64,
    "change": pl.Float64, "reason": pl.String,
}  # fmt: skip
"""`points` more that the line must earn, and the value that earns them (`needed`, `change` from `value`); both null
with a reason where this KPI alone cannot do it."""


def needed(card: Card, scores: Scores) -> pl.DataFrame:
    """A row a scored subject below the best grade and line with a value of its own, in the order of the card.

    The step from the score to the base is taken back: coefficients are divided out, what was added and taken is kept.
    A red line that holds the score below the next grade leaves nothing to be earned. With a forced distribution, and
    over several cycles, the next grade does not hang on one's own points alone: no rows.
    """
    if card.distribution is not None or not card.grades or scores.goals.is_empty():
        return pl.DataFrame(schema=NEEDED)
    rows = _next_grade(card, scores).join(
        scores.lines.filter(pl.col("status") == "own"), on="subject", how="inner", maintain_order="left_right"
    )
    counted = scores.lines.group_by("subject").agg(
        counted=pl.col("weight").filter(pl.col("status") != "redistributed").sum()
    )
    rows = rows.join(counted, on="subject", how="left", maintain_order="left").with_columns(
        more=pl.col("gap") * pl.col("counted") / pl.col("weight")
    )
    curves = _curves(scores.goals)
    most = int(curves["earns"].list.len().max() or 0)  # type: ignore[arg-type]
    bands = [index for index, line in enumerate(card.kpis) if in_bands(line)]
    rows = _with_curves(rows, curves).with_columns(aim=pl.col("points") + pl.col("more"))
    return (
        rows.with_columns(needed=_nearest(most, bands))
        .with_columns(reason=_reason())
        .with_columns(
            points=pl.when(pl.col("reason").is_null()).then("more"),
            needed=pl.when(pl.col("reason").is_null()).then("needed"),
        )
        .with_columns(change=pl.col("needed") - pl.col("value"))
        .select(pl.col(name).cast(dtype) for name, dtype in NEEDED.items())
    )


def _next_grade(card: Card, scores: Scores) -> pl.DataFrame:
    """For each scored subject the lowest band above its score, by how much the base falls short of it, and whether a
    red line stands before it."""
    bands = pl.DataFrame(
        [(band.grade, float(band.start), at) for at, band in enumerate(card.grades) if band.start is not None],
        schema={"grade": pl.String, "from": pl.Float64, "place": pl.Int32},
        orient="row",
    ).sort("from")
    places = {band.grade: at for at, band in enumerate(card.grades)}
    worst = pl.col("grade_at_most").replace_strict(places, return_dtype=pl.Int32).filter(pl.col("fired")).max()
    capped = scores.adjustments.group_by("subject").agg(worst=worst)
    found = (
        scores.scores.filter(pl.col("status") == "scored")
        .select("subject", "score", "base", "bonus", "deductions", "coefficient", "capped_at")
        .join_where(bands, pl.col("from") > pl.col("score"))
        .sort("subject", "from")
        .unique("subject", keep="first", maintain_order=True)
        .join(capped, on="subject", how="left", maintain_order="left")
    )
    wanted = pl.col("from") / pl.col("coefficient") - pl.col("bonus") + pl.col("deductions")
    held = (pl.col("capped_at") < pl.col("from")).fill_null(False) | (pl.col("worst") > pl.col("place")).fill_null(
        False
    )
    return found.select("subject", "score", "grade", "from", gap=wanted - pl.col("base"), held=held)


def _curves(goals: pl.DataFrame) -> pl.DataFrame:
    """The curve in force by line, and by subject where that makes a difference."""
    earns = goals.group_by("subject", "line", maintain_order=True).agg(earns=pl.col("points").first())
    return blended(goals).join(earns, on=["subject", "line"], nulls_equal=True, maintain_order="left")


def _with_curves(rows: pl.DataFrame, curves: pl.DataFrame) -> pl.DataFrame:
    own = curves.filter(pl.col("subject").is_not_null())
    shared = curves.filter(pl.col("subject").is_null()).drop("subject")
    chosen = ["subject", "line", "knots", "earns"]
    joined = rows.join(own.select(chosen), on=["subject", "line"], how="left", maintain_order="left").join(
        shared.select(chosen[1:]), on="line", how="left", maintain_order="left", suffix="_shared"
    )
    return joined.with_columns(
        knots=pl.coalesce("knots", "knots_shared"), earns=pl.coalesce("earns", "earns_shared")
    ).drop("knots_shared", "earns_shared")


def _nearest(most: int, bands: Sequence[int]) -> pl.Expr:
    """The value nearest to the present one at which the curve earns `aim`: of all its straight pieces that reach it,
    and of the knots themselves. Between the knots of `bands` (lines in steps) nothing is earned."""
    aim, at_edges = pl.col("aim").round(DIGITS), pl.col("line").is_in(bands)
    values = [pl.col("knots").list.get(at, null_on_oob=True) for at in range(most)]
    earned = [pl.col("earns").list.get(at, null_on_oob=True) for at in range(most)]
    candidates = [pl.when(earns.round(DIGITS) >= aim).then(value) for value, earns in zip(values, earned, strict=True)]
    for (left, right), (low, high) in zip(pairwise(values), pairwise(earned), strict=True):
        inside = (aim >= pl.min_horizontal(low, high)) & (aim <= pl.max_horizontal(low, high)) & (low != high)
        met = left + (pl.col("aim") - low) / (high - low) * (right - left)
        candidates.append(pl.when((inside & ~at_edges).fill_null(False)).then(met))
    if not candidates:
        return pl.lit(None, dtype=pl.Float64)
    basis = pl.col("basis")
    distances = [(candidate - basis).abs() for candidate in candidates]
    least = pl.min_horizontal(distances)
    chosen = [pl.when(d == least).then(c) for c, d in zip(candidates, distances, strict=True)]
    return pl.coalesce(chosen) * pl.col("share")


def _reason() -> pl.Expr:
    best = pl.col("earns").list.max()
    short = pl.col("aim").round(DIGITS) > best.round(DIGITS)
    return (
        pl.when(pl.col("held"))
        .then(pl.lit("held-by-red-line"))
        .when(short | pl.col("needed").is_null())
        .then(pl.lit("not-by-this-alone"))
    )
