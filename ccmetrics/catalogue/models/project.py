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
    Clock,
    Day,
    Model,
    Number,
    Reason,
)

TOLERATED = r"[0-9]{1,15}|(?:[0-9]{1,2}(?:\.[0-9]{1,6})?|100)\s*%"
"""How many bad rows may be set aside: a count, or a share of an export's rows."""


class Project(Model):
    """What holds for every run: clock, money, parameters."""

    name: str = ""
    extends: Literal["builtin"] | None = None
    time_zone: str | None = None
    day_start: Clock = time(0)
    currency: str = ""
    language: Literal["en", "zh"] = "en"
    parameters: dict[str, Number] = {}
    parameter_units: dict[str, str] = {}
    layouts: dict[str, str] = {}
    """File-name pattern (fnmatch) to layout name, for files whose header cannot tell."""
    covers: dict[str, Covers] = {}
    """Table to the days its supply covers, where silence means zero rather than unknown."""
    max_duration_h: Number = Field(default=24, gt=0)
    names: Literal["as_written", "nfkc"] = "as_written"
    """`nfkc`: ids, categories and people's names in one spelling, whatever the width of letters and form of accents."""
    ambiguous: Literal["refuse", "earliest", "latest"] = "refuse"
    nonexistent: Literal["refuse", "forward"] = "refuse"
    allow_rejects: str | None = None
    """How many bad rows may be set aside, a count (`20`) or a share of an export's rows (`0.5%`); else none."""
    allow: dict[str, Reason] = {}
    """Rule to the reason why what it says of the project is lived with."""

    @field_validator("allow_rejects")
    @classmethod
    def _tolerated(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(TOLERATED, value.strip()):
            raise ValueError("it must be a number of rows, like 20, or a share of an export's rows, like 0.5%")
        return value


class Covers(Model):
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
