"""Lints: what measures do with the values of one row before they are put together.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), KPIs, how findings are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.certainty import is_never, shown
from ccmetrics.catalogue.models import Aggregate
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.ranges import COMPARED, truth_of
from ccmetrics.catalogue.routes import Ambiguous
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.formula import FormulaProblem, Node, names, parse, parts
from ccmetrics.formula.conditions import Demand, contradict, demands, parts_of
from ccmetrics.formula.tree import walk
from ccmetrics.problem import Problem

Lint = Callable[[Scope], Iterable[Problem]]
Taken = tuple[str, Path, Aggregate]


def aggregates(scope: Scope) -> Iterator[Taken]:
    """Every aggregate of every measure, those of an `else` too: whose it is, where it stands."""
    for name, measure in scope.catalogue.measures.items():
        yield name, ("measures", name), measure
        if measure.otherwise is not None:
            yield name, ("measures", name, "else"), measure.otherwise


def no_row_left(scope: Scope) -> Iterator[Problem]:
    """What a measure counts is left by its own `where`."""
    for name, path, aggregate in aggregates(scope):
        if aggregate.kind != "count" or aggregate.formula == "rows" or aggregate.where is None:
            continue
        if is_never(aggregate.formula) or is_never(aggregate.where):
            continue  # which is told of the one
        if contradict(_demands(aggregate.where) + _demands(aggregate.formula)):
            text = f"Measure '{name}': no row meets both `where` and `count`, so that it is always 0."
            yield scope.problem((*path, "count"), "never-true", text)


def impossible_rows(scope: Scope) -> Iterator[Problem]:
    """What columns can hold at all meets every comparison that a measure makes with it."""
    natural = Natural(scope)
    for name, path, aggregate in aggregates(scope):
        for key in ("count", "where"):
            tree = _tree(getattr(aggregate, key))
            for node in [] if tree is None else walk(tree):
                if node.op == "like" and _matches(scope, aggregate.table, *node.args):
                    continue
                if node.op in COMPARED and truth_of(node, natural.of_rows(aggregate.table)).can_hold:
                    continue
                if node.op in COMPARED or node.op == "like":
                    text = f"Measure '{name}': `{shown(node)}` is never true."
                    yield scope.problem_in((*path, key), "never-true", text, node.start, node.end)


def _matches(scope: Scope, table: str, tested: Node, pattern: Node) -> bool:
    """Whether a column may hold what LIKE asks for: one that lists its values, one of them."""
    try:
        column = scope.definition(table, parts(tested)) if tested.op == "name" else None
    except Ambiguous:
        return True
    turned = "".join({"%": ".*", "_": "."}.get(each) or re.escape(each) for each in str(pattern.value))
    return column is None or not column.values or any(re.fullmatch(turned, each) for each in column.values)


def means_of_ratios(scope: Scope) -> Iterator[Problem]:
    """No mean of a division made row by row."""
    for name, path, aggregate in aggregates(scope):
        tree = _tree(aggregate.mean)
        for node in [] if tree is None else walk(tree):
            if node.op == "div" and names(node.args[0]) and names(node.args[1]):
                text = f"Measure '{name}' takes the mean of `{shown(node)}`: every row weighs the same, however small."
                yield scope.problem_in((*path, "mean"), "mean-of-ratio", text, node.start, node.end)
                break


def unguarded_products(scope: Scope) -> Iterator[Problem]:
    """A row that lacks one factor of two is not left out of a sum without a word."""
    for name, path, aggregate in aggregates(scope):
        if aggregate.kind not in ("sum", "mean"):
            continue
        tree = _tree(aggregate.formula)
        if tree is None or not any(node.op in ("mul", "div") for node in walk(tree)):
            continue
        # Columns that the rows its condition keeps have a value of.
        known = {of for of, how, _ in _demands(aggregate.where) if how != "is_null"}
        # A mean of a division should not be there at all, which is told.
        for node in walk(tree) if aggregate.kind == "sum" or tree.op != "div" else ():
            lacking = _lacking(scope, aggregate.table, node, known) if node.op in ("mul", "div") else []
            if lacking:
                how = f" {'and' if node.op == 'mul' else 'by'} ".join(lacking)
                does = "multiplies" if node.op == "mul" else "divides"
                text = f"Measure '{name}' {does} {how}: a row that lacks one of them is left out in silence."
                yield scope.problem_in((*path, aggregate.kind), "unguarded-product", text, node.start, node.end)
                break


def _tree(text: str | None) -> Node | None:
    try:
        return None if text is None else parse(text)
    except FormulaProblem:
        return None


def _demands(condition: str | None) -> list[Demand]:
    tree = _tree(condition)
    return [] if tree is None else [demand for part in parts_of(tree, "and") for demand in demands(part)]


def _lacking(scope: Scope, table: str, node: Node, known: set[Node]) -> list[str]:
    """Two columns, one of each operand, that a row may lack."""
    sides = [[name for name in _open(arg) if name not in known and _may_lack(scope, table, name)] for arg in node.args]
    if not all(sides) or set(sides[0]) & set(sides[1]):
        return []
    return [f"'{'.'.join(parts(side[0]))}'" for side in sides]


def _open(node: Node) -> Iterator[Node]:
    """Names whose null makes the whole null: those in a choice have been thought of."""
    if node.op == "name":
        yield node
    elif node.op not in ("coalesce", "case", "greatest", "least", "nullif"):
        for arg in node.args:
            yield from _open(arg)


def _may_lack(scope: Scope, table: str, name: Node) -> bool:
    try:
        column = scope.definition(table, parts(name))
    except Ambiguous:
        return False
    if column is None:
        return False
    is_own = len(parts(name)) == 1 and parts(name)[0] in scope.catalogue.tables[table].columns
    return not (is_own and (column.required or column.default is not None))


LINTS: tuple[Lint, ...] = (no_row_left, impossible_rows, means_of_ratios, unguarded_products)
