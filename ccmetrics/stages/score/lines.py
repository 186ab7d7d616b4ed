"""From values to points: the window of each line, its curve, and what stands in for a missing value.

In: a card and its facts. Out: one row a subject and card line.
Refuses to know: adjustments, whether a subject gets a score, grades.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi, Line, LinkedLine
from ccmetrics.period import Period, inside
from ccmetrics.plan.cards import is_against_last_year
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score.curve import Knot, Pairs, points, reaching
from ccmetrics.stages.score.goals import averaged, better_of, blended, earns, in_bands
from ccmetrics.stages.score.interval import ends
from ccmetrics.stages.score.supported import variant_of
from ccmetrics.stages.score.windows import MEASURED, own_values, peer_window, peers

ITEMS = {
    "line": pl.Int32, "kpi": pl.String, "variant": pl.String, "weight": pl.Float64, "window": pl.Int32,
    "min_n": pl.Int64, "policy": pl.String, "lowest": pl.Float64, "cumulative": pl.Boolean,
}  # fmt: skip
COLUMNS = (
    "subject", "line", "kpi", "variant", "weight", *list(MEASURED)[:-1], "coverage", "target", "gap", "share",
    "basis", "points", "contribution", "status", "reason", "points_low", "points_high",
)  # fmt: skip


def lines(card: Card, kpis: Mapping[str, Kpi], facts: Facts, goals: pl.DataFrame) -> pl.DataFrame:
    """Subject x line with points and contribution, in the order of the subjects and of the card.

    `status` is own where the subject's value earns the points, else what took its place: neutral, floor,
    redistributed (no points, no weight) or withheld (no points). A value too thin to score is shown all the same.
    `target` earns 100 points, and `gap` is how far an own value must move to earn them: 0 where it does, null where the
    curve never comes to them; `share` is what a full timer's goal of one cycle is multiplied by, and `basis`,
    the value over it, what met the curve; `coverage` is that of a line linked to other cards.
    """
    items = pl.DataFrame([_item(card, kpis, facts.period, *each) for each in enumerate(card.kpis)], ITEMS, orient="row")
    curves = blended(goals)
    shared, own = curves.filter(pl.col("subject").is_null()), curves.filter(pl.col("subject").is_not_null())
    lacking = dict(shared.select("line", "lacks").iter_rows())
    far = {at: peer_window(line) for at, line in enumerate(card.kpis)}
    of_all = items.with_columns(window=pl.col("line").replace_strict(far, return_dtype=pl.Int32))
    found = pl.concat([own_values(facts.values, items), _linked(facts.linked)], how="diagonal")
    rows = (
        facts.subjects.sort("subject")
        .select("subject", "presence")
        .join(items, how="cross", maintain_order="left_right")
        .join(found, on=["subject", "line"], how="left", maintain_order="left", validate="1:1")
        .join(peers(facts.pooled, of_all).drop("cycles"), on="line", how="left", maintain_order="left", validate="m:1")
        .join(own, on=["subject", "line"], how="left", maintain_order="left", validate="1:1")
        .with_columns(lacks=pl.coalesce("lacks", pl.col("line").replace_strict(lacking, default=None)))
        .with_columns(enough=pl.col("enough").fill_null(False), reason=pl.col("reason").fill_null("no-rows"))
        .with_columns(**_barred(card, facts.period))
        .with_columns(share=_share(card, facts.period))
        .with_columns(basis=_basis())
    )
    known = dict(shared.select("line", "knots").iter_rows())
    pairs = [_pairs(line, kpis, known.get(at)) for at, line in enumerate(card.kpis)]
    rows = rows.with_columns(
        earned=_earned(pl.col("basis"), card, pairs), target=_by_line(map(_target, pairs)) * pl.col("share")
    ).with_columns(status=_status())
    rows = rows.with_columns(gap=_gap(card, pairs))
    within = ends(lambda value: _earned(value, card, pairs), pl.col("share"), _by_line(map(_best, pairs)))
    return _contributions(rows.with_columns(**within)).select(COLUMNS)


def _item(
    card: Card, kpis: Mapping[str, Kpi], period: Period, index: int, line: Line | LinkedLine
) -> tuple[object, ...]:
    least = min(earns(line, better_of(line, kpis)), default=0.0)
    policy = line.missing or card.missing or "withhold"
    weight = averaged(line.weight, period)
    if isinstance(line, LinkedLine):
        return index, f"linked:{line.linked_card}", line.kpi or "", weight, 1, None, policy, least, False
    total = kpis[line.kpi].cumulative
    return index, line.kpi, variant_of(line, kpis), weight, line.window, line.min_n, policy, least, total


def _linked(rows: pl.DataFrame) -> pl.DataFrame:
    """What lines linked to other cards are worth, as a measured value. How few may stand behind it is not said."""
    there = pl.col("value").is_not_null()
    found = rows.select("subject", "line", "value", "n", "coverage", "reason", enough=there)
    return found.with_columns(cycles=pl.lit(1, pl.Int32), reason=pl.when(~there).then("reason"))


def _barred(card: Card, period: Period) -> dict[str, pl.Expr]:
    """A total cannot meet the goal of a whole cycle in a part of one, nor of somebody who was not there at all; and
    nothing meets a goal that is not there. The value is shown, and the line withheld, whatever stands in for others."""
    absent = pl.col("cumulative") & (pl.col("presence") <= 0).fill_null(False)
    part = pl.col("cumulative") & pl.lit(not inside(period, card.cycle))
    lacks = pl.col("enough") & pl.col("lacks").is_not_null()
    yearly = [at for at, line in enumerate(card.kpis) if isinstance(line, Line) and is_against_last_year(line)]
    moved = pl.col("enough") & (pl.col("cycles") > 1) & pl.col("line").is_in(yearly)
    why = (
        pl.when(part)
        .then(pl.lit("short-period"))
        .when(absent)
        .then(pl.lit("not-present"))
        .when(moved)
        .then(pl.lit("goal-of-one-cycle"))
        .when(lacks)
        .then("lacks")
    )  # fmt: skip
    return {
        "enough": pl.col("enough") & why.is_null(),
        "policy": pl.when(why.is_null()).then("policy").otherwise(pl.lit("withhold")),
        "reason": pl.coalesce(why, "reason"),
    }


def _share(card: Card, period: Period) -> pl.Expr:
    """What a full timer's goal of one cycle is multiplied by. Unknown presence is full."""
    total = pl.col("presence").fill_null(1.0) * max(1, len(inside(period, card.cycle)))
    return pl.when("cumulative").then(total).otherwise(1.0)


