"""What is not wrong and still not wise: warnings and advice on definitions, in one list.

In: the definitions and their places. Out: problems of the rules that are no errors.
Refuses to know: how any one check works, files, frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ccmetrics.catalogue.lint import (
    adjusted,
    balance,
    cards,
    formulas,
    goals,
    idle,
    kpis,
    parameters,
    roles,
    rows,
    twice,
    unused,
    values,
)
from ccmetrics.catalogue.scope import Scope
from ccmetrics.problem import Problem
from ccmetrics.rules import family

LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (
    *formulas.LINTS,
    *rows.LINTS,
    *values.LINTS,
    *kpis.LINTS,
    *parameters.LINTS,
    *unused.LINTS,
    *balance.LINTS,
    *twice.LINTS,
    *cards.LINTS,
    *idle.LINTS,
    *adjusted.LINTS,
    *goals.LINTS,
    *roles.LINTS,
)

ENDLESS = {"kpi-cycle", "formula-too-long"}
"""Errors with which formulas cannot be written out."""

NAMING = {"structure", "references", "formulas"}
"""Families of errors with which nobody knows what is used."""


def is_lintable(errors: Iterable[Problem]) -> bool:
    """Whether anything can be said of formulas that name each other."""
    return not any(problem.name in ENDLESS for problem in errors)


def lint(scope: Scope, errors: Iterable[Problem]) -> list[Problem]:
    """All warnings and advice; only for definitions without circles. A name that is wrong may be meant to use what
    nothing else uses, and what is wrong itself is not removed but mended."""
    is_sure = not any(family(problem.name) in NAMING for problem in errors)
    lints = (each for each in LINTS if is_sure or each not in unused.LINTS)
    return sorted({problem for each in lints for problem in each(scope)})
