"""The working day: attendance, activity, forecasts, the calendar.

In: agents, a span, contacts. Out: those tables.
Refuses to know: customers.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from metro.draw import LAST, Span, hashed, is_by, one_of, share, when

SHIFT_S = 28_800


def attendance(everybody: pl.DataFrame, span: Span) -> pl.DataFrame:
    """Five days a week of everybody employed; some are on leave, some do not come, one in five of them unexcused."""
    days = everybody.drop("row").join(span.calendar, how="cross", maintain_order="left").with_row_index("row")
    employed = (pl.col("date") >= pl.col("joined")) & (pl.col("date") <= pl.col("left").fill_null(LAST))
    works = (pl.col("date").dt.weekday() + 6 - pl.col("off")) % 7 >= 2
    leave = is_by(101, 0.04)
    absent = ~leave & is_by(102, 0.03)
    extra = pl.when(is_by(103, 0.06)).then(3600).otherwise(0)
    return days.filter(employed & works).select(
        "agent_id",
        "date",
        scheduled_s=pl.when(leave).then(0).otherwise(SHIFT_S),
        worked_s=pl.when(leave | absent).then(0).otherwise(SHIFT_S + extra),
        paid_s=pl.when(absent).then(0).otherwise(SHIFT_S),
        adherent_s=pl.when(leave | absent).then(0).otherwise((SHIFT_S * (0.88 + 0.11 * share(104))).floor()),
        absent_s=pl.when(absent).then(SHIFT_S).otherwise(0),
        unapproved_s=pl.when(absent & is_by(105, 0.2)).then(SHIFT_S).otherwise(0),
        leave_s=pl.when(leave).then(SHIFT_S).otherwise(0),
        overtime_s=pl.when(leave | absent).then(0).otherwise(extra),
        shift=one_of(106, ["early", "late"]),
    )


def activity(attended: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """One block a state and day. Beside contacts, agents work on cases: handling, with `case_work` as the reason."""
    handled = calls.group_by("agent_id", "date").agg(contacts=pl.sum_horizontal("talk_s", "hold_s", "wrap_s").sum())
    days = (
        attended.filter(pl.col("worked_s") > 0).join(handled, on=["agent_id", "date"], how="left").with_row_index("row")
    )
    contacts = pl.col("contacts").fill_null(0).cast(pl.Int64).clip(upper_bound=24_000)
    days = days.sort("agent_id", "date").with_columns(
        contacts=contacts,
        meal=1800 + hashed(111) % 900,
        course=pl.when(is_by(112, 0.06)).then(1800).otherwise(0),
        team=pl.when(pl.col("date").dt.weekday() == 3).then(900).otherwise(0),
    )
    productive = SHIFT_S - pl.col("meal") - pl.col("course") - pl.col("team")
    case_work = (productive * (0.7 + 0.2 * share(113))).cast(pl.Int64) - pl.col("contacts")
    days = days.with_columns(case_work=case_work.clip(lower_bound=0))
    ready = productive - pl.col("contacts") - pl.col("case_work")
    return _blocks(days.with_columns(ready=ready.clip(lower_bound=0)))


def _blocks(days: pl.DataFrame) -> pl.DataFrame:
    """One after the other from nine o'clock."""
    states = {
        "contacts": "handling",
        "case_work": "handling",
        "ready": "available",
        "meal": "break",
        "course": "training",
        "team": "meeting",
    }
    parts, begun = [], pl.lit(9 * 3600)
    for aux, state in states.items():
        parts.append(
            days.select(
                "agent_id",
                started_at=when("date", begun),
                duration_s=pl.col(aux).cast(pl.Int64),
                state=pl.lit(state),
                aux=pl.lit(aux),
                paid=pl.lit(state != "break"),
            )
        )
        begun = begun + pl.col(aux)
    return pl.concat(parts).filter(pl.col("duration_s") > 0).sort("agent_id", "started_at")


def forecasts(calls: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """By the hour, a fifth beside what came."""
    offered = calls.filter((pl.col("direction") == "inbound") & pl.col("queue_id").is_not_null())
    by = ["queue_id", "started_at"]
    hours = offered.with_columns(pl.col("started_at").dt.truncate("1h")).group_by(by).agg(real=pl.len())
    hours = hours.filter(pl.col("queue_id").is_in(list(names))).sort(by).with_row_index("row")
    planned = (pl.col("real") * (0.8 + 0.4 * share(121))).round().cast(pl.Int64)
    need = (planned * 320 / 3600 / 0.8).ceil().cast(pl.Int64)
    return hours.select(
        *by,
        length_s=pl.lit(3600),
        aht_s=pl.lit(320),
        offered=planned,
        required=need,
        scheduled=need + hashed(122) % 3,
    )


def calendar(calls: pl.DataFrame) -> pl.DataFrame:
    days = calls.filter(direction="inbound").group_by("date").agg(volume=pl.len()).sort("date")
    kind = pl.when(pl.col("date").dt.weekday() > 5).then(pl.lit("weekend")).otherwise(pl.lit("workday"))
    return days.select("date", kind=kind, cycle=pl.col("date").dt.strftime("%Y-%m"), volume="volume")
