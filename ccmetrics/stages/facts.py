"""Everything measured that one card is scored from.

In: nothing. Out: a frozen bundle of small frames, and their schemas.
Refuses to know: how they were measured, and what a score makes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ccmetrics.period import Period

Schema = Mapping[str, Any]

PARTS: Schema = {
    "subject": pl.String, "line": pl.Int32, "segment": pl.String, "day": pl.Date, "amount": pl.Float64,
}  # fmt: skip
"""How much of a line's denominator fell into which segment (null: the goal has none) on which day. Where a KPI has no
denominator there are no rows, and days of the calendar weigh alike. Rows without subject are the days of the period,
each with the kind it has in the calendar."""
AMID = pl.Struct({"day": pl.String, "table": pl.String})
"""The day as a label: dates inside lists of structs are more than Polars can choose between."""
PAST: Schema = {
    "line": pl.Int32, "of": pl.String, "align": pl.String, "subject": pl.String, "value": pl.Float64,
    "period": pl.String, "amid": AMID,
}  # fmt: skip
"""Last year's value of a line; of a total, for one cycle of a full timer. `of: card` has one row without subject;
`team` and `self` one a subject. `amid`: where there is no value because the data begin amid that year, and would
mislead: on which day, of which table."""
LINKED: Schema = {
    "subject": pl.String, "line": pl.Int32, "value": pl.Float64, "n": pl.Int64, "coverage": pl.Float64,
    "reason": pl.String,
}  # fmt: skip
"""What a line linked to another card is worth: points, how many subjects they come from, the share of those scored."""
CONDITION: Schema = {"subject": pl.String, "key": pl.String, "value": pl.Float64, "reason": pl.String}
"""A condition of an adjustment (`red_lines.0.when`) for a subject; value 1 or 0, null with its reason."""
LASTING: Schema = {**CONDITION, "period": pl.String}
NETS: Schema = {"subject": pl.String, "period": pl.String, "status": pl.String, "net": pl.Float64}
"""What the adjustments of each cycle inside a longer period did to a score: score - base."""
ACTED: Schema = {
    "subject": pl.String, "period": pl.String, "kind": pl.String, "index": pl.Int32, "name": pl.String,
    "factor": pl.Float64, "on": pl.String, "grade_at_most": pl.String, "pay": pl.Float64, "fired": pl.Boolean,
}  # fmt: skip
"""Red lines and coefficients on pay in each cycle inside a longer period: what no mean of scores may buy back."""
TIMED_BY: Schema = {"subject": pl.String, "timed_by": pl.String}
PEOPLE: Schema = {"subject": pl.String}
BASES: Schema = {"subject": pl.String, "base": pl.Float64}


def nothing(schema: Schema = PEOPLE) -> Callable[[], pl.DataFrame]:
    """Makes the frame of what there is none of."""
    return lambda: pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Facts:
    """What a card is scored from, over one period. Frames are empty where a card does not look at such things."""

    period: Period
    values: pl.DataFrame
    """Long: subject, period, cycles, kpi, variant, value, n, numerator, denominator, low, high, se, reason.
    Adjustments and actions stand here by their key (`bonus.0.amount`, `actions.1.when`)."""
    pooled: pl.DataFrame
    """The same over the rows of all subjects together, without `subject`."""
    subjects: pl.DataFrame
    """subject, name, team, presence (null: not known)."""
    people: pl.DataFrame = field(default_factory=nothing(PEOPLE))
    """Subject and what the roster says of it: leader_id, vendor, fte ..., by the latest version in the period."""
    bases: pl.DataFrame = field(default_factory=nothing(BASES), repr=False)
    """What pay is counted from, where that stands in the roster. Private: for amounts alone, never for an output."""
    timed_by: pl.DataFrame = field(default_factory=nothing(TIMED_BY))
    """Where handle times are made of different components and the card scores one: whose are made of which in the
    period. Such people are not ranked together, nor held against what they were when timed otherwise."""
    parts: pl.DataFrame = field(default_factory=nothing(PARTS))
    past: pl.DataFrame = field(default_factory=nothing(PAST))
    linked: pl.DataFrame = field(default_factory=nothing(LINKED))
    around: pl.DataFrame = field(default_factory=nothing(CONDITION))
    """Conditions that look at the team or the center, told for each subject."""
    lasting: pl.DataFrame = field(default_factory=nothing(LASTING))
    """Conditions of red lines that last a year, in the earlier cycles of it."""
    nets: pl.DataFrame = field(default_factory=nothing(NETS))
    """Of a period of several cycles: what each cycle's adjustments did."""
    acted: pl.DataFrame = field(default_factory=nothing(ACTED))
    """Of a period of several cycles: red lines and coefficients on pay in each."""
