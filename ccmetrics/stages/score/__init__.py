"""From values to scores: windows, points, missing values, coverage, adjustments, one rounding.

In: a card and its facts. Out: lines, adjustments, scores, what is missing.
Refuses to know: rows of exports, grades, pay, ranks, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from ccmetrics.catalogue.models import Adjust, Card, Kpi
from ccmetrics.period import Period
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.stages.facts import Facts, nothing
from ccmetrics.stages.score.adjust import adjustments, totals
from ccmetrics.stages.score.effective import effective
from ccmetrics.stages.score.goals import goals
from ccmetrics.stages.score.interval import of_bases
from ccmetrics.stages.score.lines import lines as card_lines
from ccmetrics.stages.score.rounding import DIGITS, half_up
from ccmetrics.stages.score.supported import is_short, unsupported

__all__ = ["DIGITS", "Scores", "half_up", "score"]

NOT_SUPPLIED = ("table-not-supplied", "column-not-supplied")
"""Reasons that lie in what was delivered, not in a subject."""

SCORES = (
    "subject", "name", "team", "status", "why", "coverage", "base", "bonus", "deductions", "coefficient",
    "capped_at", "score", "low", "high", "no_interval",
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


def score(card: Card, kpis: Mapping[str, Kpi], facts: Facts) -> Scores:
    """Every subject against the card. Values of others are left aside; a subject without values is still listed.

    Raises:
        DefinitionsRefused: the card asks for what this version cannot compute.
    """
    period = facts.period
    if problems := unsupported(card, kpis, period):
        raise DefinitionsRefused(problems)
    _trust(facts.values, facts.pooled, facts.subjects, period)
    short = is_short(card, period)
    subjects = facts.subjects.sort("subject")
    curves = goals(card, kpis, facts)
    rows = card_lines(card, kpis, facts, curves)
    items = adjustments(card.model_copy(update={"adjust": Adjust()}) if short else card, facts)
    sums = totals(items, subjects, card.adjust.limits)
    whole = "short-period" if short else _undelivered(card, rows)
    bases = _bases(rows).join(of_bases(rows), on="subject", how="left", maintain_order="left", validate="1:1")
    scores = _scores(card, subjects, bases, sums, whole)
    return Scores(rows, items, scores, _missing(rows), goals=curves, effective=effective(rows, scores))


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


def _scores(card: Card, subjects: pl.DataFrame, bases: pl.DataFrame, sums: pl.DataFrame, whole: str) -> pl.DataFrame:
    """One row a subject. `whole` says why nobody on the card can have a score."""
    rows = subjects.join(bases, on="subject", how="left", maintain_order="left", validate="1:1").join(
        sums, on="subject", how="left", maintain_order="left", validate="1:1"
    )
    rows = rows.with_columns(why=pl.lit(whole) if whole else _why(card)).with_columns(status=_status(bool(whole)))
    known = pl.col("status").is_in(["scored", "provisional"])
    ends = {name: pl.when(known).then(_adjusted(pl.col(f"base_{name}"), card.decimals)) for name in ("low", "high")}
    return rows.with_columns(
        base=pl.when(known).then("base"),
        score=pl.when(known).then(_adjusted(pl.col("base"), card.decimals)),
        no_interval=pl.when(known).then("no_interval"),
        **ends,
    ).select(SCORES)


def _adjusted(base: pl.Expr, decimals: int) -> pl.Expr:
    """The printed score of a base. For the ends of its interval, bonuses and all that follows hold as they are."""
    # The order is the rule: what is earned, what is added and taken, never below 0, multiplied, held down, rounded.
    net = (base + pl.col("bonus") - pl.col("deductions")).clip(lower_bound=0.0)
    held = pl.min_horizontal(net * pl.col("coefficient"), "capped_at")
    return pl.when(base.is_not_null()).then(half_up(held, decimals))


def _why(card: Card) -> pl.Expr:
    """Why a subject has no full score, as a word and the names it is about; null where it has one."""
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
        .when(pl.col("unjudged") != "")
        .then(pl.concat_str(pl.lit("not-judged: "), "unjudged"))
    )


def _status(values_only: bool) -> pl.Expr:
    if values_only:
        return pl.lit("values-only")
    why = pl.col("why")
    return (
        pl.when(why.is_null())
        .then(pl.lit("scored"))
        .when(why.str.starts_with("not-judged"))
        .then(pl.lit("provisional"))
        .otherwise(pl.lit("withheld"))
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
