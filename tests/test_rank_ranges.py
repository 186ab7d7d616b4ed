"""The rank as the range the data can tell."""

from __future__ import annotations

import random
import time
from itertools import product
from math import sqrt

import polars as pl
import pytest

from ccmetrics.stages.judge.ranks import ranged

SCHEMA = {"subject": pl.String, "status": pl.String, "score": pl.Float64, "low": pl.Float64, "high": pl.Float64}
Row = tuple[str, str, float | None, float | None, float | None]


def ranges(*rows: Row) -> dict[str, tuple[int | None, int | None]]:
    found = ranged(pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return {row["subject"]: (row["rank_low"], row["rank_high"]) for row in found.iter_rows(named=True)}


def about(name: str, score: float, half: float, status: str = "scored") -> Row:
    return name, status, score, score - half, score + half


def test_the_four_of_the_rule() -> None:
    found = ranges(about("A", 100, 2), about("B", 97, 2), about("C", 96, 6), about("D", 80, 3))
    assert found == {"A": (1, 2), "B": (2, 3), "C": (1, 3), "D": (4, 4)}


def test_the_half_widths_that_face_each_other_decide() -> None:
    # A reaches down to 99 and B up to 98: the root of 1 + 1 is less than the 3 between them, whatever lies outside.
    assert ranges(("A", "scored", 100, 99, 130), ("B", "scored", 97, 50, 98)) == {"A": (1, 1), "B": (2, 2)}
    assert ranges(("A", "scored", 100, 97, 101), ("B", "scored", 97, 96, 100)) == {"A": (1, 2), "B": (1, 2)}


def test_a_difference_that_just_reaches_the_root_is_not_clear() -> None:
    # 3, 4, 5; the doubles of these decimals are a hair apart.
    assert ranges(about("A", 97.12, 3), about("B", 92.12, 4)) == {"A": (1, 2), "B": (1, 2)}
    assert ranges(about("A", 97.13, 3), about("B", 92.12, 4)) == {"A": (1, 1), "B": (2, 2)}


def test_equal_scores_known_exactly_share_their_ranks() -> None:
    assert ranges(about("A", 90, 0), about("B", 90, 0), about("C", 80, 0)) == {"A": (1, 2), "B": (1, 2), "C": (3, 3)}


def test_whoever_has_no_interval_may_have_any_rank_and_pushes_nobody() -> None:
    found = ranges(about("A", 100, 1), about("B", 80, 1), ("X", "scored", 60, None, None))
    assert found == {"A": (1, 2), "B": (2, 3), "X": (1, 3)}


def test_only_scored_subjects_are_ranked() -> None:
    found = ranges(about("A", 90, 1), about("P", 99, 1, "provisional"), ("W", "withheld", None, None, None))
    assert found == {"A": (1, 1), "P": (None, None), "W": (None, None)}
    assert ranges(("W", "withheld", None, None, None)) == {"W": (None, None)}


def tiers(*rows: Row) -> list[str | None]:
    return ranged(pl.DataFrame(rows, schema=SCHEMA, orient="row"))["tier"].to_list()


def test_a_tier_is_what_even_the_worst_or_the_best_rank_tells() -> None:
    five = [about(name, score, 0) for name, score in zip("ABCDE", (90, 80, 70, 60, 50), strict=True)]
    # The third of five is in neither half.
    assert tiers(*five) == ["top", "top", "middle", "bottom", "bottom"]
    assert tiers(*five[:4]) == ["top", "top", "bottom", "bottom"]
    assert tiers(*five[:3]) == [None, None, None]
    # Ranks 1-2, 1-3, 2-3, 4, 5: B may be the third.
    wide = [about("A", 90, 8), about("B", 82, 8), about("C", 74, 8), *five[3:]]
    assert ranges(*wide) == {"A": (1, 2), "B": (1, 3), "C": (2, 3), "D": (4, 4), "E": (5, 5)}
    assert tiers(*wide) == ["top", "middle", "middle", "bottom", "bottom"]
    # X, of whom nothing is told, may be before each of the others: theirs are 1-2, 2-3, 3-4.
    assert tiers(*five[:3], ("X", "scored", 10, None, None)) == ["top", "middle", "bottom", "middle"]
    # Who has no full score is in no tier, and three and such a one are three.
    assert tiers(*five[:3], about("P", 99, 0, "provisional")) == [None, None, None, None]


def test_where_nobody_has_an_interval_there_is_no_tier() -> None:
    """`middle` would say that the data can tell, and tell that."""
    bare = [(name, "scored", float(score), None, None) for name, score in zip("ABCD", (90, 80, 70, 60), strict=True)]
    assert tiers(*bare) == [None] * 4
    assert tiers(*bare[:3], about("D", 60, 1)) == ["middle"] * 4


def test_five_thousand_quickly_and_some_of_them_by_hand() -> None:
    dice = random.Random(7)
    rows = [about(f"A{n:04}", round(dice.gauss(85, 10), 2), dice.uniform(1, 12)) for n in range(5000)]
    start = time.perf_counter()
    found = ranges(*rows)
    took = time.perf_counter() - start
    few = rows[:40]
    for (name, _, score, low, high), got in zip(few, map(ranges(*few).__getitem__, [r[0] for r in few]), strict=True):
        clear = {1: 0, -1: 0}
        for other, side in product(few, (1, -1)):
            gap = side * (other[2] - score)
            facing = (score - low, other[4] - other[2]) if side < 0 else (high - score, other[2] - other[3])
            clear[side] += gap > sqrt(facing[0] ** 2 + facing[1] ** 2)
        assert got == (1 + clear[1], 40 - clear[-1]), name
    assert all(low <= high for low, high in found.values())
    # Measured 0.16 s; a machine that does other things may take its time.
    assert took < 3


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_subjects_means_nothing(seed: int) -> None:
    dice = random.Random(seed)
    rows = [about(f"A{n}", round(dice.gauss(85, 5), 1), dice.uniform(1, 5)) for n in range(60)]
    other = rows[:]
    dice.shuffle(other)
    assert ranges(*rows) == ranges(*other)
