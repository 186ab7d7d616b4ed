"""Derived columns, built over all supplied rows before any period is cut out.

In: the world, the columns a run needs, the last day asked for. Out: the world with those derived columns in its tables.
Refuses to know: measures, and what a column is needed for. No row is added, lost or moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from ccmetrics.stages.derive import aftermath, attribution, contacts, journey, staffing, verdicts
from ccmetrics.stages.derive.ground import Column, Derivation, Ground, with_built
from ccmetrics.stages.normalize import DTYPES, Supplied
from ccmetrics.stages.world import World

CONTACT = tuple(f"interactions.{name}" for name in ("contact_id", "leg_no", *contacts.END, *contacts.ABOUT))
INBOUND = "interactions.direction"
CUSTOMER = "interactions.customer_id"
JOURNEY = ((CUSTOMER, INBOUND),)
ITEMS = ("evaluation_items.score", "evaluation_items.max")
WEIGHTS = tuple(f"evaluation_items.{name}" for name in ("weight", "applicable", "critical"))
RISK = ("events.interaction_id", "evaluations.interaction_id", "evaluations.evaluated_at")
RECORD = ("events.at", "events.recorded_at", "events.kind", "events.valid")
SALE_READS = ("interactions.served_by", *attribution.SALES)

DERIVATIONS: dict[Column, Derivation] = {
    ("interactions", "legs"): Derivation((("interactions.interaction_id",),), contacts.legs, CONTACT),
    ("interactions", "contact_last"): Derivation((("interactions.interaction_id",),), contacts.contact_last, CONTACT),
    ("interactions", "last_handled"): Derivation(((INBOUND,),), contacts.last_handled, CONTACT),
    ("interactions", "contact_ended_at"): Derivation(
        (("interactions.started_at",),), contacts.contact_ended_at, CONTACT
    ),
    ("interactions", "next_inbound_at"): Derivation(JOURNEY, journey.next_inbound_at, CONTACT),
    ("interactions", "next_repeat_at"): Derivation(JOURNEY, journey.next_repeat_at, CONTACT),
    ("interactions", "episode_id"): Derivation(JOURNEY, journey.episode_id, CONTACT),
    ("interactions", "episode_last"): Derivation(JOURNEY, journey.episode_last, CONTACT),
    ("interactions", "episode_channels"): Derivation(
        ((CUSTOMER, INBOUND, "interactions.channel"),), journey.episode_channels, CONTACT
    ),
    ("interactions", "contained"): Derivation(JOURNEY, journey.contained, CONTACT),
    ("interactions", "orders_within"): Derivation((("orders.attributed_id",),), attribution.orders_within, SALE_READS),
    ("interactions", "handle_s"): Derivation(
        tuple((f"interactions.{name}",) for name in staffing.PARTS),
        staffing.handle_s,
        tuple(f"interactions.{name}" for name in staffing.PARTS),
    ),
    ("customers", "contacts_n"): Derivation(
        (("customers.customer_id", CUSTOMER, INBOUND),), contacts.contacts_of_customer, CONTACT
    ),
    ("orders", "attributed_id"): Derivation(
        (("orders.interaction_id",), attribution.SALES), attribution.attributed_id, SALE_READS
    ),
    ("evaluations", "item_score"): Derivation((ITEMS,), verdicts.item_score, WEIGHTS),
    ("evaluations", "attitude_score"): Derivation(
        ((*ITEMS, "evaluation_items.section"),), verdicts.attitude_score, WEIGHTS
    ),
    ("evaluations", "risk_known_at"): Derivation((RISK,), verdicts.risk_known_at, RECORD),
    ("evaluations", "risk_found_by"): Derivation(((*RISK, "events.found_by"),), verdicts.risk_found_by, RECORD),
    ("events", "first_record"): Derivation((("events.interaction_id",),), verdicts.first_record, RECORD),
    ("cases", "repeat_within_30d"): Derivation((("cases.customer_id",),), aftermath.repeat_within_30d, ("cases.kind",)),
    ("cases", "ordered_within_90d"): Derivation(
        (("cases.customer_id", "orders.customer_id"),), aftermath.ordered_within_90d
    ),
    ("cases", "contacts_n"): Derivation(
        (("interactions.interaction_id", "cases.interaction_id"), ("interactions.case_id", "cases.case_id")),
        aftermath.contacts_of_case,
        ("interactions.contact_id", INBOUND, "interactions.case_id", "cases.interaction_id"),
    ),
    ("cases", "after_fix"): Derivation(
        (("cases.class", "initiatives.class", "initiatives.done_on"),), aftermath.after_fix
    ),
    ("roster", "tenure_days"): Derivation((("roster.joined_on",),), staffing.tenure_days, ("roster.left_on",)),
    ("forecasts", "actual_offered"): Derivation(
        (("forecasts.queue_id", "interactions.queue_id", INBOUND),),
        staffing.actual_offered,
        ("interactions.leg_no", "forecasts.length_s"),
    ),
}


def derive(world: World, needed: Mapping[str, set[str]], horizon: date) -> World:
    """The world with the needed derived columns, those that what was supplied allows.

    `horizon` is the last local day of the latest period asked for. A table whose frame is given no column stays as it
    is. Deterministic: no result depends on the order of the rows.
    """
    ground = Ground(world, horizon, DERIVATIONS)
    wanted = [c for c in DERIVATIONS if c[1] in needed.get(c[0], ()) and derivable(world, *c)]
    tables = dict(world.tables)
    for table in dict.fromkeys(table for table, _ in wanted):
        tables[table] = _with(ground, tables[table], [name for t, name in wanted if t == table])
    return replace(world, tables=tables)


def derivable(world: World, table: str, column: str) -> bool:
    """Whether what was supplied allows the column to be built."""
    if table not in world.tables or (table, column) not in DERIVATIONS:
        return False
    return any(all(_there(world, need) for need in needs) for needs in DERIVATIONS[table, column].needs)


def _there(world: World, need: str) -> bool:
    table, column = need.split(".")
    return world.there(table, column) or derivable(world, table, column)


def inputs(needed: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The needed columns with those the derived ones among them are built from, for a reader that skips the others."""
    found = {table: set(columns) for table, columns in needed.items()}
    open_ = [column for column in DERIVATIONS if column[1] in needed.get(column[0], ())]
    while open_:
        derivation = DERIVATIONS[open_.pop()]
        for read in {*derivation.reads, *(need for needs in derivation.needs for need in needs)}:
            table, column = read.split(".")
            if column not in found.setdefault(table, set()):
                found[table].add(column)
                open_ += [(table, column)] if (table, column) in DERIVATIONS else []
    return found


def _with(ground: Ground, supplied: Supplied, names: list[str]) -> Supplied:
    types = ground.world.definition(supplied.name).columns
    made = {name: ground.once(DERIVATIONS[supplied.name, name].build) for name in names}
    casts = {name: built.cast(_dtype(built.dtype, DTYPES[types[name].type])) if isinstance(built, pl.Series) else built
             for name, built in made.items()}  # fmt: skip
    return replace(supplied, frame=with_built(supplied.frame, casts), columns=supplied.columns | set(names))


def _dtype(found: pl.DataType, declared: pl.DataType) -> pl.DataType:
    """Counts stay whole numbers."""
    return found if found.is_integer() and declared == pl.Float64 else declared
