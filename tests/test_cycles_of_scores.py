"""Scores over several cycles: the KPIs from rows, and the mean of what adjustments did in each cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from scoring_frames import card, kpi, one, people, printed, rows, run, straight

from ccmetrics.period import inside, parse
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.stages.facts import ACTED, NETS
from ccmetrics.stages.judge import judge
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.nets import acted_inside, net_adjustments

QUARTER = parse("2026-Q3")
MONTHS = ("2026-07", "2026-08", "2026-09")
ADJUST = {
    "bonus": [{"name": "ideas", "amount": "x", "cap": 6}],
    "deductions": [{"name": "risk", "amount": "y", "cap": 20}],
    "coefficients": [{"name": "late", "when": "l", "factor": 0.9, "on": "pay"}],
    "red_lines": [{"name": "rude", "when": "z", "score_at_most": 59, "grade_at_most": "B", "pay": 0.5}],
}
GRADES = [
    {"grade": "A", "from": 90, "pay": 1.2},
    {"grade": "B", "from": 50, "pay": 1},
    {"grade": "C", "from": None, "pay": 0},
]
ON = card([straight("csat", 100)], adjust=ADJUST, grades=GRADES)

Acts = Mapping[str, float | None]


def cycle(label: str, found: Mapping[str, tuple[float | None, Acts]], on: Any = ON) -> Scores:
    """Subject to its base and what acts on it."""
    measured: list[tuple[Any, ...]] = []
    for who, (base, acts) in found.items():
        measured.append((who, "csat", base))
        keys = {"bonus": "bonus.0.amount", "risk": "deductions.0.amount", "late": "coefficients.0.when"}
        keys["rude"] = "red_lines.0.when"
        measured += [(who, key, acts.get(name, 0)) for name, key in keys.items()]
    return run(on, measured, period=parse(label))


def quarter(base: float, *months: Mapping[str, tuple[float | None, Acts]], on: Any = ON, **more: Any) -> Scores:
    cycles = {label: cycle(label, found, on) for label, found in zip(MONTHS, months, strict=True)}
    facts: dict[str, Any] = {"nets": net_adjustments(cycles), "acted": acted_inside(cycles)}
    who = sorted({name for found in months for name in found})
    return run(on, [(name, "csat", base) for name in who], period=QUARTER, **facts, **more)


def mine(base: float | None, **acts: float | None) -> dict[str, tuple[float | None, Acts]]:
    return {"A": (base, acts)}


def test_the_worked_example() -> None:
    scores = quarter(93, mine(90, bonus=4), mine(95, risk=6), mine(94))
    found = one(scores)
    assert (found["base"], found["score"], found["status"]) == (93, 92.33, "scored")
    assert found["net"] == pytest.approx(-2 / 3)
    # Amounts are never judged over more than their cycle.
    assert (found["bonus"], found["deductions"], found["coefficient"]) == (None, None, None)
    shown = scores.adjustments.select("kind", "name", "amount", "fired", "judged").rows()
    assert shown == [
        ("net", "2026-07", 4, True, True),
        ("net", "2026-08", -6, True, True),
        ("net", "2026-09", 0, False, True),
    ]


def test_caps_coefficients_and_the_floor_at_zero_act_inside_the_cycles() -> None:
    lifted = {"coefficients": [{"name": "good", "when": "l", "factor": 1.1}]}
    on = card([straight("csat", 100)], adjust={**ADJUST, **lifted})
    # 10 - 20 is 0, a net of -10; 80 x 1.1 is 88, +8; 100 held at 59, -41.
    scores = quarter(60, mine(10, risk=20), mine(80, late=1), mine(100, rude=1), on=on)
    assert scores.adjustments.filter(kind="net")["amount"].to_list() == pytest.approx([-10, 8, -41])
    assert printed(scores) == 45.67  # 60 - 43 / 3


def test_a_long_score_is_not_below_zero() -> None:
    assert printed(quarter(5, mine(60, risk=20), mine(60, risk=20), mine(60, risk=20))) == 0.00


def test_rounding_happens_once() -> None:
    """Each month's 60.004 prints 60.00, which no adjustment took away."""
    scores = quarter(60.005, mine(60.004), mine(60.004), mine(60.004))
    assert (one(scores)["net"], printed(scores)) == (0, 60.01)


def test_who_was_not_scored_in_a_cycle_has_a_provisional_score() -> None:
    scores = quarter(93, mine(90, bonus=4), mine(None), mine(94))
    found = one(scores)
    assert (found["status"], found["why"], found["score"]) == ("provisional", "cycle-not-scored: 2026-08", 95.00)
    assert scores.adjustments["reason"].to_list() == [None, "not-scored", None]
    unjudged = one(quarter(93, mine(90, rude=None), mine(90, risk=None), mine(94)))
    assert unjudged["why"] == "cycle-not-scored: 2026-07, 2026-08"


