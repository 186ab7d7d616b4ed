"""The journeys a customer's contacts make: what comes next, episodes, whether self service held.

In: the ground, where interactions were supplied. Out: derived columns of interactions.
Refuses to know: how contacts come from legs, orders, periods.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.derive.contacts import contact_last, contacts
from ccmetrics.stages.derive.ground import DAY, HOUR, Beside, Built, Ground, between
from ccmetrics.stages.derive.sequence import Times, next_begun, times

# ---------------------------------------------------------------- the next contact


def contact_times(ground: Ground) -> Times:
    return times(ground.once(contacts).frame.select("begun", "over"))


def next_inbound(ground: Ground) -> pl.Series:
    """By contact, the start of the customer's next inbound one, as `contact_times` numbers it.

    A contact is never its own next one, since none is over before it began.
    """
    return _next(ground, ("who",), pl.col("inbound"))


def _next(ground: Ground, names: tuple[str, ...], found: pl.Expr) -> pl.Series:
    known = ground.once(contacts)
    return next_begun(known.frame.select(names), ground.once(contact_times), known.read(found).to_series().rechunk())


def next_inbound_at(ground: Ground) -> Built:
    return _moment(ground, "@next_inbound", ground.once(next_inbound))


def next_repeat_at(ground: Ground) -> Built:
    """Of the same reason, or of a reason nobody stated: whichever comes first."""
    if not ground.there("interactions.reason"):
        return next_inbound_at(ground)
    known = ground.once(contacts)
    stated = known.read(pl.col("why").is_not_null()).to_series()
    found = _next(ground, ("who", "why"), pl.col("inbound"))
    if not stated.all():
        unstated = _next(ground, ("who",), pl.col("inbound") & pl.col("why").is_null())
        frame = pl.DataFrame({"any": ground.once(next_inbound), "same": found, "unstated": unstated, "stated": stated})
        # Zero is no contact, not an early one.
        earliest = pl.min_horizontal(pl.when(pl.col(n) > 0).then(pl.col(n)) for n in ("same", "unstated")).fill_null(0)
        found = frame.select(pl.when("stated").then(earliest).otherwise("any")).to_series()
    return _moment(ground, "@next_repeat", found)


def _moment(ground: Ground, name: str, found: pl.Series) -> Beside:
    on_legs = ground.once(contacts).on_legs(found)
    return Beside({name: on_legs}, ground.once(contact_times).moment(pl.col(name)))


# ---------------------------------------------------------------- episodes


def episodes(ground: Ground) -> pl.DataFrame:
    """By inbound contact of a known customer: the episode, whether it ends it, and when the episode was over."""
    longest = round(ground.parameter("episode_days") * DAY)
    journey = (
        ground.once(contacts)
        .frame.with_row_index("contact")
        .filter(pl.col("inbound") & pl.col("who").is_not_null())
        .select("contact", "contact_id", "who", "why", "begun", "over")
        .collect(engine="streaming")
        .sort("who", "begun", "contact_id")
        .with_columns(
            # What comes next tells more of an unstated reason than what came before.
            pl.coalesce(
                pl.col("why").fill_null(strategy="backward").over("who"),
                pl.col("why").fill_null(strategy="forward").over("who"),
            ).alias("about")
        )
        .sort("who", "about", "begun", "contact_id")
    )
    before = pl.col("over").cum_max().shift(1).over("who", "about")
    fresh = before.is_null() | (between(before, pl.col("begun")) > longest)
    return journey.with_columns(fresh.cum_sum().alias("episode")).with_columns(
        pl.col("contact_id").first().over("episode").alias("episode_id"),
        pl.col("over").max().over("episode").alias("episode_over"),
        (pl.col("episode") != pl.col("episode").shift(-1)).fill_null(True).alias("final"),
    )


def _of_episode(ground: Ground, name: str) -> pl.Series:
    """A column of `episodes`, on all legs; null on those in none."""
    known = ground.once(contacts)
    every = known.read("begun").with_row_index("contact").select("contact")
    joined = every.join(ground.once(episodes).select("contact", name), on="contact", how="left", maintain_order="left")
    return known.on_legs(joined[name])


def episode_id(ground: Ground) -> pl.Series:
    return _of_episode(ground, "episode_id")


def episode_last(ground: Ground) -> pl.Series:
    longest = round(ground.parameter("episode_days") * DAY)
    end = pl.lit(ground.end("interactions"), dtype=pl.Datetime("us"))
    over, final = _of_episode(ground, "episode_over"), _of_episode(ground, "final")
    closed = between(pl.lit(over), end) >= longest
    return pl.select(pl.when(closed).then(pl.lit(final) & _is_last(ground))).to_series()


def episode_channels(ground: Ground) -> pl.Series:
    legs = ground.rows("interactions", ("interaction_id", "channel")).with_columns(_of_episode(ground, "episode"))
    counted = legs.group_by("episode").agg(pl.col("channel").drop_nulls().n_unique().cast(pl.Int64).alias("n"))
    counted = counted.filter(pl.col("episode").is_not_null() & (pl.col("n") > 0))
    return legs.select("episode").join(counted, on="episode", how="left", maintain_order="left").to_series(1)


# ---------------------------------------------------------------- self service


def contained(ground: Ground) -> Built:
    """Whether no person was needed after a contact that none touched."""
    known, hours = ground.once(contacts), round(ground.parameter("containment_hours") * HOUR)
    person = _next(ground, ("who",), pl.col("inbound") & pl.col("person")).alias("next")
    end = pl.lit(ground.end("interactions"), dtype=pl.Datetime("us"))
    asked = pl.col("inbound") & pl.col("alone") & pl.col("who").is_not_null() & (between(pl.col("over"), end) >= hours)
    came = between(pl.col("over"), ground.once(contact_times).moment(pl.col("next"))) <= hours
    frame = pl.concat([known.frame, person.to_frame().lazy()], how="horizontal")
    verdict = frame.select(pl.when(asked).then(~pl.col("in_menu") & ~came.fill_null(False)))
    on_legs = known.on_legs(verdict.collect(engine="streaming").to_series())
    return _on_last(ground, on_legs)


def _on_last(ground: Ground, values: pl.Series) -> pl.Series:
    """Null but on the last leg of a contact."""
    return pl.DataFrame({"value": values}).select(pl.when(_is_last(ground)).then("value")).to_series()


def _is_last(ground: Ground) -> pl.Expr:
    last = contact_last(ground)
    return pl.lit(last) if isinstance(last, pl.Series) else last
