"""A hundred days of contacts: who called when, who answered, how long it took, who called again.

In: the random source, agents, who is present when, customers. Out: interaction rows in the order of time.
Refuses to know: what customers later say, buy or complain about (that is `voices` and `matters`).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random

from harbor.draw import Row, between, chance, pick, spread, waiting, weighted, whole
from harbor.people import DAYS, LAST, MOVED_ON, QUEUES, RISKY, Agent

REASONS = {
    "billing": ["fee dispute", "statement", "payment failed", "refund"],
    "tech": ["login", "app error", "card declined"],
    "sales": ["card offer", "loan", "store order"],
    "retention": ["cancel account", "better rate"],
    "complaints": ["service complaint", "product complaint"],
    "chat": ["order status", "login", "statement"],
    "email": ["statement", "refund", "order status"],
}
TALK = {"billing": 215, "tech": 275, "sales": 250, "retention": 280, "complaints": 330, "chat": 300, "email": 260}
WRAP = {"billing": 40, "tech": 50, "sales": 55, "retention": 50, "complaints": 90, "chat": 25, "email": 20}
WEEK = [1.26, 1.1, 1.05, 1.0, 1.02, 0.82, 0.66]
HOURS = {9: 1.0, 10: 1.45, 11: 1.4, 12: 0.9, 13: 0.85, 14: 1.2, 15: 1.25, 16: 1.1, 17: 0.9, 18: 0.8, 19: 0.7, 20: 0.5}
PER_DAY = 262

Begin = Callable[[datetime, str, str], Agent | None]


def moment(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(weighted(rng, HOURS), whole(rng, 0, 59), whole(rng, 0, 59)))


def arrivals(rng: Random, ids: list[str]) -> list[tuple[datetime, int, Row]]:
    """First attempts: nobody again within nine days, so that repeats are those the agents cause."""
    seen: dict[str, date] = {}
    planned: list[tuple[datetime, int, Row]] = []
    for day in DAYS:
        growth = 1 + 0.001 * (day - DAYS[0]).days
        for _ in range(int(PER_DAY * WEEK[day.weekday()] * growth * between(rng, 0.92, 1.08))):
            who = pick(rng, ids)
            while (day - seen.get(who, date(2026, 1, 1))).days < 9:
                who = pick(rng, ids)
            seen[who] = day
            queue = weighted(rng, {q: share for q, (_, _, _, share) in QUEUES.items()})
            contact = {
                "customer_id": None if chance(rng, 0.04) else who,
                "queue_id": queue,
                "reason": pick(rng, REASONS[queue]),
            }
            planned.append((moment(rng, day), len(planned), contact))
    return planned


def router(rng: Random, everybody: list[Agent], present: set[tuple[str, date]]) -> tuple[Begin, dict[str, datetime]]:
    """A function that finds somebody for a queue at a time, and the times until which agents are busy."""
    busy: dict[str, datetime] = {}
    able = {day: [a for a in everybody if (a.id, day) in present] for day in DAYS}

    def begin(at: datetime, queue: str, but: str) -> Agent | None:
        day = at.date()
        ready = [
            a
            for a in able[day]
            if queue in a.queues_on(day) and a.hours(day)[0] <= at < a.hours(day)[1] and a.id != but
        ]
        free = [a for a in ready if busy.get(a.id, at) <= at]
        if free:
            return pick(rng, free)
        return min(ready, key=lambda a: (busy.get(a.id, at), a.id), default=None)

    return begin, busy


def leg(rng: Random, at: datetime, contact: Row, agent: Agent | None, free_at: datetime) -> Row:
    """One leg of an inbound contact: answered by the agent, or given up before."""
    queue = contact["queue_id"]
    channel, _, threshold, _ = QUEUES[queue]
    menu = whole(rng, 8, 45) if channel == "voice" and contact["leg_no"] == 1 else 0
    queued = at + timedelta(seconds=menu)
    peak = 2.2 if at.hour in {10, 11, 15} else 1.0
    wait = waiting(rng, 9 * peak) if channel != "email" else 30 + waiting(rng, 110)
    if channel != "email":
        wait = max(wait, (free_at - queued).total_seconds())
    patience = waiting(rng, 320) if channel != "email" else 10**6
    row = {
        **contact,
        "started_at": at,
        "queued_at": queued,
        "channel": channel,
        "served_by": "human",
        "direction": "inbound",
        "menu_s": menu if channel == "voice" else None,
        "purpose": queue if queue in {"sales", "retention"} else "service",
        "kind": queue,
    }
    if contact["leg_no"] == 1 and (agent is None or patience < wait or chance(rng, 0.008)):
        gone = int(min(patience, wait, 600)) if agent else int(min(patience, 90))
        lost = "callback" if gone > 60 and channel == "voice" and chance(rng, 0.3) else "abandoned"
        return {
            **row,
            "outcome": lost,
            "wait_s": gone,
            "ended_at": queued + timedelta(seconds=gone),
            "ended_by": "customer",
        }
    if agent is None:
        return {}
    wait = int(min(wait, 900))
    abrupt = chance(rng, agent.abrupt)
    talk = whole(rng, 2, 9) if abrupt else max(12, int(spread(rng, TALK[queue] * agent.pace_on(at.date()))))
    hold = int(waiting(rng, 42)) if channel == "voice" and not abrupt and chance(rng, 0.3) else 0
    wrap = 2 if abrupt else int(spread(rng, WRAP[queue] * agent.speed))
    answered = queued + timedelta(seconds=wait)
    return {
        **row,
        "outcome": "answered",
        "agent_id": agent.id,
        "wait_s": wait,
        "ring_s": min(wait, whole(rng, 1, 6)),
        "answered_at": answered,
        "talk_s": talk,
        "hold_s": hold,
        "wrap_s": wrap,
        "within_sla": wait <= threshold,
        "ended_at": answered + timedelta(seconds=talk + hold),
        "transferred": False,
        "preset": chance(rng, 0.82),
        "ended_by": "agent" if abrupt else weighted(rng, {"customer": 0.83, "agent": 0.15, "system": 0.02}),
    }


def aftermath(rng: Random, row: Row, agent: Agent) -> tuple[bool, str | None]:
    """Whether the contact will be repeated, and the queue it is transferred to."""
    better = 0.04 if row["queue_id"] == "chat" else 0.0
    returns = chance(rng, max(0.02, agent.returns - better))
    row["resolved"] = not returns if chance(rng, 0.85) else True
    mood = (
        {"positive": 0.4, "neutral": 0.42, "negative": 0.18}
        if not returns
        else {"positive": 0.1, "neutral": 0.4, "negative": 0.5}
    )
    row["emotion"] = weighted(rng, mood)
    row["disposition"] = "follow-up" if not row["resolved"] else pick(rng, ["solved", "informed", "order taken"])
    targets = {"billing": ["tech", "retention"], "tech": ["billing"], "sales": ["billing"], "chat": ["tech", "billing"]}
    if row["queue_id"] in targets and row["leg_no"] == 1 and chance(rng, 0.055):
        row["transferred"] = True
        row["transfer_kind"] = weighted(rng, {"misroute": 0.35, "skill": 0.35, "designed": 0.25, "other": 0.05})
        return returns, pick(rng, targets[row["queue_id"]])
    return returns, None


def unserved(rng: Random, at: datetime, contact: Row) -> Row | None:
    """A share of callers never reaches a queue: the menu or the bot ends it."""
    channel = QUEUES[contact["queue_id"]][0]
    share = {"voice": 0.1, "chat": 0.22, "email": 0.0}[channel]
    if not chance(rng, share):
        return None
    seconds = whole(rng, 15, 160)
    outcome = weighted(rng, {"self_served": 0.7, "ended_in_menu": 0.28, "failed": 0.02})
    return {
        **contact,
        "queue_id": None,
        "started_at": at,
        "ended_at": at + timedelta(seconds=seconds),
        "channel": channel,
        "served_by": "bot",
        "direction": "inbound",
        "purpose": "service",
        "kind": "self_service",
        "outcome": outcome,
        "menu_s": seconds,
        "preset": chance(rng, 0.9),
        "ended_by": "customer",
    }


def inbound(rng: Random, everybody: list[Agent], present: set[tuple[str, date]], ids: list[str]) -> list[Row]:
    """Every inbound leg. A repeat stands in the same queue of events as the first attempts."""
    heap = arrivals(rng, ids)
    heapq.heapify(heap)
    begin, busy = router(rng, everybody, present)
    rows: list[Row] = []
    number, order = 0, len(heap)

    def push(at: datetime, contact: Row) -> None:
        nonlocal order
        order += 1
        if at.date() <= LAST:
            heapq.heappush(heap, (at, order, contact))

    while heap:
        at, _, contact = heapq.heappop(heap)
        if "contact_id" not in contact:
            number += 1
            contact = {**contact, "contact_id": f"K{number:05}", "leg_no": 1}
            if alone := unserved(rng, at, contact):
                rows.append(alone)
                continue
        agent = begin(at, contact["queue_id"], contact.pop("from", ""))
        row = leg(rng, at, contact, agent, busy.get(agent.id, at) if agent else at)
        if row:
            rows.append(row)
        if row and row["outcome"] == "answered" and agent:
            busy[agent.id] = row["ended_at"] + timedelta(seconds=row["wrap_s"]) if row["channel"] == "voice" else at
            returns, target = aftermath(rng, row, agent)
            again = {k: contact[k] for k in ("customer_id", "queue_id", "reason")}
            if returns and contact["customer_id"]:
                push(moment(rng, at.date() + timedelta(days=whole(rng, 1, 6))), again)
            if target:
                push(row["ended_at"], {**contact, "queue_id": target, "leg_no": 2, "from": agent.id})
    return rows


def at_risk(rows: list[Row]) -> list[Row]:
    """The October contacts of the agent who took two risks."""
    return [
        r
        for r in rows
        if r.get("agent_id") == RISKY and r["started_at"].date() >= MOVED_ON and r["outcome"] == "answered"
    ][:2]
