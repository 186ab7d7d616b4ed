"""The JSON Schema of the files of definitions, by which editors complete, explain and underline.

In: the models, and the words below their keys. Out: a schema a kind of file, of the draft that YAML editors read.
Refuses to know: files, any catalogue, which names exist, how keys of two entries agree (checks).
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from ccmetrics.catalogue.layer import DOCUMENTS, MERGED, SECTIONS
from ccmetrics.catalogue.models import Model, Project
from ccmetrics.catalogue.schema_rules import BESIDE, RULES, SHORT, Schema

KINDS = {
    "definitions": "A file of definitions: project, tables, measures, KPIs.",
    "card": "A scorecard: whom it scores, by which KPIs, with which goals.",
    "layout": "A layout: how one kind of export becomes canonical tables.",
    "any": "A file of definitions, of whichever kind.",
}
"""Kind of file to what it is."""

DAY, CLOCK = r"^\d{4}-\d\d-\d\d$", r"^\d\d:\d\d(:\d\d)?$"
YES_OR_NO = "^(true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$"
"""What a reader of YAML 1.2 hands on as text, and the models take for true or false."""


def schema(kind: str) -> Schema:
    """The schema of one kind of file."""
    there = _definitions()
    if kind == "any":
        # One refusal that fits, instead of all that three kinds have to say.
        documents = {key: {**there[_document(key)]["properties"][key]} for key in DOCUMENTS}
        root: Schema = {"type": "object", "properties": documents, **_by_key(list(DOCUMENTS), there)}
    else:
        root = _root(kind, there)
    root = {**root, "title": f"ccmetrics: {kind}", "description": KINDS[kind]}
    for section in DOCUMENTS.values():
        _optional(there, section)
    used = _used(root, there)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **root,
        "definitions": {name: there[name] for name in sorted(used)},
    }


def _by_key(keys: list[str], there: dict[str, Schema]) -> Schema:
    if not keys:
        return _root("definitions", there)
    return {"if": {"required": [keys[0]]}, "then": _root(keys[0], there), "else": _by_key(keys[1:], there)}


def _document(key: str) -> str:
    return SECTIONS[DOCUMENTS[key]][1].__name__


def _root(kind: str, there: dict[str, Schema]) -> Schema:
    if kind in DOCUMENTS:
        return dict(there[_document(kind)])
    sections = {"project": _project(there)}
    for section, (what, model) in SECTIONS.items():
        entry = _or_null({"$ref": f"#/definitions/{model.__name__}"})
        sections[section] = {
            "title": section,
            "description": f"Name to {what}. {_doc(model)} `null` removes one that lies below.",
            "type": ["object", "null"],
            "additionalProperties": entry,
        }
    return {"type": "object", "properties": sections, "additionalProperties": False}


def _project(there: dict[str, Schema]) -> Schema:
    """A key of the project that is empty removes what a lower layer says, too."""
    whole = there[Project.__name__]
    keys = {key: _or_null(node) for key, node in whole["properties"].items()}
    for key in MERGED:
        keys[key]["additionalProperties"] = _or_null(keys[key]["additionalProperties"])
    return {**whole, "type": ["object", "null"], "properties": keys}


def _optional(there: dict[str, Schema], section: str) -> None:
    """In a section the name stands before the entry, and need not be said again."""
    model = SECTIONS[section][1].__name__
    key = next(key for key, at in DOCUMENTS.items() if at == section)
    there[model] = {**there[model], "required": [each for each in there[model]["required"] if each != key]}


def _used(node: Any, there: dict[str, Schema]) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for name in _references(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(there[name])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for part in node.values():
            yield from _references(part)
    elif isinstance(node, list):
        for part in node:
            yield from _references(part)


def _definitions() -> dict[str, Schema]:
    """Every model's schema by its name."""
    wanted: list[Any] = [(model, "validation") for model in (Project, *(model for _, model in SECTIONS.values()))]
    _, raw = models_json_schema(wanted, ref_template="#/definitions/{model}")
    classes = {each.__name__: each for each in _below(Model)}
    return {name: _whole(classes[name], _draft7(node)) for name, node in raw["$defs"].items()}


