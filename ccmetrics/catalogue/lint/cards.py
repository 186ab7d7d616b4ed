"""Lints: what a card leaves unsaid, and lines that are there for nothing.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.lint.blank import is_blank
from ccmetrics.catalogue.lint.scored import said, scored_cards, watched, weighed
from ccmetrics.catalogue.models import Line, LinkedLine
from ccmetrics.catalogue.scope import Scope
from ccmetrics.problem import Problem

LEAST, MOST = 5, 40
"""Weights of one line. Below 5 the whole way from floor to target is worth less than a third of a usual grade; above
40 the card cannot be saved, nor lost, without that line."""


def small_weights(scope: Scope) -> Iterator[Problem]:
    for name, card in scope.catalogue.cards.items():
        for index, line in enumerate(card.kpis):
            found = next((on for on in weighed(card) if 0 < on.weights[index] < LEAST), None)
            if found is not None:
                weight = found.weights[index]
                text = (
                    f"Card '{name}': {_called(line)} weighs {weight:g}{found.since}: from floor to target it moves the "
                    f"score by {weight:g} of 100."
                )
                yield scope.problem(("cards", name, "kpis", index, "weight"), "weight-too-small", text)


def large_weights(scope: Scope) -> Iterator[Problem]:
    """No one KPI makes the card. The whole score of another card is many KPIs."""
    for name, card, lines in scored_cards(scope):
        for line in lines:
            found = next((on for on in weighed(card) if on.weights[line.index] > MOST), None)
            if found is not None:
                weight = found.weights[line.index]
                text = f"Card '{name}': {line.said} weighs {weight:g} of 100{found.since}, and {MOST} are the most."
                yield scope.problem(("cards", name, "kpis", line.index, "weight"), "weight-too-large", text)


def owners(scope: Scope) -> Iterator[Problem]:
    for name, card in scope.catalogue.cards.items():
        if is_blank(card.owner):
            words = f": its owner is '{card.owner}'" if card.owner.strip() else ": it has no owner"
            text = f"Nobody answers for card '{name}'{words}."
            yield scope.problem(("cards", name, "card"), "no-owner", text)


def missing_policies(scope: Scope) -> Iterator[Problem]:
    """What happens to a line without a value is a decision, and stands on the card or the line."""
    for name, card in scope.catalogue.cards.items():
        silent = [line for line in card.kpis if line.missing is None]
        if card.missing is None and silent:
            text = (
                f"Card '{name}' does not say what happens when {_one_of(silent)} has no value: as nothing is said, "
                "there is no score then (withhold)."
            )
            yield scope.problem(("cards", name, "kpis"), "no-missing-policy", text, key=True)


def free_losses(scope: Scope) -> Iterator[Problem]:
    """On some line losing data costs something."""
    for name, card in scope.catalogue.cards.items():
        if card.kpis and all((line.missing or card.missing) == "redistribute" for line in card.kpis):
            text = f"Card '{name}': whatever has no value is left out (redistribute), so losing data costs nothing."
            key = "missing" if card.missing == "redistribute" else "kpis"
            yield scope.problem(("cards", name, key), "free-loss", text, key=True)


def _one_of(lines: Iterable[Line | LinkedLine]) -> str:
    names = [_called(line) for line in lines]
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _called(line: Line | LinkedLine) -> str:
    return f"'{line.kpi}'" if isinstance(line, Line) else f"card '{line.linked_card}'"


def watched_and_scored(scope: Scope) -> Iterator[Problem]:
    """What is watched stands nowhere else on the card."""
    for name, card, lines in scored_cards(scope):
        there = {line.definition: "scores it too" for line in lines if line.linked is None}
        for index, definition in watched(scope, card).items():
            if definition in there:
                text = f"Card '{name}' watches {said(definition)} and {there[definition]}."
                yield scope.problem(("cards", name, "watch", index), "watched-and-scored", text)
            there.setdefault(definition, "does so a second time here")


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (
    small_weights,
    large_weights,
    owners,
    missing_policies,
    free_losses,
    watched_and_scored,
)
