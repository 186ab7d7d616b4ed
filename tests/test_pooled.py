"""Everybody's values beside the target in force."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from scoring_frames import card, kpi, rows

from ccmetrics.period import parse
from ccmetrics.stages.follow.pooled import pooled
from ccmetrics.stages.score.goals import GOALS

KPIS = {
    "csat": kpi("csat"), "aht": kpi("aht"), "revenue": kpi("revenue", cumulative=True), "ideas": kpi("ideas"),
    "nps": kpi("nps"),
}  # fmt: skip
SEPTEMBER, OCTOBER = parse("2026-09"), parse("2026-10")


def line(name: str, **more: Any) -> dict[str, Any]:
    return {"kpi": name, "weight": 25, **({} if "points" in more or "ideal" in more else {"floor": 0}), **more}


def targets(goal: dict[str, Any], goals: pl.DataFrame | None = None, name: str = "csat", **more: Any) -> list[Any]:
    values = rows([("", name, 0.8, 100)], subject=False)
    cycles = [(SEPTEMBER, values, goals), (OCTOBER, values, goals)]
    return pooled(card([line(name, **goal)], **more), KPIS, cycles)["target"].to_list()


def test_kpis_in_the_order_of_the_card_and_cycles_in_that_of_time() -> None:
    on = card([line("aht", floor=500, target=300), line("csat", target=0.9)], watch=["nps"])
    september = rows([("", "csat", 0.7, 50), ("", "csat", 0.1, 500, 3), ("", "nps", 0.2, 40)], subject=False)
    october = rows([("", "aht", 310, 90), ("", "csat", 0.8, 60), ("", "revenue", 5)], subject=False)
    found = pooled(on, KPIS, [(SEPTEMBER, september, None), (OCTOBER, october, None)])
    assert found.select("kpi", "period", "value", "n", "target").rows() == [
        ("aht", "2026-09", None, None, None), ("aht", "2026-10", 310, 90, 300),
        ("csat", "2026-09", 0.7, 50, 0.9), ("csat", "2026-10", 0.8, 60, 0.9),
        ("nps", "2026-09", 0.2, 40, None), ("nps", "2026-10", None, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ({"target": {"2026-01-01": 0.8, "2026-10-01": 0.85}}, [0.8, 0.85]),
        ({"target": {"2026-10-01": 0.85}}, [None, 0.85]),
        # Two targets in one cycle are not one.
        ({"target": {"2026-01-01": 0.8, "2026-10-15": 0.85}}, [0.8, None]),
        ({"points": [[1, 0], [3, 100], [5, 120]]}, [3, 3]),
        ({"points": [[1, 0], [3, 80]]}, [None, None]),
        ({"ideal": [0.7, 0.8], "limits": [0.5, 0.9]}, [None, None]),
        ({"target": 0.9, "segments": {"by": "queue", "curves": {"Q": {"floor": 0, "target": 0.8}}}}, [None, None]),
    ],
)
def test_the_target_in_force_where_it_is_one_number(goal: dict[str, Any], expected: list[Any]) -> None:
    assert targets(goal) == expected


def test_a_goal_for_each_is_none_for_all_of_a_total() -> None:
    assert targets({"target": 9}, name="revenue") == [None, None]
    assert targets({"target": 9}, name="revenue", subject="center") == [9, 9]
    # No total by its flag, but a plain count all the same: neither cases nor a denominator.
    counted = rows([("", "ideas", 40)], subject=False)
    assert pooled(card([line("ideas", target=9)]), KPIS, [(OCTOBER, counted, None)])["target"].to_list() == [None]


@pytest.mark.parametrize(("period", "target"), [("2026-10", 9), ("2026-Q3", 27), ("2026-10-01..2026-10-15", None)])
def test_the_goal_of_a_total_goes_by_the_cycles_it_is_of(period: str, target: float | None) -> None:
    """9 a month are 27 a quarter: beside 9, what three months came to would look as if it met the target."""
    values = rows([("", "revenue", 20, 100), ("", "csat", 0.8, 100)], subject=False)
    on = card([line("revenue", target=9), line("csat", target=0.9)], subject="center")
    assert pooled(on, KPIS, [(parse(period), values, None)])["target"].to_list() == [target, 0.9]


def goals(*rows_: tuple[str | None, list[float] | None]) -> pl.DataFrame:
    points = [0.0, 100.0]
    parts = [(who, 0, "", 1.0, None, knots, points, "2025-10 +5%") for who, knots in rows_]
    return pl.DataFrame(parts, schema=GOALS, orient="row")


def test_last_years_goal_is_taken_as_it_came_out() -> None:
    against = {"target": {"last_year": "+5%", "else": 0.5}}
    assert targets(against, goals((None, [0.0, 0.84]))) == [0.84, 0.84]
    assert targets(against, goals(("A", [0.0, 0.84]), ("B", [0.0, 0.8]))) == [None, None]
    assert targets(against, goals((None, None))) == [None, None]
    assert targets(against) == [None, None]
