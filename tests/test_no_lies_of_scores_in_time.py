"""Scores that look back in time: what last year, a window or a year held is never guessed where the data do not say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ccmetrics.period import Period, parse
from ccmetrics.plan.cards import unlisted_in_year, year_before
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.render import written
from ccmetrics.run import score
from ccmetrics.scorecard import Scorecard

ROSTER = "agent_id,valid_from,role,team\nA,2024-01-01,agent,x\nB,2024-01-01,agent,x\n"
ALLOW = "one-sided-mix: for a test"


def card_of(folder: Path, line: str, tables: dict[str, str], period: str, **more: str) -> Scorecard:
    """One card with one line, scored from small files."""
    (folder / "data").mkdir(exist_ok=True)
    (folder / "config").mkdir(exist_ok=True)
    allow = ALLOW + (", own-last-year: for a test" if "of: self" in line or "of: team" in line else "")
    allow = f"{{{allow}}}" if "kpi: aht" in line else f"{{{allow}, all-lagging: for a test}}"
    keys = {"subject": "agent_id", "cycle": "month", "allow": allow, "kpis": f"[{{{line}}}]", **more}
    project = keys.pop("project", "{extends: builtin}")
    text = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    said = f"project: {project}\ncards:\n  c:\n    title: C\n{text}"
    (folder / "config" / "all.yaml").write_text(said, encoding="utf-8")
    for name, rows in tables.items():
        (folder / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return score([folder / "data"], config=folder / "config", period=period, cards=["c"]).scorecards[-1]


def orders(rows: Iterable[tuple[str, str, float]]) -> str:
    """(agent, day, amount)."""
    lines = [f"O{n},{who},{day} 10:00:00,{amount},0,," for n, (who, day, amount) in enumerate(rows)]
    return "\n".join(["order_id,agent_id,ordered_at,amount,refund,refunded_at,cancelled_at", *lines]) + "\n"


def line(found: Scorecard, subject: str = "A") -> dict[str, Any]:
    return found.lines.filter(subject=subject).row(0, named=True)


def row(found: Scorecard, subject: str = "A") -> dict[str, Any]:
    return found.scores.filter(subject=subject).row(0, named=True)


def why(found: Scorecard, subject: str = "A") -> str:
    rows = found.goals.filter(subject=subject) if found.goals["subject"].null_count() == 0 else found.goals
    return str(written.goals(rows)["why"].item())


# ---------------------------------------------------------------- a total against last year

OWN = "kpi: revenue, weight: 100, floor: 0, target: {last_year: +5%, of: self, else: 700}"


@pytest.mark.parametrize("of", ["card", "team"])
def test_the_total_of_others_is_no_goal_for_one(tmp_path: Path, of: str) -> None:
    goal = OWN.replace("self", of)
    with pytest.raises(DefinitionsRefused) as caught:
        card_of(tmp_path, goal, {"orders": orders([("A", "2026-10-05", 1)])}, "2026-10")
    assert [problem.name for problem in caught.value.problems] == ["total-of-others"]


SOLD = orders([("A", "2025-09-01", 1), *(("A", f"{y}-{m}-05", 1000) for y in (2025, 2026) for m in (10, 11, 12))])
SOLD += "O99,A,2026-12-31 10:00:00,0,0,,\n"


def test_the_goal_of_a_quarter_is_last_years_quarter(tmp_path: Path) -> None:
    """3,000 last year +5%: 3,150. A floor without a change keeps its 700 a month below: 1,050; 3,000 earns 92.86."""
    found = card_of(tmp_path, OWN, {"orders": SOLD, "roster": ROSTER}, "2026-Q4")
    assert line(found)["target"] == pytest.approx(3150)
    assert line(found)["points"] == pytest.approx(100 * (3000 - 1050) / (3150 - 1050))
    # B sold nothing last year: 5% more of nothing is no goal.
    assert line(found, "B")["target"] == 2100
    assert why(found, "B") == "last year 0: else"


def test_the_teams_own_total_may_be_its_goal(tmp_path: Path) -> None:
    goal = OWN.replace("self", "team")
    found = card_of(tmp_path, goal, {"orders": SOLD, "roster": ROSTER}, "2026-Q4", subject="team")
    assert line(found, "x")["target"] == pytest.approx(3150)


def test_half_a_full_timers_goal_comes_from_half_a_last_year(tmp_path: Path) -> None:
    """Present for half of last October's hours, 400 then are 800 of a full timer; fully present now: 840."""
    roster = (
        "agent_id,valid_from,valid_to,role,team,fte\nA,2024-01-01,2025-12-31,agent,x,0.5\nA,2026-01-01,,agent,x,1\n"
    )
    sold = orders([("A", "2025-09-01", 1), ("A", "2025-10-07", 400), ("A", "2026-10-30", 840), ("A", "2026-10-31", 0)])
    found = card_of(tmp_path, OWN, {"orders": sold, "roster": roster}, "2026-10")
    assert line(found)["target"] == pytest.approx(840)


