"""Law 5: nothing is guessed silently. What can be read two ways is said in the layout, or refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics import run
from ccmetrics.problem import DataRefused
from tests.laws.worlds import LAWFUL, write

CALL = {
    "interaction_id": "i1", "agent_id": "A1", "started_at": "2026-10-05 12:00:00", "direction": "inbound",
    "outcome": "answered", "wait_s": "20", "talk_s": "60", "transferred": "no",
}  # fmt: skip

ASKED = ["aht", "asa", "transfer_rate"]
"""A column that no KPI asked for needs is not read; these need all of them."""

UNCLEAR = {
    "day or month first": ("started_at", "03/04/2026 12:00:00", "bad-datetime"),
    "two-digit year": ("started_at", "26-10-05 12:00:00", "bad-datetime"),
    "a clock without its half of the day": ("started_at", "2026-10-05 9:12", None),
    "a lost am or pm": ("started_at", "2026-10-05 09:12:00 PM", "bad-datetime"),
    "a day that is not": ("started_at", "2026-02-30 12:00:00", "bad-datetime"),
    "an hour that is not": ("started_at", "2026-10-05 24:00:00", "bad-datetime"),
    "a leap second": ("started_at", "2026-10-05 12:00:60", "bad-datetime"),
    "a spreadsheet's serial": ("started_at", "46300.5", "bad-datetime"),
    "epoch": ("started_at", "1759665600", "bad-datetime"),
    "only a date": ("started_at", "2026-10-05", "bad-datetime"),
    "minutes or hours": ("wait_s", "02:23", "bad-duration"),
    "a thousands sign or a decimal one": ("wait_s", "1,234", None),
    "a decimal comma": ("wait_s", "12,5", None),
    "a spreadsheet's two minutes": ("wait_s", "12:02:23 AM", "bad-duration"),
    "never queued": ("wait_s", "-1", "negative-duration"),
    "longer than a day": ("wait_s", "143000", "duration-too-long"),
    "infinite": ("wait_s", "inf", None),
    "not a number": ("wait_s", "NaN", None),
    "a word for nothing": ("wait_s", "N/A", "bad-duration"),
    "full-width digits": ("wait_s", "１２", None),
    "an outcome nobody defined": ("outcome", "ANSWERED", "unknown-value"),
    "a flag in another tongue": ("transferred", "oui", "bad-flag"),
    "an id made a number": ("interaction_id", "1.23457E+17", "destroyed-id"),
    "no outcome": ("outcome", "", "missing-value"),
    "no time": ("started_at", "", "missing-value"),
    "no id": ("interaction_id", "", "missing-value"),
}
ACCEPTED = {"a clock without its half of the day"}
"""ISO writes 24 hours, padded or not: there is one reading."""


@pytest.mark.parametrize("case", UNCLEAR)
def test_what_reads_two_ways_or_none_is_refused_at_its_line(tmp_path: Path, case: str) -> None:
    column, text, name = UNCLEAR[case]
    path = write(tmp_path / "interactions.csv", [{**CALL, "interaction_id": "i0"}, {**CALL, column: text}])
    if case in ACCEPTED:
        assert run.measure([path], kpis=ASKED, period="2026-10").values["n"].to_list() == [2, 2, 2]
        return
    with pytest.raises(DataRefused) as refused:
        run.measure([path], kpis=ASKED, period="2026-10")
    (problem,) = refused.value.problems
    assert (problem.place.file, problem.place.line) == (str(path), 3)
    assert problem.place.column == list(CALL).index(column) + 1
    assert name is None or problem.name == name


@given(
    values=st.lists(st.sampled_from(["20", "0:00:20", "00:00:20", "20.0", "20 s", "0m 20s"]), min_size=1, max_size=6)
)
@settings(LAWFUL, max_examples=10)
def test_forms_that_read_one_way_may_be_mixed(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    rows = [{**CALL, "interaction_id": f"i{n}", "wait_s": text} for n, text in enumerate(values)]
    path = write(tmp_path_factory.mktemp("mixed") / "interactions.csv", rows)
    assert run.measure([path], kpis=["asa"], period="2026-10").values["value"].to_list() == [20.0]


BERLIN = {
    "the hour that comes twice": ("2026-10-25 02:30:00", "ambiguous-time"),
    "the hour that is skipped": ("2026-03-29 02:30:00", "nonexistent-time"),
}


@pytest.mark.parametrize("case", BERLIN)
def test_a_local_time_that_is_none_or_two_is_refused(tmp_path: Path, config: Path, case: str) -> None:
    text, name = BERLIN[case]
    path = write(tmp_path / "interactions.csv", [{**CALL, "started_at": text}])
    with pytest.raises(DataRefused) as refused:
        run.measure([path], kpis=["aht"], period="2026", config=config)
    assert [problem.name for problem in refused.value.problems] == [name]
    said = write(tmp_path / "interactions.csv", [{**CALL, "started_at": f"{text}+01:00"}])
    assert run.measure([said], kpis=["aht"], period="2026", config=config).values["n"].to_list() == [1]


@pytest.mark.parametrize("amount", ["1e40", "1e308"])
def test_a_number_no_sum_can_hold_is_refused(tmp_path: Path, amount: str) -> None:
    order = {"order_id": "o1", "agent_id": "A1", "ordered_at": "2026-10-05 12:00:00", "amount": amount}
    with pytest.raises(DataRefused):
        run.measure([write(tmp_path / "orders.csv", [order])], kpis=["average_order_value.gross"], period="2026-10")


def test_a_file_that_could_be_two_tables_is_refused(tmp_path: Path) -> None:
    rows = [{"queue_id": "Q1", "started_at": "2026-10-05 12:00:00", "offered": "12"}]
    with pytest.raises(DataRefused) as refused:
        run.measure([write(tmp_path / "october.csv", rows)], kpis=["aht"], period="2026-10")
    assert [problem.name for problem in refused.value.problems] == ["no-layout-fits"]


LAYOUT = """
layout: {name}
match: [Id, When]
tables:
  interactions:
    interaction_id: Id
    started_at: When
    outcome: {{constant: {said}}}
"""


def test_two_layouts_that_fit_are_refused(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (config / "project.yaml").write_text("project: {extends: builtin}\n", encoding="utf-8")
    for name, said in (("one", "answered"), ("two", "abandoned")):
        (config / f"{name}.yaml").write_text(LAYOUT.format(name=name, said=said), encoding="utf-8")
    path = write(tmp_path / "calls.csv", [{"Id": "1", "When": "2026-10-05 12:00:00"}])
    with pytest.raises(DataRefused) as refused:
        run.measure([path], kpis=["answer_rate"], period="2026-10", config=config)
    assert [problem.name for problem in refused.value.problems] == ["two-layouts-fit"]


@pytest.mark.parametrize("name", ["mixed units of satisfaction", "one scale"])
def test_means_of_different_scales_are_not_mixed(tmp_path: Path, name: str) -> None:
    scales = ["5", "10"] if name.startswith("mixed") else ["10", "10"]
    answers = [
        {"survey_id": f"s{n}", "answered_at": "2026-10-05 12:00:00", "csat": "5", "csat_scale": scale}
        for n, scale in enumerate(scales)
    ]
    path = write(tmp_path / "surveys.csv", answers)
    found = run.measure([path], kpis=["csat.mean"], period="2026-10").values["value"].item()
    assert found == (None if name.startswith("mixed") else 5.0)
