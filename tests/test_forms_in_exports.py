"""Whole exports whose cells need a word of the layout: what becomes of them, what is said, and where they are refused.

In: text and Parquet files of a few rows, with small definitions. Out: pass or fail.
Refuses to know: how any one cell is parsed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import Normalized, normalize, tolerance

TABLES = """
calls:
  about: One row a call.
  key: call_id
  time: started_at
  columns:
    call_id: {type: id, required: true}
    agent_id: {type: id}
    started_at: {type: datetime, required: true}
    talk_s: {type: duration}
    paid: {type: money}
    phone: {type: id, private: true}
answers:
  about: One row an answer.
  key: answer_id
  time: day
  columns:
    answer_id: {type: id, required: true}
    day: {type: date}
    csat: {type: rating}
    nps: {type: rating}
    ces: {type: rating}
    csat_scale: {type: number}
    ces_scale: {type: number}
shifts:
  about: One row a day of work.
  key: agent_id
  time: day
  columns:
    agent_id: {type: id, required: true}
    day: {type: date, required: true}
    worked_s: {type: duration}
"""


def catalogue(
    table: str, columns: dict[str, Any], match: list[str], project: dict[str, Any], **layout: Any
) -> Catalogue:
    own = {"own": {"layout": "own", "match": match, "tables": {table: columns}, **layout}} if columns else {}
    zone = {"time_zone": "UTC"}
    return Catalogue.model_validate({"project": {**zone, **project}, "tables": yaml.safe_load(TABLES), "layouts": own})


def export(folder: Path, data: str | pl.DataFrame, table: str) -> tuple[Path, list[str]]:
    if isinstance(data, str):
        path = folder / f"{table}.csv"
        path.write_text(data, encoding="utf-8")
        return path, data.split("\n")[0].split(",")
    path = folder / f"{table}.parquet"
    data.write_parquet(path)
    return path, data.columns


def read(
    folder: Path, data: str | pl.DataFrame, columns: dict[str, Any] | None = None, table: str = "calls",
    project: dict[str, Any] | None = None, needed: Any = None, **layout: Any,
) -> Normalized:  # fmt: skip
    path, header = export(folder, data, table)
    return normalize([load(path)], catalogue(table, columns or {}, header, project or {}, **layout), needed)


def values(found: Normalized, column: str, table: str = "calls") -> list[Any]:
    return found.tables[table].frame.collect()[column].to_list()


def said(found: Normalized) -> list[str]:
    """Without the file's name."""
    return [notice.split(": ", 1)[1] for notice in found.notices]


def refused(*args: Any, **more: Any) -> list[tuple[str, int, int]]:
    with pytest.raises(DataRefused) as caught:
        read(*args, **more)
    return [(p.name, p.place.line, p.place.column) for p in caught.value.problems]


CALLS: dict[str, Any] = {"call_id": "Id", "started_at": "Start"}
BERLIN = "Id,Start\n1,2026-10-25 02:30:00\n2,2026-10-25 02:59:59\n3,2026-10-25 03:00:00\n"


# ---------------------------------------------------------------- text


def test_the_policy_of_the_project_and_of_the_layout(tmp_path: Path) -> None:
    berlin = {"time_zone": "Europe/Berlin"}
    assert refused(tmp_path, BERLIN, CALLS, project=berlin) == [("ambiguous-time", 2, 2), ("ambiguous-time", 3, 2)]
    found = read(tmp_path, BERLIN, CALLS, project={**berlin, "ambiguous": "earliest"})
    assert values(found, "started_at")[0] == datetime(2026, 10, 25, 0, 30)
    assert "started_at: 2 cells in the repeated hour of Europe/Berlin read as the earliest" in said(found)
    found = read(tmp_path, BERLIN, CALLS, project={**berlin, "ambiguous": "earliest"}, ambiguous="latest")
    assert values(found, "started_at")[0] == datetime(2026, 10, 25, 1, 30)
    late = refused(tmp_path, BERLIN, CALLS, project={**berlin, "ambiguous": "earliest"}, ambiguous="refuse")
    assert late == [("ambiguous-time", 2, 2), ("ambiguous-time", 3, 2)]


def test_no_zone_anywhere_is_said_once_a_column(tmp_path: Path) -> None:
    found = read(tmp_path, BERLIN, CALLS, project={"time_zone": None})
    assert values(found, "started_at")[2] == datetime(2026, 10, 25, 3)
    text = "started_at: 3 cells without an offset read as UTC, as neither project nor layout says a `time_zone`"
    assert said(found) == [text]
    assert said(read(tmp_path, BERLIN, CALLS)) == []
    assert said(read(tmp_path, BERLIN, CALLS, project={"time_zone": None}, time_zone="Asia/Shanghai")) == []


