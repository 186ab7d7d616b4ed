"""An export once it is structurally sound, whatever it was a file of: one frame, and the place of each of its rows.

In: what the readers found. Out: `Raw`, and the one way in which the engine is asked to read.
Refuses to know: any one format, layouts, canonical tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import polars as pl

from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, FileFailed, Place, Problem, Refused

T = TypeVar("T")

MISFITS = {"line": pl.Int64, "column": pl.Int64, "reason": pl.String, "text": pl.String}
"""Records that are no rows of the table: where each begins, the name of its problem, and the sentence."""


def no_misfits() -> pl.DataFrame:
    return pl.DataFrame(schema=MISFITS)


@dataclass(frozen=True)
class Raw:
    """One export, structurally sound but for the records it lists as misfits."""

    path: Path
    name: str
    """The path as it was given, for places; with `!member` or `!sheet` behind it where the file holds several."""
    kind: Literal["text", "typed"]
    header: tuple[str, ...]
    frame: pl.LazyFrame
    """Columns named as in the header, `text` ones all String, `typed` ones (Parquet) as they come. No misfits in it."""
    rows: int
    """Rows of the frame."""
    sha256: str
    """Of the file. For Parquet `footer:...` stands in (its size and footer) unless the full hash was asked for."""
    stamp: tuple[int, int]
    notices: tuple[Notice, ...] = ()
    columns: tuple[str, ...] = ()
    """All cells of the header, blank ones too: a column's number in the file is its place here."""
    header_line: int = 0
    lines: Callable[[Iterable[int]], dict[int, int]] | None = None
    """Physical lines (sheet rows) of rows of the frame. Of Parquet, which has none, the row's number counted from 1."""
    misfits: pl.DataFrame = field(default_factory=no_misfits)
    """Schema `MISFITS`. They count as read and, unless the run tolerates them, refuse it."""
    records: Callable[[Iterable[int]], dict[int, str]] | None = None
    """The text that stands on these lines, for misfits; None where a record is no text of its own."""
    is_sparse: bool = False
    """Each record names only what it holds (JSON): a column that no record has is empty, and not unknown."""
    layout: str | None = None
    """The layout whose `file:` said how to open it."""
    unpacked: str = ""
    """SHA-256 of what was packed in the file, where it is an archive."""
    about: str = ""
    """What the file is, in a few words for `inspect`: `delimited by ';', UTF-16`."""

    def line_of(self, rows: Iterable[int]) -> dict[int, int]:
        return {row: row + 1 for row in rows} if self.lines is None else self.lines(rows)

    def check_unchanged(self) -> None:
        """Raises FileFailed if the file is not the one that was examined."""
        if stamp_of(self.path, self.name) != self.stamp:
            text = "The file changed while it was being read. Run again when its export is complete."
            raise FileFailed([Problem(Place(self.name), "file-changed", text)])


def guarded(read: Callable[[], T], name: str) -> T:
    """Runs a read of the engine. Its own errors quote cells and its panics are no Exceptions: neither may pass."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, Refused, OSError, MemoryError):
        raise
    except BaseException as error:
        text = f"The reader gave up on this file ({type(error).__name__}). It is damaged, or of an unusual kind."
        raise DataRefused([Problem(Place(name), "unreadable", text)]) from None


def stamp_of(path: Path, name: str) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise FileFailed([unreadable(name, error)]) from error
    return found.st_size, found.st_mtime_ns


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unreadable(name: str, error: OSError) -> Problem:
    return Problem(Place(name), "unreadable-file", f"It cannot be read: {error.strerror or error}.")
