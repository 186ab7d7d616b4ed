"""Every check of the definitions, in one list.

In: the definitions and their places. Out: all problems of all checks.
Refuses to know: how any one check works, files, frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue import (
    adjust_checks,
    card_checks,
    card_test_checks,
    curve_checks,
    earnings_checks,
    goal_checks,
    kpi_checks,
    layout_checks,
    measure_checks,
    reading_checks,
    table_checks,
)
from ccmetrics.catalogue.allows import unknown_allows
from ccmetrics.catalogue.certainty import always_null
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.catalogue.places import Spot
from ccmetrics.catalogue.scope import Scope
from ccmetrics.problem import Problem

Check = Callable[[Scope], Iterable[Problem]]
CardCheck = Callable[[Scope, str, Card], Iterable[Problem]]

CARD_CHECKS: tuple[CardCheck, ...] = (
    adjust_checks.subjects,
    adjust_checks.linked_subjects,
    card_checks.line_names,
    card_checks.number_of_kpis,
    card_checks.weights,
    card_checks.mix,
    card_checks.levels,
    curve_checks.totals,
    goal_checks.segments,
    goal_checks.last_year,
    goal_checks.dated,
    adjust_checks.card_formulas,
    adjust_checks.conditions,
    adjust_checks.pools,
    adjust_checks.coefficient_limits,
    adjust_checks.grades,
    adjust_checks.grade_names,
    earnings_checks.distribution,
    earnings_checks.pay,
    earnings_checks.shares,
    earnings_checks.progression,
)


def cards(scope: Scope) -> Iterator[Problem]:
    """Every check of every card."""
    for name, card in scope.catalogue.cards.items():
        for each in CARD_CHECKS:
            yield from each(scope, name, card)


CHECKS: tuple[Check, ...] = (
    table_checks.project_names,
    table_checks.table_columns,
    table_checks.references_are_many_to_one,
    table_checks.dimension_paths,
    table_checks.layout_columns,
    table_checks.layout_values,
    table_checks.layout_conditions,
    layout_checks.layout_matches,
    layout_checks.layout_folds,
    layout_checks.layout_kinds,
    layout_checks.layout_versions,
    layout_checks.layout_weights,
    layout_checks.layout_names,
    reading_checks.time_zones,
    reading_checks.layout_signs,
    reading_checks.layout_units,
    reading_checks.layout_formats,
    reading_checks.layout_maps,
    measure_checks.measure_formulas,
    measure_checks.measure_times,
    measure_checks.counted_units,
    unknown_allows,
    kpi_checks.kpi_formulas,
    kpi_checks.kpi_names,
    kpi_checks.kpis_written_out,
    always_null,
    card_checks.card_cycles,
    curve_checks.curves,
    cards,
    card_test_checks.card_tests,
)


def check(catalogue: Catalogue, places: Spot) -> list[Problem]:
    """What is wrong between definitions that are right in themselves."""
    scope = Scope(catalogue, places)
    return sorted({problem for each in CHECKS for problem in each(scope)})
