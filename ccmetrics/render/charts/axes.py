"""The ground a large chart stands on: scales, ticks, titles, a legend.

In: the ends of both axes, texts already said. Out: a canvas that takes marks and becomes one picture.
Refuses to know: what is drawn. The width of a text is estimated, so that no font of a machine moves a mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any
from unicodedata import east_asian_width

from ccmetrics.render.charts.drawing import FONT_SIZE, chart, harmless, mark, on

SIZE = WIDTH, HEIGHT = 440, 220
"""Narrow enough that a phone still shows its text in ten pixels."""
LETTER, CHARACTER = 7.3, 12.5
"""Pixels of a Latin letter and of a Chinese one, in the wider fonts."""
ROW = 16
"""Pixels of a line of text."""
GAP = 8
STEPS = (1, 2, 5, 10)
SAMPLE = 18
Row = Mapping[str, Any]
Entry = tuple[str, str]
"""The class of a mark and what it means."""


def room(text: str) -> float:
    """About how many pixels wide."""
    return sum(CHARACTER if east_asian_width(character) in "WF" else LETTER for character in harmless(text))


def ticks(low: float, high: float, about: int = 4, least: float = 0.0) -> list[float]:
    """Round numbers that hold both ends between them."""
    rough = max((high - low) / about, least) or abs(low) / about or 1.0
    ten = 10.0 ** floor(log10(rough))
    step = max(next(step * ten for step in STEPS if step * ten >= rough * 0.999), least)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(at * step, 12) for at in range(first, max(last, first + 1) + 1)]


def lines(entries: Sequence[Entry]) -> list[list[Entry]]:
    """A legend in rows that fit."""
    rows: list[list[Entry]] = []
    for entry in entries:
        if rows and sum(_wide(text) for _, text in [*rows[-1], entry]) <= WIDTH:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    return rows


def _wide(text: str) -> float:
    return SAMPLE + 5 + room(text) + GAP


class Canvas:
    """Marks in pixels or on the scales `x` and `y`."""

    def __init__(
        self, across: tuple[float, float], up: Sequence[tuple[float, str]], top: float, right: float, left: float = 0
    ) -> None:
        self.left = GAP + max(left, *(room(text) for _, text in up))
        self.across = across
        self.right, self.top, self.bottom = WIDTH - right, top, HEIGHT - 2 * ROW - GAP
        self.scales = [
            {"name": "x", "domain": list(across), "zero": False, "range": [self.left, self.right]},
            {"name": "y", "domain": [up[0][0], up[-1][0]], "zero": False, "range": [self.bottom, self.top]},
        ]
        self.marks: list[dict[str, Any]] = []
        self.data: dict[str, Sequence[Row]] = {}
        rows = [{"at": at, "text": text} for at, text in up]
        self.add("grid", "rule", rows, x=self.left, x2=self.right, y=on("y", "at"))
        self.write("text", rows, x=self.left - 4, y=on("y", "at"), align="right", baseline="middle")

    def add(self, name: str, kind: str, rows: Sequence[Row], **channels: Any) -> None:
        """Nothing at all for no rows."""
        if rows:
            key = f"{name}.{len(self.marks)}"
            self.data[key] = rows
            self.marks.append(mark(key, kind, key, **channels))

    def write(self, name: str, rows: Sequence[Row], **channels: Any) -> None:
        self.add(name, "text", rows, **{"text": "text", "fontSize": FONT_SIZE, **channels})

    def place(self, at: float) -> float:
        """The pixel of a value on `x`, for texts that must not meet."""
        low, high = self.across
        return self.left + (self.right - self.left) * (at - low) / (high - low)

    def floor(self) -> None:
        self.add("axis", "rule", [{}], x=self.left, x2=self.right, y=self.bottom)

    def below(self, texts: Sequence[tuple[float, str]], row: int = 0, every: int = 1) -> None:
        """Under the axis, as many as have room, counted from the last: the newest is always said."""
        rows = [{"at": at, "text": text} for at, text in texts[::-1][::every]]
        y = self.bottom + (row + 1) * ROW - 1
        self.write("text", rows, x=on("x", "at"), y=y, align="center", baseline="alphabetic")

    def every(self, texts: Sequence[tuple[float, str]]) -> int:
        """Each how many-th text has room."""
        if len(texts) < 2:
            return 1
        step = min(self.place(after) - self.place(before) for (before, _), (after, _) in pairwise(texts))
        return max(1, ceil((max(room(text) for _, text in texts) + GAP) / step))

    def title(self, text: str) -> None:
        """Of the vertical axis, level, above it."""
        self.write("text", [{"text": text}], x=2, y=ROW - 4, align="left", baseline="alphabetic")

    def foot(self, text: str) -> None:
        row = [{"text": text}]
        self.write("text", row, x=self.right, y=HEIGHT - GAP + 2, align="right", baseline="alphabetic")

    def legend(self, entries: Sequence[Entry], below: int = 0) -> None:
        """A sample of each mark and its name, under so many rows."""
        for row, line in enumerate(lines(entries), below + 1):
            y, x = row * ROW - 4, 2.0
            for name, text in line:
                if name == "band":
                    self.add(name, "rect", [{}], x=x, width=SAMPLE, y=y - 8, height=9)
                else:
                    self.add(name, "rule", [{}], x=x, x2=x + SAMPLE, y=y - 4)
                self.write("text", [{"text": text}], x=x + SAMPLE + 5, y=y, align="left", baseline="alphabetic")
                x += _wide(text)

    def svg(self, label: str) -> str:
        return chart(self.marks, self.data, self.scales, SIZE, label)
