"""Times written as a number: counted since 1970, or in the days of a spreadsheet.

In: numbers and their unit. Out: UTC (since 1970) or local times (a spreadsheet's), null for what is none.
Refuses to know: text forms, zones.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import polars as pl

EPOCH = {"s": 1_000_000, "ms": 1_000, "us": 1}
"""Microseconds of each unit."""
PLAUSIBLE = (1990, 2100)
"""Years between which a count since 1970 is taken at its word; seconds taken for milliseconds are in January 1970."""
SHEET = {"serial": date(1899, 12, 30), "serial_1904": date(1904, 1, 1)}
"""Day 0 of a spreadsheet. That of 1900 has a 29 February 1900, so that its days are right from 61 on only."""
FIRST = {"serial": 61, "serial_1904": 0}
LAST = 2_958_466
DAY_MS = 86_400_000


def counted(text: pl.Expr, decimal: str) -> pl.Expr:
    """A number in plain digits. 1.69929E+09 was a time once: a spreadsheet has rounded it to hours."""
    fits = text.str.contains(rf"^[0-9]+(?:{re.escape(decimal)}[0-9]+)?$")
    return pl.when(fits).then(text.str.replace(decimal, ".", literal=True).cast(pl.Float64, strict=False))


def since_1970(number: pl.Expr, unit: str) -> pl.Expr:
    """To the microsecond. Out of range is null: multiplied unchecked, a large number wraps into a likely one."""
    low, high = (datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1e6 / EPOCH[unit] for year in PLAUSIBLE)
    fits = number.is_between(low, high, closed="left")
    return pl.when(fits).then((number * EPOCH[unit]).round()).cast(pl.Int64).cast(pl.Datetime("us"))


def sheet_time(number: pl.Expr, unit: str) -> pl.Expr:
    """A day and its fraction, to the millisecond: a fraction of a day is never exactly a second."""
    fits = number.is_between(FIRST[unit], LAST, closed="left")
    return pl.lit(SHEET[unit]).cast(pl.Datetime("us")) + _days(pl.when(fits).then(number))


def sheet_day(number: pl.Expr, unit: str) -> pl.Expr:
    """A whole day; null where a time of day is with it."""
    return pl.when(number == number.floor()).then(sheet_time(number, unit).dt.date())


def sheet_clock(number: pl.Expr) -> pl.Expr:
    """The fraction of a day as the time since midnight."""
    return _days(pl.when((number >= 0) & (number < 1)).then(number))


def whole_hour(number: pl.Expr) -> pl.Expr:
    """The hour of the day, 0 to 23, as the time since midnight."""
    fits = (number == number.floor()) & (number < 24)
    return pl.duration(hours=pl.when(fits).then(number).cast(pl.Int64))


def _days(number: pl.Expr) -> pl.Expr:
    return ((number * DAY_MS).round().cast(pl.Int64) * 1_000).cast(pl.Duration("us"))
