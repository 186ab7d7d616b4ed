"""A result narrowed to what was asked to be seen.

In: a result. Out: the same result with fewer subjects or KPIs; nothing in it is computed anew.
Refuses to know: formats.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean
from ccmetrics.run import Measurement, Result
from ccmetrics.scorecard import Restatement, Scorecard


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
    return replace(result, scorecards=cards, restatement=_restated(result, pl.col("subject") == subject))


def to_card(result: Result, card: Scorecard) -> Result:
    """One of its cards alone: the result itself, where it holds nothing else."""
    before, told = result.restatement, _restated(result, pl.col("card") == card.card.card)
    if all(each is card for each in result.scorecards) and (
        before is None or told is None or before.cells.height == told.cells.height
    ):
        return result
    return replace(result, scorecards=(card,), restatement=told)


def to_team(result: Result, team: str) -> Result:
    """As `by_team`, of one.

    Raises:
        UsageRefused: no card has a subject of that team.
    """
    found = by_team(result)
    if team not in found:
        text = f"No card has a subject of team '{team}'.{did_you_mean(team, sorted(found))}"
        raise UsageRefused([Problem(Place("--team"), "unknown-team", text)])
    return found[team]


def by_team(result: Result) -> dict[str, Result]:
    """Each team, by name, with the subjects that are its own, on the cards that have any; ranks stay those among all.

    Every frame is cut once, whatever the number of teams.
    """
    parts = [
        (card, parted(card, card.scores.select("subject", group="team").drop_nulls()))
        for card in result.scorecards
        if "team" in card.scores.columns
    ]
    teams = sorted({team for _, found in parts for team in found})
    made = {}
    for team in teams:
        cards = tuple(replace(card, **found[team]) for card, found in parts if team in found)
        made[team] = replace(result, scorecards=cards)
    if result.restatement is None:
        return made
    return {team: replace(found, restatement=_restated(result, _theirs(found))) for team, found in made.items()}


def _theirs(result: Result) -> pl.Expr:
    """Rows that are of a result's subjects on its cards."""
    return pl.any_horizontal(
        (pl.col("card") == card.card.card) & pl.col("subject").is_in(card.scores["subject"].to_list())
        for card in result.scorecards
    )


def parted(card: Scorecard, groups: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Each group to the card's frames with its own subjects; `groups`: subject, group."""
    names = groups["group"].unique(maintain_order=True).to_list()
    whole = {name: frame for name in (*OF_SUBJECTS, "goals") if (frame := getattr(card, name)).width}
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    whose = groups.rename({"group": "@group"})
    for name, frame in whole.items():
        own = frame.join(whose, on="subject", how="left", maintain_order="left")
        parts = own.partition_by("@group", as_dict=True, include_key=False)
        everyone = frame.filter(pl.col("subject").is_null()) if name == "goals" else frame.clear()
        for group in names:
            mine = parts.get((group,), frame.clear())
            found[group][name] = pl.concat([mine, everyone]) if everyone.height else mine
    return found


def _restated(result: Result, mine: pl.Expr) -> Restatement | None:
    """What a restatement says of some subjects; what rows were read is said to all."""
    found = result.restatement
    if found is None:
        return None
    return replace(found, cells=found.cells.filter(mine | (pl.col("row") == "rows")))


OF_SUBJECTS = (
    "scores", "lines", "adjustments", "watch", "policies", "needed", "alarms", "changes", "trends", "progress",
    "shares", "lists", "actions", "history",
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
