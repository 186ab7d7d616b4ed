"""Presence: scheduled hours on the card of a full timer's; totals meet their goal by it, nothing else does.

In: small exports of one October with 22 workdays, and the sample. Out: presence and scores as reckoned by hand.
Refuses to know: how the shift plan is reduced.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from ccmetrics import run
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.scorecard import Scorecard
from tests.scoring_frames import card

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data"
OCTOBER = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
WORKED = [day for day in OCTOBER if day.isoweekday() <= 5]
HALF = WORKED[:11]
"""The workdays up to the 15th."""
HEAD = "agent_id,valid_from,valid_to,role,joined_on,left_on,fte"
REVENUE = {"kpi": "revenue", "weight": 100, "floor": 0, "target": 40000}


@cache
def builtin() -> Catalogue:
    return load_catalogue()


def catalogue(*cards: Card) -> Catalogue:
    return builtin().model_copy(update={"cards": {each.card: each for each in cards}})


def revenue(role: str, **more: Any) -> Card:
    return card([REVENUE], card=role, who=f"role = '{role}'", **more)


def exports(
    folder: Path,
    roster: Iterable[str],
    shifts: Mapping[str, tuple[Iterable[date], float]] | None = None,
    amounts: Mapping[str, float] | None = None,
    last: date = OCTOBER[-1],
) -> list[Path]:
    """A roster, hours by agent on days, and one order an agent on the first of the month; data up to `last`."""
    text = {"roster": [HEAD, *roster]}
    orders = [f"O{at},{who},2026-10-01 10:00:00,{amount}" for at, (who, amount) in enumerate((amounts or {}).items())]
    text["orders"] = ["order_id,agent_id,ordered_at,amount,refund,refunded_at", *(f"{row},," for row in orders)]
    text["interactions"] = ["interaction_id,started_at,direction,outcome", f"C1,{last} 23:59:59,inbound,abandoned"]
    if shifts is not None:
        rows = [f"{who},{day},{hours * 3600:.0f}" for who, (days, hours) in shifts.items() for day in days]
        text["attendance"] = ["agent_id,date,scheduled_s", *rows]
    for name, lines in text.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [folder]


def scored(paths: list[Path], *cards: Card, period: str = "2026-10") -> tuple[Scorecard, ...]:
    return run.score(paths, config=catalogue(*cards), period=period).scorecards


def present(found: Scorecard) -> dict[str, float | None]:
    return dict(found.scores.select("subject", "presence").iter_rows())


def points(found: Scorecard) -> dict[str, float | None]:
    return dict(found.lines.select("subject", "points").iter_rows())


FULL = "A1,2020-01-01,,agent,,,1"
CHANGED = ["B1,2020-01-01,2026-10-15,agent,,,1", "B1,2026-10-16,,senior_agent,,,1"]


def test_a_target_of_forty_thousand_is_twenty_thousand_for_half_of_the_workdays(tmp_path: Path) -> None:
    paths = exports(tmp_path, [FULL, *CHANGED], amounts={"A1": 20000, "B1": 20000})
    agents, seniors = scored(paths, revenue("agent"), revenue("senior_agent"))
    assert present(agents) == {"A1": 1.0, "B1": 0.5}
    assert points(agents) == {"A1": 50.0, "B1": 100.0}
    # The other half stands on the other card, with its own days and rows.
    assert present(seniors) == {"B1": 0.5}
    assert points(seniors) == {"B1": 0.0}


def test_hours_of_the_shift_plan_go_before_days(tmp_path: Path) -> None:
    """Full timers had 176, 168 and 152 hours; the part timer's 84 are half of the middle one."""
    full = [f"A{n},2020-01-01,,agent,,,1" for n in (1, 2, 3)]
    shifts = {"A1": (WORKED, 8), "A2": (WORKED[:21], 8), "A3": (WORKED[:19], 8), "P1": (WORKED[:21], 4)}
    (found,) = scored(exports(tmp_path, [*full, "P1,2020-01-01,,agent,,,0.7"], shifts), revenue("agent"))
    # A full timer is one whatever shifts fell.
    assert present(found) == {"A1": 1.0, "A2": 1.0, "A3": 1.0, "P1": 0.5}


def test_only_days_on_the_card_count_and_joining_and_leaving_bound_them(tmp_path: Path) -> None:
    roster = [
        FULL, *CHANGED, "J1,2020-01-01,,agent,2026-10-26,,1", "L1,2020-01-01,,agent,,2026-10-02,1",
        "U1,2020-01-01,2026-10-15,agent,,,",
    ]  # fmt: skip
    everybody = dict.fromkeys(["A1", "B1", "J1", "L1", "U1"], (WORKED, 8))
    (found,) = scored(exports(tmp_path, roster, everybody), revenue("agent"))
    assert present(found) == pytest.approx({"A1": 1.0, "B1": 11 / 22, "J1": 5 / 22, "L1": 2 / 22, "U1": 11 / 22})


