"""Goals from `targets.csv`: put into the cards as if they stood in the YAML, or refused at their cell."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from ccmetrics.catalogue import load, load_catalogue, problems_of
from ccmetrics.catalogue.models import Catalogue, Curve, Line

HERE = Path(__file__).parent
PLAIN = {
    "csat": "weight: 30, floor: 0.7, target: 0.85, stretch: 0.95, min_n: 20",
    "aht": "weight: 30, floor: 480, target: {2026-01-01: 330, 2026-07-01: 320}",
}
HEADER = "card,kpi,from,segment,floor,target,stretch\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The whole definitions, with two lines that leave their goals out."""
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    text = (tmp_path / "card.yaml").read_text(encoding="utf-8")
    for found in PLAIN.values():
        assert found in text
        text = text.replace(found, "weight: 30")
    (tmp_path / "card.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stated(folder: Path, rows: str, at: str = "targets.csv") -> list[Line]:
    (folder / at).parent.mkdir(exist_ok=True)
    (folder / at).write_bytes((HEADER + rows).encode("utf-8"))
    catalogue: Catalogue = load_catalogue(folder)
    return [line for line in catalogue.cards["agent"].kpis[:2] if isinstance(line, Line)]


def refused(folder: Path, text: str) -> list[str]:
    """Place and name of every problem."""
    (folder / "targets.csv").write_bytes(text.encode("utf-8"))
    return [f"{problem.place} {problem.name}" for problem in problems_of(load(Path()))]


@pytest.mark.parametrize("at", ["targets.csv", "cards/targets.csv"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_goals_stand_in_a_table_beside_the_yaml(folder: Path, at: str, end: str) -> None:
    rows = "agent,csat,,,0.7,0.85,0.95\nagent,aht,,,480,330,\n\n,,,,,,\n".replace("\n", end)
    csat, aht = stated(folder, rows, at)
    assert (csat.floor, csat.target, csat.stretch) == (0.7, 0.85, 0.95)
    assert (aht.floor, aht.target, aht.stretch) == (480, 330, None)


def test_rows_with_a_date_make_goals_by_date(folder: Path) -> None:
    rows = "agent,csat,,,0.7,0.85,\nagent,aht,2026-10-15,,450,300,280\nagent,aht,,,480,330,310\n"
    _, aht = stated(folder, rows)
    first, then = date(1, 1, 1), date(2026, 10, 15)
    assert (aht.floor, aht.target, aht.stretch) == (
        {first: 480, then: 450},
        {first: 330, then: 300},
        {first: 310, then: 280},
    )


def test_rows_with_a_segment_make_goals_by_segment(folder: Path) -> None:
    rows = (
        "agent,csat,,,0.7,0.85,\n"
        "agent,aht,,tenure=<90,600,500,\n"
        'agent,aht,2026-10-15,"tenure = >=90",450,300,\n'
        "agent,aht,2026-01-01,tenure=>=90,480,330,\n"
        "agent,aht,,,470,320,\n"
    )
    _, aht = stated(folder, rows)
    assert (aht.floor, aht.target) == (470, 320)
    assert aht.segments is not None
    assert aht.segments.by == "tenure"
    dated = Curve(
        floor={date(2026, 1, 1): 480, date(2026, 10, 15): 450}, target={date(2026, 1, 1): 330, date(2026, 10, 15): 300}
    )
    assert aht.segments.curves == {"<90": Curve(floor=600, target=500), ">=90": dated}


def test_another_number_is_another_catalogue(folder: Path) -> None:
    """The hash of the definitions is taken of the models."""
    rows = "agent,csat,,,0.7,0.85,\nagent,aht,,,480,{},\n"
    made = []
    for target in (330, 331):
        stated(folder, rows.format(target))
        made.append(load_catalogue(folder).model_dump_json())
    assert made[0] != made[1]


def test_a_problem_of_a_goal_is_told_at_its_cell(folder: Path) -> None:
    rows = "agent,csat,,,0.7,0.85,0.8\nagent,aht,,,480,330,\nagent,aht,2026-10-15,,300,330,\n"
    assert refused(folder, HEADER + rows) == ["targets.csv:2:23 curve-order", "targets.csv:4:27 curve-order"]


def test_a_problem_of_a_segment_is_told_at_its_cell(folder: Path) -> None:
    rows = "agent,csat,,weekday=8,0.7,0.85,\nagent,csat,,weekday=7,0.9,0.85,\nagent,aht,,,480,330,\n"
    assert refused(folder, HEADER + rows) == ["targets.csv:2:13 unknown-segment", "targets.csv:3:27 curve-order"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["targets.csv:1:1 missing-key"]),
        ("card,kpi,floor\n", ["targets.csv:1:1 missing-key"]),
        ("card;kpi;floor;target\n", ["targets.csv:1:1 bad-value"]),
        ("card,kpi,floor,goal\n", ["targets.csv:1:16 unknown-key"]),
        ("card,kpi,kpi,floor,target\n", ["targets.csv:1:10 duplicate-key"]),
        (HEADER + "agent,aht,,,480\n", ["targets.csv:2:13 bad-value"]),
        (HEADER + "agent,aht,,,480,,\n", ["targets.csv:2:17 missing-key"]),
        (HEADER + 'agent,aht,,,480,"1,000",\n', ["targets.csv:2:17 bad-value"]),
        (HEADER + "agent,aht,,,480,true,\n", ["targets.csv:2:17 bad-value"]),
        (HEADER + "agent,aht,15.10.2026,,480,330,\n", ["targets.csv:2:11 bad-value"]),
        (HEADER + "agent,aht,,tech,480,330,\n", ["targets.csv:2:12 bad-value"]),
        (HEADER + "agent,aht,,queue=a,480,330,\nagent,aht,,team=b,4,3,\n", ["targets.csv:3:12 bad-value"]),
        (HEADER + "agent,aht,,,480,330,300\nagent,aht,2026-10-01,,480,330,\n", ["targets.csv:3:23 unlike-curves"]),
        (HEADER + "agent,load,,,480,330,\n", ["targets.csv:2:7 two-targets"]),
        (HEADER + "agents,aht,,,480,330,\n", ["targets.csv:2:1 unknown-card"]),
    ],
)
def test_what_is_no_goal_is_refused_at_its_cell_and_nowhere_else(folder: Path, text: str, expected: list[str]) -> None:
    assert refused(folder, text) == expected


def test_a_file_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "targets.csv").write_bytes(b"card,kpi,floor,target\nagent,aht,480,\xb3330\n")
    assert [problem.name for problem in problems_of(load(Path()))] == ["not-utf-8"]


def test_two_tables_with_one_goal(folder: Path) -> None:
    (folder / "cards").mkdir()
    (folder / "cards" / "targets.csv").write_text(HEADER + "agent,aht,,,480,330,\n", encoding="utf-8")
    found = refused(folder, HEADER + "agent,aht,,,480,330,\nagent,csat,,,0.7,0.85,\n")
    assert found == ["cards/targets.csv:2:7 two-targets"]
