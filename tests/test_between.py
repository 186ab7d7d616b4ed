"""Durations that an export gives by their beginning and their end, and times it gives by the hour.

In: made-up call logs. Out: seconds and instants reckoned by hand.
Refuses to know: how a layout is chosen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import normalize

CATALOGUE = """
project: {time_zone: Europe/Berlin}
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      started_at: {type: datetime, required: true}
      talk_s: {type: duration}
layouts:
  log:
    layout: log
    match: [call, day, hour, begun, over]
    tables:
      calls:
        call_id: call
        started_at: {datetime: [day, hour], unit: h}
        talk_s: {between: [begun, over]}
"""
HEADER = "call,day,hour,begun,over\n"


def rows(folder: Path, *lines: str, **talk: Any) -> list[tuple[Any, ...]]:
    catalogue = yaml.safe_load(CATALOGUE)
    catalogue["layouts"]["log"]["tables"]["calls"]["talk_s"].update(talk)
    (folder / "log.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    found = normalize([load(folder / "log.csv")], Catalogue.model_validate(catalogue))
    return found.tables["calls"].frame.select("call_id", "started_at", "talk_s").collect().rows()


def refused(folder: Path, *lines: str, **talk: Any) -> list[Problem]:
    with pytest.raises(DataRefused) as caught:
        rows(folder, *lines, **talk)
    return list(caught.value.problems)


def talks(found: list[tuple[Any, ...]]) -> list[float | None]:
    return [talk for _, _, talk in found]


def test_from_one_instant_to_another(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "c1,2026-09-03,10,2026-09-03 10:00:05,2026-09-03 10:04:00",
        "c2,2026-09-03,23,2026-09-03 23:59:50,2026-09-04 00:00:10.5",
        "c3,2026-09-03,11,2026-09-03 11:00:00,2026-09-03 11:00:00",
    )
    assert talks(found) == [235.0, 20.5, 0.0]


def test_without_its_end_it_is_unknown(tmp_path: Path) -> None:
    lines = ["c1,2026-09-03,10,2026-09-03 10:00:05,", "c2,2026-09-03,10,,2026-09-03 10:00:05", "c3,2026-09-03,10,,"]
    assert talks(rows(tmp_path, *lines)) == [None, None, None]


def test_across_the_night_when_the_clock_goes_forward(tmp_path: Path) -> None:
    """In Berlin, 2026-03-29 01:59 and 03:01 are two minutes apart."""
    assert talks(rows(tmp_path, "c1,2026-03-29,1,2026-03-29 01:59:00,2026-03-29 03:01:00")) == [120.0]


def test_an_end_before_the_beginning(tmp_path: Path) -> None:
    line = "c1,2026-09-03,10,2026-09-03 10:00:05,2026-09-03 10:00:00"
    [problem] = refused(tmp_path, line)
    assert (problem.name, problem.place.line, problem.place.column) == ("negative-duration", 2, 4)
    assert talks(rows(tmp_path, line, negative="null")) == [None]
    assert talks(rows(tmp_path, line, negative="zero")) == [0.0]


def test_a_day_apart_and_more(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, "c1,2026-09-03,10,2026-09-03 10:00:05,2026-09-05 10:00:00")
    assert problem.name == "duration-too-long"


def test_what_is_no_instant(tmp_path: Path) -> None:
    good = "c1,2026-09-03,10,2026-09-03 10:00:05,2026-09-03 10:04:00"
    [problem] = refused(tmp_path, good, "c2,2026-09-03,10,2026-09-03 10:00:05,later")
    assert (problem.name, problem.place.line) == ("bad-datetime", 3)


def test_declared_forms_hold_for_both(tmp_path: Path) -> None:
    assert talks(rows(tmp_path, "c1,2026-09-03,10,20260903100005,20260903100400", format="%Y%m%d%H%M%S")) == [235.0]


def test_hours_of_the_day(tmp_path: Path) -> None:
    found = rows(tmp_path, "c1,2026-09-03,0,,", "c2,2026-09-03,9,,", "c3,2026-12-03,23,,")
    assert [str(at) for _, at, _ in found] == ["2026-09-02 22:00:00", "2026-09-03 07:00:00", "2026-12-03 22:00:00"]


@pytest.mark.parametrize("hour", ["24", "-1", "9.5", "9-10", "nine"])
def test_what_is_no_hour_of_the_day(tmp_path: Path, hour: str) -> None:
    [problem] = refused(tmp_path, "c1,2026-09-03,8,,", f"c2,2026-09-03,{hour},,")
    assert (problem.name, problem.place.line) == ("bad-time", 3)


def test_the_same_of_a_parquet_export(tmp_path: Path) -> None:
    lines = [["c1", "2026-09-03", "10", "2026-09-03 10:00:05", "2026-09-03 10:04:00"]]
    frame = pl.DataFrame(lines, schema=HEADER.strip().split(","), orient="row")
    times = pl.col("begun", "over").str.to_datetime(time_unit="us")
    frame.with_columns(times).write_parquet(tmp_path / "log.parquet")
    found = normalize([load(tmp_path / "log.parquet")], Catalogue.model_validate(yaml.safe_load(CATALOGUE)))
    assert found.tables["calls"].frame.select("talk_s").collect().to_series().to_list() == [235.0]
