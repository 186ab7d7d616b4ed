"""Rows of a test written out: each as many times as it says, numbered, as the cells of an export.

In: rows as they stand in the YAML. Out: rows of texts, each with the entry it was made of.
Refuses to know: what columns mean, files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ccmetrics.catalogue.models import TIMES, Plain, Row

MOST = 10_000
"""What one entry may stand for: a test is read by people."""

NUMBER = re.compile(r"\{n(?::0([1-9]))?\}")
"""`{n}` in a text is the number of the row; `{n:02}` the same in two digits."""


def times(row: Row) -> int:
    many = row.get(TIMES, 1)
    return many if isinstance(many, int) else 1


def columns(rows: Sequence[Row]) -> list[str]:
    """Every column that some row names, in the order in which they first stand there."""
    return list(dict.fromkeys(column for row in rows for column in row if column != TIMES))


def written_out(rows: Sequence[Row]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Every row, with the place of its entry in the list. A column that it lacks, or whose value is null, is empty."""
    for at, row in enumerate(rows):
        for n in range(1, times(row) + 1):
            yield at, {column: _text(_of(cell, n), n) for column, cell in row.items() if column != TIMES}


def is_somewhere(word: str, rows: Sequence[Row]) -> bool:
    """Whether some cell could come out as the word. Cells that begin otherwise are not written out to see."""
    return any(
        _fits(word, value, times(row))
        for row in rows
        for column, cell in row.items()
        for value in (cell if isinstance(cell, tuple) else (cell,))
        if column != TIMES
    )


def odd_counter(rows: Sequence[Row]) -> str:
    """What stands in a row as if it were its number and is not: `{m}`."""
    cells = [cell for row in rows for cell in row.values()]
    texts = [each for cell in cells for each in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(each, str)]
    words = [word for text in texts for word in re.findall(r"\{\w{1,9}(?::\w{1,9})?\}", text)]
    return next((word for word in words if not NUMBER.fullmatch(word)), "")


def _fits(word: str, value: Plain, many: int) -> bool:
    if not isinstance(value, str) or not NUMBER.search(value):
        return _text(value, 1) == word
    start = value[: value.index("{n")]
    return word.startswith(start) and any(_text(value, n) == word for n in range(1, many + 1))


def _of(cell: object, n: int) -> Plain:
    found = cell[(n - 1) % len(cell)] if isinstance(cell, tuple) else cell
    return found if isinstance(found, str | int | float) else None


def _text(value: Plain, n: int) -> str:
    """As an export has it: numbers without an exponent, flags as words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return NUMBER.sub(lambda found: f"{n:0{found[1] or 1}d}", value)
    return f"{Decimal(repr(value)):f}"
