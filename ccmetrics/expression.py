"""A checked formula as one native Polars expression, by SQL's three-valued logic.

In: a tree, the expression of every name, the values of parameters. Out: one expression.
Refuses to know: SQL text, which names exist and fit (kinds), tables, aggregation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_

import polars as pl

from ccmetrics.formula.tree import Node, parts

Parts = tuple[str, ...]
Column = Callable[[Parts], pl.Expr | None]
INSTANT = pl.Datetime("us")


class Absent(Exception):
    """A name that the export does not supply, where nothing stands in for it."""

    def __init__(self, name: Parts) -> None:
        super().__init__(".".join(name))
        self.parts = name


def _utc_only(_: pl.Expr) -> pl.Expr:
    raise TypeError("a formula that reads the clock needs `local`, since stored times are UTC")


@dataclass(frozen=True)
class _Scope:
    column: Column
    parameters: Mapping[str, float | datetime]
    local: Callable[[pl.Expr], pl.Expr]
    dates: Container[Parts]


def compile(
    node: Node,
    column: Column,
    parameters: Mapping[str, float | datetime],
    local: Callable[[pl.Expr], pl.Expr] = _utc_only,
    dates: Container[Parts] = frozenset(),
) -> pl.Expr:
    """The expression of a formula.

    `local` turns a stored UTC time into the center's naive local time, for EXTRACT(hour ...) and for a time set
    against a calendar day; `dates` holds the names that are calendar days.
    """
    return _value(node, _Scope(column, parameters, local, dates))


ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "abs", "round", "floor", "ceil"})


def _value(node: Node, scope: _Scope) -> pl.Expr:
    """What leaves arithmetic is a number or null: an overflow is no value."""
    made = RULES[node.op](node, scope)
    return pl.when(made.is_finite()).then(made) if node.op in ARITHMETIC else made


def _number(node: Node, scope: _Scope) -> pl.Expr:
    """An operand of arithmetic, where an overflow may still pass through: it cannot come back to a number."""
    if node.op == "number":
        return pl.lit(node.value, dtype=pl.Float64)
    return RULES[node.op](node, scope).cast(pl.Float64)


# ---------------------------------------------------------------- leaves


def _name(node: Node, scope: _Scope) -> pl.Expr:
    found = scope.column(parts(node))
    if found is None:
        raise Absent(parts(node))
    return found


def _param(node: Node, scope: _Scope) -> pl.Expr:
    value = scope.parameters[str(node.value)]
    return pl.lit(value, dtype=INSTANT) if isinstance(value, datetime) else pl.lit(float(value), dtype=pl.Float64)


# ---------------------------------------------------------------- numbers


def _arithmetic(apply: Callable[..., pl.Expr]) -> Rule:
    return lambda node, scope: apply(*(_number(arg, scope) for arg in node.args))


def _divided(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """By zero is null. By an overflow too: it would come back as a plain zero."""
    return above / pl.when((below != 0) & below.is_finite()).then(below)


def _epoch(node: Node, scope: _Scope) -> pl.Expr:
    left, right = _times(node.args[0].args, scope)
    # Whole microseconds first: the one division at the end is the only rounding.
    return (left - right).dt.total_microseconds().cast(pl.Float64) / 1e6


def _extract(node: Node, scope: _Scope) -> pl.Expr:
    made = _value(node.args[0], scope)
    clock = made if _is_date(node.args[0], scope) else scope.local(made)
    return FIELDS[str(node.value)](clock).cast(pl.Float64)


FIELDS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "hour": lambda clock: clock.dt.hour(),
    "minute": lambda clock: clock.dt.minute(),
    "day": lambda clock: clock.dt.day(),
    "month": lambda clock: clock.dt.month(),
    "isodow": lambda clock: clock.dt.weekday(),
    # Sunday is 0 in SQL and 7 in ISO.
    "dow": lambda clock: clock.dt.weekday() % 7,
}


def _is_date(node: Node, scope: _Scope) -> bool:
    """Whether this is a calendar day. A choice is one if a branch is: the others are then too."""
    if node.op == "name":
        return parts(node) in scope.dates
    branches = {"case": (*node.args[1:-1:2], *node.args[-1:]), "nullif": node.args[:1]}
    chosen = branches.get(node.op, node.args if node.op in ("coalesce", "greatest", "least") else ())
    return any(_is_date(branch, scope) for branch in chosen)


def _times(nodes: tuple[Node, ...], scope: _Scope) -> list[pl.Expr]:
    """Times as instants. A day beside a time is its local midnight, so the time is read on the local clock."""
    days = [_is_date(node, scope) for node in nodes]
    mixed = any(days) and not all(days)
    made = [_value(node, scope) for node in nodes]
    return [(m if day or not mixed else scope.local(m)).cast(INSTANT) for m, day in zip(made, days, strict=True)]


# ---------------------------------------------------------------- conditions


def _operands(nodes: tuple[Node, ...], scope: _Scope) -> list[pl.Expr]:
    """Operands that meet: as text where one is written as text (an enumeration refuses or loses words it lacks)."""
    days = sum(_is_date(node, scope) for node in nodes)
    if 0 < days < len(nodes) and all(node.op != "null" for node in nodes):
        return _times(nodes, scope)
    made = [_value(node, scope) for node in nodes]
    return [m.cast(pl.String) for m in made] if any(n.op in TEXTUAL for n in nodes) else made


TEXTUAL = frozenset({"text", "lower", "upper", "trim"})


def _compared(apply: Callable[..., pl.Expr]) -> Rule:
    return lambda node, scope: apply(*_operands(node.args, scope))


def _in(node: Node, scope: _Scope) -> pl.Expr:
    tested, *listed = node.args
    if all(item.op == "text" for item in listed):
        return _value(tested, scope).cast(pl.String).is_in([str(item.value) for item in listed])
    first, *rest = _operands(node.args, scope)
    return reduce(or_, [first == item for item in rest])


def _between(tested: pl.Expr, low: pl.Expr, high: pl.Expr) -> pl.Expr:
    return (tested >= low) & (tested <= high)


def _like(node: Node, scope: _Scope) -> pl.Expr:
    text, pattern = _value(node.args[0], scope).cast(pl.String), str(node.args[1].value)
    bare = pattern.strip("%")
    if "_" not in bare and "%" not in bare and bare:
        if pattern == bare:
            return text == pl.lit(bare)
        if pattern == f"{bare}%":
            return text.str.starts_with(bare)
        if pattern == f"%{bare}":
            return text.str.ends_with(bare)
    turned = "".join({"%": ".*", "_": "."}.get(c) or re.escape(c) for c in pattern)
    return text.str.contains(f"(?s)^(?:{turned})$")


# ---------------------------------------------------------------- choices and text


def _coalesce(node: Node, scope: _Scope) -> pl.Expr:
    there = tuple(arg for arg in node.args if _lost(arg, scope) is None)
    if not there:
        raise Absent(_lost(node.args[0], scope) or ())
    return pl.coalesce(_operands(there, scope))


def _lost(node: Node, scope: _Scope) -> Parts | None:
    """The first name a node cannot do without and does not have."""
    if node.op == "name":
        return parts(node) if scope.column(parts(node)) is None else None
    found = [_lost(arg, scope) for arg in node.args]
    if node.op == "coalesce" and None in found:
        return None
    return next((lost for lost in found if lost is not None), None)


def _case(node: Node, scope: _Scope) -> pl.Expr:
    conditions = [_value(arg, scope) for arg in node.args[:-1:2]]
    *thens, last = _operands((*node.args[1:-1:2], node.args[-1]), scope)
    pairs = list(zip(conditions, thens, strict=True))
    return reduce(lambda rest, pair: pl.when(pair[0]).then(pair[1]).otherwise(rest), reversed(pairs), last)


def _nullif(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return pl.when(left == right).then(None).otherwise(left)


def _text(apply: Callable[[pl.Expr], pl.Expr]) -> Rule:
    return lambda node, scope: apply(_value(node.args[0], scope).cast(pl.String))


Rule = Callable[[Node, _Scope], pl.Expr]
RULES: dict[str, Rule] = {
    "number": lambda node, scope: pl.lit(node.value, dtype=pl.Float64),
    "text": lambda node, scope: pl.lit(node.value, dtype=pl.String),
    "flag": lambda node, scope: pl.lit(node.value, dtype=pl.Boolean),
    "null": lambda node, scope: pl.lit(None),
    "name": _name,
    "param": _param,
    "add": _arithmetic(lambda a, b: a + b),
    "sub": _arithmetic(lambda a, b: a - b),
    "mul": _arithmetic(lambda a, b: a * b),
    "div": _arithmetic(_divided),
    "neg": _arithmetic(lambda a: -a),
    "abs": _arithmetic(lambda a: a.abs()),
    # Half away from zero, as SQL has it; Polars rounds half to even unless told.
    "round": _arithmetic(lambda a: a.round(0, mode="half_away_from_zero")),
    "floor": _arithmetic(lambda a: a.floor()),
    "ceil": _arithmetic(lambda a: a.ceil()),
    "epoch": _epoch,
    "extract": _extract,
    "eq": _compared(lambda a, b: a == b),
    "ne": _compared(lambda a, b: a != b),
    "lt": _compared(lambda a, b: a < b),
    "le": _compared(lambda a, b: a <= b),
    "gt": _compared(lambda a, b: a > b),
    "ge": _compared(lambda a, b: a >= b),
    "and": lambda node, scope: reduce(and_, [_value(arg, scope) for arg in node.args]),
    "or": lambda node, scope: reduce(or_, [_value(arg, scope) for arg in node.args]),
    "not": lambda node, scope: ~_value(node.args[0], scope),
    "is_null": lambda node, scope: _value(node.args[0], scope).is_null(),
    "is_not_null": lambda node, scope: _value(node.args[0], scope).is_not_null(),
    "in": _in,
    "not_in": lambda node, scope: ~_in(node, scope),
    "between": _compared(_between),
    "like": _like,
    "not_like": lambda node, scope: ~_like(node, scope),
    "case": _case,
    "coalesce": _coalesce,
    "nullif": _compared(_nullif),
    "greatest": _compared(pl.max_horizontal),
    "least": _compared(pl.min_horizontal),
    "lower": _text(lambda a: a.str.to_lowercase()),
    "upper": _text(lambda a: a.str.to_uppercase()),
    "trim": _text(lambda a: a.str.strip_chars(" ")),
    "length": _text(lambda a: a.str.len_chars().cast(pl.Float64)),
}
