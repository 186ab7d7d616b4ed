"""Questions that have no answer are refused in words, and no answer holds what must never be shown.

Beside the laws: the traps met while they were tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ccmetrics import run
from ccmetrics.problem import DefinitionsRefused, UsageRefused
from tests.laws.worlds import Row, write

CALL: Row = {
    "interaction_id": "i1", "agent_id": "A1", "started_at": "2026-10-05 12:00:00", "direction": "inbound",
    "outcome": "answered", "wait_s": "20", "talk_s": "60", "customer_id": "c1", "channel": "phone",
}  # fmt: skip
DAY: Row = {"agent_id": "A1", "date": "2026-10-05", "scheduled_s": "28800", "worked_s": "28800", "adherent_s": "28000"}


@pytest.fixture
def exports(tmp_path: Path) -> list[Path]:
    return [write(tmp_path / "interactions.csv", [CALL]), write(tmp_path / "attendance.csv", [DAY])]


WRONG: dict[str, Mapping[str, Any]] = {
    "a dimension that is private": {"by": ["customer_id"]},
    "a text that is private": {"kpis": ["csat"], "by": ["comment"]},
    "the same dimension twice": {"by": ["agent_id", "agent_id"]},
    "a dimension nobody has": {"by": ["teem"]},
    "a KPI nobody has": {"kpis": ["ahtt"]},
    "a variant nobody has": {"kpis": ["csat.top3"]},
    "a condition on a column nobody has": {"where": "talkk_s > 5"},
    "a condition cut short": {"where": "talk_s >"},
    "a condition that is a number": {"where": "talk_s + 1"},
    "a condition with a parameter nobody has": {"where": "talk_s > :nonsense"},
    "a condition that compares a name with a number": {"where": "agent_id > 5"},
    "a period that is none": {"period": "2026-13"},
    "a period that ends before it begins": {"period": "2026-10-05..2026-10-01"},
}


@pytest.mark.parametrize("case", WRONG)
def test_a_question_without_answer_is_refused(exports: list[Path], case: str) -> None:
    with pytest.raises(UsageRefused):
        run.measure(exports, **{"kpis": ["aht"], "period": "2026-10", **WRONG[case]})


def test_a_condition_on_a_column_that_one_table_lacks(exports: list[Path]) -> None:
    """Who cannot be told apart is not measured, and not measured whole."""
    found = run.measure(exports, kpis=["aht", "adherence"], where="outcome = 'answered'", period="2026-10").values
    assert dict(found.select("kpi", "value").rows()) == {"aht": 60.0, "adherence": None}


def test_groups_that_no_export_can_give_are_said(exports: list[Path]) -> None:
    found = run.measure(exports, kpis=["aht"], by=["queue_id"], period="2026-10")
    assert found.values.is_empty()
    assert any("queue_id" in notice for notice in found.notices)


PRIVATE = """
project: {extends: builtin}
---
card: by_customer
title: Customers
subject: customer_id
kpis:
  - {kpi: aht, weight: 100, floor: 600, target: 300}
missing: withhold
grades:
  - {grade: A, from: null, pay: 1}
allow:
  one-sided-mix: it serves a test alone
"""


def test_a_card_that_would_print_customers_is_refused(tmp_path: Path, exports: list[Path]) -> None:
    (tmp_path / "card.yaml").write_text(PRIVATE, encoding="utf-8")
    with pytest.raises(DefinitionsRefused) as refused:
        run.score(exports, config=tmp_path, period="2026-10", cards=["by_customer"])
    assert any("private" in str(problem) for problem in refused.value.problems), refused.value


OWN = """
project: {extends: builtin}
measures:
  channel: {table: interactions, count: rows, unit: count}
kpis:
  by_channel:
    name: Contacts
    category: operational
    nature: efficiency
    timing: leading
    unit: count
    better: higher
    level: [center]
    formula: channel
    expect:
      - {given: {channel: 2}, value: 2}
"""


def test_measures_and_columns_are_two_namespaces(tmp_path: Path, exports: list[Path]) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    found = run.measure(exports, kpis=["by_channel"], by=["channel"], period="2026-10", config=tmp_path)
    assert found.values.select("channel", "value").rows() == [("phone", 1.0)]
