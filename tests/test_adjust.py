"""Adjustments: conditions over cycles, around and in the year, and pools that pay no more than they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scoring_frames import card, one, people, printed, run, straight

from ccmetrics.period import Period
from ccmetrics.stages.facts import CONDITION, LASTING
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.adjust import COLUMNS
from ccmetrics.stages.score.rounding import down


def on(more: Any = None, **adjust: Any) -> Any:
    return card([straight("csat", 100)], adjust=adjust, **(more or {}))


def item(scores: Scores, subject: str = "A", at: int = 0) -> dict[str, Any]:
    return scores.adjustments.filter(pl.col("subject") == subject).row(at, named=True)


# ---------------------------------------------------------------- over several cycles

STEADY = {"name": "no complaint in a quarter", "when": "complaints = 0", "over": "3 cycles", "factor": 1.1}


def over(*found: tuple[Any, ...]) -> Scores:
    return run(on(coefficients=[STEADY]), [("A", "csat", 80), *found])


def test_a_condition_over_cycles_takes_the_value_over_all_of_them_together() -> None:
    key = "coefficients.0.when"
    assert printed(over(("A", key, 1, None, 1), ("A", key, 1, None, 2), ("A", key, 0, None, 3))) == 80.00
    assert printed(over(("A", key, 0, None, 1), ("A", key, 0, None, 2), ("A", key, 1, None, 3))) == 88.00


def test_without_the_whole_span_the_condition_is_not_judged() -> None:
    scores = over(("A", "coefficients.0.when", 1, None, 1), ("A", "coefficients.0.when", 1, None, 2))
    assert (one(scores)["status"], one(scores)["why"]) == ("provisional", "not-judged: no complaint in a quarter")
    assert (item(scores)["judged"], item(scores)["reason"], item(scores)["over"]) == (False, "no-rows", 3)


def test_a_calendar_that_does_not_reach_so_far_back_judges_nothing() -> None:
    september = Period("P9", date(2026, 8, 26), date(2026, 9, 26), "calendar")
    october = Period("P10", date(2026, 9, 26), date(2026, 10, 26), "calendar", september)
    found = [("A", "csat", 80), ("A", "coefficients.0.when", 1, None, 2)]
    scores = run(on({"cycle": "calendar"}, coefficients=[STEADY]), found, period=october)
    assert (one(scores)["status"], item(scores)["reason"]) == ("provisional", "not-covered")


# ---------------------------------------------------------------- of the team or the center


def around(*found: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(found, schema=CONDITION, orient="row")


@pytest.mark.parametrize("of", ["team", "center"])
def test_a_condition_may_look_around(of: str) -> None:
    whole = on(bonus=[{"name": "team goal", "amount": "x", "cap": 5, "when": "aht < 300", "of": of}])
    found = [(who, key, value) for who in "ABC" for key, value in (("csat", 80), ("bonus.0.amount", 3))]
    # A value of the subject's own under the same key is another matter.
    found.append(("B", "bonus.0.when", 1))
    told = [("A", "bonus.0.when", 1, None), ("B", "bonus.0.when", 0, None), ("C", "bonus.0.when", None, "not-covered")]
    scores = run(whole, found, around=around(*told))
    assert scores.scores["score"].to_list() == [83.00, 80.00, 80.00]
    assert scores.scores["status"].to_list() == ["scored", "scored", "provisional"]
    assert (item(scores, "C")["reason"], item(scores)["of"]) == ("not-covered", of)


# ---------------------------------------------------------------- red lines that last a year

YEARLY = [{"name": "fraud", "when": "fraud > 0", "score_at_most": 59, "lasts": "year"}]


def lasted(now: Any, *earlier: tuple[str, Any]) -> Scores:
    before = [
        ("A", "red_lines.0.when", value, None if value is not None else "gone", label) for label, value in earlier
    ]
    frame = pl.DataFrame(before, schema=LASTING, orient="row")
    return run(on(red_lines=YEARLY), [("A", "csat", 80), ("A", "red_lines.0.when", now)], lasting=frame)


@pytest.mark.parametrize(
    ("now", "earlier", "score", "fired_in"),
    [
        (0, [], 80.00, None),
        (0, [("2026-08", 0), ("2026-09", 0)], 80.00, None),
        (1, [("2026-08", 0), ("2026-09", 0)], 59.00, "2026-10"),
        (0, [("2026-08", 1), ("2026-09", 0)], 59.00, "2026-08"),
        (1, [("2026-08", 0), ("2026-09", 1)], 59.00, "2026-09, 2026-10"),
        (0, [("2026-08", None), ("2026-09", 1)], 59.00, "2026-09"),
        (None, [("2026-08", 1)], 59.00, "2026-08"),
        (1, [("2026-08", None)], 59.00, "2026-10"),
    ],
)
def test_a_red_line_that_lasts_a_year_fires_again(now: Any, earlier: Any, score: float, fired_in: str | None) -> None:
    scores = lasted(now, *earlier)
    assert (printed(scores), one(scores)["status"]) == (score, "scored")
    assert (item(scores)["fired_in"], item(scores)["fired"]) == (fired_in, fired_in is not None)


@pytest.mark.parametrize(
    ("now", "earlier", "reason"),
    [(0, [("2026-08", None), ("2026-09", 0)], "gone"), (None, [("2026-08", 0)], "no-rows"), (None, [], "no-rows")],
)
def test_where_a_cycle_is_not_known_nobody_is_cleared(now: Any, earlier: Any, reason: str) -> None:
    scores = lasted(now, *earlier)
    assert (one(scores)["status"], item(scores)["judged"], item(scores)["reason"]) == ("provisional", False, reason)
    assert item(scores)["fired_in"] is None


# ---------------------------------------------------------------- pools

IDEAS = {"name": "ideas", "amount": "x", "cap": 6, "pool": 10}


def asking(found: dict[str, float | None], more: Any = None, base: float = 60) -> list[tuple[Any, ...]]:
    values = [(who, "csat", base) for who in found]
    return [*values, *((who, "bonus.0.amount", amount) for who, amount in found.items()), *(more or [])]


def amounts(scores: Scores) -> list[float | None]:
    return scores.adjustments.filter(kind="bonus")["amount"].to_list()


def test_a_pool_that_is_asked_for_too_much_gives_all_the_same_share() -> None:
    scores = run(on(bonus=[IDEAS]), asking({"A": 6, "B": 6, "C": 3}))
    assert amounts(scores) == [4.00, 4.00, 2.00]
    assert scores.scores["score"].to_list() == [64.00, 64.00, 62.00]
    first = item(scores)
    assert {key: first[key] for key in ("requested", "capped", "pool", "pool_group", "pool_asked", "amount")} == {
        "requested": 6, "capped": 6, "pool": 10, "pool_group": "", "pool_asked": 15, "amount": 4,
    }  # fmt: skip


def test_requests_count_after_their_own_cap() -> None:
    assert amounts(run(on(bonus=[IDEAS]), asking({"A": 60, "B": 6, "C": 3}))) == [4.00, 4.00, 2.00]


def test_a_pool_that_suffices_changes_nothing() -> None:
    assert amounts(run(on(bonus=[IDEAS]), asking({"A": 3.337, "B": 6}))) == [3.337, 6]
    # The sum is a hair above 0.1025 in binary, and not more than the pool holds.
    assert amounts(run(on(bonus=[{**IDEAS, "pool": 0.1025}]), asking({"A": 0.0025, "B": 0.1}))) == [0.0025, 0.1]


@pytest.mark.parametrize(
    ("value", "expected"), [(3.9999999999999996, 4.00), (3.999, 3.99), (0.29, 0.29), (1.15, 1.15), (0, 0)]
)
def test_down_is_decided_on_decimal_digits(value: float, expected: float) -> None:
    assert pl.select(down(pl.lit(float(value)), 2)).item() == expected


def test_shares_are_rounded_down() -> None:
    assert amounts(run(on(bonus=[{**IDEAS, "pool": 1}]), asking({"A": 1, "B": 1, "C": 1}))) == [0.33, 0.33, 0.33]


def test_red_lined_and_withheld_subjects_neither_get_nor_count() -> None:
    red = [{"name": "rude", "when": "rude > 0", "pay": 0}]
    found = [
        *asking({"A": 6, "B": 6, "C": 3, "D": 5, "E": 5}),
        *((who, "red_lines.0.when", int(who == "D")) for who in "ABCDE"),
    ]
    found = [("E", "csat", None) if row[:2] == ("E", "csat") else row for row in found]
    scores = run(on(bonus=[IDEAS], red_lines=red), found)
    assert scores.scores["status"].to_list() == ["scored"] * 4 + ["withheld"]
    assert amounts(scores) == [4.00, 4.00, 2.00, 0, 0]
    got = scores.adjustments.filter(kind="bonus")
    assert got["fired"].to_list() == [True, True, True, False, False]
    assert got["judged"].all()


def test_a_pool_of_each_team() -> None:
    whole = on(bonus=[{**IDEAS, "pool_by": "team"}])
    teams = pl.DataFrame({"subject": list("ABCDE"), "team": ["x", "y", "x", None, None]})
    scores = run(whole, asking({"A": 6, "B": 6, "C": 6, "D": 1, "E": 0}), people=teams)
    assert amounts(scores) == [5, 6, 5, None, 0]
    assert scores.adjustments["pool_group"].to_list() == ["x", "y", "x", None, None]
    assert scores.adjustments["pool_asked"].to_list() == [12, 6, 12, None, None]
    # Nobody can tell whose pool D's request is drawn from; E asks for nothing.
    assert scores.scores["status"].to_list() == ["scored", "scored", "scored", "provisional", "scored"]
    assert item(scores, "D")["reason"] == "no-pool-group"


def test_without_a_roster_no_pool_by_team_is_judged() -> None:
    scores = run(on(bonus=[{**IDEAS, "pool_by": "team"}]), asking({"A": 6, "B": 0}))
    assert scores.scores["status"].to_list() == ["provisional", "scored"]


def test_items_of_one_name_share_a_pool_and_kinds_do_not() -> None:
    two = [IDEAS, {**IDEAS, "amount": "y"}, {**IDEAS, "name": "other"}]
    whole = on(bonus=two, deductions=[IDEAS])
    keys = ("bonus.0.amount", "bonus.1.amount", "bonus.2.amount", "deductions.0.amount")
    found = [(who, key, 5) for who in "AB" for key in keys] + [(who, "csat", 60) for who in "AB"]
    scores = run(whole, found)
    assert scores.adjustments.filter(subject="A")["amount"].to_list() == [2.5, 2.5, 5, 5]


def test_who_may_yet_ask_leaves_the_pool_open() -> None:
    """B is not judged and may ask for as much as 6: with 3 + 6 <= 10 A's share is known, with 5 + 6 it is not."""
    known = run(on(bonus=[IDEAS]), asking({"A": 3, "B": None}))
    assert known.scores["status"].to_list() == ["scored", "provisional"]
    unknown = run(on(bonus=[IDEAS]), asking({"A": 5, "B": None, "C": 0}))
    assert unknown.scores["status"].to_list() == ["provisional", "provisional", "scored"]
    assert [row["reason"] for row in unknown.adjustments.to_dicts()] == ["pool-not-judged", "no-rows", None]


