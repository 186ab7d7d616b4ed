"""Every number of an explanation comes out again from what stands below it, down to the rows.

In: the sample data, and a tiny center built for one score on which everything acts. Out: numbers worked out here anew.
Refuses to know: how an explanation is found. What is recomputed is read from its JSON, or from the rows it lists.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ccmetrics import run
from ccmetrics.explanation import Explanation, Source
from ccmetrics.problem import UsageRefused
from ccmetrics.render.explanation import data, page
from ccmetrics.render.look import Look
from tests.tiny_center import center
from tests.worked_out import Json, check, check_score, measure_of, near

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data"
EVERY = 1_000_000


@cache
def told(subject: str, card: str, **wish: Any) -> Explanation:
    """Once a wish: nothing in an explanation can be changed."""
    return run.explain([SAMPLE], subject=subject, card=card, period="2026-10", **wish)


def parsed(found: Explanation) -> Json:
    (card,) = json.loads(data(found, Look()))["cards"]
    return dict(card)


# ---------------------------------------------------------------- the sample data


@pytest.mark.parametrize(
    ("subject", "card"),
    [
        ("A005", "agent"),
        ("A009", "agent"),
        ("A011", "agent"),
        ("A023", "agent"),
        ("A052", "agent"),
        ("L01", "team_leader"),
    ],
)
def test_every_printed_number_comes_out_again_from_what_stands_below(subject: str, card: str) -> None:
    """A005 shares a pool, A009 has no surveys of its own, A011 loses points, A023 crossed a red line, A052 has no
    score, L01 is linked to the agents'."""
    check(parsed(told(subject, card, rows=EVERY)))


def test_a_longer_period_adds_the_mean_of_its_cycles() -> None:
    found = run.explain([SAMPLE], subject="A005", card="agent", period="2026-08-01..2026-10-31")
    card = parsed(found)
    check_score(card)
    assert card["score"]["net"] is not None
    assert [item["row"]["name"] for item in card["adjustments"]] == ["2026-08", "2026-09", "2026-10"]


def recount(source: Source) -> float | None:
    return measure_of(source.kind, source.listed["="].to_list(), source.q)


@pytest.mark.parametrize(("subject", "card"), [("A005", "agent"), ("L01", "team_leader"), ("center", "center")])
def test_the_rows_of_every_kpi_of_a_card_come_to_its_measures(subject: str, card: str) -> None:
    (found,) = told(subject, card, rows=EVERY).cards
    seen = 0
    for line in found.lines:
        for measure in line.worth.measures if line.worth else ():
            counted = [
                recount(source) for source in measure.sources if not (source.hidden and source.kind != "distinct")
            ]
            if len(counted) < len(measure.sources) or measure.value is None:
                continue
            assert near(measure.value, sum(each for each in counted if each is not None)), measure.label
            seen += 1
    assert seen >= 12


@pytest.mark.parametrize(("subject", "card"), [("A005", "agent"), ("L01", "team_leader"), ("center", "center")])
def test_the_numbers_are_the_official_ones(subject: str, card: str) -> None:
    (official,) = run.score([SAMPLE], cards=[card], period="2026-10", beside=False).scorecards
    (found,) = told(subject, card, rows=EVERY).cards
    # The period alone is explained, not what changed since the one before.
    changed = {"change": None, "change_beyond": None}
    assert dict(found.row) == official.scores.filter(subject=subject).row(0, named=True) | changed
    own = official.lines.filter(subject=subject).sort("line").to_dicts()
    assert [dict(line.row) for line in found.lines] == own
    assert [dict(item.row) for item in found.items] == official.adjustments.filter(subject=subject).to_dicts()


def test_the_rows_are_those_that_anybody_finds_in_the_export() -> None:
    """October's scored evaluations of A005, by hand from the file."""
    with (SAMPLE / "evaluations.csv").open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["agent_id"] == "A005" and row["evaluated_at"][:7] == "2026-10" and row["final"] != "false"
            and row["purpose"] != "calibration" and row["score"]
        ]  # fmt: skip
    (found,) = told("A005", "agent", rows=EVERY).cards
    (line,) = [line for line in found.lines if line.kpi == "quality_score"]
    assert line.worth is not None
    points = line.worth.measures[0].sources[0]
    assert sorted(points.listed["evaluation_id"]) == sorted(row["evaluation_id"] for row in rows)
    assert points.value == pytest.approx(sum(float(row["score"]) for row in rows))


