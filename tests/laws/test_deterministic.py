"""Law 6: the same bytes in give the same bytes out, whatever the threads, the order of rows or files, or the engine."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics import run
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Column
from tests.laws import definitions
from tests.laws.worlds import HEADERS, LAWFUL, Row, World, ask, export, worlds, write

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample_data"
WHOLE = ("roster", "queues", "prices", "calendar", "exclusions", "customers", "costs", "initiatives")
"""Small tables, and those whose ids the others name."""

NUMBERS = ("number", "money", "percent", "rating", "duration")


def lines(path: Path) -> tuple[str, list[str]]:
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    return header, rows


def store(path: Path, header: str, rows: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def typed(path: Path, columns: Mapping[str, Column]) -> pl.DataFrame:
    """A canonical CSV as a database would export it: with types."""
    text = pl.read_csv(path, infer_schema=False)
    made = []
    for name in text.columns:
        kind = columns[name].type if name in columns else "text"
        cell = pl.col(name)
        if kind == "flag":
            made.append(cell.str.to_lowercase().is_in(["true", "yes", "y", "1"]).alias(name))
        elif kind == "datetime":
            made.append(
                cell.str.replace("Z$", "").str.replace("T", " ").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")
            )
        elif kind == "date":
            made.append(cell.str.to_date("%Y-%m-%d"))
        elif kind in NUMBERS:
            made.append(cell.cast(pl.Float64))
        else:
            made.append(cell)
    return text.with_columns(made)


def variants(folder: Path, every: int) -> Path:
    """The sample as it is, its rows shuffled, its tables in several files, and as Parquet; every nth row of it."""
    chance, tables = random.Random(7), load_catalogue().tables
    for path in sorted(SAMPLE.glob("*.csv")):
        header, rows = lines(path)
        kept = rows if path.stem in WHOLE else rows[::every]
        store(folder / "plain" / path.name, header, kept)
        shuffled = chance.sample(kept, len(kept))
        store(folder / "shuffled" / path.name, header, shuffled)
        parts = 3 if len(kept) > 30 else 1
        for part in range(parts):
            store(folder / "split" / f"{path.stem}_{9 - part}.csv", header, shuffled[part::parts])
        (folder / "parquet").mkdir(exist_ok=True)
        typed(folder / "plain" / path.name, tables[path.stem].columns).write_parquet(
            folder / "parquet" / f"{path.stem}.parquet"
        )
    return folder


Line = tuple[str, str, str, str]


def digests(folder: Path, threads: int, times: int, engine: str, names: Sequence[str]) -> list[Line]:
    """Of every run a line: variant, engine, digest of the numbers, digest of the whole document."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": str(threads), "POLARS_IDEAL_MORSEL_SIZE": "500"}
    command = [sys.executable, "-m", "tests.laws.steady", str(times), engine, *(str(folder / name) for name in names)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [tuple(line.split()) for line in done.stdout.splitlines()]
    assert len(found) == times * len(names)
    return found  # type: ignore[return-value]


def is_one(found: Sequence[Line]) -> None:
    """The same numbers in all, and the same document wherever the files were the same."""
    assert len({numbers for _, _, numbers, _ in found}) == 1, found
    for variant in VARIANTS:
        assert len({whole for name, _, _, whole in found if name == variant}) <= 1, found


VARIANTS = ("plain", "shuffled", "split", "parquet")


def test_threads_engines_order_files_and_formats_change_no_byte(tmp_path: Path) -> None:
    folder = variants(tmp_path, every=40)
    found = digests(folder, 1, 1, "own", ("plain", "split"))
    found += digests(folder, 8, 1, "in-memory", ("plain", "shuffled", "parquet"))
    is_one(found)


@pytest.mark.slow
def test_twenty_times_over_the_whole_sample(tmp_path: Path) -> None:
    folder = variants(tmp_path, every=1)
    before = digests(folder, 2, 1, "own", ("plain",))
    for engine in ("own", "streaming", "in-memory"):
        for threads, times in ((1, 2), (2, 3), (8, 2)):
            is_one(digests(folder, threads, times, engine, VARIANTS) + before)


# ---------------------------------------------------------------- small worlds, many of them


@given(world=worlds(), chance=st.randoms(use_true_random=False), by=st.sampled_from([("agent_id",), ("team", "day")]))
@settings(LAWFUL, max_examples=10)
def test_the_order_of_rows_is_nothing(config: Path, world: World, chance: random.Random, by: tuple[str, ...]) -> None:
    shuffled = {name: chance.sample(rows, len(rows)) for name, rows in world.items()}
    one, other = (ask(w, config, definitions.KPIS, by).found for w in (world, shuffled))
    assert one.values.write_json() == other.values.write_json()
    assert one.notices == other.notices


@given(world=worlds(), cut=st.integers(1, 13))
@settings(LAWFUL, max_examples=6)
def test_in_how_many_files_the_rows_come_is_nothing(config: Path, world: World, cut: int) -> None:
    rows = world["interactions"]
    with TemporaryDirectory() as folder:
        rest = {name: found for name, found in world.items() if name != "interactions"}
        paths = export(rest, Path(folder))
        for name, part in (("interactions-b", rows[:cut]), ("interactions-a", rows[cut:])):
            paths.append(write(Path(folder) / f"{name}.csv", part, HEADERS["interactions"]))
        split = run.measure(paths, kpis=definitions.KPIS, by=["agent_id"], period="2026-10", config=config)
    whole = ask(world, config, definitions.KPIS, ["agent_id"]).found
    assert whole.values.write_json() == split.values.write_json()


def test_sums_are_exact_whatever_their_order(config: Path) -> None:
    """Added up as doubles these come to several sums, by their order."""
    talk = ["0.1", "0.2", "0.3", "86399.999", "0.001", "33.333"] * 40
    rows: list[Row] = [
        {
            "interaction_id": f"i{n}", "agent_id": "A1", "started_at": "2026-10-05T12:00:00Z", "direction": "inbound",
            "outcome": "answered", "wait_s": None, "talk_s": text, "customer_id": None, "queue_id": None,
        }
        for n, text in enumerate(talk)
    ]  # fmt: skip
    chance = random.Random(3)
    found = {
        ask({"interactions": chance.sample(rows, len(rows))}, config, ["k_talk"]).value("k_talk") for _ in range(5)
    }
    assert found == {3_457_357.32}
