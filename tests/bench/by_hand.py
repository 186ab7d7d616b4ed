"""The benchmark's questions written by hand: python tests/bench/by_hand.py polars|duckdb FOLDER [QUESTION].

Twelve measures by agent and queue over the third quarter, sums exact (millionths as 128-bit integers); of Parquet, or
of CSV with declared types. For DuckDB also the 90th percentile of waits and the distinct customers, by queue.
"""

from __future__ import annotations

import sys


def with_polars(folder: str, question: str) -> None:
    from datetime import datetime

    import polars as pl

    offered = (pl.col("direction") == "inbound") & pl.col("outcome").is_in(["answered", "abandoned", "callback"])
    answered = (pl.col("direction") == "inbound") & (pl.col("outcome") == "answered")
    handled = pl.col("outcome") == "answered"
    handle = pl.col("talk_s") + pl.col("hold_s") + pl.col("wrap_s")
    timed = handled & handle.is_not_null()

    def exact(value: pl.Expr, condition: pl.Expr) -> pl.Expr:
        return (pl.when(condition).then(value) * 1_000_000).round().cast(pl.Int128).sum()

    if question == "csv":
        seconds = dict.fromkeys(("wait_s", "talk_s", "hold_s", "wrap_s"), pl.Float64)
        texts = dict.fromkeys(("interaction_id", "customer_id", "agent_id", "queue_id"), pl.String)
        scan = pl.scan_csv(f"{folder}/*.csv", schema_overrides={**seconds, **texts}, infer_schema=False).with_columns(
            pl.col("started_at").str.to_datetime("%Y-%m-%d %H:%M:%S"),
            pl.col("ended_at").str.to_datetime("%Y-%m-%d %H:%M:%S"),
        )
    else:
        scan = pl.scan_parquet(f"{folder}/*.parquet")
    rows = scan.filter((pl.col("started_at") >= datetime(2026, 7, 1)) & (pl.col("started_at") < datetime(2026, 10, 1)))
    found = rows.group_by("agent_id", "queue_id").agg(
        offered=offered.sum(),
        answered=answered.sum(),
        abandoned=((pl.col("direction") == "inbound") & (pl.col("outcome") == "abandoned")).sum(),
        in_threshold=(answered & (pl.col("wait_s") <= 20)).sum(),
        waited=(answered & pl.col("wait_s").is_not_null()).sum(),
        wait=exact(pl.col("wait_s"), answered),
        handled=handled.sum(),
        timed=timed.sum(),
        handle=exact(handle, handled),
        talk=exact(pl.col("talk_s"), timed),
        hold=exact(pl.col("hold_s"), timed),
        wrap=exact(pl.col("wrap_s"), timed),
    )
    print(found.collect(engine="streaming").sort("agent_id", "queue_id").write_csv())


OTHERS = {
    "p90": "quantile_cont(wait_s, 0.9) FILTER (WHERE direction = 'inbound' AND outcome IN ('answered', 'abandoned'))",
    "distinct": "count(DISTINCT customer_id)",
}


def with_duckdb(folder: str, question: str) -> None:
    import duckdb

    if question in OTHERS:
        print(
            duckdb.sql(f"""
            SELECT queue_id, {OTHERS[question]} FROM read_parquet('{folder}/*.parquet')
            WHERE started_at >= '2026-07-01' AND started_at < '2026-10-01' GROUP BY ALL ORDER BY ALL
        """).fetchall()
        )
        return

    handle = "talk_s + hold_s + wrap_s"
    answered = "direction = 'inbound' AND outcome = 'answered'"
    timed = f"outcome = 'answered' AND {handle} IS NOT NULL"

    def exact(value: str, condition: str) -> str:
        return f"sum(round(({value}) * 1000000)::BIGINT) FILTER (WHERE {condition})"

    relation = duckdb.sql(f"""
        SELECT agent_id, queue_id,
            count(*) FILTER (WHERE direction = 'inbound' AND outcome IN ('answered', 'abandoned', 'callback')),
            count(*) FILTER (WHERE {answered}),
            count(*) FILTER (WHERE direction = 'inbound' AND outcome = 'abandoned'),
            count(*) FILTER (WHERE {answered} AND wait_s <= 20),
            count(*) FILTER (WHERE {answered} AND wait_s IS NOT NULL),
            {exact("wait_s", answered)},
            count(*) FILTER (WHERE outcome = 'answered'),
            count(*) FILTER (WHERE {timed}),
            {exact(handle, "outcome = 'answered'")},
            {exact("talk_s", timed)}, {exact("hold_s", timed)}, {exact("wrap_s", timed)}
        FROM read_parquet('{folder}/*.parquet')
        WHERE started_at >= '2026-07-01' AND started_at < '2026-10-01'
        GROUP BY ALL ORDER BY ALL
    """)
    print(relation.fetchall())


if __name__ == "__main__":
    {"polars": with_polars, "duckdb": with_duckdb}[sys.argv[1]](
        sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "measures"
    )
