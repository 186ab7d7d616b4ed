"""Cards: lines with curves, adjustments, grades.

In: a card's document. Out: models.
Refuses to know: how anything is scored.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import (
    Category,
    Cycle,
    Day,
    Formula,
    MissingPolicy,
    Model,
    Number,
    Reason,
    Whole,
    Words,
)


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
    window: Whole = Field(default=1, ge=1, le=60)
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
    due: str = Field(pattern=r"^\d{1,3}d$")
    lasting: str | None = Field(default=None, alias="for", pattern=r"^[1-9]\d? cycles?$")


class Grade(Model):
    grade: str
    start: Number | None = Field(alias="from")
    """Lowest score of the band; null for the last one, which has no bottom."""
    pay: Number = Field(ge=0)


class Distribution(Model):
    """Grades by place instead of by score: `{S: 10, A: 20, B: 60, C: 10}`, shares of 100, the best first."""

    shares: dict[str, Number]
    by: str | None = None
    """Column of the roster whose values make the groups; the whole card where unsaid."""
    min_group: Whole = Field(default=10, ge=1)


MOST_BASE, MOST_BUDGET = 10**10, 10**13
"""What can be paid to the cent: to one, and to all together."""


class Pay(Model):
    """What a grade is worth: base x presence x coefficients. Without a base only coefficients are told."""

    base: Number | str | None = None
    """An amount for everybody, or a column of the roster. A private one is never shown, only what it comes to."""
    budget: Number | None = Field(default=None, gt=0, le=MOST_BUDGET)
    cut_only: bool = False
    """A budget is kept, and what is left of it is not spent."""
    shape: Literal["steps", "line"] = "steps"
    """`line`: between the bottoms of two grades the coefficient rises with the score."""


class WatchList(Model):
    """Vendors (or others) to be replaced: last of at least three for some cycles running, and below a grade."""

    cycles: Whole = Field(default=3, ge=1)
    below: str
    """The grade that would keep one off the list."""


class Shares(Model):
    """A vendor card's shares of volume, moved by score."""

    measure: str
    """What the share is of: offered, handled ..."""
    min: Number = Field(default=0, ge=0, le=1)
    max: Number = Field(default=1, ge=0, le=1)
    watch_list: WatchList | None = None


PROGRESSION = re.compile(r"(?P<grade>.+?) or (?P<side>better|worse) in (?P<times>\d+) of (?P<of>\d+) cycles?")
"""`A or better in 3 of 4 cycles`."""


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
    """List by name to its rule: `{promote: A or better in 3 of 4 cycles}`."""
    allow: dict[str, Reason] = {}
