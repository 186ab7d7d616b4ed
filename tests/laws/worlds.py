"""Small contact centers made up by Hypothesis, written as exports, and the product asked about them.

In: Hypothesis' choices. Out: rows as plain Python values, files of them, and the product's answer as plain rows.
Refuses to know: any law, any measure.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from ccmetrics import run

Row = dict[str, Any]
World = dict[str, list[Row]]

ZONE = ZoneInfo("Europe/Berlin")
"""Its clocks go back on 25 October 2026, in the middle of the days these worlds play on."""

DAYS = [
    date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 24), date(2026, 10, 25),
    date(2026, 10, 26), date(2026, 10, 31), date(2026, 11, 1),
]  # fmt: skip
"""Few days, so that calls, versions and periods meet on their edges."""
LATER = date(2026, 12, 1)

LAWFUL = settings(derandomize=True, deadline=None, report_multiple_bugs=False)
"""The same examples in every run; a law that fails here fails everywhere."""


def instants() -> st.SearchStrategy[datetime]:
    """UTC. Half of them sit on, or a second beside, a local midnight."""
    midnight = st.sampled_from(DAYS).map(
        lambda day: datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    )
    within = st.one_of(st.sampled_from([-1, 0, 1, 21_599, 21_600, 86_399]), st.integers(0, 86_399))
    return st.builds(lambda at, seconds: (at + timedelta(seconds=seconds)).replace(tzinfo=None), midnight, within)


def thousandths(most: int = 400_000) -> st.SearchStrategy[str | None]:
    """Durations as an export writes them, to the millisecond; empty now and then."""
    written = st.integers(0, most).map(lambda ms: f"{ms // 1000}.{ms % 1000:03d}")
    return st.one_of(st.none(), written, st.sampled_from(["0", "5", "20", "0.1", "0.2", "0.3", "33.333"]))


def versions(key: str, ids: Sequence[str]) -> st.SearchStrategy[list[Row]]:
    """Effective-dated rows: for every id several versions that never overlap, with or without gaps between them."""

    def rows(ident: str) -> st.SearchStrategy[list[Row]]:
        days = st.lists(st.sampled_from(DAYS), min_size=int(ident == ids[0]), max_size=4, unique=True).map(sorted)
        return days.flatmap(lambda starts: st.tuples(*(version(ident, starts, at) for at in range(len(starts))))).map(
            list
        )

    def version(ident: str, starts: list[date], at: int) -> st.SearchStrategy[Row]:
        following = starts[at + 1] if at + 1 < len(starts) else LATER
        last = following - timedelta(days=1)
        within = [day for day in DAYS if starts[at] <= day <= last]
        ends = st.sampled_from([None, None, last, *within])
        return st.builds(
            lambda end, team: {key: ident, "valid_from": starts[at], "valid_to": end, "team": team},
            ends,
            st.sampled_from(["T1", "T2", "T3", None]),
        )

    return st.tuples(*(rows(ident) for ident in ids)).map(lambda groups: list(itertools.chain(*groups)))


def calls(least: int = 0, most: int = 12) -> st.SearchStrategy[list[Row]]:
    row = st.fixed_dictionaries(
        {
            "agent_id": st.sampled_from(["A1", "A1", "A1", "A2", "A9", None]),
            "queue_id": st.sampled_from(["Q1", "Q2", "Q9", None]),
            "customer_id": st.sampled_from(["c1", "c2", "c3", "c4", None]),
            "started_at": instants(),
            "direction": st.just("inbound"),
            "outcome": st.sampled_from(["answered", "answered", "answered", "abandoned", "callback"]),
            "wait_s": thousandths(),
            "talk_s": thousandths(),
        }
    )
    return st.lists(row, min_size=least, max_size=most).map(lambda rows: numbered(rows, "interaction_id", "i"))


def answers(calls_made: int, most: int = 8) -> st.SearchStrategy[list[Row]]:
    """Surveys: of one of the calls, of one that was not exported, or of none."""
    made = [f"i{n + 1}" for n in range(calls_made)]
    of = st.sampled_from([*made, *made, *made, None, "i999"])
    row = st.fixed_dictionaries(
        {"interaction_id": of, "answered_at": instants(), "csat": st.sampled_from([None, 1, 2, 3, 4, 5])}
    )
    return st.lists(row, max_size=most).map(lambda rows: numbered(rows, "survey_id", "s"))


def numbered(rows: Iterable[Row], key: str, letter: str) -> list[Row]:
    return [{key: f"{letter}{n}", **row} for n, row in enumerate(rows, 1)]


@st.composite
def worlds(draw: st.DrawFn, least: int = 4, most: int = 14) -> World:
    """Calls and surveys always; a roster and queues that may lack some of the ids the calls name."""
    found = draw(calls(least, most))
    world: World = {"interactions": found, "surveys": draw(answers(len(found)))}
    roster = draw(st.one_of(st.just([]), *[versions("agent_id", ["A1", "A2"])] * 4))
    queues = draw(st.one_of(st.just([]), *[versions("queue_id", ["Q1", "Q2"])] * 4))
    if roster:
        world["roster"] = [{**row, "role": "agent"} for row in roster]
    if queues:
        world["queues"] = [{k: v for k, v in row.items() if k != "valid_to"} for row in queues]
    return {name: rows for name, rows in world.items() if rows or name in ("interactions", "surveys")}


# ---------------------------------------------------------------- as exports


HEADERS = {
    "interactions": [
        "interaction_id", "agent_id", "queue_id", "customer_id", "started_at", "direction", "outcome", "wait_s",
        "talk_s",
    ],
    "surveys": ["survey_id", "interaction_id", "answered_at", "csat"],
}  # fmt: skip
"""Of tables that may be empty: a header without rows is an export too."""


def cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}Z"
    return "" if value is None else str(value)


def write(path: Path, rows: Sequence[Row], header: Sequence[str] = ()) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(header)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(names)
        out.writerows([cell(row.get(name)) for name in names] for row in rows)
    return path


def export(world: World, folder: Path) -> list[Path]:
    return [write(folder / f"{name}.csv", rows, HEADERS.get(name, ())) for name, rows in world.items()]


# ---------------------------------------------------------------- the product's answer


@dataclass(frozen=True)
class Answer:
    """Values by group and KPI, and the row accounts."""

    found: run.Measurement
    rows: Mapping[tuple[Any, ...], Row] = field(default_factory=dict)

    def value(self, kpi: str, *group: str | None) -> float | None:
        return self.rows[(*group, kpi)]["value"]


def ask(
    world: World, config: Path | None, kpis: Sequence[str], by: Sequence[str] = (), period: str = "2026-10"
) -> Answer:
    """The product over the world as exports; rows keyed by the group and then the KPI (with its variant)."""
    with TemporaryDirectory() as folder:
        found = run.measure(export(world, Path(folder)), kpis=kpis, by=by, period=period, config=config)
    return answer(found)


def answer(found: run.Measurement) -> Answer:
    rows = {}
    for row in found.values.iter_rows(named=True):
        name = f"{row['kpi']}.{row['variant']}" if row["variant"] else row["kpi"]
        key = (*(row[dimension] for dimension in found.by), name)
        assert key not in rows, f"two rows for {key}"
        rows[key] = row
    return Answer(found, rows)
