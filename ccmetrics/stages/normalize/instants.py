"""Dates, times of day and instants written as text, brought to UTC.

In: cleaned text cells and how they read. Out: dates, durations since midnight, naive UTC times, and their faults.
Refuses to know: other types, files, rows and lines. Day and month are never guessed.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from ccmetrics.stages.normalize.cells import NEVER, Fault, Parsed, Reading, finished

US = pl.Datetime("us")
ISO = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?P<between>[Tt]| +)\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d+)?\s*"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?"
)
SHEET_DAY = r"^(1899-12-3[01]|1900-01-0[01])[ T]+"
CLOCK = r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$"
EPOCH = {"s": 1_000_000, "ms": 1_000}
# Outside of these a year was read from two digits, or from something that is no date.
SPAN = (date(1900, 1, 2), date(9999, 12, 31))


def day(text: pl.Expr, how: Reading) -> Parsed:
    """A calendar day: ISO, or as the declared format says. A midnight after an ISO date says nothing more."""
    form = how.format or "%Y-%m-%d"
    if how.format is None:
        text_only = text.str.replace(r"[ T]0{1,2}:00(:00(\.0+)?)?$", "")
        found = text_only.str.strptime(pl.Date, form, strict=False)
    elif has_clock(form):
        found = text.str.strptime(US, form, strict=False).dt.date()
    else:
        found = text.str.strptime(pl.Date, form, strict=False)
    return finished(text, found, *_unlike(text, how, "bad-date"), span=SPAN)


def clock(text: pl.Expr, how: Reading) -> Parsed:
    """A time of day as the time since midnight."""
    if how.format is not None and has_clock(how.format) and not has_day(how.format):
        found = text.str.strptime(pl.Time, how.format, strict=False)
        return finished(text, found.cast(pl.Duration("us")), *_unlike(text, how, "bad-time"), wrong=_leap(text))
    bare = text.str.replace(SHEET_DAY, "")
    parts = bare.str.extract_groups(CLOCK)
    hours, minutes = (parts.struct.field(f).cast(pl.Int64, strict=False) for f in ("1", "2"))
    seconds = parts.struct.field("3").cast(pl.Float64, strict=False).fill_null(0.0)
    since = (hours * 3600 + minutes * 60) * 1_000_000 + (seconds * 1_000_000).round().cast(pl.Int64)
    value: pl.Expr = pl.when(hours < 24).then(since)
    if how.unit == "day":
        share = text.cast(pl.Float64, strict=False)
        whole = (share * 86_400_000).round().cast(pl.Int64, strict=False) * 1_000
        value = pl.coalesce(value, pl.when((share >= 0) & (share < 1)).then(whole))
    return finished(
        text, value.cast(pl.Duration("us")), Fault("bad-time", "Not a time of day (h:mm or h:mm:ss).", pl.lit(True))
    )


def instant(text: pl.Expr, how: Reading) -> Parsed:
    """A date and time in one cell."""
    if how.unit in EPOCH:
        value = since_1970(text.cast(pl.Int64, strict=False), how.unit)
        return finished(
            text, value, Fault("bad-datetime", f"Not a whole number of {how.unit} since 1970.", pl.lit(True)), span=SPAN
        )
    if how.day is not None:
        since = clock(text, how)
        local = pl.lit(date.fromisoformat(how.day)).cast(US) + since.value
        return in_utc(text.is_not_null(), local, how, *since.faults)
    local, has_offset = _written(text, how)
    faults = _unlike(text, how, "bad-datetime")
    if has_offset:
        return finished(text, local, *faults, wrong=_leap(text), span=SPAN)
    return in_utc(text.is_not_null(), local, how, *faults, wrong=_leap(text))


def since_1970(number: pl.Expr, unit: str) -> pl.Expr:
    """Whole seconds or milliseconds as a time. Multiplied unchecked, a large number wraps into a likely one."""
    latest = 253_402_300_799 * 1_000_000 // EPOCH[unit]
    return pl.when(number.is_between(-latest, latest)).then(number * EPOCH[unit]).cast(US)


def together(given: pl.Expr, date_part: pl.Expr, clock_part: pl.Expr, how: Reading, *faults: Fault) -> Parsed:
    """A day and a time of day, read from two columns, as one instant."""
    return in_utc(given, date_part.cast(US) + clock_part, how, *faults)


def in_utc(given: pl.Expr, local: pl.Expr, how: Reading, *faults: Fault, wrong: pl.Expr = NEVER) -> Parsed:
    """Local times as UTC. An hour that comes twice, or never, is a fault: nobody can say which was meant."""
    zone = how.zone or "UTC"
    if zone in ("UTC", "Etc/UTC"):
        return Parsed(local, given, faults, wrong, SPAN)
    there = local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    value = there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    # The second opinion is only asked for when a cell is known to be bad.
    twice = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").is_not_null()
    shift = (
        Fault("ambiguous-time", f"This hour comes twice in {zone}, when the clock goes back. Export with an offset, or "
              "in UTC.", local.is_not_null() & twice),
        Fault("nonexistent-time", f"This time is skipped in {zone}, when the clock goes forward. Is the time zone "
              "right?", local.is_not_null()),
    )  # fmt: skip
    return Parsed(value, given, (*shift, *faults), wrong, SPAN)


def has_clock(form: str) -> bool:
    return re.search(r"%-?[HIklTRrXc]", form) is not None


def has_day(form: str) -> bool:
    return re.search(r"%-?[deDFxcj]", form) is not None


def _written(text: pl.Expr, how: Reading) -> tuple[pl.Expr, bool]:
    """Times as written, and whether they say their own offset (then they come out in UTC)."""
    if how.format is not None:
        offset = re.search(r"%:*#?z", how.format) is not None
        if not has_clock(how.format):
            return text.str.strptime(pl.Date, how.format, strict=False).cast(US), False
        return _strptime(text, how.format, offset), offset
    sample = ISO.fullmatch(how.sample or "")
    if sample is None:
        return _loosely(text, False), False
    offset = sample["zone"] is not None
    if how.sample and sample["fraction"] is None and sample["seconds"] and not offset:
        between = "T" if sample["between"] == "T" else " "
        return _strptime(text, f"%Y-%m-%d{between}%H:%M:%S", False), False
    return _loosely(text, offset), offset


def _loosely(text: pl.Expr, offset: bool) -> pl.Expr:
    """Every ISO form, four times slower than the one that nearly all exports keep to."""
    plain = text.str.replace(r"[Tt]", " ", literal=False)
    zone = " %#z" if offset else ""
    return pl.coalesce(
        _strptime(plain, f"%Y-%m-%d %H:%M:%S%.f{zone}", offset), _strptime(plain, f"%Y-%m-%d %H:%M{zone}", offset)
    )


def _strptime(text: pl.Expr, form: str, offset: bool) -> pl.Expr:
    if not offset:
        return text.str.strptime(US, form, strict=False)
    return text.str.strptime(pl.Datetime("us", "UTC"), form, strict=False).dt.replace_time_zone(None)


def _leap(text: pl.Expr) -> pl.Expr:
    """A 60th second, which the engine would take for the next minute."""
    return text.str.contains(":60", literal=True)


def _unlike(text: pl.Expr, how: Reading, name: str) -> tuple[Fault, ...]:
    what = {"bad-date": "a date", "bad-time": "a time of day", "bad-datetime": "a date and time"}[name]
    if how.format is not None:
        return (Fault(name, f"Not {what} of the declared format {how.format}.", pl.lit(True)),)
    other = text.str.contains(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
    iso = "YYYY-MM-DD" if name == "bad-date" else "YYYY-MM-DD hh:mm:ss"
    return (
        Fault(name, f"Not {what} as {iso}, or no day of the calendar. Another order of day and month is never guessed: "
              "say `format:` in the layout.", other),
        Fault(name, f"Not {what} as {iso}.", pl.lit(True)),
    )  # fmt: skip
