"""The curve a value met, and between which of its knots.

In: the parts of the curves in force, a line and its row of the scorecard. Out: the curve with the knots that tell.
Refuses to know: how parts were weighed, what points are worth.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.catalogue.models import Catalogue, Line, LinkedLine
from ccmetrics.explanation import CurveTold, Row

Pair = tuple[float, float]


def curve(
    goals: pl.DataFrame, subject: str, row: Row, line: Line | LinkedLine, catalogue: Catalogue
) -> CurveTold | None:
    """None where the line has none: then its value is points already."""
    if goals.is_empty():
        return None
    whose = pl.col("subject").is_null() | (pl.col("subject") == subject)
    parts = goals.filter(whose & (pl.col("line") == row["line"])).drop("subject", "line").to_dicts()
    if not parts:
        return None
    pairs = _blended(parts)
    met = row["basis"]
    own = row["status"] == "own"
    curves = line.segments.curves.values() if isinstance(line, Line) and line.segments else ()
    return CurveTold(
        parts=tuple(parts),
        knots=pairs,
        steps=line.steps or any(each.steps for each in curves),
        better=catalogue.kpis[line.kpi].better if isinstance(line, Line) else "higher",
        met=met,
        presence=row["value"] / met if own and met else 1.0,
        between=() if met is None else _between(pairs, met),
    )


def met_by_peers(pooled: pl.DataFrame, row: Row, window: int) -> int:
    """Over how many cycles the value of all together was taken: the longest window up to the line's that has one."""
    same = (pl.col("kpi") == row["kpi"]) & (pl.col("variant") == row["variant"])
    found = pooled.filter(same & (pl.col("cycles") <= window) & pl.col("value").is_not_null())
    return max(found["cycles"].to_list(), default=1)


def _blended(parts: Sequence[Row]) -> tuple[Pair, ...]:
    """Every knot the mean of the parts' knots by their shares; none where a part has none."""
    if any(part["knots"] is None for part in parts):
        return ()
    values = [sum(part["share"] * part["knots"][at] for part in parts) for at in range(len(parts[0]["knots"]))]
    return tuple(zip(values, parts[0]["points"], strict=True))


def _between(pairs: Sequence[Pair], met: float) -> tuple[Pair, ...]:
    """The knot below and the knot above the value; one at or beyond an end, or right on a knot."""
    on = [pair for pair in pairs if pair[0] == met]
    below, above = [p for p in pairs if p[0] < met], [p for p in pairs if p[0] > met]
    return tuple(on or [*below[-1:], *above[:1]])
