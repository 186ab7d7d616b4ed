"""Derived columns against small frames worked out by hand.

In: a few rows a table. Out: the derived column by key, as a person reading the definition would fill it in.
Refuses to know: exports, measures, how a column is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Catalogue, Covers
from ccmetrics.period import Clock
from ccmetrics.stages.derive import DERIVATIONS, derivable, derive, inputs
from ccmetrics.stages.normalize import DTYPES, Supplied
from ccmetrics.stages.world import World

Row = dict[str, Any]
CONFIGS = Path(__file__).resolve().parents[1] / "configs"
HORIZON = date(2026, 10, 31)


@cache
def catalogue() -> Catalogue:
    return load_catalogue(CONFIGS)


def at(text: str) -> datetime:
    """`05 09:30` is that time on that day of October 2026 (`11-05 09:30` of November)."""
    day, _, time = text.partition(" ")
    month, _, number = day.rpartition("-")
    return datetime.fromisoformat(f"2026-{month or 10}-{number} {time or '00:00'}")


def world(
    tables: Mapping[str, Sequence[Row]],
    covers: Mapping[str, tuple[str, str]] | None = None,
    zone: str = "UTC",
    by_export: Mapping[int, frozenset[str]] | None = None,
    **parameters: float,
) -> World:
    """Rows as supplied: the columns of a table are those of its first row. Text in a time column is read by `at`."""
    definitions = catalogue()
    project = definitions.project.model_copy(
        update={
            "parameters": {**definitions.project.parameters, **parameters},
            "covers": {t: Covers.model_validate({"from": a, "to": b}) for t, (a, b) in (covers or {}).items()},
        }
    )
    supplied = {}
    for name, rows in tables.items():
        types = {c: DTYPES[definitions.tables[name].columns[c].type] for c in rows[0] if c != "export"}
        read = [{c: _typed(row.get(c), types[c]) for c in types} | {"export": row.get("export", 0)} for row in rows]
        frame = pl.DataFrame(read, schema={**types, "export": pl.Int32})
        supplied[name] = Supplied(name, frame.lazy(), frozenset(types), len(rows), by_export or {})
    return World(definitions.model_copy(update={"project": project}), supplied, Clock(zone))


def _typed(value: Any, type_: pl.DataType) -> Any:
    if isinstance(value, str) and type_ == pl.Datetime:
        return at(value)
    if isinstance(value, str) and type_ == pl.Date:
        return at(value).date()
    return float(value) if type_ == pl.Float64 and value is not None else value


def derived(given: World, table: str, column: str, horizon: date = HORIZON) -> dict[Any, Any]:
    """The column by key (by the first part of a longer key and the second)."""
    found = derive(given, {table: {column}}, horizon)
    assert column in found.tables[table].columns
    key = [k for k in given.definition(table).key if given.there(table, k)]
    frame = found.tables[table].frame.select(*key, column).collect()
    assert frame.height == given.tables[table].rows
    return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in frame.rows()}


def leg(id_: str, start: str, **more: Any) -> Row:
    return {
        "interaction_id": id_, "contact_id": more.pop("contact", id_), "leg_no": 1, "customer_id": "C",
        "started_at": start, "ended_at": start, "direction": "inbound", "outcome": "answered", "served_by": None,
    } | more  # fmt: skip


END_OF_DATA = leg("end", "31 00:00", customer_id=None, outcome="abandoned")


def named(values: Mapping[Any, Any], *ids: str) -> list[Any]:
    return [values[id_] for id_ in ids]


# ---------------------------------------------------------------- contacts and their legs

TRANSFER = [
    leg("b", "05 09:10", contact="K", leg_no=2),
    leg("a", "05 09:00", contact="K", leg_no=1),
    leg("c", "05 09:20", contact="K", leg_no=3, served_by="bot"),
    leg("z", "05 09:00"),
]


def test_a_contact_is_all_its_legs() -> None:
    given = world({"interactions": TRANSFER})
    assert derived(given, "interactions", "legs") == {"a": 3, "b": 3, "c": 3, "z": 1}
    assert derived(given, "interactions", "contact_last") == {"a": False, "b": False, "c": True, "z": True}


def test_the_last_leg_a_person_answered_carries_an_inbound_contact() -> None:
    given = world({"interactions": TRANSFER})
    assert derived(given, "interactions", "last_handled") == {"a": False, "b": True, "c": False, "z": True}


def test_nobody_carries_a_contact_that_began_outbound_or_was_not_answered() -> None:
    rows = [
        leg("a", "05 09:00", contact="K", direction="outbound"),
        leg("b", "05 09:10", contact="K", leg_no=2),
        leg("c", "05 10:00", outcome="abandoned"),
        leg("d", "05 10:00", direction=None),
    ]
    found = derived(world({"interactions": rows}), "interactions", "last_handled")
    assert found == {"a": False, "b": False, "c": False, "d": False}


@pytest.mark.parametrize(
    ("second", "last"),
    [
        ({"leg_no": 2, "start": "05 08:00"}, "b"),  # the leg number first, even against the clock
        ({"leg_no": 1, "start": "05 09:01"}, "b"),
        ({"leg_no": 1, "start": "05 09:00"}, "b"),  # then the id
        ({"leg_no": 1, "start": "05 08:59"}, "a"),
    ],
)
def test_order_of_legs(second: Row, last: str) -> None:
    rows = [leg("a", "05 09:00", contact="K"), leg("b", second.pop("start"), contact="K", **second)]
    found = derived(world({"interactions": rows}), "interactions", "contact_last")
    assert [id_ for id_, is_last in found.items() if is_last] == [last]


def test_without_contacts_and_leg_numbers_every_row_is_a_contact() -> None:
    rows = [{"interaction_id": i, "started_at": "05 09:00", "outcome": "answered"} for i in "ab"]
    given = world({"interactions": rows})
    assert derived(given, "interactions", "legs") == {"a": 1, "b": 1}
    assert derived(given, "interactions", "contact_last") == {"a": True, "b": True}


@pytest.mark.parametrize(
    ("times", "ended"),
    [
        ({"ended_at": "05 09:07", "answered_at": "05 09:30"}, "05 09:07"),
        ({"answered_at": "05 09:01", "talk_s": 90, "hold_s": 30, "wrap_s": 600}, "05 09:03"),
        ({"answered_at": "05 09:01", "talk_s": 60}, "05 09:02"),
        ({"queued_at": "05 09:01", "menu_s": 999, "wait_s": 60, "talk_s": 60}, "05 09:03"),
        ({"menu_s": 30, "wait_s": 30, "talk_s": 60, "hold_s": 60}, "05 09:03"),
        ({}, "05 09:00"),
        ({"ended_at": "05 08:00"}, "05 09:00"),  # a clock that went back
    ],
)
def test_the_end_of_a_leg(times: Row, ended: str) -> None:
    blank = dict.fromkeys(("ended_at", "answered_at", "queued_at", "menu_s", "wait_s", "talk_s", "hold_s", "wrap_s"))
    given = world({"interactions": [leg("a", "05 09:00", **{**blank, **times})]})
    assert derived(given, "interactions", "contact_ended_at") == {"a": at(ended)}


def test_a_contact_ends_with_the_latest_end_among_its_legs() -> None:
    rows = [
        leg("a", "05 09:00", contact="K", ended_at="05 10:00"),
        leg("b", "05 09:10", contact="K", leg_no=2, ended_at="05 09:20"),
    ]
    found = derived(world({"interactions": rows}), "interactions", "contact_ended_at")
    assert found == {"a": at("05 10:00"), "b": at("05 10:00")}


# ---------------------------------------------------------------- the next contact


def test_the_next_contact_is_inbound_strictly_later_and_another_one() -> None:
    rows = [
        leg("a", "05 09:00", contact="K", ended_at="05 09:05"),
        leg("b", "05 09:10", contact="K", leg_no=2, ended_at="05 09:20"),  # a leg of the same contact
        leg("c", "05 09:20", ended_at="05 09:21"),  # begins as K ends: not after it
        leg("d", "05 10:00", direction="outbound"),
        leg("e", "05 10:30", direction="internal"),
        leg("f", "05 11:00", outcome="abandoned"),
        leg("g", "05 12:00"),
    ]
    found = derived(world({"interactions": rows}), "interactions", "next_inbound_at")
    assert found == {
        "a": at("05 11:00"),
        "b": at("05 11:00"),
        "c": at("05 11:00"),
        "d": at("05 11:00"),  # an outbound contact has a next one too
        "e": at("05 11:00"),
        "f": at("05 12:00"),
        "g": None,
    }


def test_the_next_contact_begins_with_its_earliest_leg() -> None:
    rows = [
        leg("a", "05 09:00"),
        leg("b", "05 11:00", contact="K", leg_no=1),
        leg("c", "05 10:00", contact="K", leg_no=2),
        leg("d", "06 09:00", contact="L", direction="outbound"),
        leg("e", "06 09:30", contact="L", leg_no=2),
    ]
    found = derived(world({"interactions": rows}), "interactions", "next_inbound_at")
    assert found["a"] == at("05 11:00")
    assert found["b"] is None  # L began outbound


def test_the_customer_of_a_contact_is_that_of_the_first_leg_that_has_one() -> None:
    rows = [
        leg("a", "05 09:00", contact="K", customer_id=None),
        leg("b", "05 09:10", contact="K", leg_no=2, customer_id="D"),
        leg("c", "05 10:00", customer_id="C"),
        leg("d", "05 11:00", customer_id="D"),
        leg("e", "05 12:00", customer_id=None),
        leg("f", "05 13:00", customer_id=None),
    ]
    found = derived(world({"interactions": rows}), "interactions", "next_inbound_at")
    assert named(found, "a", "b", "c", "d", "e", "f") == [at("05 11:00"), at("05 11:00"), None, None, None, None]


def test_a_contact_inside_another_is_not_after_it() -> None:
    rows = [
        leg("a", "05 09:00", ended_at="05 12:00"),
        leg("b", "05 10:00", ended_at="05 10:05"),
        leg("c", "05 13:00"),
    ]
    found = derived(world({"interactions": rows}), "interactions", "next_inbound_at")
    assert found == {"a": at("05 13:00"), "b": at("05 13:00"), "c": None}


def test_a_repeat_is_about_the_same_reason_or_one_nobody_stated() -> None:
    rows = [
        leg("a", "05 09:00", reason="bill"),
        leg("b", "05 10:00", reason="card"),
        leg("c", "05 11:00", reason="bill"),
        leg("d", "05 12:00", reason=None),
        leg("e", "05 13:00", reason="card"),
    ]
    found = derived(world({"interactions": rows}), "interactions", "next_repeat_at")
    times = {"a": "05 11:00", "b": "05 12:00", "c": "05 12:00", "d": "05 13:00"}
    assert found == {id_: at(time) for id_, time in times.items()} | {"e": None}


def test_without_reasons_every_next_contact_is_a_repeat() -> None:
    rows = [leg("a", "05 09:00"), leg("b", "05 10:00")]
    found = derived(world({"interactions": rows}), "interactions", "next_repeat_at")
    assert found == {"a": at("05 10:00"), "b": None}


# ---------------------------------------------------------------- episodes


def test_an_episode_holds_as_long_as_no_gap_is_too_long() -> None:
    rows = [
        leg("a", "01 09:00", ended_at="01 09:10"),
        leg("b", "08 09:10"),  # seven days after the end of a, to the second
        leg("c", "15 09:10", ended_at="15 09:11"),
        leg("d", "22 09:11:01"),  # one second too late
        leg("o", "02 09:00", direction="outbound"),
        leg("u", "02 09:00", customer_id=None),
        leg("z", "31 00:00", customer_id="Z"),
    ]
    given = world({"interactions": rows})
    found = derived(given, "interactions", "episode_id")
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d", "o": None, "u": None, "z": "z"}
    last = derived(given, "interactions", "episode_last")
    assert last == {"a": False, "b": False, "c": True, "d": True, "o": None, "u": None, "z": None}


def test_an_episode_is_open_until_its_days_are_over() -> None:
    rows = [leg("a", "01 09:00"), leg("b", "08 09:00", customer_id="D")]
    assert derived(world({"interactions": rows}), "interactions", "episode_last") == {"a": True, "b": None}
    rows = [leg("a", "01 09:00"), leg("b", "08 08:59:59", customer_id="D")]
    assert derived(world({"interactions": rows}), "interactions", "episode_last") == {"a": None, "b": None}
    covered = world({"interactions": rows}, covers={"interactions": ("2026-10-01", "2026-10-31")})
    assert derived(covered, "interactions", "episode_last") == {"a": True, "b": True}


def test_a_gap_is_counted_from_the_latest_end_before() -> None:
    rows = [
        leg("a", "01 09:00", ended_at="09 09:00"),  # a long chat
        leg("b", "02 09:00"),
        leg("c", "15 09:00"),
    ]
    assert derived(world({"interactions": rows}), "interactions", "episode_id") == {"a": "a", "b": "a", "c": "a"}


def test_an_unstated_reason_is_that_of_the_next_contact_else_of_the_one_before() -> None:
    rows = [
        leg("a", "01 09:00", reason="bill"),
        leg("b", "02 09:00", reason=None),
        leg("c", "03 09:00", reason="card"),
        leg("d", "04 09:00", reason=None),
        leg("e", "01 09:00", reason=None, customer_id="D"),
        leg("f", "02 09:00", reason=None, customer_id="D"),
    ]
    found = derived(world({"interactions": rows}), "interactions", "episode_id")
    assert found == {"a": "a", "b": "b", "c": "b", "d": "b", "e": "e", "f": "e"}


def test_contacts_that_begin_together_are_taken_by_contact_id() -> None:
    rows = [leg("b", "01 09:00"), leg("a", "01 09:00"), leg("z", "31 00:00", customer_id="Z")]
    given = world({"interactions": rows})
    assert derived(given, "interactions", "episode_id") == {"a": "a", "b": "a", "z": "z"}
    assert derived(given, "interactions", "episode_last") == {"a": False, "b": True, "z": None}


def test_channels_of_an_episode_are_counted_over_all_its_legs() -> None:
    rows = [
        leg("a", "01 09:00", contact="K", channel="voice"),
        leg("b", "01 09:10", contact="K", leg_no=2, channel="chat"),
        leg("c", "02 09:00", channel="voice"),
        leg("d", "20 09:00", channel=None),
        leg("e", "02 09:00", channel="email", customer_id=None),
    ]
    found = derived(world({"interactions": rows}), "interactions", "episode_channels")
    assert found == {"a": 2, "b": 2, "c": 2, "d": None, "e": None}


# ---------------------------------------------------------------- self service


def alone(id_: str, start: str, **more: Any) -> Row:
    return leg(id_, start, **{"outcome": "self_served", **more})


@pytest.mark.parametrize(
    ("then", "contained"),
    [
        ([], True),
        ([leg("p", "06 09:00")], False),  # 24 hours later, to the second
        ([leg("p", "06 09:00:01")], True),
        ([leg("p", "05 12:00", outcome="abandoned")], False),  # wanted a person
        ([leg("p", "05 12:00", outcome="callback")], False),
        ([leg("p", "05 12:00", served_by="bot")], True),
        ([leg("p", "05 12:00", direction="outbound")], True),
        ([leg("p", "05 12:00", customer_id="D")], True),
        ([leg("p", "05 09:00")], True),  # at the same time, not after
        ([alone("p", "05 12:00", contact="K"), leg("q", "05 12:10", contact="K", leg_no=2)], False),
    ],
)
def test_self_service_held_if_no_person_was_needed(then: list[Row], contained: bool) -> None:
    given = world({"interactions": [alone("a", "05 09:00"), *then, END_OF_DATA]})
    assert derived(given, "interactions", "contained")["a"] is contained


@pytest.mark.parametrize(
    ("rows", "contained"),
    [
        ([alone("a", "05 09:00", outcome="ended_in_menu")], False),
        ([alone("a", "05 09:00", outcome="answered", served_by="bot")], True),
        ([alone("a", "05 09:00", outcome="answered", served_by="human")], None),
        ([alone("a", "05 09:00", outcome="answered", served_by=None)], None),
        ([alone("a", "05 09:00", outcome="abandoned")], None),
        ([alone("a", "05 09:00", direction="outbound")], None),
        ([alone("a", "05 09:00", customer_id=None)], None),
        ([alone("a", "30 00:00")], True),  # 24 hours before the end of the data
        ([alone("a", "30 00:01")], None),
        ([alone("a", "30 00:01", outcome="ended_in_menu")], None),
        ([alone("a", "30 00:01"), leg("p", "30 01:00")], None),  # although a person came already
    ],
)
def test_who_can_be_contained(rows: list[Row], contained: bool | None) -> None:
    assert derived(world({"interactions": [*rows, END_OF_DATA]}), "interactions", "contained")["a"] is contained


def test_containment_stands_on_the_last_leg_alone() -> None:
    rows = [
        alone("a", "05 09:00", contact="K"),
        alone("b", "05 09:05", contact="K", leg_no=2, outcome="ended_in_menu"),
        alone("c", "05 10:00", contact="L"),
        leg("d", "05 10:05", contact="L", leg_no=2),
        END_OF_DATA,
    ]
    found = derived(world({"interactions": rows}), "interactions", "contained")
    assert named(found, "a", "b", "c", "d") == [None, False, None, None]


# ---------------------------------------------------------------- handling time


def test_handling_time_adds_what_the_export_has() -> None:
    rows = [
        leg("a", "05 09:00", talk_s=100, hold_s=20, wrap_s=3),
        leg("b", "05 09:00", talk_s=100, hold_s=None, wrap_s=3),
        leg("c", "05 09:00", talk_s=0, hold_s=0, wrap_s=0),
    ]
    assert derived(world({"interactions": rows}), "interactions", "handle_s") == {"a": 123.0, "b": None, "c": 0.0}
    fewer = [{k: v for k, v in row.items() if k != "hold_s"} for row in rows]
    assert derived(world({"interactions": fewer}), "interactions", "handle_s") == {"a": 103.0, "b": 103.0, "c": 0.0}


def test_handling_time_knows_what_each_export_has() -> None:
    rows = [
        leg("a", "05 09:00", talk_s=100, wrap_s=3, export=0),
        leg("b", "05 09:00", talk_s=100, wrap_s=None, export=0),
        leg("c", "05 09:00", talk_s=100, wrap_s=None, export=1),  # this export knows no wrap
        leg("d", "05 09:00", talk_s=None, wrap_s=None, export=2),  # and this one no times at all
    ]
    has = {0: frozenset({"talk_s", "wrap_s"}), 1: frozenset({"talk_s"}), 2: frozenset({"outcome"})}
    found = derived(world({"interactions": rows}, by_export=has), "interactions", "handle_s")
    assert found == {"a": 103.0, "b": None, "c": 100.0, "d": None}


# ---------------------------------------------------------------- orders


def sale(id_: str, start: str, **more: Any) -> Row:
    return leg(id_, start, **{"purpose": "sales", **more})


def order(id_: str, when: str, interaction: str | None = None, customer: str | None = "C") -> Row:
    return {"order_id": id_, "ordered_at": when, "interaction_id": interaction, "customer_id": customer}


def test_an_order_is_credited_to_the_latest_sales_contact() -> None:
    legs = [
        sale("a", "05 09:00"),
        sale("b", "06 09:00"),
        sale("c", "06 09:00"),  # tie: the higher id
        sale("d", "06 10:00", served_by="bot"),
        sale("e", "06 10:00", outcome="abandoned"),
        sale("f", "06 10:00", purpose="service"),
        sale("g", "06 10:00", customer_id="D"),
    ]
    orders = [
        order("1", "05 08:59"),
        order("2", "05 09:00"),
        order("3", "07 09:00"),
        order("4", "13 09:00"),  # seven days, to the second
        order("5", "13 09:00:01"),
        order("6", "07 09:00", "f"),
        order("7", "07 09:00", "elsewhere"),
        order("8", "07 09:00", customer=None),
    ]
    given = world({"interactions": legs, "orders": orders})
    assert derived(given, "orders", "attributed_id") == {
        "1": None, "2": "a", "3": "c", "4": "c", "5": None, "6": "f", "7": "elsewhere", "8": None,
    }  # fmt: skip


def test_orders_are_counted_on_the_leg_they_are_credited_to() -> None:
    legs = [sale("a", "05 09:00"), sale("b", "20 09:00"), sale("c", "20 09:00:01"), leg("f", "20 12:00", purpose=None)]
    orders = [order("1", "06 09:00"), order("2", "06 10:00"), order("3", "06 10:00", "f"), order("4", "27 09:00", "b")]
    found = derived(world({"interactions": legs, "orders": orders}), "interactions", "orders_within")
    # An order may still come to c, not to b whose seven days are over, nor to f, which sells nothing.
    assert found == {"a": 2, "b": 1, "c": None, "f": 1}


def test_no_leg_is_open_where_every_order_names_its_contact() -> None:
    given = world(
        {"interactions": [sale("a", "05 09:00"), sale("b", "05 10:00")], "orders": [order("1", "05 09:00", "a")]}
    )
    assert derived(given, "interactions", "orders_within") == {"a": 1, "b": 0}


def test_the_end_of_the_orders_may_be_declared() -> None:
    tables = {"interactions": [sale("a", "05 09:00")], "orders": [order("1", "05 09:30")]}
    assert derived(world(tables), "interactions", "orders_within") == {"a": None}
    covered = world(tables, covers={"orders": ("2026-10-01", "2026-10-31")})
    assert derived(covered, "interactions", "orders_within") == {"a": 1}


def test_without_purpose_only_named_contacts_are_credited() -> None:
    given = world(
        {"interactions": [leg("a", "05 09:00")], "orders": [order("1", "05 10:00", "a"), order("2", "05 10:00")]}
    )
    assert derived(given, "orders", "attributed_id") == {"1": "a", "2": None}
    assert derived(given, "interactions", "orders_within") == {"a": 1}


# ---------------------------------------------------------------- evaluations and events


def item(evaluation: str, name: str, **more: Any) -> Row:
    return {
        "evaluation_id": evaluation, "item": name, "section": "content", "score": 5, "max": 5, "weight": None,
        "applicable": None, "critical": None,
    } | more  # fmt: skip


ITEMS = [
    item("full", "a", weight=3, score=4),  # 3 x 0.8 + 1 x 0.5, of 4
    item("full", "b", max=10),
    item("full", "c", score=0, applicable=False, critical=True),
    item("failed", "a", score=0, critical=True),
    item("failed", "b", section="attitude"),
    item("zero", "a", score=0, critical=False),
    item("zero", "b"),
    item("unscored", "a", score=None),
    item("unscored", "b", score=0, critical=True),
    item("endless", "a", max=0),
    item("nothing", "a", applicable=False),
    item("weightless", "a", weight=0),
]


def test_item_score_is_the_weighted_share_of_the_points() -> None:
    ids = ["full", "failed", "zero", "unscored", "endless", "nothing", "weightless", "no items"]
    evaluations = [{"evaluation_id": id_, "evaluated_at": "05 09:00"} for id_ in ids]
    given = world({"evaluations": evaluations, "evaluation_items": ITEMS})
    assert derived(given, "evaluations", "item_score") == {
        "full": 72.5, "failed": 0.0, "zero": 50.0, "unscored": None, "endless": None, "nothing": None,
        "weightless": None, "no items": None,
    }  # fmt: skip
    attitude = derived(given, "evaluations", "attitude_score")
    assert attitude == {**dict.fromkeys(ids), "failed": 100.0}


def risk(id_: str, recorded: str | None, interaction: str | None = "i", **more: Any) -> Row:
    return {
        "event_id": id_, "at": "02 00:00", "recorded_at": recorded, "kind": "risk", "interaction_id": interaction,
        "valid": None, "found_by": id_,
    } | more  # fmt: skip


RISKS = [
    risk("b", "05 12:00"),
    risk("c", "05 12:00"),
    risk("a", "05 11:00", valid=False),
    risk("d", "05 10:00", kind="training"),
    risk("e", "06 09:00", "j"),
    risk("f", "04 09:00", None),
    risk("g", "01 09:00", "k"),
    risk("h", None, "l"),
]


def test_the_first_valid_risk_of_an_interaction() -> None:
    found = derived(world({"events": RISKS}), "events", "first_record")
    assert found == {"a": None, "b": True, "c": False, "d": None, "e": True, "f": None, "g": True, "h": True}


def test_a_risk_is_known_when_both_the_evaluation_and_the_event_are() -> None:
    asked = {
        "1": ("i", "05 11:00"),
        "2": ("j", "07 09:00"),
        "3": ("k", None),
        "4": (None, "05 09:00"),
        "5": ("x", "05 09:00"),
        "6": ("l", "01 00:00"),
    }
    rows = [{"evaluation_id": id_, "interaction_id": i, "evaluated_at": when} for id_, (i, when) in asked.items()]
    given = world({"evaluations": rows, "events": RISKS})
    known = {"1": at("05 12:00"), "2": at("07 09:00"), "3": None, "4": None, "5": None, "6": at("02 00:00")}
    assert derived(given, "evaluations", "risk_known_at") == known
    by = {"1": "b", "2": "e", "3": None, "4": None, "5": None, "6": "h"}
    assert derived(given, "evaluations", "risk_found_by") == by


# ---------------------------------------------------------------- cases


def case(id_: str, opened: str, **more: Any) -> Row:
    return {"case_id": id_, "kind": "complaint", "customer_id": "C", "opened_at": opened, "class": None} | more


def test_a_complaint_repeats_within_thirty_days() -> None:
    rows = [
        case("a", "01 09:00"),
        case("b", "31 09:00"),  # 30 days after a, to the second
        case("c", "01 09:00:00", customer_id="D"),
        case("d", "01 09:00:00", customer_id="D"),  # at the same time, not after
        case("e", "31 09:00:01", customer_id="D"),
        case("f", "02 09:00", kind="request"),
        case("g", "02 09:00", customer_id=None),
        case("z", "11-05 09:00", kind="request", customer_id="Z"),
    ]
    found = derived(world({"cases": rows}), "cases", "repeat_within_30d")
    assert found == {"a": True, "b": None, "c": False, "d": False, "e": None, "f": None, "g": None, "z": None}


def test_a_repeat_that_came_already_does_not_close_the_window() -> None:
    found = derived(world({"cases": [case("a", "01 09:00"), case("b", "02 09:00")]}), "cases", "repeat_within_30d")
    assert found == {"a": None, "b": None}


def test_an_order_within_ninety_days_of_a_case() -> None:
    rows = [
        case("a", "01 09:00", kind="request"),
        case("b", "01 09:00", customer_id="D"),
        case("c", "02 09:00"),
        case("u", "01 09:00", customer_id=None),
    ]
    orders = [order("1", "01 09:00", customer="D"), order("2", "12-30 09:00")]  # 90 days after a
    found = derived(world({"cases": rows, "orders": orders}), "cases", "ordered_within_90d")
    assert found == {"a": True, "b": False, "c": None, "u": None}


def test_contacts_of_a_case_each_once() -> None:
    legs = [
        leg("a", "05 09:00", contact="K", case_id="1"),
        leg("b", "05 09:00", contact="K", case_id="1"),
        leg("c", "05 09:00", case_id="1", direction="internal"),
        leg("d", "05 09:00", case_id="1", outcome="not_connected"),
        leg("e", "05 09:00", case_id="1", direction=None),
        leg("f", "05 09:00", case_id=None),
        leg("g", "05 09:00", case_id="2", outcome="failed"),
    ]
    cases = [
        case("1", "05 10:00", interaction_id="f"),
        case("2", "05 10:00", interaction_id="a"),
        case("3", "05 10:00", interaction_id=None),
    ]
    given = world({"interactions": legs, "cases": cases})
    assert derived(given, "cases", "contacts_n") == {"1": 3, "2": 1, "3": 0}


def test_a_complaint_after_its_class_was_said_to_be_mended() -> None:
    done = [
        {"initiative_id": "1", "class": "fee", "done_on": "10"},
        {"initiative_id": "2", "class": "fee", "done_on": "03"},
        {"initiative_id": "3", "class": "app", "done_on": None},
    ]
    rows = [
        case("a", "03 15:59", **{"class": "fee"}),
        case("b", "03 16:00", **{"class": "fee"}),  # midnight of the 4th in Shanghai
        case("c", "20 09:00", **{"class": "app"}),
        case("d", "20 09:00"),
        case("e", "20 09:00", kind="request", **{"class": "fee"}),
    ]
    given = world({"cases": rows, "initiatives": done}, zone="Asia/Shanghai")
    assert derived(given, "cases", "after_fix") == {"a": False, "b": True, "c": False, "d": None, "e": None}
    none = [{**row, "class": None} for row in done]
    assert derived(world({"cases": rows, "initiatives": none}), "cases", "after_fix") == dict.fromkeys("abcde")


# ---------------------------------------------------------------- customers, people, forecasts


def test_contacts_of_a_customer() -> None:
    legs = [
        leg("a", "05 09:00", contact="K"),
        leg("b", "05 09:10", contact="K", leg_no=2),
        leg("c", "06 09:00", outcome="abandoned"),
        leg("d", "06 09:00", direction="outbound"),
        leg("e", "06 09:00", customer_id=None),
    ]
    given = world({"interactions": legs, "customers": [{"customer_id": "C"}, {"customer_id": "D"}]})
    assert derived(given, "customers", "contacts_n") == {"C": 2, "D": 0}


def test_tenure_ends_with_the_version_the_job_or_the_period() -> None:
    days = {
        "a": ("01", None, None, 30.0),
        "b": ("01", "11", None, 10.0),
        "c": ("01", "11", "05", 4.0),
        "d": ("01", None, "12-05", 30.0),
        "e": ("31", None, None, 0.0),
        "f": ("11-05", None, None, 0.0),
        "g": (None, None, None, None),
    }
    rows = [
        {"agent_id": i, "valid_from": "01", "role": "agent", "joined_on": j, "valid_to": t, "left_on": f}
        for i, (j, t, f, _) in days.items()
    ]
    found = derived(world({"roster": rows}), "roster", "tenure_days")
    assert found == {(i, date(2026, 10, 1)): tenure for i, (*_, tenure) in days.items()}


def test_what_was_offered_in_the_span_of_a_forecast() -> None:
    legs = [
        leg("a", "05 09:00", queue_id="Q"),
        leg("b", "05 09:29:59", queue_id="Q", outcome="abandoned"),
        leg("c", "05 09:30", queue_id="Q", outcome="callback"),
        leg("d", "05 09:10", queue_id="Q", direction="outbound"),
        leg("e", "05 09:10", queue_id="Q", leg_no=2),
        leg("f", "05 09:10", queue_id="Q", outcome="self_served"),
        leg("g", "05 10:00", queue_id="R"),
    ]
    spans = [
        ("Q", "05 09:00", None, 2),
        ("Q", "05 09:30", 1800, 1),
        ("Q", "05 08:00", 7200, 3),
        ("Q", "05 09:45", None, None),  # ends after the latest contact
        ("R", "05 09:00", None, 0),
        ("S", "05 09:00", None, 0),
        ("Q", "05 00:00", None, 0),  # the day the data begins is whole
        ("Q", "04 23:59", None, None),
    ]
    rows = [{"queue_id": q, "started_at": at, "length_s": length} for q, at, length, _ in spans]
    found = derived(world({"interactions": legs, "forecasts": rows}), "forecasts", "actual_offered")
    assert list(found.values()) == [number for *_, number in spans]
    covered = world({"interactions": legs, "forecasts": rows}, covers={"interactions": ("2026-10-05", "2026-10-06")})
    assert list(derived(covered, "forecasts", "actual_offered").values()) == [2, 1, 3, 0, 0, 0, 0, None]


# ---------------------------------------------------------------- what was not supplied


def without(rows: Sequence[Row], *columns: str) -> list[Row]:
    return [{k: v for k, v in row.items() if k not in columns} for row in rows]


UNNAMED = [order("1", "05 09:00")]
SCORED = [{"evaluation_id": "1"}]


@pytest.mark.parametrize(
    ("tables", "table", "column"),
    [
        ({"interactions": without(TRANSFER, "customer_id")}, "interactions", "next_inbound_at"),
        ({"interactions": without(TRANSFER, "customer_id")}, "interactions", "next_repeat_at"),
        ({"interactions": without(TRANSFER, "direction")}, "interactions", "last_handled"),
        ({"interactions": TRANSFER}, "interactions", "episode_channels"),
        ({"interactions": TRANSFER}, "interactions", "handle_s"),
        ({"interactions": TRANSFER}, "interactions", "orders_within"),
        ({"interactions": TRANSFER, "orders": without(UNNAMED, "interaction_id")}, "orders", "attributed_id"),
        ({"interactions": TRANSFER, "orders": without(UNNAMED, "interaction_id")}, "interactions", "orders_within"),
        ({"evaluations": SCORED}, "evaluations", "item_score"),
        ({"evaluations": SCORED, "evaluation_items": without(ITEMS, "section")}, "evaluations", "attitude_score"),
        ({"cases": [case("1", "05 09:00")]}, "cases", "ordered_within_90d"),
        ({"cases": [case("1", "05 09:00")], "interactions": TRANSFER}, "cases", "contacts_n"),
        ({"customers": [{"customer_id": "C"}]}, "customers", "contacts_n"),
        ({"roster": [{"agent_id": "A", "valid_from": "01", "role": "agent"}]}, "roster", "tenure_days"),
    ],
)  # fmt: skip
def test_a_column_without_its_inputs_is_not_there(tables: Mapping[str, Sequence[Row]], table: str, column: str) -> None:
    given = world(tables)
    assert not derivable(given, table, column)
    found = derive(given, {table: {column}}, HORIZON).tables[table]
    assert column not in found.columns
    assert column not in found.frame.collect_schema().names()


def test_only_what_is_needed_is_added() -> None:
    given = world({"interactions": TRANSFER, "customers": [{"customer_id": "C"}]})
    found = derive(given, {"interactions": {"legs", "outcome"}}, HORIZON)
    assert found.tables["interactions"].columns == given.tables["interactions"].columns | {"legs"}
    assert found.tables["customers"] is given.tables["customers"]


def test_every_declared_derived_column_can_be_built() -> None:
    declared = {
        (t, c) for t, table in catalogue().tables.items() for c, about in table.columns.items() if about.derived
    }
    assert declared == set(DERIVATIONS)


def test_inputs_name_what_derived_columns_are_built_from() -> None:
    found = inputs({"interactions": {"orders_within", "outcome"}})
    assert {"outcome", "customer_id", "purpose", "served_by", "orders_within"} <= found["interactions"]
    assert {"attributed_id", "interaction_id", "customer_id"} <= found["orders"]


# ---------------------------------------------------------------- laws

HOURS = st.integers(0, 24 * 12).map(lambda h: datetime(2026, 10, 1 + h // 24, h % 24))
LEGS = st.lists(
    st.fixed_dictionaries(
        {
            "contact_id": st.sampled_from("KLMNOP"),
            "leg_no": st.sampled_from([1.0, 2.0]),
            "customer_id": st.sampled_from(["C", "D", None]),
            "started_at": HOURS,
            "ended_at": st.one_of(st.none(), HOURS),
            "direction": st.sampled_from(["inbound", "inbound", "outbound", None]),
            "outcome": st.sampled_from(["answered", "abandoned", "self_served", "ended_in_menu"]),
            "served_by": st.sampled_from(["human", "bot", None]),
            "reason": st.sampled_from(["bill", "card", None]),
            "channel": st.sampled_from(["voice", "chat", None]),
            "purpose": st.sampled_from(["sales", None]),
            "case_id": st.sampled_from(["1", None]),
        }
    ),
    min_size=1,
    max_size=14,
)
ORDERS = st.lists(st.tuples(HOURS, st.sampled_from(["C", "D", None]), st.sampled_from([None, None, "i00"])), max_size=5)


@settings(max_examples=40, deadline=None)
@given(legs=LEGS, orders=ORDERS, data=st.data())
def test_no_order_of_the_rows_changes_anything(legs: list[Row], orders: list[Any], data: st.DataObject) -> None:
    rows = [{"interaction_id": f"i{n:02}", **row} for n, row in enumerate(legs)]
    bought = [order(f"o{n}", at, i, c) for n, (at, c, i) in enumerate([*orders, (datetime(2026, 10, 9), None, None)])]
    needed = {t: {c for table, c in DERIVATIONS if table == t} for t in ("interactions", "orders", "customers")}
    tables = {"interactions": rows, "orders": bought, "customers": [{"customer_id": c} for c in "CDE"]}
    mixed = {name: data.draw(st.permutations(table)) for name, table in tables.items()}
    one, other = (derive(world(given), needed, HORIZON) for given in (tables, mixed))
    for name in tables:
        key = list(catalogue().tables[name].key)
        there = sorted(one.tables[name].columns)
        first, second = (w.tables[name].frame.select(there).sort(key).collect() for w in (one, other))
        assert first.equals(second)
        assert first.height == len(tables[name])


@settings(max_examples=40, deadline=None)
@given(legs=LEGS, as_numbers=st.booleans())
def test_contacts_of_one_leg_take_a_shorter_way_to_the_same_end(legs: list[Row], as_numbers: bool) -> None:
    rows = [
        {"interaction_id": f"i{n:02}", **row, "contact_id": f"i{n:02}", "leg_no": 1.0} for n, row in enumerate(legs)
    ]
    if as_numbers:
        rows = [{**row, "customer_id": row["customer_id"] and str(ord(row["customer_id"]))} for row in rows]
    # Two legs of one contact, of nobody, send all the rows the longer way.
    pair = [
        {**rows[0], "interaction_id": id_, "contact_id": "z", "customer_id": None, "direction": None} for id_ in "yz"
    ]
    needed = {"interactions": {c for table, c in DERIVATIONS if table == "interactions"} - {"orders_within"}}
    names = ["interaction_id", *sorted(needed["interactions"] - {"handle_s"})]
    short, long = (derive(world({"interactions": given}), needed, HORIZON) for given in (rows, [*rows, *pair]))
    one, other = (w.tables["interactions"].frame.select(names).collect() for w in (short, long))
    assert one.equals(other.filter(~pl.col("interaction_id").is_in(["y", "z"])))
