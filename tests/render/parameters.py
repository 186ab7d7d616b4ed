"""Numbers behind the names that formulas read, `:fcr_days`: found in the texts of definitions, as a reader finds them.

In: a source, a KPI. Out: the line that its definition must have, or none.
Refuses to know: trees of formulas, columns that a parameter shapes, pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.render.sources import ENDS, Source, rounded

SIZES = {"percent": (100, "%")}


def told(source: Source, kpi: str, variant: str) -> str:
    """By name; what is set nearest to the KPI holds: its line's, the card's, its own, the project's."""
    catalogue, card = source.result.catalogue, source.card.card
    lines = [getattr(line, "parameters", {}) for line in card.kpis if getattr(line, "kpi", "") == kpi]
    near = [card.parameters, *lines[:1]]
    values = {**catalogue.project.parameters, **catalogue.kpis[kpi].parameters}
    for each in near:
        values |= each
    units = catalogue.project.parameter_units
    found = sorted(set(_named(source, kpi, variant)) & set(values))
    return ("、" if source.at else ", ").join(
        f"{name} = {_number(source, values[name], units.get(name))}" for name in found
    )


def _number(source: Source, value: float, unit: str | None) -> str:
    size, sign = SIZES.get(unit or "", (1, ENDS[unit][source.at] if unit in ENDS else ""))
    text = rounded(value * size, 4)
    return f"{text.rstrip('0').rstrip('.')}{sign}"


def _named(source: Source, kpi: str, variant: str) -> Iterator[str]:
    """Every `:name` in the formulas of a KPI, of the KPIs it rests on, and of their measures."""
    catalogue = source.result.catalogue
    own = catalogue.kpis[kpi].variant(variant or None)
    yield from re.findall(r":(\w+)", own.formula)
    for word, of in re.findall(r"(?<!:)\b([a-z_]\w*)(?:\.(\w+))?", f"{own.formula} {own.n or ''}"):
        if word in catalogue.measures:
            measure = catalogue.measures[word]
            texts = [text for part in (measure, measure.otherwise) if part for text in (part.formula, part.where)]
            yield from re.findall(r":(\w+)", " ".join(text for text in texts if text))
        elif word in catalogue.kpis:
            other = catalogue.kpis[word]
            yield from _named(source, word, of if of in other.variants else other.default or "")
