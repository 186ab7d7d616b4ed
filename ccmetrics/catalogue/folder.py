"""The files of a folder of definitions: those that are read, and those that look as if they were.

In: a folder, or one file. Out: shown names and bytes in the order of names; warnings of what is passed over.
Refuses to know: YAML, tables, what any file says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ccmetrics.catalogue.targets import FILE as TARGETS
from ccmetrics.problem import FileFailed, Place, Problem

SUFFIXES = (".yaml", ".yml")
WITH_TARGETS = ("", "cards")
"""Folders, from that of the definitions, in which a table of targets is read."""

_MEANT = re.compile(r"\.ya?ml(\.txt)?\s*", re.I)
_MEANT_TARGETS = re.compile(rf"{re.escape(TARGETS)}(\.txt)?\s*", re.I)


def contents(folder: Path) -> list[tuple[str, bytes]]:
    """Shown name and bytes of every YAML file of a folder, hidden ones apart, in the order of their names.

    Raises:
        FileFailed: one of them cannot be read, or there is none.
    """
    paths = [folder] if folder.is_file() else [p for p in _there(folder) if p.suffix in SUFFIXES]
    if not paths:
        what = "holds no definitions (*.yaml)" if folder.is_dir() else "does not exist"
        raise FileFailed([Problem(Place(str(folder)), "no-definitions", f"The folder '{folder}' {what}.")])
    found: list[tuple[str, bytes]] = []
    failed: list[Problem] = []
    for path in paths:
        try:
            found.append((shown(path), _bytes(path)))
        except FileFailed as error:
            failed += error.problems
    if failed:
        raise FileFailed(failed)
    return found


def targets_of(folder: Path) -> list[tuple[str, bytes]]:
    """Shown name and bytes of the tables of targets beside the YAML."""
    paths = [folder / inner / TARGETS for inner in WITH_TARGETS]
    return [(shown(path), _bytes(path)) for path in paths if path.is_file() or path.is_symlink()]


def unread(folder: Path) -> list[Problem]:
    """Files that somebody may take for definitions, and nobody reads."""
    return [
        Problem(Place(shown(path)), "unread-file", f"{why} Nothing of it counts.", about=("project",))
        for path in _there(folder)
        if (why := _why_unread(path, folder))
    ]


def _why_unread(path: Path, folder: Path) -> str:
    if path.is_dir():
        # Folders behind links are not walked through: they may lead in circles.
        is_meant = path.is_symlink() and any(_MEANT.fullmatch(inner.suffix) for inner in path.rglob("*"))
        return "Definitions stand behind this link to another folder, and links to folders are not followed." * is_meant
    end = _MEANT.search(path.name)
    if end is not None and end.end() == len(path.name) and path.suffix not in SUFFIXES:
        return f"Definitions are read from files whose names end in .yaml or .yml, and this one's ends in '{end[0]}'."
    is_read = path in [folder / inner / TARGETS for inner in WITH_TARGETS]
    if _MEANT_TARGETS.fullmatch(path.name) and not is_read:
        return f"Targets are read from a file '{TARGETS}' in the folder of the definitions, or in 'cards' there."
    return ""


def _there(folder: Path) -> Iterator[Path]:
    """What a folder holds at any depth, but for what is hidden."""
    for path in sorted(folder.rglob("*")):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        text = f"The file cannot be read: {error.strerror}."
        raise FileFailed([Problem(Place(shown(path)), "unreadable-file", text)]) from None


def shown(path: Path) -> str:
    """A path from where the reader stands, if it lies below; a link by its own name, not by what it leads to."""
    absolute, here = path.parent.resolve() / path.name, Path.cwd().resolve()
    return Path(os.path.relpath(absolute, here) if absolute.is_relative_to(here) else path).as_posix()
