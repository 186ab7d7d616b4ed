"""Conditions a caller may put on a run: enough rows, no score too low.

In: a result and the limits of the command line. Out: an exit code, or a refusal.
Refuses to know: how anything is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccmetrics.problem import DataRefused, Place, Problem, UsageRefused

if TYPE_CHECKING:
    from ccmetrics.account import Account
    from ccmetrics.scorecard import Result

MET = 1
"""Exit code where a condition asked for was met."""


def limits(asked: Sequence[str] | None) -> dict[str, int]:
    """`1000` and `interactions=1000` as table ('' for all together) and number.

    Raises:
        UsageRefused: it is neither.
    """
    found: dict[str, int] = {}
    for text in asked or ():
        table, _, number = text.rpartition("=")
        if not number.isdecimal():
            why = f"'{text}' is no number of rows. Write 1000, or interactions=1000."
            raise UsageRefused([Problem(Place("--min-rows"), "bad-number", why)])
        found[table.strip()] = int(number)
    return found


def enough(accounts: Sequence[Account], least: dict[str, int]) -> None:
    """Raises DataRefused where fewer rows were used than asked for."""
    problems = []
    for table, number in least.items():
        used = sum(account.used for account in accounts if table in ("", account.table))
        if used < number:
            what = f"of '{table}'" if table else "in all"
            text = f"{used:,} rows {what} were used; --min-rows asks for {number:,}."
            problems.append(Problem(Place("data"), "too-few-rows", text))
    if problems:
        raise DataRefused(problems)


def below(result: Result, limit: float | None) -> tuple[int, str]:
    """Exit code and sentence: whether any score is under the limit. Where nobody has a score, none is above it."""
    if limit is None:
        return 0, ""
    scores = [score for card in result.scorecards for score in card.scores["score"].drop_nulls()]
    if not scores:
        return MET, f"--fail-under {limit:g}: nobody has a score."
    low = sum(score < limit for score in scores)
    return (MET, f"--fail-under {limit:g}: {low} of {len(scores)} scores are lower.") if low else (0, "")
