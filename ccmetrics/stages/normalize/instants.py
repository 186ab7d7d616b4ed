"""Dates, times of day and instants written as text, brought to UTC.

In: cleaned text cells and how they read. Out: dates, durations since midnight, naive UTC times, and their faults.
Refuses to know: other types, files, rows and lines. Day and month are never guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from ccmetrics.stages.normalize.cells import NEVER, Fault, Parsed, Reading, finished
from ccmetrics.stages.normalize.formats import (
    DATES,
    HALF_DAYS,
    OFFSET,
    PLAIN,
    SHEET_DAY,
    US,
    clock_in,
    date_in,
    declared,
    has_clock,
    has_day,
    has_offset,
    instant_in,
)
from ccmetrics.stages.normalize.ticks import (
    EPOCH,
    PLAUSIBLE,
    SHEET,
    counted,
    sheet_clock,
    sheet_day,
    sheet_time,
    since_1970,
    whole_hour,
)
from ccmetrics.stages.normalize.zones import SPAN, in_utc

ALWAYS = pl.lit(True)


def day(text: pl.Expr, how: Reading) -> Parsed:
    """A calendar day: ISO, or as format, form or unit say."""
    if how.unit in SHEET:
        value = sheet_day(counted(text, how.decimal), how.unit)
        return finished(text, value, Fault("bad-date", NO_SERIAL, ALWAYS), span=SPAN)
    wrong, rivalry = unclear(text, how, day_as)
    return finished(text, day_as(text, how.format), *rivalry, *_unlike(text, how, "bad-date"), wrong=wrong, span=SPAN)


def clock(text: pl.Expr, how: Reading) -> Parsed:
    """A time of day as the time since midnight."""
    value = clock_as(text, how.format)
    if how.unit == "day" or how.unit in SHEET:
        value = pl.coalesce(value, sheet_clock(counted(text, how.decimal)))
    if how.unit == "h":
        value = pl.coalesce(value, whole_hour(counted(text, how.decimal)))
    return finished(text, value, *_unlike(text, how, "bad-time"))


def instant(text: pl.Expr, how: Reading) -> Parsed:
    """A date and time in one cell."""
    if how.unit in EPOCH:
        return _epoch(counted(text, how.decimal), text.is_not_null(), how)
    if how.unit in SHEET:
        local = sheet_time(counted(text, how.decimal), how.unit)
        return in_utc(text.is_not_null(), local, how, Fault("bad-datetime", NO_SERIAL, ALWAYS))
    if how.day is not None:
        since = clock(text, how)
        local = pl.lit(date.fromisoformat(how.day)).cast(US) + since.value
        return in_utc(text.is_not_null(), local, how, *since.faults)
    local = instant_as(text, how.format)
    wrong, rivalry = unclear(text, how, instant_as)
    faults = (*rivalry, *_unlike(text, how, "bad-datetime"))
    if how.format == OFFSET or has_offset(how.format or ""):
        return finished(text, local, *faults, wrong=wrong, span=SPAN)
    return in_utc(text.is_not_null(), local, how, *faults, wrong=wrong)


def _epoch(number: pl.Expr, given: pl.Expr, how: Reading) -> Parsed:
    unit = str(how.unit)
    return Parsed(since_1970(number, unit), given, epoch_faults(number, unit))


def epoch_faults(number: pl.Expr, unit: str) -> tuple[Fault, ...]:
    first, last = PLAUSIBLE
    off = f"As {unit} since 1970 it is before {first} or after {last}. Seconds or milliseconds? Say the right `unit:`."
    return (
        Fault("epoch-range", off, number.is_finite()),
        Fault("bad-datetime", f"Not a number of {unit} since 1970, in plain digits.", ALWAYS),
    )


def together(given: pl.Expr, date_part: pl.Expr, clock_part: pl.Expr, how: Reading, *faults: Fault) -> Parsed:
    """A day and a time of day, read from two columns, as one instant."""
    return in_utc(given, date_part.cast(US) + clock_part, how, *faults)


# ---------------------------------------------------------------- what a cell says, whatever becomes of it


def day_as(text: pl.Expr, form: str | None) -> pl.Expr:
    """A midnight after an ISO date says nothing more."""
    if form is None:
        text = text.str.replace(r"[ T]0{1,2}:00(:00(\.0+)?)?$", "")
        return text.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
    if form in DATES:
        return date_in(text, form)
    return declared(text, form).dt.date() if has_clock(form) else declared(text, form, pl.Date)


def clock_as(text: pl.Expr, form: str | None) -> pl.Expr:
    if form is not None and has_clock(form) and not has_day(form):
        return declared(text, form, pl.Time).cast(pl.Duration("us"))
    return clock_in(text.str.replace(SHEET_DAY, ""), form if form in HALF_DAYS else "h:mm")


def instant_as(text: pl.Expr, form: str | None) -> pl.Expr:
    """The local time, or UTC where the cell has its offset."""
    if form is None or "%" not in form:
        return instant_in(text, form or PLAIN)
    return declared(text, form) if has_clock(form) else declared(text, form, pl.Date).cast(US)


def unclear(text: pl.Expr, how: Reading, said: Callable[[pl.Expr, str], pl.Expr]) -> tuple[pl.Expr, tuple[Fault, ...]]:
    """Cells that another form reads otherwise, where nothing rules that form out."""
    if not how.rivals or how.format is None:
        return NEVER, ()
    value = said(text, how.format)
    found = pl.any_horizontal((said(text, form) != value).fill_null(False) for form in how.rivals)
    name = "bad-duration" if how.type == "duration" else "day-month-unclear"
    return found, (Fault(name, how.doubt, found),)


NO_SERIAL = "Not a spreadsheet's day (46053.99), or one before March 1900, where they count a day that never was."


def _unlike(text: pl.Expr, how: Reading, name: str) -> tuple[Fault, ...]:
    what = {"bad-date": "a date", "bad-time": "a time of day", "bad-datetime": "a date and time"}[name]
    if how.format is not None and how.format not in (PLAIN, OFFSET):
        whose = "of the declared format" if "%" in how.format else "of the form that most cells of this column have,"
        return (Fault(name, f"Not {what} {whose} {how.format}.", ALWAYS),)
    if name == "bad-time":
        return (Fault(name, "Not a time of day (h:mm or h:mm:ss).", ALWAYS),)
    other = text.str.contains(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
    iso = "YYYY-MM-DD" if name == "bad-date" else how.format or PLAIN
    return (
        Fault(name, f"Not {what} as {iso}, or no day of the calendar. Another order of day and month is never guessed: "
              "say `format:` in the layout.", other),
        Fault(name, f"Not {what} as {iso}.", ALWAYS),
    )  # fmt: skip
