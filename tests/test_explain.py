"""Every number of an explanation comes out again from what stands below it, down to the rows.

In: the sample data, and a tiny center built for one score on which everything acts. Out: numbers worked out here anew.
Refuses to know: how an explanation is found. What is recomputed is read from its JSON, or from the rows it lists.
"""

from __future__ import annotations

import csv
import json
import math
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ccmetrics import formula, run
from ccmetrics.explanation import Explanation, Source
from ccmetrics.problem import UsageRefused
from ccmetrics.render.explanation import data, page
from ccmetrics.render.look import Look
from tests.tiny_center import center

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data"
EVERY = 1_000_000
Json = dict[str, Any]


@cache
def told(subject: str, card: str, **wish: Any) -> Explanation:
    """Once a wish: nothing in an explanation can be changed."""
    return run.explain([SAMPLE], subject=subject, card=card, period="2026-10", **wish)


def parsed(found: Explanation) -> Json:
    (card,) = json.loads(data(found, Look()))["cards"]
    return dict(card)


# ---------------------------------------------------------------- by hand, one level from the level below


def near(value: float | None, other: float | None) -> bool:
    if value is None or other is None:
        return value is other
    return math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9)


def measure_of(kind: str, values: list[Any], q: float | None) -> float | None:
    """An aggregate over the values that the listed rows give; a hidden one is told apart by its number."""
    if kind == "count":
        return float(len(values))
    if kind == "distinct":
        return float(len(set(values)))
    if kind == "sum":
        return math.fsum(values)
    if not values:
        return None
    if kind in ("min", "max"):
        return float(min(values) if kind == "min" else max(values))
    if kind == "mean":
        return math.fsum(values) / len(values)
    ordered = sorted(values)
    rank = (len(ordered) - 1) * (0.5 if q is None else q)
    low, high = ordered[math.floor(rank)], ordered[math.ceil(rank)]
    return float(low + (high - low) * (rank - math.floor(rank)))


def points_of(curve: Json) -> float:
    """Straight lines through the knots, clamped; at a jump the better side."""
    met, pairs = curve["met"], [tuple(pair) for pair in curve["knots"]]
    there = [points for value, points in pairs if math.isclose(value, met, rel_tol=1e-9)]
    if there:
        return float(max(there))
    if met < pairs[0][0] or met > pairs[-1][0]:
        return float(pairs[0][1] if met < pairs[0][0] else pairs[-1][1])
    ((low, a), (high, b)) = next(two for two in pairwise(pairs) if two[0][0] < met < two[1][0])
    assert [list(pair) for pair in ((low, a), (high, b))] == curve["between"]
    return float(a + (met - low) * (b - a) / (high - low))


def worked_out(worth: Json) -> float | bool | None:
    values = {measure["label"]: measure["value"] for measure in worth["measures"]}
    return formula.evaluate(formula.parse(worth["formula"]), values)


def check_worth(worth: Json) -> None:
    """A value from its measures, halves and n too; and every fate of the rows adds up."""
    found = worked_out(worth)
    assert near(worth["value"], None if found is None else float(found)), worth["formula"]
    if worth["numerator"] and worth["value"] is not None:
        assert near(worth["value"], worth["values"]["numerator"] / worth["values"]["denominator"])
    if worth["n_label"]:
        assert worth["n"] == next(m["value"] for m in worth["measures"] if m["label"] == worth["n_label"])
    for measure in worth["measures"]:
        if measure["value"] is not None:
            assert near(measure["value"], sum(s["value"] for s in measure["sources"] if s["value"] is not None))
        for source in measure["sources"]:
            assert sum(fate["rows"] for fate in source["fates"]) == source["rows"]
            used = sum(fate["rows"] for fate in source["fates"] if fate["what"] == "used")
            assert len(source["listed"]) == used
            assert source["hidden"] or near(
                source["value"], measure_of(source["kind"], [row["="] for row in source["listed"]], source["q"])
            )


def check_line(line: Json, divisor: float) -> None:
    row, curve = line["row"], line["curve"]
    for worth in filter(None, (line["worth"], line["stand_in"])):
        check_worth(worth)
    if line["worth"]:
        assert near(row["value"], line["worth"]["value"])
    if line["linked"]:
        known = [each for each in line["linked"] if each["worth"] is not None]
        assert near(line["linked_sum"], sum(each["worth"] * each["days"] for each in known))
        assert near(row["value"], line["linked_sum"] / sum(each["days"] for each in known))
    if row["status"] in ("own", "neutral") and curve is not None:
        met = line["stand_in"]["value"] if line["stand_in"] else row["value"] / curve["presence"]
        assert near(curve["met"], met)
        shares = [part["share"] for part in curve["parts"]]
        assert near(sum(shares), 1.0)
        for at, (value, _) in enumerate(curve["knots"]):
            assert near(value, sum(part["share"] * part["knots"][at] for part in curve["parts"]))
        assert curve["steps"] or near(row["points"], points_of(curve))
    if row["points"] is not None and row["status"] != "redistributed":
        assert near(row["contribution"], row["weight"] * row["points"] / divisor)


