"""What comes of adding, multiplying and declaring quantities."""

from __future__ import annotations

import pytest

from ccmetrics.formula.units import CONSTANT, agree, common, fits, multiplied, scaled


@pytest.mark.parametrize(
    ("left", "right", "product", "quotient"),
    [
        ("s", None, "s", "s"),
        (None, "s", "s", "1/s"),
        ("money", "h", "h*money", "money/h"),
        ("s", "s", "s*s", None),
        ("money/h", "h", "money", "money/h/h"),
        ("percent", "count", None, None),
        ("points", CONSTANT, "points", "points"),
        (CONSTANT, "s", "s", "1/s"),
        (CONSTANT, CONSTANT, CONSTANT, CONSTANT),
    ],
)
def test_products(left: str | None, right: str | None, product: str | None, quotient: str | None) -> None:
    assert multiplied(left, right) == product
    assert multiplied(left, right, -1) == quotient


@pytest.mark.parametrize(
    ("unit", "factor", "sign", "becomes"),
    [
        ("s", 3600, -1, "h"),
        ("s", 86400, -1, "day"),
        ("s", 60, -1, "min"),
        ("h", 24, -1, "day"),
        ("day", 86400, 1, "s"),
        ("h", 3600, 1, "s"),
        ("1/s", 3600, 1, "1/h"),
        ("money/s", 3600, 1, "money/h"),
        ("1/h", 3600, -1, "1/s"),
        ("s", 3600, 1, "s"),
        ("s", 100, -1, "s"),
        ("h", 3600, -1, "h"),
        ("s*s", 3600, -1, "s*s"),
        (None, 3600, -1, None),
    ],
)
def test_written_factors_turn_one_unit_of_time_into_another(
    unit: str | None, factor: float, sign: int, becomes: str | None
) -> None:
    assert scaled(unit, factor, sign) == becomes


def test_only_the_same_unit_or_a_written_number_may_be_added() -> None:
    assert agree("s", "s")
    assert agree("s", CONSTANT)
    assert agree("count", None)
    assert agree("percent", "ratio")
    assert not agree("s", "money")
    assert not agree("s", "h")
    assert not agree("s", None)
    assert not agree("points", "rating")


def test_constants_take_the_unit_of_the_others() -> None:
    assert common([CONSTANT, "s", CONSTANT]) == "s"
    assert common([CONSTANT, CONSTANT]) == CONSTANT
    assert common([None, CONSTANT]) is None


@pytest.mark.parametrize(
    ("declared", "found", "answer"),
    [
        ("s", "s", True),
        ("h", "s", False),
        ("s", None, False),
        ("s", "s*s", False),
        ("percent", None, True),
        ("percent", "s", False),
        ("count", "percent", True),
        ("ratio", "money", False),
        ("points", None, True),
        ("points", "points", True),
        ("points", "rating", False),
        ("rating", "rating", True),
        ("money", "money", True),
        ("money", "money/h", False),
        ("money", None, False),
        ("per_hour", "1/h", True),
        ("per_hour", "money/h", True),
        ("per_hour", "per_hour", True),
        ("per_hour", "h", False),
        ("per_hour", "1/s", False),
        ("per_hour", None, False),
        ("day", "h", False),
        ("h", CONSTANT, True),
        (None, "s", True),
    ],
)
def test_declared_units(declared: str | None, found: str | None, answer: bool) -> None:
    assert fits(declared, found) is answer
