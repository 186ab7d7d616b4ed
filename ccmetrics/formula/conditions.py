"""Conditions taken apart: what each demands of one operand, and whether demands can be met together.

In: trees of conditions. Out: demands, and whether they contradict each other.
Refuses to know: names, kinds, nulls but where a demand is about them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ccmetrics.formula.tree import Node

Demand = tuple[Node, str, object]
"""What it is of, how it is compared, and with which value: (csat, 'ge', 4.0). Of `in` the value is a set."""

FLIPPED = {"eq": "eq", "ne": "ne", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
DENIED = {
    "eq": "ne", "ne": "eq", "lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "is_null": "is_not_null",
    "is_not_null": "is_null",
}  # fmt: skip
LITERALS = ("number", "text", "flag")


def parts_of(node: Node, op: str) -> Iterator[Node]:
    """The operands of a chain of ANDs, or of ORs."""
    if node.op != op:
        yield node
        return
    for arg in node.args:
        yield from parts_of(arg, op)


def demands(node: Node) -> list[Demand]:
    """What one condition demands of one operand; nothing where it is of another shape."""
    if node.op == "not":
        return denied(node.args[0])
    if node.op == "name":
        return [(node, "eq", True)]
    if node.op in ("is_null", "is_not_null"):
        return [(node.args[0], node.op, None)]
    if node.op in FLIPPED:
        return _compared(node)
    tested, *others = node.args or (node,)
    written = [value for value in map(_literal, others) if value is not None]
    if tested.op in LITERALS or len(written) < len(others):
        return []
    if node.op == "between":
        return [(tested, "ge", written[0]), (tested, "le", written[1])]
    if node.op == "in":
        return [(tested, "in", frozenset(written))]
    return [(tested, "ne", value) for value in written] if node.op == "not_in" else []


def _compared(node: Node) -> list[Demand]:
    left, right = node.args
    if (value := _literal(right)) is not None and _literal(left) is None:
        return [(left, node.op, value)]
    if (value := _literal(left)) is not None and _literal(right) is None:
        return [(right, FLIPPED[node.op], value)]
    return []


def _literal(node: Node) -> object:
    if node.op == "neg" and isinstance(node.args[0].value, float) and node.args[0].op == "number":
        return -node.args[0].value
    return node.value if node.op in LITERALS else None


def denied(node: Node) -> list[Demand]:
    """What the opposite of one condition demands, where that is one demand."""
    if node.op == "not":
        return demands(node.args[0])
    if node.op == "not_in":
        return demands(Node("in", node.args))
    if node.op == "in":
        return demands(Node("not_in", node.args))
    found = demands(node)
    if len(found) != 1:
        return []
    of, how, value = found[0]
    return [(of, DENIED[how], value)] if how in DENIED else []


def contradict(wanted: Iterable[Demand], is_denied: bool = False) -> bool:
    """Whether no value meets all demands. Denied demands say nothing of a null beside a value: NOT (x = 1) is null
    then, and no denial."""
    by_operand: dict[Node, list[tuple[str, object]]] = defaultdict(list)
    for of, how, value in wanted:
        by_operand[of].append((how, value))
    return any(_is_impossible(found, is_denied) for found in by_operand.values())


def _is_impossible(found: list[tuple[str, object]], is_denied: bool) -> bool:
    kinds = {how for how, _ in found}
    if "is_null" in kinds and ("is_not_null" in kinds or (not is_denied and len(kinds) > 1)):
        return True
    sets = [value if isinstance(value, frozenset) else {value} for how, value in found if how in ("in", "eq")]
    low, high = _bounds(found)
    if sets:
        never = {value for how, value in found if how == "ne"}
        left = set.intersection(*map(set, sets)) - never
        return not any(_lies_between(value, low, high) for value in left)
    return low > high


Bound = tuple[float, float]
"""A number, and 1 or -1 where it is itself outside."""


def _bounds(found: list[tuple[str, object]]) -> tuple[Bound, Bound]:
    numbers = [(how, value) for how, value in found if isinstance(value, float)]
    lows = [(value, float(how == "gt")) for how, value in numbers if how in ("gt", "ge")]
    highs = [(value, -float(how == "lt")) for how, value in numbers if how in ("lt", "le")]
    return max(lows, default=(-math.inf, 0.0)), min(highs, default=(math.inf, 0.0))


def _lies_between(value: object, low: Bound, high: Bound) -> bool:
    return low <= (value, 0.0) <= high if isinstance(value, float) else True
