"""What is certain of a formula whatever the data: that it is null, one value, never true.

In: a tree, and what is certain of its names. Out: the outcomes of every part, inner parts first.
Refuses to know: SQL text, YAML, frames. What it cannot show simply it calls open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, product

from ccmetrics.formula.conditions import contradict, demands, denied, parts_of
from ccmetrics.formula.evaluate import RULES, Value
from ccmetrics.formula.tree import Node, parts

MOST_COMBINED = 16


@dataclass(frozen=True)
class Outcomes:
    """What a formula can come to: `values` beside null (None: any), and whether it can be null."""

    values: frozenset[Value] | None
    nullable: bool = True

    @property
    def is_null(self) -> bool:
        return self.values == frozenset()

    def within(self, *values: Value) -> bool:
        """Whether it is one of these, or null, and not null alone."""
        return bool(self.values) and self.values is not None and self.values <= set(values)


OPEN, NULL, GIVEN = Outcomes(None), Outcomes(frozenset()), Outcomes(None, nullable=False)
CONDITION: frozenset[Value] = frozenset({True, False})
Lookup = Callable[[tuple[str, ...]], Outcomes]


def certain(node: Node, lookup: Lookup) -> list[tuple[Node, Outcomes]]:
    """Every part of a formula with its outcomes; the whole comes last."""
    found: list[tuple[Node, Outcomes]] = []

    def outcome(at: Node) -> Outcomes:
        came = lookup(parts(at)) if at.op == "name" else _outcome(at, [outcome(arg) for arg in at.args])
        found.append((at, came))
        return came

    outcome(node)
    return found


def _outcome(node: Node, args: list[Outcomes]) -> Outcomes:
    if node.op in ("number", "text", "flag"):
        return Outcomes(frozenset({node.value}), nullable=False)  # type: ignore[arg-type]
    if node.op in OWN:
        return OWN[node.op](node, args)
    if any(arg.is_null for arg in args):
        return NULL
    return _combined(node, args)


def _combined(node: Node, args: Sequence[Outcomes]) -> Outcomes:
    """Of an operation that is null where an operand is: worked out, where there are few values to work out."""
    nullable = any(arg.nullable for arg in args)
    given = [arg.values for arg in args if arg.values is not None]
    if node.op not in RULES or len(given) < len(args):
        return Outcomes(CONDITION if node.op in COMPARISONS else None, nullable)
    every = list(product(*given))
    if len(every) > MOST_COMBINED:
        return Outcomes(None, nullable)
    try:
        came = {RULES[node.op](list(values)) for values in every}
    except TypeError:  # text and numbers, which has had its problem
        return OPEN
    return Outcomes(frozenset(came - {None}), nullable or None in came)


def _union(outcomes: Iterable[Outcomes], nullable: bool) -> Outcomes:
    given = [outcome.values for outcome in outcomes]
    known = [values for values in given if values is not None]
    return Outcomes(frozenset(chain(*known)) if len(known) == len(given) else None, nullable)


# ---------------------------------------------------------------- operations with a logic of their own


def _same(node: Node) -> bool:
    return len(node.args) == 2 and node.args[0] == node.args[1]


def _difference(node: Node, args: list[Outcomes]) -> Outcomes:
    if any(arg.is_null for arg in args):
        return NULL
    return Outcomes(frozenset({0.0}), args[0].nullable) if _same(node) else _combined(node, args)


def _product(node: Node, args: list[Outcomes]) -> Outcomes:
    if any(arg.is_null for arg in args):
        return NULL
    if any(arg.within(0.0) for arg in args):
        return Outcomes(frozenset({0.0}), any(arg.nullable for arg in args))
    return _combined(node, args)


def _quotient(node: Node, args: list[Outcomes]) -> Outcomes:
    above, below = args
    if above.is_null or below.is_null or below.within(0.0):
        return NULL
    is_safe = below.values is not None and 0.0 not in below.values
    if above.within(0.0) or _same(node):
        return Outcomes(frozenset({0.0 if above.within(0.0) else 1.0}), any(a.nullable for a in args) or not is_safe)
    found = _combined(node, args)
    return Outcomes(found.values, found.nullable or not is_safe)


def _comparison(node: Node, args: list[Outcomes]) -> Outcomes:
    if args[0].is_null or any(arg.is_null for arg in args[1:] if node.op not in ("in", "not_in")):
        return NULL
    nullable = any(arg.nullable for arg in args)
    if _same(node) and node.op in REFLEXIVE:
        return Outcomes(frozenset({REFLEXIVE[node.op]}), nullable)
    found = _combined(node, args)
    if node.op == "between" and contradict(demands(node)):
        return Outcomes(frozenset({False}), found.nullable)
    return found


def _and(node: Node, args: list[Outcomes]) -> Outcomes:
    if any(arg.within(False) and not arg.nullable for arg in args):
        return Outcomes(frozenset({False}), nullable=False)
    nullable = any(arg.nullable for arg in args)
    if any(arg.is_null or arg.within(False) for arg in args) or contradict(_all_demands(node)):
        return Outcomes(frozenset({False}), nullable)
    return Outcomes(frozenset({True}) if all(arg.within(True) for arg in args) else CONDITION, nullable)


def _all_demands(node: Node) -> list[tuple[Node, str, object]]:
    return [demand for part in parts_of(node, "and") for demand in demands(part)]


def _or(node: Node, args: list[Outcomes]) -> Outcomes:
    if any(arg.within(True) and not arg.nullable for arg in args):
        return Outcomes(frozenset({True}), nullable=False)
    nullable = any(arg.nullable for arg in args)
    if any(arg.within(True) for arg in args):
        return Outcomes(frozenset({True}) if not any(arg.is_null for arg in args) else CONDITION, nullable)
    against = [demand for part in parts_of(node, "or") for demand in denied(part)]
    if contradict(against, is_denied=True):
        return Outcomes(frozenset({True}), nullable)
    return Outcomes(frozenset({False}) if all(arg.within(False) for arg in args) else CONDITION, nullable)


def _is_null(node: Node, args: list[Outcomes]) -> Outcomes:
    wanted = node.op == "is_null"
    if args[0].is_null:
        return Outcomes(frozenset({wanted}), nullable=False)
    return Outcomes(CONDITION if args[0].nullable else frozenset({not wanted}), nullable=False)


def _case(node: Node, args: list[Outcomes]) -> Outcomes:
    reached: list[Outcomes] = []
    for condition, then in zip(args[:-1:2], args[1:-1:2], strict=True):
        if not (condition.is_null or condition.within(False)):
            reached.append(then)
        if condition.within(True) and not condition.nullable:
            break
    else:
        reached.append(args[-1])
    return _union(reached, any(each.nullable for each in reached))


def _coalesce(node: Node, args: list[Outcomes]) -> Outcomes:
    reached: list[Outcomes] = []
    for arg in args:
        reached.append(arg)
        if not arg.nullable:
            break
    return _union(reached, all(each.nullable for each in reached))


def _nullif(node: Node, args: list[Outcomes]) -> Outcomes:
    one, other = args
    if _same(node) or one.is_null:
        return NULL
    if one.values is None or other.values is None or len(other.values) != 1 or other.nullable:
        return Outcomes(one.values)
    return Outcomes(one.values - other.values, one.nullable or bool(one.values & other.values))


def _extreme(node: Node, args: list[Outcomes]) -> Outcomes:
    """GREATEST and LEAST pass over nulls."""
    nullable = all(arg.nullable for arg in args)
    return NULL if all(arg.is_null for arg in args) else Outcomes(None, nullable)


REFLEXIVE: dict[str, bool] = {"eq": True, "le": True, "ge": True, "ne": False, "lt": False, "gt": False}
"""A comparison of something with itself."""

COMPARISONS = frozenset({*REFLEXIVE, "in", "not_in", "between"})

OWN: dict[str, Callable[[Node, list[Outcomes]], Outcomes]] = {
    "null": lambda node, args: NULL,
    "param": lambda node, args: GIVEN,
    "sub": _difference,
    "mul": _product,
    "div": _quotient,
    **dict.fromkeys(COMPARISONS, _comparison),
    "and": _and,
    "or": _or,
    "is_null": _is_null,
    "is_not_null": _is_null,
    "case": _case,
    "coalesce": _coalesce,
    "nullif": _nullif,
    "greatest": _extreme,
    "least": _extreme,
}
