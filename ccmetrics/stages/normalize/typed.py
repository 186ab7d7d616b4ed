"""Columns that come with a type of their own (Parquet) as canonical ones: casts that stay lazy, and their proofs.

In: a column's expression, its type, and how it reads. Out: the value, and which cells forbid taking it so.
Refuses to know: text forms (columns), files and rows.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from ccmetrics.stages.normalize.cells import LARGEST, NEVER, Fault, Parsed, Reading
from ccmetrics.stages.normalize.columns import SECONDS, WORDS, parse, too_long, too_short
from ccmetrics.stages.normalize.instants import EPOCH, SPAN, US, in_utc, since_1970

Type = DataType | DataTypeClass


class WrongTypeError(Exception):
    """A column of a type that cannot stand for the canonical one."""


def convert(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed:
    """The canonical value of a typed column. `bad` is what one pass over the data must find nowhere."""
    if dtype == pl.String or isinstance(dtype, (pl.Categorical, pl.Enum)):
        return parse([raw.cast(pl.String)], how)
    if how.map is not None:
        return parse([raw.cast(pl.String)], how)
    make = CONVERTERS.get(how.type)
    made = make(raw, dtype, how) if make else None
    if made is None:
        raise WrongTypeError
    return made


def _word(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    # A float is no id: 1043.0 was 1043 once, and 1e17 nobody knows what.
    return parse([raw.cast(pl.String)], replace(how, is_clean=True)) if dtype.is_integer() else None


def _flag(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if dtype == pl.Boolean:
        return Parsed(raw, NEVER)
    if dtype.is_integer():
        return Parsed(
            raw == 1, NEVER, (Fault("bad-flag", "Not 0 or 1.", pl.lit(True)),), raw.is_not_null() & ~raw.is_in([0, 1])
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
        bad, faults = (
            bad | above,
            [
                *faults,
                Fault("percent-unclear", "Above 1, where a share is 0 to 1. Say `unit: percent` in the layout.", above),
            ],
        )
    if how.name == "nps":
        off = value.is_not_null() & ~(value.is_between(0, 10) & (value == value.floor()))
        bad, faults = bad | off, [*faults, Fault("bad-rating", "'nps' is a whole number from 0 to 10.", off)]
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
    if how.negative is not None:
        bad = bad & ~(value < 0)
        value = pl.when(value < 0).then(0.0 if how.negative == "zero" else None).otherwise(value)
    # Of NaN a comparison may say anything: it is asked about by name.
    endless = raw.is_not_null() & ~value.is_finite()
    return Parsed(
        value,
        NEVER,
        (
            Fault("not-finite", "Infinite or not a number.", endless),
            too_short(value),
            too_long(value, how),
        ),
        bad | endless,
    )  # fmt: skip


def _instant(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            return Parsed(raw.dt.convert_time_zone("UTC").dt.replace_time_zone(None).cast(US), NEVER, span=SPAN)
        return in_utc(raw.is_not_null(), raw.cast(US), how)
    if dtype.is_integer() and how.unit in EPOCH:
        return Parsed(
            since_1970(raw.cast(pl.Int64, strict=False), how.unit),
            raw.is_not_null(),
            (Fault("bad-datetime", f"Not a number of {how.unit} since 1970.", pl.lit(True)),),
            span=SPAN,
        )
    return None


def _day(raw: pl.Expr, dtype: Type, how: Reading) -> Parsed | None:
    if dtype == pl.Date:
        return Parsed(raw, NEVER)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        later = raw.is_not_null() & (raw != raw.dt.truncate("1d"))
        return Parsed(raw.dt.date(), NEVER, (Fault("bad-date", "A time of day where a date should be.", later),), later)
    return None


CONVERTERS = {
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(("number", "money", "percent", "rating"), _amount),
    "flag": _flag,
    "duration": _duration,
    "datetime": _instant,
    "date": _day,
}