def test_a_last_year_that_the_data_begin_amid_is_none(tmp_path: Path) -> None:
    sold = orders([("A", "2025-10-16", 400), ("A", "2026-10-31", 840)])
    found = card_of(tmp_path, OWN, {"orders": sold, "roster": ROSTER}, "2026-10")
    assert line(found)["target"] == 700
    assert why(found) == "last year only from 2025-10-16 (orders): else"
    covers = "{extends: builtin, covers: {orders: {from: 2025-10-01, to: 2026-10-31}}}"
    found = card_of(tmp_path, OWN, {"orders": sold, "roster": ROSTER}, "2026-10", project=covers)
    assert line(found)["target"] == pytest.approx(420)


# ---------------------------------------------------------------- the same label


@pytest.mark.parametrize(
    ("label", "before"),
    [
        ("2027-W10", "2026-W10"),
        ("2026-W10", "2025-W10"),
        ("2026-W53", None),
        ("2027-W01", "2026-W01"),
        ("2025-03-10", "2024-03-10"),
        ("2024-02-29", None),
        ("2024-02", "2023-02"),
        ("2026-Q4", "2025-Q4"),
        ("2026", "2025"),
        ("2026-10-01..2026-10-15", "2025-10-01..2025-10-15"),
        ("2024-02-20..2024-02-29", None),
    ],
)
def test_the_same_label_a_year_before(label: str, before: str | None) -> None:
    assert year_before(parse(label), "label") == (None if before is None else parse(before))


def test_the_same_weekdays_a_year_before() -> None:
    found = year_before(parse("2027-W10"), "weekday")
    assert isinstance(found, Period)
    assert (found.start.isoformat(), found.days) == ("2026-03-09", 7)


# ---------------------------------------------------------------- red lines that last a year

CSAT = "kpi: csat, variant: top2, weight: 100, points: [[0, 0], [1, 100]]"
RUDE = "{red_lines: [{name: rude, when: red_line_events > 0, score_at_most: 59, lasts: year}]}"


def surveys(rows: Iterable[tuple[str, str]]) -> str:
    """(agent, day): all of them satisfied."""
    lines = [f"S{n},{who},{day} 09:00:00,5" for n, (who, day) in enumerate(rows)]
    return "\n".join(["survey_id,agent_id,answered_at,csat", *lines]) + "\n"


def events(rows: Iterable[tuple[str, str, str]]) -> str:
    """(agent, day, kind)."""
    lines = [f"E{n},{who},{day} 10:00:00,{kind}" for n, (who, day, kind) in enumerate(rows)]
    return "\n".join(["event_id,agent_id,at,kind", *lines]) + "\n"


def days(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(start + timedelta(days=n)) for n in range((end - start).days + 1)]


def test_cycles_that_the_calendar_does_not_list_are_not_clean(tmp_path: Path) -> None:
    """The red line of January lies in no cycle: the calendar begins in February."""
    calendar = "date,kind,cycle\n" + "".join(
        f"{day},workday,{label}\n"
        for label, first, last in (("P2", "2026-02-01", "2026-02-28"), ("P3", "2026-03-01", "2026-03-31"))
        for day in days(first, last)
    )
    tables = {
        "roster": ROSTER,
        "surveys": surveys([("A", "2026-03-03"), ("B", "2026-03-31")]),
        "events": events([("A", f"2026-{month:02}-05", "idea") for month in (1, 2, 3)]),
        "calendar": calendar,
    }
    found = card_of(tmp_path, CSAT, tables, "P3", cycle="calendar", adjust=RUDE)
    assert (row(found)["status"], row(found)["why"]) == ("provisional", "not-judged: rude")
    # With the year's first month listed everything was looked at.
    tables["calendar"] += "".join(f"{day},workday,P1\n" for day in days("2026-01-01", "2026-01-31"))
    assert row(card_of(tmp_path, CSAT, tables, "P3", cycle="calendar", adjust=RUDE))["status"] == "scored"


