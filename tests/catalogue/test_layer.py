"""Layers of definitions: what replaces what, and how definitions become models."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from ccmetrics.catalogue import Catalogue, errors_of, layer, load, load_catalogue, place_at, problems_of
from ccmetrics.catalogue.models import Line
from ccmetrics.problem import FileFailed

HERE = Path(__file__).parent


@pytest.fixture
def over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder; the whole definitions of the tests stand in for the built-in ones."""
    monkeypatch.setattr(layer, "builtin", lambda: HERE / "whole")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder: Path, **files: str) -> Catalogue:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def test_without_a_folder_the_builtin_definitions_hold(over: Path) -> None:
    assert load_catalogue().project.name.en == "A small center"


def test_who_changes_the_builtin_definitions_changes_their_own(over: Path) -> None:
    del load_catalogue().kpis["aht"]
    assert load_catalogue().kpis["aht"].name.zh == "平均处理时长"


def test_a_folder_that_extends_nothing_stands_alone(over: Path) -> None:
    found = loaded(over, project="project: {name: Mine}")
    assert (found.project.name.en, found.project.parameters, found.kpis, found.tables) == ("Mine", {}, {}, {})


def test_an_extending_folder_says_only_what_differs(over: Path) -> None:
    text = "project: {extends: builtin}\nmeasures: {revenue: {table: events, max: amount}}\n"
    found = loaded(over, mine=text)
    assert found.measures["revenue"].max == "amount"
    assert found.measures["revenue"].where is None  # replaced whole: nothing of the built-in one is left
    assert found.kpis["aht"].name.zh == "平均处理时长"
    assert found.cards["agent"].subject == "agent_id"


def test_null_removes_an_entry(over: Path) -> None:
    text = "project: {extends: builtin}\ncards: {agent: null}\nkpis: {ideas: null, load: ~}\nlayouts:\n  phone:\n"
    found = loaded(over, mine=text)
    assert sorted(found.kpis) == ["aht", "csat", "revenue_per_contact", "service_level"]
    assert (found.cards, found.layouts) == ({}, {})


def test_whatever_used_a_removed_entry_is_checked_again(over: Path) -> None:
    (over / "mine.yaml").write_text("project: {extends: builtin}\nkpis: {ideas: null}\n")
    (problem,) = problems_of(load(over))
    assert (problem.name, Path(problem.place.file).name, problem.place.line) == ("unknown-kpi", "card.yaml", 9)
    assert problem.text == "Card 'agent' names 'ideas', which is no KPI: mine.yaml:2 removes it."
    assert problem.mend == "Take that line out, or remove this as well: `agent: null` under `cards`."


def test_a_formula_says_who_removed_what_it_uses(over: Path) -> None:
    (over / "mine.yaml").write_text("project: {extends: builtin}\nmeasures:\n  revenue: null\n")
    (problem, *_) = [problem for problem in problems_of(load(over)) if problem.name == "unknown-name"]
    assert problem.text == "KPI 'revenue_per_contact' uses 'revenue', which is no measure: mine.yaml:3 removes it."
    assert problem.mend.endswith("`revenue_per_contact: null` under `kpis`.")


def test_parameters_of_the_project_are_layered_name_by_name(over: Path) -> None:
    text = "project:\n  extends: builtin\n  parameters: {fcr_days: 7}\n  parameter_units: {fcr_days: day}\n"
    project = loaded(over, mine=text).project
    assert project.parameters == {"threshold_s": 20, "fcr_days": 7}
    assert project.parameter_units == {"threshold_s": "s", "fcr_days": "day"}
    assert (project.name.en, project.time_zone) == ("A small center", "UTC")


def test_other_keys_of_the_project_are_replaced_whole(over: Path) -> None:
    project = loaded(over, a="project: {extends: builtin, name: Mine}", b="project: {currency: EUR}").project
    assert (project.name.en, project.currency, project.time_zone) == ("Mine", "EUR", "UTC")


def test_cards_may_stand_in_a_mapping_or_a_document_each(over: Path) -> None:
    lines = "[{kpi: csat, weight: 100, floor: {2026-01-01: 0.5}, target: 0.9}]"
    allow = "{one-sided-mix: a try, all-lagging: a try}"
    text = f"cards:\n  mine: {{title: Mine, subject: agent_id, allow: {allow}, kpis: {lines}}}\n"
    text += f"---\ncard: other\ntitle: Other\nsubject: agent_id\nallow: {allow}\nkpis: {lines}\n"
    found = loaded(over, mine=f"project: {{extends: builtin}}\n{text}")
    assert sorted(found.cards) == ["agent", "mine", "other"]
    line = found.cards["mine"].kpis[0]
    assert isinstance(line, Line)
    assert line.floor == {date(2026, 1, 1): 0.5}


def test_a_broken_definition_is_said_once_and_not_by_whatever_uses_it(over: Path) -> None:
    text = "project: {extends: builtin}\nmeasures:\n  answered: {table: interactions, cuont: rows}\n"
    (over / "mine.yaml").write_text(text)
    assert [problem.name for problem in problems_of(load(over))] == ["unknown-key"]


def test_a_broken_project_still_has_its_parameters(over: Path) -> None:
    text = "project:\n  extends: builtin\n  parameters: {fcr_days: seven}\n"
    (over / "mine.yaml").write_text(text)
    assert [str(problem.place) for problem in problems_of(load(over))] == ["mine.yaml:3:26"]


