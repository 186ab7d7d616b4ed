"""What came after a case, and what had come before it: repeats, orders, contacts, promised mends.

In: the ground, where cases were supplied. Out: derived columns of cases.
Refuses to know: who is at fault, periods.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.derive.ground import DAY, Ground, between
from ccmetrics.stages.world import local_time

REPEAT_DAYS = 30
ORDER_DAYS = 90
COMPLAINT = pl.col("kind") == "complaint"


def _followed(cases: pl.DataFrame, found: pl.DataFrame, days: int, table_end: pl.Expr) -> pl.Series:
    """Whether the customer has a `time` among those found within the days after opened_at; null where still open."""
    later = found.drop_nulls().unique().sort("time")
    joined = (
        cases.with_row_index("row")
        .sort("opened_at")
        .join_asof(
            later, left_on="opened_at", right_on="time", by="customer_id", strategy="forward",
            allow_exact_matches=False, coalesce=False, check_sortedness=False,
        )
        .sort("row")
    )  # fmt: skip
    came = (between(pl.col("opened_at"), pl.col("time")) <= days * DAY).fill_null(False)
    known = pl.col("customer_id").is_not_null() & (between(pl.col("opened_at"), table_end) >= days * DAY)
    return joined.select(pl.when(known).then(came)).to_series()


def repeat_within_30d(ground: Ground) -> pl.Series:
    cases = ground.rows("cases", ("case_id", "kind", "customer_id", "opened_at"))
    complaints = cases.filter(COMPLAINT).select("customer_id", pl.col("opened_at").alias("time"))
    end = pl.lit(ground.end("cases"), dtype=pl.Datetime("us"))
    followed = _followed(cases, complaints, REPEAT_DAYS, end)
    return cases.select(pl.when(COMPLAINT).then(pl.lit(followed))).to_series()


def ordered_within_90d(ground: Ground) -> pl.Series:
    cases = ground.rows("cases", ("case_id", "customer_id", "opened_at"))
    orders = ground.rows("orders", ("customer_id", "ordered_at")).rename({"ordered_at": "time"})
    return _followed(cases, orders, ORDER_DAYS, pl.lit(ground.end("orders"), dtype=pl.Datetime("us")))


def contacts_of_case(ground: Ground) -> pl.Series:
    """Contacts whose legs name the case, or whose leg the case names."""
    cases = ground.rows("cases", ("case_id", "interaction_id"))
    named = cases.drop_nulls("interaction_id")
    real = pl.col("direction").ne_missing("internal") & ~pl.col("outcome").is_in(["not_connected", "failed"])
    legs = ground.lazy("interactions", ("interaction_id", "contact_id", "case_id", "direction", "outcome")).filter(real)
    by_leg = legs.filter(pl.col("case_id").is_not_null()).select("case_id", "contact_id")
    by_case = (
        legs.select("interaction_id", "contact_id")
        .join(named.lazy(), on="interaction_id")
        .select("case_id", "contact_id")
    )
    pairs = pl.concat([by_leg, by_case]).unique().collect(engine="streaming")
    counted = pairs.group_by("case_id").agg(pl.len().cast(pl.Int64).alias("n"))
    return cases.join(counted, on="case_id", how="left", maintain_order="left")["n"].fill_null(0)


def after_fix(ground: Ground) -> pl.Series:
    """Whether a complaint's class was said to be mended on a day before it was opened."""
    cases = ground.rows("cases", ("case_id", "kind", "class", "opened_at"))
    mended = ground.rows("initiatives", ("initiative_id", "class", "done_on")).drop_nulls("class")
    if mended.is_empty():
        return pl.Series("after_fix", [None] * cases.height, dtype=pl.Boolean)
    clock = ground.world.clock
    begins = pl.duration(hours=clock.day_start.hour, minutes=clock.day_start.minute)
    opened = (local_time(pl.col("opened_at"), clock) - begins).dt.date()
    first = mended.group_by("class").agg(pl.col("done_on").min())
    joined = cases.join(first, on="class", how="left", maintain_order="left")
    before = (pl.col("done_on") < opened).fill_null(False)
    return joined.select(pl.when(COMPLAINT & pl.col("class").is_not_null()).then(before)).to_series()
