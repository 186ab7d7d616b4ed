"""Days and periods as a page may write them, in English and in Chinese.

In: days, labels of periods. Out: every way each may be written.
Refuses to know: results, pages.
"""

from __future__ import annotations

from datetime import date

MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip


def written(label: str) -> set[str]:
    year, month = int(label[:4]), int(label[5:])
    name = MONTHS[month - 1]
    return {label, f"{name} {year}", f"{name[:3]} {year}", f"{year}年{month}月", f"{year % 100}年{month}月"}


def day(day: date) -> set[str]:
    return {f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}", f"{day.year}年{day.month}月{day.day}日"}


def between(first: date, last: date) -> set[str]:
    one, two = MONTHS[first.month - 1][:3], MONTHS[last.month - 1][:3]
    zh = f"{first.year}年{first.month}月{first.day}日"
    if first.month == last.month:
        return {f"{first.day}–{last.day} {two} {last.year}", f"{zh}–{last.day}日"}
    return {f"{first.day} {one} – {last.day} {two} {last.year}", f"{zh}–{last.month}月{last.day}日"}
