"""Figures others published about two real call logs, against the whole product.

In: the logs beside the checkout (or in CCMETRICS_SHARED_DATA), the built-in definitions and a few of our own.
Out: pass, fail, or skipped where the logs are not.
Refuses to know: how the product computes anything; it is asked as a user asks it.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from ccmetrics import run
from ccmetrics.cli import app

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CCMETRICS_SHARED_DATA") or ROOT.parent / "shared" / "data")
SAME = ("calls_comma_bom.csv", "calls_1900_durations.csv", "calls_semicolon.csv", "calls_textdate.xlsx")
MOVED = "calls_formulas.xlsx"
"""The same log but for one call, ID0002 of the first of January, which somebody put on the second."""
PHONE = (*SAME, MOVED)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout")

OWN = """
project: {extends: builtin}

measures:
  calls_settled: {table: interactions, count: resolved, unit: count}
  in_menu: {table: interactions, count: outcome = 'ended_in_menu', unit: count}
  menu_known: {table: interactions, count: menu_s IS NOT NULL, unit: count}
  answers_1: {table: surveys, count: csat = 1, unit: count}
  answers_2: {table: surveys, count: csat = 2, unit: count}
  answers_3: {table: surveys, count: csat = 3, unit: count}
  answers_4: {table: surveys, count: csat = 4, unit: count}
  answers_5: {table: surveys, count: csat = 5, unit: count}

kpis:
  resolved_share:
    name: Resolved of all calls
    category: customer
    nature: quality
    timing: lagging
    unit: percent
    better: higher
    level: [agent, center]
    formula: calls_settled / offered
    n: offered
    interval: proportion
    expect:
      - {given: {calls_settled: 1, offered: 4}, value: 0.25}
"""
COUNTED = """  {name}:
    name: Count of {name}
    category: operational
    nature: result
    timing: lagging
    unit: count
    better: higher
    level: [agent, center]
    formula: {measure}
    expect:
      - {{given: {{{measure}: 7}}, value: 7}}
"""
COUNTS = ("in_menu", "menu_known", *(f"answers_{code}" for code in range(1, 6)))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Definitions of a company that adds what the built-in ones do not count."""
    folder = tmp_path_factory.mktemp("own")
    counted = "".join(COUNTED.format(name=f"{name}_count", measure=name) for name in COUNTS)
    (folder / "own.yaml").write_text(OWN + counted, encoding="utf-8")
    return folder


@cache
def measured(export: str, config: Path, period: str, by: tuple[str, ...] = ()) -> run.Measurement:
    """Of a day, a month or a quarter: every KPI the figures need, and what the rows came to."""
    kpis = [
        "answer_rate", "abandonment_rate", "fcr.agent_flag", "resolved_share", "asa", "asa.of_waited", "csat.mean",
        "csat.top2", "average_talk", "aht", "service_level", "service_level.of_answered",
        *(f"{name}_count" for name in COUNTS),
    ]  # fmt: skip
    return run.measure([DATA / export], kpis=kpis, by=by, period=period, config=config)


def cell(found: run.Measurement, kpi: str, column: str = "value", **where: str) -> float:
    name, _, variant = kpi.partition(".")
    rows = found.values.filter(pl.col("kpi") == name, *(pl.col(k) == v for k, v in where.items()))
    rows = rows.filter(pl.col("variant") == variant) if variant else rows.head(1)
    assert rows.height == 1, f"{kpi} {where}: {rows.height} rows"
    value = rows[column].item()
    assert value is not None, f"{kpi} {where}: {rows['reason'].item()}"
    return float(value)


def is_printed(value: float, text: str, percent: bool = False) -> bool:
    """Whether a value is the published one, to the digits that were published."""
    digits = len(text.partition(".")[2])
    return abs(value * (100 if percent else 1) - float(text)) <= 0.5 * 10**-digits + 1e-12


