"""What `inspect` says of made-up exports: every fact counted by hand from the text above it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccmetrics.catalogue import load_catalogue
from ccmetrics.cli import app
from ccmetrics.run import measure
from ccmetrics.stages.inspect import Inspection, Seen, inspect
from ccmetrics.stages.load import load

UNKNOWN = """\
Call Ref;Start Time;Operator;Status;Talk (ms);Caller Phone;Topic;Price
A-1001;25/10/2026 09:00;Ann;Connected;143000;5550001234;Billing;1.234,50
A-1002;25/10/2026 09:03;Bob;Missed;;5550001235;Sales;12,00
A-1003;26/10/2026 10:03;\uff21NN;Connected;98000;5550001236;N/A;3,50
A-1004;26/10/2026 11:03;Ann;Connected;60000;5550001237;Sales;
"""


def looked(folder: Path, content: str, name: str = "calls_of_october.csv") -> Inspection:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return inspect(load(path), load_catalogue())


def column(folder: Path, cells: list[str], name: str = "x") -> Seen:
    """The second of two columns, since a line of one empty cell would be a blank line."""
    rows = "".join(f"{at};{cell}\n" for at, cell in enumerate(cells))
    return looked(folder, f"row;{name}\n{rows}").columns[1]


def test_an_unknown_export_column_by_column(tmp_path: Path) -> None:
    found = looked(tmp_path, UNKNOWN)
    taken = {seen.name: seen.taken for seen in found.columns}
    assert taken == {
        "Call Ref": "id",
        "Start Time": "datetime",
        "Operator": "word",
        "Status": "word",
        "Talk (ms)": "number",
        "Caller Phone": "number",
        "Topic": "word",
        "Price": "number",
    }
    by = {seen.name: seen for seen in found.columns}
    assert (by["Talk (ms)"].empty, by["Talk (ms)"].low, by["Talk (ms)"].high) == (1, "60000", "143000")
    assert by["Topic"].nothing == {"N/A": 1}
    assert by["Price"].says == {"decimal": ",", "thousands": "."}
    assert found.covers == ("2026-10-25", "2026-10-26", "Start Time")
    assert not found.fit.feeds


def test_suspicious_things_are_told(tmp_path: Path) -> None:
    told = looked(tmp_path, UNKNOWN).suspicions
    # The middle of 60,000, 98,000 and 143,000; as seconds 98,000 / 3,600 = 27.2 hours.
    assert any("98,000" in said and "27.2 h" in said for said in told)
    assert any(said.startswith("'Topic'") and "'N/A' (1)" in said for said in told)
    assert any(said.startswith("'Operator'") and "width" in said for said in told)


def test_from_an_unknown_export_to_a_first_measure(tmp_path: Path) -> None:
    exports, config = tmp_path / "exports", tmp_path / "config"
    exports.mkdir()
    config.mkdir()
    export = exports / "calls.csv"
    export.write_text(UNKNOWN, encoding="utf-8")
    done = CliRunner().invoke(app, ["inspect", str(export), "--layout", str(config / "calls.yaml")])
    assert done.exit_code == 0, done.output
    (config / "project.yaml").write_text("project: {extends: builtin}\n")
    value = measure([export], kpis=["aht"], config=config, period="2026-10").values["value"].item()
    assert value == pytest.approx((143 + 98 + 60) / 3)


@pytest.mark.parametrize(
    ("cells", "taken", "says"),
    [
        (["25/12/2026", "01/02/2026"], "date", {"format": "%d/%m/%Y"}),
        (["12/25/2026", "01/02/2026"], "date", {"format": "%m/%d/%Y"}),
        (["01.01.2021", "31.03.2021"], "date", {"format": "%d.%m.%Y"}),
        (["2026/3/26 17:04", "2026/3/27 08:00"], "datetime", {"format": "%Y/%m/%d %H:%M"}),
        (["6/23/25 07:00 AM", "6/24/25 07:00 PM"], "datetime", {"format": "%m/%d/%y %I:%M %p"}),
        (["20190422135716", "20190422135800"], "datetime", {"format": "%Y%m%d%H%M%S"}),
        (["1699286234", "1699286240"], "datetime", {"unit": "s"}),
        (["1699286234000", "1699286240000"], "datetime", {"unit": "ms"}),
        (["1900-01-01 00:02:23", "1900-01-01 00:00:10"], "duration", {}),
        (["0:02:23", "26:15:00"], "duration", {}),
        (["19m 10s", "2.4 min"], "duration", {}),
        (["85%", "90.5%"], "percent", {}),
        (["\u00a51,234.50", "\u00a53.00"], "money", {}),
        (["007", "012"], "id", {}),
        (["12345678901234567890123", "2"], "id", {}),
        (["Y", "N"], "flag", {}),
    ],
)
def test_forms(tmp_path: Path, cells: list[str], taken: str, says: dict[str, str]) -> None:
    seen = column(tmp_path, cells)
    assert (seen.taken, dict(seen.says)) == (taken, says)


@pytest.mark.parametrize(
    ("cells", "doubt"),
    [
        (["01/02/2026", "03/04/2026"], "reads both day first and month first"),
        (["25/12/2026", "12/25/2026"], "days were swapped"),
        (["1,234", "2,345"], "a thousand, or a fraction"),
        (["2:23", "3:10"], "minutes and seconds, or hours and minutes"),
        (["1.23457E+17", "2.1E+17"], "rounded"),
    ],
)
def test_doubts(tmp_path: Path, cells: list[str], doubt: str) -> None:
    assert any(doubt in said for said in column(tmp_path, cells).doubts)


def test_a_short_last_day_and_a_total_are_told(tmp_path: Path) -> None:
    days = [f"{at},2026-10-0{day}" for day in range(1, 5) for at in range(10 if day < 4 else 4)]
    told = looked(tmp_path, "n,day\n" + "\n".join(days) + "\n").suspicions
    assert any("2026-10-04, has 4 rows; a day has 10" in said for said in told)
    total = looked(tmp_path, "name,day,x\na,2026-10-01,1\nb,2026-10-01,2\nTotal,,3\n").suspicions
    assert any("stop_at" in said for said in total)


def test_a_known_export_tells_what_it_feeds_and_hides_what_is_private(tmp_path: Path) -> None:
    export = tmp_path / "interactions.csv"
    export.write_text(
        "interaction_id,started_at,outcome,direction,customer_id,agent_id\n"
        "1,2026-10-01 09:00:00,answered,inbound,5550001234,A1\n"
        "2,2026-10-01 10:00:00,abandoned,inbound,5550001235,\n"
    )
    done = CliRunner().invoke(app, ["inspect", str(export)])
    assert done.exit_code == 0
    assert "interactions 2" in done.output
    assert "555000" not in done.output
    as_json = json.loads(CliRunner().invoke(app, ["inspect", str(export), "--format", "json"]).stdout)
    assert as_json["rows"] == 2
    assert as_json["covers"] == {"first": "2026-10-01", "last": "2026-10-01", "column": "started_at"}
    assert [c["feeds"] for c in as_json["columns"]][4] == ["interactions.customer_id"]
    assert "555000" not in json.dumps(as_json)


@pytest.mark.parametrize(
    ("layout", "sample", "number"),
    [
        ("asterisk_cdr", "sample.csv", "555000"),
        ("asterisk_queue_log", "sample.txt", "555000"),
        ("huawei_cec", "sample.csv", "1390000"),
        ("outbound_zh", "sample.csv", "1390000"),
    ],
)
def test_numbers_that_a_layout_leaves_aside_are_not_shown(layout: str, sample: str, number: str) -> None:
    """src, caller_no and the like: no layout reads them, so none says that they are private."""
    export = str(Path(__file__).parent / "layouts" / layout / sample)
    for form in ((), ("--format", "json")):
        done = CliRunner().invoke(app, ["inspect", export, *form])
        assert done.exit_code == 0
        assert number not in done.output
