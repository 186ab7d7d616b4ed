"""Lints: formulas of measures and KPIs that parse, and do not say what was meant.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.certainty import Certainty, shown
from ccmetrics.catalogue.expanded import tree_of
from ccmetrics.catalogue.formulas import formulas
from ccmetrics.catalogue.kpi_checks import formula_path
from ccmetrics.catalogue.scope import Scope
from ccmetrics.formula import FormulaProblem, Node, names, parse, parts
from ccmetrics.formula.certain import Outcomes
from ccmetrics.formula.conditions import parts_of
from ccmetrics.formula.tree import walk
from ccmetrics.problem import Problem

CONDITIONS = frozenset(
    {"eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "between", "and", "or", "not", "is_null", "is_not_null"}
)


def settled_conditions(scope: Scope) -> Iterator[Problem]:
    """A condition decides something: rows, or cycles, for which it is true and others for which it is not."""
    certainty = Certainty(scope)
    for standing in formulas(scope):
        pieces = certainty.of(standing)
        # What such a condition does, or never does, on a card is told of the card.
        if standing.path[-1] == "when" and pieces and _is_settled(*pieces[-1]):
            continue
        found: list[Node] = []
        for node, outcomes in pieces:
            inside = any(node.start <= other.start and other.end <= node.end for other in found)
            if inside or not _is_settled(node, outcomes):
                continue
            found.append(node)
            name = "always-true" if outcomes.within(True) else "never-true"
            unless = ", unless it is null" if outcomes.nullable and name == "always-true" else ""
            text = f"{standing.what}: `{shown(node)}` is {name.replace('-', ' ')}{unless}."
            yield scope.problem_in(standing.path, name, text, node.start, node.end)


def _is_settled(node: Node, outcomes: Outcomes) -> bool:
    return node.op in CONDITIONS and (outcomes.within(True) or outcomes.within(False))


# ---------------------------------------------------------------- shares


def percent_not_ratio(scope: Scope) -> Iterator[Problem]:
    """What is declared in percent is a share from 0 to 1: something over something."""
    for name, variant, definition in scope.variants:
        if definition.unit != "percent":
            continue
        try:
            why = _no_share(scope, parse(definition.formula))
        except FormulaProblem:
            continue
        if why:
            text = f"KPI '{name}' is declared in percent, and {why}."
            yield scope.problem(formula_path(name, variant), "percent-not-ratio", text)


def _no_share(scope: Scope, node: Node) -> str:
    """Why a formula is no share; nothing where it is one, or may be."""
    if node.op == "div":
        return _no_quotient(scope, *node.args)
    if node.op == "mul":
        if any(arg.op == "number" and arg.value in WHOLES for arg in node.args):
            return "its formula multiplies by 100 or more: a share is 0 to 1 here, and only shown as percent"
        return next(filter(None, (_no_share(scope, arg) for arg in node.args if arg.op != "number")), "")
    if node.op == "name":
        return _no_share_by_name(scope, node)
    if node.op in PASSED_ON:
        return next(filter(None, (_no_share(scope, arg) for arg in PASSED_ON[node.op](node.args))), "")
    return ""


def _no_quotient(scope: Scope, above: Node, below: Node) -> str:
    if any(part.op == "number" and part.value in WHOLES for part in above.args) and above.op == "mul":
        return "its formula multiplies by 100 or more: a share is 0 to 1 here, and only shown as percent"
    # An average of shares, or points out of 100.
    if below.op == "number":
        is_scaled = below.value in WHOLES and not any(_is_count(scope, node) for node in names(above))
        return "" if is_scaled else _no_share(scope, above)
    return ""


def _no_share_by_name(scope: Scope, node: Node) -> str:
    name = parts(node)
    dotted = ".".join(name)
    measure = scope.catalogue.measures.get(name[0]) if len(name) == 1 else None
    if measure is not None:
        is_share = measure.kind not in ("count", "distinct", "sum") or measure.unit == "ratio"
        what = "counts" if measure.kind in ("count", "distinct") else "sums"
        return "" if is_share else f"its formula takes '{dotted}', which {what}, as a share and divides it by nothing"
    kind = scope.value(name)
    if kind is None or kind.unit != "count":
        return ""
    return f"its formula takes '{dotted}', which is a number of things, as a share and divides it by nothing"


def _is_count(scope: Scope, node: Node) -> bool:
    kind = scope.value(parts(node))
    return kind is not None and kind.unit == "count"


WHOLES = (100.0, 1000.0, 10000.0)
"""Of what is written as percent, per mille, basis points."""

PASSED_ON: dict[str, Callable[[tuple[Node, ...]], tuple[Node, ...]]] = {
    **dict.fromkeys(
        ("add", "sub", "neg", "abs", "round", "floor", "ceil", "coalesce", "greatest", "least"), lambda args: args
    ),
    "nullif": lambda args: args[:1],
    "case": lambda args: (*args[1:-1:2], args[-1]),
}
"""Operations on shares that give a share, and which of their operands must be one. A written number always is."""


# ---------------------------------------------------------------- averages of averages


def mean_of_ratios(scope: Scope) -> Iterator[Problem]:
    """A KPI neither averages ratios of different wholes, however small one of them is, nor adds shares of them."""
    for name, variant, definition in scope.variants:
        try:
            own = parse(definition.formula)
        except FormulaProblem:
            continue
        # What has no division and no sum in it cannot average, and most formulas are one division.
        if not any(node.op in ("add", "sub") for node in walk(own)):
            continue
        tree = tree_of(scope, name, variant or None)
        for node in [] if tree is None else walk(tree):
            if said := _put_together(scope, node, definition.unit):
                text = f"KPI '{name}' {said}."
                yield scope.problem_in(formula_path(name, variant), "mean-of-ratio", text, node.start, node.end)
                break


def _put_together(scope: Scope, node: Node, unit: str | None) -> str:
    """How a node makes one number of ratios that should not be put together."""
    if wholes := _averaged(scope, node):
        return f"averages ratios over {_listed(wholes)}, and each weighs the same however little it is of"
    wholes = _wholes(scope, list(parts_of(node, "add"))) if unit == "percent" and node.op == "add" else []
    return f"adds shares of different wholes: of {_listed(wholes)}" if wholes else ""


def _listed(wholes: list[str]) -> str:
    return " and ".join(wholes)


def _averaged(scope: Scope, node: Node) -> list[str]:
    """What the ratios that a node averages are divided by, where that is not one and the same."""
    if node.op == "div" and node.args[1].op == "number":
        return _wholes(scope, list(parts_of(node.args[0], "add")))
    terms = list(parts_of(node, "add"))
    if len(terms) > 1 and all(_weight(term) is not None for term in terms):
        return _wholes(scope, [arg for term in terms for arg in term.args if arg.op != "number"])
    if node.op == "mul" and (weight := _weight(node)) is not None and weight < 1:
        inner = next(arg for arg in node.args if arg.op != "number")
        return _wholes(scope, list(parts_of(inner, "add")))
    return []


def _weight(node: Node) -> float | None:
    """The number that a product has as its factor, where that is all there is beside one other."""
    numbers = [arg.value for arg in node.args if arg.op == "number"] if node.op == "mul" else []
    return float(str(numbers[0])) if len(numbers) == 1 else None


def _wholes(scope: Scope, terms: list[Node]) -> list[str]:
    found = [whole for term in terms if (whole := _whole(scope, term))]
    return list(dict.fromkeys(found)) if len(set(found)) > 1 and len(found) == len(terms) else []


def _whole(scope: Scope, term: Node) -> str:
    """What a term is a ratio of; a mean is one of its own rows."""
    if term.op == "div" and term.args[1].op != "number":
        return f"`{shown(term.args[1])}`"
    measure = scope.catalogue.measures.get(parts(term)[0]) if term.op == "name" and len(parts(term)) == 1 else None
    return f"the rows of '{'.'.join(parts(term))}'" if measure is not None and measure.kind == "mean" else ""


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (settled_conditions, percent_not_ratio, mean_of_ratios)
