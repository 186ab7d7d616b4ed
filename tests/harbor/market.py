"""Who calls and what is bought from whom: customers, queues, internal prices.

In: the random source. Out: rows of customers, queues, prices.
Refuses to know: agents and days.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from harbor.draw import Row, chance, waiting, weighted, whole
from harbor.people import FIRST, QUEUES, TEAMS


def customers(rng: Random, count: int = 9000) -> list[Row]:
    rows: list[Row] = []
    for i in range(count):
        new = chance(rng, 0.12)
        since = (
            FIRST + timedelta(days=whole(rng, 0, 99)) if new else date(2018, 1, 1) + timedelta(days=whole(rng, 0, 3100))
        )
        rows.append(
            {
                "customer_id": f"C{i + 1:05}",
                "since": since,
                "until": None,
                "segment": weighted(rng, {"retail": 0.6, "premium": 0.25, "business": 0.15}),
                "value": float(int(waiting(rng, 900))),
                "active_at": None,
                "acquired_by": weighted(rng, {"branch": 0.4, "web": 0.4, "referral": 0.2}),
                "referred_by": f"C{whole(rng, 1, i):05}" if i and chance(rng, 0.1) else None,
            }
        )
    return rows


def queues() -> list[Row]:
    rows = [
        {
            "queue_id": q,
            "valid_from": date(2026, 1, 1),
            "valid_to": None,
            "name": q.capitalize(),
            "channel": channel,
            "team": team,
            "vendor": TEAMS[team]["vendor"],
            "threshold_s": threshold,
            "short_abandon_s": 5 if channel == "voice" else 10,
            "high_skill": q in {"tech", "retention", "complaints"},
        }
        for q, (channel, team, threshold, _) in QUEUES.items()
    ]
    tech = next(row for row in rows if row["queue_id"] == "tech")
    tightened = {**tech, "valid_from": date(2026, 10, 1), "threshold_s": 15}
    tech["valid_to"] = date(2026, 9, 30)
    return [*rows, tightened]


def prices() -> list[Row]:
    table = {
        "billing": 4.2,
        "tech": 6.5,
        "sales": 7.0,
        "retention": 9.0,
        "complaints": 12.0,
        "chat": 3.1,
        "email": 3.8,
        "campaign": 2.4,
        "self_service": 0.4,
    }
    start, autumn = date(2026, 1, 1), date(2026, 10, 1)
    rows = [{"kind": k, "valid_from": start, "price": p, "per": "contact"} for k, p in table.items()]
    rows[1]["valid_to"] = autumn - timedelta(days=1)
    return [*rows, {"kind": "tech", "valid_from": autumn, "price": 6.9, "per": "contact"}]
