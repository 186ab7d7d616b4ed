"""Event logs: several lines of a contact become one row, none is lost, and what cannot be folded is refused.

In: made-up logs, and the public lines of one kind of queue log where they are. Out: rows reckoned by hand.
Refuses to know: how a file is opened.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import load
from ccmetrics.stages.load.raw import MISFITS
from ccmetrics.stages.normalize import Normalized, normalize
from ccmetrics.stages.normalize.fold import folded

DATA = Path(os.environ.get("CCMETRICS_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")

CATALOGUE = """
project: {time_zone: UTC}
tables:
  calls:
    about: One row a call in a queue.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      queue_id: {type: id}
      agent_id: {type: id}
      started_at: {type: datetime, required: true}
      outcome: {type: category, required: true, values: [answered, abandoned]}
      wait_s: {type: duration}
      talk_s: {type: duration}
      ring_s: {type: duration}
      refused: {type: number}
layouts:
  log:
    layout: log
    match: [time, call, queue, agent, event, data1, data2, data3]
    "null": [NONE]
    fold:
      by: [call, queue]
      where: event NOT IN ('QUEUESTART', 'ADDMEMBER')
      columns:
        first: time
        agent: {from: agent, where: event = 'CONNECT'}
        ended: {from: event, pick: last}
        wait: {from: data1, where: "event IN ('CONNECT', 'ABANDON')"}
        talk: {from: data2, where: "event IN ('COMPLETECALLER', 'COMPLETEAGENT')"}
        rung: {from: data1, where: event = 'RINGNOANSWER', pick: sum}
        refusals: {from: event, where: event = 'RINGNOANSWER', pick: count}
    tables:
      calls:
        call_id: {join: [call, queue]}
        queue_id: queue
        agent_id: agent
        started_at: {from: first, unit: s}
        outcome: {case: [["ended IN ('COMPLETECALLER', 'COMPLETEAGENT')", answered], [ended = 'ABANDON', abandoned]]}
        wait_s: wait
        talk_s: talk
        ring_s: {from: rung, unit: ms}
        refused: refusals
