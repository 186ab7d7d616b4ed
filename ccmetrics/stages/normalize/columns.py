"""Text cells as typed values: one parser a column type, each a whole-column expression.

In: expressions of text cells and how the layout says they read. Out: the typed value, which cells are bad, and why.
Refuses to know: files, rows and lines, tables, which column of an export is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from ccmetrics.stages.normalize.cells import LARGEST, NEVER, Fault, Parsed, Reading, cells, finished, mapped
from ccmetrics.stages.normalize.instants import SHEET_DAY, clock, day, has_clock, has_day, instant, together

TRUE = ("y", "yes", "true", "1", "是")
FALSE = ("n", "no", "false", "0", "否")
SECONDS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0, "day": 86400.0}
ALWAYS = pl.lit(True)
WORDS = ("id", "category", "text", "person")


def parse(raws: Sequence[pl.Expr], how: Reading) -> Parsed:
    """The typed value of one canonical column from the one or more columns of the export it is made of."""
    texts = [cells(raw, how) for raw in raws]
    if how.type == "datetime" and len(texts) == 2:
        first, second = halves(how)
        if second is None:
            return PARSERS["datetime"](pl.concat_str(texts, separator=" "), first)
        one, two = PARSERS[first.type](texts[0], first), PARSERS[second.type](texts[1], second)
        given = texts[0].is_not_null() | texts[1].is_not_null()
        return together(given, one.value, two.value, how, *both(one, two))
    text = texts[0] if len(texts) == 1 else pl.concat_str(texts, separator="-")
    if how.map is None:
        return PARSERS[how.type](text, how)
    meant, unlisted, fault = mapped(text, how)
    inner = PARSERS[how.type](meant, how)
    return replace(inner, faults=(fault, *inner.faults), wrong=inner.wrong | unlisted)


def halves(how: Reading) -> tuple[Reading, Reading | None]:
    """How the date column and the time column of one instant are read; one reading if a format spans both."""
    form = how.format
    if form is not None and has_clock(form) and has_day(form):
        return how, None
    date_form, clock_form = (None, form) if form is not None and has_clock(form) else (form, None)
    return (
        replace(how, type="date", format=date_form, unit=None),
        replace(how, type="clock", format=clock_form),
    )


def both(one: Parsed, two: Parsed) -> tuple[Fault, ...]:
    """The faults of two halves; and a half that is missing is one too."""
    return (
        *(replace(f, when=one.bad() & f.when) for f in one.faults),
        *(replace(f, when=two.bad() & f.when) for f in two.faults),
        Fault("bad-datetime", "The date or the time of it is missing.", ALWAYS),
    )


# ---------------------------------------------------------------- words


def identity(text: pl.Expr, how: Reading) -> Parsed:
    """An id is its text, leading zeros and all. A spreadsheet's 1.23457E+17 no longer is one."""
    what = "A spreadsheet has turned this id into a rounded number. Export it again as text."
    destroyed = text.str.contains(r"^\d+[.,]\d+[eE]\+\d+$").fill_null(False)
    return Parsed(text, NEVER, (Fault("destroyed-id", what, destroyed),), destroyed)


def category(text: pl.Expr, how: Reading) -> Parsed:
    if not how.values:
        return words(text, how)
    unknown = text.is_not_null() & ~text.is_in(how.values)
    what = f"'{how.name}' is one of {', '.join(how.values)}. Map others in the layout."
    return Parsed(text, NEVER, (Fault("unknown-value", what, unknown),), unknown)


def words(text: pl.Expr, how: Reading) -> Parsed:
    return Parsed(text, NEVER)


def flag(text: pl.Expr, how: Reading) -> Parsed:
    low = text.str.to_lowercase()
    value = pl.when(low.is_in(TRUE)).then(True).when(low.is_in(FALSE)).then(False)
    known = f"{'/'.join(TRUE)} or {'/'.join(FALSE)}"
    return finished(text, value, Fault("bad-flag", f"Not one of {known}. Map other words in the layout.", ALWAYS))


# ---------------------------------------------------------------- numbers


def number(text: pl.Expr, how: Reading) -> Parsed:
    return finished(text, plain(text, how), *_no_number(text, how))


