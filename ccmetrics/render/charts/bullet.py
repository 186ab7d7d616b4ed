"""Bullet charts: a value, its interval and its target on the curve that gives points.

In: values and curves. Out: a small SVG each, all drawn as one sheet; what they share, to stand once in the page.
Refuses to know: units, KPIs, what a point is worth.

A diamond is the value, the line through it its interval, the tall tick the target. The bands are the curve: white
where it ends, dark where it gives nothing, gray up to 100 points, green from there. Better is always to the right
(a curve that only falls is turned around); a curve with its best in the middle runs as its values run. What lies
beyond the picture is a triangle at that edge. It has no words: it stands beside the number it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import groupby, pairwise
from typing import Any
from xml.etree.ElementTree import Element

from ccmetrics.render.charts.drawing import NUMBER, Piece, draw, mark, shapes
from ccmetrics.render.charts.items import Bullet, Curve
from ccmetrics.render.charts.paths import TALL, path
from ccmetrics.render.charts.spark import SHARED

WIDTH, HEIGHT = 180, 18
EDGE = 6
"""Pixels at both sides, for half a diamond."""
MARGIN = 0.12
"""What is shown beyond each end of a curve, as a part of it."""
FULL = 100.0
Segment = tuple[float, float, float, float]
"""From a value with its points to the next: nothing is known of a curve but its straight pieces."""
Row = dict[str, Any]


def named(curves: Iterable[Curve]) -> dict[Curve, str]:
    """A short name for each, that it has on every page; longer where two would have the same."""
    whole = {curve: sha256(repr(curve).encode()).hexdigest() for curve in curves}
    long = next(long for long in range(4, 65) if len({name[:long] for name in whole.values()}) == len(whole))
    return {curve: name[:long] for curve, name in whole.items()}


def ground(names: Mapping[Curve, str], used: Iterable[Curve] | None = None) -> str:
    """The bands and targets of each curve that is used, the marks of values, and what sparklines share: seen where it
    is used."""
    tracks, marks = _ground(tuple(names))
    parts = [f'<g id="{names[curve]}">{tracks[curve]}</g>' for curve in (names if used is None else used)]
    return f'<svg class="c-ground" aria-hidden="true">{"".join(parts)}{marks}{SHARED}</svg>'


@lru_cache(maxsize=256)
def _ground(curves: tuple[Curve, ...]) -> tuple[Mapping[Curve, str], str]:
    """The shapes of each curve, and the marks."""
    kinds: dict[str, list[Row]] = {name: [] for name in ("none", "part", "full", "target")}
    for at, curve in enumerate(curves):
        for name, row in _shapes(curve):
            kinds[name].append({"of": at, **row})
    of = [row["of"] for rows in kinds.values() for row in rows]
    marks = [{"shape": shape, "size": size} for shape, size in MARKS.values()]
    drawn = draw([*map(_marked, kinds), _marked("value")], {**kinds, "value": marks})
    tracks: list[list[Piece]] = [[] for _ in curves]
    for at, piece in zip(of, drawn[: len(of)], strict=True):
        tracks[at].append(piece)
    said = (f'<g id="{name}">{shapes([piece])}</g>' for name, piece in zip(MARKS, drawn[len(of) :], strict=True))
    return dict(zip(curves, map(shapes, tracks), strict=True)), "".join(said)


def bullets(items: Sequence[Bullet]) -> list[str]:
    """What each bullet chart has of its own: its interval and its mark."""
    places = [_Place(item.curve) for item in items]
    rows = [place.inside(item.low, item.high) for item, place in zip(items, places, strict=True)]
    rule = mark("range", "rule", "all", x="x", x2="x2", y=HEIGHT / 2)
    drawn = iter(draw([rule], {"all": [row for row in rows if row]}))
    ways = [_level(next(drawn)[1]) if row else "" for row in rows]
    return [
        way + (place.marker(item.value) if item.value is not None else "")
        for item, place, way in zip(items, places, ways, strict=True)
    ]


def bullet(curve: str, own: str) -> str:
    """A bullet chart, 180 x 18, on the curve of that name."""
    return f'<svg role="none"><use href="#{curve}"/>{own}</svg>'


MARKS = {"v": ("diamond", 90), "l": ("triangle-left", 130), "r": ("triangle-right", 130)}
"""Of a value in the picture, and of one beyond it to the left and to the right."""


def _level(line: Element) -> str:
    x, y = map(float, NUMBER.findall(line.get("transform", "")))
    ends = [(round(x, 1), y * TALL), (round(x + float(line.get("x2", "0")), 1), y * TALL)]
    return f'<path d="{path(ends)}"/>'


def _marked(name: str) -> Row:
    if name == "value":
        return mark(name, "symbol", name, y=HEIGHT / 2, shape={"field": "shape"}, size={"field": "size"})
    top, height = (0, HEIGHT) if name == "target" else (3, HEIGHT - 6)
    return mark(name, "rect", name, x="x", x2="x2", y=top, height=height)


def _shapes(curve: Curve) -> Iterator[tuple[str, Row]]:
    segments, place = list(_segments(curve)), _Place(curve)
    for name, low, high in _bands(segments):
        yield name, place.between(low, high)
    for at in sorted(_targets(segments)):
        middle = place.of(at)
        yield "target", {"x": middle - 1, "x2": middle + 1}


class _Place:
    """Where a value lies in the picture."""

    def __init__(self, curve: Curve) -> None:
        low, high = curve.knots[0], curve.knots[-1]
        span = (high - low) or abs(low) or 1.0
        # A curve of one knot is a jump: as much is shown on either side of it.
        margin = span * MARGIN if high > low else span / 2
        self.low, self.high = low - margin, high + margin
        earned = [points for _, first, _, last in _segments(curve) for points in (first, last)]
        self.turned = all(a >= b for a, b in pairwise(earned)) and earned[0] > earned[-1]

    def of(self, value: float) -> float:
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return EDGE + (WIDTH - 2 * EDGE) * (1 - share if self.turned else share)

    def between(self, low: float, high: float) -> Row:
        first, last = sorted((self.of(low), self.of(high)))
        return {"x": first, "x2": last}

    def inside(self, low: float | None, high: float | None) -> Row | None:
        """The part of an interval that is in the picture, if any is."""
        if low is None or high is None or high < self.low or self.high < low:
            return None
        return self.between(low, high)

    def marker(self, value: float) -> str:
        right = (value > self.high) != self.turned
        name = "v" if self.low <= value <= self.high else "r" if right else "l"
        return f'<use href="#{name}" x="{self.of(value):.1f}"/>'.replace('.0"', '"')


def _segments(curve: Curve) -> Iterator[Segment]:
    """Straight pieces in the order of the values; a step is a level piece and a jump."""
    knots = list(zip(curve.knots, curve.points, strict=True))
    if len(knots) == 1:
        yield (*knots[0], *knots[0])
    for (left, low), (right, high) in pairwise(knots):
        if not curve.steps:
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
