"""A sheet of XlsxWriter that keeps cells as they will stand in the file.

XlsxWriter keeps an object for every cell and puts its attributes together one by one. A workbook of everybody has
hundreds of thousands of cells, but only a few styles and texts: what many cells have in common is made once.

In: texts, numbers, days, styles. Out: cells, tables around them.
Refuses to know: columns, what is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name, xl_range  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

letters = lru_cache(maxsize=None)(xl_col_to_name)
"""The name of a column: 0 is A, 26 is AA."""


class Paper(Worksheet):  # type: ignore[misc]
    """`text`, `shape`, `flag` make what comes behind the place of a cell. What begins with `_` is XlsxWriter's own."""

    def text(self, text: str, style: Format) -> str:
        return f'" s="{style._get_xf_index()}" t="s"><v>{self.str_table._get_shared_string_index(text)}</v></c>'

    def flag(self, *, value: bool, style: Format) -> str:
        return f'" s="{style._get_xf_index()}" t="b"><v>{value:d}</v></c>'

    def shape(self, style: Format) -> str:
        """Of a number, which comes behind it."""
        return f'" s="{style._get_xf_index()}"><v>'

    def put(self, row: int, at: int, cell: str) -> None:
        self.table[row][at] = f'<c r="{letters(at)}{row + 1}{cell}'

    def put_all(self, top: int, at: int, cells: Iterable[str | None]) -> None:
        """A column, down from a row."""
        table, place = self.table, f'<c r="{letters(at)}'
        for row, cell in enumerate(cells, start=top):
            if cell is not None:
                table[row][at] = f"{place}{row + 1}{cell}"

    def number(self, shape: str, number: float) -> str:
        """With all its digits: XlsxWriter writes 16, and 17 is what some numbers take.

        Raises:
            ValueError: a sheet has no cell for such a number.
        """
        if not isfinite(number):
            raise ValueError(f"no number of a sheet: {number}")
        return f"{shape}{number!r}</v></c>"

    def serial(self, day: date) -> float:
        """The number of a day, by the calendar of spreadsheets."""
        found: float = self._convert_date_time(day)
        return found

    def surround(self, top: int, bottom: int, last: int, options: Mapping[str, Any]) -> None:
        """A table whose heads stand in the row `top`.

        XlsxWriter asks of every cell whether another table lies there; ours never do.

        Raises:
            ValueError: XlsxWriter makes no such table.
        """
        if self.add_table(top, 0, top + 1, last, options):
            raise ValueError(f"no table: {options}")
        self._check_dimensions(bottom, last)
        self.tables[-1] |= dict.fromkeys(("range", "a_range", "autofilter"), xl_range(top, 0, bottom, last))

    def _write_string(self, row: int, col: int, string: str, cell_format: Format) -> int:
        self.put(row, col, self.text(string, cell_format))
        return int(self._check_dimensions(row, col))

    def _write_blank(self, row: int, col: int, _: object, cell_format: Format) -> int:
        self.put(row, col, f'" s="{cell_format._get_xf_index()}"/>')
        return int(self._check_dimensions(row, col))

    def _write_rows(self) -> None:
        for row in sorted({*self.table, *self.row_info}):
            cells, height = self.table.get(row), self.row_info.get(row)
            self._write_row(row, None, height, empty_row=not cells)
            if cells:
                self.fh.writelines(cells[at] for at in sorted(cells))
                self._xml_end_tag("row")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """No rule of ours calls a function younger than tables, which XlsxWriter looks for by 150 patterns."""
        return formula.removeprefix("=")
