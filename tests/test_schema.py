"""The schemas of the YAML: they take whatever the models take, and refuse what has another shape.

Held by a validator of draft 7, as an editor's language server has one. What is read is read by our own reader: editors
that read YAML 1.2 agree with it on what is text.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, ValidationError
from typer.testing import CliRunner

from ccmetrics.catalogue import models
from ccmetrics.catalogue.layer import DOCUMENTS, SECTIONS
from ccmetrics.catalogue.read import read
from ccmetrics.catalogue.schema import KINDS, schema
from ccmetrics.cli import app

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "configs" / "schema"
BROKEN = ROOT / "tests" / "catalogue" / "broken"
VALIDATORS = {kind: Draft7Validator(schema(kind)) for kind in KINDS}
GOOD = sorted(
    path
    for folder in (
        "configs",
        "tests/catalogue/whole",
        "tests/catalogue/linted",
        "tests/rehearsals",
        "tests/bench/config",
    )
    for path in (ROOT / folder).rglob("*.yaml")
)
WRONG_SHAPE = {
    "bad-value/card2.yaml": ["actions/0/due", "grades/0/pay", "kpis/4"],
    "bad-value/layout2.yaml": [
        "match/1", "tables/surveys/answered_at", "tables/surveys/csat", "tables/surveys/survey_id",
    ],
    "bad-value/more.yaml": ["kpis/extra", "measures/talked", "project/day_start"],
    "missing-key/more.yaml": ["kpis/extra"],
    "several/more.yaml": ["kpis/extra", "measures/held"],
    "unknown-key/more.yaml": ["", "measures/held", "measures/talked"],
    "wrong-type/card2.yaml": ["kpis/0"],
    "wrong-type/more.yaml": ["kpis/extra"],
}  # fmt: skip
"""File to where its shape is wrong. What else is wrong in these folders is no matter of shape."""


def documents(path: Path) -> list[Any]:
    return [spot.data for spot in read(path.name, path.read_bytes()).documents]


def kind_of(document: Any) -> str:
    return next((key for key in DOCUMENTS if key in document), "definitions")


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of a schema, at any depth, with its way."""
    if isinstance(node, dict):
        for key, part in node.items():
            if key in ("properties", "definitions") and isinstance(part, dict):
                for name, inner in part.items():
                    yield f"{path}/{name}", inner
                    yield from nodes(inner, f"{path}/{name}")
            else:
                yield from nodes(part, path)
    elif isinstance(node, list):
        for part in node:
            yield from nodes(part, path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_beside_the_definitions_are_what_the_command_prints(kind: str) -> None:
    """After a change of the models: python -m ccmetrics schema --out-dir configs/schema --force"""
    text = (SCHEMAS / f"{kind}.json").read_text(encoding="utf-8")
    assert text == json.dumps(schema(kind), ensure_ascii=False, indent=2) + "\n"
    assert {path.stem for path in SCHEMAS.iterdir()} == set(KINDS)


def call(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["schema", *words])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_prints_one_schema_and_without_a_kind_that_of_any_file() -> None:
    assert call("card") == (0, (SCHEMAS / "card.json").read_text(encoding="utf-8"), "")
    assert call() == (0, (SCHEMAS / "any.json").read_text(encoding="utf-8"), "")
    assert call("cards")[:2] == (2, "")


def test_all_of_them_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "schema"
    assert call("--out-dir", str(folder))[:2] == (0, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in SCHEMAS.iterdir()
    }
    (folder / "card.json").write_text("mine")
    (folder / "any.json").unlink()
    code, out, err = call("--out-dir", str(folder))
    assert (code, out) == (5, "")
    assert "--force" in err
    assert (folder / "card.json").read_text() == "mine"
    assert not (folder / "any.json").exists()
    assert call("--out-dir", str(folder), "--force")[0] == 0
    assert (folder / "card.json").read_bytes() == (SCHEMAS / "card.json").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_a_schema_that_explains_every_key(kind: str) -> None:
    whole = schema(kind)
    Draft7Validator.check_schema(whole)
    rules = [name for name, node in nodes(whole) if set(node) <= {"type", "const", "maxProperties"}]
    for name, node in nodes(whole):
        if name not in rules:
            assert node["title"], name
            assert len(node["description"]) > 10, name
            assert node["description"].endswith((".", "`")), name
        assert len({str(word) for word in node.get("enum", ())}) == len(node.get("enum", ())), name
    assert "$ref" not in {key for _, node in nodes(whole) for key in node if len(node) > 1}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: str(path.relative_to(ROOT)))
