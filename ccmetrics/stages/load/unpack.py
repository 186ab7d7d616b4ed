"""Archives, unpacked in memory and within limits. Nothing is ever extracted to the disk.

In: a file, known by its first bytes. Out: the bytes packed in it, all of them and whole.
Refuses to know: encodings, tables. Names within an archive are names, and no paths.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import IO

from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem, Refused

GZIP, ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MAX_UNPACKED = 4 << 30
MAX_RATIO = 200
FREE = 10_000_000
"""Up to here the ratio does not matter: a small table may be very regular."""
CHUNK = 1 << 20
OFFICE = {"[Content_Types].xml", "mimetype"}
OWN = ("._", ".DS_Store")
BESIDE = (".md", ".yaml", ".yml")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def packed_as(start: bytes) -> str:
    """`gzip`, `zip`, or nothing."""
    return "gzip" if start.startswith(GZIP) else "zip" if start.startswith(ZIP) else ""


def members(path: Path, notices: list[Notice] | None = None) -> list[str]:
    """The names of the exports in a zip archive; none where the file is no such archive, or an office document.

    `notices` takes a word on those that are left aside.

    Raises:
        DataRefused: it is damaged, encrypted, empty, or would unpack to too much.
    """
    if not _is_zip(path):
        return []
    name = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if OFFICE & set(archive.namelist()):
                return []
            if not is_all(archive):
                raise _refusal(name, "damaged-archive", JOINED)
            return _sound(_entries(archive, [] if notices is None else notices), _limit(path), name)
    except Refused:
        raise
    except Exception as error:
        raise _damaged(name, error) from None


JOINED = (
    "Something stands before the archive or behind it, as when two were joined to one file, and would not be read. "
    "Give each archive as a file of its own, or pack it again."
)


def is_all(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is all that its file is: readers look at the end, and see of two joined the second alone."""
    file = archive.fp
    if file is None or min((info.header_offset for info in archive.infolist()), default=0):
        return False
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - len(END) - LONGEST_END))
    _, _, end = file.read().rpartition(END)
    return len(end) == COMMENT + int.from_bytes(end[COMMENT - 2 : COMMENT], "little")


END, COMMENT, LONGEST_END = b"PK\5\6", 18, 18 + 0xFFFF
"""The sign of the end record, where the comment begins behind it, and how much may stand behind it."""


def unpacked(path: Path, name: str, member: str | None) -> bytes:
    """What is packed in a gzip file, or in one member of a zip archive.

    Raises:
        DataRefused: it is damaged or cut short, or unpacks to too much, or is an archive in turn.
    """
    inside = members(path)
    is_zip = _is_zip(path)
    if is_zip and not inside:
        text = "The content is an Excel workbook or another office document, not delimited text. Save it as CSV UTF-8."
        raise _refusal(name, "not-csv", text)
    if member is None and len(inside) > 1:
        text = f"The archive holds {len(inside)} files. They are read one by one: name the member."
        raise _refusal(name, "several-members", text)
    try:
        if is_zip:
            found = _member(path, name, member or inside[0])
        else:
            with gzip.GzipFile(path) as stream:
                found = _drained(stream, _limit(path), name)
    except Refused:
        raise
    except Exception as error:
        raise _damaged(name, error) from None
    if packed_as(found[:4]):
        text = "An archive or a workbook is packed in this archive. Unpack the outer one, and give what is in it."
        raise _refusal(name, "archive-in-archive", text)
    return found


def _member(path: Path, name: str, member: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        info = _entries(archive, [])[member]
        # Else no more than the header says would be read, and whatever follows it left without a word.
        said, info.file_size = info.file_size, MAX_UNPACKED + 1
        with archive.open(info) as stream:
            found = _drained(stream, _limit(path), name)
    if len(found) != said:
        raise zipfile.BadZipFile
    return found


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return packed_as(file.read(4)) == "zip"


def _limit(path: Path) -> int:
    return min(MAX_UNPACKED, max(FREE, path.stat().st_size * MAX_RATIO))


def _drained(stream: IO[bytes] | gzip.GzipFile, limit: int, name: str) -> bytes:
    """All of a stream. What its headers say of its size is not asked."""
    whole = io.BytesIO()
    while piece := stream.read(CHUNK):
        if whole.tell() + len(piece) > limit:
            raise _too_large(name, limit)
        whole.write(piece)
    return whole.getvalue()


def _entries(archive: zipfile.ZipFile, notices: list[Notice]) -> dict[str, zipfile.ZipInfo]:
    """Members that may be exports, by a name that can be shown. What a desktop adds of its own is none."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        shown = "".join(c if c.isprintable() else "\ufffd" for c in info.filename)
        last = shown.rpartition("/")[2]
        if info.is_dir() or shown.startswith("__MACOSX/") or last.startswith(OWN) or last.lower().endswith(BESIDE):
            continue
        if last.startswith("."):
            member = f"{archive.filename}!{shown}"
            text = Notice(
                "{member}: left aside, its name is a hidden file's. Unpack it to have it read.", member=member
            )
            notices.append(text)
            continue
        if shown in found:
            raise _refusal(archive.filename or "", "damaged-archive", f"Two members are called '{shown}'. Unpack it.")
        found[shown] = info
    return found


def _sound(found: dict[str, zipfile.ZipInfo], limit: int, name: str) -> list[str]:
    """The members' names. A member cannot unpack to more than its header says, so the headers' sum is a bound."""
    if not found:
        raise _refusal(name, "empty-archive", "There is no export in this archive.")
    for shown, info in found.items():
        if info.flag_bits & 1:
            raise _refusal(f"{name}!{shown}", "encrypted-archive", "It is encrypted. Unpack it with its password.")
        if info.compress_type not in METHODS:
            text = "It is packed by an unusual method. Unpack it, or pack it with deflate."
            raise _refusal(f"{name}!{shown}", "damaged-archive", text)
    if sum(info.file_size for info in found.values()) > limit:
        raise _too_large(name, limit)
    return list(found)


def _too_large(name: str, limit: int) -> DataRefused:
    text = f"It unpacks to more than {limit:,} bytes. If it is a true export, unpack it and give what is in it."
    return _refusal(name, "too-large-unpacked", text)


def _damaged(name: str, error: Exception) -> DataRefused:
    text = f"The archive is damaged or was cut short ({type(error).__name__}). Export or copy it again."
    return _refusal(name, "damaged-archive", text)


def _refusal(name: str, problem: str, text: str) -> DataRefused:
    return DataRefused([Problem(Place(name), problem, text)])
