"""Text in any encoding, as UTF-8: by its byte order mark, or by what a layout declares, and never by a guess.

In: bytes, and layouts, of which `match` and `file.encoding` are looked at. Out: the same text in UTF-8.
Refuses to know: records, archives, which layout is chosen in the end.
"""

from __future__ import annotations

import csv
import io
import mmap
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ccmetrics.catalogue.models import Layout
from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.recognize import names_all

Bytes = bytes | mmap.mmap
BOM = b"\xef\xbb\xbf"
MARKS = {BOM: "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
SEPARATORS = (",", ";", "\t", "|")
CHUNK = 1 << 20
# Where a header may stand, and how much of a file tells what it is.
LINES, OPENING = 200, 1 << 20


@dataclass(frozen=True)
class Decoded:
    data: Bytes
    encoding: str
    notices: tuple[Notice, ...] = ()


def as_utf8(data: Bytes, name: str, layouts: Sequence[Layout], named: bool = False) -> Decoded:
    """The text as UTF-8: what was given, where it is that already. `named`: the only layout is the one of this file.

    Raises:
        DataRefused: no one encoding is known, or its bytes do not fit it.
    """
    marked = next((encoding for mark, encoding in MARKS.items() if data[: len(mark)] == mark), None)
    said = layouts[0].file.encoding if named else None
    if marked or said:
        chosen = marked or said or ""
        why = Notice("as its byte order mark says") if marked else _by_layout(layouts[0].layout)
    else:
        chosen, layout = _by_header(data, name, layouts)
        why = _by_layout(layout)
    if chosen != "utf-8":
        return Decoded(_transcoded(data, chosen, name), chosen, (_read_as(chosen, name, why),))
    if (at := first_bad(data)) >= 0:
        raise _not_utf8(data, name, at)
    return Decoded(data, chosen, (_read_as("utf-8", name, why),) if marked and said not in (None, marked) else ())


def _read_as(encoding: str, name: str, why: Notice) -> Notice:
    return Notice("{export}: read as {encoding}, {why}", export=name, encoding=encoding, why=why)


def _by_layout(layout: str) -> Notice:
    return Notice("as layout '{layout}' says", layout=layout)


def _by_header(data: Bytes, name: str, layouts: Sequence[Layout]) -> tuple[str, str]:
    """The one encoding in which the header of a layout that declares it can be read, and the layout's name."""
    at, wide = first_bad(data), _wide(data)
    if at < 0 and not wide:
        _check_clear(data, name, layouts)
        return "utf-8", ""
    fitting = _fitting(data, layouts)
    if len(fitting) > 1:
        ways = " or ".join(f"{encoding} (layout '{layout}')" for encoding, layout in fitting.items())
        text = f"Its header can be read as {ways}. Say in the project which layout this file is of."
        raise refusal(name, 0, "encoding-unclear", text)
    for encoding, layout in fitting.items():
        return encoding, layout
    if wide:
        text = f"It looks like UTF-16 without a byte order mark. {_remedy(wide)}"
        raise refusal(name, 1, "not-utf8", text)
    raise _not_utf8(data, name, at)


def _fitting(data: Bytes, layouts: Sequence[Layout]) -> Mapping[str, str]:
    """Encodings that layouts declare and in which the header they look for stands in the opening, with the layout."""
    found: dict[str, str] = {}
    for layout in layouts:
        encoding = layout.file.encoding
        if encoding and encoding != "utf-8" and encoding not in found and _stands(data, layout, encoding):
            found[encoding] = layout.layout
    return found


def _stands(data: Bytes, layout: Layout, encoding: str) -> bool:
    lines = bytes(data[:OPENING]).decode(encoding, errors="replace").split("\n", LINES)[:LINES]
    for separator in dict.fromkeys((layout.file.separator or ",", *SEPARATORS)):
        headers = csv.reader((line.replace("\0", "")[:OPENING] for line in lines), delimiter=separator)
        try:
            if any(names_all(header, layout) for header in headers):
                return True
        except csv.Error:
            continue
    return False


# ---------------------------------------------------------------- bytes that fit


def first_bad(data: Bytes) -> int:
    """The first byte that is not UTF-8, or -1."""
    for start, piece in _pieces(data):
        try:
            # The engine looks ten times as fast as the codec.
            pl.Series([piece], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            try:
                piece.decode("utf-8")
            except UnicodeDecodeError as error:
                return start + error.start
    return -1


def _pieces(data: Bytes) -> Iterator[tuple[int, bytes]]:
    """Pieces that end where a character of UTF-8 ends."""
    start, end = 0, min(CHUNK, len(data))
    while start < len(data):
        while end < len(data) and start < end and data[end] & 0xC0 == 0x80:
            end -= 1
        end = end if end > start else min(start + CHUNK, len(data))
        yield start, data[start:end]
        start, end = end, min(end + CHUNK, len(data))


def _transcoded(data: Bytes, encoding: str, name: str) -> bytes:
    if encoding.startswith("utf-16"):
        _check_wide(data, encoding, name)
    else:
        _check_unmixed(data, encoding, name)
    whole, decoder, line = io.BytesIO(), getincrementaldecoder(encoding)(), 1
    for start in range(0, len(data), CHUNK):
        try:
            text = decoder.decode(data[start : start + CHUNK], final=start + CHUNK >= len(data))
            whole.write(text.encode())
        except UnicodeDecodeError as error:
            line += error.object[: error.start].decode(encoding, "replace").count("\n")
            text = f"Line {line} is not {encoding}, or the file was damaged. Export it again, in one encoding."
            raise refusal(name, line, "wrong-encoding", text) from None
        line += text.count("\n")
    return whole.getvalue()


def _check_wide(data: Bytes, encoding: str, name: str) -> None:
    """Raises where zero bytes do not stand where those of UTF-16 stand: any bytes at all decode to something in it."""
    if (found := _wide(data, share=0)) != encoding:
        what = f"The bytes look like {found}" if found else "The bytes are no UTF-16"
        raise refusal(name, 1, "wrong-encoding", f"{what}, but {encoding} is said. Mend `encoding:` in the layout.")


def _wide(data: Bytes, share: float = 1 / 16) -> str:
    """Which UTF-16 it looks like: every other byte of separators, digits and line ends is zero, and more than a share
    of all are."""
    start = bytes(data[:4096])
    high, low = start[0::2].count(0), start[1::2].count(0)
    if max(high, low) < max(4, share * len(start)) or max(high, low) <= 4 * min(high, low):
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _check_unmixed(data: Bytes, encoding: str, name: str) -> None:
    """Raises at a line that is UTF-8: in any other encoding it is letters too, but no words."""
    end = 0
    for match in UTF8_SIGNS[encoding].finditer(data):
        if match.start() < end:
            continue
        start = data.rfind(b"\n", 0, match.start()) + 1
        end = at if (at := data.find(b"\n", match.end())) >= 0 else len(data)
        line = data[start:end]
        if _fits(line, "utf-8") and not (encoding == "gb18030" and _fits(line, "gb2312")):
            text = f"The line is UTF-8, and the file is said to be {encoding}. Export it again, in one encoding."
            raise refusal(name, line_at(data, start), "wrong-encoding", text)


UTF8_SIGNS = {"gb18030": re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}"), "cp1252": re.compile(rb"[\xc2-\xf4][\x80-\xbf]")}
"""What a line of UTF-8 has. Common characters of GB18030 are those of GB2312, and no words of UTF-8 are only those."""


def _check_clear(data: Bytes, name: str, layouts: Sequence[Layout]) -> None:
    """Raises for UTF-8 of two-byte letters only that is as well GB18030 of a layout: Chinese words can be both."""
    if all(piece.isascii() for _, piece in _pieces(data)):
        return
    fitting = _fitting(data, [layout for layout in layouts if layout.file.encoding == "gb18030"])
    if not fitting or re.search(rb"[\xe0-\xff]", data[len(BOM) :]) or not _is_chinese(bytes(data)):
        return
    at = next(re.finditer(rb"[\x80-\xff]", data)).start()
    layout = fitting["gb18030"]
    text = f"The letters can be UTF-8 or Chinese in GB18030. Say in the project that the file is of layout '{layout}'."
    raise refusal(name, line_at(data, at), "encoding-unclear", text)


def _is_chinese(content: bytes) -> bool:
    """Whether it is GB18030 in which most letters beyond ASCII are Chinese."""
    if not _fits(content, "gb18030"):
        return False
    letters = [c for c in content.decode("gb18030") if not c.isascii()]
    return 2 * sum("\u4e00" <= c <= "\u9fff" for c in letters) > len(letters)


def _fits(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


# ---------------------------------------------------------------- refusals


def _not_utf8(data: Bytes, name: str, at: int) -> DataRefused:
    start = data.rfind(b"\n", 0, at) + 1
    lines = bytes(data[start : start + OPENING])
    whole = lines[: lines.rfind(b"\n") + 1] or lines
    guess = "gb18030" if _is_chinese(whole) else ""
    text = f"Byte {at:,} is not UTF-8. {_remedy(guess)}"
    return refusal(name, line_at(data, at), "not-utf8", text)


def _remedy(guess: str) -> str:
    return f"Save the file as CSV UTF-8, or say `file: {{encoding: {guess or '...'}}}` in its layout."


def line_at(data: Bytes, at: int) -> int:
    return sum(data[start : min(start + CHUNK, at)].count(b"\n") for start in range(0, at, CHUNK)) + 1


def refusal(name: str, line: int, problem: str, text: str) -> DataRefused:
    return DataRefused([Problem(Place(name, line), problem, text)])
