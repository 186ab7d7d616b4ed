"""Every formula of measures, KPIs and cards: whose it is, where it stands, what its names mean.

In: the definitions as checks see them. Out: formulas, one after the other.
Refuses to know: what is wrong with any of them, layouts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ccmetrics.catalogue.models import Aggregate, Amount, Card
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.formula import FormulaProblem, Node, parse


class Standing(NamedTuple):
    """`what` begins sentences about it. `table`: over whose rows it is, '' where it is over measures and KPIs."""

    what: str
    text: str
    path: Path
    table: str = ""

    @property
    def tree(self) -> Node | None:
        """None where it is no SQL, which has had its problem."""
        try:
            return parse(self.text)
        except FormulaProblem:
            return None


ADJUSTMENTS = ("bonus", "deductions", "coefficients", "red_lines")


def formulas(scope: Scope) -> Iterator[Standing]:
    for name, measure in scope.catalogue.measures.items():
        what, path = f"Measure '{name}'", ("measures", name)
        yield from _aggregate(what, path, measure)
        if measure.otherwise is not None:
            yield from _aggregate(what, (*path, "else"), measure.otherwise)
    for name, variant, definition in scope.variants:
        at: Path = ("kpis", name, "variants", variant, "formula") if variant else ("kpis", name, "formula")
        yield Standing(f"KPI '{name}'", definition.formula, at)
    for name, card in scope.catalogue.cards.items():
        yield from card_formulas(name, card)


def _aggregate(what: str, path: Path, aggregate: Aggregate) -> Iterator[Standing]:
    if aggregate.count != "rows":
        yield Standing(what, aggregate.formula, (*path, aggregate.kind), aggregate.table)
    if aggregate.where is not None:
        yield Standing(what, aggregate.where, (*path, "where"), aggregate.table)


def card_formulas(name: str, card: Card) -> Iterator[Standing]:
    """What a card says in SQL; its lines and what it watches are names, and no formulas."""
    what = f"Card '{name}'"
    if card.who is not None:
        yield Standing(what, card.who, ("cards", name, "who"), "roster")
    for key in ADJUSTMENTS:
        for index, item in enumerate(getattr(card.adjust, key)):
            path: Path = ("cards", name, "adjust", key, index)
            if item.when is not None:
                yield Standing(what, item.when, (*path, "when"))
            if isinstance(item, Amount):
                yield Standing(what, item.amount, (*path, "amount"))
    for index, action in enumerate(card.actions):
        yield Standing(what, action.when, ("cards", name, "actions", index, "when"))
