"""Damaged exports of every format are read or refused: some thousands of the files of `fuzz_exports.py`.

In: seeds. Out: pass or fail, with the seed that shows it. Refuses to know: what a file should be read as.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ccmetrics.problem import Refused
from ccmetrics.stages.load import load_all
from ccmetrics.stages.normalize import normalize

sys.path.insert(0, str(Path(__file__).parent))

import fuzz_exports

CORRECT = fuzz_exports.own() + fuzz_exports.samples()


@pytest.mark.parametrize("export", CORRECT, ids=[f"{at} {export.name}" for at, export in enumerate(CORRECT)])
def test_what_is_damaged_was_correct(tmp_path: Path, export: fuzz_exports.Export) -> None:
    """Else all damage would meet the first check there is, and none of the others."""
    path = tmp_path / export.name
    path.write_bytes(export.packed(export.content))
    assert fuzz_exports.read(path)


def test_a_seed_is_one_file() -> None:
    assert fuzz_exports.file_of(4711, fuzz_exports.exports()) == fuzz_exports.file_of(4711, fuzz_exports.exports())


# ---------------------------------------------------------------- what it once found


@pytest.mark.parametrize("ticks", [2**62, -(2**63) + 1, 253_402_300_800 * 10**6])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
@pytest.mark.parametrize("unit", ["ms", "us"])
def test_a_time_beyond_all_calendars(tmp_path: Path, ticks: int, zone: str | None, unit: Any) -> None:
    """The engine has such times, and panics where it is to show or to convert one."""
    times = pl.Series([0, ticks], dtype=pl.Int64).cast(pl.Datetime(unit, zone))
    frame = pl.DataFrame({"interaction_id": ["a", "b"], "started_at": times, "outcome": ["answered"] * 2})
    frame.write_parquet(tmp_path / "x.parquet")
    assert problems(tmp_path / "x.parquet") == [("bad-datetime", 2)]


@pytest.mark.parametrize("day", [2**31 - 1, -(2**31), 2_932_897, -25_567])
def test_a_day_beyond_all_calendars(tmp_path: Path, day: int) -> None:
    """2,932,897 days after 1970 is the first of the year 10,000, and 25,567 before it the first of 1900."""
    days = pl.Series([day, 20_000], dtype=pl.Int32).cast(pl.Date)
    frame = pl.DataFrame({"agent_id": ["a", "b"], "valid_from": days, "role": ["agent"] * 2})
    frame.write_parquet(tmp_path / "x.parquet")
    assert problems(tmp_path / "x.parquet") == [("bad-date", 1)]


@pytest.mark.parametrize("place", ["B#REF!1", "b1", "B-1", "ZZZZ1", "1"])
def test_a_cell_at_no_place_of_a_sheet(tmp_path: Path, place: str) -> None:
    """Columns were counted up to where the letters said: for minutes, or to a column that nobody wrote."""
    whole = fuzz_exports.workbook(fuzz_exports.CANONICAL[0])
    ((name, sheet), *_) = fuzz_exports.sheets(whole)
    content = fuzz_exports.repacked(whole, name)(sheet.replace(b'"B1"', f'"{place}"'.encode()))
    (tmp_path / "x.xlsx").write_bytes(content)
    assert len(problems(tmp_path / "x.xlsx")) == 1


def problems(path: Path) -> list[tuple[str, int]]:
    catalogue = fuzz_exports.definitions()
    with pytest.raises(Refused) as caught:
        normalize(load_all([path], [], catalogue.layouts, catalogue.project.layouts), catalogue)
    return [(problem.name, problem.place.line) for problem in caught.value.problems]


def test_damaged_files_are_read_or_refused() -> None:
    done, taken, failed = fuzz_exports.run(240, 0, seconds=1200)
    assert failed == []
    assert done == 240
    assert 0.05 * done < taken < 0.7 * done


@pytest.mark.slow
def test_twenty_thousand_files() -> None:
    """A matter of two or three minutes on two cores that have nothing else to do."""
    done, _, failed = fuzz_exports.run(20_000, 0, seconds=1200)
    assert failed == []
    assert done == 20_000
