"""sqlglot's tree -> our own, node by node through a list of what is allowed.

In: sqlglot's tree and tokens, and the text. Out: our tree with offsets, or one named problem.
Refuses to know: sqlglot itself (classes are met by name), which names exist, kinds, values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from unicodedata import normalize

from ccmetrics.formula.characters import number
from ccmetrics.formula.tree import FormulaProblem, Node
from ccmetrics.formula.words import FIELDS, RESERVED

LEAVES = frozenset({"NUMBER", "STRING", "TRUE", "FALSE", "NULL", "COLON"})


def read(root: Any, text: str, tokens: Iterable[Any]) -> Node:
    leaves = iter([token for token in tokens if token.token_type.name in LEAVES])
    return _Reader(text, leaves).node(root)


class _Reader:
    """One walk over sqlglot's tree. Literals and parameters carry no offsets there; their tokens, met in the order of
    the text, do."""

    def __init__(self, text: str, leaves: Iterator[Any]) -> None:
        self.text, self.leaves = text, leaves

    def node(self, given: Any) -> Node:
        kind = type(given).__name__
        if kind == "Paren":
            return self.node(self.only(given, "this")["this"])
        if kind in SPECIAL:
            return SPECIAL[kind](self, given)
        if kind not in SHAPES:
            raise self.refuse(given, f"{_spoken(given)} has no place in a formula.")
        op, keys, ignored = SHAPES[kind]
        found = self.only(given, *keys, *ignored)
        below = [item for key in keys for item in _listed(found.get(key))]
        if kind in COMPARISONS:
            self.unchained(given, below)
        return _spanning(op, [self.node(item) for item in below])

    def only(self, given: Any, *allowed: str) -> dict[str, Any]:
        """The arguments of a node, none of them beyond the allowed: a flag not looked at may turn the meaning round."""
        found = {key: value for key, value in given.args.items() if value not in (None, False, "") and value != []}
        if strange := sorted(set(found) - set(allowed)):
            raise self.refuse(given, f"{_spoken(given)} with '{strange[0]}' has no place in a formula.")
        return found

    def unchained(self, given: Any, sides: list[Any]) -> None:
        """`a < b < c` compares a flag, and SQL's engines rank a bare `a = b IS NULL` differently."""
        if any(type(side).__name__ in COMPARISONS | LOGIC for side in sides):
            start, end = self.span(given)
            what = "Comparisons do not chain: join them with AND, or put one in parentheses."
            raise FormulaProblem("chained-comparison", what, start, end)

    def span(self, given: Any) -> tuple[int, int]:
        """From the first to the last identifier below; the whole text where there is none."""
        spots = [n.meta for n in given.walk() if "start" in n.meta and "end" in n.meta]
        if not spots:
            return 0, len(self.text)
        return min(s["start"] for s in spots), max(s["end"] for s in spots) + 1

    def refuse(self, given: Any, what: str) -> FormulaProblem:
        return FormulaProblem("forbidden-construct", what, *self.span(given))

    def leaf(self, kind: str, given: Any) -> tuple[int, int]:
        token = next(self.leaves, None)
        if token is None or token.token_type.name != kind:
            raise self.refuse(given, f"{_spoken(given)} has no place in a formula.")
        return token.start, token.end + 1

    # ------------------------------------------------------------ leaves

    def literal(self, given: Any) -> Node:
        found = self.only(given, "this", "is_string")
        if found.get("is_string"):
            return Node("text", (), str(given.this), *self.leaf("STRING", given))
        start, end = self.leaf("NUMBER", given)
        return Node("number", (), number(self.text[start:end], start, end), start, end)

    def boolean(self, given: Any) -> Node:
        value = bool(given.args["this"])
        return Node("flag", (), value, *self.leaf("TRUE" if value else "FALSE", given))

    def null(self, given: Any) -> Node:
        return Node("null", (), None, *self.leaf("NULL", given))

    def placeholder(self, given: Any) -> Node:
        found = self.only(given, "this")
        start, end = self.leaf("COLON", given)
        written = str(found["this"])
        if self.text[end : end + len(written)] != written or not (written[0].isalpha() or written[0] == "_"):
            raise FormulaProblem("formula-syntax", "A parameter is ':' and its name, with nothing between.", start, end)
        return Node("param", (), written, start, end + len(written))

    def column(self, given: Any) -> Node:
        found = self.only(given, "this", "table", "db", "catalog")
        pieces = [found[key] for key in ("catalog", "db", "table", "this") if key in found]
        if any(type(piece).__name__ != "Identifier" for piece in pieces):
            raise self.refuse(given, "A name is words joined by dots.")
        start, end = self.span(given)
        for piece in pieces:
            _named(piece, self.text)
        return Node("name", (), tuple(str(piece.this) for piece in pieces), start, end)

    # ------------------------------------------------------------ operations

    def like(self, given: Any) -> Node:
        found = self.only(given, "this", "expression", "negate")
        self.unchained(given, [found["this"], found["expression"]])
        tested, pattern = self.node(found["this"]), self.node(found["expression"])
        if pattern.op != "text" or "\\" in str(pattern.value):
            what = "A LIKE pattern is plain text in quotes, with % and _ and without backslashes."
            raise FormulaProblem("forbidden-construct", what, pattern.start, pattern.end)
        return _spanning("not_like" if found.get("negate") else "like", [tested, pattern])

    def is_(self, given: Any) -> Node:
        found = self.only(given, "this", "expression", "negate")
        self.unchained(given, [found["this"]])
        if type(found["expression"]).__name__ != "Null":
            raise self.refuse(given, "IS stands only in IS NULL and IS NOT NULL; a flag is its own condition.")
        tested, null = self.node(found["this"]), self.null(found["expression"])
        op = "is_not_null" if found.get("negate") else "is_null"
        return Node(op, (tested,), None, tested.start, null.end)

    def within(self, given: Any) -> Node:
        found = self.only(given, "this", "expressions")
        tested, listed = found["this"], _listed(found.get("expressions"))
        self.unchained(given, [tested, *listed])
        node = _spanning("in", [self.node(item) for item in (tested, *listed)])
        if not listed:
            raise self.refuse(given, "IN needs a list of literals.")
        for item in node.args[1:]:
            bare = item.args[0] if item.op == "neg" else item
            if bare.op not in ("number", "text", "flag", "param"):
                what = "An IN list holds literals and parameters only (NULL would make it unknown for every row)."
                raise FormulaProblem("forbidden-construct", what, item.start, item.end)
        return node

    def not_(self, given: Any) -> Node:
        below = self.only(given, "this")["this"]
        node = self.node(below)
        if type(below).__name__ == "In":
            return Node("not_in", node.args, None, node.start, node.end)
        return _spanning("not", [node])

    def case(self, given: Any) -> Node:
        found = self.only(given, "this", "ifs", "default")
        if "this" in found:
            raise self.refuse(given, "CASE x WHEN y is written CASE WHEN x = y.")
        branches: list[Node] = []
        for branch in found["ifs"]:
            pair = self.only(branch, "this", "true")
            branches += [self.node(pair["this"]), self.node(pair["true"])]
        end = branches[-1].end
        last = self.node(found["default"]) if found.get("default") is not None else Node("null", (), None, end, end)
        return _spanning("case", [*branches, last])

    def extract(self, given: Any) -> Node:
        found = self.only(given, "this", "expression")
        what = str(found["this"].this).lower()
        below = self.node(found["expression"])
        if type(found["this"]).__name__ != "Var" or what not in FIELDS:
            can = ", ".join(sorted(field.upper() for field in FIELDS - {"epoch"}))
            raise self.refuse(given, f"EXTRACT takes {can} of a time, and EPOCH of a difference of two times.")
        if what != "epoch":
            return Node("extract", (below,), what, below.start, below.end)
        if below.op != "sub":
            raise self.refuse(given, "EXTRACT(EPOCH FROM ...) takes a difference of two times: a - b.")
        return _spanning("epoch", [below])

    def round_(self, given: Any) -> Node:
        if "decimals" in self.only(given, "this", "decimals"):
            what = "ROUND takes no decimals: a binary number has none to round exactly. Decimals are for display."
            raise self.refuse(given, what)
        return _spanning("round", [self.node(given.this)])


