"""Lengths of time written as text, in seconds.

In: cleaned text cells and how they read. Out: seconds and their faults.
Refuses to know: points in time, files, rows and lines. Minutes and seconds are never told from hours and minutes.
"""

from __future__ import annotations

import re

import polars as pl

from ccmetrics.notice import Notice
from ccmetrics.stages.normalize.cells import LARGEST, Counted, Fault, Parsed, Reading
from ccmetrics.stages.normalize.formats import MERIDIEM, SHEET_DAY
from ccmetrics.stages.normalize.instants import unclear
from ccmetrics.stages.normalize.numbers import plain

ALWAYS = pl.lit(True)
SECONDS = {
    "s": 1.0,
    "ms": 0.001,
    "us": 0.000_001,
    "min": 60.0,
    "h": 3600.0,
    **dict.fromkeys(("day", "serial", "serial_1904"), 86400.0),
}
FAR = 1e300
"""Beyond any duration, and no infinity: so much too long is still too long rather than no number."""
WORDS = (
    (3600.0, "h|hrs?|hours?|小时|小時|时|時"),
    (60.0, "m|mins?|minutes?|分钟|分鐘|分"),
    (1.0, "s|secs?|seconds?|秒钟|秒鐘|秒"),
    (0.001, "ms|msecs?|milliseconds?|毫秒"),
)


def duration(text: pl.Expr, how: Reading) -> Parsed:
    """Every form that can be read one way is taken; a plain number is in the declared unit, else seconds."""
    if how.format is not None:
        value, (wrong, rivalry) = formatted(text, how.format), unclear(text, how, formatted)
        fault = Fault("bad-duration", f"Not a duration of the declared format {how.format}.", ALWAYS)
        return bounded(text, value, how, *rivalry, fault, wrong=wrong)
    unit = how.unit if how.unit in SECONDS else "s"
    amount = plain(text, how, FAR) * SECONDS[unit]
    # Fractions of days and hours are binary: 0:02:23 comes as 0.00165509..., and is meant to the millisecond.
    amount = amount if unit == "s" else amount.round(3)
    spelled = pl.coalesce(_colons(text), _spelled(text, how.decimal))
    share = _maybe_share(text, how)
    faults = Fault("duration-unclear", MAYBE_SHARE, share), *_no_duration(text)
    # Beside lengths of time in words, a long fraction is a spreadsheet's: a cell that has lost its format.
    wrong = share & spelled.is_not_null().any()
    return bounded(text, pl.coalesce(amount, spelled), how, *faults, wrong=wrong)


MAYBE_SHARE = (
    "Seconds, or a spreadsheet's share of a day? Other cells of this column are no plain numbers. Export them alike, "
    "or say `unit: day` or `unit: s` in the layout."
)


def _maybe_share(text: pl.Expr, how: Reading) -> pl.Expr:
    """A plain number below 2 that is finer than a millisecond, where nobody has said its unit."""
    if how.unit is not None:
        return pl.lit(False)
    sign = re.escape(how.decimal)
    return text.str.contains(rf"^(?:[01]?{sign}[0-9]{{4,}}|[0-9](?:{sign}[0-9]+)?[eE]-[0-9]+)$").fill_null(False)


def between(begun: pl.Expr, over: pl.Expr, how: Reading, *faults: Fault) -> Parsed:
    """From one instant to another; unknown where either is."""
    value = (over - begun).dt.total_microseconds() / 1e6
    return bounded(value, value, how, *faults)


def bounded(text: pl.Expr, value: pl.Expr, how: Reading, *faults: Fault, wrong: pl.Expr | None = None) -> Parsed:
    """Durations below zero are clock skew, and those above the project's bound a unit or a clock gone wrong."""
    kept: pl.Expr = pl.when(value.is_between(0, min(how.longest_s, LARGEST))).then(value)
    excused = pl.lit(False)
    counted: tuple[Counted, ...] = ()
    if how.negative is not None:
        excused = value < 0
        instead = pl.lit(0.0 if how.negative == "zero" else None, dtype=pl.Float64)
        kept = pl.when(excused).then(instead).otherwise(kept)
        counted = (below_zero(excused, how),)
    given = text.is_not_null() & ~excused.fill_null(False)
    return Parsed(
        kept,
        given,
        (too_long(value, how), too_short(value), *faults),
        pl.lit(False) if wrong is None else wrong,
        counted=counted,
    )


def doubted(seconds: pl.Series, text: pl.Series, how: Reading) -> tuple[Notice, ...]:
    """Whether plain numbers look like those of another unit, which bounds cannot tell of short durations. Only said."""
    if how.type != "duration" or how.format is not None or how.unit not in (None, "s", "ms"):
        return ()
    # Most columns hold not even one so long, which is cheaper to know than what half of them are.
    if how.unit != "ms" and not (seconds > LONG_S).any():
        return ()
    given = seconds.filter(seconds > 0)
    half = given.median() if len(given) else None
    if not isinstance(half, float):
        return ()
    if how.unit == "ms":
        few = Notice(
            "{column}: half of its cells are below {limit:g} s. Are they seconds? Then say `unit: s`",
            column=how.name,
            limit=SHORT_S,
        )
        return (few,) if half < SHORT_S else ()
    if half <= LONG_S or text.cast(pl.Float64, strict=False).null_count() > text.null_count():
        return ()
    return (
        Notice(
            "{column}: half of its cells are above {limit:g} h. Are they milliseconds? Then say `unit: ms`",
            column=how.name,
            limit=LONG_S / 3600,
        ),
    )


SHORT_S, LONG_S = 1.0, 10_800.0
"""What half of a contact center's waits, talks and pauses are neither below nor above."""


