"""Lints: roles of the roster that no card scores, or that several do.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.catalogue.roles import is_scored, named, picks
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem

ROSTER, ROLE = "roster", "role"


def without_card(scope: Scope) -> Iterator[Problem]:
    """Every role that the roster's column lists, or a card speaks of, is some card's."""
    cards, persons = scope.catalogue.cards, _persons(scope.catalogue)
    for role, path in _roles(scope).items():
        if cards and not is_scored(cards, role, persons):
            text = f"No card scores the role '{role}': whoever has it is measured by nothing."
            # What a table says is the project's to allow.
            found = scope.problem(path, "role-without-card", text)
            yield replace(found, about=("project",)) if path[0] == "tables" else found


def _roles(scope: Scope) -> dict[str, Path]:
    """Every role that is known by name, and where it stands."""
    roster = scope.catalogue.tables.get(ROSTER)
    column = roster.columns.get(ROLE) if roster else None
    listed = column.values if column else ()
    found: dict[str, Path] = {role: ("tables", ROSTER, "columns", ROLE, "values", at) for at, role in enumerate(listed)}
    for name, card in scope.catalogue.cards.items():
        for role in named(card):
            found.setdefault(role, ("cards", name, "who"))
    return found


def _persons(catalogue: Catalogue) -> set[str]:
    """Columns of any table that say who: those that refer to the roster, and the roster's own key."""
    roster = catalogue.tables.get(ROSTER)
    columns = {name for table in catalogue.tables.values() for name, c in table.columns.items() if c.refers == ROSTER}
    return columns | set(roster.key[:1] if roster else ())


@dataclass(frozen=True)
class Taken:
    """The roles that a card scores whole, and those it scores some of."""

    card: Card
    whole: frozenset[str]
    partly: frozenset[str]


def twice(scope: Scope) -> Iterator[Problem]:
    """No two cards score the same people as the same kind of subject, cycle by cycle."""
    roles, persons = list(_roles(scope)), _persons(scope.catalogue)
    groups: dict[tuple[str, str], list[Taken]] = {}
    for card in scope.catalogue.cards.values():
        if card.subject in persons or card.who is not None:
            groups.setdefault((card.subject, card.cycle), []).append(_taken(card, roles))
    for group in groups.values():
        # Whoever takes everybody comes last: it is the one to say whom it leaves to the others.
        group.sort(key=lambda taken: taken.card.who is None)
        for at, taken in enumerate(group):
            told: set[str] = set()
            for other in group[:at]:
                shared = [role for role in roles if role in _shared(taken, other) - told]
                told.update(shared)
                if shared or (taken.card.who is None and other.card.who is None):
                    yield _two_scores(scope, taken.card, other.card, shared)


def _taken(card: Card, roles: Iterable[str]) -> Taken:
    if card.who is None:
        return Taken(card, frozenset(roles), frozenset())
    whole = frozenset(role for role in roles if picks(card, role))
    return Taken(card, whole, frozenset(role for role in named(card) if picks(card, role) is None))


def _shared(one: Taken, other: Taken) -> frozenset[str]:
    """The roles of which both score people. Two that take a part each may part the role between them."""
    return (one.whole & (other.whole | other.partly)) | (one.partly & other.whole)


def _two_scores(scope: Scope, card: Card, other: Card, roles: list[str]) -> Problem:
    whom = f"the role{'s' * (len(roles) > 1)} {_listed(roles)}"
    theirs = "everybody, too" if other.who is None else whom
    if card.who is None:
        said, key = f"everybody, and the card '{other.card}' {theirs}", "subject"
    else:
        said, key = f"{whom}, and so does the card '{other.card}'", "who"
    text = f"Card '{card.card}' scores {said}: two scores for one cycle."
    return scope.problem(("cards", card.card, key), "two-cards-for-a-role", text)


def _listed(roles: list[str]) -> str:
    quoted = [f"'{role}'" for role in roles]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (without_card, twice)
