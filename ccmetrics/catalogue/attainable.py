"""The lowest and the highest score that a card can give, whatever its subjects do.

In: a card and the ranges of what its formulas name. Out: ranges of points and scores.
Refuses to know: values, which of these scores is likely.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import inf, prod

from ccmetrics.catalogue.models import Amount, Card, Coefficient, Curve, Line, LinkedLine
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.ranges import ANY, Range, hull

Weighed = tuple[float, float, bool]
"""Points, weight, and whether the line may be left out."""
WHOLE = 2.0**53
"""From here on no float has decimals."""
Bases = dict[str, Range]
"""By card: the range of its score before adjustments; everything while it is looked for, so that circles end."""


def scores(natural: Natural, card: Card, bases: Bases) -> Range:
    """The range of a card's printed score before its red lines."""
    found = _base(natural, card, bases)
    bonus = sum(most(natural, item) for item in card.adjust.bonus)
    deductions = sum(most(natural, item) for item in card.adjust.deductions)
    factors = coefficients(natural, card)
    low = max(found.low - deductions, 0.0) * factors.low
    high = max(found.high + bonus, 0.0) * factors.high
    return Range(printed(low, card.decimals), printed(high, card.decimals))


def most(natural: Natural, item: Amount) -> float:
    """The most points that a bonus or deduction can come to."""
    if item.when is not None and not natural.truth(item.when).can_hold:
        return 0.0
    return max(0.0, min(item.cap, natural.amount(item.amount).high, inf if item.pool is None else item.pool))


def coefficients(natural: Natural, card: Card, on: str = "score") -> Range:
    """The range of the product of the coefficients."""
    factors = [item.factor for item in card.adjust.coefficients if item.on == on and _may_act(natural, item)]
    low, high = card.adjust.limits if on == "score" else (0.0, inf)
    product = Range(prod(f for f in factors if f < 1), prod(f for f in factors if f > 1))
    return Range(min(max(product.low, low), high), max(min(product.high, high), low))


def _may_act(natural: Natural, item: Coefficient) -> bool:
    return item.when is None or natural.truth(item.when).can_hold


def printed(score: float, decimals: int) -> float:
    if not abs(score) < WHOLE:
        return score
    return float(round(Decimal(repr(score)), 9).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


# ---------------------------------------------------------------- lines


def _base(natural: Natural, card: Card, bases: Bases) -> Range:
    """Found once a card: eight lines to a card of eight lines to the next are eight cards, and many more ways."""
    if card.card not in bases:
        bases[card.card] = ANY
        bases[card.card] = _mean(card, [_points(natural, line, bases) for line in card.kpis])
    return bases[card.card]


def _mean(card: Card, points: list[Range]) -> Range:
    loose = [(line.missing or card.missing) == "redistribute" for line in card.kpis]
    found = []
    for day in _days(card):
        weights = [_weight(line, day) for line in card.kpis]
        low, high = (
            [(earned[side], weight, free) for earned, weight, free in zip(points, weights, loose, strict=True)]
            for side in (0, 1)
        )
        found.append(Range(0.0 - _best((-p, w, free) for p, w, free in low), _best(high)))
    return hull(found)


def _best(lines: Iterable[Weighed]) -> float:
    """The highest mean that is left when lines that may be left out are."""
    every = sorted(lines, key=lambda line: (line[2], -line[0]))
    best, total, weights = -inf, 0.0, 0.0
    for at, (points, weight, _) in enumerate(every):
        total, weights = total + (points * weight if weight else 0.0), weights + weight
        may_end = at + 1 == len(every) or every[at + 1][2]
        if may_end and weights > 0:
            best = max(best, total / weights)
    return best if every else 0.0


def _points(natural: Natural, line: Line | LinkedLine, bases: Bases) -> Range:
    """What a line can earn; as another card's score without a curve of its own, what that score can be."""
    own = hull(earned(curve) for curve in _curves(line))
    if own != ANY or isinstance(line, Line):
        return own
    other = natural.scope.catalogue.cards.get(line.linked_card)
    if other is None:
        return ANY
    if line.take == "kpi":
        own_there = [each for each in other.kpis if isinstance(each, Line) and each.kpi == line.kpi]
        return hull(_points(natural, each, bases) for each in own_there)
    found = (scores if line.take == "score" else _base)(natural, other, bases)
    return found | Range(*(min(found.low, end) for end in _caps(other)))


def _caps(card: Card) -> tuple[float, float]:
    """The lowest score that a red line holds somebody at."""
    least = min((line.score_at_most for line in card.adjust.red_lines if line.score_at_most is not None), default=inf)
    return least, least


def _curves(line: Line | LinkedLine) -> list[Curve]:
    inner = list(line.segments.curves.values()) if isinstance(line, Line) and line.segments else []
    return [curve for curve in (line, *inner) if curve.stated]


def earned(curve: Curve) -> Range:
    """From the fewest to the most points of a curve."""
    if curve.points is not None:
        return hull(Range(points, points) for _, points in curve.points)
    return Range(0.0, 100.0 if curve.stretch is None else 120.0)


def _days(card: Card) -> list[date]:
    """The days on which weights change; before the first of them nothing is scored."""
    return sorted({day for line in card.kpis if isinstance(line.weight, dict) for day in line.weight}) or [date.min]


def _weight(line: Line | LinkedLine, day: date) -> float:
    if not isinstance(line.weight, dict):
        return line.weight
    begun = [start for start in line.weight if start <= day]
    return line.weight[max(begun)] if begun else 0.0
