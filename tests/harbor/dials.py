"""Harbor's own calls: campaign dials to leads, surveys by phone; and the numbering of all contacts.

In: the random source, agents, who is present, leads. Out: outbound rows; every row with its id.
Refuses to know: inbound traffic.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from harbor.contacts import moment
from harbor.draw import Row, chance, pick, spread, weighted, whole
from harbor.people import DAYS, LAST, MOVED_ON, Agent


def outbound(rng: Random, everybody: list[Agent], present: set[tuple[str, date]], leads: list[Row]) -> list[Row]:
    """Campaign dials to leads, welcome calls and surveys by phone, and a few internal consults."""
    rows: list[Row] = []
    sellers = [a for a in everybody if "sales" in a.queues_on(MOVED_ON)]
    on = {day: [a for a in sellers if (a.id, day) in present] for day in DAYS}
    calls: list[tuple[datetime, Row]] = []
    for lead in leads:
        for attempt in range(whole(rng, 1, 3)):
            day = lead["created_at"].date() + timedelta(days=attempt + 1)
            if day <= LAST:
                calls.append(
                    (
                        moment(rng, day),
                        {"customer_id": lead["customer_id"], "lead_id": lead["lead_id"], "purpose": "sales"},
                    )
                )
    for day in DAYS:
        calls += [(moment(rng, day), {"customer_id": None, "purpose": "survey"}) for _ in range(2)]
    for at, contact in sorted(calls, key=lambda c: (c[0], c[1].get("lead_id") or "")):
        ready = [a for a in on[at.date()] if a.hours(at.date())[0] <= at < a.hours(at.date())[1]]
        if ready:
            rows.append(dial(rng, at, {**contact, "leg_no": 1}, pick(rng, ready)))
    return rows


def dial(rng: Random, at: datetime, contact: Row, agent: Agent) -> Row:
    row: dict[str, Any] = {
        **contact,
        "agent_id": agent.id,
        "started_at": at,
        "channel": "voice",
        "served_by": "human",
        "direction": "outbound",
        "kind": "campaign",
        "reason": "card offer",
        "ring_s": whole(rng, 4, 30),
    }
    if not chance(rng, 0.52):
        return {
            **row,
            "outcome": "not_connected",
            "ended_at": at + timedelta(seconds=row["ring_s"]),
            "completed": False,
        }
    talk, wrap = int(spread(rng, 150)), int(spread(rng, 30))
    answered = at + timedelta(seconds=row["ring_s"])
    return {
        **row,
        "outcome": "answered",
        "answered_at": answered,
        "talk_s": talk,
        "hold_s": 0,
        "wrap_s": wrap,
        "ended_at": answered + timedelta(seconds=talk),
        "completed": chance(rng, 0.8),
        "resolved": True,
        "emotion": weighted(rng, {"positive": 0.25, "neutral": 0.6, "negative": 0.15}),
        "transferred": False,
    }


def number(rows: list[Row]) -> list[Row]:
    """Ids in the order of time. A leg's id is its contact's with the number of the leg."""
    rows = sorted(rows, key=lambda r: (r["started_at"], r.get("contact_id") or "", r.get("lead_id") or "", r["leg_no"]))
    dialed = 0
    for row in rows:
        if "contact_id" not in row:
            dialed += 1
            row["contact_id"] = f"D{dialed:04}"
        row["interaction_id"] = f"{row['contact_id']}-{row['leg_no']}"
    return rows