def test_who_had_left_before_is_not_there_whatever_the_roster_goes_on_to_say(tmp_path: Path) -> None:
    gone = ["L1,2020-01-01,2026-10-15,agent,,2026-09-30,1", "L1,2026-10-16,,agent,,2026-09-30,1"]
    (found,) = scored(exports(tmp_path, [FULL, *gone], {"A1": (WORKED, 8), "L1": (WORKED, 8)}), revenue("agent"))
    assert present(found) == {"A1": 1.0, "L1": 0.0}


def test_nobody_is_there_more_than_in_full(tmp_path: Path) -> None:
    shifts = {"A1": (WORKED, 7), "P1": (WORKED, 9)}
    (found,) = scored(exports(tmp_path, [FULL, "P1,2020-01-01,,agent,,,0.9"], shifts), revenue("agent"))
    assert present(found) == {"A1": 1.0, "P1": 1.0}


def test_without_a_full_timer_eight_hours_a_workday_are_the_measure(tmp_path: Path) -> None:
    shifts = {"P1": (HALF, 8), "P2": (WORKED, 2)}
    roster = [f"{who},2020-01-01,,agent,,,0.5" for who in shifts]
    (found,) = scored(exports(tmp_path, roster, shifts), revenue("agent"))
    assert present(found) == {"P1": 0.5, "P2": 0.25}


@pytest.mark.parametrize("shifts", [None, {"A1": (WORKED, 8)}])
def test_whom_no_shift_plan_names_is_there_by_workdays_and_contract(tmp_path: Path, shifts: Any) -> None:
    roster = [FULL, "P1,2020-01-01,,agent,,,0.8", "P2,2020-01-01,2026-10-15,agent,,,0.8"]
    (found,) = scored(exports(tmp_path, roster, shifts), revenue("agent"))
    assert present(found) == {"A1": 1.0, "P1": pytest.approx(0.8), "P2": pytest.approx(0.4)}


def test_the_calendar_says_what_a_workday_is(tmp_path: Path) -> None:
    """The first week of October is a holiday, five workdays of 22: 17 are left, 6 of them up to the 15th."""
    paths = exports(tmp_path, [FULL, *CHANGED])
    rows = [f"{day},{'holiday' if day.day <= 7 else 'workday'}" for day in WORKED]
    (tmp_path / "calendar.csv").write_text("\n".join(["date,kind", *rows]) + "\n", encoding="utf-8")
    (found,) = scored(paths, revenue("agent", min_presence=0.3))
    assert present(found) == {"A1": 1.0, "B1": pytest.approx(6 / 17)}


def test_below_the_least_presence_somebody_is_listed_and_not_scored(tmp_path: Path) -> None:
    paths = exports(tmp_path, [FULL, *CHANGED, "L1,2020-01-01,,agent,,2026-10-14,1"], amounts={"L1": 90000})
    (found,) = scored(paths, revenue("agent"))
    status = dict(found.scores.select("subject", "status").iter_rows())
    assert status == {"A1": "scored", "B1": "scored", "L1": "withheld"}


def test_without_a_roster_and_for_teams_presence_is_unknown(tmp_path: Path) -> None:
    paths = exports(tmp_path, [FULL], amounts={"A1": 10000})
    (tmp_path / "roster.csv").unlink()
    (found,) = scored(paths, card([REVENUE]))
    assert present(found) == {"A1": None}
    assert points(found) == {"A1": 25.0}


# ---------------------------------------------------------------- the sample


@cache
def agents_of(period: str) -> dict[str, float | None]:
    (found,) = run.score([SAMPLE], period=period, cards=["agent"]).scorecards
    return present(found)


def hours(agent: str, month: str) -> float:
    with (SAMPLE / "attendance.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["agent_id"] == agent and row["date"].startswith(month)]
    return sum(float(row["scheduled_s"]) for row in rows) / 3600


def normal(month: str, *others: str) -> float:
    """The median of the hours of those who were agents of a full contract on every day of the month."""
    with (SAMPLE / "roster.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["role"] == "agent" and row["fte"] == "1"]
    names = {row["agent_id"] for row in rows} - set(others)
    return median(hours(name, month) for name in sorted(names))


def test_the_sample_by_hand() -> None:
    """In October a full timer had 21 shifts of eight hours. A009 works two days a week, A041 left on the 16th, A036
    came on 7 September, A061 had left in August; A008 changed the team, not the card."""
    assert normal("2026-10", "A041", "A061") == 168
    assert (hours("A009", "2026-10"), hours("A041", "2026-10")) == (64, 96)
    october = agents_of("2026-10")
    assert october["A009"] == pytest.approx(64 / 168)
    assert october["A041"] == pytest.approx(96 / 168)
    assert (october["A036"], october["A008"]) == (1.0, 1.0)
    assert "A061" not in october


def test_september_of_somebody_who_came_on_the_seventh() -> None:
    expected = hours("A036", "2026-09") / normal("2026-09", "A036", "A061")
    assert 0.7 < expected < 0.95
    assert agents_of("2026-09")["A036"] == pytest.approx(expected, rel=1e-12)
