"""Two catalogues held against each other: what differs, in the words of the field, and whom it touches.

In: two catalogues. Out: one row a difference, in a stable order; none where only the writing differs.
Refuses to know: files, languages, what a difference does to anybody's score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ccmetrics.catalogue.facets import (
    WHOLE,
    Facets,
    of_card,
    of_kpi,
    of_layout,
    of_measure,
    of_project,
    of_table,
)
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.catalogue.uses import Thing, users

ADDED, REMOVED = "added", "removed"
SENSELESS = frozenset({"about", "source", "owner", "serves", "tests", "qualitative", "allow"})
"""Aspects that say something to readers and move no number."""


@dataclass(frozen=True)
class Difference:
    """One thing that the two say differently."""

    kind: str
    """The definition: card, kpi, measure, parameter, table, layout, project."""
    name: str
    part: str
    """What of it: line, bonus, deduction, coefficient, red_line, grade, action, variant, column; empty: all of it."""
    of: str
    """Name of the part."""
    aspect: str
    """Its key in the YAML (weight, target, formula ...), or added, removed."""
    before: str
    after: str
    kpis: tuple[str, ...] = ()
    """KPIs, `fcr.survey` where they have variants, whose values hang on it."""
    cards: tuple[str, ...] = ()
    """Cards whose numbers hang on it, in either catalogue."""

    @property
    def moves_numbers(self) -> bool:
        return self.aspect.partition(".")[0] not in SENSELESS


def differences(one: Catalogue, other: Catalogue) -> tuple[Difference, ...]:
    """Everything that differs, by kind in the order of `KINDS`, then in the order in which the second has it."""
    both = (users(one), users(other))
    found = [
        _touching(row, both)
        for kind, facets in KINDS.items()
        for name, before, after in _paired(facets(one), facets(other))
        for row in _between(kind, name, before, after)
    ]
    return tuple(found)


def _of_cards(catalogue: Catalogue) -> dict[str, Facets]:
    return {name: of_card(card, catalogue.kpis) for name, card in catalogue.cards.items()}


def _parameters(catalogue: Catalogue) -> dict[str, Facets]:
    found = of_project(catalogue.project)
    return {name: {WHOLE: said} for (kind, name), said in found.items() if kind == "parameter"}


KINDS: dict[str, Callable[[Catalogue], Mapping[str, Facets]]] = {
    "card": _of_cards,
    "kpi": lambda c: {name: of_kpi(kpi) for name, kpi in c.kpis.items()},
    "measure": lambda c: {name: of_measure(measure) for name, measure in c.measures.items()},
    "parameter": _parameters,
    "project": lambda c: {"": {WHOLE: of_project(c.project)[WHOLE]}},
    "table": lambda c: {name: of_table(table) for name, table in c.tables.items()},
    "layout": lambda c: {name: of_layout(layout) for name, layout in c.layouts.items()},
}


def _paired(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Name and both definitions, in the order of the second; what only the first has comes last."""
    for name in [*other, *(name for name in one if name not in other)]:
        yield name, one.get(name), other.get(name)


def _between(kind: str, name: str, one: Facets | None, other: Facets | None) -> Iterator[Difference]:
    if one is None or other is None:
        yield Difference(kind, name, "", "", ADDED if one is None else REMOVED, _brief(one), _brief(other))
        return
    for (part, of), before, after in _paired(one, other):
        if before is None or after is None:
            word = ADDED if before is None else REMOVED
            yield Difference(kind, name, part, of, word, _summary(before), _summary(after))
            continue
        for aspect, old, new in _paired(before, after):
            if old != new:
                yield Difference(kind, name, part, of, aspect, old or "", new or "")


def _brief(whole: Facets | None) -> str:
    """What a definition that only one of the two has says first of all: its value or formula, or its parts."""
    if whole is None:
        return ""
    own = whole.get(WHOLE, {})
    for key in ("value", "formula"):
        if key in own:
            return own[key]
    return ", ".join(of for part, of in whole if part in ("line", "variant"))


def _summary(said: Mapping[str, str] | None) -> str:
    """All a part says, without its name."""
    return ", ".join(f"{key} {text}" for key, text in (said or {}).items() if key not in (*SENSELESS, "name"))


# ---------------------------------------------------------------- consequences


def _touching(row: Difference, both: tuple[Mapping[Thing, set[Thing]], ...]) -> Difference:
    """The row with the KPIs and cards whose numbers hang on what it says."""
    if row.kind == "card" or not row.moves_numbers:
        return row
    found = {user for graph in both for user in graph.get(_thing(row), ())}
    kpis, cards = (tuple(sorted(name for kind, name in found if kind == wanted)) for wanted in ("kpi", "card"))
    return Difference(**{**vars(row), "kpis": kpis, "cards": cards})


def _thing(row: Difference) -> Thing:
    if row.part == "variant":
        return "kpi", f"{row.name}.{row.of}"
    return ("column", row.of) if row.kind == "table" and row.part == "column" else (row.kind, row.name)
