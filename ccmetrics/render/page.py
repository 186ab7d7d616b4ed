"""Lines and tables of a terminal page, fitted to its width.

In: texts and columns. Out: what rich draws, and a page as text.
Refuses to know: scores, KPIs, languages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from ccmetrics.render.look import Look
from ccmetrics.render.plain import plain

WIDE = 110
"""From here on there is room for what is good to have."""

MEASURE = 120
"""Sentences wider than this lose the eye on its way back."""

OPEN, CLOSE = "（《【「“", "、，。：；！？）》】」”…"
"""Marks of Chinese writing that end no line, and those that begin none."""
CHINESE = rf"[{OPEN}(]*(?![{OPEN}])[⺀-￿][{CLOSE}),.%]*"
LATIN = rf"[{OPEN}]*[^\s⺀-￿{OPEN}{CLOSE}]+(?: (?:> -?|[+-])\d[\d.,%]*)?[{CLOSE}]*"
WORDS = re.compile(rf"(\s*)({CHINESE}|{LATIN}|[{OPEN}{CLOSE}]+)")
"""Blanks and what follows them whole: a word, or a Chinese character, with the marks and the change beside it."""
PIECES = re.compile(r"[^_.]*[_.]+|[^_.]+")
"""Parts of an identifier that is too long for a line."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its cells are single lines, its head may take several."""

    head: str
    cells: Sequence[Text]
    right: bool = False
    most: int = 40
    wraps: bool = False

    @property
    def width(self) -> int:
        """Enough for every cell (up to `most`), for the longest word of the head, and for it on about three lines."""
        widest = min(self.most, max((cell.cell_len for cell in self.cells), default=0))
        head = plain(self.head)
        # Chinese breaks between any two characters, other writing only between words.
        word = min(cell_len(head), 8) if not head.isascii() else max(map(len, head.split()), default=0)
        return max(widest, word)


def text(content: str, style: str = "") -> Text:
    """A text that is only shown: no markup, no emoji codes, nothing invisible."""
    return Text(plain(content), style=style)


@dataclass(frozen=True)
class Paragraph:
    """A sentence on as many lines as it needs; those after the first hang deeper than it."""

    content: str
    style: str = ""
    indent: int = 0
    hang: int = 2

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        first, deeper = " " * self.indent, " " * (self.indent + self.hang)
        room = min(options.max_width, MEASURE) - len(deeper)
        for at, part in enumerate(broken(self.content, room, self.hang).split("\n")):
            yield Text(f"{deeper if at else first}{part}", self.style, overflow="fold")


def line(content: str, style: str = "", indent: int = 0, hang: int = 2) -> RenderableType:
    return Paragraph(plain(content), style, indent, hang)


def rule(content: str, look: Look) -> RenderableType:
    """A heading above headings: nothing else on a page is drawn so."""
    name = f"── {plain(content)} "
    return Text(name + "─" * (min(look.width, MEASURE) - cell_len(name)), style="bold")


def fit(fixed: Sequence[Column], more: Sequence[Column], look: Look) -> tuple[list[Column], list[Column]]:
    """The fixed columns with as many of the others, in their order, as the width holds; and those it does not."""
    room = look.width - sum(column.width for column in fixed) - gap(look) * len(fixed)
    shown: list[Column] = []
    for at, column in enumerate(more):
        room -= column.width + (gap(look) if shown or fixed else 0)
        if room < -gap(look):
            return [*fixed, *shown], list(more[at:])
        shown.append(column)
    return [*fixed, *shown], []


LEAST = 12
"""Cells below which a wrapped column is unreadable."""


def squeezed(columns: Sequence[Column], at: int, look: Look) -> list[Column]:
    """All columns; the one `at` takes what room the others leave, on as many lines as it needs."""
    wide = replace(columns[at], most=max(room(columns, at, look), LEAST), wraps=True)
    return [wide if column is columns[at] else column for column in columns]


def thinned(columns: Sequence[Column], look: Look) -> list[Column]:
    """As many columns as leave room for the last one, which is squeezed; those just before it go first."""
    kept = list(columns)
    while len(kept) > 2 and room(kept, -1, look) < LEAST:
        del kept[-2]
    return squeezed(kept, -1, look)


def room(columns: Sequence[Column], at: int, look: Look) -> int:
    others = [column.width for column in columns if column is not columns[at]]
    return look.width - sum(others) - gap(look) * len(others)


def gap(look: Look) -> int:
    """Cells between two columns, one of which is the table's own divider."""
    return 2 if look.width >= WIDE else 1


def table(columns: Sequence[Column], look: Look, ends: Collection[int] = ()) -> RenderableType:
    """The columns side by side, each as wide as it asks; what is wider than its column ends in an ellipsis. Below the
    rows `ends` a line stays free."""
    drawn = Table(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, gap(look) - 1, 0, 0), header_style="bold"
    )
    for column in columns:
        justify: Literal["right", "left"] = "right" if column.right else "left"
        words = plain(column.head)
        # Rich breaks what has no blanks before its marks, but between words better.
        head = Text(words if " " in words else broken(words, column.width), justify=justify, overflow="fold")
        drawn.add_column(head, justify=justify, width=column.width, overflow="fold")
    for at, row in enumerate(zip(*(column.cells for column in columns), strict=True)):
        drawn.add_row(*(_cut(cell, column) for cell, column in zip(row, columns, strict=True)), end_section=at in ends)
    return drawn


def _cut(cell: Text, column: Column) -> Text:
    short = cell.copy()
    if not column.wraps:
        short.truncate(column.width, overflow="ellipsis")
    elif not short.spans:
        short.plain = broken(short.plain, column.width)
    return short


def broken(content: str, width: int, more: int = 0) -> str:
    """The text in lines of a width, the first so much wider: broken between words, and within an identifier only after
    an underscore or dot."""
    lines = [""]
    for blank, word in WORDS.findall(content):
        room = width + more if len(lines) == 1 else width
        if cell_len(lines[-1] + blank + word) <= room:
            lines[-1] += blank + word
            continue
        lines.append("")
        for piece in PIECES.findall(word) if cell_len(word) > width else (word,):
            if lines[-1] and cell_len(lines[-1] + piece) > width:
                lines.append("")
            lines[-1] += piece
    return "\n".join(lines if lines[0] else lines[1:])


def drawn(parts: Iterable[RenderableType], look: Look) -> str:
    """The page. Without color it is plain characters, no line ending in blanks."""
    sink = StringIO()
    console = Console(
        file=sink,
        width=look.width,
        force_terminal=look.color,
        color_system="standard" if look.color else None,
        no_color=not look.color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    for part in parts:
        # Rich breaks Chinese before its marks.
        is_long = isinstance(part, Text) and part.cell_len > min(look.width, MEASURE)
        console.print(Paragraph(part.plain, str(part.style)) if isinstance(part, Text) and is_long else part)
    lines = sink.getvalue().splitlines()
    return "".join(f"{found if look.color else found.rstrip()}\n" for found in lines)
