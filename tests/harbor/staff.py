"""The roster: who was in which team under whom, from which day to which.

In: the random source, agents. Out: rows of roster, one a version of a person.
Refuses to know: habits and contacts.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from harbor.draw import Row, pick, whole
from harbor.people import MOVED_ON, MOVER, STAFF, TEAMS, Agent, names


def roster(rng: Random, everybody: list[Agent]) -> list[Row]:
    rows: list[Row] = []
    for i, agent in enumerate(everybody):
        row = {
            "agent_id": agent.id,
            "valid_from": max(agent.joined, date(2026, 1, 1)),
            "name": agent.name,
            "role": agent.role,
            "evaluator_id": f"Q{i % 3 + 1:02}",
            "trainer_id": f"R{i % 2 + 1:02}",
            "joined_on": agent.joined,
            "employment": "full_time" if agent.fte == 1 else "part_time",
            "rank": pick(rng, ["P1", "P2", "P3"]),
            "fte": agent.fte,
            "pay_base": float(whole(rng, 52, 78) * 100) * agent.fte,
        }
        ends = {"left_on": agent.left, "valid_to": agent.left, "leave_kind": "voluntary" if agent.left else None}
        first = agent.team
        spans = [(first, row["valid_from"], ends["valid_to"])]
        if agent.id == MOVER:
            spans = [(first, row["valid_from"], MOVED_ON - timedelta(days=1)), ("Cedar", MOVED_ON, None)]
        for team, start, end in spans:
            place = TEAMS[team]
            rows.append(
                {
                    **row,
                    **ends,
                    "valid_from": start,
                    "valid_to": end,
                    "team": team,
                    "site": place["site"],
                    "vendor": place["vendor"],
                    "leader_id": place["leader"],
                }
            )
    for (ident, role, team), name in zip(STAFF, names(rng, len(STAFF)), strict=True):
        place = TEAMS.get(team, {"vendor": None, "site": "Harbor North"})
        rows.append(
            {
                "agent_id": ident,
                "valid_from": date(2026, 1, 1),
                "name": name,
                "role": role,
                "team": team,
                "site": place["site"],
                "leader_id": None if role == "operations_manager" else "M01",
                "joined_on": date(2017, 3, 1),
                "rank": "M1",
                "employment": "full_time",
                "fte": 1.0,
                "plan_n": 220 if role == "quality_analyst" else None,
                "pay_base": float(whole(rng, 90, 140) * 100),
            }
        )
    leaver = {
        "agent_id": "A061",
        "name": "Owen Marsh",
        "role": "agent",
        "team": "Beacon",
        "site": "Harbor North",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 8, 21),
        "left_on": date(2026, 8, 21),
        "leave_kind": "involuntary",
        "leader_id": "L02",
        "trainer_id": "R01",
        "evaluator_id": "Q01",
        "joined_on": date(2025, 2, 3),
        "employment": "full_time",
        "rank": "P1",
        "fte": 1.0,
        "pay_base": 5400.0,
    }
    return [*rows, leaver]