requests = st.dictionaries(
    st.sampled_from([f"A{n}" for n in range(12)]), st.decimals(0, 9, places=2), min_size=1, max_size=12
)


@settings(deadline=None, max_examples=60)
@given(requests, st.decimals("0.01", 30, places=2))
def test_a_pool_pays_no_more_than_it_holds_and_nobody_more_than_asked(found: dict[str, Decimal], pool: Decimal) -> None:
    scores = run(
        on(bonus=[{**IDEAS, "cap": 9, "pool": float(pool)}]), asking({who: float(a) for who, a in found.items()})
    )
    paid = [Decimal(str(amount)) for amount in amounts(scores)]
    asked = [found[who] for who in sorted(found)]
    assert sum(paid) <= pool
    assert all(got <= wanted for got, wanted in zip(paid, asked, strict=True))
    total = sum(map(Fraction, asked))
    # Exactly the rule, in fractions.
    for got, wanted in zip(paid, asked, strict=True):
        share = Fraction(wanted) if total <= pool else Fraction(wanted) * Fraction(pool) / total
        expected = share if total <= pool else Fraction(int(share * 100), 100)
        assert Fraction(got) == expected


@settings(deadline=None, max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_order_of_subjects_changes_nothing(random: Any) -> None:
    found = asking({"A": 6, "B": 3.3, "C": 1.7, "D": 5})
    teams = pl.DataFrame({"subject": list("ABCD"), "team": ["x", "y", "x", "y"]})
    whole = on(bonus=[{**IDEAS, "pool": 5, "pool_by": "team"}])
    mixed = run(
        whole,
        random.sample(found, len(found)),
        subjects=people(*random.sample("ABCD", 4)),
        people=teams.sample(4, shuffle=True, seed=random.randrange(100)),
    )
    straight_on = run(whole, found, people=teams)
    assert_frame_equal(mixed.adjustments, straight_on.adjustments, check_exact=True)
    assert_frame_equal(mixed.scores, straight_on.scores, check_exact=True)


def test_the_frame_is_as_documented() -> None:
    scores = run(on(bonus=[IDEAS], red_lines=YEARLY), [("A", "csat", 80)])
    assert dict(scores.adjustments.schema) == COLUMNS
    assert run(on(), [("A", "csat", 80)]).adjustments.schema == scores.adjustments.schema
