"""Goals by date, by segment, against last year; dated weights; linked lines: worked examples, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import polars as pl
import pytest
from scoring_frames import OCTOBER, card, kpi, one, people, rows, run, straight

from ccmetrics.catalogue.segments import tenure
from ccmetrics.period import Period, parse
from ccmetrics.render import written
from ccmetrics.stages.facts import LINKED, PARTS, PAST, Facts
from ccmetrics.stages.score import Scores, score

MIDDLE = date(2026, 10, 15)
BY_DATE: dict[str, Any] = {
    "kpi": "aht",
    "weight": 100,
    "floor": {"2026-01-01": 480, "2026-10-15": 450},
    "target": {"2026-01-01": 330, "2026-10-15": 300},
}
"""330/480 in the first half of October, 300/450 in the second."""
WEEKDAYS = {
    "by": "weekday",
    "curves": {
        "mon": {"floor": 480, "target": 330},
        **{day: {"floor": 450, "target": 300} for day in ("tue", "wed", "thu", "fri", "sat", "sun")},
    },
}


def parts(*rows: tuple[str | None, int, str | None, date, float]) -> pl.DataFrame:
    """(subject, line, segment, day, denominator)."""
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def past(*rows: tuple[int, str, str | None, float | None], align: str = "label") -> pl.DataFrame:
    """(line, of, subject, value)."""
    plain = [(line, of, align, subject, value, "2025-10", None) for line, of, subject, value in rows]
    return pl.DataFrame(plain, schema=PAST, orient="row")


def linked(*rows: tuple[str, int, float | None, int, float, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LINKED, orient="row")


def line(scores: Scores, subject: str = "A", at: int = 0) -> dict[str, Any]:
    return scores.lines.filter((pl.col("subject") == subject) & (pl.col("line") == at)).row(0, named=True)


def in_force(scores: Scores, subject: str | None = "A", at: int = 0) -> list[float]:
    """The blend as a reader of the goals recomputes it: shares times knots."""
    who = pl.col("subject").is_null() if subject is None else pl.col("subject") == subject
    rows = scores.goals.filter(who & (pl.col("line") == at)).to_dicts()
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    return [sum(row["share"] * row["knots"][n] for row in rows) for n in range(len(rows[0]["knots"]))]


def told(scores: Scores, *columns: str) -> list[tuple[Any, ...]]:
    """With reasons as files have them."""
    return written.goals(scores.goals).select(columns).rows()


# ---------------------------------------------------------------- by date


def test_a_target_that_changes_is_blended_by_what_was_counted() -> None:
    """330/480 on 400 contacts, 300/450 on 1,200: 307.5/457.5; AHT 320 earns 91.67."""
    met = parts(
        ("A", 0, None, date(2026, 10, 3), 400), ("A", 0, None, MIDDLE, 700), ("A", 0, None, date(2026, 10, 31), 500)
    )
    scores = run(card([BY_DATE]), [("A", "aht", 320, 1600)], parts=met)
    assert in_force(scores) == [307.5, 457.5]
    assert line(scores)["target"] == 307.5
    assert line(scores)["basis"] == 320
    assert line(scores)["points"] == pytest.approx(91.6666667)
    assert one(scores)["score"] == 91.67
    assert told(scores, "part", "share", "amount", "knots", "points", "why") == [
        ("2026-10-01..2026-10-14", 0.25, 400, [330, 480], [100, 0], "from 2026-01-01"),
        ("2026-10-15..2026-10-31", 0.75, 1200, [300, 450], [100, 0], "from 2026-10-15"),
    ]


def test_points_are_taken_once() -> None:
    """310 s earns 100 before and 93.33 after; the blend of both halves, 315/465, is met."""
    met = parts(("A", 0, None, date(2026, 10, 3), 1), ("A", 0, None, MIDDLE, 1))
    assert line(run(card([BY_DATE]), [("A", "aht", 310, 2)], parts=met))["points"] == 100


def test_a_kpi_without_denominator_is_blended_by_days() -> None:
    scores = run(card([BY_DATE]), [("A", "aht", 320)])
    assert in_force(scores) == pytest.approx([(14 * 330 + 17 * 300) / 31, (14 * 480 + 17 * 450) / 31])
    assert told(scores, "share", "amount") == [(14 / 31, None), (17 / 31, None)]


def test_who_has_no_row_is_blended_by_days_beside_those_who_have() -> None:
    met = parts(("A", 0, None, MIDDLE, 10))
    on = card([BY_DATE], missing="neutral")
    scores = run(on, [("A", "aht", 320, 10)], [("aht", 320, 10)], subjects=people("A", "B"), parts=met)
    assert line(scores, "A")["target"] == 300
    assert line(scores, "B")["target"] == pytest.approx((14 * 330 + 17 * 300) / 31)
    assert line(scores, "B")["status"] == "neutral"


def test_each_subject_has_its_own_blend() -> None:
    met = parts(("A", 0, None, MIDDLE, 10), ("B", 0, None, date(2026, 10, 14), 10))
    scores = run(card([BY_DATE]), [("A", "aht", 320, 10), ("B", "aht", 320, 10)], parts=met)
    assert [line(scores, who)["target"] for who in "AB"] == [300, 330]
    assert line(scores, "B")["points"] == 100


def test_bands_are_blended_like_lines() -> None:
    on = card([{**BY_DATE, "steps": True}])
    met = parts(("A", 0, None, date(2026, 10, 3), 400), ("A", 0, None, MIDDLE, 1200))
    for value, earned in ((307.5, 100), (307.6, 0), (300, 100), (500, 0)):
        assert line(run(on, [("A", "aht", value, 1600)], parts=met))["points"] == earned


def test_a_jump_of_both_curves_is_a_jump_of_the_blend() -> None:
    def zones(at: float) -> dict[str, Any]:
        return {"points": [[0, 0], [at, 30], [at, 50], [100, 100]]}

    segments = {"by": "queue", "curves": {"tech": zones(60), "care": zones(80)}}
    on = card([{"kpi": "csat", "weight": 100, "segments": segments}])
    met = parts(("A", 0, "tech", MIDDLE, 1), ("A", 0, "care", MIDDLE, 3))
    for value, earned in ((75, 50), (37.5, 15), (87.5, 75)):
        assert line(run(on, [("A", "csat", value, 4)], parts=met))["points"] == earned


def test_a_goal_that_changes_outside_the_period_is_one() -> None:
    on = card([{**BY_DATE, "target": {"2026-10-01": 330, "2026-11-01": 1}, "floor": 480}])
    scores = run(on, [("A", "aht", 405)])
    assert told(scores, "subject", "part", "share", "knots", "why") == [(None, "", 1, [330, 480], "from 2026-10-01")]
    assert line(scores)["points"] == 50


# ---------------------------------------------------------------- by segment


def test_weekdays_are_blended_by_what_was_counted_on_them() -> None:
    on = card([{"kpi": "aht", "weight": 100, "segments": WEEKDAYS}])
    met = parts(*(("A", 0, str(day.isoweekday()), day, 400) for day in (date(2026, 10, d) for d in (5, 6, 7, 8))))
    scores = run(on, [("A", "aht", 320, 1600)], parts=met)
    assert in_force(scores) == [307.5, 457.5]
    assert one(scores)["score"] == 91.67
    assert told(scores, "part", "amount")[:2] == [("weekday 1", 400), ("weekday 2", 400)]


def test_weekdays_of_a_kpi_without_denominator_are_counted_on_the_calendar() -> None:
    """October 2026 begins on a Thursday: four Mondays among 31 days."""
    scores = run(card([{"kpi": "aht", "weight": 100, "segments": WEEKDAYS}]), [("A", "aht", 320)])
    assert line(scores)["target"] == pytest.approx((4 * 330 + 27 * 300) / 31)


def test_kinds_of_days_of_a_kpi_without_denominator_are_those_of_the_calendar() -> None:
    curves = {"workday": {"floor": 480, "target": 330}, "weekend": {"floor": 450, "target": 300}}
    on = card([{"kpi": "aht", "weight": 100, "segments": {"by": "day_kind", "curves": curves}}])
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    kinds = parts(*((None, 0, "weekend" if day.isoweekday() > 5 else "workday", day, 1) for day in days))
    scores = run(on, [("A", "aht", 320)], parts=kinds)
    assert line(scores)["target"] == pytest.approx((22 * 330 + 9 * 300) / 31)
    without = run(on, [("A", "aht", 320)])
    assert (line(without)["status"], line(without)["reason"]) == ("withheld", "no-goal")


def test_tenure_is_days_since_joining() -> None:
    curves = {
        "<90": {"floor": 480, "target": 330},
        "90-179": {"floor": 450, "target": 300},
        ">=180": {"floor": 2, "target": 1},
    }
    on = card([{"kpi": "aht", "weight": 100, "segments": {"by": "tenure", "curves": curves}}])
    met = parts(
        ("A", 0, "89", date(2026, 10, 3), 400), ("A", 0, "90", date(2026, 10, 4), 1200), ("B", 0, "180", MIDDLE, 1)
    )
    scores = run(on, [("A", "aht", 320, 1600), ("B", "aht", 1.5, 1)], parts=met)
    assert (line(scores)["target"], line(scores)["points"]) == (307.5, pytest.approx(91.6666667))
    assert (line(scores, "B")["target"], line(scores, "B")["points"]) == (1, 50)


def test_segments_may_change_by_date_too() -> None:
    curves = {"tech": {key: BY_DATE[key] for key in ("floor", "target")}, "care": {"floor": 480, "target": 330}}
    on = card([{"kpi": "aht", "weight": 100, "segments": {"by": "queue", "curves": curves}}])
    met = parts(("A", 0, "tech", date(2026, 10, 3), 300), ("A", 0, "tech", MIDDLE, 1200), ("A", 0, "care", MIDDLE, 100))
    scores = run(on, [("A", "aht", 320, 1600)], parts=met)
    assert line(scores)["target"] == 307.5
    assert [row[0] for row in told(scores, "part")] == [
        "queue tech, 2026-10-01..2026-10-14",
        "queue tech, 2026-10-15..2026-10-31",
        "queue care, 2026-10-15..2026-10-31",
    ]


QUEUES = {"by": "queue", "curves": {"tech": {"floor": 450, "target": 300}}}


def test_a_segment_that_is_not_named_has_the_lines_own_goal() -> None:
    on = card([{"kpi": "aht", "weight": 100, "floor": 480, "target": 330, "segments": QUEUES}])
    met = parts(("A", 0, "tech", MIDDLE, 1200), ("A", 0, "care", MIDDLE, 300), ("A", 0, None, MIDDLE, 100))
    assert in_force(run(on, [("A", "aht", 320, 1600)], parts=met)) == [307.5, 457.5]


@pytest.mark.parametrize("policy", ["withhold", "neutral", "floor", "redistribute"])
def test_a_segment_without_any_goal_is_never_guessed(policy: str) -> None:
    on = card([{"kpi": "aht", "weight": 50, "segments": QUEUES, "missing": policy}, straight("csat", 50)])
    met = parts(("A", 0, "tech", MIDDLE, 1200), ("A", 0, "care", MIDDLE, 1), ("B", 0, "tech", MIDDLE, 1))
    values = [("A", "aht", 320, 1201), ("B", "aht", 320, 1), ("A", "csat", 90), ("B", "csat", 90)]
    scores = run(on, values, [("aht", 320, 1202)], parts=met)
    found = line(scores)
    assert (found["status"], found["reason"], found["value"], found["points"]) == ("withheld", "no-goal", 320, None)
    assert (one(scores)["status"], one(scores)["why"]) == ("withheld", "missing: aht")
    assert one(scores, "B")["status"] == "scored"
    assert ("A", "queue care", None, "no-goal") in told(scores, "subject", "part", "knots", "why")


def test_rows_of_other_cycles_give_no_goal_by_queue() -> None:
    """A value from three cycles, and not one row in this one: nobody knows which queues it came from."""
    on = card([{"kpi": "aht", "weight": 100, "segments": QUEUES, "window": 3, "min_n": 5}])
    scores = run(on, [("A", "aht", None, 0, 1, "no-rows"), ("A", "aht", 320, 9, 3)])
    assert line(scores)["reason"] == "no-goal"


@pytest.mark.parametrize(
    ("key", "bounds"),
    [
        ("<90", (None, 89)), ("<= 90", (None, 90)), ("90-179", (90, 179)), (">=180", (180, None)),
        (">180", (181, None)), ("180+", (180, None)), ("0-0", (0, 0)), ("179-90", None),
        ("90", None), ("-5", None), ("new", None),
    ],
)  # fmt: skip
def test_spans_of_tenure(key: str, bounds: tuple[int | None, int | None] | None) -> None:
    assert tenure(key) == bounds


# ---------------------------------------------------------------- dated weights


def test_dated_weights_are_averaged_by_days() -> None:
    """15 for 15 days, 25 for 16: 20.16."""
    rising = {"2026-01-01": 15, "2026-10-16": 25}
    falling = {"2026-01-01": 85, "2026-10-16": 75}
    scores = run(card([straight("csat", rising), straight("fcr", falling)]), [("A", "csat", 100), ("A", "fcr", 0)])  # type: ignore[arg-type]
    assert line(scores)["weight"] == pytest.approx(625 / 31)
    assert round(line(scores)["weight"], 4) == 20.1613
    assert one(scores)["score"] == 20.16


# ---------------------------------------------------------------- against last year


def yearly(change: str, **more: Any) -> dict[str, Any]:
    goal = {"last_year": change, "else": 0.85, **more}
    return {"kpi": "csat", "weight": 100, "floor": 0.70, "target": goal, "stretch": 0.95}


@pytest.mark.parametrize(("change", "target"), [("+5%", 0.861), ("+2pp", 0.84), ("-5%", 0.779), ("-2pp", 0.80)])
def test_a_goal_against_last_year(change: str, target: float) -> None:
    """0.82 gives 0.861 or 0.84; floor and stretch keep their distance of 0.15 and 0.10 to the 0.85 of `else`."""
    scores = run(card([yearly(change)]), [("A", "csat", target)], past=past((0, "card", None, 0.82)))
    assert in_force(scores, None) == pytest.approx([target - 0.15, target, target + 0.10])
    assert line(scores)["target"] == pytest.approx(target)
    assert line(scores)["points"] == pytest.approx(100)
    assert told(scores, "subject", "why") == [(None, f"last year 0.82 {change}")]


@pytest.mark.parametrize("rows", [(), ((0, "card", None, None),), ((1, "card", None, 0.9),)])
def test_without_last_year_the_other_number_holds_and_is_said(rows: Iterable[Any]) -> None:
    scores = run(card([yearly("+5%")]), [("A", "csat", 0.775)], past=past(*rows))
    assert in_force(scores, None) == pytest.approx([0.70, 0.85, 0.95])
    assert line(scores)["points"] == pytest.approx(50)
    assert told(scores, "why") == [("no last year: else",)]


@pytest.mark.parametrize("of", ["self", "team"])
def test_last_year_of_oneself_or_the_team_is_each_subjects(of: str) -> None:
    before = past((0, of, "A", 0.82), (0, of, "B", None), align="weekday")
    values = [(who, "csat", 0.85) for who in "ABC"]
    scores = run(card([yearly("+5%", of=of, align="weekday")]), values, past=before)
    assert [line(scores, who)["target"] for who in "ABC"] == pytest.approx([0.861, 0.85, 0.85])
    assert [row[0] for row in told(scores, "why")] == ["last year 0.82 +5%", *["no last year: else"] * 2]


def test_other_knots_may_hang_on_last_year_too() -> None:
    goals = {"floor": {"last_year": "-10%", "else": 0.6}, "target": {"last_year": "+5%", "else": 0.8}}
    scores = run(
        card([{"kpi": "csat", "weight": 100, **goals}]), [("A", "csat", 0.9)], past=past((0, "card", None, 0.8))
    )
    assert in_force(scores, None) == pytest.approx([0.72, 0.84])
    assert told(scores, "why") == [("last year 0.8 -10%; last year 0.8 +5%",)]


def test_a_knot_that_stands_still_where_only_the_stretch_moves() -> None:
    goals = {"floor": 0.6, "target": 0.8, "stretch": {"last_year": "+5%", "else": 0.9}}
    scores = run(
        card([{"kpi": "csat", "weight": 100, **goals}]), [("A", "csat", 0.9)], past=past((0, "card", None, 0.9))
    )
    assert in_force(scores, None) == pytest.approx([0.6, 0.8, 0.945])


def test_last_year_below_the_target_of_this_one_makes_no_curve() -> None:
    """A stretch of 0.735 below a target of 0.8 would pay less for more."""
    goals = {"floor": 0.6, "target": 0.8, "stretch": {"last_year": "+5%", "else": 0.9}}
    scores = run(
        card([{"kpi": "csat", "weight": 100, **goals}]), [("A", "csat", 0.9)], past=past((0, "card", None, 0.7))
    )
    assert (line(scores)["status"], line(scores)["reason"]) == ("withheld", "goals-out-of-order")


def test_less_is_better_against_last_year() -> None:
    goal = {"kpi": "aht", "weight": 100, "floor": 480, "target": {"last_year": "-5%", "else": 330}}
    scores = run(card([goal]), [("A", "aht", 380)], past=past((0, "card", None, 320)))
    assert in_force(scores, None) == pytest.approx([304, 454])
    assert line(scores)["points"] == pytest.approx(100 * 74 / 150)


def test_up_is_up_below_zero() -> None:
    """+5% of an NPS of -20 is 1 more, not 1 less."""
    goal = {"kpi": "nps", "weight": 100, "floor": -60, "target": {"last_year": "+5%", "else": 0}}
    scores = run(card([goal]), [("A", "nps", -19)], past=past((0, "card", None, -20)))
    assert line(scores)["target"] == pytest.approx(-19)


def test_last_year_inside_a_goal_that_changes() -> None:
    curves = {"mon": yearly("+5%"), "tue": {"floor": 0.5, "target": 0.6, "stretch": 0.7}}
    for curve in curves.values():
        for key in {"kpi", "weight"} & set(curve):
            del curve[key]
    on = card([{"kpi": "csat", "weight": 100, "segments": {"by": "weekday", "curves": curves}}])
    met = parts(("A", 0, "1", date(2026, 10, 5), 30), ("A", 0, "2", date(2026, 10, 6), 10))
    scores = run(on, [("A", "csat", 0.8)], parts=met, past=past((0, "card", None, 0.82)))
    assert line(scores)["target"] == pytest.approx(0.75 * 0.861 + 0.25 * 0.6)


# ---------------------------------------------------------------- totals


REVENUE = {"revenue": kpi("revenue", cumulative=True)}


def test_the_target_of_a_total_goes_by_presence() -> None:
    """Target 40,000, 11 of 22 workdays: 20,000."""
    on = card([{"kpi": "revenue", "weight": 100, "floor": 0, "target": 40000}])
    scores = run(on, [("A", "revenue", 15000)], subjects=people("A", presence=0.5), kpis=REVENUE)
    assert (line(scores)["target"], line(scores)["basis"], line(scores)["points"]) == (20000, 30000, 75)


def test_the_target_of_a_total_goes_by_the_number_of_cycles() -> None:
    on = card([{"kpi": "revenue", "weight": 50, "floor": 0, "target": 40000}, straight("csat", 50)])
    values = [("A", "revenue", 60000), ("A", "csat", 80)]
    scores = run(on, values, subjects=people("A", presence=0.5), kpis=REVENUE, period=parse("2026-Q4"))
    assert (line(scores)["target"], line(scores)["points"]) == (60000, 100)
    assert line(scores, at=1)["basis"] == 80


def test_the_total_of_all_is_no_stand_in_for_one() -> None:
    on = card(
        [{"kpi": "revenue", "weight": 100, "floor": 0, "target": 40000, "missing": "redistribute"}, straight("csat", 0)]
    )
    values: list[tuple[Any, ...]] = [("A", "csat", 80), ("A", "revenue", None, None, 1, "table-not-supplied")]
    scores = run(on, values, [("revenue", 900000)], kpis=REVENUE)
    assert line(scores)["status"] == "redistributed"
    assert scores.policies.filter(pl.col("policy") == "neutral")["score"].to_list() == [None]


# ---------------------------------------------------------------- lines linked to other cards


LEAD = {"linked_card": "agent", "by": "leader_id", "category": "growth"}


def test_a_linked_value_is_points_already() -> None:
    on = card([straight("csat", 60), {**LEAD, "weight": 40}])
    found = linked(("A", 1, 80.85, 4, 0.9, None))
    scores = run(on, [("A", "csat", 100)], linked=found)
    row = line(scores, at=1)
    assert (row["kpi"], row["value"], row["points"], row["n"], row["coverage"]) == (
        "linked:agent",
        80.85,
        80.85,
        4,
        0.9,
    )
    assert (row["status"], row["weight"], row["target"]) == ("own", 40, None)
    assert one(scores)["score"] == 92.34  # 0.6 x 100 + 0.4 x 80.85


def test_a_linked_value_may_meet_a_curve() -> None:
    on = card([{**LEAD, "weight": 100, "floor": 60, "target": 90, "stretch": 100}])
    scores = run(on, [], linked=linked(("A", 0, 75.0, 4, 1.0, None)), subjects=people("A"))
    assert (line(scores)["points"], line(scores)["target"]) == (50, 90)


@pytest.mark.parametrize(
    ("policy", "status", "points"),
    [
        ("withhold", "withheld", None),
        ("neutral", "withheld", None),
        ("floor", "floor", 0),
        ("redistribute", "redistributed", None),
    ],
)
def test_a_leader_whose_agents_have_no_scores(policy: str, status: str, points: float | None) -> None:
    on = card([straight("csat", 60), {**LEAD, "weight": 40, "missing": policy}])
    missing = linked(("A", 1, None, 0, 0.0, "nobody-scored"))
    row = line(run(on, [("A", "csat", 100)], linked=missing), at=1)
    assert (row["status"], row["points"], row["reason"]) == (status, points, "nobody-scored")
    assert line(run(on, [("A", "csat", 100)]), at=1)["reason"] == "no-rows"


def test_lines_after_a_linked_one_keep_their_goals() -> None:
    on = card([{**LEAD, "weight": 50}, {**BY_DATE, "weight": 50}])
    met = parts(("A", 1, None, date(2026, 10, 3), 400), ("A", 1, None, MIDDLE, 1200))
    scores = run(on, [("A", "aht", 320, 1600)], parts=met, linked=linked(("A", 0, 80.0, 1, 1.0, None)))
    assert (line(scores, at=1)["kpi"], line(scores, at=1)["target"]) == ("aht", 307.5)


def test_curves_of_different_length_on_one_card() -> None:
    """Two, three and four knots, one of them blended."""
    occupancy = {"kpi": "occupancy", "weight": 25, "ideal": [0.75, 0.85], "limits": [0.55, 0.95]}
    csat = {"kpi": "csat", "weight": 25, "floor": 0.7, "target": 0.85, "stretch": 0.95}
    on = card([{**BY_DATE, "weight": 25}, csat, {"kpi": "fcr", "weight": 25, "floor": 0, "target": 1}, occupancy])
    values = [("A", "aht", 300), ("A", "csat", 0.9), ("A", "fcr", 0.5), ("A", "occupancy", 0.65)]
    scores = run(on, values)
    assert [line(scores, at=at)["points"] for at in range(4)] == pytest.approx([100, 110, 50, 50])
    assert [line(scores, at=at)["target"] for at in (1, 2, 3)] == [0.85, 1, None]


# ---------------------------------------------------------------- many


def test_plain_goals_of_many_subjects_are_one_row_a_line() -> None:
    """5,000 subjects by 8 lines, of which one is blended, are scored in well under a second."""
    names = [f"K{n}" for n in range(7)]
    on = card(
        [
            *({"kpi": name, "weight": 10, "floor": 0, "target": 100, "stretch": 120} for name in names),
            {**BY_DATE, "weight": 30},
        ]
    )
    who = [f"S{n:04}" for n in range(5000)]
    values = [(each, name, 50.0, 10) for each in who for name in [*names, "aht"]]
    met = parts(*((each, 7, None, date(2026, 10, day), 1.0) for each in who for day in (3, 20)))
    facts = Facts(OCTOBER, rows(values), rows([], subject=False).filter(False), people(*who), parts=met)
    kpis = {name: kpi(name) for name in [*names, "aht"]}
    start = perf_counter()
    scores = score(on, kpis, facts)
    assert perf_counter() - start < 2
    assert scores.goals.height == 7 + 2 * 5000
    assert line(scores, "S4999", 7)["target"] == 315


def test_nobody_has_no_goals() -> None:
    scores = run(card([BY_DATE]), [], subjects=people())
    assert (scores.lines.height, scores.goals.height) == (0, 0)


def test_a_week_has_the_goals_of_its_days() -> None:
    """2026-W42 is 12 to 18 October: three days of the old goal, four of the new."""
    week: Period = parse("2026-W42")
    scores = run(card([BY_DATE], cycle="week"), [("A", "aht", 320)], period=week)
    assert line(scores)["target"] == pytest.approx((3 * 330 + 4 * 300) / 7)
