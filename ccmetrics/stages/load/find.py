"""Which files are meant: those named, and the exports of folders named. Paths are taken literally.

In: paths. Out: files, in order, each of which can be opened.
Refuses to know: what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ccmetrics.problem import FileFailed, Place, Problem, UsageRefused
from ccmetrics.stages.load.raw import unreadable

SUFFIXES = (".csv", ".gz", ".parquet", ".zip")
BESIDE = (".md", ".yaml", ".yml")
"""Files that stand beside exports without being any."""
URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")


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
            problems.append(unreadable(str(path), error))
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
