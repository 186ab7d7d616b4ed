"""From values to points: the window of each line, its curve, and what stands in for a missing value.

In: a card and its facts. Out: one row a subject and card line.
Refuses to know: adjustments, whether a subject gets a score, grades.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi, Line
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score.curve import in_force, knots, lowest, points, settle
from ccmetrics.stages.score.interval import ends
from ccmetrics.stages.score.supported import is_short, variant_of

ITEMS = {
    "line": pl.Int32, "kpi": pl.String, "variant": pl.String, "weight": pl.Float64, "window": pl.Int32,
    "min_n": pl.Int64, "policy": pl.String, "lowest": pl.Float64, "cumulative": pl.Boolean,
}  # fmt: skip
MEASURED = ("value", "n", "cycles", "numerator", "denominator", "low", "high", "se", "reason")
COLUMNS = (
    "subject", "line", "kpi", "variant", "weight", *MEASURED[:-1], "points", "contribution", "status", "reason",
    "points_low", "points_high",
)  # fmt: skip


def lines(card: Card, kpis: Mapping[str, Kpi], facts: Facts) -> pl.DataFrame:
    """Subject x line with points and contribution, in the order of the subjects and of the card.

    `status` is own where the subject's value earns the points, else what took its place: neutral, floor,
    redistributed (no points, no weight) or withheld (no points). A value too thin to score is shown all the same.
    """
    period = facts.period
    parts = [line for line in card.kpis if isinstance(line, Line)]
    items = pl.DataFrame([_item(card, kpis, period, *part) for part in enumerate(parts)], schema=ITEMS, orient="row")
    rows = (
        facts.subjects.sort("subject")
        .select("subject", "presence")
        .join(items, how="cross", maintain_order="left_right")
        .join(_own(facts.values, items), on=["subject", "line"], how="left", maintain_order="left", validate="1:1")
        .join(_peers(facts.pooled, items), on="line", how="left", maintain_order="left", validate="m:1")
        .with_columns(enough=pl.col("enough").fill_null(False), reason=pl.col("reason").fill_null("no-rows"))
        .with_columns(**_totals_of_a_part(is_short(card, period)))
        .with_columns(basis=_basis())
        .with_columns(earned=_earned(pl.col("basis"), parts, kpis, period))
        .with_columns(status=_status())
        .with_columns(**ends(lambda value: _earned(value, parts, kpis, period), _share(), _best(parts, kpis, period)))
    )
    return _contributions(rows).select(COLUMNS)


def _item(card: Card, kpis: Mapping[str, Kpi], period: Period, index: int, line: Line) -> tuple[object, ...]:
    kpi = kpis[line.kpi]
    least = lowest(knots(settle(line, period), kpi.better))
    policy = line.missing or card.missing or "withhold"
    weight = in_force(line.weight, period)
    return index, line.kpi, variant_of(line, kpis), weight, line.window, line.min_n, policy, least, kpi.cumulative


def _own(values: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """For each subject and line the shortest window that is `enough`; else the one that comes nearest, to be shown."""
    rows = values.join(items.select("line", "kpi", "variant", "window", "min_n"), on=["kpi", "variant"])
    there, cycles = pl.col("value").is_not_null(), pl.col("cycles").cast(pl.Int64)
    reached = pl.col("min_n").is_null() | (pl.col("n") >= pl.col("min_n")).fill_null(False)
    enough = there & reached
    far = pl.lit(1_000_000)
    few = pl.when(pl.col("n").is_null()).then(pl.lit("n-unknown")).otherwise(pl.lit("below-min-n"))
    return (
        rows.filter(pl.col("cycles") <= pl.col("window"))
        .with_columns(
            enough=enough,
            order=pl.when(enough).then(cycles).when(there).then(far - cycles).otherwise(far + cycles),
            reason=pl.when(there).then(few).otherwise(pl.col("reason")),
        )
        .sort("subject", "line", "order")
        .unique(["subject", "line"], keep="first", maintain_order=True)
        .select("subject", "line", "enough", *MEASURED)
    )


def _peers(pooled: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """For each line the value over the rows of all subjects, over the longest window there is up to the line's own."""
    return (
        pooled.join(items.select("line", "kpi", "variant", "window"), on=["kpi", "variant"])
        .filter((pl.col("cycles") <= pl.col("window")) & pl.col("value").is_not_null())
        .sort("line", "cycles", descending=[False, True])
        .unique("line", keep="first", maintain_order=True)
        .select("line", pooled="value")
    )


def _totals_of_a_part(short: bool) -> dict[str, pl.Expr]:
    """A total cannot meet the goal of a whole cycle in a part of one, nor of somebody who was not there at all."""
    absent = (pl.col("presence") <= 0).fill_null(False)
    barred = pl.col("cumulative") & (pl.lit(short) | absent)
    why = pl.lit("short-period" if short else "not-present")
    return {
        "enough": pl.col("enough") & ~barred,
        "policy": pl.when(barred).then(pl.lit("withhold")).otherwise("policy"),
        "reason": pl.when(barred).then(why).otherwise("reason"),
    }


def _basis() -> pl.Expr:
    """The value that meets the curve. Knots x presence is the same as value / presence; unknown presence is full."""
    return pl.when("enough").then(pl.col("value") / _share()).when(pl.col("policy") == "neutral").then("pooled")


def _share() -> pl.Expr:
    return pl.when("cumulative").then(pl.col("presence").fill_null(1.0)).otherwise(1.0)


def _best(parts: list[Line], kpis: Mapping[str, Kpi], period: Period) -> pl.Expr:
    """A value that earns the most there is to earn on the curve of each row's line."""
    peaks = {
        index: max(knots(settle(line, period), kpis[line.kpi].better), key=lambda pair: pair[1])[0]
        for index, line in enumerate(parts)
    }
    return pl.col("line").replace_strict(peaks, return_dtype=pl.Float64)


def _earned(value: pl.Expr, parts: list[Line], kpis: Mapping[str, Kpi], period: Period) -> pl.Expr:
    """One expression: the points of a value on the curve of each row's line."""
    curves = []
    for index, line in enumerate(parts):
        pairs = knots(settle(line, period), kpis[line.kpi].better)
        curves.append(pl.when(pl.col("line") == index).then(points(value, pairs, line.steps)))
    return pl.coalesce(curves)


def _status() -> pl.Expr:
    policy = pl.col("policy")
    return (
        pl.when("enough")
        .then(pl.lit("own"))
        .when((policy == "neutral") & pl.col("earned").is_not_null())
        .then(pl.lit("neutral"))
        .when(policy == "floor")
        .then(pl.lit("floor"))
        .when(policy == "redistribute")
        .then(pl.lit("redistributed"))
        .otherwise(pl.lit("withheld"))
    )


def _contributions(rows: pl.DataFrame) -> pl.DataFrame:
    """Points by status, and each line's share of the base: they sum to it."""
    status = pl.col("status")
    given = pl.when(status.is_in(["own", "neutral"])).then("earned").when(status == "floor").then("lowest")
    counted = pl.col("weight").filter(status != "redistributed").sum().over("subject")
    return rows.with_columns(points=given, reason=pl.when(status != "own").then("reason")).with_columns(
        contribution=pl.when(counted > 0).then(pl.col("weight") * pl.col("points") / counted)
    )
