"""Whether the bytes of a delimited text file are one table: signature, encoding, quotes, and the width of every record.

In: a path and, where a layout declares it, the separator. Out: how to scan the file, what was counted, or problems.
Refuses to know: what a column means, types, layouts.
"""

from __future__ import annotations

import csv
import hashlib
import io
import mmap
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ccmetrics.problem import DataRefused, Place, Problem

BOM = b"\xef\xbb\xbf"
SEPARATORS = (",", ";", "\t", "|")
SHOWN = 20
CHUNK = 1 << 22
# How much of a file may stand above the end of its header: far more than any header, and little to look through.
OPENING = 1 << 20

SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "Save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save it as CSV UTF-8"),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it first"),
    (b"%PDF", "a PDF", "Export the table itself as CSV"),
    (b"PAR1", "a Parquet file", "Give it the ending .parquet"),
    (b"\xff\xfe", "encoded as UTF-16", "Save it as CSV UTF-8"),
    (b"\xfe\xff", "encoded as UTF-16", "Save it as CSV UTF-8"),
)
MARKUP = re.compile(rb"\s*(?:(?P<HTML><!doctype|<html|<table|<\?xml)|(?P<JSON>\{\s*[\"}]|\[\s*[\[{\"\]]))", re.IGNORECASE)


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


def examine(path: Path, name: str, separator: str | None = None) -> Shape:
    """The file's shape, once everything about its bytes has been found in order.

    Raises:
        DataRefused: with every structural problem, up to 20 a kind, at its line.
    """
    if path.stat().st_size == 0:
        raise DataRefused([Problem(Place(name), "empty-file", "The file is empty. An export has at least a header.")])
    with path.open("rb") as file, closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as data:
        _signature(data, name)
        opening = _opening(data, name, separator)
        with ThreadPoolExecutor(1) as beside:
            digest = beside.submit(_digest, path, name)
            try:
                counted = _records(path, data, opening, name)
            except pl.exceptions.PolarsError:
                counted = opening  # Text that is not UTF-8: the other look knows where, and raises below.
            sha256 = digest.result()
    return replace(counted, sha256=sha256)


# ---------------------------------------------------------------- what kind of file


def _signature(data: mmap.mmap, name: str) -> None:
    start = bytes(data[:512])
    for mark, what, mend in SIGNATURES:
        if start.startswith(mark):
            raise _refused(name, 0, "not-csv", f"The content is {what}, not delimited text. {mend}.")
    markup = MARKUP.match(start.removeprefix(BOM))
    if markup:
        raise _refused(name, 1, "not-csv", f"The content is {markup.lastgroup}, not delimited text. Export it as CSV.")
    at = data.find(b"\0")
    if at >= 0:
        wide = start[1:64:2].count(0) > 8 or start[0:64:2].count(0) > 8
        hint = " It looks like UTF-16: save it as CSV UTF-8." if wide else " The file is damaged: export it again."
        raise _refused(name, _line(data, at), "nul-byte", f"A NUL byte stands at byte {at:,}.{hint}")
    if data.find(b"\n") < 0 and data.find(b"\r") >= 0:
        text = "The lines end in a bare CR, as on very old systems. Save the file with LF or CRLF line ends."
        raise _refused(name, 0, "cr-only-lines", text)
    # A single byte is looked for twenty times as fast as three.
    again = data.find(b"\n" + BOM) if data.find(BOM[:1], len(BOM)) >= 0 else -1
    if again >= 0:
        text = "A second byte order mark: two exports joined into one file. Give them as two files."
        raise _refused(name, _line(data, again + 1), "second-bom", text)


# ---------------------------------------------------------------- the header


def _opening(data: mmap.mmap, name: str, separator: str | None) -> Shape:
    start = bytes(data[:OPENING]).removeprefix(BOM)
    text = start.decode("utf-8", errors="replace")
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines) if line.strip()), None)
    if at is None:
        raise _refused(name, 0, "empty-file", "There is nothing but blank lines. An export has at least a header.")
    quoted = data.find(b'"') >= 0
    chosen = separator or _separator(lines[at:], name, at + 1)
    stream = io.StringIO("\n".join(lines[at:]), newline="\n")
    reader = csv.reader(stream, delimiter=chosen, strict=True) if quoted else csv.reader(
        stream, delimiter=chosen, quoting=csv.QUOTE_NONE
    )
    try:
        header = tuple(cell.strip().strip("\ufeff\u200b").strip() for cell in next(reader))
    except csv.Error:
        text = "The quotes of the header cannot be read: one is not closed, or text follows a closing one."
        raise _refused(name, at + 1, "bad-header", text) from None
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
        raise _refused(name, at, "separator-unclear", text)
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


def _records(path: Path, data: mmap.mmap, shape: Shape, name: str) -> Shape:
    """Counts records and empty ones, and refuses each that is too short or too long."""
    if shape.quoted:
        bare = _unquoted(data, shape, name)
        found, skip = pl.scan_lines(io.BytesIO(bare)), _header_line(bare)
    else:
        found, skip = pl.scan_lines(path, glob=False), shape.first_line - 1
    sign = re.escape(shape.separator)
    line = pl.col("line")
    width = line.str.count_matches(shape.separator, literal=True)
    # Regexes that are decided at a line's first letter, or look for one rare byte: this meets every line there is.
    empty = ~line.str.contains(rf"[^{sign}\s]")
    odd = line.str.contains(r"\r.") if data.find(b"\r") >= 0 else pl.lit(False)
    unlike = width != len(shape.header) - 1
    lazy = found.slice(skip)
    counts = lazy.select(records=pl.len(), empty=empty.sum(), unlike=unlike.sum(), odd=odd.sum())
    count = counts.collect(engine="streaming").row(0, named=True)
    # A blank line is an empty record of another width.
    bad = unlike & ((width > 0) | ~empty)
    if count["odd"] or (count["unlike"] and lazy.select(bad.any()).collect(engine="streaming").item()):
        places = lazy.with_row_index("at").filter(bad | odd).select("at", width=width, odd=odd, bad=bad)
        raise DataRefused(_misfits(path, shape, name, places.collect(), count["records"], data[-1:] == b"\n"))
    return replace(shape, records=count["records"], empty=count["empty"])


