"""What the checks let pass, and the shapes that one broken YAML a name does not show."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ccmetrics.catalogue import load, problems_of
from ccmetrics.catalogue.cycles import cycles
from ccmetrics.catalogue.models import Table
from ccmetrics.catalogue.routes import locate

HERE = Path(__file__).parent

CARD = """
card: second
title: Second
subject: agent_id
kpis:
  - {{kpi: csat, weight: {csat}, floor: 0.7, target: 0.85}}
  - {{kpi: aht, weight: {aht}, floor: 480, target: 330}}
  - {{kpi: revenue_per_contact, weight: 30, floor: 1, target: 3}}
  - {{kpi: ideas, weight: 10, {curve}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    return tmp_path


def names(folder: Path, text: str) -> list[str]:
    (folder / "more.yaml").write_text(text, encoding="utf-8")
    return [problem.name for problem in problems_of(load(folder))]


@pytest.mark.parametrize(
    ("csat", "aht", "expected"),
    [
        ("30", "30", []),
        ("30.1", "29.9", []),
        ("30", "29.99", ["weights-not-100"]),
        # 15 until the end of June and 25 from July on, the other way round for the other line.
        ("{2026-01-01: 15, 2026-07-01: 25}", "{2026-01-01: 45, 2026-07-01: 35}", []),
        ("{2026-01-01: 15, 2026-07-01: 25}", "{2026-01-01: 45, 2026-08-01: 35}", ["weights-not-100"]),
        ("{2026-01-01: 15, 2026-07-01: 25}", "45", ["weights-not-100"]),
        # Before March the second line has no weight, and nothing is said of a sum.
        ("{2026-01-01: 20, 2026-03-01: 30}", "{2026-03-01: 30}", []),
        ("110", "-50", ["bad-value"]),
    ],
)
def test_weights_sum_to_100_on_every_date(folder: Path, csat: str, aht: str, expected: list[str]) -> None:
    assert names(folder, CARD.format(csat=csat, aht=aht, curve="floor: 0, target: 2")) == expected


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ("points: [[0, 0], [1, 50], [2, 120]]", []),
        ("points: [[2, 120], [1, 50], [0, 0]]", []),  # written from the top
        ("points: [[0, 0], [1, 50], [1, 80], [2, 80]], steps: true", []),  # a jump and a level stretch
        ("points: [[0, 0], [2, 50], [1, 80]]", ["curve-order"]),
        ("points: [[0, 0], [1, 50], [2, 49]]", ["curve-order"]),
        ("points: [[0, 50], [2, 50]]", ["curve-order"]),
        ("points: [[0, 50]]", ["curve-order"]),
        ("floor: 2, target: 2", ["curve-order"]),
        ("floor: 0, target: 2, stretch: 1.9", ["curve-order"]),
        ("floor: 0, target: {2026-01-01: 2, 2026-07-01: 3}, stretch: {2026-01-01: 3, 2026-07-01: 4}", []),
        ("floor: 0, target: {2026-01-01: 2, 2026-06-01: 3}, stretch: {2026-01-01: 3, 2026-07-01: 4}", ["curve-order"]),
        ("floor: 3, target: {last_year: +5%, else: 2}", ["curve-order"]),  # a floor keeps its distance to `else`
        ("floor: 1, target: {last_year: +5%, else: 2}", []),
        ("segments: {by: weekday, curves: {mon: {floor: 3, target: 2}}}", ["curve-order"]),
    ],
)
def test_points_never_fall_as_a_value_improves(folder: Path, curve: str, expected: list[str]) -> None:
    assert names(folder, CARD.format(csat=30, aht=30, curve=curve)) == expected


