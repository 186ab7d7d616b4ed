"""Law 3: aggregate, then join. A join never multiplies rows; what matches nothing is counted and shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ccmetrics.problem import DataRefused, Refused
from tests.laws.reckoning import is_answerable
from tests.laws.test_zero import call
from tests.laws.worlds import LAWFUL, Row, World, ask, worlds

COUNTED = ["k_calls", "k_answered", "k_talk", "k_talked", "k_answers", "k_csat"]


@given(
    world=worlds(), by=st.sampled_from([("team",), ("agent_id",), ("queue_id",), ("team", "day"), ("team", "agent_id")])
)
@settings(LAWFUL, max_examples=15)
def test_groups_add_up_to_the_whole(config: Path, world: World, by: tuple[str, ...]) -> None:
    """Whatever roster and queues say of anybody: nobody is counted twice, and nobody's rows are lost."""
    assume(is_answerable(world, by))
    groups, whole = ask(world, config, COUNTED, by), ask(world, config, COUNTED)
    for kpi in COUNTED:
        parts = [row["value"] for (*_, name), row in groups.rows.items() if name == kpi]
        known = [part for part in parts if part is not None]
        total = whole.value(kpi)
        assert sum(known) == pytest.approx(total or 0, rel=1e-14)
        assert (total is None) == (not known) or kpi in ("k_talk", "k_csat")


@given(world=worlds())
@settings(LAWFUL, max_examples=8)
def test_a_roster_changes_no_total(config: Path, world: World) -> None:
    alone = {name: world[name] for name in ("interactions", "surveys")}
    assert ask(world, config, COUNTED).found.values.equals(ask(alone, config, COUNTED).found.values)


def version(agent: str, start: date, end: date | None = None, team: str = "T1") -> Row:
    return {"agent_id": agent, "valid_from": start, "valid_to": end, "team": team, "role": "agent"}


OCTOBER, MIDDLE = date(2026, 10, 1), date(2026, 10, 15)
CALLS = [call("i1", "A1", 10), call("i2", "A1", 20), call("i3", "A7", 20)]


def test_the_same_roster_row_twice_is_one() -> None:
    world = {"interactions": CALLS, "roster": [version("A1", OCTOBER), version("A1", OCTOBER)]}
    found = ask(world, None, ["answer_rate"], ("team",))
    assert found.rows["T1", "answer_rate.of_offered"]["denominator"] == 2
    roster = next(account for account in found.found.accounts if account.table == "roster")
    assert (roster.read, roster.duplicates) == (2, 1)
    assert any("duplicate" in notice for notice in found.found.notices)


REFUSED: dict[str, tuple[Callable[[], list[Row]], str]] = {
    "two teams from the same day": (
        lambda: [version("A1", OCTOBER, team="T1"), version("A1", OCTOBER, team="T2")],
        "conflicting-duplicate",
    ),
    "versions that overlap by a day": (
        lambda: [version("A1", OCTOBER, MIDDLE), version("A1", MIDDLE, team="T2")],
        "overlapping-versions",
    ),
    "a version inside another": (
        lambda: [version("A1", OCTOBER, date(2026, 12, 31)), version("A1", MIDDLE, date(2026, 10, 16), team="T2")],
        "overlapping-versions",
    ),
    "a long version over two others": (
        lambda: [
            version("A1", OCTOBER, date(2026, 12, 31)),
            version("A1", MIDDLE, date(2026, 10, 16), team="T2"),
            version("A1", date(2026, 11, 1), team="T3"),
        ],
        "overlapping-versions",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_two_truths_about_one_person_are_refused(case: str) -> None:
    roster, name = REFUSED[case]
    with pytest.raises(DataRefused) as refused:
        ask({"interactions": CALLS, "roster": roster()}, None, ["answer_rate"], ("team",))
    assert name in {problem.name for problem in refused.value.problems}


def test_a_version_that_ends_before_it_begins_is_refused() -> None:
    roster = [version("A1", date(2026, 9, 1)), version("A1", MIDDLE, OCTOBER, team="T2")]
    with pytest.raises(DataRefused):
        ask({"interactions": CALLS, "roster": roster}, None, ["answer_rate"], ("team",))


def test_versions_that_meet_without_overlapping_share_the_days() -> None:
    roster = [version("A1", OCTOBER, date(2026, 10, 14)), version("A1", MIDDLE, team="T2")]
    found = ask({"interactions": CALLS, "roster": roster}, None, ["answer_rate"], ("team",))
    counts = {group: found.rows[group, "answer_rate.of_offered"]["denominator"] for group in ("T1", "T2", None)}
    assert counts == {"T1": 1, "T2": 1, None: 1}


@pytest.mark.parametrize("later", [False, True], ids=["one version", "two versions"])
def test_a_version_is_in_force_on_its_last_day_and_not_the_day_after(later: bool) -> None:
    roster = [version("A1", OCTOBER, date(2026, 10, 9)), version("A2", OCTOBER)]
    roster += [version("A1", MIDDLE, team="T2")] if later else []
    calls = [call(f"i{day}", "A1", day) for day in (1, 9, 10, 14, 15)]
    found = ask({"interactions": calls, "roster": roster}, None, ["answer_rate"], ("team",))
    counts = {key[0]: row["denominator"] for key, row in found.rows.items()}
    assert counts == ({"T1": 2, "T2": 1, None: 2} if later else {"T1": 2, None: 3})


def test_who_is_not_in_the_roster_is_counted_and_said() -> None:
    found = ask({"interactions": CALLS, "roster": [version("A1", OCTOBER)]}, None, ["answer_rate"], ("team",))
    assert found.rows[None, "answer_rate.of_offered"]["denominator"] == 1
    assert any("1 row names" in notice and "roster" in notice for notice in found.found.notices)


def test_conflicting_customers_are_refused() -> None:
    customers = [{"customer_id": "c1", "segment": "gold"}, {"customer_id": "c1", "segment": "basic"}]
    world = {"interactions": [call("i1", "A1", 10, customer_id="c1")], "customers": customers}
    with pytest.raises(Refused):
        ask(world, None, ["answer_rate"], ("segment",))


def test_a_survey_of_a_call_exported_twice_is_one_answer() -> None:
    calls = [call("i1", "A1", 10), call("i1", "A1", 10)]
    answers = [{"survey_id": "s1", "interaction_id": "i1", "answered_at": datetime(2026, 10, 12), "csat": 5}]
    found = ask({"interactions": calls, "surveys": answers}, None, ["csat"], ("agent_id",))
    assert found.rows["A1", "csat.top2"]["denominator"] == 1
