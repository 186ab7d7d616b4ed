"""Cycle by cycle: how the scores of everybody lay.

In: cycles in their order, texts already said. Out: one SVG.
Refuses to know: dates, units. A cycle without a value is a gap, and no line leads over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ccmetrics.render.charts.axes import GAP, ROW, Canvas, lines, room, ticks
from ccmetrics.render.charts.drawing import on
from ccmetrics.render.charts.items import Course

Write = Callable[[float], str]


def course(cycles: Sequence[Course], words: Mapping[str, str], text: Write = "{:g}".format) -> str:
    """The line of the medians in the band of the quartiles; empty text where no cycle has scores.

    `words`: `title` (read aloud), `y`, and in the legend `median`, `quartiles` and, if it is to be drawn, `mean`;
    `n`, if how many there were is to stand below each cycle. `text` writes a tick.
    """
    rows = [vars(cycle) | {"at": at} for at, cycle in enumerate(cycles)]
    known = [value for cycle in cycles for value in (cycle.q1, cycle.median, cycle.q3) if value is not None]
    if "mean" in words:
        known += [cycle.mean for cycle in cycles if cycle.mean is not None]
    if not known:
        return ""
    legend = [(name, words[word]) for name, word in MEANT if word in words]
    canvas = _canvas(known, [cycle.label for cycle in cycles], text, 1 + len(lines(legend)), words.get("n", ""))
    _band(canvas, rows, "q1", "q3")
    if "mean" in words:
        _line(canvas, "mean", rows, "mean")
    _line(canvas, "line", rows, "median")
    _dots(canvas, rows, "median")
    if "n" in words:
        places = [(float(at), str(cycle.n)) for at, cycle in enumerate(cycles)]
        canvas.below(places, 1, canvas.every([(float(at), cycle.label) for at, cycle in enumerate(cycles)]))
        canvas.write("text", [{"text": words["n"]}], x=2, y=canvas.bottom + 2 * ROW - 1, baseline="alphabetic")
    canvas.title(words.get("y", ""))
    canvas.legend(legend, below=1)
    return canvas.svg(words["title"])


MEANT = (("line", "median"), ("band", "quartiles"), ("mean", "mean"))


def _canvas(known: Sequence[float], labels: Sequence[str], text: Write, rows: int, n: str = "") -> Canvas:
    up = [(at, text(at)) for at in ticks(min(known), max(known))]
    canvas = Canvas((-0.5, len(labels) - 0.5), up, rows * ROW + GAP, max(GAP, room(labels[-1]) / 2), room(n))
    canvas.floor()
    places = [(float(at), label) for at, label in enumerate(labels)]
    canvas.below(places, 0, canvas.every(places))
    return canvas


def _line(canvas: Canvas, name: str, rows: Sequence[Mapping[str, object]], field: str) -> None:
    there = {"signal": f"isValid(datum.{field})"}
    canvas.add(name, "line", rows, x=on("x", "at"), y=on("y", field), defined=there)


def _dots(canvas: Canvas, rows: Sequence[Mapping[str, object]], field: str) -> None:
    there = [row for row in rows if row[field] is not None]
    canvas.add("value", "symbol", there, x=on("x", "at"), y=on("y", field), size=36)


def _band(canvas: Canvas, rows: Sequence[Mapping[str, object]], low: str, high: str) -> None:
    """A cycle between two gaps has a bar: an area of one cycle has no width."""
    sides = {"y": on("y", low), "y2": on("y", high)}
    known = [row[low] is not None and row[high] is not None for row in rows]
    beside = [before or after for before, after in zip([False, *known], [*known[1:], False], strict=False)]
    joined = [row | {"there": there and near} for row, there, near in zip(map(dict, rows), known, beside, strict=True)]
    alone = [row for row, there, near in zip(rows, known, beside, strict=True) if there and not near]
    canvas.add(
        "band", "area", joined if any(row["there"] for row in joined) else [], x=on("x", "at"), **sides, defined="there"
    )
    canvas.add("band", "rect", alone, x=on("x", "at") | {"offset": -4}, width=8, **sides)
