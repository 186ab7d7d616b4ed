"""A workbook being written: sheets with lines of text and tables that filter, ready to print.

In: names, texts, columns. Out: the bytes of an .xlsx file, the same for the same content.
Refuses to know: results, what any column means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import repeat
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]

from ccmetrics.problem import Place, Problem, UsageRefused
from ccmetrics.render.told import Told
from ccmetrics.render.workbook.cells import (
    MOST_COLUMNS,
    MOST_HEAD,
    MOST_ROWS,
    MOST_SHEET,
    Column,
    Value,
    commands,
    day_pattern,
    folded,
    harmless,
    held,
    moved,
    pattern,
    unlike,
    wide,
    width,
)
from ccmetrics.render.workbook.paper import Paper

NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
LEAST, SHORT, LONG, HEAD_WIDTH, PAGE = 6, 10, 9, 13, 190
"""Widths: of the narrowest column, of a head on one line, of one with a long head, of any that only its head asks for,
of a readable page."""
BUTTON = 4
LITTLE = 8
"""What is longer than a column should be wide by less than this part of it, stands on one line."""
NARROWER = 4
"""What is folded is folded on paper, too, where letters are a little wider."""
FONT_SIZE, HEIGHT = 10, 13.5
"""Of a line, in points."""
MOST_LINES = 30
"""Excel opens no file with a row of more than 409 points."""
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
FONTS = {"en": "Arial", "zh": "Microsoft YaHei"}
"""One font for a language: letters of two do not stand on one line."""
HEAD = {"bold": True, "text_wrap": True, "valign": "bottom", "font_color": "#FFFFFF", "bg_color": "#1F3A5F"}
INDENT: dict[str, Any] = {"align": "left", "indent": 1}
OF_NUMBERS = {"align": "right", "indent": 2}
"""A head leaves room at its end, where the button stands that filters."""
ALARM = "#B3261E"
A4 = 9
Style = dict[str, Any]


class Book:
    """The file. `made` is the date it bears, which is no clock's."""

    def __init__(self, title: str, made: date, lang: str) -> None:
        self.lang = lang
        self._sink = BytesIO()
        self._file = xlsxwriter.Workbook(
            self._sink, {**OPTIONS, "default_format_properties": {"font_name": FONTS[lang], "font_size": FONT_SIZE}}
        )
        self._file.set_properties({"title": harmless(title), "created": datetime.combine(made, time())})
        self._styles: dict[frozenset[tuple[str, Any]], Format] = {}
        self._tables: list[str] = []
        self._sheets: list[str] = []

    def sheet(self, name: str) -> Sheet:
        plainly = NOT_IN_A_SHEET_NAME.sub("-", harmless(name)).strip("'") or "-"
        # Excel keeps this name to itself.
        self._sheets.append(unlike(plainly, [*self._sheets, "History"], MOST_SHEET, " "))
        return Sheet(self, self._file.add_worksheet(self._sheets[-1], Paper), name)

    def style(self, **found: Any) -> Format:
        key = frozenset(found.items())
        if key not in self._styles:
            self._styles[key] = self._file.add_format({"valign": "top", **found})
        return self._styles[key]

    def text(self, text: str, style: Style) -> tuple[str, Format]:
        """What a cell holds of a text, and its style."""
        found = held(text, self.lang)
        return found, self.style(**style, **({"quote_prefix": True} if commands(found) else {}))

    def paint(self, **found: Any) -> Format:
        """What a rule lays over a cell, which keeps everything else of its own."""
        return self._file.add_format(found)

    def table_name(self, name: str) -> str:
        self._tables.append(unlike(re.sub(r"[^0-9A-Za-z_]", "_", name), self._tables, MOST_HEAD, "_"))
        return self._tables[-1]

    def content(self) -> bytes:
        self._file.close()
        return self._sink.getvalue()


