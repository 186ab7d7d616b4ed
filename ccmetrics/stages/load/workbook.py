"""An Excel workbook as its parts say: which sheets there are, and the rows of each as text.

In: the path of a workbook. Out: `Book`, its `Sheet`s, and their `Line`s, streamed.
Refuses to know: which sheet is meant, headers, what a column means. Nothing outside the file is ever looked at.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import EINVAL
from pathlib import Path
from posixpath import join, normpath
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.serials import BUILT_IN, Form, form_of
from ccmetrics.stages.load.sheets import TRUE, BrokenSheetError, Line, Terms, lines, whole, words
from ccmetrics.stages.load.unpack import is_all

SUFFIXES = (".xlsx", ".xlsm")
BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MEMBERS, UNPACKED, RATIO = 10_000, 1 << 30, 200
FREE = 10_000_000
"""Up to here the ratio does not matter: a small table may be very regular."""
DAMAGE = (BadZipFile, zlib.error, EOFError, ParseError, DefusedXmlException, LookupError, ValueError, RuntimeError)
"""RuntimeError: a part is encrypted, or packed by a method nobody knows."""


@dataclass(frozen=True)
class Sheet:
    title: str
    is_visible: bool
    part: str


@dataclass(frozen=True)
class Book:
    """A workbook that is open."""

    name: str
    archive: ZipFile
    sheets: tuple[Sheet, ...]
    terms: Terms
    merged: list[str] = field(default_factory=list)
    """Ranges of merged cells of the sheet that was last read, known when it was read to its end."""

    def lines(self, sheet: Sheet) -> Iterator[Line]:
        """Raises DataRefused where the rows are broken."""
        self.merged.clear()
        try:
            with self.archive.open(sheet.part) as part:
                yield from lines(part, self.terms, self.merged)
        except BrokenSheetError as broken:
            text = f"The sheet is damaged: {broken.text}. Open the workbook in Excel and save it again as .xlsx."
            raise DataRefused([Problem(Place(f"{self.name}!{sheet.title}", broken.row), "not-excel", text)]) from None
        except DAMAGE as error:
            raise damaged(f"{self.name}!{sheet.title}", error) from None


def is_workbook(path: Path) -> bool:
    """Whether the content is an Excel workbook, or the name says so of an archive that is none."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return False
    try:
        with ZipFile(path) as archive:
            return BOOK in archive.namelist() or path.suffix.lower() in SUFFIXES
    except (*DAMAGE, OSError) as error:
        if _is_disk(error):
            raise
        return path.suffix.lower() in SUFFIXES


def _is_disk(error: Exception) -> bool:
    """Whether it is the disk that failed. A damaged archive may send its reader to a place before the beginning."""
    return isinstance(error, OSError) and error.errno != EINVAL


@contextmanager
def opened_book(path: Path, name: str) -> Iterator[Book]:
    """A workbook, once its size is known to be bearable. What is wrong with it may come up as long as it is open.

    Raises:
        DataRefused: it is damaged, too large, or no such workbook.
    """
    try:
        with ZipFile(path) as archive:
            if not is_all(archive):
                raise BadZipFile
            _bearable(archive, path.stat().st_size, name)
            yield _book(archive, name)
    except (*DAMAGE, OSError) as error:
        if _is_disk(error):
            raise
        raise damaged(name, error) from None


def damaged(name: str, error: Exception) -> DataRefused:
    text = f"The workbook is damaged, or of an unusual kind ({type(error).__name__}). Save it again as .xlsx."
    return DataRefused([Problem(Place(name), "not-excel", text)])


def _bearable(archive: ZipFile, size: int, name: str) -> None:
    """A part cannot unpack to more than its header says, so the headers' sum is a bound."""
    found = archive.infolist()
    unpacked = sum(info.file_size for info in found)
    if len(found) > MEMBERS or unpacked > UNPACKED or unpacked > max(FREE, RATIO * size):
        text = f"It would unpack to {unpacked:,} bytes in {len(found):,} parts. Export it as CSV, or a month at a time."
        raise DataRefused([Problem(Place(name), "too-large-unpacked", text)])


def _book(archive: ZipFile, name: str) -> Book:
    root = fromstring(archive.read(BOOK))
    space = root.tag.removesuffix("workbook")
    parts = _parts(archive)
    own = root.find(f"{space}workbookPr")
    is_1904 = own is not None and own.get("date1904") in TRUE
    shared: list[str | None] = []
    forms: list[Form] = []
    for kind, part in parts.values():
        if kind == "sharedStrings":
            with archive.open(part) as stream:
                shared = words(stream, space)
        elif kind == "styles":
            forms = list(_forms(fromstring(archive.read(part)), space))
    return Book(name, archive, tuple(_sheets(root, space, parts)), Terms(space, shared, forms, is_1904))


def _parts(archive: ZipFile) -> Mapping[str, tuple[str, str]]:
    """By the name the book links a part by: what it is, and where in the archive."""
    return {
        link.get("Id", ""): (link.get("Type", "").rpartition("/")[2], _place(link.get("Target", "")))
        for link in fromstring(archive.read(LINKS))
        if link.get("TargetMode") != "External"
    }


def _place(target: str) -> str:
    return target[1:] if target.startswith("/") else normpath(join("xl", target))


def _sheets(root: Element, space: str, parts: Mapping[str, tuple[str, str]]) -> Iterator[Sheet]:
    """The sheets that have cells, in the order of their tabs."""
    for element in root.iter(f"{space}sheet"):
        link = next(value for key, value in element.items() if key.endswith("}id"))
        kind, part = parts[link]
        if kind == "worksheet":
            yield Sheet(element.get("name", ""), element.get("state", "visible") == "visible", part)


def _forms(root: Element, space: str) -> Iterator[Form]:
    """What each style of cells shows."""
    own = {whole(e.get("numFmtId", "0")): form_of(e.get("formatCode", "")) for e in root.iter(f"{space}numFmt")}
    listed = root.find(f"{space}cellXfs")
    for style in () if listed is None else listed:
        number = whole(style.get("numFmtId", "0"))
        yield own.get(number) or BUILT_IN.get(number, "number")
