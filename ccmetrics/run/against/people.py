"""Who is scored by no card, or paid by two.

In: all cards over real data, those of one cycle together. Out: problems, at the project or a card's pay.
Refuses to know: values, points, grades.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.problem import Problem
from ccmetrics.run.against.held import Held
from ccmetrics.stages.world.presence import stay
from ccmetrics.stages.world.subjects import admitted, is_person

FEWEST_PAID_TWICE = 2
"""One may have changed from one card to the other."""


def unscored_roles(cycles: Sequence[Sequence[Held]]) -> Iterator[Problem]:
    """Roles of people in force whom no card of any cycle says anything of, told of the longest period.

    Without a period said, cycles end on days of their own. Of a role that is not there in all of them nothing is
    told: the cards that score it may be those that look at another month.
    """
    longest = max(cycles, key=lambda cards: (cards[0].period.days, cards[0].period.label))[0]
    if not longest.world.there("roster", "role"):
        return
    told_of = [{*_in_force(cards[0])["role"]} for cards in cycles]
    scored = {role for cards in cycles for held in cards for role in _scored(held)}
    people = _in_force(longest).select(_key(longest), "role").unique()
    for role, count in people.group_by("role").len().sort("role").iter_rows():
        if role in scored or not all(role in told for told in told_of):
            continue
        if any(_is_of(held.card, role) for cards in cycles for held in cards):
            continue
        text = (
            f"{longest.period.label}: the roster has {count} {'person' if count == 1 else 'people'} in the role "
            f"'{role}', and no card scores them."
        )
        yield longest.scope.problem(("project",), "role-not-scored", text, key=True)


def _key(held: Held) -> str:
    return held.world.definition("roster").key[0]


def _in_force(held: Held) -> pl.DataFrame:
    """The roster's versions with a role that hold on a day of the period."""
    versions = held.world.versions("roster")
    first, last = stay(versions, held.period)
    return versions.filter(first <= last).drop_nulls([_key(held), "role"]).with_columns(pl.col("role").cast(pl.String))


def _scored(held: Held) -> Iterable[str]:
    """The roles in which a card scores somebody. One for everybody scores those it has a value of."""
    card, rows = held.card, held.scorecard.lines
    if not is_person(held.world, card.subject):
        return ()
    if card.who is not None:
        names = held.scorecard.scores["subject"]
    else:
        names = rows.filter(pl.col("value").is_not_null())["subject"]
    there = admitted(held.world, card, _in_force(held))
    return there.filter(pl.col(_key(held)).is_in(names.implode()))["role"]


def _is_of(card: Card, role: str) -> bool:
    """Whether a card of the center is a role's: whoever answers for the whole of it has no rows of their own."""
    return card.subject == "center" and (card.card == role or card.card.endswith(f"_{role}"))


def paid_twice(cards: Sequence[Held]) -> Iterator[Problem]:
    """Two cards that pay the same people for one period: a bonus of the quarter is none of the month."""
    paying = [held for held in cards if held.card.pay is not None and is_person(held.world, held.card.subject)]
    for one, other in combinations(paying, 2):
        mine, theirs = ({*held.scorecard.scores.drop_nulls("pay_amount")["subject"]} for held in (one, other))
        both = mine & theirs
        if len(both) >= FEWEST_PAID_TWICE and 2 * len(both) > min(len(mine), len(theirs)):
            text = (
                f"{len(both)} of the {len(theirs)} people it pays are paid by card '{one.card.card}' too, which pays "
                f"{len(mine)}."
            )
            yield other.problem(("pay",), "paid-by-two-cards", text, key=True)
