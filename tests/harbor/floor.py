"""The working day: attendance, activity, forecasts, costs, the calendar.

In: the random source, agents, interaction rows. Out: rows of those tables.
Refuses to know: customers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from harbor.contacts import HOURS, TALK, WRAP
from harbor.draw import Row, between, chance, clamp, normal, spread, whole
from harbor.people import DAYS, LAST, MOVED_ON, NEWCOMER, QUEUES, RED_LINE, STAFF, TEAMS, Agent

SHIFT_S = 28800
HOLIDAYS = {date(2026, 10, 1), date(2026, 10, 2), date(2026, 9, 25)}


def attendance(rng: Random, everybody: list[Agent]) -> tuple[list[Row], set[tuple[str, date]]]:
    """Rows of every scheduled day, and who is there to take contacts."""
    rows: list[Row] = []
    present: set[tuple[str, date]] = set()
    for day in DAYS:
        for agent in everybody:
            if agent.scheduled(day):
                row = agent_day(rng, agent, day)
                rows.append(row)
                if row["worked_s"]:
                    present.add((agent.id, day))
        for ident, _, _ in STAFF:
            if day.weekday() < 5 and day not in HOLIDAYS:
                rows.append(day_row(ident, day, worked=SHIFT_S, adherent=SHIFT_S, shift="office"))
    return rows, present


def day_row(
    ident: str,
    day: date,
    worked: int = 0,
    adherent: int = 0,
    absent: int = 0,
    unapproved: int = 0,
    leave: int = 0,
    overtime: int = 0,
    shift: str = "early",
) -> Row:
    return {
        "agent_id": ident,
        "date": day,
        "scheduled_s": 0 if leave else SHIFT_S,
        "worked_s": worked,
        "paid_s": worked + leave + (absent - unapproved),
        "adherent_s": adherent,
        "absent_s": absent,
        "unapproved_s": unapproved,
        "leave_s": leave,
        "overtime_s": overtime,
        "shift": shift,
    }


def agent_day(rng: Random, agent: Agent, day: date) -> Row:
    shift = "early" if agent.hours(day)[0].hour == 9 else "late"
    if chance(rng, 0.045):
        return day_row(agent.id, day, leave=SHIFT_S, shift=shift)
    if chance(rng, 0.035):
        return day_row(agent.id, day, absent=SHIFT_S, unapproved=SHIFT_S if chance(rng, 0.2) else 0, shift=shift)
    overtime = 3600 if chance(rng, 0.06) else 0
    discipline = 0.88 if agent.id == RED_LINE else 0.94
    adherent = int(SHIFT_S * clamp(normal(rng, discipline, 0.03), 0.6, 1))
    late = 1800 if chance(rng, 0.03) else 0
    return day_row(
        agent.id, day, worked=SHIFT_S - late + overtime, adherent=adherent, absent=late, overtime=overtime, shift=shift
    )


def activity(rng: Random, everybody: list[Agent], days: list[Row], contacts: list[Row]) -> list[Row]:
    """One block a state and day. Beside contacts, agents work on cases: handling, with `case_work` as the reason."""
    handled: dict[tuple[str, date], int] = defaultdict(int)
    for row in contacts:
        if row.get("agent_id") and row.get("talk_s") is not None:
            handled[row["agent_id"], row["started_at"].date()] += row["talk_s"] + row["hold_s"] + row["wrap_s"]
    by_id = {agent.id: agent for agent in everybody}
    rows: list[Row] = []
    for day in days:
        agent = by_id.get(day["agent_id"])
        if agent and day["worked_s"]:
            rows += states(rng, agent, day, handled[agent.id, day["date"]])
    return rows


def states(rng: Random, agent: Agent, day: Row, on_contacts: int) -> list[Row]:
    worked = day["worked_s"]
    pause, meeting = 1800 + whole(rng, 0, 900), 900 if day["date"].weekday() == 2 else 0
    learns = agent.id == NEWCOMER and (day["date"] - agent.joined).days < 14
    training = 10800 if learns else 3600 if chance(rng, 0.06) else 0
    productive = worked - pause - meeting - training
    busy = clamp(normal(rng, 0.8, 0.05), 0.6, 0.97)
    case_work = max(0, int(productive * busy) - on_contacts)
    blocks = [
        ("handling", "contacts", on_contacts),
        ("handling", "case_work", case_work),
        ("available", "ready", max(0, productive - on_contacts - case_work)),
        ("break", "meal", pause),
        ("training", "course", training),
        ("meeting", "team", meeting),
    ]
    at, rows = agent.hours(day["date"])[0], []
    for state, aux, seconds in blocks:
        if seconds:
            end = at + timedelta(seconds=seconds)
            rows.append(
                {
                    "agent_id": agent.id,
                    "started_at": at,
                    "ended_at": end,
                    "duration_s": seconds,
                    "state": state,
                    "aux": aux,
                    "paid": state != "break",
                }
            )
            at = end
    return rows


def forecasts(rng: Random, contacts: list[Row]) -> list[Row]:
    """By the hour. Tech was planned too low in October: the planner's card shows it."""
    offered = Counter(
        (r["queue_id"], r["started_at"].replace(minute=0, second=0))
        for r in contacts
        if r["direction"] == "inbound" and r["leg_no"] == 1 and r.get("queue_id")
    )
    rows: list[Row] = []
    for day in DAYS:
        for queue in QUEUES:
            for hour in HOURS:
                at = datetime.combine(day, time(hour))
                real = offered[queue, at]
                bias = 0.82 if queue == "tech" and day >= MOVED_ON else 1.0
                planned = max(0, round(real * bias * between(rng, 0.8, 1.22) + between(rng, -0.6, 0.6)))
                aht = TALK[queue] + WRAP[queue]
                need = max(1, round(planned * aht / 3600 / 0.8))
                rows.append(
                    {
                        "queue_id": queue,
                        "started_at": at,
                        "length_s": 3600,
                        "aht_s": aht,
                        "offered": planned,
                        "required": need,
                        "scheduled": max(1, need + whole(rng, -1, 1)),
                    }
                )
    return rows


