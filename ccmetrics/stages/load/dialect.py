"""How delimited text is opened: what separates, where the header stands, and which layout says so.

In: the opening of a text, and layouts, of which `match`, `match_values` and `file` are looked at. Out: `Dialect`.
Refuses to know: records further down, canonical tables.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ccmetrics.catalogue.models import FileForm, Layout
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import BOM, Bytes, refusal
from ccmetrics.stages.load.quotes import fault
from ccmetrics.stages.load.recognize import check_names, fold, names_all
from ccmetrics.stages.load.separator import SEPARATORS, check_preamble, check_separator, separator_of

if TYPE_CHECKING:
    from _csv import Reader

# How much of a text may stand above the end of its header, and how many records it is known by.
OPENING, LINES, SAMPLE = 1 << 20, 200, 100
SAID = re.compile(r"sep=(.)\s*", re.IGNORECASE)
PLAIN = FileForm()


@dataclass(frozen=True)
class Dialect:
    """One way to open a text, with all that a layout declares about it."""

    header: tuple[str, ...]
    """Trimmed cells of the header, blank ones included."""
    separator: str
    header_line: int
    """Physical line on which the header begins; 0 where there is none."""
    first_line: int
    """Physical line on which the first record begins."""
    layout: Layout | None = None
    header_text: str | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def form(self) -> FileForm:
        return self.layout.file if self.layout else PLAIN

    @property
    def way(self) -> tuple[object, ...]:
        """What makes two dialects of one text different."""
        return self.header, self.separator, self.first_line, self.form.model_copy(update={"encoding": None})

    @property
    def about(self) -> Notice:
        sign = Notice("delimited by {sign}", sign=repr(self.separator))
        if self.header_line == 1:
            return sign
        line = str(self.header_line)
        where = Notice("header on line {line}", line=line) if self.header_line else Notice("no header")
        return Notice("{one}, {other}", one=sign, other=where)


def dialect_of(data: Bytes, encoding: str, name: str, layouts: Sequence[Layout] = (), named: bool = False) -> Dialect:
    """The one way in which the text opens: by the layout that fits best, by the only one if it was `named`, by itself.

    Raises:
        DataRefused: there is none, or more than one.
    """
    opening = bytes(data[:OPENING]).removeprefix(BOM).decode("utf-8", errors="replace")
    lines = [line.removesuffix("\r") for line in opening.split("\n")]
    if not opening.strip():
        raise refusal(name, 0, "empty-file", "There is nothing but blank lines. An export has at least a header.")
    if named:
        chosen = _opened(lines, name, layouts[0])
        check_separator(lines[chosen.first_line - 2 :], chosen.separator, name, chosen.header_line)
    else:
        chosen = _best(lines, encoding, name, layouts) or _by_itself(lines, name)
    check_names(chosen.header, name, chosen.header_line)
    return chosen


def _best(lines: Sequence[str], encoding: str, name: str, layouts: Sequence[Layout]) -> Dialect | None:
    """By the layouts that fit with most of their `match`. Among those that all open it plainly, others choose."""
    fitting = list(_fitting(lines, name, [layout for layout in layouts if layout.file.format in (None, "delimited")]))
    most = max((len(layout.match) for layout, _ in fitting), default=0)
    best = {layout.layout: found for layout, found in fitting if len(layout.match) == most}
    ways = [found.way for found in best.values()]
    if any(way != ways[0] for way in ways):
        text = f"The layouts {', '.join(best)} open this file in different ways. Name one for it in the project "
        raise refusal(name, 0, "two-layouts-fit", f"{text}(`layouts:`).")
    chosen = [f for f in best.values() if f.form.encoding == encoding] or list(best.values())
    found = next(iter(chosen), None)
    return found and replace(found, layout=found.layout if len(chosen) == 1 and found.form != PLAIN else None)


def _fitting(lines: Sequence[str], name: str, layouts: Iterable[Layout]) -> Iterator[tuple[Layout, Dialect]]:
    for layout in layouts:
        try:
            found = _opened(lines, name, layout)
        except DataRefused:
            continue
        # Columns without a header fit any file that is narrow enough: it takes values to know them by.
        known = bool(layout.match_values) or not layout.file.columns
        if known and names_all(found.header, layout) and _holds(lines, found, layout):
            yield layout, found


def _by_itself(lines: Sequence[str], name: str) -> Dialect:
    top = _top(lines)[0]
    at = next((i for i, line in enumerate(lines) if i >= top and line.strip()), top)
    check_preamble(lines[at:], name, at + 1)
    found = _opened(lines, name, None)
    check_separator(lines[at:], found.separator, name, at + 1)
    return found


def _top(lines: Sequence[str]) -> tuple[int, str | None]:
    """A first line that says the separator (`sep=;`), as spreadsheets do: how many lines that makes, and the sign."""
    said = SAID.fullmatch(lines[0])
    return (1, said[1]) if said else (0, None)


def _opened(lines: Sequence[str], name: str, layout: Layout | None) -> Dialect:
    """As the layout declares it; as plainly as can be where it declares nothing."""
    form = layout.file if layout else PLAIN
    top, said = _top(lines)
    start = max(top, form.skip_lines)
    notices = (
        [Notice("{export}: separated by {sign}, as its first line (sep=) says", export=name, sign=repr(said))]
        if said
        else []
    )
    separator = form.separator or said
    at = _header_at(lines, start, layout, separator)
    if at is None:
        known = layout.layout if layout else ""
        text = f"No line is the header that layout '{known}' looks for. See its `file:` block."
        raise refusal(name, 0, "no-header-line", text)
    if above := sum(bool(line.strip()) for line in lines[top:at]):
        notices.append(
            Notice("{export}: {n:line} above the data left aside", export=name, n=above)
            if form.columns
            else Notice("{export}: {n:line} above the header left aside", export=name, n=above)
        )
    separator = separator or separator_of(lines[at:], name, at + 1)
    if form.columns:
        return Dialect(form.columns, separator, 0, at + 1, layout, None, tuple(notices))
    header, used = _header(lines[at:], separator, form, name, at + 1)
    text = "\n".join(lines[at : at + used])
    if form.quoting == "standard" and not form.escape and (wrong := fault(text, separator)):
        raise DataRefused([Problem(Place(name, at + 1 + wrong.line, wrong.cell), wrong.name, wrong.text)])
    return Dialect(header, separator, at + 1, at + used + 1, layout, text, tuple(notices))


def _header_at(lines: Sequence[str], start: int, layout: Layout | None, separator: str | None) -> int | None:
    """Index of the line on which the header, or the first record where there is none, begins."""
    if layout and layout.file.columns:
        return start if start < len(lines) else None
    for at in range(start, len(lines)):
        if layout is None or not layout.file.header_match:
            if lines[at].strip():
                return at
        elif at >= LINES:
            return None
        else:
            for sign in (separator,) if separator else SEPARATORS:
                if names_all(next(_records(lines[at : at + 1], sign, layout.file), ()), layout):
                    return at
    return None


def _header(lines: Sequence[str], separator: str, form: FileForm, name: str, at: int) -> tuple[tuple[str, ...], int]:
    """Its cells, and how many lines it takes."""
    if len(separator.encode()) > 1 or separator in '"\r\n':
        text = f"{separator!r} cannot separate cells. Declare the sign the export has, one of ASCII's."
        raise refusal(name, at, "bad-separator", text)
    reader = _reader(lines, separator, form, strict=True)
    try:
        header = tuple(cell.strip().strip("\ufeff\u200b").strip() for cell in next(reader))
    except csv.Error:
        text = "The header cannot be read: a quote is not closed, text follows a closing one, or a CR stands in it."
        raise refusal(name, at, "bad-header", text) from None
    return header, reader.line_num


# ---------------------------------------------------------------- records of the opening


def _reader(lines: Sequence[str], separator: str, form: FileForm, strict: bool = False) -> Reader:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if form.quoting == "none" else csv.QUOTE_MINIMAL
    ended = (f"{line}\n" for line in lines)
    escape = "\\" if form.escape else None
    return csv.reader(ended, delimiter=separator, quoting=quoting, escapechar=escape, strict=strict)


def _records(lines: Sequence[str], separator: str, form: FileForm) -> Iterator[list[str]]:
    """Records as far as they can be read."""
    reader = _reader(lines, separator, form)
    while True:
        try:
            yield next(reader)
        except (csv.Error, StopIteration):
            return


def _holds(lines: Sequence[str], dialect: Dialect, layout: Layout) -> bool:
    """Whether the first cells of each column of `match_values` hold nothing but these, and at least one of them."""
    places = {fold(cell): at for at, cell in enumerate(dialect.header)}
    below = _records(lines[dialect.first_line - 1 :], dialect.separator, dialect.form)
    sample = [record for record, _ in zip((r for r in below if any(c.strip() for c in r)), range(SAMPLE), strict=False)]
    for column, values in layout.match_values.items():
        at = places[fold(column)]
        seen = {record[at].strip() for record in sample if at < len(record)} - {""}
        if not seen or not seen <= set(values):
            return False
    return True
