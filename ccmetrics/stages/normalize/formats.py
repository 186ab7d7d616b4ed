"""How dates and times may be written: declared formats taken at their word, and a closed list of forms with names.

In: cleaned text cells and a format. Out: dates, times of day, local times; null for what the format does not say.
Refuses to know: zones, which format a column is of. A year has four digits unless a declared format says two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

US = pl.Datetime("us")
ISO = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?P<between>[Tt]| +)\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d+)?\s*"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?"
)
SHEET_DAY = r"^(1899-12-3[01]|1900-01-0[01])[ T]+"
PLAIN, OFFSET = "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD hh:mm:ss with an offset"
CLOCK = r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]+)?))?"
AM_PM = r"\s*([AaPp])\.?[Mm]\.?"
MIDNIGHT = r"^(?:0{1,2}:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*[Aa][Mm])?$"
MERIDIEM = {"上午": "AM", "下午": "PM"}


def _dates() -> dict[str, tuple[str, str]]:
    """The name of each form of a date, with its pattern and its strptime format.

    Dots are no safer than slashes: nobody writes 31.12.2026 the other way round, but spreadsheets do write 12.31.2026
    where a user has set a dot, and a column that could be both is no place to bet. So it is for dashes.
    """
    found = {}
    for sign in "-/.":
        short, long, at = "[0-9]{1,2}", "[0-9]{4}", re.escape(sign)
        found[f"YYYY{sign}M{sign}D"] = f"{long}{at}{short}{at}{short}", f"%Y{sign}%m{sign}%d"
        for order in ("DM", "MD"):
            form = f"%{order[0].lower()}{sign}%{order[1].lower()}{sign}%Y"
            found[f"{order[0]}{sign}{order[1]}{sign}YYYY"] = f"{short}{at}{short}{at}{long}", form
    return found


DATES: Mapping[str, tuple[str, str]] = _dates()
HALF_DAYS = ("h:mm", "h:mm AM/PM")
FORMS: Mapping[str, tuple[str, ...]] = {
    "date": tuple(DATES),
    "clock": HALF_DAYS,
    # The first of the dates on a clock of 24 hours is the plain form again.
    "datetime": (PLAIN, OFFSET, *[f"{name} {clock}" for clock in HALF_DAYS for name in DATES][1:]),
}
"""Of each type the forms that a column may be of without a word in the layout, if one of them alone fits all cells."""


# ---------------------------------------------------------------- forms with names


def date_in(text: pl.Expr, name: str) -> pl.Expr:
    """A date alone. A midnight behind it says nothing more."""
    pattern, form = DATES[name]
    rest = text.str.replace(rf"^{pattern}[ T]*", "")
    written = text.str.extract(rf"^({pattern})(?:[ T]|$)").str.strptime(pl.Date, form, strict=False)
    return pl.when(rest.str.contains(MIDNIGHT)).then(written)


def clock_in(text: pl.Expr, name: str) -> pl.Expr:
    """Time since midnight, of 24 hours or of twice 12."""
    halved = name == "h:mm AM/PM"
    parts = text.str.extract_groups(f"^{CLOCK}{AM_PM if halved else ''}$")
    hours, minutes = (parts.struct.field(f).cast(pl.Int64, strict=False) for f in ("1", "2"))
    seconds = parts.struct.field("3").cast(pl.Float64, strict=False).fill_null(0.0)
    fits = hours < 24
    if halved:
        fits = hours.is_between(1, 12)
        hours = hours % 12 + pl.when(parts.struct.field("4").str.to_lowercase() == "p").then(12).otherwise(0)
    since = (hours * 3600 + minutes * 60) * 1_000_000 + (seconds * 1_000_000).round().cast(pl.Int64)
    return pl.when(fits).then(since).cast(pl.Duration("us"))


def instant_in(text: pl.Expr, name: str) -> pl.Expr:
    """A local time; in UTC where the form has an offset."""
    if name in (PLAIN, OFFSET):
        return _loosely(text, name == OFFSET)
    of_day, _, of_clock = name.partition(" ")
    pattern, form = DATES[of_day]
    day = text.str.extract(rf"^({pattern})[ T]").str.strptime(pl.Date, form, strict=False)
    return day.cast(US) + clock_in(text.str.replace(rf"^{pattern}[ T]+", ""), of_clock)


def _loosely(text: pl.Expr, offset: bool) -> pl.Expr:
    """Every ISO form, four times slower than the one that nearly all exports keep to."""
    plain = text.str.replace(r"[Tt]", " ", literal=False)
    zone = " %#z" if offset else ""
    return pl.coalesce(
        declared(plain, f"%Y-%m-%d %H:%M:%S%.f{zone}"),
        declared(plain, f"%Y-%m-%d %H:%M{zone}"),
    )


# ---------------------------------------------------------------- declared formats


def declared(text: pl.Expr, form: str, dtype: type[pl.Date | pl.Time] | pl.Datetime = US) -> pl.Expr:
    """By a strptime format; times with an offset come out in UTC."""
    if re.fullmatch(r"(?:%[HMS])+", form):
        # A clock that was a number once has lost its leading zeros: by `%H%M`, 930 is 9:30.
        text = text.str.zfill(len(form))
    fits = _strict(text, form)
    if re.search(r"%[pP]", form):
        text = text.str.replace_many(list(MERIDIEM), list(MERIDIEM.values()))
    # To the engine `.%f` is nanoseconds: .25 would be read as 25 of them.
    form = form.replace(".%f", "%.f")
    if not has_offset(form):
        value = text.str.strptime(dtype, form, strict=False)
    else:
        value = text.str.strptime(pl.Datetime("us", "UTC"), form, strict=False).dt.replace_time_zone(None)
    return value if fits is None else pl.when(fits).then(value)


def has_offset(form: str) -> bool:
    return re.search(r"%:*#?z", form) is not None


def has_clock(form: str) -> bool:
    return re.search(r"%-?[HIklTRrXc]", form) is not None


def has_day(form: str) -> bool:
    return re.search(r"%-?[deDFxcj]", form) is not None


def _strict(text: pl.Expr, form: str) -> pl.Expr | None:
    """What the engine would let by: a 60th second, taken for the next minute, and lost zeros where digits adjoin."""
    if re.search(r"%[YymdHIM]%[mdHIMS]|[^:]%S", form):
        return text.str.contains(f"^{_pattern(form)}$")
    return ~text.str.contains(":60", literal=True) if re.search(r"%[STXrc]", form) else None


def _pattern(form: str) -> str:
    parts = re.findall(r"%[-_0]?(?:\.?[369]?f|:*#?z|.)|\s+|.", form)
    found = []
    for index, part in enumerate(parts):
        adjoins = any(other in DIGITS for other in (*parts[max(index - 1, 0) : index], *parts[index + 1 : index + 2]))
        if part in DIGITS:
            long, short = DIGITS[part]
            found.append(long if adjoins else short)
        elif part.startswith("%"):
            found.append(r"(?:\.[0-9]+)?" if part.endswith("f") else ".+?")
        else:
            found.append(r"\s*" if part.isspace() else re.escape(part))
    return "".join(found)


DIGITS = {
    "%Y": ("[0-9]{4}", "[0-9]{4}"),
    "%S": ("[0-5][0-9]", "[0-5]?[0-9]"),
    **dict.fromkeys(("%y", "%m", "%d", "%H", "%I", "%M"), ("[0-9]{2}", "[0-9]{1,2}")),
}
"""Directives of digits: between others of them, where only their width tells them apart, and alone."""