PERCENT = {
    "answer_rate": "81.08",
    "abandonment_rate": "18.92",
    "resolved_share": "72.92",
    "fcr.agent_flag": "89.936",
    "csat.top2": "49.901",
    "service_level": "7.48",
    "service_level.of_answered": "9.2255",
}
PLAIN = {"asa": "67.5207", "csat.mean": "3.40355", "average_talk": "224.923", "aht": "224.923"}
HALVES = {
    "answer_rate": (4054, 5000),
    "abandonment_rate": (946, 5000),
    "resolved_share": (3646, 5000),
    "fcr.agent_flag": (3646, 4054),
    "average_talk": (911_837, 4054),
    "csat.top2": (1180 + 843, 4054),
    "csat.mean": (1 * 417 + 2 * 396 + 3 * 1218 + 4 * 1180 + 5 * 843, 4054),
    "service_level": (374, 5000),
    "service_level.of_answered": (374, 4054),
}
RATINGS = {1: 417, 2: 396, 3: 1218, 4: 1180, 5: 843}


@pytest.mark.parametrize("file", PHONE)
def test_a_quarter_of_calls(own: Path, file: str) -> None:
    found = measured(f"phone_now/{file}", own, "2021-Q1")
    for kpi, text in PERCENT.items():
        assert is_printed(cell(found, kpi), text, percent=True), kpi
    for kpi, text in PLAIN.items():
        assert is_printed(cell(found, kpi), text), kpi
    for kpi, halves in HALVES.items():
        assert (cell(found, kpi, "numerator"), cell(found, kpi, "denominator")) == halves, kpi
    for code, count in RATINGS.items():
        assert cell(found, f"answers_{code}_count") == count
    assert cell(found, "csat.mean", "n") == 4054


@pytest.mark.parametrize("file", PHONE)
def test_its_first_month(own: Path, file: str) -> None:
    found = measured(f"phone_now/{file}", own, "2021-01")
    assert cell(found, "answer_rate", "denominator") == 1772
    assert is_printed(cell(found, "answer_rate"), "82.11", percent=True)
    placed = {account.table: (account.read, account.outside) for account in found.accounts}
    assert placed["interactions"] == (5000, 5000 - 1772)


AGENTS = """Becky|631|517|462|65.3308|220.0097|3.3714
Dan|633|523|471|67.2830|231.1893|3.4474
Diane|633|501|452|66.2675|218.9541|3.4052
Greg|624|502|455|68.4442|226.8028|3.4044
Jim|666|536|485|66.3433|228.1138|3.3937
Joe|593|484|436|70.9876|224.1012|3.3306
Martha|638|514|461|69.4883|223.7257|3.4708
Stewart|582|477|424|66.1845|226.2055|3.4004"""


@pytest.mark.parametrize("file", PHONE)
def test_its_eight_agents(own: Path, file: str) -> None:
    found = measured(f"phone_now/{file}", own, "2021-Q1", ("agent_id",))
    lines = AGENTS.splitlines()
    assert found.values["agent_id"].unique().sort().to_list() == [line.split("|")[0] for line in lines]
    for line in lines:
        agent, calls, answered, resolved, speed, talk, rating = line.split("|")
        assert cell(found, "answer_rate", "denominator", agent_id=agent) == int(calls)
        assert cell(found, "answer_rate", "numerator", agent_id=agent) == int(answered)
        assert cell(found, "fcr.agent_flag", "numerator", agent_id=agent) == int(resolved)
        assert is_printed(cell(found, "asa", agent_id=agent), speed), agent
        assert is_printed(cell(found, "average_talk", agent_id=agent), talk), agent
        assert is_printed(cell(found, "csat.mean", agent_id=agent), rating), agent


def test_every_call_is_accounted_for(own: Path) -> None:
    for file in PHONE:
        calls, answers = measured(f"phone_now/{file}", own, "2021-Q1").accounts
        assert (calls.table, calls.read, calls.used) == ("interactions", 5000, 5000)
        # An empty rating is no answer, and leaves numerator and denominator.
        assert (answers.table, answers.read, answers.used, answers.filtered) == ("surveys", 5000, 4054, 946)
        assert calls.balances
        assert answers.balances


