"""Scores and pay that were once wrong without a word, of people who came, left, changed the role or were left out.

In: small exports of one October with 22 workdays, and a card. Out: what anyone reckons by hand from the rules.
Refuses to know: how a roster, a shift plan or an exclusion is carried through.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ccmetrics import run
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.scorecard import Result, Scorecard
from tests.scoring_frames import card

OCTOBER = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
WORKED = [day for day in OCTOBER if day.isoweekday() <= 5]
HALF = WORKED[:11]
"""The workdays up to the 15th."""
AHT = {"kpi": "aht", "weight": 100, "floor": 500, "target": 200, "stretch": 100}
REVENUE = {"kpi": "revenue", "weight": 100, "floor": 0, "target": 1000}
GRADES = [
    {"grade": "A", "from": 95, "pay": 1.2}, {"grade": "B", "from": 80, "pay": 1.0},
    {"grade": "C", "from": None, "pay": 0.8},
]  # fmt: skip
HEADS = {
    "interactions": "interaction_id,agent_id,started_at,direction,outcome,wait_s,talk_s,hold_s,wrap_s",
    "orders": "order_id,agent_id,ordered_at,amount,refund,refunded_at",
    "events": "event_id,kind,agent_id,at",
    "attendance": "agent_id,date,scheduled_s",
    "exclusions": "exclusion_id,table,row_id,from,to,agent_id,queue_id,kpis,reason,approved_by",
}


@cache
def builtin() -> Catalogue:
    return load_catalogue()


def contacts(*rows: tuple[str, int, int]) -> list[str]:
    """(agent, day of October, talk time), and one of nobody on the last day: the data reach to the end."""
    told = [f"I{n},{who},2026-10-{day:02} 10:00:00,inbound,answered,1,{s},0,0" for n, (who, day, s) in enumerate(rows)]
    return [*told, "I,,2026-10-31 23:00:00,inbound,abandoned,1,,,"]


def shifts(who: str, days: Iterable[date], hours: float = 8) -> list[str]:
    return [f"{who},{day},{hours * 3600:.0f}" for day in days]


def result(folder: Path, line: dict[str, Any], more: dict[str, Any], **tables: list[str]) -> Result:
    """Of tables without a head here, the first row is one."""
    for name, rows in tables.items():
        lines = [HEADS[name], *rows] if name in HEADS else rows
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    mine = card([line], **{"card": "c", "grades": GRADES, **more})
    return run.score([folder], config=builtin().model_copy(update={"cards": {"c": mine}}), period="2026-10")


def scored(folder: Path, line: dict[str, Any], more: dict[str, Any], **tables: list[str]) -> Scorecard:
    return result(folder, line, more, **tables).scorecards[0]


def told(found: Scorecard, name: str) -> dict[str, Any]:
    return dict(found.scores.select("subject", name).iter_rows())


# ---------------------------------------------------------------- a change of role

ROLES = [
    "agent_id,valid_from,valid_to,role,team,leader_id,pay_base,name",
    "A,2024-01-01,2026-10-20,agent,x,L1,1000,Ann", "A,2026-10-21,,leader,y,M1,3000,Ann Boss",
    "B,2024-01-01,,agent,x,L1,1000,Bo", "C,2024-01-01,,agent,y,L2,1000,Cy",
]  # fmt: skip


def test_after_a_change_of_role_a_card_speaks_of_its_own_role(tmp_path: Path) -> None:
    """Pools of 4: A and B of team x ask for 3 each and get 2, C alone gets 3. The red line of team y is none of A's."""
    more = {
        "who": "role = 'agent'",
        "adjust": {
            "bonus": [{"name": "ideas", "amount": "adopted_ideas", "cap": 6, "pool": 4, "pool_by": "team"}],
            "coefficients": [{"name": "clean", "when": "red_line_events = 0", "of": "team", "factor": 1.1}],
        },
        "actions": [{"when": "aht > 250", "do": "talk", "to": "leader_id", "due": "5d"}],
        "pay": {"base": "pay_base"},
    }
    ideas = [f"E{who}{n},idea,{who},2026-10-05 10:00:00" for who in "ABC" for n in range(3)]
    events = [*ideas, "R,red_line,C,2026-10-25 10:00:00"]
    rows = contacts(("A", 5, 300), ("B", 5, 200), ("C", 5, 200))
    found = scored(tmp_path, AHT, more, roster=ROLES, interactions=rows, events=events)
    assert told(found, "team") == {"A": "x", "B": "x", "C": "y"}
    assert told(found, "name") == {"A": "Ann", "B": "Bo", "C": "Cy"}
    assert told(found, "bonus") == {"A": 2.0, "B": 2.0, "C": 3.0}
    # A: 300 s earn 66.67 points; (66.67 + 2) x 1.1 = 75.53.
    assert told(found, "score") == {"A": 75.53, "B": 112.2, "C": 103.0}
    assert dict(found.actions.select("subject", "to").iter_rows()) == {"A": "L1"}
    # 14 of 22 workdays: 1,000 x 14/22 x 0.8.
    assert told(found, "pay_amount") == {"A": 509.09, "B": 1200.0, "C": 1200.0}


