"""Exports from the disk: which files there are, and each as a frame that nothing was guessed about.

In: paths, literally. Out: `Raw`, a lazy frame of text cells (CSV) or of the file's own types (Parquet), and its lines.
Refuses to know: layouts, canonical tables, what a cell means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import polars as pl

from ccmetrics.problem import DataRefused, FileFailed, Place, Problem, Refused, UsageRefused
from ccmetrics.stages.load.structure import Shape, examine, starts

T = TypeVar("T")
SUFFIXES = (".csv", ".parquet")
BESIDE = (".md", ".yaml", ".yml")
"""Files that stand beside exports without being any."""
URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")


@dataclass(frozen=True)
class Raw:
    """One export, structurally sound."""

    path: Path
    name: str
    """The path as it was given, for places."""
    kind: Literal["csv", "parquet"]
    header: tuple[str, ...]
    frame: pl.LazyFrame
    """Columns named as in the header: all text in a CSV, of their own types in Parquet."""
    rows: int
    sha256: str
    """Of the content. For Parquet `footer:...` stands in (its size and footer) unless the full hash was asked for."""
    stamp: tuple[int, int]
    notices: tuple[str, ...] = ()
    shape: Shape | None = None

    def line_of(self, rows: Iterable[int]) -> dict[int, int]:
        """Physical lines of rows, counted from 0. Of Parquet, which has no lines, the row counted from 1."""
        if self.shape is None:
            return {row: row + 1 for row in rows}
        return starts(self.path, self.shape, rows)

    def check_unchanged(self) -> None:
        """Raises FileFailed if the file is not the one that was examined."""
        if _stamp(self.path, self.name) != self.stamp:
            text = "The file changed while it was being read. Run again when its export is complete."
            raise FileFailed([Problem(Place(self.name), "file-changed", text)])


# ---------------------------------------------------------------- which files


def find_exports(paths: Sequence[Path | str], notices: list[str] | None = None) -> list[Path]:
    """The files meant: those named, and the CSV and Parquet files of directories named, in order of name.

    Raises:
        UsageRefused: an address that is no path. FileFailed: a path that is not there, or no file.
    """
    found: list[Path] = []
    problems: list[Problem] = []
    for given in paths:
        if URL.match(str(given)):
            text = "This is an address, and ccmetrics reads only files. Fetch it first."
            raise UsageRefused([Problem(Place(str(given)), "not-a-path", text)])
        path = Path(given)
        try:
            if path.is_dir():
                found += _within(path, notices if notices is not None else [])
            elif path.is_file():
                found.append(path)
            else:
                what = "This is no regular file." if path.exists() else "There is no such file or directory."
                problems.append(Problem(Place(str(path)), "no-such-file", what))
        except OSError as error:
            problems.append(_unreadable(str(path), error))
    if problems:
        raise FileFailed(problems)
    return found


def _within(folder: Path, notices: list[str]) -> list[Path]:
    inside = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    exports = [p for p in inside if p.suffix.lower() in SUFFIXES]
    others = [p for p in inside if p not in exports and p.suffix.lower() not in BESIDE]
    notices += [f"{p}: left aside, its name does not end in .csv or .parquet" for p in others]
    if not exports:
        text = "There is no .csv or .parquet file in this directory."
        raise FileFailed([Problem(Place(str(folder)), "no-exports", text)])
    return exports


def load_all(paths: Sequence[Path | str], notices: list[str] | None = None) -> list[Raw]:
    """Every export of the paths, each once, with all problems of all files collected."""
    raws: list[Raw] = []
    refusals: list[Refused] = []
    for path in find_exports(paths, notices):
        try:
            raws.append(load(path))
        except (DataRefused, FileFailed) as refused:
            refusals.append(refused)
    problems = [problem for refused in refusals for problem in refused.problems] + _twice(raws)
    if problems:
        kind = FileFailed if any(isinstance(r, FileFailed) for r in refusals) else DataRefused
        raise kind(problems)
    return raws


def _twice(raws: Sequence[Raw]) -> list[Problem]:
    """The same content under any name would count every row twice."""
    problems = []
    seen: dict[str, Raw] = {}
    for raw in raws:
        first = seen.setdefault(raw.sha256, raw)
        if first is not raw and (raw.shape or _sha256(raw.path) == _sha256(first.path)):
            text = f"The same content as {first.name}. Give it once."
            problems.append(Problem(Place(raw.name), "duplicate-file", text))
    return problems


# ---------------------------------------------------------------- one file


def load(path: Path | str, separator: str | None = None, full_hash: bool = False) -> Raw:
    """One export, refused as a whole if anything about its structure is in doubt."""
    path, name = Path(path), str(path)
    stamp = _stamp(path, name)
    try:
        if path.suffix.lower() == ".parquet":
            raw = _parquet(path, name, stamp, full_hash)
        else:
            raw = _csv(path, name, stamp, separator)
    except OSError as error:
        raise FileFailed([_unreadable(name, error)]) from error
    raw.check_unchanged()
    return raw


def _csv(path: Path, name: str, stamp: tuple[int, int], separator: str | None) -> Raw:
    shape = examine(path, name, separator)
    if not any(shape.header):
        text = "The header names no column. Export the file again, with its header."
        raise DataRefused([Problem(Place(name, shape.header_line), "blank-header", text)])
    # Blank headers get names no header can have, to be looked at once and dropped.
    names = [cell or f"\0{at}" for at, cell in enumerate(shape.header, 1)]
    frame = pl.scan_csv(
        path,
        glob=False,
        # The header is read and renamed, not skipped: a schema would be held against the first line, blank or not.
        skip_lines=shape.header_line - 1,
        new_columns=names,
        infer_schema=False,
        separator=shape.separator,
        quote_char='"' if shape.quoted else None,
        raise_if_empty=False,
    )
    is_empty = pl.all_horizontal(pl.all().fill_null("").str.strip_chars().str.len_bytes() == 0)
    empty = shape.empty
    if shape.quoted:
        read, empty = guarded(lambda: frame.select(pl.len(), is_empty.sum().alias("empty")).collect(), name).row(0)
        if read != shape.records:
            text = "The quotes of this file can be read in two ways. Export it again, every text cell in quotes."
            raise DataRefused([Problem(Place(name), "quotes-unclear", text)])
        shape = replace(shape, empty=empty)
    if empty:
        frame = frame.filter(~is_empty)
    notices = [f"{name}: {empty:,} blank lines skipped"] if empty else []
    frame, notice = _without_blank_headers(frame, names, shape, name)
    header = tuple(cell for cell in shape.header if cell)
    return Raw(path, name, "csv", header, frame, shape.records - empty, shape.sha256, stamp, (*notices, *notice), shape)


def _without_blank_headers(
    frame: pl.LazyFrame, names: list[str], shape: Shape, name: str
) -> tuple[pl.LazyFrame, list[str]]:
    """The frame without its unnamed columns, which must hold nothing."""
    unnamed = [n for n in names if n.startswith("\0")]
    if not unnamed:
        return frame, []
    holds = pl.col(unnamed).fill_null("").str.strip_chars().str.len_bytes() > 0
    counts = guarded(lambda: frame.select(holds.sum()).collect(engine="streaming").row(0), name)
    problems = [
        Problem(
            Place(name, shape.header_line, int(column[1:])),
            "blank-header",
            f"Column {column[1:]} has no name in the header, but {count:,} cells with content. Name it.",
        )
        for column, count in zip(unnamed, counts, strict=True)
        if count
    ]
    if problems:
        raise DataRefused(problems)
    return frame.drop(unnamed), [f"{name}: {len(unnamed)} unnamed, empty columns dropped"]


def _parquet(path: Path, name: str, stamp: tuple[int, int], full_hash: bool) -> Raw:
    footer = _footer(path, name)
    frame = pl.scan_parquet(path, glob=False)
    header = tuple(guarded(frame.collect_schema, name).names())
    rows = guarded(lambda: frame.select(pl.len()).collect(engine="streaming").item(), name)
    sha256 = _sha256(path) if full_hash else f"footer:{footer}"
    return Raw(path, name, "parquet", header, frame, int(rows), sha256, stamp)


def _footer(path: Path, name: str) -> str:
    """A stand-in for the hash of gigabytes: that of the size and the footer, which holds every chunk's statistics."""
    size = path.stat().st_size
    with path.open("rb") as file:
        starts_well = file.read(4) == b"PAR1"
        file.seek(max(0, size - 8))
        tail = file.read(8)
        length = int.from_bytes(tail[:4], "little")
        if not starts_well or tail[4:] != b"PAR1" or length > size - 12:
            text = "This is no Parquet file, or it was cut short. Export it again."
            raise DataRefused([Problem(Place(name), "not-parquet", text)])
        file.seek(size - 8 - length)
        return hashlib.sha256(size.to_bytes(8, "little") + file.read(length)).hexdigest()


# ---------------------------------------------------------------- the disk and the reader


def guarded(read: Callable[[], T], name: str) -> T:
    """Runs a read of the engine. Its own errors quote cells and its panics are no Exceptions: neither may pass."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, Refused, OSError, MemoryError):
        raise
    except BaseException as error:
        text = f"The reader gave up on this file ({type(error).__name__}). It is damaged, or of an unusual kind."
        raise DataRefused([Problem(Place(name), "unreadable", text)]) from None


def _stamp(path: Path, name: str) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise FileFailed([_unreadable(name, error)]) from error
    return found.st_size, found.st_mtime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreadable(name: str, error: OSError) -> Problem:
    return Problem(Place(name), "unreadable-file", f"It cannot be read: {error.strerror or error}.")
