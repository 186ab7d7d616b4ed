"""What contacts lead to: leads, orders, cases, and customers who leave.

In: the random source, interaction rows, customers. Out: rows of those tables; cases mark their contacts.
Refuses to know: evaluations, events, pay.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from random import Random

from harbor.draw import Row, chance, pick, spread, waiting, weighted, whole
from harbor.floor import last_moment
from harbor.people import DAYS, LAST

CAUSES = {
    "human": ("wrong information", "Contact center"),
    "process": ("slow back office", "Operations"),
    "system": ("app outage", "IT"),
    "product": ("hidden fee", "Products"),
    "policy": ("limit too low", "Risk"),
    "external": ("courier delay", "Partners"),
}
PRODUCTS = ["everyday account", "credit card", "home loan", "store card", "delivery"]


def leads(rng: Random, ids: list[str]) -> list[Row]:
    rows: list[Row] = []
    for day in DAYS[:-3]:
        for _ in range(whole(rng, 6, 13)):
            created = datetime.combine(day, time(8, whole(rng, 0, 59)))
            rows.append(
                {
                    "lead_id": f"L{len(rows) + 1:04}",
                    "customer_id": pick(rng, ids),
                    "created_at": created,
                    "campaign": pick(rng, ["autumn card", "store launch"]),
                    "status": "open",
                    "qualified": chance(rng, 0.55),
                }
            )
    return rows


def win(rng: Random, rows: list[Row], contacts: list[Row]) -> list[Row]:
    """A lead that was reached may be won; its first caller keeps it."""
    reached = {r["lead_id"]: r for r in reversed(contacts) if r.get("lead_id") and r["outcome"] == "answered"}
    for row in rows:
        call = reached.get(row["lead_id"])
        if call:
            row |= {"agent_id": call["agent_id"], "status": "lost"}
            if chance(rng, 0.2 if row["qualified"] else 0.06):
                won = call["ended_at"] + timedelta(minutes=5)
                active = won + timedelta(days=whole(rng, 1, 12))
                row |= {
                    "won_at": won,
                    "status": "won",
                    "activated_at": active if active <= last_moment() and chance(rng, 0.8) else None,
                }
    return rows


def orders(rng: Random, contacts: list[Row], won: list[Row], ids: list[str]) -> list[Row]:
    """Sold in a sales contact, days after one, from a lead, or by nobody in particular."""
    rows: list[Row] = []
    for contact in contacts:
        if contact["outcome"] != "answered" or contact["purpose"] != "sales" or not contact["customer_id"]:
            continue
        own = {"customer_id": contact["customer_id"], "interaction_id": contact["interaction_id"]}
        if contact["direction"] == "inbound" and chance(rng, 0.075):
            rows.append(order(rng, own, contact["ended_at"] + timedelta(minutes=2)))
        elif chance(rng, 0.02):
            later = contact["ended_at"] + timedelta(hours=whole(rng, 20, 140))
            rows.append(order(rng, {"customer_id": contact["customer_id"]}, later))
    for lead in won:
        if lead.get("won_at"):
            rows.append(order(rng, {"customer_id": lead["customer_id"], "lead_id": lead["lead_id"]}, lead["won_at"]))
    for day in DAYS:
        for _ in range(5):
            rows.append(
                order(
                    rng,
                    {"customer_id": pick(rng, ids)},
                    datetime.combine(day, time(whole(rng, 7, 22), whole(rng, 0, 59))),
                )
            )
    rows = sorted(
        (r for r in rows if r["ordered_at"] <= last_moment()), key=lambda r: (r["ordered_at"], r["customer_id"])
    )
    return [{"order_id": f"O{i + 1:04}", **row} for i, row in enumerate(rows)]


def order(rng: Random, whose: Row, at: datetime) -> Row:
    kind = weighted(rng, {"new": 0.6, "renewal": 0.25, "upgrade": 0.15})
    row = {
        **whose,
        "ordered_at": at,
        "amount": round(spread(rng, 240, 0.6), 2),
        "units": whole(rng, 1, 3),
        "kind": kind,
        "status": "done",
        "product_class": pick(rng, ["card", "loan", "goods"]),
        "product_id": pick(rng, PRODUCTS),
        "merchant_id": f"M{whole(rng, 1, 9):02}",
    }
    after = at + timedelta(days=whole(rng, 2, 40))
    if chance(rng, 0.06) and after <= last_moment():
        return {
            **row,
            "refund": round(row["amount"] * pick(rng, [0.5, 1.0]), 2),
            "refunded_at": after,
            "status": "refunded",
        }
    if chance(rng, 0.05) and after <= last_moment():
        return {**row, "cancelled_at": after, "status": "cancelled"}
    return row


def cases(rng: Random, contacts: list[Row], sold: list[Row], clients: list[Row]) -> list[Row]:
    """Complaints, requests, cancellations; the contact that opens a case, and the next one, carry its id."""
    by_customer: dict[str, list[Row]] = defaultdict(list)
    for contact in contacts:
        if contact["customer_id"]:
            by_customer[contact["customer_id"]].append(contact)
    bought = {o["customer_id"]: o["order_id"] for o in sold}
    client = {c["customer_id"]: c for c in clients}
    rows: list[Row] = []
    angry: set[str] = set()
    for contact in contacts:
        kind = opens(rng, contact, angry)
        if kind:
            row = case(rng, f"B{len(rows) + 1:04}", kind, contact, bought)
            rows.append(row)
            contact["case_id"] = row["case_id"]
            later = [c for c in by_customer[contact["customer_id"]] if c["started_at"] > contact["started_at"]]
            for again in later[: whole(rng, 0, 2)]:
                again.setdefault("case_id", row["case_id"])
            if row["outcome"] == "left":
                client[contact["customer_id"]]["until"] = min(row["closed_at"].date() + timedelta(days=5), LAST)
    return rows


def opens(rng: Random, contact: Row, angry: set[str]) -> str | None:
    if (
        contact["outcome"] != "answered"
        or not contact["customer_id"]
        or contact["direction"] != "inbound"
        or contact.get("case_id")
    ):
        return None
    if contact["queue_id"] == "retention":
        return "cancellation" if chance(rng, 0.5) else None
    again = 0.15 if contact["customer_id"] in angry else 0.0
    share = 0.16 if contact["queue_id"] == "complaints" else 0.012 if contact["emotion"] == "negative" else 0.001
    if chance(rng, share + again):
        angry.add(contact["customer_id"])
        return "complaint"
    return "request" if chance(rng, 0.015) else "incident" if chance(rng, 0.001) else None


def case(rng: Random, ident: str, kind: str, contact: Row, bought: dict[str, str]) -> Row:
    opened = contact["ended_at"]
    hours = spread(rng, {"complaint": 62, "request": 20, "cancellation": 30, "incident": 12}[kind], 0.8)
    closed = opened + timedelta(minutes=int(hours * 60))
    open_still = closed > last_moment() or chance(rng, 0.02)
    steps = {
        "accepted_at": 0.03,
        "first_response_at": 0.1,
        "investigated_at": 0.6,
        "resolved_at": 0.95,
        "closed_at": 1.0,
    }
    times = {k: opened + timedelta(seconds=int(hours * 3600 * f)) for k, f in steps.items()}
    if open_still:
        times = {k: at for k, at in times.items() if k in {"accepted_at", "first_response_at"} and at <= last_moment()}
    row = {
        "case_id": ident,
        "kind": kind,
        "customer_id": contact["customer_id"],
        "interaction_id": contact["interaction_id"],
        "order_id": bought.get(contact["customer_id"]),
        "agent_id": contact["agent_id"],
        "channel": contact["channel"],
        "source": weighted(rng, {"customer": 0.86, "review": 0.05, "social": 0.05, "regulator": 0.03, "media": 0.01}),
        "status": "open" if open_still else "closed",
        "severity": weighted(rng, {"low": 0.5, "medium": 0.38, "high": 0.12}),
        "class": contact["reason"],
        "opened_at": opened,
        "due_at": opened + timedelta(hours=120),
        "reopened_n": int(chance(rng, 0.06)),
        "escalated": chance(rng, 0.08),
        "policy_exception": chance(rng, 0.04),
        "outcome": None,
        "product_id": pick(rng, PRODUCTS),
        "merchant_id": f"M{whole(rng, 1, 9):02}",
        "stage": pick(rng, ["onboarding", "use", "billing", "delivery"]),
        **times,
    }
    if kind == "complaint":
        row |= complaint(rng, row, contact, open_still)
    elif not open_still:
        row["outcome"] = (
            "kept" if kind == "cancellation" and chance(rng, 0.55) else "left" if kind == "cancellation" else "done"
        )
    return row


def complaint(rng: Random, row: Row, contact: Row, open_still: bool) -> Row:
    found = {
        "investigator_id": f"A{whole(rng, 25, 30):03}",
        "detail": pick(rng, ["charged twice", "nobody called back", "多次来电未解决"]),
    }
    if open_still:
        return found
    cause_kind = weighted(
        rng, {"human": 0.28, "process": 0.27, "system": 0.15, "product": 0.16, "policy": 0.1, "external": 0.04}
    )
    cause, unit = CAUSES[cause_kind]
    upheld = chance(rng, 0.6)
    return {
        **found,
        "cause_kind": cause_kind,
        "cause": cause if chance(rng, 0.93) else None,
        "fault_unit": unit,
        "fault_agent_id": contact["agent_id"] if cause_kind == "human" else None,
        "upheld": upheld,
        "outcome": "done",
        "compensation": round(waiting(rng, 45), 2) if upheld and chance(rng, 0.5) else 0.0,
        "satisfied_after": weighted(rng, {1: 0.08, 2: 0.12, 3: 0.25, 4: 0.35, 5: 0.2}) if chance(rng, 0.6) else None,
        "called_back_at": row["closed_at"] + timedelta(hours=6)
        if chance(rng, 0.7) and row["closed_at"].date() < LAST
        else None,
        "solution": pick(rng, ["refund", "apology", "explained", "process fixed"]),
    }
