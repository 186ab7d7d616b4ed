"""Law 2: no data is never zero, and zero is not no data; every null says why, and inf and NaN never leave."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws import definitions
from tests.laws.worlds import LAWFUL, Row, World, ask, worlds

REASONS = {
    "table-not-supplied", "column-not-supplied", "no-rows", "not-covered", "denominator-zero", "all-null", "undefined",
}  # fmt: skip


@given(world=worlds(least=1, most=6), by=st.sampled_from([(), ("agent_id",), ("team",)]))
@settings(LAWFUL, max_examples=8)
def test_every_kpi_has_a_number_or_a_reason(world: World, by: tuple[str, ...]) -> None:
    """Of all built-in KPIs in all variants."""
    for row in ask(world, None, (), by).rows.values():
        is_sound(row)


def test_an_export_without_rows_is_no_data() -> None:
    found = ask({"interactions": [], "surveys": []}, None, ())
    for row in found.rows.values():
        is_sound(row)
        assert row["value"] is None


def is_sound(row: Row) -> None:
    """A number or a reason, nothing infinite, the interval around the value, the halves of a ratio beside it."""
    assert (row["value"] is None) == (row["reason"] is not None), row
    assert row["reason"] is None or row["reason"] in REASONS
    numbers = [row[column] for column in ("value", "numerator", "denominator", "low", "high")]
    assert all(number is None or math.isfinite(number) for number in numbers), row
    if row["low"] is not None:
        assert row["low"] <= row["value"] <= row["high"]
    if row["value"] is not None and row["denominator"] is not None:
        assert row["denominator"] != 0
        assert row["value"] == pytest.approx(row["numerator"] / row["denominator"], rel=1e-14)


def call(ident: str, agent: str, day: int, month: int = 10, **more: object) -> Row:
    plain = {
        "interaction_id": ident,
        "agent_id": agent,
        "started_at": datetime(2026, month, day, 12),
        "direction": "inbound",
    }
    return {**plain, "outcome": "answered", "talk_s": None, "wait_s": None, "customer_id": None, **more}


def event(ident: str, agent: str, day: int, month: int = 10, amount: object = None) -> Row:
    at = datetime(2026, month, day, 12)
    return {"event_id": ident, "agent_id": agent, "at": at, "recorded_at": at, "kind": "risk", "amount": amount}


CALLS = [call("i1", "A1", 5, talk_s="60"), call("i2", "A2", 6)]


def shown(world: World, config: Path, kpi: str, agent: str = "A1") -> tuple[float | None, str | None]:
    row = ask(world, config, ["k_calls", kpi], ("agent_id",)).rows[agent, kpi]
    return row["value"], row["reason"]


def test_nobody_recorded_and_somebody_looked_is_zero(config: Path) -> None:
    world = {"interactions": CALLS, "events": [event("e1", "A2", 9, amount=3)]}
    assert shown(world, config, "k_risks") == (0.0, None)
    assert shown(world, config, "k_risk_cost") == (0.0, None)
    assert shown(world, config, "k_risks", "A2") == (1.0, None)


def test_no_file_is_no_zero(config: Path) -> None:
    world = {"interactions": CALLS}
    assert shown(world, config, "k_risks") == (None, "table-not-supplied")
    assert shown(world, config, "k_risk_cost") == (None, "table-not-supplied")


def test_a_column_nobody_exports_is_no_zero(config: Path) -> None:
    world = {"interactions": [{k: v for k, v in row.items() if k != "talk_s"} for row in CALLS]}
    assert shown(world, config, "k_talk") == (None, "column-not-supplied")
    assert shown(world, config, "k_average_talk") == (None, "column-not-supplied")


def test_a_file_of_another_month_is_no_zero(config: Path) -> None:
    world = {"interactions": CALLS, "events": [event("e1", "A2", 9, month=9)]}
    assert shown(world, config, "k_risks") == (None, "not-covered")


def test_unless_it_is_declared_to_cover_the_month(tmp_path: Path) -> None:
    covered = definitions.folder(tmp_path / "whole", more=", covers: {events: {from: 2026-09-01, to: 2026-10-31}}")
    partly = definitions.folder(tmp_path / "partly", more=", covers: {events: {from: 2026-09-01, to: 2026-10-30}}")
    world = {"interactions": CALLS, "events": [event("e1", "A2", 9, month=9)]}
    assert shown(world, covered, "k_risks") == (0.0, None)
    assert shown(world, partly, "k_risks") == (None, "not-covered")


def test_values_that_all_lack_add_up_to_nothing_known(config: Path) -> None:
    world = {"interactions": CALLS, "events": [event("e1", "A2", 9), event("e2", "A2", 10)]}
    assert shown(world, config, "k_risk_cost", "A2") == (None, "all-null")
    assert shown(world, config, "k_risk_cost", "A1") == (0.0, None)
    assert shown(world, config, "k_talk", "A2") == (None, "all-null")
    assert shown(world, config, "k_average_talk", "A2")[0] is None


def test_means_and_ranks_of_nothing_are_unknown(config: Path) -> None:
    world = {
        "interactions": CALLS,
        "surveys": [{"survey_id": "s1", "interaction_id": "i1", "answered_at": datetime(2026, 10, 6), "csat": 4}],
    }
    for kpi in ("k_wait_mean", "k_wait_least", "k_wait_most", "k_wait_median", "k_wait_p90"):
        assert shown(world, config, kpi) == (None, "all-null")
    assert shown(world, config, "k_csat", "A2") == (0.0, None)
    assert ask(world, None, ["csat", "aht"], ("agent_id",)).rows["A2", "csat.top2"]["reason"] == "denominator-zero"


def test_a_month_without_anything_is_unknown_throughout(config: Path) -> None:
    found = ask({"interactions": CALLS}, config, definitions.KPIS, period="2026-08")
    assert {row["value"] for row in found.rows.values()} == {None}
    assert None not in {row["reason"] for row in found.rows.values()}
