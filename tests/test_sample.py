"""The sample is what its README says: reproducible, legal by tables.yaml, connected, and full of its stories.

In: sample_data as plain CSV, configs/tables.yaml as plain YAML. Out: pass or fail.
Refuses to know: the package, so that a fault there cannot hide one here.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data"
NAMES = sorted(path.stem for path in SAMPLE.glob("*.csv"))
TABLES: dict[str, Any] = yaml.safe_load((ROOT / "configs" / "tables.yaml").read_text(encoding="utf-8"))["tables"]


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def october(name: str, column: str) -> Iterator[dict[str, str]]:
    return (row for row in rows(name) if row[column].startswith("2026-10"))


def test_the_generator_writes_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "tests" / "make_sample.py"), "--to", str(tmp_path)], check=True)
    assert sorted(path.stem for path in tmp_path.glob("*.csv")) == NAMES
    for name in NAMES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (SAMPLE / f"{name}.csv").read_bytes(), name


def test_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.glob("*.csv")) < 12_000_000


def test_every_table_is_there_but_the_preaggregated_one() -> None:
    assert set(NAMES) == set(TABLES) - {"intervals"}


@pytest.mark.parametrize("name", NAMES)
def test_columns_and_values_are_legal(name: str) -> None:
    columns = TABLES[name]["columns"]
    assert rows(name)
    for column in rows(name)[0]:
        declared = columns[column]
        assert not declared.get("derived")
        found = {row[column] for row in rows(name)}
        assert found != {""}, f"{name}.{column} is empty throughout"
        if declared.get("required"):
            assert "" not in found
        if declared.get("values"):
            assert found <= {*declared["values"], ""}
        if declared["type"] in {"number", "money", "rating", "duration"}:
            assert all(float(value) >= 0 for value in found if value)
        if declared["type"] == "flag":
            assert found <= {"true", "false", ""}


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_unique(name: str) -> None:
    key = TABLES[name]["key"]
    parts = [key] if isinstance(key, str) else key
    found = [tuple(row[part] for part in parts) for row in rows(name)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", NAMES)
def test_references_lead_somewhere(name: str) -> None:
    for column in rows(name)[0]:
        target = TABLES[name]["columns"][column].get("refers")
        if target:
            key = TABLES[target]["key"]
            there = {row[key if isinstance(key, str) else key[0]] for row in rows(target)}
            assert {row[column] for row in rows(name)} - {""} <= there, f"{name}.{column}"


def test_a_contact_is_consistent() -> None:
    for row in rows("interactions"):
        answered = row["outcome"] == "answered"
        assert bool(row["agent_id"]) == (answered or row["direction"] == "outbound")
        assert all(bool(row[part]) == answered for part in ("talk_s", "hold_s", "wrap_s"))
        assert bool(row["wait_s"]) == (row["direction"] == "inbound" and row["served_by"] == "human")
        assert row["started_at"] <= row["ended_at"]
        if row["leg_no"] == "2":
            assert row["interaction_id"] == f"{row['contact_id']}-2"
            assert answered


def test_october_can_be_judged_for_returning_customers() -> None:
    assert max(row["started_at"] for row in rows("interactions")) > "2026-11-08"


def means() -> tuple[dict[str, float], dict[str, float]]:
    """Mean handle time, and share of contacts not followed by another within a week, of an agent's October."""
    starts: dict[str, list[datetime]] = defaultdict(list)
    for row in rows("interactions"):
        if row["direction"] == "inbound" and row["leg_no"] == "1":
            starts[row["customer_id"]].append(datetime.fromisoformat(row["started_at"]))
    handle: dict[str, list[float]] = defaultdict(list)
    once: dict[str, list[bool]] = defaultdict(list)
    for row in october("interactions", "started_at"):
        if row["outcome"] == "answered" and row["direction"] == "inbound" and row["customer_id"]:
            end = datetime.fromisoformat(row["ended_at"])
            handle[row["agent_id"]].append(sum(float(row[part]) for part in ("talk_s", "hold_s", "wrap_s")))
            once[row["agent_id"]].append(
                not any(end < at <= end + timedelta(days=7) for at in starts[row["customer_id"]])
            )
    return (
        {agent: sum(values) / len(values) for agent, values in handle.items()},
        {agent: sum(values) / len(values) for agent, values in once.items()},
    )


def test_the_fast_agent_is_the_fastest_and_the_least_final() -> None:
    handle, once = means()
    assert min(handle, key=handle.__getitem__) == min(once, key=once.__getitem__) == "A017"
    assert once["A017"] < 0.6 < sorted(once.values())[1]


def test_delta_is_fast_and_poor() -> None:
    handle, _ = means()
    team = {row["agent_id"]: row["team"] for row in rows("roster")}
    score: dict[str, list[float]] = defaultdict(list)
    pace: dict[str, list[float]] = defaultdict(list)
    for row in october("evaluations", "evaluated_at"):
        score[team[row["agent_id"]]].append(float(row["score"]))
    for agent, value in handle.items():
        pace[team[agent]].append(value)
    mean = {name: sum(values) / len(values) for name, values in score.items()}
    assert min(pace, key=lambda name: sum(pace[name]) / len(pace[name])) == "Delta"
    assert mean["Delta"] < min(value for name, value in mean.items() if name != "Delta") - 5


def test_the_named_agents() -> None:
    mover = [(row["team"], row["valid_from"], row["valid_to"]) for row in rows("roster") if row["agent_id"] == "A008"]
    assert mover == [("Amber", "2026-01-01", "2026-10-11"), ("Cedar", "2026-10-12", "")]
    person = {row["agent_id"]: row for row in rows("roster")}
    assert person["A041"]["left_on"] == "2026-10-16"
    assert person["A036"]["joined_on"] == "2026-09-07"
    assert not any(row["agent_id"] == "A052" for row in rows("evaluations"))
    answers = defaultdict(int)
    agent = {row["interaction_id"]: row["agent_id"] for row in rows("interactions")}
    for row in october("surveys", "answered_at"):
        answers[agent.get(row["interaction_id"], "")] += bool(row["csat"])
    assert answers["A009"] == min(answers.values()) < 5


def test_the_events_of_october() -> None:
    found = defaultdict(int)
    for row in october("events", "recorded_at"):
        if row["valid"] == "true":
            found[row["kind"], row["agent_id"]] += 1
    assert [key for key in found if key[0] == "red_line"] == [("red_line", "A023")]
    assert found["idea", "A005"] >= 3
    assert found["risk", "A011"] == 2
