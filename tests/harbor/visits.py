"""Visits to the app and the web, and when a customer was last seen.

In: the random source, interaction rows, customers. Out: rows of digital; customers with active_at.
Refuses to know: what was bought.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from harbor.draw import Row, chance, pick, whole
from harbor.floor import last_moment
from harbor.people import DAYS, FIRST


def digital(rng: Random, contacts: list[Row], ids: list[str]) -> list[Row]:
    """App and web sessions; a failed one may end in a contact."""
    chats = [c for c in contacts if c["channel"] == "chat" and c["customer_id"] and c["outcome"] == "answered"]
    rows: list[Row] = []
    for _ in range(6000):
        day = DAYS[whole(rng, 0, len(DAYS) - 1)]
        at = datetime.combine(day, time(whole(rng, 6, 23), whole(rng, 0, 59), whole(rng, 0, 59)))
        failed, cart = chance(rng, 0.045), chance(rng, 0.3)
        rows.append(
            {
                "customer_id": pick(rng, ids),
                "started_at": at,
                "channel": pick(rng, ["app", "web"]),
                "failed": failed,
                "fail_kind": pick(rng, ["timeout", "payment", "login"]) if failed else None,
                "cart_started": cart,
                "order_placed": cart and not failed and chance(rng, 0.38),
                "handed_over": False,
            }
        )
    for chat in chats[::14]:
        rows.append(
            {
                "customer_id": chat["customer_id"],
                "started_at": chat["started_at"] - timedelta(minutes=3),
                "channel": "app",
                "failed": True,
                "fail_kind": "login",
                "cart_started": False,
                "order_placed": False,
                "handed_over": True,
                "interaction_id": chat["interaction_id"],
            }
        )
    rows.sort(key=lambda r: (r["started_at"], r["customer_id"]))
    return [{"session_id": f"G{i + 1:05}", **row} for i, row in enumerate(rows)]


def last_seen(rng: Random, clients: list[Row], contacts: list[Row]) -> None:
    """When a customer last used an account: after most contacts, soon."""
    seen = {c["customer_id"]: c["ended_at"] for c in contacts if c["customer_id"]}
    for row in clients:
        base = seen.get(row["customer_id"])
        if base and chance(rng, 0.8):
            row["active_at"] = min(base + timedelta(hours=whole(rng, 2, 400)), last_moment())
        elif chance(rng, 0.6):
            row["active_at"] = datetime.combine(max(FIRST, row["since"]), time(12)) + timedelta(
                hours=whole(rng, 0, 200)
            )
        if row["active_at"] and row["until"]:
            row["active_at"] = min(row["active_at"], datetime.combine(row["until"], time(0)))
