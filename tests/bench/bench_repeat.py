"""Repeat contacts over many rows: python tests/bench/bench_repeat.py [MILLIONS] [FOLDER].

Each way in a process of its own, one after the other: seconds, peak memory, and the counts it found.
`derive` builds the columns and counts, `measure` is first-contact resolution by agent as a user would ask for it, and
`duckdb` the same question by a window function over the start of the next inbound contact.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEEK_S = 7 * 86_400
COLUMNS = {"last_handled", "contact_ended_at", "next_repeat_at"}


def with_derive(folder: Path) -> object:
    import polars as pl

    from ccmetrics.catalogue import load_catalogue
    from ccmetrics.period import Clock
    from ccmetrics.stages.derive import derive
    from ccmetrics.stages.load import find_exports, load
    from ccmetrics.stages.normalize import normalize
    from ccmetrics.stages.world import World

    catalogue = load_catalogue(ROOT / "configs")
    tables = normalize([load(path) for path in find_exports([folder])], catalogue).tables
    started = time.perf_counter()
    world = derive(World(catalogue, tables, Clock()), {"interactions": COLUMNS}, date(2026, 9, 30))
    built = time.perf_counter() - started
    base = pl.col("last_handled") & pl.col("customer_id").is_not_null()
    near = (pl.col("next_repeat_at") - pl.col("contact_ended_at")).dt.total_seconds() <= WEEK_S
    asked = world.tables["interactions"].frame.select(base.sum(), again=(base & near).sum())
    return f"derive {built:.1f} s", asked.collect(engine="streaming").row(0)


def with_measure(folder: Path) -> object:
    from ccmetrics.run import measure

    found = measure([folder], kpis=["fcr"], by=["agent_id"], period="2026-07-01..2026-09-30", config=ROOT / "configs")
    return found.values.select("n", "numerator").sum().row(0)


def with_duckdb(folder: Path) -> object:
    import duckdb

    return duckdb.sql(f"""
        WITH following AS (
            SELECT agent_id, outcome, direction, ended_at,
                lead(CASE WHEN direction = 'inbound' THEN started_at END IGNORE NULLS)
                    OVER (PARTITION BY customer_id ORDER BY started_at) AS next_at
            FROM read_parquet('{folder}/*.parquet') WHERE customer_id IS NOT NULL),
        by_agent AS (
            SELECT agent_id, count(*) AS n,
                count(*) FILTER (WHERE epoch(next_at) - epoch(ended_at) <= {WEEK_S}) AS again
            FROM following WHERE outcome = 'answered' AND direction = 'inbound' GROUP BY agent_id)
        SELECT sum(n), sum(again), count(*) FROM by_agent
    """).fetchall()


WAYS = {"derive": with_derive, "measure": with_measure, "duckdb": with_duckdb}


def main(millions: float, folder: Path) -> None:
    if not any(folder.glob("*.parquet")):
        subprocess.run([sys.executable, str(ROOT / "tests/bench/rows.py"), str(millions), str(folder)], check=True)
    for way in WAYS:
        subprocess.run([sys.executable, __file__, way, str(folder)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        sys.path.insert(0, str(ROOT))
        begun = time.perf_counter()
        answer = WAYS[sys.argv[1]](Path(sys.argv[2]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        wall, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
        print(
            f"{sys.argv[1]:8} {wall:6.1f} s  {cpu:6.1f} s of cores  {used.ru_maxrss / 1e6:5.2f} GB  {answer}",
            flush=True,
        )
    else:
        size = float(sys.argv[1]) if len(sys.argv) > 1 else 50
        main(size, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / f"repeat-{size:g}m")
