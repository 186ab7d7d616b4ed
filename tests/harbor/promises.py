"""What was promised and what is left out: initiatives with their due days, exclusions with their reasons.

In: the random source, survey and evaluation rows. Out: rows of initiatives, exclusions.
Refuses to know: agents.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from harbor.draw import Row, chance, pick, whole
from harbor.floor import months


def initiatives(rng: Random) -> list[Row]:
    titles = {
        "initiative": ["New menu for cards", "Chat macros", "Callback at peak"],
        "key task": ["Audit of consent texts", "Move to Site South"],
        "improvement": ["Refund in one step", "Fee letter rewritten"],
        "action": ["Empathy course", "Second listening of risks"],
    }
    causes = {"Refund in one step": "refund", "Fee letter rewritten": "fee dispute"}
    owners = ["M01", "L01", "L02", "L03", "L04", "P01", "Q01", "Q02", "Q03", "R01", "R02"]
    rows: list[Row] = []
    for _, end in months():
        for kind, words in titles.items():
            for title in words:
                due = end - timedelta(days=whole(rng, 0, 20))
                done = due + timedelta(days=whole(rng, -9, 3)) if chance(rng, 0.85) else None
                rows.append(
                    {
                        "kind": kind,
                        "title": f"{title} {due:%B}",
                        "owner_id": owners[len(rows) % len(owners)],
                        "kpi": pick(rng, ["fcr", "csat", "aht"]),
                        "class": causes.get(title),
                        "due_on": due,
                        "done_on": done,
                        "rating": float(whole(rng, 5, 10) / 2) if done else None,
                        "effective": chance(rng, 0.7) if done else None,
                    }
                )
    return [{"initiative_id": f"N{i + 1:03}", **row} for i, row in enumerate(rows)]


def exclusions(surveys: list[Row], evaluations: list[Row]) -> list[Row]:
    """A telephone outage, an abusive caller's survey, an upheld appeal."""
    outage = (datetime(2026, 9, 17, 14), datetime(2026, 9, 17, 15, 30))
    abusive = next(
        r
        for r in surveys
        if r.get("csat") == 1 and r["answered_at"] >= datetime(2026, 10, 5) and r.get("interaction_id")
    )
    appealed = next(r for r in evaluations if r["appealed"] and r["evaluated_at"] >= datetime(2026, 10, 1))
    day = date(2026, 10, 8)
    return [
        {
            "table": "interactions",
            "from": outage[0],
            "to": outage[1],
            "queue_id": "tech",
            "reason": "telephone outage",
            "approved_by": "M01",
        },
        {"table": "surveys", "row_id": abusive["survey_id"], "reason": "abusive caller", "approved_by": "L03"},
        {
            "table": "evaluations",
            "row_id": appealed["evaluation_id"],
            "kpis": "quality_score",
            "reason": "appeal upheld",
            "approved_by": "Q03",
        },
        {
            "table": "interactions",
            "from": datetime.combine(day, time(19)),
            "to": datetime.combine(day, time(20)),
            "agent_id": "A003",
            "kpis": "aht",
            "reason": "screen failure at the desk",
            "approved_by": "L01",
        },
    ]
