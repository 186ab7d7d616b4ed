"""Rewrite sample_data: `python tests/make_sample.py`, the same bytes every time.

In: one seed, and `--to` another folder. Out: one CSV file a canonical table.
Refuses to know: how anything is measured; the package it is a sample for is never imported.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

from harbor import contacts, dials, floor, happenings, market, matters, people, promises, staff, visits, voices
from harbor.draw import Row, write

SEED = 20261031
HERE = Path(__file__).resolve().parent.parent / "sample_data"

COLUMNS = {
    "interactions": (
        "interaction_id contact_id leg_no customer_id case_id lead_id agent_id queue_id started_at "
        "answered_at ended_at channel served_by reason purpose kind disposition direction outcome menu_s "
        "ring_s wait_s talk_s hold_s wrap_s within_sla transferred resolved preset transfer_kind ended_by "
        "emotion completed"
    ),
    "surveys": (
        "survey_id interaction_id customer_id sent_at answered_at channel source kind csat nps ces csat_scale "
        "ces_scale resolved emotion reason fault comment"
    ),
    "evaluations": (
        "evaluation_id interaction_id agent_id evaluator_id evaluated_at method purpose form score "
        "reference_score passed critical appealed overturned final"
    ),
    "evaluation_items": "evaluation_id item section score max weight applicable critical",
    "cases": (
        "case_id kind customer_id interaction_id order_id agent_id investigator_id fault_agent_id channel "
        "source status severity class cause cause_kind fault_unit stage outcome opened_at accepted_at "
        "first_response_at investigated_at resolved_at closed_at due_at called_back_at upheld escalated "
        "policy_exception reopened_n compensation satisfied_after product_id merchant_id detail solution"
    ),
    "orders": (
        "order_id customer_id interaction_id lead_id ordered_at amount refund units refunded_at cancelled_at "
        "kind status product_class product_id merchant_id"
    ),
    "leads": "lead_id customer_id agent_id created_at won_at activated_at campaign status qualified",
    "activity": "agent_id started_at duration_s state aux paid",
    "attendance": (
        "agent_id date scheduled_s worked_s paid_s adherent_s absent_s unapproved_s leave_s overtime_s shift"
    ),
    "events": ("event_id at recorded_at kind item found_by fault agent_id by_id team interaction_id amount valid note"),
    "costs": "cost_id from to kind amount fixed team vendor",
    "roster": (
        "agent_id valid_from valid_to name role team site vendor leader_id trainer_id evaluator_id joined_on "
        "left_on leave_kind employment rank fte plan_n pay_base"
    ),
    "customers": "customer_id since until segment value active_at acquired_by referred_by",
    "digital": (
        "session_id customer_id started_at channel fail_kind failed cart_started order_placed handed_over "
        "interaction_id"
    ),
    "queues": "queue_id valid_from valid_to name channel team vendor threshold_s short_abandon_s high_skill",
    "forecasts": "queue_id started_at length_s aht_s offered required scheduled",
    "prices": "kind valid_from valid_to price per",
    "initiatives": "initiative_id kind title owner_id kpi class due_on done_on rating effective",
    "exclusions": "exclusion_id table row_id from to agent_id queue_id kpis reason approved_by",
    "calendar": "date kind cycle volume",
}


def tables(seed: int = SEED) -> dict[str, list[Row]]:
    """Every table, in the order in which one thing leads to another."""
    rng = Random(seed)
    everybody = people.agents(rng)
    clients = market.customers(rng)
    ids = [c["customer_id"] for c in clients]
    old = [c["customer_id"] for c in clients if c["since"] < people.FIRST]
    made: dict[str, list[Row]] = {
        "roster": staff.roster(rng, everybody),
        "queues": market.queues(),
        "prices": market.prices(),
    }
    made["attendance"], present = floor.attendance(rng, everybody)
    made["leads"] = matters.leads(rng, ids)
    calls = contacts.inbound(rng, everybody, present, old) + dials.outbound(rng, everybody, present, made["leads"])
    calls = made["interactions"] = dials.number(calls)
    matters.win(rng, made["leads"], calls)
    made["orders"] = matters.orders(rng, calls, made["leads"], ids)
    made["cases"] = matters.cases(rng, calls, made["orders"], clients)
    made["digital"] = visits.digital(rng, calls, ids)
    visits.last_seen(rng, clients, calls)
    made["customers"] = clients
    made["surveys"] = voices.surveys(rng, calls, ids, {a.id: a.quality for a in everybody})
    made["evaluations"], made["evaluation_items"] = voices.evaluations(rng, calls, everybody)
    made["activity"] = floor.activity(rng, everybody, made["attendance"], calls)
    made["forecasts"], made["costs"] = floor.forecasts(rng, calls), floor.costs(rng)
    made["calendar"] = floor.calendar(calls)
    made["events"] = happenings.events(rng, everybody, calls)
    made["initiatives"] = promises.initiatives(rng)
    excluded = promises.exclusions(made["surveys"], made["evaluations"])
    made["exclusions"] = [{"exclusion_id": f"U{i + 1:02}", **row} for i, row in enumerate(excluded)]
    return made


def main() -> None:
    asked = argparse.ArgumentParser(description="Write the sample tables.")
    asked.add_argument("--to", type=Path, default=HERE)
    folder: Path = asked.parse_args().to
    folder.mkdir(parents=True, exist_ok=True)
    made = tables()
    for name, columns in COLUMNS.items():
        write(folder / f"{name}.csv", columns.split(), made[name])


if __name__ == "__main__":
    main()