"""
HEADER = "time,call,queue,agent,event,data1,data2,data3\n"
# Two calls whose lines stand between each other's; the first of them is moved on to a second queue, and given up there.
LINES = """\
1600000000,NONE,NONE,NONE,QUEUESTART,,,
1600000010,c1,sales,NONE,ENTERQUEUE,,555,1
1600000012,c2,sales,NONE,ENTERQUEUE,,556,2
1600000013,c1,sales,a1,RINGNOANSWER,1000,,
1600000014,c1,sales,a2,RINGNOANSWER,250,,
1600000016,c1,sales,a3,CONNECT,6,c1.1,3
1600000020,c2,sales,a1,CONNECT,8,c2.1,2
1600000041,c1,sales,a3,COMPLETECALLER,6,25,1
1600000042,c1,care,NONE,ENTERQUEUE,,555,1
1600000050,c1,care,NONE,ABANDON,1,1,8
1600000060,c2,sales,a1,COMPLETEAGENT,8,40,2
"""


def normalized(folder: Path, text: str, **fold: Any) -> Normalized:
    catalogue = yaml.safe_load(CATALOGUE)
    catalogue["layouts"]["log"]["fold"]["columns"].update(fold)
    (folder / "log.csv").write_text(text, encoding="utf-8")
    return normalize([load(folder / "log.csv")], Catalogue.model_validate(catalogue))


def refused(folder: Path, text: str, **fold: Any) -> list[Problem]:
    with pytest.raises(DataRefused) as caught:
        normalized(folder, text, **fold)
    return list(caught.value.problems)


def rows(found: Normalized, *columns: str) -> list[tuple[Any, ...]]:
    return found.tables["calls"].frame.select(columns).collect().rows()


def test_lines_of_a_contact_are_one_row(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + LINES)
    assert rows(found, "call_id", "agent_id", "outcome", "wait_s", "talk_s", "ring_s", "refused") == [
        ("c1-sales", "a3", "answered", 6.0, 25.0, 1.25, 2.0),
        ("c2-sales", "a1", "answered", 8.0, 40.0, None, 0.0),
        ("c1-care", None, "abandoned", 1.0, None, None, 0.0),
    ]


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    [account] = normalized(tmp_path, HEADER + LINES).accounts
    # 11 lines: one of no call; five, three and two of the contacts, each with one that stays.
    assert (account.read, account.filtered, account.folded, account.used) == (11, 1, 7, 3)
    assert account.balances


def test_the_row_stands_at_the_line_of_the_first_event(tmp_path: Path) -> None:
    late = LINES + "1600000070,c3,care,NONE,ENTERQUEUE,,555,1\n1600000075,c3,care,a1,CONNECT,5,c3.1,1\n"
    [problem] = refused(tmp_path, HEADER + late)
    assert (problem.name, problem.place.line) == ("unknown-value", 13)


def test_a_line_of_no_contact_is_refused(tmp_path: Path) -> None:
    bad = LINES + "1600000070,NONE,care,NONE,ENTERQUEUE,,555,1\n1600000071,c3,,NONE,ENTERQUEUE,,555,1\n"
    problems = refused(tmp_path, HEADER + bad)
    assert [(p.name, p.place.line, p.place.column) for p in problems] == [
        ("missing-value", 13, 2),
        ("missing-value", 14, 3),
    ]
    assert "where:" in problems[0].text


@pytest.mark.parametrize("amount", ["soon", "1e3", "1,000", "0x10", "1234567890123456", "nan"])
def test_what_is_no_plain_number_is_not_added_up(tmp_path: Path, amount: str) -> None:
    bad = LINES.replace("RINGNOANSWER,250,", f'RINGNOANSWER,"{amount}",')
    [problem] = refused(tmp_path, HEADER + bad)
    assert (problem.name, problem.place.line, problem.place.column) == ("bad-number", 6, 6)
    assert amount not in problem.text


def test_sums_are_exact(tmp_path: Path) -> None:
    """As floats these are 0.30000000000000004 and 123456789012345.67."""
    more = "".join(f"1600000080,c2,sales,a1,RINGNOANSWER,{amount},,\n" for amount in ("0.1", "0.2"))
    more += "".join(f"1600000081,c1,care,a1,RINGNOANSWER,{amount},,\n" for amount in ("123456789012345.678", "-0.01"))
    (tmp_path / "log.csv").write_text(HEADER + LINES + more, encoding="utf-8")
    layout = Catalogue.model_validate(yaml.safe_load(CATALOGUE)).layouts["log"]
    rows = folded(load(tmp_path / "log.csv"), layout).raw.frame.collect()
    assert rows["rung"].to_list() == ["1250", "0.3", "123456789012345.668"]
    decimal = layout.model_copy(update={"decimal": ","})
    (tmp_path / "log.csv").write_text(HEADER + LINES.replace("250,,", '"250,25",,'), encoding="utf-8")
    assert folded(load(tmp_path / "log.csv"), decimal).raw.frame.collect()["rung"].to_list() == ["1250,25", None, None]


def test_a_sum_with_an_unknown_part_is_unknown(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + LINES.replace("RINGNOANSWER,250,", "RINGNOANSWER,,"))
    assert rows(found, "ring_s", "refused")[0] == (None, 2.0)


def test_columns_the_log_lacks(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, HEADER + LINES, talk={"from": "data9"})
    assert problem.name == "missing-column"
    assert "'data9'" in problem.text


def test_a_record_of_the_wrong_width_refuses_the_log(tmp_path: Path) -> None:
    """However many rows a run may set aside: a call that lost its last line would look given up."""
    layout = Catalogue.model_validate(yaml.safe_load(CATALOGUE)).layouts["log"]
    (tmp_path / "log.csv").write_text(HEADER + LINES, encoding="utf-8")
    lost = pl.DataFrame([(12, 0, "long-row", "9 cells")], schema=MISFITS, orient="row")
    with pytest.raises(DataRefused) as caught:
        folded(replace(load(tmp_path / "log.csv"), misfits=lost), layout)
    assert [(p.name, p.place.line) for p in caught.value.problems] == [("long-row", 12)]


@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout")
def test_public_lines_of_a_queue_log(tmp_path: Path) -> None:
    """`CONNECT|6`, `COMPLETECALLER|6|25|1`: wait 6, talk 25; the second call waited 2 and was talked to for 4."""
    lines = (DATA / "fragments" / "queue_log.txt").read_text(encoding="utf-8").splitlines()
    wide = [line.replace("|", ",") + "," * (7 - line.count("|")) for line in lines if ".303267" not in line]
    found = normalized(tmp_path, HEADER + "\n".join(wide) + "\n")
    assert rows(found, "queue_id", "agent_id", "wait_s", "talk_s", "ring_s", "refused") == [
        ("8000", "7140", 6.0, 25.0, None, 0.0),
        ("9000", "Local/2004@from-internal/n", 2.0, 4.0, 2.0, 1.0),
    ]


def test_what_is_passed_on_is_a_leg_of_its_own(tmp_path: Path) -> None:
    """c1 is passed from sales to care and back to sales, where it is given up: three legs, however many queues."""
    catalogue = yaml.safe_load(CATALOGUE)
    catalogue["layouts"]["log"]["fold"] |= {"by": ["call"], "ends": "event LIKE 'COMPLETE%'", "leg": "leg"}
    catalogue["layouts"]["log"]["fold"]["columns"]["queue"] = {"from": "queue", "pick": "last"}
    catalogue["layouts"]["log"]["tables"]["calls"]["call_id"] = {"join": ["call", "leg"]}
    again = "1600000042,c1,care,a4,CONNECT,3,,\n1600000044,c1,care,a4,COMPLETEAGENT,3,2,1\n"
    lines = LINES.replace("1600000050,c1,care", f"{again}1600000050,c1,sales")
    (tmp_path / "log.csv").write_text(HEADER + lines, encoding="utf-8")
    found = normalize([load(tmp_path / "log.csv")], Catalogue.model_validate(catalogue))
    assert rows(found, "call_id", "queue_id", "agent_id", "outcome", "talk_s") == [
        ("c1-1", "sales", "a3", "answered", 25.0),
        ("c2-1", "sales", "a1", "answered", 40.0),
        ("c1-2", "care", "a4", "answered", 2.0),
        ("c1-3", "sales", None, "abandoned", None),
    ]


def test_the_kind_of_a_line_says_where_its_cell_is(tmp_path: Path) -> None:
    """c1 waits 6 (first cell) and, at the end of another line, 8; both conditions hold for no line."""
    waits = [["event = 'CONNECT'", "data1"], ["event IN ('CONNECT', 'ABANDON')", "data3"]]
    found = normalized(tmp_path, HEADER + LINES, wait={"case": waits, "pick": "sum"})
    assert rows(found, "call_id", "wait_s") == [("c1-sales", 6.0), ("c2-sales", 8.0), ("c1-care", 8.0)]
    # What stands where the second condition looks is of no account where the first one holds.
    moved = LINES.replace("c1,care", "c1,sales").replace("CONNECT,6,c1.1,3", "CONNECT,6,c1.1,soon")
    found = normalized(tmp_path, HEADER + moved, wait={"case": waits, "pick": "sum"})
    assert rows(found, "call_id", "wait_s")[0] == ("c1-sales", 14.0)


def test_what_cannot_be_added_is_placed_in_its_own_column(tmp_path: Path) -> None:
    waits = [["event = 'CONNECT'", "data1"], ["event = 'ABANDON'", "data3"]]
    bad = LINES.replace("ABANDON,1,1,8", "ABANDON,1,1,soon")
    [problem] = refused(tmp_path, HEADER + bad, wait={"case": waits, "pick": "sum"})
    assert (problem.name, problem.place.line, problem.place.column) == ("bad-number", 11, 8)


def test_a_cell_comes_from_one_place(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="exactly one of"):
        normalized(tmp_path, HEADER + LINES, wait={"from": "data1", "case": [["event = 'CONNECT'", "data1"]]})
