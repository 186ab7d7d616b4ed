"""The card sheet: values, points, steps and rules before any data, worked out by hand.

In: cards from plain data. Out: whether the sheet says of them what the rules say.
Refuses to know: anybody's values.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from scoring_frames import card, kpi
from typer.testing import CliRunner

from ccmetrics.cli import app
from ccmetrics.sheet import Row, sheet

KPIS = {name: kpi(name) for name in ("csat", "aht", "occupancy", "rating")}


def only(**line: object) -> Row:
    return sheet(card([{"weight": 15, **line}, {"kpi": "csat", "weight": 85, "floor": 0, "target": 1}]), KPIS).rows[0]


def reaches(row: Row) -> dict[float, tuple[float | None, float | None]]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 9)

    return {each.points: (rounded(each.low), rounded(each.high)) for each in row.reaches}


def test_less_is_better() -> None:
    row = only(kpi="aht", floor=480, target=330, stretch=280)
    # 480 to 330 is 150 s for 100 points, 330 to 280 another 50 s for 20.
    expected = {0: 480, 50: 405, 80: 360, 100: 330, 120: 280}
    assert {mark: high for mark, (_, high) in reaches(row).items()} == expected
    assert all(low is None for low, _ in reaches(row).values())
    # A step is 15 s: 10 points of weight 15 below the target; beyond it 20 * 15 / 50 = 6 points of weight 15.
    assert row.step == -15
    assert (row.below, row.above) == (pytest.approx(1.5), pytest.approx(0.9))


def test_a_range_is_reached_from_both_sides() -> None:
    row = only(kpi="occupancy", ideal=[0.75, 0.85], limits=[0.55, 0.95])
    assert reaches(row) == {0: (0.55, 0.95), 50: (0.65, 0.9), 80: (0.71, 0.87), 100: (0.75, 0.85)}
    assert row.step is None


def test_bands_are_reached_at_their_edge() -> None:
    row = only(kpi="rating", points=[[0, 0], [3, 80], [4, 100]], steps=True)
    assert {mark: low for mark, (low, _) in reaches(row).items()} == {0: 0, 50: 3, 80: 3, 100: 4}


def test_free_points_tell_the_mean_of_a_step() -> None:
    row = only(kpi="rating", points=[[1, 0], [3, 80], [4, 100], [5, 120]])
    # 1 to 4 is 3 for 100 points: 0.3 a step, 10 points of weight 15; beyond it 20 points a whole rating.
    assert row.step == pytest.approx(0.3)
    assert (row.below, row.above) == (pytest.approx(1.5), pytest.approx(0.9))


def test_the_goal_of_the_day() -> None:
    dated = {"kpi": "aht", "floor": 480, "target": {date(2026, 1, 1): 330, date(2026, 7, 1): 300}, "weight": 100}
    for day, target in ((date(2026, 6, 30), 330), (date(2026, 7, 1), 300), (None, 300)):
        found = sheet(card([dated]), KPIS, day).rows[0]
        assert reaches(found)[100] == (None, target)


def test_which_line_pays_most() -> None:
    lines = [
        {"kpi": "csat", "weight": 40, "floor": 0.5, "target": 0.7, "stretch": 0.9},
        {"kpi": "aht", "weight": 60, "floor": 480, "target": 330, "stretch": 325},
    ]
    # Beyond the target of the second, 20 points lie in 5 s: a step of 15 s would be 60 points of weight 60.
    assert sheet(card(lines), KPIS).pays_most == {1}


def test_the_command_needs_no_data() -> None:
    done = CliRunner().invoke(app, ["list", "cards", "agent", "--sheet", "--on", "2026-06-30"])
    assert done.exit_code == 0
    assert "as it stands on 30 Jun 2026" in done.stdout
    # 450 to 310 at half the way.
    assert "380 s" in done.stdout
    assert "red line crossed: score at most 59" in done.stdout
    refused = CliRunner().invoke(app, ["list", "kpis", "--sheet"])
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_what_else_decides_over_grade_and_pay_is_said(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("project: {extends: builtin}\n", encoding="utf-8")
    (tmp_path / "card.yaml").write_text(CARD, encoding="utf-8")
    words = ["list", "cards", "tied", "--sheet", "--config", str(tmp_path)]
    page = " ".join(CliRunner().invoke(app, words, env={"COLUMNS": "80"}).stdout.split())
    assert "ideas: 2 * adopted_ideas, at most 6, from a common pool of 10 in each team" in page
    assert "clean: x 1.02, when high_risk_own = 0, of the whole team, over 3 cycles" in page
    assert "Grades go by place, in each team of 10 or more: A 20%, B 80%. Fewer, and who crossed" in page
    assert "Pay of all together is held to 5,500 at most." in page


CARD = """
card: tied
title: Tied
subject: agent_id
kpis: [{kpi: csat, weight: 100, floor: 0.5, target: 0.7}]
missing: withhold
adjust:
  bonus: [{name: ideas, amount: 2 * adopted_ideas, cap: 6, pool: 10, pool_by: team}]
  coefficients: [{name: clean, when: high_risk_own = 0, over: 3 cycles, of: team, factor: 1.02}]
grades: [{grade: A, from: 95, pay: 1.1}, {grade: B, from: null, pay: 1}]
distribution: {shares: {A: 20, B: 80}, by: team}
pay: {base: 1000, budget: 5500, cut_only: true}
allow: {one-sided-mix: a test, all-lagging: a test}
"""
