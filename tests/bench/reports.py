"""How long measuring and drawing take for 500 agents and 13 months: python tests/bench/reports.py [FOLDER] [CARD ...].

Makes the exports with `center.py` unless FOLDER has some. Within one process, what is imported before counting apart.

In: exports. Out: seconds of measuring and scoring; then seconds and size of every format, and of the whole folder of
reports as `--out-dir` has it; peak memory.
Refuses to know: what stands in them.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ccmetrics import run
from ccmetrics.cli import reports
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look

PERIOD = "2026-10"
T = TypeVar("T")


def timed(name: str, step: Callable[[], T], size: Callable[[T], int] | None = None) -> T:
    wall, cpu = perf_counter(), process_time()
    made = step()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    weight = f"{size(made) / 1e6:8.2f} MB" if size else " " * 11
    print(f"{name:12} {wall:7.1f} s {cpu:7.1f} s of cores {weight} {peak:6.2f} GB at most", flush=True)
    return made


def total(files: Mapping[str, bytes]) -> int:
    return sum(map(len, files.values()))


def main(folder: Path, cards: list[str]) -> None:
    if not any(folder.glob("*.parquet")):
        center = Path(__file__).with_name("center.py")
        subprocess.run([sys.executable, str(center), "500", "13", str(folder)], check=True)
    result = timed("measuring", lambda: run.score([folder], period=PERIOD, cards=cards))
    for name, form in FORMATS.items():
        timed(name, lambda form=form: form.score(result, Look(100)), len)  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as empty:
        wanted = reports.wanted(Path(empty) / PERIOD, None, None, [folder])
        assert wanted is not None
        files = timed("all reports", lambda: reports.contents(wanted, result, "en", {}, []), total)
    page = max(len(file) for name, file in files.items() if name.endswith(".html"))
    print(f"{len(files)} files, the largest page {page / 1e6:.2f} MB")


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "center-500-13"
    main(place, sys.argv[2:])
