"""Bonuses and deductions that are paid from one pool: if more is asked than it holds, all get the same share.

In: a row a subject and item with what it asks, the roster's columns, who is out. Out: the same rows, `amount` settled.
Refuses to know: how an amount came about, what it does to a score.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.score.rounding import DIGITS, down

CENTS = 2
POOL = ("kind", "name", "pool_group")
"""Items of one name share a pool, in each group of subjects."""


def shared(rows: pl.DataFrame, people: pl.DataFrame, out: pl.Expr) -> pl.DataFrame:
    """The rows with `pool_group` (empty: the whole card), `pool_asked` (all that is asked of it) and `amount`.

    `out`: who gets nothing from a pool and is not counted. Who belongs to no group, or asks of a pool of which somebody
    unjudged may yet ask too much, is not judged: nobody knows what would be left.
    """
    pooled, asks = pl.col("pool").is_not_null(), pl.col("capped") > 0
    open_ = pl.col("cap").filter(~pl.col("judged") & ~pl.col("out")).sum().over(POOL)
    found = (
        _grouped(rows, people)
        .with_columns(out=pooled & out)
        .with_columns(asked=pl.when("out").then(pl.lit(0.0)).otherwise("capped"))
        .with_columns(pool_asked=pl.when(pooled).then(pl.col("asked").sum().over(POOL)), open=open_)
    )
    nowhere = pooled & pl.col("pool_group").is_null()
    sum_, pool = pl.col("pool_asked"), pl.col("pool")
    short = (sum_ + pl.col("open")).round(DIGITS) > pool
    why = (
        pl.when(~pl.col("judged") | ~asks | pl.col("out"))
        .then(None)
        .when(nowhere)
        .then(pl.lit("no-pool-group"))
        .when(pooled & (pl.col("open") > 0) & short)
        .then(pl.lit("pool-not-judged"))
    )
    found = found.with_columns(pl.coalesce("reason", why), judged=pl.col("judged") & why.is_null())
    part = pl.min_horizontal("asked", down(pl.col("asked") * pool / sum_, CENTS))
    amount = pl.when((sum_.round(DIGITS) > pool).fill_null(False) & (pl.col("asked") > 0)).then(part).otherwise("asked")
    return found.with_columns(
        amount=pl.when("judged").then(amount),
        pool_asked=pl.when(~nowhere).then(sum_),
        pool_group=pl.when(pooled).then("pool_group"),
    ).drop("out", "asked", "open")


def _grouped(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Each row with the value that its `pool_by` has for its subject; null where the roster has none."""
    columns = [name for name in rows["pool_by"].drop_nulls().unique().sort() if name in people.columns]
    known = people.select("subject", *(pl.col(name).cast(pl.String).alias(f"@{name}") for name in columns))
    groups = [pl.when(pl.col("pool_by") == name).then(f"@{name}") for name in columns]
    whole = pl.when(pl.col("pool_by").is_null()).then(pl.lit(""))
    return (
        rows.join(known, on="subject", how="left", maintain_order="left", validate="m:1")
        .with_columns(pool_group=pl.coalesce(whole, *groups))
        .drop(f"@{name}" for name in columns)
    )
