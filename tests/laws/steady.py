"""A program: the same exports scored again and again, a digest of every result printed.

In: how often, the engine, folders of exports. The number of threads comes from outside.
Out: a line a run: variant, engine, digest of the numbers, digest of the whole document.
Refuses to know: what the digests ought to be.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl

from ccmetrics import run
from ccmetrics.render import json as written
from ccmetrics.render.look import Look

PERIOD = "2026-10"
CARDS = ("agent", "center")
KPIS = ("aht", "csat.mean", "fcr", "wait_p90", "revenue", "occupancy", "quality_score", "contacts_per_resolution")


def numbers(document: bytes) -> bytes:
    """The document without what names files."""
    whole: dict[str, Any] = json.loads(document)
    for key in ("inputs", "accounts", "notices", "provenance"):
        del whole[key]
    return json.dumps(whole).encode()


def documents(folder: Path) -> list[bytes]:
    result = run.score([folder], period=PERIOD, cards=CARDS, trend=2)
    measured = run.measure([folder], period=PERIOD, kpis=KPIS, by=("team", "day"))
    return [written.score(result, Look()), written.measure(measured, Look())]


def digest(texts: list[bytes]) -> str:
    return hashlib.sha256(b"\n".join(texts)).hexdigest()[:16]


@contextmanager
def on(engine: str) -> Iterator[None]:
    """Every query of the product on one engine, whatever it asks for itself; `own` leaves it the choice."""
    collect, collect_all = pl.LazyFrame.collect, pl.collect_all
    forced = {} if engine == "own" else {"engine": engine}

    def one(self: pl.LazyFrame, **more: Any) -> Any:
        return collect(self, **{**more, **forced})

    def several(frames: Any, **more: Any) -> Any:
        return collect_all(frames, **{**more, **forced})

    with patch.object(pl.LazyFrame, "collect", one), patch.object(pl, "collect_all", several):
        yield


def main(times: int, engine: str, folders: list[Path]) -> None:
    run.load_catalogue = cache(run.load_catalogue)
    for folder in folders * times:
        with on(engine):
            found = documents(folder)
        print(folder.name, engine, digest([numbers(text) for text in found]), digest(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], [Path(name) for name in sys.argv[3:]])
