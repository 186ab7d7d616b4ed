"""Names in a header: when two are the same, and whether a header has all that a layout looks for.

In: a header and layouts. Out: yes or no, or the names that stand there twice.
Refuses to know: cells, files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path, PurePosixPath

from ccmetrics.catalogue.models import Layout, Names
from ccmetrics.problem import DataRefused, Place, Problem


@lru_cache(1 << 14)
def fold(name: str) -> str:
    """A name without what nobody sees or means: case, outer and doubled spaces, no-break ones, zero-width signs."""
    return re.sub(r"\s+", " ", re.sub("[\u200b\u200c\u200d\u2060\ufeff]", "", name)).strip().casefold()


def is_called(path: Path, member: str | None, pattern: str) -> bool:
    """Whether a file, or the member of an archive, goes by a name of the pattern."""
    names = (path.name, PurePosixPath(member or "").name)
    return any(fnmatchcase(name, pattern) for name in names)


def called(names: Names) -> tuple[str, ...]:
    """The names one column goes by."""
    return (names,) if isinstance(names, str) else names


def names_all(header: Sequence[str], layout: Layout) -> bool:
    """Whether the header has every column of `match` and `match_values`, under one of its names."""
    there = {fold(name) for name in header}
    wanted = (*layout.match, *layout.match_values)
    return all(any(fold(name) in there for name in called(names)) for names in wanted)


def stand_in(text: str, layout: Layout) -> bool:
    """Whether all that a layout looks for stands somewhere in a folded text."""
    return all(any(fold(name) in text for name in called(names)) for names in (*layout.match, *layout.match_values))


def check_names(header: Sequence[str], name: str, line: int) -> None:
    """Raises DataRefused where a header names nothing at all, or one thing twice."""
    if not any(header):
        text = "The header names no column. Export the file again, with its header."
        raise DataRefused([Problem(Place(name, line), "blank-header", text)])
    seen: dict[str, int] = {}
    problems = []
    for at, cell in enumerate(header, 1):
        if cell and (first := seen.setdefault(fold(cell), at)) != at:
            text = f"The header names '{cell}' in columns {first} and {at}. Rename or remove one of them."
            problems.append(Problem(Place(name, line, at), "duplicate-header", text))
    if problems:
        raise DataRefused(problems)
