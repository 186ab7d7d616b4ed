"""What the roster says of a card's subjects, and where their days belong.

In: the world, a card, a period, its subjects. Out: one row a subject with the roster's columns; days with segments.
Refuses to know: what anybody is scored on.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.period import Period
from ccmetrics.stages.facts import BASES
from ccmetrics.stages.world import World
from ccmetrics.stages.world.presence import stay
from ccmetrics.stages.world.subjects import CENTER, admitted, is_person

ROSTER = "roster"
SHOWN = ("id", "category", "date", "number", "person", "text")
"""Types of roster columns that an action, a pool or a group may speak of. Private ones never leave the roster."""


def people(world: World, card: Card, period: Period, subjects: pl.DataFrame) -> pl.DataFrame:
    """Subject and the roster's columns about it, in the order of the subjects.

    Of a person, the latest version in the period that the card admits; of a team or vendor, what all its people share,
    else null.
    """
    chosen, named = subjects.select("subject"), _versions(world, card, period)
    if named is None:
        return chosen
    columns = [
        name
        for name, column in world.definition(ROSTER).columns.items()
        if name in named.columns and not column.private and column.type in SHOWN and name != "subject"
    ]
    if is_person(world, card.subject):
        found = named.group_by("subject", maintain_order=True).agg(pl.col(columns).last())
    else:
        found = named.group_by("subject", maintain_order=True).agg(_shared(name).alias(name) for name in columns)
    return chosen.join(found, on="subject", how="left", maintain_order="left")


def bases(world: World, card: Card, period: Period, subjects: pl.DataFrame) -> pl.DataFrame:
    """Subject and the base of its pay, where the card says in which column of the roster that stands; null where it is
    not known. The column may be private: what comes from here is multiplied and never shown.

    Of a person the mean by days over the versions on the card, so that a raise counts from its day, and not after
    the last one; of a team or vendor, what all its people share.
    """
    column = card.pay.base if card.pay else None
    if not isinstance(column, str):
        return pl.DataFrame(schema=BASES)
    chosen, named = subjects.select("subject"), _versions(world, card, period)
    if named is None or column not in named.columns:
        return chosen.with_columns(base=pl.lit(None, pl.Float64))
    first, last = stay(named, period)
    days = ((last - first).dt.total_days() + 1).clip(lower_bound=0)
    known, mean = (pl.col(column).is_not_null() | (days == 0)).all(), (pl.col(column) * days).sum() / days.sum()
    # Whoever is there on no day earns none of any base.
    own = pl.when(days.sum() == 0).then(pl.col(column).last()).when(known).then(mean)
    base = own if is_person(world, card.subject) else _shared(column)
    found = named.group_by("subject", maintain_order=True).agg(base=base.cast(pl.Float64))
    return chosen.join(found, on="subject", how="left", maintain_order="left")


def _shared(column: str) -> pl.Expr:
    return pl.when(pl.col(column).n_unique() == 1).then(pl.col(column).first())


def _versions(world: World, card: Card, period: Period) -> pl.DataFrame | None:
    """The roster's versions of the card's subjects that it admits, in force in the period, in the order of time; None
    where there is nothing of the kind."""
    if ROSTER not in world.tables or card.subject == "center":
        return None
    versions, definition = world.versions(ROSTER), world.definition(ROSTER)
    inside = versions.filter((pl.col("@from") <= period.last) & (pl.col("@until") >= period.start))
    key = definition.key[0] if is_person(world, card.subject) else card.subject
    if key not in versions.columns:
        return None
    inside = admitted(world, card, inside)
    return inside.filter(pl.col(key).is_not_null()).with_columns(pl.col(key).alias("subject")).sort("subject", "@from")


def segments_of_days(world: World, rows: pl.DataFrame, by: str, persons: pl.DataFrame) -> pl.DataFrame:
    """Rows with `subject` and `day`, and the `segment` that day is: a weekday (1 is Monday), a kind of day of the
    calendar, or the days since joining as `0`, `1` ...; null where it cannot be told."""
    if by == "weekday":
        return rows.with_columns(segment=pl.col("day").dt.weekday().cast(pl.String))
    if by == "day_kind":
        if not world.there("calendar", "kind"):
            return rows.with_columns(segment=pl.lit(None, dtype=pl.String))
        days = world.tables["calendar"].frame.select(day="date", segment=pl.col("kind").cast(pl.String)).collect()
        return rows.join(days, on="day", how="left", maintain_order="left")
    if "joined_on" not in persons.columns:
        return rows.with_columns(segment=pl.lit(None, dtype=pl.String))
    joined = rows.join(persons.select("subject", "joined_on"), on="subject", how="left", maintain_order="left")
    days_since = (pl.col("day") - pl.col("joined_on")).dt.total_days()
    return joined.with_columns(segment=days_since.cast(pl.String))


def days_under(world: World, linked: Card, by: str, period: Period) -> pl.DataFrame:
    """`linked_subject`, `subject`, `days`: on how many days of the period the roster has which subject of the linked
    card under which value of `by`. Nobody is under anybody before joining or after leaving, whatever a version says.
    Empty without a roster that names both."""
    schema = {"linked_subject": pl.String, "subject": pl.String, "days": pl.Int64}
    if ROSTER not in world.tables:
        return pl.DataFrame(schema=schema)
    versions, definition = world.versions(ROSTER), world.definition(ROSTER)
    # As `subjects` names them: a condition on people admits rows of the roster, not of their colleagues.
    person = is_person(world, linked.subject) and linked.who is not None
    key = definition.key[0] if person else linked.subject
    if not {key, by} - {CENTER} <= set(versions.columns):
        return pl.DataFrame(schema=schema)
    first, last = stay(versions, period)
    inside = admitted(world, linked, versions).with_columns(first=first, last=last).filter(first <= last)
    found = inside.select(_named(key, "linked_subject"), _named(by, "subject"), day=pl.date_ranges("first", "last"))
    return (
        found.drop_nulls(["linked_subject", "subject"])
        .explode("day", empty_as_null=False)
        .unique()
        .group_by("linked_subject", "subject")
        .agg(days=pl.len().cast(pl.Int64))
        .sort("linked_subject", "subject")
    )


def _named(column: str, name: str) -> pl.Expr:
    """Everybody is under the center."""
    return (pl.lit(CENTER) if column == CENTER else pl.col(column)).alias(name)
