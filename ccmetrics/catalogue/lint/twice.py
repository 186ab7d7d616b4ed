"""Lints: the same thing counted twice on one card.

In: the definitions. Out: warnings, each at the second of the two lines.
Refuses to know: whether numbers go together in some data (that is looked for in data), rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from ccmetrics.catalogue.expanded import Definition, tree_of
from ccmetrics.catalogue.lint.scored import Scored, said, scored_cards
from ccmetrics.catalogue.models import Card, LinkedLine, Measure
from ccmetrics.catalogue.scope import Scope
from ccmetrics.formula import FormulaProblem, Node, division, names, parse, parts
from ccmetrics.problem import Problem

OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "is_null": "is_not_null"}
OPPOSITE |= {"is_not_null": "is_null", "in": "not_in", "not_in": "in"}
"""Comparisons of which exactly one holds wherever there is a value."""


def twice(scope: Scope) -> Iterator[Problem]:
    """Two lines of a card that a thing done well, or badly, moves both of because they count the same."""
    same = Same(scope)
    for name, card, lines in scored_cards(scope):
        for one, other in combinations(lines, 2):
            why = same.between(one, other)
            if why:
                text = f"Card '{name}' counts the same twice, by {one.said} and {other.said}: {why}."
                yield scope.problem(_of(name, card, other.index), "counted-twice", text)
        yield from _linked(scope, name, card, lines)


def _of(name: str, card: Card, index: int) -> tuple[str | int, ...]:
    key = "linked_card" if isinstance(card.kpis[index], LinkedLine) else "kpi"
    return ("cards", name, "kpis", index, key)


# ---------------------------------------------------------------- of KPIs


class Same:
    """Whether two definitions count the same, each pair looked at once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.trees: dict[Definition, Node | None] = {}
        self.found: dict[tuple[Definition, Definition], str] = {}

    def between(self, one: Scored, other: Scored) -> str:
        """What two lines share; '' where they are two things. The same definition in two lines is an error of its own,
        unless one of them comes from another card."""
        if one.definition == other.definition:
            return "" if one.linked is other.linked else "it is one KPI"
        pair = one.definition, other.definition
        if pair not in self.found:
            self.found[pair] = self._why(*pair)
        return self.found[pair]

    def _why(self, one: Definition, other: Definition) -> str:
        if one[0] == other[0]:
            return "they are two definitions of one thing"
        a, b = self._tree(one), self._tree(other)
        if a is None or b is None:
            return ""
        return _same_measures(a, b) or _is_part(one, a, other, b) or _mirrors(self.scope, a, b)

    def _tree(self, definition: Definition) -> Node | None:
        if definition not in self.trees:
            self.trees[definition] = tree_of(self.scope, definition[0], definition[1] or None)
        return self.trees[definition]


def _measures(tree: Node) -> frozenset[str]:
    return frozenset(".".join(parts(node)) for node in names(tree))


def _same_measures(a: Node, b: Node) -> str:
    shared = _measures(a)
    return f"both are made of {_listed(shared)}" if shared and shared == _measures(b) else ""


def _is_part(one: Definition, a: Node, other: Definition, b: Node) -> str:
    """One is what the other divides, or one of the things that the other adds up over the same."""
    for (part, tree), (whole, around) in (((one, a), (other, b)), ((other, b), (one, a))):
        ratio = division(around)
        if ratio is None:
            continue
        if tree == ratio[0] and _measures(tree):
            return f"{said(part)} is the numerator of {said(whole)}"
        own = division(tree)
        if own is not None and own[1] == ratio[1] and own[0] in _summands(ratio[0]) and ratio[0].op == "add":
            return f"{said(part)} is a part of {said(whole)}"
    return ""


def _summands(node: Node) -> list[Node]:
    return [each for arg in node.args for each in _summands(arg)] if node.op == "add" else [node]


# ---------------------------------------------------------------- mirrors