def test_an_excluded_row_says_who_approved_that() -> None:
    """U02 leaves survey S06290 out: everybody's surveys together are one short, and the reason is told."""
    (found,) = told("A009", "agent", rows=EVERY).cards
    (line,) = [line for line in found.lines if line.stand_in is not None]
    assert line.stand_in is not None
    for measure in line.stand_in.measures:
        (fate,) = [fate for fate in measure.sources[0].fates if fate.what == "excluded"]
        assert (fate.rows, fate.id, fate.reason, fate.approved_by) == (1, "U02", "abusive caller", "L03")


def test_first_rows_stand_in_the_order_of_time_and_private_cells_are_hidden() -> None:
    (found,) = told("A005", "agent", kpi="fcr", rows=5).cards
    (line,) = [line for line in found.lines if line.worth is not None]
    assert line.worth is not None
    for measure in line.worth.measures:
        listed = measure.sources[0].listed
        assert listed.height == 5
        assert listed["started_at"].is_sorted()
        assert listed["customer_id"].to_list() == ["***"] * 5
        assert listed["export"].unique().to_list() == [str(SAMPLE / "interactions.csv")]


def test_no_row_is_listed_unless_asked_for() -> None:
    (found,) = told("A005", "agent", kpi="fcr").cards
    assert all(
        s.listed.is_empty() for line in found.lines if line.worth for m in line.worth.measures for s in m.sources
    )


def test_a_watched_kpi_is_told_without_points() -> None:
    (found,) = told("A005", "agent", kpi="nev").cards
    watched = found.lines[-1]
    assert (watched.at, watched.kpi, watched.curve) == (None, "nev", None)
    assert watched.worth is not None
    # Nobody asked for rows.
    assert {source.listed.height for measure in watched.worth.measures for source in measure.sources} == {0}


def test_every_card_that_scores_the_subject_is_told() -> None:
    found = run.explain([SAMPLE], subject="A005", kpi="csat", period="2026-10")
    assert [card.scorecard.card.card for card in found.cards] == ["agent", "calls"]


@pytest.mark.parametrize(
    ("wish", "name", "hint"),
    [
        ({"subject": "Nothline", "card": "vendor"}, "unknown-subject", "Did you mean 'Northline'?"),
        ({"subject": "A005", "card": "agnt"}, "unknown-name", "Did you mean 'agent'?"),
        ({"subject": "A005", "kpi": "fcrr"}, "unknown-name", "Did you mean 'fcr'?"),
        ({"subject": "A005", "card": "agent", "kpi": "nps"}, "unknown-name", "neither scored nor watched on agent"),
        ({"subject": "L01", "card": "agent"}, "unknown-subject", "No card has a subject 'L01' in 2026-10."),
    ],
)
def test_what_is_not_there_is_refused(wish: Any, name: str, hint: str) -> None:
    with pytest.raises(UsageRefused) as refused:
        run.explain([SAMPLE], period="2026-10", **wish)
    (problem,) = refused.value.problems
    assert problem.name == name
    assert hint in problem.text


# ---------------------------------------------------------------- a score on which everything acts


@pytest.fixture
def whole(tmp_path: Path) -> Explanation:
    home, config = center(tmp_path)
    return run.explain([home], subject="A1", card="whole", period="2026-10", rows=EVERY, config=config)


def test_a_bonus_a_deduction_a_coefficient_and_a_red_line_at_once(whole: Explanation) -> None:
    """Mean handle time 250 s of 100, 200, 300, 400 earns (500 - 250) / 300 = 83.33; one of four legs below 150 s earns
    75. The base is 0.6 x 83.33 + 0.4 x 75 = 80. Two praises ask 8 and are capped at 6, one risk takes 3: 83 x 1.05 is
    87.15, and the red line allows 59."""
    check(parsed(whole))
    (card,) = whole.cards
    assert [line.row["points"] for line in card.lines] == [pytest.approx(250 / 3), 75]
    assert [(step.what, round(step.after, 6)) for step in card.steps] == [
        ("base", 80), ("bonus", 86), ("deductions", 83), ("coefficient", 87.15), ("capped", 59), ("rounded", 59)
    ]  # fmt: skip
    assert (card.row["grade"], card.row["grade_by_score"], card.row["pay"]) == ("C", "C", 0.5)
    assert [(step.what, step.after) for step in card.pay] == [("grade", 0.9), ("capped", 0.5)]
    assert card.row["pay_amount"] == 1000


