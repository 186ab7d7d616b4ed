"""How far the rows of a mean lie apart: which part of a request tells it.

In: an ask, and the parts its measures were taken apart into. Out: the part of the variance, or nothing.
Refuses to know: frames, how a part is reduced, what an interval is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ccmetrics.formula.tree import division, names
from ccmetrics.plan import Ask, Bound, bound
from ccmetrics.stages.measure.aggregate import Part

PartsOf = Callable[[Bound], Sequence[Part]]


def variance(ask: Ask, parts_of: PartsOf) -> Part | None:
    """The variance of the rows behind a mean: a `mean`, or one sum over something, with a count of rows as its n.

    Nothing where a measure is also taken from a second source, such as a report by interval: totals have no rows to
    tell. Whether the n counts the very rows that were summed is not read from the formulas but counted (see
    `aggregate`), as `intervals` looks at the numbers for whether it is all that the formula divides by.
    """
    halves = division(ask.formula)
    above = halves[0] if halves else ask.formula
    if ask.interval != "mean" or ask.n is None or above.op != "name":
        return None
    # The scale of ratings may condition a denominator, but what it counts is n.
    if halves and ask.n not in {bound(node) for node in names(halves[1])}:
        return None
    summed, counted = parts_of(bound(above)), parts_of(ask.n)
    if len(summed) != 1 or len(counted) != 1:
        return None
    return _paired(summed[0], counted[0], "sum" if halves else "mean")


def _paired(summed: Part, counted: Part, kind: str) -> Part | None:
    if (summed.kind, counted.kind) != (kind, "count") or not (summed.additive and counted.additive):
        return None
    if (summed.table, summed.at, summed.marks) != (counted.table, counted.at, counted.marks):
        return None
    given = {**dict(summed.parameters), **dict(counted.parameters)}
    if any(given[name] != value for name, value in summed.parameters):
        return None
    return replace(
        summed,
        kind="variance",
        column=f"{summed.column}@variance={counted.column}",
        counted=counted,
        parameters=tuple(sorted(given.items())),
        reads_end=summed.reads_end or counted.reads_end,
    )
