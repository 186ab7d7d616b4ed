"""Grades, pay coefficients and ranks by the printed score, and red lines that no score can buy back."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from judging_frames import GRADES, plain
from judging_frames import judged as judge


def judged(points: dict[str, float | None], adjust: dict[str, Any] | None = None, fired: Any = (), **more: Any) -> Any:
    return judge(plain(adjust=adjust or {}, **more), points, fired).scores


@pytest.mark.parametrize(
    ("points", "grade", "pay"),
    [(94.995, "A", 1.1), (94.994, "B", 1.0), (95, "A", 1.1), (110, "S", 1.3), (120, "S", 1.3), (0, "C", 0.8)],
)
def test_a_band_begins_with_its_start_and_is_judged_by_the_printed_score(points: float, grade: str, pay: float) -> None:
    assert judged({"A": points}).select("grade", "pay").rows() == [(grade, pay)]


def test_the_order_of_the_bands_does_not_matter() -> None:
    assert judged({"A": 96}, grades=GRADES[::-1])["grade"].to_list() == ["A"]


def test_the_worked_example_is_a_b_and_coefficient_first_would_be_an_a() -> None:
    adjust = {
        "bonus": [{"name": "ideas", "amount": "x", "cap": 6}],
        "deductions": [{"name": "risk", "amount": "5 * risk", "cap": 20}],
        "coefficients": [{"name": "aware", "when": "leads >= 3", "factor": 1.05}],
    }
    measured = [("A", "bonus.0.amount", 4), ("A", "deductions.0.amount", 10), ("A", "coefficients.0.when", 1)]
    assert judged({"A": 96.40}, adjust, measured).select("score", "grade").rows() == [(94.92, "B")]
    first = 96.40 * 1.05 + 4 - 10
    assert first == pytest.approx(95.22)


def test_subjects_of_one_score_share_a_rank_and_the_next_is_skipped() -> None:
    found = judged({"A": 90, "B": 95, "C": 90, "D": 80, "E": None, "F": 94.999})
    assert found["rank"].to_list() == [3, 1, 3, 5, None, 1]
    assert found["rank_of"].to_list() == [5, 5, 5, 5, None, 5]


def test_a_red_line_holds_the_grade_down_and_lifts_nobody() -> None:
    red = {"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": "B"}]}
    fired = [("A", "red_lines.0.when", 1), ("B", "red_lines.0.when", 0), ("C", "red_lines.0.when", 1)]
    found = judged({"A": 112, "B": 112, "C": 50}, red, fired)
    assert found["grade"].to_list() == ["B", "S", "C"]
    assert found["grade_by_score"].to_list() == ["S", "S", "C"]
    assert found["pay"].to_list() == [1.0, 1.3, 0.8]
    assert found["score"].to_list() == [112, 112, 50]


def test_the_strictest_red_line_wins() -> None:
    red = {
        "red_lines": [
            {"name": "a", "when": "x > 0", "grade_at_most": "C"},
            {"name": "b", "when": "x > 0", "grade_at_most": "A"},
            {"name": "c", "when": "x > 0", "pay": 0},
            {"name": "d", "when": "x > 0", "pay": 0.5},
        ]
    }
    fired = [("A", f"red_lines.{at}.when", 1) for at in range(4)]
    assert judged({"A": 112}, red, fired).select("grade", "pay").rows() == [("C", 0.0)]


def test_coefficients_on_pay_multiply_the_grade_s() -> None:
    items = [{"name": str(factor), "when": "x > 0", "factor": factor, "on": "pay"} for factor in (1.05, 0.98, 2)]
    items.append({"name": "score", "when": "x > 0", "factor": 1.2})
    fired = [("A", f"coefficients.{at}.when", float(at != 2)) for at in range(4)]
    # 80 x 1.2 = 96, an A: 1.1 x 1.05 x 0.98 = 1.1319
    assert judged({"A": 80}, {"coefficients": items}, fired).select("grade", "pay").rows() == [("A", 1.1319)]


def test_a_provisional_score_earns_nothing_yet() -> None:
    red = {"red_lines": [{"name": "r", "when": "x > 0", "pay": 0}]}
    found = judged({"A": 112, "B": 100}, red, [("B", "red_lines.0.when", 0)])
    assert found.select("status", "score", "grade", "pay", "rank", "rank_of").rows() == [
        ("provisional", 112, None, None, None, None),
        ("scored", 100, "A", 1.1, 1, 1),
    ]


def test_a_card_without_grades_still_ranks() -> None:
    found = judged({"A": 80, "B": 90}, grades=[])
    assert found.select("grade", "pay", "rank").rows() == [(None, None, 2), (None, None, 1)]


def test_below_the_last_band_there_is_no_grade() -> None:
    assert judged({"A": 80}, grades=GRADES[:2]).select("grade", "pay").rows() == [(None, None)]


def test_nobody_to_judge_keeps_the_columns() -> None:
    found = judged({})
    assert found.is_empty()
    assert found.schema["rank"] == pl.Int64
