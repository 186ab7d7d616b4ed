"""Adjustments, linked cards and longer periods the whole way, from exports to scorecards, against sums by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccmetrics.period import TREND
from ccmetrics.run import score
from ccmetrics.scorecard import Scorecard

CARDS = """
project: {extends: builtin}
cards:
  pilot:
    title: Pilot
    subject: agent_id
    who: role = 'agent'
    kpis: [{kpi: csat, variant: top2, weight: 100, points: [[0, 0], [1, 100]]}]
    adjust:
      bonus: [{name: ideas, amount: adopted_ideas, cap: 6, pool: 10}]
      coefficients: [{name: clean team, when: red_line_events = 0, of: team, over: 3 cycles, factor: 1.1}]
      red_lines: [{name: rude, when: red_line_events > 0, score_at_most: 59, lasts: year}]
    allow: {one-sided-mix: for a test, all-lagging: for a test}
  plain:
    title: Whoever the data name
    subject: agent_id
    kpis: [{kpi: csat, variant: top2, weight: 100, points: [[0, 0], [1, 100]]}]
    adjust: {red_lines: [{name: rude, when: red_line_events > 0, score_at_most: 59, lasts: year}]}
    allow: {one-sided-mix: for a test, all-lagging: for a test}
  lead:
    title: Lead
    subject: agent_id
    who: role = 'leader'
    kpis: [{linked_card: pilot, by: leader_id, category: growth, weight: 100}]
    allow: {one-sided-mix: for a test}
  late:
    title: Goals from September on
    subject: agent_id
    who: role = 'agent'
    kpis: [{kpi: csat, variant: top2, weight: 100, floor: 0, target: {2026-09-01: 1}}]
    allow: {one-sided-mix: for a test, all-lagging: for a test}
"""
ROSTER = """agent_id,valid_from,valid_to,role,team,leader_id,left_on
A,2025-01-01,,agent,x,L1,
B,2025-01-01,,agent,x,L1,
C,2025-01-01,,agent,y,L2,
M,2025-01-01,2026-10-12,agent,y,L1,
M,2026-10-13,,agent,y,L2,
L1,2025-01-01,,leader,x,,
L2,2025-01-01,,leader,y,,
"""
SATISFIED = {"A": 8, "B": 6, "C": 9, "M": 8}
"""Of ten answers a month."""
IDEAS = {"A": 2, "B": 6, "C": 9, "M": 3}
"""In October."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("run")
    (found / "configs").mkdir()
    (found / "configs" / "cards.yaml").write_text(CARDS, encoding="utf-8")
    (found / "roster.csv").write_text(ROSTER, encoding="utf-8")
    answers = [
        f"{who}{month}{n},{who},2026-{month:02d}-{n + 1:02d} 09:00:00,{5 if n < good else 2}"
        for month in range(1, 11)
        for who, good in SATISFIED.items()
        for n in range(10)
    ]
    (found / "surveys.csv").write_text("\n".join(["survey_id,agent_id,answered_at,csat", *answers]), encoding="utf-8")
    told = [("training", "B", f"2026-{month:02d}-20") for month in range(1, 11)]
    told += [("idea", who, "2026-10-05") for who, n in IDEAS.items() for _ in range(n)]
    told.append(("red_line", "A", "2026-08-10"))
    events = [f"E{at},{kind},{who},{day} 10:00:00" for at, (kind, who, day) in enumerate(told)]
    for name, rows in (("events", events), ("few", [row for row in events if ",2026-05-" not in row])):
        (found / f"{name}.csv").write_text("\n".join(["event_id,kind,agent_id,at", *rows]), encoding="utf-8")
    left_out = [
        "X,surveys,B,2026-09-01 00:00:00,2026-10-01 00:00:00,a test,boss",
        "Y,events,B,2026-09-01 00:00:00,2026-10-01 00:00:00,a test,boss",
    ]
    header = "exclusion_id,table,agent_id,from,to,reason,approved_by"
    (found / "exclusions.csv").write_text("\n".join([header, *left_out]), encoding="utf-8")
    return found


