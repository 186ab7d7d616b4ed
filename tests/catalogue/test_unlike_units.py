"""Quantities that make no sum are refused wherever a formula may stand: in measures, KPIs, adjustments, actions.

In: one formula at a time, laid over whole definitions. Out: the names of the problems.
Refuses to know: their texts and places (broken/).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ccmetrics.catalogue import load, problems_of

from .test_rules import laid_over_whole

KPI = """\
kpis:
  tried: {{name: Tried, category: growth, nature: quality, timing: leading, level: [agent], better: higher,
    unit: {unit}, formula: "{formula}"}}
"""
PLACES = {
    "kpi": KPI.replace("{unit}", "money"),
    "bonus": 'card: agent\nadjust: {{bonus: [{{name: tried, amount: "{formula}", cap: 5}}]}}\n',
    "deduction": 'card: agent\nadjust: {{deductions: [{{name: tried, amount: "{formula}", cap: 5}}]}}\n',
}
CONDITIONS = {
    "bonus": 'card: agent\nadjust: {{bonus: [{{name: tried, when: "{formula}", amount: 1, cap: 5}}]}}\n',
    "coefficient": 'card: agent\nadjust: {{coefficients: [{{name: tried, when: "{formula}", factor: 1.1}}]}}\n',
    "red line": 'card: agent\nadjust: {{red_lines: [{{name: tried, when: "{formula}", score_at_most: 59}}]}}\n',
    "action": 'card: agent\nactions: [{{when: "{formula}", do: talk, to: team, due: 7d}}]\n',
    "choice in a kpi": KPI.replace("{unit}", "money").replace("{formula}", "CASE WHEN {formula} THEN revenue END"),
}
SUMS = [
    "handle_time + revenue",
    "revenue - handle_time",
    "revenue + answered",
    "csat + answered",
    "COALESCE(revenue, handle_time)",
    "GREATEST(revenue, handle_time)",
    "CASE WHEN answered > 3 THEN revenue ELSE handle_time END",
]
COMPARISONS = [
    "handle_time > revenue",
    "revenue = answered",
    "revenue BETWEEN handle_time AND 5",
    "csat > answered",
    "aht < csat",
]
ROWS = [
    "sum: amount + by_s",
    "sum: amount - by_s",
    "mean: 'COALESCE(amount, by_s)'",
    "count: amount > by_s",
    "sum: amount, where: by_s < amount",
    "sum: by_s, unit: money",
]
COLUMN = "tables: {events: {columns: {by_s: {type: duration}}}}\n"


def names_of(piece: str, folder: Path) -> set[str]:
    return {problem.name for problem in problems_of(load(laid_over_whole(piece, folder)))}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("formula", SUMS)
def test_no_sum_of_unlike_quantities(place: str, formula: str, tmp_path: Path) -> None:
    assert "unit-mismatch" in names_of(PLACES[place].format(formula=formula), tmp_path)


@pytest.mark.parametrize("place", CONDITIONS)
@pytest.mark.parametrize("formula", COMPARISONS)
def test_no_comparison_of_unlike_quantities(place: str, formula: str, tmp_path: Path) -> None:
    assert "unit-mismatch" in names_of(CONDITIONS[place].format(formula=formula), tmp_path)


@pytest.mark.parametrize("aggregate", ROWS)
def test_no_sum_of_unlike_columns(aggregate: str, tmp_path: Path) -> None:
    piece = f"{COLUMN}measures:\n  tried: {{table: events, {aggregate}}}\n"
    assert "unit-mismatch" in names_of(piece, tmp_path)


@pytest.mark.parametrize("formula", ["revenue + 5", "revenue - 2 * revenue", "revenue * csat", "revenue * answered"])
def test_like_quantities_and_products_are_fine(formula: str, tmp_path: Path) -> None:
    assert names_of(PLACES["kpi"].format(formula=formula), tmp_path) == set()


@pytest.mark.parametrize("formula", ["csat > 0.5", "csat < service_level", "answered > timed + 3", "1 - csat > 0.1"])
def test_like_quantities_compare(formula: str, tmp_path: Path) -> None:
    assert names_of(CONDITIONS["action"].format(formula=formula), tmp_path) == set()
