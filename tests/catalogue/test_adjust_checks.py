"""Conditions, pools and linked lines that a card may and may not have."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccmetrics.catalogue import load, problems_of

HERE = Path(__file__).parent
CARD = """
card: second
title: Second
subject: {subject}
cycle: {cycle}
kpis:
  - {{kpi: csat, weight: 30, floor: 0.7, target: 0.85}}
  - {{kpi: aht, weight: 30, floor: 480, target: 330}}
  - {{kpi: revenue_per_contact, weight: 30, floor: 1, target: 3}}
  - {line}
adjust: {adjust}
"""
IDEAS = "{kpi: ideas, weight: 10, floor: 0, target: 2}"


def problems(
    folder: Path,
    adjust: str = "{}",
    line: str = IDEAS,
    cycle: str = "month",
    subject: str = "agent_id",
    allow: str = "{}",
) -> list[tuple[str, str]]:
    shutil.copytree(HERE / "whole", folder, dirs_exist_ok=True)
    text = CARD.format(adjust=adjust, line=line, cycle=cycle, subject=subject)
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    return [(problem.name, problem.text) for problem in problems_of(load(folder))]


def conditioned(item: str) -> str:
    return f"{{coefficients: [{{name: c, factor: 1.05, {item}}}]}}"


def red(item: str) -> str:
    return f"{{red_lines: [{{name: r, when: red_line_events > 0, score_at_most: 59, {item}}}]}}"


@pytest.mark.parametrize(
    ("adjust", "cycle", "said"),
    [
        (conditioned("when: ideas_adopted > 0, over: 3 cycles"), "month", ""),
        (conditioned("when: ideas_adopted > 0, over: 12 cycles, of: team"), "month", ""),
        (conditioned("when: ideas_adopted > 0, over: 1 cycle, of: center"), "month", ""),
        (conditioned("when: ideas_adopted > 0, over: 13 cycles"), "month", "'c' looks over 13 cycles, and 1 to 12"),
        (conditioned("when: ideas_adopted > 0, over: 0 cycles"), "month", "'c' looks over 0 cycles, and 1 to 12"),
        (conditioned("over: 3 cycles"), "month", "'c' has no condition (when) to look over"),
        (conditioned("of: center"), "month", "'c' has no condition (when) on the center"),
        (red("lasts: year"), "month", ""),
        (red("lasts: year"), "year", "'r' lasts a year, as does every cycle"),
        (red("lasts: cycle"), "year", ""),
        (red("lasts: year, over: 1 cycle"), "month", ""),
        (red("lasts: year, over: 2 cycles"), "month", "'r' lasts a year, and looks over several cycles"),
        (red("lasts: year, of: team"), "month", "'r' lasts a year, and looks at the team"),
    ],
)
def test_conditions(tmp_path: Path, adjust: str, cycle: str, said: str) -> None:
    found = problems(tmp_path, adjust, cycle=cycle)
    assert [name for name, _ in found] == (["unfit-condition"] if said else [])
    assert all(said in text for _, text in found)


def test_a_team_needs_a_column_of_the_roster(tmp_path: Path) -> None:
    on = conditioned("when: ideas_adopted > 0, of: team")
    assert problems(tmp_path, on) == []
    tables = tmp_path / "tables.yaml"
    without = tables.read_text(encoding="utf-8").replace("\n      team: {type: id}\n  queues", "\n  queues")
    tables.write_text(without, encoding="utf-8")
    assert "unfit-condition" in {problem.name for problem in problems_of(load(tmp_path))}


def bonus(*items: str) -> str:
    return f"{{bonus: [{', '.join(f'{{amount: ideas_adopted, cap: 6, {item}}}' for item in items)}]}}"


@pytest.mark.parametrize(
    ("adjust", "names"),
    [
        (bonus("name: a, pool: 9"), []),
        (bonus("name: a, pool: 9, pool_by: team"), []),
        (bonus("name: a, pool: 9", "name: a, pool: 9"), []),
        (bonus("name: a, pool: 9", "name: b, pool: 8, pool_by: team"), []),
        (bonus("name: a", "name: a"), []),
        (bonus("name: a, pool: 9", "name: a, pool: 8"), ["pool-mismatch"]),
        (bonus("name: a, pool: 9", "name: a"), ["pool-mismatch"]),
        (bonus("name: a, pool: 9, pool_by: team", "name: a, pool: 9"), ["pool-mismatch"]),
        (bonus("name: a, pool_by: team"), ["pool-mismatch"]),
        (bonus("name: a, pool: 9, pool_by: queue_id"), ["unknown-column"]),
    ],
)
def test_pools(tmp_path: Path, adjust: str, names: list[str]) -> None:
    assert [name for name, _ in problems(tmp_path, adjust)] == names


@pytest.mark.parametrize(
    ("by", "subject", "names"),
    [
        ("team", "team", []),
        ("center", "center", []),
        ("center", "team", ["bad-value"]),
        ("team", "center", ["bad-value"]),
        ("queue_id", "team", ["unknown-column"]),
    ],
)
def test_a_linked_line_goes_by_the_roster(tmp_path: Path, by: str, subject: str, names: list[str]) -> None:
    line = f"{{linked_card: agent, by: {by}, category: growth, weight: 10, floor: 60, target: 100}}"
    assert [name for name, _ in problems(tmp_path, line=line, subject=subject)] == names


def test_whose_points_are_meant_is_said(tmp_path: Path) -> None:
    line = "{linked_card: third, by: team, take: kpi, kpi: service_level, category: growth, weight: 10}"
    third = CARD.replace("card: second", "card: third").format(adjust="{}", line=IDEAS, cycle="month", subject="team")
    problems(tmp_path, line=line, subject="team")
    (tmp_path / "third.yaml").write_text(
        third.replace("kpi: csat", "kpi: service_level, variant: of_offered").replace(
            "kpi: aht, weight: 30, floor: 480, target: 330",
            "kpi: service_level, variant: of_answered, weight: 30, floor: 0.5, target: 0.8",
        ),
        encoding="utf-8",
    )
    told = [problem.text for problem in problems_of(load(tmp_path)) if "whose points" in problem.text]
    assert told == ["Card 'second': card 'third' scores 'service_level' 2 times, and whose points are meant?"]
