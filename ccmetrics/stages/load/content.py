"""What a file's bytes are, before they are a table: their kind, their encoding, their hash.

In: a file that is to be text, and what layouts declare of encodings. Out: `Text`, or the one thing that is wrong.
Refuses to know: separators, records, what a column means.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import BinaryIO

from ccmetrics.catalogue.models import Layout
from ccmetrics.notice import Notice
from ccmetrics.stages.load.encoding import BOM, Bytes, Decoded, as_utf8, line_at, refusal
from ccmetrics.stages.load.unpack import packed_as, unpacked

__all__ = ["BOM", "Bytes", "Text", "check_lines", "line_at", "refusal", "stream_of", "text_of"]

CHUNK = 1 << 26
SIGNATURES = (
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook, or one with a password", "Save it as .xlsx, without one"),
    (rb"%PDF-", "a PDF", "Export the table itself as CSV"),
    (rb"PAR1", "a Parquet file", "Give it, unpacked, a name that ends in .parquet"),
    (rb"\{\\rtf", "a word processor's text", "Export the table itself as CSV"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP", "a picture", "Export the table itself as CSV"),
    (rb"SQLite format 3\0|ARROW1|ORC[\0-\x20]|Obj\x01|\x89HDF", "a database", "Export the table itself as CSV"),
    (
        rb"BZh[1-9]1AY|\xfd7zXZ|7z\xbc\xaf|Rar!\x1a|\x28\xb5\x2f\xfd|\x1f[\x9d\xa0]",
        "packed",
        "Unpack it, or pack it with gzip",
    ),
    (rb"\x7fELF|MZ.\0|\xca\xfe\xba\xbe", "a program", "Export the table itself as CSV"),
)
MARKUP = re.compile(
    rb"\s*(?:(?P<XML><\?xml)|(?P<HTML><(?:!doctype|!--|html|head|meta|body|table|div|script))"
    rb"|(?P<JSON>\{\s*[\"}]|\[\s*[\[{\"\]]))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Text:
    """A file as UTF-8 text, whatever it lies on the disk as. It may begin with a byte order mark."""

    data: Bytes
    """A map of the file while it is open, or bytes that stay."""
    path: Path | None
    """The file itself, where the data are its very bytes: the engine may scan it. Else it scans the data."""
    encoding: str
    notices: tuple[Notice, ...]
    digest: Callable[[], str]
    """SHA-256 of the file as it lies on the disk, waited for: to be asked last, and within the `with`."""
    unpacked: str = ""
    """SHA-256 of what was packed in it, where it is an archive."""

    @property
    def source(self) -> Path | bytes:
        """What the engine scans, and what lines are looked up in later: good beyond the `with` of `text_of`."""
        return self.path or bytes(self.data)


@contextmanager
def text_of(
    path: Path, name: str, layouts: Sequence[Layout] = (), member: str | None = None, named: bool = False
) -> Iterator[Text]:
    """The text of a file, whose `data` may be a map that is closed on leaving. `named`: the only layout is its own.

    Raises:
        DataRefused: where the content is no text, whatever the file is called.
    """
    if path.stat().st_size == 0:
        raise refusal(name, 0, "empty-file", "The file is empty. An export has at least a header.")
    with (
        path.open("rb") as file,
        closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)) as data,
        _hashed_beside(data) as digest,
    ):
        inner = unpacked(path, name, member) if packed_as(data[:4]) else None
        _check_kind(data if inner is None else inner, name)
        found = as_utf8(data if inner is None else inner, name, layouts, named)
        _check_signs(found, name, is_file=found.data is data)
        digested = "" if inner is None else hashlib.sha256(inner).hexdigest()
        own = path if found.data is data else None
        yield Text(found.data, own, found.encoding, found.notices, digest, digested)


@contextmanager
def _hashed_beside(data: mmap.mmap) -> Iterator[Callable[[], str]]:
    """The SHA-256, begun at once, beside all else that looks at the bytes, and left where they are refused."""
    left = Event()
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(_hash, data, left)
        try:
            yield hashed.result
        finally:
            left.set()


def _hash(data: mmap.mmap, left: Event) -> str:
    # In big pieces, over which the lock is let go: between them it is waited for, behind whoever looks for quotes.
    sha = hashlib.sha256()
    with memoryview(data) as view:
        for start in range(0, len(view), CHUNK):
            if left.is_set():
                break
            sha.update(view[start : start + CHUNK])
    return sha.hexdigest()


def _check_kind(data: Bytes, name: str) -> None:
    """Raises DataRefused where the content is another format's, whatever the file is called."""
    start = bytes(data[:512])
    if not start:
        raise refusal(name, 0, "empty-file", "What is packed is empty. An export has at least a header.")
    for mark, what, mend in SIGNATURES:
        if re.match(mark, start, re.DOTALL):
            raise refusal(name, 0, "not-csv", f"The content is {what}, not delimited text. {mend}.")


def _check_signs(found: Decoded, name: str, is_file: bool) -> None:
    """Raises DataRefused at a sign that no text has: a zero byte, a byte order mark further down."""
    data = found.data
    if (at := data.find(b"\0")) >= 0:
        of = "" if is_file else " of its text"
        tail = not data[at : at + CHUNK].strip(b"\0")
        hint = "The file ends in nothing else: it was cut off." if tail else "The file is damaged."
        text = f"A NUL byte stands at byte {at:,}{of}. {hint} Export it again."
        raise refusal(name, line_at(data, at), "nul-byte", text)
    # A single byte is looked for twenty times as fast as three.
    at = data.find(BOM, len(BOM)) if data.find(BOM[:1], len(BOM)) >= 0 else -1
    while at >= 0:
        header = bytes(data[:256]).replace(BOM, b"").split(b"\n")[0].rstrip()
        if data[at - 1 : at] == b"\n" or data[at + len(BOM) : at + len(BOM) + len(header)] == header:
            text = "A second byte order mark: two exports joined into one file. Give them as two files."
            raise refusal(name, line_at(data, at), "second-bom", text)
        at = data.find(BOM, at + 1)


def check_lines(data: Bytes, name: str) -> None:
    """Raises DataRefused where text is no delimited lines."""
    markup = MARKUP.match(bytes(data[:512]).removeprefix(BOM))
    if markup:
        raise refusal(name, 1, "not-csv", f"The content is {markup.lastgroup}, not delimited text. Export it as CSV.")
    if data.find(b"\n") < 0 and data.find(b"\r") >= 0:
        text = "The lines end in a bare CR, as on very old systems. Save the file with LF or CRLF line ends."
        raise refusal(name, 0, "cr-only-lines", text)


def stream_of(source: Path | bytes) -> BinaryIO:
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)