def _misfits(path: Path, shape: Shape, name: str, found: pl.DataFrame, records: int, ended: bool) -> Iterator[Problem]:
    wanted = len(shape.header)
    lines = starts(path, shape, set(found["at"].to_list()), count_empty=True)
    for at, width, odd, bad in found.head(SHOWN).iter_rows():
        place = Place(name, lines.get(at, 0))
        if odd:
            yield Problem(place, "stray-cr", "A CR stands inside the line. Export with LF or CRLF line ends throughout.")
        elif bad and width + 1 > wanted:
            text = f"{width + 1} cells where the header has {wanted}. Is there an unquoted {shape.separator!r} in a cell?"
            yield Problem(place, "long-row", text)
        elif bad:
            cut = " The file ends inside a record: export it again." if at == records - 1 and not ended else ""
            yield Problem(place, "short-row", f"{width + 1} cells where the header has {wanted}.{cut}")
    if found.height > SHOWN:
        yield Problem(Place(name), "more-bad-rows", f"{found.height - SHOWN:,} more rows have a wrong number of cells.")


def starts(path: Path, shape: Shape, wanted: Iterable[int], count_empty: bool = False) -> dict[int, int]:
    """Physical line on which each wanted record begins, records counted from 0 below the header.

    Empty records are not counted unless asked. Slow, and only for the few places a problem names.
    """
    if not shape.quoted and (count_empty or not shape.empty):
        return {at: shape.first_line + at for at in wanted}
    wanted, found, at, before = set(wanted), {}, -1, 0
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        how = csv.QUOTE_MINIMAL if shape.quoted else csv.QUOTE_NONE
        reader = csv.reader(file, delimiter=shape.separator, quoting=how)
        for record in reader:
            start, before = before + 1, reader.line_num
            if start < shape.first_line or not (count_empty or any(cell.strip() for cell in record)):
                continue
            at += 1
            if at in wanted:
                found[at] = start
    return found


# ---------------------------------------------------------------- quotes


def _unquoted(data: mmap.mmap, shape: Shape, name: str) -> bytes:
    """The bytes with every well-formed quoted cell replaced by one letter, so that what is left holds no quotes."""
    sign = re.escape(shape.separator.encode())
    cell = re.compile(rb'(?:(?<=[' + sign + rb'\n])|\A|(?<=\A\xef\xbb\xbf))"[^"]*(?:""[^"]*)*"(?=[' + sign + rb'\r\n]|\Z)')
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


def _stray(data: mmap.mmap, at: int, shape: Shape, name: str) -> DataRefused:
    start = data.rfind(b"\n", 0, at) + 1
    opens = at == start or data[at - 1 : at] == shape.separator.encode()
    closing_quote = data.find(b'"', at + 1)
    same_line = closing_quote >= 0 and data.find(b"\n", at, closing_quote) < 0
    column = data[start:at].count(shape.separator.encode()) + 1
    place = Place(name, _line(data, at), column)
    if opens and not same_line:
        return DataRefused([Problem(place, "unclosed-quote", "A quote opens here and is not closed before the next one.")])
    what = "Text follows the closing quote." if opens else "A quote stands inside a cell that is not quoted."
    return DataRefused([Problem(place, "stray-quote", f'{what} Inside a quoted cell a quote is written twice ("").')])


def _header_line(bare: bytes) -> int:
    for number, line in enumerate(io.BytesIO(bare), 1):
        if line.removeprefix(BOM).strip():
            return number
    return 0


# ---------------------------------------------------------------- the bytes themselves


def _digest(path: Path, name: str) -> str:
    """SHA-256 of the file, after making sure that all of it is UTF-8."""
    sha, decoder, done = hashlib.sha256(), getincrementaldecoder("utf-8")(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha.update(chunk)
            pending = len(decoder.getstate()[0])
            if not pending and chunk.isascii():
                done += len(chunk)
                continue
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                raise _not_utf8(path, name, done - pending + error.start) from None
            done += len(chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise _not_utf8(path, name, done - 1) from None
    return sha.hexdigest()


def _not_utf8(path: Path, name: str, at: int) -> DataRefused:
    with path.open("rb") as file:
        line = sum(chunk.count(b"\n") for chunk in _pieces(file, at)) + 1
    text = f"Byte {at:,} is not UTF-8. Save the file as CSV UTF-8, or say its `encoding:` in the layout (gb18030, ...)."
    return DataRefused([Problem(Place(name, line), "not-utf8", text)])


def _pieces(file: io.BufferedReader, left: int) -> Iterator[bytes]:
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk


def _line(data: mmap.mmap, at: int) -> int:
    return data[:at].count(b"\n") + 1


def _refused(name: str, line: int, problem: str, text: str) -> DataRefused:
    return DataRefused([Problem(Place(name, line), problem, text)])
