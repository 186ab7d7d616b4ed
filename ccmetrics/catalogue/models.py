"""The shape of the definitions: what may stand in the YAML, as frozen pydantic models.

In: plain data read from YAML. Out: models, one class a kind of definition.
Refuses to know: files and places (read), which names exist (checks), how anything is computed.
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator


class Model(BaseModel):
    """Frozen, and an unknown key is a problem."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, coerce_numbers_to_str=True, allow_inf_nan=False
    )


def _written(what: str, pattern: str, example: str) -> BeforeValidator:
    """Only the written form is taken: a bare number would be read as seconds since 1970 or since midnight."""

    def check(value: Any) -> Any:
        if isinstance(value, date | time) or (isinstance(value, str) and re.fullmatch(pattern, value)):
            return value
        raise ValueError(f"{what} is written like {example}")

    return BeforeValidator(check)


Number = Annotated[float, Field(strict=True)]
"""A number as YAML reads it: no quoted text, no true or false."""
Whole = Annotated[int, Field(strict=True)]
Day = Annotated[date, _written("a date", r"\d{4}-\d\d-\d\d", "2026-01-31")]
Clock = Annotated[time, _written("a time of day", r"\d\d:\d\d(:\d\d)?", "06:00")]
Formula = str
"""SQL text. Parsed and checked by `checks`, never here."""

Reason = Annotated[str, Field(min_length=3)]
Unit = Literal["s", "h", "day", "percent", "count", "money", "points", "rating", "ratio", "per_hour"]
Category = Literal["financial", "customer", "operational", "growth"]
MissingPolicy = Literal["withhold", "neutral", "floor", "redistribute"]
Cycle = Literal["day", "week", "month", "quarter", "year"]
ColumnType = Literal[
    "id", "category", "text", "number", "money", "percent", "rating", "duration", "flag", "datetime", "date", "person"
]


class Words(Model):
    """A name in the languages a reader may choose. A plain string is the English one."""

    en: str
    zh: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"en": value} if isinstance(value, str) else value

    def say(self, lang: str) -> str:
        return getattr(self, lang, "") or self.en


# ---------------------------------------------------------------- project


class Project(Model):
    """What holds for every run: clock, money, parameters."""

    name: str = ""
    extends: Literal["builtin"] | None = None
    time_zone: str | None = None
    day_start: Clock = time(0)
    week_start: Literal["monday", "sunday"] = "monday"
    currency: str = ""
    language: Literal["en", "zh"] = "en"
    parameters: dict[str, Number] = {}
    parameter_units: dict[str, str] = {}
    layouts: dict[str, str] = {}
    """File-name pattern (fnmatch) to layout name, for files whose header cannot tell."""
    covers: dict[str, Covers] = {}
    """Table to the days its supply covers, where silence means zero rather than unknown."""
    min_group: Whole = Field(default=5, ge=1)
    max_duration_h: Number = Field(default=24, gt=0)


class Covers(Model):
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")


# ---------------------------------------------------------------- tables


class Column(Model):
    type: ColumnType
    about: str = ""
    required: bool = False
    private: bool = False
    refers: str | None = None
    """Table this id refers to, many-to-one. Its columns are reached as `<column without _id>.<name>`."""
    values: tuple[str, ...] = ()
    default: str | int | float | bool | None = None
    """A constant, or the name of another column of the table (`contact_id` defaults to `interaction_id`)."""
    derived: bool = False
    """Built by the program before measuring, never read from an export."""
    unit: Unit | None = None
    """Of a number or rating, where it has one."""


