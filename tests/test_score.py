"""Scores: the worked examples to the digit, windows and missing values, refusals, and the laws as properties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scoring_frames import OCTOBER, card, kpi, one, people, printed, rows, run, straight

from ccmetrics.period import Period, parse
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score import Scores, half_up, score
from ccmetrics.stages.score.lines import _shorter
from ccmetrics.stages.score.supported import unsupported

FOUR = {"csat": 30, "fcr": 30, "quality": 20, "speed": 20}
THREE_VALUES = [("A", "fcr", 62, 50), ("A", "quality", 95, 9), ("A", "speed", 90, 400)]
PEERS = [("csat", 78, 900), ("fcr", 70, 900), ("quality", 80, 90), ("speed", 70, 900)]
ADJUST = {
    "bonus": [{"name": "ideas adopted", "amount": "2 * ideas_adopted", "cap": 6}],
    "deductions": [{"name": "high-risk contact", "amount": "5 * high_risk", "cap": 20}],
    "coefficients": [{"name": "risk awareness", "when": "risk_leads >= 3", "factor": 1.05}],
    "red_lines": [{"name": "rudeness", "when": "red_line_events > 0", "score_at_most": 59}],
}


def four(**more: Any) -> Any:
    return card([straight(name, weight) for name, weight in FOUR.items()], **more)


def adjusted(base: float, bonus: Any, risk: Any, aware: Any, red: Any, **more: Any) -> Scores:
    return run(
        card([straight("csat", 100)], adjust={**ADJUST, **more}),
        [
            ("A", "csat", base),
            ("A", "bonus.0.amount", bonus),
            ("A", "deductions.0.amount", risk),
            ("A", "coefficients.0.when", aware),
            ("A", "red_lines.0.when", red),
        ],
    )


def status(scores: Scores, name: str, subject: str = "A") -> str:
    wanted = (pl.col("subject") == subject) & (pl.col("kpi") == name)
    return str(scores.lines.filter(wanted)["status"].item())


# ---------------------------------------------------------------- order of the parts


def test_base_then_added_and_taken_then_multiplied() -> None:
    found = one(adjusted(96.40, 4, 10, 1, 0))
    assert (found["base"], found["bonus"], found["deductions"], found["coefficient"]) == (96.40, 4, 10, 1.05)
    assert found["score"] == 94.92
    assert (found["status"], found["why"], found["capped_at"]) == ("scored", None, None)


def test_a_red_line_comes_last() -> None:
    found = one(adjusted(96.40, 4, 10, 1, 1))
    assert (found["score"], found["capped_at"]) == (59.00, 59)


def test_a_red_line_lifts_nobody() -> None:
    assert printed(adjusted(40, 0, 0, 0, 1)) == 40.00


def test_an_automatic_fail_makes_zero() -> None:
    fail = [{"name": "critical answer", "when": "critical > 0", "score_at_most": 0}]
    assert printed(adjusted(96.40, 4, 0, 1, 1, red_lines=fail)) == 0.00


def test_each_amount_is_capped_by_its_item() -> None:
    scores = adjusted(80, 8, 35, 0, 0)
    found = scores.adjustments.filter(pl.col("kind").is_in(["bonus", "deduction"]))
    assert found["requested"].to_list() == [8, 35]
    assert found["amount"].to_list() == [6, 20]
    assert printed(scores) == 66.00


def test_a_score_is_never_below_zero() -> None:
    assert printed(adjusted(10, 0, 20, 1, 0)) == 0.00


def test_an_amount_below_zero_is_no_amount() -> None:
    assert printed(adjusted(80, -3, -5, 0, 0)) == 80.00


@pytest.mark.parametrize(("factors", "expected"), [((1.05, 0.98), 1.029), ((1.15, 1.15), 1.2), ((0.8, 0.9), 0.8)])
def test_coefficients_multiply_within_their_limits(factors: tuple[float, float], expected: float) -> None:
    items = [{"name": f"c{at}", "when": "x > 0", "factor": factor} for at, factor in enumerate(factors)]
    conditions = [("A", f"coefficients.{at}.when", 1) for at in range(2)]
    scores = run(card([straight("csat", 100)], adjust={"coefficients": items}), [("A", "csat", 100), *conditions])
    assert one(scores)["coefficient"] == pytest.approx(expected, abs=1e-12)
    assert printed(scores) == round(100 * expected, 2)


def test_a_coefficient_on_pay_leaves_the_score() -> None:
    items = [{"name": "nights", "when": "x > 0", "factor": 1.1, "on": "pay"}]
    on = card([straight("csat", 100)], adjust={"coefficients": items})
    assert printed(run(on, [("A", "csat", 80), ("A", "coefficients.0.when", 1)])) == 80.00


def test_the_lowest_cap_of_those_that_fired_holds() -> None:
    caps = [{"name": str(cap), "when": "x > 0", "score_at_most": cap} for cap in (30, 59, 45)]
    on = card([straight("csat", 100)], adjust={"red_lines": caps})
    fired = [("A", "red_lines.0.when", 0), ("A", "red_lines.1.when", 1), ("A", "red_lines.2.when", 1)]
    assert printed(run(on, [("A", "csat", 80), *fired])) == 45.00


def test_an_amount_with_a_condition_counts_only_where_it_holds() -> None:
    on = card([straight("csat", 100)], adjust={"bonus": [{"name": "b", "amount": "x", "when": "y > 1", "cap": 9}]})
    held = [("A", "bonus.0.amount", 5), ("A", "bonus.0.when", 1), ("B", "bonus.0.amount", 5), ("B", "bonus.0.when", 0)]
    scores = run(on, [("A", "csat", 80), ("B", "csat", 80), *held])
    assert (printed(scores), printed(scores, "B")) == (85, 80)
    assert scores.adjustments["fired"].to_list() == [True, False]


@pytest.mark.parametrize("unknown", ["bonus", "risk", "aware", "red"])
def test_what_cannot_be_judged_makes_a_score_provisional(unknown: str) -> None:
    known = {"bonus": 0, "risk": 0, "aware": 0, "red": 0} | {unknown: None}
    scores = adjusted(96.40, **known)
    found = one(scores)
    assert found["status"] == "provisional"
    assert found["why"].startswith("not-judged: ")
    assert scores.adjustments["judged"].to_list().count(False) == 1
    assert scores.adjustments.filter(~pl.col("judged"))["reason"].to_list() == ["no-rows"]


def test_an_unknown_condition_is_not_judged_and_a_false_one_is_whatever_the_amount() -> None:
    on = card([straight("csat", 100)], adjust={"bonus": [{"name": "b", "amount": "x", "when": "y", "cap": 9}]})
    scores = run(
        on,
        [
            ("A", "csat", 80), ("A", "bonus.0.amount", 5), ("A", "bonus.0.when", None, None, 1, "table-not-supplied"),
            ("B", "csat", 80), ("B", "bonus.0.amount", None), ("B", "bonus.0.when", 0),
        ],
    )  # fmt: skip
    assert scores.scores["status"].to_list() == ["provisional", "scored"]
    assert scores.adjustments["reason"].to_list() == ["table-not-supplied", None]


# ---------------------------------------------------------------- rounding


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (94.995, 2, "95.00"),
        (94.994, 2, "94.99"),
        (94.99499999999999, 2, "95.00"),  # what is left of 94.995 after some arithmetic
        (94.9949, 2, "94.99"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (0.0000005, 6, "0.000001"),
        (0, 2, "0.00"),
    ],
)
def test_half_up_on_decimal_digits(value: float, decimals: int, expected: str) -> None:
    found = pl.DataFrame({"v": [float(value)]}).select(half_up(pl.col("v"), decimals)).item()
    assert f"{found:.{decimals}f}" == expected
    assert found == float(expected)


def test_rounding_comes_after_everything_and_once() -> None:
    # 94.995 x 1.05 = 99.74475; from a base already rounded to 95.00 it would print 99.75.
    assert printed(adjusted(94.995, 0, 0, 1, 0)) == 99.74


@settings(deadline=None)
@given(st.integers(0, 150_000), st.sampled_from([0.1, 0.3, 0.7, 1.1]))
def test_half_up_agrees_with_decimal_arithmetic(thousandths: int, detour: float) -> None:
    """A three-digit score that went through some binary arithmetic prints as its decimal digits say."""
    worn = (thousandths / 1000 + detour) * 3 / 3 - detour
    found = pl.DataFrame({"v": [max(worn, 0.0)]}).select(half_up(pl.col("v"), 2)).item()
    assert round(found * 100) == (thousandths + 5) // 10


# ---------------------------------------------------------------- missing values


def test_the_weighted_mean_of_points() -> None:
    assert printed(run(four(), [("A", "csat", 60, 30), *THREE_VALUES])) == 73.60


@pytest.mark.parametrize(
    ("policy", "expected", "line"),
    [
        ("neutral", 79.00, "neutral"),
        ("redistribute", 79.43, "redistributed"),
        ("floor", 55.60, "floor"),
        ("withhold", None, "withheld"),
        (None, None, "withheld"),
    ],
)
@pytest.mark.parametrize("on_line", [True, False])
def test_one_of_four_is_missing(policy: str, expected: float | None, line: str, on_line: bool) -> None:
    lines = [straight(name, weight) for name, weight in FOUR.items()]
    if on_line:
        lines[0]["missing"] = policy
    on = card(lines, missing="withhold" if on_line else policy)
    scores = run(on, THREE_VALUES, PEERS)
    found = one(scores)
    assert found["score"] == expected
    assert found["coverage"] == pytest.approx(0.7)
    assert status(scores, "csat") == line
    assert (found["status"], found["why"]) == (("scored", None) if expected else ("withheld", "missing: csat"))
    assert scores.missing.rows() == [("csat", "", "no-rows", 1)]


def test_neutral_without_a_pooled_value_withholds() -> None:
    scores = run(four(missing="neutral"), THREE_VALUES, PEERS[1:])
    assert (one(scores)["status"], status(scores, "csat")) == ("withheld", "withheld")


def test_floor_is_the_lowest_of_the_curve() -> None:
    on = card([{"kpi": "csat", "weight": 40, "points": [[1, 20], [5, 100]], "missing": "floor"}, straight("fcr", 60)])
    assert printed(run(on, [("A", "fcr", 100)])) == 68.00


@pytest.mark.parametrize("policy", ["neutral", "redistribute", "floor"])
def test_too_little_of_a_subjects_own_is_always_withheld(policy: str) -> None:
    scores = run(four(missing=policy), [("A", "csat", 60), ("A", "quality", 95)], PEERS)
    assert (one(scores)["status"], one(scores)["why"], one(scores)["score"]) == ("withheld", "coverage", None)
    assert one(scores)["coverage"] == pytest.approx(0.5)


def test_just_enough_coverage_is_enough() -> None:
    weights = (0.3, 0.2, 0.1, 0.05, 0.05, 0.2, 0.1)  # in doubles the first three are 0.5999999999999999 of all
    on = card([straight(f"k{at}", weight) for at, weight in enumerate(weights)], missing="redistribute")
    assert printed(run(on, [("A", f"k{at}", 50) for at in range(3)])) == 50.00


def test_nothing_at_all_is_no_score() -> None:
    scores = run(four(missing="redistribute", min_coverage=0), [("A", "other", 1)])
    assert (one(scores)["status"], one(scores)["why"], one(scores)["score"]) == ("withheld", "no-values", None)


def test_every_subject_and_line_is_listed() -> None:
    scores = run(four(), [("B", "csat", 60)], subjects=people("B", "A"))
    assert scores.scores["subject"].to_list() == ["A", "B"]
    assert scores.lines.select("subject", "kpi").rows() == [(who, name) for who in "AB" for name in FOUR]
    assert scores.lines.filter(pl.col("status") == "own")["reason"].to_list() == [None]


def test_contributions_sum_to_the_base() -> None:
    scores = run(four(missing="redistribute"), THREE_VALUES)
    assert scores.lines["contribution"].sum() == pytest.approx(one(scores)["base"])
    assert scores.lines["contribution"].to_list()[0] is None


def test_who_was_hardly_there_is_listed_and_not_scored() -> None:
    there = run(four(), [("A", "csat", 60), *THREE_VALUES], subjects=people("A", presence=0.5))
    hardly = run(four(), [("A", "csat", 60), *THREE_VALUES], subjects=people("A", presence=0.49))
    assert (one(there)["status"], one(hardly)["status"], one(hardly)["why"]) == ("scored", "withheld", "presence")


def test_a_total_meets_the_goal_of_the_time_present() -> None:
    on = card([{"kpi": "revenue", "weight": 100, "floor": 0, "target": 40_000}])
    total = {"revenue": kpi("revenue", cumulative=True)}
    found = [("A", "revenue", 15_000)]
    assert printed(run(on, found, subjects=people("A", presence=11 / 22), kpis=total)) == 75.00
    assert printed(run(on, found, kpis=total)) == 37.50
    assert printed(run(on, found, subjects=people("A", presence=11 / 22))) == 37.50


LESS = {"kpi": "speed", "weight": 100, "floor": 450, "target": 300, "stretch": 240}
WITHIN = {"kpi": "speed", "weight": 100, "ideal": [75, 85], "limits": [55, 95]}
KNOTS = {"kpi": "speed", "weight": 100, "points": [[1, 0], [3, 80], [5, 120]]}
SIDES = {"kpi": "speed", "weight": 100, "points": [[50, 0], [70, 100], [80, 120], [104, 0]]}
LOW = {"kpi": "speed", "weight": 100, "points": [[1, 0], [3, 99]]}
JUMP = {"kpi": "speed", "weight": 100, "points": [[1, 0], [3, 80], [3, 110]]}


@pytest.mark.parametrize(
    ("line", "value", "gap"),
    [
        (LESS, 375, -75),
        (LESS, 300, 0),
        (LESS, 250, 0),
        (WITHIN, 60, 15),
        (WITHIN, 91, -6),
        (WITHIN, 80, 0),
        # 100 points are half of the way from 80 to 120.
        (KNOTS, 3, 1),
        (KNOTS, 1, 3),
        (KNOTS, 5, 0),
        ({**KNOTS, "steps": True}, 4.5, 0.5),
        # Down from 80 the curve loses 5 points a second: 100 at 84. Up it has them at 70.
        (SIDES, 100, -16),
        (SIDES, 60, 10),
        ({**SIDES, "steps": True}, 100, -20),
        (JUMP, 2, 1),
        (LOW, 2, None),
        (LOW, 3, None),
    ],
)
def test_how_far_a_value_is_from_what_earns_100_points(line: dict[str, Any], value: float, gap: float | None) -> None:
    better = "lower" if line is LESS else "range" if line is WITHIN or line["points"][-1] == [104, 0] else "higher"
    lower = {"speed": kpi("speed", better=better)}
    assert run(card([line]), [("A", "speed", value)], kpis=lower).lines["gap"].item() == gap


def test_of_two_ways_the_shorter_one_is_gone_and_of_one_that_one() -> None:
    ways = pl.DataFrame({"up": [3.0, 3.0, None, 2.0, None], "down": [-2.0, None, -2.0, -2.0, None]})
    assert ways.select(_shorter(pl.col("up"), pl.col("down"))).to_series().to_list() == [-2.0, 3.0, -2.0, 2.0, None]


def test_the_way_to_a_goal_of_the_time_present() -> None:
    """Half of the cycle there: 20,000 is the goal. What is too thin to score has no way to anything."""
    on = card([{"kpi": "revenue", "weight": 100, "floor": 0, "target": 40_000}])
    total = {"revenue": kpi("revenue", cumulative=True)}
    half = run(on, [("A", "revenue", 15_000)], subjects=people("A", presence=0.5), kpis=total)
    assert half.lines["gap"].item() == 5_000
    thin = card([{**straight("csat", 100), "min_n": 20, "missing": "floor"}])
    assert run(thin, [("A", "csat", 90, 8)]).lines["gap"].item() is None


# ---------------------------------------------------------------- the score under each other policy


def under(scores: Scores, subject: str = "A") -> dict[str, tuple[float | None, bool]]:
    found = scores.policies.filter(pl.col("subject") == subject)
    return {policy: (score, official) for _, policy, score, official in found.rows()}


@pytest.mark.parametrize("policy", ["withhold", "floor", "neutral", "redistribute"])
def test_the_score_under_every_policy_stands_beside_the_official_one(policy: str) -> None:
    other = [("B", name, 50) for name in FOUR]
    scores = run(four(missing=policy), [*THREE_VALUES, *other], PEERS)
    expected = {"withhold": None, "floor": 55.60, "neutral": 79.00, "redistribute": 79.43}
    assert under(scores) == {name: (score, name == policy) for name, score in expected.items()}
    assert one(scores)["score"] == expected[policy]
    # Who lacks nothing has the same score by any.
    assert scores.policies["subject"].unique().to_list() == ["A"]


def test_a_mix_of_policies_is_none_of_them() -> None:
    lines = [
        straight("csat", 30, missing="floor"),
        straight("fcr", 30, missing="redistribute"),
        straight("quality", 40),
    ]
    scores = run(card(lines, min_coverage=0), [("A", "quality", 80), ("B", "quality", 80), ("B", "fcr", 50)])
    assert not scores.policies.filter(subject="A")["official"].any()
    assert under(scores)["redistribute"] == (80.00, False)
    # What B lacks has one policy: the other line is B's own.
    assert under(scores, "B")["floor"] == (47.00, True)


def test_too_little_of_ones_own_is_withheld_under_any_policy() -> None:
    scores = run(four(missing="redistribute"), [("A", "csat", 60), ("A", "quality", 95)], PEERS)
    assert {score for score, _ in under(scores).values()} == {None}


def test_other_policies_meet_the_same_adjustments() -> None:
    on = four(missing="floor", adjust={"red_lines": [{"name": "r", "when": "x", "score_at_most": 59}]})
    scores = run(on, [*THREE_VALUES, ("A", "red_lines.0.when", 1)], PEERS)
    assert {policy: score for policy, (score, _) in under(scores).items()} == {
        "withhold": None, "floor": 55.60, "neutral": 59.00, "redistribute": 59.00,
    }  # fmt: skip


def test_a_part_of_a_cycle_has_no_score_by_any_policy() -> None:
    scores = run(four(missing="floor"), THREE_VALUES, PEERS, period=parse("2026-W41"))
    assert scores.policies["score"].null_count() == scores.policies.height


# ---------------------------------------------------------------- windows


def window(found: list[tuple[Any, ...]], policy: str = "floor", peers: list[tuple[Any, ...]] | None = None) -> Scores:
    return run(card([straight("csat", 100, min_n=20, window=3, missing=policy)], min_coverage=0), found, peers or [])


def line(scores: Scores) -> dict[str, Any]:
    return scores.lines.row(0, named=True)


def test_the_window_extends_by_whole_cycles_until_n_is_enough() -> None:
    found = line(window([("A", "csat", 90, 9, 1), ("A", "csat", 85, 17, 2), ("A", "csat", 80, 24, 3)]))
    assert (found["value"], found["n"], found["cycles"], found["points"]) == (80, 24, 3, 80)
    assert (found["status"], found["reason"]) == ("own", None)


def test_the_window_stops_as_soon_as_n_is_enough() -> None:
    found = line(window([("A", "csat", 80, 44, 3), ("A", "csat", 85, 20, 2), ("A", "csat", 90, 19, 1)]))
    assert (found["value"], found["n"], found["cycles"]) == (85, 20, 2)


def test_the_window_is_no_longer_than_the_line_says() -> None:
    found = line(window([("A", "csat", 90, 9, 1), ("A", "csat", 85, 17, 3), ("A", "csat", 70, 40, 4)]))
    assert (found["value"], found["n"], found["cycles"], found["points"]) == (85, 17, 3, 0)
    assert (found["status"], found["reason"]) == ("floor", "below-min-n")


def test_an_unknown_n_is_not_enough() -> None:
    found = line(window([("A", "csat", 90, None, 1)]))
    assert (found["status"], found["reason"], found["points"]) == ("floor", "n-unknown", 0)


def test_neutral_is_pooled_over_the_window() -> None:
    peers = [("csat", 70, 100, 1), ("csat", 75, 200, 3), ("csat", 99, 300, 4)]
    found = line(window([("A", "csat", 90, 9, 1)], "neutral", peers))
    assert (found["points"], found["status"], found["value"]) == (75, "neutral", 90)


def test_without_min_n_any_value_is_enough() -> None:
    on = card([straight("csat", 100, window=2)])
    scores = run(on, [("A", "csat", None, 0, 1, "denominator-zero"), ("A", "csat", 70, 3, 2)])
    assert (line(scores)["value"], line(scores)["cycles"], printed(scores)) == (70, 2, 70.00)


def test_the_reason_of_the_period_is_kept() -> None:
    scores = run(card([straight("csat", 100)]), [("A", "csat", None, 0, 1, "denominator-zero")])
    assert line(scores)["reason"] == "denominator-zero"
    assert scores.missing.rows() == [("csat", "", "denominator-zero", 1)]


def test_a_line_takes_the_variant_it_names_else_the_default() -> None:
    both = {"a": {"formula": "x / y"}, "b": {"formula": "x / z"}}
    many = {"sl": kpi("sl", formula=None, variants=both, default="b")}
    found = [("A", "sl", 10, 5, 1, None, "a"), ("A", "sl", 20, 5, 1, None, "b")]
    assert printed(run(card([straight("sl", 100)]), found, kpis=many)) == 20.00
    assert printed(run(card([straight("sl", 100, variant="a")]), found, kpis=many)) == 10.00
    twice = card([straight("sl", 50, variant="a"), straight("sl", 50, variant="b")])
    assert printed(run(twice, found, kpis=many)) == 15.00


# ---------------------------------------------------------------- a card that cannot be scored for anybody


def undelivered(who: str, name: str, reason: str = "table-not-supplied") -> tuple[Any, ...]:
    return (who, name, None, 0, 1, reason)


def test_a_table_nobody_supplied_leaves_values_only() -> None:
    found = [row for who in "AB" for row in [undelivered(who, "csat"), *[(who, *rest) for _, *rest in THREE_VALUES]]]
    scores = run(four(), found)
    assert scores.scores.select("status", "why", "score", "base").unique().rows() == [
        ("values-only", "not-supplied: csat", None, None)
    ]
    assert scores.missing.rows() == [("csat", "", "table-not-supplied", 2)]
    assert scores.lines["value"].null_count() == 2


def test_too_little_reachable_coverage_leaves_values_only() -> None:
    found = [undelivered("A", "csat"), undelivered("A", "fcr", "column-not-supplied"), *THREE_VALUES[1:]]
    scores = run(four(missing="redistribute"), found)
    assert (one(scores)["status"], one(scores)["why"]) == ("values-only", "not-supplied: csat, fcr")


def test_a_missing_table_that_can_be_spared_leaves_scores() -> None:
    scores = run(four(missing="redistribute"), [undelivered("A", "csat"), *THREE_VALUES])
    assert (one(scores)["status"], one(scores)["score"]) == ("scored", 79.43)


def test_what_one_subject_lacks_is_that_subjects_matter() -> None:
    others = [("B", *rest) for _, *rest in THREE_VALUES]
    scores = run(four(), [undelivered("A", "csat"), *THREE_VALUES, ("B", "csat", 60), *others])
    assert scores.scores["status"].to_list() == ["withheld", "scored"]


def test_tables_one_subject_lacks_do_not_take_the_score_from_the_others() -> None:
    lacking = [undelivered("A", "csat"), undelivered("A", "fcr"), *THREE_VALUES[1:]]
    others = [("B", "csat", 60), *[("B", *rest) for _, *rest in THREE_VALUES]]
    assert run(four(), [*lacking, *others]).scores["status"].to_list() == ["withheld", "scored"]


def test_part_of_a_cycle_shows_values_and_no_adjustments() -> None:
    on = card([straight("csat", 60), straight("revenue", 40)], adjust=ADJUST)
    total = {"revenue": kpi("revenue", cumulative=True)}
    scores = run(on, [("A", "csat", 80), ("A", "revenue", 90)], kpis=total, period=parse("2026-W41"))
    assert (one(scores)["status"], one(scores)["why"], one(scores)["score"]) == ("values-only", "short-period", None)
    assert scores.lines["points"].to_list() == [80, None]
    assert scores.adjustments.is_empty()


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("more", "where", "said"),
    [
        (
            {"target": {"2026-11-01": 90}},
            "target",
            "no target is in force on 2026-10-01; the first begins on 2026-11-01",
        ),
        (
            {"target": {"2026-10-02": 90}},
            "target",
            "no target is in force on 2026-10-01; the first begins on 2026-10-02",
        ),
        ({"weight": {"2026-10-16": 25}}, "weight", "no weight is in force on 2026-10-01"),
        (
            {"segments": {"by": "weekday", "curves": {"mon": {"floor": 1, "target": {"2026-11-01": 2}}}}},
            "segments.curves.mon.target",
            "line 2 (csat), mon: no target is in force",
        ),
    ],
)
def test_before_the_first_day_of_a_goal_there_is_none(more: dict[str, Any], where: str, said: str) -> None:
    on = card([straight("fcr", 50), {"kpi": "csat", "weight": 50, "floor": 50, "target": 100, **more}])
    with pytest.raises(DefinitionsRefused) as caught:
        run(on, [("A", "csat", 80)])
    assert [problem.place.file for problem in caught.value.problems] == [f"card agent: kpis.1.{where}"]
    assert [problem.name for problem in caught.value.problems] == ["no-goal-in-force"]
    assert said in str(caught.value)


def test_a_line_twice_is_refused() -> None:
    (found,) = unsupported(card([straight("csat", 50), straight("csat", 50)]), {"csat": kpi("csat")}, OCTOBER)
    assert (found.name, found.place.file) == ("duplicate-line", "card agent: kpis.1.kpi")


def test_a_total_has_no_longer_window_and_no_neutral_value() -> None:
    on = card([straight("revenue", 100, window=3)], missing="neutral")
    found = unsupported(on, {"revenue": kpi("revenue", cumulative=True)}, OCTOBER)
    assert [problem.place.file for problem in found] == ["card agent: kpis.0.missing", "card agent: kpis.0.window"]
    assert [problem.name for problem in found] == ["neutral-total", "total-over-window"]


def test_without_a_period_only_what_no_period_could_mend_is_refused() -> None:
    on = card([{"kpi": "csat", "weight": 100, "floor": 50, "target": {"2026-10-15": 95}}, straight("csat", 0)])
    assert [problem.name for problem in unsupported(on, {})] == ["duplicate-line"]


def test_goals_and_weights_by_date_that_hold_all_period_are_used() -> None:
    goal = {"2026-01-01": 50, "2026-10-01": 100, "2026-11-01": 200}
    on = card(
        [
            {"kpi": "csat", "weight": {"2026-01-01": 75}, "floor": 0, "target": goal},
            straight("fcr", 25),
        ]
    )
    assert printed(run(on, [("A", "csat", 80), ("A", "fcr", 100)])) == 85.00


@pytest.mark.parametrize(
    "found",
    [
        [("A", "csat", 80), ("A", "csat", 90)],
        [("A", "csat", float("nan"))],
        [("A", "csat", float("inf"))],
    ],
)
def test_frames_that_would_give_silent_wrong_numbers_are_bugs(found: list[tuple[Any, ...]]) -> None:
    with pytest.raises(ValueError, match=r"more than one row|inf or NaN"):
        run(card([straight("csat", 100)]), found)


def test_values_of_another_period_are_a_bug() -> None:
    on, september = card([straight("csat", 100)]), Period("2026-09", date(2026, 9, 1), date(2026, 10, 1), "month")
    with pytest.raises(ValueError, match="other periods"):
        score(on, {"csat": kpi("csat")}, Facts(september, rows([("A", "csat", 1)]), rows([], False), people("A")))


def test_nobody_to_score_is_empty_frames() -> None:
    scores = run(card([straight("csat", 100)], adjust=ADJUST), [])
    assert scores.scores.is_empty()
    assert scores.lines.is_empty()
    assert scores.adjustments.is_empty()


# ---------------------------------------------------------------- laws

whole = st.integers(0, 120)
values_of_four = st.fixed_dictionaries({name: whole | st.none() for name in FOUR})


def measured(found: Mapping[str, float | None], who: str = "A") -> list[tuple[Any, ...]]:
    return [(who, name, value, 30, 1, None if value is not None else "no-rows") for name, value in found.items()]


@settings(deadline=None, max_examples=16)
@given(values_of_four, st.floats(0.01, 1000), st.sampled_from(["neutral", "floor", "redistribute", "withhold"]))
def test_scaling_all_weights_changes_nothing(found: dict[str, float | None], by: float, policy: str) -> None:
    scaled = card([straight(name, weight * by) for name, weight in FOUR.items()], missing=policy)
    assert_frame_equal(
        run(scaled, measured(found), PEERS).scores, run(four(missing=policy), measured(found), PEERS).scores
    )


@settings(deadline=None, max_examples=24)
@given(
    st.fixed_dictionaries(dict.fromkeys(FOUR, whole)),
    st.sets(st.sampled_from(list(FOUR)), min_size=1),
    st.sampled_from(["neutral", "floor", "redistribute", "withhold"]),
)
def test_losing_data_never_raises_a_score_unsaid(found: dict[str, int], lost: set[str], policy: str) -> None:
    on = four(missing=policy)
    before = one(run(on, measured(found), PEERS))
    scores = run(on, measured({name: None if name in lost else value for name, value in found.items()}), PEERS)
    after = one(scores)
    assert before["coverage"] == 1
    assert after["coverage"] == pytest.approx(1 - sum(FOUR[name] for name in lost) / 100)
    assert set(scores.missing["kpi"]) == lost
    official = scores.policies.filter("official")
    assert official.select("policy", "score").rows() == [(policy, after["score"])]
    least = scores.policies.filter(policy="floor")["score"].item()
    assert least is None or least <= before["score"]
    if policy in {"floor", "withhold"}:
        assert after["score"] is None or after["score"] <= before["score"]


@settings(deadline=None, max_examples=24)
@given(values_of_four, st.sampled_from(list(FOUR)), st.integers(1, 50))
def test_a_better_value_never_lowers_a_score(found: dict[str, float | None], name: str, more: int) -> None:
    on = four(missing="neutral", min_coverage=0)
    better = {**found, name: None if found[name] is None else found[name] + more}  # type: ignore[operator]
    assert printed(run(on, measured(better), PEERS)) >= printed(run(on, measured(found), PEERS))  # type: ignore[operator]


@settings(deadline=None, max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random: Any) -> None:
    found = [(who, name, value / 7, 9, 1) for who in "ABC" for name, value in zip(FOUR, (60, 62, 95, 90), strict=True)]
    mixed, peers = random.sample(found, len(found)), random.sample(PEERS, len(PEERS))
    one_way, other = run(four(), found, PEERS), run(four(), mixed, peers, people(*random.sample("ABC", 3)))
    for name in ("lines", "adjustments", "scores", "missing", "policies", "goals", "effective"):
        assert_frame_equal(getattr(one_way, name), getattr(other, name), check_exact=True)
