"""Contacts put together from their legs.

In: the ground, where interactions were supplied. Out: one row a contact, and the derived columns that stay within one.
Refuses to know: what a customer does next, orders, periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ccmetrics.stages.derive.ground import Built, Ground, flagged, microseconds

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

    Columns: contact_id, legs, begun, over, inbound, who, why, person, alone, in_menu; and with `of_leg` last_row and
    handled_row, the legs that are last and last answered by a person.
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
    legs = ground.lazy("interactions", (*LEG, *END, *ABOUT)).with_columns(over=leg_end(ground))
    again = _shared(ground)
    if again is None:
        return Contacts(legs.select(**ONE_LEG), None)
    marked = pl.concat([legs, again.to_frame("again").lazy()], how="horizontal").with_row_index("row")
    single = marked.filter(~pl.col("again")).select(
        **ONE_LEG, last_row="row", handled_row=pl.when(HUMAN).then("row").otherwise(None)
    )
    rows = marked.filter("again").drop("again").collect(engine="streaming")
    gathered = _gathered(rows)
    numbers = gathered.select("contact_id").with_row_index("contact", offset=len(again) - rows.height)
    joined = rows.select("row", "contact_id").join(numbers, on="contact_id", how="left")
    # The contacts of one leg come first, in the order of their rows.
    of_leg = ((~again).cum_sum().cast(pl.UInt32) - 1).scatter(joined["row"], joined["contact"])
    return Contacts(pl.concat([single, gathered.lazy()]), of_leg)


ONE_LEG: dict[str, pl.Expr] = {
    "contact_id": pl.col("contact_id"),
    "legs": pl.lit(1, dtype=pl.Int64),
    "begun": pl.col("started_at"),
    "over": pl.col("over"),
    "inbound": INBOUND,
    "who": pl.col("customer_id"),
    "why": pl.col("reason"),
    "person": PERSON,
    "alone": ALONE,
    "in_menu": IN_MENU,
}


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


def _shared(ground: Ground) -> pl.Series | None:
    """Which legs share their contact with another one; None where none does."""
    supplied = ground.world.tables["interactions"]
    if "contact_id" not in supplied.columns or "contact_id" in supplied.filled:
        return None
    # Hashes that all differ prove it; two that agree by chance only send their rows the longer way.
    marks = ground.lazy("interactions", ("contact_id",)).select(mark=pl.col("contact_id").hash())
    mark = marks.collect(engine="streaming").to_series()
    ordered = mark.sort()
    twice = ordered.filter((ordered == ordered.shift(-1)).fill_null(False)).unique()
    return None if twice.is_empty() else mark.is_in(twice.implode())


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
