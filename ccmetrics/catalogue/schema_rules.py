"""What the models demand of a definition that their types do not tell, as pieces of JSON Schema.

In: nothing. Out: rules between the keys of a model, its short forms, and what single keys take beside their type.
Refuses to know: how a schema is put together.
"""

from __future__ import annotations

from typing import Any

from ccmetrics.catalogue.models import AGGREGATES
from ccmetrics.catalogue.models.project import TOLERATED

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WORDS: Schema = {"type": ["string", "number"]}
TEXTS: Schema = {"type": ["string", "array"], "items": {"type": ["string", "number"]}, "minItems": 1}


def _given(key: str) -> Schema:
    """There, and not null. Said so that an editor has one thing to say where it is not there."""
    return {"required": [key], "not": {"required": [key], "properties": {key: {"type": "null"}}}}


def _filled(key: str) -> Schema:
    return {"required": [key], "not": {"required": [key], "properties": {key: {"maxProperties": 0}}}}


def _one_of(*keys: str) -> Schema:
    return {"oneOf": [_given(key) for key in keys]}


def _needs(condition: Schema, *wanted: Schema) -> Schema:
    return {"if": condition, "then": {"allOf": list(wanted)}}


def _not_both(*conditions: Schema) -> Schema:
    return {"not": {"allOf": list(conditions)}}


FLOORS = {"anyOf": [_given(key) for key in ("floor", "target", "stretch")]}
IDEALS = {"anyOf": [_given(key) for key in ("ideal", "limits")]}
AGGREGATE = (
    _one_of(*AGGREGATES),
    {**_needs(_given("quantile"), _given("q")), "else": {"not": _given("q")}},
)
CURVE = (
    _needs(FLOORS, _given("floor"), _given("target")),
    _needs(IDEALS, _given("ideal"), _given("limits")),
    _not_both(FLOORS, _given("points")),
    _not_both(FLOORS, IDEALS),
    _not_both(_given("points"), IDEALS),
)
RULES: dict[str, tuple[Schema, ...]] = {
    "Aggregate": AGGREGATE,
    "Measure": AGGREGATE,
    "Kpi": (
        {"oneOf": [_given("formula"), _filled("variants")]},
        {**_needs(_filled("variants"), _given("default")), "else": {"not": _given("default")}},
    ),
    "Curve": CURVE,
    "Line": CURVE,
    "LinkedLine": CURVE,
    "RedLine": (_given("when"), {"anyOf": [_given(key) for key in ("score_at_most", "grade_at_most", "pay")]}),
    "Source": (
        _one_of("from", "constant", "datetime", "join", "between", "case"),
        _needs(_given("apart"), _given("join")),
    ),
    "Take": (_one_of("from", "case"),),
    "FileForm": (_not_both({"required": ["quoting"], "properties": {"quoting": {"const": "none"}}}, _given("escape")),),
    "CardTest": ({"oneOf": [_filled("rows"), _given("data")]},),
}
"""Model to what holds between its keys. A line without a goal may have it in a table of targets."""

SHORT: dict[str, Schema] = {
    **dict.fromkeys(("Progression", "Variant", "Take"), TEXT),
    **dict.fromkeys(("Words", "Text"), WORDS),
    "Source": TEXTS,
}
"""Model to the short form that may stand for it."""

BESIDE: dict[tuple[str, str], Schema] = {
    ("Table", "key"): TEXT,
    ("Source", "datetime"): TEXT,
    ("Project", "allow_rejects"): {"type": ["string", "integer"], "minimum": 0, "pattern": rf"^\s*({TOLERATED})\s*$"},
}
"""Key to what it takes beside what its type says, or more exactly than that."""