BLEND = """
card: blend
title: Blend
subject: agent_id
kpis:
  - kpi: aht
    weight: {2026-10-01: 15, 2026-10-16: 25}
    floor: 500
    target: 200
    segments: {by: weekday, curves: {thu: {floor: 540, target: 240}}}
  - {kpi: short_handled_rate, weight: {2026-10-01: 85, 2026-10-16: 75}, floor: 1, target: 0}
missing: withhold
grades: [{grade: A, from: 50, pay: 1}, {grade: D, from: null, pay: 0.5}]
allow: {one-sided-mix: test}
"""


def test_a_blended_curve_and_a_dated_weight_are_told_in_parts(tmp_path: Path) -> None:
    """One of four legs is of a Thursday: 510 / 210, and 250 s earns (510 - 250) / 300. Fifteen days at 15 and sixteen
    at 25 weigh 20.16."""
    home, config = center(tmp_path)
    (config / "blend.yaml").write_text(BLEND)
    found = run.explain([home], subject="A1", card="blend", period="2026-10", rows=EVERY, config=config)
    check(parsed(found))
    line = found.cards[0].lines[0]
    assert line.curve is not None
    assert [knot for pair in line.curve.knots for knot in pair] == pytest.approx([210, 100, 510, 0])
    assert sorted(part["share"] for part in line.curve.parts) == [0.25, 0.75]
    assert line.row["points"] == pytest.approx(260 / 3)
    assert line.weights == ((15, 15), (25, 16))
    assert line.row["weight"] == pytest.approx(sum(weight * days for weight, days in line.weights) / 31)
    text = page(found, Look(width=120)).decode()
    assert "20.1613 / 100; its weight is the mean of 15 for 15 days, 25 for 16 days" in text


def test_a_parameter_of_the_line_is_the_one_in_force(whole: Explanation) -> None:
    line = whole.cards[0].lines[1]
    assert line.worth is not None
    short = next(measure for measure in line.worth.measures if measure.label == "short_handled")
    assert short.sources[0].parameters == {"short_call_s": 150}
    assert short.sources[0].listed["="].to_list() == [1, 0, 0, 0]


def test_customers_can_be_counted_and_not_be_read(tmp_path: Path) -> None:
    """Legs of customers C0, C1, C2 and C0 again: equal numbers are equal customers, in the order of the rows."""
    home, config = center(tmp_path)
    found = run.explain([home], subject="A1", card="whole", kpi="fcr", period="2026-10", rows=EVERY, config=config)
    worth = found.cards[0].lines[-1].worth
    assert worth is not None
    handled = next(measure for measure in worth.measures if measure.label == "customers_handled")
    assert (handled.value, handled.sources[0].listed["="].to_list()) == (3, ["***1", "***2", "***3", "***1"])
    for drawn in (data(found, Look()), page(found, Look(width=140))):
        assert not any(name in drawn.decode() for name in ("C0", "C1", "C2"))


def test_the_page_reads_from_the_score_down(whole: Explanation) -> None:
    text = page(whole, Look(width=80)).decode()
    assert max(map(len, text.splitlines())) <= 80
    order = [
        "59.00  score",
        "80  base, the weighted mean of the points below",
        "86  + 6 bonuses",
        "83  - 3 deductions",
        "87.15  x 1.05 coefficients",
        "59  a red line allows at most 59",
        "grade C: from 50, and 80 is not reached",
        "4 * commendations = 8 (commendations = 2), at most 6",
        "83.3333 points: 250 s lies between 200 s (100) and 500 s (0)",
        "= handle_time / timed = 1,000 / 4",
        "Rows",
        "handle_time: used rows of interactions, all 4",
    ]
    at = [text.find(each) for each in order]
    assert -1 not in at, order[at.index(-1)]
    assert at == sorted(at)


def test_the_page_speaks_chinese(whole: Explanation) -> None:
    text = page(whole, Look(width=140, lang="zh")).decode()
    for said in ("59.00  得分", "红线限定最高 59", "83.3333 分：250秒 介于 200秒（100）与 500秒（0）之间", "数据行"):
        assert said in text


def test_the_same_bytes_twice(whole: Explanation) -> None:
    assert data(whole, Look()) == data(whole, Look())
