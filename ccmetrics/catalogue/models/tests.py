"""Whole-card tests: rows in, points and grade out.

In: the `tests` section. Out: models.
Refuses to know: which cards, tables and columns exist (checks), how a test is run.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import Model, Number, Whole
from ccmetrics.catalogue.models.project import Covers

Plain = str | int | float | bool | None
Cell = Plain | Annotated[tuple[Plain, ...], Field(min_length=1)]
"""What stands in a column: one value for all rows of an entry, or a list that is gone through in turn."""

Row = dict[str, Cell]
TIMES = "times"
"""Key of a row that says how many rows it stands for. All others are columns."""


class Expected(Model):
    """What a test expects of one subject. What it does not name may be anything; `null` says that there is none."""

    score: Number | None = None
    """The official score, rounded as the card says: `96.4`."""
    base: Number | None = None
    """The weighted mean of points, before adjustments."""
    grade: str | None = None
    """The band that the score falls in: `A`."""
    pay: Number | None = None
    """The pay coefficient: `1.1`."""
    pay_amount: Number | None = None
    """What the pay comes to, on a card that says what it is a coefficient of."""
    rank: Whole | None = None
    """The place among the subjects of the card."""
    status: Literal["scored", "provisional", "withheld", "values-only"] | None = None
    """Whether there is a score: `withheld` for want of data, `provisional` where something cannot be judged."""
    points: dict[str, Number | None] = {}
    """By line of the card: `{csat: 96}`; `csat.top2` where two lines share a KPI, `linked:agent` for a linked one."""
    values: dict[str, Number | None] = {}
    """By line of the card, or KPI that it watches: `{aht: 290}`. Rates are 0..1."""
    adjustments: dict[str, bool | Number | None] = {}
    """By name: the points that a bonus gives or a deduction takes, the factor of a coefficient (1 where it does not
    apply), whether a red line fired (`true`); null where nobody can judge."""

    @property
    def marks(self) -> tuple[str, ...]:
        """The single figures that it expects something of."""
        return tuple(name for name in MARKS if name in self.model_fields_set)

    @property
    def is_empty(self) -> bool:
        return not (self.marks or self.points or self.values or self.adjustments)


MARKS = ("score", "base", "grade", "pay", "pay_amount", "rank", "status")
"""What is expected of the score as a whole."""


class CardTest(Model):
    """A card, a period, and rows of canonical tables (or a folder of exports): what must come of them."""

    about: str = ""
    """What it shows, in a sentence: `Forty contacts at goal speed and twenty content customers earn an A.`"""
    card: str
    """The card that is tested. Those it is linked to are scored with it."""
    period: str
    """The period that is scored: `2026-10`."""
    rows: dict[str, tuple[Row, ...]] = {}
    """Rows by canonical table. `times: 40` makes forty rows of one, `{n}` in a text is 1 to 40 (`{n:02}`: 01 to 40), a
    list in a column is gone through in turn. `[]` instead of rows: the table was supplied, and there was nothing until
    the end of the period."""
    data: str | None = None
    """A folder of exports, seen from the file that names it, instead of `rows`: `october`."""
    covers: dict[str, Covers] = {}
    """Days that the supply of a table covers, over what the project says: `{cases: {from: 2026-10-01, to: ...}}`."""
    expect: dict[str, Expected] = {}
    """What is expected, by subject."""

    @model_validator(mode="after")
    def _some_data(self) -> CardTest:
        if bool(self.rows) == (self.data is not None):
            raise ValueError("a test has either rows, or data (a folder of exports)")
        return self
