"""Which layout reads an export, and where nobody can tell: refused, with what was found.

In: headers and layouts made up for it. Out: what was chosen, said or refused.
Refuses to know: cells.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import Normalized, normalize
from ccmetrics.stages.normalize.rates import looks_counted, sounds_like_a_mean

CATALOGUE = """
project: {time_zone: UTC}
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      started_at: {type: datetime, required: true}
      queue_id: {type: id}
      talk_s: {type: duration}
layouts:
  desk:
    layout: desk
    match: [Id, [CallDuration, Call Duration, 通话时长]]
    tables:
      calls:
        call_id: Id
        started_at: {datetime: [[Day, Date], [Clock, Time]]}
        queue_id: {join: [[Queue, Skill], Site]}
        talk_s: [CallDuration, Call Duration, 通话时长]
"""
ROW = "c1,2026-10-01,09:00:00,60\n"


def normalized(folder: Path, text: str, name: str = "x.csv", **changes: Any) -> Normalized:
    catalogue = yaml.safe_load(CATALOGUE)
    for layout, changed in changes.get("layouts", {}).items():
        catalogue["layouts"].setdefault(layout, {}).update(changed)
    catalogue["project"].update(changes.get("project", {}))
    (folder / name).write_text(text, encoding="utf-8")
    return normalize([load(folder / name)], Catalogue.model_validate(catalogue))


def refused(folder: Path, text: str, **changes: Any) -> list[Problem]:
    with pytest.raises(DataRefused) as caught:
        normalized(folder, text, **changes)
    return list(caught.value.problems)


def rows(found: Normalized, *columns: str) -> list[tuple[Any, ...]]:
    return found.tables["calls"].frame.select(columns).collect().rows()


@pytest.mark.parametrize(
    "header",
    [
        "Id,Day,Clock,CallDuration",
        "Id,Date,Time,Call Duration",
        "ID,Date,Clock,通话时长",
        " id , date,TIME,call  duration",
    ],
)
def test_a_header_that_changes_over_the_years(tmp_path: Path, header: str) -> None:
    found = normalized(tmp_path, f"{header}\n{ROW}")
    assert [(name, at.isoformat(), talk) for name, at, talk in rows(found, "call_id", "started_at", "talk_s")] == [
        ("c1", "2026-10-01T09:00:00", 60.0)
    ]


@pytest.mark.parametrize(
    ("header", "row", "at"),
    [
        ("Id,Date,Time,CallDuration,Call Duration", "c1,2026-10-01,09:00:00,60,60", 5),
        ("Id,Day,Date,Time,CallDuration", "c1,2026-10-01,2026-10-02,09:00:00,60", 3),
        ("Id,Date,Time,CallDuration,Queue,Skill,Site", "c1,2026-10-01,09:00:00,60,q,s,n", 6),
    ],
)
def test_two_names_of_one_column(tmp_path: Path, header: str, row: str, at: int) -> None:
    [problem] = refused(tmp_path, f"{header}\n{row}\n")
    assert (problem.name, problem.place.line, problem.place.column) == ("two-columns-fit", 1, at)


def test_two_names_of_one_weight(tmp_path: Path) -> None:
    weighted = {"call_id": "Id", "started_at": "Start", "talk_s": {"from": "Mean", "weight": ["Calls", "Contacts"]}}
    layout = {"desk": {"match": ["Id", "Mean"], "tables": {"calls": weighted}}}
    [problem] = refused(tmp_path, "Id,Start,Mean,Calls,Contacts\nc1,2026-10-01 09:00:00,60,1,1\n", layouts=layout)
    assert (problem.name, problem.place.column) == ("two-columns-fit", 5)


def test_an_experimental_layout_says_so(tmp_path: Path) -> None:
    text = f"Id,Day,Clock,CallDuration\n{ROW}"
    assert not any("desk is experimental" in notice for notice in normalized(tmp_path, text).notices)
    found = normalized(tmp_path, text, layouts={"desk": {"experimental": True}})
    assert any("layout desk is experimental" in n and "by hand" in n for n in found.notices)


def test_the_project_names_the_layout(tmp_path: Path) -> None:
    other = yaml.safe_load(CATALOGUE)["layouts"]["desk"] | {"layout": "other"}
    other["tables"] = {"calls": {"call_id": "Id", "started_at": {"datetime": ["Day", "Clock"]}}}
    text = f"Id,Day,Clock,CallDuration\n{ROW}"
    [problem] = refused(tmp_path, text, layouts={"other": other})
    assert problem.name == "two-layouts-fit"
    assert "desk, other" in problem.text
    found = normalized(tmp_path, text, layouts={"other": other}, project={"layouts": {"x*.csv": "other"}})
    assert "talk_s" not in found.tables["calls"].columns


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("Date,Calls,Avg wait", True),
        ("Interval,Queue,AHT,Offered", True),
        ("日期,接通率,来电量", True),
        ("Fecha,Cola,Porcentaje atendidas", True),
        ("Date,Call ID,Rate", False),
        ("日期,工号,接通率", False),
        ("Date,Agent,Duration", False),
        ("Agent,Rate", False),
    ],
)
def test_a_report_that_was_already_counted(tmp_path: Path, header: str, hint: bool) -> None:
    assert looks_counted(header.split(",")) is hint
    [problem] = refused(tmp_path, header + "\n" + ",".join("1" * len(header.split(","))) + "\n")
    assert problem.name == "no-layout-fits"
    assert ("already counted" in problem.text) is hint


@pytest.mark.parametrize(
    "name",
    ["ASA", "asa (s)", "AvgTalkDuration", "Average queue answer time", "Abandon %", "SL%", "calls_per_hour",
     "Service Level", "平均处理时长", "接通率", "Tasa de abandono", "Duración media", "rate"],
)  # fmt: skip
def test_names_of_means(name: str) -> None:
    assert sounds_like_a_mean(name)


@pytest.mark.parametrize(
    "name",
    ["acdcalls", "Total Talk", "Meanwhile", "permitted", "Person", "Corporate", "Separate", "通话时长", "Answered"],
)
def test_names_of_totals(name: str) -> None:
    assert not sounds_like_a_mean(name)
