"""Curves: how a value becomes points, and goals by date, by last year, by segment.

In: the parts of a card's line that say its goals. Out: models.
Refuses to know: how anything is scored.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import Day, Model, Number


class LastYear(Model):
    """A goal stated against the same period a year before: `+5%` relative, `+2pp` absolute."""

    last_year: Annotated[str, Field(pattern=r"^[+-]\d{1,4}(\.\d{1,6})?(%|pp)$")]
    """The change against the value of the same period a year before: `+5%` of it, or `+2pp`, points of percent. Signs
    as written: a KPI that should fall has `-5%`."""
    of: Literal["card", "team", "self"] = "card"
    """Whose last year: `card` (all rows of the card, unless said), `team` or `self`. One's own last year makes the good
    ones run after themselves."""
    align: Literal["label", "weekday"] = "label"
    """`label` (unless said): the cycle of the same name, October to October. `weekday`: 364 days before, Monday to
    Monday."""
    otherwise: Number = Field(alias="else")
    """The goal where there is no last year to compare with. Required: a new queue has none."""


Goal = Number | dict[Day, Number] | LastYear
"""A number, numbers by the date they come into force, or last year's value with a change."""

MOST_POINTS = 10**5
"""Beyond this points are a slip of the keyboard."""

Points = Annotated[Number, Field(ge=-MOST_POINTS, le=MOST_POINTS)]

Knots = tuple[tuple[Number, Points], ...]


class Curve(Model):
    """How a value becomes points: straight lines through [value, points], clamped at both ends.

    `floor/target/stretch` is short for [[floor, 0], [target, 100], [stretch, 120]]; `ideal` and `limits` make the
    two-sided one; `steps: true` reads the points as bands.
    """

    floor: Goal | None = None
    """The value that earns 0 points, in the KPI's unit (rates are 0..1, times in seconds): `0.70`, by date
    `{2026-01-01: 0.70, 2026-07-01: 0.72}`, or against last year."""
    target: Goal | None = None
    """The value that earns 100 points: `0.85`, by date `{2026-01-01: 0.85}`, or against last year `{last_year: +2pp,
    else: 0.85}`. Below the floor for a KPI where lower is better."""
    stretch: Goal | None = None
    """The value beyond the target that earns 120 points, which is the most: `0.95`. Without it the target is the
    end."""
    points: Knots | None = None
    """The curve by its knots, `[[value, points], ...]` in the order of the values: `[[1, 0], [3, 80], [5, 120]]`.
    Straight between two knots, never beyond the ends."""
    ideal: tuple[Number, Number] | None = None
    """Full points within `[low, high]`, where too little is as wrong as too much: `[0.75, 0.85]`. Needs `limits`."""
    limits: tuple[Number, Number] | None = None
    """No points at `[low, high]` and beyond: `[0.55, 0.95]`. Needs `ideal`."""
    steps: bool = False
    """`true`: `points` are bands. A value earns the points of the last knot it reached, nothing between two knots."""

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
    """What tells the segments apart: `weekday` (mon ... sun, or 1 ... 7), `day_kind` of the calendar table, `queue`,
    `channel`, `team`, or `tenure` in days."""
    curves: dict[str, Curve]
    """Segment to its curve: `{mon: {floor: 0.7, target: 0.8}}`; of tenure `<90`, `90-179`, `180+`. The line's own curve
    is that of all others."""