def months() -> list[tuple[date, date]]:
    """Whole months; the eight days of November are not billed yet."""
    starts = [date(2026, m, 1) for m in (8, 9, 10, 11)]
    return [(a, b - timedelta(days=1)) for a, b in pairwise(starts)]


def costs(rng: Random) -> list[Row]:
    rows: list[Row] = []
    for start, end in months():
        span = {"from": start, "to": end}
        for team, place in TEAMS.items():
            vendor = place["vendor"]
            if vendor:
                rows.append(
                    {
                        **span,
                        "kind": "vendor_fee",
                        "amount": round(spread(rng, 61000, 0.04), 2),
                        "fixed": False,
                        "team": team,
                        "vendor": vendor,
                    }
                )
            else:
                rows.append(
                    {**span, "kind": "wages", "amount": round(spread(rng, 78000, 0.03), 2), "fixed": True, "team": team}
                )
                rows.append(
                    {
                        **span,
                        "kind": "overtime",
                        "amount": round(spread(rng, 2600, 0.2), 2),
                        "fixed": False,
                        "team": team,
                    }
                )
            rows.append(
                {
                    **span,
                    "kind": "telecom",
                    "amount": round(spread(rng, 2100, 0.1), 2),
                    "fixed": False,
                    "team": team,
                    "vendor": vendor,
                }
            )
        for kind, mean in {"rent": 24000, "licenses": 11000, "training": 4000}.items():
            rows.append(
                {**span, "kind": kind, "amount": round(spread(rng, mean, 0.02), 2), "fixed": True, "team": "Management"}
            )
    return [{"cost_id": f"X{i + 1:03}", **row} for i, row in enumerate(rows)]


def calendar(contacts: list[Row]) -> list[Row]:
    offered = Counter(r["started_at"].date() for r in contacts if r["direction"] == "inbound" and r["leg_no"] == 1)
    rows = []
    for day in DAYS:
        kind = "holiday" if day in HOLIDAYS else "weekend" if day.weekday() > 4 else "workday"
        if date(2026, 10, 19) <= day <= date(2026, 10, 21):
            kind = "promotion"
        rows.append({"date": day, "kind": kind, "cycle": f"{day:%Y-%m}", "volume": offered[day]})
    return rows


def last_moment() -> datetime:
    return datetime.combine(LAST, time(23, 59))