def _spanning(op: str, args: list[Node]) -> Node:
    return Node(op, tuple(args), None, min(a.start for a in args), max(a.end for a in args))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _spoken(given: Any) -> str:
    words = {"Dot": "a name of more than four parts, or a call after a dot,", "Star": "a star (*)"}
    found = words.get(type(given).__name__, f"{type(given).__name__.upper()}")
    return found[:1].upper() + found[1:]


def _named(piece: Any, text: str) -> None:
    written, start, end = str(piece.this), piece.meta["start"], piece.meta["end"] + 1
    if not written:
        raise FormulaProblem("formula-syntax", "A name is empty.", start, end)
    if text[start] == '"':
        return
    if normalize("NFKC", written) != written:
        what = f"'{written}' is not written in composed characters; write '{normalize('NFKC', written)}'."
        raise FormulaProblem("odd-character", what, start, end)
    if written.lower() in RESERVED:
        what = f"'{written}' is a word of SQL: as a name it stands in double quotes, \"{written}\"."
        raise FormulaProblem("formula-syntax", what, start, end)


# sqlglot's class -> our op, its arguments in the order of the text, and arguments that say nothing in this dialect.
Shape = tuple[str, tuple[str, ...], tuple[str, ...]]
TWO = ("this", "expression")
ONE_SIDED = ("Neg", "Abs", "Floor", "Ceil", "Lower", "Upper", "Trim", "Length")
SHAPES: dict[str, Shape] = {
    "Add": ("add", TWO, ()),
    "Sub": ("sub", TWO, ()),
    "Mul": ("mul", TWO, ()),
    "Div": ("div", TWO, ("typed",)),
    "EQ": ("eq", TWO, ()),
    "NEQ": ("ne", TWO, ()),
    "LT": ("lt", TWO, ()),
    "LTE": ("le", TWO, ()),
    "GT": ("gt", TWO, ()),
    "GTE": ("ge", TWO, ()),
    "And": ("and", TWO, ()),
    "Or": ("or", TWO, ()),
    "Between": ("between", ("this", "low", "high"), ()),
    "Coalesce": ("coalesce", ("this", "expressions"), ()),
    "Greatest": ("greatest", ("this", "expressions"), ("ignore_nulls",)),
    "Least": ("least", ("this", "expressions"), ("ignore_nulls",)),
    "Nullif": ("nullif", TWO, ()),
    **{kind: (kind.lower(), ("this",), ()) for kind in ONE_SIDED},
}
SPECIAL: dict[str, Callable[[_Reader, Any], Node]] = {
    "Literal": _Reader.literal,
    "Boolean": _Reader.boolean,
    "Null": _Reader.null,
    "Placeholder": _Reader.placeholder,
    "Column": _Reader.column,
    "Like": _Reader.like,
    "Is": _Reader.is_,
    "In": _Reader.within,
    "Not": _Reader.not_,
    "Case": _Reader.case,
    "Extract": _Reader.extract,
    "Round": _Reader.round_,
}
COMPARISONS = frozenset({"EQ", "NEQ", "LT", "LTE", "GT", "GTE", "Like", "Is", "In", "Between"})
LOGIC = frozenset({"Not", "And", "Or"})
