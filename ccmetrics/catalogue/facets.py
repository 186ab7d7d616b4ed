"""A definition taken apart: its parts by name, and what each says by aspect. The same sense is the same text.

In: a card, KPI, measure, table, layout or project. Out: part to aspect to text; formulas as their trees say them.
Refuses to know: a second definition to compare with, languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from ccmetrics import formula
from ccmetrics.catalogue.models import (
    AGGREGATES,
    Aggregate,
    Card,
    Curve,
    Kpi,
    LastYear,
    Layout,
    Line,
    LinkedLine,
    Measure,
    Project,
    Segments,
    Table,
    Words,
)

Part = tuple[str, str]
"""What a part is and its name: ('line', 'aht'); ('', '') is the definition as a whole."""
Facets = dict[Part, dict[str, str]]

WHOLE: Part = ("", "")
FORMULAS = frozenset({"who", "when", "amount", "formula", "where", "ends", *AGGREGATES})
"""Keys under which a text is a formula."""
ADJUSTMENTS = {"bonus": "bonus", "deductions": "deduction", "coefficients": "coefficient", "red_lines": "red_line"}
CURVE = ("points", "ideal", "limits", "steps")
"""Keys that together are one curve; floor, target and stretch are told one by one."""


def of_card(card: Card, kpis: Mapping[str, Kpi]) -> Facets:
    found: Facets = {WHOLE: _aspects(card, ("card", "kpis", "missing", "adjust", "grades", "actions", "progression"))}
    for key, line in zip(line_keys(card, kpis), card.kpis, strict=True):
        found["line", key] = _line(card, line, kpis)
    for key, kind in ADJUSTMENTS.items():
        found |= _named(kind, [(item.name.en, item) for item in getattr(card.adjust, key)])
    found[WHOLE] |= _aspects(card.adjust, tuple(ADJUSTMENTS)) | _lists(card)
    found |= _named("grade", [(band.grade, band) for band in card.grades])
    return found | _named("action", [(action.do.en, action) for action in card.actions])


def _lists(card: Card) -> dict[str, str]:
    rules = {f"progression.{key}": each.rule for key, each in card.progression.items()}
    return rules | {f"progression.{key}.name": said(each.name) for key, each in card.progression.items() if each.name}


def line_keys(card: Card, kpis: Mapping[str, Kpi]) -> list[str]:
    """What tells the lines of a card apart: the KPI, with its variant where the card has the KPI twice."""
    first = [f"linked:{line.linked_card}" if isinstance(line, LinkedLine) else line.kpi for line in card.kpis]
    twice = {name for name, count in Counter(first).items() if count > 1}
    wanted = [
        f"{name}.{line.by if isinstance(line, LinkedLine) else chosen(line, kpis)}" if name in twice else name
        for name, line in zip(first, card.kpis, strict=True)
    ]
    return _apart(wanted)


def _apart(names: Sequence[str]) -> list[str]:
    """The names, from the second of the same on with their number."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def chosen(line: Line, kpis: Mapping[str, Kpi]) -> str:
    """The variant a line means, said or not; empty for a KPI without any."""
    kpi = kpis.get(line.kpi)
    return line.variant or (kpi.default if kpi is not None else None) or ""


def _line(card: Card, line: Line | LinkedLine, kpis: Mapping[str, Kpi]) -> dict[str, str]:
    """Variant and policy are those in force, whether the line says them or what it leaves them to."""
    found = _aspects(line, ("kpi", "segments", "missing", "variant", *CURVE))
    found["missing"] = line.missing or card.missing or "withhold"
    if curve := _curve(line):
        found["curve"] = curve
    if isinstance(line, Line):
        if variant := chosen(line, kpis):
            found["variant"] = variant
        if line.segments is not None:
            found |= _segments(line.segments)
    elif line.kpi:
        found["kpi"] = line.kpi
    return found


def _curve(curve: Curve) -> str:
    """The shapes that are no floor, target and stretch."""
    if curve.points is not None:
        return " ".join(f"[{said(value)}, {said(earned)}]" for value, earned in curve.points) + (
            ", in steps" if curve.steps else ""
        )
    if curve.ideal is not None and curve.limits is not None:
        return f"ideal {' to '.join(map(said, curve.ideal))}, limits {' to '.join(map(said, curve.limits))}"
    return "in steps" if curve.steps else ""


def _segments(segments: Segments) -> dict[str, str]:
    found: dict[str, str] = {"segments by": segments.by}
    for name, curve in segments.curves.items():
        goals = [f"{key} {said(getattr(curve, key))}" for key in ("floor", "target", "stretch") if getattr(curve, key)]
        found[f"curve in {segments.by} {name}"] = ", ".join([*goals, *filter(None, [_curve(curve)])])
    return found


