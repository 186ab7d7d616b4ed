"""Measures and KPIs.

In: the `measures` and `kpis` sections. Out: models.
Refuses to know: which names exist (checks), how anything is computed.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import (
    Category,
    Formula,
    Model,
    Number,
    Reason,
    Unit,
    Words,
)


class Aggregate(Model):
    """Exactly one of the aggregates over the rows of one table."""

    table: str
    count: Formula | None = None
    sum: Formula | None = None
    mean: Formula | None = None
    min: Formula | None = None
    max: Formula | None = None
    median: Formula | None = None
    quantile: Formula | None = None
    distinct: Formula | None = None
    q: Number | None = Field(default=None, gt=0, lt=1)
    where: Formula | None = None

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
    about: str = ""
    unit: Unit | None = None
    at: str | None = None
    """Date or datetime column that puts a row in the period; the table's `time` otherwise."""
    as_of: Literal["start", "end"] | None = None
    """A stock: rows begun by that instant, with later dates and times read as not yet known (null)."""
    otherwise: Aggregate | None = Field(default=None, alias="else")
    allow: dict[str, Reason] = {}


class Expectation(Model):
    """One test of a formula: measures given, value expected."""

    given: dict[str, Number | None]
    value: Number | None
    variant: str | None = None
    parameters: dict[str, Number] = {}


class Variant(Model):
    """One definition of a KPI. What is unsaid is the KPI's own."""

    formula: Formula
    n: str | None = None
    interval: Literal["proportion", "mean", "trinomial", "none"] | None = None
    unit: Unit | None = None
    about: str = ""
    source: str = ""
    level: tuple[str, ...] | None = None
    display: Literal["per_1000"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"formula": value} if isinstance(value, str) else value


class Kpi(Model):
    name: Words
    category: Category
    nature: Literal["quality", "efficiency", "result"]
    timing: Literal["leading", "lagging"]
    unit: Unit
    better: Literal["higher", "lower", "range"]
    level: tuple[Literal["agent", "team", "queue", "vendor", "center"], ...]
    formula: Formula | None = None
    variants: dict[str, Variant] = {}
    default: str | None = None
    n: str | None = None
    interval: Literal["proportion", "mean", "trinomial", "none"] = "none"
    guardrails: tuple[str, ...] = ()
    cumulative: bool = False
    scope: Literal["transactional", "relationship"] | None = None
    display: Literal["per_1000"] | None = None
    parameters: dict[str, Number] = {}
    owner: str = ""
    serves: str = ""
    about: str = ""
    source: str = ""
    expect: tuple[Expectation, ...] = ()
    allow: dict[str, Reason] = {}

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
