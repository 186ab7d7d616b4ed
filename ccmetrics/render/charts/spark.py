"""Sparklines: how a number went, beside the number itself.

In: values through time. Out: a small SVG each, all drawn as one sheet.
Refuses to know: dates, units. Each has a scale of its own: only the way of one line is told, no size.

A gap is a cycle without a value; the dot is the newest cycle, so a line without a dot has none there. Dashes are the
target of each cycle. It has no words: it stands beside the number it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from ccmetrics.render.charts.drawing import draw, mark, on
from ccmetrics.render.charts.items import Spark
from ccmetrics.render.charts.paths import TALL, Place, path, runs, whole

WIDTH, HEIGHT = 100, 22
EDGE = 4
ENDS = (EDGE, WIDTH - EDGE)
SCALES = (
    {"name": "x", "domain": [0, 1], "range": list(ENDS)},
    {"name": "y", "domain": [0, 1], "range": [HEIGHT - EDGE, EDGE]},
)
Values = Sequence[float | None]


def sparks(items: Sequence[Spark]) -> list[str]:
    """A line through time each, 100 x 22; empty text for an item without any value."""
    shares = [_shares(item) for item in items]
    lines = _lines("line", [values for values, _ in shares])
    goals = _lines("goal", [targets for _, targets in shares], interpolate="step")
    return [
        _picture(item.values, line, goal) if line else "" for item, line, goal in zip(items, lines, goals, strict=True)
    ]


def _picture(values: Values, line: Sequence[list[Place]], goal: Sequence[list[Place]]) -> str:
    """A value between two gaps has a small dot: a line of one cycle is hardly seen."""
    newest = line[-1][-1] if values[-1] is not None else None
    alone = [run[0] for run in line if len(run) == 1 and run[0] != newest]
    level = len(goal) == 1 and len({y for _, y in goal[0]}) == 1 and (goal[0][0][0], goal[0][-1][0]) == ENDS
    parts = (
        _used("g", goal[0][0]) if level else _way(' class="c-goal"', [whole(run) for run in goal]),
        _way("", [whole(run) for run in line if len(run) > 1]),
        *(f'<path class="c-lone" d="{path(whole([place]))}h0"/>' for place in alone),
        _used("d", newest) if newest else "",
    )
    return f'<svg role="none">{"".join(parts)}</svg>'


def _way(named: str, lines: Sequence[Sequence[Place]]) -> str:
    return f'<path{named} d="{"".join(map(path, lines))}"/>' if lines else ""


def _used(name: str, place: Place) -> str:
    return f'<use href="#{name}" y="{whole([place])[0][1] / TALL:g}"/>'


SHARED = (
    f'<path id="g" class="c-goal" d="{path([(x, 0) for x in ENDS])}"/>'
    f'<path id="d" class="c-dot" d="{path([(ENDS[1], 0)])}h0"/>'
)
"""Of most sparklines, at other heights: a target that never moves, and the dot of the newest cycle."""


def _lines(name: str, series: Sequence[Values], **more: Any) -> list[list[list[Place]]]:
    """Each series as its runs: one long line is drawn, broken after each."""
    rows = [row for values in series for row in _rows(values)]
    there = {"signal": "isValid(datum.y)"}
    line = mark(name, "line", "all", x=on("x", "x"), y=on("y", "y"), defined=there, **more)
    found = (
        [run for _, drawn in draw([line], {"all": rows}, SCALES) for run in runs(drawn.get("d", ""))] if rows else []
    )
    owners = [at for at, values in enumerate(series) for is_there, _ in groupby(values, _is_there) if is_there]
    parted: list[list[list[Place]]] = [[] for _ in series]
    for owner, run in zip(owners, found, strict=True):
        parted[owner].append(run)
    return parted


def _is_there(value: float | None) -> bool:
    return value is not None


def _rows(values: Values) -> Iterator[dict[str, float | None]]:
    newest = len(values) - 1
    for at, value in enumerate(values):
        yield {"x": at / newest if newest else 1.0, "y": value}
    yield {"x": 0.0, "y": None}


def _shares(item: Spark) -> tuple[Values, Values]:
    """Values and targets, as parts of the height; no targets without a value."""
    there = [value for value in (*item.values, *(item.targets or ())) if value is not None]
    if not any(map(_is_there, item.values)):
        return (), ()
    low, high = min(there), max(there)

    def share(value: float | None) -> float | None:
        return None if value is None else (value - low) / (high - low) if high > low else 0.5

    return [share(value) for value in item.values], [share(value) for value in item.targets or ()]
