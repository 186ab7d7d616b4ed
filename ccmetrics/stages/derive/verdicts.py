"""Evaluations summed up from their items, and held against the risks that were recorded.

In: the ground, where evaluations or events were supplied. Out: derived columns of evaluations and events.
Refuses to know: evaluators, calibration, periods.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.derive.ground import Ground

EXACT = 10**12
"""Item points are summed as whole numbers, so that no order of the items changes the sum."""


def item_score(ground: Ground) -> pl.Series:
    return _scored(ground, pl.lit(True))


def attitude_score(ground: Ground) -> pl.Series:
    return _scored(ground, pl.col("section") == "attitude")


def _scored(ground: Ground, which: pl.Expr) -> pl.Series:
    """100 x weighted share of the points, by evaluation, over its applicable items."""
    names = ("evaluation_id", "section", "score", "max", "weight", "applicable", "critical")
    items = ground.rows("evaluation_items", names).filter(which & pl.col("applicable").fill_null(True))
    weight = pl.col("weight").fill_null(1.0)
    earned = (weight * pl.col("score") / pl.col("max") * EXACT).round().cast(pl.Int128, strict=False)
    scored = (
        items.with_columns(
            (pl.col("score").is_null() | pl.col("max").is_null() | (pl.col("max") <= 0)).alias("unknown"),
            ((pl.col("score") == 0) & pl.col("critical").fill_null(False)).fill_null(False).alias("failed"),
        )
        .with_columns(
            pl.when(~pl.col("unknown")).then(earned).alias("earned"),
            (weight * EXACT).round().cast(pl.Int128).alias("weight"),
        )
        .group_by("evaluation_id")
        .agg(pl.col("unknown", "failed").any(), pl.col("earned", "weight").sum())
        .select(
            "evaluation_id",
            pl.when(pl.col("unknown") | (pl.col("weight") == 0) & ~pl.col("failed"))
            .then(None)
            .when(pl.col("failed"))
            .then(0.0)
            .otherwise(100 * pl.col("earned").cast(pl.Float64) / pl.col("weight").cast(pl.Float64))
            .alias("points"),
        )
    )
    evaluations = ground.rows("evaluations", ("evaluation_id",))
    return evaluations.join(scored, on="evaluation_id", how="left", maintain_order="left")["points"]


# ---------------------------------------------------------------- risks


def first_risks(ground: Ground) -> pl.DataFrame:
    """Risk events that hold, by interaction: the earliest with its place, and who found it."""
    events = ground.rows("events", ("event_id", "recorded_at", "kind", "valid", "interaction_id", "found_by"))
    holds = (pl.col("kind") == "risk") & pl.col("valid").fill_null(True) & pl.col("interaction_id").is_not_null()
    return (
        events.with_row_index("row")
        .filter(holds)
        .sort("recorded_at", "event_id", nulls_last=True)
        .with_columns(pl.col("interaction_id").is_first_distinct().alias("first"))
    )


def first_record(ground: Ground) -> pl.Series:
    risks = ground.once(first_risks).select("row", "first")
    rows = ground.rows("events", ("event_id",)).with_row_index("row")
    return rows.join(risks, on="row", how="left", maintain_order="left")["first"]


def risk_known_at(ground: Ground) -> pl.Series:
    known = ground.once(_with_risk)
    both = pl.max_horizontal("evaluated_at", "recorded_at")
    whole = pl.col("evaluated_at").is_not_null() & pl.col("recorded_at").is_not_null()
    return known.select(pl.when(whole).then(both)).to_series()


def risk_found_by(ground: Ground) -> pl.Series:
    known = ground.once(_with_risk)
    whole = pl.col("evaluated_at").is_not_null() & pl.col("recorded_at").is_not_null()
    return known.select(pl.when(whole).then(pl.col("found_by"))).to_series()


def _with_risk(ground: Ground) -> pl.DataFrame:
    """Evaluations with the earliest risk recorded of their interaction."""
    risks = ground.once(first_risks).filter("first").select("interaction_id", "recorded_at", "found_by")
    evaluations = ground.rows("evaluations", ("evaluation_id", "interaction_id", "evaluated_at"))
    return evaluations.join(risks, on="interaction_id", how="left", maintain_order="left")
