"""What is still needed for the next grade, by one KPI alone: worked out by hand.

In: cards and values from plain data. Out: points, values and reasons.
Refuses to know: how a score came about.
"""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from scoring_frames import card, run, straight

from ccmetrics.stages.judge.needed import needed

GRADES = [
    {"grade": "A", "from": 95, "pay": 1.1},
    {"grade": "B", "from": 80, "pay": 1.0},
    {"grade": "C", "from": None, "pay": 0.9},
]
AHT = {"kpi": "aht", "weight": 15, "floor": 480, "target": 330}
OTHERS = (92.4 - 8) / 0.85
"""With 400 s, which earn 53.33 of weight 15, that makes a base of 92.40."""


def of(subject: str, kpi: str, *values: tuple[Any, ...], **more: Any) -> dict[str, Any]:
    on = card([AHT, straight("csat", 85)], grades=GRADES, **more)
    found = needed(on, run(on, values))
    return found.filter((pl.col("subject") == subject) & (pl.col("kpi") == kpi)).row(0, named=True)


def test_seventeen_points_of_weight_fifteen_are_26_seconds() -> None:
    row = of("A", "aht", ("A", "aht", 400), ("A", "csat", OTHERS))
    assert (row["grade"], row["from"], row["score"]) == ("A", 95, 92.4)
    assert row["points"] == pytest.approx(2.6 / 0.15)
    assert round(row["points"], 2) == 17.33
    assert row["change"] == pytest.approx(-26)
    assert row["needed"] == pytest.approx(374)


def test_coefficients_are_divided_out_and_what_was_added_is_kept() -> None:
    adjust = {
        "bonus": [{"name": "ideas", "amount": "ideas", "cap": 6}],
        "coefficients": [{"name": "aware", "when": "aware", "factor": 1.05}],
    }
    values = [("A", "aht", 400), ("A", "csat", 80), ("A", "bonus.0.amount", 4), ("A", "coefficients.0.when", 1)]
    row = of("A", "csat", *values, adjust=adjust)
    # Base 8 + 68 = 76, with 4 more times 1.05 is 84.00: B. A wants 95 / 1.05 - 4 = 86.476, that is 10.476 / 0.85 more.
    assert (row["grade"], row["score"]) == ("A", 84)
    assert row["points"] == pytest.approx((95 / 1.05 - 4 - 76) / 0.85)
    assert row["needed"] == pytest.approx(80 + (95 / 1.05 - 4 - 76) / 0.85)


def test_not_by_this_alone_where_the_curve_ends() -> None:
    row = of("A", "aht", ("A", "aht", 400), ("A", "csat", 60))
    assert (row["reason"], row["needed"], row["points"]) == ("not-by-this-alone", None, None)


def test_nobody_buys_a_red_line_back() -> None:
    for bite in ({"score_at_most": 79}, {"grade_at_most": "C"}):
        adjust = {"red_lines": [{"name": "rude", "when": "rude", **bite}]}
        row = of("A", "aht", ("A", "aht", 400), ("A", "csat", 60), ("A", "red_lines.0.when", 1), adjust=adjust)
        assert (row["reason"], row["needed"]) == ("held-by-red-line", None)


def test_the_best_and_the_unscored_need_nothing() -> None:
    on = card([AHT, straight("csat", 85)], grades=GRADES, missing="withhold")
    found = needed(on, run(on, [("A", "aht", 330), ("A", "csat", 110), ("B", "aht", 330)]))
    assert found.is_empty()


def test_bands_are_reached_only_at_their_edge() -> None:
    line = {"kpi": "csat", "weight": 100, "points": [[0, 0], [3, 80], [4, 100]], "steps": True}
    on = card([line], grades=GRADES)
    row = needed(on, run(on, [("A", "csat", 3.2)])).row(0, named=True)
    assert (row["grade"], row["needed"]) == ("A", 4)


def test_presence_moves_the_value_of_a_total() -> None:
    from scoring_frames import kpi, people

    line = {"kpi": "revenue", "weight": 100, "floor": 0, "target": 40000}
    on = card([line], grades=GRADES)
    found = run(
        on,
        [("A", "revenue", 16000)],
        subjects=people("A", presence=0.5),
        kpis={"revenue": kpi("revenue", cumulative=True)},
    )
    row = needed(on, found).row(0, named=True)
    # Half there: 20,000 are 100 points, 16,000 are 80; for 95 it takes 19,000.
    assert (row["score"], row["grade"]) == (80, "A")
    assert row["needed"] == pytest.approx(19000)
    assert row["change"] == pytest.approx(3000)
