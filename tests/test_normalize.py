"""Exports as canonical tables: what becomes of every row, and where a run is refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, DefinitionsRefused, Refused
from ccmetrics.stages.load import Raw, load
from ccmetrics.stages.normalize import Account, Normalized, normalize

CATALOGUE = """
project: {time_zone: Asia/Shanghai}
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      contact_id: {type: id, default: call_id}
      leg_no: {type: number, default: 1}
      agent_id: {type: id}
      phone: {type: id, private: true}
      started_at: {type: datetime, required: true}
      outcome: {type: category, required: true, values: [answered, abandoned]}
      talk_s: {type: duration}
      resolved: {type: flag}
      legs: {type: number, derived: true}
  answers:
    about: One row an answer.
    key: answer_id
    time: answered_at
    columns:
      answer_id: {type: id, default: call_id}
      call_id: {type: id}
      answered_at: {type: datetime}
      csat: {type: rating}
  days:
    about: One row an agent's day.
    key: [agent_id, date]
    time: date
    columns:
      agent_id: {type: id, required: true}
      date: {type: date, required: true}
      worked_s: {type: duration}
layouts:
  desk:
    layout: desk
    match: [Id, Start, "Answered?"]
    "null": ["-"]
    tables:
      calls:
        where: '"Kind" <> ''test'''
        call_id: Id
        agent_id: Agent
        started_at: {from: Start, format: "%d.%m.%Y %H:%M"}
        outcome: {from: "Answered?", map: {"Y": answered, "N": abandoned}}
        talk_s: {from: Talk, where: '"Answered?" = ''Y'''}
      answers:
        where: '"Stars" IS NOT NULL'
        call_id: Id
        csat: Stars
