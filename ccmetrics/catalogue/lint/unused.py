"""Lints: definitions that nothing uses.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.formulas import formulas
from ccmetrics.catalogue.layer import is_builtin
from ccmetrics.catalogue.places import walk
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.catalogue.uses import SHAPED
from ccmetrics.formula import names, params, parts
from ccmetrics.problem import Problem

SECTIONS = ("tables", "measures", "kpis", "cards")


def unused_definitions(scope: Scope) -> Iterator[Problem]:
    """Measures and parameters that no formula names. A KPI is never unused: `measure` can always be asked for it."""
    if any(scope.is_broken(section, name) for section in SECTIONS for name in scope.named(section)):
        return  # what is broken may use anything
    named, taken = _uses(scope)
    for name in scope.catalogue.measures:
        if name not in named and _is_own(scope, ("measures", name)):
            text = f"Measure '{name}' is used by no KPI and by no card."
            yield scope.problem(("measures", name), "unused-definition", text, key=True)
    for name in scope.catalogue.project.parameters:
        if name not in taken and _is_own(scope, ("project", "parameters", name)):
            text = f"Parameter '{name}' stands in no formula."
            yield scope.problem(("project", "parameters", name), "unused-definition", text, key=True)


def _uses(scope: Scope) -> tuple[set[str], set[str]]:
    """Names that stand where a measure may, and parameters that stand anywhere."""
    named, taken = {kpi.n for kpi in scope.catalogue.kpis.values()}, set(SHAPED)
    named |= {definition.n for _, _, definition in scope.variants}
    named |= {card.shares.measure for card in scope.catalogue.cards.values() if card.shares is not None}
    for standing in formulas(scope):
        tree = standing.tree
        if tree is None:
            continue
        taken |= {str(node.value) for node in params(tree)}
        if not standing.table:
            named |= {parts(node)[0] for node in names(tree)}
    return {name for name in named if name}, taken


def _is_own(scope: Scope, path: Path) -> bool:
    """Whether it is written in the catalogue itself: what a company does not need of the built-in one is no waste."""
    *_, spot = walk(scope.places, path)
    return scope.catalogue.project.extends is None or not is_builtin(spot.source.file)


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (unused_definitions,)