def below_zero(excused: pl.Expr, how: Reading) -> Counted:
    if how.negative == "zero":
        return Counted("{n:cell} below zero read as 0", excused)
    return Counted("{n:cell} below zero read as empty", excused)


def too_long(value: pl.Expr, how: Reading) -> Fault:
    text = f"Longer than {how.longest_s / 3600:g} h, the project's `max_duration_h`. Is the unit right?"
    return Fault("duration-too-long", text, value > how.longest_s)


def too_short(value: pl.Expr) -> Fault:
    text = "Below zero. If that is clock skew, say `negative: null` or `zero` in the layout."
    return Fault("negative-duration", text, value < 0)


def formatted(text: pl.Expr, form: str) -> pl.Expr:
    """By a declared format. The first of its parts may be as long as it will: `%M:%S` holds 75:30 too."""
    for long, short in (("%T", "%H:%M:%S"), ("%R", "%H:%M"), ("%.f", ""), (".%f", ""), ("%P", "%p")):
        form = form.replace(long, short)
    parts = re.findall(r"%.|\s+|.", form)
    pattern = "^(-?)" + "".join(_part(part, before) for part, before in zip(parts, ["", *parts], strict=False)) + "$"
    if "%p" in parts:
        text = text.str.replace_many(list(MERIDIEM), list(MERIDIEM.values()))
    groups = text.str.extract_groups(pattern)
    field = {part: groups.struct.field(str(i + 2)) for i, part in enumerate(p for p in parts if p in PARTS)}
    total: pl.Expr = pl.lit(0.0)
    for part, seconds in (("%H", 3600.0), ("%M", 60.0), ("%S", 1.0)):
        if part in field:
            total = total + field[part].cast(pl.Float64, strict=False) * seconds
    if "%I" in field:
        total = total + field["%I"].cast(pl.Float64, strict=False) % 12 * 3600
    if "%p" in field:
        total = total + pl.when(field["%p"].str.to_lowercase() == "p").then(43_200).otherwise(0)
    return pl.when(groups.struct.field("1") == "-").then(-total).when(groups.struct.field("1") == "").then(total)


PARTS = {
    "%H": "([0-9]{1,2})",
    "%I": "(0?[1-9]|1[0-2])",
    "%M": "([0-5]?[0-9])",
    "%S": r"([0-5]?[0-9](?:\.[0-9]+)?)",
    "%p": r"([AaPp])\.?[Mm]\.?",
}


def _part(part: str, before: str) -> str:
    if part in PARTS:
        if part in ("%H", "%M", "%S") and not before:
            return r"([0-9]{1,7}(?:\.[0-9]+)?)" if part == "%S" else "([0-9]{1,7})"
        adjoins = before in PARTS and part != "%p"
        return PARTS[part].replace("]?[", "][", 1).replace("{1,2}", "{2}") if adjoins else PARTS[part]
    return r"\s*" if part.isspace() else re.escape(part)


def _colons(text: pl.Expr) -> pl.Expr:
    """`26:15:00`, and `1900-01-01 00:02:23`, in which a spreadsheet's zero day stands for no days."""
    day_zero = text.str.extract(SHEET_DAY)
    # All cells must count from the same zero day: 1900-01-01 is one day in a sheet that counts from 1899-12-31.
    bare = pl.when(day_zero.is_null() | (day_zero == day_zero.min())).then(text.str.replace(SHEET_DAY, ""))
    parts = bare.str.extract_groups(r"^(-?)(\d{1,5}):([0-5]\d):([0-5]\d(?:\.\d+)?)$")
    hours, minutes = (parts.struct.field(f).cast(pl.Float64, strict=False) for f in ("2", "3"))
    total = hours * 3600 + minutes * 60 + parts.struct.field("4").cast(pl.Float64, strict=False)
    return pl.when(parts.struct.field("1") == "-").then(-total).otherwise(total)


def _spelled(text: pl.Expr, decimal: str) -> pl.Expr:
    """`19m 10s`, `2.4 min`, `1 h 5 min`, `1时2分3秒`."""
    amount = rf"([0-9]+(?:{re.escape(decimal)}[0-9]+)?)\s*"
    each = r"\s*".join(rf"(?:{amount}(?:{words}))?" for _, words in WORDS)
    parts = text.str.to_lowercase().str.extract_groups(f"^{each}$")
    found = [
        parts.struct.field(str(i + 1)).str.replace(decimal, ".", literal=True).cast(pl.Float64, strict=False) * worth
        for i, (worth, _) in enumerate(WORDS)
    ]
    total = pl.sum_horizontal(found)
    return pl.when(pl.any_horizontal(part.is_not_null() for part in found)).then(total.round(3))


def _no_duration(text: pl.Expr) -> tuple[Fault, ...]:
    return (
        Fault("bad-duration", "It could be minutes and seconds or hours and minutes. Export h:mm:ss or seconds, or say "
              "which by `format: '%M:%S'` or `'%H:%M'`.", text.str.contains(r"^\d+:\d\d$")),
        Fault("bad-duration", "A 12-hour clock time of a spreadsheet. Say `format: '%I:%M:%S %p'` in the layout.",
              text.str.contains(r"(?i)^\d+:\d\d:\d\d\s*[ap]m$")),
        Fault("bad-duration", "A spreadsheet's day, and not the one other cells count from.",
              text.str.contains(SHEET_DAY)),
        Fault("bad-duration", "Digits that are not plain ASCII. Export plain digits.",
              text.str.contains(r"^[\p{Nd}\u{2212}\u{ff0d}\u{ff0e}.,:]+$") & text.str.contains(r"[^\x00-\x7f]"),
              names_code=True),
        Fault("bad-duration", "Not a duration (143, 0:02:23, 2m 23s).", ALWAYS),
    )  # fmt: skip