GROUPINGS = [(), ("agent_id",), ("agent_id", "day"), ("weekday", "hour"), ("channel", "reason")]


@pytest.mark.parametrize("by", GROUPINGS)
def test_encodings_of_one_log_give_the_same_numbers(own: Path, by: tuple[str, ...]) -> None:
    one, *others = (measured(f"phone_now/{file}", own, "2021-Q1", by).values for file in PHONE)
    assert one.height > 0
    is_dated = {"day", "weekday"} & set(by)
    for other in others[: -1 if is_dated else None]:
        assert_frame_equal(one, other, check_exact=True)


def test_the_call_that_was_moved_is_counted_on_its_new_day(own: Path) -> None:
    one, moved = (
        measured(f"phone_now/{file}", own, "2021-Q1", ("agent_id", "day")).values.filter(kpi="answer_rate")
        for file in (SAME[0], MOVED)
    )
    both = one.join(moved, on=["agent_id", "day"], how="full", suffix="_moved", coalesce=True)
    differs = both.filter(~pl.col("denominator").eq_missing(pl.col("denominator_moved")))
    found = differs.with_columns(pl.col("day").cast(pl.String)).sort("day")
    more = pl.col("denominator_moved").fill_null(0) - pl.col("denominator").fill_null(0)
    assert found.select("agent_id", "day", more).rows() == [("Becky", "2021-01-01", -1), ("Becky", "2021-01-02", 1)]


@pytest.mark.parametrize("words", [(), ("--by", "agent_id")], ids=str)
def test_what_measure_prints_is_the_same_to_the_letter(words: tuple[str, ...]) -> None:
    asked = [
        CliRunner().invoke(
            app, ["measure", str(DATA / "phone_now" / file), "--period", "2021-Q1", "--format", "csv", *words]
        )
        for file in PHONE
    ]
    assert {done.exit_code for done in asked} == {0}
    assert len(asked[0].stdout.splitlines()) > 10
    assert {done.stdout for done in asked} == {asked[0].stdout}


def test_a_day_of_a_bank(own: Path) -> None:
    found = measured("bank_day/calls.csv", own, "1999-01-01")
    (account,) = found.accounts
    # The phantom calls are left out by the layout, and counted as left out.
    assert (account.read, account.used, account.filtered) == (2375, 2357, 18)
    assert account.balances
    assert cell(found, "answer_rate", "numerator") == 1511
    assert cell(found, "answer_rate", "denominator") == 2237
    assert cell(found, "abandonment_rate", "numerator") == 726
    assert cell(found, "in_menu_count") == 846 - 726
    assert cell(found, "menu_known_count") == 2357 - 3
    assert is_printed(cell(found, "asa"), "134.846")
    assert cell(found, "asa", "denominator") == 1511
    assert is_printed(cell(found, "asa.of_waited"), "163.920")
    assert cell(found, "asa.of_waited", "denominator") == 1243
    assert cell(found, "service_level.of_answered", "numerator") == 404
    assert cell(found, "service_level", "denominator") == 2237
    assert is_printed(cell(found, "aht"), "193.786")
    assert cell(found, "aht", "numerator") == 292_810


def test_its_busiest_agents(own: Path) -> None:
    found = measured("bank_day/calls.csv", own, "1999-01-01", ("agent_id",))
    rows = found.values.filter(pl.col("kpi") == "aht")
    busiest = rows.drop_nulls("agent_id").sort("n", descending=True).head(3).select("agent_id", "n", "numerator").rows()
    assert busiest == [("SHARON", 164, 21_828.0), ("AVI", 161, 19_223.0), ("BENSION", 149, 15_280.0)]
    # Six calls reached an agent whom the log does not name: nobody's, and in the total all the same.
    assert rows.filter(pl.col("agent_id").is_null())["n"].to_list() == [6]
    assert rows["n"].sum() == 1511
