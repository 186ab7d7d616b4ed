"""Random centers: legal canonical rows with empty groups, versions with gaps, and keys that match nothing.

In: the tables of the definitions and a seed. Out: rows by table, and the columns each table supplies.
Refuses to know: formulas and what they give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from tests.oracle.dice import DAYS, FIRST, POOLS, Draw, Row, instant

Tables = dict[str, list[Row]]
HALF = timedelta(minutes=30)
SIZES = {
    "interactions": 260,
    "surveys": 150,
    "evaluations": 90,
    "evaluation_items": 0,
    "cases": 110,
    "orders": 90,
    "leads": 50,
    "activity": 120,
    "attendance": 0,
    "events": 240,
    "costs": 30,
    "digital": 60,
    "forecasts": 0,
    "initiatives": 40,
}
KINDS = [
    "risk",
    "risk",
    "training",
    "exam",
    "certification",
    "idea",
    "knowledge",
    "rating",
    "red_line",
    "commendation",
    "pulse",
    "pulse",
    "pulse",
    "coaching",
    "proficient",
    "risk_lead",
    "other",
]


def versions(draw: Draw, table: str, ids: Sequence[str], id_: str) -> list[Row]:
    """One to three versions an id, one after the other, sometimes with days between; the last may have no end."""
    rows: list[Row] = []
    for one in ids:
        since = FIRST + timedelta(days=draw.rng.randrange(-30, 30))
        for n in range(count := draw.rng.randint(1, 3)):
            until = since + timedelta(days=draw.rng.randrange(10, 40))
            open_end = n == count - 1 and draw.rng.random() < 0.6
            rows.append(draw.row(table, **{id_: one, "valid_from": since, "valid_to": None if open_end else until}))
            since = until + timedelta(days=draw.rng.choice([1, 1, 8]))
    return rows


def interactions(draw: Draw, count: int) -> list[Row]:
    """Contacts of one to three legs; ids are numbered, so that later tables can name them."""
    rows: list[Row] = []
    while len(rows) < count:
        at = instant(draw.rng)
        for leg in range(draw.rng.choice([1, 1, 1, 2, 3])):
            begun = at + timedelta(seconds=leg * draw.rng.choice([0, 60, 600]))
            ends = {
                c: begun + timedelta(seconds=draw.rng.choice([0, 30, 300, 3600])) if draw.rng.random() < 0.8 else None
                for c in ("queued_at", "answered_at", "ended_at")
            }
            rows.append(
                draw.row(
                    "interactions",
                    interaction_id=f"I{len(rows):04}",
                    contact_id=f"K{at:%d%H}{len(rows) - leg:04}",
                    leg_no=draw.rng.choice([leg + 1, leg + 1, 1]),
                    started_at=begun,
                    **ends,
                    direction=draw.rng.choice(["inbound"] * 6 + ["outbound", "internal", None]),
                    outcome=draw.rng.choice(
                        ["answered"] * 5 + draw.declared["interactions"]["columns"]["outcome"]["values"]
                    ),
                    served_by=draw.rng.choice(["human", "human", "bot", None]),
                )
            )
    draw.pools["interactions"] = [row["interaction_id"] for row in rows]
    return rows


def numbered(draw: Draw, table: str, count: int, **fixed: Callable[[], Any]) -> list[Row]:
    id_ = draw.declared[table]["key"]
    rows = [
        draw.row(table, **{id_: f"{table[:2]}{i:04}"}, **{c: make() for c, make in fixed.items()}) for i in range(count)
    ]
    if table in draw.pools:
        draw.pools[table] = [row[id_] for row in rows]
    return rows


def surveys(draw: Draw, count: int) -> list[Row]:
    rows = numbered(draw, "surveys", count)
    for row in rows:
        row["csat_scale"], row["ces_scale"] = draw.rng.choice([None, 5, 5, 10]), draw.rng.choice([None, 7, 7, 5])
        row["csat"] = draw.rng.choice([None, draw.rng.randint(1, int(row["csat_scale"] or 5))])
        row["ces"] = draw.rng.choice([None, draw.rng.randint(1, int(row["ces_scale"] or 7))])
        row["nps"] = draw.rng.choice([None, draw.rng.randint(0, 10)])
    return rows


def items(draw: Draw, evaluations: list[Row]) -> list[Row]:
    rows = []
    for evaluation in evaluations[::2]:
        for item in draw.rng.sample(["a", "b", "c", "d"], draw.rng.randint(1, 4)):
            full = draw.rng.random() < 0.95
            rows.append(
                draw.row(
                    "evaluation_items",
                    evaluation_id=evaluation["evaluation_id"],
                    item=item,
                    max=5 if full else draw.rng.choice([None, 0]),
                    score=draw.rng.choice([0, 1, 3, 4.5, 5]) if full else None,
                    weight=draw.rng.choice([None, 1, 2, 0, 0.3]),
                    critical=draw.rng.choice([None, False, False, True]),
                )
            )
    return rows


def by_day(draw: Draw, table: str, column: str, ids: Sequence[str], step: int) -> list[Row]:
    """Rows at every `step` days an id, so that the key is unique."""
    rows = []
    for one in ids:
        for n in range(draw.rng.randrange(step), DAYS, step):
            at = FIRST + timedelta(days=n)
            when = at if column == "date" else datetime.combine(at, time(draw.rng.randrange(24)))
            id_ = "agent_id" if table in {"attendance", "activity"} else "queue_id"
            rows.append(draw.row(table, **{id_: one, column: when}))
    return rows


def center(declared: dict[str, Any], seed: int) -> Tables:
    """All tables but the pre-aggregated one."""
    draw = Draw(declared, Random(seed))
    made: Tables = {}
    made["roster"] = versions(draw, "roster", POOLS["roster"], "agent_id")
    made["queues"] = versions(draw, "queues", POOLS["queues"], "queue_id")
    made["prices"] = versions(draw, "prices", POOLS["prices"], "kind")
    made["customers"] = numbered(draw, "customers", 0)
    draw.pools["customers"] = POOLS["customers"]
    made["customers"] = [draw.row("customers", customer_id=c) for c in POOLS["customers"]]
    draw.pools["leads"], draw.pools["cases"] = ([f"{t}{i:04}" for i in range(30)] for t in ("le", "ca"))
    made["interactions"] = interactions(draw, SIZES["interactions"])
    for table in ("leads", "orders", "cases", "digital", "costs", "initiatives"):
        made[table] = numbered(draw, table, SIZES[table])
    for cost in made["costs"]:
        cost["to"] = cost["from"] + timedelta(days=draw.rng.choice([0, 6, 30]))
    made["surveys"] = surveys(draw, SIZES["surveys"])
    made["evaluations"] = numbered(draw, "evaluations", SIZES["evaluations"])
    made["evaluation_items"] = items(draw, made["evaluations"])
    made["events"] = numbered(draw, "events", SIZES["events"], kind=lambda: draw.rng.choice(KINDS))
    for event in made["events"]:
        event["recorded_at"] = event["recorded_at"] or event["at"]
    agents = POOLS["roster"][:7]
    made["attendance"] = by_day(draw, "attendance", "date", agents, 3)
    made["activity"] = by_day(draw, "activity", "started_at", agents, 2)
    made["forecasts"] = by_day(draw, "forecasts", "started_at", POOLS["queues"], 2)
    return made


def reports(declared: dict[str, Any], seed: int) -> Tables:
    """A center with reports by interval in the place of its contacts."""
    draw = Draw(declared, Random(seed))
    made = {
        "roster": versions(draw, "roster", POOLS["roster"], "agent_id"),
        "queues": versions(draw, "queues", POOLS["queues"], "queue_id"),
    }
    made["intervals"] = [
        draw.row("intervals", queue_id=queue, agent_id=agent, started_at=datetime.combine(FIRST, time(9)) + n * HALF)
        for n in range(0, DAYS * 48, 37)
        for queue, agent in (("Q1", "A01"), ("Q2", None))
    ]
    # A report with an empty total beside others is refused: nobody knows whether it means none.
    totals = [c for c, d in declared["intervals"]["columns"].items() if d["type"] in ("number", "duration")]
    for row in made["intervals"]:
        row |= {total: 0 for total in totals if total in row and row[total] is None}
    return made


def thinned(tables: Tables, declared: dict[str, Any], seed: int) -> Tables:
    """The same without a fifth of the columns that may be missing."""
    rng = Random(seed)
    gone = {
        (t, c)
        for t in tables
        for c, d in declared[t]["columns"].items()
        if d.get("required") != "true" and rng.random() < 0.2
    }
    gone -= {(t, c) for t in tables for c in declared[t]["key"] if isinstance(declared[t]["key"], list)}
    gone -= {(t, declared[t]["key"]) for t in tables if isinstance(declared[t]["key"], str)}
    gone -= {(t, declared[t].get(end, "")) for t in tables for end in ("time", "until")}
    return {t: [{c: v for c, v in row.items() if (t, c) not in gone} for row in rows] for t, rows in tables.items()}


def columns(declared: dict[str, Any], tables: Tables) -> dict[str, list[str]]:
    return {t: [c for c, d in declared[t]["columns"].items() if d.get("derived") != "true"] for t in tables}
