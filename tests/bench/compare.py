"""Whole processes against each other, in turn: python tests/bench/compare.py measures FOLDER [RUNS].

Prints the medians of wall seconds, the ratio pair by pair (its median), and the highest peak memory of each command.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = sys.executable
MEASURES = [
    "offered",
    "answered_inbound",
    "abandoned",
    "answered_in_threshold",
    "waited_answered",
    "wait_answered",
    "handled",
    "timed",
    "handle_time",
    "talk_time",
    "hold_time",
    "wrap_time",
]


def product(folder: str, *options: str) -> list[str]:
    return [PYTHON, "-m", "ccmetrics", "measure", folder, "--period", "2026-Q3", "--format", "csv", *options]


def by_hand(engine: str, folder: str, what: str = "measures") -> list[str]:
    return [PYTHON, str(HERE / "by_hand.py"), engine, folder, what]


def start_up() -> list[str]:
    """What every run of the product costs before a row is read: imports, and the definitions read and checked."""
    return [PYTHON, "-c", "import ccmetrics.run, ccmetrics.catalogue as c; c.load_catalogue()"]


def contests(folder: str) -> dict[str, dict[str, list[str]]]:
    own = ["--config", str(HERE / "config"), "--by", "agent_id,queue_id"]
    twelve = ["--kpi", ",".join(f"sum_{name}" for name in MEASURES)]
    ratios = [f"ratio_{n}" for n in range(1, 61)]
    return {
        "measures": {
            "ccmetrics": product(folder, *own, *twelve),
            "polars": by_hand("polars", folder),
            "duckdb": by_hand("duckdb", folder),
            "start-up": start_up(),
        },
        "p90": {
            "ccmetrics": product(folder, "--kpi", "wait_p90", "--by", "queue_id"),
            "duckdb": by_hand("duckdb", folder, "p90"),
        },
        "distinct": {
            "ccmetrics": product(folder, "--kpi", "sum_callers", "--config", str(HERE / "config"), "--by", "queue_id"),
            "duckdb": by_hand("duckdb", folder, "distinct"),
        },
        "csv": {
            "ccmetrics": product(folder, *own, *twelve),
            "polars": by_hand("polars", folder, "csv"),
        },
        "kpis": {
            "ccmetrics": product(folder, *own, "--kpi", ",".join(ratios)),
            "eight": product(folder, *own, "--kpi", ",".join(ratios[:8])),
        },
        "cards": {
            "ccmetrics": [PYTHON, "-m", "ccmetrics", "score", folder, "--format", "csv"],
            "one": [PYTHON, "-m", "ccmetrics", "score", folder, "--format", "csv", "--card", "agent"],
        },
    }


def once(command: Sequence[str]) -> tuple[float, float]:
    """Wall seconds and peak memory in MB of one run of a command, its output thrown away."""
    began = time.perf_counter()
    pid = os.posix_spawn(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    )
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main(contest: str, folder: str, runs: int) -> None:
    commands = contests(folder)[contest]
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for command in commands.values():
        once(command)
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(once(command))
    for name, results in found.items():
        ratio = statistics.median(own[0] / other[0] for own, other in zip(found["ccmetrics"], results, strict=True))
        wall = [seconds for seconds, _ in results]
        print(
            f"{name:>10}: {statistics.median(wall):6.2f} s ({min(wall):.2f}..{max(wall):.2f}), "
            f"peak {max(mb for _, mb in results):6.0f} MB, ccmetrics / {name} = {ratio:.2f}"
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5)
