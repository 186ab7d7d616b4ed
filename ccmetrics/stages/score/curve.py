"""From a value to its points: straight lines or bands through [value, points] pairs.

In: a curve of a card, a column of values. Out: knots in the order of their values, and one expression of points.
Refuses to know: subjects, weights, what happens where a value is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import pairwise
from typing import Literal

import polars as pl

from ccmetrics.catalogue.models import Curve, Goal, Knots, LastYear

Better = Literal["higher", "lower", "range"]
HAIR = 1e-9
"""Relative width within which a value has reached a band: 1 - 0.15 must reach 0.85 whatever its last binary digit."""

Knot = float | pl.Expr
Pairs = Sequence[tuple[Knot, float]]
"""Values, stated or a column each, in rising order, with what they earn."""


def on(goal: Goal | Mapping[date, float], day: date) -> float | LastYear | None:
    """What a goal says on a day; null before its first date."""
    if not isinstance(goal, Mapping):
        return goal
    begun = [start for start in goal if start <= day]
    return goal[max(begun)] if begun else None


def shape(curve: Curve, better: Better) -> tuple[tuple[Goal, float], ...]:
    """[goal, points] in the order of rising values. Two pairs of one value are a jump, passed in the good direction."""
    if curve.points is not None:
        return _sorted(curve.points, better)
    if curve.ideal is not None and curve.limits is not None:
        low, high = sorted(curve.ideal)
        bottom, top = sorted(curve.limits)
        return ((bottom, 0.0), (low, 100.0), (high, 100.0), (top, 0.0))
    goals = ((curve.floor, 0.0), (curve.target, 100.0), (curve.stretch, 120.0))
    stated = tuple((goal, points) for goal, points in goals if goal is not None)
    return stated[::-1] if better == "lower" else stated


def _sorted(pairs: Sequence[tuple[float, float]], better: Better) -> Knots:
    if better == "range":
        # At a jump only the author's order tells the sides apart, so a list written from the top is turned first.
        written = list(reversed(pairs)) if pairs[0][0] > pairs[-1][0] else list(pairs)
        found = sorted(written, key=lambda pair: pair[0])
    else:
        turn = 1 if better == "higher" else -1
        found = sorted(pairs, key=lambda pair: (pair[0], turn * pair[1]))
    return tuple((float(value), float(points)) for value, points in found)


def points(value: pl.Expr, pairs: Pairs, steps: bool = False) -> pl.Expr:
    """Points of a value, clamped at both ends; null for null (and for what is no finite number, or has no knots).

    With `steps` a value earns the points of the last knot it has reached on its way in the good direction, the knot
    itself included: where more is better, of the greatest knot <= value; where less is better, of the smallest knot
    >= value. A value short of every knot earns those of the worst.
    """
    earned = _bands(value, pairs) if steps else _lines(value, pairs)
    known = [value.is_finite(), *(knot.is_not_null() for knot, _ in pairs if isinstance(knot, pl.Expr))]
    return pl.when(pl.all_horizontal(known)).then(earned).otherwise(None)


def reaching(pairs: Pairs, goal: float, steps: bool = False) -> list[Knot]:
    """Where the curve comes to so many points, from either side; nothing where it never does. Bands come to them, or to
    more, at their knots."""
    if steps:
        return [knot for knot, earned in pairs if earned >= goal]
    found = [knot for knot, earned in pairs if earned == goal]
    for (left, low), (right, high) in pairwise(pairs):
        if (low - goal) * (high - goal) < 0:
            found.append(left + (right - left) * (goal - low) / (high - low))
    return found


def _reached(value: pl.Expr, knot: Knot) -> pl.Expr:
    return value >= knot - _hair(knot)


def _within(value: pl.Expr, knot: Knot) -> pl.Expr:
    return value <= knot + _hair(knot)


def _hair(knot: Knot) -> Knot:
    return (knot.abs() if isinstance(knot, pl.Expr) else abs(knot)) * HAIR


def _lines(value: pl.Expr, pairs: Pairs) -> pl.Expr:
    earned = pl.lit(pairs[-1][1])
    for (left, low), (right, high) in reversed(list(pairwise(pairs))):
        line = low + (value - left) * (high - low) / (right - left)
        # Clipped, or the last binary digit of a line could pass the knot it ends in, and more would earn less. Of a
        # jump, where both knots are one, no value is left: it stands at or below the left one, or above the right one.
        earned = pl.when(value <= right).then(line.clip(min(low, high), max(low, high))).otherwise(earned)
    earned = pl.when(value <= pairs[0][0]).then(pl.lit(pairs[0][1])).otherwise(earned)
    jumps = list(_jumps(value, pairs))
    return pl.coalesce(pl.max_horizontal(jumps), earned) if jumps else earned


def _jumps(value: pl.Expr, pairs: Pairs) -> Iterator[pl.Expr]:
    """The better points of two knots of one value, for a value that has reached them."""
    for (left, low), (right, high) in pairwise(pairs):
        there = _reached(value, right) & _within(value, right)
        if isinstance(left, pl.Expr):
            yield pl.when(there & (left == right)).then(pl.lit(max(low, high)))
        elif left == right:
            yield pl.when(there).then(pl.lit(max(low, high)))


def _bands(value: pl.Expr, pairs: Pairs) -> pl.Expr:
    """Bands rise to the best knots from either side, so the knots alone tell the good direction."""
    best = max(points for _, points in pairs)
    peaks = [at for at, (_, points) in enumerate(pairs) if points == best]
    rising, falling = pairs[: peaks[0]], pairs[peaks[-1] + 1 :]
    up = reduce(
        lambda earned, knot: pl.when(_reached(value, knot[0])).then(pl.lit(knot[1])).otherwise(earned),
        rising,
        pl.lit(pairs[0][1]),
    )
    down = reduce(
        lambda earned, knot: pl.when(_within(value, knot[0])).then(pl.lit(knot[1])).otherwise(earned),
        reversed(falling),
        pl.lit(pairs[-1][1]),
    )
    at_best = _reached(value, pairs[peaks[0]][0]) & _within(value, pairs[peaks[-1]][0])
    return pl.when(at_best).then(pl.lit(best)).when(value < pairs[peaks[0]][0]).then(up).otherwise(down)
