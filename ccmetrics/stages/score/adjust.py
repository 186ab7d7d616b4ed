"""What is added to, taken from, multiplied with and held against a score, subject by subject.

In: a card's adjustments and their measured amounts and conditions. Out: one row a subject and item, and their totals.
Refuses to know: points, coverage, grades.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Adjustment, Amount, Card, Coefficient, RedLine
from ccmetrics.period import back
from ccmetrics.plan.cards import cycles_of
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score.longer import kept, nets
from ccmetrics.stages.score.pool import shared

KINDS = {"bonus": "bonus", "deductions": "deduction", "coefficients": "coefficient", "red_lines": "red_line"}
"""Key in the YAML and in the measured frame, to the kind of one item."""

ITEMS = {
    "kind": pl.String, "index": pl.Int32, "name": pl.String, "amount_key": pl.String, "when_key": pl.String,
    "of": pl.String, "over": pl.Int32, "cap": pl.Float64, "pool": pl.Float64, "pool_by": pl.String,
    "given_factor": pl.Float64, "on": pl.String, "score_at_most": pl.Float64, "grade_at_most": pl.String,
    "pay": pl.Float64,
}  # fmt: skip

COLUMNS = {
    "subject": pl.String, "kind": pl.String, "index": pl.Int32, "name": pl.String, "requested": pl.Float64,
    "cap": pl.Float64, "capped": pl.Float64, "pool": pl.Float64, "pool_group": pl.String, "pool_asked": pl.Float64,
    "amount": pl.Float64, "factor": pl.Float64, "on": pl.String, "score_at_most": pl.Float64,
    "grade_at_most": pl.String, "pay": pl.Float64, "of": pl.String, "over": pl.Int32, "fired": pl.Boolean,
    "fired_in": pl.String, "judged": pl.Boolean, "reason": pl.String,
}  # fmt: skip


def adjustments(card: Card, facts: Facts, withheld: pl.Series) -> pl.DataFrame:
    """One row a subject and item, in the card's order.

    `fired` says that the item acts. An item without `when` always does; an amount acts when it is above 0. `judged` is
    false where the condition, or an amount asked for, is null: the item is then left out and the score is provisional.
    `requested` is the amount before its cap, `capped` after it, `amount` what is left of that by a pool. `factor`
    stands in the row whether it fired or not. `fired_in`: the periods in which a condition held, of a red line that
    lasts a year perhaps earlier ones. `withheld` are subjects without a score, who draw on no pool.
    """
    items = pl.DataFrame([_item(*found) for found in _all(card)], schema=ITEMS, orient="row")
    rows = facts.subjects.select("subject").sort("subject").join(items, how="cross", maintain_order="left_right")
    rows = _with_conditions(rows, items, facts)
    rows = _with_amounts(rows, items, facts)
    counts, holds = pl.col("amount_key").is_not_null(), pl.col("holds")
    requested = pl.when(~counts).then(None).when(holds).then(pl.col("amount_value")).when(~holds).then(0.0)
    judged = holds.is_not_null() & (~counts | requested.is_not_null())
    why = pl.when(holds.is_null()).then("when_reason").otherwise("amount_reason").fill_null("no-rows")
    red = ((pl.col("kind") == "red_line") & holds.fill_null(False)).any().over("subject")
    rows = rows.with_columns(
        requested=requested,
        capped=requested.clip(0.0, pl.col("cap")),
        judged=judged,
        reason=pl.when(~judged).then(why),
        factor="given_factor",
    )
    rows = shared(rows, facts.people, red | pl.col("subject").is_in(withheld.implode()))
    fired = (pl.col("judged") & holds & (~counts | (pl.col("amount") > 0))).fill_null(False)
    return _complete(rows.with_columns(fired=fired, fired_in=pl.when(fired).then("fired_in")))


def averaged(card: Card, facts: Facts) -> pl.DataFrame:
    """The same over a period of several cycles: what was done in each, kind `net`, and what holds beyond it."""
    found = pl.concat([_complete(nets(card, facts)), _complete(kept(facts))])
    return found.sort("subject", maintain_order=True)


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    there = set(rows.columns)
    return rows.select(
        (pl.col(name) if name in there else pl.lit(None)).cast(dtype).alias(name) for name, dtype in COLUMNS.items()
    )


def totals(rows: pl.DataFrame, subjects: pl.DataFrame, limits: tuple[float, float]) -> pl.DataFrame:
    """One row a subject: bonus, deductions, the product of the coefficients, the strictest cap, the unjudged.

    `capped_at` is the lowest cap of the red lines that fired, whether the score came near it or not. `net` is the mean
    of the cycles' nets, null of a single cycle; of several, the parts of it are null.
    """
    kind, fired = pl.col("kind"), pl.col("fired")
    on_score = (kind == "coefficient") & (pl.col("on") == "score")
    several = (kind == "net").any()
    added = rows.group_by("subject", maintain_order=True).agg(
        bonus=pl.when(~several).then(pl.col("amount").filter(kind == "bonus").sum()),
        deductions=pl.when(~several).then(pl.col("amount").filter(kind == "deduction").sum()),
        coefficient=pl.when(~several).then(pl.col("factor").filter(on_score & fired).product().clip(*limits)),
        capped_at=pl.col("score_at_most").filter(fired).min(),
        net=pl.when(several).then(pl.col("amount").filter(kind == "net").mean().fill_null(0.0)),
        unjudged=pl.col("name").filter(~pl.col("judged")).str.join(", "),
    )
    found = subjects.select("subject").join(added, on="subject", how="left", maintain_order="left")
    nothing = pl.col("unjudged").is_null()
    return found.with_columns(
        pl.when(nothing).then(0.0).otherwise("bonus").alias("bonus"),
        pl.when(nothing).then(0.0).otherwise("deductions").alias("deductions"),
        pl.when(nothing).then(1.0).otherwise("coefficient").alias("coefficient"),
        pl.col("unjudged").fill_null(""),
    )


def acted_on(base: pl.Expr) -> pl.Expr:
    """A base with all that acts on it, before rounding; beside it stand the totals of its subject.

    The order is the rule: what is added and taken, never below 0, multiplied, held down.
    """
    once = (base + pl.col("bonus") - pl.col("deductions")).clip(lower_bound=0.0) * pl.col("coefficient")
    of_several = (base + pl.col("net")).clip(lower_bound=0.0)
    found = pl.when(pl.col("net").is_not_null()).then(of_several).otherwise(pl.min_horizontal(once, "capped_at"))
    return pl.when(base.is_not_null()).then(found)


# ---------------------------------------------------------------- conditions and amounts


def _with_conditions(rows: pl.DataFrame, items: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The rows with `holds`: whether the condition is true, null where it cannot be told; `when_reason`; `fired_in`."""
    own = facts.values.join(items.filter(of="subject").select(kpi="when_key", cycles="over"), on=["kpi", "cycles"])
    found = pl.concat(
        [
            own.select("subject", when_key="kpi", when_value="value", when_reason="reason"),
            facts.around.select("subject", when_key="key", when_value="value", when_reason="reason"),
        ]
    )
    key = ["subject", "when_key"]
    told = rows.join(found, on=key, how="left", maintain_order="left", validate="m:1").join(
        _earlier(facts.lasting), on=key, how="left", maintain_order="left", validate="m:1"
    )
    asked, now = pl.col("when_key").is_not_null(), pl.col("when_value") != 0
    blind = pl.col("over").is_in(_beyond(facts, items))
    now = pl.when(~asked).then(True).when(~blind).then(now)
    before = pl.col("held_in") != ""
    reason = pl.when(blind).then(pl.lit("not-covered")).otherwise("when_reason")
    label = pl.when(now.fill_null(False)).then(pl.lit(facts.period.label))
    return told.with_columns(
        # Or, with unknowns: one that held is enough, whatever is not known of the others.
        holds=now | before.fill_null(False) | pl.when("unknown").then(None).otherwise(pl.lit(False)),
        when_reason=pl.when(now.is_null()).then(reason).otherwise("unknown_reason"),
        fired_in=pl.concat_str(pl.when(before).then("held_in"), label, separator=", ", ignore_nulls=True),
    )