def _below(model: type[Model]) -> Iterator[type[Model]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def _whole(model: type[Model], node: Schema) -> Schema:
    """With words, short forms, and the rules between keys."""
    name, title, docs = model.__name__, _title(model), _docs(model)
    for field, info in model.model_fields.items():
        key = info.alias or field
        inner = _with(node["properties"][key], BESIDE.get((name, key)))
        inner = {"allOf": [inner]} if "$ref" in inner else inner  # beside a $ref nothing counts in draft 7
        node["properties"][key] = {"title": f"{title}: {key}", "description": docs[field], **inner}
    words = {"title": title, "description": _doc(model)}
    node = {key: part for key, part in node.items() if key not in words}
    if name in RULES:
        node["allOf"] = list(RULES[name])
    if name == "LayoutTable":
        node = _flat_or(node)
    if name in SHORT:
        return {**words, "anyOf": [SHORT[name], node]}
    return {**words, **node}


def _with(node: Schema, more: Schema | None) -> Schema:
    if more is None:
        return node
    own = [each for each in _types(node) if each not in _types(more) and each != "number"]
    return {**node, **more, "type": [*_types(more), *own]}


def _flat_or(node: Schema) -> Schema:
    """Without the key `columns` they stand right below the table."""
    rest = {key: part for key, part in node["properties"].items() if key != "columns"}
    columns = node["properties"]["columns"]["additionalProperties"]
    flat = {"type": "object", "properties": rest, "additionalProperties": columns}
    return {"if": {"required": ["columns"]}, "then": node, "else": flat}


def _types(node: Schema) -> list[str]:
    return [node["type"]] if isinstance(node["type"], str) else node["type"]


def _or_null(node: Schema) -> Schema:
    if "type" not in node:
        words: Schema = {key: node[key] for key in ("title", "description") if key in node}
        return {**words, "anyOf": [node, {"type": "null"}]}
    found = {**node, "type": list(dict.fromkeys([*_types(node), "null"]))}
    if "enum" in found and None not in found["enum"]:
        found["enum"] = [*found["enum"], None]
    return found


def _draft7(node: Schema) -> Schema:
    """What pydantic writes in a later draft, as the models read plain YAML."""
    found = {key: part for key, part in node.items() if key != "title"}
    for key in ("properties", "patternProperties"):
        if key in found:
            found[key] = {name: _draft7(part) for name, part in found[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(found.get(key), dict):
            found[key] = _draft7(found[key])
    if "prefixItems" in found:
        found["items"] = [_draft7(part) for part in found.pop("prefixItems")]
    if found.pop("propertyNames", None):
        found |= {"patternProperties": {DAY: found["additionalProperties"]}, "additionalProperties": False}
    if "const" in found:
        found["enum"] = [found.pop("const")]
    if found.get("default") in (None, "", [], {}) or isinstance(found.get("default"), dict):
        found.pop("default", None)
    if "anyOf" not in found:
        return _as_read(found)
    branches = found.pop("anyOf")
    named = [part for part in branches if "$ref" in part]
    merged = _as_read(_draft7(_merged([part for part in branches if "$ref" not in part])))
    return {**found, "anyOf": [*([merged] if merged else []), *named]} if named else {**found, **merged}


def _merged(branches: list[Schema]) -> Schema:
    """Branches of different types as one node: a keyword means nothing for a type that is not its own."""
    merged: Schema = {}
    words = [word for each in branches for word in each.get("enum", [each["const"]] if "const" in each else [])]
    kinds = list(dict.fromkeys(each["type"] for each in branches))
    for each in branches:
        merged |= {key: part for key, part in each.items() if key != "const"}
    if words:
        merged["enum"] = [*words, None] if "null" in kinds else words
    if kinds:
        kinds = [kind for kind in kinds if kind != "integer" or "number" not in kinds]
        merged["type"] = kinds[0] if len(kinds) == 1 else kinds
    return merged


def _as_read(node: Schema) -> Schema:
    """Text that looks like a number is taken for text; a date is one by its writing alone."""
    kinds = _types(node) if "type" in node else []
    if kinds == ["boolean"]:
        return {**node, "type": ["boolean", "string"], "pattern": YES_OR_NO}
    if node.get("format") == "date":
        return {**node, "pattern": DAY}
    if node.get("format") == "time":
        return {**{key: part for key, part in node.items() if key != "format"}, "pattern": CLOCK}
    if "string" in kinds and "number" not in kinds and not {"enum", "pattern", "maxLength"} & set(node):
        return {**node, "type": [*kinds, "number"]}
    return node


def _title(model: type[Model]) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).capitalize()
    return {"Kpi": "KPI"}.get(words, words)


def _doc(model: type[Any]) -> str:
    return " ".join((model.__doc__ or "").split())


def _docs(model: type[Model]) -> dict[str, str]:
    """Field to the text below it, a base's first."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, Model):
            found |= _written(each.__module__).get(each.__name__, {})
    return found


@cache
def _written(module: str) -> dict[str, dict[str, str]]:
    """Class to field to the text below it, as the source of a module has them."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {each.name: dict(_below_fields(each)) for each in tree.body if isinstance(each, ast.ClassDef)}


def _below_fields(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            yield ast.unparse(field.target), " ".join(str(text.value.value).split())
