"""Columns that come with a type of their own (Parquet) as canonical ones: casts that stay lazy, and their proofs.

In: a column's expression, its type, and how it reads. Out: the value, and which cells forbid taking it so.
Refuses to know: text forms (columns), files and rows.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation

import polars as pl

from ccmetrics.stages.normalize.cells import LARGEST, NEVER, Counted, Fault, Parsed, Reading, emptied
from ccmetrics.stages.normalize.columns import WORDS, parse
from ccmetrics.stages.normalize.durations import SECONDS, below_zero, too_long, too_short
from ccmetrics.stages.normalize.formats import US
from ccmetrics.stages.normalize.instants import ALWAYS, NO_SERIAL, epoch_faults
from ccmetrics.stages.normalize.numbers import WHOLE
from ccmetrics.stages.normalize.ticks import EPOCH, SHEET, sheet_day, sheet_time, since_1970
from ccmetrics.stages.normalize.written import Type, can_be, is_writable, written
from ccmetrics.stages.normalize.zones import SPAN, in_utc


class WrongTypeError(Exception):
    """A column of a type that cannot stand for the canonical one."""


def convert(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed:
    """The canonical value of a typed column. `bad` is what one pass over the data must find nowhere."""
    if dtype in (pl.String, pl.Null) or isinstance(dtype, (pl.Categorical, pl.Enum)):
        return parse([raw.cast(pl.String)], how)
    if not is_writable(dtype):
        raise WrongTypeError
    if how.map is not None:
        if how.other is not None and not any(can_be(dtype, key) for key, _ in how.map):
            raise WrongTypeError  # Every cell would be another.
        return parse([written(raw, dtype)], how)
    make = CONVERTERS.get(how.type)
    words = [(word, _is(raw, dtype, word)) for word in dict.fromkeys(word.strip() for word in how.null)]
    nothing = pl.any_horizontal(pl.lit(False), *(found for _, found in words))
    made = make(pl.when(~nothing).then(raw) if words else raw, dtype, replace(how, null=())) if make else None
    if made is None:
        raise WrongTypeError
    return replace(made, counted=(*made.counted, *(emptied(word, found) for word, found in words)))


def _is(raw: pl.Expr, dtype: Type, word: str) -> pl.Expr:
    """Whether a cell is what the word says. Of a number that is its value: 0 is 0.00, too."""
    if not dtype.is_numeric():
        return written(raw, dtype) == word
    try:
        number = Decimal(word)
    except InvalidOperation:
        return NEVER
    if not dtype.is_integer():
        return raw.cast(pl.Float64) == float(number)
    is_held = number.is_finite() and number == int(number) and abs(number) < 2**63
    return raw == int(number) if is_held else NEVER


def _word(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    # A float is no id: 1043.0 was 1043 once, and 1e17 nobody knows what.
    is_whole = dtype.is_integer() or (isinstance(dtype, pl.Decimal) and dtype.scale == 0)
    return parse([raw.cast(pl.String)], replace(how, is_clean=True)) if is_whole else None


def _flag(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if dtype == pl.Boolean:
        return Parsed(raw, NEVER)
    if dtype.is_integer():
        return Parsed(
            raw == 1, NEVER, (Fault("bad-flag", "Not 0 or 1.", ALWAYS),), raw.is_not_null() & ~raw.is_in([0, 1])
        )
    return None


def _amount(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if not dtype.is_numeric():
        return None
    # Floats and 64-bit counts become floats; what cannot be finite or exact there is refused.
    value = raw.cast(pl.Float64)
    bad = raw.is_not_null() & ~(value.is_finite() & (value.abs() <= LARGEST))
    faults = [Fault("not-finite", "Infinite, not a number, or too large to hold.", bad)]
    if how.type == "percent" and how.unit == "percent":
        value = value / 100
    elif how.type == "percent":
        above = (value.abs() > 1).fill_null(False)
        what = "Above 1, where a share is 0 to 1. Say `unit: percent` in the layout."
        bad, faults = bad | above, [*faults, Fault("percent-unclear", what, above)]
    if how.name in WHOLE:
        low, high = WHOLE[how.name]
        off = value.is_not_null() & ~(value.is_between(low, high) & (value == value.floor()))
        what = f"'{how.name}' is a whole number from {low} to {high}."
        bad, faults = bad | off, [*faults, Fault("bad-rating", what, off)]
    return Parsed(value, NEVER, tuple(faults), bad)


def _duration(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if dtype == pl.Duration:
        value = raw.dt.total_microseconds() / 1_000_000
    elif dtype == pl.Time:
        value = raw.cast(pl.Int64) / 1_000_000_000
    elif dtype.is_numeric():
        unit = how.unit if how.unit in SECONDS else "s"
        value = raw.cast(pl.Float64) if unit == "s" else (raw.cast(pl.Float64) * SECONDS[unit]).round(3)
    else:
        return None
    bad = raw.is_not_null() & ~value.is_between(0, how.longest_s)
    counted: tuple[Counted, ...] = ()
    # Of NaN a comparison may say anything: it is asked about by name.
    endless = raw.is_not_null() & ~value.is_finite()
    faults = Fault("not-finite", "Infinite or not a number.", endless), too_short(value), too_long(value, how)
    if how.negative is not None:
        below = value < 0
        bad, counted = bad & ~below, (below_zero(below, how),)
        value = pl.when(below).then(0.0 if how.negative == "zero" else None).otherwise(value)
    return Parsed(value, NEVER, faults, bad | endless, counted=counted)


FAR = f"It lies before {SPAN[0]} or after {SPAN[1]}: the file is damaged, or its writer had another unit in mind."


def _instant(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            clock = raw.cast(pl.Datetime("us", dtype.time_zone), strict=False)
            value = clock.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            return Parsed(value, raw.is_not_null(), (Fault("bad-datetime", FAR, ALWAYS),), span=SPAN)
        return in_utc(raw.is_not_null(), raw.cast(US, strict=False), how, Fault("bad-datetime", FAR, ALWAYS))
    number = raw.cast(pl.Float64)
    if dtype.is_numeric() and how.unit in EPOCH:
        return Parsed(since_1970(number, how.unit), raw.is_not_null(), epoch_faults(number, how.unit))
    if dtype.is_numeric() and how.unit in SHEET:
        local = sheet_time(number, how.unit)
        return in_utc(raw.is_not_null(), local, how, Fault("bad-datetime", NO_SERIAL, ALWAYS))
    return None


def _day(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if dtype == pl.Date:
        return Parsed(raw, NEVER, (Fault("bad-date", FAR, ALWAYS),), span=SPAN)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        later = raw.is_not_null() & (raw != raw.dt.truncate("1d"))
        return Parsed(raw.dt.date(), NEVER, (Fault("bad-date", "A time of day where a date should be.", later),), later)
    if dtype.is_numeric() and how.unit in SHEET:
        value = sheet_day(raw.cast(pl.Float64), how.unit)
        return Parsed(value, raw.is_not_null(), (Fault("bad-date", NO_SERIAL, ALWAYS),), span=SPAN)
    return None


CONVERTERS = {
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(("number", "money", "percent", "rating"), _amount),
    "flag": _flag,
    "duration": _duration,
    "datetime": _instant,
    "date": _day,
}
