"""A made-up center of any size that the built-in cards score in full: python tests/bench/center.py 500 13 FOLDER.

In: a number of agents (50 or more), of months up to October 2026 (eight days of November follow), and a folder.
Out: one Parquet file a canonical table, the same bytes every time; about 300 contacts an agent and month.
Refuses to know: how anything is measured; the package it is a sample for is never imported.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
from metro import contacts, floor, outcomes, staff, voices
from metro.draw import Span


def tables(agents: int, months: int) -> dict[str, pl.DataFrame]:
    """Every table, in the order in which one thing leads to another."""
    span = Span.of(months)
    everybody = staff.people(agents, span)
    made = {"roster": staff.roster(everybody, span), "attendance": floor.attendance(everybody, span)}
    calls = contacts.interactions(everybody, made["attendance"], span)
    made["surveys"] = voices.surveys(calls)
    made["evaluations"], made["evaluation_items"] = voices.evaluations(calls, everybody)
    made["events"] = voices.events(calls, everybody, span)
    made["activity"] = floor.activity(made["attendance"], calls)
    made["forecasts"] = floor.forecasts(calls, contacts.QUEUES)
    made["calendar"] = floor.calendar(calls)
    made["cases"] = outcomes.cases(calls)
    made["orders"] = outcomes.orders(calls)
    made["leads"] = outcomes.leads(calls)
    made["customers"] = outcomes.customers(calls, span)
    made["digital"] = outcomes.digital(agents * months * 20, calls, span)
    made["costs"] = outcomes.costs(everybody, span)
    made["queues"], made["prices"] = (
        outcomes.queues(contacts.QUEUES, everybody, span),
        outcomes.prices(contacts.QUEUES, span),
    )
    made["initiatives"] = outcomes.initiatives(made["roster"], span)
    made["exclusions"] = outcomes.exclusions(made["surveys"], made["evaluations"])
    made["interactions"] = calls.drop("row", "date", "skill")
    return made


def write(agents: int, months: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables(agents, months).items():
        frame.write_parquet(folder / f"{name}.parquet")
        print(f"{name:16} {len(frame):>10,} rows")


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
