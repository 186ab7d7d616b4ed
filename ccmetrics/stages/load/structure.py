"""Whether the bytes of a delimited text file are one table: signature, encoding, quotes, and the width of every record.

In: a path and, where a layout declares it, the separator. Out: how to scan the file, what was counted, or problems.
Refuses to know: what a column means, types, layouts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import BOM, Bytes, Text, check_lines, line_at, refusal, stream_of

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = (",", ";", "\t", "|")
SHOWN = 20
# How much of a file may stand above the end of its header: far more than any header, and little to look through.
OPENING = 1 << 20


@dataclass(frozen=True)
class Shape:
    """How to scan a file that has passed."""

    header: tuple[str, ...]
    """Trimmed cells of the header record, blank ones included."""
    separator: str
    quoted: bool
    header_line: int
    """Physical line on which the header begins."""
    first_line: int
    """Physical line on which the first record after the header begins."""
    records: int = 0
    """Records after the header, wholly empty ones included."""
    empty: int = 0
    sha256: str = ""


def examine(text: Text, name: str, separator: str | None = None) -> Shape:
    """The file's shape, once everything about its bytes has been found in order.

    Raises:
        DataRefused: with every structural problem, up to 20 a kind, at its line.
    """
    check_lines(text.data, name)
    opening = _opening(text.data, name, separator)
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(text.digest)
        try:
            counted = _records(text, opening, name)
        except pl.exceptions.PolarsError:
            counted = opening  # Text that is not UTF-8: the other look knows where, and raises below.
        sha256 = hashed.result()
    return replace(counted, sha256=sha256)


# ---------------------------------------------------------------- the header


def _opening(data: Bytes, name: str, separator: str | None) -> Shape:
    start = bytes(data[:OPENING]).removeprefix(BOM)
    text = start.decode("utf-8", errors="replace")
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines) if line.strip()), None)
    if at is None:
        raise refusal(name, 0, "empty-file", "There is nothing but blank lines. An export has at least a header.")
    quoted = data.find(b'"') >= 0
    chosen = separator or _separator(lines[at:], name, at + 1)
    stream = io.StringIO("\n".join(lines[at:]), newline="\n")
    reader = (
        csv.reader(stream, delimiter=chosen, strict=True)
        if quoted
        else csv.reader(stream, delimiter=chosen, quoting=csv.QUOTE_NONE)
    )
    try:
        header = tuple(cell.strip().strip("\ufeff\u200b").strip() for cell in next(reader))
    except csv.Error:
        text = "The quotes of the header cannot be read: one is not closed, or text follows a closing one."
        raise refusal(name, at + 1, "bad-header", text) from None
    _distinct(header, name, at + 1)
    return Shape(header, chosen, quoted, at + 1, at + reader.line_num + 1)


def _separator(lines: list[str], name: str, at: int) -> str:
    """The separator nobody can mistake: the only one in the header, or the only one that gives one width throughout."""
    bare = re.sub(r'"[^"]*"', "", lines[0])
    there = [s for s in SEPARATORS if s in bare]
    if len(there) > 1:
        sample = [re.sub(r'"[^"]*"', "", line) for line in lines[1:100] if line.strip()]
        there = [s for s in there if all(line.count(s) == bare.count(s) for line in sample)] or there
    if len(there) > 1:
        signs = ", ".join(f"{s!r} ({bare.count(s)} times)" for s in there)
        text = f"The header could be separated by {signs}. Say `separator:` in the layout."
        raise refusal(name, at, "separator-unclear", text)
    return there[0] if there else ","


def _distinct(header: tuple[str, ...], name: str, line: int) -> None:
    seen: dict[str, int] = {}
    problems = []
    for at, cell in enumerate(header, 1):
        if cell and (first := seen.setdefault(cell.casefold(), at)) != at:
            text = f"The header names '{cell}' in columns {first} and {at}. Rename or remove one of them."
            problems.append(Problem(Place(name, line, at), "duplicate-header", text))
    if problems:
        raise DataRefused(problems)


# ---------------------------------------------------------------- every record


def _records(text: Text, shape: Shape, name: str) -> Shape:
    """Counts records and empty ones, and refuses each that is too short or too long."""
    data = text.data
    if shape.quoted:
        bare = _unquoted(data, shape, name)
        found, skip = pl.scan_lines(io.BytesIO(bare)), _headerline_at(bare)
    else:
        found, skip = pl.scan_lines(text.source, glob=False), shape.first_line - 1
    sign = re.escape(shape.separator)
    line = pl.col("line")
    width = line.str.count_matches(shape.separator, literal=True)
    # Regexes that are decided at a line's first letter, or look for one rare byte: this meets every line there is.
    empty = ~line.str.contains(rf"[^{sign}\s]")
    odd = line.str.contains("\r", literal=True) if data.find(b"\r") >= 0 else pl.lit(False)
    unlike = width != len(shape.header) - 1
    lazy = found.slice(skip)
    counts = lazy.select(records=pl.len(), empty=empty.sum(), unlike=unlike.sum(), odd=odd.sum())
    count = counts.collect(engine="streaming").row(0, named=True)
    # A blank line is an empty record of another width.
    bad = unlike & ((width > 0) | ~empty)
    if count["odd"] or (count["unlike"] and lazy.select(bad.any()).collect(engine="streaming").item()):
        places = lazy.with_row_index("at").filter(bad | odd).select("at", width=width, odd=odd, bad=bad)
        raise DataRefused(_misfits(text, shape, name, places.collect(), count["records"]))
    return replace(shape, records=count["records"], empty=count["empty"])


def _misfits(text: Text, shape: Shape, name: str, found: pl.DataFrame, records: int) -> Iterator[Problem]:
    wanted = len(shape.header)
    lines = starts(text.source, shape, set(found["at"].to_list()), count_empty=True)
    ended = text.data[-1:] == b"\n"
    for at, width, odd, bad in found.head(SHOWN).iter_rows():
        place = Place(name, lines.get(at, 0))
        if odd:
            yield Problem(
                place, "stray-cr", "A CR stands inside the line. Export with LF or CRLF line ends throughout."
            )
        elif bad and width + 1 > wanted:
            more = f"{width + 1} cells where the header has {wanted}."
            yield Problem(place, "long-row", f"{more} Is there an unquoted {shape.separator!r} in a cell?")
        elif bad:
            cut = " The file ends inside a record: export it again." if at == records - 1 and not ended else ""
            yield Problem(place, "short-row", f"{width + 1} cells where the header has {wanted}.{cut}")
    if found.height > SHOWN:
        yield Problem(Place(name), "more-bad-rows", f"{found.height - SHOWN:,} more rows have a wrong number of cells.")


def starts(source: Path | bytes, shape: Shape, wanted: Iterable[int], count_empty: bool = False) -> dict[int, int]:
    """Physical line on which each wanted record begins, records counted from 0 below the header.

    Empty records are not counted unless asked. Slow, and only for the few places a problem names.
    """
    if not shape.quoted and (count_empty or not shape.empty):
        return {at: shape.first_line + at for at in wanted}
    wanted, found, at = set(wanted), {}, -1
    csv.field_size_limit(1 << 30)
    with io.TextIOWrapper(stream_of(source), encoding="utf-8-sig", errors="replace", newline="\n") as file:
        # A CR within a line is not the csv module's to judge.
        lines = (line.replace("\r", " ") for line in file)
        for record, start in _numbered(_reader(lines, shape)):
            if start < shape.first_line or not (count_empty or any(cell.strip() for cell in record)):
                continue
            at += 1
            if at in wanted:
                found[at] = start
    return found


def _reader(file: Iterable[str], shape: Shape) -> Reader:
    if shape.quoted:
        return csv.reader(file, delimiter=shape.separator)
    return csv.reader(file, delimiter=shape.separator, quoting=csv.QUOTE_NONE)


def _numbered(reader: Reader) -> Iterator[tuple[list[str], int]]:
    """Records, each with the line it begins on."""
    before = 0
    for record in reader:
        yield record, before + 1
        before = reader.line_num


# ---------------------------------------------------------------- quotes


def _unquoted(data: Bytes, shape: Shape, name: str) -> bytes:
    """The bytes with every well-formed quoted cell replaced by one letter, so that what is left holds no quotes."""
    sign = re.escape(shape.separator.encode())
    cell = re.compile(
        rb"(?:(?<=[" + sign + rb'\n])|\A|(?<=\A\xef\xbb\xbf))"[^"]*(?:""[^"]*)*"(?=[' + sign + rb"\r\n]|\Z)"
    )
    bare = cell.sub(b"q", data)
    if bare.find(b'"') < 0:
        return bare
    end = at = 0
    for match in cell.finditer(data):
        at = data.find(b'"', end, match.start())
        if at >= 0:
            break
        end = match.end()
    else:
        at = data.find(b'"', end)
    raise _stray(data, at, shape, name)


def _stray(data: Bytes, at: int, shape: Shape, name: str) -> DataRefused:
    start = data.rfind(b"\n", 0, at) + 1
    opens = at == start or data[at - 1 : at] == shape.separator.encode()
    closing_quote = data.find(b'"', at + 1)
    same_line = closing_quote >= 0 and data.find(b"\n", at, closing_quote) < 0
    column = data[start:at].count(shape.separator.encode()) + 1
    place = Place(name, line_at(data, at), column)
    if opens and not same_line:
        return DataRefused(
            [Problem(place, "unclosed-quote", "A quote opens here and is not closed before the next one.")]
        )
    what = "Text follows the closing quote." if opens else "A quote stands inside a cell that is not quoted."
    return DataRefused([Problem(place, "stray-quote", f'{what} Inside a quoted cell a quote is written twice ("").')])


def _headerline_at(bare: bytes) -> int:
    for number, line in enumerate(io.BytesIO(bare), 1):
        if line.removeprefix(BOM).strip():
            return number
    return 0
