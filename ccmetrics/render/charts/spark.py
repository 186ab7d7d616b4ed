"""Sparklines: how a number went, beside the number itself.

In: values through time. Out: a small SVG each, all drawn as one sheet.
Refuses to know: dates, units. Each has a scale of its own: only the way of one line is told, no size.

A gap is a cycle without a value; the dot is the newest cycle, so a line without a dot has none there. Dashes are the
target of each cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ccmetrics.render.charts.drawing import Piece, draw, mark, on, picture, pieces
from ccmetrics.render.charts.items import Spark

SIZE = WIDTH, HEIGHT = 100, 22
EDGE = 4
SCALES = (
    {"name": "x", "domain": [0, 1], "range": [EDGE, WIDTH - EDGE]},
    {"name": "y", "domain": [0, 1], "range": [HEIGHT - EDGE, EDGE]},
)


def sparks(items: Sequence[Spark]) -> list[str]:
    """A line through time each, 100 x 22; empty text for an item without any value."""
    shown = [at for at, item in enumerate(items) if any(value is not None for value in item.values)]
    rows = [{"of": at, **row} for at in shown for row in _rows(items[at])]
    marked = {name: [row for row in rows if row["mark"] == name] for name in ("lone", "dot")}
    each = {
        **mark("one", "group", {"facet": {"data": "all", "name": "own", "groupby": "of"}}),
        "marks": [_line("goal", "target", interpolate="step"), _line("line", "value")],
    }
    dots = [mark(name, "symbol", name, x=on("x", "at"), y=on("y", "value"), shape="M0,0Z", size=1) for name in marked]
    found = draw([each, *dots], {"all": rows, **marked}, SCALES)
    drawn: dict[int, list[Piece]] = {
        at: [piece for piece in pieces(group) if piece[1].get("d")]
        for at, (_, group) in zip(shown, (piece for piece in found if piece[0] == "c-one"), strict=True)
    }
    dotted = [row for rows_of in marked.values() for row in rows_of]
    for row, piece in zip(dotted, (piece for piece in found if piece[0] in ("c-lone", "c-dot")), strict=True):
        drawn[row["of"]].append(piece)
    return [picture(drawn[at], SIZE, item.label) if at in drawn else "" for at, item in enumerate(items)]


def _line(name: str, field: str, **more: Any) -> dict[str, Any]:
    return mark(
        name, "line", "own", x=on("x", "at"), y=on("y", field), defined={"signal": f"isValid(datum.{field})"}, **more
    )


def _rows(item: Spark) -> Iterator[dict[str, Any]]:
    targets = item.targets or [None] * len(item.values)
    there = [value for value in (*item.values, *targets) if value is not None]
    low, high = min(there), max(there)
    newest = len(item.values) - 1

    def share(value: float | None) -> float | None:
        return None if value is None else (value - low) / (high - low) if high > low else 0.5

    for at, (value, target) in enumerate(zip(item.values, targets, strict=True)):
        place = at / newest if newest else 1.0
        yield {"at": place, "value": share(value), "target": share(target), "mark": _mark(item.values, at)}


def _mark(values: Sequence[float | None], at: int) -> str:
    """The newest value has a dot, one between two gaps a small one: a line of one cycle is hardly seen."""
    if values[at] is None:
        return ""
    if at == len(values) - 1:
        return "dot"
    alone = values[at + 1] is None and (at == 0 or values[at - 1] is None)
    return "lone" if alone else ""
