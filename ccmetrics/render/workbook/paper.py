"""A sheet of XlsxWriter that takes cells as they will stand in the file.

XlsxWriter keeps an object for every cell and puts its attributes together one by one. A workbook of everybody has
hundreds of thousands of cells, but only a few styles and texts: what many cells have in common is made once.

In: texts, numbers, styles. Out: cells.
Refuses to know: tables, what is written.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import Any

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

letters = lru_cache(maxsize=None)(xl_col_to_name)
"""The name of a column: 0 is A, 26 is AA."""


class Paper(Worksheet):  # type: ignore[misc]
    """`text` and `shape` make what comes behind the place of a cell.

    What it uses is XlsxWriter's own: a version that writes cells another way meets texts where it keeps objects, and
    stops.
    """

    def text(self, text: str, style: Format) -> str:
        return f'" s="{style._get_xf_index()}" t="s"><v>{self.str_table._get_shared_string_index(text)}</v></c>'

    def shape(self, style: Format) -> str:
        """Of a number, which comes behind it."""
        return f'" s="{style._get_xf_index()}"><v>'

    def reach(self, row: int, at: int) -> None:
        """Makes room up to here."""
        self._check_dimensions(row, at)

    def put(self, row: int, at: int, cell: str) -> None:
        self.table[row][at] = f'<c r="{letters(at)}{row + 1}{cell}'

    def put_number(self, row: int, at: int, shape: str, number: float) -> None:
        """With all its digits: XlsxWriter writes 16, and 17 is what some numbers take.

        Raises:
            ValueError: a sheet has no cell for such a number.
        """
        if not isfinite(number):
            raise ValueError(f"no number of a sheet: {number}")
        self.put(row, at, f"{shape}{number!r}</v></c>")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, str):
            self.fh.write(cell)
        else:
            super()._write_cell(row, col, cell)
