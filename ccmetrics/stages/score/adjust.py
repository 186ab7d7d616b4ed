"""What is added to, taken from, multiplied with and held against a score, subject by subject.

In: a card's adjustments and their measured amounts and conditions. Out: one row a subject and item, and their totals.
Refuses to know: points, coverage, grades.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Adjustment, Amount, Card, Coefficient, RedLine
from ccmetrics.stages.facts import Facts

KINDS = {"bonus": "bonus", "deductions": "deduction", "coefficients": "coefficient", "red_lines": "red_line"}
"""Key in the YAML and in the measured frame, to the kind of one item."""

ITEMS = {
    "kind": pl.String, "index": pl.Int32, "name": pl.String, "amount_key": pl.String,
    "when_key": pl.String, "cap": pl.Float64, "given_factor": pl.Float64, "on": pl.String,
    "score_at_most": pl.Float64, "grade_at_most": pl.String, "pay": pl.Float64,
}  # fmt: skip

COLUMNS = (
    "subject", "kind", "index", "name", "requested", "amount", "cap", "factor", "on", "score_at_most",
    "grade_at_most", "pay", "fired", "judged", "reason",
)  # fmt: skip


def adjustments(card: Card, facts: Facts) -> pl.DataFrame:
    """One row a subject and item, in the card's order.

    `fired` says that the item acts. An item without `when` always does; an amount acts when it is above 0. `judged` is
    false where the condition, or an amount asked for, is null: the item is then left out and the score is provisional.
    `requested` is the amount before its cap. `factor` stands in the row whether it fired or not.
    """
    items = pl.DataFrame([_item(*found) for found in _all(card)], schema=ITEMS, orient="row")
    keys = pl.concat([items["when_key"], items["amount_key"]]).drop_nulls().implode()
    mine = (pl.col("cycles") == 1) & pl.col("kpi").is_in(keys)
    measured = facts.values.filter(mine).select("subject", "kpi", "value", "reason")
    rows = facts.subjects.select("subject").sort("subject").join(items, how="cross")
    for part in ("when", "amount"):
        found = measured.rename({"kpi": f"{part}_key", "value": f"{part}_value", "reason": f"{part}_reason"})
        rows = rows.join(found, on=["subject", f"{part}_key"], how="left", maintain_order="left", validate="m:1")
    asked, counts = pl.col("when_key").is_not_null(), pl.col("amount_key").is_not_null()
    holds = pl.when(asked).then(pl.col("when_value") != 0).otherwise(True)
    requested = pl.when(~counts).then(None).when(holds).then(pl.col("amount_value")).when(~holds).then(0.0)
    judged = holds.is_not_null() & (~counts | requested.is_not_null())
    amount = pl.when(judged & counts).then(requested.clip(0.0, pl.col("cap")))
    why = pl.when(holds.is_null()).then(pl.col("when_reason")).otherwise(pl.col("amount_reason"))
    return rows.with_columns(
        requested=requested,
        amount=amount,
        factor=pl.col("given_factor"),
        fired=(judged & holds & (~counts | (amount > 0))).fill_null(False),
        judged=judged,
        reason=pl.when(~judged).then(why.fill_null("no-rows")),
    ).select(COLUMNS)


def totals(rows: pl.DataFrame, subjects: pl.DataFrame, limits: tuple[float, float]) -> pl.DataFrame:
    """One row a subject: bonus, deductions, the product of the coefficients, the strictest cap, the unjudged.

    `capped_at` is the lowest cap of the red lines that fired, whether the score came near it or not.
    """
    kind, fired = pl.col("kind"), pl.col("fired")
    on_score = (kind == "coefficient") & (pl.col("on") == "score")
    added = rows.group_by("subject", maintain_order=True).agg(
        bonus=pl.col("amount").filter(kind == "bonus").sum(),
        deductions=pl.col("amount").filter(kind == "deduction").sum(),
        coefficient=pl.col("factor").filter(on_score & fired).product(),
        capped_at=pl.col("score_at_most").filter(fired).min(),
        unjudged=pl.col("name").filter(~pl.col("judged")).str.join(", "),
    )
    return (
        subjects.select("subject")
        .join(added, on="subject", how="left", maintain_order="left")
        .with_columns(pl.col("bonus", "deductions").fill_null(0.0), pl.col("unjudged").fill_null(""))
        .with_columns(pl.col("coefficient").fill_null(1.0).clip(*limits))
    )


def _all(card: Card) -> list[tuple[str, int, Adjustment]]:
    return [(key, index, item) for key in KINDS for index, item in enumerate(getattr(card.adjust, key))]


def _item(key: str, index: int, item: Adjustment) -> tuple[object, ...]:
    amount = item if isinstance(item, Amount) else None
    coefficient = item if isinstance(item, Coefficient) else None
    red = item if isinstance(item, RedLine) else None
    return (
        KINDS[key],
        index,
        item.name.en,
        f"{key}.{index}.amount" if amount else None,
        f"{key}.{index}.when" if item.when is not None else None,
        amount.cap if amount else None,
        coefficient.factor if coefficient else None,
        coefficient.on if coefficient else None,
        red.score_at_most if red else None,
        red.grade_at_most if red else None,
        red.pay if red else None,
    )
