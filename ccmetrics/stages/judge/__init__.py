"""From printed scores to grade, pay coefficient and rank.

In: a card and its scores. Out: the frame of scores with what they earn.
Refuses to know: values, points, how a score came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.catalogue.models import Card, Grade
from ccmetrics.stages.facts import Facts, nothing
from ccmetrics.stages.score import DIGITS, Scores

BANDS = {"band": pl.Int32, "grade": pl.String, "pay": pl.Float64}


@dataclass(frozen=True)
class Judged:
    """`scores`: a subject each, with what it earns. `needed`: subject x line, what is missing for the next grade.
    `shares`: vendors' volume. `lists`: promotions, watch lists."""

    scores: pl.DataFrame
    needed: pl.DataFrame = field(default_factory=nothing())
    shares: pl.DataFrame = field(default_factory=nothing())
    lists: pl.DataFrame = field(default_factory=nothing())


def judge(card: Card, scores: Scores, facts: Facts, earlier: Sequence[Judged] = ()) -> Judged:
    """What the scores earn. `earlier` are the cycles before, in the order of time, the latest last."""
    return Judged(graded(card, scores))


def graded(card: Card, scores: Scores) -> pl.DataFrame:
    """The scores with `grade`, `grade_by_score` (before red lines), `pay` (a coefficient), `rank` and `rank_of`.

    Only a full score is judged: a provisional, withheld or values-only subject has none of them. Every judgment is by
    the printed score. Subjects of one score share the better rank, and the ranks after them are skipped.
    """
    bands = _bands(card)
    scored = pl.col("status") == "scored"
    order = pl.when(scored).then("score")
    names = pl.DataFrame([(at, band.grade, band.pay) for at, band in enumerate(bands)], schema=BANDS, orient="row")
    rows = (
        scores.scores.join(_limits(bands, scores.adjustments), on="subject", how="left", maintain_order="left")
        .with_columns(reached=pl.when(scored).then(_reached(bands)))
        .with_columns(band=pl.max_horizontal("reached", pl.when(pl.col("reached").is_not_null()).then("worst")))
        .join(names, on="band", how="left", maintain_order="left")
        .join(names.select(reached="band", grade_by_score="grade"), on="reached", how="left", maintain_order="left")
    )
    pay = (pl.col("pay") * pl.col("pay_factor").fill_null(1.0)).round(DIGITS)
    return rows.with_columns(
        pay=pl.when(pl.col("pay").is_not_null()).then(pl.min_horizontal(pay, "pay_at_most")),
        rank=order.rank("min", descending=True).cast(pl.Int64),
        rank_of=pl.when(scored).then(scored.sum().cast(pl.Int64)),
    ).select(*scores.scores.columns, "grade", "grade_by_score", "pay", "rank", "rank_of")


def _bands(card: Card) -> list[Grade]:
    """Best first; the band without a bottom last."""
    return sorted(card.grades, key=lambda band: (band.start is None, -(band.start or 0.0)))


def _reached(bands: list[Grade]) -> pl.Expr:
    """Position of the best band whose start the score has reached, the start included."""
    found = [
        pl.when(pl.col("score") >= (float("-inf") if band.start is None else band.start)).then(pl.lit(at, pl.Int32))
        for at, band in enumerate(bands)
    ]
    return pl.coalesce([*found, pl.lit(None, pl.Int32)])


def _limits(bands: list[Grade], items: pl.DataFrame) -> pl.DataFrame:
    """What fired items do to grade and pay, one row a subject: the strictest grade and pay, the product on pay."""
    red = pl.col("fired") & (pl.col("kind") == "red_line")
    on_pay = pl.col("fired") & (pl.col("kind") == "coefficient") & (pl.col("on") == "pay")
    places = {band.grade: at for at, band in enumerate(bands)}
    place = pl.col("grade_at_most").replace_strict(places, return_dtype=pl.Int32) if bands else pl.lit(None, pl.Int32)
    return items.group_by("subject", maintain_order=True).agg(
        worst=place.filter(red).max(),
        pay_at_most=pl.col("pay").filter(red).min(),
        pay_factor=pl.col("factor").filter(on_pay).product(),
    )
