"""The inert result of a comparison: two catalogues, two catalogues over the same data, or two periods.

In: everything that was found out. Out: the same, in frozen values that can be drawn any number of times.
Refuses to know: how any of it was computed, and how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ccmetrics.catalogue.difference import Difference
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.notice import Notice
from ccmetrics.period import Period
from ccmetrics.scorecard import Outcome

BOTH, BEFORE, AFTER = "both", "before", "after"
"""Where a subject has a score."""


@dataclass(frozen=True)
class Budget:
    """What all grades of a card come to: pay coefficients x presence (unknown presence is full), amounts of money."""

    coefficients: float | None
    amounts: float | None
    paid: int
    """How many subjects have a pay coefficient."""


@dataclass(frozen=True)
class CardMoves:
    """One card: who moved, and what it costs."""

    before: Card
    after: Card
    moves: pl.DataFrame
    """A subject each, the largest change first: subject, name, team, place (both, before, after, neither), change,
    beyond (whether it is more than chance; null: no interval), the steps, and status, why, score, grade, rank,
    rank_low, rank_high, pay, pay_amount as `..._before` and `..._after`."""
    steps: tuple[str, ...]
    """The parts of a change, in the order in which they were swapped. They add up to `change` exactly."""
    budgets: tuple[Budget, Budget]
    notes: Mapping[str, int]
    """What must be said of the steps, each with how many subjects it is about."""


@dataclass(frozen=True)
class Comparison(Outcome):
    """Two things held against each other."""

    names: tuple[str, str]
    """What they are called: folders of definitions, or periods."""
    catalogues: tuple[Catalogue, Catalogue]
    differences: tuple[Difference, ...] = ()
    periods: tuple[Period, Period] | None = None
    """The same twice where two catalogues score the same data; none where there are no data."""
    cards: tuple[CardMoves, ...] = ()
    notices: tuple[Notice, ...] = ()
    provenance: tuple[Mapping[str, str], Mapping[str, str]] | None = None

    @property
    def is_of_periods(self) -> bool:
        return self.periods is not None and self.periods[0] != self.periods[1]

    @property
    def differs(self) -> bool:
        """Whether anything is different: a definition, anybody's score, grade or pay."""
        pairs = ("score", "status", "grade", "pay", "pay_amount")
        moved = pl.any_horizontal(~pl.col(f"{name}_before").eq_missing(pl.col(f"{name}_after")) for name in pairs)
        return bool(self.differences) or any(card.moves.select(moved.any()).item() for card in self.cards)