def check_item(item: Json, period: str) -> None:
    """Amount from its formula, cap and pool; a condition from its measures."""
    row, when, amount = item["row"], item["when"], item["amount"]
    for worth in filter(None, (when, amount)):
        check_worth(worth)
    if row["fired"] and when is not None and row["fired_in"] == period:
        assert when["value"] == 1.0
    if amount is None or not row["judged"]:
        return
    holds = when is None or bool(when["value"])
    assert near(row["requested"], amount["value"] if holds else 0.0)
    assert near(row["capped"], min(max(row["requested"], 0.0), row["cap"]))
    if row["pool_asked"] is not None and row["pool_asked"] > row["pool"] and row["amount"]:
        share = Decimal(str(row["capped"])) * Decimal(str(row["pool"])) / Decimal(str(row["pool_asked"]))
        assert row["amount"] == float(share.quantize(Decimal("0.01"), rounding="ROUND_DOWN"))
        asked = sum(each["capped"] for each in item["more"] if each["amount"])
        assert near(row["pool_asked"], asked)
    elif row["pool"] is None:
        assert near(row["amount"], row["capped"])


def check_score(card: Json) -> None:
    """The score from base and items, in the order of the rule; the base from the contributions."""
    row, items = card["score"], [item["row"] for item in card["adjustments"]]
    scored = [line["row"] for line in card["lines"] if line["at"] is not None]
    counted = [line for line in scored if line["status"] != "redistributed"]
    assert near(card["divisor"], sum(line["weight"] for line in counted))
    if row["score"] is None:
        assert card["steps"] == []
        return
    base = sum(line["contribution"] for line in counted)
    assert near(row["base"], base)
    assert near(card["weighted"] / card["divisor"], base)
    fired = [item for item in items if item["fired"]]
    if row["net"] is not None:
        nets = [item["amount"] for item in items if item["kind"] == "net" and item["amount"] is not None]
        result = max(base + sum(nets) / len(nets), 0.0)
    else:
        result = base + sum(item["amount"] for item in fired if item["kind"] == "bonus")
        result = max(result - sum(item["amount"] for item in fired if item["kind"] == "deduction"), 0.0)
        factor = math.prod(i["factor"] for i in fired if i["kind"] == "coefficient" and i["on"] == "score")
        result *= min(max(factor, card["limits"][0]), card["limits"][1])
        caps = [item["score_at_most"] for item in fired if item["score_at_most"] is not None]
        result = min([result, *caps])
    assert near(card["steps"][-2]["after"], result)
    assert row["score"] == printed(result, card["decimals"])
    check_steps(card["steps"], card["decimals"])


def printed(value: float, decimals: int) -> float:
    exact = Decimal(value).quantize(Decimal("1e-9"))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def check_steps(steps: list[Json], decimals: int) -> None:
    for before, step in pairwise(steps):
        by, at = step["by"], before["after"]
        match step["what"]:
            case "net" | "bonus":
                expected = at + by
            case "deductions":
                expected = at - by
            case "coefficient":
                expected = at * by
            case "capped":
                expected = min(at, by)
            case "rounded":
                expected = printed(at, decimals)
            case _:
                expected = 0.0
        assert near(step["after"], expected), step


def check_earned(card: Json) -> None:
    """The grade from the bands and red lines; the coefficient from the grade; the amount from base and presence."""
    row = card["score"]
    if row["grade"] is None:
        return
    reached = [band for band in card["grades"] if band["from"] is None or row["score"] >= band["from"]]
    best = max(reached, key=lambda band: -math.inf if band["from"] is None else band["from"])
    assert row["grade_by_score"] == best["grade"]
    names = [band["grade"] for band in card["grades"]]
    red = [item["row"] for item in card["adjustments"] if item["row"]["fired"] and item["row"]["kind"] == "red_line"]
    limits = [names.index(item["grade_at_most"]) for item in red if item["grade_at_most"] is not None]
    assert row["grade"] == names[max([names.index(best["grade"]), *limits])]
    first, *rest = card["pay_steps"]
    assert first["after"] == next(band["pay"] for band in card["grades"] if band["grade"] == row["grade"])
    assert near(row["pay"], (rest or [first])[-1]["after"])
    if row["pay_amount"] is not None and card["pay"]["base"] is not None and card["pay"]["budget"] is None:
        presence = 1.0 if row["presence"] is None else row["presence"]
        assert row["pay_amount"] == printed(card["pay"]["base"] * presence * row["pay"], 2)


def check(card: Json) -> None:
    check_score(card)
    check_earned(card)
    for line in card["lines"]:
        check_line(line, card["divisor"])
    for item in card["adjustments"]:
        check_item(item, card["period"])


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
    (official,) = run.score([SAMPLE], cards=[card], period="2026-10").scorecards
    (found,) = told(subject, card, rows=EVERY).cards
    assert dict(found.row) == official.scores.filter(subject=subject).row(0, named=True)
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


def test_a_parameter_of_the_line_is_the_one_in_force(whole: Explanation) -> None:
    line = whole.cards[0].lines[1]
    assert line.worth is not None
    short = next(measure for measure in line.worth.measures if measure.label == "short_handled")
    assert short.sources[0].parameters == {"short_call_s": 150}
    assert short.sources[0].listed["="].to_list() == [1, 0, 0, 0]


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
    for said in ("59.00  得分", "红线限定最高 59", "83.3333 分：250 s 介于 200 s（100）与 500 s（0）之间", "数据行"):
        assert said in text


def test_the_same_bytes_twice(whole: Explanation) -> None:
    assert data(whole, Look()) == data(whole, Look())
