"""Whether measures can be taken: their tables, columns, conditions, units.

In: the definitions. Out: problems, each at its word.
Refuses to know: KPIs and cards, rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from ccmetrics.catalogue.formula_checks import Terms, Written, condition, formula_problems, value_problems
from ccmetrics.catalogue.models import Aggregate, Measure
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem

KINDS = {
    "count": ("flag",),
    "min": ("number", "date", "datetime"),
    "max": ("number", "date", "datetime"),
    "distinct": ("text", "number", "date", "datetime"),
}
"""What an aggregate is taken of; numbers, where not said."""


def measure_formulas(scope: Scope) -> Iterator[Problem]:
    """Every measure's table, columns, conditions and unit, and those of its stand-in."""
    for name, measure in scope.catalogue.measures.items():
        what, path = f"Measure '{name}'", ("measures", name)
        yield from _aggregate(scope, what, path, measure, measure.unit)
        if measure.otherwise is not None:
            yield from _aggregate(scope, what, (*path, "else"), measure.otherwise, measure.unit)


def _aggregate(scope: Scope, what: str, path: Path, aggregate: Aggregate, unit: str | None) -> Iterator[Problem]:
    table = aggregate.table
    if table not in scope.catalogue.tables:
        if not scope.is_broken("tables", table):
            yield scope.unknown((*path, "table"), "table", what, table, "table", scope.catalogue.tables)
        return
    noun = f"column of '{table}' and is reached by none of its references"
    terms = Terms(scope.column(table), noun, lambda: scope.columns(table), scope.parameters)
    formulas: list[Written] = []
    if aggregate.count != "rows":
        kinds = KINDS.get(aggregate.kind, ("number",))
        claimed = None if aggregate.kind in ("count", "distinct") else unit
        formulas.append(Written(what, aggregate.formula, (*path, aggregate.kind), kinds, claimed))
    if aggregate.where is not None:
        formulas.append(condition(what, aggregate.where, (*path, "where")))
    found = [p for written in formulas for p in formula_problems(scope, written, terms)]
    found += [p for written in formulas for p in value_problems(scope, written, table)]
    # A name may be a column of a table that is broken itself, and has had its problem.
    yield from (p for p in found if not (scope.has_broken_table and p.name == "unknown-name"))


def measure_times(scope: Scope) -> Iterator[Problem]:
    """`at` is a date or time of the measure's table, and a table without a time needs one."""
    for name, measure in scope.catalogue.measures.items():
        table = scope.catalogue.tables.get(measure.table)
        if table is None:
            continue
        if measure.at is not None:
            yield from _at(scope, name, measure)
        elif table.time is None and measure.as_of is None and table.as_of is None:
            text = f"Measure '{name}' needs `at`, a column that puts a row in a period: '{measure.table}' has no time."
            yield scope.problem(("measures", name, "table"), "missing-key", text)


def _at(scope: Scope, name: str, measure: Measure) -> Iterator[Problem]:
    columns = scope.catalogue.tables[measure.table].columns
    path = ("measures", name, "at")
    if measure.at not in columns:
        noun = f"column of '{measure.table}'"
        yield scope.unknown(path, "column", f"Measure '{name}'", measure.at or "", noun, columns)
    elif columns[measure.at].type not in ("date", "datetime"):
        text = f"Measure '{name}' is put in its period by '{measure.at}', which is no date or time."
        yield scope.problem(path, "kind-mismatch", text)


def counted_units(scope: Scope) -> Iterator[Problem]:
    """A count is declared in `count`, if in anything."""
    for name, measure in scope.catalogue.measures.items():
        if measure.kind in ("count", "distinct") and measure.unit not in (None, "count"):
            text = f"Measure '{name}' is declared in {measure.unit}, and what it does is count: its unit is count."
            yield scope.problem(("measures", name, "unit"), "unit-mismatch", text)
