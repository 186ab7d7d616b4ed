"""Two scorings held against each other: official scores on both sides, and parts that add up to their difference.

In: hand-made facts, small exports, the sample. Out: pass or fail.
Refuses to know: how a comparison is drawn.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ccmetrics import run
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.comparison import CardMoves, Comparison
from ccmetrics.period import Period, parse
from ccmetrics.problem import UsageRefused
from ccmetrics.render.comparison_markdown import markdown
from ccmetrics.render.comparison_page import page
from ccmetrics.render.look import Look
from ccmetrics.run.cards import Scored
from ccmetrics.run.compare import catalogues, periods
from ccmetrics.run.movement import Side, of_catalogues, of_periods
from ccmetrics.stages.facts import LINKED, PAST, Facts
from ccmetrics.stages.judge import judge
from ccmetrics.stages.score import score
from tests.render.test_untranslated import english
from tests.scoring_frames import card, kpi, people, rows, straight

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data"
SEPTEMBER, OCTOBER = parse("2026-09"), parse("2026-10")
KPIS = {name: kpi(name) for name in ("csat", "aht", "quality")}


def side(on: Card, found: list[tuple[Any, ...]], period: Period = OCTOBER, **more: pl.DataFrame) -> Side:
    values = rows(found).with_columns(period=pl.lit(period.label))
    pooled = rows([], subject=False).with_columns(period=pl.lit(period.label))
    facts = Facts(period, values, pooled, people(*sorted(set(values["subject"]))), **more)  # type: ignore[arg-type]
    scores = score(on, KPIS, facts)
    return Side(on, KPIS, Scored(facts, scores, judge(on, scores, facts)))


def parts(found: pl.DataFrame, subject: str = "A") -> dict[str, float | None]:
    return found.filter(pl.col("subject") == subject).drop("subject").row(0, named=True)


def printed(one: Side, two: Side, subject: str = "A") -> float:
    ends = [s.scored.scores.scores.filter(pl.col("subject") == subject)["score"].item() for s in (one, two)]
    return float(round(ends[1] - ends[0], 2))


# ---------------------------------------------------------------- two periods

DATED = card(
    [
        {"kpi": "aht", "weight": {"2026-01-01": 40, "2026-10-01": 60}, "floor": 400,
         "target": {"2026-01-01": 300, "2026-10-01": 280}},
        straight("csat", {"2026-01-01": 60, "2026-10-01": 40}),  # type: ignore[arg-type]
    ],
    adjust={"bonus": [{"name": "ideas", "amount": "x", "cap": 9}]},
)  # fmt: skip


def dated(aht: tuple[float, float], csat: tuple[float, float], bonus: tuple[float, float]) -> tuple[Side, Side]:
    one, two = (
        side(
            DATED,
            [("A", "aht", aht[at]), ("A", "csat", csat[at]), ("A", "bonus.0.amount", bonus[at])],
            (SEPTEMBER, OCTOBER)[at],
        )
        for at in (0, 1)
    )
    return one, two


def test_a_change_is_told_apart_by_data_target_weight_and_adjustments() -> None:
    """September: AHT 340 on 400..300 is 60 points; 0.4 x 60 + 0.6 x 80 = 72, + 2 = 74. October: 81 + 5 = 86.

    Data: 310 s is 90 points, satisfaction 90: 90. Target 280: 75 points, 0.4 x 75 + 54 = 84. Weights 60 and 40:
    45 + 36 = 81. So +18, -6, -3, and 3 points of bonus more.
    """
    one, two = dated((340, 310), (80, 90), (2, 5))
    expected = {"roster": 0, "data": 18, "formula": 0, "target": -6, "weight": -3, "adjustments": 3}
    assert parts(of_periods(one, two, None)) == expected
    assert printed(one, two) == 12


def test_printed_parts_add_up_to_the_printed_change() -> None:
    """Thirds of points on every level: each level is rounded as a score is, so nothing is left over."""
    one, two = dated((333, 311.7), (81.111, 77.777), (1.333, 2.666))
    found = parts(of_periods(one, two, None))
    assert sum(Decimal(str(part)) for part in found.values()) == Decimal(str(printed(one, two)))


def test_a_red_line_is_a_part_of_its_own() -> None:
    """Base 90 -> 80, and a cap at 59 in the second: -10 by the data, -21 by the cap."""
    on = card([straight("csat", 100)], adjust={"red_lines": [{"name": "r", "when": "x > 0", "score_at_most": 59}]})
    one = side(on, [("A", "csat", 90), ("A", "red_lines.0.when", 0)], SEPTEMBER)
    two = side(on, [("A", "csat", 80), ("A", "red_lines.0.when", 1)], OCTOBER)
    found = parts(of_periods(one, two, None))
    assert (found["data"], found["adjustments"]) == (-10, -21)


def test_steps_half_way_that_are_withheld_are_told_with_the_next() -> None:
    """Ten of twenty cases: the second card leaves the line out and asks for half of the weights only. By the first
    one's share of 60% nobody is scored half-way, so all 10 points are told once, with the weights."""
    lines = [straight("csat", 50, min_n=20, missing="redistribute"), straight("quality", 50)]
    one = side(card(lines), [("B", "csat", 80, 25), ("B", "quality", 80)])
    two = side(card(lines, min_coverage=0.4), [("B", "csat", 70, 10), ("B", "quality", 90)])
    found = parts(of_catalogues(one, two), "B")
    assert found == {"formula": None, "target": None, "weight": 10, "adjustments": 0}


