"""Measures and KPIs.

In: the `measures` and `kpis` sections. Out: models.
Refuses to know: which names exist (checks), how anything is computed.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import (
    UNSAID,
    Category,
    Formula,
    Model,
    Number,
    Reason,
    Text,
    Unit,
    Words,
)


class Aggregate(Model):
    """Exactly one of the aggregates over the rows of one table."""

    table: str
    """The canonical table whose rows are taken: `interactions`."""
    count: Formula | None = None
    """How many rows meet a condition: `outcome = 'answered'`; `rows` counts all of them."""
    sum: Formula | None = None
    """The sum of a column or expression: `handle_s`. 0 without rows; null if there are rows and none has a value."""
    mean: Formula | None = None
    """The mean of a column or expression over the rows that have it. Never a mean of means."""
    min: Formula | None = None
    """The smallest value."""
    max: Formula | None = None
    """The largest value."""
    median: Formula | None = None
    """The middle value, computed over the rows of every subject anew."""
    quantile: Formula | None = None
    """The value below which the share `q` of the rows lies: `wait_s` with `q: 0.9`."""
    distinct: Formula | None = None
    """How many different values a column has: `customer_id`."""
    q: Number | None = Field(default=None, gt=0, lt=1)
    """The share of a quantile, between 0 and 1: `0.9` for the 90th percentile."""
    where: Formula | None = None
    """Condition over the table's columns; other rows are left out: `direction = 'inbound'`."""

    @property
    def kind(self) -> str:
        return next(k for k in AGGREGATES if getattr(self, k) is not None)

    @property
    def formula(self) -> Formula:
        return str(getattr(self, self.kind))

    @model_validator(mode="after")
    def _exactly_one(self) -> Aggregate:
        given = [k for k in AGGREGATES if getattr(self, k) is not None]
        if len(given) != 1:
            what = " and ".join(given) if given else "none"
            raise ValueError(f"a measure is exactly one of {', '.join(AGGREGATES)}; here: {what}")
        if (self.quantile is None) != (self.q is None):
            raise ValueError("a quantile needs q (0.9 for the 90th percentile), and only a quantile has one")
        return self


AGGREGATES = ("count", "sum", "mean", "min", "max", "median", "quantile", "distinct")


class Measure(Aggregate):
    """Exactly one aggregate over the rows of one table: count, sum, mean, min, max, median, quantile or distinct."""

    about: str = ""
    """What is counted, and what is not, in a sentence; in one language, for whoever writes formulas."""
    unit: Unit | None = None
    """The unit of the result: `s`, `money` ... A count and a distinct count need none."""
    at: str | None = None
    """Date or datetime column that puts a row in the period: `closed_at`. The table's `time` if unsaid."""
    as_of: Literal["start", "end"] | None = None
    """A stock at the `start` or `end` of the period: rows begun by that instant, with later dates and times read as not
    yet known (null)."""
    otherwise: Aggregate | None = Field(default=None, alias="else")
    """The aggregate to take instead where the table was not supplied."""
    allow: dict[str, Reason] = {}
    """Rule to the reason why what it says of this measure is lived with."""


class Expectation(Model):
    """One test of a formula: measures given, value expected."""

    given: dict[str, Number | None]
    """Measures and their values, null for no data: `{handle_time: 600, timed: 2}`."""
    value: Number | None
    """The value that must come out, null where there is none: `300`."""
    variant: str | None = None
    """Which variant is tested: `mean`. The default one if unsaid."""
    parameters: dict[str, Number] = {}
    """Parameters for this test alone: `{hour_s: 3600}`."""