def test_days_between_two_cycles_of_a_calendar_are_told() -> None:
    first = Period("P1", date(2025, 12, 26), date(2026, 1, 26), "calendar")
    third = Period("P3", date(2026, 2, 26), date(2026, 3, 26), "calendar", first)
    fourth = Period("P4", date(2026, 3, 26), date(2026, 4, 26), "calendar", third)
    assert [gap.label for gap in unlisted_in_year(fourth)] == ["2026-01-26..2026-02-25"]
    assert unlisted_in_year(parse("2026-10")) == unlisted_in_year(parse("2026-W10")) == []


def test_who_has_no_rows_in_a_month_of_which_nothing_is_known_is_not_clean(tmp_path: Path) -> None:
    """No roster. In February there are surveys of A, and no events at all: nothing is known of C, either."""
    answered = surveys([("A", "2026-01-05"), ("A", "2026-02-05"), ("A", "2026-03-31"), ("C", "2026-03-05")])
    red = RUDE.replace("}]}", "}, {name: disliked, when: csat < 0.1, score_at_most: 50, lasts: year}]}")
    happened = [("A", "2026-01-05", "idea"), ("A", "2026-03-05", "idea"), ("C", "2026-03-05", "idea")]
    tables = {"surveys": answered, "events": events(happened)}
    found = card_of(tmp_path, CSAT, tables, "2026-03", adjust=red)
    assert found.scores.select("subject", "status", "why").rows() == [
        ("A", "provisional", "not-judged: rude"),
        ("C", "provisional", "not-judged: rude"),
    ]
    tables["events"] = events([*happened, ("A", "2026-02-05", "idea")])
    found = card_of(tmp_path, CSAT, tables, "2026-03", adjust=red)
    assert found.scores["status"].to_list() == ["scored", "scored"]


# ---------------------------------------------------------------- conditions over several cycles

CLEAN = "{coefficients: [{name: clean, when: red_line_events = 0, over: 3 cycles, factor: 1.1%s}]}"


@pytest.mark.parametrize("of", ["", ", of: team", ", of: center"])
@pytest.mark.parametrize(
    ("months", "status"),
    [
        ((8, 9, 10), "scored"),
        ((9, 10), "provisional"),
        ((8, 10), "provisional"),
        ((10,), "provisional"),
    ],
)
def test_three_clean_months_are_three_months_of_events(
    tmp_path: Path, months: tuple[int, ...], status: str, of: str
) -> None:
    tables = {
        "roster": ROSTER,
        "surveys": surveys([("A", f"2026-{month:02}-30") for month in (7, 8, 9, 10)] + [("B", "2026-10-31")]),
        "events": events([("A", f"2026-{month:02}-05", "idea") for month in months]),
    }
    found = card_of(tmp_path, CSAT, tables, "2026-10", adjust=CLEAN % of)
    assert (row(found)["status"], row(found)["score"]) == (status, 110.0 if status == "scored" else 100.0)
    covers = "{extends: builtin, covers: {events: {from: 2026-08-01, to: 2026-10-31}}}"
    found = card_of(tmp_path, CSAT, tables, "2026-10", adjust=CLEAN % of, project=covers)
    assert row(found)["score"] == 110.0


# ---------------------------------------------------------------- a window and its curve

AHT = "kpi: aht, weight: 100, min_n: 30, window: 2"
QUEUES = ", segments: {by: queue, curves: {easy: {floor: 400, target: 200}, hard: {floor: 1000, target: 600}}}"
DATED = ", floor: {2026-01-01: 1000, 2026-10-01: 400}, target: {2026-01-01: 600, 2026-10-01: 200}"
YEARLY = ", floor: 480, target: {last_year: -5%, else: 330}"


def contacts(rows: Iterable[tuple[str, str, str, int, int]]) -> str:
    """(agent, day, queue, how many, seconds)."""
    every = [(who, day, queue, talk) for who, day, queue, many, talk in rows for _ in range(many)]
    lines = [
        f"I{n},{who},{queue},{day} 10:00:00,inbound,answered,1,{talk},0,0"
        for n, (who, day, queue, talk) in enumerate(every)
    ]
    head = "interaction_id,agent_id,queue_id,started_at,direction,outcome,wait_s,talk_s,hold_s,wrap_s"
    return "\n".join([head, *lines]) + "\n"


TWO_MONTHS = contacts(
    [
        ("A", "2026-09-05", "hard", 20, 600),
        ("A", "2026-10-05", "easy", 10, 300),
        ("B", "2026-09-05", "hard", 20, 600),
        ("B", "2026-10-31", "easy", 30, 300),
    ]
)


