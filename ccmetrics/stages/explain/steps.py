"""The order of a score's arithmetic, one operation after the other, with what stands after each.

In: a subject's row of the scorecard. Out: steps from the base to the printed score.
Refuses to know: why an amount is what it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from ccmetrics.explanation import Row, Step


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


def divisor(lines: Sequence[Row]) -> float | None:
    """The sum of the weights that count: lines left out carry none."""
    counted = [line["weight"] for line in lines if line["status"] != "redistributed"]
    return sum(counted) if counted else None
