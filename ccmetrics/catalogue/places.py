"""Where every key and value of the YAML stands, down to one word inside a quoted or folded text.

In: the text of a file and offsets into it. Out: places and problems, with the physical line for the caret.
Refuses to know: YAML's grammar (read), what the definitions mean.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ccmetrics.problem import Place, Problem

BLANK = " \t\r\n\x85\u2028\u2029"
"""What folding may add or take away. All other characters of a scalar stand in the file in the same order."""

COLLECTIONS = ("{", "[", ":", "-")

REMOVED = "removed"
"""Beside the sections of the definitions: what a layer takes out of those below, by section and name."""

MOST_SHOWN = 300
"""A longer line would bury the message."""

_BREAK = re.compile(r"\r\n|\n|\r")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|[\s\S])")
_BLANK_CODES = frozenset({0x09, 0x0A, 0x0D, 0x20, 0x85, 0x2028, 0x2029})


@dataclass(frozen=True)
class Source:
    """A file as it was read: its name for messages, its text, and where its lines start."""

    file: str
    text: str
    starts: tuple[int, ...]

    def place(self, start: int, end: int) -> Place:
        line = bisect_right(self.starts, start)
        length = len(self.line(line))
        # Between the two signs of a line's end is still the end of the line.
        column = min(start - self.starts[line - 1], length) + 1
        return Place(self.file, line, column, max(1, min(end - start, length - column + 1)))

    def line(self, number: int) -> str:
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")

    def problem(self, name: str, text: str, start: int, end: int) -> Problem:
        place = self.place(start, end)
        line = self.line(place.line)
        return Problem(place, name, text, line if len(line) <= MOST_SHOWN else "")


def source(file: str, text: str) -> Source:
    return Source(file, text, (0, *(match.end() for match in _BREAK.finditer(text))))


@dataclass(slots=True)
class Spot:
    """One value of the YAML with its place, the place of its key, and the spots inside it."""

    source: Source
    start: int
    end: int
    style: str = ""
    """'' a plain scalar, else the sign it begins with: ' \" | > [ {, or - and : for block lists and mappings."""
    data: object = None
    key: Spot | None = None
    items: dict[str | int, Spot] = field(default_factory=dict)
    is_cut: bool = False
    """Something in it could not be read, and has had its problem."""

    @property
    def is_collection(self) -> bool:
        return self.style in COLLECTIONS

    def problem(self, name: str, text: str) -> Problem:
        return self.source.problem(name, text, self.start, self.end)


def walk(root: Spot, path: Iterable[str | int]) -> Iterator[Spot]:
    """The spots along a path as far as they exist. A step that is no key is skipped: the models add such steps
    where YAML has a short form (`columns`, or the branch of a union)."""
    spot = root
    yield spot
    for step in path:
        if step in spot.items:
            spot = spot.items[step]
            yield spot


def place_at(root: Spot, path: Iterable[str | int]) -> Place:
    """The place of the value a path leads to."""
    return problem_at(root, path, "", "").place


def problem_at(root: Spot, path: Iterable[str | int], name: str, text: str, key: bool = False) -> Problem:
    """A problem at the value a path leads to, or at its key. Collections are pointed at by a word: their key, or
    the first key inside."""
    *_, spot = walk(root, path)
    if spot.key is not None and (key or spot.is_collection):
        spot = spot.key
    elif spot.is_collection and spot.items:
        first = next(iter(spot.items.values()))
        spot = first.key or first
    return spot.problem(name, text)


def problem_in(root: Spot, path: Iterable[str | int], name: str, text: str, start: int, end: int) -> Problem:
    """A problem at the characters start..end of the text a path leads to."""
    *_, spot = walk(root, path)
    return spot.source.problem(name, text, *_range_in(spot, start, end))


def place_in(spot: Spot, offset: int, width: int) -> Place:
    """The place in the file of `width` characters from `offset` of a scalar's value."""
    return spot.source.place(*_range_in(spot, offset, offset + width))


def _range_in(spot: Spot, start: int, end: int) -> tuple[int, int]:
    """File offsets of a stretch of a scalar's value."""
    value = spot.data if isinstance(spot.data, str) else spot.source.text[spot.start : spot.end]
    if not spot.style and spot.source.text[spot.start : spot.start + len(value)] == value:
        return spot.start + start, spot.start + max(end, start + 1)
    signs = _signs(spot)
    before = sum(character not in BLANK for character in value[:start])
    within = sum(character not in BLANK for character in value[start:end])
    if before >= len(signs):  # the end of the text, where something is missing
        last = signs[-1] + 1 if signs else spot.start
        return last, last + 1
    return signs[before], signs[min(before + max(within, 1), len(signs)) - 1] + 1


def _signs(spot: Spot) -> list[int]:
    """File offset of every character of a scalar that is not blank, in order.

    Quotes, folding and indentation change only blanks and escapes, so the n-th sign of the value is the n-th here.
    """
    text, start, end = spot.source.text, spot.start, spot.end
    if spot.style == '"':
        return _double_quoted(text, start + 1, end - 1)
    if spot.style == "'":
        pieces = re.finditer(r"''|[\s\S]", text[start + 1 : end - 1])
        return [start + 1 + piece.start() for piece in pieces if piece.group() not in BLANK]
    if spot.style in ("|", ">"):  # the header line may end in a comment
        header = _BREAK.search(text, start, end)
        start = header.end() if header else end
    return [place for place in range(start, end) if text[place] not in BLANK]


def _double_quoted(text: str, start: int, end: int) -> list[int]:
    signs, place = [], start
    while place < end:
        escape = _ESCAPE.match(text, place, end)
        if escape is None:
            if text[place] not in BLANK:
                signs.append(place)
            place += 1
            continue
        if not _stands_for_blank(escape.group()[1:]):
            signs.append(place)
        place = escape.end()
    return signs


def _stands_for_blank(escape: str) -> bool:
    if len(escape) == 1 or escape == "\r\n":
        return escape in "tnrNLP \t\r\n"
    return int(escape[1:], 16) in _BLANK_CODES
