"""Laws 9 and 10: losing data never helps without the report saying so, and better is never worse.

Whole cards over small centers of three agents, by the four policies for what is missing.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ccmetrics import run
from tests.laws.worlds import LAWFUL, Row, World, export

POLICIES = ("withhold", "neutral", "floor", "redistribute")
AGENTS = ("A1", "A2", "A3")

CARD = """card: by_{policy}
title: By {policy}
subject: agent_id
who: role = 'agent'
kpis:
  - {{kpi: csat, variant: mean, weight: 30, floor: 1, target: 4, stretch: 5, min_n: 2}}
  - {{kpi: quality_score, weight: 30, floor: 40, target: 90}}
  - {{kpi: aht, weight: 40, floor: 600, target: 200, stretch: 100}}
missing: {policy}
min_coverage: 0.3
adjust:
  deductions: [{{name: risk, amount: 5 * high_risk, cap: 20}}]
  red_lines: [{{name: red line, when: red_line_events > 0, score_at_most: 59}}]
grades:
  - {{grade: A, from: 80, pay: 1.2}}
  - {{grade: B, from: 60, pay: 1}}
  - {{grade: C, from: null, pay: 0.8}}
allow:
  one-sided-mix: it serves a test of laws alone
"""


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cards")
    (folder / "project.yaml").write_text("project: {extends: builtin}\n", encoding="utf-8")
    for policy in POLICIES:
        (folder / f"{policy}.yaml").write_text(CARD.format(policy=policy), encoding="utf-8")
    return folder


@st.composite
def centers(draw: st.DrawFn) -> World:
    """Calls of all three agents; surveys, evaluations and risks of some; rows of nobody keep every table in October."""
    world: World = {"interactions": [], "surveys": [], "evaluations": [], "events": []}
    for agent in AGENTS:
        at = {"agent_id": agent}
        for talk in draw(st.lists(st.integers(20, 900), min_size=1, max_size=3)):
            world["interactions"].append({**at, "talk_s": talk, "direction": "inbound", "outcome": "answered"})
        for csat in draw(st.lists(st.integers(1, 5), max_size=4)):
            world["surveys"].append({**at, "csat": csat, "csat_scale": 5})
        for score in draw(st.lists(st.integers(0, 100), max_size=3)):
            world["evaluations"].append({**at, "score": score})
        for kind in draw(st.lists(st.sampled_from(["risk", "risk", "red_line"]), max_size=2)):
            world["events"].append({**at, "kind": kind})
    world["surveys"].append({"agent_id": "A0", "csat": 3, "csat_scale": 5})
    world["evaluations"].append({"agent_id": "A0", "score": 70})
    world["events"].append({"agent_id": "A0", "kind": "commendation"})
    keys = {
        "interactions": "interaction_id",
        "surveys": "survey_id",
        "evaluations": "evaluation_id",
        "events": "event_id",
    }
    times = {
        "interactions": "started_at",
        "surveys": "answered_at",
        "evaluations": "evaluated_at",
        "events": "recorded_at",
    }
    for table, rows in world.items():
        for n, row in enumerate(rows):
            row |= {keys[table]: f"{table[0]}{n}", times[table]: "2026-10-05 12:00:00"}
            if table == "events":
                row["at"] = "2026-10-05 12:00:00"
    world["roster"] = [{"agent_id": a, "valid_from": "2026-01-01", "role": "agent", "team": "T1"} for a in AGENTS]
    return world


@dataclass(frozen=True)
class Scored:
    scores: dict[str, Row]
    lines: dict[tuple[str, str], Row]
    missing: list[Row]
    accounts: dict[str, int]


def scored(world: World, cards: Path) -> dict[str, Scored]:
    """The center scored by each of the four policies."""
    with TemporaryDirectory() as folder:
        result = run.score(
            export(world, Path(folder)),
            config=cards,
            period="2026-10",
            cards=[f"by_{p}" for p in POLICIES],
            beside=False,
        )
    accounts = {account.table: account.read for account in result.accounts}
    return {
        card.card.card.removeprefix("by_"): Scored(
            {row["subject"]: row for row in card.scores.iter_rows(named=True)},
            {(row["subject"], row["kpi"]): row for row in card.lines.iter_rows(named=True)},
            card.missing.to_dicts(),
            accounts,
        )
        for card in result.scorecards
    }


def both(one: World, other: World, cards: Path) -> list[tuple[str, Scored, Scored]]:
    before, after = scored(one, cards), scored(other, cards)
    return [(policy, before[policy], after[policy]) for policy in POLICIES]


def changed(world: World, table: str, row: Row, **more: Any) -> World:
    """The world with one row changed, or (without new values) gone."""
    other = deepcopy(world)
    at = world[table].index(row)
    other[table][at : at + 1] = [{**row, **more}] if more else []
    return other


def some_row(world: World) -> st.SearchStrategy[tuple[str, Row]]:
    tables = ("surveys", "evaluations", "interactions", "events")
    return st.sampled_from([(table, row) for table in tables for row in world[table]])


# ---------------------------------------------------------------- 10: better is never worse


@given(world=centers(), data=st.data())
@settings(LAWFUL, max_examples=5)
def test_a_better_row_lowers_nobody(cards: Path, world: World, data: st.DataObject) -> None:
    """An answer or an evaluation raised, a call shortened, a risk found to be none: no score falls."""
    table, row = data.draw(some_row(world))
    better: Row = {
        "surveys": {"csat": 5},
        "evaluations": {"score": 100},
        "interactions": {"talk_s": 10},
        "events": {"kind": "commendation"},
    }[table]
    for policy, before, after in both(world, changed(world, table, row, **better), cards):
        for agent in AGENTS:
            assert before.scores[agent]["status"] == after.scores[agent]["status"]
            if before.scores[agent]["score"] is not None:
                assert after.scores[agent]["score"] >= before.scores[agent]["score"], (policy, agent)


# ---------------------------------------------------------------- 9: losing data never helps


@given(world=centers(), data=st.data())
@settings(LAWFUL, max_examples=5)
def test_a_row_that_is_lost_shows(cards: Path, world: World, data: st.DataObject) -> None:
    """Whoever gains by a row that is gone has a smaller n on that line, or less coverage; the account has one less."""
    table, row = data.draw(some_row(world))
    for policy, before, after in both(world, changed(world, table, row), cards):
        assert after.accounts[table] == before.accounts[table] - 1
        for agent in AGENTS:
            old, new = before.scores[agent]["score"], after.scores[agent]["score"]
            if table == "events" or new is None or (old is not None and new <= old):
                continue
            assert is_said(policy, agent, before, after), (policy, agent, old, new)


def is_said(policy: str, agent: str, before: Scored, after: Scored) -> bool:
    lines = [kpi for subject, kpi in before.lines if subject == agent]
    fewer = any((after.lines[agent, kpi]["n"] or 0) < (before.lines[agent, kpi]["n"] or 0) for kpi in lines)
    # Under neutral a colleague's row moves the value that stands in, and the line says that it is not the agent's own.
    neutral = policy == "neutral" and any(after.lines[agent, kpi]["status"] == "neutral" for kpi in lines)
    return fewer or neutral or after.scores[agent]["coverage"] < before.scores[agent]["coverage"]


@given(world=centers(), table=st.sampled_from(["surveys", "evaluations"]), data=st.data())
@settings(LAWFUL, max_examples=4)
def test_a_kpi_that_is_lost_shows(cards: Path, world: World, table: str, data: st.DataObject) -> None:
    """All of an agent's rows on a line gone: no score, or less coverage, and the line says what stands in its place."""
    kpi, least = {"surveys": ("csat", 2), "evaluations": ("quality_score", 1)}[table]
    rows = [row["agent_id"] for row in world[table]]
    own = [agent for agent in AGENTS if rows.count(agent) >= least]
    assume(own)
    agent = data.draw(st.sampled_from(own))
    less = {**world, table: [row for row in world[table] if row["agent_id"] != agent]}
    for policy, before, after in both(world, less, cards):
        assert before.lines[agent, kpi]["status"] == "own"
        assert after.scores[agent]["coverage"] < before.scores[agent]["coverage"]
        assert after.lines[agent, kpi]["status"] != "own"
        assert after.lines[agent, kpi]["reason"] is not None
        assert any(row["kpi"] == kpi for row in after.missing)
        old, new = before.scores[agent]["score"], after.scores[agent]["score"]
        if policy == "withhold":
            assert (after.scores[agent]["status"], new, after.scores[agent]["grade"]) == ("withheld", None, None)
        if policy == "floor" and old is not None:
            # The lowest points of the curve are the least that any value earns.
            assert new is None or new <= old


