"""Numbers bought with others: a KPI that is better while what guards it is worse, both beyond chance.

In: values of the asked period with the kind of their KPI, of the cycle before, of all together. Out: alarms.
Refuses to know: points, and whether anybody meant it.

Both at 99%. Of more than twenty subjects the false discovery rate of a pair is kept below 5% besides (Benjamini and
Hochberg, Controlling the false discovery rate, J. Royal Statistical Society B 57, 1995), over the larger of the two
p-values, which is that of both being so (Berger, Technometrics 24, 1982).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi
from ccmetrics.stages.follow.chance import chance
from ccmetrics.stages.follow.kinds import beside, gain, guardrails, lines
from ccmetrics.stages.score.supported import variant_of

ALARMS = {
    "kind": pl.String, "subject": pl.String, "kpi": pl.String, "variant": pl.String, "value_before": pl.Float64,
    "value": pl.Float64, "guardrail": pl.String, "guardrail_variant": pl.String, "guardrail_before": pl.Float64,
    "guardrail_value": pl.Float64, "p": pl.Float64,
}  # fmt: skip
"""`kind` is `change`, against the cycle before, or `level`, against the others' values in the same period: a habit of
long standing shows no change. What it is held against stands under `before`."""
PAIRS = {
    "pair": pl.Int32,
    "kpi": pl.String,
    "variant": pl.String,
    "guardrail": pl.String,
    "guardrail_variant": pl.String,
}
ALPHA = 0.01
MANY = 20
PEERS = 3
"""Fewest subjects of which one can stand out from the others: of two, each would be the other's measure."""
FALSE_DISCOVERIES = 0.05


def pairs(card: Card, kpis: Mapping[str, Kpi]) -> pl.DataFrame:
    """Each line of the card with each KPI that guards it."""
    found = [
        (line.kpi, variant_of(line, kpis), *guard) for line in lines(card) for guard in guardrails(card, kpis, line)
    ]
    rows = [(at, *pair) for at, pair in enumerate(dict.fromkeys(found))]
    return pl.DataFrame(rows, schema=PAIRS, orient="row")


def alarms(watched: pl.DataFrame, now: pl.DataFrame, before: pl.DataFrame | None, pooled: pl.DataFrame) -> pl.DataFrame:
    """`watched` are the pairs. Those of which a side cannot be tested raise none."""
    held = {} if before is None else {"change": beside(now, before)}
    if now["subject"].n_unique() >= PEERS:
        held["level"] = others(now, pooled)
    found = [pl.DataFrame(schema=ALARMS)]
    for kind, rows in held.items():
        fired = raised(watched, rows, many=now["subject"].n_unique() > MANY)
        found.append(fired.with_columns(kind=pl.lit(kind)).select(pl.col(n).cast(d) for n, d in ALARMS.items()))
    return pl.concat(found)


def raised(watched: pl.DataFrame, rows: pl.DataFrame, many: bool) -> pl.DataFrame:
    """The pairs of which the KPI is better and the guardrail worse. `rows` hold two values beside each other."""
    moved = rows.with_columns(gain=gain(), p=chance(pl.col("counted"))).filter(
        pl.col("gain").is_not_null() & pl.col("p").is_not_null()
    )
    one = moved.select("subject", "kpi", "variant", "value_before", "value", "gain", "p")
    names = {"kpi": "guardrail", "variant": "guardrail_variant", "value_before": "guardrail_before"}
    guard = one.rename({**names, "value": "guardrail_value", "gain": "loss", "p": "guardrail_p"})
    opposed = (pl.col("gain") > 0) & (pl.col("loss") < 0)
    tested = (
        watched.join(one, on=["kpi", "variant"], how="inner")
        .join(guard, on=["subject", "guardrail", "guardrail_variant"], how="inner")
        .with_columns(p=pl.when(opposed).then(pl.max_horizontal("p", "guardrail_p")).otherwise(1.0))
        .sort("pair", "p", "subject")
        .with_columns(discovery=_discovery())
    )
    alarmed = (pl.col("p") < ALPHA) & ((pl.col("discovery") < FALSE_DISCOVERIES) | pl.lit(not many))
    return tested.filter(alarmed).sort("subject", "pair")


def _discovery() -> pl.Expr:
    """The false discovery rate at which a row is still called: the least p x tests / rank from it on down the list."""
    rate = pl.col("p") * pl.len() / (pl.int_range(pl.len()) + 1)
    return rate.cum_min(reverse=True).over("pair")


def others(now: pl.DataFrame, pooled: pl.DataFrame) -> pl.DataFrame:
    """Every value beside that of all the others: what all have together without the subject's own part."""
    every = pooled.filter(pl.col("cycles") == 1)
    rows = beside(now, every, on=("kpi", "variant"))
    left = pl.col("n_before") - pl.col("n")
    without = {name: pl.col(f"{name}_before") - pl.col(name) for name in ("numerator", "denominator", "n")}
    total = pl.col("value_before") * pl.col("n_before") - pl.col("value") * pl.col("n")
    return rows.with_columns(
        value_before=total / left,
        se_before=pl.col("se_before") * (pl.col("n_before") / left).sqrt(),
        **{f"{name}_before": expression for name, expression in without.items()},
    ).filter(left > 0)
