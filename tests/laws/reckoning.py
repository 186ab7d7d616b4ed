"""The same numbers the slow way: one row at a time, in fractions.

In: a world as plain rows, the dimensions asked for, a span of local days. Out: every measure, a group at a time.
Refuses to know: the product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.laws.worlds import ZONE, Row, World

Group = tuple[str | None, ...]
Values = Mapping[str, Fraction | None]


def local(at: datetime, zone: ZoneInfo = ZONE) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def day_of(at: datetime, begins: int = 0) -> date:
    """The center's day of an instant: the small hours may belong to the day before."""
    return (local(at) - timedelta(hours=begins)).date()


def in_force(rows: Sequence[Row], key: str, ident: str, day: date) -> Row | None:
    """The version of an id on a day. A version without an end lasts until the day before the next one."""
    mine = sorted((row for row in rows if row[key] == ident), key=lambda row: row["valid_from"])
    for at, row in enumerate(mine):
        end = row.get("valid_to")
        if end is None:
            end = mine[at + 1]["valid_from"] - timedelta(days=1) if at + 1 < len(mine) else date.max
        if row["valid_from"] <= day <= end:
            return row
    return None


def team(world: World, call: Row | None, day: date) -> str | None:
    """The agent's team on that day; of a call that no agent took, the queue's."""
    if call is None:
        return None
    if call["agent_id"] is not None and "roster" in world:
        version = in_force(world["roster"], "agent_id", call["agent_id"], day)
        return None if version is None else version["team"]
    if call["queue_id"] is not None and "queues" in world:
        version = in_force(world["queues"], "queue_id", call["queue_id"], day)
        return None if version is None else version["team"]
    return None


def dimension(world: World, table: str, row: Row, name: str, begins: int) -> str | None:
    """A dimension of a row; a survey's agent and team are those of its call, when the call was made."""
    at = row[TIMES[table]]
    if name in GRAINS:
        return GRAINS[name](day_of(at, begins))
    if name in CLOCKS:
        return CLOCKS[name](local(at))
    call: Row | None = row
    if table == "surveys":
        call = next((c for c in world["interactions"] if c["interaction_id"] == row["interaction_id"]), None)
    if name == "team":
        return team(world, call, day_of(at if call is None else call["started_at"], begins))
    return None if call is None else call[name]


CLOCKS: dict[str, Callable[[datetime], str]] = {
    "half_hour": lambda at: f"{at:%H}:{at.minute // 30 * 30:02d}",
    "hour": lambda at: f"{at:%H}",
}
GRAINS: dict[str, Callable[[date], str]] = {
    "weekday": lambda day: str(day.isoweekday()),
    "day": lambda day: f"{day:%Y-%m-%d}",
    "week": lambda day: f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02d}",
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: str(day.year),
}
TIMES = {"interactions": "started_at", "surveys": "answered_at"}


def is_answerable(world: World, by: Sequence[str]) -> bool:
    """Whether anything supplied could say in which of these groups a row belongs."""
    return "team" not in by or "roster" in world or "queues" in world


def groups(world: World, by: Sequence[str], start: date, end: date, begins: int = 0) -> dict[Group, World]:
    """Rows of calls and surveys that fall into the local days from start up to, not including, end."""
    if not is_answerable(world, by):
        return {}
    found: dict[Group, World] = {} if by else {(): {table: [] for table in TIMES}}
    for table, column in TIMES.items():
        for row in world[table]:
            if start <= day_of(row[column], begins) < end:
                group = tuple(dimension(world, table, row, name, begins) for name in by)
                found.setdefault(group, {t: [] for t in TIMES})[table].append(row)
    return found


def reckoned(world: World, by: Sequence[str], start: date, end: date, begins: int = 0) -> dict[Group, dict[str, Any]]:
    """Every KPI of the laws' definitions, a group at a time."""
    whole = groups(world, (), start, end, begins)[()]
    covered = {table: bool(whole[table]) for table in TIMES}
    return {group: _measures(rows, covered) for group, rows in groups(world, by, start, end, begins).items()}


def _measures(rows: World, covered: Mapping[str, bool]) -> dict[str, Any]:
    calls, answers = rows["interactions"], rows["surveys"]
    answered = [call for call in calls if call["outcome"] == "answered"]
    talk = total(calls, "talk_s", covered["interactions"])
    talked = count(values(calls, "talk_s"), covered["interactions"])
    waits = values(calls, "wait_s")
    found = {
        "k_calls": count(calls, covered["interactions"]),
        "k_answered": count(answered, covered["interactions"]),
        "k_talk": talk,
        "k_talked": talked,
        "k_talk_answered": total(answered, "talk_s", covered["interactions"]),
        "k_wait_mean": Fraction(sum(waits), len(waits)) if waits else None,
        "k_wait_least": min(waits, default=None),
        "k_wait_most": max(waits, default=None),
        "k_wait_median": quantile(values(answered, "wait_s"), Fraction(1, 2)),
        "k_wait_p90": quantile(waits, Fraction(9, 10)),
        "k_callers": count(distinct(calls), covered["interactions"]),
        "k_callers_answered": count(distinct(answered), covered["interactions"]),
        "k_answers": count(values(answers, "csat"), covered["surveys"]),
        "k_csat": total(answers, "csat", covered["surveys"]),
        "k_risks": None,
        "k_risk_cost": None,
        "k_average_talk": None if talk is None or not talked else talk / talked,
    }
    found["k_answer_share"] = found["k_answered"] / found["k_calls"] if found["k_calls"] else None
    return found


def values(rows: Sequence[Row], column: str) -> list[Fraction]:
    return [Fraction(str(row[column])) for row in rows if row[column] is not None]


def distinct(rows: Sequence[Row]) -> set[str]:
    return {row["customer_id"] for row in rows if row["customer_id"] is not None}


def count(found: Sequence[Any] | set[Any], covered: bool) -> Fraction | None:
    return Fraction(len(found)) if covered else None


def total(rows: Sequence[Row], column: str, covered: bool) -> Fraction | None:
    """Nothing to add up is 0; rows that all lack the value are no 0."""
    found = values(rows, column)
    return Fraction(sum(found)) if covered and (found or not rows) else None


def quantile(found: list[Fraction], q: Fraction) -> Fraction | None:
    """Straight between the two nearest ranks."""
    if not found:
        return None
    ordered, at = sorted(found), q * (len(found) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])
