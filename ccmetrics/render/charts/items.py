"""What the charts are drawn from: plain values, and every text already said.

In: nothing. Out: frozen values.
Refuses to know: frames, cards, languages, colors.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Curve:
    """What gives points for a value; of the same curve there is one picture."""

    knots: tuple[float, ...]
    """Values, rising; one at least."""
    points: tuple[float, ...]
    """What each knot earns."""
    steps: bool = False
    """Whether the points are bands: nothing between two knots."""


@dataclass(frozen=True)
class Bullet:
    """One value on its curve."""

    curve: Curve
    value: float | None
    low: float | None
    """The interval of the value, both ends or neither."""
    high: float | None


@dataclass(frozen=True)
class Spark:
    """A few values through time, the newest last."""

    values: tuple[float | None, ...]
    targets: tuple[float | None, ...] | None


@dataclass(frozen=True)
class Course:
    """How the scores of a cycle lay."""

    label: str
    mean: float | None
    q1: float | None
    median: float | None
    q3: float | None
    n: int
