"""Adjustments, linked cards and longer periods the whole way, from exports to scorecards, against sums by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
    return found


def scored(
    folder: Path, period: str, card: str = "pilot", names: tuple[str, ...] = ("roster", "surveys", "events")
) -> Scorecard:
    data = [folder / f"{name}.csv" for name in names]
    return score(data, config=folder / "configs", cards=[card], period=period).scorecards[0]


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
