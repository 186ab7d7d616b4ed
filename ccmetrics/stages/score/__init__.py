"""From values to scores: windows, points, missing values, coverage, adjustments, one rounding.

In: a card and its facts. Out: lines, adjustments, scores, what is missing.
Refuses to know: rows of exports, grades, pay, ranks, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.catalogue.models import Adjust, Card, Kpi
from ccmetrics.period import Period, inside
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.stages.facts import Facts, nothing
from ccmetrics.stages.score.adjust import acted_on, adjustments, averaged, totals
from ccmetrics.stages.score.effective import effective
from ccmetrics.stages.score.goals import goals
from ccmetrics.stages.score.interval import of_bases
from ccmetrics.stages.score.lines import lines as card_lines
from ccmetrics.stages.score.policies import policies
from ccmetrics.stages.score.rounding import DIGITS, half_up
from ccmetrics.stages.score.supported import is_short, unsupported

__all__ = ["DIGITS", "Scores", "half_up", "score"]

NOT_SUPPLIED = ("table-not-supplied", "column-not-supplied")
"""Reasons that lie in what was delivered, not in a subject."""

SCORES = (
    "subject", "name", "team", "status", "why", "presence", "coverage", "base", "bonus", "deductions", "coefficient",
    "capped_at", "net", "score", "low", "high", "no_interval",
)  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """`lines`: subject x line. `adjustments`: subject x item. `scores`: a subject each. `missing`: line x reason.
    `goals`: subject x line x part of the curve in force. `policies`: subject x missing policy. `effective`: line."""

    lines: pl.DataFrame
    adjustments: pl.DataFrame
    scores: pl.DataFrame
    missing: pl.DataFrame
    goals: pl.DataFrame = field(default_factory=nothing())
    policies: pl.DataFrame = field(default_factory=nothing())
    effective: pl.DataFrame = field(default_factory=nothing())


def score(card: Card, kpis: Mapping[str, Kpi], facts: Facts, beside: bool = True) -> Scores:
    """Every subject against the card. Values of others are left aside; a subject without values is still listed.

    `beside`: whether the scores under other missing policies are wanted, too.

    Raises:
        DefinitionsRefused: the card asks for what this version cannot compute.
    """
    period = facts.period
    if problems := unsupported(card, kpis, period):
        raise DefinitionsRefused(problems)
    _trust(facts.values, facts.pooled, facts.subjects, period)
    curves = goals(card, kpis, facts)
    rows = card_lines(card, kpis, facts, curves)
    items, scores = _totaled(card, facts, rows)

    def under(other: Card) -> pl.DataFrame:
        return _totaled(other, facts, card_lines(other, kpis, facts, curves))[1]

    return Scores(
        rows,
        items,
        scores,
        _missing(rows),
        goals=curves,
        policies=policies(card, rows, under if beside else None),
        effective=effective(rows, scores),
    )


def _totaled(card: Card, facts: Facts, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What acts on each subject, and its score, from its lines."""
    short, several = is_short(card, facts.period), len(inside(facts.period, card.cycle)) > 1
    whole = "short-period" if short else _undelivered(card, rows)
    bases = _bases(rows).join(of_bases(rows), on="subject", how="left", maintain_order="left", validate="1:1")
    subjects = facts.subjects.sort("subject").join(
        bases, on="subject", how="left", maintain_order="left", validate="1:1"
    )
    subjects = subjects.with_columns(why=_withheld(card))
    if several:
        items = averaged(card, facts)
    else:
        withheld = subjects.filter(pl.col("why").is_not_null())["subject"]
        items = adjustments(card.model_copy(update={"adjust": Adjust()}) if short else card, facts, withheld)
    sums = totals(items, subjects, card.adjust.limits)
    return items, _scores(card, subjects, sums, whole, "cycle-not-scored" if several else "not-judged")


def _trust(values: pl.DataFrame, pooled: pl.DataFrame, subjects: pl.DataFrame, period: Period) -> None:
    """What would turn into wrong numbers silently: twin rows, a second period, inf and NaN. Never a user's fault."""
    key = ["kpi", "variant", "cycles"]
    for frame, names in ((values, ["subject", *key]), (pooled, key), (subjects, ["subject"])):
        if frame.select(names).is_duplicated().any():
            raise ValueError(f"more than one row for the same {', '.join(names)}")
    for frame in (values, pooled):
        if set(frame["period"].unique()) - {period.label}:
            raise ValueError(f"values of other periods than {period.label}")
        if not frame["value"].cast(pl.Float64).is_finite().all():
            raise ValueError("values hold inf or NaN")


