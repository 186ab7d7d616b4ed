"""Progress of totals: what was to be expected by the last day of the data.

In: small exports that end inside a month. Out: expected values as reckoned by hand.
Refuses to know: the clock on the wall.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccmetrics.scorecard import Scorecard
from tests.scoring_frames import card
from tests.test_presence import CHANGED, FULL, exports, revenue, scored


def progress(found: Scorecard, subject: str) -> dict[str, Any]:
    return {row["subject"]: row for row in found.progress.iter_rows(named=True)}[subject]


def test_target_x_presence_x_elapsed_workdays(tmp_path: Path) -> None:
    """Until Friday the 9th 7 of 22 workdays are over: 12,727.27 of 40,000; half of that for half of the month."""
    paths = exports(tmp_path, [FULL, *CHANGED], amounts={"A1": 14000, "B1": 5600}, last=date(2026, 10, 9))
    (found,) = scored(paths, revenue("agent"))
    one, half = progress(found, "A1"), progress(found, "B1")
    assert (one["value"], one["target"], one["as_of"]) == (14000, 40000, date(2026, 10, 9))
    assert one["expected"] == pytest.approx(40000 * 7 / 22)
    assert one["share"] == pytest.approx(1.1)
    assert (half["target"], half["expected"]) == (40000, pytest.approx(20000 * 7 / 22))
    assert half["share"] == pytest.approx(0.88)
    # Of a sum nothing says how much of it is chance.
    assert (one["p"], one["beyond"]) == (None, None)


def test_when_the_month_is_over_the_whole_target_is_expected(tmp_path: Path) -> None:
    (found,) = scored(exports(tmp_path, [FULL], amounts={"A1": 30000}), revenue("agent"))
    row = progress(found, "A1")
    assert (row["expected"], row["share"], row["as_of"]) == (40000, 0.75, date(2026, 10, 31))


def test_before_the_first_workday_nothing_is_expected(tmp_path: Path) -> None:
    """The data end on Sunday, 1 November."""
    paths = exports(tmp_path, [FULL], last=date(2026, 11, 1))
    (found,) = scored(paths, revenue("agent"), period="2026-11")
    row = progress(found, "A1")
    assert (row["expected"], row["share"], row["as_of"]) == (0, None, date(2026, 11, 1))


def test_a_week_of_a_month_has_no_progress(tmp_path: Path) -> None:
    (found,) = scored(exports(tmp_path, [FULL]), revenue("agent"), period="2026-W41")
    assert found.progress.is_empty()


def test_rates_have_no_progress(tmp_path: Path) -> None:
    rate = {"kpi": "answer_rate", "weight": 100, "floor": 0, "target": 1}
    (found,) = scored(exports(tmp_path, [FULL]), card([rate], subject="center", card="center"))
    assert found.progress.is_empty()


@pytest.mark.parametrize(
    ("curve", "target"),
    [
        ({"points": [[0, 0], [30000, 100], [50000, 120]]}, 30000),
        ({"points": [[0, 0], [30000, 90]]}, None),
        # 15 days at 40,000, 16 at 71,000.
        ({"floor": 0, "target": {"2026-01-01": 40000, "2026-10-16": 71000}}, 56000),
    ],
)
def test_the_target_is_where_the_curve_earns_a_hundred(tmp_path: Path, curve: Any, target: float | None) -> None:
    line = {"kpi": "revenue", "weight": 100, **curve}
    (found,) = scored(exports(tmp_path, [FULL]), card([line], card="agent", who="role = 'agent'"))
    assert progress(found, "A1")["target"] == (None if target is None else pytest.approx(target))
