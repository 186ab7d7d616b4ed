"""Pre-aggregated exports: rates and means become totals by their weights, or are refused.

In: reports made up by interval. Out: totals reckoned by hand, and the rates of a day that follow from them.
Refuses to know: how measures are taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import Normalized, normalize

CATALOGUE = """
project: {time_zone: UTC}
tables:
  intervals:
    about: One row a queue's interval.
    key: [queue_id, started_at]
    time: started_at
    aggregated: true
    columns:
      queue_id: {type: id}
      started_at: {type: datetime, required: true}
      offered: {type: number, unit: count}
      answered: {type: number, unit: count}
      answered_in_threshold: {type: number, unit: count}
      transferred: {type: number, unit: count}
      wait_s: {type: duration}
      talk_s: {type: duration}
layouts:
  report:
    layout: report
    match: [Split, Start]
    tables:
      intervals:
        queue_id: Split
        started_at: Start
        offered: Offered
        answered: Answered
"""
DAY = "2026-10-01 "


def normalized(folder: Path, text: str, **columns: Any) -> Normalized:
    catalogue = yaml.safe_load(CATALOGUE)
    catalogue["layouts"]["report"]["tables"]["intervals"].update(columns)
    (folder / "report.csv").write_text(text, encoding="utf-8")
    return normalize([load(folder / "report.csv")], Catalogue.model_validate(catalogue))


def refused(folder: Path, text: str, **columns: Any) -> list[Problem]:
    with pytest.raises(DataRefused) as caught:
        normalized(folder, text, **columns)
    return list(caught.value.problems)


def column(found: Normalized, name: str) -> list[Any]:
    return found.tables["intervals"].frame.select(name).collect().to_series().to_list()


def report(header: str, *rows: str) -> str:
    return f"Split,Start,{header}\n" + "".join(f"s1,{DAY}{9 + n:02}:00:00,{row}\n" for n, row in enumerate(rows))


def test_a_mean_times_its_weight_is_the_total(tmp_path: Path) -> None:
    text = report("Answered,ASA", "10,12.3", "3,0.1", "0,", "0,99", "7,0:01:00")
    found = normalized(tmp_path, text, wait_s={"from": "ASA", "weight": "answered"})
    assert column(found, "wait_s") == [123.0, 0.3, 0.0, 0.0, 420.0]


def test_the_day_s_rate_is_not_the_mean_of_its_rates(tmp_path: Path) -> None:
    """90% of 100 and 50% of 300 are 240 of 400: 60%, where the mean of the two says 70%."""
    text = report("Offered,SL", "100,90%", "300,50%")
    found = normalized(tmp_path, text, answered_in_threshold={"from": "SL", "weight": "Offered"})
    within, offered = column(found, "answered_in_threshold"), column(found, "offered")
    assert within == [90.0, 150.0]
    assert sum(within) / sum(offered) == 0.6
    assert not any("whole number" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("unit", "cell", "value"),
    [("percent", "70.9", 99.969), ("fraction", "0.709", 99.969), ("percent", "70.9%", 99.969)],
)
def test_shares_are_read_by_their_unit(tmp_path: Path, unit: str, cell: str, value: float) -> None:
    source = {"from": "SL", "weight": "Offered", "unit": unit}
    found = normalized(tmp_path, report("Offered,SL", f"141,{cell}"), answered_in_threshold=source)
    assert column(found, "answered_in_threshold") == [value]
    # 100 of 141 are 70.92%, printed as 70.9%: 99.969 is 0.031 from whole.
    assert any("up to 0.031 away from a whole number" in notice for notice in found.notices)


def test_a_mean_count_is_no_share(tmp_path: Path) -> None:
    source = {"from": "Avg transfers", "weight": "Answered"}
    assert column(
        normalized(tmp_path, report("Answered,Avg transfers", "10,1.3"), transferred=source), "transferred"
    ) == [13.0]


@pytest.mark.parametrize(("weight", "cell"), [("", "12"), ("-1", "12"), ("1e15", "12")])
def test_a_weight_that_makes_no_total(tmp_path: Path, weight: str, cell: str) -> None:
    source = {"from": "ASA", "weight": "Handled"}
    [problem] = refused(tmp_path, report("Handled,ASA", "1,2", f"{weight},{cell}"), wait_s=source)
    assert (problem.name, problem.place.line, problem.place.column) == ("bad-weight", 3, 3)


def test_nothing_of_nothing_is_nothing(tmp_path: Path) -> None:
    source = {"from": "ASA", "weight": "Handled"}
    assert column(normalized(tmp_path, report("Handled,ASA", ",", "4,"), wait_s=source), "wait_s") == [None, None]


def test_bad_means_and_bad_weights_are_all_told(tmp_path: Path) -> None:
    source = {"from": "ASA", "weight": "Handled"}
    problems = refused(tmp_path, report("Handled,ASA", "x,2", "1,soon", "5,4"), wait_s=source)
    assert [(p.name, p.place.line, p.place.column) for p in problems] == [("bad-number", 2, 3), ("bad-duration", 3, 4)]


@pytest.mark.parametrize("name", ["ASA", "Avg wait", "平均等待时长", "Tiempo medio promedio"])
def test_a_mean_without_its_weight_is_refused(tmp_path: Path, name: str) -> None:
    [problem] = refused(tmp_path, report(name, "12"), wait_s=name)
    assert (problem.name, problem.place.line, problem.place.column) == ("unweighted-mean", 1, 3)
    assert "weight:" in problem.text
    found = normalized(tmp_path, report(name, "12"), wait_s={"from": name, "total": True})
    assert column(found, "wait_s") == [12.0]


def test_percent_signs_give_a_rate_away(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, report("In time", "85%"), answered_in_threshold="In time")
    assert (problem.name, problem.place.column) == ("unweighted-mean", 3)
    assert "holds percentages" in problem.text


def test_a_canonical_file_has_totals_too(tmp_path: Path) -> None:
    (tmp_path / "intervals.csv").write_text(f"queue_id,started_at,offered\ns1,{DAY}09:00:00,85%\n", encoding="utf-8")
    with pytest.raises(DataRefused) as caught:
        normalize([load(tmp_path / "intervals.csv")], Catalogue.model_validate(yaml.safe_load(CATALOGUE)))
    assert [problem.name for problem in caught.value.problems] == ["unweighted-mean"]


def test_other_tables_are_rows_and_may_hold_what_they_like(tmp_path: Path) -> None:
    catalogue = yaml.safe_load(CATALOGUE.replace("aggregated: true", "aggregated: false"))
    catalogue["layouts"]["report"]["tables"]["intervals"]["wait_s"] = "ASA"
    (tmp_path / "report.csv").write_text(report("ASA", "12"), encoding="utf-8")
    found = normalize([load(tmp_path / "report.csv")], Catalogue.model_validate(catalogue))
    assert column(found, "wait_s") == [12.0]
    (tmp_path / "report.csv").write_text(report("ASA", "240000"), encoding="utf-8")
    with pytest.raises(DataRefused, match="duration-too-long"):
        normalize([load(tmp_path / "report.csv")], Catalogue.model_validate(catalogue))


def test_a_total_may_be_longer_than_a_day_and_a_mean_may_not(tmp_path: Path) -> None:
    """400 waits of 10 minutes are 66 hours."""
    found = normalized(tmp_path, report("Total wait", "240000"), wait_s="Total wait")
    assert column(found, "wait_s") == [240000.0]
    [problem] = refused(tmp_path, report("Handled,ASA", "1,240000"), wait_s={"from": "ASA", "weight": "Handled"})
    assert problem.name == "duration-too-long"


def test_a_weight_the_export_lacks_leaves_the_column_out(tmp_path: Path) -> None:
    found = normalized(tmp_path, report("ASA", "12"), wait_s={"from": "ASA", "weight": "Handled"})
    assert "wait_s" not in found.tables["intervals"].columns
    assert any("this file lacks: Answered, Handled, Offered" in notice for notice in found.notices)


def test_typed_exports(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Split": ["s1", "s2"],
            "Start": [f"{DAY}09:00:00"] * 2,
            "Offered": [141, 0],
            "SL": [70.9, None],
            "ASA": [12.3, 1],
        }
    )
    frame.write_parquet(tmp_path / "report.parquet")
    catalogue = yaml.safe_load(CATALOGUE)
    catalogue["layouts"]["report"]["tables"]["intervals"].update(
        wait_s={"from": "ASA", "weight": "Offered"},
        answered_in_threshold={"from": "SL", "weight": "Offered", "unit": "percent"},
    )
    found = normalize([load(tmp_path / "report.parquet")], Catalogue.model_validate(catalogue))
    assert column(found, "wait_s") == [1734.3, 0.0]
    assert column(found, "answered_in_threshold") == [99.969, 0.0]
    frame.with_columns(pl.lit(-1).alias("Offered")).write_parquet(tmp_path / "report.parquet")
    with pytest.raises(DataRefused) as caught:
        normalize([load(tmp_path / "report.parquet")], Catalogue.model_validate(catalogue))
    assert {problem.name for problem in caught.value.problems} == {"bad-weight"}


def test_the_built_in_intervals_are_marked() -> None:
    marked = {name for name, table in load_catalogue(None).tables.items() if table.aggregated}
    assert marked == {"intervals"}