def _earlier(lasting: pl.DataFrame) -> pl.DataFrame:
    """Of red lines that last a year: in which cycles before they held, and whether in any that is not known."""
    null = pl.col("value").is_null()
    return (
        lasting.sort("subject", "key", "period")
        .group_by("subject", when_key="key", maintain_order=True)
        .agg(
            held_in=pl.col("period").filter(pl.col("value") != 0).str.join(", "),
            unknown=null.any(),
            unknown_reason=pl.col("reason").filter(null).last(),
        )
    )


def _beyond(facts: Facts, items: pl.DataFrame) -> list[int]:
    """Which of the spans that conditions look over, in cycles, reach back to before the first cycle of a calendar:
    silence there is no proof."""
    return [over for over in items["over"].unique() if len(back(facts.period, over)) < over]


def _with_amounts(rows: pl.DataFrame, items: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    mine = (pl.col("cycles") == 1) & pl.col("kpi").is_in(items["amount_key"].drop_nulls().implode())
    found = facts.values.filter(mine).select("subject", amount_key="kpi", amount_value="value", amount_reason="reason")
    return rows.join(found, on=["subject", "amount_key"], how="left", maintain_order="left", validate="m:1")


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
        item.of,
        cycles_of(item.over),
        amount.cap if amount else None,
        amount.pool if amount else None,
        amount.pool_by if amount else None,
        coefficient.factor if coefficient else None,
        coefficient.on if coefficient else None,
        red.score_at_most if red else None,
        red.grade_at_most if red else None,
        red.pay if red else None,
    )
