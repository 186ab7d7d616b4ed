"""What is said of agents: surveys, evaluations with their items, events.

In: contacts, agents, a span. Out: those tables.
Refuses to know: what was bought, who complained.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from metro.draw import LAST, Span, bell, hashed, is_by, label, numbered, one_of, share, when

EVALUATED = 10
ITEMS = {
    "greeting": ("attitude", 10.0),
    "empathy": ("attitude", 20.0),
    "listening": ("attitude", 15.0),
    "solution": ("content", 30.0),
    "process": ("content", 15.0),
    "identification": ("compliance", 10.0),
}


def served(calls: pl.DataFrame) -> pl.DataFrame:
    return calls.filter((pl.col("outcome") == "answered") & (pl.col("direction") == "inbound"))


def surveys(calls: pl.DataFrame) -> pl.DataFrame:
    """A third of the contacts are invited; of these, four in ten answer, and some say one thing and not the other."""
    asked = served(calls).filter(is_by(201, 0.32) & pl.col("customer_id").is_not_null())
    sent = pl.col("ended_at") + pl.duration(minutes=5 + hashed(202) % 85)
    answered = is_by(203, 0.42) & (sent.dt.date() < LAST)
    mood = pl.col("emotion").replace_strict({"positive": 0.7, "neutral": 0.1, "negative": -1.0})
    feeling = 3.9 + mood + 0.25 * pl.col("skill") + 0.7 * bell(204)
    csat = feeling.round().clip(1, 5).cast(pl.Int64)
    return asked.select(
        "interaction_id",
        "customer_id",
        "channel",
        survey_id=label("S", 8),
        sent_at=sent,
        answered_at=pl.when(answered).then(sent + pl.duration(minutes=hashed(208) % 700)),
        source=pl.lit("invitation"),
        kind=pl.lit("transactional"),
        csat=pl.when(answered & ~is_by(209, 0.02)).then(csat),
        csat_scale=pl.when(answered).then(5),
        nps=pl.when(answered & is_by(210, 0.8)).then((2 * feeling).round().clip(0, 10)),
        ces=pl.when(answered & is_by(211, 0.6)).then((1.35 * feeling).round().clip(1, 7)),
        ces_scale=pl.when(answered).then(7),
        resolved=pl.when(answered).then(pl.col("resolved") != is_by(212, 0.1)),
        emotion=pl.when(answered).then("emotion"),
        reason=pl.when(answered).then("reason"),
        fault=pl.when(answered & (csat <= 2)).then(one_of(213, ["agent", "process", "product", "policy"])),
    )


def evaluations(calls: pl.DataFrame, everybody: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first ten contacts an agent and month, three in ten by a model."""
    known = everybody.filter("evaluated").select("agent_id")
    rows = served(calls).join(known, on="agent_id", how="semi", maintain_order="left")
    nth = pl.int_range(pl.len()).over("agent_id", pl.col("date").dt.truncate("1mo"))
    rows = rows.filter(nth < EVALUATED).with_columns(evaluation_id=label("E", 8), critical=is_by(221, 0.015))
    marked = [
        rows.select(
            "evaluation_id",
            item=pl.lit(item),
            section=pl.lit(section),
            score=(4.3 + 0.2 * pl.col("skill") + 0.75 * bell(230 + 4 * n)).round().clip(0, 5).cast(pl.Int64),
            max=pl.lit(5),
            weight=pl.lit(weight),
            applicable=pl.lit(True),
            critical=pl.lit(section == "compliance"),
        )
        for n, (item, (section, weight)) in enumerate(ITEMS.items())
    ]
    items = pl.concat(marked).sort("evaluation_id", maintain_order=True)
    total = (pl.col("score") * pl.col("weight") / 5).sum()
    rows = rows.join(items.group_by("evaluation_id").agg(total=total), on="evaluation_id", maintain_order="left")
    human, score = ~is_by(222, 0.3), pl.when("critical").then(0.0).otherwise(pl.col("total").round(2))
    found = rows.select(
        "evaluation_id",
        "interaction_id",
        "agent_id",
        "critical",
        evaluator_id=pl.when(human).then(pl.format("Q{}", hashed(223) % 8 + 1)),
        evaluated_at=pl.col("ended_at") + pl.duration(hours=2 + hashed(224) % 60),
        method=pl.when(human).then(pl.lit("human")).otherwise(pl.lit("ai")),
        purpose=pl.when(human & is_by(225, 0.04)).then(pl.lit("calibration")).otherwise(pl.lit("scoring")),
        form=pl.lit("service 2026"),
        score=score,
        reference_score=pl.when(human & is_by(225, 0.04)).then((score + 2 * bell(226)).round(2).clip(0, 100)),
        passed=score >= 75,
        appealed=human & is_by(227, 0.03),
        overturned=pl.lit(False),
        final=pl.lit(True),
    )
    return found, items


