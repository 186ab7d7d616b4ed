"""What is certain of the formulas of a catalogue before there is any data.

In: the definitions as checks see them. Out: the outcomes of every part of a formula; formulas that are always null.
Refuses to know: what follows from it for a card, rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ccmetrics.catalogue.formulas import Standing, formulas
from ccmetrics.catalogue.models import Measure
from ccmetrics.catalogue.scope import Parts, Scope
from ccmetrics.formula import FormulaProblem, Node, parse, render
from ccmetrics.formula.certain import NULL, OPEN, Outcomes, certain
from ccmetrics.problem import Problem

REASONS = {
    "div": "what it divides by is always 0",
    "nullif": "NULLIF of a thing and itself is nothing",
    "case": "none of its branches has a value",
    "coalesce": "nothing it chooses from has a value",
    "greatest": "nothing it chooses from has a value",
    "least": "nothing it chooses from has a value",
}
"""Operations that can be always null without a NULL as their operand, which is a mismatch of kinds."""

ZERO = Outcomes(frozenset({0.0}))


@dataclass(frozen=True)
class Certainty:
    """What is certain of formulas, each measure being looked at once."""

    scope: Scope

    def of(self, standing: Standing) -> list[tuple[Node, Outcomes]]:
        """Every part with its outcomes, inner parts first; nothing where it is no SQL."""
        if standing.table:
            return over_rows(standing.text)
        tree = standing.tree
        return [] if tree is None else certain(tree, self._value)

    def _value(self, name: Parts) -> Outcomes:
        return self._measures.get(name[0], OPEN) if len(name) == 1 else OPEN

    @cached_property
    def _measures(self) -> dict[str, Outcomes]:
        return {name: _measured(measure) for name, measure in self.scope.catalogue.measures.items()}


def _measured(measure: Measure) -> Outcomes:
    """Of a measure that no row can enter."""
    if measure.otherwise is not None:
        return OPEN
    conditions = [measure.where, measure.formula if measure.kind == "count" and measure.formula != "rows" else None]
    if not any(is_never(text) for text in conditions if text is not None):
        return OPEN
    return ZERO if measure.kind in ("count", "distinct", "sum") else NULL


def is_never(text: str) -> bool:
    """Whether a condition over rows is never true, for all that can be shown."""
    parts = over_rows(text)
    return bool(parts) and (parts[-1][1].is_null or parts[-1][1].within(False))


@lru_cache(maxsize=4096)
def over_rows(text: str) -> list[tuple[Node, Outcomes]]:
    """What is certain of a formula over columns, which may all hold anything or nothing."""
    try:
        return certain(parse(text), lambda name: OPEN)
    except FormulaProblem:
        return []


def always_null(scope: Scope) -> Iterator[Problem]:
    """No formula divides by what is always 0, or comes to nothing in another way whatever the data."""
    certainty = Certainty(scope)
    for standing in formulas(scope):
        for node, why in nothing(certainty.of(standing)):
            text = f"{standing.what}: `{shown(node)}` is null whatever the data: {why}."
            yield scope.problem_in(standing.path, "always-null", text, node.start, node.end)


def nothing(parts: list[tuple[Node, Outcomes]]) -> Iterator[tuple[Node, str]]:
    """Parts that are always null by themselves, and why; not what is null because of them."""
    found: list[Node] = []
    for node, outcomes in parts:
        inside = [other for other in found if node.start <= other.start and other.end <= node.end]
        if outcomes.is_null and node.op in REASONS and not inside and not _says_null(node):
            found.append(node)
            yield node, REASONS[node.op]


def _says_null(node: Node) -> bool:
    """A choice between NULLs is no number, which is a mismatch of kinds."""
    branches = (*node.args[1:-1:2], node.args[-1]) if node.op == "case" else node.args
    return all(branch.op == "null" for branch in branches)


def shown(node: Node, most: int = 60) -> str:
    """A piece of a formula on one line."""
    flat = render(node)
    return flat if len(flat) <= most else flat[: most - 4] + " ..."
