"""Orders and the sales contacts they are credited to.

In: the ground, where orders were supplied. Out: the leg of every order, and the number of orders of every leg.
Refuses to know: what an order is worth, agents, periods.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.derive.contacts import HUMAN
from ccmetrics.stages.derive.ground import DAY, Ground, between

SALE = HUMAN & (pl.col("purpose") == "sales") & pl.col("customer_id").is_not_null()
SALES = ("interactions.customer_id", "interactions.purpose", "orders.customer_id")


def attributed_id(ground: Ground) -> pl.Series:
    """The leg the order names, else the customer's latest sales contact that is not too long ago."""
    orders = ground.rows("orders", ("order_id", "interaction_id", "customer_id", "ordered_at")).with_row_index("row")
    if not ground.there(*SALES):
        return orders["interaction_id"]
    longest = round(ground.parameter("attribution_days") * DAY)
    legs = (
        ground.lazy("interactions", ("interaction_id", "customer_id", "outcome", "served_by", "purpose", "started_at"))
        .filter(SALE)
        .group_by("customer_id", "started_at")
        .agg(pl.col("interaction_id").max().alias("leg"))
        .collect(engine="streaming")
        .sort("started_at")
    )
    found = (
        orders.filter(pl.col("interaction_id").is_null() & pl.col("customer_id").is_not_null())
        .sort("ordered_at")
        .join_asof(
            legs, left_on="ordered_at", right_on="started_at", by="customer_id", strategy="backward",
            coalesce=False, check_sortedness=False,
        )
        .filter(between(pl.col("started_at"), pl.col("ordered_at")) <= longest)
        .select("row", "leg")
    )  # fmt: skip
    joined = orders.join(found, on="row", how="left", maintain_order="left")
    return joined.select(pl.coalesce("interaction_id", "leg")).to_series()


def orders_within(ground: Ground) -> pl.Series:
    """Orders credited to every leg; null where one may still come to it."""
    credited = ground.series("orders", "attributed_id")
    counted = credited.drop_nulls().value_counts(name="n").cast({"n": pl.Int64})
    legs = ground.rows(
        "interactions", ("interaction_id", "customer_id", "outcome", "served_by", "purpose", "started_at")
    )
    counts = legs.join(
        counted, left_on="interaction_id", right_on="attributed_id", how="left", maintain_order="left"
    ).with_columns(pl.col("n").fill_null(0))
    if not (ground.there(*SALES) and _unnamed(ground)):
        return counts["n"]
    longest = round(ground.parameter("attribution_days") * DAY)
    end = pl.lit(ground.end("orders"), dtype=pl.Datetime("us"))
    still_open = SALE & (between(pl.col("started_at"), end) < longest)
    return counts.select(pl.when(still_open.fill_null(False)).then(None).otherwise(pl.col("n")).alias("n")).to_series()


def _unnamed(ground: Ground) -> bool:
    """Whether there are orders that name no interaction, and so are credited by customer and time."""
    return ground.rows("orders", ("order_id", "interaction_id"))["interaction_id"].null_count() > 0
