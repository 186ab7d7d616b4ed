"""Lints: grades, lists and shares that no result can ever reach.

In: a card, and the range of its scores. Out: warnings, each at its word.
Refuses to know: conditions and amounts (idle), anybody's scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from ccmetrics.catalogue.models import Card
from ccmetrics.catalogue.ranges import Range
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem


def grades(scope: Scope, name: str, card: Card, reach: Range) -> Iterator[Problem]:
    """Every grade is within reach of some score, or given by place or by a red line."""
    path: Path = ("cards", name, "grades")
    for index, text in _unreached(card, reach):
        grade = card.grades[index].grade
        if not _is_given_otherwise(card, grade):
            yield scope.problem(
                (*path, index, "from"), "idle-grade", f"Card '{name}': nobody can get '{grade}': {text}"
            )
    for grade, share in card.distribution.shares.items() if card.distribution else ():
        if share == 0:
            at: Path = ("cards", name, "distribution", "shares", grade)
            text = f"Card '{name}': 0 of 100 get '{grade}', so no place is ever worth it."
            yield scope.problem(at, "idle-grade", text, mend=f"Remove '{grade}' from the shares, or give it one.")


def pay(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Some grade is worth more than another."""
    worth = {grade.pay for grade in card.grades}
    if len(card.grades) > 1 and len(worth) == 1:
        text = f"Card '{name}': its {len(card.grades)} grades all pay {worth.pop():g}."
        yield scope.problem(("cards", name, "grades"), "idle-pay", text, key=True)


def _unreached(card: Card, reach: Range) -> Iterator[tuple[int, str]]:
    steps = 10**card.decimals
    for index, grade in enumerate(card.grades):
        if grade.start is not None and grade.start > reach.high:
            yield index, f"it begins at {grade.start:g}, and the highest score of the card is {reach.high:g}."
    for index, (upper, lower) in enumerate(pairwise(card.grades), 1):
        if upper.start is None or (lower.start is not None and lower.start >= upper.start):
            continue  # has had its problem
        low = lower.start
        if upper.start <= reach.low:
            yield index, f"it ends below {upper.start:g}, and the lowest score of the card is {reach.low:g}."
        elif low is not None and ceil(round(low * steps, 6)) == ceil(round(upper.start * steps, 6)):
            yield index, f"no score of {card.decimals} decimals lies from {low:g} to below {upper.start:g}."


def _is_given_otherwise(card: Card, grade: str) -> bool:
    by_place = card.distribution.shares.get(grade, 0) > 0 if card.distribution else False
    return by_place or any(line.grade_at_most == grade for line in card.adjust.red_lines)


def lists(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """A list over cycles can have somebody on it, and somebody not."""
    known = [grade.grade for grade in card.grades]
    for rule, listed in card.progression.items():
        parts = listed.parts
        if parts is None or len(known) < 2 or parts["grade"] not in (known[0], known[-1]):
            continue
        if parts["grade"] == (known[-1] if parts["side"] == "better" else known[0]):
            other = "worse" if parts["side"] == "better" else "better"
            said = f"Card '{name}': everybody is on the list '{rule}': no grade is {other} than '{parts['grade']}'."
            yield scope.problem(("cards", name, "progression", rule), "idle-list", said)
    watch = card.shares.watch_list if card.shares else None
    if watch is not None and known and watch.below == known[-1]:
        said = f"Card '{name}': nobody can be on the watch list: no grade is below '{watch.below}'."
        yield scope.problem(("cards", name, "shares", "watch_list", "below"), "idle-list", said)


def shares(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Shares can move: there are several to have them, and room between the limits."""
    if card.shares is None:
        return
    low, high = card.shares.min, card.shares.max
    at: Path = ("cards", name, "shares")
    if card.subject == "center":
        yield scope.problem(at, "idle-shares", f"Card '{name}': the center has all the volume.", key=True)
    elif low > 0.5:
        text = f"Card '{name}': no two can have a share of at least {low:g} each, so shares never move."
        yield scope.problem((*at, "min"), "idle-shares", text)
    elif high == 0:
        yield scope.problem((*at, "max"), "idle-shares", f"Card '{name}': nobody may have any share.")
    elif low == high:
        text = f"Card '{name}': a share is at least and at most {low:g}, so no score moves it."
        yield scope.problem((*at, "max"), "idle-shares", text)
