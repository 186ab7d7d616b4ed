"""Lints: what the formula of a KPI can come to, whatever the data.

In: the definitions. Out: warnings, each at its formula.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ccmetrics.catalogue.expanded import tree_of
from ccmetrics.catalogue.kpi_checks import formula_path
from ccmetrics.catalogue.models import Variant
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.scope import Scope
from ccmetrics.formula import FormulaProblem, Node, evaluate, names, params, parts
from ccmetrics.formula.certain import OPEN, certain
from ccmetrics.formula.tree import walk
from ccmetrics.problem import Problem


class Known(NamedTuple):
    """A definition of a KPI, and what it can come to."""

    name: str
    variant: str
    definition: Variant
    tree: Node
    """Down to measures."""
    low: float
    high: float


def values(scope: Scope) -> Iterator[Problem]:
    """A KPI has more than one value, in percent some below 1, and none without data."""
    for known in _known(scope):
        path = formula_path(known.name, known.variant)
        if known.low == known.high:
            text = f"KPI '{known.name}' is always {known.low:g}, whatever the data."
            yield scope.problem(path, "constant-formula", text)
            continue
        if known.definition.unit == "percent" and known.low >= 1:
            text = f"KPI '{known.name}' is declared in percent, and its formula never comes to less than {known.low:g}"
            is_turned = known.tree.op == "div" and known.low == 1
            yield scope.problem(path, "percent-not-ratio", f"{text}{': it divides a whole by its part' * is_turned}.")
        try:
            said = _filled(scope, known)
        except FormulaProblem:  # the length of a text and the like: only engines work it out
            continue
        if said:
            yield scope.problem(path, "filled-null", f"KPI '{known.name}' comes to {said}.")


def _known(scope: Scope) -> Iterator[Known]:
    natural = Natural(scope)
    for name, variant, definition in scope.variants:
        tree = tree_of(scope, name, variant or None)
        if tree is None or not all(parts(node)[0] in scope.catalogue.measures for node in names(tree)):
            continue
        low, high = natural.amount(definition.formula)
        certainly = certain(tree, lambda name: OPEN)[-1][1].values or ()
        for value in certainly if len(certainly) == 1 else ():
            low = high = float(value or 0)
        yield Known(name, variant, definition, tree, low, high)


# ---------------------------------------------------------------- values out of nothing


def _filled(scope: Scope, known: Known) -> str:
    """What a KPI is without any data, `0 without any data`; nothing where it has no value then, as it should."""
    parameters = {**scope.catalogue.project.parameters, **scope.catalogue.kpis[known.name].parameters}
    if not all(str(node.value) in parameters for node in params(known.tree)):
        return ""
    measures = {".".join(parts(node)) for node in names(known.tree)}
    value = evaluate(known.tree, dict.fromkeys(measures), parameters)
    if value is not None:
        return f"{value:g} without any data"
    nothing = dict.fromkeys(measures, 0.0)
    value = evaluate(known.tree, nothing, parameters)
    divided = (node.args[1] for node in walk(known.tree) if node.op == "div")
    if value is not None and any(evaluate(node, nothing, parameters) == 0 for node in divided):
        return f"{value:g} where there is nothing to divide by"
    return ""


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (values,)
