"""A card's rules turned into things to do.

In: a card, its facts, values of the cycles before, the actions of the cycle before. Out: one tidy row an action.
Refuses to know: files, mail, anything that would carry an action out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.notice import Called, Clauses, Key, Label, Notice
from ccmetrics.plan.cards import cycles_of
from ccmetrics.stages.act.before import ACTIONS, KEY, live, rule_of
from ccmetrics.stages.act.proof import PROOF, Cycle, proof
from ccmetrics.stages.facts import Facts, Schema
from ccmetrics.stages.follow import Values

__all__ = ["ACTIONS", "PROVED", "Acted", "act"]

PROVED: Schema = {**ACTIONS, "evidence": PROOF}
"""An action as it is found; in a file its evidence is one text."""


@dataclass(frozen=True)
class Acted:
    """`actions`: a row a rule and subject. `notices`: what could not be decided, or reaches nobody."""

    actions: pl.DataFrame
    notices: tuple[Notice, ...] = ()


def act(card: Card, facts: Facts, others: Sequence[Values], before: pl.DataFrame | None = None) -> Acted:
    """The rules that came true, and what became of the actions of the cycle `before`.

    `fired`: true, and not there the cycle before. `repeated`: true again. `closed`: was there and is no longer true, or
    its subject has left the card. `unknown`: was there, and cannot be told now.
    """
    nothing = pl.DataFrame(schema=PROVED)
    if not card.actions:
        return Acted(nothing)
    if facts.period.cycle != card.cycle:
        parts = {"cycle": Key(card.cycle), "period": Label(facts.period.label)}
        none = Notice(
            "Card '{card}': its actions are decided by the {cycle}, and {period} is none.", card=card.called, **parts
        )
        return Acted(nothing, (none,))
    cycles = [
        (facts.period.label, facts.values),
        *((p.label, rows) for against, p, rows in others if against == "cycle"),
    ]
    decided = [_decided(card, index, facts, cycles) for index in range(len(card.actions))]
    open_ = [said for index, rows in enumerate(decided) for said in _undecided(card, index, rows, cycles)]
    rows = _followed_up(pl.concat(decided), live(before, card), facts.period.label)
    found = rows.with_columns(card=pl.lit(card.card), period=pl.lit(facts.period.label))
    return Acted(found.select(pl.col(n).cast(d) for n, d in PROVED.items()), (*open_, *_astray(card, found)))


def _decided(card: Card, index: int, facts: Facts, cycles: Sequence[Cycle]) -> pl.DataFrame:
    """Every subject with whether the rule holds for it in all the cycles asked; null where that is not known."""
    rule, asked = card.actions[index], cycles_of(card.actions[index].lasting)
    rows = facts.subjects.select("subject", "name")
    for at, (_, values) in enumerate(cycles[:asked]):
        held = _condition(values, index).select("subject", (pl.col("value") != 0).alias(f"holds{at}"))
        rows = rows.join(held, on="subject", how="left", maintain_order="left", validate="1:1")
    behind = proof(rule.when, index, cycles[:asked])
    rows = rows.join(behind, on="subject", how="left", maintain_order="left", validate="1:1")
    there = range(min(asked, len(cycles)))
    # A cycle that the data do not reach back to is unknown; one in which it was false decides all the same.
    beyond = [pl.lit(None, dtype=pl.Boolean)] if len(there) < asked else []
    return rows.select(
        "subject",
        "name",
        index=pl.lit(index),
        **{name: pl.lit(value, dtype=ACTIONS[name]) for name, value in rule_of(rule).items()},
        to=_addressee(card, rule.to, facts),
        due=pl.lit(facts.period.last + timedelta(days=int(rule.due[:-1]))),
        evidence=pl.col("evidence") if asked == 1 else pl.col("evidence").fill_null([]),
        holds=pl.all_horizontal(*(f"holds{at}" for at in there), *beyond),
    )


def _condition(values: pl.DataFrame, index: int) -> pl.DataFrame:
    return values.filter((pl.col("cycles") == 1) & (pl.col("kpi") == f"actions.{index}.when"))


def _addressee(card: Card, to: str, facts: Facts) -> pl.Expr:
    """The subject itself, what the roster says of it, or the word as it is. Words in `_id` are no names of anybody."""
    if to == card.subject:
        return pl.col("subject")
    if to in facts.people.columns:
        known = facts.people.select("subject", pl.col(to).cast(pl.String))
        return pl.col("subject").replace_strict(known["subject"], known[to], default=None, return_dtype=pl.String)
    return pl.lit(None if to.endswith("_id") else to, dtype=pl.String)


def _followed_up(rows: pl.DataFrame, before: pl.DataFrame, label: str) -> pl.DataFrame:
    """The rows that are an action, each with its status and the cycle it first came true in."""
    was, holds = pl.col("since").is_not_null(), pl.col("holds")
    status = (
        pl.when(holds)
        .then(pl.when(was).then(pl.lit("repeated")).otherwise(pl.lit("fired")))
        .when(was)
        .then(pl.when(holds.is_null()).then(pl.lit("unknown")).otherwise(pl.lit("closed")))
    )
    known = rows.join(before.select(*KEY, "since"), on=KEY, how="left", maintain_order="left", validate="1:1")
    # Whoever has left the card has nothing measured; the earlier file still says whom it was about.
    gone = before.join(rows, on=KEY, how="anti", maintain_order="left").join(
        rows.select("index", *KEY[1:]).unique(), on=KEY[1:], how="left", maintain_order="left", validate="m:1"
    )
    told = known.with_columns(status=status).filter(pl.col("status").is_not_null())
    left = gone.with_columns(status=pl.lit("closed"), evidence=pl.lit(None, dtype=PROOF))
    columns = ("index", *KEY, "name", "to", "due", "evidence", "status", "since")
    return (
        pl.concat([told.select(columns), left.select(columns)])
        .with_columns(
            since=pl.col("since").fill_null(label),
            due=pl.when(pl.col("status").is_in(["fired", "repeated"])).then("due"),
        )
        .sort("index", "subject")
    )


def _undecided(card: Card, index: int, rows: pl.DataFrame, cycles: Sequence[Cycle]) -> Iterator[Notice]:
    """How many subjects the rule could not be decided for, and why."""
    rule, asked = card.actions[index], cycles_of(card.actions[index].lasting)
    unknown = rows.filter(pl.col("holds").is_null())
    if unknown.is_empty():
        return
    head = Notice(
        "Card '{card}', action '{action}': not decided for {n} of {of:subject}",
        card=card.called,
        action=Called(rule.do.en, rule.do),
        n=unknown.height,
        of=rows.height,
    )
    if asked > len(cycles):
        yield Notice("{said}; {asked:cycle} asked, {n} in the data.", said=head, asked=asked, n=len(cycles))
        return
    mine = pl.col("subject").is_in(unknown["subject"].implode())
    reasons = {
        label: Notice(
            "{period}: {reasons}",
            period=Label(label),
            reasons=list(map(Key, found["reason"].fill_null("no-rows").unique().sort())),
        )
        for label, values in cycles[:asked]
        if (found := _condition(values, index).filter(mine & pl.col("value").is_null())).height
    }
    why = [reasons[label] for label in sorted(reasons)] or [Notice("not there in every cycle")]
    yield Notice("{said} ({reasons}).", said=head, reasons=Clauses(why))


def _astray(card: Card, rows: pl.DataFrame) -> Iterator[Notice]:
    """Actions that reach nobody, and those whose subject has left."""
    for role, lost in rows.filter(pl.col("to").is_null()).group_by("role", maintain_order=True):
        subjects = lost["subject"].unique().sort().to_list()
        yield Notice(
            "Card '{card}': the roster has no {role} of {subjects}: actions about them reach nobody.",
            card=card.called,
            role=role[0],
            subjects=subjects,
        )
    left = rows.filter((pl.col("status") == "closed") & pl.col("evidence").is_null())["subject"].unique().sort()
    if left.len():
        yield Notice(
            "Card '{card}': actions are closed because their subject is no longer on it: {subjects}.",
            card=card.called,
            subjects=left.to_list(),
        )
