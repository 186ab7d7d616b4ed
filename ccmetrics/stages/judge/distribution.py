"""Grades by place instead of by score, where the card wants so many of each.

In: a card, scores with the band they have reached, whose group a subject is in. Out: the same with places' bands, and
what the reader must know. Refuses to know: what a grade is worth, what red lines do to it.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

import polars as pl

from ccmetrics.catalogue.models import Card, Distribution
from ccmetrics.notice import Notice
from ccmetrics.stages.judge.apart import told_apart, with_intervals
from ccmetrics.stages.judge.grades import bands, places
from ccmetrics.stages.judge.proof import proof
from ccmetrics.stages.score import half_up

LOST = "grade lost by distribution"


def distributed(card: Card, rows: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """The rows with `placed`, the band of a place (null: the score decides), `grade_by`, `lost_by_distribution`, and
    for who lost a grade `told_apart`: from the last of a better grade in the group, null without intervals."""
    wanted = card.distribution
    found, said = (_placed(card, wanted, rows, people), True) if wanted else (_none(rows), False)
    by_place = pl.col("placed").is_not_null()
    lost = (pl.col("placed") > pl.col("reached")).fill_null(False)
    found = found.with_columns(
        grade_by=pl.when(pl.col("reached").is_not_null() | by_place).then(
            pl.when(by_place).then(pl.lit("distribution")).otherwise(pl.lit("score"))
        ),
        lost_by_distribution=pl.when(pl.col("status") == "scored").then(lost),
        told_apart=pl.when(lost).then(
            told_apart(pl.col("next_score"), pl.col("next_below"), pl.col("score"), pl.col("above"))
        ),
    )
    return found, _said(wanted, found, people) if wanted and said else ()


def losers(rows: pl.DataFrame) -> pl.DataFrame:
    """Who has a lower grade by place than by score, with the numbers: subject, list, evidence, cycles."""
    evidence = proof(
        "placed",
        score=pl.col("score"),
        grade=pl.col("grade_by_score"),
        next=pl.col("next_score"),
        placed=pl.col("grade"),
        apart=pl.col("told_apart"),
    )
    found = rows.filter("lost_by_distribution")
    return found.select("subject", list=pl.lit(LOST), evidence=pl.concat_list(evidence), cycles=pl.lit(1, pl.Int32))


def _none(rows: pl.DataFrame) -> pl.DataFrame:
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("above", "next_score", "next_below")]
    return rows.with_columns(*nothing, placed=pl.lit(None, pl.Int32))


def _placed(card: Card, wanted: Distribution, rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """With `group`, `of` (how many in it have a place to take), `placed`, and of the next better grade the last one."""
    free = (pl.col("status") == "scored") & ~pl.col("red")
    taking = free & pl.col("group").is_not_null() & (pl.col("of") >= wanted.min_group)
    found = (
        with_intervals(_grouped(wanted, rows, people))
        .with_columns(of=free.sum().over("group").cast(pl.Int64))
        .with_columns(place=pl.when(taking).then("score").rank("min", descending=True).over("group"))
        .with_columns(placed=_band_of_place(card, wanted))
    )
    return found.join(_last_of_better(found), on=["group", "placed"], how="left", maintain_order="left")


def _grouped(wanted: Distribution, rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    if wanted.by is None:
        return rows.with_columns(group=pl.lit(""))
    if wanted.by not in people.columns:
        return rows.with_columns(group=pl.lit(None, pl.String))
    groups = people.select("subject", pl.col(wanted.by).cast(pl.String).alias("group"))
    return rows.join(groups, on="subject", how="left", maintain_order="left", validate="1:1")


def _band_of_place(card: Card, wanted: Distribution) -> pl.Expr:
    """A grade reaches down to the place that its cumulative share of the group comes to, rounded half up. Who share a
    score share the best place among them, and so the better grade; nobody gets a grade that has no share."""
    known = places(card)
    named = [band.grade for band in bands(card) if band.grade in wanted.shares]
    # Decimal, so that 33.3 + 33.3 + 33.4 is 100.
    shares = accumulate(Decimal(str(wanted.shares[grade])) for grade in named)
    place, of = pl.col("place"), pl.col("of")
    found = [
        pl.when(place <= half_up(of * float(share / 100), 0)).then(pl.lit(known[grade], pl.Int32))
        for grade, share in zip(named, shares, strict=True)
    ]
    last = [pl.when(place.is_not_null()).then(pl.lit(known[named[-1]], pl.Int32))] if named else []
    return pl.coalesce([*found, *last, pl.lit(None, pl.Int32)])


def _last_of_better(found: pl.DataFrame) -> pl.DataFrame:
    """By group and band: score and lower half-width of the last one of the next better grade that anybody has. Of
    several, the widest: to be told from them is to be told from all."""
    reach = pl.col("below").filter(pl.col("score") == pl.col("score").min())
    ends = (
        found.filter(pl.col("placed").is_not_null())
        .group_by("group", "placed")
        .agg(score=pl.col("score").min(), below=pl.when(reach.is_not_null().all()).then(reach.max()))
        .sort("group", "placed")
    )
    return ends.select(
        "group",
        "placed",
        next_score=pl.col("score").shift(1).over("group", order_by="placed"),
        next_below=pl.col("below").shift(1).over("group", order_by="placed"),
    )


def _said(wanted: Distribution, rows: pl.DataFrame, people: pl.DataFrame) -> tuple[Notice, ...]:
    """Which groups are graded by score after all, and how many the distribution moved."""
    by = wanted.by
    scored = rows.filter(pl.col("status") == "scored")
    if by is not None and by not in people.columns:
        return (
            (Notice("Grades are by score, not by distribution: the roster does not say '{column}'.", column=by),)
            if scored.height
            else ()
        )
    said = []
    small = scored.filter(pl.col("of") < wanted.min_group, pl.col("group").is_not_null(), ~pl.col("red"))
    if by is None and small.height:
        said.append(
            Notice(
                "Grades are by score, not by distribution: it takes {least:subject} scored and free of red lines; here "
                "{n:=is|are} {n}.",
                least=wanted.min_group,
                n=small.height,
            )
        )
    elif small.height:
        sizes = small.group_by("group").len().sort("group").iter_rows()
        named = [f"{group} ({size})" for group, size in sizes]
        said.append(
            Notice(
                "Grades are by score, not by distribution, in groups of fewer than {least} scored and free of red "
                "lines: {groups}.",
                least=wanted.min_group,
                groups=named,
            )
        )
    if nowhere := scored["group"].null_count():
        said.append(
            Notice(
                "Grades are by score, not by distribution, where the roster does not say '{column}': {n}.",
                column=by,
                n=nowhere,
            )
        )
    lost = rows.filter("lost_by_distribution")
    won = rows.filter(pl.col("placed") < pl.col("reached")).height
    if lost.height or won:
        apart = int(lost["told_apart"].fill_null(False).sum())
        said.append(
            Notice(
                "Grades by distribution that are lower than by score: {lost}, told by the interval from the last of a "
                "better grade: {apart}; higher: {won}.",
                lost=lost.height,
                apart=apart,
                won=won,
            )
        )
    return tuple(said)
