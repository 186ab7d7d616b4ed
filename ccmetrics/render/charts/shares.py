"""How large a part earned each grade, cycle by cycle.

In: how many of each grade, texts already said. Out: one SVG.
Refuses to know: what a grade is worth. A grade it was not told of is refused: the parts would be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccmetrics.render.charts.axes import GAP, ROW, Canvas, on, room
from ccmetrics.render.charts.palette import SCALE

PARTS = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))
TALL = 14
"""Pixels a part needs for its number."""


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
    bars = [_bar(at, counts, order) for at, (_, counts) in enumerate(cycles)]
    width = min((canvas.right - canvas.left) / len(cycles) * 0.8, 60)
    for rank, grade in enumerate(order):
        _part(canvas, _shade(rank, len(order)), [bar[rank] for bar in bars if bar], width)
        _named(canvas, _shade(rank, len(order)), grade, rank)
    canvas.floor()
    places = [(float(at), label) for at, (label, _) in enumerate(cycles)]
    canvas.below(places, 0, canvas.every(places))
    canvas.title(words.get("y", ""))
    return canvas.svg(words["title"])


def _shade(rank: int, grades: int) -> int:
    """Spread over the scale: the best and the worst have its ends."""
    return round(rank * (len(SCALE) - 1) / max(grades - 1, 1))


def _bar(at: int, counts: Mapping[str, int], order: Sequence[str]) -> list[dict[str, float | str]]:
    total = sum(counts.values())
    if not total:
        return []
    below = [sum(counts.get(grade, 0) for grade in order[rank:]) for rank in range(len(order) + 1)]
    return [
        {"at": at, "n": counts.get(grade, 0), "high": below[rank] / total, "low": below[rank + 1] / total}
        for rank, grade in enumerate(order)
    ]


def _part(canvas: Canvas, shade: int, rows: Sequence[Mapping[str, float | str]], width: float) -> None:
    there = [row | {"text": f"{row['n']}", "middle": _middle(row)} for row in map(dict, rows) if row["n"]]
    sides = {"x": on("x", "at") | {"offset": -width / 2}, "width": width}
    canvas.add(f"g{shade}", "rect", there, **sides, y=on("y", "high"), y2=on("y", "low"))
    tall = (canvas.bottom - canvas.top) * 1.0
    fits = [r for r in there if (r["high"] - r["low"]) * tall >= TALL and room(str(r["text"])) <= width]
    canvas.write(f"on{shade}", fits, x=on("x", "at"), y=on("y", "middle"), align="center", baseline="middle")


def _middle(row: Mapping[str, float | str]) -> float:
    return (float(row["high"]) + float(row["low"])) / 2


def _named(canvas: Canvas, shade: int, grade: str, rank: int) -> None:
    y = canvas.top + rank * ROW
    canvas.add(f"g{shade}", "rect", [{}], x=canvas.right + GAP / 2, width=10, y=y, height=10)
    row = [{"text": grade}]
    canvas.write("text", row, x=canvas.right + GAP / 2 + 15, y=y + 9, align="left", baseline="alphabetic")
