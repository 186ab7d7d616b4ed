"""Findings for a person: each with its line and a caret, what is wrong, how it is mended; then how many there are.

In: findings and how they are to be looked at. Out: UTF-8 text, no line wider than asked for but for a long name.
Refuses to know: rules, the terminal itself. Imports rich only for colors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from ccmetrics.finding import Finding, Findings
from ccmetrics.problem import Problem, cells
from ccmetrics.render.findings_words import named, summary
from ccmetrics.render.look import Look
from ccmetrics.render.plain import plain
from ccmetrics.rules import Severity

Line = Sequence[tuple[str, str]]
"""Pieces of a line, each with its style."""

STYLES: dict[Severity, str] = {"error": "bold red", "warning": "bold yellow", "advice": "bold cyan"}
TAB = "    "
CUT = "…"

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_PIECE = re.compile(f" *(?:[{_WIDE}][，。、；：！？）』」》]*|[^ {_WIDE}]+)")
"""What stays on one line: a word, or one Chinese character and the signs that no line begins with."""


def text(found: Findings, look: Look) -> bytes:
    """All findings, in the order of files and lines, those allowed in a line each, the summary."""
    lines = list(_lines(found, look))
    if look.color:
        return _colored(lines, look).encode()
    return "".join(f"{''.join(piece for piece, _ in line).rstrip()}\n" for line in lines).encode()


def _lines(found: Findings, look: Look) -> Iterator[Line]:
    for finding in found.standing:
        yield from _told(finding, look)
        yield ()
    if found.allowed:
        yield (("Allowed:", "bold"),)
        # One reason may stand for several findings of its place.
        for said in dict.fromkeys(
            f"{_at(each.problem)}: {each.problem.name}: {each.allowed}" for each in found.allowed
        ):
            yield from (((f"{'  ' if at == 0 else '    '}{row}", ""),) for at, row in enumerate(folded(said, look, 4)))
        yield ()
    for row in folded(summary(found), look, 0):
        yield ((row, "bold"),)


def _told(finding: Finding, look: Look) -> Iterator[Line]:
    problem, style = finding.problem, STYLES[finding.severity]
    yield (plain(_at(problem)), "bold"), (": ", ""), (finding.severity, style), (f": {plain(problem.name)}", "")
    if problem.excerpt:
        yield from _excerpt(problem, style, look)
    for row in folded(problem.text, look, 2):
        yield ((f"  {row}", ""),)
    if finding.advice:
        for row in folded(f"To mend: {finding.advice}", look, 2):
            yield ((f"  {row}", "italic"),)


def _at(problem: Problem) -> str:
    return str(replace(problem.place, file=named(problem.place.file)))


def _excerpt(problem: Problem, style: str, look: Look) -> Iterator[Line]:
    """The line and a caret below its word; of a line too long for the page the part around it."""
    gutter = f"{problem.place.line:>3} | "
    is_harmless = problem.excerpt.isascii() and problem.excerpt.isprintable()
    shown = list(problem.excerpt if is_harmless else (TAB if c == "\t" else plain(c) for c in problem.excerpt))
    first, last = _window([_width(one) for one in shown], max(problem.place.column - 1, 0), look.width - len(gutter))
    head, tail = CUT if first else "", CUT if last < len(shown) else ""
    yield (gutter, "dim"), (f"{head}{''.join(shown[first:last])}{tail}", "")
    if problem.place.column:
        start = problem.place.column - 1
        lead = " " * (len(head) + _width("".join(shown[first:start])))
        under = _width("".join(shown[start : min(start + problem.place.width, last)]))
        yield (f"{' ' * (len(gutter) - 2)}| ", "dim"), (f"{lead}{'^' * max(1, under)}", style)


def _window(widths: Sequence[int], start: int, room: int) -> tuple[int, int]:
    """Which characters are shown so that the one at `start` is in view, with a third of the room before it."""
    if sum(widths) <= room:
        return 0, len(widths)
    ends = [0, *accumulate(widths)]
    room -= 2 * len(CUT)
    begin = min(ends[min(start, len(widths))] - room // 3, ends[-1] - room)
    first = next(at for at, end in enumerate(ends) if end >= begin)
    return first, max(at for at, end in enumerate(ends) if end <= ends[first] + room)


def folded(said: str, look: Look, indent: int) -> list[str]:
    """A sentence on as many lines as it needs beside an indent."""
    lines, used = [""], 0
    for piece in _PIECE.findall(plain(said)):
        if lines[-1] and used + _width(piece) > look.width - indent:
            lines.append("")
            used = 0
        kept = piece if lines[-1] else piece.lstrip()
        lines[-1] += kept
        used += _width(kept)
    return lines


def _width(shown: str) -> int:
    return len(shown) if shown.isascii() else sum(map(cells, shown))


def _colored(lines: Sequence[Line], look: Look) -> str:
    from rich.text import Text

    from ccmetrics.render.page import drawn

    return drawn((Text.assemble(*line, no_wrap=True, overflow="ignore") for line in lines), look)
