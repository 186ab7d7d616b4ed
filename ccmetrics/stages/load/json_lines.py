"""JSON lines: each object a row, flattened; every value as the digits and letters that stand in the file.

In: text that is one object a line, or one array of objects. Out: `Raw`, with the line of every record.
Refuses to know: canonical tables, what a column means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from json import JSONDecodeError, JSONDecoder, dumps
from pathlib import Path
from typing import Any

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import BOM, Bytes, Text, stream_of
from ccmetrics.stages.load.raw import MISFITS, Raw
from ccmetrics.stages.load.recognize import check_names
from ccmetrics.stages.load.serials import unmistakable

DEPTH = 50
CHUNK = 50_000
SPACE = " \t\r\n"
BEGINS = re.compile(rb"\s*(?:\{\s*(?:[\"}]|\Z)|\[\s*(?:[{\]]|\Z))")


def is_json(data: Bytes) -> bool:
    """Whether text begins as an object, or as an array of objects. `[Date],[Agent]` is a header."""
    return BEGINS.match(bytes(data[:512]).removeprefix(BOM)) is not None


def json_lines(text: Text, path: Path, name: str, stamp: tuple[int, int]) -> Raw:
    sha256 = text.digest()
    table = _Table(name)
    is_array = bytes(text.data[:512]).removeprefix(BOM).lstrip().startswith(b"[")
    for line, record in _of_array(text.data, name) if is_array else _of_lines(text):
        table.take(line, record)
    header, frame = table.settled()
    check_names(header, name, 0)
    return Raw(
        path,
        name,
        "text",
        header,
        frame.lazy(),
        frame.height,
        sha256,
        stamp,
        notices=(*text.notices, *(f"{name}: {notice}" for notice in table.notices())),
        columns=header,
        lines=partial(_lines, table.lines),
        misfits=pl.DataFrame(table.misfits, schema=MISFITS, orient="row"),
        unpacked=text.unpacked,
        is_sparse=True,
        about="JSON, an array of objects" if is_array else "JSON lines",
    )


def _lines(lines: Sequence[int], rows: Iterable[int]) -> dict[int, int]:
    return {row: lines[row] for row in rows}


# ---------------------------------------------------------------- records


class BadRecordError(Exception):
    """A record that is no row: the name of its problem, what is wrong, and where in the text it was looked for."""

    def __init__(self, reason: str, text: str, line: int = 0, column: int = 0) -> None:
        super().__init__(text)
        self.reason, self.text, self.line, self.column = reason, text, line, column


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRecordError("duplicate-key", "An object has two values under one name. Export it again.")
    return found


def _constant(word: str) -> None:
    raise BadRecordError("bad-json", f"{word} is no number, and no JSON. Export null, or nothing.")


DECODER = JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=unmistakable, parse_constant=_constant)


def _object(content: str, at: int) -> tuple[dict[str, Any], int]:
    """The object that begins there, and where it ends."""
    try:
        found, end = DECODER.raw_decode(content, at)
        if not isinstance(found, dict):
            raise BadRecordError("bad-json", "This is no object, and has no names for its values.", 0, at + 1)
        if content.find("\\u", at, end) >= 0:
            dumps(found, ensure_ascii=False).encode()
    except JSONDecodeError as error:
        is_cut = not content.endswith("\n") and (not content.rstrip().endswith(CLOSED) or error.pos == len(content))
        cut = " The file ends inside a record: export it again." if is_cut else ""
        text = f"This is no whole object of JSON ({error.msg.lower()}).{cut}"
        raise BadRecordError("bad-json", text, error.lineno, error.colno) from None
    except RecursionError:
        raise _too_deep() from None
    except UnicodeEncodeError:
        raise BadRecordError("bad-json", "Half of a character stands in a text. Export it again.") from None
    return found, end


CLOSED = ("}", "]")


def _too_deep() -> BadRecordError:
    return BadRecordError("bad-json", f"Objects stand within objects more than {DEPTH} deep. No export needs that.")


def _of_lines(text: Text) -> Iterator[tuple[int, dict[str, Any] | BadRecordError | None]]:
    """The objects of each line; some systems write one behind the other without any line end. None: a blank line."""
    with stream_of(text.source) as stream:
        for number, line in enumerate(stream, 1):
            content = line.decode().removeprefix("\ufeff")
            at = _beyond_spaces(content, 0)
            if at == len(content):
                yield number, None
            while at < len(content):
                try:
                    found, at = _object(content, at)
                except BadRecordError as bad:
                    yield number, bad
                    break
                yield number, found
                at = _beyond_spaces(content, at)


def _of_array(data: Bytes, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Of an array nobody can tell where a record begins once one is broken: the file is refused."""
    whole = bytes(data).removeprefix(BOM).decode()
    line, counted, at = 1, 0, _beyond_spaces(whole, whole.index("[") + 1)
    ends = whole.startswith("]", at)
    while not ends:
        line, counted = line + whole.count("\n", counted, at), at
        try:
            found, end = _object(whole, at)
        except BadRecordError as bad:
            raise DataRefused([Problem(Place(name, bad.line or line, bad.column), bad.reason, bad.text)]) from None
        yield line, found
        at = _beyond_spaces(whole, end)
        ends = not whole.startswith(",", at)
        at = at if ends else _beyond_spaces(whole, at + 1)
    if whole[at:].strip(SPACE) != "]":
        line += whole.count("\n", counted, at)
        text = "The array of objects is broken here, or the file was cut short. Export it again."
        raise DataRefused([Problem(Place(name, line, at - whole.rfind("\n", 0, at)), "bad-json", text)])