def test_a_roster_step_without_a_score_is_no_zero() -> None:
    """By October's roster three cases are left in September, fewer than the 20 that the line asks for."""
    on = card([straight("csat", 50, min_n=20), straight("quality", 50)])
    one = side(on, [("B", "csat", 80, 25), ("B", "quality", 80)], SEPTEMBER)
    two = side(on, [("B", "csat", 90, 25), ("B", "quality", 80)], OCTOBER)
    moved = side(on, [("B", "csat", 70, 3), ("B", "quality", 80)], SEPTEMBER).scored.facts
    found = parts(of_periods(one, two, moved), "B")
    assert found == {"roster": None, "data": 5, "formula": 0, "target": 0, "weight": 0, "adjustments": 0}


# ---------------------------------------------------------------- two catalogues


def test_a_new_curve_is_target_a_new_weight_is_weight() -> None:
    """60 x 0.5 + 80 x 0.5 = 70; floor 500 makes 340 s 80 points: 80; weights 20 and 80: 80."""
    one = side(card([{"kpi": "aht", "weight": 50, "floor": 400, "target": 300}, straight("csat", 50)]),
               [("A", "aht", 340), ("A", "csat", 80)])  # fmt: skip
    two = side(card([straight("csat", 80), {"kpi": "aht", "weight": 20, "floor": 500, "target": 300}]),
               [("A", "aht", 340), ("A", "csat", 80)])  # fmt: skip
    assert parts(of_catalogues(one, two)) == {"formula": 0, "target": 10, "weight": 0, "adjustments": 0}
    assert parts(of_catalogues(two, one)) == {"formula": 0, "target": -4, "weight": -6, "adjustments": 0}


def test_a_line_added_is_weight_and_a_new_formula_is_formula() -> None:
    """80 by satisfaction alone; measured anew 84; with quality 60 at half the weight 72."""
    one = side(card([straight("csat", 100)]), [("A", "csat", 80)])
    two = side(card([straight("csat", 50), straight("quality", 50)]), [("A", "csat", 84), ("A", "quality", 60)])
    assert parts(of_catalogues(one, two)) == {"formula": 4, "target": 0, "weight": -12, "adjustments": 0}
    # Back: what only the first has keeps its own value until the weights go.
    assert parts(of_catalogues(two, one)) == {"formula": -2, "target": 0, "weight": 10, "adjustments": 0}


def linked(line: int, value: float) -> pl.DataFrame:
    return pl.DataFrame([("A", line, value, 4, 1.0, None)], schema=dict(LINKED), orient="row")


def test_a_linked_line_moves_with_the_values_wherever_it_stands() -> None:
    """80 and 60 make 70; the linked card's mean is 90 in the second, which lists it first: 85."""
    other = {"linked_card": "agent", "by": "leader_id", "category": "customer", "weight": 50}
    one = side(card([straight("csat", 50), other]), [("A", "csat", 80)], linked=linked(1, 60))
    two = side(card([other, straight("csat", 50)]), [("A", "csat", 80)], linked=linked(0, 90))
    assert parts(of_catalogues(one, two)) == {"formula": 15, "target": 0, "weight": 0, "adjustments": 0}


def past(line: int, value: float) -> pl.DataFrame:
    return pl.DataFrame([(line, "card", "label", None, value, "2025-10", None)], schema=dict(PAST), orient="row")


def test_what_a_goal_is_stated_against_moves_with_the_target() -> None:
    """A goal of last year's 80, then of 100, the floor 50 below it as stated: on 30..80 a value of 60 earns 60 points
    and 80 earns 100; on 50..100 it earns 60."""
    on = card([{"kpi": "csat", "weight": 100, "floor": 0, "target": {"last_year": "+0%", "else": 50}}])
    one = side(on, [("A", "csat", 60)], SEPTEMBER, past=past(0, 80))
    two = side(on, [("A", "csat", 80)], OCTOBER, past=past(0, 100))
    found = parts(of_periods(one, two, None))
    assert {step: found[step] for step in ("data", "target", "weight")} == {"data": 40, "target": -40, "weight": 0}


