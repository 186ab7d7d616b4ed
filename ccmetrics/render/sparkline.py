"""A score's way through the cycles in one cell a cycle.

In: scores by subject and cycle, as they were computed. Out: short texts of block characters, all on one scale.
Refuses to know: how a score came about, tables, languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

BLOCKS = "▁▂▃▅▇"
NONE = "·"
LAST = 6
"""Cycles that are drawn."""


@dataclass(frozen=True)
class Sparks:
    """`low` and `high` are the least and the greatest score that is drawn."""

    cycles: Sequence[str]
    low: float
    high: float
    scores: dict[tuple[str, str], float]

    def of(self, subject: str) -> str:
        return "".join(self._block(self.scores.get((subject, cycle))) for cycle in self.cycles)

    def _block(self, score: float | None) -> str:
        if score is None:
            return NONE
        if self.high == self.low:
            return BLOCKS[len(BLOCKS) // 2]
        place = (score - self.low) / (self.high - self.low)
        return BLOCKS[min(int(place * len(BLOCKS)), len(BLOCKS) - 1)]


def sparks(history: pl.DataFrame) -> Sparks | None:
    """The last cycles of everybody on one scale; nothing where fewer than two have any score."""
    if history.width < 2:
        return None
    there = history.filter(pl.col("score").is_not_null())
    if there["period"].n_unique() < 2:
        return None
    begun = there["start"].min()
    cycles = history.filter(pl.col("start") >= begun).select("period", "start").unique().sort("start")["period"]
    last = cycles.to_list()[-LAST:]
    drawn = there.filter(pl.col("period").is_in(last))
    if drawn["period"].n_unique() < 2:
        return None
    scores = {(subject, period): score for subject, period, score in drawn.select("subject", "period", "score").rows()}
    return Sparks(last, min(scores.values()), max(scores.values()), scores)