def test_where_a_file_cannot_be_read_to_its_end_no_name_is_called_unknown(over: Path) -> None:
    shutil.copytree(HERE / "whole", over, dirs_exist_ok=True)
    measures = (over / "measures.yaml").read_text()
    (over / "measures.yaml").write_text(measures.replace("  timed: {table", "  timed: {{table"))
    assert [problem.name for problem in problems_of(load(over))] == ["yaml-syntax"]


def test_files_are_found_in_folders_and_hidden_ones_left_out(over: Path) -> None:
    (over / "deep" / "er").mkdir(parents=True)
    (over / ".git").mkdir()
    (over / ".git" / "a.yaml").write_text("nonsense: 1")
    (over / "deep" / "er" / "b.yml").write_text("project: {name: Deep}")
    (over / "notes.txt").write_text("nonsense")
    assert load_catalogue(over).project.name.en == "Deep"
    assert load_catalogue(over / "deep" / "er" / "b.yml").project.name.en == "Deep"


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_definitions_is_said(over: Path, folder: str) -> None:
    with pytest.raises(FileFailed) as failed:
        load(Path(folder))
    assert [problem.name for problem in failed.value.problems] == ["no-definitions"]


def test_the_place_of_any_value_can_be_asked_later(over: Path) -> None:
    places = load().places
    place = place_at(places, ("cards", "agent", "kpis", 1, "target", "2026-07-01"))
    line = (HERE / "whole" / "card.yaml").read_text().split("\n")[place.line - 1]
    assert (Path(place.file).name, line[place.column - 1 :][: place.width]) == ("card.yaml", "320")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('"0.85"', "wrong-type"),
        ("true", "wrong-type"),
        (".nan", "wrong-type"),
        ("0_85", "wrong-type"),
        ("{last_year: 5%}", "bad-value"),
        ("{last_year: +5%, els: 0.8}", "unknown-key"),
        ("{20260101: 0.85}", "bad-value"),
        ("{2026-01-01: high}", "wrong-type"),
    ],
)
def test_a_value_that_fits_no_kind_of_goal_is_one_problem(over: Path, value: str, name: str) -> None:
    line = f"  - {{kpi: csat, weight: 100, floor: 0.5, target: {value}}}"
    text = "project: {extends: builtin}\n---\ncard: mine\ntitle: Mine\nsubject: agent_id\nkpis:\n"
    (over / "mine.yaml").write_text(f"{text}{line}\n")
    found = problems_of(load(over))
    assert name in {problem.name for problem in found}
    assert {problem.place.line for problem in found} == {7}
    assert len({problem.place for problem in found}) == len(found) <= 2


@pytest.mark.parametrize("name", ["{hotline}", "[hotline]", "{a: b}"])
def test_the_name_of_a_card_is_a_word(over: Path, name: str) -> None:
    (over / "card.yaml").write_text(f"card: {name}\ntitle: Hotline\n", encoding="utf-8")
    found = [str(problem.place) for problem in load(over).problems]
    assert found == ["card.yaml:1:1"]


@pytest.mark.parametrize("name", ["true", "5", "1.50", "0x1F"])
def test_the_name_of_a_card_is_as_it_is_written(over: Path, name: str) -> None:
    """A number or a truth, where YAML has its own spelling of them."""
    (over / "card.yaml").write_text(f"card: {name}\ntitle: Hotline\nsubject: team\nkpis: []\n", encoding="utf-8")
    assert name in load(over).catalogue.cards


def test_one_bad_key_of_the_project_takes_nothing_else_with_it(over: Path) -> None:
    text = (
        "project:\n  extends: builtin\n  language: de\n  max_duration_h: 12\n"
        "  parameters: {threshold_s: 30, most: many}\n  parameter_units: {most: count}\n"
    )
    (over / "mine.yaml").write_text(text)
    found = load(over)
    assert [(problem.place.line, problem.name) for problem in errors_of(found)] == [(3, "bad-value"), (5, "wrong-type")]
    assert (found.catalogue.project.language, found.catalogue.project.max_duration_h) == ("en", 12)
    assert found.catalogue.project.parameters == {"threshold_s": 30}


def test_a_misspelt_section_is_told_once_and_not_by_all_that_used_it(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("projekt: {extends: builtin}\n", encoding="utf-8")
    (tmp_path / "kpis.yaml").write_text("kpis: {one: {formula: handled / offered}}\n", encoding="utf-8")
    found = errors_of(load(tmp_path))
    assert "unknown-key" in {problem.name for problem in found}
    assert not [problem for problem in found if problem.name == "unknown-name"]


def test_an_empty_key_of_the_project_is_said_where_it_removes_nothing(tmp_path: Path) -> None:
    """A time zone that somebody forgot to fill in would be another one without a word."""
    (tmp_path / "project.yaml").write_text("project:\n  time_zone:\n  language: en\n", encoding="utf-8")
    (found,) = errors_of(load(tmp_path))
    assert (found.name, found.place.line) == ("nothing-to-remove", 2)


def test_an_empty_key_of_the_project_removes_the_one_below(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("project: {extends: builtin, name: }\n", encoding="utf-8")
    whole = load(tmp_path)
    assert problems_of(whole) == []
    assert load_catalogue().project.name.en == "Contact center"
    assert whole.catalogue.project.name.en == ""
