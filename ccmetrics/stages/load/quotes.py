"""How records are written: the patterns that decide whether one is whole, and the place where one is not.

In: the sign between cells, whether quotes mean anything, records as text. Out: patterns of the engine, faults.
Refuses to know: files, headers, how many cells a record should have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Of words that end where a sign of another kind follows: Han has no such words.
LETTERS = r"\p{Lu}\p{Ll}\p{Nd}"
# A table of fewer columns has rows like any line of prose.
ROW = 3
QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')


@dataclass(frozen=True)
class Writing:
    """The sign between cells, and whether a cell may stand in quotes."""

    separator: str
    quoted: bool

    @property
    def sign(self) -> str:
        return re.escape(self.separator)

    def record(self, times: str = "*", stray: bool = False) -> str:
        """A record whose cells but the last come so many `times`; if `stray`, there may be CRs in plain ones."""
        never = self.sign + r"\n" + r"\r" * (not stray) + '"' * self.quoted
        cell = self._either(f"[^{never}]*", '(?:[^"]|"")*')
        return f"^(?:{cell}{self.sign}){times}{cell}$"

    @property
    def blank(self) -> str:
        """A record with nothing but space in its cells."""
        cell = self._either(rf"[^\S{self.sign}]*", r"\s*")
        return f"^(?:{cell}{self.sign})*{cell}$"

    @property
    def filled(self) -> str:
        """What every record with something in it has, and hardly a blank one: decided at its first letter."""
        return rf'[^{self.sign}"\s]' if self.quoted else rf"[^{self.sign}\s]"

    @property
    def names(self) -> str:
        """A record that looks like a header: several cells, each beginning with a letter."""
        cell = self._either(rf'\s*\p{{L}}[^"{self.sign}]*', r'\s*\p{L}[^"]*')
        return f"^(?:{cell}{self.sign})+{cell}$"

    def titled(self, title: str) -> str:
        """A record whose first filled cell is a title, however written: decided at its first letters."""
        words = r"\s+".join(re.escape(word).replace('"', '"+') for word in title.split())
        return rf'(?i)^[\s"{self.sign}]*{words}[\s"]*(?:{self.sign}|$)'

    def begins(self, start: str) -> str:
        """A record whose first filled cell begins so, and not with a longer word."""
        ends = rf"(?:$|[^{LETTERS}])" if in_word(start) else ""
        empty = self._either(rf"[^\S{self.sign}]*", r"\s*")
        first = rf"\s*{re.escape(start)}"
        if self.quoted:
            first = rf'(?:"\s*{re.escape(start.replace(chr(34), chr(34) * 2))}|{first})'
        return f"^(?:{empty}{self.sign})*{first}{ends}"

    def _either(self, plain: str, inner: str) -> str:
        """A cell in quotes or without, where both are allowed."""
        return f'(?:"{inner}"|{plain})' if self.quoted else plain


def in_word(text: str) -> bool:
    """Whether a text ends in one of `LETTERS`."""
    return text[-1:].isupper() or text[-1:].islower() or text[-1:].isdecimal()


def begins(cell: str, start: str) -> bool:
    """Whether a cell begins so, and not with a longer word."""
    text = cell.strip()
    return text.startswith(start) and not (in_word(start) and in_word(text[len(start) : len(start) + 1]))


@dataclass(frozen=True)
class Fault:
    """Where a record stops being one: the line counted from its own first, the cell from 1, and what is wrong."""

    line: int
    cell: int
    name: str
    text: str


def fault(record: str, separator: str, lenient: bool = False) -> Fault | None:
    """The first cell of a record whose quotes are wrong; if `lenient`, of those that begin with one."""
    at = cell = 0
    while at <= len(record):
        cell, line = cell + 1, record.count("\n", 0, at)
        if record[at : at + 1] == '"':
            closed = QUOTED.match(record, at)
            if closed is None:
                return Fault(line, cell, "unclosed-quote", "A quote opens here and is never closed.")
            at = closed.end()
            if record[at : at + 1] not in ("", separator):
                return Fault(line, cell, *_after(record, closed))
        end = record.find(separator, at)
        end = len(record) if end < 0 else end
        if (quote := record.find('"', at, end)) >= 0 and not lenient:
            return Fault(line, cell, *_inside(record, quote))
        at = end + 1
    return None


def swallowed(record: str, separator: str, width: int) -> Fault | None:
    """The cell of a record of several lines that holds a row of the table: two lonely quotes, and all between is lost.

    Prose rarely has just so many separators, none with a blank behind it, and parts like the cells before the quote.
    """
    lines = record.split("\n")
    if width < ROW or min(lines[0].count(separator), lines[-1].count(separator)) < width - 1:
        return None
    spaced = f"{separator} " in lines[0]
    like = [line for line in lines if line.count(separator) == width - 1 and (spaced or f"{separator} " not in line)]
    if not like:
        return None
    place = len(own := _shapes(lines[0], separator)) + 1
    if not own:
        # Then like the cells behind the other quote: all is read from the end.
        lines, like = [line[::-1] for line in reversed(lines)], [line[::-1] for line in like]
        own = _shapes(lines[0], separator)
    rows = (line.split(separator) for line in like if line != lines[0])
    if any([_shape(cell) for cell in cells[: len(own)]] == own for cells in rows):
        return Fault(0, place, "unclosed-quote", SWALLOWED)
    return None


def _shapes(line: str, separator: str) -> list[str]:
    """Of the cells before the one whose quote is not closed in this line."""
    sign = re.escape(separator)
    cell = rf'("[^"]*+(?:""[^"]*+)*+"|[^"{sign}]*){sign}'
    whole = re.match(f"(?:{cell})*", line)
    return [_shape(found[1]) for found in re.finditer(cell, whole[0] if whole else "")]


def _shape(cell: str) -> str:
    """Digits and what stands between two: it tells numbers, dates and names apart."""
    return re.sub(r"\d+", "9", "".join(re.findall(r"\d(?:[-/:.](?=\d))?", cell)))


def _after(record: str, closed: re.Match[str]) -> tuple[str, str]:
    if closed[0].endswith('\\"'):
        return BACKSLASH
    if record[closed.end()] == "\r":
        return "stray-cr", CR
    if "\n" in closed[0]:
        return "unclosed-quote", "A quote opens here and is not closed before the next one."
    return "stray-quote", 'Text follows the closing quote. Inside a quoted cell a quote is written twice ("").'


def _inside(record: str, quote: int) -> tuple[str, str]:
    if record[quote - 1 : quote] == "\\":
        return BACKSLASH
    text = 'A quote stands inside a cell that is not quoted. Write such a cell in quotes, and its quotes twice (""); '
    return "stray-quote", f"{text}or say `file: {{quoting: lenient}}` in the layout."


SWALLOWED = (
    "A quote opens here, and lines that are rows of the table stand before the next one. Close it, or take it away."
)
CR = "A CR stands inside the line. Export with LF or CRLF line ends throughout."
BACKSLASH = (
    "backslash-escape",
    "A backslash stands before a quote. If it takes away the quote's meaning, say `file: {escape: backslash}` in the "
    'layout; else write the quote twice ("").',
)