@pytest.mark.parametrize("goal", [QUEUES, DATED])
def test_a_value_of_two_months_meets_the_goals_of_both(tmp_path: Path, goal: str) -> None:
    """A: 20 at 600 and 10 at 300 are 500; the target (20 x 600 + 10 x 200) / 30 = 466.67, the floor 800: 90 points.
    B has enough in October: 300 against 200 and 400, 50 points."""
    found = card_of(tmp_path, AHT + goal, {"roster": ROSTER, "interactions": TWO_MONTHS}, "2026-10")
    assert (line(found)["value"], line(found)["cycles"]) == (500, 2)
    assert line(found)["target"] == pytest.approx(1400 / 3)
    assert line(found)["points"] == pytest.approx(90)
    assert (line(found, "B")["cycles"], line(found, "B")["target"]) == (1, 200)
    assert line(found, "B")["points"] == pytest.approx(50)


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        (", floor: {2026-10-01: 400}, target: {2026-10-01: 200}", "no-goal"),
        (YEARLY, "goal-of-one-cycle"),
    ],
)
def test_a_goal_that_is_not_for_all_of_the_window_scores_nothing(tmp_path: Path, goal: str, reason: str) -> None:
    found = card_of(tmp_path, AHT + goal, {"roster": ROSTER, "interactions": TWO_MONTHS}, "2026-10")
    assert (line(found)["value"], line(found)["points"], line(found)["reason"]) == (500, None, reason)
    assert line(found, "B")["points"] is not None


def test_a_neutral_value_of_two_months_meets_the_goals_of_both(tmp_path: Path) -> None:
    """B has no row. The value of all over September and October, 500, meets a curve of 30 days of 600/1,000 and 31 of
    200/400: target 396.72, floor 695.08."""
    rows = contacts([("A", "2026-09-05", "q", 20, 600), ("A", "2026-10-31", "q", 10, 300)])
    found = card_of(tmp_path, f"{AHT}, missing: neutral{DATED}", {"roster": ROSTER, "interactions": rows}, "2026-10")
    target, floor = (30 * 600 + 31 * 200) / 61, (30 * 1000 + 31 * 400) / 61
    assert line(found, "B")["target"] == pytest.approx(target)
    assert line(found, "B")["points"] == pytest.approx(100 * (floor - 500) / (floor - target))


def test_a_neutral_value_meets_last_years_goal_of_the_same_cycle(tmp_path: Path) -> None:
    """B has no row. All had 300 in this October, 600 in September; of last October's 300 90% are 270, the floor 420."""
    last_year = [("A", "2025-09-05", "q", 1, 900), ("A", "2025-10-05", "q", 10, 300)]
    rows = contacts([*last_year, ("A", "2026-09-05", "q", 20, 600), ("A", "2026-10-31", "q", 40, 300)])
    goal = f"{AHT}, missing: neutral, floor: 480, target: {{last_year: -10%, else: 330}}"
    found = card_of(tmp_path, goal, {"roster": ROSTER, "interactions": rows}, "2026-10")
    assert (line(found, "B")["basis"], line(found, "B")["target"]) == (300, 270)
    assert line(found, "B")["points"] == pytest.approx(80)


# ---------------------------------------------------------------- cycles before a goal


def test_a_cycle_before_the_first_goal_is_no_history(tmp_path: Path) -> None:
    """The goal begins in September: October is scored, and of three cycles there are two."""
    dates = [f"2026-{month:02}-{day}" for month in (7, 8, 9, 10) for day in ("01", "30")] + ["2026-10-31"]
    months = surveys([(who, day) for who in "AB" for day in dates])
    goal = "kpi: csat, variant: top2, weight: 100, floor: 0, target: {2026-09-01: 1}"
    rules = {"grades": "[{grade: A, from: 90, pay: 1}, {grade: B, from: null, pay: 1}]"}
    tables = {"roster": ROSTER, "surveys": months}
    of_three = {**rules, "progression": "{promote: A or better in 2 of 3 cycles}"}
    found = card_of(tmp_path, goal, tables, "2026-10", **of_three)
    assert row(found)["score"] == 100
    assert "Not scored for comparison: 2026-07, 2026-08, before the first day of a goal or weight." in found.notices
    assert "Not judged: 'promote' (A or better in 2 of 3 cycles), because there are 2 cycles." in found.notices
    assert found.lists.is_empty()
    of_two = {**rules, "progression": "{promote: A or better in 2 of 2 cycles}"}
    found = card_of(tmp_path, goal, tables, "2026-10", **of_two)
    # The list looks at none of them, the way of the score does.
    assert any("Not scored for comparison: 2026-07, 2026-08," in notice for notice in found.notices)
    assert found.lists["subject"].to_list() == ["A", "B"]
    with pytest.raises(DefinitionsRefused):
        card_of(tmp_path, goal, tables, "2026-08", **of_two)
