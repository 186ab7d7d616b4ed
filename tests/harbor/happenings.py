"""Events beside the contacts: risks, red lines, training, exams, ideas, ratings, pulse.

In: the random source, agents, interaction rows. Out: rows of events.
Refuses to know: what an event does to a score.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from harbor.contacts import at_risk
from harbor.draw import Row, chance, clamp, normal, pick, weighted, whole
from harbor.floor import last_moment, months
from harbor.people import INVENTOR, NEWCOMER, RED_LINE, RISKY, STAFF, TEAMS, Agent

PULSE = ["morale", "cooperation", "execution", "learning"]


def events(rng: Random, everybody: list[Agent], contacts: list[Row]) -> list[Row]:
    rows = risks(rng, contacts) + red_line(contacts) + learning(rng, everybody) + merits(rng, everybody)
    rows += ratings(rng, everybody) + pulse(rng, everybody)
    rows = [r for r in rows if r["recorded_at"] <= last_moment()]
    rows.sort(key=lambda r: (r["recorded_at"], r["kind"], r.get("agent_id") or "", r.get("item") or ""))
    return [{"event_id": f"V{i + 1:05}", "valid": True, **row} for i, row in enumerate(rows)]


def risks(rng: Random, contacts: list[Row]) -> list[Row]:
    """High-risk contacts, found by an evaluation, a complaint or the media; a few turn out to be none."""
    known = [c for c in contacts if c["outcome"] == "answered" and c.get("agent_id") and c["direction"] == "inbound"]
    rows: list[Row] = []
    for contact in known:
        if chance(rng, 0.0012) and contact["agent_id"] not in {RISKY, RED_LINE}:
            rows.append(risk(rng, contact, weighted(rng, {"evaluation": 0.6, "customer": 0.25, "regulator": 0.15})))
    rows += [risk(rng, contact, "evaluation") | {"valid": True, "fault": "agent"} for contact in at_risk(known)]
    for contact in known[::1900]:
        rows.append(
            {
                "kind": "risk_lead",
                "item": "fraud suspicion",
                "agent_id": contact["agent_id"],
                "at": contact["started_at"],
                "recorded_at": contact["ended_at"] + timedelta(hours=2),
                "interaction_id": contact["interaction_id"],
            }
        )
    return rows


def risk(rng: Random, contact: Row, found_by: str) -> Row:
    return {
        "kind": "risk",
        "item": pick(rng, ["identity not checked", "promise without right", "data disclosed"]),
        "found_by": found_by,
        "fault": weighted(rng, {"agent": 0.6, "training": 0.2, "process": 0.15, "system": 0.05}),
        "agent_id": contact["agent_id"],
        "interaction_id": contact["interaction_id"],
        "at": contact["started_at"],
        "recorded_at": contact["ended_at"] + timedelta(hours=whole(rng, 5, 150)),
        "valid": chance(rng, 0.9),
    }


def red_line(contacts: list[Row]) -> list[Row]:
    call = next(
        c
        for c in contacts
        if c.get("agent_id") == RED_LINE
        and c["started_at"] >= datetime(2026, 10, 14)
        and c["outcome"] == "answered"
        and c["direction"] == "inbound"
    )
    return [
        {
            "kind": "red_line",
            "item": "rudeness",
            "agent_id": RED_LINE,
            "by_id": "L02",
            "at": call["started_at"],
            "recorded_at": call["ended_at"] + timedelta(days=1),
            "interaction_id": call["interaction_id"],
            "found_by": "customer",
            "fault": "agent",
            "note": "shouted at the customer and ended the call",
        }
    ]


def learning(rng: Random, everybody: list[Agent]) -> list[Row]:
    """Hours of training, exam scores, certificates, and the day somebody became proficient."""
    rows: list[Row] = []
    for start, end in months():
        day = datetime.combine(start + timedelta(days=whole(rng, 4, 20)), time(9))
        for agent in everybody:
            if not agent.employed(day.date()):
                continue
            trainer = "R01" if int(agent.id[1:]) % 2 else "R02"
            own = {"agent_id": agent.id, "by_id": trainer, "at": day, "recorded_at": day + timedelta(hours=5)}
            rows.append(
                {
                    **own,
                    "kind": "training",
                    "item": pick(rng, ["products", "empathy", "security"]),
                    "amount": float(whole(rng, 1, 6)),
                }
            )
            score = int(clamp(normal(rng, agent.quality - 2, 7), 40, 100))
            rows.append({**own, "kind": "exam", "item": "products", "amount": float(score)})
            if end.month == 9:
                rows.append({**own, "kind": "certification", "item": "service basics", "valid": score >= 70})
    joined = next(agent.joined for agent in everybody if agent.id == NEWCOMER)
    at = datetime.combine(joined + timedelta(days=37), time(10))
    return [*rows, {"kind": "proficient", "agent_id": NEWCOMER, "by_id": "R02", "at": at, "recorded_at": at}]


def merits(rng: Random, everybody: list[Agent]) -> list[Row]:
    """Ideas, knowledge articles, commendations. One agent has three ideas adopted in October."""
    rows: list[Row] = []
    for start, end in months():
        for agent in everybody:
            day = start + timedelta(days=whole(rng, 0, (end - start).days))
            at = datetime.combine(day, time(11))
            own = {
                "agent_id": agent.id,
                "by_id": TEAMS[agent.team_on(day)]["leader"],
                "at": at,
                "recorded_at": at + timedelta(days=1),
            }
            if not agent.employed(day):
                continue
            if chance(rng, 0.06):
                rows.append({**own, "kind": "idea", "item": "process", "valid": chance(rng, 0.5)})
            if chance(rng, 0.1):
                rows.append({**own, "kind": "knowledge", "item": "article"})
            if chance(rng, 0.07):
                rows.append({**own, "kind": "commendation", "item": "customer letter", "found_by": "customer"})
    for number in (6, 15, 22):
        at = datetime(2026, 10, number, 11)
        rows.append(
            {
                "kind": "idea",
                "item": "macro for refunds",
                "agent_id": INVENTOR,
                "by_id": "L01",
                "at": at,
                "recorded_at": at,
            }
        )
    return rows


def ratings(rng: Random, everybody: list[Agent]) -> list[Row]:
    """The supervisor's overall assessment, 1 to 5, on the last working day of a month; of everybody on a card."""
    rows: list[Row] = []
    for _, end in months():
        at = datetime.combine(end, time(17))
        for agent in everybody:
            if agent.employed(end):
                mark = clamp(round(2 * normal(rng, 3.4 + (agent.quality - 84) / 18, 0.5)) / 2, 1, 5)
                rows.append(
                    {
                        "kind": "rating",
                        "item": "overall",
                        "agent_id": agent.id,
                        "by_id": TEAMS[agent.team_on(end)]["leader"],
                        "amount": 4.5 if agent.id == NEWCOMER and end.month == 10 else mark,
                        "at": at,
                        "recorded_at": at,
                    }
                )
        for ident, role, _ in STAFF:
            if role != "operations_manager":
                rows.append(
                    {
                        "kind": "rating",
                        "item": "overall",
                        "agent_id": ident,
                        "by_id": "M01",
                        "amount": whole(rng, 6, 9) / 2,
                        "at": at,
                        "recorded_at": at,
                    }
                )
        rows.append(
            {
                "kind": "rating",
                "item": "overall",
                "agent_id": "M01",
                "by_id": None,
                "amount": 4.0,
                "at": at,
                "recorded_at": at,
            }
        )
    return rows


def pulse(rng: Random, everybody: list[Agent]) -> list[Row]:
    """Four questions to everybody once a month; answers belong to the team, nobody's name is kept."""
    rows: list[Row] = []
    for start, _ in months():
        at = datetime.combine(start + timedelta(days=14), time(12))
        for agent in everybody:
            if agent.employed(at.date()) and chance(rng, 0.8):
                team = agent.team_on(at.date())
                mood = {"Delta": 3.0, "Beacon": 3.5}.get(team, 3.9)
                rows += [
                    {
                        "kind": "pulse",
                        "item": item,
                        "team": team,
                        "amount": float(clamp(round(normal(rng, mood, 0.8)), 1, 5)),
                        "at": at,
                        "recorded_at": at,
                    }
                    for item in PULSE
                ]
    return rows
