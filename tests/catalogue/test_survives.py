"""Whatever stands in the definitions, a check ends with findings and no traceback.

In: formulas of every wrong kind and numbers beyond all use, one at a time in the whole definitions beside this file.
Out: pass or fail, with the place that shows it. Refuses to know: what any of them should be told as.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccmetrics.catalogue import errors_of, load
from ccmetrics.catalogue.attainable import printed
from ccmetrics.catalogue.lint import lint
from ccmetrics.catalogue.scope import Scope
from ccmetrics.examine import examine

WHOLE = Path(__file__).parent / "whole"
Steps = tuple[str | int, ...]

HEAD = (
    "name: Odd, category: operational, nature: result, timing: leading, level: [agent], unit: count, better: higher, "
    "about: x, source: y"
)
"""All that a KPI says beside its formula."""

FORMULAS = (
    "'a'",
    "'a' - 1",
    "GREATEST('a', 1)",
    "NULLIF('a', 1)",
    "CASE WHEN 1 THEN 'a' ELSE 2 END",
    "'a' BETWEEN 1 AND 2",
    "EXTRACT(hour FROM 1)",
    "LENGTH('abc')",
    "NULL / NULL",
    "FLOOR(1e308 * 10 - 1e308 * 10)",
    "ideas_adopted / 'b'",
    "role > 1",
)
NUMBERS = (1e300, -1e300, 1e-300, 1e20, 1.7976931348623157e308, 0, -0.0)
KEYS = {"formula", "count", "sum", "mean", "where", "who", "when", "amount"}
"""Whose texts are formulas."""


def steps_to(node: Any, is_wanted: Callable[[str | int, Any], bool], at: Steps = ()) -> Iterator[Steps]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        if is_wanted(key, value):
            yield (*at, key)
        yield from steps_to(value, is_wanted, (*at, key))


def put(document: Any, steps: Steps, value: object) -> Any:
    changed = deepcopy(document)
    at = changed
    for step in steps[:-1]:
        at = at[step]
    at[steps[-1]] = value
    return changed


def written(folder: Path, file: str, content: object) -> None:
    (folder / file).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in WHOLE.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def is_formula(key: str | int, value: object) -> bool:
    return key in KEYS and isinstance(value, str)


def is_number(key: str | int, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize(
    ("file", "is_wanted", "values", "fewest"),
    [
        ("kpis.yaml", is_formula, FORMULAS, 6),
        ("measures.yaml", is_formula, FORMULAS, 10),
        ("card.yaml", is_formula, FORMULAS, 4),
        ("card.yaml", is_number, NUMBERS, 30),
    ],
    ids=["formulas of KPIs", "formulas of measures", "formulas of a card", "numbers of a card"],
)
def test_a_check_ends(folder: Path, file: str, is_wanted: Any, values: tuple[object, ...], fewest: int) -> None:
    whole = yaml.safe_load((WHOLE / file).read_text(encoding="utf-8"))
    slots = list(steps_to(whole, is_wanted))
    assert len(slots) >= fewest
    for index, steps in enumerate(slots):
        # In turn: every value in some slot, every slot with some values.
        for value in values[index % 3 :: 3] if len(slots) > 10 else values:
            written(folder, file, put(whole, steps, value))
            try:
                examine(folder)
            except Exception as error:
                raise AssertionError(f"{value!r} in {file} at {steps}: {error!r}") from error


def test_a_test_beside_a_kpi_is_not_worked_out_of_a_formula_of_a_wrong_kind(folder: Path) -> None:
    test = "expect: [{given: {ideas_adopted: 1}, value: 1}]"
    (folder / "more.yaml").write_text(
        f"kpis:\n  odd: {{{HEAD}, formula: ideas_adopted - 'a', {test}}}\n", encoding="utf-8"
    )
    assert [finding.problem.name for finding in examine(folder, select=["error"]).standing] == ["kind-mismatch"]


def test_a_test_that_only_an_engine_can_work_out_is_told(folder: Path) -> None:
    test = "expect: [{given: {ideas_adopted: 1}, value: 4}]"
    line = f"kpis:\n  odd: {{{HEAD}, formula: ideas_adopted + LENGTH('abc'), {test}}}\n"
    (folder / "more.yaml").write_text(line, encoding="utf-8")
    (told,) = [each.problem for each in examine(folder, select=["error"]).standing]
    assert told.name == "failed-expectation"
    assert told.text == "A test of KPI 'odd' cannot be worked out from its measures alone: LENGTH needs rows."


def test_lints_speak_of_what_is_right_beside_what_is_of_a_wrong_kind(folder: Path) -> None:
    fine = f"  seven: {{{HEAD}, formula: 7 + 0 * ideas_adopted}}\n"
    (folder / "more.yaml").write_text(
        f"kpis:\n  odd: {{{HEAD}, formula: ideas_adopted - 'a'}}\n{fine}", encoding="utf-8"
    )
    loaded = load(folder)
    scope = Scope(loaded.catalogue, loaded.places)
    about = {problem.about for problem in lint(scope, errors_of(loaded)) if problem.name == "constant-formula"}
    assert about == {("kpis", "seven")}


@pytest.mark.parametrize(
    ("score", "shown"), [(2.5, 3), (1e15 + 0.5, 1e15 + 1), (1e19, 1e19), (-1e300, -1e300), (float("inf"), float("inf"))]
)
def test_a_score_of_any_size_is_rounded(score: float, shown: float) -> None:
    assert printed(score, 0) == shown
