"""Law 7: the right level. Boundaries, denominators and abandoned contacts are part of each definition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.worlds import LAWFUL, Row, World, ask

NOON = datetime(2026, 10, 5, 12)

EXCLUSIVE = """
project: {extends: builtin}
kpis:
  strictly_within:
    name: Answered in less than the threshold
    category: operational
    nature: efficiency
    timing: leading
    unit: percent
    better: higher
    level: [center]
    formula: answered_in_threshold / offered
    n: offered
    interval: proportion
    parameters: {threshold_exclusive: 1}
    expect:
      - {given: {answered_in_threshold: 1, offered: 4}, value: 0.25}
"""


def contact(ident: str, outcome: str = "answered", wait: object = None, at: datetime = NOON, **more: object) -> Row:
    plain = {"interaction_id": ident, "started_at": at, "direction": "inbound", "outcome": outcome, "wait_s": wait}
    return {**plain, "agent_id": "A1", "queue_id": "Q1", "talk_s": "60", "customer_id": None, **more}


def contacts(*groups: tuple[int, str, object]) -> list[Row]:
    """So many contacts of an outcome and a wait."""
    spread = [(outcome, wait) for count, outcome, wait in groups for _ in range(count)]
    return [contact(f"i{n:05d}", outcome, wait) for n, (outcome, wait) in enumerate(spread)]


def value(world: World, kpi: str, config: Path | None = None, period: str = "2026-10") -> float | None:
    (row,) = ask(world, config, [kpi], (), period).rows.values()
    return None if row["value"] is None else float(row["value"])


# ---------------------------------------------------------------- within a threshold

WAITS = ["0", "19", "19.999", "20", "20.001", "21", "29.999", "30", "30.001", None]


@given(waits=st.lists(st.tuples(st.sampled_from(WAITS), st.sampled_from(["Q1", "Q2", None])), min_size=1, max_size=12))
@settings(LAWFUL, max_examples=12)
def test_a_wait_of_exactly_the_threshold_is_within(waits: list[tuple[str | None, str | None]]) -> None:
    """20 s, and 30 s in the queue that says so. An unknown wait never flatters."""
    rows = [contact(f"i{n}", wait=wait, queue_id=queue) for n, (wait, queue) in enumerate(waits)]
    queues = [
        {"queue_id": queue, "valid_from": "2026-01-01", "threshold_s": threshold}
        for queue, threshold in (("Q1", None), ("Q2", "30"))
    ]
    within = [wait for wait, queue in waits if wait is not None and float(wait) <= (30 if queue == "Q2" else 20)]
    expected = None if all(wait is None for wait, _ in waits) else len(within) / len(waits)
    assert value({"interactions": rows, "queues": queues}, "service_level") == expected


def test_a_strict_threshold_is_a_parameter(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(EXCLUSIVE, encoding="utf-8")
    rows = contacts((1, "answered", "19.999"), (2, "answered", "20"), (1, "answered", "20.001"))
    assert value({"interactions": rows}, "service_level") == 0.75
    assert value({"interactions": rows}, "strictly_within", tmp_path) == 0.25


VARIANTS = {
    "abandons_within_count_as_met": "83.0",
    "of_answered": "86.0",
    "of_offered": "81.1",
    "abandons_within_ignored": "82.7",
    "short_abandons_count_as_met": "82.1",
    "short_abandons_ignored": "81.9",
}


@pytest.fixture(scope="module")
def month() -> dict[str, float]:
    """1,000 answered, 860 of them in 20 s; 60 abandoned, 20 of them in 20 s and 10 of those in 5 s."""
    rows = contacts(
        (860, "answered", "20"), (140, "answered", "20.5"),
        (10, "abandoned", "5"), (10, "abandoned", "5.5"), (40, "abandoned", "21"),
    )  # fmt: skip
    found = ask({"interactions": rows}, None, [f"service_level.{variant}" for variant in VARIANTS])
    return {name[-1].partition(".")[2]: row["value"] for name, row in found.rows.items()}


@pytest.mark.parametrize("variant", VARIANTS)
def test_six_service_levels_of_the_same_month(month: dict[str, float], variant: str) -> None:
    assert f"{100 * month[variant]:.1f}" == VARIANTS[variant]


def test_a_month_is_weighed_by_its_contacts() -> None:
    """78% of 300 contacts and 85% of 1,200 are 83.6%, not 81.5%."""
    rows = contacts((234, "answered", "20"), (66, "answered", "21"), (1020, "answered", "1"), (180, "answered", "99"))
    for row in rows[:300]:
        row["started_at"] = NOON + timedelta(days=1)
    days = ask({"interactions": rows}, None, ["service_level"], ("day",)).rows
    shares = {key[0]: row["value"] for key, row in days.items()}
    assert shares == {"2026-10-05": 0.85, "2026-10-06": 0.78}
    assert f"{value({'interactions': rows}, 'service_level'):.3f}" == "0.836"


# ---------------------------------------------------------------- who is in the denominator


def test_callbacks_are_offered_and_not_abandoned() -> None:
    rows = contacts((6, "answered", "5"), (3, "abandoned", "30"), (1, "callback", "40"), (5, "ended_in_menu", None))
    assert value({"interactions": rows}, "abandonment_rate") == 0.3
    assert value({"interactions": rows}, "answer_rate") == 0.6


@pytest.mark.parametrize(("talk", "share"), [("9.999", 1.0), ("10", 0.0)])
def test_short_is_less_than(talk: str, share: float) -> None:
    assert value({"interactions": [contact("i1", talk_s=talk)]}, "short_handled_rate") == share


@pytest.mark.parametrize(("closed", "share"), [("2026-10-10 12:00:00", 1.0), ("2026-10-10 12:00:01", 0.0), (None, 0.0)])
def test_closed_when_due_is_on_time_and_open_is_late(closed: str | None, share: float) -> None:
    case = {
        "case_id": "k1",
        "kind": "complaint",
        "opened_at": NOON,
        "due_at": "2026-10-10 12:00:00",
        "closed_at": closed,
    }
    assert (
        value({"cases": [case, {**case, "case_id": "k2", "due_at": "2026-11-10 12:00:00"}]}, "case_on_time_rate")
        == share
    )


# ---------------------------------------------------------------- the window of a repeat

WEEK = timedelta(days=7)
LATER = [contact("late", at=NOON + timedelta(days=60), customer_id="c9")]


def repeat(after: timedelta, extra: Sequence[Row] = ()) -> World:
    first = contact("i1", customer_id="c1", talk_s="0", wait="0", at=NOON)
    return {"interactions": [first, contact("i2", customer_id="c1", at=NOON + after), *extra, *LATER]}


@pytest.mark.parametrize(("after", "settled"), [(WEEK, 0.5), (WEEK + timedelta(seconds=1), 1.0)])
def test_a_second_contact_at_the_end_of_the_window_is_a_repeat(after: timedelta, settled: float) -> None:
    assert value(repeat(after), "fcr") == settled


def test_a_window_still_open_leaves_the_contact_out() -> None:
    world = {
        "interactions": [contact("i1", customer_id="c1", at=NOON), contact("i2", customer_id="c2", at=NOON + WEEK / 2)]
    }
    assert value(world, "fcr") is None


def test_nobody_is_judged_by_contacts_of_unknown_customers() -> None:
    world = repeat(timedelta(days=1), [contact("i5"), contact("i6", at=NOON + timedelta(hours=1))])
    assert value(world, "fcr") == 0.5
