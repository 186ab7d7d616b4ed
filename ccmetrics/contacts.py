"""Contacts put together from their legs.

In: the ground, where interactions were supplied. Out: one row a contact, and the derived columns that stay within one.
Refuses to know: what a customer does next, orders, periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ccmetrics.ground import Built, Ground, flagged, microseconds

LEG = ("interaction_id", "contact_id", "leg_no", "started_at", "outcome")
END = ("ended_at", "answered_at", "queued_at", "menu_s", "wait_s", "talk_s", "hold_s")
ABOUT = ("customer_id", "reason", "direction", "served_by")
ORDER = ("contact_id", "leg_no", "started_at", "interaction_id")

HUMAN = (pl.col("outcome") == "answered") & pl.col("served_by").ne_missing("bot")
PERSON = HUMAN | pl.col("outcome").is_in(["abandoned", "callback"])
ALONE = pl.col("outcome").is_in(["self_served", "ended_in_menu"]) | (
    (pl.col("outcome") == "answered") & pl.col("served_by").eq_missing("bot")
)
IN_MENU = pl.col("outcome") == "ended_in_menu"
INBOUND = pl.col("direction").eq_missing("inbound")


@dataclass(frozen=True)
class Contacts:
    """`frame`: a row a contact. `of_leg`: for every leg the row of its contact; None where that is the row of the leg.

    Columns: contact_id, begun, over, inbound, who, why, person, alone, in_menu; and with `of_leg` legs, last_row,
    handled_row.
    """

    frame: pl.LazyFrame
    of_leg: pl.Series | None

    def read(self, *names: str | pl.Expr) -> pl.DataFrame:
        return self.frame.select(*names).collect(engine="streaming")

    def on_legs(self, of_contact: pl.Series) -> pl.Series:
        return of_contact if self.of_leg is None else of_contact.gather(self.of_leg)


def leg_end(ground: Ground) -> pl.Expr:
    """When a leg was over; a missing part took no time, and nothing ends before it starts."""
    own = ground.own("interactions")
    if ground.once(_ends_stated):
        return pl.max_horizontal(own("started_at"), own("ended_at"))
    lasted = own("talk_s").fill_null(0) + own("hold_s").fill_null(0)
    queued = pl.coalesce(own("queued_at"), own("started_at") + _span(own("menu_s").fill_null(0)))
    answered = own("answered_at") + _span(lasted)
    waited = queued + _span(own("wait_s").fill_null(0) + lasted)
    return pl.max_horizontal(own("started_at"), pl.coalesce(own("ended_at"), answered, waited))


def _ends_stated(ground: Ground) -> bool:
    """Whether every leg says when it ended, so that nothing has to be added up."""
    if not ground.there("interactions.ended_at"):
        return False
    unsaid = ground.world.tables["interactions"].frame.select(pl.col("ended_at").null_count())
    return bool(unsaid.collect(engine="streaming").item() == 0)


def _span(seconds: pl.Expr) -> pl.Expr:
    return pl.duration(microseconds=microseconds(seconds), time_unit="us")


def contacts(ground: Ground) -> Contacts:
    """All contacts. What nobody supplied is null, and so decides nothing."""
    legs = ground.lazy("interactions", (*LEG, *END, *ABOUT))
    if _is_leg(ground):
        return Contacts(
            legs.select(
                "contact_id",
                begun="started_at",
                over=leg_end(ground),
                inbound=INBOUND,
                who="customer_id",
                why="reason",
                person=PERSON,
                alone=ALONE,
                in_menu=IN_MENU,
            ),
            None,
        )
    rows = legs.with_row_index("row").with_columns(over=leg_end(ground)).collect(engine="streaming")
    frame = _gathered(rows)
    of_leg = rows.select("contact_id").join(
        frame.select("contact_id").with_row_index("contact"), on="contact_id", how="left", maintain_order="left"
    )
    return Contacts(frame.lazy(), of_leg["contact"])


def _gathered(legs: pl.DataFrame) -> pl.DataFrame:
    return (
        legs.sort(ORDER)
        .group_by("contact_id", maintain_order=True)
        .agg(
            legs=pl.len().cast(pl.Int64),
            begun=pl.col("started_at").first(),
            over=pl.col("over").max(),
            inbound=INBOUND.first(),
            who=pl.col("customer_id").drop_nulls().first(),
            why=pl.col("reason").drop_nulls().first(),
            person=PERSON.any(),
            alone=ALONE.all(),
            in_menu=IN_MENU.any(),
            last_row=pl.col("row").last(),
            handled_row=pl.col("row").filter(HUMAN).last(),
        )
    )


def _is_leg(ground: Ground) -> bool:
    """Whether every contact has one leg only."""
    supplied = ground.world.tables["interactions"]
    if "contact_id" not in supplied.columns or "contact_id" in supplied.filled:
        return True
    # Hashes that all differ prove it; two that agree only send the rows the longer way.
    marks = ground.lazy("interactions", ("contact_id",)).select(pl.col("contact_id").hash())
    sorted_ = marks.collect(engine="streaming").to_series().sort()
    return not (sorted_ == sorted_.shift(-1)).any()


# ---------------------------------------------------------------- derived columns


def legs(ground: Ground) -> Built:
    found = ground.once(contacts)
    if found.of_leg is None:
        return pl.lit(1, dtype=pl.Int64)
    return found.on_legs(found.read("legs").to_series())


def contact_last(ground: Ground) -> pl.Expr | pl.Series:
    found = ground.once(contacts)
    if found.of_leg is None:
        return pl.lit(True)
    return flagged(found.read("last_row").to_series(), len(found.of_leg))


def last_handled(ground: Ground) -> Built:
    found = ground.once(contacts)
    if found.of_leg is None:
        own = ground.own("interactions")
        human = (own("outcome") == "answered") & own("served_by").ne_missing(pl.lit("bot"))
        return own("direction").eq_missing(pl.lit("inbound")) & human
    handled = found.frame.filter("inbound").select("handled_row").collect().to_series()
    return flagged(handled, len(found.of_leg))


def contact_ended_at(ground: Ground) -> Built:
    found = ground.once(contacts)
    return leg_end(ground) if found.of_leg is None else found.on_legs(found.read("over").to_series())


def contacts_of_customer(ground: Ground) -> Built:
    inbound = ground.once(contacts).frame.filter(pl.col("inbound") & pl.col("who").is_not_null())
    counted = inbound.group_by("who").agg(n=pl.len().cast(pl.Int64)).collect(engine="streaming")
    customers = ground.rows("customers", ("customer_id",))
    joined = customers.join(counted, left_on="customer_id", right_on="who", how="left", maintain_order="left")
    return joined["n"].fill_null(0)
