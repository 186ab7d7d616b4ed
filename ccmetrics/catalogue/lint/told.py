"""Whose word a KPI rests on: what customers said, what evaluations found.

In: a definition of a KPI, the measures behind it, their tables' columns. Out: yes or no.
Refuses to know: names of KPIs and measures, cards.
"""

from __future__ import annotations

from collections.abc import Iterable

from ccmetrics.catalogue.expanded import Definition, measures_of, tree_of
from ccmetrics.catalogue.models import Aggregate, Measure
from ccmetrics.catalogue.scope import Scope
from ccmetrics.formula import FormulaProblem, Node, division, names, parse, parts

CONTENT = frozenset({"rating", "number", "percent", "flag", "category", "text"})
"""Types of columns that hold what somebody said or found; ids and times say only that there is a row."""
ASKED = frozenset({"rating", "number", "percent"})
"""Those that a `where` asks for the sake of the answer: by flags and categories it only picks rows."""


def is_told_by_customers(scope: Scope, definition: Definition) -> bool:
    """Whether a KPI hangs on answers to surveys, or on complaints."""
    return any(
        _looks_at(scope, measure, "surveys", CONTENT) or _looks_at(scope, measure, "cases", frozenset({"rating"}))
        for measure in _measures(scope, definition)
    ) or _counts_complaints(scope, definition)


def is_found_by_evaluation(scope: Scope, definition: Definition) -> bool:
    """Whether a KPI hangs on what evaluations found, and not only on how many there were."""
    tables = ("evaluations", "evaluation_items")
    measures = _measures(scope, definition)
    return any(_looks_at(scope, measure, table, CONTENT) for measure in measures for table in tables)


def _measures(scope: Scope, definition: Definition) -> list[Measure]:
    known = scope.catalogue.measures
    return [known[name] for name in measures_of(scope, definition[0], definition[1] or None) if name in known]


def _looks_at(scope: Scope, measure: Measure, table: str, types: frozenset[str]) -> bool:
    """Whether a measure over a table looks at what its rows say."""
    if measure.table != table or table not in scope.catalogue.tables:
        return False
    columns = scope.catalogue.tables[table].columns

    def has(formula: str | None, wanted: frozenset[str]) -> bool:
        return any(name in columns and columns[name].type in wanted for name in _looked_at(formula))

    return has(measure.formula, types) or has(measure.where, types & ASKED)


def _looked_at(formula: str | None) -> set[str]:
    """Own columns whose values a formula looks at; to ask whether there is one is not to look at it."""
    named = [parts(node) for node in _nodes(formula, ("is_null", "is_not_null")) if node.op == "name"]
    return {name[0] for name in named if len(name) == 1}


def _counts_complaints(scope: Scope, definition: Definition) -> bool:
    """Whether complaints are what a KPI counts, in the period they came in: when they were closed is our doing."""
    tree = tree_of(scope, definition[0], definition[1] or None)
    if tree is None:
        return False
    top = (division(tree) or (tree,))[0]
    counted = [scope.catalogue.measures.get(".".join(parts(node))) for node in names(top)]
    return any(
        measure is not None
        and measure.table == "cases"
        and measure.kind in ("count", "distinct")
        and measure.at is None
        and measure.as_of is None
        and _speaks_of_complaints(measure)
        for measure in counted
    )


def _speaks_of_complaints(aggregate: Aggregate) -> bool:
    formulas = (aggregate.formula, aggregate.where)
    return any(node.op == "text" and node.value == "complaint" for text in formulas for node in _nodes(text))


def _nodes(formula: str | None, without: Iterable[str] = ()) -> list[Node]:
    """All of a formula but what stands below some operations; nothing of one that is no SQL."""
    try:
        layer = [] if formula is None else [parse(formula)]
    except FormulaProblem:
        return []
    found: list[Node] = []
    while layer:
        node = layer.pop()
        if node.op not in without:
            found.append(node)
            layer.extend(node.args)
    return found
