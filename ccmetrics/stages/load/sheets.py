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
    words: Sequence[str] = ()
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


def words(part: IO[bytes], space: str) -> list[str]:
    """The texts that cells refer to by number."""
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
        self.shared: list[str] = []
        self.row: dict[str, str] = {}
        self.cell: dict[str, str] = {}
        self.cells: list[Cell] = []
        self.number = self.column = self.spoken = 0
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
            self.number = int(self.row.get("r") or self.number + 1)
            if self.cells:
                cells = self.cells if self.is_ordered else _in_order(self.cells)
                self.found.append(Line(self.number, cells, self.row.get("hidden") in TRUE))
        elif name == "si":
            self.shared.append(unescaped("".join(self.pieces)))
            self.pieces.clear()
        elif name == "rPh":
            self.spoken -= 1

    def _end_cell(self) -> None:
        place = self.cell.get("r")
        before, self.column = self.column, number_of(place.rstrip("0123456789")) if place else self.column + 1
        self.is_ordered &= self.column > before
        text, fault = self._said()
        if fault or (text and not text.isspace()):
            self.cells.append(Cell(self.column, text, fault))

    def _said(self) -> tuple[str, str]:
        kind, value = self.cell.get("t", "n"), self.value
        if kind == "inlineStr":
            return unescaped("".join(self.pieces)), ""
        if not value:
            # A formula may well come to an empty text; what comes to nothing at all was never computed.
            is_computed = not self.has_formula or (kind == "str" and value is not None)
            return "", "" if is_computed else "formula-without-value"
        if kind == "s":
            return self.terms.words[int(value)], ""
        if kind == "e":
            return "", "error-cell"
        if kind == "str":
            return unescaped(value), ""
        if kind == "b":
            return ("true" if value.strip() in TRUE else "false"), ""
        form = self.terms.forms[int(self.cell.get("s", 0))] if self.terms.forms else "number"
        return (_iso(value, form) if kind == "d" else written(value, form, self.terms.is_1904)), ""


def _in_order(cells: list[Cell]) -> list[Cell]:
    if len({cell.column for cell in cells}) < len(cells):
        raise ValueError("two cells at one place")
    return sorted(cells)


def _iso(text: str, form: Form) -> str:
    found = text.replace("T", " ").removesuffix("Z")
    return found.removesuffix(" 00:00:00") if form == "day" else found


def unescaped(text: str) -> str:
    """`_x000D_` is a carriage return: how the format writes what XML cannot hold."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


@cache
def number_of(letters: str) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= COLUMNS or not re.fullmatch("[A-Z]+", letters):
        raise ValueError("no column of a sheet")
    return number