def test_a_form_of_dates_told_by_the_whole_column(tmp_path: Path) -> None:
    text = "Id,Start\n1,10/5/2020 9:00\n2,10/13/2020 9:00\n"
    found = read(tmp_path, text, CALLS)
    assert values(found, "started_at") == [datetime(2020, 10, 5, 9), datetime(2020, 10, 13, 9)]
    assert said(found) == ["started_at: 2 cells read as M/D/YYYY h:mm: no other reading fits them all"]


def test_columns_that_mix_day_and_month_show_both_kinds(tmp_path: Path) -> None:
    text = "Id,Start\n1,10/5/2020 9:00\n2,10/13/2020 9:00\n3,11/14/2020 9:00\n4,13/10/2020 9:00\n"
    assert refused(tmp_path, text, CALLS) == [("day-month-unclear", 2, 2), ("bad-datetime", 5, 2)]


def test_what_comes_first_does_not_hide_what_comes_later(tmp_path: Path) -> None:
    """Twenty cells of a kind are shown, the others counted, and each kind by itself."""
    lines = [f"{i},10/5/2020 9:00" for i in range(30)]
    lines += ["a,10/13/2020 9:00", "b,10/14/2020 9:00", "c,13/10/2020 9:00"]
    found = refused(tmp_path, "Id,Start\n" + "\n".join(lines) + "\n", CALLS)
    assert found.count(("day-month-unclear", 0, 0)) == 1
    assert len([name for name, line, _ in found if name == "day-month-unclear" and line]) == 20
    assert ("bad-datetime", 34, 2) in found


def test_rejected_rows_leave_a_column_that_can_be_told(tmp_path: Path) -> None:
    """Set aside, the odd row no longer stands between the others and the one form that fits them."""
    text = "Id,Start\n1,10/5/2020 9:00\n2,10/13/2020 9:00\n3,tomorrow\n"
    path, header = export(tmp_path, text, "calls")
    found = normalize([load(path)], catalogue("calls", CALLS, header, {}), allowed=tolerance("1"))
    assert values(found, "started_at") == [datetime(2020, 10, 5, 9), datetime(2020, 10, 13, 9)]
    assert "started_at: 2 cells read as M/D/YYYY h:mm: no other reading fits them all" in said(found)


def test_several_values_and_words_for_nothing(tmp_path: Path) -> None:
    text = "Id,Start,Users\n1,2026-10-01 09:00:00,Ann; Bob\n2,2026-10-01 09:00:00,-\n3,2026-10-01 09:00:00,Cy\n"
    columns = {**CALLS, "agent_id": {"from": "Users", "split": ";", "null": ["-"]}}
    found = read(tmp_path, text, columns)
    assert values(found, "agent_id") == ["Bob", None, "Cy"]
    assert said(found) == [
        "agent_id: 1 cell of several values between ';' read as the last of them",
        "agent_id: '-' in 1 cell read as empty",
    ]
    assert values(read(tmp_path, text, {**columns, "agent_id": {"from": "Users", "split": ";", "take": "first"}}),
                  "agent_id") == ["Ann", "-", "Cy"]  # fmt: skip


def test_amounts_of_another_currency(tmp_path: Path) -> None:
    text = 'Id,Start,Paid\n1,2026-10-01 09:00:00,"¥1,234.50"\n2,2026-10-01 09:00:00,$5\n'
    columns = {**CALLS, "paid": {"from": "Paid", "currency": "¥", "thousands": ","}}
    assert refused(tmp_path, text, columns) == [("wrong-currency", 3, 3)]
    assert values(read(tmp_path, text.replace("$", "¥"), columns), "paid") == [1234.5, 5]


def test_code_points_are_named_but_of_private_cells(tmp_path: Path) -> None:
    text = "Id,Start,Paid\n1,2026-10-01 09:00:00,\uff11\n"
    with pytest.raises(DataRefused) as caught:
        read(tmp_path, text, {**CALLS, "paid": "Paid"})
    assert "U+FF11" in caught.value.problems[0].text


def test_units_that_look_wrong_are_said_of_rows_that_are_one_thing_each(tmp_path: Path) -> None:
    calls = "Id,Start,Talk\n" + "".join(f"{i},2026-10-01 09:00:00,{20_000 + i}\n" for i in range(3))
    columns = {**CALLS, "talk_s": "Talk"}
    assert said(read(tmp_path, calls, columns)) == [
        "talk_s: half of its cells are above 3 h. Are they milliseconds? Then say `unit: ms`"
    ]
    shifts = "agent_id,day,worked_s\nA,2026-10-01,28800\n"
    assert said(read(tmp_path, shifts, table="shifts")) == []


# ---------------------------------------------------------------- ratings