class Variant(Model):
    """One definition of a KPI. What is unsaid is the KPI's own."""

    formula: Formula
    """SQL arithmetic over measures and KPIs: `csat_sum / csat_answers`."""
    name: Text = UNSAID
    """What a page calls it beside the KPI's name, a text or one per language: `{en: of offered, zh: 按进线量}`. Its key
    if unsaid."""
    n: str | None = None
    """The measure that says how many cases the value rests on; the KPI's own if unsaid."""
    interval: Literal["proportion", "mean", "trinomial", "none"] | None = None
    """How the interval is made; as of the KPI if unsaid."""
    unit: Unit | None = None
    """The unit of this variant, where it is not the KPI's."""
    about: Text = UNSAID
    """How this variant counts, in a sentence; a text or one per language."""
    source: Text = UNSAID
    """Who in the field counts so."""
    level: tuple[str, ...] | None = None
    """At which levels this variant means anything; the KPI's if unsaid."""
    display: Literal["per_1000"] | None = None
    """`per_1000`: a page shows the share per thousand."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"formula": value} if isinstance(value, str) else value


class Kpi(Model):
    """SQL arithmetic over measures, with a name, a category, a unit and a direction."""

    name: Words
    """What a page calls it, a text or one per language: `{en: Average handle time, zh: 平均处理时长}`."""
    category: Category
    """Which of the four perspectives it belongs to: `financial`, `customer`, `operational` or `growth`. A card has
    one KPI of each (or an `allow`)."""
    nature: Literal["quality", "efficiency", "result"]
    """`quality` (how well), `efficiency` (with how much effort) or `result` (what came of it)."""
    timing: Literal["leading", "lagging"]
    """`leading`: can be worked on today. `lagging`: shows what earlier work came to."""
    unit: Unit
    """The unit of its values: rates are `percent` and 0..1 inside, times `s`, `h` or `day`, amounts `money`."""
    better: Literal["higher", "lower", "range"]
    """Which direction is good: `higher`, `lower`, or a `range` with too little and too much."""
    level: tuple[Literal["agent", "team", "queue", "vendor", "center"], ...]
    """Which subjects can influence it and may be scored by it: `[agent, team, queue, vendor, center]`."""
    formula: Formula | None = None
    """SQL arithmetic over measures and other KPIs: `handle_time / timed`. A ratio is one division at the top. Either
    this or `variants`."""
    variants: dict[str, Variant] = {}
    """Named definitions, where the field has several: `{of_offered: answered_in_threshold / offered}`. Needs
    `default`."""
    default: str | None = None
    """The variant that is meant where none is named."""
    n: str | None = None
    """The measure that says how many cases the value rests on: `timed`. `min_n` of a card's line looks at it."""
    interval: Literal["proportion", "mean", "trinomial", "none"] = "none"
    """How the 95% interval is made: `proportion` (a share of cases), `mean` (of rows), `trinomial` (NPS), or `none`
    (unless said)."""
    guardrails: tuple[str, ...] = ()
    """KPIs that get worse when this one is gamed, shown beside it: `[fcr, short_handled_rate]`."""
    cumulative: bool = False
    """`true`: a total (revenue, ideas), which grows with the days; its goals are for a whole cycle and a full timer."""
    scope: Literal["transactional", "relationship"] | None = None
    """`transactional`: of single contacts. `relationship`: of the customer as a whole, whatever the contact."""
    qualitative: bool = False
    """`true`: one person's judgment of another, as a supervisor's rating is. Cards give such lines at most 20 of
    100."""
    display: Literal["per_1000"] | None = None
    """`per_1000`: a page shows the share per thousand."""
    parameters: dict[str, Number] = {}
    """Parameters set anew for this KPI: `{threshold_s: 30}`, `:threshold_s` in formulas."""
    owner: str = ""
    """Who answers for the definition."""
    serves: str = ""
    """The aim of the business that it serves."""
    about: Text = UNSAID
    """What is counted, and what is not, in a sentence or two; a text or one per language: `{en: ..., zh: ...}`."""
    source: Text = UNSAID
    """Who in the field defines it so: a standard, a vendor's manual, a book."""
    expect: tuple[Expectation, ...] = ()
    """Tests that `ccmetrics check` runs: `{given: {handle_time: 600, timed: 2}, value: 300}`."""
    allow: dict[str, Reason] = {}
    """Rule to the reason why what it says of this KPI is lived with."""

    @model_validator(mode="after")
    def _one_way(self) -> Kpi:
        if (self.formula is None) == (not self.variants):
            raise ValueError("a KPI has either a formula or variants")
        if self.variants and self.default not in self.variants:
            raise ValueError(f"default must name one of the variants: {', '.join(self.variants)}")
        if not self.variants and self.default is not None:
            raise ValueError("default names a variant, and this KPI has none")
        return self

    def variant(self, name: str | None = None) -> Variant:
        """The definition in force, with everything a variant leaves unsaid filled in from the KPI."""
        own = Variant(formula=self.formula) if self.formula is not None else self.variants[name or self.default or ""]
        return own.model_copy(
            update={
                "n": own.n or self.n,
                "interval": own.interval or self.interval,
                "unit": own.unit or self.unit,
                "about": own.about or self.about,
                "source": own.source or self.source,
                "level": own.level or self.level,
                "display": own.display or self.display,
            }
        )
