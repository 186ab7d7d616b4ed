"""Cells of a workbook: numbers that keep every digit and look as elsewhere, text that stays text.

In: values and the texts they are shown by. Out: what stands in a cell, its number format, its width.
Refuses to know: sheets, what the values are of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from types import NoneType

from ccmetrics.problem import cells
from ccmetrics.render.plain import COMMANDS, plain
from ccmetrics.render.words import say

Value = str | int | float | bool | date | None

MOST_CHARACTERS = 32_767
"""In one cell; counted as Excel does, in UTF-16."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_SHEET, MOST_HEAD = 31, 255

KNOWN = 4096
"""Texts remembered: the same few words stand in most cells of a table."""

NUMBER = re.compile(r"([+-]?)[\d,]+(?:\.(\d+))?(.*)", re.DOTALL)
NO_XML = re.compile("[\ufffe\uffff]")
"""What XML forbids beyond controls and surrogates."""
DAY = {"en": "d mmm yyyy", "zh": 'yyyy"年"m"月"d"日"'}


@dataclass(frozen=True)
class Column:
    """A column of a table. `shown` is what each number looks like to a person; dates and texts need none. What is wider
    than `most` cells goes on several lines."""

    head: str
    values: Sequence[Value]
    shown: Sequence[str] | None = None
    most: int = 44

    @cached_property
    def kinds(self) -> set[type]:
        """What its values are, but for those that are none."""
        return {*map(type, self.values)} - {NoneType}

    @property
    def is_number(self) -> bool:
        return any(issubclass(kind, int | float) and kind is not bool for kind in self.kinds)


def filled(columns: Iterable[Column]) -> list[Column]:
    """Those that hold anything."""
    return [column for column in columns if any(value is not None for value in column.values)]


@lru_cache(maxsize=KNOWN)
def pattern(shown: str) -> str:
    """The number format by which a number looks as it is shown: `81.1%` is `#,##0.0%`, `+1.2` is `+#,##0.0;-#,##0.0`.

    So there is one place that rounds, and it is not here. A format says nothing of its row but how many digits matter:
    a program that sorts without formats shows no wrong number.
    """
    found = NUMBER.fullmatch(shown)
    if found is None:
        return "General"
    sign, decimals, ending = found[1], len(found[2] or ""), found[3]
    words = f'"{ending}"' if ending not in ("", "%") else ending
    digits = f"#,##0{'.' if decimals else ''}{'0' * decimals}{words}"
    return f"+{digits};-{digits};{digits}" if sign == "+" else digits


def moved(value: float, shown: str) -> float:
    """What stands in the cell: 0.0042 is 4.2 where it is shown as `4.2‰`, digit by digit, as no format of a spreadsheet
    multiplies by a thousand; one by a hundred does (`81.1%`)."""
    return float(Decimal(repr(value)).scaleb(3)) if shown.endswith("‰") else value


def harmless(text: str) -> str:
    """The text, on one line, in characters that a file may hold, and never taken for anything else."""
    found = NO_XML.sub(lambda character: f"\\u{ord(character[0]):04x}", plain(text))
    # XlsxWriter takes what stands between these for markup of its own, and writes it as it is.
    return f"{found} " if found.startswith("<r>") and found.endswith("</r>") else found


@lru_cache(maxsize=KNOWN)
def held(text: str, lang: str) -> str:
    """The text if a cell holds it, else as much as it holds, and how much more there is."""
    found = harmless(text)
    if len(found) <= MOST_CHARACTERS // 2 or utf16(found) <= MOST_CHARACTERS:
        return found
    more = say("book-more", lang, n=f"{len(found) - MOST_CHARACTERS // 2 + 100:,}")
    return f"{found[: MOST_CHARACTERS // 2 - 100]}{more}"


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def commands(text: str) -> bool:
    """Whether a spreadsheet would compute the text, once somebody edits its cell or saves it as CSV."""
    return COMMANDS.match(text) is not None


def width(text: str) -> int:
    """In cells of a column: Chinese characters count two."""
    return len(text) if text.isascii() else sum(map(cells, text))


def wide(value: float | date) -> int:
    """The same of what is shown by itself; of a day as `2026年10月31日` is, and `23:59:59` behind it."""
    if isinstance(value, float):
        return min(len(repr(value)), 11)
    return len(str(value)) if isinstance(value, int) else 24 if isinstance(value, datetime) else 14


def folded(text: str, room: int) -> int:
    """On how many lines of a width a text stands, broken between words, or between Chinese characters."""
    lines, used, between = 1, 0, int(text.isascii())
    for word in text.split(" ") if between else text:
        taken = used + between * (used > 0) + width(word)
        if taken > room and used:
            lines, taken = lines + 1, width(word)
        lines, used = lines + max(taken - 1, 0) // room, (taken - 1) % room + 1 if taken else 0
    return lines


def day_pattern(value: date, lang: str) -> str:
    return f"{DAY[lang]} hh:mm:ss" if isinstance(value, datetime) else DAY[lang]


def unlike(name: str, known: Sequence[str], most: int, between: str) -> str:
    """The name, or with a number behind it another than all known ones; Excel does not tell capitals apart."""
    taken = {each.casefold() for each in known}
    at, found = 1, cut(name, most)
    while found.casefold() in taken:
        at += 1
        ending = f"{between}{at}"
        found = cut(name, most - len(ending)) + ending
    return found


def cut(text: str, most: int) -> str:
    while utf16(text) > most:
        text = text[:-1]
    return text
