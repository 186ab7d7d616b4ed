"""Laws 1 and 8 on a card: whose rows count on which day, and how far back a window looks until it knows enough."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics import run
from tests.laws.reckoning import in_force
from tests.laws.worlds import LAWFUL, Row, World, export

CARD = """
project: {extends: builtin}
---
card: looked_back
title: A window of three months
subject: agent_id
who: role = 'agent'
kpis:
  - {kpi: csat, variant: mean, weight: 50, floor: 1, target: 5, min_n: 3, window: 3}
  - {kpi: aht, weight: 50, floor: 600, target: 100}
missing: floor
min_coverage: 0
grades:
  - {grade: A, from: null, pay: 1}
allow:
  one-sided-mix: it serves a test of laws alone
"""
DAYS = [date(2026, month, day) for month in (8, 9, 10) for day in (1, 15, 30)]
MONTHS = ((10, 2026), (9, 2026), (8, 2026))
LEAST = 3


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("windows")
    (folder / "card.yaml").write_text(CARD, encoding="utf-8")
    return folder


@st.composite
def people(draw: st.DrawFn) -> World:
    """Two agents who were something else at times, and their calls and answers of three months."""
    roster: list[Row] = []
    for agent in ("A1", "A2"):
        starts = sorted({date(2026, 7, 1), *draw(st.lists(st.sampled_from(DAYS), max_size=3))})
        for start in starts:
            role = draw(st.sampled_from(["agent", "agent", "senior"]))
            roster.append({"agent_id": agent, "valid_from": start, "role": role, "team": "T1"})
    at = st.sampled_from(DAYS + [day - timedelta(days=1) for day in DAYS[1:]])
    answers = draw(st.lists(st.tuples(st.sampled_from(["A1", "A2"]), at, st.integers(1, 5)), min_size=6, max_size=24))
    calls = draw(st.lists(st.tuples(st.sampled_from(["A1", "A2"]), at, st.integers(1, 900)), min_size=2, max_size=12))
    noon = datetime.min.time().replace(hour=12)
    return {
        "roster": roster,
        "surveys": [
            {
                "survey_id": f"s{n}", "agent_id": who, "answered_at": datetime.combine(day, noon), "csat": csat,
                "csat_scale": 5,
            }
            for n, (who, day, csat) in enumerate(answers)
        ],
        "interactions": [
            {
                "interaction_id": f"i{n}", "agent_id": who, "started_at": datetime.combine(day, noon), "talk_s": talk,
                "direction": "inbound", "outcome": "answered",
            }
            for n, (who, day, talk) in enumerate(calls)
        ],
    }  # fmt: skip


def counted(world: World, table: str, agent: str, months: int) -> list[Row]:
    """Rows of the agent in the latest months, on days on which the roster calls that person an agent."""
    column = {"surveys": "answered_at", "interactions": "started_at"}[table]
    wanted = {month for month, _ in MONTHS[:months]}
    rows = [row for row in world[table] if row["agent_id"] == agent and row[column].month in wanted]
    versions = [in_force(world["roster"], "agent_id", agent, row[column].date()) for row in rows]
    return [row for row, version in zip(rows, versions, strict=True) if version and version["role"] == "agent"]


@given(world=people())
@settings(LAWFUL, max_examples=15)
def test_a_line_is_what_its_window_and_its_roster_give(config: Path, world: World) -> None:
    with TemporaryDirectory() as folder:
        (card,) = run.score(
            export(world, Path(folder)), config=config, period="2026-10", cards=["looked_back"]
        ).scorecards
    lines = {(row["subject"], row["kpi"]): row for row in card.lines.iter_rows(named=True)}
    october = [date(2026, 10, day) for day in range(1, 32)]
    versions = {agent: [in_force(world["roster"], "agent_id", agent, day) for day in october] for agent in ("A1", "A2")}
    present = {agent for agent, found in versions.items() if any(v and v["role"] == "agent" for v in found)}
    assert set(card.scores["subject"]) == present
    for agent in present:
        calls = counted(world, "interactions", agent, 1)
        aht = lines[agent, "aht"]
        assert aht["status"] == ("own" if calls else "floor")
        if calls:
            expected = Fraction(sum(row["talk_s"] for row in calls), len(calls))
            assert (aht["n"], aht["value"]) == (len(calls), pytest.approx(float(expected), rel=1e-14))
        csat = lines[agent, "csat"]
        found = {months: counted(world, "surveys", agent, months) for months in (1, 2, 3)}
        enough = next((months for months, rows in found.items() if len(rows) >= LEAST), None)
        assert csat["status"] == ("floor" if enough is None else "own")
        if enough is not None:
            rows = found[enough]
            expected = Fraction(sum(row["csat"] for row in rows), len(rows))
            assert (csat["n"], csat["cycles"]) == (len(rows), enough)
            assert csat["value"] == pytest.approx(float(expected), rel=1e-14)
            assert csat["points"] == pytest.approx(float((expected - 1) / 4 * 100), rel=1e-12)
