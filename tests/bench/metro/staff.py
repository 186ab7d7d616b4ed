"""Who works in the made-up center, from which day to which.

In: a number of agents, a span. Out: agents with their habits; the roster.
Refuses to know: what happens on any day.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from metro.draw import Span, bell, hashed, label, numbered, one_of

PER_LEADER = 12


def people(agents: int, span: Span) -> pl.DataFrame:
    """Agents with their habits: how fast, how well. Of every 25 one joined late, one left, one was never evaluated."""
    team = pl.col("row") // PER_LEADER
    kind = pl.col("row") % 25
    return numbered(agents).select(
        "row",
        agent_id=label("A", 4),
        team=pl.format("Team {}", (team + 1).cast(pl.String).str.zfill(2)),
        leader_id=pl.format("L{}", (team + 1).cast(pl.String).str.zfill(3)),
        team_no=team,
        off=pl.col("row") % 7,
        skill=bell(1),
        speed=1 + 0.09 * bell(5),
        joined=pl.when(kind == 11).then(span.months[-1] - timedelta(days=24)).otherwise(date(2021, 3, 1)),
        left=pl.when(kind == 13).then(pl.lit(date(2026, 10, 16))),
        evaluated=kind != 7,
    )


def roster(everybody: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Agents and staff; here and there a rank, a site or a trainer is not known, and one in fifty has no name."""
    teams = everybody["team_no"].n_unique()
    agents = everybody.select(
        "agent_id",
        "team",
        "leader_id",
        valid_from=pl.max_horizontal(pl.col("joined"), pl.lit(span.first)),
        valid_to=pl.col("left"),
        name=pl.when(pl.col("row") % 50 != 3).then(
            one_of(11, ["Grace", "Tom", "Priya", "李娜", "王伟", "Omar", "Élena"])
            + pl.lit(" ")
            + one_of(12, ["Okafor", "Lind", "Shah", "Haddad", "Reed", "Weiss", "Castro"])
        ),
        role=pl.when(pl.col("row") % 10 == 9).then(pl.lit("senior_agent")).otherwise(pl.lit("agent")),
        site=pl.when(pl.col("row") % 40 != 5).then(one_of(13, ["North", "South", "Bay"])),
        vendor=pl.when(pl.col("team_no") % 4 == 3).then(pl.format("Vendor {}", pl.col("team_no") % 3 + 1)),
        trainer_id=pl.when(pl.col("row") % 30 != 1).then(pl.format("R{}", pl.col("row") % 4 + 1)),
        evaluator_id=pl.format("Q{}", pl.col("row") % 8 + 1),
        joined_on=pl.col("joined"),
        left_on=pl.col("left"),
        leave_kind=pl.when(pl.col("left").is_not_null()).then(pl.lit("voluntary")),
        employment=pl.lit("full_time"),
        rank=pl.when(pl.col("row") % 20 != 2).then(one_of(14, ["P1", "P2", "P3"])),
        fte=pl.lit(1.0),
        pay_base=(hashed(15) % 26 + 52) * 100.0,
    )
    names = [
        *((f"L{n + 1:03}", "team_leader", f"Team {n + 1:02}") for n in range(teams)),
        *((f"Q{n + 1}", "quality_analyst", "Quality") for n in range(8)),
        *((f"R{n + 1}", "trainer", "Training") for n in range(4)),
        ("P1", "planner", "Planning"),
        ("M1", "operations_manager", "Management"),
    ]
    staff = pl.DataFrame(names, schema=["agent_id", "role", "team"], orient="row").with_columns(
        valid_from=pl.lit(span.first),
        name=pl.format("Staff {}", "agent_id"),
        leader_id=pl.when(pl.col("role") != "operations_manager").then(pl.lit("M1")),
        joined_on=date(2017, 3, 1),
        plan_n=pl.when(pl.col("role") == "quality_analyst").then(len(everybody) * 10 // 8),
        fte=pl.lit(1.0),
        pay_base=pl.lit(9800.0),
    )
    return pl.concat([agents, staff], how="diagonal_relaxed")
