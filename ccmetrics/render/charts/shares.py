"""How large a part earned each grade, cycle by cycle.

In: how many of each grade, texts already said. Out: one SVG.
Refuses to know: what a grade is worth. A grade it was not told of is refused: the parts would be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ccmetrics.render.charts.axes import GAP, ROW, Canvas, room
from ccmetrics.render.charts.drawing import FONT_SIZE, on
from ccmetrics.render.charts.palette import SCALE

PARTS = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))
TALL = 14
"""Pixels a part needs for its number."""


SMALL = 11
"""Pixels of a number in a part."""


class Part(NamedTuple):
    at: int
    n: int
    high: float
    low: float


def grades(cycles: Sequence[tuple[str, Mapping[str, int]]], order: Sequence[str], words: Mapping[str, str]) -> str:
    """A bar a cycle, the best grade on top, in each part how many; empty text where nobody has a grade.

    `order`: all grades, best first. `words`: `title` (read aloud), `y`.
    """
    if unknown := {grade for _, counts in cycles for grade in counts} - set(order):
        raise ValueError(f"grades without a place: {', '.join(sorted(unknown))}")
    if not any(sum(counts.values()) for _, counts in cycles):
        return ""
    right = max(room(grade) for grade in order) + 18 + GAP
    canvas = Canvas((-0.5, len(cycles) - 0.5), PARTS, ROW + GAP, right)
    bars = [bar for at, (_, counts) in enumerate(cycles) if (bar := _bar(at, counts, order))]
    width = min((canvas.right - canvas.left) / len(cycles) * 0.86, 60)
    # Numbers in all columns or in none: one that is missing only for its width would look like a zero.
    told = max(room(str(part.n)) for bar in bars for part in bar) * SMALL / FONT_SIZE <= width + 1
    for rank, grade in enumerate(order):
        shade = _shade(rank, len(order))
        _draw(canvas, shade, [bar[rank] for bar in bars if bar[rank].n], width, told)
        _named(canvas, shade, grade, rank)
    canvas.floor()
    places = [(float(at), label) for at, (label, _) in enumerate(cycles)]
    canvas.below(places, 0, canvas.every(places))
    canvas.title(words.get("y", ""))
    return canvas.svg(words["title"])


def _shade(rank: int, grades: int) -> int:
    """Spread over the scale: the best and the worst have its ends."""
    return round(rank * (len(SCALE) - 1) / max(grades - 1, 1))


def _bar(at: int, counts: Mapping[str, int], order: Sequence[str]) -> list[Part]:
    """The parts of a bar from its top; none where nobody was graded."""
    total = sum(counts.values())
    below = [sum(counts.get(grade, 0) for grade in order[rank:]) for rank in range(len(order) + 1)]
    ends = list(pairwise(count / total for count in below)) if total else []
    return [Part(at, counts.get(grade, 0), *pair) for grade, pair in zip(order, ends, strict=False)]


def _draw(canvas: Canvas, shade: int, parts: Sequence[Part], width: float, told: bool) -> None:
    rows = [part._asdict() | {"middle": (part.high + part.low) / 2, "text": str(part.n)} for part in parts]
    sides = {"x": on("x", "at") | {"offset": -width / 2}, "width": width}
    canvas.add(f"g{shade}", "rect", rows, **sides, y=on("y", "high"), y2=on("y", "low"))
    tall = TALL / (canvas.bottom - canvas.top)
    fits = [row for row, part in zip(rows, parts, strict=True) if told and part.high - part.low >= tall]
    places = {"x": on("x", "at"), "y": on("y", "middle"), "align": "center", "baseline": "middle"}
    canvas.write(f"on{shade}", fits, **places, fontSize=SMALL)


def _named(canvas: Canvas, shade: int, grade: str, rank: int) -> None:
    y = canvas.top + rank * ROW
    canvas.add(f"g{shade}", "rect", [{}], x=canvas.right + GAP / 2, width=10, y=y, height=10)
    row = [{"text": grade}]
    canvas.write("text", row, x=canvas.right + GAP / 2 + 15, y=y + 9, align="left", baseline="alphabetic")
