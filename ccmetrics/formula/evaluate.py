"""A formula worked out for one set of values, in plain Python, by SQL's rules.

In: a tree, values by dotted name, parameters. Out: a number, a condition, or None for NULL.
Refuses to know: frames, exports, times (a formula over measures has none).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ccmetrics.formula.tree import FormulaProblem, Node, parts

Value = float | bool | str | None


def evaluate(
    node: Node, values: Mapping[str, float | None], parameters: Mapping[str, float] | None = None
) -> float | bool | None:
    """The value of a formula over measures. A name without a value given is a problem, never a guess."""
    found = _value(node, values, parameters or {})
    if isinstance(found, str):
        raise FormulaProblem("kind-mismatch", "A formula over measures gives a number.", node.start, node.end)
    return found


def _value(node: Node, values: Mapping[str, float | None], parameters: Mapping[str, float]) -> Value:
    if node.op == "name":
        return _given(node, ".".join(parts(node)), values, "unknown-name")
    if node.op == "param":
        return _given(node, str(node.value), parameters, "unknown-parameter")
    if node.op in ("number", "text", "flag", "null") and isinstance(node.value, float | bool | str | None):
        return node.value
    if node.op not in RULES:
        raise FormulaProblem("forbidden-construct", f"{node.op.upper()} needs rows.", node.start, node.end)
    return RULES[node.op]([_value(arg, values, parameters) for arg in node.args])


def _given(node: Node, name: str, given: Mapping[str, float | None], problem: str) -> Value:
    if name not in given:
        raise FormulaProblem(problem, f"'{name}' is given no value.", node.start, node.end)
    value = given[name]
    return value if value is None or isinstance(value, bool) else float(value)


# ---------------------------------------------------------------- one function an operation

Rule = Callable[[list[Value]], Value]


def _numbers(rule: Callable[..., float | bool | None]) -> Rule:
    """NULL in, NULL out; an overflow is NULL too."""

    def apply(args: list[Value]) -> Value:
        if any(arg is None for arg in args):
            return None
        try:
            found = rule(*args)
        except OverflowError:
            return None
        return None if isinstance(found, float) and not math.isfinite(found) else found

    return apply


def _and(args: list[Value]) -> Value:
    return False if False in args else None if None in args else True


def _or(args: list[Value]) -> Value:
    return True if True in args else None if None in args else False


def _in(args: list[Value]) -> Value:
    tested, *listed = args
    return _or([_equal([tested, item]) for item in listed])


def _between(args: list[Value]) -> Value:
    tested, low, high = args
    return _and([_at_least([tested, low]), _at_least([high, tested])])


def _case(args: list[Value]) -> Value:
    pairs = zip(args[:-1:2], args[1:-1:2], strict=True)
    return next((then for condition, then in pairs if condition is True), args[-1])


def _present(choose: Callable[[list[float]], float]) -> Rule:
    def apply(args: list[Value]) -> Value:
        found = [float(arg) for arg in args if arg is not None]
        return choose(found) if found else None

    return apply


def _rounded(x: float) -> float:
    """Half away from zero."""
    whole = math.floor(abs(x))
    return math.copysign(whole + (abs(x) - whole >= 0.5), x)


_equal = _numbers(lambda a, b: a == b)
_at_least = _numbers(lambda a, b: a >= b)
_not = _numbers(lambda a: not a)

RULES: dict[str, Rule] = {
    "add": _numbers(lambda a, b: a + b),
    "sub": _numbers(lambda a, b: a - b),
    "mul": _numbers(lambda a, b: a * b),
    "div": _numbers(lambda a, b: a / b if b else None),
    "neg": _numbers(lambda a: -a),
    "eq": _equal,
    "ne": _numbers(lambda a, b: a != b),
    "lt": _numbers(lambda a, b: a < b),
    "le": _numbers(lambda a, b: a <= b),
    "gt": _numbers(lambda a, b: a > b),
    "ge": _at_least,
    "and": _and,
    "or": _or,
    "not": _not,
    "is_null": lambda args: args[0] is None,
    "is_not_null": lambda args: args[0] is not None,
    "in": _in,
    "not_in": lambda args: _not([_in(args)]),
    "between": _between,
    "case": _case,
    "coalesce": lambda args: next((arg for arg in args if arg is not None), None),
    "nullif": lambda args: None if _equal(args) is True else args[0],
    "greatest": _present(max),
    "least": _present(min),
    "abs": _numbers(abs),
    "round": _numbers(_rounded),
    "floor": _numbers(lambda a: float(math.floor(a))),
    "ceil": _numbers(lambda a: float(math.ceil(a))),
}
