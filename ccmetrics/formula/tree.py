"""The formula as a tree: its nodes, and what is asked of a tree without knowing names or values.

In: nodes that `formula.parse` built. Out: names, parameters, SQL text, trees with KPI names written out.
Refuses to know: SQL text, sqlglot, kinds and units, frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ccmetrics.formula.words import RESERVED


@dataclass(frozen=True)
class Node:
    """One operation. `start` and `end` are offsets into the text; two trees are equal wherever they were written."""

    op: str
    args: tuple[Node, ...] = ()
    value: object = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


class FormulaProblem(Exception):
    """What is wrong with a formula, and from where to where in its text."""

    def __init__(self, name: str, text: str, start: int = 0, end: int = 0) -> None:
        super().__init__(f"{name}: {text}")
        self.name, self.text, self.start, self.end = name, text, start, end


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    yield node
    for arg in node.args:
        yield from walk(arg)


def names(node: Node) -> list[Node]:
    return [n for n in walk(node) if n.op == "name"]


def params(node: Node) -> list[Node]:
    return [n for n in walk(node) if n.op == "param"]


def parts(node: Node) -> tuple[str, ...]:
    """The parts of a name node: `agent.team` is ('agent', 'team')."""
    if not isinstance(node.value, tuple):
        raise TypeError(f"{node.op} is no name")
    return node.value


def division(node: Node) -> tuple[Node, Node] | None:
    """Numerator and denominator, where the whole formula is one division."""
    return (node.args[0], node.args[1]) if node.op == "div" else None


def inline(node: Node, resolve: Callable[[tuple[str, ...]], Node | None]) -> Node:
    """The tree with every name that `resolve` knows replaced by its tree.

    What is put in is not searched again (`resolve` returns finished trees, so a cycle is its caller's to find), and
    lies where the name lay, so that a problem points into the text its reader sees.
    """
    if node.op == "name":
        found = resolve(parts(node))
        return node if found is None else _moved(found, node.start, node.end)
    return replace(node, args=tuple(inline(arg, resolve) for arg in node.args)) if node.args else node


def _moved(node: Node, start: int, end: int) -> Node:
    return replace(node, args=tuple(_moved(a, start, end) for a in node.args), start=start, end=end)


# ---------------------------------------------------------------- back to SQL

INFIX = {
    "or": (1, "OR"),
    "and": (2, "AND"),
    "eq": (4, "="),
    "ne": (4, "<>"),
    "lt": (4, "<"),
    "le": (4, "<="),
    "gt": (4, ">"),
    "ge": (4, ">="),
    "like": (4, "LIKE"),
    "not_like": (4, "NOT LIKE"),
    "add": (5, "+"),
    "sub": (5, "-"),
    "mul": (6, "*"),
    "div": (6, "/"),
}
TIGHT = {"not": 3, "is_null": 4, "is_not_null": 4, "in": 4, "not_in": 4, "between": 4, "neg": 7}
ATOM = 9


def render(node: Node) -> str:
    """SQL text that parses to the same tree."""
    if node.op in INFIX:
        level, sign = INFIX[node.op]
        # The comparisons do not chain, so both their sides stand above them; the others lean left.
        left = _within(node.args[0], level + (level == 4))
        return f"{left} {sign} {_within(node.args[1], level + 1)}"
    return SPELLED.get(node.op, _call)(node)


def _within(node: Node, level: int) -> str:
    own = INFIX[node.op][0] if node.op in INFIX else TIGHT.get(node.op, ATOM)
    return render(node) if own >= level else f"({render(node)})"


def _call(node: Node) -> str:
    return f"{node.op.upper()}({', '.join(map(render, node.args))})"


def _number(node: Node) -> str:
    value = node.value
    return str(int(value)) if isinstance(value, float) and value.is_integer() and value < 1e15 else str(value)


def _name(node: Node) -> str:
    return ".".join(p if _bare(p) else '"' + p.replace('"', '""') + '"' for p in parts(node))


def _bare(part: str) -> bool:
    return part.isidentifier() and part.lower() not in RESERVED


def _list(node: Node, sign: str) -> str:
    return f"{_within(node.args[0], 5)} {sign} ({', '.join(map(render, node.args[1:]))})"


def _case(node: Node) -> str:
    pairs = zip(node.args[:-1:2], node.args[1:-1:2], strict=True)
    whens = " ".join(f"WHEN {render(c)} THEN {render(t)}" for c, t in pairs)
    return f"CASE {whens} ELSE {render(node.args[-1])} END"


def _between(node: Node) -> str:
    tested, low, high = (_within(arg, 5) for arg in node.args)
    return f"{tested} BETWEEN {low} AND {high}"


SPELLED: dict[str, Callable[[Node], str]] = {
    "number": _number,
    "text": lambda n: "'" + str(n.value).replace("'", "''") + "'",
    "flag": lambda n: str(n.value).upper(),
    "null": lambda n: "NULL",
    "name": _name,
    "param": lambda n: f":{n.value}",
    "neg": lambda n: f"-{_within(n.args[0], 8)}",
    "not": lambda n: f"NOT {_within(n.args[0], 4)}",
    "is_null": lambda n: f"{_within(n.args[0], 5)} IS NULL",
    "is_not_null": lambda n: f"{_within(n.args[0], 5)} IS NOT NULL",
    "in": lambda n: _list(n, "IN"),
    "not_in": lambda n: _list(n, "NOT IN"),
    "between": _between,
    "case": _case,
    "epoch": lambda n: f"EXTRACT(EPOCH FROM {render(n.args[0])})",
    "extract": lambda n: f"EXTRACT({str(n.value).upper()} FROM {render(n.args[0])})",
}
