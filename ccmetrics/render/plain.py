"""Text that cannot act: names from exports, made harmless for whoever reads them.

In: any text. Out: the same characters, the invisible and the commanding ones spelled out.
Refuses to know: where the text stands, colors, markup.
"""

from __future__ import annotations

import re
from unicodedata import category

SPELLED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, invisible and direction marks, lone surrogates, line and paragraph separators."""

COMMANDS = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""First characters by which a spreadsheet takes a cell for a formula."""


def plain(text: str) -> str:
    """One line on any terminal: `ESC` is shown as `\\x1b`, U+202E as `\\u202e`."""
    return "".join(c.encode("unicode_escape").decode("ascii") if category(c) in SPELLED else c for c in text)


def cell(text: str) -> str:
    """A text cell of a CSV file: no spreadsheet computes it, no terminal obeys it."""
    return f"'{plain(text)}" if COMMANDS.match(text) else plain(text)


def escaped(text: str) -> str:
    """JSON text whose strings show what they hold; it reads back as exactly the same."""
    return "".join(_escape(c) if category(c) in SPELLED and c not in "\n\t" else c for c in text)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2))
