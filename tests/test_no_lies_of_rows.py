"""Rows that were once lost, counted twice or put in the wrong place without a word; as `test_no_lies`, for rows.

In: exports of a few rows, each built so that the easy answer is the wrong one. Out: what anyone counts by hand.
Refuses to know: which stage gives the answer.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_no_lies import CARD, EXCLUSIONS, LEGS, THREE, ask, cells, config, refused, score_of, write

from ccmetrics.problem import DataRefused, UsageRefused

SURVEYS = "%s,answered_at,agent_id,csat\n" + ",2026-10-02 10:00:00,A1,5\n" * 3 + "9,2026-10-31 10:00:00,A1,1\n"
INTERVALS = (
    "queue_id,started_at,length_s,offered,answered\n"
    "Q1,2026-10-02 10:00:00,1800,60,60\n"
    "Q1,2026-10-31 10:00:00,1800,10,5\n"
)
ROSTER = "agent_id,valid_from,valid_to,role,team\n"
RED_LINE = "adjust:\n  red_lines: [{name: rude, when: red_line_events > 0, score_at_most: 10}]\n"
EVENT = (
    "event_id,at,recorded_at,kind,agent_id,valid,fault\ne1,2026-10-24 10:00:00,2026-10-27 10:00:00,%s,A1,true,agent\n"
)


def test_a_column_of_some_files_is_unknown_not_no(tmp_path: Path) -> None:
    a = write(
        tmp_path / "a",
        interactions="interaction_id,agent_id,started_at,direction,outcome,wait_s,transferred\n"
        "1,A1,2026-10-02 10:00:00,inbound,answered,10,true\n"
        "2,A1,2026-10-31 10:00:00,inbound,answered,10,false\n",
    )
    b = write(
        tmp_path / "b",
        interactions="interaction_id,agent_id,started_at,direction,outcome\n"
        "3,A1,2026-10-02 10:00:00,inbound,answered\n"
        "4,A2,2026-10-31 10:00:00,inbound,answered\n",
    )
    m = ask(a, b, kpis=["transfer_rate.all", "service_level"], by=["agent_id"])
    for kpi in ("transfer_rate", "service_level"):
        assert cells(m, kpi) == {"A1": None, "A2": None}
        assert set(cells(m, kpi, "reason").values()) == {"column-not-supplied"}
    assert cells(ask(a, kpis=["transfer_rate.all"]), "transfer_rate") == {"": 0.5}


def test_hold_is_divided_by_legs_that_have_hold_and_unlike_handle_times_are_said(tmp_path: Path) -> None:
    a = write(tmp_path / "a", interactions=LEGS + "1,A1,2026-10-02 10:00:00,inbound,answered,5,100,10,20\n")
    b = write(
        tmp_path / "b",
        interactions="interaction_id,agent_id,started_at,direction,outcome,wait_s,talk_s\n"
        "3,A1,2026-10-02 10:00:00,inbound,answered,5,100\n"
        "4,A2,2026-10-15 11:00:00,inbound,answered,5,100\n",
    )
    m = ask(a, b, kpis=["aht", "average_hold"], by=["agent_id"])
    assert cells(m, "aht") == {"A1": 115, "A2": 100}
    assert cells(m, "average_hold") == {"A1": 10, "A2": None}
    assert any("(talk; talk + hold + wrap)" in said for said in m.notices)
    assert not ask(a, kpis=["aht"]).notices


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("evaluation_items,e1,,,,,,r,b", "One row_id cannot name a row"),
        ("evaluation_items,,2026-10-01 00:00:00,2026-10-06 00:00:00,A1,,,r,b", "rows of 'evaluation_items' have none"),
        ("evaluations,,2026-10-06 00:00:00,2026-10-01 00:00:00,A1,,,r,b", "It ends before it begins."),
    ],
)
def test_an_exclusion_that_cannot_be_carried_out_is_refused(tmp_path: Path, row: str, why: str) -> None:
    home = write(
        tmp_path,
        evaluations="evaluation_id,agent_id,evaluated_at,score\ne1,A1,2026-10-02 10:00:00,50\n",
        evaluation_items="evaluation_id,item,score,max,weight,applicable,critical\ne1,x,5,5,1,true,false\n",
        exclusions=f"{EXCLUSIONS}U1,{row}\n",
    )
    with pytest.raises(DataRefused) as caught:
        ask(home, kpis=["quality_score"])
    assert refused(caught.value) == {"unclear-exclusion"}
    assert why in str(caught.value)


def test_an_exclusion_that_meets_nothing_is_said(tmp_path: Path) -> None:
    rows = "U1,interactions,99,,,,,,r,b\nU2,interactions,2,,,,,,r,b\n"
    m = ask(write(tmp_path, interactions=THREE, exclusions=EXCLUSIONS + rows), kpis=["aht"])
    assert [said for said in m.notices if "xclusion" in said] == ["Exclusion U1 meets no row of interactions."]
    assert cells(m, "aht") == {"": 100}


@pytest.mark.parametrize("key", ["survey_id", "interaction_id"])
def test_rows_without_a_key_are_no_twins(tmp_path: Path, key: str) -> None:
    m = ask(write(tmp_path, surveys=SURVEYS % key), kpis=["csat"])
    assert (cells(m, "csat"), cells(m, "csat", "n")) == ({"": 0.75}, {"": 4})


def test_lone_rows_without_a_key_in_two_exports(tmp_path: Path) -> None:
    row = "survey_id,answered_at,agent_id,csat\n,2026-10-%s 10:00:00,A1,%s\n"
    homes = [write(tmp_path / name, surveys=row % it) for name, it in (("a", ("02", 5)), ("b", ("31", 1)))]
    assert cells(ask(*homes, kpis=["csat"]), "csat") == {"": 0.5}


@pytest.mark.parametrize("kpi", ["answer_rate", "aht"])
def test_twins_are_judged_over_all_columns_whatever_is_asked(tmp_path: Path, kpi: str) -> None:
    row = "1,A1,2026-10-02 10:00:00,inbound,answered,5,%s,10,20\n"
    same = ask(write(tmp_path / "same", interactions=LEGS + row % 100 + row % 100), kpis=[kpi])
    assert (same.accounts[0].used, same.accounts[0].duplicates) == (1, 1)
    other = write(tmp_path / "other", interactions=LEGS + row % 100 + row % 300)
    with pytest.raises(DataRefused) as caught:
        ask(other, kpis=[kpi])
    assert refused(caught.value) == {"conflicting-duplicate"}


def test_a_row_is_outside_only_if_every_time_of_it_is(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        cases="case_id,kind,opened_at,closed_at,escalated\n"
        "c1,complaint,2026-10-10 10:00:00,2026-11-05 10:00:00,true\n"
        "c2,complaint,2026-09-10 10:00:00,2026-10-05 10:00:00,false\n"
        "c3,complaint,2026-10-20 10:00:00,2026-10-31 10:00:00,false\n"
        "c4,complaint,2026-08-20 10:00:00,2026-09-30 10:00:00,false\n",
    )
    m = ask(home, kpis=["escalation_rate", "time_to_resolution"])
    assert cells(m, "escalation_rate") == {"": 0.5}  # c1, c3
    assert cells(m, "time_to_resolution") == {"": 432}  # c2 600 h, c3 264 h
    assert (m.accounts[0].used, m.accounts[0].outside) == (3, 1)


@pytest.mark.parametrize("kind", ["Red_Line", "redline", "RED-LINE", "red_line"])
def test_a_red_line_by_another_spelling_is_refused(tmp_path: Path, kind: str) -> None:
    home = write(tmp_path / "data", interactions=THREE, events=EVENT % kind)
    cfg = config(tmp_path, card=CARD + RED_LINE)
    if kind == "red_line":
        assert score_of(home, cfg) == 10
        return
    with pytest.raises(DataRefused) as caught:
        score_of(home, cfg)
    assert refused(caught.value) == {"look-alike-value"}


def test_a_red_line_finds_the_leaver_who_crossed_it(tmp_path: Path) -> None:
    left = f"{ROSTER}A1,2026-01-01,2026-10-25,agent,Red\n"  # a day after it, two days before it was recorded
    home = write(tmp_path / "data", interactions=THREE, events=EVENT % "red_line", roster=left)
    who = CARD.replace("cycle: month", "cycle: month\nwho: role = 'agent'")
    assert score_of(home, config(tmp_path, card=who + RED_LINE)) == 10


@pytest.mark.parametrize("amount", ["1e33", "160000000000000000000000000000000"])
def test_amounts_that_no_sum_can_hold_are_refused(tmp_path: Path, amount: str) -> None:
    orders = "order_id,agent_id,ordered_at,amount,refund,status\n"
    rows = f"o1,A1,2026-10-02 10:00:00,{amount},0,done\no2,A1,2026-10-31 10:00:00,{amount},0,done\n"
    with pytest.raises(DataRefused) as caught:
        ask(write(tmp_path, orders=orders + rows), kpis=["revenue"])
    assert refused(caught.value) == {"not-finite"}


def test_a_dimension_may_be_called_like_a_measure(tmp_path: Path) -> None:
    m = ask(write(tmp_path, intervals=INTERVALS), kpis=["answer_rate"], by=["offered"])
    assert {float(by): value for by, value in cells(m, "answer_rate").items()} == {60: 1, 10: 0.5}


def test_a_condition_of_the_command_line_knows_no_period(tmp_path: Path) -> None:
    with pytest.raises(UsageRefused) as caught:
        ask(write(tmp_path, interactions=THREE), kpis=["aht"], where="started_at < :period_end")
    assert refused(caught.value) == {"unknown-parameter"}


def test_a_day_that_begins_in_the_repeated_hour_begins_once(tmp_path: Path) -> None:
    times = ["00:15", "00:45", "01:15", "01:45"]  # in UTC: 02:15 and 02:45 of summer, then the same of winter
    rows = [f"{n},A1,2026-10-25T{time}:00Z,inbound,answered,5,100,0,0\n" for n, time in enumerate(times)]
    home = write(tmp_path / "data", interactions=LEGS + "".join(rows))
    cfg = config(tmp_path, '  time_zone: Europe/Berlin\n  day_start: "02:30"\n')
    month = cells(ask(home, kpis=["aht"], by=["day"], config=cfg), "aht", "n")
    day = cells(ask(home, kpis=["aht"], by=["day"], config=cfg, period="2026-10-25"), "aht", "n")
    assert (month, day) == ({"2026-10-24": 1, "2026-10-25": 3}, {"2026-10-25": 3})


def test_a_day_between_two_versions_of_a_person_is_said(tmp_path: Path) -> None:
    gap = f"{ROSTER}A1,2026-01-01,2026-10-10,agent,Red\nA1,2026-10-%s,,agent,Red\n"
    home = write(tmp_path / "gap", interactions=THREE, roster=gap % "20")
    said = ("interactions: 1 row names 1 agent id that roster does not have on that day: A1.",)
    m = ask(home, kpis=["aht"], by=["team"])
    assert (m.notices, cells(m, "aht")) == (said, {None: 900, "Red": 100})
    assert not ask(write(tmp_path / "none", interactions=THREE, roster=gap % "11"), kpis=["aht"], by=["team"]).notices


def test_a_queue_without_a_first_day_was_always_there(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        queues="queue_id,valid_from,team,threshold_s\nQ1,,Red,60\n",
        interactions="interaction_id,queue_id,agent_id,started_at,direction,outcome,wait_s\n"
        "1,Q1,,2026-10-02 10:00:00,inbound,abandoned,30\n"
        "2,Q1,A1,2026-10-02 11:00:00,inbound,answered,50\n"
        "3,Q1,A1,2026-10-31 23:59:59,inbound,answered,50\n",
    )
    assert cells(ask(home, kpis=["service_level"], by=["team"]), "service_level") == {"Red": pytest.approx(2 / 3)}


def test_a_row_without_a_key_in_two_exports_is_said(tmp_path: Path) -> None:
    head = "survey_id,answered_at,csat\n"
    a = write(tmp_path / "a", surveys=head + ",2026-10-12 10:00:00,5\ns1,2026-10-13 10:00:00,1\n")
    b = write(tmp_path / "b", surveys=head + ",2026-10-12 10:00:00,5\n")
    m = ask(a, b, kpis=["csat"])
    assert cells(m, "csat", "n") == {"": 3}
    assert any("2 rows of 'surveys' have no survey_id" in said for said in m.notices)


def test_a_case_closed_before_it_was_opened_is_said(tmp_path: Path) -> None:
    head = "case_id,kind,opened_at,closed_at\n"
    rows = "c1,request,2026-10-05 10:00:00,2026-10-04 10:00:00\nc2,request,2026-10-05 10:00:00,2026-10-07 10:00:00\n"
    m = ask(write(tmp_path / "a", cases=head + rows), kpis=["time_to_resolution"])
    assert cells(m, "time_to_resolution") == {"": 12}  # (-24 + 48) / 2
    assert any("in 1 row closed_at is before opened_at" in said for said in m.notices)
