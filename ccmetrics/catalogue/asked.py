"""What the command line asks for, held against the definitions: cards, KPIs, dimensions, a condition on rows.

In: the catalogue, names and texts. Out: definitions, the condition's tree, or a refusal.
Refuses to know: frames, what was supplied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ccmetrics.catalogue.formula_checks import never_met
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.catalogue.places import Spot, source
from ccmetrics.catalogue.routes import Ambiguous
from ccmetrics.catalogue.scope import INSTANTS, Scope
from ccmetrics.formula import FormulaProblem, Node, check, names, parse
from ccmetrics.formula.tree import parts
from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean


def asked_card(catalogue: Catalogue, name: str) -> Card:
    if name not in catalogue.cards:
        raise _unknown("--card", "card", name, catalogue.cards)
    return catalogue.cards[name]


def asked_kpi(catalogue: Catalogue, name: str) -> tuple[str, str | None]:
    """A KPI and its variant, `fcr.survey`."""
    kpi, _, variant = name.partition(".")
    if kpi not in catalogue.kpis:
        raise _unknown("--kpi", "KPI", kpi, catalogue.kpis)
    if variant and variant not in catalogue.kpis[kpi].variants:
        raise _unknown("--kpi", f"variant of '{kpi}'", variant, catalogue.kpis[kpi].variants)
    return kpi, variant or None


def asked_dimensions(catalogue: Catalogue, by: Sequence[str], grains: Sequence[str]) -> None:
    """Raises UsageRefused for a dimension that no table has, that is private, or that is named twice."""
    columns = {c for table in catalogue.tables.values() for c in (*table.columns, *table.dimensions)}
    private = {n for table in catalogue.tables.values() for n, column in table.columns.items() if column.private}
    for name in by:
        if name in private or by.count(name) > 1:
            text = f"'{name}' is private, and never shown." if name in private else f"'{name}' is named twice."
            raise UsageRefused([Problem(Place("--by"), "bad-dimension", text)])
        if name not in columns and name not in grains:
            raise _unknown("--by", "dimension", name, [*columns, *grains])


def _unknown(option: str, kind: str, name: str, known: Iterable[str]) -> UsageRefused:
    hint = did_you_mean(name, known)
    return UsageRefused([Problem(Place(option), "unknown-name", f"There is no {kind} '{name}'.{hint}")])


def asked_condition(catalogue: Catalogue, text: str, tables: Sequence[str], option: str) -> Node:
    """The tree of a condition over the rows of tables.

    Raises:
        UsageRefused: it does not parse, is no condition, compares what does not compare, or names what no table has.
    """
    origin = source(option, text)
    scope = Scope(catalogue, Spot(origin, 0, len(text)))
    try:
        tree = parse(text)
        wrong = [problem for table in _able(scope, tree, tables) for problem in _wrong(scope, tree, table)]
        found = [*_nowhere(scope, tree, tables), *wrong]
    except FormulaProblem as problem:
        found = [problem]
    if found:
        raise UsageRefused(origin.problem(p.name, p.text, p.start, p.end) for p in found)
    return tree


def _nowhere(scope: Scope, tree: Node, tables: Sequence[str]) -> list[FormulaProblem]:
    known = [name for table in tables for name in scope.columns(table)]
    return [
        FormulaProblem("unknown-name", f"No table that is measured here has '{'.'.join(parts(name))}'."
                       f"{did_you_mean('.'.join(parts(name)), known)}", name.start, name.end)
        for name in names(tree)
        if not any(_reaches(scope, table, name) for table in tables)
    ]  # fmt: skip


def _able(scope: Scope, tree: Node, tables: Sequence[str]) -> list[str]:
    return [table for table in tables if all(_reaches(scope, table, name) for name in names(tree))]


def _reaches(scope: Scope, table: str, name: Node) -> bool:
    try:
        return bool(scope.routes(table, parts(name)))
    except Ambiguous:
        return True


def _wrong(scope: Scope, tree: Node, table: str) -> list[FormulaProblem]:
    try:
        own = {name: kind for name, kind in scope.parameters.items() if name not in INSTANTS}
        kind, found = check(tree, scope.column(table), own, ())
    except Ambiguous as two:
        return [FormulaProblem("ambiguous-path", f"For rows of '{table}', {two}.", tree.start, tree.end)]
    if not found and kind is not None and kind.kind != "flag":
        return [FormulaProblem("kind-mismatch", "A condition is needed here: true or false.", tree.start, tree.end)]
    never = (
        FormulaProblem(p.name, f"This compares with {p.text}", p.start, p.end) for p in never_met(scope, tree, table)
    )
    return found or list(never)
