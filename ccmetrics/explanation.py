"""How one subject's score came about, from the score down to the rows: inert, every number with what it is made of.

In: what was computed and looked up for it. Out: frozen values that can be drawn any number of times.
Refuses to know: how any of it was found, and how it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from ccmetrics.account import Account
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Notice
from ccmetrics.period import Period
from ccmetrics.scorecard import Outcome, Scorecard

Row = Mapping[str, Any]

VALUE = "="
"""In listed rows: the value that the row gives to its measure. No column of a table can have this name."""


@dataclass(frozen=True)
class Fate:
    """What became of some of the subject's rows, for one aggregate: used, or the first reason why not.

    `used`, `outside` the period, `out-of-scope` (not the card's subject on that day), `excluded` (with the exclusion's
    `id`, `reason` and `approved_by`), `condition` not met, `empty` value.
    """

    what: str
    rows: int
    id: str = ""
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True)
class Source:
    """One aggregate over the subject's rows of one table."""

    table: str
    kind: str
    """count, sum, mean, min, max, median, quantile or distinct."""
    formula: str
    where: str | None
    q: float | None
    at: str
    """The column that puts a row in the period."""
    as_of: str | None
    parameters: Row
    """Those the formulas read, as they are in force."""
    value: float | None
    rows: int
    """All of the subject's rows in the table, of any time."""
    fates: tuple[Fate, ...]
    """They add up to `rows`."""
    listed: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    """The first of the used rows: key, time, the columns the formulas name (private ones hidden), `=`, export."""
    hidden: bool = False
    """Whether the values themselves are private: equal ones carry equal numbers, or none can be shown."""

    @property
    def used(self) -> int:
        return sum(fate.rows for fate in self.fates if fate.what == "used")


@dataclass(frozen=True)
class MeasureTold:
    """A measure as one formula uses it. Its value is the sum of its sources'."""

    label: str
    """The name it has in the formula above."""
    name: str
    about: str
    unit: str | None
    value: float | None
    reason: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Worth:
    """A formula over measures, and what it comes to."""

    written: str
    """As the definitions have it."""
    formula: str
    """The same with KPI names written out, parameters put in, measures under their labels."""
    value: float | None
    reason: str | None
    first: date
    last: date
    cycles: int
    subject: str | None
    """Whose rows: the subject, its team, `center`; null: those of all the card's subjects together."""
    measures: tuple[MeasureTold, ...]
    numerator: str = ""
    denominator: str = ""
    """The two sides of a ratio; empty where the formula is none."""
    values: Row = field(default_factory=dict)
    """numerator, denominator, low, high, se, as measured."""
    n: int | None = None
    n_label: str = ""


@dataclass(frozen=True)
class CurveTold:
    """What earns points: parts that may differ by day or segment, blended by their shares."""

    parts: tuple[Row, ...]
    """part, share, amount, knots, points, why."""
    knots: tuple[tuple[float, float], ...]
    """[value, points] in force, sorted by value."""
    steps: bool
    better: str
    met: float | None
    """The value that meets the curve: the subject's, by its presence where it is a total, or what stands in for it."""
    presence: float
    """What a total is divided by; 1 elsewhere."""
    between: tuple[tuple[float, float], ...]
    """The one or two knots that tell the points."""


@dataclass(frozen=True)
class LineTold:
    """One line of the card, or a KPI that is only watched (`row` is then what was measured)."""

    at: int | None
    kpi: str
    variant: str
    row: Row
    """Weight, value, points, contribution, status, reason ... as the scorecard has them."""
    min_n: int | None
    window: int
    policy: str
    worth: Worth | None
    curve: CurveTold | None
    stand_in: Worth | None = None
    """The value over all subjects that took the place of a missing one."""
    weights: tuple[tuple[float, int], ...] = ()
    """Where the weight changes inside the period: each with its days, which it is averaged by."""
    linked: tuple[Row, ...] = ()
    """Of a line linked to another card: whose scores, with their days; null of those who have none."""
    linked_sum: float | None = None
    """Scores times days, summed over those who have one."""
    linked_days: int | None = None


@dataclass(frozen=True)
class ItemTold:
    """A bonus, deduction, coefficient or red line."""

    row: Row
    """Requested, cap, pool, amount, factor, limits, fired, judged ... as the scorecard has them."""
    amount: Worth | None
    when: Worth | None
    more: tuple[Row, ...] = ()
    """What else decided: the pool's requests, earlier cycles of a red line that lasts."""


@dataclass(frozen=True)
class Step:
    """One operation on the way from the base to the printed score: `what`, by how much, and what stands then."""

    what: str
    by: float | None
    after: float


@dataclass(frozen=True)
class CardTold:
    """One card's score of one subject."""

    scorecard: Scorecard
    """The card with this subject alone."""
    row: Row
    """The subject's row of it: status, base, score with interval, grade, pay, rank ..."""
    steps: tuple[Step, ...]
    """From the base to the printed score."""
    pay: tuple[Step, ...]
    """From what the grade is worth to the pay coefficient."""
    weighted: float | None
    """The sum of weight times points."""
    divisor: float | None
    """What the weighted points are divided by: the sum of the weights that count."""
    lines: tuple[LineTold, ...]
    items: tuple[ItemTold, ...]


@dataclass(frozen=True)
class Explanation(Outcome):
    """One subject on the cards that score it."""

    period: Period
    subject: str
    kpi: str | None
    """The one KPI that was asked for."""
    cards: tuple[CardTold, ...]
    accounts: tuple[Account, ...]
    notices: tuple[Notice, ...]
    provenance: Mapping[str, str]
    catalogue: Catalogue
