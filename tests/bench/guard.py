"""The guard before the engine: python tests/bench/guard.py [MEGABYTES] [FOLDER].

Four made-up exports of that size (200 MB where unsaid), each examined in a process of its own: MB/s of the guard alone,
and of opening the file with its hash; seconds of both in plain reads of all cells by the engine, streamed,
which they precede; and how far memory grew, the pages of files apart. The best of three rounds.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = "call_id,started_at,queue,agent_id,direction,outcome,wait_s,talk_s,hold_s,wrap_s,topic,note"
TOPICS = ("billing", "contract", "payment related", "technical support")
KINDS = ("unquoted", "one column quoted", "all quoted", "newlines in quotes")
CHUNK = 50_000


def lines(kind: str, first: int) -> Iterator[str]:
    for at in range(first, first + CHUNK):
        cells = [
            f"C{at:09d}", f"2026-0{at % 9 + 1}-1{at % 9} 10:{at % 60:02d}:{at % 59:02d}", f"queue {at % 7}",
            f"A{at % 400:04d}", "inbound", "answered" if at % 5 else "abandoned", str(at % 97), str(at % 901),
            str(at % 31), str(at % 61), TOPICS[at % 4], "ok",
        ]  # fmt: skip
        if kind == "one column quoted":
            cells[-1] = '"said ""no"", left"' if at % 3 else '"all, well"'
        elif kind == "newlines in quotes":
            cells[-1] = '"all, well"' if at % 3 else '"first line\nsecond, line"'
        elif kind == "all quoted":
            cells = [f'"{cell}"' for cell in cells]
        yield ",".join(cells) + "\n"


def made(kind: str, megabytes: float, folder: Path) -> Path:
    path = folder / f"{kind.replace(' ', '_')}_{megabytes:g}.csv"
    if not path.exists():
        with path.open("w") as file:
            file.write(NAMES + "\n")
            at = 0
            while file.tell() < megabytes * 1e6:
                file.writelines(lines(kind, at))
                at += CHUNK
    return path


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def own_memory() -> int:
    """Megabytes of this process that are no file's pages."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) // 1024


def examined(path: Path) -> None:
    import polars as pl

    from ccmetrics.stages.load import load
    from ccmetrics.stages.load.content import text_of
    from ccmetrics.stages.load.dialect import dialect_of
    from ccmetrics.stages.load.misfits import Table
    from ccmetrics.stages.load.quotes import Writing
    from ccmetrics.stages.load.structure import examine

    size, rows, peak, done = path.stat().st_size / 1e6, 0, 0, threading.Event()

    def guard() -> None:
        nonlocal rows
        dialect = dialect_of(text.data, "utf-8", path.name)
        table = Table(dialect, Writing(dialect.separator, text.data.find(b'"') >= 0))
        rows = examine(text.data, text.data.find(b"\n") + 1, table, path.name).rows

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.02):
            peak = max(peak, own_memory())

    before = own_memory()
    watching = threading.Thread(target=watch)
    watching.start()
    engine = pl.scan_csv(path, infer_schema=False, glob=False)
    # Every cell is read and let go, so that files beyond memory can be read, too.
    plain = engine.select(pl.all().str.len_bytes().sum())
    rounds = []
    for _ in range(3):
        with text_of(path, path.name) as text:
            guarding = seconds(guard)
        opening = seconds(lambda: load(path))
        done.set()
        rounds.append((guarding, opening, seconds(lambda: plain.collect(engine="streaming"))))
    watching.join()
    guarding, opening, reading = map(min, zip(*rounds, strict=True))
    print(
        f"guard {size / guarding:5.0f} MB/s = {guarding / reading:4.2f} reads, opening {size / opening:5.0f} MB/s = "
        f"{opening / reading:4.2f} reads, {peak - before:4,} MB more, {rows:,} rows",
        flush=True,
    )


def main() -> None:
    if len(sys.argv) > 2 and sys.argv[1] == "--examine":
        sys.path.insert(0, str(ROOT))
        examined(Path(sys.argv[2]))
        return
    megabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        for kind in KINDS:
            path = made(kind, megabytes, folder)
            print(f"{kind:20}", end="", flush=True)
            subprocess.run([sys.executable, __file__, "--examine", str(path)], check=True)
            if folder == Path(temporary):
                path.unlink()


if __name__ == "__main__":
    main()
