"""What separates the cells of a text, told by its opening lines, and by nothing that could be told otherwise.

In: lines, and the one the header stands on. Out: the separator, or why it cannot be known.
Refuses to know: layouts, files, records further down.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ccmetrics.stages.load.content import refusal

SEPARATORS = (",", ";", "\t", "|")
RARE = ("^", "~", ":", "\x1f", "\x01")
SAMPLE = 100


def separator_of(lines: Sequence[str], name: str, line: int) -> str:
    """The separator nobody can mistake: the only one in the header, or the only one that gives one width throughout."""
    header = bare(lines[0])
    there = [sign for sign in SEPARATORS if sign in header]
    if len(there) > 1:
        sample = _below(lines)
        there = [s for s in there if all(text.count(s) == header.count(s) for text in sample)] or there
    if len(there) > 1:
        signs = ", ".join(f"{sign!r} ({header.count(sign)} times)" for sign in there)
        text = f"The header could be separated by {signs}. Say `separator:` in the layout."
        raise refusal(name, line, "separator-unclear", text)
    return there[0] if there else ","


def check_separator(lines: Sequence[str], separator: str, name: str, line: int) -> None:
    """Raises DataRefused where a header of one cell, like every line below it, holds another sign as many times."""
    header, sample = bare(lines[0]), _below(lines)
    if separator in header or not sample:
        return
    for sign in (*SEPARATORS, *RARE):
        if (times := header.count(sign)) and all(text.count(sign) == times for text in sample):
            text = f"There is one column by {separator!r}, but {sign!r} is found {times}\u00d7 per line. "
            raise refusal(name, line, "wrong-separator", f"{text}Say `file: {{separator: {sign!r}}}` in the layout.")


def check_preamble(lines: Sequence[str], name: str, line: int) -> None:
    """Raises DataRefused where a line further down is a header by its looks and its width, and the first is none."""
    below = [(at, text) for at, text in enumerate(lines[:SAMPLE]) if text.strip()]
    likely = []
    for sign in SEPARATORS:
        widths = [bare(text).count(sign) + 1 for _, text in below]
        width, times = max(Counter(w for w in widths[1:] if w > 1).items(), key=lambda w: w[1], default=(0, 0))
        if widths[0] == width and sum(bool(cell.strip()) for cell in lines[0].split(sign)) * 2 > width:
            return
        titles = (at for (at, text), own in zip(below, widths, strict=True) if own == width and _titles(text, sign))
        likely.append((times, next(titles, 0)))
    times, at = max(likely)
    # A line without any separator is known for a title by two lines below; what could be a header, by most of them.
    if at and times > (len(below) // 2 if any(sign in bare(lines[0]) for sign in SEPARATORS) else 1):
        what = f"This line looks like the header, and {line + at - 1} lines stand above it. "
        mend = f"Say `file: {{skip_lines: {line + at - 1}}}` in the layout, or remove them."
        raise refusal(name, line + at, "preamble", what + mend)


def _titles(text: str, sign: str) -> bool:
    return all(cell.strip(' "')[:1].isalpha() for cell in bare(text, "x").split(sign))


def bare(line: str, instead: str = "") -> str:
    """A line without what stands in quotes."""
    return re.sub(r'"[^"]*"', instead, line)


def _below(lines: Sequence[str]) -> list[str]:
    return [bare(text) for text in lines[1:SAMPLE] if text.strip()]
