"""Text separated by commas to cells, each with its place.

In: the text of a file. Out: the cells of its lines.
Refuses to know: what columns are called, what a cell means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccmetrics.catalogue.places import BLANK, Source, Spot

_CELL = re.compile(r'[ \t]*"(?P<quoted>(?:[^"]|"")*)"[ \t]*(?=,|\r|\n|$)|(?P<plain>[^,\r\n]*)')


def cells_of(origin: Source) -> Iterator[list[Spot]]:
    """Cells of each line that has any. A cell may be quoted, with commas, breaks and doubled quotes inside."""
    text, at = origin.text, 0
    while at < len(text):
        cells = []
        while True:
            match = _CELL.match(text, at)
            if match is None:  # the pattern takes the empty text
                raise ValueError("a cell that is none")
            cells.append(_cell(origin, match))
            at = match.end()
            if text[at : at + 1] != ",":
                break
            at += 1
        at += 2 if text.startswith("\r\n", at) else 1
        if any(cell.data != "" for cell in cells):
            yield cells


def _cell(origin: Source, match: re.Match[str]) -> Spot:
    if match["quoted"] is not None:
        start, end = match.span("quoted")
        return Spot(origin, start - 1, end + 1, '"', match["quoted"].replace('""', '"').strip())
    plain = match["plain"]
    start = match.start("plain") + len(plain) - len(plain.lstrip(BLANK))
    data = plain.strip(BLANK)
    return Spot(origin, start, start + len(data), "", data)