def plain(text: pl.Expr, how: Reading) -> pl.Expr:
    """A finite number with the declared decimal and thousands signs, else null."""
    if how.decimal == "." and how.thousands is None:
        found = text.cast(pl.Float64, strict=False)
        return pl.when(found.abs() <= LARGEST).then(found)
    group = r"[ \u{a0}\u{202f}]" if how.thousands == " " else re.escape(how.thousands or "")
    grouped = rf"|\d{{1,3}}(?:{group}\d{{3}})+" if group else ""
    fits = text.str.contains(rf"^[+-]?(?:\d+{grouped})(?:{re.escape(how.decimal)}\d+)?$")
    bare = text.str.replace_all(group, "") if group else text
    found = bare.str.replace(how.decimal, ".", literal=True).cast(pl.Float64, strict=False)
    return pl.when(fits & (found.abs() <= LARGEST)).then(found)


def _no_number(text: pl.Expr, how: Reading) -> tuple[Fault, ...]:
    signs = f"'{how.decimal}' as the decimal sign" + (
        f" and '{how.thousands}' between thousands" if how.thousands else ""
    )
    return (
        Fault("not-finite", "Infinite, not a number, or too large to hold.",
              text.str.contains(r"(?i)^[+-]?(?:inf|infinity|nan)$")
              | (text.cast(pl.Float64, strict=False).abs() > LARGEST)),
        Fault("odd-digits", "Digits or a sign that are not plain ASCII. Export plain digits.",
              text.str.contains(r"^[\p{Nd}\u{2212}\u{ff0d}\u{ff0e}.,]+$") & text.str.contains(r"[^\x00-\x7f]")),
        Fault("number-unclear", f"Not a number with {signs}. Say `decimal:` and `thousands:` in the layout.",
              text.str.contains(r"^[+-]?\d[\d.,' \u{a0}\u{202f}]*$")),
        Fault("bad-number", "Not a number.", ALWAYS),
    )  # fmt: skip


def percent(text: pl.Expr, how: Reading) -> Parsed:
    """A share, 0.85. Written 85% it needs no unit; a plain number above 1 does."""
    signed = text.str.ends_with("%")
    value = plain(text.str.strip_suffix("%").str.strip_chars_end(), how)
    if how.unit == "percent":
        value = value / 100
    else:
        value = pl.when(signed).then(value / 100).when(value.abs() <= 1).then(value)
    above = plain(text, how).abs() > 1
    what = "A plain number above 1, where a share is 0 to 1. Say `unit: percent` in the layout."
    return finished(text, value, Fault("percent-unclear", what, above), *_no_number(text, how))


def rating(text: pl.Expr, how: Reading) -> Parsed:
    value = plain(text, how)
    if how.name in WHOLE:
        low, high = WHOLE[how.name]
        fits = value.is_between(low, high) & (value == value.floor())
        fault = Fault("bad-rating", f"'{how.name}' is a whole number from {low} to {high}.", value.is_not_null())
        return finished(text, pl.when(fits).then(value), fault, *_no_number(text, how))
    return finished(text, value, *_no_number(text, how))


WHOLE = {"nps": (0, 10)}
"""Ratings whose scale is part of their definition everywhere."""


# ---------------------------------------------------------------- durations


def duration(text: pl.Expr, how: Reading) -> Parsed:
    """Seconds. Every form that can be read one way is taken; a plain number is in the declared unit, else seconds."""
    if how.format is not None:
        value = (
            text.str.strptime(pl.Time, how.format, strict=False).cast(pl.Duration("us")).dt.total_microseconds() / 1e6
        )
        value = pl.when(~text.str.contains(":60", literal=True)).then(value)
        fault = Fault("bad-duration", f"Not a duration of the declared format {how.format}.", ALWAYS)
        return bounded(text, value, how, fault)
    unit = how.unit if how.unit in SECONDS else "s"
    amount = plain(text, how) * SECONDS[unit]
    # Fractions of days and hours are binary: 0:02:23 comes as 0.00165509..., and is meant to the millisecond.
    amount = amount if unit == "s" else amount.round(3)
    value = pl.coalesce(amount, _colons(text), _spelled(text))
    return bounded(text, value, how, *_no_duration(text))


