"""Shares of volume that move with the score, within limits, and always make a whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from judging_frames import judged, plain

from ccmetrics.stages.judge import Judged


def shared(points: dict[str, float | None], volumes: dict[str, float | None], found: Any = (), **limits: Any) -> Judged:
    on = plain(shares={"measure": "handled"} | limits.pop("shares", {}) | limits)
    return judged(on, points, [*((who, "shares.measure", volume) for who, volume in volumes.items()), *found])


def next_of(found: Judged) -> dict[str, float | None]:
    return dict(found.shares.select("subject", "next_share").iter_rows())


POINTS = {"V1": 100.0, "V2": 90.0, "V3": 60.0}
VOLUMES = {"V1": 5000.0, "V2": 3000.0, "V3": 2000.0}


def test_the_worked_example() -> None:
    found = shared(POINTS, VOLUMES, min=0.15)
    assert found.shares["share"].to_list() == pytest.approx([0.5, 0.3, 0.2])
    assert [round(100 * share, 1) for share in found.shares["next_share"]] == [55.2, 29.8, 15.0]
    assert found.shares["clamped"].to_list() == [False, False, True]
    assert found.shares["score"].to_list() == [100, 90, 60]
    assert found.shares["volume"].to_list() == [5000, 3000, 2000]
    assert found.notices == ()


def test_without_limits_shares_are_in_proportion_to_share_times_score() -> None:
    # 50 x 100, 30 x 90, 20 x 60 are 5000, 2700, 1200 of 8900.
    assert list(next_of(shared(POINTS, VOLUMES)).values()) == pytest.approx([5000 / 8900, 2700 / 8900, 1200 / 8900])


def test_one_held_down_and_another_held_up_at_once() -> None:
    found = shared(POINTS, VOLUMES, min=0.15, max=0.45)
    # V1 would have 56.2%: 45. V3 alone would have 13.5%, but of the 55% left 27 to 12 is 38.1 to 16.9: not held up.
    assert list(next_of(found).values()) == pytest.approx([0.45, 0.55 * 27 / 39, 0.55 * 12 / 39])
    assert found.shares["clamped"].to_list() == [True, False, False]


def test_who_has_no_score_keeps_its_share_and_the_others_divide_theirs() -> None:
    found = shared(POINTS | {"V2": None}, VOLUMES)
    # 70% between 50 x 100 and 20 x 60.
    assert next_of(found) == pytest.approx({"V1": 0.7 * 50 / 62, "V2": 0.3, "V3": 0.7 * 12 / 62})
    assert found.notices == ("Not scored, so their share of volume stays: V2.",)


def test_a_provisional_score_moves_nothing_yet() -> None:
    on = plain(
        shares={"measure": "handled"}, adjust={"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": "C"}]}
    )
    known = [("V1", "red_lines.0.when", 0), ("V3", "red_lines.0.when", 0)]
    found = judged(on, POINTS, [*((who, "shares.measure", volume) for who, volume in VOLUMES.items()), *known])
    assert next_of(found) == pytest.approx({"V1": 0.7 * 50 / 62, "V2": 0.3, "V3": 0.7 * 12 / 62})
    assert found.shares["score"].to_list() == [100, None, 60]


def test_who_has_no_known_volume_has_no_share() -> None:
    found = shared(POINTS, VOLUMES | {"V3": None})
    assert next_of(found) == pytest.approx({"V1": 50 / 77, "V2": 27 / 77, "V3": None})
    assert found.shares["share"].to_list() == pytest.approx([0.625, 0.375, None])
    assert found.notices == ("No share of volume, because none is known: V3.",)


def test_no_volume_at_all() -> None:
    found = shared(POINTS, dict.fromkeys(POINTS, 0.0))
    assert set(next_of(found).values()) == {None}
    assert found.notices == ("No share of volume, because none is known: V1, V2, V3.",)


@pytest.mark.parametrize(("low", "high"), [(0.4, 1), (0, 0.3), (0.34, 0.35)])
def test_limits_that_leave_no_way_to_share_the_whole_are_said(low: float, high: float) -> None:
    found = shared(POINTS, VOLUMES, min=low, max=high)
    assert set(next_of(found).values()) == {None}
    assert found.notices == (
        f"No next shares: 3 with at least {low:.1%} and at most {high:.1%} each cannot share 100.0% of the volume by"
        " their scores.",
    )


def test_scores_of_nothing_move_nothing() -> None:
    found = shared(dict.fromkeys(POINTS, 0.0), VOLUMES)
    assert set(next_of(found).values()) == {None}
    assert found.notices[0].startswith("No next shares")


def test_a_score_of_nothing_leaves_the_least_share() -> None:
    assert next_of(shared({"V1": 100.0, "V2": 0.0}, {"V1": 60.0, "V2": 40.0}, min=0.1)) == {"V1": 0.9, "V2": 0.1}
    assert next_of(shared({"V1": 100.0, "V2": 0.0}, {"V1": 60.0, "V2": 40.0})) == {"V1": 1.0, "V2": 0.0}


def test_nobody_scored_and_one_vendor_alone() -> None:
    assert next_of(shared({"V1": None}, {"V1": 10.0})) == {"V1": 1.0}
    assert next_of(shared({"V1": 80.0}, {"V1": 10.0}, min=0.2)) == {"V1": 1.0}


def test_a_card_without_shares_has_none() -> None:
    assert judged(plain(), {"A": 100.0}).shares.is_empty()


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 12_000)), min_size=1, max_size=12),
    limits=st.tuples(st.integers(0, 60), st.integers(5, 100)),
    dice=st.randoms(use_true_random=False),
)
def test_shares_make_a_whole_within_their_limits(
    rows: list[tuple[int, int]], limits: tuple[int, int], dice: Any
) -> None:
    low, high = limits[0] / 100, limits[1] / 100
    assume(low <= high and sum(volume for volume, _ in rows))
    volumes = {f"V{at:02d}": float(volume) for at, (volume, _) in enumerate(rows)}
    points = {f"V{at:02d}": score / 100 for at, (_, score) in enumerate(rows)}
    found = shared(points, volumes, min=low, max=high)
    able = [who for who in points if points[who] * volumes[who] > 0]
    most = len(able) * high + (len(rows) - len(able)) * low
    if len(rows) * low > 1 + 1e-9 or most < 1 - 1e-9:
        assert set(next_of(found).values()) == {None}
        return
    if abs(len(rows) * low - 1) < 1e-9 or abs(most - 1) < 1e-9:
        return
    shares = found.shares["next_share"].to_list()
    assert sum(shares) == pytest.approx(1, abs=1e-9)
    assert all(low <= share <= high for share in shares)
    # In proportion among those that are held by no limit.
    weights = {who: points[who] * volumes[who] for who in points}
    free = [
        who for who, clamped in found.shares.select("subject", "clamped").iter_rows() if not clamped and weights[who]
    ]
    ratios = [next_of(found)[who] / weights[who] for who in free]
    assert all(ratio == pytest.approx(ratios[0], rel=1e-6) for ratio in ratios)
    order = list(points)
    dice.shuffle(order)
    again = shared({who: points[who] for who in order}, volumes, min=low, max=high)
    assert next_of(again) == next_of(found)
