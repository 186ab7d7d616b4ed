"""What a grade is worth in money: to the cent, never more than a red line leaves, never a base shown."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_frames import column, described, judged, plain

from ccmetrics import run
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.judge import Judged
from ccmetrics.stages.judge.pay import amounts

BASES = {"A": 2600.0, "B": 2000.0, "C": 1200.0}
EVEN = [{"grade": "A", "from": 90, "pay": 1}, {"grade": "B", "from": None, "pay": 0.5}]


def paid(
    points: dict[str, float | None], bases: dict[str, float | None] | None = None, found: Any = (), **more: Any
) -> Judged:
    pay = {"base": "pay_base" if bases is not None else 1000} | more.pop("pay", {})
    on = plain(pay=pay, **more.pop("card", {}))
    frames = {} if bases is None else {"bases": described("base", bases).cast({"base": pl.Float64})}
    return judged(on, points, found, **frames, **more)


def worked(**pay: Any) -> Judged:
    return paid(dict.fromkeys("ABC", 100.0), BASES, card={"grades": EVEN}, pay=pay)


def test_the_worked_example_keeps_to_the_budget_to_the_cent() -> None:
    found = worked(budget=5500)
    assert column(found, "pay_amount") == {"A": 2465.52, "B": 1896.55, "C": 1137.93}
    assert found.notices == ("Pay sums to 5,800.00; multiplied by 0.9483 it keeps to the budget of 5,500.00.",)


def test_without_a_budget_the_sum_is_reported() -> None:
    found = worked()
    assert column(found, "pay_amount") == BASES
    assert found.notices == ("Pay sums to 5,800.00.",)


def test_a_budget_above_the_sum_is_spent_unless_it_may_only_cut() -> None:
    # 5,800 -> 6,000: x 1.0344827...: 2,689.655, 2,068.966, 1,241.379.
    assert column(worked(budget=6000), "pay_amount") == {"A": 2689.65, "B": 2068.97, "C": 1241.38}
    kept = worked(budget=6000, cut_only=True)
    assert column(kept, "pay_amount") == BASES
    assert kept.notices == ("Pay sums to 5,800.00, within the budget of 6,000.00.",)
    assert column(worked(budget=5500, cut_only=True), "pay_amount") == column(worked(budget=5500), "pay_amount")


def test_a_budget_is_kept_where_rounding_alone_would_break_it() -> None:
    # Three times 33.335 are 100.005, which is 100.02 when each is rounded up.
    found = paid(
        dict.fromkeys("ABC", 100.0), card={"grades": EVEN}, pay={"base": 33.335, "budget": 100.01, "cut_only": True}
    )
    assert column(found, "pay_amount") == {"A": 33.34, "B": 33.34, "C": 33.33}


def test_the_amount_is_base_times_presence_times_grade_times_pay_coefficients() -> None:
    items = [{"name": "n", "when": "x > 0", "factor": 1.05, "on": "pay"}]
    fired = [("A", "coefficients.0.when", 1.0), ("B", "coefficients.0.when", 0.0)]
    found = paid({"A": 96, "B": 96}, None, fired, presence={"A": 0.6}, card={"adjust": {"coefficients": items}})
    # 1,000 x 0.6 x 1.1 x 1.05; presence unknown is full.
    assert column(found, "pay_amount") == {"A": 693.0, "B": 1100.0}


def test_half_a_cent_is_rounded_up() -> None:
    found = paid({"A": 85}, None, pay={"base": 1.005})
    assert column(found, "pay_amount") == {"A": 1.01}


def test_red_lines_limit_the_pay_and_no_cent_of_a_budget_goes_to_nobody() -> None:
    red = {"red_lines": [{"name": "a", "when": "x > 0", "pay": 0}, {"name": "b", "when": "x > 0", "pay": 0.5}]}
    fired = [("A", "red_lines.0.when", 1), ("B", "red_lines.0.when", 0), ("C", "red_lines.0.when", 0)]
    fired += [(who, "red_lines.1.when", int(who == "B")) for who in "ABC"]
    on = {"adjust": red}
    assert column(paid(dict.fromkeys("ABC", 112.0), None, fired, card=on), "pay_amount") == {
        "A": 0,
        "B": 500,
        "C": 1300,
    }
    kept = paid(dict.fromkeys("ABC", 112.0), None, fired, card=on, pay={"budget": 100})
    # 100 x 5/18 and 100 x 13/18.
    assert column(kept, "pay_amount") == {"A": 0, "B": 27.78, "C": 72.22}


def test_nobody_earns_pay() -> None:
    red = {"red_lines": [{"name": "a", "when": "x > 0", "pay": 0}]}
    fired = [("A", "red_lines.0.when", 1)]
    found = paid({"A": 112.0}, None, fired, card={"adjust": red}, pay={"budget": 100})
    assert column(found, "pay_amount") == {"A": 0}
    assert found.notices == ("Nobody earns pay: nothing of the budget of 100.00 is spent.",)


def test_who_has_no_pay_is_counted_beside_the_sum() -> None:
    red = {"red_lines": [{"name": "a", "when": "x > 0", "pay": 0}]}
    judged_of = [(who, "red_lines.0.when", 0) for who in "ABCE"]
    found = paid(
        {"A": 100, "B": None, "C": 100, "D": 100, "E": 85},
        BASES | {"C": None, "E": -5.0},
        judged_of,
        card={"adjust": red},
    )
    assert column(found, "status")["D"] == "provisional"
    assert column(found, "pay_amount") == {"A": 2860, "B": None, "C": None, "D": None, "E": None}
    assert found.notices == (
        "Pay sums to 2,860.00.",
        "Without pay are 1 provisional, 1 withheld, 2 without a base: the sum is not the whole bill.",
    )


def test_the_base_itself_is_in_nothing_that_leaves() -> None:
    found = paid({"A": 100, "B": None}, {"A": 2603.17, "B": 7777.77}, presence={"A": 0.7})
    frames = [found.scores, found.lists, found.shares, found.needed]
    assert not [frame for frame in frames if {"pay_base", "fine", "cents"} & set(frame.columns)]
    said = "\n".join([*(frame.write_json() for frame in frames), *found.notices])
    assert "2603" not in said
    assert "7777" not in said
    assert column(found, "base")["A"] == 100


@pytest.mark.parametrize(
    ("label", "start", "end"),
    [("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)), ("2026-W41", date(2026, 10, 5), date(2026, 10, 12))],
)
def test_a_period_that_is_not_one_cycle_has_no_amounts(label: str, start: date, end: date) -> None:
    rows = pl.DataFrame({"subject": ["A"], "status": ["scored"], "pay": [1.1]})
    found, said = amounts(plain(pay={"base": 100}), rows, Facts(Period(label, start, end), rows, rows, rows))
    assert found["pay_amount"].to_list() == [None]
    assert said == (f"No pay amounts: {label} is not one month.",)


def test_a_card_without_a_base_tells_coefficients_alone() -> None:
    found = judged(plain(pay={"shape": "steps"}), {"A": 100.0})
    assert found.scores.select("pay", "pay_amount").rows() == [(1.1, None)]
    assert found.notices == ()


LINE = {"shape": "line"}


@pytest.mark.parametrize(
    ("score", "pay"),
    # Bottoms: 80 pays 1.0, 95 pays 1.1, 110 pays 1.3.
    [
        (50, 0.8),
        (79.99, 0.8),
        (80, 1.0),
        (87.5, 1.05),
        (95, 1.1),
        (102.5, 1.2),
        (109.99, 1.3 - 0.2 / 1500),
        (110, 1.3),
        (120, 1.3),
    ],
)
def test_along_a_line_pay_rises_between_the_bottoms_of_bands(score: float, pay: float) -> None:
    found = paid({"A": score}, pay=LINE)
    assert column(found, "pay")["A"] == pytest.approx(pay, abs=1e-9)
    assert column(found, "pay_amount")["A"] == round(1000 * pay + 1e-9, 2)


def test_where_a_rule_gives_the_grade_pay_is_by_steps() -> None:
    red = {"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": "B"}]}
    fired = [("A", "red_lines.0.when", 1), ("B", "red_lines.0.when", 0)]
    found = paid({"A": 102.5, "B": 102.5}, None, fired, pay=LINE, card={"adjust": red})
    assert column(found, "pay") == {"A": 1.0, "B": 1.2}
    spread = {"shares": {"A": 50, "B": 50}, "min_group": 1}
    found = paid({"A": 102.5, "B": 101}, pay=LINE, card={"distribution": spread})
    assert column(found, "pay") == {"A": 1.1, "B": 1.0}
    assert found.notices[-2:] == (
        "Pay is by steps, not along a line: a distribution gives the grades.",
        "Pay sums to 2,100.00.",
    )


@settings(max_examples=24, deadline=None)
@given(
    bases=st.lists(st.integers(0, 500_000), min_size=1, max_size=30),
    score=st.lists(st.integers(0, 120), min_size=30, max_size=30),
    budget=st.integers(1, 10_000_000),
    cut_only=st.booleans(),
    dice=st.randoms(use_true_random=False),
)
def test_pay_adds_up_to_the_budget_and_no_order_matters(
    bases: list[int], score: list[int], budget: int, cut_only: bool, dice: Any
) -> None:
    cents = {f"{at:02d}": base / 100 for at, base in enumerate(bases)}
    points = {who: float(score[at]) for at, who in enumerate(cents)}
    pay = {"budget": budget / 100, "cut_only": cut_only}
    found = paid(points, cents, pay=pay)
    amounts = column(found, "pay_amount")
    whole = [round(amount * 100) for amount in amounts.values()]
    assert all(abs(cent / 100 - amount) < 1e-9 for cent, amount in zip(whole, amounts.values(), strict=True))
    assert min(whole) >= 0
    free = [round(amount * 100) for amount in column(paid(points, cents), "pay_amount").values()]
    if sum(bases) and not (cut_only and sum(free) <= budget):
        assert sum(whole) == budget
    else:
        assert whole == free
    assert all(cent == 0 for cent, base in zip(whole, bases, strict=True) if base == 0)
    order = list(cents)
    dice.shuffle(order)
    again = paid({who: points[who] for who in order}, {who: cents[who] for who in reversed(order)}, pay=pay)
    assert column(again, "pay_amount") == amounts


CARD = """card: paid
title: Paid
subject: agent_id
who: role = 'agent'
kpis: [{kpi: aht, weight: 100, floor: 600, target: 200}]
grades: [{grade: A, from: 90, pay: 1.1}, {grade: B, from: null, pay: 0.9}]
pay: {base: pay_base}
allow: {one-sided-mix: a test of pay alone}
"""
ROSTER = """agent_id,valid_from,valid_to,role,team,pay_base
A1,2026-01-01,2026-10-15,agent,T1,2000.11
A1,2026-10-16,,agent,T1,3000.22
A2,2026-01-01,2026-10-20,agent,T1,2600.37
A2,2026-10-21,,leader,T1,9999.99
A3,2026-01-01,,agent,T1,
A4,2026-01-01,,agent,T1,7777.77
"""


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    (tmp_path / "paid.yaml").write_text(CARD, encoding="utf-8")
    (tmp_path / "project.yaml").write_text("project: {extends: builtin}\n", encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    (data / "roster.csv").write_text(ROSTER, encoding="utf-8")
    head = "interaction_id,started_at,outcome,direction,agent_id,talk_s"
    calls = [f"{at},2026-10-{at + 1:02d} 09:00:00,answered,inbound,A{at % 3 + 1},200" for at in range(31)]
    (data / "interactions.csv").write_text("\n".join([head, *calls]) + "\n", encoding="utf-8")
    return data


def test_a_base_counts_by_the_days_it_was_in_force_on_the_card(exports: Path) -> None:
    found = run.score([exports], config=exports.parent, cards=["paid"], period="2026-10").scorecards[0]
    rows = {row["subject"]: row for row in found.scores.iter_rows(named=True)}
    part = rows["A2"].get("presence") or 1.0
    assert rows["A1"]["pay_amount"] == round(1.1 * (15 * 2000.11 + 16 * 3000.22) / 31, 2)
    # Not what she has as a leader, who is on another card.
    assert rows["A2"]["pay_amount"] == pytest.approx(1.1 * 2600.37 * part, abs=0.005)
    assert (rows["A3"]["pay"], rows["A3"]["pay_amount"]) == (1.1, None)
    assert rows["A4"]["pay_amount"] is None
    assert "Without pay are 1 withheld, 1 without a base: the sum is not the whole bill." in found.notices


def test_no_base_is_told_in_any_format(exports: Path) -> None:
    outs = [part for end in ("csv", "json", "parquet", "txt") for part in ("--out", str(exports.parent / f"out.{end}"))]
    words = ["score", str(exports), "--config", str(exports.parent), "--period", "2026-10", "--card", "paid", *outs]
    done = subprocess.run(
        [sys.executable, "-m", "ccmetrics", *words], env={**os.environ, "PYTHONPATH": os.getcwd()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    left = "".join(path.read_bytes().decode("utf-8", "replace") for path in exports.parent.glob("out.*"))
    left += "".join(str(pl.read_parquet(path).rows()) for path in exports.parent.glob("out.parquet"))
    assert "A4" in left
    assert not [base for base in ("2000.11", "3000.22", "2600.37", "9999.99", "7777.77") if base in left + done.stdout]
