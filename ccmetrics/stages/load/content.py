"""What a file's bytes are, before they are a table: their kind, their encoding, their hash.

In: a file that is to be text, and what layouts declare of encodings. Out: `Text`, or the one thing that is wrong.
Refuses to know: separators, records, what a column means.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ccmetrics.catalogue.models import Layout
from ccmetrics.problem import DataRefused, Place, Problem

BOM = b"\xef\xbb\xbf"
CHUNK = 1 << 22

SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "Save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save it as CSV UTF-8"),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it first"),
    (b"%PDF", "a PDF", "Export the table itself as CSV"),
    (b"PAR1", "a Parquet file", "Give it the ending .parquet"),
    (b"\xff\xfe", "encoded as UTF-16", "Save it as CSV UTF-8"),
    (b"\xfe\xff", "encoded as UTF-16", "Save it as CSV UTF-8"),
)
MARKUP = re.compile(
    rb"\s*(?:(?P<HTML><!doctype|<html|<table|<\?xml)|(?P<JSON>\{\s*[\"}]|\[\s*[\[{\"\]]))", re.IGNORECASE
)


Bytes = bytes | mmap.mmap


@dataclass(frozen=True)
class Text:
    """A file as UTF-8 text, whatever it lies on the disk as. It may begin with a byte order mark."""

    data: Bytes
    """A map of the file while it is open, or bytes that stay."""
    path: Path | None
    """The file itself, where the data are its very bytes: the engine may scan it. Else it scans the data."""
    encoding: str
    notices: tuple[str, ...]
    digest: Callable[[], str]
    """SHA-256 of the file, after making sure that all of it is valid: to be run beside the guard. May refuse."""

    @property
    def source(self) -> Path | bytes:
        """What the engine scans, and what lines are looked up in later: good beyond the `with` of `text_of`."""
        return self.path or bytes(self.data)


@contextmanager
def text_of(path: Path, name: str, layouts: Sequence[Layout] = (), member: str | None = None) -> Iterator[Text]:
    """The text of a file. A `data` that is a map is closed on leaving; the digest must have been taken by then.

    Raises:
        DataRefused: where the content is no text, whatever the file is called.
    """
    if path.stat().st_size == 0:
        raise refusal(name, 0, "empty-file", "The file is empty. An export has at least a header.")
    with path.open("rb") as file, closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as data:
        check_kind(data, name)
        yield Text(data, path, "utf-8", (), partial(digest, path, name))


def check_kind(data: Bytes, name: str) -> None:
    """Raises DataRefused where the content is no text in lines, whatever the file is called."""
    start = bytes(data[:512])
    for mark, what, mend in SIGNATURES:
        if start.startswith(mark):
            raise refusal(name, 0, "not-csv", f"The content is {what}, not delimited text. {mend}.")
    at = data.find(b"\0")
    if at >= 0:
        wide = start[1:64:2].count(0) > 8 or start[0:64:2].count(0) > 8
        hint = " It looks like UTF-16: save it as CSV UTF-8." if wide else " The file is damaged: export it again."
        raise refusal(name, line_at(data, at), "nul-byte", f"A NUL byte stands at byte {at:,}.{hint}")
    # A single byte is looked for twenty times as fast as three.
    again = data.find(b"\n" + BOM) if data.find(BOM[:1], len(BOM)) >= 0 else -1
    if again >= 0:
        text = "A second byte order mark: two exports joined into one file. Give them as two files."
        raise refusal(name, line_at(data, again + 1), "second-bom", text)


def check_lines(data: Bytes, name: str) -> None:
    """Raises DataRefused where text is no delimited lines."""
    markup = MARKUP.match(bytes(data[:512]).removeprefix(BOM))
    if markup:
        raise refusal(name, 1, "not-csv", f"The content is {markup.lastgroup}, not delimited text. Export it as CSV.")
    if data.find(b"\n") < 0 and data.find(b"\r") >= 0:
        text = "The lines end in a bare CR, as on very old systems. Save the file with LF or CRLF line ends."
        raise refusal(name, 0, "cr-only-lines", text)


def digest(path: Path, name: str) -> str:
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


def stream_of(source: Path | bytes) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def line_at(data: Bytes, at: int) -> int:
    return data[:at].count(b"\n") + 1


def refusal(name: str, line: int, problem: str, text: str) -> DataRefused:
    return DataRefused([Problem(Place(name, line), problem, text)])