@pytest.mark.parametrize(
    ("amount", "when", "expected"),
    [
        ("5", "csat.n >= 20", []),
        ("2 * ideas_adopted", "service_level.of_answered < 0.8 AND load > 0.5", []),
        ("aht", "aht > 300", []),
        ("csat.m", "ideas", ["unknown-name", "kind-mismatch"]),
        ("ideas.n + 1", "csat.n IS NULL", []),
        ("service_level.of_none.n", "1 = 1", ["unknown-name"]),
    ],
)
def test_formulas_on_a_card_name_measures_kpis_and_their_n(
    folder: Path, amount: str, when: str, expected: list[str]
) -> None:
    card = CARD.format(csat=30, aht=30, curve="floor: 0, target: 2")
    adjust = f"adjust:\n  bonus: [{{name: extra, amount: {amount}, when: {when}, cap: 5}}]\n"
    assert names(folder, card + adjust) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("handle_time / timed / 3600", []),
        ("handle_time / timed", ["unit-mismatch"]),
        ("aht / 3600", []),
        ("handle_time + answered", ["unit-mismatch"]),
        ("answered > 3", ["kind-mismatch"]),
        ("service_level.of_offered * aht / 3600", []),
        ("service_level.of_nobody * aht / 3600", ["unknown-name"]),
        ("extra / 2", ["kpi-cycle"]),
        ("csat.n * aht / 3600", ["unknown-name"]),
        ("aht * :threshold_s / :threshold_s / 3600", []),
        ("interactions.handle_s / 3600", ["unknown-name"]),
    ],
)
def test_formulas_of_kpis(folder: Path, formula: str, expected: list[str]) -> None:
    text = "name: X, category: growth, nature: result, timing: leading, level: [agent], unit: h, better: higher"
    assert names(folder, f'kpis: {{extra: {{{text}, formula: "{formula}"}}}}') == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.3333", []), ("0.333333333333", []), ("0.333", ["failed-expectation"]), ("0.3334", ["failed-expectation"])],
)
def test_an_expected_value_is_as_exact_as_it_is_written_from_four_digits_on(
    folder: Path, value: str, expected: list[str]
) -> None:
    head = "name: X, category: growth, nature: result, timing: leading, level: [agent], unit: percent, better: higher"
    test = f"expect: [{{given: {{satisfied: 1, answers: 3}}, value: {value}}}]"
    assert names(folder, f"kpis: {{extra: {{{head}, formula: csat, {test}}}}}") == expected


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("{table: surveys, distinct: interaction.agent_id}", []),
        ("{table: surveys, distinct: agent_id}", []),  # looked up through the interaction
        ("{table: surveys, distinct: interaction.agent.team}", []),
        ("{table: interactions, count: team = 'a'}", []),  # a stated dimension of two ways
        ("{table: events, count: by.team = 'a'}", []),
        ("{table: events, count: team = 'a'}", ["ambiguous-path"]),
        ("{table: events, count: role = 'a' AND nothing = 1}", ["ambiguous-path"]),
        ("{table: events, max: recorded_at}", []),
        ("{table: events, sum: recorded_at}", ["kind-mismatch"]),
        ("{table: queues, count: rows}", ["missing-key"]),  # no time puts a queue in a period
        ("{table: interactions, sum: EXTRACT(EPOCH FROM ended_at - started_at), unit: s}", []),
        ("{table: interactions, sum: EXTRACT(EPOCH FROM ended_at - started_at) / 3600, unit: s}", ["unit-mismatch"]),
        ("{table: interactions, count: started_at < :period_start}", []),
        ("{table: surveys, count: rows, else: {table: events, count: wait_s > 3}}", ["unknown-name"]),
    ],
)
def test_columns_are_reached_by_one_way(folder: Path, measure: str, expected: list[str]) -> None:
    assert names(folder, f"measures:\n  extra: {measure}\n") == expected


ACTION = "  - {when: csat < 0.7, for: 2 cycles, do: course, to: team, due: 14d}\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (ACTION.replace("14d", "3d"), ["duplicate-definition"]),
        (ACTION.replace("to: team", "to: center"), []),
        (ACTION.replace("for: 2 cycles, ", ""), []),
        (ACTION.replace("csat < 0.7", "csat < 0.6"), []),
        (ACTION.replace("2 cycles", "0 cycles"), ["bad-value"]),
        (ACTION.replace("to: team", "to: ledaer_id"), ["unknown-name"]),
        (ACTION.replace("14d", "14 days"), ["bad-value"]),
    ],
)
def test_an_action_stands_once(folder: Path, more: str, expected: list[str]) -> None:
    card = CARD.format(csat="30", aht="30", curve="floor: 0, target: 2")
    assert names(folder, f"{card}actions:\n{ACTION}{more}") == expected


def test_cycles_begin_where_they_are_defined_first() -> None:
    needs = {"a": ["b"], "b": ["c", "d"], "c": ["b"], "d": ["d"], "e": ["a"]}
    assert cycles(needs) == [["b", "c"], ["d"]]
    assert cycles({str(n): [str(n + 1)] for n in range(5000)}) == []


def test_no_polars_is_needed() -> None:
    code = "import sys, ccmetrics.catalogue as c; c.problems_of(c.load()); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_stated_way_may_end_in_a_column_of_another_name() -> None:
    """The agent of an audit is whoever made it, and a formula follows that reference."""
    one, who = {"type": "id"}, {"type": "id", "refers": "roster"}
    tables = {
        "roster": Table.model_validate({"about": "p", "key": "agent_id", "columns": {"agent_id": one, "team": one}}),
        "deeds": Table.model_validate({"about": "d", "key": "id", "columns": {"id": one, "agent_id": who}}),
        "audits": Table.model_validate(
            {"about": "a", "key": "id", "columns": {"id": one, "by_id": who}, "dimensions": {"agent_id": ["by_id"]}}
        ),
    }
    assert locate(tables, lambda *_: True, "audits", ("agent", "team")) == ("by", "team")
    assert locate(tables, lambda *_: True, "deeds", ("agent", "team")) == ("agent", "team")
