"""A large CSV file in bounded memory: python tests/bench/bench_csv.py [GIGABYTES] [FOLDER].

Makes the file unless it is there, and measures average handle time by agent from it, as a user would: once read lazily,
as files of its size are, and once held whole, as small ones are, each in a process of its own. Seconds, and peak memory
with the pages of the file that the system keeps in it, and without them: these it takes back when it needs them.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BYTES_A_ROW = 124
RUN = """
import sys
from ccmetrics.cli import main
from ccmetrics.stages.normalize import text_feed
text_feed.LARGE = int(sys.argv.pop(1))
main()
"""


def made(gigabytes: float, folder: Path) -> Path:
    sys.path.insert(0, str(Path(__file__).parent))
    from rows import write

    path = folder / "interactions.csv"
    if not path.exists():
        write(gigabytes * 1e9 / BYTES_A_ROW / 1e6, folder, "csv")
    return path


def timed(path: Path, large: int) -> str:
    words = ["measure", str(path), "--kpi", "aht", "--by", "agent_id", "--period", "2026-Q3", "--format", "csv"]
    started, whole, own = time.perf_counter(), 0, 0
    with (
        tempfile.TemporaryFile() as out,
        subprocess.Popen([sys.executable, "-c", RUN, str(large), *words], cwd=ROOT, stdout=out) as child,
    ):
        while child.poll() is None:
            sizes = memory(child.pid)
            whole, own = max(whole, sum(sizes)), max(own, sizes[0])
            time.sleep(0.05)
        out.seek(0)
        result = hashlib.sha256(out.read()).hexdigest()[:8]
    seconds = time.perf_counter() - started
    return f"{seconds:6.1f} s {whole:8,} MB, without the file's {own:8,} MB, exit {child.returncode}, {result}"


def memory(pid: int) -> tuple[int, int]:
    """Megabytes of the process's own, and of files mapped."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0
    found = dict(re.findall(r"^(Rss\w+):\s+(\d+)", status, re.M))
    return int(found.get("RssAnon", 0)) // 1024, int(found.get("RssFile", 0)) // 1024


if __name__ == "__main__":
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 2
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="bench-"))
    path = made(size, folder)
    print(f"{path}: {path.stat().st_size / 1e9:.2f} GB")
    print("lazily", timed(path, 0))
    print("whole ", timed(path, 1 << 60))