def of_kpi(kpi: Kpi) -> Facets:
    variants = _named("variant", list(kpi.variants.items()))
    return {WHOLE: _aspects(kpi, ("variants", "expect")) | _tests(kpi), **variants}


def _tests(kpi: Kpi) -> dict[str, str]:
    return {"tests": "; ".join(_text(test) for test in kpi.expect)} if kpi.expect else {}


def of_measure(measure: Measure) -> Facets:
    found = _aspects(measure, ("where", "q", "otherwise", *AGGREGATES)) | _aggregate(measure)
    if measure.otherwise is not None:
        other = measure.otherwise
        found["else"] = ", ".join(
            f"{key} {value}" for key, value in {"table": other.table, **_aggregate(other)}.items()
        )
    return {WHOLE: found}


def _aggregate(aggregate: Aggregate) -> dict[str, str]:
    kind = aggregate.kind + (f" {said(aggregate.q)}" if aggregate.q is not None else "")
    found = {"formula": f"{kind.upper()}({_sql(aggregate.formula)})"}
    return found | ({"where": _sql(aggregate.where)} if aggregate.where is not None else {})


def of_table(table: Table) -> Facets:
    columns = _named("column", list(table.columns.items()))
    return {WHOLE: _aspects(table, ("columns",)), **columns}


def of_layout(layout: Layout) -> Facets:
    found: Facets = {WHOLE: _aspects(layout, ("layout", "tables"))}
    for name, table in layout.tables.items():
        found["table", name] = _aspects(table, ("columns",))
        found |= _named("column", [(f"{name}.{c}", source) for c, source in table.columns.items()])
    return found


def of_project(project: Project) -> Facets:
    """Parameters apart: each is a definition of its own. Which layer something was written in is no matter."""
    found: Facets = {WHOLE: _aspects(project, ("extends", "parameters"))}
    return found | {("parameter", name): {"value": said(value)} for name, value in project.parameters.items()}


# ---------------------------------------------------------------- texts


def _named(kind: str, entries: Sequence[tuple[str, BaseModel]]) -> Facets:
    keys = _apart([name for name, _ in entries])
    return {(kind, key): _aspects(entry) for key, (_, entry) in zip(keys, entries, strict=True)}


def _aspects(model: BaseModel, leave: Sequence[str] = ()) -> dict[str, str]:
    """Every key that says something else than its default, by the name it has in the YAML; a mapping key by key."""
    found: dict[str, str] = {}
    for key, value, default in _said(model):
        if key in leave or value == default:
            continue
        name = _yaml_name(model, key)
        if isinstance(value, BaseModel) and not isinstance(value, Words | LastYear):
            found |= {f"{name}.{inner}": text for inner, text in _aspects(value).items()} or {name: "yes"}
        elif isinstance(value, dict) and not any(isinstance(at, date) for at in value):
            found |= {f"{name}.{inner}": _text(each, key) for inner, each in value.items()}
        elif text := _text(value, key):
            found[name] = text
    return found


def _said(model: BaseModel) -> Iterator[tuple[str, Any, Any]]:
    for key, field in type(model).model_fields.items():
        yield key, getattr(model, key), field.get_default(call_default_factory=True)


def _yaml_name(model: BaseModel, key: str) -> str:
    return type(model).model_fields[key].alias or key


def _text(value: Any, key: str = "") -> str:
    """A value on one line. Only formulas of the same tree are the same text."""
    if isinstance(value, BaseModel) and not isinstance(value, Words | LastYear):
        return ", ".join(f"{name} {text}" for name, text in _aspects(value).items())
    if isinstance(value, str) and key in FORMULAS:
        return _sql(value)
    if isinstance(value, tuple):
        if key == "case":
            return "; ".join(f"{_sql(when)}: {said(then)}" for when, then in value)
        return ", ".join(_text(each, key) for each in value)
    return said(value)


def said(value: Any) -> str:
    """A plain value as it would be written: numbers in full, a goal with the days from which it holds."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, Words):
        return value.en if value.zh in ("", value.en) else f"{value.en} / {value.zh}"
    if isinstance(value, LastYear):
        return f"last_year {value.last_year}, of {value.of}, align {value.align}, else {said(value.otherwise)}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {said(each)}" for key, each in sorted(value.items(), key=lambda pair: str(pair[0])))
    return "" if value is None else str(value)


def _sql(text: str) -> str:
    """A formula as its tree says it: blanks, needless parentheses and the case of keywords are gone."""
    try:
        return formula.render(formula.parse(text))
    except formula.FormulaProblem:
        return text
