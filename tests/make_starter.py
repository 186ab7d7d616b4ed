"""Makes the data of the project that `ccmetrics init` writes: one month of a small hotline, all of it made up.

`python tests/make_starter.py` writes ccmetrics/starter/data anew, always the same.

In: nothing. Out: four exports.
Refuses to know: what the definitions make of them.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

DATA = Path(__file__).resolve().parent.parent / "ccmetrics" / "starter" / "data"
AGENTS = {
    "101": ("Ana Lopez", "North", 0.90, 92, 250),
    "102": ("Mo Khan", "North", 0.84, 88, 290),
    "103": ("李娜", "North", 0.78, 84, 310),
    "104": ("Ida Berg", "North", 0.70, 78, 360),
    "105": ("Sam Okoro", "South", 0.86, 90, 270),
    "106": ("Eva Novak", "South", 0.80, 86, 300),
    "107": ("Jon Ruiz", "South", 0.74, 80, 340),
    "108": ("Mia Weiss", "South", 0.62, 74, 420),
}
"""Number to name, team, share of content customers, quality, seconds of a call."""
DAYS = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]


def calls(dice: Random) -> list[list[object]]:
    rows: list[list[object]] = []
    for day in DAYS:
        for agent, (_, _, content, _, talk) in AGENTS.items():
            if day.weekday() >= 5:
                continue
            for _ in range(dice.randint(2, 4)):
                at = datetime(day.year, day.month, day.day, 9) + timedelta(seconds=dice.randrange(8 * 3600))
                seconds = max(40, round(dice.gauss(talk, 90)))
                stars: object = dice.choice((4, 5)) if dice.random() < content else dice.choice((1, 2, 3))
                rating = stars if dice.random() < 0.6 else ""
                order = f"{dice.uniform(20, 50):.2f}" if dice.random() < 0.24 else ""
                back = at + timedelta(days=2) if order and dice.random() < 0.1 else None
                wrapped = dice.randrange(15, 60)
                caller = dice.randrange(100, 500)
                sold = [rating, order, *([5, back] if back else ["", ""])]
                rows.append([at, agent, caller, "answered", dice.randrange(40), seconds, wrapped, *sold])
        for _ in range(dice.randint(0, 3)):
            at = datetime(day.year, day.month, day.day, 9) + timedelta(seconds=dice.randrange(8 * 3600))
            rows.append([at, "", dice.randrange(100, 500), "gave up", dice.randrange(30, 200), "", "", "", "", "", ""])
    rows.sort(key=lambda row: (row[0], str(row[1])))
    return [[f"C{n:04}", row[0], *row[1:]] for n, row in enumerate(rows, 1)]


def main() -> None:
    dice = Random(20261)
    DATA.mkdir(parents=True, exist_ok=True)
    heads = ["Call", "Start", "Agent no.", "Caller", "Result", "Waited (s)", "Talked (s)", "Wrapped up (s)"]
    heads += ["Stars", "Order value", "Refunded", "Refunded on"]
    write("calls_2026-10", heads, calls(dice))
    roster: list[list[object]] = [[n, "2026-01-01", name, "agent", team] for n, (name, team, *_) in AGENTS.items()]
    write("roster", ["agent_id", "valid_from", "name", "role", "team"], roster)
    evaluations: list[list[object]] = []
    ratings: list[list[object]] = []
    for agent, (_, _, _, quality, _) in AGENTS.items():
        for n in range(10):
            at = datetime(2026, 10, 2 + 3 * n, 15, dice.randrange(60))
            score = min(100, round(dice.gauss(quality, 5)))
            evaluations.append([f"E{agent}-{n + 1}", agent, at, "human", "scoring", score, "true"])
        stars = min(5, max(1, round((quality - 70) / 5)))
        ratings.append([f"R{agent}", "2026-10-30 12:00:00", "2026-10-30 12:00:00", "rating", agent, stars])
    heads = ["evaluation_id", "agent_id", "evaluated_at", "method", "purpose", "score", "final"]
    write("evaluations", heads, evaluations)
    ratings.append(["I1", "2026-10-12 10:00:00", "2026-10-12 10:00:00", "idea", "102", ""])
    write("events", ["event_id", "at", "recorded_at", "kind", "agent_id", "amount"], ratings)


def write(name: str, heads: list[str], rows: list[list[object]]) -> None:
    with (DATA / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
