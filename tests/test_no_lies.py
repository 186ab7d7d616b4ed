"""Figures that were once wrong without a word: now they are right, null with a reason, refused, or said aloud.

In: exports of a few rows, each built so that the easy answer is the wrong one. Out: what anyone counts by hand.
Refuses to know: which stage gives the answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ccmetrics import run
from ccmetrics.problem import DataRefused, Refused

LEGS = "interaction_id,agent_id,started_at,direction,outcome,wait_s,talk_s,hold_s,wrap_s\n"
THREE = LEGS + (
    "1,A1,2026-10-02 10:00:00,inbound,answered,5,100,0,0\n"
    "2,A1,2026-10-15 11:00:00,inbound,answered,5,900,0,0\n"
    "3,A1,2026-10-25 12:00:00,inbound,answered,5,100,0,0\n"
)
LONG_AND_SHORT = LEGS + (
    "1,A1,2026-10-02 10:00:00,inbound,answered,10,100,0,0\n"
    "2,A1,2026-10-31 10:00:00,inbound,answered,10,900,0,0\n"
    "3,A2,2026-10-31 10:00:00,inbound,answered,10,400,0,0\n"
)
EXCLUSIONS = "exclusion_id,table,row_id,from,to,agent_id,queue_id,kpis,reason,approved_by\n"
CARD = """
card: mini
title: {en: Mini, zh: 迷你}
subject: agent_id
cycle: month
kpis:
  - {kpi: short_handled_rate, weight: 50, floor: 1, target: 0, parameters: {short_call_s: 500}}
  - {kpi: aht, weight: 50, floor: 1000, target: 100}
missing: withhold
grades: [{grade: A, from: 50, pay: 1}, {grade: D, from: null, pay: 0.5}]
allow: {one-sided-mix: test}
"""
KPI = """
  %s:
    name: {en: Quick, zh: 快}
    category: operational
    nature: quality
    timing: leading
    level: [agent, team, center]
    unit: percent
    better: lower
    formula: %s
    about: x
    source: x
    expect: [{given: {short_handled: 1, handled: 2}, value: 0.5}]
