"""What is said about contacts: surveys by customers, evaluations by quality analysts and by a model.

In: the random source, interaction rows, agents. Out: rows of surveys, evaluations, evaluation_items.
Refuses to know: complaints, orders, risks.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random

from harbor.draw import Row, between, chance, clamp, normal, pick, waiting, weighted, whole
from harbor.floor import last_moment, months
from harbor.people import DAYS, FAST_BUT_LOOSE, LAST, LOW_VOLUME, NEVER_EVALUATED, Agent

ITEMS = {
    "greeting": ("attitude", 10.0, False),
    "empathy": ("attitude", 20.0, False),
    "listening": ("attitude", 15.0, False),
    "solution": ("content", 30.0, False),
    "process": ("content", 15.0, False),
    "identification": ("compliance", 10.0, True),
}


def surveys(rng: Random, contacts: list[Row], ids: list[str], quality: dict[str, float]) -> list[Row]:
    rows: list[Row] = []
    for row in contacts:
        served = (
            row["outcome"] == "answered"
            and row["direction"] == "inbound"
            and row["customer_id"]
            and not row["transferred"]
        )
        if served and chance(rng, 0.12 if row["agent_id"] == LOW_VOLUME else 0.32):
            rows.append(asked(rng, row, quality[row["agent_id"]]))
    rows += relationship(rng, ids) + reviews(rng)
    rows = [r for r in rows if r["sent_at"] is None or r["sent_at"] <= last_moment()]
    rows.sort(
        key=lambda r: (r["sent_at"] or r["answered_at"], r.get("interaction_id") or "", r.get("customer_id") or "")
    )
    return [{"survey_id": f"S{i + 1:05}", **row} for i, row in enumerate(rows)]


def asked(rng: Random, contact: Row, skill: float) -> Row:
    """An invitation after the contact; three in ten answer, the pleased and the angry rather than the rest."""
    sent = contact["ended_at"] + timedelta(minutes=whole(rng, 5, 90))
    row = {
        "interaction_id": contact["interaction_id"],
        "customer_id": contact["customer_id"],
        "sent_at": sent,
        "answered_at": None,
        "channel": contact["channel"],
        "source": "invitation",
        "kind": "transactional",
    }
    answered = sent + timedelta(minutes=int(waiting(rng, 400)))
    mood = {"positive": 0.9, "neutral": 0.1, "negative": -1.3}[contact["emotion"]]
    if not chance(rng, 0.36 + 0.08 * abs(mood)) or answered > last_moment():
        return row
    feeling = normal(rng, 3.95 + mood * 0.75 + (skill - 86) / 22, 0.7)
    csat = int(clamp(round(feeling), 1, 5))
    row |= {
        "answered_at": answered,
        "csat": csat,
        "csat_scale": 5,
        "nps": int(clamp(round(feeling * 2 + normal(rng, 0, 1)), 0, 10)) if chance(rng, 0.8) else None,
        "ces": int(clamp(round(1.35 * feeling + normal(rng, 0, 0.8)), 1, 7)) if chance(rng, 0.6) else None,
        "ces_scale": 7,
        "resolved": contact["resolved"] if chance(rng, 0.9) else not contact["resolved"],
        "emotion": "positive" if csat > 3 else "negative" if csat < 3 else "neutral",
        "reason": contact["reason"],
    }
    if csat <= 2:
        row |= {
            "fault": weighted(rng, {"agent": 0.35, "process": 0.3, "product": 0.2, "policy": 0.15}),
            "comment": pick(rng, ["had to call twice", "waited too long", "态度不好", "not solved"]),
        }
    elif csat == 3 and chance(rng, 0.1):
        row["csat"] = None
    return row


def relationship(rng: Random, ids: list[str]) -> list[Row]:
    """The bank's own survey of its customers, whatever they did lately."""
    rows: list[Row] = []
    for start, end in months():
        for _ in range(420):
            sent = datetime.combine(start + timedelta(days=whole(rng, 0, (end - start).days)), time(8))
            answered = sent + timedelta(hours=whole(rng, 1, 60))
            row = {
                "customer_id": pick(rng, ids),
                "sent_at": sent,
                "answered_at": None,
                "channel": "email",
                "source": "invitation",
                "kind": "relationship",
            }
            if chance(rng, 0.28) and answered <= last_moment():
                nps = int(clamp(round(normal(rng, 7.6, 2)), 0, 10))
                row |= {
                    "answered_at": answered,
                    "nps": nps,
                    "emotion": "positive" if nps > 8 else "negative" if nps < 6 else "neutral",
                }
            rows.append(row)
    return rows