RATED = "answer_id,csat,csat_scale,ces,nps\n1,5,,7,10\n2,7,7,1,0\n3,1,10,,\n"


def test_ratings_within_their_scales(tmp_path: Path) -> None:
    found = read(tmp_path, RATED, table="answers")
    assert values(found, "csat", "answers") == [5, 7, 1]
    found = read(tmp_path, RATED, table="answers", needed={"answers": ["csat"]})
    assert values(found, "csat", "answers") == [5, 7, 1]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("4,6,,,", 2),  # no scale is a scale of 5
        ("4,8,7,,", 2),
        ("4,0,5,,", 2),
        ("4,-1,,,", 2),
        ("4,,,8,", 4),
        ("4,,,,11", 5),
        ("4,,,,9.5", 5),
    ],
)
@pytest.mark.parametrize("needed", [None, {"answers": ["csat", "ces", "nps"]}])
def test_ratings_off_their_scale(row: str, column: int, needed: Any, tmp_path: Path) -> None:
    assert refused(tmp_path, f"{RATED}{row}\n", table="answers", needed=needed) == [("bad-rating", 5, column)]


def test_a_scale_the_layout_says(tmp_path: Path) -> None:
    columns = {"answer_id": "Id", "csat": "Stars", "csat_scale": {"constant": 10}}
    assert values(read(tmp_path, "Id,Stars\n1,9\n", columns, "answers"), "csat", "answers") == [9]
    assert refused(tmp_path, "Id,Stars\n1,9\n2,11\n", columns, "answers") == [("bad-rating", 3, 2)]


# ---------------------------------------------------------------- Parquet


