"""What a score comes to: grades, pay, lists over cycles, shares of volume.

In: parts of a card's document. Out: models.
Refuses to know: how anything is scored.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field, model_serializer, model_validator

from ccmetrics.catalogue.models.curves import Points
from ccmetrics.catalogue.models.parts import UNSAID, Model, Number, Text, Whole


class Grade(Model):
    """A band of the score, and what it is worth."""

    grade: str
    """The name of the band: `A`. The best stands first."""
    start: Points | None = Field(alias="from")
    """Lowest score of the band, itself included: `95`; `null` for the last one, which has no bottom."""
    pay: Number = Field(ge=0)
    """The coefficient of pay that the grade is worth: `1.1`."""


class Distribution(Model):
    """Grades by place instead of by score: `{S: 10, A: 20, B: 60, C: 10}`, shares of 100, the best first."""

    shares: dict[str, Number]
    """Grade to its share of 100, the best first: `{S: 10, A: 20, B: 60, C: 10}`."""
    by: str | None = None
    """Column of the roster whose values make the groups that are shared out: `team`. The whole card if unsaid."""
    min_group: Whole = Field(default=10, ge=1)
    """Fewest subjects of a group; smaller ones are graded by score. 10 if unsaid."""


MOST_BASE, MOST_BUDGET = 10**10, 10**13
"""What can be paid to the cent: to one, and to all together."""


class Pay(Model):
    """What a grade is worth: base x presence x coefficients. Without a base only coefficients are told."""

    base: Number | str | None = None
    """An amount for everybody (`1000`), or a column of the roster. A private one is never shown, only what it comes
    to."""
    budget: Number | None = Field(default=None, gt=0, le=MOST_BUDGET)
    """What all subjects together come to, in the project's currency: `50000`."""
    cut_only: bool = False
    """`true`: a budget is kept, and what is left of it is not spent."""
    shape: Literal["steps", "line"] = "steps"
    """`steps` (unless said): everyone of a grade has its coefficient. `line`: between the bottoms of two grades the
    coefficient rises with the score."""


class WatchList(Model):
    """Vendors (or others) to be replaced: last of at least three for some cycles running, and below a grade."""

    cycles: Whole = Field(default=3, ge=1, le=36)
    """How many cycles running one is last: 3 if unsaid."""
    below: str
    """The grade that would keep one off the list: `B`."""


class Shares(Model):
    """A vendor card's shares of volume, moved by score."""

    measure: str
    """The measure that the share is of: `offered`, `handled`."""
    min: Number = Field(default=0, ge=0, le=1)
    """The smallest share of one vendor, 0 to 1: `0.2`."""
    max: Number = Field(default=1, ge=0, le=1)
    """The largest share of one vendor, 0 to 1: `0.8`."""
    watch_list: WatchList | None = None
    """Who is last for some cycles running and below a grade is named for replacement."""


RULE = re.compile(r"(?P<grade>.+?) or (?P<side>better|worse) in (?P<times>\d{1,5}) of (?P<of>\d{1,5}) cycles?")
"""`A or better in 3 of 4 cycles`."""


class Progression(Model):
    """A list over the last cycles: who comes on it, and what a page calls it. A plain string is the rule."""

    rule: str
    """Which grades, how often: `A or better in 3 of 4 cycles`; `or worse`, too."""
    name: Text = UNSAID
    """What a page calls the list, a text or one per language: `{en: promotion, zh: 晋升}`. Its key if unsaid."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"rule": value} if isinstance(value, str) else value

    @model_serializer
    def _plainly(self) -> str | dict[str, Any]:
        """A rule alone stays a plain string, as definitions without a name always had it."""
        return {"rule": self.rule, "name": self.name.model_dump()} if self.name else self.rule

    @property
    def parts(self) -> re.Match[str] | None:
        return RULE.fullmatch(self.rule)
