"""Whether KPIs can be computed from measures and mean what they claim.

In: the definitions. Out: problems, each at its word.
Refuses to know: rows and tables, how a card scores a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

from ccmetrics.catalogue.cycles import cycles
from ccmetrics.catalogue.expanded import Definition, definition_of, tree_of, uses
from ccmetrics.catalogue.expected import as_written, is_as_expected
from ccmetrics.catalogue.formula_checks import Terms, Written, formula_problems
from ccmetrics.catalogue.models import Expectation, Kpi
from ccmetrics.catalogue.scope import Parts, Path, Scope
from ccmetrics.formula import FormulaProblem, Node, evaluate, names, params, parse, parts
from ccmetrics.problem import Problem

MOST_DEPTH = 100
MOST_NODES = 2000


def kpi_formulas(scope: Scope) -> Iterator[Problem]:
    """Every formula: names are measures or KPIs, and the unit is the declared one."""
    terms = Terms(scope.value, "measure", scope.values, scope.parameters)
    for name, variant, definition in scope.variants:
        written = Written(f"KPI '{name}'", definition.formula, formula_path(name, variant), unit=definition.unit)
        yield from formula_problems(scope, written, terms)


def formula_path(name: str, variant: str) -> Path:
    return ("kpis", name, "variants", variant, "formula") if variant else ("kpis", name, "formula")


def kpi_names(scope: Scope) -> Iterator[Problem]:
    """n is a measure, guardrails are KPIs, parameters are the project's."""
    for name, kpi in scope.catalogue.kpis.items():
        what, path = f"KPI '{name}'", ("kpis", name)
        counts: list[tuple[Path, str | None]] = [((*path, "n"), kpi.n)]
        counts += [((*path, "variants", v, "n"), variant.n) for v, variant in kpi.variants.items()]
        for at, n in counts:
            if n is not None and n not in scope.measures:
                yield scope.unknown(at, "measure", what, n, "measure", scope.measures)
        for index, guardrail in enumerate(kpi.guardrails):
            at = (*path, "guardrails", index)
            if not is_kpi(scope, tuple(guardrail.split("."))):
                yield scope.unknown(at, "kpi", what, guardrail, "KPI", scope.named("kpis"))
            elif guardrail == name:
                yield scope.problem(at, "own-guardrail", f"{what} is its own guardrail, and so watched by nothing.")
        yield from parameter_names(scope, what, (*path, "parameters"), kpi.parameters)


def is_kpi(scope: Scope, name: Parts) -> bool:
    return scope.kpi_of(name) is not None or scope.is_broken("kpis", name[0])


def parameter_names(scope: Scope, what: str, path: Path, given: Mapping[str, float]) -> Iterator[Problem]:
    """Parameters set anew are parameters of the project."""
    for name in given:
        if name not in scope.parameters:
            yield scope.unknown((*path, name), "parameter", what, name, "parameter", scope.parameters, key=True)


Needs = Mapping[Definition, list[Definition]]
"""Each definition to those that its formula names."""


def kpis_written_out(scope: Scope) -> Iterator[Problem]:
    """KPIs written out down to measures come to an end, and then the tests beside them hold."""
    needs = {(name, variant): uses(scope, definition.formula) for name, variant, definition in scope.variants}
    endless = [*_cycles(scope, needs)] or [*_extents(scope, needs)]
    yield from endless
    yield from _expectations(scope, is_endless=bool(endless))


def _cycles(scope: Scope, needs: Needs) -> Iterator[Problem]:
    """No KPI needs itself, by whatever chain."""
    for chain in cycles(needs):
        name, variant = chain[0]
        said = " -> ".join(_dotted(*each) for each in [*chain, chain[0]])
        yield scope.problem(formula_path(name, variant), "kpi-cycle", f"KPI '{name}' needs itself: {said}.")


def _extents(scope: Scope, needs: Needs) -> Iterator[Problem]:
    """Written out down to measures, no formula is too large: a few KPIs that double each other grow beyond all use."""
    extents: dict[Definition, tuple[int, int]] = {}
    for name, variant in TopologicalSorter(needs).static_order():
        try:
            node = parse(scope.catalogue.kpis[name].variant(variant or None).formula)
        except FormulaProblem:
            continue
        depth, size = extents[name, variant] = _extent(scope, node, extents)
        if depth > MOST_DEPTH or size > MOST_NODES:
            text = f"KPI '{name}' is too large when the KPIs it names are written out. Name measures instead."
            yield scope.problem(formula_path(name, variant), "formula-too-long", text)
            return


def _extent(scope: Scope, node: Node, extents: Mapping[Definition, tuple[int, int]]) -> tuple[int, int]:
    """Depth and number of nodes."""
    use = definition_of(scope, parts(node)) if node.op == "name" else None
    if use is not None:
        return extents.get(use, (1, 1))
    inner = [_extent(scope, arg, extents) for arg in node.args]
    return 1 + max((depth for depth, _ in inner), default=0), 1 + sum(size for _, size in inner)


def _dotted(name: str, variant: str) -> str:
    return f"{name}.{variant}" if variant else name


# ---------------------------------------------------------------- expectations


def _expectations(scope: Scope, is_endless: bool) -> Iterator[Problem]:
    """The tests written beside a KPI hold. A formula with another problem is not tested."""
    for name, kpi in scope.catalogue.kpis.items():
        for index, expectation in enumerate(kpi.expect):
            path = ("kpis", name, "expect", index)
            variant = expectation.variant
            if variant is not None and variant not in kpi.variants:
                what, noun = f"A test of KPI '{name}'", "variant of it"
                yield scope.unknown((*path, "variant"), "variant", what, variant, noun, kpi.variants)
            elif not is_endless:
                yield from _expectation(scope, name, kpi, path, expectation)


def _expectation(scope: Scope, name: str, kpi: Kpi, path: Path, expectation: Expectation) -> Iterator[Problem]:
    what = f"A test of KPI '{name}'"
    for given in expectation.given:
        if given not in scope.measures:
            at = (*path, "given", given)
            yield scope.unknown(at, "measure", what, given, "measure", scope.measures, key=True)
    yield from parameter_names(scope, what, (*path, "parameters"), expectation.parameters)
    parameters = {**scope.catalogue.project.parameters, **kpi.parameters, **expectation.parameters}
    tree = tree_of(scope, name, expectation.variant)
    if tree is None:
        return
    needed = dict.fromkeys(".".join(parts(node)) for node in names(tree))
    lacking = [name for name in needed if name not in expectation.given]
    if lacking and set(lacking) <= set(scope.measures):
        text = f"{what} gives no value for {', '.join(lacking)}, which the formula needs."
        yield scope.problem((*path, "given"), "failed-expectation", text, key=True)
    if lacking or any(str(node.value) not in parameters for node in params(tree)):
        return
    try:
        got = evaluate(tree, expectation.given, parameters)
    except FormulaProblem as found:
        text = f"{what} cannot be worked out from its measures alone: {found.text}"
        yield scope.problem(path, "failed-expectation", text)
        return
    if not is_as_expected(got, expectation.value, scope, (*path, "value")):
        text = f"{what} gives {as_written(got)}, and {as_written(expectation.value)} is expected."
        yield scope.problem((*path, "value"), "failed-expectation", text)
