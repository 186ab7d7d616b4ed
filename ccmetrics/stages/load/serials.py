"""A spreadsheet's number as the one text that says exactly it: a number, a day, a time of day, a length of time.

In: the number as the file has it, and the format its cell is shown in. Out: text that has one reading.
Refuses to know: sheets and rows, what a column means.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Literal

Form = Literal["number", "percent", "day", "clock", "elapsed", "moment", "local", "unclear"]

DAY_MS = 86_400_000
REAL = 61 * DAY_MS
"""From here on a number shown as a clock is a time on some real day; below, it is hours."""
EXACT = 10**15
"""Whole numbers from here on have more digits than a spreadsheet keeps: of an id only zeros are left of the rest."""
BUILT_IN: dict[int, Form] = {
    **dict.fromkeys((9, 10), "percent"),
    **dict.fromkeys((14, 15, 16, 17), "day"),
    **dict.fromkeys((18, 19, 20, 21, 45, 47), "clock"),
    22: "moment",
    46: "elapsed",
    # Days or times of day, by the language of whoever opens the file; none of them is written out in it.
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "local"),
}
"""Formats a workbook refers to by number alone. All others are plain numbers."""


NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
CONDITION, OF_ZERO = re.compile(r"\[\s*[<>=]"), re.compile(r"\[\s*=\s*0\s*\]")
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
ASIDE = re.compile(r"\[(?!(?:h+|m+|s+)\])[^\]]*\]")
"""Colors, languages, currencies, conditions; but no `[h]`."""
SHOWING = re.compile("[0#?ydhms]|general")


def form_of(code: str) -> Form:
    """What a number format shows: `[$-409]d/m/yyyy;@` a day, `[h]:mm` a length of time.

    Where its sections differ (`[<1]h:mm;0.0`) nobody can tell what is meant. Those do not count that show nothing of
    a number (`"-"`, `@`), or zero alone, which is zero in any form.
    """
    sections = LITERAL.sub("", code.lower()).split(";")[:3]
    if any(map(CONDITION.search, sections)):
        told = [section for section in sections if not OF_ZERO.search(section)]
        # Of what one section's condition leaves out the number itself is shown.
        told += ["general"] * (len(sections) == 1)
    else:
        told = sections[:2]
    bare = (ASIDE.sub("", section) for section in told)
    found = {_form(section) for section in bare if SHOWING.search(section)}
    if found == {"clock", "elapsed"}:
        return "elapsed"
    return "unclear" if len(found) > 1 else found.pop() if found else "number"


def _form(bare: str) -> Form:
    if "[" in bare:
        return "elapsed"
    bare = re.sub("am/pm|a/p|general", "", bare)
    has_day, has_clock = re.search("[yd]", bare), re.search("[hs]", bare)
    if (has_day or has_clock or "m" in bare) and re.search("[0#?]", re.sub("(?<=s)[.,]0+", "", bare)):
        # `0 min`, whose letters stand there as they are: no format at all.
        return "unclear"
    if has_day and has_clock:
        return "moment"
    if has_clock:
        return "clock"
    if has_day or "m" in bare:
        return "day"
    return "percent" if "%" in bare else "number"


@lru_cache(1 << 16)
def written(value: str, form: Form, is_1904: bool) -> str:
    """The text of a cell. A serial that is no day of the calendar stays a number, which nobody takes for one.

    Raises:
        ValueError: no number at all.
    """
    if not NUMBER.fullmatch(value) or not isfinite(number := float(value)):
        raise ValueError
    if form == "percent":
        return unmistakable(f"{(Decimal(repr(number)) * 100).normalize():f}") + "%"
    if form == "number":
        return _plain(number)
    return _timed(number, form, is_1904) or _plain(number)


def unmistakable(digits: str) -> str:
    """A number written so that its point is a decimal one in every language: 1.234 could be a thousand and some."""
    return f"{digits}0" if THOUSANDS.fullmatch(digits) else digits


THOUSANDS = re.compile(r"-?\d{1,3}\.\d{3}")


def _plain(number: float) -> str:
    if not number.is_integer():
        return unmistakable(repr(number))
    if abs(number) < EXACT:
        return str(int(number))
    text = f"{Decimal(repr(number)).normalize():E}"
    return text if "." in text else text.replace("E", ".0E")


def _timed(number: float, form: Form, is_1904: bool) -> str:
    """To the millisecond, which is what a spreadsheet shows: a fraction of a day is never exactly a second."""
    ms = round(number * DAY_MS)
    if form == "elapsed" or (form == "clock" and ms < REAL) or (form == "local" and 0 <= ms < DAY_MS):
        return _length(ms)
    if form == "day" and ms == 0 and not is_1904:
        # Shown as 0 January 1900, or as nothing at all.
        return ""
    days, rest = divmod(ms, DAY_MS)
    if (day := _day(days, is_1904)) is None:
        return ""
    return day if form in ("day", "local") and not rest else f"{day} {_padded(rest)}"


def _length(ms: int) -> str:
    """h:mm:ss, and thousandths where there are any."""
    seconds, thousandths = divmod(abs(ms), 1000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{'-' if ms < 0 else ''}{text}{f'.{thousandths:03}' if thousandths else ''}"


def _padded(ms: int) -> str:
    text = _length(ms)
    return f"0{text}" if text[1] == ":" else text


def _day(days: int, is_1904: bool) -> str | None:
    """The usual calendar has 1 January 1900 as its day 1, and a 29 February of that year, which never was."""
    if days < 0 or (days == 60 and not is_1904):
        return None
    zero = date(1904, 1, 1) if is_1904 else date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
    try:
        return (zero + timedelta(days=days)).isoformat()
    except OverflowError:
        return None
