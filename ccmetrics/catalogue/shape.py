"""One definition held against its model: the model, or what is wrong with the definition and where.

In: a spot of the YAML and the model it should be. Out: the model, or problems, each at its key or value.
Refuses to know: which names exist, and every other definition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ccmetrics.catalogue.places import Spot, problem_at, walk
from ccmetrics.problem import Problem, did_you_mean

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

EXPECTED = {
    "float": "a number",
    "finite": "a number",
    "int": "a whole number",
    "string": "text",
    "bool": "true or false",
    "list": "a list [ ]",
    "tuple": "a list [ ]",
    "dict": "a mapping { }",
    "model": "a mapping { }",
    "date": "a date like 2026-01-31",
    "time": "a time like 06:00",
}
"""First word of pydantic's `..._type` errors to what a reader is told."""

WRITTEN = {
    r"^\d{1,3}d$": "14d",
    r"\S": "empathy course",
    r"^\d{1,3} cycles?$": "2 cycles",
    r"^[1-9]\d? cycles?$": "2 cycles",
    r"^[+-]\d{1,4}(\.\d{1,6})?(%|pp)$": "+5% or +2pp",
}
"""Pattern of a model to an example that meets it."""

LIMITS = {
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
    "string_too_short": "at least {min_length} characters",
    "too_short": "at least {min_length} long",
    "too_long": "at most {max_length} long",
}

MISFIT = 100
"""Cost of a branch of a union that is another kind of value altogether."""


class Error(NamedTuple):
    """A pydantic error. `path` are the steps the YAML has; `branches` those it has not (a union's branch, or the long
    form of a short one), each with the length of the path before it."""

    kind: str
    path: Path
    branches: tuple[tuple[int, str], ...]
    missing: str
    is_key: bool
    raw: Mapping[str, Any]


def shaped(model: type[M], what: str, spot: Spot, data: object = None) -> tuple[M | None, list[Problem]]:
    """The definition as a model. `what` names it in messages: `KPI 'aht'`."""
    try:
        return model.model_validate(spot.data if data is None else data), []
    except ValidationError as error:
        errors = _nearest([_error(spot, raw) for raw in error.errors(include_url=False)])
    keys = {path: _known(model, path) for path in {group[0].path[:-1] for group in errors}}
    unknown = [group[0].path for group in errors if group[0].kind == "extra_forbidden"]
    meant = {(path[:-1], did_you_mean(str(path[-1]), keys[path[:-1]])) for path in unknown}
    # A misspelt key is one mistake, not an unknown key and a missing one.
    rest = [g for g in errors if (g[0].path, f" Did you mean '{g[0].missing}'?") not in meant]
    return None, [_problem(what, spot, group, keys.get(group[0].path[:-1], [])) for group in rest]


def what_holds(model: type[M], spot: Spot) -> M:
    """A definition without its keys, and the names inside of them, that are wrong; for one that needs no key."""
    kept: dict[str, Any] = {}
    for key, value in spot.data.items() if isinstance(spot.data, dict) else ():
        for part in [{name: inner} for name, inner in value.items()] if isinstance(value, dict) else [value]:
            if shaped(model, "", spot, {key: part})[0] is not None:
                kept[key] = {**kept.get(key, {}), **part} if isinstance(part, dict) else part
    return model.model_validate(kept)


def _error(spot: Spot, raw: Mapping[str, Any]) -> Error:
    steps = list(raw["loc"])
    missing = str(steps.pop()) if raw["type"] == "missing" else ""
    is_key = steps[-1:] == ["[key]"]
    path: list[str | int] = []
    branches: list[tuple[int, str]] = []
    for step in steps[:-1] if is_key else steps:
        if step in spot.items:
            spot = spot.items[step]
            path.append(step)
        else:
            branches.append((len(path), str(step)))
    return Error(raw["type"], tuple(path), tuple(branches), missing, is_key, raw)


def _nearest(errors: list[Error]) -> list[list[Error]]:
    """Of the branches of a union only the one that fits best speaks; where none fits at all they speak as one."""
    kept = [[error] for error in errors if not error.branches]
    for start, branches in _forks(errors).items():
        best = min(branches.values(), key=lambda group: _cost(group, start))
        if len(branches) > 1 and _cost(best, start) >= MISFIT:
            kept.append([error for group in branches.values() for error in group if error.path == start])
        else:
            kept += _nearest(best)
    return kept


