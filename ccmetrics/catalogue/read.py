"""YAML text to plain data, with the place of every key and value.

In: the bytes of one file. Out: one tree of spots a document, and the problems found on the way.
Refuses to know: what any key means. Scalars follow the core rules of YAML 1.2, so `no`, `12:30` and `010` are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import yaml

from ccmetrics.catalogue.places import Source, Spot, source
from ccmetrics.problem import Place, Problem

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_BYTES = 2_000_000
MOST_DEPTH = 30
MOST_PROBLEMS = 100
"""A file with more mistakes than this is another kind of file."""

_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_TAB = re.compile(r"\t+")
_WORD = re.compile(r"[^\s,\[\]{}]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Reading:
    """What one file holds. Where it is not whole, names may be missing that the file would have defined."""

    documents: list[Spot]
    problems: list[Problem]
    is_whole: bool


class _StopError(Exception):
    """Nothing after this place can be read."""


def read(file: str, content: bytes) -> Reading:
    """The documents of one file, each a spot whose `data` is plain, and what is wrong with it as YAML."""
    text, problems = decoded(file, content)
    if text is None:
        return Reading([], problems, is_whole=False)
    origin = source(file, text)
    problems += [_bad_character(origin, match) for match in _bad_characters(text)]
    if problems:
        return Reading([], problems, is_whole=False)
    reader = _Reader(origin)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            reader.take(event)
    except yaml.YAMLError as error:
        reader.stopped(error)
    except _StopError:
        reader.stop()
    return Reading(reader.documents, reader.problems, reader.is_whole)


def decoded(file: str, content: bytes) -> tuple[str | None, list[Problem]]:
    """The text of a file of definitions, or why there is none."""
    if len(content) > MOST_BYTES:
        text = f"The file has {len(content):,} bytes; definitions have at most {MOST_BYTES:,}. Split it."
        return None, [Problem(Place(file), "yaml-size", text)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = f"The byte {content[error.start]:#04x} is not UTF-8. Save the file as UTF-8."
        return None, [Problem(Place(file, line), "not-utf-8", text)]


def _bad_characters(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_TAB, _CONTROL):
        match = pattern.search(text)
        if match:
            yield match


def _bad_character(origin: Source, match: re.Match[str]) -> Problem:
    if match.group().startswith("\t"):
        text = 'A tab stands here; YAML is indented by spaces. Inside a text write "\\t".'
        return origin.problem("yaml-tab", text, *match.span())
    text = f"The control character U+{ord(match.group()):04X} cannot stand in YAML."
    return origin.problem("yaml-syntax", text, *match.span())


def scalar(text: str) -> str | int | float | bool | None:
    """A plain scalar by the core rules of YAML 1.2, without octal, hexadecimal, infinities and leading zeros: those
    are identifiers more often than numbers, and stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > 40 or not _NUMBER.fullmatch(text):
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text)
    return text if number in (float("inf"), float("-inf")) else number


def _mapping(spot: Spot) -> dict[str, object]:
    return cast("dict[str, object]", spot.data)