@given(world=centers())
@settings(LAWFUL, max_examples=3)
def test_without_the_file_of_risks_nobody_is_judged(cards: Path, world: World) -> None:
    """Without events a deduction or a red line is unknown: no score is final, and no grade or pay is earned."""
    for found in scored({name: rows for name, rows in world.items() if name != "events"}, cards).values():
        for row in found.scores.values():
            assert row["status"] != "scored"
            assert (row["grade"], row["pay"], row["rank"]) == (None, None, None)


@given(world=centers())
@settings(LAWFUL, max_examples=2)
def test_without_the_file_of_answers_coverage_says_so(cards: Path, world: World) -> None:
    for _, before, after in both(world, {name: rows for name, rows in world.items() if name != "surveys"}, cards):
        for agent in AGENTS:
            assert after.lines[agent, "csat"]["reason"] == "table-not-supplied"
            if before.lines[agent, "csat"]["status"] == "own":
                assert after.scores[agent]["coverage"] < before.scores[agent]["coverage"]


# ---------------------------------------------------------------- 2: zero or unknown, on a card


def test_no_risk_is_zero_where_somebody_looked(cards: Path) -> None:
    row = {"agent_id": "A1", "interaction_id": "i1", "started_at": "2026-10-05 12:00:00", "talk_s": 200}
    world: World = {
        "interactions": [{**row, "direction": "inbound", "outcome": "answered"}],
        "surveys": [
            {"survey_id": f"s{n}", "agent_id": "A1", "answered_at": "2026-10-05 12:00:00", "csat": 4, "csat_scale": 5}
            for n in range(2)
        ],
        "evaluations": [{"evaluation_id": "q1", "agent_id": "A1", "evaluated_at": "2026-10-05 12:00:00", "score": 90}],
        "events": [
            {
                "event_id": "e1",
                "agent_id": "A2",
                "at": "2026-10-05 12:00:00",
                "recorded_at": "2026-10-05 12:00:00",
                "kind": "risk",
            }
        ],
        "roster": [{"agent_id": a, "valid_from": "2026-01-01", "role": "agent", "team": "T1"} for a in ("A1", "A2")],
    }
    found = scored(world, cards)["withhold"].scores
    assert (found["A1"]["status"], found["A1"]["score"], found["A1"]["deductions"]) == ("scored", 100.0, 0.0)
    assert (found["A1"]["grade"], found["A1"]["pay"]) == ("A", 1.2)
    assert (found["A2"]["status"], found["A2"]["score"]) == ("withheld", None)
    del world["events"]
    found = scored(world, cards)["withhold"].scores
    assert (found["A1"]["status"], found["A1"]["grade"], found["A1"]["pay"]) == ("provisional", None, None)
    assert found["A1"]["why"].startswith("not-judged")
