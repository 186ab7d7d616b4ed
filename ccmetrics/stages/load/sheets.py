"""The XML of a sheet as rows of text, streamed: no more than one row of it is ever held.

In: a part of a workbook as bytes, and the book's words and number formats. Out: `Line`s of `Cell`s.
Refuses to know: archives, which sheet is meant, headers, what a column means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import IO, NamedTuple

from defusedxml.ElementTree import DefusedXMLParser

from ccmetrics.stages.load.serials import Form, written

CHUNK = 1 << 16
COLUMNS = 1 << 14
"""As many as a sheet can have."""
TRUE = ("1", "true")


class BrokenSheetError(Exception):
    """Rows or cells stand where none can: near which row, and what is wrong."""

    def __init__(self, row: int, text: str) -> None:
        super().__init__(text)
        self.row, self.text = row, text


class Cell(NamedTuple):
    column: int
    text: str
    fault: str = ""
    """The name of a problem, where the cell has no value that could be taken."""


class Line(NamedTuple):
    number: int
    cells: list[Cell]
    """Those that hold anything but spaces."""
    is_hidden: bool


@dataclass(frozen=True)
class Terms:
    """What cells refer to instead of saying it themselves."""

    space: str
    """The name space of all elements: there are two, and they say the same."""
    words: Sequence[str | None] = ()
    forms: Sequence[Form] = ()
    is_1904: bool = False


def lines(part: IO[bytes], terms: Terms, merged: list[str]) -> Iterator[Line]:
    """The rows that hold anything, in order, whatever the sheet says its size is. `merged` takes merged ranges."""
    target = _Told(terms, merged)
    parser = DefusedXMLParser(target=target)
    while chunk := part.read(CHUNK):
        parser.feed(chunk)
        yield from target.found
        target.found.clear()
    parser.close()


def words(part: IO[bytes], space: str) -> list[str | None]:
    """The texts that cells refer to by number; None for one that is no text."""
    target = _Told(Terms(space), [])
    parser = DefusedXMLParser(target=target)
    while chunk := part.read(CHUNK):
        parser.feed(chunk)
    parser.close()
    return target.shared


class _Told:
    """What the parser tells, element by element: rows as they end, merged ranges, and shared texts."""

    def __init__(self, terms: Terms, merged: list[str]) -> None:
        self.terms, self.merged = terms, merged
        self.found: list[Line] = []
        self.shared: list[str | None] = []
        self.row: dict[str, str] = {}
        self.cell: dict[str, str] = {}
        self.cells: list[Cell] = []
        self.number = self.column = self.spoken = 0
        self.digits = ""
        self.is_ordered = True
        self.text: list[str] | None = None
        self.value: str | None = None
        self.pieces: list[str] = []
        self.has_formula = False
        names = ("row", "c", "f", "v", "t", "si", "rPh", "mergeCell")
        self.names = {terms.space + name: name for name in names}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name == "c":
            self.cell, self.value, self.has_formula = attributes, None, False
            self.pieces.clear()
        elif name in ("v", "t"):
            self.text = []
        elif name == "f":
            self.has_formula = True
        elif name == "row":
            self.row, self.column, self.cells, self.is_ordered = attributes, 0, [], True
            self._begin_row(attributes.get("r"))
        elif name == "rPh":
            self.spoken += 1
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = self.names.get(tag)
        if name == "v":
            self.value, self.text = "".join(self.text or ()), None
        elif name == "c":
            self._end_cell()
        elif name == "t":
            # How a word is spoken stands beside it, and is none of it.
            if not self.spoken:
                self.pieces += self.text or ()
            self.text = None
        elif name == "row":
            if self.cells:
                cells = self.cells if self.is_ordered else self._in_order()
                self.found.append(Line(self.number, cells, self.row.get("hidden") in TRUE))
        elif name == "si":
            self.shared.append(_word("".join(self.pieces)))
            self.pieces.clear()
        elif name == "rPh":
            self.spoken -= 1

    def _begin_row(self, said: str | None) -> None:
        before = self.number
        try:
            self.number = before + 1 if said is None else whole(said)
        except ValueError:
            raise BrokenSheetError(before + 1, f"after row {before} stands one without a number") from None
        self.digits = str(self.number)
        if self.number <= before:
            raise BrokenSheetError(self.number, f"row {self.number} stands below row {before}")

    def _end_cell(self) -> None:
        place, before = self.cell.get("r"), self.column
        try:
            self.column = before + 1 if place is None else self._column(place)
        except ValueError:
            raise BrokenSheetError(self.number, f"a cell of row {self.number} does not say where it stands") from None
        self.is_ordered &= self.column > before
        try:
            text, fault = self._said()
        except (ValueError, LookupError):
            text, fault = "", "unreadable-cell"
        if fault or (text and not text.isspace()):
            self.cells.append(Cell(self.column, text, fault))

    def _column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        if place[len(letters) :] != self.digits:
            raise ValueError
        return number_of(letters)

    def _said(self) -> tuple[str, str]:
        """Raises ValueError or LookupError where the content is not what its kind says."""
        kind, value = self.cell.get("t", "n"), self.value
        if kind == "inlineStr":
            return unescaped("".join(self.pieces)), ""
        if not value:
            # A formula may well come to an empty text; what comes to nothing at all was never computed.
            is_computed = not self.has_formula or (kind == "str" and value is not None)
            return "", "" if is_computed else "formula-without-value"
        if kind == "s":
            word = self.terms.words[whole(value)]
            return word or "", "unreadable-cell" if word is None else ""
        if kind == "e":
            return "", "error-cell"
        if kind == "str":
            return unescaped(value), ""
        if kind == "b":
            return ("true" if value.strip() in TRUE else "false"), ""
        form = self.terms.forms[whole(self.cell.get("s", "0"))] if self.terms.forms else "number"
        if kind == "d":
            return _iso(value, form), ""
        if form == "unclear":
            return "", "format-unclear"
        return written(value, form, self.terms.is_1904), ""

    def _in_order(self) -> list[Cell]:
        if len({cell.column for cell in self.cells}) < len(self.cells):
            raise BrokenSheetError(self.number, f"two cells of row {self.number} stand at one place")
        return sorted(self.cells)


def whole(text: str) -> int:
    """A number that counts things, in the digits of the format alone: `-1` would be the last of a list."""
    if not re.fullmatch(r"\s*\d+\s*", text, re.ASCII):
        raise ValueError
    return int(text)


def _iso(text: str, form: Form) -> str:
    found = text.replace("T", " ")
    return found.removesuffix(" 00:00:00") if form == "day" else found


def unescaped(text: str) -> str:
    """`_x000D_` is a carriage return: how the format writes what XML cannot hold.

    Raises:
        ValueError: half of a character, whose other half is not beside it.
    """
    if "_x" not in text:
        return text
    halves = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)
    return halves.encode("utf-16", "surrogatepass").decode("utf-16")


def _word(text: str) -> str | None:
    try:
        return unescaped(text)
    except ValueError:
        return None


@cache
def number_of(letters: str) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= COLUMNS or not re.fullmatch("[A-Z]+", letters):
        raise ValueError("no column of a sheet")
    return number
