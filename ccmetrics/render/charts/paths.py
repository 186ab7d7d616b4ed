"""Lines of small charts, said in few bytes: there are thousands of them in a page.

In: the lines of a mark as Vega drew it. Out: their runs as places; a run as a path of steps.
Refuses to know: what is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

Place = tuple[float, float]
TALL = 2
"""A pixel of a line is this many times as wide as high: whole numbers are fine enough. The style makes up for it."""


def runs(drawn: str) -> list[list[Place]]:
    """Of lines from place to place; one place alone is a run, too."""
    found = (re.findall(r"(-?[\d.e-]+),(-?[\d.e-]+)", run) for run in drawn.split("M")[1:])
    return [[(float(x), float(y)) for x, y in run] for run in found]


def whole(run: Sequence[Place]) -> list[Place]:
    """The places in whole pixels."""
    return [(round(x), round(y * TALL)) for x, y in run]


def path(run: Sequence[Place]) -> str:
    """A line through the places; what is level between many is one step."""
    (x, y), letter = run[0], ""
    text = f"M{x:g} {y:g}"
    for kind, numbers in _steps(run):
        said = "".join(f"{' ' if number >= 0 else ''}{number:g}" for number in numbers)
        text += said if kind == letter else kind + said.lstrip()
        letter = kind
    return text


def _steps(run: Sequence[Place]) -> Iterator[tuple[str, tuple[float, ...]]]:
    moves = ((round(x - left, 1), round(y - top, 1)) for (left, top), (x, y) in pairwise(run))
    for level, group in groupby(moves, key=lambda move: move[1] == 0):
        if level:
            yield "h", (round(sum(x for x, _ in group), 1),)
        else:
            yield from (("l", move) for move in group)
