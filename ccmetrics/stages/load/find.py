"""Which files are meant: those named, and the exports of folders named. Paths are taken literally.

In: paths, and of layouts the names they look for. Out: files, in order, each of which can be opened.
Refuses to know: what is in them, but for whether a text names what a layout looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ccmetrics.catalogue.models import Layout
from ccmetrics.notice import Notice
from ccmetrics.problem import FileFailed, Place, Problem, UsageRefused
from ccmetrics.stages.load.raw import unreadable
from ccmetrics.stages.load.recognize import fold, stand_in

EXPORTS = (".csv", ".tsv", ".xlsx", ".xlsm", ".jsonl", ".ndjson", ".parquet", ".gz", ".zip")
DOUBTFUL = (".txt", ".log", ".json")
"""What may be an export, or a note beside some: taken from a folder if a layout knows it."""
BESIDE = (".md", ".yaml", ".yml")
"""Files that stand beside exports without being any."""
OWN = (".", "~$")
"""What systems and open workbooks put into a folder for themselves."""
URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:/")


def find_exports(paths: Sequence[Path | str], notices: list[Notice] | None = None) -> list[Path]:
    """The files meant: those named, whatever they are called, and the exports of folders named, in order of name.

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


def is_doubtful(name: str) -> bool:
    """Whether the name of a file in a folder, or in an archive, leaves open if it is an export at all."""
    return name.lower().removesuffix(".gz").endswith(DOUBTFUL)


def seems_known(start: bytes, layouts: Iterable[Layout]) -> bool:
    """Whether what cannot be read begins, in some usual encoding, with all the names that a layout looks for."""
    openings = [fold(start[:OPENING].decode(encoding, errors="replace")) for encoding in ENCODINGS]
    return any(stand_in(opening, layout) for opening in openings for layout in layouts if layout.match)


OPENING = 1 << 16
ENCODINGS = ("utf-8", "gb18030", "utf-16")


def _within(folder: Path, notices: list[Notice]) -> list[Path]:
    seen = sorted(p for p in folder.iterdir() if not p.name.startswith(OWN))
    inside = [p for p in seen if p.is_file()]
    lost = [p for p in seen if not p.exists() or not (p.is_file() or p.is_dir())]
    if lost:
        text = "It stands in this folder and is no regular file, or leads to none. Remove it, or put the export there."
        raise FileFailed([Problem(Place(str(p)), "no-such-file", text) for p in lost])
    exports = [p for p in inside if p.suffix.lower() in EXPORTS + DOUBTFUL]
    others = [p for p in inside if p not in exports and p.suffix.lower() not in BESIDE]
    folders = [p for p in seen if p.is_dir()]
    notices += [
        Notice("{path}: left aside, it is a folder. Name it to have the exports in it read.", path=str(p))
        for p in folders
    ]
    notices += [
        Notice("{path}: left aside, its name does not end as an export's does. Name it to have it read.", path=str(p))
        for p in others
    ]
    if not exports:
        text = f"There is no export in this directory: no file that ends in {', '.join(EXPORTS + DOUBTFUL)}."
        text += f" It holds {len(folders)} folders: name those." if folders else ""
        raise FileFailed([Problem(Place(str(folder)), "no-exports", text)])
    return exports