"""
HEADER = "call_id,started_at,outcome,agent_id,talk_s\n"
ROW = "c1,2026-10-01 09:00:00,answered,A1,60\n"


def catalogue(**changes: Any) -> Catalogue:
    return Catalogue.model_validate({**yaml.safe_load(CATALOGUE), **changes})


def raw(folder: Path, text: str, name: str = "calls.csv") -> Raw:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load(path)


def normalized(folder: Path, text: str, name: str = "calls.csv", needed: Any = None) -> Normalized:
    return normalize([raw(folder, text, name)], catalogue(), needed)


def rows(found: Normalized, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return found.tables[table].frame.select(columns).collect().rows()


def refused(raws: list[Raw], kind: type[Refused] = DataRefused, **changes: Any) -> list[tuple[str, str, int, int]]:
    with pytest.raises(kind) as caught:
        normalize(raws, catalogue(**changes))
    return [(Path(p.place.file).name, p.name, p.place.line, p.place.column) for p in caught.value.problems]


# ---------------------------------------------------------------- canonical files


def test_a_canonical_file(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + ROW + "c2,2026-10-01 09:30:00,abandoned,,\n")
    assert rows(found, "calls", "call_id", "contact_id", "leg_no", "started_at", "outcome", "agent_id", "talk_s") == [
        ("c1", "c1", 1.0, datetime(2026, 10, 1, 1), "answered", "A1", 60.0),
        ("c2", "c2", 1.0, datetime(2026, 10, 1, 1, 30), "abandoned", None, None),
    ]
    supplied = found.tables["calls"]
    assert supplied.rows == 2
    assert supplied.columns == {"call_id", "contact_id", "leg_no", "started_at", "outcome", "agent_id", "talk_s"}
    assert supplied.frame.collect_schema()["export"] == pl.Int32
    [account] = found.accounts
    assert (account.table, account.read, account.used, account.balances) == ("calls", 2, 2, True)
    assert account.sha256 == raw(tmp_path, HEADER + ROW + "c2,2026-10-01 09:30:00,abandoned,,\n").sha256


def test_header_only_is_a_supplied_table_of_no_rows(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER)
    assert found.tables["calls"].rows == 0
    assert rows(found, "calls", "call_id", "talk_s") == []


@pytest.mark.parametrize(
    "name", ["calls.csv", "calls_2026-10.csv", "calls-north.csv", "Calls 1.csv", "calls2026.csv", "x.csv"]
)
def test_the_table_is_named_by_the_file_or_told_by_its_columns(tmp_path: Path, name: str) -> None:
    assert list(normalized(tmp_path, HEADER + ROW, name).tables) == ["calls"]


def test_an_export_that_is_nothing_known(tmp_path: Path) -> None:
    [(_, problem, line, _)] = refused([raw(tmp_path, "Datum,Name\n1,2\n", "x.csv")])
    assert (problem, line) == ("no-layout-fits", 1)


def test_required_columns(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match=r"started_at, outcome.*'call_id', 'talk_s'") as caught:
        normalize([raw(tmp_path, "call_id,talk_s\n1,2\n")], catalogue())
    assert [p.name for p in caught.value.problems] == ["missing-column"]


def test_unknown_columns_are_noticed_and_misspelled_ones_refused(tmp_path: Path) -> None:
    found = normalized(tmp_path, "call_id,started_at,outcome,Color,legs\nc1,2026-10-01 09:00:00,answered,red,7\n")
    assert any("Color, legs" in notice for notice in found.notices)
    assert "legs" not in found.tables["calls"].columns
    bad = raw(tmp_path, "call_id,started_at,outcome,talks_s\nc1,2026-10-01 09:00:00,answered,1\n", "calls_2.csv")
    assert refused([bad]) == [("calls_2.csv", "misspelled-column", 1, 4)]
    case = raw(tmp_path, "Call_ID,started_at,outcome\nc1,2026-10-01 09:00:00,answered\n", "calls_3.csv")
    assert [p[1] for p in refused([case])] == ["missing-column", "misspelled-column"]


def test_only_needed_columns_are_parsed(tmp_path: Path) -> None:
    text = HEADER + "c1,2026-10-01 09:00:00,answered,A1,soon\n"
    found = normalized(tmp_path, text, needed={"calls": {"agent_id", "contact_id"}})
    assert found.tables["calls"].columns == {"call_id", "contact_id", "started_at", "outcome", "agent_id"}
    assert refused([raw(tmp_path, text)]) == [("calls.csv", "bad-duration", 2, 5)]


# ---------------------------------------------------------------- bad cells


def test_every_bad_cell_of_every_file_is_placed(tmp_path: Path) -> None:
    one = raw(tmp_path, HEADER + "\nc1,2026-10-01 09:00:00,answerd,A1,2:30\n,2026-10-01,answered,A1,1\n", "calls_1.csv")
    two = raw(tmp_path, "agent_id,date,worked_s\nA1,01/10/2026,-5\nA2,2026-10-02,90000\n", "days.csv")
    assert refused([one, two]) == [
        ("calls_1.csv", "unknown-value", 3, 3),
        ("calls_1.csv", "bad-duration", 3, 5),
        ("calls_1.csv", "missing-value", 4, 1),
        ("calls_1.csv", "bad-datetime", 4, 2),
        ("days.csv", "bad-date", 2, 2),
        ("days.csv", "negative-duration", 2, 3),
        ("days.csv", "duration-too-long", 3, 3),
    ]


def test_twenty_places_a_column_and_the_rest_counted(tmp_path: Path) -> None:
    text = HEADER + "".join(f"c{i},2026-10-01 09:00:00,answered,A1,x\n" for i in range(33))
    with pytest.raises(DataRefused) as caught:
        normalize([raw(tmp_path, text)], catalogue())
    *others, last = caught.value.problems
    assert last.text.startswith("13 more cells of column 'talk_s' (5)")
    assert [p.place.line for p in others] == list(range(2, 22))


def test_lines_after_quoted_newlines(tmp_path: Path) -> None:
    text = HEADER + '"c\n1",2026-10-01 09:00:00,answered,"A1",60\nc2,2026-10-01 09:00:00,answered,A1,x\n'
    assert refused([raw(tmp_path, text)]) == [("calls.csv", "bad-duration", 4, 5)]


def test_cells_are_described_and_not_quoted(tmp_path: Path) -> None:
    text = "call_id,started_at,outcome,phone,talk_s\nc1,2026-10-01 09:00:00,answered,1.3812E+10,13812345678x\n"
    with pytest.raises(DataRefused) as caught:
        normalize([raw(tmp_path, text)], catalogue())
    said = str(caught.value)
    assert "13812345678" not in said
    assert "1.3812" not in said
    assert "'99999999999a'" in said
    assert "a text of 10 characters" in said


def test_the_hour_that_comes_twice(tmp_path: Path) -> None:
    text = HEADER + "c1,2026-10-25 02:30:00,answered,A1,60\nc2,2026-03-29 02:30:00,answered,A1,60\n"
    found = refused([raw(tmp_path, text)], project={"time_zone": "Europe/Berlin"})
    assert found == [("calls.csv", "ambiguous-time", 2, 2), ("calls.csv", "nonexistent-time", 3, 2)]


@pytest.mark.parametrize("count", [10, 30_000])
def test_a_late_bad_cell_is_as_bad_as_an_early_one(tmp_path: Path, count: int) -> None:
    """Beyond some size columns are parsed by their distinct values: the verdict must not change."""
    text = HEADER + "".join(f"c{i},2026-10-01 09:00:00,answered,A{i % 7},0:0{i % 10}:00\n" for i in range(count))
    bad = text + "d1,2026-10-01 09:00:00,answered,A1,1:00\n"
    assert refused([raw(tmp_path, bad)]) == [("calls.csv", "bad-duration", count + 2, 5)]
    found = normalized(tmp_path, text)
    assert found.tables["calls"].frame.select(pl.col("talk_s").sum()).collect().item() == count / 10 * 60 * 45


def test_padded_cells_read_like_bare_ones(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + " c1 , 2026-10-01 09:00:00 ,answered\u00a0, A1, 60 \n")
    assert rows(found, "calls", "call_id", "started_at", "outcome", "agent_id", "talk_s") == [
        ("c1", datetime(2026, 10, 1, 1), "answered", "A1", 60.0)
    ]


# ---------------------------------------------------------------- the same row twice


def test_exact_duplicates_are_dropped_and_counted(tmp_path: Path) -> None:
    one = raw(tmp_path, HEADER + ROW + "c2,2026-10-01 09:30:00,answered,A1,61\n" + ROW, "calls_1.csv")
    two = raw(tmp_path, HEADER + ROW + "c3,2026-10-02 09:30:00,answered,A1,62\n", "calls_2.csv")
    found = normalize([one, two], catalogue())
    assert sorted(rows(found, "calls", "call_id", "talk_s", "export")) == [("c1", 60, 0), ("c2", 61, 0), ("c3", 62, 1)]
    assert [(a.read, a.used, a.duplicates, a.balances) for a in found.accounts] == [(3, 2, 1, True), (2, 1, 1, True)]


def test_two_versions_of_a_row_are_refused_with_both_lines(tmp_path: Path) -> None:
    one = raw(tmp_path, HEADER + ROW + ROW, "calls_1.csv")
    two = raw(tmp_path, HEADER + "\n" + ROW.replace("60", "61"), "calls_2.csv")
    with pytest.raises(DataRefused) as caught:
        normalize([one, two], catalogue())
    [problem] = caught.value.problems
    assert (problem.name, Path(problem.place.file).name, problem.place.line) == (
        "conflicting-duplicate",
        "calls_2.csv",
        3,
    )
    assert f"{one.name}:2" in problem.text
    assert "another talk_s" in problem.text


def test_keys_of_two_columns(tmp_path: Path) -> None:
    text = "agent_id,date,worked_s\nA1,2026-10-01,5\nA1,2026-10-02,5\nA2,2026-10-01,5\nA1,2026-10-01,5\n"
    found = normalized(tmp_path, text, "days.csv")
    assert rows(found, "days", "agent_id", "date") == [
        ("A1", date(2026, 10, 1)),
        ("A1", date(2026, 10, 2)),
        ("A2", date(2026, 10, 1)),
    ]
    assert found.accounts[0].duplicates == 1


def test_exports_with_different_columns_stand_below_each_other(tmp_path: Path) -> None:
    one = raw(tmp_path, HEADER + ROW, "calls_1.csv")
    two = raw(tmp_path, "outcome,started_at,call_id,resolved\nanswered,2026-10-02 09:00:00,c2,Y\n", "calls_2.csv")
    found = normalize([one, two], catalogue())
    assert rows(found, "calls", "call_id", "talk_s", "resolved", "export") == [
        ("c1", 60, None, 0),
        ("c2", None, True, 1),
    ]
    assert "resolved" in found.tables["calls"].by_export[1]
    assert "resolved" not in found.tables["calls"].by_export[0]


# ---------------------------------------------------------------- layouts

DESK = "Id;Agent;Start;Answered?;Talk;Stars;Kind\n"


def test_one_export_feeds_two_tables(tmp_path: Path) -> None:
    text = (
        DESK + "1;A1;01.02.2026 09:00;Y;0:01:00;5;x\n2;-;01.02.2026 10:00;N;0:09:00;;x\n3;A1;02.02.2026 9:00;Y;;;test\n"
    )
    found = normalized(tmp_path, text, "anything.csv")
    assert rows(found, "calls", "call_id", "agent_id", "started_at", "outcome", "talk_s") == [
        ("1", "A1", datetime(2026, 2, 1, 1), "answered", 60.0),
        ("2", None, datetime(2026, 2, 1, 2), "abandoned", None),
    ]
    assert rows(found, "answers", "answer_id", "call_id", "csat") == [("1", "1", 5.0)]
    assert [(a.table, a.read, a.used, a.filtered, a.balances) for a in found.accounts] == [
        ("calls", 3, 2, 1, True),
        ("answers", 3, 1, 2, True),
    ]


def test_places_count_filtered_rows(tmp_path: Path) -> None:
    text = DESK + "3;A1;x;Y;;;test\n1;A1;2026-02-01 09:00;Y;0:01:00;5;x\n"
    assert refused([raw(tmp_path, text)]) == [("calls.csv", "bad-datetime", 3, 3)]


def test_a_layout_s_names_are_met_whatever_their_case(tmp_path: Path) -> None:
    text = DESK.lower() + "1;A1;01.02.2026 09:00;Y;0:01:00;5;x\n"
    assert normalized(tmp_path, text).tables["calls"].rows == 1


def test_a_condition_on_a_column_that_is_not_there(tmp_path: Path) -> None:
    text = "Id;Start;Answered?;Stars\n1;01.02.2026 09:00;Y;5\n"
    assert refused([raw(tmp_path, text)]) == [("calls.csv", "missing-column", 1, 0)]


def layout(name: str, **part: Any) -> dict[str, Any]:
    columns = {
        "call_id": "Id",
        "started_at": {"from": "Start", "format": "%d.%m.%Y %H:%M"},
        "outcome": {"constant": "answered"},
    }
    return {"layout": name, "match": ["Id", "Start"], "tables": {"calls": {**columns, **part}}}


def test_two_layouts_that_fit_equally_well(tmp_path: Path) -> None:
    export = raw(tmp_path, "Id,Start\n1,01.02.2026 09:00\n", "desk_10.csv")
    both = {"one": layout("one"), "two": layout("two")}
    assert refused([export], layouts=both) == [("desk_10.csv", "two-layouts-fit", 1, 0)]
    chosen = catalogue(layouts=both, project={"layouts": {"desk_*.csv": "two"}, "time_zone": "UTC"})
    assert normalize([export], chosen).tables["calls"].rows == 1


def test_the_most_specific_layout_wins_and_values_decide(tmp_path: Path) -> None:
    export = raw(tmp_path, "Id,Start,Lang\n1,01.02.2026 09:00,de\n", "x.csv")
    general, special = (
        layout("general"),
        {**layout("special", agent_id={"constant": "S"}), "match": ["Id", "Start", "Lang"]},
    )
    found = normalize([export], catalogue(layouts={"general": general, "special": special}))
    assert rows(found, "calls", "agent_id") == [("S",)]
    english = {**special, "match_values": {"Lang": ["en"]}}
    found = normalize([export], catalogue(layouts={"general": general, "special": english}))
    assert "agent_id" not in found.tables["calls"].columns


def test_cases_decide_by_the_first_condition_that_holds(tmp_path: Path) -> None:
    cases = {"case": [["\"State\" = 'A'", "answered"], ["\"State\" LIKE '%B%' AND \"Q\" <> '0'", "abandoned"]]}
    export = raw(tmp_path, "Id,Start,State,Q\n1,01.02.2026 09:00,A,0\n2,01.02.2026 09:00,B,3\n", "x.csv")
    found = normalize([export], catalogue(layouts={"one": layout("one", outcome=cases)}))
    assert rows(found, "calls", "call_id", "outcome") == [("1", "answered"), ("2", "abandoned")]
    undecided = raw(tmp_path, "Id,Start,State,Q\n1,01.02.2026 09:00,A,0\n2,01.02.2026 09:00,B,0\n", "y.csv")
    assert refused([undecided], layouts={"one": layout("one", outcome=cases)}) == [("y.csv", "unknown-value", 3, 0)]
    found = normalize([undecided], catalogue(layouts={"one": layout("one", outcome={**cases, "other": "answered"})}))
    assert rows(found, "calls", "outcome") == [("answered",), ("answered",)]


@pytest.mark.parametrize("where", ['"Id" > 3', '"Id"', '"Id" ='])
def test_conditions_are_over_text(tmp_path: Path, where: str) -> None:
    export = raw(tmp_path, "Id,Start\n1,01.02.2026 09:00\n", "x.csv")
    with pytest.raises(DefinitionsRefused):
        normalize([export], catalogue(layouts={"one": layout("one", where=where)}))


# ---------------------------------------------------------------- Parquet


def parquet(folder: Path, frame: pl.DataFrame, name: str = "calls.parquet") -> Raw:
    frame.write_parquet(folder / name)
    return load(folder / name)


def calls(**columns: Any) -> pl.DataFrame:
    start = datetime(2026, 10, 1, 9)
    return pl.DataFrame(
        {"call_id": [1, 2], "started_at": [start, start], "outcome": ["answered", "abandoned"], **columns}
    )


def test_parquet_is_taken_by_its_types(tmp_path: Path) -> None:
    frame = calls(agent_id=["A1", " "], talk_s=[60, None], resolved=[1, 0])
    found = normalize([parquet(tmp_path, frame)], catalogue())
    assert rows(found, "calls", "call_id", "started_at", "agent_id", "talk_s", "resolved", "contact_id") == [
        ("1", datetime(2026, 10, 1, 1), "A1", 60.0, True, "1"),
        ("2", datetime(2026, 10, 1, 1), None, None, False, "2"),
    ]
    assert found.accounts[0].balances


def test_parquet_with_its_own_zone_and_spans(tmp_path: Path) -> None:
    frame = calls(talk_s=[60_500, 0]).with_columns(
        pl.col("started_at").dt.replace_time_zone("Europe/Berlin"),
        pl.duration(milliseconds=pl.col("talk_s")).alias("talk_s"),
    )
    found = normalize([parquet(tmp_path, frame)], catalogue())
    assert rows(found, "calls", "started_at", "talk_s") == [
        (datetime(2026, 10, 1, 7), 60.5),
        (datetime(2026, 10, 1, 7), 0),
    ]


def test_parquet_and_csv_make_one_table(tmp_path: Path) -> None:
    found = normalize([raw(tmp_path, HEADER + ROW), parquet(tmp_path, calls(talk_s=[1, 2]))], catalogue())
    assert sorted(rows(found, "calls", "call_id", "talk_s", "export")) == [("1", 1, 1), ("2", 2, 1), ("c1", 60, 0)]


@pytest.mark.parametrize(
    ("columns", "problems"),
    [
        ({"call_id": [1.0, 2.0]}, [("bad-type", 0, 1)]),
        ({"talk_s": [[1], [2]]}, [("bad-type", 0, 4)]),
        ({"resolved": [1.0, 2.0]}, [("bad-type", 0, 4)]),
        ({"outcome": ["answered", "lost"]}, [("unknown-value", 2, 3)]),
        ({"call_id": ["1", None]}, [("missing-value", 2, 1)]),
        ({"talk_s": [float("nan"), float("inf")]}, [("not-finite", 1, 4), ("not-finite", 2, 4)]),
        ({"talk_s": [-1, 90_000]}, [("negative-duration", 1, 4), ("duration-too-long", 2, 4)]),
        ({"resolved": [2, 1]}, [("bad-flag", 1, 4)]),
        ({"talk_s": ["60", "1:30"]}, [("bad-duration", 2, 4)]),
    ],
)
def test_parquet_is_proven(tmp_path: Path, columns: dict[str, Any], problems: list[tuple[str, int, int]]) -> None:
    found = refused([parquet(tmp_path, calls(**columns))])
    assert [(name, line, column) for _, name, line, column in found] == problems


def test_parquet_duplicates(tmp_path: Path) -> None:
    one = parquet(tmp_path, calls(talk_s=[1, 2]), "calls_1.parquet")
    two = parquet(tmp_path, calls(talk_s=[1, 2], call_id=[2, 3], outcome=["abandoned"] * 2), "calls_2.parquet")
    assert refused([one, two]) == [("calls_2.parquet", "conflicting-duplicate", 1, 0)]
    same = parquet(tmp_path, calls(talk_s=[2, 5], call_id=[2, 3], outcome=["abandoned"] * 2), "calls_3.parquet")
    found = normalize([one, same], catalogue())
    assert sorted(rows(found, "calls", "call_id", "talk_s")) == [("1", 1), ("2", 2), ("3", 5)]
    assert [(a.read, a.used, a.duplicates) for a in found.accounts] == [(2, 2, 0), (2, 1, 1)]


def test_an_account_that_does_not_balance_says_so() -> None:
    assert not Account("x.csv", "calls", read=3, used=2).balances
    assert Account("x.csv", "calls", read=6, used=1, rejected={"bad": 1}, duplicates=1, outside=2, filtered=1).balances