# ---------------------------------------------------------------- a leaver's base


def leaver(folder: Path, *rows: str) -> dict[str, Any]:
    roster = ["agent_id,valid_from,valid_to,role,joined_on,left_on,pay_base", *rows]
    more = {"min_presence": 0, "pay": {"base": "pay_base"}}
    return told(scored(folder, AHT, more, roster=roster, interactions=contacts(("A", 5, 200))), "pay_amount")


def test_a_raise_counts_on_the_days_before_leaving_only(tmp_path: Path) -> None:
    """(10 x 1,000 + 2 x 2,000) / 12 = 1,166.67, x 8/22 workdays x 1.2."""
    rows = ("A,2024-01-01,2026-10-10,agent,,,1000", "A,2026-10-11,,agent,,2026-10-12,2000")
    assert leaver(tmp_path, *rows) == {"A": 509.09}


def test_a_base_before_joining_counts_on_no_day(tmp_path: Path) -> None:
    """There from the 16th, 11 of 22 workdays, on 2,000 alone: that nobody knows what stood before is no matter."""
    rows = ("A,2024-01-01,2026-10-10,agent,2026-10-16,,", "A,2026-10-11,,agent,2026-10-16,,2000")
    assert leaver(tmp_path, *rows) == {"A": 1200.0}


def test_who_is_there_on_no_day_earns_nothing_of_a_base(tmp_path: Path) -> None:
    assert leaver(tmp_path, "A,2024-01-01,,agent,,2026-09-30,1000") == {"A": 0.0}


# ---------------------------------------------------------------- presence


def test_three_tenths_are_not_less_than_three_tenths(tmp_path: Path) -> None:
    roster = ["agent_id,valid_from,role,fte", "A,2024-01-01,agent,0.3"]
    found = scored(tmp_path, AHT, {"min_presence": 0.3}, roster=roster, interactions=contacts(("A", 5, 200)))
    assert (told(found, "presence"), told(found, "status")) == ({"A": 0.3}, {"A": "scored"})


FULL = ["agent_id,valid_from,role,fte,left_on", "A,2024-01-01,agent,1,", "B,2024-01-01,agent,1,"]
PAID = {"pay": {"base": 1000}}
SOLD = ["O1,A,2026-10-05 10:00:00,1000,,", "O2,A,2026-10-31 10:00:00,1,,", "O3,C,2026-10-01 10:00:00,100,,"]


def test_who_was_planned_for_no_hour_was_not_there(tmp_path: Path) -> None:
    """C is on leave; the hours of A and B, not the middle of 176 and nothing, are the measure of P's 88."""
    roster = [*FULL, "C,2024-01-01,agent,1,", "P,2024-01-01,agent,0.5,"]
    plan = [*shifts("A", WORKED), *shifts("B", WORKED), *shifts("C", WORKED, 0), *shifts("P", WORKED, 4)]
    found = scored(tmp_path, REVENUE, PAID, roster=roster, orders=SOLD, attendance=plan)
    assert told(found, "presence") == {"A": 1.0, "B": 1.0, "C": 0.0, "P": 0.5}
    assert (told(found, "status")["C"], told(found, "pay_amount")["C"]) == ("withheld", None)


def test_with_one_full_timer_on_leave_the_others_keep_their_measure(tmp_path: Path) -> None:
    roster = [*FULL[:2], "C,2024-01-01,agent,1,", "P,2024-01-01,agent,0.5,"]
    plan = [*shifts("A", WORKED), *shifts("C", WORKED, 0), *shifts("P", WORKED, 4)]
    found = scored(tmp_path, REVENUE, {}, roster=roster, orders=SOLD, attendance=plan)
    assert told(found, "presence") == {"A": 1.0, "C": 0.0, "P": 0.5}


GAP = "no hours on {} workdays of 2026-10"


def test_a_plan_of_half_a_month_measures_nobody(tmp_path: Path) -> None:
    """E left on the 15th, on 11 of 22 workdays: half of the goal, half of the pay, whatever half a plan says."""
    roster = [*FULL, "E,2024-01-01,agent,1,2026-10-15"]
    plan = [row for who in "ABE" for row in shifts(who, HALF)]
    sold = [*SOLD[:2], "O3,E,2026-10-05 10:00:00,500,,"]
    found = scored(tmp_path, REVENUE, PAID, roster=roster, orders=sold, attendance=plan)
    assert told(found, "presence") == {"A": 1.0, "B": 1.0, "E": 0.5}
    assert (told(found, "score")["E"], told(found, "pay_amount")["E"]) == (100.0, 600.0)
    assert [GAP.format(11) in notice for notice in found.notices].count(True) == 1


