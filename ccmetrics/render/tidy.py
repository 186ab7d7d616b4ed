"""Results as one long frame, a row a fact: what the machine-readable formats hold.

In: a result. Out: a frame of documented columns, rates 0..1, names as they are.
Refuses to know: files, escaping, how anything was computed.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined
from ccmetrics.run import Measurement, Result
from ccmetrics.scorecard import Scorecard, watched

SCHEMA = "1"
"""Goes up whenever a column changes its name or its meaning, or goes. A new one, before `schema`, changes nothing of
what stands there by name."""

SCORE: dict[str, pl.DataType] = {
    "card": pl.String(), "subject": pl.String(), "name": pl.String(), "period": pl.String(), "row": pl.String(),
    "item": pl.String(), "variant": pl.String(), "value": pl.Float64(), "unit": pl.String(), "target": pl.Float64(),
    "points": pl.Float64(), "weight": pl.Float64(), "n": pl.Int64(), "status": pl.String(), "reason": pl.String(),
    "contribution": pl.Float64(), "low": pl.Float64(), "high": pl.Float64(), "cycles": pl.Int32(),
    "kind": pl.String(), "team": pl.String(), "score": pl.Float64(), "grade": pl.String(), "coverage": pl.Float64(),
    "rank": pl.Int64(), "rank_low": pl.Int64(), "rank_high": pl.Int64(), "pay": pl.Float64(),
    "pay_amount": pl.Float64(), "presence": pl.Float64(), "unexcluded": pl.Float64(), "tier": pl.String(),
    "change": pl.Float64(), "change_beyond": pl.Boolean(), "schema": pl.String(),
}  # fmt: skip
"""Columns of scores. `row` says what a row is: kpi, watch, adjustment or total; so no pivot counts anything twice."""

MEASURE = ("period", "kpi", "variant", "value", "numerator", "denominator", "n", "low", "high", "reason")
"""Columns of measured values, after the dimensions."""

ORDER = ("kpi", "watch", "adjustment", "total")


def scores(result: Result) -> pl.DataFrame:
    """Card by card and subject by subject: the lines, the watched values, the adjustments, the total."""
    parts = [_card(card, result.catalogue) for card in result.scorecards]
    return pl.concat([pl.DataFrame(schema=SCORE), *parts])


def scores_of(result: Result, look: Look) -> pl.DataFrame:
    """The same; of a part of a result that is drawn with it, its rows as they stand there."""
    if look.whole is None:
        return scores(result)
    every = look.whole
    cards = look.once("tidy", lambda: {card.card.card: _card(card, every.catalogue) for card in every.scorecards})
    parts = [_part(cards[card.card.card], card, look) for card in result.scorecards]
    return pl.concat([pl.DataFrame(schema=SCORE), *parts])


def _part(whole: pl.DataFrame, card: Scorecard, look: Look) -> pl.DataFrame:
    if look.all_of(card) is card:
        return whole
    return whole.filter(pl.col("subject").is_in(card.scores["subject"].implode()))


def values(measured: Measurement) -> pl.DataFrame:
    """A row a group and KPI."""
    chosen = [*measured.by, *(name for name in MEASURE if name not in measured.by)]
    return measured.values.select(chosen).with_columns(schema=pl.lit(SCHEMA))


def _card(card: Scorecard, catalogue: Catalogue) -> pl.DataFrame:
    rows = {
        "kpi": _with_units(card.lines.rename({"kpi": "item"}), catalogue),
        "watch": _with_units(watched(card, catalogue).rename({"kpi": "item"}), catalogue),
        "adjustment": _adjustments(card),
        "total": card.scores.rename({"why": "reason"}).with_columns(item=pl.lit("score")),
    }
    found = pl.concat([_fitted(rows[kind].with_columns(row=pl.lit(kind))) for kind in ORDER])
    who = card.scores.select("subject", "name", "team").with_row_index("@at")
    placed = found.drop("name", "team").join(who, on="subject", how="left", maintain_order="left")
    # A stable sort: within a subject the parts stay in the order above.
    return placed.sort("@at", maintain_order=True).with_columns(
        card=pl.lit(card.card.card), period=pl.lit(card.period), schema=pl.lit(SCHEMA)
    ).select(list(SCORE))  # fmt: skip


def _fitted(frame: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of SCORE; what a kind of row does not have is null."""
    there = set(frame.columns)
    return frame.select(
        (pl.col(name) if name in there else pl.lit(None)).cast(dtype).alias(name) for name, dtype in SCORE.items()
    )


def _with_units(frame: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    pairs = frame.select("item", "variant").unique(maintain_order=True).rows()
    units = [(item, variant, defined(catalogue, item, variant).unit) for item, variant in pairs]
    known = pl.DataFrame(units, schema=["item", "variant", "unit"], orient="row", schema_overrides=_TEXT)
    return frame.join(known, on=["item", "variant"], how="left", maintain_order="left")


_TEXT = {"item": pl.String, "variant": pl.String, "unit": pl.String}


def _adjustments(card: Scorecard) -> pl.DataFrame:
    """Bonus and deduction with their amount, a coefficient with its factor, a red line with the score it allows.

    What did not act has no factor and no limit: nobody who multiplies a column shall multiply by it.
    """
    fired = pl.when("fired").then(pl.lit("fired")).otherwise(pl.lit("not-fired"))
    return card.adjustments.select(
        "subject",
        "kind",
        "reason",
        item="name",
        value=pl.coalesce("amount", pl.when("fired").then(pl.coalesce("factor", "score_at_most"))),
        status=pl.when("judged").then(fired).otherwise(pl.lit("not-judged")),
    )
