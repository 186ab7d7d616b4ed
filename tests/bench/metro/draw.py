"""Draws that are the same on every machine: a fixed pseudo-random number a row and seed.

In: frames with a column `row`, seeds. Out: expressions; the days of a span.
Refuses to know: what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add

import polars as pl
from rows import hashed

__all__ = ["LAST", "Span", "bell", "hashed", "is_by", "label", "numbered", "one_of", "share", "when"]

LAST = date(2026, 11, 8)


@dataclass(frozen=True)
class Span:
    """The first days of the months, October 2026 the last of them; the data go on to `LAST`."""

    months: tuple[date, ...]

    @classmethod
    def of(cls, count: int) -> Span:
        ends = [2026 * 12 + 9 - n for n in reversed(range(count))]
        return cls(tuple(date(n // 12, n % 12 + 1, 1) for n in ends))

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def days(self) -> int:
        return (LAST - self.first).days + 1

    @property
    def calendar(self) -> pl.DataFrame:
        return pl.DataFrame({"date": [self.first + timedelta(days=n) for n in range(self.days)]})


def numbered(count: int) -> pl.DataFrame:
    return pl.DataFrame({"row": pl.int_range(count, eager=True)})


def share(seed: int) -> pl.Expr:
    """Evenly from 0 to 1."""
    return (hashed(seed) + 0.5) / 2.0**31


def is_by(seed: int, chance: float) -> pl.Expr:
    return share(seed) < chance


def bell(seed: int) -> pl.Expr:
    """About 0 with a deviation of 1, never beyond 3.5: of the four seeds from this one."""
    return (reduce(add, (share(seed + n) for n in range(4))) - 2) * 3**0.5


def one_of(seed: int, values: Sequence[str]) -> pl.Expr:
    return (hashed(seed) % len(values)).replace_strict(range(len(values)), values)


def label(letter: str, digits: int) -> pl.Expr:
    return pl.format(letter + "{}", pl.col("row").cast(pl.String).str.zfill(digits))


def when(day: str | pl.Expr, seconds: pl.Expr | int) -> pl.Expr:
    """The instant so many seconds after the midnight of a day."""
    days = pl.col(day) if isinstance(day, str) else day
    return days.cast(pl.Datetime("us")) + pl.duration(seconds=seconds)
