"""The order of a score's arithmetic, one operation after the other, with what stands after each.

In: a subject's row of the scorecard. Out: steps from the base to the printed score.
Refuses to know: why an amount is what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import prod

from ccmetrics.catalogue.models import Card
from ccmetrics.explanation import Row, Step
from ccmetrics.period import Period


def steps(row: Row, decimals: int) -> tuple[Step, ...]:
    """What acted, in the order of the rule: added, taken, never below 0, multiplied, held down, rounded.

    What changed nothing is left out. Empty where there is no score.
    """
    if row["base"] is None or row["score"] is None:
        return ()
    found = [Step("base", None, row["base"])]

    def then(what: str, by: float | None, after: float) -> None:
        found.append(Step(what, by, after))

    def at() -> float:
        return found[-1].after

    if row["net"] is not None:
        then("net", row["net"], at() + row["net"])
    if row["bonus"]:
        then("bonus", row["bonus"], at() + row["bonus"])
    if row["deductions"]:
        then("deductions", row["deductions"], at() - row["deductions"])
    if at() < 0:
        then("not-below-zero", None, 0.0)
    if row["coefficient"] is not None and row["coefficient"] != 1:
        then("coefficient", row["coefficient"], at() * row["coefficient"])
    if row["net"] is None and row["capped_at"] is not None and row["capped_at"] < at():
        then("capped", row["capped_at"], row["capped_at"])
    then("rounded", float(decimals), row["score"])
    return tuple(found)


def weighted(lines: Sequence[Row]) -> tuple[float | None, float | None]:
    """The sum of weight times points, and what it is divided by: lines left out carry no weight."""
    counted = [line for line in lines if line["status"] != "redistributed"]
    if not counted or any(line["points"] is None for line in counted):
        return None, sum(line["weight"] for line in counted) if counted else None
    return sum(line["weight"] * line["points"] for line in counted), sum(line["weight"] for line in counted)


def weights(weight: float | Mapping[date, float], period: Period) -> tuple[tuple[float, int], ...]:
    """The weights of a line that changes inside the period, each with how many days it holds."""
    if not isinstance(weight, Mapping) or not any(period.start < day < period.end for day in weight):
        return ()
    edges = [period.start, *sorted(day for day in weight if period.start < day < period.end), period.end]
    begun = [max(start for start in weight if start <= day) for day in edges[:-1]]
    return tuple((weight[start], (end - day).days) for start, (day, end) in zip(begun, pairwise(edges), strict=True))


def pay_steps(card: Card, row: Row, items: Sequence[Row]) -> tuple[Step, ...]:
    """From the coefficient of the grade, or of the score on the line between two, to what is paid by."""
    if row["pay"] is None:
        return ()
    fired = [item for item in items if item["fired"]]
    red = [item for item in fired if item["kind"] == "red_line"]
    straight = card.pay is not None and card.pay.shape == "line" and card.distribution is None
    if straight and not any(item["grade_at_most"] is not None for item in red):
        found = [Step("line", None, _on_line(card, row))]
    else:
        found = [Step("grade", None, _of_grade(card, row))]
    factor = prod(item["factor"] for item in fired if item["kind"] == "coefficient" and item["on"] == "pay")
    if factor != 1:
        found.append(Step("coefficient", factor, found[-1].after * factor))
    most = min((item["pay"] for item in red if item["pay"] is not None), default=None)
    if most is not None and most < found[-1].after:
        found.append(Step("capped", most, most))
    return tuple(found)


def _of_grade(card: Card, row: Row) -> float:
    return next(band.pay for band in card.grades if band.grade == row["grade"])


def _on_line(card: Card, row: Row) -> float:
    """Between the bottoms of two bands; beyond the outer ones the band's own."""
    bottoms = sorted((band.start, band.pay) for band in card.grades if band.start is not None)
    for (low, least), (high, most) in pairwise(bottoms):
        if low <= row["score"] < high:
            return float(least + (most - least) * (row["score"] - low) / (high - low))
    return _of_grade(card, row)
