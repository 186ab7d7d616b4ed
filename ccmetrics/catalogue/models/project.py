"""What holds for every run.

In: the `project` section. Out: a model.
Refuses to know: tables, KPIs, cards.
"""

from __future__ import annotations

import re
from datetime import time
from typing import Literal

from pydantic import Field, field_validator

from ccmetrics.catalogue.models.parts import (
    UNSAID,
    Clock,
    Day,
    Model,
    Number,
    Reason,
    Text,
    Whole,
)

TOLERATED = r"[0-9]{1,15}|(?:[0-9]{1,2}(?:\.[0-9]{1,6})?|100)\s*%"
"""How many bad rows may be set aside: a count, or a share of an export's rows."""


class Project(Model):
    """What holds for every run: clock, money, parameters."""

    name: Text = UNSAID
    """The center's name, as pages show it, a text or one per language."""
    extends: Literal["builtin"] | None = None
    """`builtin`: laid over the built-in definitions; only what differs is said."""
    time_zone: str | None = None
    """The center's own: days and months begin at its midnight. `Asia/Shanghai`; UTC if unsaid."""
    day_start: Clock = time(0)
    """When a day begins: `"06:00"` gives the small hours of a night shift to the day before."""
    currency: str = ""
    """Of amounts on a page: `EUR`."""
    language: Literal["en", "zh"] = "en"
    """Of names and sentences on a page, unless a command says another: `en` or `zh`."""
    parameters: dict[str, Number] = {}
    """Numbers that formulas name: `{threshold_s: 20}` is `:threshold_s` there. Card, line and KPI may set them anew."""
    parameter_units: dict[str, str] = {}
    """Parameter to its unit: `{threshold_s: s}`."""
    layouts: dict[str, str] = {}
    """File-name pattern (fnmatch) to layout name, for files whose header cannot tell."""
    covers: dict[str, Covers] = {}
    """Table to the days its supply covers, where silence means zero rather than unknown."""
    max_duration_h: Number = Field(default=24, gt=0)
    """A longer duration is refused, in hours: 24 if unsaid."""
    names: Literal["as_written", "nfkc"] = "as_written"
    """`nfkc`: ids, categories and people's names in one spelling, whatever the width of letters and form of accents."""
    ambiguous: Literal["refuse", "earliest", "latest"] = "refuse"
    """Which of the two hours is meant when the clock goes back: `earliest`, `latest` or `refuse` (unless said)."""
    nonexistent: Literal["refuse", "forward"] = "refuse"
    """What becomes of an hour that the clock skips: `refuse` (unless said), or `forward` (the same distance behind the
    gap)."""
    allow_rejects: str | None = None
    """How many bad rows may be set aside, a count (`20`) or a share of an export's rows (`0.5%`); else none."""
    min_group: Whole = Field(default=5, ge=3, le=1000)
    """Fewest people of whom anything is told without names in a report for a team or an agent (`--audience`): 5 if
    unsaid. Of two, each would know the other."""
    allow: dict[str, Reason] = {}
    """Rule to the reason why what it says of the project is lived with."""

    @field_validator("allow_rejects")
    @classmethod
    def _tolerated(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(TOLERATED, value.strip()):
            raise ValueError("it must be a number of rows, like 20, or a share of an export's rows, like 0.5%")
        return value


class Covers(Model):
    """Days, the first and the last inclusive."""

    start: Day = Field(alias="from")
    """The first day, inclusive: `2026-10-01`."""
    end: Day = Field(alias="to")
    """The last day, inclusive: `2026-10-31`."""