def reviews(rng: Random) -> list[Row]:
    """Public ones: nobody was asked, and nobody knows which contact they mean."""
    rows: list[Row] = []
    for day in DAYS:
        for _ in range(whole(rng, 0, 2)):
            csat = weighted(rng, {1: 0.25, 2: 0.1, 3: 0.1, 4: 0.2, 5: 0.35})
            rows.append(
                {
                    "sent_at": None,
                    "answered_at": datetime.combine(day, time(whole(rng, 7, 22), whole(rng, 0, 59))),
                    "channel": "web",
                    "source": pick(rng, ["review", "social", "app_store"]),
                    "kind": "relationship",
                    "csat": csat,
                    "csat_scale": 5,
                    "emotion": "positive" if csat > 3 else "negative" if csat < 3 else "neutral",
                }
            )
    return rows


def evaluations(rng: Random, contacts: list[Row], everybody: list[Agent]) -> tuple[list[Row], list[Row]]:
    """About ten an agent and month, three of them by a model; appeals, corrections, calibrations."""
    calls: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for row in contacts:
        if row["outcome"] == "answered" and row.get("agent_id") and row["direction"] == "inbound":
            calls[row["agent_id"], row["started_at"].date().replace(day=1)].append(row)
    rows: list[Row] = []
    items: list[Row] = []
    for i, agent in enumerate(everybody):
        for start in (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)):
            own = calls[agent.id, start]
            count = (
                0
                if agent.id == NEVER_EVALUATED or not own
                else min(len(own), 2 if start.month == 11 else whole(rng, 9, 11))
            )
            for n in range(count):
                call = own[(n * len(own)) // count]
                made = call["ended_at"] + timedelta(hours=whole(rng, 2, 70))
                if made.date() <= LAST:
                    evaluate(rng, agent, call, made, f"Q{i % 3 + 1:02}", rows, items)
    return rows, items


def evaluate(
    rng: Random, agent: Agent, call: Row, made: datetime, evaluator: str, rows: list[Row], items: list[Row]
) -> None:
    """One evaluation with its items; when its appeal is upheld, the corrected one follows and is the final."""
    ident = f"E{len(rows) + 1:05}"
    human = chance(rng, 0.7)
    strict = {"Q01": 0.0, "Q02": -4.0, "Q03": 1.5}[evaluator] if human else 0.0
    row, marks = judged(rng, ident, agent, made, strict)
    purpose = weighted(rng, {"scoring": 0.92, "coaching": 0.04, "calibration": 0.04}) if human else "scoring"
    row |= {
        "interaction_id": call["interaction_id"],
        "evaluator_id": evaluator if human else None,
        "purpose": purpose,
        "method": "human" if human else "ai",
        "form": "sales 2026" if call["purpose"] == "sales" else "service 2026",
        "appealed": False,
        "overturned": False,
        "final": True,
        "reference_score": round(clamp(row["score"] - strict + normal(rng, 0, 2), 0, 100), 2)
        if purpose == "calibration"
        else None,
    }
    rows.append(row)
    items.extend(marks)
    if purpose == "scoring" and human and chance(rng, 0.3 if row["score"] < 60 else 0.04):
        row["appealed"] = True
        corrected = made + timedelta(days=2)
        if chance(rng, 0.4) and corrected.date() <= LAST:
            again, marks = judged(rng, f"E{len(rows) + 1:05}", agent, corrected, 6.0)
            row |= {"overturned": True, "final": False}
            rows.append({**row, **again, "appealed": False, "overturned": False, "final": True})
            items.extend(marks)


def judged(rng: Random, ident: str, agent: Agent, made: datetime, strict: float) -> tuple[Row, list[Row]]:
    """Marks of 0 to 5 an item; a missing identification fails the whole."""
    earned = weights = 0.0
    level = clamp((agent.quality + strict + (-4 if agent.id == FAST_BUT_LOOSE else 0)) / 100, 0.3, 0.99)
    failed = chance(rng, 0.05 if agent.team == "Delta" else 0.012)
    marks: list[Row] = []
    for item, (section, weight, critical) in ITEMS.items():
        applicable = item == "solution" or not chance(rng, 0.06)
        mark = int(clamp(round(5 * level + normal(rng, 0, 0.75)), 0, 5))
        if critical:
            applicable, mark = True, 0 if failed else 5
        marks.append(
            {
                "evaluation_id": ident,
                "item": item,
                "section": section,
                "score": mark if applicable else None,
                "max": 5,
                "weight": weight,
                "applicable": applicable,
                "critical": critical,
            }
        )
        if applicable:
            earned, weights = earned + weight * mark / 5, weights + weight
    score = 0.0 if failed else round(100 * earned / weights, 2)
    row = {
        "evaluation_id": ident,
        "agent_id": agent.id,
        "evaluated_at": made + timedelta(seconds=int(between(rng, 0, 59))),
        "score": score,
        "passed": score >= 75,
        "critical": failed,
    }
    return row, marks
