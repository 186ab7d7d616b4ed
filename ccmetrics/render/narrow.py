"""A result narrowed to what was asked to be seen.

In: a result. Out: the same result with fewer subjects or KPIs; nothing in it is computed anew.
Refuses to know: formats.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean
from ccmetrics.run import Measurement, Result
from ccmetrics.scorecard import Scorecard


def to_subject(result: Result, subject: str) -> Result:
    """The cards that score the subject, with that subject alone; its rank stays the rank among all.

    Raises:
        UsageRefused: no card has that subject.
    """
    cards = tuple(narrowed(card, subject) for card in result.scorecards if subject in card.scores["subject"])
    if not cards:
        known = {name for card in result.scorecards for name in card.scores["subject"]}
        text = f"No card has a subject '{subject}'.{did_you_mean(subject, sorted(known))}"
        raise UsageRefused([Problem(Place("--subject"), "unknown-subject", text)])
    found = result.restatement
    if found is not None:
        theirs = found.cells.filter((pl.col("subject") == subject) | (pl.col("row") == "rows"))
        found = replace(found, cells=theirs)
    return replace(result, scorecards=cards, restatement=found)


OF_SUBJECTS = (
    "scores", "lines", "adjustments", "watch", "policies", "needed", "alarms", "changes", "trends", "progress",
    "shares", "lists", "actions",
)  # fmt: skip
"""Frames of a scorecard with a row a subject. Goals without a subject hold for everybody."""


def narrowed(card: Scorecard, subject: str) -> Scorecard:
    """The card with one subject alone."""
    mine = pl.col("subject") == subject
    found = {name: frame.filter(mine) for name in OF_SUBJECTS if (frame := getattr(card, name)).width}
    goals = card.goals.filter(mine | pl.col("subject").is_null())
    return replace(card, goals=goals, **found)


def to_valued(measured: Measurement) -> tuple[Measurement, list[str]]:
    """The measurement without the KPIs that have no value in any group, and the names of those."""
    has = pl.col("value").is_not_null().any().over("kpi", "variant")
    gone = measured.values.filter(~has)["kpi"].unique(maintain_order=True).to_list()
    return replace(measured, values=measured.values.filter(has)), gone
