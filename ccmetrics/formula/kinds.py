"""Whether a formula makes sense: names, kinds and units, checked without any data.

In: a tree, and what kind each name and parameter is. Out: the kind of the whole, and every problem found.
Refuses to know: SQL text, YAML, frames, values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ccmetrics.formula.tree import FormulaProblem, Node, parts
from ccmetrics.formula.units import CONSTANT, Unit, agree, both_shown, common, multiplied, scaled
from ccmetrics.problem import did_you_mean

KindName = Literal["number", "text", "flag", "datetime", "date", "null"]


@dataclass(frozen=True)
class Kind:
    kind: KindName
    unit: Unit = None


NUMBER, TEXT, FLAG, NULL = Kind("number"), Kind("text"), Kind("flag"), Kind("null")
WRITTEN = Kind("number", CONSTANT)
TIMES = ("datetime", "date")
SAID = {
    "number": "a number",
    "text": "text",
    "flag": "a condition",
    "datetime": "a time",
    "date": "a date",
    "null": "NULL",
}

Lookup = Callable[[tuple[str, ...]], Kind | None]


def check(
    node: Node, lookup: Lookup, parameters: Mapping[str, Kind], known: Iterable[str]
) -> tuple[Kind | None, list[FormulaProblem]]:
    """The kind of the whole (None where a problem hides it) and all problems, in the order of the text."""
    walk = _Walk(lookup, parameters, tuple(known))
    kind = walk.kind(node)
    if kind is not None and kind.unit == CONSTANT:
        kind = NUMBER
    return kind, sorted(walk.problems, key=lambda p: (p.start, p.end, p.name))


def is_of_kind(node: Node, wanted: KindName, lookup: Lookup, parameters: Mapping[str, Kind]) -> bool:
    """Whether it can be worked out at all: of the kind that is wanted, and no text taken for a number in it."""
    kind, problems = check(node, lookup, parameters, ())
    return (kind is None or kind.kind == wanted) and all(found.name != "kind-mismatch" for found in problems)


class _Walk:
    def __init__(self, lookup: Lookup, parameters: Mapping[str, Kind], known: tuple[str, ...]) -> None:
        self.lookup, self.parameters, self.known = lookup, parameters, known
        self.problems: list[FormulaProblem] = []

    def kind(self, node: Node) -> Kind | None:
        return RULES[node.op](self, node)

    def refuse(self, name: str, node: Node, text: str) -> None:
        self.problems.append(FormulaProblem(name, text, node.start, node.end))

    def wants(self, node: Node, kind: KindName, where: str) -> Kind | None:
        """The kind of an operand that must be of one kind."""
        found = self.kind(node)
        if found is None or found.kind == kind:
            return found
        if found.kind == "null":
            self.refuse("kind-mismatch", node, f"{where} with NULL is always NULL.")
        else:
            self.refuse("kind-mismatch", node, f"{where} takes {SAID[kind]}, and this is {SAID[found.kind]}.")
        return None

    def same(self, node: Node, found: Sequence[Kind | None], where: str) -> Kind | None:
        """The kind and unit that all operands share. Unknown ones have had their problem."""
        given = [kind for kind in found if kind is not None]
        if len(given) < len(found) or not given:
            return None
        first = given[0]
        if other := next((k for k in given if k.kind != first.kind), None):
            self.refuse("kind-mismatch", node, f"{where} {SAID[first.kind]} and {SAID[other.kind]} makes no sense.")
            return None
        unit = common(kind.unit for kind in given)
        if other := next((k for k in given if not agree(k.unit, unit)), None):
            what = f"{where} {both_shown(unit, other.unit)} makes no sense.{_mend(unit, other.unit)}"
            self.refuse("unit-mismatch", node, what)
            return None
        return Kind(first.kind, unit)

    # ------------------------------------------------------------ leaves

    def name(self, node: Node) -> Kind | None:
        found = self.lookup(parts(node))
        if found is None:
            written = ".".join(parts(node))
            self.refuse("unknown-name", node, f"'{written}' is no name known here.{did_you_mean(written, self.known)}")
        return found

    def param(self, node: Node) -> Kind | None:
        written = str(node.value)
        found = self.parameters.get(written)
        if found is None:
            what = f"':{written}' is no parameter of the project.{did_you_mean(written, self.parameters)}"
            self.refuse("unknown-parameter", node, what)
        return found

    # ------------------------------------------------------------ numbers

    def sums(self, node: Node) -> Kind | None:
        sides = [self.kind(arg) for arg in node.args]
        if all(side is not None and side.kind in TIMES for side in sides):
            what = "A difference of times stands inside EXTRACT(EPOCH FROM a - b), which gives seconds."
            self.refuse("kind-mismatch", node, what if node.op == "sub" else "Times are not added.")
            return None
        return self.same(node, [self.number(a, s) for a, s in zip(node.args, sides, strict=True)], SUMS[node.op])

    def number(self, node: Node, found: Kind | None) -> Kind | None:
        if found is not None and found.kind != "number":
            always = " and with NULL is always NULL" if found.kind == "null" else ""
            self.refuse("kind-mismatch", node, f"Arithmetic takes a number, and this is {SAID[found.kind]}{always}.")
            return None
        return found

    def products(self, node: Node) -> Kind | None:
        left, right = (self.number(arg, self.kind(arg)) for arg in node.args)
        if left is None or right is None:
            return None
        sign = 1 if node.op == "mul" else -1
        one, two = node.args
        if right.unit == CONSTANT and left.unit != CONSTANT and isinstance(two.value, float):
            return Kind("number", scaled(left.unit, two.value, sign))
        if left.unit == CONSTANT and right.unit != CONSTANT and isinstance(one.value, float) and sign == 1:
            return Kind("number", scaled(right.unit, one.value))
        return Kind("number", multiplied(left.unit, right.unit, sign))

    def kept(self, node: Node) -> Kind | None:
        return self.wants(node.args[0], "number", node.op.upper() if node.op != "neg" else "A minus sign")

    def epoch(self, node: Node) -> Kind | None:
        sides = [self.kind(arg) for arg in node.args[0].args]
        for arg, side in zip(node.args[0].args, sides, strict=True):
            if side is not None and side.kind not in TIMES:
                what = f"EXTRACT(EPOCH FROM a - b) takes two times, and this is {SAID[side.kind]}."
                self.refuse("kind-mismatch", arg, what)
        return Kind("number", "s")

    def extract(self, node: Node) -> Kind | None:
        found = self.kind(node.args[0])
        if found is not None and found.kind not in TIMES:
            self.refuse("kind-mismatch", node.args[0], f"EXTRACT takes a time, and this is {SAID[found.kind]}.")
        elif found is not None and found.kind == "date" and node.value in ("hour", "minute"):
            self.refuse("kind-mismatch", node.args[0], f"A date has no {node.value}.")
        return NUMBER

    # ------------------------------------------------------------ conditions

    def compares(self, node: Node) -> Kind | None:
        found = [self.kind(arg) for arg in node.args]
        for arg, kind in zip(node.args, found, strict=True):
            if kind is not None and kind.kind == "null":
                self.refuse("kind-mismatch", arg, "A comparison with NULL is never true: write IS NULL or IS NOT NULL.")
                return FLAG
        shared = self.same(node, found, "Comparing")
        if shared is not None and shared.kind in ("text", "flag") and node.op not in ("eq", "ne", "in", "not_in"):
            what = f"{SAID[shared.kind].capitalize()} has no order that holds everywhere: compare with = or <>."
            self.refuse("kind-mismatch", node, what)
        return FLAG

    def logic(self, node: Node) -> Kind | None:
        for arg in node.args:
            self.wants(arg, "flag", node.op.upper())
        return FLAG

    def tests(self, node: Node) -> Kind | None:
        self.kind(node.args[0])
        return FLAG

    def likes(self, node: Node) -> Kind | None:
        for arg in node.args:
            self.wants(arg, "text", "LIKE")
        return FLAG

    # ------------------------------------------------------------ choices and text

    def case(self, node: Node) -> Kind | None:
        for condition in node.args[:-1:2]:
            self.wants(condition, "flag", "WHEN")
        return self.choice(node, [*node.args[1:-1:2], node.args[-1]], "A choice between")

    def chooses(self, node: Node) -> Kind | None:
        return self.choice(node, list(node.args), f"{node.op.upper()} of")

    def choice(self, node: Node, branches: list[Node], where: str) -> Kind | None:
        found = [self.kind(branch) for branch in branches]
        real = [kind for kind in found if kind != NULL]
        return self.same(node, real, where) if real else NULL

    def extremes(self, node: Node) -> Kind | None:
        shared = self.chooses(node)
        if shared is not None and shared.kind not in ("number", *TIMES):
            self.refuse("kind-mismatch", node, f"{node.op.upper()} takes numbers or times.")
            return None
        return shared

    def nullif(self, node: Node) -> Kind | None:
        left, right = (self.kind(arg) for arg in node.args)
        self.same(node, [left, right], "NULLIF of")
        return left

    def letters(self, node: Node) -> Kind | None:
        self.wants(node.args[0], "text", node.op.upper())
        return NUMBER if node.op == "length" else TEXT


def _mend(one: Unit, two: Unit) -> str:
    if {one, two} == {"s", "h"}:
        return " Seconds / 3600 are hours."
    if {one, two} == {"s", "day"}:
        return " Seconds / 86400 are days."
    return ""


SUMS = {"add": "Adding", "sub": "Subtracting"}
Rule = Callable[[_Walk, Node], Kind | None]
RULES: dict[str, Rule] = {
    "number": lambda w, n: WRITTEN,
    "text": lambda w, n: TEXT,
    "flag": lambda w, n: FLAG,
    "null": lambda w, n: NULL,
    "name": _Walk.name,
    "param": _Walk.param,
    **dict.fromkeys(("add", "sub"), _Walk.sums),
    **dict.fromkeys(("mul", "div"), _Walk.products),
    **dict.fromkeys(("neg", "abs", "round", "floor", "ceil"), _Walk.kept),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "between", "in", "not_in"), _Walk.compares),
    **dict.fromkeys(("and", "or", "not"), _Walk.logic),
    **dict.fromkeys(("is_null", "is_not_null"), _Walk.tests),
    **dict.fromkeys(("like", "not_like"), _Walk.likes),
    **dict.fromkeys(("greatest", "least"), _Walk.extremes),
    **dict.fromkeys(("lower", "upper", "trim", "length"), _Walk.letters),
    "case": _Walk.case,
    "coalesce": _Walk.chooses,
    "nullif": _Walk.nullif,
    "epoch": _Walk.epoch,
    "extract": _Walk.extract,
}
