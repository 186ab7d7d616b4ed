"""Grades by place: so many of each, whatever the scores; who loses by it, and whether chance alone made the loser."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging_frames import column, described, judged, plain

from ccmetrics.render import written
from ccmetrics.stages.judge import Judged

SHARES = {"S": 10, "A": 20, "B": 60, "C": 10}
RED = {"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": "B"}]}


def by_place(points: dict[str, float | None], found: Any = (), more: Any = None, **wanted: Any) -> Judged:
    described_by = (more or {}).pop("people", None)
    frames = {} if described_by is None else {"people": described_by}
    on = plain(distribution={"shares": SHARES, "min_group": 10} | wanted, **(more or {}).pop("card", {}))
    return judged(on, points, found, **frames, **(more or {}))


def thirteen(first: float = 99, second: float = 99) -> dict[str, float]:
    """A to M, two first and the others one below the other."""
    return {chr(65 + at): score for at, score in enumerate([first, second, *(98.0 - n for n in range(11))])}


def test_the_worked_example_of_thirteen_with_two_first() -> None:
    found = by_place(thirteen())
    grades = column(found, "grade")
    assert Counter(grades.values()) == {"S": 2, "A": 2, "B": 8, "C": 1}
    assert [grades[who] for who in "ABCDEM"] == ["S", "S", "A", "A", "B", "C"]
    assert set(column(found, "grade_by").values()) == {"distribution"}


def test_the_boundaries_of_thirteen_are_1_4_12_and_13() -> None:
    grades = column(by_place(thirteen(first=100)), "grade")
    assert "".join(grades[who] for who in "ABCDEFGHIJKLM") == "SAAABBBBBBBBC"


def test_a_boundary_at_a_half_goes_up() -> None:
    # 25 x 10% = 2.5, 25 x 30% = 7.5, 25 x 90% = 22.5: places 3, 8, 23.
    points = {f"{at:02d}": 100.0 - at for at in range(25)}
    assert "".join(column(by_place(points), "grade").values()) == "S" * 3 + "A" * 5 + "B" * 15 + "C" * 2


def test_shares_with_decimals_are_summed_as_they_are_written() -> None:
    points = {f"{at:02d}": 100.0 - at for at in range(15)}
    # 0.1 + 0.2 is 0.3 of 100 here: 15 x 70.0% = 10.5, the eleventh is still an A.
    found = by_place(points, shares={"S": 35.1, "A": 34.9, "B": 30})
    assert "".join(column(found, "grade").values()) == "S" * 5 + "A" * 6 + "B" * 4


def test_a_small_group_keeps_the_grades_of_its_scores_and_says_so() -> None:
    points = {f"{at:02d}": 100.0 - at for at in range(9)}
    found = by_place(points)
    assert column(found, "grade") == column(found, "grade_by_score")
    assert set(column(found, "grade_by").values()) == {"score"}
    assert found.notices == (
        "Grades are by score, not by distribution: it takes 10 subjects scored and free of red lines; here are 9.",
    )


def test_groups_are_those_of_the_roster_and_each_is_judged_by_itself() -> None:
    points = {f"{at:02d}": 100.0 - at for at in range(23)}
    teams = {who: "T1" if at < 10 else "T2" if at < 20 else "T3" if at < 22 else None for at, who in enumerate(points)}
    found = by_place(points, by="team", more={"people": described("team", teams)})
    # Ten: boundaries 1, 3, 9, 10. In T2 everybody stands below T1, and the best is an S all the same. T3: 80 is a B.
    assert "".join(column(found, "grade").values()) == "SAABBBBBBC" * 2 + "BCC"
    assert list(column(found, "grade_by").values()) == ["distribution"] * 20 + ["score"] * 3
    assert found.notices[:2] == (
        "Grades are by score, not by distribution, in groups of fewer than 10 scored and free of red lines: T3 (2).",
        "Grades are by score, not by distribution, where the roster does not say 'team': 1.",
    )


def test_without_a_roster_that_names_the_groups_grades_are_by_score() -> None:
    found = by_place(thirteen(), by="team")
    assert set(column(found, "grade_by").values()) == {"score"}
    assert found.notices == ("Grades are by score, not by distribution: the roster does not say 'team'.",)


def test_a_red_lined_subject_takes_no_place_and_keeps_its_cap() -> None:
    points = thirteen(first=112)
    crossed = [(who, "red_lines.0.when", float(who == "A")) for who in points]
    found = by_place(points, crossed, more={"card": {"adjust": RED}})
    # Twelve places are left: 1.2, 3.6, 10.8, 12 are 1, 4, 11, 12.
    grades = column(found, "grade")
    assert "".join(grades[who] for who in "BCDEFGHIJKLM") == "SAAABBBBBBBC"
    assert grades["A"] == "B"
    assert column(found, "grade_by")["A"] == "score"
    assert column(found, "grade_by_score")["A"] == "S"


def test_a_withheld_subject_takes_no_place() -> None:
    found = by_place(thirteen() | {"N": None})
    assert Counter(column(found, "grade").values()) == {"S": 2, "A": 2, "B": 8, "C": 1, None: 1}
    assert column(found, "grade_by")["N"] is None
    assert column(found, "lost_by_distribution")["N"] is None


def test_a_grade_that_no_share_is_said_of_goes_to_nobody() -> None:
    found = by_place(thirteen(first=119, second=118), shares={"A": 30, "C": 70})
    assert Counter(column(found, "grade").values()) == {"A": 4, "C": 9}


def test_pay_goes_by_the_grade_of_the_place() -> None:
    found = by_place(thirteen())
    assert [column(found, "pay")[who] for who in "ACEM"] == [1.3, 1.1, 1.0, 0.8]


def test_who_lost_a_grade_is_listed_with_whether_the_interval_tells_them_apart() -> None:
    # All A by score: 97 to 109. Boundaries 1, 4, 12, 13: four lose nothing, eight are B, one is C.
    points = {chr(65 + at): 109.0 - at for at in range(13)}
    reach = dict.fromkeys(points, 0.9) | {"E": 0.4, "F": 2.0, "M": 0.1, "L": 0.9, "D": 0.9}
    found = by_place(points, more={"reach": reach})
    assert [who for who, lost in column(found, "lost_by_distribution").items() if lost] == list("EFGHIJKLM")
    apart = column(found, "told_apart")
    # E 105 against D 106, the last A: 1 > sqrt(0.9^2 + 0.4^2) = 0.985. F 104: 2 < sqrt(0.9^2 + 2^2) = 2.19.
    # M 97 against L 98, the last B: 1 > sqrt(0.9^2 + 0.1^2) = 0.906.
    assert (apart["E"], apart["F"], apart["M"], apart["A"]) == (True, False, True, None)
    evidence = dict(written.lists(found.lists, 2).select("subject", "evidence").iter_rows())
    assert evidence["E"] == "A by score (105.00), B by place; the last of a better grade has 106.00, told apart"
    assert evidence["F"].endswith("106.00, not told apart")
    assert set(found.lists["list"]) == {"grade lost by distribution"}
    assert found.notices == (
        "Grades by distribution that are lower than by score: 9, told by the interval from the last of a better grade:"
        " 8; higher: 1.",
    )


def test_of_several_last_ones_with_the_better_grade_all_must_be_told_apart() -> None:
    # C and D share the last A, one known well and the other badly; E is a B.
    points = {chr(65 + at): 109.0 - at for at in range(13)} | {"D": 107.0}
    reach = dict.fromkeys(points, 0.4)
    assert column(by_place(points, more={"reach": reach}), "told_apart")["E"] is True
    assert column(by_place(points, more={"reach": reach | {"D": 5.0}}), "told_apart")["E"] is False
    assert (
        column(by_place(points, more={"reach": {who: 0.4 for who in points if who != "D"}}), "told_apart")["E"] is None
    )


def test_without_intervals_nobody_knows_whether_chance_took_the_grade() -> None:
    found = by_place({chr(65 + at): 109.0 - at for at in range(13)})
    assert set(column(found, "told_apart").values()) == {None}
    assert written.lists(found.lists, 2)["evidence"][0].endswith("no interval to tell them apart by")


def test_a_card_without_a_distribution_says_that_the_score_decides() -> None:
    found = judged(plain(), {"A": 100.0, "B": None})
    assert found.scores.select("grade_by", "lost_by_distribution", "told_apart").rows() == [
        ("score", False, None),
        (None, None, None),
    ]
    assert found.lists.is_empty()
    assert found.notices == ()


@st.composite
def wanted(draw: st.DrawFn) -> dict[str, float]:
    """Shares of four grades in tenths of a hundred, which sum to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=3, max_size=3)))
    tenths = [b - a for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)]
    return {grade: tenth / 10 for grade, tenth in zip("SABC", tenths, strict=True)}


