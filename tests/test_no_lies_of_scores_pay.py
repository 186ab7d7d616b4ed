"""Great amounts of pay: to the cent and within the budget, or refused; and what a red line that does not bind leaves.

In: cards, points and bases from plain data. Out: amounts worked out by hand.
Refuses to know: how a score came about.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_frames import column, described, judged, plain

from ccmetrics.catalogue.models import Pay
from ccmetrics.problem import DataRefused
from ccmetrics.stages.judge import Judged

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