# ---------------------------------------------------------------- exports

ONE, TWO, THREE = ("A1", "A2", "A3")


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """A1 moves from Xenon to Yttrium on 5 October. Two contacts each and month, on the 10th and 20th."""
    seconds = {"2026-09": {ONE: 100, TWO: 300, THREE: 200}, "2026-10": {ONE: 120, TWO: 300, THREE: 240}}
    lines = ["interaction_id,started_at,outcome,direction,agent_id,talk_s"]
    for month, by_agent in seconds.items():
        for agent, talk in by_agent.items():
            lines += [f"{agent}{month}{n},{month}-{n} 10:00:00,answered,inbound,{agent},{talk}" for n in (10, 20)]
    lines += ["Z1,2026-11-02 10:00:00,answered,inbound,A1,1"]
    (tmp_path / "interactions.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "roster.csv").write_text(
        "agent_id,valid_from,valid_to,role,team\n"
        "A1,2026-01-01,2026-10-04,agent,Xenon\nA1,2026-10-05,,agent,Yttrium\n"
        "A2,2026-01-01,,agent,Xenon\nA3,2026-01-01,,agent,Yttrium\n"
    )
    return tmp_path


def of_teams(subject: str) -> Catalogue:
    shipped = load_catalogue(None)
    plain = {
        "card": "speed", "title": "Speed", "subject": subject,
        "kpis": [{"kpi": "aht", "weight": 100, "points": [[0, 100], [400, 0]]}],
        "grades": [{"grade": "A", "from": 50, "pay": 1.0}, {"grade": "B", "from": None, "pay": 0.5}],
    }  # fmt: skip
    return shipped.model_copy(update={"cards": {"speed": Card.model_validate(plain)}})


def by_subject(card: CardMoves) -> dict[str, dict[str, Any]]:
    return {row["subject"]: row for row in card.moves.to_dicts()}


def test_membership_moves_a_team_by_the_roster_step(moved: Path) -> None:
    """400 s is 0 points, 0 s is 100. Xenon 200 s, by October's roster A2 alone: 300 s, 50 -> 25, and so it stays.

    Yttrium 200 s, with A1 150 s: 62.5; in October 180 s: 55.
    """
    (card,) = periods(of_teams("team"), [moved], ("2026-09", "2026-10")).cards
    found = by_subject(card)
    assert [found["Xenon"][step] for step in ("change", "roster", "data")] == [-25, -25, 0]
    assert [found["Yttrium"][step] for step in ("change", "roster", "data")] == [5, 12.5, -7.5]
    assert (found["Xenon"]["grade_before"], found["Xenon"]["grade_after"]) == ("A", "B")
    assert (card.budgets[0].coefficients, card.budgets[1].coefficients) == (2.0, 1.5)


def test_agents_keep_their_own_rows_wherever_they_belong(moved: Path) -> None:
    (card,) = periods(of_teams("agent_id"), [moved], ("2026-09", "2026-10")).cards
    found = by_subject(card)
    assert [found[ONE][step] for step in ("change", "roster", "data")] == [-5, 0, -5]
    assert "roster-own" in card.notes


def test_who_is_scored_on_one_side_only_is_listed_as_such(moved: Path) -> None:
    with (moved / "roster.csv").open("a") as roster:
        roster.write("A4,2026-10-01,,agent,Xenon\n")
    lines = (moved / "interactions.csv").read_text() + "N1,2026-10-03 10:00:00,answered,inbound,A4,40\n"
    (moved / "interactions.csv").write_text(lines)
    both = periods(of_teams("agent_id"), [moved], ("2026-09", "2026-10"))
    for draw in (page, markdown):
        assert english(draw(both, Look(140, "zh")).decode(), "Speed", "Xenon", "Yttrium") == []
    (card,) = both.cards
    new = by_subject(card)["A4"]
    assert (new["place"], new["score_before"], new["score_after"], new["change"]) == ("after", None, 90.0, None)
    assert all(new[step] is None for step in card.steps)
    assert card.moves["subject"].to_list()[-1] == "A4"


@pytest.mark.parametrize(
    "texts",
    [("2026-09", "2026-Q4"), ("2026-10", "2026-10"), ("2026-10-01..2026-10-03", "2026-09-01..2026-09-04")],
)
def test_only_periods_of_one_length_are_compared(moved: Path, texts: tuple[str, str]) -> None:
    with pytest.raises(UsageRefused, match="unlike-periods"):
        periods(of_teams("team"), [moved], texts)


# ---------------------------------------------------------------- the sample