def _bases(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a subject: coverage, the base of what has points, and the lines that withhold it."""
    weight, status = pl.col("weight"), pl.col("status")
    counted = status != "redistributed"
    total = weight.filter(counted).sum()
    held = status == "withheld"
    return rows.group_by("subject", maintain_order=True).agg(
        coverage=pl.when(weight.sum() > 0).then(weight.filter(status == "own").sum() / weight.sum()).otherwise(0.0),
        base=pl.when(total > 0).then((weight * pl.col("points")).filter(counted).sum() / total),
        held=pl.col("kpi").filter(held).str.join(", "),
    )


def _undelivered(card: Card, rows: pl.DataFrame) -> str:
    """Which KPIs nobody could be measured on, where that leaves nobody a score; else nothing."""
    dead = (
        rows.group_by("line", "kpi", maintain_order=True)
        .agg(
            dead=pl.col("reason").is_in(NOT_SUPPLIED).fill_null(False).all(),
            held=(pl.col("status") == "withheld").all(),
            weight=pl.col("weight").first(),
        )
        .sort("line")
    )
    lost = dead.filter("dead")
    total, gone = float(dead["weight"].sum() or 0), float(lost["weight"].sum() or 0)
    if lost.is_empty():
        return ""
    reachable = round(1 - gone / total, DIGITS) if total > 0 else 0.0
    if reachable >= card.min_coverage and not lost["held"].any():
        return ""
    return f"not-supplied: {', '.join(lost['kpi'])}"


def _scores(card: Card, subjects: pl.DataFrame, sums: pl.DataFrame, whole: str, provisional: str) -> pl.DataFrame:
    """One row a subject. `whole` says why nobody on the card can have a score; `provisional` is the word for
    those whose score lacks a part."""
    rows = subjects.join(sums, on="subject", how="left", maintain_order="left", validate="1:1")
    lacking = pl.when(pl.col("unjudged") != "").then(pl.concat_str(pl.lit(f"{provisional}: "), "unjudged"))
    why = pl.col("why")
    status = (
        pl.when(why.is_not_null())
        .then(pl.lit("withheld"))
        .when(lacking.is_not_null())
        .then(pl.lit("provisional"))
        .otherwise(pl.lit("scored"))
    )
    if whole:
        rows = rows.with_columns(status=pl.lit("values-only"), why=pl.lit(whole))
    else:
        rows = rows.with_columns(status=status, why=pl.coalesce(why, lacking))
    known = pl.col("status").is_in(["scored", "provisional"])

    def printed(base: str) -> pl.Expr:
        return pl.when(known).then(half_up(acted_on(pl.col(base)), card.decimals))

    # For the ends of its interval, bonuses and all that follows hold as they are.
    return rows.with_columns(
        base=pl.when(known).then("base"),
        score=printed("base"),
        low=printed("base_low"),
        high=printed("base_high"),
        no_interval=pl.when(known).then("no_interval"),
    ).select(SCORES)


def _withheld(card: Card) -> pl.Expr:
    """Why a subject has no score whatever acts on it, as a word and the names it is about; null where it has one."""
    few = pl.col("coverage").round(DIGITS) < card.min_coverage
    return (
        pl.when(pl.col("presence") < card.min_presence)
        .then(pl.lit("presence"))
        .when(pl.col("held") != "")
        .then(pl.concat_str(pl.lit("missing: "), "held"))
        .when(few)
        .then(pl.lit("coverage"))
        .when(pl.col("base").is_null())
        .then(pl.lit("no-values"))
    )


def _missing(rows: pl.DataFrame) -> pl.DataFrame:
    """How many subjects lack a value of their own on each line, by reason."""
    return (
        rows.filter(pl.col("status") != "own")
        .group_by("line", "kpi", "variant", "reason")
        .agg(subjects=pl.len())
        .sort("line", "reason")
        .drop("line")
    )