WHOLE = ("roster", "surveys", "events")


def scored(folder: Path, period: str, card: str = "pilot", names: tuple[str, ...] = WHOLE, trend: int = 2) -> Scorecard:
    data = [folder / f"{name}.csv" for name in names]
    return score(data, config=folder / "configs", cards=[card], period=period, trend=trend).scorecards[0]


def by_subject(card: Scorecard, column: str = "score") -> dict[str, Any]:
    return dict(card.scores.select("subject", column).iter_rows())


def test_a_month(folder: Path) -> None:
    """A's red line of August lasts, so A draws nothing from the pool: 6, 6 and 3 of 10 are 4, 4 and 2. Team x had a red
    line within three cycles: 60 + 4; team y had none: (90 + 4) x 1.1 and (80 + 2) x 1.1."""
    card = scored(folder, "2026-10")
    assert by_subject(card) == {"A": 59.00, "B": 64.00, "C": 103.40, "M": 90.20}
    rude = card.adjustments.filter(kind="red_line")
    assert rude["fired_in"].to_list() == ["2026-08", None, None, None]
    assert card.adjustments.filter(kind="bonus")["amount"].to_list() == [0, 4, 4, 2]


def test_the_mean_of_scores_by_days(folder: Path) -> None:
    """59 and 64 for 31 days, 90.20 for 12; 103.40 for 31 days, 90.20 for 19."""
    card = scored(folder, "2026-10", "lead")
    assert by_subject(card) == {"L1": 66.15, "L2": 98.38}
    assert card.lines["n"].to_list() == [3, 2]
    assert any("is a mean of the scores of those scored on card 'pilot'" in notice for notice in card.notices)


def test_a_quarter(folder: Path) -> None:
    """July 80 x 1.1 is a net of 8, August and September are held at 59, 21 below: 80 - 34 / 3."""
    card = scored(folder, "2026-Q3")
    assert by_subject(card) == {"A": 68.67, "B": 62.00, "C": 99.00, "M": 88.00}
    assert card.adjustments.filter(subject="A", kind="net")["amount"].to_list() == pytest.approx([8, -21, -21])
    assert card.adjustments.filter(kind="red_line").select("subject", "fired_in").rows() == [("A", "2026-08, 2026-09")]


def test_before_the_data_nothing_is_proved(folder: Path) -> None:
    """In February three cycles reach to December, of which nothing was supplied."""
    card = scored(folder, "2026-02")
    assert set(card.scores["why"]) == {"not-judged: clean team"}
    assert set(card.adjustments.filter(kind="coefficient")["reason"]) == {"not-covered"}


def test_a_cycle_before_the_data_makes_a_longer_score_provisional(folder: Path) -> None:
    card = scored(folder, "2025-12-01..2026-01-31")
    assert set(card.scores["status"]) == {"provisional"}
    assert all("2026-01" in why for why in card.scores["why"])


def test_a_month_without_any_events_clears_nobody(folder: Path) -> None:
    """No roster names whom to look for, so of a month without rows there is nobody to say that nothing is known of."""
    whole = scored(folder, "2026-10", "plain", ("surveys", "events"))
    assert by_subject(whole) == {"A": 59.00, "B": 60.00, "C": 90.00, "M": 80.00}
    few = scored(folder, "2026-10", "plain", ("surveys", "few"))
    assert by_subject(few, "status") == {"A": "scored", "B": "provisional", "C": "provisional", "M": "provisional"}
    assert by_subject(few)["A"] == 59.00
    assert set(few.adjustments["reason"]) == {None, "not-covered"}


TOLD = ("status", "score", "grade", "rank")


def history(card: Scorecard, period: str) -> list[tuple[Any, ...]]:
    return card.history.filter(period=period).select("subject", *TOLD).rows()


