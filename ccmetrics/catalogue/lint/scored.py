"""What a card scores: its lines as KPIs, and what they weigh on every day that weights change.

In: a card and the definitions. Out: lines with their KPIs and weights; nothing of a card that names what is not there.
Refuses to know: what is wise, curves, values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ccmetrics.catalogue.card_checks import weight_on
from ccmetrics.catalogue.expanded import Definition
from ccmetrics.catalogue.models import Card, Kpi, Line, LinkedLine
from ccmetrics.catalogue.scope import Scope


@dataclass(frozen=True)
class Scored:
    """A line that scores a KPI, its own or that of a linked card (`take: kpi`)."""

    index: int
    definition: Definition
    kpi: Kpi
    linked: LinkedLine | None = None

    @property
    def said(self) -> str:
        return said(self.definition) + (f" of card '{self.linked.linked_card}'" if self.linked else "")


def said(definition: Definition) -> str:
    kpi, variant = definition
    return f"'{kpi}.{variant}'" if variant else f"'{kpi}'"


def scored_cards(scope: Scope) -> Iterator[tuple[str, Card, list[Scored]]]:
    """Every card whose KPIs are all there, with the lines that score one."""
    for name, card in scope.catalogue.cards.items():
        definitions = [_definition(scope, line) for line in card.kpis]
        if card.kpis and all(map(_is_there, card.kpis, definitions)):
            yield name, card, list(_lines(scope, card, definitions))


def _definition(scope: Scope, line: Line | LinkedLine) -> Definition | None:
    """The definition of the KPI that a line scores: a linked line that of the other card's line."""
    if isinstance(line, Line):
        return definition_of(scope, line.kpi, line.variant)
    other = scope.catalogue.cards.get(line.linked_card)
    named = [each for each in other.kpis if isinstance(each, Line) and each.kpi == line.kpi] if other else []
    return _definition(scope, named[0]) if named else None


def _is_there(line: Line | LinkedLine, definition: Definition | None) -> bool:
    return definition is not None or (isinstance(line, LinkedLine) and line.take != "kpi")


def _lines(scope: Scope, card: Card, definitions: Iterable[Definition | None]) -> Iterator[Scored]:
    for index, (line, definition) in enumerate(zip(card.kpis, definitions, strict=True)):
        if definition is not None:
            linked = line if isinstance(line, LinkedLine) else None
            yield Scored(index, definition, scope.catalogue.kpis[definition[0]], linked)


def definition_of(scope: Scope, name: str, variant: str | None = None) -> Definition | None:
    """The definition that a KPI and a variant of it mean; None where they mean nothing."""
    kpi = scope.catalogue.kpis.get(name)
    if kpi is None or (variant is not None and variant not in kpi.variants):
        return None
    return name, variant or kpi.default or ""


def watched(scope: Scope, card: Card) -> dict[int, Definition]:
    """What stands under `watch` and is there, by its place in the list."""
    named = [name.partition(".") for name in card.watch]
    found = {index: definition_of(scope, kpi, variant or None) for index, (kpi, _, variant) in enumerate(named)}
    return {index: definition for index, definition in found.items() if definition is not None}


@dataclass(frozen=True)
class Weighed:
    """What every line of a card weighs, and since when: ` from 2026-07-01 on`, or '' where it is always so."""

    since: str
    weights: tuple[float, ...]

    def of(self, lines: Iterable[Scored]) -> float:
        return sum(self.weights[line.index] for line in lines)


def weighed(card: Card) -> Iterator[Weighed]:
    """The weights of a card, anew from every day on which one changes. Before all are stated nothing is scored."""
    days = sorted({day for line in card.kpis if isinstance(line.weight, dict) for day in line.weight})
    for day in days or [date.min]:
        weights = [weight_on(line, day) for line in card.kpis]
        stated = tuple(weight for weight in weights if weight is not None)
        if len(stated) == len(weights):
            yield Weighed(f" from {day} on" if days else "", stated)
