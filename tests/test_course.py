"""Scores through the cycles, by hand: history, quartiles, grades, bins, changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging_frames import GRADES, plain

from ccmetrics.period import parse
from ccmetrics.stages.judge.course import MOST_BINS, bins, course, with_change

SCORES = {
    "subject": pl.String, "status": pl.String, "score": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "grade": pl.String, "rank": pl.Int64,
}  # fmt: skip
SEPTEMBER, OCTOBER = parse("2026-09"), parse("2026-10")
Row = tuple[Any, ...]


def frame(*rows: Row) -> pl.DataFrame:
    """(subject, status, score, half width or None[, grade, rank])."""
    found = []
    for who, status, score, half, *rest in rows:
        ends = (None, None) if half is None else (score - half, score + half)
        found.append((who, status, score, *ends, *(rest or (None, None))))
    return pl.DataFrame(found, schema=SCORES, orient="row")


def scored(*scores: float) -> pl.DataFrame:
    return frame(*((f"A{at}", "scored", score, None) for at, score in enumerate(scores)))


def test_a_history_is_by_subject_and_time() -> None:
    september = frame(("B", "scored", 90.0, None, "B", 1), ("A", "withheld", None, None))
    october = frame(("A", "scored", 97.0, None, "A", 1), ("B", "provisional", 80.0, None))
    found = course(plain(), [(SEPTEMBER, september), (OCTOBER, october)]).history
    first, second = date(2026, 9, 1), date(2026, 10, 1)
    assert found.rows() == [
        ("A", "2026-09", first, "withheld", None, None, None), ("A", "2026-10", second, "scored", 97.0, "A", 1),
        ("B", "2026-09", first, "scored", 90.0, "B", 1), ("B", "2026-10", second, "provisional", 80.0, None, None),
    ]  # fmt: skip


def test_quartiles_lie_between_the_two_scores_beside_them() -> None:
    """Of four scores in order they stand at 0.75, 1.5 and 2.25 from the first: 60 + 0.75 x 10, 75, 80 + 0.25 x 20."""
    rows = pl.concat([scored(100, 60, 80, 70), frame(("P", "provisional", 5.0, None), ("W", "withheld", None, None))])
    found = course(plain(), [(SEPTEMBER, scored()), (OCTOBER, rows)]).course
    assert found.drop("start").rows() == [
        ("2026-09", 0, None, None, None, None), ("2026-10", 4, 77.5, 67.5, 75.0, 85.0)
    ]  # fmt: skip


def test_every_grade_of_the_card_is_counted_best_first() -> None:
    rows = frame(
        ("A", "scored", 97.0, None, "A", 1), ("B", "scored", 50.0, None, "C", 3), ("D", "scored", 60.0, None, "C", 2)
    )
    found = course(plain(grades=GRADES[::-1]), [(OCTOBER, rows)]).grades
    assert found.drop("start").rows() == [("2026-10", g, n) for g, n in (("S", 0), ("A", 1), ("B", 0), ("C", 2))]
    assert course(plain(grades=[]), [(OCTOBER, rows)]).grades.is_empty()


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], []),
        ([100], [(100, 110, 1)]),
        ([59.99, 60, 69.99, 90], [(50, 60, 1), (60, 70, 2), (70, 80, 0), (80, 90, 0), (90, 100, 1)]),
        ([-0.01, 0], [(-10, 0, 1), (0, 10, 1)]),
        # Forty bins are the most: beyond 399.99 they are a hundred wide.
        ([0, 400], [(0, 100, 1), (100, 200, 0), (200, 300, 0), (300, 400, 0), (400, 500, 1)]),
    ],
)
def test_bins_by_hand(scores: list[float], expected: list[tuple[float, float, int]]) -> None:
    assert bins(pl.Series("score", scores, dtype=pl.Float64)).rows() == expected


@given(st.lists(st.integers(-(10**7), 10**7).map(lambda hundredths: hundredths / 100), min_size=1, max_size=50))
def test_every_score_is_in_exactly_one_bin(scores: list[float]) -> None:
    found = bins(pl.Series("score", scores, dtype=pl.Float64)).rows()
    assert [n for _, _, n in found] == [sum(start <= score < end for score in scores) for start, end, _ in found]
    assert sum(n for _, _, n in found) == len(scores)
    assert [end for _, end, _ in found][:-1] == [start for start, _, _ in found][1:]
    assert min(found[0][2], found[-1][2]) > 0
    assert len(found) <= MOST_BINS


def changes(now: Row, then: Row) -> tuple[float | None, bool | None]:
    found = with_change(plain(), frame(("A", *now)), frame(("A", *then)))
    return found.select("change", "change_beyond").row(0)


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        # 3, 4, 5: five apart is not beyond what the half widths can explain, a hundredth more is, either way.
        (("scored", 97.12, 3.0), ("scored", 92.12, 4.0), (5.0, False)),
        (("scored", 97.13, 3.0), ("scored", 92.12, 4.0), (5.01, True)),
        (("scored", 92.12, 4.0), ("scored", 97.13, 3.0), (-5.01, True)),
        (("scored", 90.0, 0.0), ("scored", 90.0, 0.0), (0.0, False)),
        # In binary 96.2 - 95.1 is a hair more than 1.1.
        (("scored", 96.2, None), ("scored", 95.1, 1.0), (1.1, None)),
        (("scored", 95.1, None), ("scored", 95.1, None), (0.0, None)),
        (("provisional", 96.2, 1.0), ("scored", 95.1, 1.0), (None, None)),
        (("scored", 96.2, 1.0), ("provisional", 95.1, 1.0), (None, None)),
        (("scored", 96.2, 1.0), ("withheld", None, None), (None, None)),
    ],
)
def test_a_change_by_the_rule_of_ranks(now: Row, then: Row, expected: tuple[Any, Any]) -> None:
    assert changes(now, then) == expected


def test_only_the_half_widths_that_face_each_other_decide_a_change() -> None:
    ends = {"A": (99.0, 130.0), "B": (50.0, 98.0)}
    rows = {
        score: pl.DataFrame([("A", "scored", score, *ends[name], None, None)], schema=SCORES, orient="row")
        for name, score in (("A", 100.0), ("B", 97.0))
    }
    # Down to 99 and up to 98: the root of 1 + 1 is less than 3. Nothing else would tell them apart.
    assert with_change(plain(), rows[100.0], rows[97.0])["change_beyond"].to_list() == [True]
    assert with_change(plain(), rows[97.0], rows[100.0])["change_beyond"].to_list() == [True]


def test_whoever_is_new_and_a_first_cycle_have_no_change() -> None:
    now = scored(90, 80)
    assert with_change(plain(), now, now.head(1))["change"].to_list() == [0.0, None]
    alone = with_change(plain(), now, None)
    assert alone.select("change", "change_beyond").rows() == [(None, None)] * 2
    assert alone.schema["change_beyond"] == pl.Boolean
