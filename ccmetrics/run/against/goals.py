"""Goals held against data: those nobody reaches, and those everybody does.

In: a card over real data. Out: problems, each at its goal.
Refuses to know: definitions without data, how points are earned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Line, LinkedLine
from ccmetrics.catalogue.scope import Path
from ccmetrics.problem import Problem
from ccmetrics.run.against.held import FEWEST, HAIR, Check, Held, few, named, told
from ccmetrics.stages.score.goals import better_of, earns
from ccmetrics.stages.score.supported import variant_of

FULL = 100.0
"""Points of a goal that is met."""

Row = dict[str, Any]


def unreached(held: Held) -> Iterator[Problem]:
    """A goal that nobody reaches, in this period or a cycle before it."""
    for index, line, own in _met(held):
        if own["points"].max() >= FULL - HAIR:  # type: ignore[operator]
            continue
        cycles, reached, _ = _before(held, index, line)
        if reached:
            continue
        nor = f"; nor did anybody in the {_many(cycles, 'cycle')} before" if cycles else ""
        best = _by_rank(held, line, own).row(0, named=True)
        text = (
            f"none of the {own.height} subjects with a value of their own {_goal(line, best, 'reaches')}{nor}. The "
            f"best has {_value(best)} and earns {told(best['points'], FULL)} points of 100."
        )
        yield held.problem(_place(held, index, line), "target-unreached", text + few(own.height))


def always_met(held: Held) -> Iterator[Problem]:
    """A goal that everybody reaches, in this period and the cycles before it."""
    for index, line, own in _met(held):
        if own["points"].min() < FULL - HAIR:  # type: ignore[operator]
            continue
        cycles, _, missed = _before(held, index, line)
        if missed:
            continue
        so = f", and so did everybody in the {_many(cycles, 'cycle')} before" if cycles else ""
        worst = _by_rank(held, line, own).row(-1, named=True)
        alike = " All earn the same points: the line tells nobody from another." if _alike(own) else ""
        text = (
            f"all {own.height} subjects with a value of their own {_goal(line, worst, 'reach')}{so}. The worst has "
            f"{_value(worst)} and earns {told(worst['points'])} points.{alike}"
        )
        yield held.problem(_place(held, index, line), "target-always-met", text + few(own.height))


CHECKS: tuple[Check, ...] = (unreached, always_met)


def _met(held: Held) -> Iterator[tuple[int, Line | LinkedLine, pl.DataFrame]]:
    """The lines whose curve can earn 100 points, with those whose own value met it; not where these are too few."""
    for index, line in enumerate(held.card.kpis):
        points = earns(line, better_of(line, held.scope.catalogue.kpis))
        own = held.own(index)
        if points and max(points) >= FULL and own.height >= FEWEST:
            yield index, line, own


def _before(held: Held, index: int, line: Line | LinkedLine) -> tuple[int, bool, bool]:
    """How many earlier cycles the data hold values of, whether anybody reached today's goal in them, and whether
    anybody missed it. Values too thin to score count as none."""
    if isinstance(line, LinkedLine):
        return 0, False, False
    kpis = held.scope.catalogue.kpis
    trends = held.scorecard.trends
    if trends.is_empty():
        return 0, False, False
    mine = (pl.col("kpi") == line.kpi) & (pl.col("variant") == variant_of(line, kpis))
    thick = pl.lit(True) if line.min_n is None else (pl.col("n") >= line.min_n).fill_null(False)
    known = pl.col("period").ne(held.scorecard.period) & pl.col("value").is_not_null() & thick
    rows = trends.filter(mine & known).join(held.rows(index).select("subject", "target"), on="subject")
    value, target = pl.col("value"), pl.col("target")
    if line.ideal is not None:
        low, high = sorted(line.ideal)
        met = value.is_between(low, high)
    else:
        met = value <= target if kpis[line.kpi].better == "lower" else value >= target
    there = rows.select(met=met, period="period").drop_nulls()
    return there["period"].n_unique(), bool(there["met"].any()), not there["met"].all()


def _goal(line: Line | LinkedLine, row: Row, verb: str) -> str:
    """`reaches the target of 'csat', 0.75`. The goal is the row's own: it may differ by date, segment or person."""
    if line.ideal is not None:
        low, high = sorted(line.ideal)
        return f"{verb} the ideal of {named(line)}, {told(low)} to {told(high)}"
    if row["target"] is None:
        return f"{verb} 100 points on {named(line)}"
    return f"{verb} the target of {named(line)}, {told(row['target'], row['value'])}"


def _value(row: Row) -> str:
    return told(row["value"], row["target"])


def _by_rank(held: Held, line: Line | LinkedLine, own: pl.DataFrame) -> pl.DataFrame:
    """The best first. Where many have the most points, or the fewest, their values tell which is farthest."""
    falls = better_of(line, held.scope.catalogue.kpis) != "lower"
    return own.sort("points", "basis", "subject", descending=[True, falls, False])


def _alike(own: pl.DataFrame) -> bool:
    points = own["points"]
    return float(points.max()) - float(points.min()) < HAIR  # type: ignore[arg-type]


def _place(held: Held, index: int, line: Line | LinkedLine) -> Path:
    """Where the goal stands: the date of it that is in force, where it has dates."""
    path: Path = ("kpis", index)
    key = next((key for key in ("target", "points", "ideal", "segments") if getattr(line, key, None) is not None), "")
    days = getattr(line, key, None) if key else None
    if isinstance(days, dict):
        begun = [day for day in days if day <= held.period.last]
        return (*path, key, str(max(begun))) if begun else (*path, key)
    return (*path, key) if key else path


def _many(count: int, what: str) -> str:
    return what if count == 1 else f"{count} {what}s"
