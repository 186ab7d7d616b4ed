"""Which roles of the roster a card scores, told from its condition alone.

In: cards and words for roles. Out: yes, no, or that the condition asks more than the role.
Refuses to know: the roster, subjects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ccmetrics.catalogue.models import Card
from ccmetrics.formula import FormulaProblem, Kind, Node, evaluate, inline, is_of_kind, names, parse, parts
from ccmetrics.formula.tree import walk

ROLE = ("role",)
KEEPS_NULL = {
    "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "between", "name", "text", "number", "flag",
}  # fmt: skip
"""Operations that are null only where it makes no difference what stands for the null."""


def picks(card: Card, role: str) -> bool | None:
    """Whether the card's `who` admits somebody of that role; None where other columns decide, or there is no `who`."""
    return None if card.who is None else _admits(card.who, role)


@lru_cache(maxsize=4096)
def _admits(who: str, role: str) -> bool | None:
    try:
        tree = parse(who)
        others = any(parts(name) != ROLE for name in names(tree))
        if others and any(node.op not in KEEPS_NULL for node in walk(tree)):
            return None
        if not is_of_kind(tree, "flag", lambda name: Kind("text", None) if name == ROLE else None, {}):
            return None
        # What is not known is null, and null decides nothing that the role does not.
        found = evaluate(inline(tree, lambda name: Node("text", value=role) if name == ROLE else Node("null")), {})
    except FormulaProblem:
        return None
    return found if isinstance(found, bool) else None


def named(card: Card) -> Iterator[str]:
    """The roles that a card's `who` names as those it is for."""
    try:
        tree = parse(card.who or "TRUE")
    except FormulaProblem:
        return
    for node in walk(tree):
        if node.op in ("eq", "in") and any(a.op == "name" and parts(a) == ROLE for a in node.args):
            yield from (str(arg.value) for arg in node.args if arg.op == "text")


def is_scored(cards: Mapping[str, Card], role: str, persons: Iterable[str]) -> bool:
    """Whether some card is for the role: by its `who`, by its name, or because it is the only one of its subject and
    takes everybody. `persons`: the subjects that are people."""
    if role in cards or any(picks(card, role) is not False for card in cards.values() if card.who is not None):
        return True
    asking = {card.subject for card in cards.values() if card.who is not None}
    return any(card.who is None and card.subject in persons and card.subject not in asking for card in cards.values())