class Table(Model):
    about: str
    key: tuple[str, ...]
    time: str | None = None
    """The column that puts a row in a period. With `until`, the first day a version is in force."""
    until: str | None = None
    """The last day a version is in force (inclusive, empty: still). Makes the table effective-dated."""
    as_of: str | None = None
    """Reference whose row's time, not this table's own, decides the roster version (surveys: interaction_id)."""
    columns: dict[str, Column]
    dimensions: dict[str, tuple[str, ...]] = {}
    """Dimensions with more than one way: name to the paths tried in order by which key is present
    (`team: [agent.team, queue.team]`)."""

    @field_validator("key", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


# ---------------------------------------------------------------- measures and KPIs


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


# ---------------------------------------------------------------- cards


class LastYear(Model):
    """A goal stated against the same period a year before: `+5%` relative, `+2pp` absolute."""

    last_year: Annotated[str, Field(pattern=r"^[+-]\d+(\.\d+)?(%|pp)$")]
    of: Literal["card", "team", "self"] = "card"
    align: Literal["label", "weekday"] = "label"
    otherwise: Number = Field(alias="else")


Goal = Number | dict[Day, Number] | LastYear
"""A number, numbers by the date they come into force, or last year's value with a change."""

Knots = tuple[tuple[Number, Number], ...]


class Curve(Model):
    """How a value becomes points: straight lines through [value, points], clamped at both ends.

    `floor/target/stretch` is short for [[floor, 0], [target, 100], [stretch, 120]]; `ideal` and `limits` make the
    two-sided one; `steps: true` reads the points as bands.
    """

    floor: Goal | None = None
    target: Goal | None = None
    stretch: Goal | None = None
    points: Knots | None = None
    ideal: tuple[Number, Number] | None = None
    limits: tuple[Number, Number] | None = None
    steps: bool = False

    @model_validator(mode="after")
    def _one_shape(self) -> Curve:
        shapes = {
            "floor and target": self.floor is not None or self.target is not None or self.stretch is not None,
            "points": self.points is not None,
            "ideal and limits": self.ideal is not None or self.limits is not None,
        }
        given = [name for name, there in shapes.items() if there]
        if len(given) > 1:
            here = ", ".join(given)
            raise ValueError(f"a curve is one of floor/target/stretch, points, or ideal/limits; here: {here}")
        if "floor and target" in given and (self.floor is None or self.target is None):
            raise ValueError("floor and target are both required")
        if "ideal and limits" in given and (self.ideal is None or self.limits is None):
            raise ValueError("ideal and limits are both required")
        return self

    @property
    def stated(self) -> bool:
        return self.target is not None or self.points is not None or self.ideal is not None


class Segments(Model):
    """Goals that differ by day or segment; the curve is blended by the KPI's denominator in each part."""

    by: Literal["weekday", "day_kind", "queue", "channel", "team", "tenure"]
    curves: dict[str, Curve]


class Line(Curve):
    """One KPI on a card."""

    kpi: str
    variant: str | None = None
    weight: Number | dict[Day, Number]
    min_n: Whole | None = Field(default=None, ge=1)
    window: Whole = Field(default=1, ge=1)
    missing: MissingPolicy | None = None
    segments: Segments | None = None
    parameters: dict[str, Number] = {}

    @model_validator(mode="after")
    def _has_curve(self) -> Line:
        if not self.stated and self.segments is None:
            raise ValueError("floor and target (or points, or ideal and limits, or segments) are required")
        return self


class LinkedLine(Curve):
    """A line whose value is another card's scores for linked subjects."""

    linked_card: str
    by: str
    """Dimension of the linked card's subjects that names this card's subject (`leader_id`)."""
    take: Literal["score", "base", "kpi"] = "score"
    kpi: str | None = None
    category: Category
    weight: Number | dict[Day, Number]
    missing: MissingPolicy | None = None


class Adjustment(Model):
    name: Words
    when: Formula | None = None
    over: str | None = Field(default=None, pattern=r"^\d+ cycles?$")
    of: Literal["subject", "team", "center"] = "subject"


class Amount(Adjustment):
    """A bonus or deduction: an amount of points, capped by its item, perhaps paid from a common pool."""

    amount: Formula
    cap: Number = Field(gt=0)
    pool: Number | None = Field(default=None, gt=0)
    pool_by: str | None = None


class Coefficient(Adjustment):
    factor: Number = Field(gt=0)
    on: Literal["score", "pay"] = "score"


class RedLine(Adjustment):
    """A line no score can buy back: caps the score, the grade or the pay."""

    score_at_most: Number | None = None
    grade_at_most: str | None = None
    pay: Number | None = None
    lasts: Literal["cycle", "year"] = "cycle"

    @model_validator(mode="after")
    def _bites(self) -> RedLine:
        if self.when is None:
            raise ValueError("a red line needs a condition (when)")
        if self.score_at_most is None and self.grade_at_most is None and self.pay is None:
            raise ValueError("a red line says score_at_most, grade_at_most or pay")
        return self


class Adjust(Model):
    bonus: tuple[Amount, ...] = ()
    deductions: tuple[Amount, ...] = ()
    coefficients: tuple[Coefficient, ...] = ()
    red_lines: tuple[RedLine, ...] = ()
    limits: tuple[Number, Number] = (0.8, 1.2)
    """Bounds of the product of the coefficients on the score."""


class Action(Model):
    when: Formula
    do: str
    to: str
    due: str = Field(pattern=r"^\d+d$")
    lasting: str | None = Field(default=None, alias="for", pattern=r"^\d+ cycles?$")


class Grade(Model):
    grade: str
    start: Number | None = Field(alias="from")
    """Lowest score of the band; null for the last one, which has no bottom."""
    pay: Number = Field(ge=0)


class Distribution(Model):
    shares: dict[str, Number]
    by: str | None = None
    min_group: Whole = Field(default=10, ge=1)


class Pay(Model):
    budget: Number | None = None
    cut_only: bool = False
    shape: Literal["steps", "line"] = "steps"


class Shares(Model):
    """A vendor card's shares of volume, moved by score."""

    measure: str
    min: Number = Field(default=0, ge=0, le=1)
    max: Number = Field(default=1, ge=0, le=1)


class Card(Model):
    card: str
    title: Words
    about: str = ""
    owner: str = ""
    subject: str
    """A dimension (`agent_id`, `team`, `vendor`) or `center`."""
    via: dict[str, str] = {}
    """Table to the column that names the subject there, where it is not the subject's own name."""
    who: Formula | None = None
    """Condition over the roster that filters the subjects."""
    cycle: Cycle | Literal["calendar"] = "month"
    kpis: tuple[Annotated[Line | LinkedLine, Field(union_mode="left_to_right")], ...]
    watch: tuple[str, ...] = ()
    """KPIs shown beside the eight, never scored; `fcr.survey` names a variant."""
    missing: MissingPolicy | None = None
    min_coverage: Number = Field(default=0.6, ge=0, le=1)
    min_presence: Number = Field(default=0.5, ge=0, le=1)
    decimals: Whole = Field(default=2, ge=0, le=6)
    parameters: dict[str, Number] = {}
    adjust: Adjust = Adjust()
    actions: tuple[Action, ...] = ()
    grades: tuple[Grade, ...] = ()
    distribution: Distribution | None = None
    pay: Pay | None = None
    shares: Shares | None = None
    progression: dict[str, str] = {}
    allow: dict[str, Reason] = {}


# ---------------------------------------------------------------- layouts


class Source(Model):
    """Where one canonical column comes from in an export, and how its text is to be read."""

    origin: str | None = Field(default=None, alias="from")
    constant: str | int | float | bool | None = None
    datetime: tuple[str, ...] | None = None
    """A date column and a time column, read together."""
    date: str | None = None
    """With `datetime` of one time column: the day, where the export does not give it (ISO date)."""
    join: tuple[str, ...] | None = None
    """Columns that together make one id, joined by `-`."""
    case: tuple[tuple[Formula, str | bool | None], ...] | None = None
    """Conditions over the export's own columns (as text), each with its value; the first that holds decides, else
    `other`, and a row that none fits is a problem where `other` is unsaid."""
    where: Formula | None = None
    """Condition over the export's own columns (as text); in other rows the column has no value, whatever stands there."""
    map: dict[str, str | bool | None] | None = None
    """Value to value; a value not listed is a problem, unless `other` says what it becomes."""
    other: str | bool | None = None
    format: str | None = None
    """strptime format of dates, times or datetimes (`%d.%m.%Y`)."""
    unit: Literal["s", "ms", "min", "h", "day", "percent", "fraction"] | None = None
    null: tuple[str, ...] = ()
    """Texts that mean no value in this column, beside the empty cell."""
    decimal: Literal[".", ","] | None = None
    thousands: Literal[".", ",", " ", "'"] | None = None
    negative: Literal["null", "zero"] | None = None
    """What a negative duration (clock skew) becomes; a problem where unsaid."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"from": value}
        if isinstance(value, dict) and isinstance(value.get("datetime"), str):
            return {**value, "datetime": (value["datetime"],)}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        origins = (self.origin, self.constant, self.datetime, self.join, self.case)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("a column comes from exactly one of: from, constant, datetime, join, case")
        return self


class LayoutTable(Model):
    where: Formula | None = None
    """Condition over the export's own columns (as text); other rows are filtered, and counted so."""
    columns: dict[str, Source]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if isinstance(value, dict) and "columns" not in value:
            return {"where": value.get("where"), "columns": {k: v for k, v in value.items() if k != "where"}}
        return value


class Layout(Model):
    layout: str
    about: str = ""
    match: tuple[str, ...]
    """Header names that must all be there (case and outer spaces apart)."""
    match_values: dict[str, tuple[str, ...]] = {}
    experimental: bool = False
    encoding: str = "utf-8"
    separator: str | None = None
    decimal: Literal[".", ","] = "."
    time_zone: str | None = None
    null: tuple[str, ...] = ()
    tables: dict[str, LayoutTable]


# ---------------------------------------------------------------- the whole


class Catalogue(Model):
    """Everything the YAML says, layered: names to definitions."""

    project: Project = Project()
    tables: dict[str, Table] = {}
    measures: dict[str, Measure] = {}
    kpis: dict[str, Kpi] = {}
    cards: dict[str, Card] = {}
    layouts: dict[str, Layout] = {}
