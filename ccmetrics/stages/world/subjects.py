"""Whom a card scores: the people, teams or vendors the roster names, or, without one, those the data names.

In: the world and a card. Out: one row a subject with name, team and presence.
Refuses to know: what they are scored on.
"""

from __future__ import annotations

import polars as pl

from ccmetrics import formula
from ccmetrics.catalogue.models import Card
from ccmetrics.expression import compile as compile_expression
from ccmetrics.period import Period
from ccmetrics.stages.world import World
from ccmetrics.stages.world.presence import presence, stay

SCHEMA = {"subject": pl.String, "name": pl.String, "team": pl.String, "presence": pl.Float64}
CENTER = "center"


def subjects(world: World, card: Card, period: Period, seen: pl.Series | None = None) -> pl.DataFrame:
    """The subjects of a card in a period, sorted: subject, name, team, presence (null: not known).

    With a roster, whoever it names in force on a day of the period and `who` admits; else the values in `seen`.
    A person carries the name and team of the latest version that `who` admits, and of all those the presence.
    """
    if card.subject == CENTER:
        return pl.DataFrame({"subject": [CENTER]}).select(_blank("name", "team", "presence", first="subject"))
    if "roster" not in world.tables:
        found = pl.DataFrame({"subject": [] if seen is None else seen}, schema={"subject": pl.String})
        return found.drop_nulls().unique().sort("subject").select(_blank("name", "team", "presence", first="subject"))
    versions = _in_force(world, card, period)
    person = is_person(world, card.subject)
    # People are named by the roster's key; a condition on people admits rows of the roster, not of their colleagues.
    key = world.definition("roster").key[0] if person and card.who is not None else card.subject
    if key not in versions.columns:
        return pl.DataFrame(schema=SCHEMA)
    found = versions.filter(pl.col(key).is_not_null()).select(pl.col(key).alias("subject")).unique().sort("subject")
    if not person:
        return found.select(_blank("name", "team", "presence", first="subject"))
    named = found.join(_people(world, card, period), on="subject", how="left", maintain_order="left")
    there = presence(world, versions, period)
    return named.join(there, on="subject", how="left", maintain_order="left", validate="1:1").select(*SCHEMA)


def without_team(world: World, card: Card, period: Period) -> list[str]:
    """The people whom the roster has in no team on days of the period, sorted; nobody where it speaks of no teams."""
    if not world.there("roster", "team"):
        return []
    versions, key = _in_force(world, card, period), world.definition("roster").key[0]
    first, last = stay(versions, period)
    found = versions.filter(pl.col("team").is_null() & (first <= last))
    return found[key].drop_nulls().unique().sort().to_list()


def _in_force(world: World, card: Card, period: Period) -> pl.DataFrame:
    """The roster's versions that the card admits and that hold on a day of the period."""
    versions = world.versions("roster").filter((pl.col("@from") <= period.last) & (pl.col("@until") >= period.start))
    return admitted(world, card, versions)


def admitted(world: World, card: Card, versions: pl.DataFrame) -> pl.DataFrame:
    """The roster's versions that a card's `who` admits."""
    if card.who is None:
        return versions
    there = versions.columns
    return versions.filter(
        compile_expression(
            formula.parse(card.who),
            lambda name: pl.col(name[0]) if name[0] in there else pl.lit(None),
            world.catalogue.project.parameters,
        )
    )


def _people(world: World, card: Card, period: Period) -> pl.DataFrame:
    """Name and team of everybody the card admits, by the latest version begun by the end of the period: another role's
    team is none of it."""
    versions, key = admitted(world, card, world.versions("roster")), world.definition("roster").key[0]
    begun = versions.filter(pl.col("@from") <= period.last).sort(key, "@from").group_by(key, maintain_order=True).last()
    texts = [
        (pl.col(name) if name in versions.columns else pl.lit(None)).cast(pl.String).alias(name)
        for name in ("name", "team")
    ]
    return begun.select(pl.col(key).alias("subject"), *texts)


def is_person(world: World, subject: str) -> bool:
    """Whether a dimension names people of the roster: its key, a reference to it, or a colleague."""
    refers = any(
        subject in table.columns and table.columns[subject].refers == "roster"
        for table in world.catalogue.tables.values()
    )
    roster = world.definition("roster")
    return refers or subject == roster.key[0] or (subject in roster.columns and subject.endswith("_id"))


def _blank(*names: str, first: str) -> list[pl.Expr]:
    return [pl.col(first), *(pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in names)]
