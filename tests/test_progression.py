"""Lists over several cycles: promotions by grades in a row of cycles, and vendors that were the last for too long."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from judging_frames import judged, plain

from ccmetrics.period import Period, back, of
from ccmetrics.render import written
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.judge import Judged, judge
from ccmetrics.stages.judge.progression import looks_back
from ccmetrics.stages.score import Scores

RULES = {"promote": "A or better in 3 of 4 cycles", "review": "C or worse in 2 of 3 cycles"}
S, A, B, C = 112.0, 100.0, 85.0, 50.0


def over(cycles: list[dict[str, float | None]], found: Any = (), **more: Any) -> Judged:
    """What the last of these months, October, has after the others."""
    reach = more.pop("reach", None)
    on = plain(**({"progression": RULES} | more))
    earlier: dict[str, Judged] = {}
    for span, points in zip(reversed(back(of(date(2026, 10, 1), "month"), len(cycles))), cycles, strict=True):
        last = judged(on, points, found, period=span, earlier=dict(earlier), reach=reach)
        earlier[span.label] = last
    return last


def proved(found: Judged) -> str:
    """The evidence of the first, as files have it."""
    return str(written.lists(found.lists, 2)["evidence"][0])


def listed(found: Judged) -> list[tuple[Any, ...]]:
    return found.lists.select("subject", "list", "cycles").rows()


def test_three_of_four_cycles_with_the_grade_promote() -> None:
    found = over([{"X": A, "Y": A}, {"X": B, "Y": B}, {"X": S, "Y": B}, {"X": A, "Y": A}])
    assert listed(found) == [("X", "promote", 3)]
    assert proved(found) == "2026-07 A; 2026-08 B; 2026-09 S; 2026-10 A"
    assert found.notices == ()


def test_two_of_three_cycles_below_are_to_be_looked_at() -> None:
    # The fourth cycle back is no part of a rule of three.
    found = over([{"X": C, "Y": C}, {"X": A, "Y": C}, {"X": C, "Y": A}, {"X": C, "Y": A}])
    assert listed(found) == [("X", "review", 2)]
    assert proved(found) == "2026-08 A; 2026-09 C; 2026-10 C"


def test_a_cycle_without_a_grade_counts_for_neither_side() -> None:
    found = over([{"X": A}, {"X": None}, {"X": None}, {"X": A, "Y": C}])
    assert listed(found) == []
    found = over([{"X": A}, {"X": None}, {"X": A}, {"X": A}])
    assert listed(found) == [("X", "promote", 3)]
    assert proved(found) == "2026-07 A; 2026-08 no grade; 2026-09 A; 2026-10 A"


def test_the_capped_grade_is_the_grade() -> None:
    adjust = {"red_lines": [{"name": "r", "when": "x > 0", "grade_at_most": "C"}]}
    found = over([{"X": S}] * 4, [("X", "red_lines.0.when", 1)], adjust=adjust)
    assert listed(found) == [("X", "review", 3)]


def test_too_few_cycles_in_the_data_judge_nobody_and_it_is_said() -> None:
    found = over([{"X": A}, {"X": A}, {"X": A}])
    assert listed(found) == []
    assert found.notices == ("Not judged: 'promote' (A or better in 3 of 4 cycles), because there are 3 cycles.",)


def test_who_is_gone_is_on_no_list() -> None:
    assert listed(over([{"X": A, "Y": B}] * 3 + [{"Y": B}])) == []


def test_a_longer_period_has_no_lists() -> None:
    quarter = Period("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), "quarter")
    before = judged(plain(progression=RULES), {"X": A})
    scores = before.scores.select(pl.exclude(*judged_columns(before)))
    none = pl.DataFrame()
    nobody = pl.DataFrame(schema={"subject": pl.String, "kpi": pl.String, "cycles": pl.Int32, "presence": pl.Float64})
    items = pl.DataFrame(schema=ITEMS)
    found = judge(plain(progression=RULES), Scores(none, items, scores, none), Facts(quarter, nobody, nobody, nobody))
    assert found.lists.is_empty()
    assert found.notices == ("No lists over cycles: 2026-Q4 is not one month.",)


ITEMS = {
    "subject": pl.String, "kind": pl.String, "on": pl.String, "fired": pl.Boolean, "factor": pl.Float64,
    "grade_at_most": pl.String, "pay": pl.Float64,
}  # fmt: skip


def judged_columns(found: Judged) -> list[str]:
    return found.scores.columns[found.scores.columns.index("grade") :]


@pytest.mark.parametrize(
    ("more", "cycles"),
    [
        ({}, 1),
        ({"progression": RULES}, 4),
        ({"shares": {"measure": "handled", "watch_list": {"cycles": 3, "below": "B"}}}, 3),
        ({"shares": {"measure": "handled"}}, 1),
        ({"progression": {"p": "top grade or better in 1 of 6 cycles"}}, 6),
    ],
)
def test_how_far_lists_look_back(more: dict[str, Any], cycles: int) -> None:
    assert looks_back(plain(**more)) == cycles


def watched(cycles: list[dict[str, float | None]], reach: float | None = 2.0, **wanted: Any) -> Judged:
    watch = {"cycles": 3, "below": "B"} | wanted
    given = None if reach is None else dict.fromkeys("VWXY", reach)
    volumes = [(who, "shares.measure", 10) for who in cycles[-1]]
    return over(cycles, volumes, progression={}, shares={"measure": "handled", "watch_list": watch}, reach=given)


LAST = {"V": 100.0, "W": 90.0, "X": 60.0}


def test_the_last_of_three_for_three_cycles_is_on_the_watch_list() -> None:
    found = watched([LAST, LAST | {"X": 70.0}, LAST])
    assert listed(found) == [("X", "watch list", 3)]
    assert proved(found) == (
        "2026-08: 60.00 (C), the next 90.00; 2026-09: 70.00 (C), the next 90.00; 2026-10: 60.00 (C), the next 90.00"
    )
    assert found.notices == ()


def test_somebody_else_was_the_last_once() -> None:
    assert listed(watched([LAST, LAST | {"W": 50.0}, LAST])) == []


def test_the_last_is_good_enough() -> None:
    assert listed(watched([LAST, LAST, LAST | {"X": 80.0}])) == []


def test_the_last_is_not_told_from_the_next() -> None:
    # 90 - 75 = 15 against sqrt(11^2 + 11^2) = 15.56 and sqrt(10^2 + 10^2) = 14.14.
    close = LAST | {"X": 75.0}
    assert listed(watched([close] * 3, reach=10.0)) == [("X", "watch list", 3)]
    found = watched([close] * 3, reach=11.0)
    assert listed(found) == []
    assert found.notices == (
        "Not on the watch list: X was the last in 3 cycles running and below B, but is not told from the next in"
        " 2026-08, 2026-09, 2026-10.",
    )


def test_without_intervals_nobody_is_told_from_the_next() -> None:
    found = watched([LAST] * 3, reach=None)
    assert listed(found) == []
    assert "is not told from the next" in found.notices[0]


def test_of_two_last_ones_none_is_the_last() -> None:
    found = watched([LAST | {"W": 60.0}] * 3)
    assert listed(found) == []
    assert found.notices == ()


def test_fewer_than_three_have_no_last_one() -> None:
    found = watched([LAST, LAST | {"V": None}, LAST])
    assert listed(found) == []
    assert found.notices == ("No watch list: fewer than three were scored in 2026-09.",)


def test_fewer_cycles_than_the_watch_list_looks_at() -> None:
    found = watched([LAST, LAST])
    assert listed(found) == []
    assert found.notices == ("No watch list: it looks at 3 cycles, and there are 2.",)
