"""The inert result of scoring one card for one period.

In: everything the stages found out. Out: the same, in one frozen value that can be drawn any number of times.
Refuses to know: how any of it was computed, and how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from ccmetrics.catalogue.models import Card, Catalogue


@dataclass(frozen=True)
class Scorecard:
    """One card, one period, all its subjects."""

    card: Card
    period: str
    """Label of the period."""
    scores: pl.DataFrame
    """A subject each, judged: status, why, coverage, base, bonus, deductions, coefficient, score, grade, pay, rank."""
    lines: pl.DataFrame
    """Subject x card line: value, n, window, interval, points, contribution, status, reason."""
    adjustments: pl.DataFrame
    """Subject x bonus, deduction, coefficient and red line: requested, amount, fired, judged."""
    missing: pl.DataFrame
    """Card line x reason: how many subjects have no value of their own."""
    watch: pl.DataFrame
    """Values of the KPIs shown beside the card, never scored (long, as measured)."""
    accounts: Sequence[object] = ()
    """What became of every row of every export."""
    notices: Sequence[str] = ()
    """What the reader must know beside the numbers."""
    provenance: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Version, fingerprints of definitions and exports, and the like."""

    def title(self, lang: str = "en") -> str:
        return self.card.title.say(lang)


def watched(scorecard: Scorecard, catalogue: Catalogue) -> pl.DataFrame:
    """The watched values of the period alone, in the card's order: of the variant it names, else of the default."""
    names = [name.partition(".") for name in scorecard.card.watch]
    wanted = pl.DataFrame(
        [(kpi, variant or catalogue.kpis[kpi].default or "", at) for at, (kpi, _, variant) in enumerate(names)],
        schema={"kpi": pl.String, "variant": pl.String, "at": pl.Int32},
        orient="row",
    )
    return scorecard.watch.filter(pl.col("cycles") == 1).join(wanted, on=["kpi", "variant"]).sort("at", "subject")
