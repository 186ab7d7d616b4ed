"""Days and periods as a person writes them.

In: dates, labels of periods (`2026-10`, `2026-W41`), a language. Out: short text.
Refuses to know: clocks, time zones, what happened then.
"""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SHORT = 3
"""Letters of an English month where there is little room."""


def day(when: date, lang: str) -> str:
    """`1 Oct 2026`, `2026年10月1日`."""
    if lang == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {MONTHS[when.month - 1][:SHORT]} {when.year}"


def days(first: date, last: date, lang: str) -> str:
    """`1–31 Oct 2026`, `2026年10月1日–31日`: what both ends share is said once."""
    if first == last:
        return day(first, lang)
    if (first.year, first.month) == (last.year, last.month):
        return f"{day(first, lang)}–{last.day}日" if lang == "zh" else f"{first.day}–{day(last, lang)}"
    if first.year == last.year:
        if lang == "zh":
            return f"{day(first, lang)}–{last.month}月{last.day}日"
        return f"{first.day} {MONTHS[first.month - 1][:SHORT]} – {day(last, lang)}"
    return f"{day(first, lang)}–{day(last, lang)}" if lang == "zh" else f"{day(first, lang)} – {day(last, lang)}"


def period(label: str, lang: str) -> str:
    """`October 2026`, `week 41 of 2026`, `Q4 2026`, `2026`, days; a label of a company's own calendar as it is."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)", label):
        year, month = found.groups()
        return f"{year}年{int(month)}月" if lang == "zh" else f"{MONTHS[int(month) - 1]} {year}"
    if found := re.fullmatch(r"(\d{4})-W(\d\d)", label):
        return f"{found[1]}年第{int(found[2])}周" if lang == "zh" else f"week {int(found[2])} of {found[1]}"
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", label):
        return f"{found[1]}年第{found[2]}季度" if lang == "zh" else f"Q{found[2]} {found[1]}"
    if re.fullmatch(r"\d{4}", label):
        return f"{label}年" if lang == "zh" else label
    if re.fullmatch(r"\d{4}-\d\d-\d\d", label):
        return day(date.fromisoformat(label), lang)
    if found := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", label):
        return days(date.fromisoformat(found[1]), date.fromisoformat(found[2]), lang)
    return label


def periods(labels: str, lang: str) -> str:
    """Several of them, as a frame holds them: `August 2026, September 2026`, `2026年8月、2026年9月`."""
    return ("、" if lang == "zh" else ", ").join(period(label, lang) for label in labels.split(", "))


def spanned(label: str, first: date, last: date, lang: str) -> str:
    """A period with its days, which are its name where it has no other: `October 2026 (1–31 Oct 2026)`."""
    name, between = period(label, lang), days(first, last, lang)
    if name == between:
        return name
    return f"{name}（{between}）" if lang == "zh" else f"{name} ({between})"


def brief(label: str, lang: str) -> str:
    """A period where there is little room, as the head of a column: `Oct 2026` (`Oct 26` would be a day), `26年10月`;
    else as it is."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)", label):
        year, month = found.groups()
        return f"{year[2:]}年{int(month)}月" if lang == "zh" else f"{MONTHS[int(month) - 1][:SHORT]} {year}"
    return label
