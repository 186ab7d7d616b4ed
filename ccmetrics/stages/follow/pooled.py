"""A card's KPIs over the rows of all its subjects together, cycle by cycle, beside the target.

In: a card, pooled values and goals by cycle. Out: one row a KPI and cycle.
Refuses to know: subjects one by one, points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi, LastYear, Line
from ccmetrics.period import Period, inside
from ccmetrics.plan.cards import changes
from ccmetrics.stages.follow.kinds import shown
from ccmetrics.stages.follow.progress import ON_TARGET
from ccmetrics.stages.score.curve import Better, on, shape
from ccmetrics.stages.score.supported import variant_of

POOLED = {
    "kpi": pl.String, "variant": pl.String, "period": pl.String, "start": pl.Date, "value": pl.Float64,
    "n": pl.Int64, "low": pl.Float64, "high": pl.Float64, "target": pl.Float64,
}  # fmt: skip
"""In the card's order, lines before what is watched, and of time. Null `value`: there is none of that cycle."""
KEY = ["kpi", "variant"]
CENTER = "center"

Pooled = tuple[Period, pl.DataFrame, pl.DataFrame | None]
"""A cycle, its values over everybody, and its goals where it was scored."""


def pooled(card: Card, kpis: Mapping[str, Kpi], cycles: Iterable[Pooled]) -> pl.DataFrame:
    """`cycles` in the order of time. The target is the one in force in that cycle, where it is one number for everybody
    and speaks of such a value: not where goals are blended or a subject's own, and no part of a total for each."""
    keys = shown(card, kpis)
    items = pl.DataFrame(keys, schema=dict.fromkeys(KEY, pl.String), orient="row").with_row_index("order")
    found = [pl.DataFrame(schema={"order": pl.UInt32, **POOLED})]
    for period, values, goals in cycles:
        mine = values.filter(pl.col("cycles") == 1).drop("period")
        rows = items.join(mine, on=KEY, how="left", maintain_order="left", validate="1:1").join(
            _targets(card, kpis, period, goals), on=KEY, how="left", maintain_order="left", validate="1:1"
        )
        target = pl.when(_each_is_a_part(card, kpis)).then(None).otherwise(pl.col("target"))
        told = rows.with_columns(period=pl.lit(period.label), start=pl.lit(period.start), target=target)
        found.append(told.select("order", *(pl.col(name).cast(kind) for name, kind in POOLED.items())))
    return pl.concat(found).sort("order", "start", maintain_order=True).drop("order")


def _each_is_a_part(card: Card, kpis: Mapping[str, Kpi]) -> pl.Expr:
    """Whether everybody's value is the sum of each one's, so that a goal for each is none for all."""
    if card.subject == CENTER:
        return pl.lit(False)
    totals = [name for name, kpi in kpis.items() if kpi.cumulative]
    per_case = pl.col("n").is_not_null() | pl.col("denominator").is_not_null()
    return pl.col("kpi").is_in(totals) | ~per_case


def _targets(card: Card, kpis: Mapping[str, Kpi], period: Period, goals: pl.DataFrame | None) -> pl.DataFrame:
    cycles = len(inside(period, card.cycle))
    rows = []
    for at, line in enumerate(card.kpis):
        if isinstance(line, Line):
            found = _target(line, at, kpis[line.kpi].better, period, goals)
            if found is not None and kpis[line.kpi].cumulative:
                # A goal of one cycle, for the total of as many; none for a part of one.
                found = found * cycles if cycles else None
            rows.append((line.kpi, variant_of(line, kpis), found))
    schema = {"kpi": pl.String, "variant": pl.String, "target": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _target(line: Line, at: int, better: Better, period: Period, goals: pl.DataFrame | None) -> float | None:
    """The one value that earns 100 points on every day of the period and for everybody."""
    if line.segments or changes(line, period):
        return None
    stated = [on(goal, period.start) for goal, points in shape(line, better) if points == ON_TARGET]
    only = stated[0] if len(stated) == 1 else None
    if not isinstance(only, LastYear):
        return only
    # What last year came to stands in the goals alone.
    mine = None if goals is None else goals.filter((pl.col("line") == at) & pl.col("knots").is_not_null())
    if mine is None or mine.height != 1 or mine["subject"][0] is not None:
        return None
    known: float = mine.explode("knots", "points").filter(pl.col("points") == ON_TARGET)["knots"][0]
    return known
