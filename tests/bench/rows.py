"""Made-up interactions of any number: python tests/bench/rows.py 10 FOLDER [csv] (millions of rows, else Parquet)."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

CHUNK = 5_000_000
START = pl.datetime(2026, 7, 1)
SECONDS = 92 * 86_400


def hashed(seed: int) -> pl.Expr:
    """A fixed pseudo-random number below 2^31 a row, the same on every machine."""
    salt = pl.lit(1_442_695_040_888_963_407 * (2 * seed + 1) % 2**63, dtype=pl.UInt64)
    x = pl.col("row").cast(pl.UInt64) * pl.lit(6_364_136_223_846_793_005, dtype=pl.UInt64) + salt
    x = (x ^ (x // 2**29)) * pl.lit(3_202_034_522_624_059_733, dtype=pl.UInt64)
    return ((x ^ (x // 2**32)) // 2**33).cast(pl.Int64)


def interactions(first: int, count: int, total: int) -> pl.LazyFrame:
    """Rows `first` .. `first + count`: a quarter of calls in order of time, 500 agents, 20 queues, repeat customers."""
    answered = hashed(3) % 100 < 92
    started = START + pl.duration(seconds=(pl.col("row") * SECONDS) // total)
    rows = pl.LazyFrame({"row": pl.int_range(first, first + count, eager=True)})
    return rows.select(
        interaction_id=pl.col("row"),
        customer_id=hashed(1) % max(total // 6, 1),
        agent_id=pl.when(answered).then(pl.format("A{}", hashed(2) % 500)),
        queue_id=pl.format("Q{}", hashed(4) % 20),
        started_at=started,
        ended_at=started + pl.duration(seconds=60 + hashed(5) % 600),
        direction=pl.when(hashed(6) % 100 < 90).then(pl.lit("inbound")).otherwise(pl.lit("outbound")),
        outcome=pl.when(answered).then(pl.lit("answered")).otherwise(pl.lit("abandoned")),
        wait_s=(hashed(7) % 9_000).cast(pl.Float64) / 100,
        talk_s=pl.when(answered).then((hashed(8) % 60_000).cast(pl.Float64) / 100),
        hold_s=pl.when(answered).then((hashed(9) % 6_000).cast(pl.Float64) / 100),
        wrap_s=pl.when(answered).then((hashed(10) % 9_000).cast(pl.Float64) / 100),
        transferred=hashed(11) % 100 < 7,
    )


def write(millions: float, folder: Path, kind: str = "parquet") -> None:
    total = int(millions * 1_000_000)
    folder.mkdir(parents=True, exist_ok=True)
    made = pl.concat([interactions(n, min(CHUNK, total - n), total) for n in range(0, total, CHUNK)])
    if kind == "csv":
        made.sink_csv(folder / "interactions.csv", datetime_format="%Y-%m-%d %H:%M:%S")
    else:
        made.sink_parquet(folder / "interactions.parquet", row_group_size=500_000)


if __name__ == "__main__":
    write(float(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
