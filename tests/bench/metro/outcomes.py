"""What contacts lead to, and what they cost: cases, orders, leads, customers, visits, costs, prices, promises.

In: contacts, agents, a span. Out: those tables.
Refuses to know: evaluations, attendance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl

from metro.draw import LAST, Span, hashed, is_by, label, numbered, one_of, share, when

PRICE = {"sales": 7.0, "retention": 9.0, "complaints": 12.0, "chat": 3.1, "email": 3.8, "self_service": 0.4}


def cases(calls: pl.DataFrame) -> pl.DataFrame:
    """The contacts that carry the id of a case opened it."""
    kind = one_of(301, ["complaint", "complaint", "request", "cancellation", "incident"])
    hours = 2 + hashed(302) % 140
    closed = pl.col("ended_at") + pl.duration(hours=hours)
    is_open, complaint = is_by(303, 0.04) | (closed.dt.date() > LAST), pl.col("kind") == "complaint"
    rows = calls.filter(pl.col("case_id").is_not_null()).with_columns(kind=kind, open=is_open, closed_at=closed)
    done = ~pl.col("open")
    steps = {"accepted_at": 0.05, "first_response_at": 0.1, "investigated_at": 0.6, "resolved_at": 0.9}
    return rows.select(
        "case_id",
        "kind",
        "customer_id",
        "interaction_id",
        "agent_id",
        "channel",
        source=one_of(304, ["customer", "customer", "customer", "social", "regulator"]),
        status=pl.when("open").then(pl.lit("open")).otherwise(pl.lit("closed")),
        severity=one_of(305, ["low", "medium", "high"]),
        outcome=pl.when(done & (pl.col("kind") == "cancellation"))
        .then(one_of(306, ["kept", "left"]))
        .when(done)
        .then(pl.lit("done")),
        opened_at="ended_at",
        due_at=pl.col("ended_at") + timedelta(hours=120),
        closed_at=pl.when(done).then("closed_at"),
        called_back_at=pl.when(done & complaint & is_by(307, 0.7)).then("closed_at"),
        **{
            name: pl.when(done).then(pl.col("ended_at") + pl.duration(seconds=(hours * 3600 * part).cast(pl.Int64)))
            for name, part in steps.items()
        },
        upheld=pl.when(done & complaint).then(is_by(308, 0.6)),
        escalated=is_by(309, 0.08),
        policy_exception=is_by(310, 0.04),
        reopened_n=pl.when(is_by(311, 0.06)).then(1).otherwise(0),
        compensation=pl.when(done & complaint).then((50 * share(312)).round(2)),
        satisfied_after=pl.when(done & complaint & is_by(313, 0.6)).then(1 + hashed(314) % 5),
        cause_kind=pl.when(done & complaint).then(one_of(315, ["human", "process", "system", "product", "policy"])),
        cause=pl.when(done & complaint).then(one_of(316, ["wrong information", "slow back office", "app outage"])),
        **{"class": pl.col("reason")},
        stage=one_of(317, ["onboarding", "use", "billing", "delivery"]),
    )


def orders(calls: pl.DataFrame) -> pl.DataFrame:
    """Of sales contacts one in ten sells; half of the orders name their contact, the other half come days later."""
    sold = calls.filter((pl.col("purpose") == "sales") & (pl.col("outcome") == "answered") & is_by(321, 0.1))
    named, amount = is_by(322, 0.5), (60 + 400 * share(323)).round(2)
    later = pl.when(named).then(pl.duration(minutes=2)).otherwise(pl.duration(hours=20 + hashed(324) % 100))
    at, back = pl.col("ended_at") + later, is_by(325, 0.06)
    refunded = at + pl.duration(days=2 + hashed(326) % 30)
    rows = sold.filter(pl.col("customer_id").is_not_null() & (at.dt.date() <= LAST))
    gone = back & (refunded.dt.date() <= LAST)
    return rows.select(
        "customer_id",
        order_id=label("O", 8),
        interaction_id=pl.when(named).then("interaction_id"),
        ordered_at=at,
        amount=amount,
        refund=pl.when(gone).then(amount),
        refunded_at=pl.when(gone).then(refunded),
        units=1 + hashed(327) % 3,
        kind=one_of(328, ["new", "new", "renewal", "upgrade"]),
        cancelled_at=pl.when(~gone & is_by(331, 0.05) & (at.dt.date() < LAST)).then(at + timedelta(hours=20)),
        status=pl.when(gone).then(pl.lit("refunded")).otherwise(pl.lit("done")),
        product_class=one_of(329, ["card", "loan", "goods"]),
        product_id=one_of(330, ["everyday account", "credit card", "home loan"]),
    )


def leads(calls: pl.DataFrame) -> pl.DataFrame:
    """Whoever is called for one; one in six is won."""
    won, at = is_by(341, 0.17), pl.col("ended_at") + timedelta(minutes=5)
    return calls.filter(pl.col("lead_id").is_not_null()).select(
        "lead_id",
        "customer_id",
        "agent_id",
        created_at=when("date", 8 * 3600),
        won_at=pl.when(won).then(at),
        activated_at=pl.when(won & is_by(342, 0.7) & (at.dt.date() < LAST)).then(at + timedelta(hours=20)),
        campaign=one_of(343, ["autumn card", "store launch"]),
        status=pl.when(won).then(pl.lit("won")).otherwise(pl.lit("lost")),
        qualified=is_by(344, 0.5),
    )


def customers(calls: pl.DataFrame, span: Span) -> pl.DataFrame:
    seen = calls.drop_nulls("customer_id").group_by("customer_id").agg(seen=pl.col("ended_at").max())
    rows = seen.sort("customer_id").with_row_index("row")
    new = pl.lit(span.first) + pl.duration(days=hashed(351) % span.days)
    active = pl.col("seen") + pl.duration(hours=2 + hashed(352) % 300)
    return rows.select(
        "customer_id",
        since=pl.when(is_by(353, 0.1))
        .then(new)
        .otherwise(pl.lit(date(2019, 1, 1)) + pl.duration(days=hashed(354) % 1500)),
        until=pl.when(is_by(355, 0.03)).then(pl.col("seen").dt.date()),
        segment=one_of(356, ["retail", "retail", "premium", "business"]),
        value=(hashed(357) % 2000).cast(pl.Float64),
        active_at=pl.when(is_by(358, 0.8) & ~is_by(355, 0.03) & (active.dt.date() <= LAST)).then(active),
        acquired_by=one_of(359, ["branch", "web", "referral"]),
    )


def digital(count: int, calls: pl.DataFrame, span: Span) -> pl.DataFrame:
    day = span.first + pl.duration(days=pl.col("row") * span.days // count)
    known = calls["customer_id"].drop_nulls().unique().sort()
    failed, cart = is_by(362, 0.045), is_by(363, 0.3)
    rows = numbered(count).with_columns(day=day, customer_id=pl.lit(known).gather(hashed(361) % len(known)))
    return rows.select(
        "customer_id",
        session_id=label("G", 8),
        started_at=when("day", 6 * 3600 + hashed(364) % 60_000),
        channel=one_of(365, ["app", "web"]),
        failed=failed,
        fail_kind=pl.when(failed).then(one_of(366, ["timeout", "payment", "login"])),
        cart_started=cart,
        order_placed=cart & ~failed & is_by(367, 0.38),
        handed_over=pl.lit(False),
    )


def costs(everybody: pl.DataFrame, span: Span) -> pl.DataFrame:
    teams = everybody.group_by("team", "team_no", maintain_order=True).agg(heads=pl.len())
    months = pl.DataFrame({"from": span.months}).with_columns(to=pl.col("from").dt.month_end())
    rows = months.join(teams, how="cross", maintain_order="left").with_row_index("row")
    bought = pl.col("team_no") % 4 == 3
    kind = pl.when(bought).then(pl.lit("vendor_fee")).otherwise(pl.lit("wages"))
    mine = {"vendor": pl.when(bought).then(pl.format("Vendor {}", pl.col("team_no") % 3 + 1))}
    pay = (pl.col("heads") * (6000 + 800 * share(371))).round(2)
    parts = [
        rows.select("from", "to", "team", **mine, kind=kind, amount=pay, fixed=~bought),
        rows.select("from", "to", "team", **mine, kind=pl.lit("telecom"), amount=pl.col("heads") * 170.0, fixed=False),
        rows.filter(~bought).select("from", "to", "team", kind=pl.lit("overtime"), amount=pl.col("heads") * 210.0),
        *(
            months.select("from", "to", kind=pl.lit(kind), amount=pl.lit(amount * len(everybody)), fixed=True)
            for kind, amount in {"rent": 400.0, "licenses": 180.0, "training": 60.0}.items()
        ),
    ]
    found = pl.concat(parts, how="diagonal_relaxed").with_row_index("row")
    return found.select(label("X", 5).alias("cost_id"), pl.exclude("row", "fixed"), pl.col("fixed").fill_null(False))


def queues(known: Mapping[str, tuple[str, int, int]], everybody: pl.DataFrame, span: Span) -> pl.DataFrame:
    teams = everybody["team"].unique().sort()
    return pl.DataFrame(
        {
            "queue_id": list(known),
            "valid_from": [span.first] * len(known),
            "name": [name.capitalize() for name in known],
            "channel": [each[0] for each in known.values()],
            "team": [teams[n % len(teams)] for n in range(len(known))],
            "threshold_s": [each[1] for each in known.values()],
            "short_abandon_s": [5] * len(known),
            "high_skill": [name in {"tech", "retention", "complaints"} for name in known],
        }
    )


def prices(known: Mapping[str, tuple[str, int, int]], span: Span) -> pl.DataFrame:
    kinds = [*known, "self_service"]
    prices = [PRICE.get(kind, 5.0) for kind in kinds]
    return pl.DataFrame({"kind": kinds, "price": prices}).with_columns(valid_from=span.first, per=pl.lit("contact"))


def initiatives(roster: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Three promises a month of everybody who is no agent."""
    owners = roster.filter(~pl.col("role").is_in(["agent", "senior_agent"])).select(owner_id="agent_id")
    months = pl.DataFrame({"month": span.months})
    kinds = pl.DataFrame({"kind": ["initiative", "improvement", "action"]})
    rows = (
        owners.join(months, how="cross")
        .join(kinds, how="cross")
        .sort("month", "owner_id", "kind")
        .with_row_index("row")
    )
    due = pl.col("month") + pl.duration(days=8 + hashed(381) % 19)
    done = is_by(382, 0.85)
    return rows.select(
        "owner_id",
        "kind",
        initiative_id=label("N", 5),
        title=pl.format("Promise {}", "row"),
        kpi=one_of(383, ["fcr", "csat", "aht"]),
        due_on=due,
        done_on=pl.when(done).then(due + pl.duration(days=hashed(384) % 12 - 9)),
        rating=pl.when(done).then(2.5 + hashed(385) % 6 / 2),
        effective=pl.when(done).then(is_by(386, 0.7)),
    )


def exclusions(surveys: pl.DataFrame, evaluations: pl.DataFrame) -> pl.DataFrame:
    """An outage of a queue, an abusive caller's survey, an upheld appeal."""
    said = surveys.filter((pl.col("csat") == 1) & (pl.col("answered_at") > datetime(2026, 10, 5)))["survey_id"][0]
    appealed = evaluations.filter("appealed").filter(pl.col("evaluated_at") > datetime(2026, 10, 1))["evaluation_id"][0]
    rows = [
        {
            "table": "interactions",
            "queue_id": "tech",
            "from": datetime(2026, 9, 17, 14),
            "to": datetime(2026, 9, 17, 16),
        },
        {"table": "surveys", "row_id": said},
        {"table": "evaluations", "row_id": appealed, "kpis": "quality_score"},
    ]
    names = ["table", "row_id", "from", "to", "queue_id", "kpis"]
    found = pl.DataFrame([{name: row.get(name) for name in names} for row in rows], infer_schema_length=None)
    return found.with_row_index("row").select(
        label("U", 2).alias("exclusion_id"),
        pl.exclude("row"),
        reason=one_of(391, ["outage", "abusive caller", "appeal upheld"]),
        approved_by=pl.lit("M1"),
    )
