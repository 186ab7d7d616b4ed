"""Contacts put together from their legs, and the journeys a customer's contacts make.

In: the ground, where interactions were supplied. Out: derived columns of interactions, and contacts by customer.
Refuses to know: orders, periods, measures.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ccmetrics.ground import DAY, HOUR, Ground, between, flagged, microseconds

LEG = ("interaction_id", "contact_id", "leg_no", "started_at", "outcome")
END = ("ended_at", "answered_at", "queued_at", "menu_s", "wait_s", "talk_s", "hold_s")
ABOUT = ("customer_id", "reason", "direction", "served_by")
ORDER = ("contact_id", "leg_no", "started_at", "interaction_id")

HUMAN = (pl.col("outcome") == "answered") & pl.col("served_by").ne_missing("bot")
ALONE = pl.col("outcome").is_in(["self_served", "ended_in_menu"]) | (
    (pl.col("outcome") == "answered") & pl.col("served_by").eq_missing("bot")
)


@dataclass(frozen=True)
class Contacts:
    """`frame`: one row a contact. `of_leg`: for every leg, in the order of the rows, the row of its contact."""

    frame: pl.DataFrame
    of_leg: pl.Series

    def on_legs(self, name: str) -> pl.Series:
        return self.frame[name].gather(self.of_leg)


def leg_end() -> pl.Expr:
    """When a leg was over; a missing part took no time, and nothing ends before it starts."""
    lasted = pl.col("talk_s").fill_null(0) + pl.col("hold_s").fill_null(0)
    queued = pl.coalesce("queued_at", pl.col("started_at") + _span(pl.col("menu_s").fill_null(0)))
    return pl.max_horizontal(
        "started_at",
        pl.coalesce(
            "ended_at",
            pl.col("answered_at") + _span(lasted),
            queued + _span(pl.col("wait_s").fill_null(0) + lasted),
        ),
    )


def _span(seconds: pl.Expr) -> pl.Expr:
    return pl.duration(microseconds=microseconds(seconds), time_unit="us")


def contacts(ground: Ground) -> Contacts:
    """All contacts, sorted by contact_id. What nobody supplied is null, and so decides nothing."""
    legs = ground.rows("interactions", (*LEG, *END, *ABOUT)).with_row_index("row").with_columns(leg_end().alias("over"))
    frame = (
        legs.sort(ORDER)
        .group_by("contact_id", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("legs"),
            pl.col("started_at").first().alias("begun"),
            pl.col("over").max(),
            pl.col("direction").first().eq_missing("inbound").alias("inbound"),
            pl.col("customer_id").drop_nulls().first().alias("who"),
            pl.col("reason").drop_nulls().first().alias("why"),
            (HUMAN | pl.col("outcome").is_in(["abandoned", "callback"])).any().alias("person"),
            ALONE.all().alias("alone"),
            (pl.col("outcome") == "ended_in_menu").any().alias("in_menu"),
            pl.col("row").last().alias("last_row"),
            pl.col("row").filter(HUMAN).last().alias("handled_row"),
        )
        .with_row_index("contact")
    )
    of_leg = legs.select("contact_id").join(
        frame.select("contact_id", "contact"), on="contact_id", how="left", maintain_order="left"
    )
    return Contacts(frame, of_leg["contact"])


# ---------------------------------------------------------------- one contact


def legs(ground: Ground) -> pl.Series:
    return ground.once(contacts).on_legs("legs")


def contact_last(ground: Ground) -> pl.Series:
    found = ground.once(contacts)
    return flagged(found.frame["last_row"], found.of_leg.len())


def last_handled(ground: Ground) -> pl.Series:
    found = ground.once(contacts)
    return flagged(found.frame.filter("inbound")["handled_row"], found.of_leg.len())


def contact_ended_at(ground: Ground) -> pl.Series:
    return ground.once(contacts).on_legs("over")


# ---------------------------------------------------------------- the next contact


def first_after(asked: pl.DataFrame, found: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """For each contact asked, the earliest `begun` among those found, of the same `by`, strictly after it was over.

    The same contact is never its own next one, since nothing is over before it began.
    """
    later = found.select(*by, pl.col("begun").alias("next")).drop_nulls(by).unique().sort("next")
    return (
        asked.select("contact", "over", *by)
        .drop_nulls(by)
        .sort("over")
        .join_asof(
            later, left_on="over", right_on="next", by=by, strategy="forward",
            allow_exact_matches=False, coalesce=False, check_sortedness=False,
        )
        .select("contact", "next")
        .sort("contact")
    )  # fmt: skip


def _inbound(ground: Ground) -> pl.DataFrame:
    return ground.once(contacts).frame.filter("inbound")


def next_inbound(ground: Ground) -> pl.Series:
    """By contact: the start of the customer's next inbound one."""
    frame = ground.once(contacts).frame
    return _by_contact(frame, first_after(frame, _inbound(ground), ["who"]))


