"""Parquet: what comes with types of its own, and what is refused without a traceback.

In: files written by the engine, whole and damaged. Out: pass or fail.
Refuses to know: what becomes of the rows; a run is asked only whether it takes them.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from ccmetrics import run
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import guarded, load

CALLS = pl.DataFrame(
    {
        "interaction_id": ["1", "2", "3"],
        "direction": ["inbound"] * 3,
        "outcome": ["answered", "answered", "abandoned"],
        "started_at": ["2026-01-05 09:00:00"] * 3,
        "wait_s": [5, 15, 20],
    }
)


def write(folder: Path, frame: pl.DataFrame, name: str = "interactions.parquet") -> Path:
    frame.write_parquet(folder / name)
    return folder / name


def speed(path: Path) -> float:
    """The mean wait of those answered."""
    values = run.measure([path], kpis=["asa"], period="2026-01").values
    return float(values["value"].item())


def test_a_column_of_no_type_holds_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, CALLS.with_columns(agent_id=pl.lit(None), talk_s=pl.lit(None), ended_at=pl.lit(None)))
    raw = load(path)
    assert raw.frame.collect_schema()["agent_id"] == pl.String
    assert speed(path) == 10


def test_a_nested_column_is_refused_where_it_is_needed(tmp_path: Path) -> None:
    nested = CALLS.with_columns(wait_s=pl.struct(a=1))
    with pytest.raises(DataRefused) as caught:
        speed(write(tmp_path, nested))
    [problem] = caught.value.problems
    assert (problem.name, problem.place.column) == ("bad-type", 5)
    assert "wait_s" in problem.text


@pytest.mark.parametrize("odd", [pl.struct(a=1), pl.lit([1, 2]), pl.lit(b"x"), pl.lit(1).cast(pl.Decimal(10, 2))])
def test_a_nested_column_that_nobody_needs_is_nobodys_business(tmp_path: Path, odd: pl.Expr) -> None:
    assert speed(write(tmp_path, CALLS.with_columns(more=odd))) == 10


def test_names_must_differ(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        load(write(tmp_path, pl.DataFrame({"Agent": [1], "agent ": [2]})))
    assert [(p.name, p.place.column) for p in caught.value.problems] == [("duplicate-header", 2)]


def test_a_folder_is_no_column(tmp_path: Path) -> None:
    folder = tmp_path / "month=2026-01"
    folder.mkdir()
    assert load(write(folder, CALLS)).header == tuple(CALLS.columns)


def test_it_is_known_by_its_content(tmp_path: Path) -> None:
    raw = load(write(tmp_path, CALLS, "interactions.csv"))
    assert (raw.kind, raw.about, raw.rows) == ("typed", "Parquet", 3)


def test_the_full_hash_where_it_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, CALLS)
    assert load(path).sha256.startswith("footer:")
    assert load(path, full_hash=True).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_damage_is_told_without_a_traceback_and_without_a_cell(tmp_path: Path) -> None:
    """A reader's panic is no Exception: any other than a refusal fails this test."""
    path = write(tmp_path, pl.concat([CALLS.with_columns(interaction_id=pl.lit("SECRET") + "1")] * 500))
    whole = path.read_bytes()
    told: list[str] = []
    for at in range(4, len(whole), max(1, len(whole) // 60)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path.write_bytes(damaged)
            try:
                frame = load(path).frame
                guarded(partial(frame.collect, engine="streaming"), str(path))
            except DataRefused as caught:
                told += [str(problem) for problem in caught.problems]
    with suppress(DataRefused):
        speed(path)
    assert told
    assert not [text for text in told if "SECRET" in text]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"a,b\n1,2\n", b"PAR1" + b"\0" * 8, b"PAR1\xff\xff\xff\x7fPAR1"])
def test_no_parquet_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(content)
    with pytest.raises(DataRefused) as caught:
        load(path)
    assert [p.name for p in caught.value.problems] in (["not-parquet"], ["unreadable"])
