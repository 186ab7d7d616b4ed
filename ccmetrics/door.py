"""The Python door: paths in, frames out.

In: paths and names as on the command line. Out: Polars frames, or problems.
Refuses to know: how frames come about (run), how they are drawn.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from ccmetrics.finding import Finding
    from ccmetrics.run import Reading
    from ccmetrics.scorecard import Outcome

Paths = str | Path | Sequence[str | Path]


def score(
    data: Paths,
    *,
    card: str,
    period: str | None = None,
    config: str | Path | None = None,
    allow_rejects: int | str | None = None,
) -> pl.DataFrame:
    """One row a subject of a card: score, grade, pay coefficient, rank, coverage, and the parts of the score.

    `score` and `grade` are null where there is none, with `status` and `why`. `allow_rejects` (`3`, `"0.5%"`) sets bad
    rows aside, with a warning that says how many.

    Raises:
        ccmetrics.problem.Refused: definitions, data or files are not as they must be; carries every problem.
    """
    from ccmetrics import run

    reading = _reading(allow_rejects)
    found = run.score(_paths(data), config=_path(config), period=period, cards=[card], reading=reading)
    _warn(found)
    return found.scorecards[0].scores


def measure(
    data: Paths,
    kpis: Sequence[str] = (),
    *,
    by: Sequence[str] = (),
    where: str | None = None,
    period: str | None = None,
    config: str | Path | None = None,
    allow_rejects: int | str | None = None,
) -> pl.DataFrame:
    """KPI values, one row a group and KPI: the columns of `by`, then period, kpi, variant, value, n, interval, reason.

    Rates are 0..1, times are seconds unless the KPI's unit says otherwise; `value` is null with its `reason`.

    Raises:
        ccmetrics.problem.Refused: as `score`.
    """
    from ccmetrics import run

    reading = _reading(allow_rejects)
    found = run.measure(
        _paths(data), kpis=kpis, by=by, where=where, period=period, config=_path(config), reading=reading
    )
    _warn(found)
    return found.values


def check(
    config: str | Path | None = None,
    *,
    data: Paths = (),
    period: str | None = None,
    select: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
) -> list[Finding]:
    """Everything wrong or unwise about a catalogue (the built-in one where none is named), sorted by file and line.

    A finding has its `problem` (place, name, text), `severity` and `mend`. What is allowed is not among them. With
    `data`, the definitions are held against it, too. `select` and `ignore`: names of rules, families or severities.

    Raises:
        ccmetrics.problem.Refused: a file cannot be read, or there is none; the data are refused; a word is unknown.
    """
    from ccmetrics.examine import examine

    found = examine(_path(config), data=_paths(data), period=period, select=_words(select), ignore=_words(ignore))
    return list(found.standing)


def _words(words: str | Sequence[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def _reading(allow_rejects: int | str | None) -> Reading:
    from ccmetrics.run import Reading

    return Reading(None if allow_rejects is None else str(allow_rejects))


def _warn(found: Outcome) -> None:
    """A frame cannot say that rows are missing from it."""
    if found.partial:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in found.reasons.items())
        warnings.warn(f"PARTIAL: {found.rejects.height:,} bad rows were set aside ({reasons}).", stacklevel=3)


def _paths(data: Paths) -> list[Path]:
    return [Path(data)] if isinstance(data, str | Path) else [Path(path) for path in data]


def _path(config: str | Path | None) -> Path | None:
    return None if config is None else Path(config)
