"""Bands of scores, what red lines leave of a grade, and places.

In: a card and its scores. Out: the frame of scores with the band each is in, its grade and its rank.
Refuses to know: values, points, how a score came about; distributions; what a grade is worth.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Card, Grade
from ccmetrics.stages.score import Scores

NAMES = {"band": pl.Int32, "grade": pl.String}


def bands(card: Card) -> list[Grade]:
    """Best first; the band without a bottom last."""
    return sorted(card.grades, key=lambda band: (band.start is None, -(band.start or 0.0)))


def places(card: Card) -> dict[str, int]:
    """Grade to its place, 0 the best."""
    return {band.grade: at for at, band in enumerate(bands(card))}


def place_of(card: Card, grade: str) -> pl.Expr:
    """The place of the grade in a column; null where there is none."""
    known = places(card)
    return pl.col(grade).replace_strict(known, return_dtype=pl.Int32) if known else pl.lit(None, pl.Int32)


def by_score(card: Card, scores: Scores) -> pl.DataFrame:
    """The scores with `reached`, the band of the printed score, and what the red lines that fired do: `red`, `worst`
    (the best band they leave), `pay_at_most`; and `pay_factor`, the product of the coefficients on pay.

    Only a full score is judged: a provisional, withheld or values-only subject has reached nothing.
    """
    found = scores.scores.join(_limits(card, scores.adjustments), on="subject", how="left", maintain_order="left")
    return found.with_columns(
        pl.col("red").fill_null(False), reached=pl.when(pl.col("status") == "scored").then(_reached(bands(card)))
    )


def graded(card: Card, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `band` and its `grade`, `grade_by_score` (before red lines and distribution), `rank`, `rank_of`.

    A place in a distribution goes before the band, and a red line before both. Subjects of one score share the better
    rank, and the ranks after them are skipped. Who is `timed_by` other components is ranked apart.
    """
    names = pl.DataFrame([(at, grade) for grade, at in places(card).items()], schema=NAMES, orient="row")
    scored = pl.col("status") == "scored"
    given = pl.coalesce("placed", "reached")
    return (
        rows.with_columns(band=pl.when(given.is_not_null()).then(pl.max_horizontal(given, "worst")))
        .join(names, on="band", how="left", maintain_order="left")
        .join(names.select(reached="band", grade_by_score="grade"), on="reached", how="left", maintain_order="left")
        .with_columns(
            rank=pl.when(scored).then("score").rank("min", descending=True).over("timed_by").cast(pl.Int64),
            rank_of=pl.when(scored).then(scored.sum().over("timed_by").cast(pl.Int64)),
        )
    )


def _reached(bands: list[Grade]) -> pl.Expr:
    """Position of the best band whose start the score has reached, the start included."""
    found = [
        pl.when(pl.col("score") >= (float("-inf") if band.start is None else band.start)).then(pl.lit(at, pl.Int32))
        for at, band in enumerate(bands)
    ]
    return pl.coalesce([*found, pl.lit(None, pl.Int32)])


def _limits(card: Card, items: pl.DataFrame) -> pl.DataFrame:
    """What fired items do to grade and pay, one row a subject: the strictest grade and pay, the product on pay."""
    red = pl.col("fired") & (pl.col("kind") == "red_line")
    on_pay = pl.col("fired") & (pl.col("kind") == "coefficient") & (pl.col("on") == "pay")
    return items.group_by("subject", maintain_order=True).agg(
        red=red.any(),
        worst=place_of(card, "grade_at_most").filter(red).max(),
        pay_at_most=pl.col("pay").filter(red).min(),
        pay_factor=pl.col("factor").filter(on_pay).product(),
    )