class Sheet:
    """A sheet, written from the top down; `close` settles what depends on everything in it."""

    def __init__(self, book: Book, paper: Paper, name: str) -> None:
        self.book, self.paper, self.name = book, paper, name
        self.row = 0
        self._widths: dict[int, int] = {}
        self._heads: dict[int, Sequence[str]] = {}
        self._lines: dict[int, int] = {}
        self._said: list[tuple[int, str, Style]] = []
        self._who = 0
        paper.set_landscape()
        paper.set_paper(A4)
        paper.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        paper.set_footer(f"&L&8{paper.get_name().replace('&', '&&')}&R&8&P / &N")

    def line(self, text: str, **style: Any) -> None:
        """A line of its own, across the columns."""
        self.paper.write_string(self.row, 0, *self.book.text(text, style))
        self._said.append((self.row, text, style))
        self.row += 1

    def told(self, told: Told) -> None:
        """A head and its sentences, and room below them."""
        style = {"font_color": ALARM} if told.grave else {}
        self.line(told.head, bold=True, **style)
        for sentence in told.sentences:
            self.line(sentence, **INDENT)
        self.gap()

    def gap(self) -> None:
        self.row += 1

    def table(self, name: str, columns: Sequence[Column], freeze: int = -1) -> tuple[Sheet, int]:
        """A table below what is there, and the row its first entries stand in. With `freeze` columns its head and they
        stay in sight. What a sheet has no rows for goes on in another one.

        Raises:
            UsageRefused: more columns than a sheet has.
        """
        if len(columns) > MOST_COLUMNS:
            text = f"A sheet has at most {MOST_COLUMNS:,} columns, and this would take {len(columns):,}."
            raise UsageRefused([Problem(Place("--out"), "unknown-format", text, mend="Say .csv or .parquet.")])
        top, rows = self.row, len(columns[0].values)
        fits = min(rows, MOST_ROWS - top - 1)
        parts = [_part(column, 0, fits) for column in columns]
        for at, column in enumerate(parts):
            self._column(top + 1, at, column)
        self._as_table(name, top, parts)
        if freeze >= 0:
            self.paper.freeze_panes(top + 1, freeze)
            self.paper.repeat_rows(top)
            self._who = freeze
        self.row = top + fits + 1
        if fits < rows:
            more = self.book.sheet(self.name)
            more.table(name, [_part(column, fits, rows) for column in columns], freeze)
            more.close()
        return self, top + 1

    def colored(self, rows: tuple[int, int], column: int, rule: str, style: Format) -> None:
        """Cells in color where a rule holds for their row, wherever a reader moves that row."""
        said = {"type": "formula", "criteria": f"={rule}", "format": style}
        self.paper.conditional_format(rows[0], column, rows[1], column, said)

    def close(self) -> None:
        """Widths of columns, heights of rows, and as many pages side by side as can still be read."""
        for at, found in self._widths.items():
            self.paper.set_column(at, at, found)
        for row, heads in self._heads.items():
            lines = max(folded(head, self._widths[at] - BUTTON + 1) for at, head in enumerate(heads))
            self.paper.set_row(row, HEIGHT * lines + 3)
        # Not every program finds the height of a row by itself.
        for row, lines in self._lines.items():
            self.paper.set_row(row, HEIGHT * min(lines, MOST_LINES) + 1.5)
        pages = -(-sum(self._widths.values()) // PAGE) or 1
        self.paper.fit_to_pages(pages, 0)
        if self._who:
            self.paper.repeat_columns(0, self._who - 1)
        # A line longer than the columns that stand on every page is cut off on all but the first.
        across = self._who if self._who and pages > 1 else len(self._widths)
        for row, text, style in self._said:
            self._line(row, text, style, across)

    def _line(self, row: int, text: str, style: Style, across: int) -> None:
        size = style.get("font_size", FONT_SIZE)
        room = sum(self._widths[at] for at in range(across)) * FONT_SIZE // size
        lines = folded(text, room - 1) if across > 1 else 1
        if lines > 1:
            style = {**style, "text_wrap": True}
            self.paper.merge_range(row, 0, row, across - 1, "", self.book.style(**style))
            self.paper.write_string(row, 0, *self.book.text(text, style))
        if lines > 1 or size > FONT_SIZE:
            self.paper.set_row(row, HEIGHT * min(lines, MOST_LINES) * size / FONT_SIZE + 1.5)

    def _as_table(self, name: str, top: int, columns: Sequence[Column]) -> None:
        heads: list[str] = []
        for column in columns:
            heads.append(unlike(harmless(column.head), heads, MOST_HEAD, " "))
        self._heads[top] = heads
        styles = [self.book.style(**HEAD, **(OF_NUMBERS if c.is_number else INDENT)) for c in columns]
        rows = len(columns[0].values)
        if not rows:
            # Excel has no table without entries.
            for at, (head, style) in enumerate(zip(heads, styles, strict=True)):
                self.paper.write_string(top, at, head, style)
            return
        options = {
            "name": self.book.table_name(name),
            "style": "Table Style Light 1",
            "columns": [{"header": h, "header_format": s} for h, s in zip(heads, styles, strict=True)],
        }
        self.paper.surround(top, top + rows, len(heads) - 1, options)

    def _column(self, top: int, at: int, column: Column) -> None:
        said = {*column.values} if any(issubclass(kind, str) for kind in column.kinds) else ()
        longest = max((width(value) for value in said if isinstance(value, str)), default=0)
        most = column.most if longest > column.most + column.most // LITTLE else longest
        texts, shapes = _Texts(self, most), _Shapes(self)
        shown, number = column.shown or repeat("", len(column.values)), self.paper.number
        cells: list[str | None] = []
        for value, look in zip(column.values, shown, strict=True):
            if value is None:
                cells.append(None)
            elif isinstance(value, str):
                cells.append(texts[value])
            elif isinstance(value, (bool, date)):
                cells.append(self._flag_or_day(value))
                longest = max(longest, wide(value))
            elif look:
                cells.append(number(shapes[look], moved(value, look)))
            else:
                cells.append(number(shapes[look], value))
                longest = max(longest, wide(value))
        self.paper.put_all(top, at, cells)
        body = max(longest, *map(width, shapes), 0)
        self._widen(at, column, body if body <= most or not texts else most - NARROWER)
        for row, value in enumerate(column.values if texts.lines else (), start=top):
            if value in texts.lines:
                self._lines[row] = max(self._lines.get(row, 1), texts.lines[value])

    def _widen(self, at: int, column: Column, body: int) -> None:
        words = (column.head.split() if column.head.isascii() and len(column.head) > SHORT else [column.head]) or [""]
        head = min(max(LONG * (width(column.head) > 2 * LONG), *map(width, words)), HEAD_WIDTH)
        self._widths[at] = max(self._widths.get(at, LEAST), body + 2, head + BUTTON)

    def _flag_or_day(self, value: bool | date) -> str:
        if isinstance(value, bool):
            return self.paper.flag(value=value, style=self.book.style())
        style = self.book.style(num_format=day_pattern(value, self.book.lang), **INDENT)
        return self.paper.number(self.paper.shape(style), self.paper.serial(value))


class _Texts(dict[str, str]):
    """What each text is written as: a few stand in most cells. `lines`: on how many, of those that take several."""

    def __init__(self, sheet: Sheet, most: int) -> None:
        self.sheet, self.most = sheet, most
        self.lines: dict[Value, int] = {}

    def __missing__(self, text: str) -> str:
        is_long = width(text) > self.most
        if is_long and (lines := folded(text, self.most - NARROWER)) > 1:
            self.lines[text] = lines
        style = {**INDENT, "text_wrap": True} if is_long else INDENT
        self[text] = self.sheet.paper.text(*self.sheet.book.text(text, style))
        return self[text]


class _Shapes(dict[str, str]):
    """How numbers of a column that are shown alike are written."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def __missing__(self, shown: str) -> str:
        book = self.sheet.book
        self[shown] = self.sheet.paper.shape(book.style(num_format=pattern(shown)) if shown else book.style())
        return self[shown]


def _part(column: Column, start: int, stop: int) -> Column:
    if start == 0 and stop == len(column.values):
        return column
    shown = column.shown and column.shown[start:stop]
    return Column(column.head, column.values[start:stop], shown, column.most)
