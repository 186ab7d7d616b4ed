"""How the scores are distributed, where the grades begin, and where one's own score stands.

In: bins with how many are in each, texts already said. Out: one SVG.
Refuses to know: whose scores they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ccmetrics.render.charts.axes import GAP, ROW, WIDTH, Canvas, room, ticks
from ccmetrics.render.charts.drawing import on

LABELS = 3
"""Rows of names of grades, where they would meet in one."""


def histogram(
    bins: Sequence[tuple[float, float, int]],
    boundaries: Sequence[tuple[str, float]],
    mark: float | None,
    words: Mapping[str, str],
) -> str:
    """A bar a bin, from where each grade begins a dotted line; empty text without bins.

    `words`: `title` (read aloud), `x`, `y`, and `mark`, what stands at the own score (`you: 92.4`).
    """
    if not bins:
        return ""
    own = [] if mark is None else [mark]
    low, high = min([bins[0][0], *own]), max([bins[-1][1], *own])
    up = [(at, f"{at:,.0f}") for at in ticks(0, max(n for _, _, n in bins), least=1)]
    inside = _from(boundaries, low, high)
    rows = list(_rows(inside, Canvas((low, high), up, 0, GAP * 2)))
    top = ROW * (1 + (mark is not None) + max((row for *_, row in rows), default=0) + bool(rows)) + ROW
    canvas = Canvas((low, high), up, top, GAP * 2)
    _bars(canvas, bins)
    canvas.floor()
    names = [
        {"text": n, "at": at, "x": x, "y": top - ROW * row - 6, "top": top - ROW * (row + 1)} for n, at, x, row in rows
    ]
    inner = [name for name in names if name["at"] != low]
    canvas.add("from", "rule", inner, x=on("x", "at"), y="top", y2=canvas.bottom)
    if mark is not None:
        _own(canvas, mark, words.get("mark", ""))
    _over(canvas, bins)
    canvas.write("strong", names, x="x", y="y", align="left", baseline="alphabetic")
    places = [(at, f"{at:g}") for at in ticks(low, high, 6) if low <= at <= high]
    canvas.below(places, 0, canvas.every(places))
    canvas.title(words.get("y", ""))
    canvas.foot(words.get("x", ""))
    return canvas.svg(words["title"])


def _bars(canvas: Canvas, bins: Sequence[tuple[float, float, int]]) -> None:
    bars = [{"from": first, "to": last, "n": n, "none": 0} for first, last, n in bins]
    sides = {"x": on("x", "from") | {"offset": 0.5}, "x2": on("x", "to") | {"offset": -0.5}}
    canvas.add("bar", "rect", bars, **sides, y=on("y", "n"), y2=on("y", "none"))


def _over(canvas: Canvas, bins: Sequence[tuple[float, float, int]]) -> None:
    """How many, over each bar, where the bars are wide enough."""
    narrow = min(canvas.place(last) - canvas.place(first) for first, last, _ in bins)
    if narrow >= max(room(f"{n:,}") for _, _, n in bins):
        over = [{"at": (first + last) / 2, "n": n, "text": f"{n:,}"} for first, last, n in bins if n]
        places = {"x": on("x", "at"), "y": on("y", "n") | {"offset": -3}}
        canvas.write("text", over, **places, align="center", baseline="alphabetic")


def _own(canvas: Canvas, mark: float, text: str) -> None:
    """The text over the line, moved inside where the line stands near an edge."""
    half = room(text) / 2
    middle = min(max(canvas.place(mark), half), canvas.right + GAP - half)
    row = [{"at": mark, "text": text}]
    canvas.add("own", "rule", row, x=on("x", "at"), y=2 * ROW, y2=canvas.bottom)
    canvas.write("strong", row, x=middle, y=2 * ROW - 5, align="center", baseline="alphabetic")


def _from(boundaries: Sequence[tuple[str, float]], low: float, high: float) -> list[tuple[str, float]]:
    """The grades that have a part of the picture; the one in force at its left edge begins there."""
    rising = sorted(boundaries, key=lambda pair: pair[1])
    before = [(name, low) for name, at in rising if at <= low][-1:]
    return [*before, *((name, at) for name, at in rising if low < at < high)]


def _rows(grades: Sequence[tuple[str, float]], canvas: Canvas) -> Iterator[tuple[str, float, float, int]]:
    """Each name with where its text begins, in the lowest row where it meets no other."""
    ends = [0.0] * LABELS
    for name, at in grades:
        start = min(canvas.place(at) + 3, WIDTH - room(name))
        row = next((row for row, end in enumerate(ends) if end <= start), LABELS - 1)
        ends[row] = start + room(name)
        yield name, at, start, row
