"""Points of single values: worked examples of several schools, boundaries, and that better is never worse."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccmetrics.catalogue.models import Curve
from ccmetrics.stages.score.curve import on, points, shape

CSAT = Curve(floor=0.70, target=0.85, stretch=0.95)
AHT = Curve(floor=480, target=330, stretch=280)
OCCUPANCY = Curve(ideal=(0.75, 0.85), limits=(0.55, 0.95))
VERINT = Curve(points=((0, 0), (71.25, 100), (78.75, 120)), steps=True)
LATE = Curve(points=((480, 0), (330, 100), (280, 120)), steps=True)
GENESYS = Curve(points=((0, 0), (60, 30), (60, 50), (80, 80), (80, 90), (100, 100)))


def numbers_of(curve: Curve, better: str) -> list[tuple[float, float]]:
    return [(float(value), points) for value, points in shape(curve, better)]  # type: ignore[arg-type]


def earned(curve: Curve, better: str, *values: float | None) -> list[float | None]:
    frame = pl.DataFrame({"v": values}, schema={"v": pl.Float64})
    pairs = numbers_of(curve, better)
    return frame.select(p=points(pl.col("v"), pairs, curve.steps))["p"].to_list()


@pytest.mark.parametrize(
    ("curve", "better", "value", "expected"),
    [
        (CSAT, "higher", 0.70, 0),
        (CSAT, "higher", 0.775, 50),
        (CSAT, "higher", 0.85, 100),
        (CSAT, "higher", 0.90, 110),
        (CSAT, "higher", 0.99, 120),
        (CSAT, "higher", 0.10, 0),
        (Curve(floor=0.70, target=0.85), "higher", 0.99, 100),
        (AHT, "lower", 480, 0),
        (AHT, "lower", 405, 50),
        (AHT, "lower", 305, 110),
        (AHT, "lower", 100, 120),
        (AHT, "lower", 900, 0),
        (Curve(floor=457.5, target=307.5), "lower", 320, 91.666666667),
        (OCCUPANCY, "range", 0.55, 0),
        (OCCUPANCY, "range", 0.65, 50),
        (OCCUPANCY, "range", 0.75, 100),
        (OCCUPANCY, "range", 0.80, 100),
        (OCCUPANCY, "range", 0.85, 100),
        (OCCUPANCY, "range", 0.90, 50),
        (OCCUPANCY, "range", 0.97, 0),
        # NICE: (worst - actual) / (worst - best); the bounds are stated, so a colleague's 900 s changes nothing.
        (Curve(points=((400, 0), (250, 100))), "lower", 300, 66.666666667),
        (Curve(points=((900, 0), (250, 100))), "lower", 300, 92.307692308),
        # PerformancePoint, closer to target is better: (actual - worst) / (target - worst) on both sides.
        (Curve(points=((50, 0), (100, 100), (200, 0))), "range", 60, 20),
        (Curve(points=((50, 0), (100, 100), (200, 0))), "range", 180, 20),
        # A rating.
        (Curve(points=((1, 0), (3, 100), (5, 120))), "higher", 4, 110),
    ],
)
def test_a_straight_line_between_knots(curve: Curve, better: str, value: float, expected: float) -> None:
    assert earned(curve, better, value) == [pytest.approx(expected, abs=1e-8)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(71.24, 0), (71.25, 100), (75, 100), (78.74, 100), (78.75, 120), (90, 120), (-5, 0)],
)
def test_bands_around_a_goal_of_75_with_a_variance_of_5_percent(value: float, expected: float) -> None:
    assert earned(VERINT, "higher", value) == [expected]


@pytest.mark.parametrize(
    ("value", "expected"), [(480, 0), (330.5, 0), (330, 100), (281, 100), (280, 120), (10, 120), (600, 0)]
)
def test_bands_where_less_is_better_include_their_knot_from_above(value: float, expected: float) -> None:
    assert earned(LATE, "lower", value) == [expected]


def test_bands_with_an_ideal_range() -> None:
    curve = Curve(ideal=(0.75, 0.85), limits=(0.55, 0.95), steps=True)
    assert earned(curve, "range", 0.74, 0.75, 0.80, 0.85, 0.86) == [0, 100, 100, 100, 0]


def test_a_band_is_reached_whatever_the_last_binary_digit() -> None:
    at_or_below = 0.1 + 0.7  # 0.7999999999999999
    assert at_or_below < 0.8
    assert earned(Curve(points=((0, 0), (0.8, 100)), steps=True), "higher", at_or_below) == [100]


@pytest.mark.parametrize(("value", "expected"), [(30, 15), (59.999999, 29.9999995), (60, 50), (70, 65), (80, 90)])
def test_zones_with_points_at_both_ends(value: float, expected: float) -> None:
    assert earned(GENESYS, "higher", value) == [pytest.approx(expected)]


def test_zones_written_from_the_worst_where_less_is_better() -> None:
    curve = Curve(points=((480, 0), (400, 50), (400, 60), (330, 100)))
    assert earned(curve, "lower", 440, 400, 365, 330) == pytest.approx([25, 60, 80, 100])


@pytest.mark.parametrize("turn", [1, -1])
def test_zones_of_a_range_may_be_written_from_either_end(turn: int) -> None:
    zones = ((0.5, 0), (0.7, 40), (0.7, 100), (0.8, 100), (0.8, 60), (1.0, 0))
    found = earned(Curve(points=zones[::turn]), "range", 0.6, 0.7, 0.75, 0.8, 0.9)
    assert found == pytest.approx([20, 100, 100, 100, 30])


def test_no_value_no_points() -> None:
    assert earned(CSAT, "higher", None, float("nan"), float("inf")) == [None, None, None]
    assert earned(VERINT, "higher", None) == [None]


def test_goals_by_date_hold_from_their_day_on() -> None:
    goal = {date(2026, 1, 1): 0.04, date(2026, 7, 1): 0.05}
    found = [on(goal, day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))]
    assert found == [None, 0.04, 0.04, 0.05]
    assert on(0.04, date(2025, 12, 31)) == 0.04


def test_knots_in_columns_earn_what_numbers_do() -> None:
    """The same curve as numbers and as a column a knot; a row without knots earns nothing."""
    values = [30.0, 59.999999, 60.0, 70.0, 80.0, 120.0, -5.0]
    pairs = numbers_of(GENESYS, "higher")
    frame = pl.DataFrame({"v": values}).with_columns(pl.lit(knot).alias(f"k{at}") for at, (knot, _) in enumerate(pairs))
    columns = [(pl.col(f"k{at}"), earned) for at, (_, earned) in enumerate(pairs)]
    for steps in (False, True):
        found = frame.select(one=points(pl.col("v"), pairs, steps), other=points(pl.col("v"), columns, steps))
        assert found["one"].to_list() == found["other"].to_list()
    bare = frame.with_columns(k2=pl.lit(None, pl.Float64))
    assert bare.select(p=points(pl.col("v"), columns))["p"].to_list() == [None] * len(values)


numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))


@given(
    marks=st.lists(numbers, min_size=2, max_size=5),
    gains=st.lists(st.floats(0, 60), min_size=5, max_size=5),
    values=st.lists(numbers, min_size=2, max_size=30),
    steps=st.booleans(),
    lower=st.booleans(),
)
def test_better_is_never_worse(
    marks: list[float], gains: list[float], values: list[float], steps: bool, lower: bool
) -> None:
    """Rising curves, jumps included (a mark may come twice), with values on the marks themselves."""
    totals = [sum(gains[: at + 1]) for at in range(len(marks))]
    pairs = tuple(zip(sorted(marks, reverse=lower), totals, strict=True))
    ordered = sorted([*values, *marks], reverse=lower)
    found = earned(Curve(points=pairs, steps=steps), "lower" if lower else "higher", *ordered)
    assert found == sorted(found)  # type: ignore[type-var]
    assert min(found) >= totals[0]  # type: ignore[type-var]
    assert max(found) <= totals[-1]  # type: ignore[type-var]