def bounded(text: pl.Expr, value: pl.Expr, how: Reading, *faults: Fault) -> Parsed:
    """Durations below zero are clock skew, and those above the project's bound a unit or a clock gone wrong."""
    kept: pl.Expr = pl.when(value.is_between(0, how.longest_s)).then(value)
    excused = pl.lit(False)
    if how.negative is not None:
        excused = value < 0
        instead = pl.lit(0.0 if how.negative == "zero" else None, dtype=pl.Float64)
        kept = pl.when(excused).then(instead).otherwise(kept)
    return Parsed(
        kept, text.is_not_null() & ~excused.fill_null(False), (too_long(value, how), too_short(value), *faults)
    )


def too_long(value: pl.Expr, how: Reading) -> Fault:
    text = f"Longer than {how.longest_s / 3600:g} h, the project's `max_duration_h`. Is the unit right?"
    return Fault("duration-too-long", text, value > how.longest_s)


def too_short(value: pl.Expr) -> Fault:
    text = "Below zero. If that is clock skew, say `negative: null` or `zero` in the layout."
    return Fault("negative-duration", text, value < 0)


def _colons(text: pl.Expr) -> pl.Expr:
    """`26:15:00`, and `1900-01-01 00:02:23`, in which a spreadsheet's zero day stands for no days."""
    day_zero = text.str.extract(SHEET_DAY)
    # All cells must count from the same zero day: 1900-01-01 is one day in a sheet that counts from 1899-12-31.
    bare = pl.when(day_zero.is_null() | (day_zero == day_zero.min())).then(text.str.replace(SHEET_DAY, ""))
    parts = bare.str.extract_groups(r"^(-?)(\d{1,5}):([0-5]\d):([0-5]\d(?:\.\d+)?)$")
    hours, minutes = (parts.struct.field(f).cast(pl.Float64, strict=False) for f in ("2", "3"))
    total = hours * 3600 + minutes * 60 + parts.struct.field("4").cast(pl.Float64, strict=False)
    return pl.when(parts.struct.field("1") == "-").then(-total).otherwise(total)


def _spelled(text: pl.Expr) -> pl.Expr:
    """`19m 10s`, `2.4 min`, `1 h 5 min`."""
    amount = r"(\d+(?:\.\d+)?)\s*"
    parts = text.str.to_lowercase().str.extract_groups(
        rf"^(?:{amount}(?:h|hrs?|hours?))?\s*(?:{amount}(?:m|mins?|minutes?))?\s*(?:{amount}(?:s|secs?|seconds?))?$"
    )
    each = [parts.struct.field(f).cast(pl.Float64, strict=False) for f in ("1", "2", "3")]
    total = each[0].fill_null(0) * 3600 + each[1].fill_null(0) * 60 + each[2].fill_null(0)
    return pl.when(pl.any_horizontal(e.is_not_null() for e in each)).then(total.round(3))


def _no_duration(text: pl.Expr) -> tuple[Fault, ...]:
    return (
        Fault("bad-duration", "It could be minutes and seconds or hours and minutes. Export h:mm:ss or seconds.",
              text.str.contains(r"^\d+:\d\d$")),
        Fault("bad-duration", "A 12-hour clock time of a spreadsheet. Say `format: '%I:%M:%S %p'` in the layout.",
              text.str.contains(r"(?i)^\d+:\d\d:\d\d\s*[ap]m$")),
        Fault("bad-duration", "A spreadsheet's day, and not the one other cells count from.",
              text.str.contains(SHEET_DAY)),
        Fault("bad-duration", "Not a duration (143, 0:02:23, 2m 23s).", ALWAYS),
    )  # fmt: skip


PARSERS: dict[str, Callable[[pl.Expr, Reading], Parsed]] = {
    "id": identity,
    "category": category,
    "text": words,
    "person": words,
    "flag": flag,
    "number": number,
    "money": number,
    "percent": percent,
    "rating": rating,
    "duration": duration,
    "date": day,
    "clock": clock,
    "datetime": instant,
}
