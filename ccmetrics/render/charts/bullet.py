"""Bullet charts: a value, its interval and its target on the curve that gives points.

In: values and curves. Out: a small SVG each, all drawn as one sheet.
Refuses to know: units, KPIs, what a point is worth.

A diamond is the value, the line through it its interval, the tall tick the target. The bands are the curve: white
where it ends, dark where it gives nothing, gray up to 100 points, green from there. Better is always to the right
(a curve that only falls is turned around); a curve with its best in the middle runs as its values run. What lies
beyond the picture is a triangle at that edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from ccmetrics.render.charts.drawing import Piece, draw, mark, picture
from ccmetrics.render.charts.items import Bullet

SIZE = WIDTH, HEIGHT = 180, 18
EDGE = 6
"""Pixels at both sides, for half a diamond."""
MARGIN = 0.12
"""What is shown beyond each end of a curve, as a part of it."""
FULL = 100.0
Segment = tuple[float, float, float, float]
"""From a value with its points to the next: nothing is known of a curve but its straight pieces."""
Row = dict[str, Any]


def bullets(items: Sequence[Bullet]) -> list[str]:
    """A bullet chart each, 180 x 18; empty text for an item without a curve."""
    kinds: dict[str, list[Row]] = {name: [] for name in ("none", "part", "full", "range", "target", "value")}
    for at, item in enumerate(items):
        for name, row in _shapes(item) if item.knots else ():
            kinds[name].append({"of": at, **row})
    of = [row["of"] for rows in kinds.values() for row in rows]
    drawn: list[list[Piece]] = [[] for _ in items]
    for at, piece in zip(of, draw([_marked(name) for name in kinds], kinds), strict=True):
        drawn[at].append(piece)
    return [picture(parts, SIZE, item.label) if item.knots else "" for item, parts in zip(items, drawn, strict=True)]


def _marked(name: str) -> Row:
    if name == "value":
        return mark(name, "symbol", name, x="x", y=HEIGHT / 2, shape={"field": "shape"}, size={"field": "size"})
    top, height = {"range": (HEIGHT / 2 - 1, 2), "target": (0, HEIGHT)}.get(name, (3, HEIGHT - 6))
    return mark(name, "rect", name, x="x", x2="x2", y=top, height=height)


def _shapes(item: Bullet) -> Iterator[tuple[str, Row]]:
    segments = list(_segments(item))
    place = _Place(item, segments)
    for name, low, high in _bands(segments):
        yield name, place.between(low, high)
    if item.low is not None and item.high is not None and place.low <= item.high and item.low <= place.high:
        yield "range", place.between(item.low, item.high)
    for at in sorted(_targets(segments)):
        middle = place.of(at)
        yield "target", {"x": middle - 1, "x2": middle + 1}
    if item.value is not None:
        yield "value", place.marker(item.value)


class _Place:
    """Where a value lies in the picture."""

    def __init__(self, item: Bullet, segments: Sequence[Segment]) -> None:
        low, high = item.knots[0], item.knots[-1]
        span = (high - low) or abs(low) or 1.0
        # A curve of one knot is a jump: as much is shown on either side of it.
        margin = span * MARGIN if high > low else span / 2
        self.low, self.high = low - margin, high + margin
        earned = [points for _, first, _, last in segments for points in (first, last)]
        self.turned = all(a >= b for a, b in pairwise(earned)) and earned[0] > earned[-1]

    def of(self, value: float) -> float:
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return EDGE + (WIDTH - 2 * EDGE) * (1 - share if self.turned else share)

    def between(self, low: float, high: float) -> Row:
        first, last = sorted((self.of(low), self.of(high)))
        return {"x": first, "x2": last}

    def marker(self, value: float) -> Row:
        if self.low <= value <= self.high:
            return {"x": self.of(value), "shape": "diamond", "size": 90}
        right = (value > self.high) != self.turned
        return {"x": WIDTH - EDGE if right else EDGE, "shape": f"triangle-{'right' if right else 'left'}", "size": 130}


def _segments(item: Bullet) -> Iterator[Segment]:
    """Straight pieces in the order of the values; a step is a level piece and a jump."""
    knots = list(zip(item.knots, item.points, strict=True))
    if len(knots) == 1:
        yield (*knots[0], *knots[0])
    for (left, low), (right, high) in pairwise(knots):
        if not item.steps:
            yield left, low, right, high
            continue
        # Bands rise to the best knots from either side: a value earns what it has reached on its way there.
        held = min(low, high)
        yield left, low, left, held
        yield left, held, right, held
        yield right, held, right, high


def _bands(segments: Sequence[Segment]) -> Iterator[tuple[str, float, float]]:
    """What the curve gives, from where to where."""
    parts = [(_name(piece), piece[0], piece[2]) for segment in segments for piece in _cut(segment)]
    for name, group in groupby([part for part in parts if part[1] < part[2]], key=lambda part: part[0]):
        run = list(group)
        yield name, run[0][1], run[-1][2]


def _cut(segment: Segment) -> Iterator[Segment]:
    """A piece, in parts that lie on one side of 0 and of 100 points."""
    left, low, right, high = segment
    crossed = [(at, level) for level in (0.0, FULL) if (at := _crossing(segment, level)) is not None]
    for (start, first), (end, last) in pairwise([(left, low), *sorted(crossed), (right, high)]):
        yield start, first, end, last


def _crossing(segment: Segment, level: float) -> float | None:
    """Where a piece passes from below a level to it, or back."""
    left, low, right, high = segment
    if (low < level) == (high < level):
        return None
    # An end is taken as it is stated: worked out, its last binary digit could differ, and one target would be two.
    if low == level or left == right:
        return left
    return right if high == level else left + (right - left) * (level - low) / (high - low)


def _name(piece: Segment) -> str:
    middle = (piece[1] + piece[3]) / 2
    return "none" if middle <= 0 else "full" if middle >= FULL else "part"


def _targets(segments: Sequence[Segment]) -> set[float]:
    """Where 100 points begin, and where they end if they do."""
    return {at for segment in segments if (at := _crossing(segment, FULL)) is not None}
