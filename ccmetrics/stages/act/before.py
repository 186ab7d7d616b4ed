"""The actions of the cycle before: what a file of them must be to be followed up.

In: a frame that was read from such a file, the cards and period of a run. Out: the rows that still wait, by card.
Refuses to know: how the file was read, what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.catalogue.models import Action, Card
from ccmetrics.period import Period, before
from ccmetrics.plan.cards import cycles_of
from ccmetrics.problem import DataRefused, Place, Problem

ACTIONS = {
    "card": pl.String, "period": pl.String, "subject": pl.String, "name": pl.String, "rule": pl.String,
    "cycles": pl.Int64, "do": pl.String, "role": pl.String, "to": pl.String, "status": pl.String, "since": pl.String,
    "due": pl.Date, "evidence": pl.String,
}  # fmt: skip
"""`rule`: the condition as written, true in each of so many `cycles`. `role`: whom the card sends it to; `to`: who that
is. `since`: the cycle in which it first came true, of those it stayed true in."""

KEY = ["subject", "rule", "cycles", "do", "role"]
"""What makes an action of a card the same one from cycle to cycle."""

WAITING = ("fired", "repeated", "unknown")
STATUS = (*WAITING, "closed")


def rule_of(action: Action) -> dict[str, str | int]:
    """The rule as it is known by from cycle to cycle, on one line however the YAML folds it."""
    rule, do = (" ".join(text.split()) for text in (action.when, action.do.en))
    return {"rule": rule, "cycles": cycles_of(action.lasting), "do": do, "role": action.to}


def live(found: pl.DataFrame | None, card: Card) -> pl.DataFrame:
    """The actions of the card that were not closed."""
    if found is None:
        return pl.DataFrame(schema=ACTIONS)
    return found.filter((pl.col("card") == card.card) & pl.col("status").is_in(WAITING))


def followed(found: pl.DataFrame, file: str, cards: Sequence[Card], period: Period) -> pl.DataFrame:
    """The same frame, if its actions can be followed up by these cards in this period.

    Raises:
        DataRefused: it is of another cycle than the one before, or of cards or rules that are not scored here.
    """
    problems = [*_periods(found, file, period), *_rules(found, file, cards)]
    needed = [name for name in ("card", "period", *KEY, "status", "since") if found[name].null_count()]
    if needed:
        problems.append(_problem(file, "bad-actions", f"Rows have no {', '.join(needed)}."))
    if strange := sorted(set(found["status"].drop_nulls()) - set(STATUS)):
        problems.append(_problem(file, "bad-actions", f"'{strange[0]}' is no status; they are {', '.join(STATUS)}."))
    if found.select("card", *KEY).is_duplicated().any():
        problems.append(_problem(file, "bad-actions", "The same action of a subject stands in it twice."))
    if problems:
        raise DataRefused(problems)
    return found


def _periods(found: pl.DataFrame, file: str, period: Period) -> list[Problem]:
    earlier = before(period)
    wanted = earlier.label if earlier is not None else None
    strange = sorted(set(found["period"].drop_nulls()) - {wanted})
    if not strange:
        return []
    text = f"It holds actions of {', '.join(strange)}; {period.label} follows up those of {wanted or 'no cycle'}."
    return [_problem(file, "actions-of-another-cycle", f"{text} Name that file, or none to begin anew.")]


def _rules(found: pl.DataFrame, file: str, cards: Sequence[Card]) -> list[Problem]:
    known = {card.card: {tuple(rule_of(rule).values()) for rule in card.actions} for card in cards}
    problems = []
    for card, *rule in found.select("card", *KEY[1:]).unique(maintain_order=True).rows():
        if card not in known:
            text = f"It holds actions of card '{card}', which this run does not score. Score it too, or name no file."
            problems.append(_problem(file, "actions-of-another-card", text))
        elif tuple(rule) not in known[card]:
            text = f"'{rule[2]}' when {rule[0]} is no rule of card '{card}' as it is now. Name no file to begin anew."
            problems.append(_problem(file, "actions-of-another-rule", text))
    return problems


def _problem(file: str, name: str, text: str) -> Problem:
    return Problem(Place(file), name, text)
