"""What a grade is worth: pay coefficients, amounts, and a budget kept to the cent.

In: a card, graded scores, bases from the roster. Out: the same with what each is paid, and what the reader must know.
Refuses to know: how a grade came about. No base leaves here, only what it comes to.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import polars as pl

from ccmetrics.catalogue.models import MOST_BASE, Card, Pay
from ccmetrics.notice import Key, Label, Notice
from ccmetrics.period import is_one
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.judge.grades import bands
from ccmetrics.stages.score import DIGITS

FINE = 1_000_000
"""Parts of a cent in which amounts are kept; what doubles lose of everyday amounts lies below."""
LOST = 5 * 10**14
"""Of how many parts doubles may have lost one: half a cent of a great amount is still rounded up."""


def with_coefficients(card: Card, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `pay`: the grade's coefficient x the coefficients on pay, at most what red lines leave.

    Along a line only where the grade is that of the score: a lower one is worth no more than its band.
    """
    named = [pl.when(pl.col("band") == at).then(pl.lit(float(band.pay))) for at, band in enumerate(bands(card))]
    worth: pl.Expr = pl.coalesce([*named, pl.lit(None, pl.Float64)])
    if card.pay is not None and card.pay.shape == "line" and card.distribution is None:
        worth = pl.when(pl.col("band") == pl.col("reached")).then(_line(card, worth)).otherwise(worth)
    pay = (worth * pl.col("pay_factor").fill_null(1.0)).round(DIGITS)
    return rows.with_columns(pay=pl.when(pay.is_not_null()).then(pl.min_horizontal(pay, "pay_at_most")))


def _line(card: Card, steps: pl.Expr) -> pl.Expr:
    """Between the bottoms of two bands the coefficient rises with the score; from the highest bottom on, and below the
    lowest, it is the band's own."""
    score = pl.col("score")
    worth = steps
    bottoms = sorted((band.start, band.pay) for band in card.grades if band.start is not None)
    for (low, least), (high, most) in pairwise(bottoms):
        rising = least + (most - least) * (score - low) / (high - low)
        worth = pl.when((score >= low) & (score < high)).then(rising).otherwise(worth)
    return worth


def amounts(card: Card, rows: pl.DataFrame, facts: Facts) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """The rows with `pay_amount` of whoever has a pay coefficient and a base, and what they sum to, in words."""
    none = rows.with_columns(pay_amount=pl.lit(None, pl.Float64))
    if card.pay is None or card.pay.base is None:
        return none, ()
    if not is_one(facts.period, card.cycle):
        return none, (_not_one(facts.period.label, card.cycle),)
    found, said = _budgeted(card.pay, _payable(card, _based(card.pay, rows, facts)))
    # Rounded once more: the engine divides by a constant as it multiplies by its inverse.
    paid = found.with_columns(pay_amount=(pl.col("cents") / 100).round(2))
    steps = card.pay.shape == "line" and card.distribution is not None
    told = [Notice("Pay is by steps, not along a line: a distribution gives the grades.")] if steps else []
    return paid.drop("pay_base", "fine", "cents"), (*told, *said, *_unpaid(paid))


def _based(pay: Pay, rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The rows with their base (null: not known), and what is `earned`: base x presence x coefficient. Unknown presence
    is full."""
    there = facts.subjects.select("subject", part="presence")
    if isinstance(pay.base, str):
        there = there.join(facts.bases, on="subject", how="left", validate="1:1")
    else:
        there = there.with_columns(base=pl.lit(pay.base, pl.Float64))
    known = there.select("subject", "part", pay_base=pl.when(pl.col("base") >= 0).then("base"))
    earned = pl.col("pay_base") * pl.col("part").fill_null(1.0) * pl.col("pay")
    return (
        rows.join(known, on="subject", how="left", maintain_order="left", validate="1:1")
        .with_columns(earned=earned)
        .drop("part")
    )


def _payable(card: Card, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what is earned in `fine` parts of a cent: whole numbers, wide enough for every sum and product
    below, so that no order of adding matters.

    Raises:
        DataRefused: somebody earns more than can be kept to the cent. Who and how much is not told.
    """
    over = rows.filter(pl.col("earned") > MOST_BASE).height
    if over:
        text = (
            f"Card '{card.card}': {over} of its subjects would earn more than {MOST_BASE:,}, the most that is paid to "
            "the cent. Mend the base of their pay, or state it in a larger unit."
        )
        raise DataRefused([Problem(Place(f"card {card.card}: pay"), "too-much-pay", text)])
    fine = (pl.col("earned") * (100 * FINE)).round().cast(pl.Int128)
    return rows.with_columns(fine=fine).drop("earned")


def _budgeted(pay: Pay, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[Notice]]:
    """The rows with `cents`: each amount rounded half up, or, with a budget to keep, its part of the budget by largest
    remainder, the smaller subject id first where remainders are alike."""
    total = int(rows["fine"].sum() or 0)
    rounded = (pl.col("fine") + pl.col("fine") // LOST + FINE // 2) // FINE
    cents = int(rows.select(rounded.sum()).item() or 0)
    money = _money(cents)
    if pay.budget is None:
        return rows.with_columns(cents=rounded), [Notice("Pay sums to {sum}.", sum=money)]
    budget = int((Decimal(str(pay.budget)) * 100).to_integral_value(ROUND_HALF_UP))
    if total == 0:
        none = Notice("Nobody earns pay: nothing of the budget of {budget} is spent.", budget=_money(budget))
        return rows.with_columns(cents=rounded), [none]
    if pay.cut_only and cents <= budget:
        within = Notice("Pay sums to {sum}, within the budget of {budget}.", sum=money, budget=_money(budget))
        return rows.with_columns(cents=rounded), [within]
    by = Notice(
        "Pay sums to {sum}; multiplied by {by:.4f} it keeps to the budget of {budget}.",
        sum=money,
        by=budget * FINE / total,
        budget=_money(budget),
    )
    return rows.with_columns(cents=_parts(rows, budget, total)), [by]


def _parts(rows: pl.DataFrame, budget: int, total: int) -> pl.Series:
    """The budget in cents divided by what is earned, the last cents going to the largest remainders. Who earns nothing
    comes after all cents are given."""
    share, left = pl.col("fine") * budget // total, pl.col("fine") * budget % total
    order = pl.when(pl.col("fine") > 0).then(total - left).otherwise(total + 1)
    turn = pl.struct(order, "subject").rank("ordinal")
    missing = budget - int(rows.select(share.sum()).item())
    found = rows.select(cents=share + (turn <= missing).cast(pl.Int128))["cents"]
    if found.sum() != budget:
        raise ValueError(f"what is paid sums to {found.sum()} cents, and the budget is {budget}")
    return found


def _unpaid(rows: pl.DataFrame) -> list[Notice]:
    """How many the sum does not hold, and why: nobody may take it for the whole bill."""
    why = (
        pl.when(pl.col("status") != "scored")
        .then(pl.col("status"))
        .when(pl.col("pay_base").is_null())
        .then(pl.lit("without a base"))
        .otherwise(pl.lit("without a grade"))
    )
    counts = rows.filter(pl.col("pay_amount").is_null()).group_by(why.alias("why")).len().sort("why")
    named = [Notice("{n} {why}", n=count, why=Key(why)) for why, count in counts.iter_rows()]
    return [Notice("Without pay are {subjects}: the sum is not the whole bill.", subjects=named)] if named else []


def _not_one(label: str, cycle: str) -> Notice:
    return Notice("No pay amounts: {period} is not one {cycle}.", period=Label(label), cycle=Key(cycle))


def _money(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02}"
