"""Which KPIs of a card are followed, and which way each is better.

In: a card and the KPIs. Out: one row a KPI and variant; expressions over rows that carry it.
Refuses to know: values.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi, Line
from ccmetrics.stages.score.supported import variant_of

KINDS = {
    "order": pl.Int32, "kpi": pl.String, "variant": pl.String, "better": pl.String, "counted": pl.Boolean,
    "cumulative": pl.Boolean, "shown": pl.Boolean, "low_ideal": pl.Float64, "high_ideal": pl.Float64,
}  # fmt: skip
"""`counted`: a share of what was counted. `shown`: a line or watched, not only a guardrail. The ideal band is of the
card's line."""

KEY = ("subject", "kpi", "variant")
SIDE = ("value", "n", "numerator", "denominator", "low", "high", "se")
"""What is known of one of two values that are held beside each other."""


def kinds(card: Card, kpis: Mapping[str, Kpi]) -> pl.DataFrame:
    """Lines, watched KPIs, and what guards the lines, in this order, each KPI and variant once."""
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    bands = {(line.kpi, variant_of(line, kpis)): line.ideal for line in lines(card)}
    guards = [(name, variant) for line in lines(card) for name, variant in guardrails(card, kpis, line)]
    there = shown(card, kpis)
    for name, variant in (*there, *guards):
        kpi = kpis[name]
        counted = kpi.variant(variant or None).interval == "proportion"
        band = sorted(bands.get((name, variant)) or (None, None), key=lambda number: number or 0.0)
        row = (name, variant, kpi.better, counted, kpi.cumulative, (name, variant) in there, *band)
        found.setdefault((name, variant), row)
    rows = [(order, *row) for order, row in enumerate(found.values())]
    return pl.DataFrame(rows, schema=KINDS, orient="row")


def shown(card: Card, kpis: Mapping[str, Kpi]) -> list[tuple[str, str]]:
    """KPI and variant of the lines and of what is watched beside them."""
    watched = [name.partition(".") for name in card.watch]
    there = [(line.kpi, variant_of(line, kpis)) for line in lines(card)]
    there += [(kpi, variant or kpis[kpi].default or "") for kpi, _, variant in watched]
    return list(dict.fromkeys(there))


def guardrails(card: Card, kpis: Mapping[str, Kpi], line: Line) -> list[tuple[str, str]]:
    """What guards a line: each KPI in the variant that the card shows, else in its default."""
    there: dict[str, str] = {}
    for name, variant in shown(card, kpis):
        there.setdefault(name, variant)
    return [(name, there.get(name, kpis[name].default or "")) for name in kpis[line.kpi].guardrails]


def lines(card: Card) -> list[Line]:
    return [line for line in card.kpis if isinstance(line, Line)]


def beside(
    now: pl.DataFrame, before: pl.DataFrame, on: tuple[str, ...] = ("subject", "kpi", "variant")
) -> pl.DataFrame:
    """Rows that have both values: `value`, `n` ... and `value_before`, `n_before` ..."""
    earlier = before.filter(pl.col("value").is_not_null()).select(*on, *(pl.col(c).alias(f"{c}_before") for c in SIDE))
    later = now.filter(pl.col("value").is_not_null())
    return later.join(earlier, on=list(on), how="inner", maintain_order="left", validate="m:1")


def gain(value: str = "value", other: str = "value_before") -> pl.Expr:
    """Above 0 where `value` is better than `other`, below 0 where it is worse; null where neither way is.

    Nearer to an ideal band is better; without a band a range has no direction.
    """
    better, a, b = pl.col("better"), pl.col(value), pl.col(other)
    nearer = _off(b) - _off(a)
    return pl.when(better == "higher").then(a - b).when(better == "lower").then(b - a).otherwise(nearer)


def _off(value: pl.Expr) -> pl.Expr:
    """How far outside the ideal band."""
    below, above = pl.col("low_ideal") - value, value - pl.col("high_ideal")
    return pl.when(pl.col("low_ideal").is_not_null()).then(pl.max_horizontal(below, above, 0.0))
