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

from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import BOM, Bytes, Text, stream_of
from ccmetrics.stages.load.flatten import BadRecordError, Table, too_deep
from ccmetrics.stages.load.raw import MISFITS, Raw
from ccmetrics.stages.load.recognize import check_names
from ccmetrics.stages.load.serials import unmistakable

SUFFIXES = (".json", ".jsonl", ".ndjson")
LOOKED_AT = 1 << 16
SPACE = " \t\r\n"
BEGINS = re.compile(rb"\s*(?:\{\s*(?:[\"}]|\Z)|\[\s*(?:[{\]]|\Z))")


def is_json(data: Bytes, name: str) -> bool:
    """Whether text begins as an object, or as an array of objects; or is called so, and a line of it does.

    `[Date],[Agent]` is a header.
    """
    start = bytes(data[:LOOKED_AT]).removeprefix(BOM)
    is_called_so = name.lower().removesuffix(".gz").endswith(SUFFIXES)
    return any(map(BEGINS.match, start.splitlines() if is_called_so else [start[:512]]))


def json_lines(text: Text, path: Path, name: str, stamp: tuple[int, int]) -> Raw:
    sha256 = text.digest()
    table = Table(name)
    is_array = bytes(text.data[:512]).removeprefix(BOM).lstrip().startswith(b"[")
    for line, records in _of_array(text.data, name) if is_array else _of_lines(text):
        table.take(line, records)
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
        notices=(*text.notices, *(of_export(name, said) for said in table.notices())),
        columns=header,
        lines=partial(_lines, table.lines),
        misfits=pl.DataFrame(table.misfits, schema=MISFITS, orient="row"),
        unpacked=text.unpacked,
        is_sparse=True,
        about=Notice("JSON, an array of objects") if is_array else Notice("JSON lines"),
    )


def _lines(lines: Sequence[int], rows: Iterable[int]) -> dict[int, int]:
    return {row: lines[row] for row in rows}


# ---------------------------------------------------------------- records


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRecordError("duplicate-key", "An object has two values under one name. Export it again.")
    return found


def _constant(word: str) -> None:
    raise BadRecordError("bad-json", f"{word} is no number, and no JSON. Export null, or nothing.")


DECODER = JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=unmistakable, parse_constant=_constant)


def _object(content: str, at: int, is_last: bool) -> tuple[dict[str, Any], int]:
    """The object that begins there, and where it ends. `is_last`: the file ends with this content."""
    try:
        found, end = DECODER.raw_decode(content, at)
        if not isinstance(found, dict):
            raise BadRecordError("bad-json", "This is no object, and has no names for its values.")
        if content.find("\\u", at, end) >= 0:
            dumps(found, ensure_ascii=False).encode()
    except JSONDecodeError as error:
        is_cut = is_last and (error.pos == len(content) or not content.rstrip().endswith(CLOSED))
        cut = " The file ends inside a record: export it again." if is_cut else ""
        text = f"This is no whole object of JSON ({error.msg.lower()}).{cut}"
        raise BadRecordError("bad-json", text, error.lineno, error.colno) from None
    except RecursionError:
        raise too_deep() from None
    except UnicodeEncodeError:
        raise BadRecordError("bad-json", "Half of a character stands in a text. Export it again.") from None
    return found, end


CLOSED = ("}", "]")


def _of_lines(text: Text) -> Iterator[tuple[int, list[dict[str, Any]] | BadRecordError]]:
    """The objects of each line: some systems write one behind the other without any line end. None of a blank one."""
    with stream_of(text.source) as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield number, _of_line(line.decode().removeprefix("\ufeff").rstrip("\r\n"), not line.endswith(b"\n"))
            except BadRecordError as bad:
                yield number, bad


def _of_line(content: str, is_last: bool) -> list[dict[str, Any]]:
    """All of its objects. Raises BadRecordError where one is broken: then none of the line counts."""
    records = []
    at = _beyond_spaces(content, 0)
    while at < len(content):
        record, at = _object(content, at, is_last)
        records.append(record)
        at = _beyond_spaces(content, at)
    return records


def _of_array(data: Bytes, name: str) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Of an array nobody can tell where a record begins once one is broken: the file is refused."""
    whole = bytes(data).removeprefix(BOM).decode()
    line, counted, at = 1, 0, _beyond_spaces(whole, whole.index("[") + 1)
    ends = whole.startswith("]", at)
    while not ends:
        line, counted = line + whole.count("\n", counted, at), at
        try:
            found, end = _object(whole, at, True)
        except BadRecordError as bad:
            raise DataRefused([Problem(Place(name, bad.line or line, bad.column), bad.reason, bad.text)]) from None
        yield line, [found]
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