def events(calls: pl.DataFrame, everybody: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Risks and red lines of contacts; training, exams, ratings, ideas, pulse by month."""
    months = pl.DataFrame({"month": span.months})
    monthly = everybody.drop("row").join(months, how="cross", maintain_order="left").with_row_index("row")
    there = (pl.col("joined") <= pl.col("month")) & (pl.col("left").fill_null(LAST) > pl.col("month").dt.month_end())
    monthly = monthly.filter(there).with_columns(trainer=pl.format("R{}", hashed(251) % 4 + 1))
    exam = (84 + 6 * pl.col("skill") + 5 * bell(252)).round().clip(40, 100)
    rating = ((3.5 + 0.3 * pl.col("skill") + 0.4 * bell(256)) * 2).round().clip(2, 10) / 2
    merit = monthly.filter(is_by(260, 0.06))
    parts = [
        _of_months(monthly, "training", 9, "trainer", item=pl.lit("products"), amount=1.0 + hashed(261) % 5),
        _of_months(monthly.filter(~is_by(262, 0.2)), "exam", 10, "trainer", item=pl.lit("products"), amount=exam),
        _of_months(monthly, "rating", 27, "leader_id", item=pl.lit("overall"), amount=rating),
        _of_months(monthly, "certification", 20, "trainer", item=pl.lit("basics"), valid=exam >= 75),
        _of_months(merit, "idea", 12, "leader_id", item=pl.lit("process"), valid=is_by(263, 0.5)),
        _of_months(monthly.filter(is_by(264, 0.08)), "commendation", 14, "leader_id", item=pl.lit("letter")),
        _of_months(monthly.filter(is_by(265, 0.1)), "knowledge", 15, "leader_id", item=pl.lit("article")),
        *(
            _pulse(monthly, question, n)
            for n, question in enumerate(["morale", "cooperation", "execution", "learning"])
        ),
        _risks(served(calls)),
        _staff_ratings(everybody, months),
    ]
    found = pl.concat(parts, how="diagonal_relaxed").with_row_index("row")
    return found.select(label("V", 7).alias("event_id"), pl.exclude("row", "valid"), pl.col("valid").fill_null(True))


def _of_months(rows: pl.DataFrame, kind: str, day: int, by: str, **more: pl.Expr) -> pl.DataFrame:
    at = when(pl.col("month") + timedelta(days=day), 10 * 3600)
    return rows.select("agent_id", kind=pl.lit(kind), at=at, recorded_at=at, by_id=by, **more)


def _pulse(rows: pl.DataFrame, question: str, n: int) -> pl.DataFrame:
    """Answers belong to the team; nobody's name is kept."""
    at = when(pl.col("month") + timedelta(days=14), 12 * 3600)
    mark = (3.8 + 0.8 * bell(270 + 4 * n)).round().clip(1, 5)
    said = rows.filter(is_by(290, 0.8))
    return said.select("team", kind=pl.lit("pulse"), item=pl.lit(question), at=at, recorded_at=at, amount=mark)


def _risks(rows: pl.DataFrame) -> pl.DataFrame:
    """Of a thousand contacts one is risky, one in seventeen thousand crosses a red line."""
    drawn = rows.with_columns(luck=share(291)).filter(pl.col("luck") < 0.0016)
    kind = pl.when(pl.col("luck") < 0.00006).then(pl.lit("red_line")).when(pl.col("luck") < 0.001).then(pl.lit("risk"))
    item = one_of(292, ["identity not checked", "promise without right", "data disclosed"])
    return drawn.select(
        "agent_id",
        "interaction_id",
        kind=kind.otherwise(pl.lit("risk_lead")),
        item=pl.when(pl.col("luck") < 0.00006).then(pl.lit("rudeness")).otherwise(item),
        at="started_at",
        recorded_at=pl.col("ended_at") + pl.duration(hours=5 + hashed(293) % 100),
        found_by=one_of(294, ["evaluation", "evaluation", "customer", "regulator"]),
        fault=one_of(295, ["agent", "agent", "training", "process"]),
        valid=~is_by(296, 0.1),
    )


def _staff_ratings(everybody: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    staff = [
        *everybody["leader_id"].unique().sort(),
        *(f"Q{n + 1}" for n in range(8)),
        *(f"R{n + 1}" for n in range(4)),
    ]
    named = pl.DataFrame({"agent_id": [*staff, "P1", "M1"]}).join(months, how="cross", maintain_order="left")
    rows = numbered(len(named)).with_columns(named).with_columns(by_id=pl.lit("M1"))
    return _of_months(rows, "rating", 27, "by_id", item=pl.lit("overall"), amount=3.0 + hashed(299) % 4 / 2)