def _basis() -> pl.Expr:
    """The value that meets the curve: knots x share is the same as value / share. The total of all is none for one."""
    own = pl.when("enough").then(pl.col("value") / pl.col("share"))
    return own.when((pl.col("policy") == "neutral") & ~pl.col("cumulative")).then("pooled")


def _pairs(line: Line | LinkedLine, kpis: Mapping[str, Kpi], shared: list[float] | None) -> Pairs:
    """The knots of a line: numbers where they hold for everybody, else the columns of each subject."""
    earned = earns(line, better_of(line, kpis))
    if shared is not None:
        return list(zip(shared, earned, strict=True))
    return [(pl.col("knots").list.get(at, null_on_oob=True), points) for at, points in enumerate(earned)]


def _earned(value: pl.Expr, card: Card, pairs: list[Pairs]) -> pl.Expr:
    """The points of a value on the curve of each row's line. Without a curve it is points already."""
    return _by_line(
        points(value, at, in_bands(line)) if at else value for at, line in zip(pairs, card.kpis, strict=True)
    )


def _target(pairs: Pairs) -> pl.Expr:
    """The one value that earns 100 points, where the curve has one."""
    full = [knot for knot, earned in pairs if earned == 100]
    return _column(full[0]) if len(full) == 1 else pl.lit(None, pl.Float64)


def _gap(card: Card, pairs: list[Pairs]) -> pl.Expr:
    """The way to the nearest value that earns 100 points."""
    ends = [reaching(each, 100, in_bands(line)) for each, line in zip(pairs, card.kpis, strict=True)]
    ways = [[_column(end) - pl.col("basis") for end in each] for each in ends]
    nearest = _by_line(reduce(_shorter, found, pl.lit(None, pl.Float64)) for found in ways) * pl.col("share")
    return pl.when(status="own").then(pl.when(pl.col("earned") >= 100).then(0.0).otherwise(nearest))


def _shorter(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Of two ways; the one there is, where there is one."""
    return pl.when(other.is_null() | (one.abs() <= other.abs())).then(one).otherwise(other)


def _best(pairs: Pairs) -> pl.Expr:
    """A value that earns the most there is to earn; without a curve there is no such value."""
    return _column(max(pairs, key=lambda pair: pair[1])[0]) if pairs else pl.lit(None, pl.Float64)


def _column(knot: Knot) -> pl.Expr:
    return knot if isinstance(knot, pl.Expr) else pl.lit(knot)


def _by_line(found: Iterable[pl.Expr]) -> pl.Expr:
    """One expression for every row, each by its line."""
    return pl.coalesce(pl.when(pl.col("line") == at).then(each) for at, each in enumerate(found))


def _status() -> pl.Expr:
    policy = pl.col("policy")
    return (
        pl.when("enough")
        .then(pl.lit("own"))
        .when((policy == "neutral") & pl.col("earned").is_not_null())
        .then(pl.lit("neutral"))
        .when(policy == "floor")
        .then(pl.lit("floor"))
        .when(policy == "redistribute")
        .then(pl.lit("redistributed"))
        .otherwise(pl.lit("withheld"))
    )


def _contributions(rows: pl.DataFrame) -> pl.DataFrame:
    """Points by status, and each line's share of the base: they sum to it."""
    status = pl.col("status")
    given = pl.when(status.is_in(["own", "neutral"])).then("earned").when(status == "floor").then("lowest")
    counted = pl.col("weight").filter(status != "redistributed").sum().over("subject")
    return rows.with_columns(points=given, reason=pl.when(status != "own").then("reason")).with_columns(
        contribution=pl.when(counted > 0).then(pl.col("weight") * pl.col("points") / counted)
    )
