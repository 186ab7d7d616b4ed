"""Law 1: no average of averages. Every value, at every level and period, is recomputed from rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics import period as periods
from tests.laws import definitions
from tests.laws.reckoning import reckoned
from tests.laws.worlds import LAWFUL, World, ask, worlds

GROUPINGS = [
    (), ("agent_id",), ("team",), ("team", "day"), ("team", "month"), ("week", "agent_id"), ("hour", "queue_id"),
]  # fmt: skip
PERIODS = ["2026-10", "2026-10", "2026-Q4", "2026-W43", "2026-10-25", "2026-09-30..2026-11-01"]


@given(world=worlds(), by=st.sampled_from(GROUPINGS), period=st.sampled_from(PERIODS))
@settings(LAWFUL, max_examples=24)
def test_every_value_is_what_its_rows_give(config: Path, world: World, by: tuple[str, ...], period: str) -> None:
    agree(config, world, by, period, begins=0)


@given(world=worlds(), by=st.sampled_from(GROUPINGS), period=st.sampled_from(PERIODS))
@settings(LAWFUL, max_examples=12)
def test_and_where_the_day_begins_at_six(night: Path, world: World, by: tuple[str, ...], period: str) -> None:
    agree(night, world, by, period, begins=6)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return definitions.folder(tmp_path_factory.mktemp("night"), more=definitions.NIGHT)


def agree(config: Path, world: World, by: tuple[str, ...], period: str, begins: int) -> None:
    found = ask(world, config, definitions.KPIS, by, period)
    span = periods.parse(period)
    expected = reckoned(world, by, span.start, span.end, begins)
    assert {key[:-1] for key in found.rows} == set(expected)
    for group, values in expected.items():
        for kpi, value in values.items():
            shown = found.value(kpi, *group)
            if value is None or shown is None:
                assert shown == value, (group, kpi)
            else:
                assert shown == pytest.approx(float(value), rel=1e-14, abs=0), (group, kpi)
