"""How far totals are on their way to the target, by the last day of the data.

In: values and goals of a card, people's presence, how much of the period is behind. Out: a row a subject and total.
Refuses to know: the clock on the wall, points.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi, Line
from ccmetrics.period import is_one
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow.chance import against
from ccmetrics.stages.follow.changes import ALPHA
from ccmetrics.stages.score.supported import variant_of

PROGRESS = {
    "subject": pl.String, "line": pl.Int32, "kpi": pl.String, "variant": pl.String, "value": pl.Float64,
    "target": pl.Float64, "expected": pl.Float64, "share": pl.Float64, "as_of": pl.Date, "p": pl.Float64,
    "beyond": pl.Boolean,
}  # fmt: skip
ON_TARGET = 100.0
"""Points of a value that is the target."""


def progress(
    card: Card, kpis: Mapping[str, Kpi], facts: Facts, goals: pl.DataFrame, as_of: date, elapsed: float
) -> pl.DataFrame:
    """Expected by `as_of` is target x presence x the share of workdays behind; `share` is what is there of it.

    Of a whole cycle only: no total of a week meets a month's target. `target` is the full one; null where the curve has
    none.
    """
    rows = [
        (at, line.kpi, variant_of(line, kpis))
        for at, line in enumerate(card.kpis)
        if isinstance(line, Line) and kpis[line.kpi].cumulative
    ]
    if not rows or not is_one(facts.period, card.cycle):
        return pl.DataFrame(schema=PROGRESS)
    items = pl.DataFrame(rows, schema={"line": pl.Int32, "kpi": pl.String, "variant": pl.String}, orient="row")
    values = facts.values.filter(pl.col("cycles") == 1).select("subject", "kpi", "variant", "value", "se")
    found = (
        facts.subjects.sort("subject")
        .join(items, how="cross", maintain_order="left_right")
        .join(values, on=["subject", "kpi", "variant"], how="left", maintain_order="left", validate="1:1")
    )
    expected = pl.col("target") * pl.col("presence").fill_null(1.0) * elapsed
    return (
        _with_target(found, goals)
        .with_columns(as_of=pl.lit(as_of), expected=expected)
        .with_columns(
            share=pl.when(pl.col("expected") > 0).then(pl.col("value") / pl.col("expected")),
            p=against(pl.col("value"), pl.col("expected"), pl.col("se")),
        )
        .with_columns(beyond=pl.col("p") < ALPHA)
        .select(pl.col(name).cast(kind) for name, kind in PROGRESS.items())
    )


def _with_target(rows: pl.DataFrame, goals: pl.DataFrame) -> pl.DataFrame:
    """The target in force: its parts, blended as the curve is. A goal without subject holds for everybody."""
    parts = goals.explode("knots", "points").filter(pl.col("knots").is_null() | (pl.col("points") == ON_TARGET))
    knot = pl.col("knots").first()
    each = parts.group_by("subject", "line", "part", maintain_order=True).agg(target=knot * pl.col("share").first())
    known = pl.col("target").is_not_null().all()
    whole = each.group_by("subject", "line", maintain_order=True).agg(pl.when(known).then(pl.col("target").sum()))
    own, shared = whole.filter(pl.col("subject").is_not_null()), whole.filter(pl.col("subject").is_null())
    return (
        rows.join(own, on=["subject", "line"], how="left", maintain_order="left")
        .join(shared.select("line", everybody="target"), on="line", how="left", maintain_order="left")
        .with_columns(target=pl.coalesce("target", "everybody"))
    )