def _mirrors(scope: Scope, a: Node, b: Node) -> str:
    """Shares of the same whole, of which one is what the other leaves."""
    one, other = division(a), division(b)
    if one is None or other is None or one[1] != other[1]:
        return ""
    known = scope.catalogue.measures
    left, right, whole = (known.get(_name(node)) for node in (one[0], other[0], one[1]))
    if left is None or right is None or left.kind != "count" or right.kind != "count":
        return ""
    if (left.table, left.at, left.as_of) != (right.table, right.at, right.as_of):
        return ""
    apart = _apart(left, right)
    if apart is None or not (_is_opposite(*apart) or (whole is not None and _splits(whole, *apart))):
        return ""
    return f"of {_listed(_measures(one[1]))}, what is not {_name(one[0])} is {_name(other[0])}"


def _name(node: Node) -> str:
    return ".".join(parts(node)) if node.op == "name" else ""


def _apart(one: Measure, other: Measure) -> tuple[Node, Node] | None:
    """The one condition in which two measures differ. A condition more that only one of them has may stand beside it:
    it holds of all the whole."""
    a, b = _conditions(one), _conditions(other)
    left, right = [each for each in a if each not in b], [each for each in b if each not in a]
    pairs = [(x, y) for x in left for y in right if _column(x) == _column(y) != ""]
    return pairs[0] if len(pairs) == 1 and min(len(left), len(right)) == 1 else None


def _conditions(measure: Measure) -> list[Node]:
    try:
        trees = [parse(text) for text in (measure.formula, measure.where) if text is not None]
    except FormulaProblem:
        return []
    return [each for tree in trees for each in _conjuncts(tree)]


def _conjuncts(node: Node) -> list[Node]:
    return [each for arg in node.args for each in _conjuncts(arg)] if node.op == "and" else [node]


def _column(node: Node) -> str:
    """What a condition asks about: the column, where it is one."""
    asked = node.args[0] if node.args else node
    return _name(asked)


def _is_opposite(one: Node, other: Node) -> bool:
    """`csat >= 4` and `csat < 4`, `passed` and `NOT passed`."""
    if other.op == "not" or one.op == "not":
        return one == Node("not", (other,)) or other == Node("not", (one,))
    return OPPOSITE.get(one.op) == other.op and one.args == other.args


def _splits(whole: Measure, one: Node, other: Node) -> bool:
    """`outcome = 'answered'` and `outcome = 'abandoned'` of a whole that has hardly any other: at most three kinds."""
    if one.op != "eq" or other.op != "eq":
        return False
    kinds = {one.args[1], other.args[1]}
    among = [set(each.args[1:]) for each in _conditions(whole) if each.op == "in" and _column(each) == _column(one)]
    return any(kinds <= each and len(each) <= 3 for each in among)


# ---------------------------------------------------------------- of linked cards


def _linked(scope: Scope, name: str, card: Card, lines: Iterable[Scored]) -> Iterator[Problem]:
    """A whole score of another card, and a line of it scored beside; or the same card's twice."""
    whole = [
        (index, line) for index, line in enumerate(card.kpis) if isinstance(line, LinkedLine) and line.take != "kpi"
    ]
    own = {line.definition[0]: line for line in lines if line.linked is None}
    for at, (index, line) in enumerate(whole):
        other = scope.catalogue.cards.get(line.linked_card)
        is_like = other is not None and other is not card and other.subject == card.subject
        shares = other.kpis if other is not None and is_like else ()
        there = sorted({each.kpi for each in shares if each.kpi in own})
        if there:
            shared = _listed(f"'{kpi}'" for kpi in there)
            text = (
                f"Card '{name}' counts the same twice: the score of card '{line.linked_card}' has {shared} in it too."
            )
            yield scope.problem(_of(name, card, index), "counted-twice", text)
        if any((line.linked_card, line.by) == (before.linked_card, before.by) for _, before in whole[:at]):
            text = f"Card '{name}' counts the same twice: it takes the score of card '{line.linked_card}' in two lines."
            yield scope.problem(_of(name, card, index), "counted-twice", text)


def _listed(words: Iterable[str]) -> str:
    ordered = sorted(words)
    return " and ".join(filter(None, [", ".join(ordered[:-1]), ordered[-1]]))


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (twice,)