def typed(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame({"Id": ["1", "2", "3"], **columns})


def test_typed_local_times_by_policy(tmp_path: Path) -> None:
    start = [datetime(2026, 10, 25, 2, 30), datetime(2026, 3, 29, 2, 30), datetime(2026, 7, 1, 12)]
    frame = typed(Start=start)
    berlin = {"time_zone": "Europe/Berlin"}
    assert refused(tmp_path, frame, CALLS, project=berlin) == [("ambiguous-time", 1, 2), ("nonexistent-time", 2, 2)]
    found = read(tmp_path, frame, CALLS, project={**berlin, "ambiguous": "latest", "nonexistent": "forward"})
    assert values(found, "started_at") == [
        datetime(2026, 10, 25, 1, 30), datetime(2026, 3, 29, 1, 30), datetime(2026, 7, 1, 10),
    ]  # fmt: skip
    assert said(found) == [
        "started_at: 1 cell in the repeated hour of Europe/Berlin read as the latest",
        "started_at: 1 cell in an hour that Europe/Berlin skips moved behind it",
    ]


@pytest.mark.parametrize(
    ("numbers", "unit", "value"),
    [
        ([1_700_000_000] * 3, "s", datetime(2023, 11, 14, 22, 13, 20)),
        ([1_700_000_000.5] * 3, "s", datetime(2023, 11, 14, 22, 13, 20, 500_000)),
        ([1_700_000_000_123_456] * 3, "us", datetime(2023, 11, 14, 22, 13, 20, 123_456)),
        ([46_053.99] * 3, "serial", datetime(2026, 1, 31, 23, 45, 36)),
        ([44_591] * 3, "serial_1904", datetime(2026, 1, 31)),
    ],
)
def test_typed_numbers_that_are_times(numbers: list[Any], unit: str, value: datetime, tmp_path: Path) -> None:
    columns = {**CALLS, "started_at": {"from": "Start", "unit": unit}}
    assert values(read(tmp_path, typed(Start=numbers), columns), "started_at") == [value] * 3


@pytest.mark.parametrize(
    ("numbers", "unit", "name"),
    [
        ([1_700_000_000, 1_700_000_000_000, 1_700_000_000], "s", "epoch-range"),
        ([1_700_000_000.0, float("nan"), 1_700_000_000.0], "s", "bad-datetime"),
        ([46_053, 60, 46_053], "serial", "bad-datetime"),
        ([46_053.0, float("inf"), 46_053.0], "serial", "bad-datetime"),
    ],
)
def test_typed_numbers_that_are_no_times(numbers: list[Any], unit: str, name: str, tmp_path: Path) -> None:
    columns = {**CALLS, "started_at": {"from": "Start", "unit": unit}}
    [problem] = refused(tmp_path, typed(Start=numbers), columns)
    assert problem == (name, 2, 2)


def test_typed_days_of_a_spreadsheet(tmp_path: Path) -> None:
    columns = {"agent_id": "Id", "day": {"from": "Day", "unit": "serial"}}
    found = read(tmp_path, typed(Day=[46_053, 46_054, 61]), columns, "shifts")
    assert values(found, "day", "shifts") == [date(2026, 1, 31), date(2026, 2, 1), date(1900, 3, 1)]
    assert refused(tmp_path, typed(Day=[46_053.5, 46_054, 61]), columns, "shifts") == [("bad-date", 1, 2)]


def test_typed_text_takes_the_one_form_that_fits(tmp_path: Path) -> None:
    frame = typed(Start=["10/5/2020 9:00", "10/13/2020 9:00", "10/5/2020 9:00"])
    found = read(tmp_path, frame, CALLS)
    assert values(found, "started_at")[0] == datetime(2020, 10, 5, 9)
    assert said(found) == ["started_at: 3 cells read as M/D/YYYY h:mm: no other reading fits them all"]
    unclear = typed(Start=["10/5/2020 9:00", "10/5/2020 9:00", "5/5/2020 9:00"])
    assert refused(tmp_path, unclear, CALLS) == [("day-month-unclear", 1, 2), ("day-month-unclear", 2, 2)]


def test_typed_text_in_two_columns(tmp_path: Path) -> None:
    frame = typed(Day=["10/5/2020", "10/13/2020", "10/5/2020"], Time=["9:00 AM", "9:00 PM", "12:30 AM"])
    columns: dict[str, Any] = {**CALLS, "started_at": {"datetime": ["Day", "Time"]}}
    expected = [datetime(2020, 10, 5, 9), datetime(2020, 10, 13, 21), datetime(2020, 10, 5, 0, 30)]
    found = read(tmp_path, frame, columns)
    assert values(found, "started_at") == expected
    assert said(found) == [
        "started_at: 3 cells read as M/D/YYYY: no other reading fits them all",
        "started_at: 3 cells read as h:mm AM/PM: no other reading fits them all",
    ]
    forms = ["%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"]
    found = read(tmp_path, frame, {**CALLS, "started_at": {"datetime": ["Day", "Time"], "format": forms}})
    assert values(found, "started_at") == expected
    with_types = frame.with_columns(Day=pl.Series([date(2020, 10, 5)] * 3), Time=pl.Series([time(9, 12, 58)] * 3))
    assert values(read(tmp_path, with_types, columns), "started_at") == [datetime(2020, 10, 5, 9, 12, 58)] * 3


def test_other_types_of_a_file(tmp_path: Path) -> None:
    frame = typed(
        Start=[datetime(2026, 10, 1, 9)] * 3,
        Talk=[timedelta(minutes=2, seconds=23), None, timedelta(0)],
        Paid=pl.Series([Decimal("12.50"), None, Decimal("-1.00")], dtype=pl.Decimal(20, 2)),
        Phone=pl.Series([None] * 3, dtype=pl.Null),
        Agent=pl.Series([7, None, 8], dtype=pl.Decimal(38, 0)),
    )
    columns = {**CALLS, "talk_s": "Talk", "paid": "Paid", "phone": "Phone", "agent_id": "Agent"}
    found = read(tmp_path, frame, columns)
    assert values(found, "talk_s") == [143, None, 0]
    assert values(found, "paid") == [12.5, None, -1]
    assert values(found, "phone") == [None] * 3
    assert values(found, "agent_id") == ["7", None, "8"]
    clocks = frame.with_columns(Talk=pl.Series([time(0, 2, 23), None, time(0)]))
    assert values(read(tmp_path, clocks, columns), "talk_s") == [143, None, 0]


def test_a_column_of_nothing_where_something_must_be(tmp_path: Path) -> None:
    frame = typed(Start=pl.Series([None] * 3, dtype=pl.Null))
    assert refused(tmp_path, frame, CALLS) == [("missing-value", row, 2) for row in (1, 2, 3)]


def test_what_is_said_of_typed_columns(tmp_path: Path) -> None:
    frame = typed(Start=[datetime(2026, 10, 1, 9)] * 3, Talk=[-5, 7, -1], Agent=["Ann", "-", "-"])
    columns = {**CALLS, "talk_s": {"from": "Talk", "negative": "zero"}, "agent_id": {"from": "Agent", "null": ["-"]}}
    found = read(tmp_path, frame, columns, project={"time_zone": None})
    assert values(found, "talk_s") == [0, 7, 0]
    assert values(found, "agent_id") == ["Ann", None, None]
    assert said(found) == [
        "started_at: 3 cells without an offset read as UTC, as neither project nor layout says a `time_zone`",
        "talk_s: 2 cells below zero read as 0",
        "agent_id: '-' in 2 cells read as empty",
    ]


def test_typed_ratings_off_their_scale(tmp_path: Path) -> None:
    frame = pl.DataFrame({"answer_id": ["1", "2"], "csat": [5, 6], "nps": [10.0, 9.5]})
    assert refused(tmp_path, frame, table="answers") == [("bad-rating", 2, 2), ("bad-rating", 2, 3)]
