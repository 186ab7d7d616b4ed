"""Contacts: who answered whom, how long it took.

In: agents, attendance, a span. Out: interactions, with the day and the skill behind each.
Refuses to know: what customers later say or buy.
"""

from __future__ import annotations

import polars as pl

from metro.draw import Span, hashed, is_by, label, numbered, one_of, share, when

CONTACTS = 390
"""Drawn for an agent and month; of these some are nobody's, and those of days on which an agent is away fall out."""
QUEUES = {
    "billing": ("voice", 20, 215),
    "tech": ("voice", 20, 275),
    "sales": ("voice", 20, 250),
    "retention": ("voice", 30, 280),
    "complaints": ("voice", 30, 330),
    "chat": ("chat", 45, 300),
    "email": ("email", 300, 260),
    "store": ("voice", 20, 240),
}


def interactions(everybody: pl.DataFrame, attendance: pl.DataFrame, span: Span) -> pl.DataFrame:
    """One leg each, in the order of days: somebody who is on shift answers, or nobody does, or a bot."""
    agents = len(everybody)
    total = agents * CONTACTS * span.days // 30
    day = span.first + pl.duration(days=pl.col("row") * span.days // total)
    # Whose two days off a week it is not, from the numbers that have the same remainder.
    off = (day.dt.weekday() - 1 + 1 + hashed(21) % 5) % 7
    drawn = numbered(total).select("row", date=day, agent=off + 7 * (hashed(22) % (agents // 7)))
    present = attendance.filter(pl.col("worked_s") > 0).select("agent_id", "date")
    habits = everybody.select(agent=pl.col("row"), agent_id="agent_id", team_no="team_no", skill="skill", speed="speed")
    rows = drawn.join(habits, on="agent", maintain_order="left").join(
        present, on=["agent_id", "date"], how="semi", maintain_order="left"
    )
    return pl.concat([_leg(part, total) for part in rows.iter_slices(500_000)])


def _leg(rows: pl.DataFrame, total: int) -> pl.DataFrame:
    queue = (pl.col("team_no") + hashed(23) % 2) % len(QUEUES)
    rows = rows.with_columns(
        queue_id=queue.replace_strict(range(len(QUEUES)), list(QUEUES)),
        threshold=queue.replace_strict(range(len(QUEUES)), [each[1] for each in QUEUES.values()]),
        mean=queue.replace_strict(range(len(QUEUES)), [each[2] for each in QUEUES.values()]),
        fate=share(24),
        started_at=when("date", 9 * 3600 + hashed(25) % (12 * 3600)),
        outbound=is_by(26, 0.04),
    )
    bot, lost = pl.col("fate") < 0.04, pl.col("fate").is_between(0.04, 0.10)
    answered = ~bot & ~lost
    wait = (-20 * (1 - share(27)).log()).floor().clip(upper_bound=600)
    talk = (pl.col("mean") * pl.col("speed") * (0.55 + 0.9 * share(28))).floor()
    talk = pl.when(is_by(29, 0.015)).then(hashed(30) % 8 + 2.0).otherwise(talk)
    hold = pl.when(is_by(31, 0.3)).then((hashed(32) % 80).cast(pl.Float64)).otherwise(0.0)
    customers = max(1, total // 11)
    rows = rows.with_columns(
        outcome=pl.when(bot)
        .then(pl.lit("self_served"))
        .when(lost)
        .then(pl.lit("abandoned"))
        .otherwise(pl.lit("answered")),
        wait_s=pl.when(~bot).then(wait),
        talk_s=pl.when(answered).then(talk),
        hold_s=pl.when(answered).then(hold),
        wrap_s=pl.when(answered).then((20 + hashed(33) % 50).cast(pl.Float64)),
        customer_id=pl.when(~is_by(34, 0.04)).then(
            pl.format("C{}", (hashed(35) % customers).cast(pl.String).str.zfill(7))
        ),
    )
    spent = pl.sum_horizontal("wait_s", "talk_s", "hold_s").cast(pl.Int64)
    return rows.select(
        "row",
        "date",
        "skill",
        "customer_id",
        interaction_id=pl.format("K{}-1", pl.col("row").cast(pl.String).str.zfill(8)),
        contact_id=label("K", 8),
        leg_no=pl.lit(1),
        agent_id=pl.when(answered).then("agent_id"),
        queue_id=pl.when(~bot).then("queue_id"),
        started_at="started_at",
        answered_at=pl.when(answered).then(pl.col("started_at") + pl.duration(seconds=pl.col("wait_s").cast(pl.Int64))),
        ended_at=pl.col("started_at") + pl.duration(seconds=pl.when(bot).then(90).otherwise(spent)),
        channel=pl.col("queue_id").replace_strict({name: each[0] for name, each in QUEUES.items()}),
        served_by=pl.when(bot).then(pl.lit("bot")).otherwise(pl.lit("human")),
        reason=one_of(36, ["statement", "refund", "login", "loan", "order status", "fee dispute"]),
        purpose=pl.when(pl.col("queue_id").is_in(["sales", "retention"])).then("queue_id").otherwise(pl.lit("service")),
        kind=pl.when(bot).then(pl.lit("self_service")).otherwise("queue_id"),
        direction=pl.when(pl.col("outbound") & answered).then(pl.lit("outbound")).otherwise(pl.lit("inbound")),
        outcome="outcome",
        wait_s="wait_s",
        talk_s="talk_s",
        hold_s="hold_s",
        wrap_s="wrap_s",
        within_sla=pl.when(answered).then(pl.col("wait_s") <= pl.col("threshold")),
        transferred=pl.when(answered).then(is_by(37, 0.05)),
        transfer_kind=pl.when(answered & is_by(37, 0.05)).then(one_of(38, ["misroute", "skill", "designed"])),
        resolved=pl.when(answered).then(is_by(39, 0.85)),
        preset=~is_by(40, 0.15),
        ended_by=pl.when(is_by(41, 0.85)).then(pl.lit("customer")).otherwise(pl.lit("agent")),
        emotion=pl.when(answered).then(one_of(42, ["positive", "positive", "neutral", "neutral", "negative"])),
        case_id=pl.when(answered & is_by(43, 0.01) & pl.col("customer_id").is_not_null()).then(label("B", 8)),
        lead_id=pl.when(answered & pl.col("outbound") & is_by(44, 0.5)).then(label("D", 8)),
    )
