"""Which sheet of a workbook is the export, and which of its rows is the header.

In: the first rows of every sheet, and what layouts say of sheets. Out: `Opening`, or why nobody can tell.
Refuses to know: the rows below, what a column means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ccmetrics.catalogue.models import FileForm, Layout
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.recognize import fold, names_all
from ccmetrics.stages.load.sheets import Line
from ccmetrics.stages.load.workbook import Sheet

LOOKED_AT = 200
"""Rows that hold anything, among which the header is looked for."""
PLAIN = FileForm()
Tops = Mapping[Sheet, Sequence[Line]]


@dataclass(frozen=True)
class Opening:
    sheet: Sheet
    header: tuple[str, ...]
    """Trimmed cells from the first column on, blank ones included."""
    row: int
    """Of the header, or the last one above the data where there is none; the rows of the table stand below it."""
    layout: Layout | None = None
    """The one that said so."""

    @property
    def form(self) -> FileForm:
        return self.layout.file if self.layout else PLAIN

    @property
    def header_row(self) -> int:
        return 0 if self.form.columns else self.row


def choose(tops: Tops, layouts: Sequence[Layout], name: str, named: bool = False) -> Opening:
    """By the layout that fits best, by the only one if it was `named`, else the only sheet there is, as it stands.

    Raises:
        DataRefused: no sheet, no such sheet, several of them; no header where one is looked for.
    """
    held = {sheet: top for sheet, top in tops.items() if top}
    if not held:
        raise _refused(name, 0, "empty-file", "There is nothing in any sheet of this workbook.")
    if named:
        return _named(held, layouts[0], name)
    found = _best([o for layout in layouts for o in _openings(layout, held) if _fits(o, held[o.sheet])])
    if len({o.sheet for o in found}) == 1:
        return _agreed(found, name)
    if found or len(held) > 1:
        text = f"Several sheets hold something: {_titles(held)}. Say which in the layout (`file: {{sheet: ...}}`)."
        raise _refused(name, 0, "several-sheets", text)
    ((sheet, top),) = held.items()
    return Opening(sheet, *_first(top, name))


# ---------------------------------------------------------------- what layouts declare


def _openings(layout: Layout, held: Tops) -> Iterator[Opening]:
    """Every way in which a layout can open the workbook. A hidden sheet is read if it is named, or the only one."""
    form = layout.file
    if form.format not in (None, "excel"):
        return
    for sheet, top in held.items():
        if sheet.title != form.sheet if form.sheet is not None else not (sheet.is_visible or len(held) == 1):
            continue
        if (found := _opening(layout, sheet, top)) is not None:
            yield found


def _opening(layout: Layout, sheet: Sheet, top: Sequence[Line]) -> Opening | None:
    form = layout.file
    if form.columns:
        return Opening(sheet, form.columns, form.skip_lines, layout)
    lines = [line for line in top if line.number > form.skip_lines]
    if form.header_row is not None:
        lines = [line for line in lines if line.number == form.header_row]
    elif form.header_match:
        lines = [line for line in lines if names_all(header_of(line), layout)]
    return Opening(sheet, header_of(lines[0]), lines[0].number, layout) if lines else None


def _fits(opening: Opening, top: Sequence[Line]) -> bool:
    """Whether the layout looks for this header. One without a header fits any sheet: it takes values to know it by."""
    layout = opening.layout
    if layout is None or not names_all(opening.header, layout) or (opening.form.columns and not layout.match_values):
        return False
    places = {fold(cell): column for column, cell in enumerate(opening.header, 1)}
    below = [line for line in top if line.number > opening.row]
    for name, values in layout.match_values.items():
        cells = (cell for line in below for cell in line.cells if cell.column == places[fold(name)])
        seen = {cell.text.strip() for cell in cells}
        if not seen or not seen <= set(values):
            return False
    return True


def _best(found: Sequence[Opening]) -> list[Opening]:
    """Those by the layouts that look for most."""
    most = max((len(o.layout.match) for o in found if o.layout), default=0)
    return [o for o in found if o.layout and len(o.layout.match) == most]


def _agreed(found: Sequence[Opening], name: str) -> Opening:
    """One opening of one sheet. Among layouts that all open it plainly, others choose."""
    if any((o.header, o.row, o.form) != (found[0].header, found[0].row, found[0].form) for o in found):
        names = ", ".join(dict.fromkeys(o.layout.layout for o in found if o.layout))
        text = f"The layouts {names} open this file in different ways. Name one for it in the project (`layouts:`)."
        raise _refused(name, 0, "two-layouts-fit", text)
    return found[0] if len(found) == 1 and found[0].form != PLAIN else replace(found[0], layout=None)


def _named(held: Tops, layout: Layout, name: str) -> Opening:
    """By a layout that the project names for this file: its header is not asked whether it fits."""
    if layout.file.sheet is not None and all(sheet.title != layout.file.sheet for sheet in held):
        text = f"There is no sheet '{layout.file.sheet}', which layout '{layout.layout}' reads: {_titles(held)}."
        raise _refused(name, 0, "no-such-sheet", text)
    found = list(_openings(layout, held))
    if not found:
        text = f"No row is the header that layout '{layout.layout}' looks for. See its `file:` block."
        raise _refused(name, 0, "no-header-line", text)
    fitting = found if len(found) == 1 else [o for o in found if _fits(o, held[o.sheet])]
    if len(fitting) != 1:
        text = f"Several sheets hold something: {_titles(held)}. Say which in the layout (`file: {{sheet: ...}}`)."
        raise _refused(name, 0, "several-sheets", text)
    return fitting[0]


def _titles(sheets: Tops) -> str:
    return ", ".join(f"'{sheet.title}'{'' if sheet.is_visible else ' (hidden)'}" for sheet in sheets)


# ---------------------------------------------------------------- what the rows say themselves


def _first(top: Sequence[Line], name: str) -> tuple[tuple[str, ...], int]:
    """The first row that holds anything, unless it is narrower than most rows and one below could be the header."""
    usual = Counter(len(line.cells) for line in top).most_common(1)[0][0]
    if len(top[0].cells) < usual and (below := next((x for x in top[1:] if _could_head(x, usual)), None)):
        text = f"Row {top[0].number} is no header: row {below.number} looks like it. Say `header_row` in the layout."
        raise _refused(name, top[0].number, "preamble", text)
    return header_of(top[0]), top[0].number


def header_of(line: Line) -> tuple[str, ...]:
    found = {cell.column: cell.text.strip().strip("\ufeff\u200b").strip() for cell in line.cells}
    return tuple(found.get(column, "") for column in range(1, max(found) + 1))


def _could_head(line: Line, usual: int) -> bool:
    return len(line.cells) >= usual and not any(re.match(r"[\d.,+-]", cell.text) for cell in line.cells)


def _refused(name: str, line: int, problem: str, text: str) -> DataRefused:
    return DataRefused([Problem(Place(name, line), problem, text)])
