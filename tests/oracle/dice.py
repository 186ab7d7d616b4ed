"""Random values of declared columns: nulls, zeros, ties, exact boundaries, keys that match nothing.

In: the declared tables and a source of chance. Out: single values and rows.
Refuses to know: how the tables of a center hang together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

FIRST = date(2026, 8, 25)
DAYS = 85
STEPS = [0, 0, 1, 3, 5, 10, 19, 20, 20, 21, 30, 45, 60, 61.5, 90, 240, 333.333, 3600]
POOLS: dict[str, list[str]] = {
    "roster": [f"A{i:02}" for i in range(9)],
    "queues": ["Q1", "Q2", "Q3", "Q4"],
    "customers": [f"C{i:02}" for i in range(14)],
    "prices": ["care", "sale", "odd"],
    "interactions": [],
    "evaluations": [],
    "cases": [],
    "orders": [],
    "leads": [],
}
WORDS: dict[str, list[str]] = {
    "channel": ["voice", "chat", "email"],
    "reason": ["bill", "card", "bill, again"],
    "class": ["fee", "app", "费用"],
    "cause": ["slow", "wrong"],
    "fault_unit": ["IT", "Floor"],
    "found_by": ["evaluation", "customer"],
    "role": ["agent", "lead"],
    "fault": ["agent", "process"],
    "state": [],
    "leave_kind": ["voluntary", "involuntary", "other"],
    "section": ["attitude", "content"],
    "item": ["morale", "cooperation", "execution", "learning", "data disclosed", "rudeness"],
    "campaign": ["x", "y"],
}


def instant(rng: Random) -> datetime:
    """Mostly on the hour, so that ties and windows of exactly seven days happen."""
    at = datetime.combine(FIRST, time()) + timedelta(hours=rng.randrange(DAYS * 24))
    return at if rng.random() < 0.7 else at + timedelta(seconds=rng.randrange(3600))


def day(rng: Random) -> date:
    return FIRST + timedelta(days=rng.randrange(DAYS))


class Draw:
    """A random value for a declared column."""

    def __init__(self, declared: dict[str, Any], rng: Random) -> None:
        self.declared, self.rng = declared, rng
        self.pools = {name: list(pool) for name, pool in POOLS.items()}

    def value(self, table: str, column: str) -> Any:
        about = self.declared[table]["columns"][column]
        if about.get("required") != "true" and self.rng.random() < 0.15:
            return None
        if "refers" in about:
            return "nobody" if self.rng.random() < 0.06 else self.rng.choice(self.pools[about["refers"]] or ["nobody"])
        if about.get("values"):
            return self.rng.choice(about["values"])
        return self.plain(about["type"], column, about.get("unit", ""))

    def plain(self, type_: str, column: str, unit: str) -> Any:
        rng = self.rng
        makers: dict[str, Callable[[], Any]] = {
            "id": lambda: rng.choice(["T1", "T2", "T3"]) if column == "team" else rng.choice(["v", "w"]),
            "category": lambda: rng.choice(WORDS.get(column, ["one", "two"])),
            "text": lambda: rng.choice(['say "no", please', "好", "plain"]),
            "person": lambda: rng.choice(["李娜", "Tom"]),
            "number": lambda: rng.choice([0, 1, 1, 2, 3] if unit == "count" else [0, 1, 1, 2, 3, 2.5]),
            "money": lambda: rng.choice([0, 9.99, 120.5, 0.0001, 1000]),
            "percent": lambda: rng.choice([0, 0.25, 1]),
            "rating": lambda: rng.randint(1, 5),
            "duration": lambda: rng.choice(STEPS),
            "flag": lambda: rng.random() < 0.5,
            "datetime": lambda: instant(rng),
            "date": lambda: day(rng),
        }
        return makers[type_]()

    def row(self, table: str, **fixed: Any) -> Row:
        columns = self.declared[table]["columns"]
        return {
            c: fixed[c] if c in fixed else self.value(table, c)
            for c, d in columns.items()
            if d.get("derived") != "true"
        }