def test_who_was_not_listed_in_a_cycle_is_judged_by_the_others() -> None:
    late = quarter(93, {"B": (70, {})}, mine(90, bonus=4) | {"B": (70, {})}, mine(90, risk=2) | {"B": (70, {})})
    assert (one(late)["status"], one(late)["score"]) == ("scored", 94.00)
    assert late.adjustments.filter(subject="A")["reason"].to_list() == ["not-listed", None, None]


def test_who_is_in_no_cycle_is_not_judged() -> None:
    empty: dict[str, Any] = {"nets": pl.DataFrame(schema=NETS), "acted": pl.DataFrame(schema=ACTED)}
    found = one(run(ON, [("A", "csat", 93)], period=QUARTER, **empty))
    assert (found["status"], found["why"]) == ("provisional", "cycle-not-scored: 2026-07, 2026-08, 2026-09")


def test_a_red_line_of_a_cycle_is_never_bought_back() -> None:
    """The cap is in the net: 100 held at 59 and twice 100 is 86.33. Grade and pay keep the limit of the strictest."""
    scores = quarter(100, mine(100, rude=1), mine(100), mine(100))
    assert (printed(scores), one(scores)["capped_at"]) == (86.33, None)
    kept = scores.adjustments.filter(kind="red_line").to_dicts()
    assert [(row["name"], row["fired_in"], row["score_at_most"], row["grade_at_most"], row["pay"]) for row in kept] == [
        ("rude", "2026-07", None, "B", 0.5)
    ]
    best = quarter(120, mine(120, rude=1), mine(120), mine(120))
    assert printed(best) == 99.67  # an A by score
    judged = judge(ON, best, facts()).scores.row(0, named=True)
    assert (judged["grade_by_score"], judged["grade"], judged["pay"]) == ("A", "B", 0.5)


def test_a_coefficient_on_pay_counts_by_its_mean() -> None:
    scores = quarter(95, mine(95, late=1), mine(95), mine(95, late=1))
    (item,) = scores.adjustments.filter(kind="coefficient").to_dicts()
    assert item["factor"] == pytest.approx((0.9 + 1 + 0.9) / 3)
    assert (item["on"], item["fired_in"]) == ("pay", "2026-07, 2026-09")
    judged = judge(ON, scores, facts()).scores.row(0, named=True)
    assert judged["pay"] == pytest.approx(1.2 * 2.8 / 3)


def facts() -> Any:
    from ccmetrics.stages.facts import Facts

    return Facts(QUARTER, rows([]), rows([], subject=False), people("A"))


def test_a_total_meets_the_goals_of_all_its_cycles() -> None:
    on = card([{"kpi": "revenue", "weight": 100, "floor": 0, "target": 40_000}])
    months = {label: run(on, [("A", "revenue", 30_000)], period=parse(label), kpis=total()) for label in MONTHS}
    nets = net_adjustments(months)
    assert printed(run(on, [("A", "revenue", 90_000)], period=QUARTER, kpis=total(), nets=nets)) == 75.00


def total() -> dict[str, Any]:
    return {"revenue": kpi("revenue", cumulative=True)}


# ---------------------------------------------------------------- which periods are made of cycles


@pytest.mark.parametrize(
    ("period", "cycle", "labels"),
    [
        ("2026-Q3", "month", list(MONTHS)),
        ("2026-07-01..2026-09-30", "month", list(MONTHS)),
        ("2026", "quarter", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        ("2026-10", "month", ["2026-10"]),
        ("2026-10-05..2026-10-18", "week", ["2026-W41", "2026-W42"]),
        ("2026-10", "week", []),
        ("2026-09-15..2026-10-31", "month", []),
        ("2026-10-01..2026-11-15", "month", []),
    ],
)
def test_the_cycles_inside_a_period(period: str, cycle: str, labels: list[str]) -> None:
    assert [found.label for found in inside(parse(period), cycle)] == labels


def test_a_period_that_is_not_made_of_cycles_is_refused() -> None:
    with pytest.raises(DefinitionsRefused, match="begins or ends amid one") as caught:
        run(ON, [("A", "csat", 80)], period=parse("2026-09-15..2026-10-31"))
    assert [problem.name for problem in caught.value.problems] == ["no-cycle"]
    assert "it is scored by the month, and 2026-09-15..2026-10-31" in str(caught.value)


def test_a_card_of_the_calendar_takes_no_common_period() -> None:
    on = card([straight("csat", 100)], cycle="calendar")
    with pytest.raises(DefinitionsRefused, match="2026-Q3 is none"):
        run(on, [("A", "csat", 80)], period=QUARTER)
