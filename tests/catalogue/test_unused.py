"""What counts as used: by the program itself, by the layer above, by what cannot be read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from ccmetrics.catalogue import load
from ccmetrics.catalogue.lint.unused import unused_definitions
from ccmetrics.catalogue.scope import Scope
from ccmetrics.catalogue.uses import SHAPED
from ccmetrics.examine import examine

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "ccmetrics"


def unused(folder: Path) -> list[str]:
    loaded = load(folder)
    return [problem.text for problem in unused_definitions(Scope(loaded.catalogue, loaded.places))]


def test_parameters_of_the_program_are_those_its_stages_ask_for() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (PACKAGE / "stages").rglob("*.py")]
    assert {name for text in texts for name in re.findall(r'\.parameter\("(\w+)"\)', text)} == set(SHAPED)


def test_a_company_need_not_use_all_that_is_built_in(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "project: {extends: builtin, parameters: {own_days: 3}}\n"
        "kpis: {backlog: null}\n"
        "measures:\n  own: {table: interactions, count: rows}\n",
        encoding="utf-8",
    )
    # Without the KPI nothing uses its measure, open_cases.
    assert unused(tmp_path) == [
        "Measure 'own' is used by no KPI and by no card.",
        "Parameter 'own_days' stands in no formula.",
    ]


@pytest.mark.parametrize("broken", ["measures: {answers: {table: surveys}}", "kpis: {csat: {name: Satisfaction}}"])
def test_what_is_broken_may_use_anything(broken: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    (tmp_path / "more.yaml").write_text("measures: {spare: {table: interactions, count: rows}}\n", encoding="utf-8")
    assert unused(tmp_path) == ["Measure 'spare' is used by no KPI and by no card."]
    section, name = broken.split(": {")[0], broken.split("{")[1].split(":")[0]
    kept = (tmp_path / f"{section}.yaml").read_text(encoding="utf-8")
    (tmp_path / f"{section}.yaml").write_text(kept.replace(f"\n  {name}:", f"\n  {name}: 5\n  _:"), encoding="utf-8")
    assert unused(tmp_path) == []


@pytest.mark.parametrize(
    "more",
    [
        "measures: {spare: {table: interactions, count: outcom = 'answered'}}",
        "measures: {spare: {table: interactions, count: outcome = }}",
        "measures: {spare: {table: interactions, count: rows}}",
    ],
)
def test_what_is_wrong_is_mended_and_not_removed(more: str, tmp_path: Path) -> None:
    """A measure with a mistake in it, and one that a mistaken name may mean."""
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    if "rows" in more:
        kept = (tmp_path / "kpis.yaml").read_text(encoding="utf-8")
        (tmp_path / "kpis.yaml").write_text(kept.replace("handle_time / timed", "spair / timed"), encoding="utf-8")
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    names = {each.problem.name for each in examine(tmp_path).standing}
    assert names & {"unknown-name", "formula-syntax"}
    assert "unused-definition" not in names
