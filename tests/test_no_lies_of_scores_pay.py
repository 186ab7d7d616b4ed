"""What is earned and what is still needed, where it would be easy to be wrong without a word: great amounts of pay, red
lines that do not bind, totals of 0, bands of segments.

In: cards, points and bases from plain data. Out: amounts and values worked out by hand.
Refuses to know: how a score came about.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_frames import GRADES, column, described, judged, plain
from scoring_frames import card, kpi, people, run

from ccmetrics.catalogue.models import Pay
from ccmetrics.problem import DataRefused
from ccmetrics.stages.judge import Judged
from ccmetrics.stages.judge.needed import needed

ONE = [{"grade": "A", "from": 90, "pay": 1.1}, {"grade": "B", "from": None, "pay": 0.5}]


def paid(bases: dict[str, float], grades: Any = ONE, **pay: Any) -> Judged:
    frame = described("base", {who: float(base) for who, base in bases.items()})
    return judged(plain(grades=grades, pay={"base": "pay_base"} | pay), dict.fromkeys(bases, 100.0), bases=frame)


def test_a_sum_beyond_64_bits_of_parts_of_a_cent_does_not_wrap() -> None:
    # 1,000 x 200,000,000 x 1.1 = 220,000,000,000; a budget of 230,000,000,000 is 230,000,000 each.
    many = {f"A{n:04}": 200_000_000 for n in range(1000)}
    found = paid(many)
    assert set(column(found, "pay_amount").values()) == {220_000_000.0}
    assert found.notices == ("Pay sums to 220,000,000,000.00.",)
    kept = paid(many, budget=230_000_000_000)
    assert set(column(kept, "pay_amount").values()) == {230_000_000.0}
    assert kept.notices == (
        "Pay sums to 220,000,000,000.00; multiplied by 1.0455 it keeps to the budget of 230,000,000,000.00.",
    )


def test_a_budget_beyond_64_bits_is_kept_by_cutting_too() -> None:
    kept = paid({f"A{n:04}": 100_000_000 for n in range(1000)}, budget=90_000_000_000, cut_only=True)
    assert set(column(kept, "pay_amount").values()) == {90_000_000.0}


def test_the_last_cents_of_a_great_budget_go_to_the_largest_remainders() -> None:
    # 10,000,000,000,000.00 in three equal parts: one cent is left, and A comes first.
    kept = paid(dict.fromkeys("ABC", 9_000_000_000), budget=10_000_000_000_000)
    assert column(kept, "pay_amount") == {"A": 3333333333333.34, "B": 3333333333333.33, "C": 3333333333333.33}


def test_half_a_cent_of_a_great_amount_is_rounded_up() -> None:
    # 123,456,789.05 x 1.1 = 135,802,467.955, and 1,234,567,891.05 x 1.1 = 1,358,024,680.155.
    found = paid({"A": 123456789.05, "B": 1234567891.05, "C": 2345678912.0})
    assert column(found, "pay_amount") == {"A": 135802467.96, "B": 1358024680.16, "C": 2580246803.2}


def test_more_than_can_be_paid_to_the_cent_is_refused() -> None:
    with pytest.raises(DataRefused, match="2 of its subjects would earn more than 10,000,000,000") as refused:
        paid({"A": 9_999_999_999.0, "B": 20_000_000_000.0, "C": 5.0})
    assert [problem.name for problem in refused.value.problems] == ["too-much-pay"]
    with pytest.raises(ValueError, match="less than or equal to 10000000000000"):
        Pay(base=1, budget=10**13 + 1)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(1, 9 * 10**9), min_size=1, max_size=8),
    st.integers(1, 10**15),
)
def test_every_part_of_a_budget_is_within_a_cent_of_its_share(bases: list[int], cents: int) -> None:
    found = paid({f"A{at}": base for at, base in enumerate(bases)}, budget=cents / 100)
    amounts = [round(amount * 100) for amount in column(found, "pay_amount").values()]
    assert sum(amounts) == cents
    shares = [Fraction(cents * base, sum(bases)) for base in bases]
    assert all(abs(amount - share) < 1 for amount, share in zip(amounts, shares, strict=True))


@pytest.mark.parametrize(
    ("at_most", "pay"),
    # 102.5 is A, halfway from 1.1 to 1.3: a cap at S or A leaves that; B is worth 1.0, and C 0.8.
    [("S", 1.2), ("A", 1.2), ("B", 1.0), ("C", 0.8)],
)
def test_a_red_line_that_does_not_bind_costs_nothing_along_a_line(at_most: str, pay: float) -> None:
    red = {"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": at_most}]}
    on = plain(pay={"base": 1000, "shape": "line"}, adjust=red)
    found = judged(on, {"A": 102.5, "B": 102.5}, [("A", "red_lines.0.when", 1), ("B", "red_lines.0.when", 0)])
    assert column(found, "pay") == {"A": pay, "B": 1.2}
    assert column(found, "pay_amount") == {"A": 1000 * pay, "B": 1200.0}


@pytest.mark.parametrize(("sold", "needs"), [(0.0, 8000.0), (4000.0, 8000.0)])
def test_what_is_needed_of_a_total_goes_by_presence_where_nothing_was_sold_too(sold: float, needs: float) -> None:
    # A full timer's 100 points are 20,000, a half timer's 10,000: for the 80 points of B it takes 8,000.
    on = card([{"kpi": "revenue", "weight": 100, "floor": 0, "target": 20000}], grades=GRADES)
    total = {"revenue": kpi("revenue", cumulative=True)}
    row = needed(on, run(on, [("A", "revenue", sold)], subjects=people("A", presence=0.5), kpis=total)).row(
        0, named=True
    )
    assert (row["grade"], row["points"]) == ("B", pytest.approx(80 - sold / 100))
    assert (row["needed"], row["change"]) == (pytest.approx(needs), pytest.approx(needs - sold))


def test_bands_of_segments_are_reached_only_at_their_edge() -> None:
    curve = {"points": [[0, 0], [0.5, 60], [0.8, 90], [0.9, 100]], "steps": True}
    line = {"kpi": "csat", "weight": 100, "segments": {"by": "team", "curves": {"x": curve}}}
    on = card([line], grades=GRADES)
    parts = pl.DataFrame(
        {"subject": ["A"], "line": [0], "segment": ["x"], "day": [date(2026, 10, 5)], "amount": [10.0]},
        schema_overrides={"line": pl.Int32},
    )
    # 60 points at 0.6; B begins at 80, and the next band, of 90 points, at 0.8. Along a line it would be 0.7.
    row = needed(on, run(on, [("A", "csat", 0.6)], parts=parts)).row(0, named=True)
    assert (row["grade"], row["points"], row["needed"]) == ("B", 20, pytest.approx(0.8))


def test_a_share_of_volume_has_no_digits_that_nobody_measured() -> None:
    volumes = [("A", "shares.measure", 57.0), ("B", "shares.measure", 43.0)]
    found = judged(plain(shares={"measure": "handled"}), {"A": 100.0, "B": 100.0}, volumes)
    assert found.shares["share"].to_list() == [0.57, 0.43]
    assert found.shares["next_share"].to_list() == [0.57, 0.43]


@given(st.integers(0, 10**7))
@settings(deadline=None, max_examples=60)
def test_an_amount_is_the_number_of_its_cents(cents: int) -> None:
    found = paid({"A": cents / 100}, [{"grade": "A", "from": None, "pay": 1}])
    assert column(found, "pay_amount") == {"A": cents / 100}
