"""What a line really weighs in the differences between scores."""

from __future__ import annotations

from typing import Any

import pytest
from scoring_frames import card, run, straight


def weights(found: Any) -> dict[str, tuple[float, Any]]:
    return {row["kpi"]: (row["weight"], row["effective"]) for row in found.effective.iter_rows(named=True)}


def three(*csat: float, fcr: tuple[float, ...] = (80, 80, 80)) -> list[tuple[Any, ...]]:
    found = [(who, "csat", value) for who, value in zip("ABC", csat, strict=True)]
    return found + [(who, "fcr", value) for who, value in zip("ABC", fcr, strict=True)]


def test_a_line_on_which_all_are_alike_decides_nothing() -> None:
    on = card([straight("csat", 30), straight("fcr", 70)])
    assert weights(run(on, three(60, 80, 100))) == {"csat": (0.3, 1), "fcr": (0.7, 0)}


def test_by_hand() -> None:
    # Contributions 30, 40, 50 and 40, 30, 20.5: bases 70, 70, 70.5 about 70 1/6.
    # Of csat: (-10)(-1/6) + 0 + (10)(1/3) = 5; variances 1/36 + 1/36 + 1/9 = 1/6: 30. Of fcr: 1 - 30.
    found = weights(run(card([straight("csat", 50), straight("fcr", 50)]), three(60, 80, 100, fcr=(80, 60, 41))))
    assert found == {"csat": (0.5, pytest.approx(30)), "fcr": (0.5, pytest.approx(-29))}


def test_a_line_left_out_for_some_adds_nothing_to_their_base() -> None:
    on = card([straight("csat", 50), straight("fcr", 50, missing="redistribute")], min_coverage=0)
    rows = [row for row in three(60, 80, 100, fcr=(70, 90, 50)) if row[:2] != ("C", "fcr")]
    # Contributions 30, 40, 100 and 35, 45, 0; bases 65, 85, 100 about 83 1/3.
    apart = (65 - 250 / 3, 85 - 250 / 3, 100 - 250 / 3)
    variance = sum(a * a for a in apart)
    csat = sum(c * a for c, a in zip((30, 40, 100), apart, strict=True)) / variance
    found = weights(run(on, rows))
    assert found["csat"][1] == pytest.approx(csat)
    assert found["csat"][1] + found["fcr"][1] == pytest.approx(1)


@pytest.mark.parametrize(
    "rows", [three(80, 80, 80), [row for row in three(60, 80, 100) if row[0] != "C"]], ids=["alike", "two"]
)
def test_where_there_are_no_differences_nothing_is_said(rows: list[tuple[Any, ...]]) -> None:
    assert weights(run(card([straight("csat", 30), straight("fcr", 70)]), rows)) == {
        "csat": (0.3, None), "fcr": (0.7, None),
    }  # fmt: skip


def test_only_scored_subjects_count() -> None:
    on = card([straight("csat", 30), straight("fcr", 70)])
    withheld = [("D", "csat", 0.0)]
    assert weights(run(on, three(60, 80, 100) + withheld)) == {"csat": (0.3, 1), "fcr": (0.7, 0)}
    assert weights(run(on, [("D", "csat", 0.0)])) == {"csat": (0.3, None), "fcr": (0.7, None)}
