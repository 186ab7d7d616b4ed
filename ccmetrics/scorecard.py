"""The inert results of a run: scorecards, or values without scores, and where every row that was read went.

In: everything the stages found out. Out: the same, in frozen values that can be drawn any number of times.
Refuses to know: how any of it was computed, and how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from ccmetrics.account import Account, Input
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.notice import Notice
from ccmetrics.period import Period

STATUSES = ("scored", "provisional", "withheld", "values-only")
"""How a subject of a card may stand."""

Audience = Literal["center", "team", "agent"]
"""Who may read a result: everybody's is the center's; of a narrower one only its own people are named in it."""


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema={"subject": pl.String})


@dataclass(frozen=True)
class Scorecard:
    """One card, one period, all its subjects. Frames after `watch` are empty where there is nothing of the kind."""

    card: Card
    period: str
    """Label of the period."""
    scores: pl.DataFrame
    """A subject each, judged: status, why, presence, coverage, base, bonus, deductions, coefficient, score with its
    interval, grade, pay coefficient and amount, rank with its range and the tier it tells, the score without
    exclusions, the change since the cycle before and whether it is larger than chance."""
    lines: pl.DataFrame
    """Subject x card line: value, n, window, interval, points, contribution, status, reason."""
    adjustments: pl.DataFrame
    """Subject x bonus, deduction, coefficient and red line: requested, amount, fired, judged."""
    missing: pl.DataFrame
    """Card line x reason: how many subjects have no value of their own."""
    watch: pl.DataFrame
    """Values of the KPIs shown beside the card, never scored (long, as measured)."""
    notices: Sequence[Notice] = ()
    """What the reader must know beside the numbers."""
    goals: pl.DataFrame = field(default_factory=_none)
    """Subject x line x part: the curve in force there, its weight in the blend, and where it comes from."""
    policies: pl.DataFrame = field(default_factory=_none)
    """Subject x missing policy: the score it would give."""
    effective: pl.DataFrame = field(default_factory=_none)
    """Card line: its weight as stated, and its part in the differences between scores."""
    needed: pl.DataFrame = field(default_factory=_none)
    """Subject x line: what that KPI alone would have to be for the next grade."""
    alarms: pl.DataFrame = field(default_factory=_none)
    """Subject x line x guardrail: the KPI better and its guardrail worse than the cycle before, both beyond chance."""
    unwatched: bool = False
    """Whether KPIs of it have guardrails, and there is no cycle before: that no change alarms tells nothing then."""
    changes: pl.DataFrame = field(default_factory=_none)
    """Subject x KPI x earlier period: value there, difference, whether it is larger than chance."""
    trends: pl.DataFrame = field(default_factory=_none)
    """Subject x KPI x cycle: the values of the last cycles, and whether they move one way beyond chance."""
    progress: pl.DataFrame = field(default_factory=_none)
    """Subject x cumulative line: what is there, and what was to be expected by the last day of the data."""
    shares: pl.DataFrame = field(default_factory=_none)
    """Vendor: share of volume now, and as its score moves it."""
    lists: pl.DataFrame = field(default_factory=_none)
    """Subject x list (promotion, watch list) with the evidence."""
    actions: pl.DataFrame = field(default_factory=_none)
    """Rules that came true: subject, what, to whom, due, evidence."""
    history: pl.DataFrame = field(default_factory=_none)
    """Subject x cycle (the asked one last): period, start, status, score, grade, rank, as today's data and definitions
    give them."""
    course: pl.DataFrame = field(default_factory=_none)
    """Cycle: how many were scored, mean, quartiles and median of the scores. Tells of nobody by name."""
    bins: pl.DataFrame = field(default_factory=_none)
    """Scores of the period in steps of equal width: from (inclusive), to, how many. Tells of nobody by name."""
    grades: pl.DataFrame = field(default_factory=_none)
    """Cycle x grade of the card (best first): how many earned it. Tells of nobody by name."""
    pooled: pl.DataFrame = field(default_factory=_none)
    """KPI x cycle over the rows of all subjects together: value, n, and the target in force where it is one number."""
    since: str = ""
    """Label of the cycle before that all scores together may be held against; empty where the two were not told alike,
    or the period is not over."""
    suppressed: tuple[str, ...] = ()
    """Which of the frames above an audience may not see, or not all of, because they tell of too few people."""
    audience: Audience = "center"

    def title(self, lang: str = "en") -> str:
        return self.card.title.say(lang)


@dataclass(frozen=True)
class Outcome:
    """What every result carries."""

    inputs: tuple[Input, ...] = field(default=(), kw_only=True)
    """Every export, with its hash."""
    rejects: pl.DataFrame = field(default_factory=pl.DataFrame, kw_only=True)
    """Bad rows that were set aside: export, line, column, reason, sentence, original."""

    @property
    def partial(self) -> bool:
        """Whether the numbers are without rows that could not be read."""
        return not self.rejects.is_empty()

    @property
    def reasons(self) -> dict[str, int]:
        """Rows set aside, by reason."""
        return dict(self.rejects.group_by("reason").len().sort("reason").iter_rows()) if self.partial else {}


@dataclass(frozen=True)
class Restatement:
    """How a result differs from the sealed one of the same period."""

    seal: str
    """Hash of the sealed manifest."""
    cells: pl.DataFrame
    """A row a cell that changed: card, subject, row, item, variant, column, sealed, now; null where there is none.
    The `row` is one of the tidy result, `action`, or `rows`: how many of a table were read and used."""
    said: tuple[Notice, ...] = ()
    """What else is not as it was sealed: exports, definitions, versions."""


@dataclass(frozen=True)
class Result(Outcome):
    """All cards of one run, and what became of every row that was read."""

    period: Period
    scorecards: tuple[Scorecard, ...]
    accounts: tuple[Account, ...]
    notices: tuple[Notice, ...]
    provenance: Mapping[str, str]
    catalogue: Catalogue
    """The definitions it was made by: names, units and directions for whoever draws it."""
    until: date | None = field(default=None, kw_only=True)
    """The last day of the data, where the period is not over by then."""
    restatement: Restatement | None = field(default=None, kw_only=True)
    """Where it states a sealed period anew."""
    audience: Audience = field(default="center", kw_only=True)


@dataclass(frozen=True)
class Measurement(Outcome):
    """KPI values without scores. `values`: the columns of `by`, then period, cycles, kpi, variant, value, n, ..."""

    period: Period
    by: tuple[str, ...]
    values: pl.DataFrame
    accounts: tuple[Account, ...]
    notices: tuple[Notice, ...]
    provenance: Mapping[str, str]
    catalogue: Catalogue
    """The definitions it was made by: names, units and directions for whoever draws it."""


def watched(scorecard: Scorecard, catalogue: Catalogue) -> pl.DataFrame:
    """The watched values of the period alone, in the card's order: of the variant it names, else of the default."""
    names = [name.partition(".") for name in scorecard.card.watch]
    wanted = pl.DataFrame(
        [(kpi, variant or catalogue.kpis[kpi].default or "", at) for at, (kpi, _, variant) in enumerate(names)],
        schema={"kpi": pl.String, "variant": pl.String, "at": pl.Int32},
        orient="row",
    )
    return scorecard.watch.filter(pl.col("cycles") == 1).join(wanted, on=["kpi", "variant"]).sort("at", "subject")


def standings(scorecard: Scorecard) -> dict[str, int]:
    """How many of its subjects stand how; all statuses, so that they add up to everybody."""
    found = scorecard.scores["status"].to_list()
    return {status: found.count(status) for status in STATUSES}


def held(scorecard: Scorecard) -> pl.Series:
    """The subjects that a red line holds in the period, each once."""
    red = (pl.col("kind") == "red_line") & pl.col("fired")
    return scorecard.adjustments.filter(red)["subject"].unique(maintain_order=True)


def alarmed(scorecard: Scorecard) -> int:
    """How many subjects have alarms; one may have several."""
    return scorecard.alarms["subject"].n_unique() if scorecard.alarms.height else 0