def _beyond_spaces(content: str, at: int) -> int:
    return SPACES.match(content, at).end()  # type: ignore[union-attr]


SPACES = re.compile(f"[{SPACE}]*")


# ---------------------------------------------------------------- columns


class _Column:
    """One column of the rows that are held, and how the names within its objects begin."""

    __slots__ = ("begins", "cells", "is_filled", "is_nested")

    def __init__(self, name: str) -> None:
        self.begins = f"{name}."
        self.cells: list[str | None] = []
        self.is_filled = False
        self.is_nested = False
        """It held objects, which are columns of their own, or lists of them, which are none."""

    def put(self, row: int, cell: str) -> None:
        if len(self.cells) < row:
            self.cells += [None] * (row - len(self.cells))
        self.cells.append(cell)


class _Table:
    """Records as columns, in order of their first appearance. What is held is turned into a frame now and then."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = self.held = self.blank = 0
        self.lines: list[int] = []
        self.misfits: list[tuple[int, int, str, str]] = []
        self.columns: dict[str, _Column] = {}
        self.places: dict[tuple[str, str], _Column] = {}
        self.aside: dict[str, None] = {}
        """Columns that hold lists of objects."""
        self.parts: list[pl.DataFrame] = []

    def take(self, line: int, record: dict[str, Any] | BadRecordError | None) -> None:
        if record is None:
            self.blank += 1
            return
        self.line = line
        try:
            if isinstance(record, BadRecordError):
                raise record
            self._flatten("", record, 1)
        except BadRecordError as bad:
            for column in self.columns.values():
                del column.cells[self.held :]
            self.misfits.append((line, bad.column, bad.reason, bad.text))
            return
        self.lines.append(line)
        self.held += 1
        if self.held == CHUNK:
            self._settle()

    def _flatten(self, begins: str, record: dict[str, Any], depth: int) -> None:
        if depth > DEPTH:
            raise _too_deep()
        for key, value in record.items():
            column = self.places.get((begins, key)) or self._column(begins, key)
            if value.__class__ is str:
                column.put(self.held, value)
            elif value.__class__ is dict:
                column.is_nested = True
                self._flatten(column.begins, value, depth + 1)
            elif value.__class__ is bool:
                column.put(self.held, SAID[value])
            elif value:
                self._list(column, value)

    def _list(self, column: _Column, values: list[Any]) -> None:
        if any(isinstance(value, dict | list) for value in values):
            column.is_nested = True
            self.aside[column.begins[:-1]] = None
        else:
            column.put(self.held, ";".join(SAID.get(value, value) for value in values))

    def _column(self, begins: str, key: str) -> _Column:
        name = begins + key
        if name in self.columns:
            text = f"Two things are called '{name}': a name with a dot in it, and one within an object. Rename one."
            raise DataRefused([Problem(Place(self.name, self.line), "name-clash", text)])
        self.columns[name] = self.places[begins, key] = _Column(name)
        return self.columns[name]

    def _settle(self) -> None:
        for column in self.columns.values():
            column.is_filled |= bool(column.cells)
            column.cells += [None] * (self.held - len(column.cells))
        cells = {name: column.cells for name, column in self.columns.items()}
        self.parts.append(pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)))
        for column in self.columns.values():
            column.cells = []
        self.held = 0

    def settled(self) -> tuple[tuple[str, ...], pl.DataFrame]:
        self._settle()
        header = tuple(n for n, column in self.columns.items() if column.is_filled or not column.is_nested)
        if not any(column.is_filled for column in self.columns.values()):
            raise DataRefused(self._nothing())
        return header, pl.concat(self.parts, how="diagonal").select(header)

    def _nothing(self) -> Iterator[Problem]:
        """Why there is no table."""
        for line, column, reason, text in self.misfits[:SHOWN]:
            yield Problem(Place(self.name, line, column), reason, text)
        if not self.misfits:
            inside = f" Are its rows within '{next(iter(self.aside))}'? Export those." if self.aside else ""
            yield Problem(Place(self.name), "no-records", f"There is no object with values in this file.{inside}")

    def notices(self) -> Iterator[str]:
        if self.blank:
            yield f"{self.blank:,} blank lines skipped"
        if self.aside:
            yield f"lists of objects left aside: {', '.join(f'{name}[]' for name in self.aside)}"


SAID = {True: "true", False: "false", None: ""}
SHOWN = 20
