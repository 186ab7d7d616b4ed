"""Lints: formulas of measures and KPIs that parse, and do not say what was meant.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ccmetrics.catalogue.scope import Scope
from ccmetrics.problem import Problem

LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = ()
