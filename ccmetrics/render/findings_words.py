"""What every format of a check's findings says alike: how many there are, and where a file is from here.

In: findings. Out: one line of text; names of files.
Refuses to know: formats, how anything is found.
"""

from __future__ import annotations

import os
from pathlib import Path

from ccmetrics.catalogue import builtin
from ccmetrics.finding import Findings

MANY = {"piece of advice": "pieces of advice"}
"""Plurals that take more than an s."""


def summary(found: Findings) -> str:
    """`12 findings in 4 files: 2 errors, 10 warnings; 1 allowed; 91 KPIs, 10 cards, 3 tests`."""
    tests = _count(found.tests, "test")
    run = [] if "tests" in found.waiting else [tests]
    looked_at = ", ".join([_count(found.kpis, "KPI"), _count(found.cards, "card"), *run])
    beside = [
        f"{count:,} {what}" for count, what in ((len(found.allowed), "allowed"), (found.left_out, "left out")) if count
    ]
    told = [", ".join(beside)] if beside else []
    unseen = _listed([word for word in found.waiting if word != "tests"])
    left = [f"{tests} not run"] * ("tests" in found.waiting) + [f"{unseen} not looked at"] * bool(unseen)
    waits = [f"{', '.join(left)} before all errors are mended"] if left else []
    if not found.standing:
        return "; ".join([f"{looked_at}: {waits[0] if waits else 'no problems'}", *told])
    files = len({finding.problem.place.file for finding in found.standing})
    nouns = {"error": "error", "warning": "warning", "advice": "piece of advice"}
    grave = ", ".join(_count(count, nouns[severity]) for severity, count in found.counts.items() if count)
    standing = f"{_count(len(found.standing), 'finding')} in {_count(files, 'file')}: {grave}"
    return "; ".join([standing, *told, *waits, looked_at])


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def named(file: str) -> str:
    """A file as it was found; a built-in one by its name among them, wherever they are installed."""
    path = Path(file)
    is_ours = path.is_absolute() and path.is_relative_to(builtin())
    return f"builtin:{path.relative_to(builtin()).as_posix()}" if is_ours else file


def from_here(file: str) -> str:
    """The path of a file from the current folder, wherever it lies: a machine's own folders are nobody else's."""
    if named(file) != file:
        return named(file)
    try:
        return Path(os.path.relpath(file)).as_posix()
    except ValueError:  # Another drive: there is no way from here.
        return Path(file).name


def _count(count: int, what: str) -> str:
    return f"{count:,} {what if count == 1 else MANY.get(what, f'{what}s')}"
