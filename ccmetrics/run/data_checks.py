"""Definitions held against real data: what they make of it, scored as a period would be.

In: definitions that may be scored by, with their places; exports; a period. Out: problems, each at its YAML.
Refuses to know: how one check works, which are wanted or allowed, how anything is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ccmetrics.catalogue import is_builtin, place_at
from ccmetrics.catalogue.scope import Scope
from ccmetrics.problem import DefinitionsRefused, Place, Problem, UsageRefused
from ccmetrics.run import in_world
from ccmetrics.run.against import bands, goals, lines
from ccmetrics.run.against.held import Held
from ccmetrics.run.against.people import paid_twice, unscored_roles
from ccmetrics.scorecard import Result
from ccmetrics.stages.score.supported import NO_GOAL_YET, is_short

OF_A_CARD = (*bands.CHECKS, *goals.CHECKS, *lines.CHECKS)


def held_against(scope: Scope, paths: Sequence[Path], period: str | None) -> list[Problem]:
    """All that the data say of the definitions; of cards that cannot be scored for the period, why not.

    Raises:
        Refused: as `score`; a period that is a part of a card's cycle, over which there is no score to look at.
    """
    cycles: list[list[Held]] = []
    refused: list[Problem] = []
    for cards in _together(scope, period):
        try:
            result, world = in_world(paths, scope.catalogue, period, cards, beside=False)
        except DefinitionsRefused as found_out:
            refused += _without_goals(scope, found_out)
            continue
        _whole(result)
        cycles.append([Held(scope, scorecard, result.period, world) for scorecard in result.scorecards])
    own = _own(scope)
    every = [held for cards in cycles for held in cards if held.card.card in own]
    found = {problem for held in every for check in OF_A_CARD for problem in check(held)}
    found |= {problem for cards in cycles for problem in paid_twice(cards)}
    # Cards that could not be scored may be those of a role that no other card scores.
    if cycles and not refused:
        found |= {*unscored_roles(cycles)}
    return sorted([*refused, *found])


def _without_goals(scope: Scope, refused: DefinitionsRefused) -> list[Problem]:
    """Goals that are not in force yet, in the YAML; of all else that refuses a run it refuses the check."""
    if any(problem.name != NO_GOAL_YET for problem in refused.problems):
        raise refused
    return [scope.problem(problem.path, problem.name, problem.text) for problem in refused.problems]


def _own(scope: Scope) -> set[str]:
    """The cards of a project that has some of its own; else all. What built-in ones below lack is not its task."""
    cards = scope.catalogue.cards
    return {name for name in cards if not is_builtin(place_at(scope.places, ("cards", name)).file)} or set(cards)


def _whole(result: Result) -> None:
    label = result.period.label
    short = [s.card for s in result.scorecards if is_short(s.card, result.period)]
    if short:
        which = ", ".join(f"'{card.card}' by the {card.cycle}" for card in short)
        text = f"{label} is a part of a cycle, and has no scores: {which}. Ask for a whole one, or several."
        raise UsageRefused([Problem(Place("--period"), "bad-period", text)])


def _together(scope: Scope, period: str | None) -> list[list[str]]:
    """The cards that are scored in one go: where no period is said, those of one cycle have the last whole one."""
    cards: dict[str, list[str]] = {}
    for card in scope.catalogue.cards.values():
        cards.setdefault(card.cycle if period is None else "", []).append(card.card)
    return list(cards.values())