"""


def write(folder: Path, **tables: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def config(tmp_path: Path, project: str = "", **files: str) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "project.yaml").write_text(f"project:\n  extends: builtin\n{project}")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def ask(*folders: Path, period: str = "2026-10", **wish: Any) -> run.Measurement:
    return run.measure(folders, period=period, **wish)


def cells(m: run.Measurement, kpi: str, what: str = "value") -> dict[Any, Any]:
    """The values of a KPI by the first column that was asked for; under "" where none was."""
    rows = m.values.filter(pl.col("kpi") == kpi)
    return {row[m.by[0]] if m.by else "": row[what] for row in rows.iter_rows(named=True)}


def refused(problem: Refused) -> set[str]:
    return {each.name for each in problem.problems}


def score_of(folder: Path, cfg: Path, agent: str = "A1") -> float:
    (card,) = run.score([folder], config=cfg, period="2026-10", cards=["mini"]).scorecards
    return float(card.scores.filter(pl.col("subject") == agent)["score"].item())


def test_a_ratio_comes_of_one_source_and_the_other_is_named(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        interactions="interaction_id,queue_id,agent_id,started_at,direction,outcome,talk_s\n"
        "1,Q1,A1,2026-10-02 10:00:00,inbound,answered,100\n"
        "2,Q1,A1,2026-10-15 10:00:00,inbound,answered,100\n"
        "3,Q1,,2026-10-31 11:00:00,inbound,abandoned,\n",
        intervals="queue_id,started_at,length_s,answered_in_threshold,answered,talk_s,hold_s,wrap_s\n"
        "Q2,2026-10-02 10:00:00,1800,50,60,6000,0,0\n",
    )
    m = ask(home, kpis=["service_level", "answer_rate"])
    assert cells(m, "service_level") == {"": None}
    assert cells(m, "service_level", "reason") == {"": "column-not-supplied"}
    assert cells(m, "answer_rate") == {"": pytest.approx(2 / 3)}
    assert any("answer_rate" in said and "'intervals' is left aside" in said for said in m.notices)


def test_a_sum_with_unknown_parts_is_not_zero_beside_a_stand_in(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        interactions="interaction_id,queue_id,agent_id,started_at,direction,outcome,wait_s,talk_s\n"
        "1,Q1,A1,2026-10-02 10:00:00,inbound,answered,,100\n"
        "2,Q3,A1,2026-10-31 10:00:00,inbound,answered,9,100\n",
        intervals="queue_id,started_at,length_s,offered,answered_in_threshold,answered,wait_s,talk_s,hold_s,wrap_s\n"
        "Q2,2026-10-02 10:00:00,1800,60,50,60,600,6000,0,0\n",
    )
    m = ask(home, kpis=["asa"], by=["queue_id"])
    assert cells(m, "asa") == {"Q1": None, "Q2": 10, "Q3": 9}
    assert cells(m, "asa", "reason")["Q1"] == "all-null"


def test_legs_that_name_no_queue_may_be_those_of_the_intervals(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        interactions="interaction_id,queue_id,agent_id,started_at,direction,outcome,talk_s,hold_s,wrap_s\n"
        "1,,A1,2026-10-02 10:00:00,inbound,answered,100,0,0\n",
        intervals="queue_id,agent_id,started_at,length_s,offered,answered,talk_s,hold_s,wrap_s\n"
        "Q1,A1,2026-10-02 10:00:00,1800,1,1,100,0,0\n",
    )
    with pytest.raises(DataRefused) as caught:
        ask(home, kpis=["aht"])
    assert refused(caught.value) == {"counted-twice"}


@pytest.mark.parametrize(
    "adjust",
    [
        "deductions: [{name: long, amount: 10, when: aht > 450, cap: 20}]",
        "red_lines: [{name: slow, when: aht >= 500, score_at_most: 10}]",
    ],
)
def test_an_upheld_appeal_lifts_what_was_adjusted_for(tmp_path: Path, adjust: str) -> None:
    cfg = config(tmp_path, card=f"{CARD}adjust:\n  {adjust}\n")
    appeal = f"{EXCLUSIONS}U1,interactions,2,,,,,aht,r,b\n"
    before = write(tmp_path / "before", interactions=LONG_AND_SHORT)
    after = write(tmp_path / "after", interactions=LONG_AND_SHORT, exclusions=appeal)
    base = (50 + 100 * (1000 - 500) / 900) / 2
    assert score_of(before, cfg) == pytest.approx(base - 10 if "deductions" in adjust else 10, abs=0.01)
    assert score_of(after, cfg) == 75  # handle time 100 s, half of the calls short


def test_a_condition_reads_the_parameters_of_its_line(tmp_path: Path) -> None:
    adjust = "adjust:\n  coefficients: [{name: fast, when: short_handled_rate <= 0.1, factor: 1.1}]\n"
    home = write(tmp_path / "data", interactions=LONG_AND_SHORT)
    assert score_of(home, config(tmp_path, card=CARD + adjust)) == pytest.approx(
        52.78, abs=0.01
    )  # one of two, not none


def test_a_kpi_keeps_its_parameters_inside_another(tmp_path: Path) -> None:
    own = KPI % ("quick_rate", "short_handled / handled\n    n: handled\n    parameters: {short_call_s: 500}")
    cfg = config(tmp_path, kpis="kpis:" + own + KPI % ("quick_twice", "quick_rate * 1"))
    home = write(tmp_path / "data", interactions=LONG_AND_SHORT)
    m = ask(home, kpis=["quick_rate", "quick_twice"], by=["agent_id"], config=cfg)
    assert cells(m, "quick_rate") == cells(m, "quick_twice") == {"A1": 0.5, "A2": 1}


def test_a_stock_is_not_split_by_the_time_its_rows_began(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        cases="case_id,kind,opened_at,closed_at\n"
        "c1,complaint,2026-10-31 23:59:59,2026-11-01 00:00:00\n"
        "c2,complaint,2026-11-01 00:00:00,\n",
    )
    m = ask(home, kpis=["backlog", "time_to_resolution"], by=["month"], period="2026-Q4")
    assert cells(m, "backlog") == {"2026-11": None}  # the month c1 was closed in
    assert cells(m, "backlog", "reason") == {"2026-11": "not-by-time"}
    assert cells(ask(home, kpis=["backlog"]), "backlog") == {"": 1}


@pytest.mark.parametrize("left_out", ["8", "2"])
def test_a_row_left_out_still_happened(tmp_path: Path, left_out: str) -> None:
    legs = (
        "interaction_id,agent_id,customer_id,started_at,ended_at,direction,outcome,wait_s,talk_s\n"
        "1,A1,C1,2026-10-02 10:00:00,2026-10-02 10:00:00,inbound,answered,0,0\n"
        "2,A2,C1,2026-10-09 10:00:00,2026-10-09 10:00:00,inbound,answered,0,0\n"
        "3,A1,C2,2026-10-02 10:00:00,2026-10-02 10:00:00,inbound,answered,0,0\n"
        "4,A2,C2,2026-10-09 10:00:01,2026-10-09 10:00:01,inbound,abandoned,0,0\n"
        "5,A1,C3,2026-10-25 10:00:00,2026-10-25 10:00:00,inbound,answered,0,0\n"
        "7,A1,C4,2026-10-30 10:00:00,2026-10-30 10:00:00,inbound,answered,0,0\n"
        "8,A1,,2026-11-01 10:00:00,2026-11-01 10:00:00,inbound,answered,0,0\n"
    )
    out = write(tmp_path, interactions=legs, exclusions=f"{EXCLUSIONS}U1,interactions,{left_out},,,,,,outage,b\n")
    m = ask(out, kpis=["fcr"], by=["agent_id"])
    assert cells(m, "fcr")["A1"] == pytest.approx(2 / 3)  # 1 came back in time, 3 a second late, 5 never


def test_a_ratio_keeps_its_sources_whatever_is_asked_beside_it(tmp_path: Path) -> None:
    """One variant can be had from rows alone, the other from rows and report: each is what it is alone."""
    head = "interaction_id,queue_id,started_at,direction,outcome\n"
    exports = write(
        tmp_path / "a",
        interactions=head + "1,Q1,2026-10-02 10:00:00,inbound,answered\n2,Q1,2026-10-02 11:00:00,inbound,abandoned\n",
        intervals="queue_id,started_at,length_s,offered,answered\nQ2,2026-10-03 10:00:00,1800,50,40\n",
    )
    kpis = ["abandonment_rate.of_offered", "abandonment_rate.offered_minus_answered"]
    for asked in (kpis, kpis[::-1], kpis[:1]):
        rows = ask(exports, kpis=asked).values.rows(named=True)
        found = {row["variant"]: (row["numerator"], row["denominator"]) for row in rows}
        assert found["of_offered"] == (1, 2)
        assert found.get("offered_minus_answered", (11, 52)) == (11, 52)
