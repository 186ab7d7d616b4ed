"""Lints: parameters set where nothing reads them.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.expanded import tree_of, written_out
from ccmetrics.catalogue.formulas import card_formulas, formulas
from ccmetrics.catalogue.models import Card, Line
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.formula import Node, names, params, parts
from ccmetrics.problem import Problem

Read = dict[str, set[str]]
"""Measure to the parameters that its formulas name."""


def unread_parameters(scope: Scope) -> Iterator[Problem]:
    """A KPI's parameters hold for the measures that its own formula names, not for those of KPIs it names; a line's
    and a card's hold for all that is below them."""
    kpis, cards = scope.catalogue.kpis, scope.catalogue.cards
    if not any(kpi.parameters for kpi in kpis.values()) and not any(_has_some(card) for card in cards.values()):
        return
    read: Read = {}
    own: dict[str, set[str]] = {name: set() for name in kpis}
    for standing in formulas(scope):
        section, name = str(standing.path[0]), str(standing.path[1])
        if section == "measures" and standing.tree is not None:
            read.setdefault(name, set()).update(_parameters(standing.tree))
    for standing in formulas(scope):
        if standing.path[0] == "kpis" and standing.tree is not None:
            own[str(standing.path[1])] |= _reached(standing.tree, read)
    for name, kpi in kpis.items():
        counted = {kpi.n, *(definition.n for definition in kpi.variants.values())}
        reached = own[name].union(*(read.get(n or "", set()) for n in counted))
        yield from _unread(scope, f"KPI '{name}'", ("kpis", name), kpi.parameters, reached)
    for name, card in cards.items():
        yield from _of_card(scope, name, card, read)


def _has_some(card: Card) -> bool:
    return bool(card.parameters) or any(isinstance(line, Line) and line.parameters for line in card.kpis)


def _of_card(scope: Scope, name: str, card: Card, read: Read) -> Iterator[Problem]:
    whole: set[str] = set()
    for index, line in enumerate(card.kpis):
        if isinstance(line, Line):
            reached = _below(scope, read, line.kpi, line.variant)
            whole |= reached
            what = f"Card '{name}': the line of '{line.kpi}'"
            yield from _unread(scope, what, ("cards", name, "kpis", index), line.parameters, reached)
    for watched in card.watch:
        kpi, _, variant = watched.partition(".")
        whole |= _below(scope, read, kpi, variant or None)
    for standing in card_formulas(name, card):
        if standing.tree is not None and not standing.table:
            whole |= _reached(written_out(scope, standing.tree), read)
    yield from _unread(scope, f"Card '{name}'", ("cards", name), card.parameters, whole)


def _below(scope: Scope, read: Read, kpi: str, variant: str | None) -> set[str]:
    """The parameters that a KPI reads, near and far."""
    tree = tree_of(scope, kpi, variant)
    known = scope.catalogue.kpis.get(kpi)
    if tree is None or known is None:
        return set(scope.parameters)  # it has had its problem, and may read anything
    return _reached(tree, read) | read.get(known.variant(variant).n or "", set())


def _reached(tree: Node, read: Read) -> set[str]:
    return _parameters(tree).union(*(read.get(parts(node)[0], set()) for node in names(tree)))


def _parameters(tree: Node) -> set[str]:
    return {str(node.value) for node in params(tree)}


def _unread(scope: Scope, what: str, path: Path, given: Iterable[str], reached: set[str]) -> Iterator[Problem]:
    for name in given:
        if name in scope.parameters and name not in reached:
            text = f"{what} sets '{name}', and nothing that it computes reads it."
            yield scope.problem((*path, "parameters", name), "unread-parameter", text, key=True)


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (unread_parameters,)
