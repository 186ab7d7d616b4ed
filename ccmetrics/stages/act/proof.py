"""The numbers behind an action: what its condition names, cycle by cycle.

In: a rule's condition, the values of the cycles it looks at. Out: a row a subject, with a list of numbers.
Refuses to know: KPIs and units, whether the rule holds, how a number is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ccmetrics.formula import Node, parse, parts
from ccmetrics.formula.tree import walk

Cycle = tuple[str, pl.DataFrame]
"""Label of a cycle and the values measured in it."""

NUMBERS = {
    "period": pl.String, "name": pl.String, "value": pl.Float64, "sign": pl.String, "limit": pl.Float64,
}  # fmt: skip
"""`name` as the condition has it: `csat`, `csat.n`. Where the condition compares it with one number, that is the
`limit`, and `sign` is how the value stands to it: true, whatever the condition asks for."""
PROOF = pl.List(pl.Struct(NUMBERS))

SIGNS: dict[str, tuple[str, str, Callable[[pl.Expr, float], pl.Expr]]] = {
    "lt": ("<", "≥", pl.Expr.lt), "le": ("≤", ">", pl.Expr.le), "gt": (">", "≤", pl.Expr.gt),
    "ge": ("≥", "<", pl.Expr.ge), "eq": ("=", "≠", pl.Expr.eq), "ne": ("≠", "=", pl.Expr.ne),
}  # fmt: skip
"""A comparison: its sign where it is so, where it is not, and what tells."""
TURNED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def proof(condition: str, index: int, cycles: Sequence[Cycle]) -> pl.DataFrame:
    """subject, evidence: the numbers of the cycles in their order. Who has none in any of them has no row."""
    key, start = pl.col("kpi"), f"actions.{index}."
    mine = (pl.col("cycles") == 1) & key.str.starts_with(start) & (key != f"{start}when")
    numbers = [
        values.filter(mine).select("subject", "value", name=key.str.strip_prefix(start), period=pl.lit(label))
        for label, values in cycles
    ]
    known = limits(condition)
    found = pl.concat(numbers).with_columns(sign=_sign(known), limit=_limit(known))
    return found.group_by("subject", maintain_order=True).agg(evidence=pl.struct(*NUMBERS))


def limits(condition: str) -> dict[str, tuple[str, float]]:
    """The names that are compared with one number, and how: `csat < 0.7` as `0.7 > csat`; none of `x > 2 OR x < 1`."""
    found: dict[str, set[tuple[str, float]]] = {}
    for node in walk(parse(condition)):
        for op, (one, other) in _sides(node):
            limit = _number(other)
            if one.op == "name" and limit is not None:
                found.setdefault(".".join(parts(one)), set()).add((op, limit))
    return {name: pairs.pop() for name, pairs in found.items() if len(pairs) == 1}


def _sides(node: Node) -> tuple[tuple[str, tuple[Node, ...]], ...]:
    """A comparison as it is written and turned round."""
    return ((node.op, node.args), (TURNED[node.op], node.args[::-1])) if node.op in SIGNS else ()


def _number(node: Node) -> float | None:
    if node.op == "neg":
        size = _number(node.args[0])
        return None if size is None else -size
    return float(node.value) if node.op == "number" and isinstance(node.value, (int, float)) else None


def _sign(known: dict[str, tuple[str, float]]) -> pl.Expr:
    found, value = [], pl.col("value")
    for name, (op, limit) in known.items():
        yes, no, tells = SIGNS[op]
        said = pl.when(tells(value, limit)).then(pl.lit(yes)).when(value.is_not_null()).then(pl.lit(no))
        found.append(pl.when(pl.col("name") == name).then(said))
    return pl.coalesce(*found, pl.lit(None, pl.String))


def _limit(known: dict[str, tuple[str, float]]) -> pl.Expr:
    found = [pl.when(pl.col("name") == name).then(pl.lit(limit)) for name, (_, limit) in known.items()]
    return pl.coalesce(*found, pl.lit(None, pl.Float64))
