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
    if text.isprintable():  # Most are, and those that are hold nothing to spell.
        return text
    return "".join(c.encode("unicode_escape").decode("ascii") if category(c) in SPELLED else c for c in text)


def cell(text: str) -> str:
    """A text cell of a CSV file: no spreadsheet computes it, no terminal obeys it."""
    return f"'{plain(text)}" if COMMANDS.match(text) else plain(text)


def escaped(text: str) -> str:
    """JSON text whose strings show what they hold; it reads back as exactly the same."""
    if text.isprintable():
        return text
    # A result is tens of millions of characters, of a few thousand different ones.
    for character in sorted(c for c in set(text) - {"\n", "\t"} if category(c) in SPELLED):
        text = text.replace(character, _escape(character))
    return text


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2))