def reweighed() -> Catalogue:
    """The shipped agent card with 5 points of weight taken from quality and given to the handle time, and A from 93."""
    shipped = load_catalogue(None)
    card = shipped.cards["agent"]
    weights = {"quality_score": 15.0, "aht": 20.0}
    lines = tuple(line.model_copy(update={"weight": weights.get(line.kpi, line.weight)}) for line in card.kpis)
    grades = tuple(g.model_copy(update={"start": 93.0}) if g.grade == "A" else g for g in card.grades)
    return shipped.model_copy(
        update={"cards": {**shipped.cards, "agent": card.model_copy(update={"kpis": lines, "grades": grades})}}
    )


@pytest.fixture(scope="module")
def two_cards() -> Comparison:
    both = (load_catalogue(None), reweighed())
    return catalogues(both, ("old", "new"), [SAMPLE], period="2026-10", cards=["agent"])


def test_scores_under_another_weight_by_hand(two_cards: Comparison) -> None:
    """From the official lines alone: weights 15 and 20 in place of 20 and 15, then adjusted and rounded as stated."""
    official = run.score([SAMPLE], period="2026-10", cards=["agent"], beside=False).scorecards[0]
    changed = {"quality_score": 15.0, "aht": 20.0}
    moves = by_subject(two_cards.cards[0])
    told = 0
    for row in official.scores.filter(pl.col("score").is_not_null()).to_dicts():
        lines = official.lines.filter(pl.col("subject") == row["subject"]).to_dicts()
        counted = [line for line in lines if line["status"] != "redistributed"]
        weights = [changed.get(line["kpi"], line["weight"]) for line in counted]
        base = sum(w * line["points"] for w, line in zip(weights, counted, strict=True)) / sum(weights)
        net = max(base + row["bonus"] - row["deductions"], 0) * row["coefficient"]
        expected = min(net, row["capped_at"] if row["capped_at"] is not None else net)
        by_hand = Decimal(f"{expected:.9f}").quantize(Decimal("0.01"), ROUND_HALF_UP)
        found = moves[row["subject"]]
        assert (found["score_before"], found["score_after"]) == (row["score"], float(by_hand)), row["subject"]
        grade = next(g for g, start in (("S", 110), ("A", 93), ("B", 80), ("C", 60), ("D", -1)) if by_hand >= start)
        assert found["grade_after"] == (grade if row["status"] == "scored" else None)
        assert (found["formula"], found["target"]) == (0, 0)
        told += 1
    assert told > 50


def test_what_it_costs_by_hand(two_cards: Comparison) -> None:
    moves = two_cards.cards[0].moves
    for end, budget in zip(("before", "after"), two_cards.cards[0].budgets, strict=True):
        paid = moves.drop_nulls(f"pay_{end}")
        sums = [p * (1 if there is None else there) for p, there in paid.select(f"pay_{end}", f"presence_{end}").rows()]
        assert budget.coefficients == pytest.approx(sum(sums), abs=1e-6)
        assert budget.paid == paid.height


def test_the_largest_changes_come_first(two_cards: Comparison) -> None:
    sizes = two_cards.cards[0].moves["change"].abs().drop_nulls().to_list()
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0


@pytest.fixture(scope="module")
def two_months() -> Comparison:
    chosen = ["agent", "team_leader", "vendor", "trainer"]
    return periods(load_catalogue(None), [SAMPLE], ("2026-09", "2026-10"), cards=chosen)


def test_parts_of_every_card_add_up_exactly(two_months: Comparison, two_cards: Comparison) -> None:
    seen = 0
    for moved in (*two_months.cards, *two_cards.cards):
        for row in moved.moves.filter(pl.col("place") == "both").to_dicts():
            sums = sum((Decimal(str(row[step])) for step in moved.steps if row[step] is not None), Decimal(0))
            assert sums == Decimal(str(row["change"])), (moved.after.card, row["subject"])
            assert Decimal(str(row["score_after"])) - Decimal(str(row["score_before"])) == sums
            seen += 1
    assert seen > 100


def test_both_sides_are_the_official_scores(two_months: Comparison) -> None:
    for period, end in (("2026-09", "before"), ("2026-10", "after")):
        official = run.score([SAMPLE], period=period, cards=["team_leader", "agent"], beside=False)
        for moved, found in zip(two_months.cards[1::-1], official.scorecards, strict=True):
            mine = moved.moves.filter(pl.col(f"status_{end}").is_not_null()).sort("subject")
            theirs = found.scores.sort("subject")
            for name in ("score", "grade", "pay", "rank", "status"):
                assert mine[f"{name}_{end}"].to_list() == theirs[name].to_list(), (period, name)


def test_a_leaders_change_of_members_shows_in_the_roster_step(two_months: Comparison) -> None:
    """A008 moved from L01's Amber to L03's Cedar on 12 October; nobody else changed the team."""
    leaders = by_subject(two_months.cards[1])
    assert {name for name, row in leaders.items() if row["roster"] != 0} == {"L01", "L03"}