def test_a_plan_with_one_day_lacking_is_told_and_a_holiday_lacks_none(tmp_path: Path) -> None:
    roster = [*FULL, "P,2024-01-01,agent,0.8,"]
    plan = [*shifts("A", WORKED[1:]), *shifts("P", WORKED[1:], 4)]
    tables = {"roster": roster, "orders": SOLD, "attendance": plan}
    found = scored(tmp_path, REVENUE, {}, **tables)
    assert told(found, "presence")["P"] == 0.8
    assert any("no hours on 1 workday of 2026-10" in notice and "2026-10-01" in notice for notice in found.notices)
    found = scored(tmp_path, REVENUE, {}, **tables, calendar=["date,kind", "2026-10-01,holiday"])
    assert told(found, "presence")["P"] == 0.5
    assert not any("no hours on" in notice for notice in found.notices)


def test_excluded_rows_of_the_plan_were_planned_still(tmp_path: Path) -> None:
    roster = [*FULL[:2], "B,2024-01-01,agent,0.8,"]
    plan = [*shifts("A", WORKED), *shifts("B", WORKED, 6.4)]
    out = ["U1,attendance,,2026-10-12 00:00:00,2026-10-31 00:00:00,B,,,outage,M"]
    rows = contacts(("A", 5, 200), ("B", 5, 200))
    tables = {"roster": roster, "attendance": plan, "exclusions": out, "interactions": rows}
    found = scored(tmp_path, AHT, PAID, **tables)
    assert told(found, "presence") == {"A": 1.0, "B": 0.8}
    assert told(found, "pay_amount") == {"A": 1200.0, "B": 960.0}


# ---------------------------------------------------------------- nobody disappears


@pytest.mark.parametrize("missing", ["withhold", "neutral"])
def test_whose_every_row_is_excluded_is_listed(tmp_path: Path, missing: str) -> None:
    more = {
        "missing": missing,
        "adjust": {
            "bonus": [{"name": "ideas", "amount": "adopted_ideas", "cap": 6, "pool": 4}],
            "red_lines": [{"name": "fraud", "when": "red_line_events > 0", "score_at_most": 59}],
        },
        "actions": [{"when": "aht > 250", "do": "talk", "to": "leader_id", "due": "5d"}],
    }
    out = ["U1,interactions,,2026-10-01 00:00:00,2026-10-30 00:00:00,A,,,outage,M"]
    rows = contacts(("A", 5, 200), ("B", 5, 200))
    events = ["E1,idea,B,2026-10-05 10:00:00"]
    found = scored(tmp_path, AHT, more, interactions=rows, exclusions=out, events=events)
    assert told(found, "status") == {"A": "withheld", "B": "scored"}
    assert told(found, "score") == {"A": None, "B": 101.0}
    assert told(found, "unexcluded") == {"A": 100.0, "B": 101.0}
    (seen,) = [notice for notice in found.notices if "No roster" in notice]
    assert "the 2 subjects" in seen


def test_whose_row_of_the_roster_is_excluded_is_listed(tmp_path: Path) -> None:
    out = ["U1,roster,,,,B,,,mistake,M"]
    rows = contacts(("A", 5, 200), ("B", 5, 200))
    found = scored(tmp_path, AHT, {}, roster=FULL, interactions=rows, exclusions=out)
    assert told(found, "status") == {"A": "scored", "B": "withheld"}


def test_who_is_of_no_team_is_told_on_a_card_of_teams(tmp_path: Path) -> None:
    """D came back to a team before the month, and E left before it."""
    roster = [
        "agent_id,valid_from,valid_to,role,team,left_on", "A,2024-01-01,,agent,x,", "C,2024-01-01,,agent,,",
        "D,2024-01-01,2026-09-30,agent,,", "D,2026-10-01,,agent,y,", "E,2024-01-01,,agent,,2026-09-30",
    ]  # fmt: skip
    rows = contacts(("A", 5, 200), ("C", 5, 300))
    more = {"subject": "team"}
    found = scored(tmp_path, AHT, more, roster=roster, interactions=rows)
    assert found.scores["subject"].sort().to_list() == ["x", "y"]
    (said,) = [notice for notice in found.notices if "no team" in notice]
    assert "without a team on days of 2026-10: 1 (C)." in said
    every = ["agent_id,valid_from,role,team", "A,2024-01-01,agent,x"]
    found = scored(tmp_path, AHT, more, roster=every, interactions=rows)
    assert not any("no team" in notice for notice in found.notices)