class _Reader:
    """Builds spots from parse events without recursion. One instance a file; it holds the open collections."""

    def __init__(self, origin: Source) -> None:
        self.origin = origin
        self.documents: list[Spot] = []
        self.problems: list[Problem] = []
        self.open: list[Spot] = []
        self.keys: list[Spot | None] = []
        self.cut: Spot | None = None
        self.is_whole = True

    def take(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            text = "Anchors (&) and aliases (*) are not used here; write the value out where it belongs."
            self.problem("yaml-alias", text, start, self._word_end(start))
            self._cut_open()
        if getattr(event, "tag", None):
            text = "Tags (!) are not used here; the type follows from the key. A text that begins with ! is quoted."
            self.problem("yaml-tag", text, start, self._word_end(start))
        if isinstance(event, yaml.ScalarEvent):
            value: Any = event.value if event.style else scalar(event.value)
            style = event.style or ""
            self._add(Spot(self.origin, start, end, style, value), event.value)
        elif isinstance(event, yaml.AliasEvent):
            self._add(Spot(self.origin, start, end, is_cut=True), "*")
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            spot = self.open.pop()
            self.keys.pop()
            spot.end = end

    def problem(self, name: str, text: str, start: int, end: int) -> None:
        self.problems.append(self.origin.problem(name, text, start, end))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _StopError

    def _start(self, event: Any) -> None:
        is_map = isinstance(event, yaml.MappingStartEvent)
        style = ("{" if is_map else "[") if event.flow_style else (":" if is_map else "-")
        spot = Spot(self.origin, event.start_mark.index, event.end_mark.index, style, {} if is_map else [])
        if len(self.open) >= MOST_DEPTH:
            self.problem("yaml-depth", f"Nested deeper than {MOST_DEPTH} levels.", spot.start, spot.start + 1)
            raise _StopError
        self._add(spot, "")
        self.open.append(spot)
        self.keys.append(None)

    def _add(self, spot: Spot, raw: str) -> None:
        """Put a value where it belongs: a document, an item, a key, or the value of the key before it."""
        if not self.open:
            self.documents.append(spot)
            return
        parent = self.open[-1]
        if isinstance(parent.data, list):
            parent.items[len(parent.data)] = spot
            parent.data.append(spot.data)
        elif self.keys[-1] is None:
            self._add_key(spot, raw)
        else:
            self._add_value(parent, self.keys[-1], spot)
            self.keys[-1] = None

    def _add_key(self, spot: Spot, raw: str) -> None:
        if spot.is_collection:
            text = "A key is a word here, not a list or a mapping. A text that begins with { or [ is quoted."
            self.problem("yaml-syntax", text, spot.start, spot.start + 1)
            raise _StopError
        spot.data = raw
        self.keys[-1] = spot

    def _add_value(self, parent: Spot, key: Spot, spot: Spot) -> None:
        name, data = str(key.data), _mapping(parent)
        if self._joined(parent, key, spot):
            return
        if name in data:
            first = parent.items[name].key or key
            line = self.origin.place(first.start, first.end).line
            text = f"The key '{name}' stands here a second time; the first is in line {line}. Remove one."
            self.problem("duplicate-key", text, key.start, key.end)
            return
        spot.key = key
        parent.items[name] = spot
        data[name] = spot.data

    def _joined(self, parent: Spot, key: Spot, spot: Spot) -> bool:
        """Whether this entry of a { } is no entry but the rest of a text that an unquoted comma cut in two."""
        is_bare = spot.start == spot.end and ":" not in self.origin.text[key.end : spot.start]
        if parent.style != "{" or not is_bare or not parent.items:
            return False
        name, before = list(parent.items.items())[-1]
        if before.style or not isinstance(before.data, str):
            return self._is_decimal(parent, str(name), before, key)
        if self.cut is not before:
            rest = self.origin.text[key.start : key.end]
            text = f"The comma ends '{name}' before '{rest}'. Put the whole text between quotes."
            self.problem("unquoted-comma", text, before.start, before.end)
        self.cut = before
        before.end = key.end
        before.data = self.origin.text[before.start : key.end]
        _mapping(parent)[str(name)] = before.data
        return True

    def _is_decimal(self, parent: Spot, name: str, before: Spot, key: Spot) -> bool:
        """Whether the rest of a number was cut off by its comma: `1,1`, with nothing between."""
        whole, rest = (self.origin.text[spot.start : spot.end] for spot in (before, key))
        if not (_INTEGER.fullmatch(whole) and rest.isdecimal() and key.start == before.end + 1):
            return False
        text = f"The comma ends '{name}' before '{rest}'. A number has a point: write {whole}.{rest}."
        self.problem("unquoted-comma", text, before.start, key.end)
        before.end, before.data = key.end, float(f"{whole}.{rest}")
        _mapping(parent)[name] = before.data
        return True

    def stop(self) -> None:
        self.is_whole = False
        self._cut_open()

    def _cut_open(self) -> None:
        for spot in self.open:
            spot.is_cut = True

    def stopped(self, error: yaml.YAMLError) -> None:
        """The parser's own refusal, said once: a comma that cut a text in two is the cause, not another mistake."""
        self.stop()
        mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        if mark and began and mark.index >= len(self.origin.text.rstrip()):
            mark = began  # what is never closed is mended where it begins, not where the file ends
        at = min(mark.index if mark else 0, max(0, len(self.origin.text) - 1))
        if self.cut is not None and "\n" not in self.origin.text[self.cut.end : at]:
            return
        what = getattr(error, "problem", None) or str(error)
        context = getattr(error, "context", None)
        text = f"This is not YAML: {what}{f' {context}' if context else ''}."
        self.problems.append(self.origin.problem("yaml-syntax", text, at, self._word_end(at)))

    def _word_end(self, start: int) -> int:
        word = _WORD.match(self.origin.text, start)
        return word.end() if word else start + 1
