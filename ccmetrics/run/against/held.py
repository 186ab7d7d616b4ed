"""One card over real data, with the place of everything its YAML says.

In: definitions with their places, a scorecard. Out: the same in one value, its rows by line, numbers as YAML has them.
Refuses to know: what may be wrong with a card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from ccmetrics.catalogue.models import Card, Line, LinkedLine
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.period import Period
from ccmetrics.problem import Problem
from ccmetrics.scorecard import Scorecard
from ccmetrics.stages.world import World

FEWEST = 5
"""Subjects below which nothing is said of all of them: where one in two reaches a goal, none of five does once in 32
times by chance alone."""
MANY = 20
"""Subjects below which it is said that they are few."""
HAIR = 1e-9
"""Points that differ by less differ by their last binary digit."""


@dataclass(frozen=True)
class Held:
    """`world`: what was read for the cards of its cycle, and no column that only others need."""

    scope: Scope
    scorecard: Scorecard
    period: Period
    world: World

    @property
    def card(self) -> Card:
        return self.scorecard.card

    @property
    def supplied(self) -> frozenset[str]:
        """The tables that the data hold."""
        return frozenset(self.world.tables)

    def problem(self, path: Path, rule: str, text: str, key: bool = False) -> Problem:
        """A problem at a path inside the card."""
        whole = f"Card '{self.card.card}', {self.scorecard.period}: {text}"
        return self.scope.problem(("cards", self.card.card, *path), rule, whole, key)

    def rows(self, index: int) -> pl.DataFrame:
        """Everybody on one line."""
        return self.scorecard.lines.filter(pl.col("line") == index)

    def own(self, index: int) -> pl.DataFrame:
        """Those on one line whose points are by their own value."""
        return self.rows(index).filter(pl.col("status") == "own")


Check = Callable[[Held], Iterable[Problem]]


def named(line: Line | LinkedLine) -> str:
    """`'csat'`, or what a line without a KPI of its own is linked to."""
    return f"'{line.kpi}'" if isinstance(line, Line) else f"the line linked to card '{line.linked_card}'"


def told(value: float, apart: float | None = None) -> str:
    """A number in three digits, or in as many as it takes to be told `apart` from another; never with an exponent."""
    for digits in range(3, 17):
        if apart is None or value == apart or f"{value:.{digits}g}" != f"{apart:.{digits}g}":
            break
    text = f"{float(f'{value:.{digits}g}'):,.12f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def few(count: int) -> str:
    """A caution where what is said rests on few subjects."""
    return "" if count >= MANY else " They are few: look at other periods, too."
