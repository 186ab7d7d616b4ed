"""Cards: lines, adjustments, actions, and what a score comes to.

In: a card's document. Out: models.
Refuses to know: how anything is scored.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from ccmetrics.catalogue.models.curves import MOST_POINTS, Curve, Segments
from ccmetrics.catalogue.models.earnings import Distribution, Grade, Pay, Progression, Shares
from ccmetrics.catalogue.models.parts import (
    UNSAID,
    Category,
    Cycle,
    Day,
    Formula,
    MissingPolicy,
    Model,
    Number,
    Reason,
    Text,
    Whole,
    Words,
)
from ccmetrics.notice import Called


class Line(Curve):
    """One KPI on a card."""

    kpi: str
    """The KPI that is scored: `fcr`. `ccmetrics list kpis` shows which there are."""
    variant: str | None = None
    """Which definition of the KPI: `repeat_window`. Its default variant if unsaid."""
    weight: Number | dict[Day, Number]
    """The share of 100 that the line has in the score: `15`, or by date `{2026-01-01: 15, 2026-07-01: 20}`. The weights
    of a card add up to 100."""
    min_n: Whole | None = Field(default=None, ge=1)
    """Fewest cases (rows of the KPI's `n`) that are enough to score by: `20`. With fewer the line counts as missing."""
    window: Whole = Field(default=1, ge=1, le=60)
    """How many whole cycles, this one included, may be looked back over until there are `min_n` cases: `3`. 1 if
    unsaid."""
    missing: MissingPolicy | None = None
    """What a line without a value counts as: `withhold` (there is no score), `neutral` (the points of the value of all
    subjects together), `floor` (the fewest points of its curve) or `redistribute` (left out). The card's if unsaid."""
    segments: Segments | None = None
    """Goals that differ by weekday, queue, tenure ..., blended by how many cases fall in each."""
    parameters: dict[str, Number] = {}
    """Parameters set anew for this line alone: `{fcr_days: 14}`, `:fcr_days` in formulas."""

    @model_validator(mode="after")
    def _has_curve(self) -> Line:
        if not self.stated and self.segments is None:
            raise ValueError("floor and target (or points, or ideal and limits, or segments) are required")
        return self


class LinkedLine(Curve):
    """A line whose value is another card's scores for linked subjects."""

    linked_card: str
    """The card whose scores are taken: `agent`, on the card of the leader."""
    by: str
    """The column of the roster that names this card's subject: `leader_id` or `team`; or `center` for all of them."""
    take: Literal["score", "base", "kpi"] = "score"
    """What is taken: the `score` (unless said), the `base` before adjustments, or the points of one `kpi`."""
    kpi: str | None = None
    """With `take: kpi`, whose points: `quality_score`."""
    category: Category
    """Which of the four categories the line counts for in the card's mix."""
    weight: Number | dict[Day, Number]
    """The share of 100 that the line has in the score: `30`, or by date `{2026-01-01: 30}`."""
    missing: MissingPolicy | None = None
    """What a line without a value counts as: `withhold`, `neutral`, `floor` or `redistribute`. The card's if unsaid."""


class Adjustment(Model):
    """What every adjustment has: a name, and when it holds."""

    name: Words
    """What a page calls it, a text or one per language: `{en: ideas adopted, zh: 采纳建议}`."""
    when: Formula | None = None
    """The condition, SQL over measures, KPIs and `kpi.n`: `risk_leads >= 3`. Always, if unsaid."""
    over: str | None = Field(default=None, pattern=r"^\d{1,3} cycles?$")
    """The condition looks at the rows of several cycles, this one included: `3 cycles`."""
    of: Literal["subject", "team", "center"] = "subject"
    """Whose rows the condition looks at: the `subject` itself (unless said), its `team`, or the whole `center`."""


class Amount(Adjustment):
    """A bonus or deduction: an amount of points, capped by its item, perhaps paid from a common pool."""

    amount: Formula
    """Points by a formula over measures and KPIs: `2 * ideas_adopted`. Positive, for a deduction too."""
    cap: Number = Field(gt=0, le=MOST_POINTS)
    """The most points the item may come to for one subject and cycle: `6`."""
    pool: Number | None = Field(default=None, gt=0)
    """The most points that all subjects together may come to: `200`. If more is earned, all get the same share of
    it."""
    pool_by: str | None = None
    """The column of the roster that tells pools apart: `team`. One pool for the whole card if unsaid."""


MOST_FACTOR = 1000


class Coefficient(Adjustment):
    """What the score or the pay is multiplied by while a condition holds."""

    factor: Number = Field(gt=0, le=MOST_FACTOR)
    """What is multiplied by where the condition holds: `1.05` raises, `0.95` lowers."""
    on: Literal["score", "pay"] = "score"
    """What is multiplied: the `score` (unless said) or the `pay`."""


class RedLine(Adjustment):
    """A line no score can buy back: caps the score, the grade or the pay."""

    score_at_most: Number | None = Field(default=None, ge=0)
    """The score that is left at most, whatever was earned: `59`."""
    grade_at_most: str | None = None
    """The grade that is left at most: `C`."""
    pay: Number | None = Field(default=None, ge=0)
    """The pay coefficient that is left at most: `0.8`."""
    lasts: Literal["cycle", "year"] = "cycle"
    """For how long: the `cycle` it was crossed in (unless said), or to the end of the `year`."""

    @model_validator(mode="after")
    def _bites(self) -> RedLine:
        if self.when is None:
            raise ValueError("a red line needs a condition (when)")
        if self.score_at_most is None and self.grade_at_most is None and self.pay is None:
            raise ValueError("a red line says score_at_most, grade_at_most or pay")
        return self


class Adjust(Model):
    """What is done to the base score, in this order: bonus, deductions, coefficients, red lines."""

    bonus: tuple[Amount, ...] = ()
    """Points on top, each item with its amount and cap."""
    deductions: tuple[Amount, ...] = ()
    """Points taken off, each item with its amount (written positive) and cap."""
    coefficients: tuple[Coefficient, ...] = ()
    """What the score or the pay is multiplied by under a condition."""
    red_lines: tuple[RedLine, ...] = ()
    """What no score can buy back: caps of the score, the grade or the pay."""
    limits: tuple[Number, Number] = (0.8, 1.2)
    """Bounds of the product of all coefficients on the score: `[0.8, 1.2]`, which hold if unsaid."""


class Action(Model):
    """What is to be done, by whom and until when, if a condition holds."""

    when: Formula
    """The condition of one subject and cycle: `csat < 0.70 AND csat.n >= 20`."""
    do: Text
    """What is to be done, a text or one per language: `{en: empathy course, zh: 同理心课程}`. By the English one an
    action is known from cycle to cycle."""
    to: str
    """Who does it: a column of the roster (`leader_id`) or a word (`vendor`)."""
    due: str = Field(pattern=r"^\d{1,3}d$")
    """By when, in days after the end of the cycle: `14d`."""
    lasting: str | None = Field(default=None, alias="for", pattern=r"^[1-9]\d? cycles?$")
    """How many cycles running the condition must hold: `2 cycles`. One if unsaid."""

    @field_validator("do")
    @classmethod
    def _is_said(cls, value: Text) -> Text:
        if not value.en.strip():
            raise ValueError("an action says what is to be done: empathy course")
        return value


class Card(Model):
    """The scorecard of a role: whom it scores, by up to eight weighted KPIs, and what follows from the score."""

    card: str
    """The card's name, as commands and other cards say it: `agent`."""
    title: Words
    """Its title on a page, a text or one per language: `{en: Frontline agent, zh: 一线座席}`."""
    about: Text = UNSAID
    """Whom it scores and by what, in a sentence or two; a text or one per language."""
    owner: str = ""
    """Who answers for the definition: `head of operations`."""
    subject: str
    """Whom it scores: a dimension (`agent_id`, `team`, `vendor` ...), or `center` for the whole."""
    via: dict[str, str] = {}
    """Table to the column that names the subject there, where it is not the subject's own name: `{evaluations:
    evaluator_id}`."""
    who: Formula | None = None
    """Condition over the roster that says which subjects are scored: `role = 'agent'`."""
    cycle: Cycle | Literal["calendar"] = "month"
    """How often scores are made: `day`, `week`, `month` (unless said), `quarter`, `year`, or `calendar` for the cycles
    of the calendar table."""
    kpis: tuple[Annotated[Line | LinkedLine, Field(union_mode="left_to_right")], ...]
    """Up to eight lines, each a KPI with weight and goals, or another card's scores. The weights add up to 100."""
    watch: tuple[str, ...] = ()
    """KPIs shown beside the eight and never scored, such as guardrails: `[nps, transfer_rate]`; `fcr.survey` names a
    variant."""
    missing: MissingPolicy | None = None
    """What a line without a value counts as, where the line does not say: `withhold` (there is no score), `neutral`
    (the points of the value of all subjects together), `floor` (the fewest points of its curve) or `redistribute` (left
    out)."""
    min_coverage: Number = Field(default=0.6, ge=0, le=1)
    """Share of the weight that needs values of its own, else there is no score: 0.6 if unsaid."""
    min_presence: Number = Field(default=0.5, ge=0, le=1)
    """Share of a full timer's hours below which nobody is scored: 0.5 if unsaid."""
    decimals: Whole = Field(default=2, ge=0, le=6)
    """Decimals of the score, 0 to 6: 2 if unsaid. Rounded once, at the end."""
    parameters: dict[str, Number] = {}
    """Parameters set anew for this card: `{threshold_s: 30}`, `:threshold_s` in formulas."""
    adjust: Adjust = Adjust()
    """Bonus, deductions, coefficients and red lines, applied to the base score in this order."""
    actions: tuple[Action, ...] = ()
    """What is to be done when a condition holds: `{when: csat < 0.70, do: empathy course, to: leader_id, due: 14d}`."""
    grades: tuple[Grade, ...] = ()
    """Bands of the score from best to last; the last one begins `from: null`."""
    distribution: Distribution | None = None
    """Grades by place instead of by score."""
    pay: Pay | None = None
    """What the grades are worth in money. Without it only coefficients are told."""
    shares: Shares | None = None
    """Of a vendor card: shares of volume, moved by score."""
    progression: dict[str, Progression] = {}
    """List by name to its rule over the last cycles, `{promote: A or better in 3 of 4 cycles}`, perhaps with what a
    page calls it, `{promote: {rule: A or better in 3 of 4 cycles, name: {en: promotion, zh: 晋升}}}`."""
    allow: dict[str, Reason] = {}
    """Rule to the reason why what it says of this card is lived with: `{one-sided-mix: "pilot until March, agreed with
    HR"}`."""

    @property
    def called(self) -> Called:
        """Its name as a notice has it: a page tells the title."""
        return Called(self.card, self.title)
