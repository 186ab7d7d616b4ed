"""Who is scored by no card, or paid by two.

In: all cards over real data, the world with its roster. Out: problems, at the project or a card's pay.
Refuses to know: values, points, grades.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.problem import Problem
from ccmetrics.run.against.held import Held
from ccmetrics.stages.world import World
from ccmetrics.stages.world.presence import stay
from ccmetrics.stages.world.subjects import admitted, is_person

FEWEST_PAID_TWICE = 2
"""One may have changed from one card to the other."""


def unscored_roles(every: Sequence[Held], world: World) -> Iterator[Problem]:
    """Roles of people in force whom no card says anything of."""
    if not every or not world.there("roster", "role"):
        return
    key = world.definition("roster").key[0]
    first, last = stay(world.versions("roster"), every[0].period)
    there = world.versions("roster").filter(first <= last).drop_nulls([key, "role"])
    people = there.select(key, pl.col("role").cast(pl.String)).unique()
    picked = [_picked(held, world, there, key) for held in every if is_person(world, held.card.subject)]
    scored = {*pl.concat(picked)["role"]} if picked else set()
    for role, count in people.group_by("role").len().sort("role").iter_rows():
        if role in scored or any(_is_of(held.card, role) for held in every):
            continue
        text = (
            f"{every[0].period.label}: the roster has {count} {'person' if count == 1 else 'people'} in the role "
            f"'{role}', and no card scores them."
        )
        yield every[0].scope.problem(("project",), "role-not-scored", text, key=True)


def _picked(held: Held, world: World, there: pl.DataFrame, key: str) -> pl.DataFrame:
    """The roles in which a card scores somebody. One for everybody scores those it has a value of."""
    card, rows = held.card, held.scorecard.lines
    if card.who is not None:
        names = held.scorecard.scores["subject"]
        there = admitted(world, card, there)
    else:
        names = rows.filter(pl.col("value").is_not_null())["subject"]
    return there.filter(pl.col(key).is_in(names.implode())).select(pl.col("role").cast(pl.String))


def _is_of(card: Card, role: str) -> bool:
    """Whether a card of the center is a role's: whoever answers for the whole of it has no rows of their own."""
    return card.subject == "center" and (card.card == role or card.card.endswith(f"_{role}"))


def paid_twice(every: Sequence[Held], world: World) -> Iterator[Problem]:
    """Two cards that pay the same people."""
    paying = [held for held in every if held.card.pay is not None and is_person(world, held.card.subject)]
    for one, other in combinations(paying, 2):
        mine, theirs = ({*held.scorecard.scores.drop_nulls("pay_amount")["subject"]} for held in (one, other))
        both = mine & theirs
        if len(both) >= FEWEST_PAID_TWICE and 2 * len(both) > min(len(mine), len(theirs)):
            text = (
                f"{len(both)} of the {len(theirs)} people it pays are paid by card '{one.card.card}' too, which pays "
                f"{len(mine)}."
            )
            yield other.problem(("pay",), "paid-by-two-cards", text, key=True)