def _forks(errors: list[Error]) -> dict[Path, dict[str, list[Error]]]:
    """Where unions stand, and what each branch of them has to say."""
    forks: dict[Path, dict[str, list[Error]]] = {}
    for error in errors:
        if error.branches:
            depth, branch = error.branches[0]
            inner = error._replace(branches=error.branches[1:])
            forks.setdefault(error.path[:depth], {}).setdefault(branch, []).append(inner)
    return forks


def _cost(group: list[Error], start: Path) -> int:
    """How far a branch is from what is written. Of a union inside it only the branch that fits best counts."""
    costs = {"missing": 1, "extra_forbidden": 2, "value_error": 0}
    own = [error for error in group if not error.branches]
    root = {error.kind for error in own if error.path == start} - set(costs)
    inner = [min(_cost(each, at) for each in branches.values()) for at, branches in _forks(group).items()]
    cost = sum(2 if error.is_key else costs.get(error.kind, 0) for error in own)
    return cost + sum(min(each, 2) for each in inner) + (MISFIT if root else 0)


def _known(model: type[BaseModel], path: Path) -> list[str]:
    """The keys a definition may have at a path, as far as the models' annotations tell."""
    at = {model}
    for step in path:
        fields = [f for m in at for n, f in m.model_fields.items() if step in (n, f.alias)]
        at = {m for f in fields for m in _models(f.annotation)} if fields else at
    return sorted({f.alias or n for m in at for n, f in m.model_fields.items()})


def _models(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for argument in get_args(annotation) for model in _models(argument)}


def _problem(what: str, spot: Spot, group: list[Error], known: list[str]) -> Problem:
    error = group[0]
    *_, at = walk(spot, error.path)
    last = next((str(step) for step in reversed(error.path) if isinstance(step, str)), "")
    subject = f"{what}: '{last}'" if last else what
    if error.missing:
        return problem_at(spot, error.path, "missing-key", f"{subject} needs the key '{error.missing}'.")
    if error.kind == "extra_forbidden":
        known = [key for key in known if key != last]  # a key of another branch
        hint = did_you_mean(last, known) or f" Known here: {', '.join(known)}."
        return problem_at(spot, error.path, "unknown-key", f"{what} has no key '{last}'.{hint}", key=True)
    if error.kind == "value_error":
        said = str(error.raw["ctx"]["error"])
        word = said.partition(" ")[0]  # a rule that begins with a key is about that key
        path = (*error.path, word) if word in at.items else error.path
        return problem_at(spot, path, "bad-value", f"{subject}: {said}.", key=error.is_key)
    if error.kind.endswith("_type") or error.kind in ("float_parsing", "int_parsing", "bool_parsing", "finite_number"):
        wanted = " or ".join(dict.fromkeys(EXPECTED.get(e.kind.split("_")[0], "another type") for e in group))
        text = f"{subject} is {_found(at)}, where {wanted} is expected."
        return problem_at(spot, error.path, "wrong-type", text, key=error.is_key)
    if error.is_key:
        why = error.raw.get("ctx", {}).get("error", error.raw["msg"])
        return problem_at(
            spot, error.path, "bad-value", f"{what}: the key '{last}' cannot stand here: {why}.", key=True
        )
    return problem_at(spot, error.path, "bad-value", f"{subject} is {_found(at)}, {_rule(group)}")


def _rule(group: list[Error]) -> str:
    """Why a value of the right type is not taken."""
    error = group[0]
    context = error.raw.get("ctx", {})
    if error.kind == "literal_error":
        lists = [str(each.raw["ctx"]["expected"]) for each in group if each.kind == "literal_error"]
        allowed = list(dict.fromkeys(word for words in lists for word in re.findall(r"'([^']*)'", words)))
        return f"which is none of: {', '.join(allowed)}.{did_you_mean(str(error.raw['input']), allowed)}"
    if error.kind == "string_pattern_mismatch":
        return f"which is not written like {WRITTEN.get(context['pattern'], context['pattern'])}."
    if error.kind in LIMITS:
        return f"which must be {LIMITS[error.kind].format(**context)}."
    return f"which cannot be: {context.get('error', error.raw['msg'])}."


def _found(spot: Spot) -> str:
    data = spot.data
    if data is None:
        return "empty"
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, int | float):
        return f"the number {data:g}" if abs(data) < 1e15 else "a very large number"
    if isinstance(data, str):
        return f"the text '{data if len(data) <= 40 else data[:37] + '...'}'"
    return "a list" if isinstance(data, list) else "a mapping"
