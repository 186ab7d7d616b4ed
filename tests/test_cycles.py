"""Cycles of a company's own calendar, from its table to periods and values."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ccmetrics import run
from ccmetrics.problem import DataRefused, UsageRefused

HEAD = "interaction_id,agent_id,started_at,direction,outcome,talk_s\n"


def exports(folder: Path, labels: dict[str, tuple[date, date]], skip: date | None = None) -> Path:
    """A call every noon, as long in seconds as the number of its month, and a calendar of the labeled spans."""
    days = [date(2026, 7, 20) + timedelta(days=n) for n in range(100)]
    calls = "".join(f"C{n},A1,{day} 12:00:00,inbound,answered,{day.month}\n" for n, day in enumerate(days))
    (folder / "interactions.csv").write_text(HEAD + calls)
    rows = []
    for label, (first, last) in labels.items():
        rows += [f"{first + timedelta(days=n)},workday,{label}\n" for n in range((last - first).days + 1)]
    rows = [row for row in rows if skip is None or not row.startswith(str(skip))]
    (folder / "calendar.csv").write_text("date,kind,cycle\n" + "".join(rows))
    return folder


CYCLES = {"P08": (date(2026, 7, 26), date(2026, 8, 25)), "P09": (date(2026, 8, 26), date(2026, 9, 25))}


def offered(folder: Path, period: str) -> tuple[float, float]:
    found = run.measure([folder], kpis=["answer_rate"], period=period).values.row(0, named=True)
    return found["numerator"], found["denominator"]


def test_a_cycle_from_the_26th_to_the_25th_holds_its_own_days(tmp_path: Path) -> None:
    folder = exports(tmp_path, CYCLES)
    assert offered(folder, "P08") == (31, 31)  # 26 July to 25 August
    assert offered(folder, "P09") == (31, 31)
    assert offered(folder, "2026-08") == (31, 31)
    assert run.measure([folder], kpis=["answer_rate"], period="P09").period.earlier is not None


def test_values_come_from_the_days_of_the_cycle(tmp_path: Path) -> None:
    folder = exports(tmp_path, CYCLES)
    found = run.measure([folder], kpis=["average_talk"], period="P08").values.row(0, named=True)
    assert found["value"] == (6 * 7 + 25 * 8) / 31  # six days of July, twenty-five of August


def test_a_label_that_is_a_month_too_must_be_told_apart(tmp_path: Path) -> None:
    folder = exports(tmp_path, {"2026-08": CYCLES["P08"]})
    with pytest.raises(UsageRefused, match="ambiguous-period"):
        offered(folder, "2026-08")


def test_a_cycle_with_a_missing_day_is_refused(tmp_path: Path) -> None:
    folder = exports(tmp_path, CYCLES, skip=date(2026, 8, 3))
    with pytest.raises(DataRefused, match="broken-cycle"):
        offered(folder, "P08")
