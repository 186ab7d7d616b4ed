"""Excel workbooks: one sheet as a frame of text cells, each of which says exactly what the sheet's cell holds.

In: an .xlsx file, and what layouts say of sheets and headers. Out: `Raw`, with the sheet row of every record.
Refuses to know: canonical tables, what a column means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

import polars as pl

from ccmetrics.catalogue.models import Layout
from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.dialect import Dialect
from ccmetrics.stages.load.footer import Above, no_footer, notice
from ccmetrics.stages.load.misfits import AGAIN, HEADER
from ccmetrics.stages.load.quotes import begins
from ccmetrics.stages.load.raw import MISFITS, Raw, file_hash
from ccmetrics.stages.load.recognize import check_names
from ccmetrics.stages.load.sheets import Line, number_of
from ccmetrics.stages.load.tabs import LOOKED_AT, Opening, choose
from ccmetrics.stages.load.workbook import opened_book

CHUNK = 50_000
FAULTS = {
    "error-cell": "The cell holds an error (#N/A, #REF!, ...). Mend the formula, or remove the cell's content.",
    "formula-without-value": "The formula was never computed. Open the workbook in Excel and save it, or paste values.",
    "format-unclear": "The cell's number format shows a time, a day or a number by its value. Give it one format.",
    "unreadable-cell": "The cell's content is not what its kind says: no number, or no such text. Type it in again.",
}


def excel(path: Path, name: str, stamp: tuple[int, int], layouts: Sequence[Layout] = (), named: bool = False) -> Raw:
    """One sheet. `named`: the layouts are one, which the project names for this file."""
    with opened_book(path, name) as book:
        tops = {sheet: list(islice(book.lines(sheet), LOOKED_AT)) for sheet in book.sheets}
        opening = choose(tops, layouts, name, named)
        held = [sheet for sheet, top in tops.items() if top]
        name = f"{name}!{opening.sheet.title}" if len(held) > 1 else name
        rows = Rows(opening)
        for line in book.lines(opening.sheet):
            if line.number > opening.row:
                rows.take(line)
        check_names(opening.header, name, opening.header_row)
        problems = [*_headers(opening, rows, name), *_merged(book.merged, opening, rows, name)]
    if problems:
        raise DataRefused(problems)
    header = tuple(cell for cell in opening.header if cell)
    frame = rows.frame(header)
    aside = [f"'{sheet.title}'" for sheet in held if sheet != opening.sheet]
    footer = _footer(opening, rows, frame, name)
    row = str(opening.header_row)
    head = Notice("header in row {row}", row=row) if opening.header_row else Notice("no header")
    return Raw(
        path,
        name,
        "text",
        header,
        frame.lazy(),
        frame.height,
        file_hash(path),
        stamp,
        notices=(*(of_export(name, said) for said in _notices(opening, rows, aside)), *footer),
        columns=opening.header,
        header_line=opening.header_row,
        lines=partial(_lines, rows.numbers),
        misfits=pl.DataFrame(rows.misfits, schema=MISFITS, orient="row"),
        layout=opening.layout.layout if opening.layout else None,
        about=Notice("Excel workbook, sheet '{sheet}', {head}", sheet=opening.sheet.title, head=head),
    )


@dataclass
class Rows:
    """The rows below the header, as they come."""

    opening: Opening
    numbers: list[int] = field(default_factory=list)
    """Sheet row of every row of the table."""
    misfits: list[tuple[int, int, str, str]] = field(default_factory=list)
    unnamed: Counter[int] = field(default_factory=Counter)
    """Columns without a name, and how many cells with content they have."""
    hidden: int = 0
    repeated: int = 0
    filled: int = 0
    """Rows that hold anything."""
    footer: list[Line] = field(default_factory=list)
    parts: list[pl.DataFrame] = field(default_factory=list)
    held: list[list[str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        named = [column for column, cell in enumerate(self.opening.header, 1) if cell]
        self.places = {column: at for at, column in enumerate(named)}
        self.titles = [cell.casefold() for cell in self.opening.header if cell]
        self.form = self.opening.form
        self.last = self.opening.row

    def take(self, line: Line) -> None:
        stop = self.form.stop_at
        if self.footer or (stop and begins(line.cells[0].text, stop)):
            self.footer.append(line)
            return
        self.last, self.filled = line.number, self.filled + 1
        self.hidden += line.is_hidden
        row: list[str | None] = [None] * len(self.places)
        for cell in line.cells:
            at = self.places.get(cell.column)
            if at is None:
                self.unnamed[cell.column] += 1
            else:
                row[at] = cell.text
        if not self._is_misfit(line, row):
            self.numbers.append(line.number)
            self.held.append(row)
        if len(self.held) >= CHUNK:
            self._settle()

    def _is_misfit(self, line: Line, row: Sequence[str | None]) -> bool:
        if [(cell or "").strip().casefold() for cell in row] == self.titles:
            if self.form.repeated_header:
                self.repeated += 1
                return True
            self.misfits.append((line.number, 0, AGAIN, HEADER))
            return True
        bad = [cell for cell in line.cells if cell.fault]
        if bad:
            more = f" So are {len(bad) - 1} more cells of this row." if len(bad) > 1 else ""
            self.misfits.append((line.number, bad[0].column, bad[0].fault, FAULTS[bad[0].fault] + more))
        return bool(bad)

    def frame(self, header: Sequence[str]) -> pl.DataFrame:
        self._settle()
        whole = pl.concat(self.parts)
        return whole.rename(dict(zip(whole.columns, header, strict=True)))

    def _settle(self) -> None:
        schema = {str(at): pl.String for at in range(len(self.places))}
        self.parts.append(pl.DataFrame(self.held, schema=schema, orient="row"))
        self.held = []


def _lines(numbers: Sequence[int], rows: Iterable[int]) -> dict[int, int]:
    return {row: numbers[row] for row in rows}


def _notices(opening: Opening, rows: Rows, aside: Sequence[str]) -> Iterator[Notice]:
    sheet = opening.sheet.title
    if aside:
        yield Notice("sheet '{sheet}' is read; left aside: {others}", sheet=sheet, others=list(aside))
    if not opening.sheet.is_visible:
        yield Notice("sheet '{sheet}' is hidden", sheet=sheet)
    if rows.hidden:
        yield Notice("{n:hidden row} {n:=is|are} read too", n=rows.hidden)
    if empty := rows.last - opening.row - rows.filled:
        yield Notice("{n:blank row} skipped", n=empty)
    if rows.repeated:
        yield Notice("{n:repeated header} skipped", n=rows.repeated)
    if blank := opening.header.count(""):
        yield Notice("{n:unnamed, empty column} dropped", n=blank)


def _footer(opening: Opening, rows: Rows, frame: pl.DataFrame, name: str) -> list[Notice]:
    """What is said of the rows below the data, once they are held against them."""
    if not opening.form.stop_at:
        return []
    names = [cell or f"\0{at}" for at, cell in enumerate(opening.header, 1)]
    blank = [pl.lit(None, dtype=pl.String).alias(cell) for cell in names if cell.startswith("\0")]
    dialect = Dialect(opening.header, "\t", opening.header_row, opening.row + 1, opening.layout)
    lines = partial(_lines, rows.numbers)
    above = Above(frame.lazy().with_columns(blank), names, frame.height + len(rows.misfits), dialect, name, lines)
    below = [(line.number, _said(line, len(names))) for line in rows.footer]
    return [notice(below, above)] if below else no_footer(above)


def _said(line: Line, width: int) -> list[str]:
    """The cells of a footer. A sum of a sheet has the noise of its fractions in it: it is rounded to twelve digits."""
    found = {cell.column: cell.text for cell in line.cells}
    texts = (found.get(column, "") for column in range(1, max(width, *found) + 1))
    return [f"{float(text):.12g}" if re.fullmatch(r"-?\d+\.\d+", text) else text for text in texts]


# ---------------------------------------------------------------- what cannot be read


def _headers(opening: Opening, rows: Rows, name: str) -> Iterator[Problem]:
    for column, count in sorted(rows.unnamed.items()):
        text = f"Column {column} has no name in the header, but {count:,} cells with content. Name it."
        yield Problem(Place(name, opening.row, column), "blank-header", text)


def _merged(ranges: Sequence[str], opening: Opening, rows: Rows, name: str) -> Iterator[Problem]:
    """Merged cells among the rows: only the first of them holds the value, and nobody knows whose it is."""
    for found in ranges:
        (left, top), (right, bottom) = _corners(found)
        if top <= rows.last and bottom > opening.row and any(left <= column <= right for column in rows.places):
            text = f"The cells {found} are merged: only the first holds the value. Split them, and fill each."
            yield Problem(Place(name, max(top, opening.row), left), "merged-cells", text)


def _corners(found: str) -> list[tuple[int, int]]:
    """Column and row of the first and the last cell of a range: `A2:C4`, or one cell alone."""
    corners = re.findall(r"([A-Z]+)(\d+)", found.replace("$", ""))
    return [(number_of(letters), int(row)) for letters, row in (corners[0], corners[-1])]
