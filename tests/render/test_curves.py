"""Curves on pages: that of the time present where a total is told, that of the definitions where goals are."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import polars as pl
import pytest
from openpyxl import load_workbook

from ccmetrics.render.charts import Bullet, Curve
from ccmetrics.render.curves import curves_for, curves_of, in_force, met, target_of
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.html.figures import _bullets
from ccmetrics.render.look import Look
from ccmetrics.render.narrow import narrowed
from ccmetrics.scorecard import Scorecard
from tests.render.made_up import CARD, result, scorecard

REVENUE = pl.col("kpi") == "revenue"
EACH = "A2"


def half_there() -> Scorecard:
    """A2 was there half of the time: 20,000 of 40,000 earns all points."""
    card = scorecard()
    half = REVENUE & (pl.col("subject") == EACH)
    changed = {"share": 0.5, "value": 20_000.0, "target": 20_000.0}
    return replace(
        card,
        lines=card.lines.with_columns(
            pl.when(half).then(number).otherwise(name).alias(name) for name, number in changed.items()
        ),
    )


def test_a_total_stands_beside_the_goal_it_met() -> None:
    """A goal of 40,000 beside 20,000 and 100 points would be another curve than the one that gave them."""
    made = result(narrowed(half_there(), EACH))
    for look, form in ((Look(140), "table"), (Look(), "html")):
        page = FORMATS[form].score(made, look).decode()
        assert "0 / 20,000" in page
        assert "0 / 40,000" not in page.split('id="kpi/')[0]


def test_a_total_is_drawn_where_its_points_are() -> None:
    full = Bullet(Curve((0.0, 40_000.0), (0.0, 100.0), False), 40_000.0, None, None)
    found = {key[1:]: item for key, item in _bullets(half_there())}
    assert found[EACH, 2] == found["A3", 2] == full


def test_the_sheet_of_goals_has_the_stated_target() -> None:
    sheet = load_workbook(BytesIO(FORMATS["xlsx"].score(result(half_there()), Look())))["Goals"]
    rows = {row[1]: row[3:5] for row in sheet.iter_rows(values_only=True)}
    assert rows["Revenue"] == (40_000, "0 = 0, 40,000 = 100")


@pytest.fixture(scope="module")
def without_a_goal() -> Scorecard:
    """Handle times have a goal on Mondays alone."""
    monday = {"by": "weekday", "curves": {"mon": {"floor": 450, "target": 300, "stretch": 240}}}
    csat, _, *others = CARD["kpis"]
    return scorecard(more={"kpis": [csat, {"kpi": "aht", "weight": 30, "segments": monday}, *others]})


@pytest.mark.parametrize("form", FORMATS)
def test_a_line_without_a_goal_is_drawn(form: str, without_a_goal: Scorecard) -> None:
    assert FORMATS[form].score(result(without_a_goal), Look())
    assert not any(key[2] == 1 for key, _ in _bullets(without_a_goal))


def test_the_own_curve_goes_before_everybodys() -> None:
    earned = [0.0, 100.0]
    rows = [(None, 0, [1.0, 2.0], earned), ("A", 0, [3.0, 4.0], earned), ("B", 1, [5.0, 6.0], earned)]
    told = pl.DataFrame(rows, schema=["subject", "line", "knots", "points"], orient="row")
    goals = told.join(scorecard().goals.head(1).drop(told.columns), how="cross")
    curves = curves_of(goals)
    assert met(curves, {"subject": "A", "line": 0, "share": 0.5}) == ((1.5, 2.0), (0.0, 100.0))
    assert in_force(curves, {"subject": "B", "line": 0}) == ((1.0, 2.0), (0.0, 100.0))
    assert in_force(curves, {"subject": "A", "line": 1}) == ((), ())
    assert [target_of(curves, line) for line in (0, 1, 2)] == [None, 6.0, None]


@pytest.mark.parametrize(("subject", "has"), [("A1", False), (EACH, True)])
def test_a_part_has_no_curves_of_others(subject: str, has: bool) -> None:
    card = scorecard()
    own = card.goals.with_columns(subject=pl.lit(EACH), knots=pl.col("knots").list.eval(pl.element() / 2))
    every = replace(card, goals=pl.concat([own, card.goals]))
    part = narrowed(every, subject)
    found = curves_for(part, Look(whole=result(every)))
    assert found == curves_of(part.goals)
    assert ((EACH, 0) in found) is has
