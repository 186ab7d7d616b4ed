"""Local times as UTC, and what becomes of the hours that a clock change repeats or skips.

In: local times and how the layout or project want those hours taken. Out: UTC, with faults and counts.
Refuses to know: how times are written.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from ccmetrics.stages.normalize.cells import NEVER, Counted, Fault, Parsed, Reading

# Outside of these a year was read from two digits, or from something that is no date.
SPAN = (date(1900, 1, 2), date(9999, 12, 31))
UTC = ("UTC", "Etc/UTC")
BEFORE = timedelta(hours=25)
"""Longer than any gap, which is a whole day where an island has changed sides of the date line."""


def in_utc(given: pl.Expr, local: pl.Expr, how: Reading, *faults: Fault, wrong: pl.Expr = NEVER) -> Parsed:
    """An hour that comes twice, or never, is a fault, unless it is said which was meant."""
    if how.zone is None or how.zone in UTC:
        unsaid = (
            ()
            if how.zone
            else (
                Counted(
                    "{n:cell} without an offset read as UTC, as neither project nor layout says a `time_zone`",
                    local.is_not_null(),
                ),
            )
        )
        return Parsed(local, given, faults, wrong, SPAN, unsaid)
    value = _there(local, how.zone, "null" if how.ambiguous == "refuse" else how.ambiguous)
    counted = []
    first, second = (_there(local, how.zone, which) for which in ("earliest", "latest"))
    if how.ambiguous != "refuse":
        counted.append(
            Counted(
                "{n:cell} in the repeated hour of {zone} read as the earliest"
                if how.ambiguous == "earliest"
                else "{n:cell} in the repeated hour of {zone} read as the latest",
                first != second,
                {"zone": how.zone},
            )
        )
    skipped = local.is_not_null() & first.is_null()
    if how.nonexistent == "forward":
        value = pl.when(skipped).then(_there(local - BEFORE, how.zone, "latest") + BEFORE).otherwise(value)
        counted.append(Counted("{n:cell} in an hour that {zone} skips moved behind it", skipped, {"zone": how.zone}))
    back = f"This hour comes twice in {how.zone}, when the clock goes back. Export with an offset, or in UTC."
    forth = f"This time is skipped in {how.zone}, when the clock goes forward. Is the time zone right?"
    shift = Fault("ambiguous-time", back, first != second), Fault("nonexistent-time", forth, skipped)
    return Parsed(value, given, (*shift, *faults), wrong, SPAN, tuple(counted))


def _there(local: pl.Expr, zone: str, ambiguous: str) -> pl.Expr:
    """Null for what the clock of the zone never shows."""
    there = local.dt.replace_time_zone(zone, ambiguous=ambiguous, non_existent="null")  # type: ignore[arg-type]
    return there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
