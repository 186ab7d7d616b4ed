"""What the charts are drawn from: plain values, and every text already said.

In: nothing. Out: frozen values.
Refuses to know: frames, cards, languages, colors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bullet:
    """One value on its curve. Without knots there is no picture."""

    value: float | None
    low: float | None
    """The interval of the value, both ends or neither."""
    high: float | None
    knots: Sequence[float]
    """Values of the curve, rising."""
    points: Sequence[float]
    """What each knot earns."""
    label: str
    """What a screen reader says instead, and a pointer shows."""
    steps: bool = False
    """Whether the points are bands: nothing between two knots."""


@dataclass(frozen=True)
class Spark:
    """A few values through time, the newest last."""

    values: Sequence[float | None]
    targets: Sequence[float | None] | None
    label: str


@dataclass(frozen=True)
class Course:
    """How the scores of a cycle lay."""

    label: str
    mean: float | None
    q1: float | None
    median: float | None
    q3: float | None
    n: int


@dataclass(frozen=True)
class Point:
    """A value in a cycle, with its interval and its target."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    target: float | None = None