def test_our_own_definitions_fit(path: Path) -> None:
    for document in documents(path):
        for kind in (kind_of(document), "any"):
            assert [error.message for error in VALIDATORS[kind].iter_errors(document)] == []


@pytest.mark.parametrize("path", [p for p in GOOD if "configs" in p.parts], ids=lambda path: path.name)
def test_the_first_line_leads_an_editor_to_the_schema(path: Path) -> None:
    if path.is_relative_to(ROOT / "configs"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        target = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()
        assert target == SCHEMAS / f"{kind_of(documents(path)[0])}.json"


@pytest.mark.parametrize("name", WRONG_SHAPE)
def test_what_has_another_shape_is_refused_where_it_has_it(name: str) -> None:
    document = documents(BROKEN / name)[0]
    for kind in (kind_of(document), "any"):
        found = {"/".join(map(str, error.absolute_path)) for error in VALIDATORS[kind].iter_errors(document)}
        assert sorted(found) == WRONG_SHAPE[name]


@pytest.mark.parametrize(
    ("kind", "document", "fits"),
    [
        ("card", {"card": "a"}, False),
        ("card", {"card": "a", "title": "A", "subject": "center", "kpis": []}, True),
        ("card", {"card": "a", "title": {"zh": "A"}, "subject": "center", "kpis": []}, False),
        ("any", {"card": "a"}, False),
        ("any", {"layout": "a", "match": ["A"], "tables": {"surveys": {"survey_id": "Id"}}}, True),
        ("any", {"layout": "a", "match": ["A"], "tables": {"surveys": {"columns": {"survey_id": ["Id", "No"]}}}}, True),
        ("any", {"match": ["A"]}, False),
        ("definitions", {"project": {"day_start": "06:00", "currency": None, "parameters": {"a": None}}}, True),
        ("definitions", {"project": {"day_start": 360}}, False),
        ("definitions", {"project": {"parameters": {"a": "7"}}}, False),
        ("definitions", {"kpis": {"aht": None}, "measures": None}, True),
        ("definitions", {"measures": {"m": {"table": "t", "sum": "a", "else": {"table": "u", "count": "rows"}}}}, True),
        ("definitions", {"measures": {"m": {"table": "t", "quantile": "a"}}}, False),
        ("definitions", {"measures": {"m": {"table": "t", "sum": "a", "q": 0.5}}}, False),
        ("definitions", {"tables": {"t": {"about": "A", "key": "a", "columns": {"a": {"type": "id"}}}}}, True),
        ("definitions", {"tables": {"t": {"about": "A", "key": ["a", "b"], "columns": {"a": {"type": "ID"}}}}}, False),
        ("definitions", {"cards": {"a": {"title": "A", "subject": "center", "kpis": []}}}, True),
        (
            "definitions",
            {"tests": {"a": {"card": "a", "period": "2026-10", "rows": {"surveys": [{"csat": [1, 2]}]}}}},
            True,
        ),
        ("definitions", {"tests": {"a": {"card": "a", "period": "2026-10", "data": "folder"}}}, True),
        ("definitions", {"tests": {"a": {"card": "a", "period": "2026-10"}}}, False),
        ("definitions", {"tests": {"a": {"card": "a", "period": "2026-10", "data": "x", "rows": {"t": []}}}}, False),
    ],
)
def test_shapes(kind: str, document: Any, fits: bool) -> None:
    assert VALIDATORS[kind].is_valid(document) is fits


def line(**keys: Any) -> Any:
    return {"card": "a", "title": "A", "subject": "center", "kpis": [{"kpi": "csat", "weight": 100, **keys}]}


@pytest.mark.parametrize(
    ("keys", "fits"),
    [
        ({}, True),  # its goal may stand in targets.csv
        ({"floor": 0.5, "target": 0.8}, True),
        ({"floor": 0.5, "target": {"2026-01-01": 0.8, "2026-07-01": 0.9}}, True),
        ({"floor": 0.5, "target": {"last_year": "+5%", "else": 0.8}}, True),
        ({"floor": 0.5, "target": {"last_year": "5%", "else": 0.8}}, False),
        ({"floor": 0.5, "target": {"July": 0.9}}, False),
        ({"floor": 0.5}, False),
        ({"floor": "0.5", "target": 0.8}, False),
        ({"floor": 0.5, "target": 0.8, "points": [[1, 0], [2, 100]]}, False),
        ({"points": [[1, 0], [2, 100]]}, True),
        ({"points": [[1, 0], [2]]}, False),
        ({"ideal": [0.7, 0.8], "limits": [0.5, 0.9]}, True),
        ({"ideal": [0.7, 0.8]}, False),
        ({"min_n": 0}, False),
        ({"window": 61}, False),
        ({"missing": "zero"}, False),
    ],
)
def test_curves(keys: Any, fits: bool) -> None:
    assert VALIDATORS["card"].is_valid(line(**keys)) is fits


def entries() -> list[tuple[str, type[BaseModel], dict[str, Any]]]:
    """Every built-in definition, as plain data: kind of its schema, its model, itself."""
    found: list[tuple[str, type[BaseModel], dict[str, Any]]] = []
    for path in GOOD:
        for document in documents(path):
            kind = kind_of(document)
            if kind in DOCUMENTS:
                found.append((kind, SECTIONS[DOCUMENTS[kind]][1], document))
                continue
            for section, inner in document.items():
                model = models.Project if section == "project" else SECTIONS[section][1]
                found += ((section, model, entry) for entry in ([inner] if section == "project" else inner.values()))
    return found


ENTRIES = entries()
OTHERS = (None, "text", "", "2026-01-31", 3, 0.5, [], {}, ["text"], [1, 2], {"text": "text"}, {"2026-01-31": 1})


def ways(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, part in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*way, key)
        yield from ways(part, (*way, key))


def changed(entry: Any, way: tuple[Any, ...], other: Any) -> Any:
    """A copy with one thing gone (`...`), or something else in its place."""
    found = copy.deepcopy(entry)
    at = found
    for step in way[:-1]:
        at = at[step]
    if other is ...:
        del at[way[-1]]
    else:
        at[way[-1]] = other
    return found


def taken(model: type[BaseModel], entry: Any) -> bool:
    try:
        model.model_validate(entry)
    except ValidationError:
        return False
    return True


@settings(deadline=None)
@given(st.data())
def test_what_the_models_take_the_schema_takes(data: st.DataObject) -> None:
    section, model, entry = data.draw(st.sampled_from(ENTRIES))
    for _ in range(data.draw(st.integers(1, 3))):
        there = list(ways(entry))
        if there:
            entry = changed(entry, data.draw(st.sampled_from(there)), data.draw(st.sampled_from((..., ..., *OTHERS))))
    if taken(model, entry):
        kind = section if section in DOCUMENTS else "definitions"
        whole = entry if kind in DOCUMENTS else {section: entry if section == "project" else {"it": entry}}
        assert [error.message for error in VALIDATORS[kind].iter_errors(whole)] == []
