"""KPIs written out: the KPIs that a formula names replaced by theirs, down to measures.

In: the definitions as checks see them. Out: trees over measures, and the measures and tables behind a KPI.
Refuses to know: what is wrong with a formula; of one that is wrong there is nothing here.
"""

from __future__ import annotations

from ccmetrics.catalogue.scope import Parts, Scope
from ccmetrics.formula import FormulaProblem, Node, inline, is_of_kind, names, parse, parts

Definition = tuple[str, str]
"""A KPI's id and a variant of it, '' where it has none."""


def definition_of(scope: Scope, name: Parts) -> Definition | None:
    """The KPI definition that a name in a formula means; None where it means a measure, or nothing."""
    kpi = scope.kpi_of(name)
    if kpi is None or (len(name) == 1 and name[0] in scope.measures):
        return None
    return name[0], name[1] if len(name) == 2 else kpi.default or ""


def uses(scope: Scope, formula: str) -> list[Definition]:
    """The KPI definitions that a formula names."""
    try:
        found = [parts(node) for node in names(parse(formula))]
    except FormulaProblem:
        return []
    return [use for name in found if (use := definition_of(scope, name)) is not None]


def written_out(scope: Scope, node: Node) -> Node:
    """A formula down to measures. Only for definitions without circles."""

    def replaced(name: Parts) -> Node | None:
        use = definition_of(scope, name)
        if use is None:
            return None
        return written_out(scope, parse(scope.catalogue.kpis[use[0]].variant(use[1] or None).formula))

    return inline(node, replaced)


def tree_of(scope: Scope, kpi: str, variant: str | None = None) -> Node | None:
    """A KPI's formula down to measures; None where it has another problem (no SQL, no such KPI, a circle, text
    taken for a number)."""
    own = scope.catalogue.kpis.get(kpi)
    if own is None or (variant is not None and variant not in own.variants):
        return None
    try:
        tree = written_out(scope, parse(own.variant(variant).formula))
        return tree if is_of_kind(tree, "number", scope.value, scope.parameters) else None
    except (FormulaProblem, RecursionError):
        return None


def measures_of(scope: Scope, kpi: str, variant: str | None = None) -> frozenset[str]:
    """The measures behind a KPI, near and far; none where its formula has another problem."""
    tree = tree_of(scope, kpi, variant)
    return frozenset() if tree is None else frozenset(".".join(parts(node)) for node in names(tree))


def tables_of(scope: Scope, kpi: str, variant: str | None = None) -> frozenset[str]:
    """The tables whose rows a KPI is taken from, those of an `else` apart."""
    known = scope.catalogue.measures
    return frozenset(known[name].table for name in measures_of(scope, kpi, variant) if name in known)