@settings(max_examples=40, deadline=None)
@given(points=st.lists(st.integers(0, 12000), min_size=1, max_size=40), shares=wanted(), seed=st.randoms())
def test_a_better_score_is_never_a_worse_grade_and_boundaries_are_those_of_decimals(
    points: list[int], shares: dict[str, float], seed: Any
) -> None:
    subjects = {f"{at:02d}": point / 100 for at, point in enumerate(points)}
    found = by_place(subjects, shares=shares, min_group=1).scores.sort("score", descending=True)
    at = found["grade"].replace_strict({grade: n for n, grade in enumerate("SABC")}, return_dtype=pl.Int32)
    assert at.is_sorted()
    ends, total = [], Decimal(0)
    for grade in "SABC":
        total += Decimal(str(shares[grade]))
        ends.append(int((total * len(points) / 100).to_integral_value(ROUND_HALF_UP)))
    assert ends == sorted(ends)
    places = [1 + sum(other > score for other in found["score"]) for score in found["score"]]
    assert at.to_list() == [next(n for n, end in enumerate(ends) if place <= end) for place in places]
    shuffled = list(subjects.items())
    seed.shuffle(shuffled)
    again = by_place(dict(shuffled), shares=shares, min_group=1)
    assert column(again, "grade") == dict(found.select("subject", "grade").iter_rows())


@pytest.mark.parametrize("cap", ["S", "A", "B", "C"])
def test_no_place_lifts_a_red_lined_subject_above_its_cap(cap: str) -> None:
    adjust = {"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": cap}]}
    points = thirteen(first=119)
    fired = [(who, "red_lines.0.when", 1.0) for who in points]
    found = by_place(points, fired, more={"card": {"adjust": adjust}})
    assert all("SABC".index(grade) >= "SABC".index(cap) for grade in column(found, "grade").values())
    assert set(column(found, "grade_by").values()) == {"score"}
