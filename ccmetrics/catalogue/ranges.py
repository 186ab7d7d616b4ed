"""Which values a formula can have, from what its names can be: interval arithmetic over trees.

In: a tree, and the range of every name and parameter in it. Out: a range that holds every value, or what a condition
can come to. Refuses to know: where ranges come from, rows, null. A range may be too wide and is never too narrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ccmetrics.formula import Node, parts


class Range(NamedTuple):
    """From `low` to `high`, both included. What is not known is everything."""

    low: float
    high: float

    def __and__(self, other: Range) -> Range:
        return Range(max(self.low, other.low), min(self.high, other.high))

    def __or__(self, other: Range) -> Range:
        return Range(min(self.low, other.low), max(self.high, other.high))

    @property
    def said(self) -> str:
        """In words, of a range with an end."""
        if self.high == math.inf:
            return f"{self.low:g} or more"
        return f"{self.high:g} or less" if self.low == -math.inf else f"{self.low:g} to {self.high:g}"


class Truth(NamedTuple):
    """What a condition can come to, where it is not null."""

    can_hold: bool
    can_fail: bool


ANY, NEVER_BELOW_0, SHARE = Range(-math.inf, math.inf), Range(0.0, math.inf), Range(0.0, 1.0)
EITHER = Truth(True, True)
FIELDS = {
    "hour": Range(0, 23), "minute": Range(0, 59), "dow": Range(0, 6), "isodow": Range(1, 7), "day": Range(1, 31),
    "month": Range(1, 12),
}  # fmt: skip


def nothing_known(above: Node, below: Node) -> Range:
    return ANY


@dataclass(frozen=True)
class Known:
    """The ranges of names and parameters; and of quotients, where more is known of them than of their parts."""

    name: Callable[[tuple[str, ...]], Range]
    param: Callable[[str], Range] = lambda name: ANY
    share: Callable[[Node, Node], Range] = nothing_known


def range_of(node: Node, known: Known) -> Range:
    """The range of a number; of all that is no number everything."""
    if node.op == "name":
        return known.name(parts(node))
    if node.op == "param":
        return known.param(str(node.value))
    if node.op == "number" and isinstance(node.value, int | float):
        return Range(float(node.value), float(node.value))
    if node.op == "case":
        return hull(range_of(arg, known) for arg in [*node.args[1:-1:2], node.args[-1]] if arg.op != "null")
    if node.op == "extract":
        return FIELDS.get(str(node.value), ANY)
    if node.op in ("greatest", "least"):
        return _extreme(node, known)
    if node.op not in ARITHMETIC:
        return ANY
    args = [arg for arg in node.args if arg.op != "null"] if node.op == "coalesce" else node.args
    found = ARITHMETIC[node.op]([range_of(arg, known) for arg in args] or [ANY])
    if not (found.low < math.inf and found.high > -math.inf):  # an overflow, which is no value
        return ANY
    return found & known.share(*node.args) if node.op == "div" else found


def hull(ranges: Iterable[Range]) -> Range:
    """The range that holds all of them."""
    found = list(ranges)
    return Range(min(r.low for r in found), max(r.high for r in found)) if found else ANY


# ---------------------------------------------------------------- numbers


def _extreme(node: Node, known: Known) -> Range:
    """GREATEST and LEAST pass over what is null, and what is written out never is: it bounds them always."""
    found = hull(range_of(arg, known) for arg in node.args if arg.op != "null")
    written = [range_of(arg, known) for arg in node.args if arg.op in ("number", "param")]
    if node.op == "greatest":
        return Range(max([found.low, *(each.low for each in written)]), found.high)
    return Range(found.low, min([found.high, *(each.high for each in written)]))


def _sum(args: list[Range]) -> Range:
    one, other = args
    return Range(one.low + other.low, one.high + other.high)


def _difference(args: list[Range]) -> Range:
    one, other = args
    return Range(one.low - other.high, one.high - other.low)


def _product(args: list[Range]) -> Range:
    found = [_times(a, b) for a in args[0] for b in args[1]]
    return Range(min(found), max(found))


def _times(a: float, b: float) -> float:
    """0 times what has no end is 0: every value in a range is finite."""
    return a * b if a and b else 0.0


def _quotient(args: list[Range]) -> Range:
    """A division by 0 is null, so a denominator that ends at 0 only comes near to it."""
    above, below = args
    if below.low < 0 < below.high or below == (0, 0):
        return ANY
    ends = [_inverse(end, below) for end in below]
    return _product([above, Range(min(ends), max(ends))])


def _inverse(end: float, of: Range) -> float:
    if end:
        return 1 / end
    return math.inf if of.high > 0 else -math.inf


def _rising(rule: Callable[[float], float]) -> Callable[[list[Range]], Range]:
    """A function that never falls, end by end."""

    def apply(args: list[Range]) -> Range:
        low, high = (end if math.isinf(end) else float(rule(end)) for end in args[0])
        return Range(low, high)

    return apply


def _absolute(args: list[Range]) -> Range:
    low, high = args[0]
    least = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
    return Range(least, max(abs(low), abs(high)))


ARITHMETIC: dict[str, Callable[[list[Range]], Range]] = {
    "add": _sum,
    "sub": _difference,
    "mul": _product,
    "div": _quotient,
    "neg": lambda args: Range(-args[0].high, -args[0].low),
    "abs": _absolute,
    "floor": _rising(math.floor),
    "ceil": _rising(math.ceil),
    "round": _rising(lambda end: math.copysign(math.floor(abs(end) + 0.5), end)),
    "nullif": lambda args: args[0],
    # Gives another argument where one is null.
    "coalesce": hull,
    "length": lambda args: NEVER_BELOW_0,
}

# ---------------------------------------------------------------- conditions

NEGATED = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
MIRRORED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}


def truth_of(node: Node, known: Known) -> Truth:
    """Whether a condition can hold, and whether it can fail."""
    if node.op in NEGATED:
        return _compared(node, known)
    if node.op == "flag":
        return Truth(node.value is True, node.value is False)
    if node.op == "not":
        inner = truth_of(node.args[0], known)
        return Truth(inner.can_fail, inner.can_hold)
    if node.op == "in":
        listed = [_compared(Node("eq", (node.args[0], each)), known) for each in node.args[1:]]
        return Truth(any(t.can_hold for t in listed), all(t.can_fail for t in listed))
    if node.op in ("and", "between"):
        every = list(conjuncts(node))
        found = [truth_of(each, known) for each in every]
        return Truth(all(t.can_hold for t in found) and _agree(every, known), any(t.can_fail for t in found))
    if node.op == "or":
        every = [negated(each) for each in _flat(node, "or")]
        found = [truth_of(each, known) for each in every]
        return Truth(any(t.can_fail for t in found), all(t.can_hold for t in found) and _agree(every, known))
    return EITHER


def conjuncts(node: Node) -> Iterator[Node]:
    """The conditions that must all hold for the whole to."""
    if node.op == "between":
        tested, low, high = node.args
        yield replace(node, op="ge", args=(tested, low))
        yield replace(node, op="le", args=(tested, high))
    elif node.op == "in" and len(node.args) == 2:
        yield replace(node, op="eq")
    elif node.op == "and":
        for arg in node.args:
            yield from conjuncts(arg)
    else:
        yield node


def _flat(node: Node, op: str) -> Iterator[Node]:
    if node.op != op:
        yield node
        return
    for arg in node.args:
        yield from _flat(arg, op)


def negated(node: Node) -> Node:
    """The condition that holds where this one fails."""
    if node.op in NEGATED:
        return replace(node, op=NEGATED[node.op])
    return node.args[0] if node.op == "not" else replace(node, op="not", args=(node,))


def _compared(node: Node, known: Known) -> Truth:
    if node.args[0] == node.args[1]:
        holds = node.op in ("eq", "le", "ge")
        return Truth(holds, not holds)
    return COMPARED[node.op](*(range_of(arg, known) for arg in node.args))


def _less(one: Range, other: Range) -> Truth:
    return Truth(one.low < other.high, one.high >= other.low)


def _at_most(one: Range, other: Range) -> Truth:
    return Truth(one.low <= other.high, one.high > other.low)


def _equal(one: Range, other: Range) -> Truth:
    both = one & other
    return Truth(both.low <= both.high, not one.low == one.high == other.low == other.high)


def _unequal(one: Range, other: Range) -> Truth:
    return Truth(*_equal(one, other)[::-1])


COMPARED: dict[str, Callable[[Range, Range], Truth]] = {
    "lt": _less,
    "le": _at_most,
    "gt": lambda one, other: _less(other, one),
    "ge": lambda one, other: _at_most(other, one),
    "eq": _equal,
    "ne": _unequal,
}


def _agree(every: Iterable[Node], known: Known) -> bool:
    """Whether some value of each term meets all its bounds: `a > 3 AND a < 2` are at odds."""
    bounds: dict[Node, tuple[Range, bool, bool]] = {}
    for node in every:
        if node.op not in NEGATED or node.op == "ne":
            continue
        for term, op, other in ((node.args[0], node.op, 1), (node.args[1], MIRRORED[node.op], 0)):
            if term.op not in ("number", "text", "flag", "null"):
                before = bounds.get(term, (range_of(term, known), False, False))
                bounds[term] = _narrowed(before, op, range_of(node.args[other], known))
    return all(r.low < r.high or (r.low == r.high and not (below or above)) for r, below, above in bounds.values())


def _narrowed(bounds: tuple[Range, bool, bool], op: str, other: Range) -> tuple[Range, bool, bool]:
    """A range and whether its ends are left out, held to a comparison."""
    (low, high), no_low, no_high = bounds
    if op in ("gt", "ge", "eq") and (other.low > low or (other.low == low and op == "gt")):
        low, no_low = other.low, op == "gt"
    if op in ("lt", "le", "eq") and (other.high < high or (other.high == high and op == "lt")):
        high, no_high = other.high, op == "lt"
    return Range(low, high), no_low, no_high
