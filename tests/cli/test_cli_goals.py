"""Goals that change inside the month, from the files to the printed score: a target of 330 for 400 contacts, of 300 for
1,200 more. AHT 320 earns 91.67."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccmetrics.cli import app

RUNNER = CliRunner()
CARD = """card: phone
title: Phone
subject: agent_id
kpis:
  - {{kpi: aht, weight: 100{goal}}}
allow: {{one-sided-mix: it serves a test of goals alone}}
"""
PLAIN = ", floor: {2026-01-01: 480, 2026-10-15: 450}, target: {2026-01-01: 330, 2026-10-15: 300}"
TABLE = "card,kpi,from,segment,floor,target\nphone,aht,,,480,330\nphone,aht,2026-10-15,,450,300\n"
QUEUES = ", segments: {by: queue, curves: {slow: {floor: 480, target: 330}, fast: {floor: 450, target: 300}}}"
WEEKDAYS = ", segments: {by: weekday, curves: {sat: {floor: 480, target: 330}, mon: {floor: 450, target: 300}}}"
KINDS = ", segments: {by: day_kind, curves: {weekend: {floor: 480, target: 330}, workday: {floor: 450, target: 300}}}"
TENURE = ", segments: {by: tenure, curves: {<90: {floor: 480, target: 330}, '>=90': {floor: 450, target: 300}}}"


def contacts(day: str, count: int, talk: int, queue: str) -> list[str]:
    start = datetime.fromisoformat(f"{day}T08:00:00")
    return [
        f"{day}-{n},A1,{queue},{(start + timedelta(seconds=20 * n)).isoformat()}Z,inbound,answered,5,{talk}"
        for n in range(count)
    ]


def project(folder: Path, goal: str) -> Path:
    """Saturday 3 October: 400 contacts of 380 s on the slow queue; Monday 19 October: 1,200 of 300 s on the fast one.
    In October 2025 there were 10 of 300 s, of data that begin the month before. A1 joined 89 days before the first
    day of these two."""
    config = folder / "config"
    config.mkdir()
    (config / "project.yaml").write_text("project: {extends: builtin, time_zone: UTC}\n", encoding="utf-8")
    (config / "card.yaml").write_text(CARD.format(goal=goal), encoding="utf-8")
    header = "interaction_id,agent_id,queue_id,started_at,direction,outcome,wait_s,talk_s"
    rows = [*contacts("2025-09-30", 1, 900, "slow"), *contacts("2025-10-06", 10, 300, "slow")]
    rows += [*contacts("2026-10-03", 400, 380, "slow"), *contacts("2026-10-19", 1200, 300, "fast")]
    (folder / "interactions.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return config


def scored(folder: Path, config: Path) -> dict[str, Any]:
    exports = sorted(str(path) for path in folder.glob("*.csv"))
    words = ["score", *exports, "--config", str(config), "--period", "2026-10", "--format", "json", "--card", "phone"]
    done = RUNNER.invoke(app, words)
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def score_of(found: dict[str, Any]) -> float:
    (card,) = found["cards"]
    (row,) = card["scores"]
    return float(row["score"])


@pytest.mark.parametrize("goal", [PLAIN, QUEUES, WEEKDAYS])
def test_two_goals_in_one_month_are_blended(tmp_path: Path, goal: str) -> None:
    found = scored(tmp_path, project(tmp_path, goal))
    assert score_of(found) == 91.67


def test_goals_of_a_table_beside_the_yaml(tmp_path: Path) -> None:
    config = project(tmp_path, "")
    (config / "targets.csv").write_text(TABLE, encoding="utf-8")
    assert score_of(scored(tmp_path, config)) == 91.67


def test_goals_by_kind_of_day(tmp_path: Path) -> None:
    config = project(tmp_path, KINDS)
    days = [datetime(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    rows = [f"{day:%Y-%m-%d},{'weekend' if day.isoweekday() > 5 else 'workday'}" for day in days]
    (tmp_path / "calendar.csv").write_text("\n".join(["date,kind", *rows, ""]), encoding="utf-8")
    assert score_of(scored(tmp_path, config)) == 91.67


def test_goals_by_tenure(tmp_path: Path) -> None:
    config = project(tmp_path, TENURE)
    roster = "agent_id,valid_from,role,team,joined_on\nA1,2026-07-06,agent,T1,2026-07-06\n"
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    assert score_of(scored(tmp_path, config)) == 91.67


@pytest.mark.parametrize("of", ["card", "team", "self"])
def test_a_goal_against_last_year(tmp_path: Path, of: str) -> None:
    """300 s a year ago and +2.5% make 307.5; the floor keeps its distance of 150."""
    goal = f", floor: 480, target: {{last_year: +2.5%, of: {of}, else: 330}}"
    config = project(tmp_path, goal)
    text = (config / "card.yaml").read_text(encoding="utf-8")
    if of == "self":
        (config / "card.yaml").write_text(text.replace("allow: {", "allow: {own-last-year: a test, "), encoding="utf-8")
    roster = "agent_id,valid_from,role,team,joined_on\nA1,2025-01-01,agent,T1,2025-01-01\n"
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    assert score_of(scored(tmp_path, config)) == 91.67


def test_the_terminal_shows_the_goal_in_force(tmp_path: Path) -> None:
    config = project(tmp_path, PLAIN)
    words = ["score", str(tmp_path / "interactions.csv"), "--config", str(config), "--period", "2026-10"]
    done = RUNNER.invoke(app, [*words, "--card", "phone", "--subject", "A1"])
    assert done.exit_code == 0, done.stderr
    assert "91.67" in done.stdout
