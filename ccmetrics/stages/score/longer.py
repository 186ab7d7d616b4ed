"""Adjustments over a period of several cycles: they act inside the cycles, and what they did there is averaged.

In: what every cycle's adjustments did. Out: one row a subject and cycle, and what still limits grade and pay.
Refuses to know: amounts and conditions, which are never judged over more than their cycle.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.period import inside
from ccmetrics.stages.facts import Facts

CYCLE = {"index": pl.Int32, "name": pl.String}


def nets(card: Card, facts: Facts) -> pl.DataFrame:
    """Subject x cycle: `amount` is what the adjustments did there, `name` the cycle.

    Listed in a cycle and not scored there: not judged. Not listed there: nothing to judge, and the mean is over the
    other cycles.
    """
    cycles = [(at, cycle.label) for at, cycle in enumerate(inside(facts.period, card.cycle))]
    named = pl.DataFrame(cycles, schema=CYCLE, orient="row")
    listed = pl.col("status").is_not_null()
    judged = (pl.col("status") == "scored") | (~listed & listed.any().over("subject"))
    return (
        facts.subjects.select("subject")
        .sort("subject")
        .join(named, how="cross", maintain_order="left_right")
        .join(
            facts.nets.rename({"period": "name", "net": "amount"}),
            on=["subject", "name"],
            how="left",
            maintain_order="left",
            validate="1:1",
        )
        .with_columns(judged=judged.fill_null(False))
        .with_columns(
            kind=pl.lit("net"),
            amount=pl.when(pl.col("status") == "scored").then("amount"),
            fired=(pl.col("amount") != 0).fill_null(False) & pl.col("judged"),
            reason=pl.when(~listed).then(pl.lit("not-listed")).when(~pl.col("judged")).then(pl.lit("not-scored")),
        )
        .drop("status")
    )


def kept(facts: Facts) -> pl.DataFrame:
    """What fired in a cycle and holds for the whole: a red line's limit of grade and pay, since it is never bought back
    (its cap of the score is in the net); and a coefficient on pay, by its mean over the cycles."""
    rows = facts.acted.sort("subject", "kind", "index", "period")
    red = pl.col("kind") == "red_line"
    return (
        rows.group_by("subject", "kind", "index", "name", maintain_order=True)
        .agg(
            pl.col("on", "grade_at_most", "pay").first(),
            factor=pl.when("fired").then("factor").otherwise(1.0).mean(),
            fired_in=pl.col("period").filter(pl.col("fired")).str.join(", "),
            fired=pl.col("fired").any(),
        )
        .filter("fired")
        .with_columns(factor=pl.when(~red).then("factor"), judged=pl.lit(True))
    )
