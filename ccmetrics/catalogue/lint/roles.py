"""Lints: roles of the roster that no card scores, or that several do.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from ccmetrics.catalogue.models import Catalogue
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


def twice(scope: Scope) -> Iterator[Problem]:
    """No two cards score one role as the same kind of subject, cycle by cycle."""
    first: dict[tuple[str, str, str], str] = {}
    roles = _roles(scope)
    for name, card in scope.catalogue.cards.items():
        for role in filter(partial(picks, card), roles):
            other = first.setdefault((card.subject, card.cycle, role), name)
            if other != name:
                text = (
                    f"Card '{name}' scores the role '{role}', and so does the card '{other}': two scores for one cycle."
                )
                yield scope.problem(("cards", name, "who"), "two-cards-for-a-role", text)


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (without_card, twice)