def _by_contact(frame: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
    return frame.select("contact").join(found, on="contact", how="left", maintain_order="left").to_series(1)


def next_inbound_at(ground: Ground) -> pl.Series:
    return ground.once(next_inbound).gather(ground.once(contacts).of_leg)


def next_repeat_at(ground: Ground) -> pl.Series:
    """Of the same reason, or of a reason nobody stated: whichever comes first."""
    frame, inbound = ground.once(contacts).frame, _inbound(ground)
    same = _by_contact(frame, first_after(frame, inbound, ["who", "why"]))
    unstated = _by_contact(frame, first_after(frame, inbound.filter(pl.col("why").is_null()), ["who"]))
    any_reason = ground.once(next_inbound)
    found = pl.select(
        pl.when(frame["why"].is_null()).then(any_reason).otherwise(pl.min_horizontal(same, unstated))
    ).to_series()
    return found.gather(ground.once(contacts).of_leg)


# ---------------------------------------------------------------- episodes


def episodes(ground: Ground) -> pl.DataFrame:
    """By inbound contact of a known customer: the episode, whether it ends it, and when the episode was over."""
    longest = round(ground.parameter("episode_days") * DAY)
    line = ["who", "about", "begun", "contact"]
    journey = (
        _inbound(ground)
        .filter(pl.col("who").is_not_null())
        .sort("who", "begun", "contact")
        .with_columns(
            # What comes next tells more of an unstated reason than what came before.
            pl.coalesce(
                pl.col("why").fill_null(strategy="backward").over("who"),
                pl.col("why").fill_null(strategy="forward").over("who"),
            ).alias("about")
        )
        .sort(line)
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
    found = ground.once(contacts)
    return _by_contact(found.frame, ground.once(episodes).select("contact", name)).gather(found.of_leg)


def episode_id(ground: Ground) -> pl.Series:
    return _of_episode(ground, "episode_id")


def episode_last(ground: Ground) -> pl.Series:
    longest = round(ground.parameter("episode_days") * DAY)
    end = pl.lit(ground.end("interactions"), dtype=pl.Datetime("us"))
    over, final = _of_episode(ground, "episode_over"), _of_episode(ground, "final")
    closed = between(pl.lit(over), end) >= longest
    return pl.select(pl.when(closed).then(pl.lit(final) & pl.lit(contact_last(ground)))).to_series()


def episode_channels(ground: Ground) -> pl.Series:
    legs = ground.rows("interactions", ("interaction_id", "channel")).with_columns(_of_episode(ground, "episode"))
    counted = legs.group_by("episode").agg(pl.col("channel").drop_nulls().n_unique().cast(pl.Int64).alias("n"))
    counted = counted.filter(pl.col("episode").is_not_null() & (pl.col("n") > 0))
    return legs.select("episode").join(counted, on="episode", how="left", maintain_order="left").to_series(1)


# ---------------------------------------------------------------- self service


def contained(ground: Ground) -> pl.Series:
    """Whether no person was needed after a contact that none touched."""
    found = ground.once(contacts)
    frame, hours = found.frame, round(ground.parameter("containment_hours") * HOUR)
    person = _by_contact(frame, first_after(frame.filter("alone"), _inbound(ground).filter("person"), ["who"]))
    end = pl.lit(ground.end("interactions"), dtype=pl.Datetime("us"))
    asked = pl.col("inbound") & pl.col("alone") & pl.col("who").is_not_null() & (between(pl.col("over"), end) >= hours)
    needed = (between(pl.col("over"), pl.lit(person)) <= hours).fill_null(False)
    verdict = frame.select(pl.when(asked).then(~pl.col("in_menu") & ~needed)).to_series().gather(found.of_leg)
    return pl.select(pl.when(pl.lit(contact_last(ground))).then(pl.lit(verdict))).to_series()


# ---------------------------------------------------------------- customers


def contacts_of_customer(ground: Ground) -> pl.Series:
    counted = _inbound(ground).drop_nulls("who").group_by("who").agg(pl.len().cast(pl.Int64).alias("n"))
    customers = ground.rows("customers", ("customer_id",))
    joined = customers.join(counted, left_on="customer_id", right_on="who", how="left", maintain_order="left")
    return joined["n"].fill_null(0)
