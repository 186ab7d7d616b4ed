"""Conditions a caller may put on a run: enough rows, no score too low, no red line, no alarm.

In: a result and the limits of the command line. Out: what is so and whether it ends the run, or a refusal.
Refuses to know: how anything is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ccmetrics.problem import DataRefused, Place, Problem, UsageRefused

if TYPE_CHECKING:
    from ccmetrics.account import Account
    from ccmetrics.scorecard import Result

MET = 1
"""Exit code where a condition asked for was met."""


@dataclass(frozen=True)
class Condition:
    """A limit that was asked for, as the command line has it, and what became of it."""

    option: str
    is_met: bool
    said: Sequence[tuple[str, Mapping[str, object]]] = ()
    """Phrases and what goes into them; none where there is nothing to tell."""

    def text(self, lang: str = "en") -> str:
        from ccmetrics.render.words import after, say

        phrases = [say(key, lang, **parts) for key, parts in self.said or [("condition-not-met", {})]]
        return after(self.option, ("" if lang == "zh" else " ").join(phrases), lang)


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


def limit(asked: float | None) -> float | None:
    """Raises UsageRefused where it is no number that a score could be below."""
    if asked is None or math.isfinite(asked):
        return asked
    text = f"{asked:g} is no score. Write a number, such as 60."
    raise UsageRefused([Problem(Place("--fail-under"), "bad-number", text)])


def conditions(result: Result, under: float | None, red_line: bool, alarm: bool) -> list[Condition]:
    """Those that were asked for."""
    from ccmetrics.render.summary import alarms, red_lines, unjudged, unwatched

    found = [] if under is None else [_under(result, under)]
    if red_line:
        found.append(_on("red-line", {"red-line": red_lines(result), "red-line-unjudged": unjudged(result)}))
    if alarm:
        found.append(_on("alarm", {"alarm": alarms(result), "alarm-unwatched": unwatched(result)}))
    return found


def _under(result: Result, limit: float) -> Condition:
    """Whether any score is lower. Where nobody has a score, none is above it."""
    option = f"--fail-under {limit:g}"
    all_ = [score for card in result.scorecards for score in card.scores["score"]]
    scores = [score for score in all_ if score is not None]
    low = sum(score < limit for score in scores)
    if not scores:
        return Condition(option, True, [("condition-no-score", {})])
    without = [("condition-unscored", {"n": f"{len(all_) - len(scores):,}"})] if len(scores) < len(all_) else []
    if low:
        return Condition(option, True, [("condition-lower", {"n": low, "total": len(scores)}), *without])
    return Condition(option, False, [("condition-not-lower", {}), *without] if without else ())


def _on(what: str, counts: Mapping[str, Mapping[str, int]]) -> Condition:
    """Whether any card has a subject of that kind, or one of whom it cannot be told: unknown is not none.

    One that is on two cards counts on both.
    """
    said = [
        (f"condition-{kind}", {"cards": ", ".join(f"{name} {n:,}" for name, n in cards.items())})
        for kind, cards in counts.items()
        if cards
    ]
    return Condition(f"--fail-on-{what}", bool(said), said)


def told(found: Sequence[Condition]) -> Iterator[str]:
    """The sentences of those that end the run with code 1, and of those that do not tell of everybody."""
    return (each.text() for each in found if each.said)