@pytest.mark.parametrize("card", ["pilot", "lead", "late"])
def test_a_history_is_what_each_month_by_itself_gives(folder: Path, card: str) -> None:
    """Through red lines that last, conditions over three cycles, pools, another card's scores."""
    october = scored(folder, "2026-10", card, trend=4)
    months = october.course["period"].to_list()
    assert months == (["2026-09", "2026-10"] if card == "late" else ["2026-07", "2026-08", "2026-09", "2026-10"])
    for month in months[:-1]:
        alone = scored(folder, month, card)
        assert history(october, month) == alone.scores.sort("subject").select("subject", *TOLD).rows()
        for name in ("course", "grades", "pooled"):
            then, now = (getattr(each, name).filter(period=month) for each in (alone, october))
            assert now.equals(then)


def test_a_history_by_hand(folder: Path) -> None:
    """Until July 60 x 1.1 for B; then A's red line of August is within three cycles of the team."""
    card = scored(folder, "2026-08", trend=TREND)
    theirs = card.history.filter(subject="B").select("period", "score").rows()
    assert theirs == [(f"2026-{month:02}", 66.00) for month in range(3, 8)] + [("2026-08", 60.00)]
    assert by_subject(card, "change") == {"A": -29.00, "B": -6.00, "C": 0.00, "M": 0.00}
    # Ten answers tell little: 6 of 10 are 31 to 83.
    assert by_subject(card, "change_beyond") == dict.fromkeys("ABCM", False)
    assert by_subject(card, "tier") == dict.fromkeys("ABCM", "middle")
    assert card.pooled.select("period", "value", "n").rows() == [(f"2026-{m:02}", 0.775, 40) for m in range(3, 9)]


def test_as_far_as_the_data_and_the_goals_reach_back(folder: Path) -> None:
    assert scored(folder, "2026-03", trend=36).course["period"].to_list() == ["2026-01", "2026-02", "2026-03"]
    late = scored(folder, "2026-10", "late", trend=TREND)
    assert late.history.filter(subject="B")["period"].to_list() == ["2026-09", "2026-10"]
    # Values need no goal.
    target = {f"2026-{month:02}": None if month < 9 else 1.0 for month in range(5, 11)}
    assert dict(late.pooled.select("period", "target").iter_rows()) == target
    assert any("Not scored for comparison: 2026-05, 2026-06, 2026-07 ..." in notice for notice in late.notices)


def test_a_month_that_is_not_over_has_no_change(folder: Path) -> None:
    """The answers end on 10 October."""
    card = scored(folder, "2026-10")
    assert set(card.scores["change"]) == {None}
    assert card.history.filter(subject="B")["score"].to_list()[-2:] == [60.00, 64.00]


def test_a_quarter_stands_beside_quarters_and_a_range_alone(folder: Path) -> None:
    quarter = scored(folder, "2026-Q3", trend=3)
    assert quarter.course["period"].to_list() == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert quarter.history.filter(subject="A", period="2026-Q3")["score"].to_list() == [68.67]
    assert set(quarter.scores["change"]) == {None}
    few = scored(folder, "2026-08-01..2026-09-30")
    assert few.course["period"].to_list() == ["2026-08-01..2026-09-30"]
    week = scored(folder, "2026-W32")
    assert week.course.select("period", "n").rows() == [("2026-W32", 0)]


def test_whoever_was_excluded_whole_is_in_the_history_as_in_the_month(folder: Path) -> None:
    """Without a roster rows say who was there, and B's of September are left out."""
    names = ("surveys", "events", "exclusions")
    card = scored(folder, "2026-10", "plain", names)
    assert ("B", "withheld", None, None, None) in history(card, "2026-09")
    alone = scored(folder, "2026-09", "plain", names)
    assert history(card, "2026-09") == alone.scores.sort("subject").select("subject", *TOLD).rows()
