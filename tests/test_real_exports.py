"""Real exports, other people's data, become canonical rows that give the published figures. Skipped where they are not.

Acknowledged: the bank's day is from the "Anonymous Bank" data of I. Guedj and A. Mandelbaum, Technion.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import polars as pl
import pytest

from ccmetrics.catalogue.layer import builtin
from ccmetrics.catalogue.layer import load as definitions
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import Normalized, normalize

SHARED = Path(os.environ.get("CCMETRICS_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared real exports are not here")

PHONE = ["phone_now/calls_comma_bom.csv", "phone_now/calls_1900_durations.csv"]
BANK = "bank_day/calls.csv"
ANSWERED = pl.col("outcome") == "answered"
TALK, WAIT = pl.col("talk_s"), pl.col("wait_s")


@lru_cache
def normalized(file: str) -> Normalized:
    return normalize([load(SHARED / file)], definitions(builtin()).catalogue)


def rows(file: str, table: str) -> pl.DataFrame:
    return normalized(file).tables[table].frame.collect()


# ---------------------------------------------------------------- a telephone desk's quarter


@pytest.mark.parametrize("file", PHONE)
def test_calls(file: str) -> None:
    calls = rows(file, "interactions")
    answered = calls.filter(ANSWERED)
    assert calls.height == 5000
    assert answered.height == 4054
    assert calls.filter(pl.col("outcome") == "abandoned").height == 946
    assert calls["resolved"].sum() == 3646
    assert calls["resolved"].mean() == pytest.approx(0.7292)
    assert answered["resolved"].mean() == pytest.approx(0.89936, abs=5e-6)
    assert answered["wait_s"].mean() == pytest.approx(67.5207, abs=5e-5)
    assert calls["talk_s"].sum() == 911_837
    assert calls["talk_s"].mean() == pytest.approx(224.923, abs=5e-4)
    assert answered.filter(WAIT <= 20).height == 374
    january = calls.filter(pl.col("started_at").dt.month() == 1)
    assert january.height == 1772
    assert january.select(ANSWERED.mean()).item() == pytest.approx(0.8211, abs=5e-5)


@pytest.mark.parametrize("file", PHONE)
def test_answers(file: str) -> None:
    answers = rows(file, "surveys")
    assert answers.group_by("csat").len().sort("csat")["len"].to_list() == [417, 396, 1218, 1180, 843]
    assert answers["csat"].mean() == pytest.approx(3.40355, abs=5e-6)
    assert answers.select((pl.col("csat") >= 4).mean()).item() == pytest.approx(0.49901, abs=5e-6)


AGENTS = {
    "Becky": (631, 517, 462, 65.3308, 220.0097, 3.3714),
    "Dan": (633, 523, 471, 67.2830, 231.1893, 3.4474),
    "Diane": (633, 501, 452, 66.2675, 218.9541, 3.4052),
    "Greg": (624, 502, 455, 68.4442, 226.8028, 3.4044),
    "Jim": (666, 536, 485, 66.3433, 228.1138, 3.3937),
    "Joe": (593, 484, 436, 70.9876, 224.1012, 3.3306),
    "Martha": (638, 514, 461, 69.4883, 223.7257, 3.4708),
    "Stewart": (582, 477, 424, 66.1845, 226.2055, 3.4004),
}


@pytest.mark.parametrize("file", PHONE)
def test_agents(file: str) -> None:
    answers = rows(file, "surveys").select("interaction_id", "csat")
    calls = rows(file, "interactions").join(answers, on="interaction_id", how="left", validate="1:1")
    found = calls.group_by("agent_id").agg(
        pl.len(),
        ANSWERED.sum().alias("answered"),
        pl.col("resolved").sum(),
        WAIT.mean(),
        TALK.mean(),
        pl.col("csat").mean(),
    )
    assert {name: values for name, *values in found.sort("agent_id").iter_rows()} == {
        name: pytest.approx(list(values), abs=5e-5) for name, values in AGENTS.items()
    }


def test_both_encodings_are_one_log() -> None:
    one, two = (rows(file, "interactions").sort("interaction_id") for file in PHONE)
    assert one.columns == two.columns
    assert one.drop("started_at").equals(two.drop("started_at"))
    # One of the files moved the date of one call.
    moved = one.filter(one["started_at"] != two["started_at"])["interaction_id"].to_list()
    assert set(moved) <= {"ID0002"}


@pytest.mark.parametrize("file", PHONE)
def test_every_row_of_the_log_is_accounted_for(file: str) -> None:
    assert [(a.table, a.read, a.used, a.filtered, a.balances) for a in normalized(file).accounts] == [
        ("interactions", 5000, 5000, 0, True),
        ("surveys", 5000, 4054, 946, True),
    ]


# ---------------------------------------------------------------- a bank's day


def test_the_bank_s_outcomes() -> None:
    calls = rows(BANK, "interactions")
    counts = dict(calls.group_by("outcome").len().iter_rows())
    assert counts == {"answered": 1511, "abandoned": 726, "ended_in_menu": 120}
    assert counts["answered"] + counts["abandoned"] == 2237
    [account] = normalized(BANK).accounts
    assert (account.read, account.used, account.filtered, account.balances) == (2375, 2357, 18, True)


def test_the_bank_s_waits_and_service() -> None:
    calls = rows(BANK, "interactions")
    answered = calls.filter(ANSWERED)
    assert answered.filter(WAIT > 0).height == 1243
    assert answered["wait_s"].mean() == pytest.approx(134.846, abs=5e-4)
    assert answered.filter(WAIT > 0)["wait_s"].mean() == pytest.approx(163.920, abs=5e-4)
    assert answered.filter(WAIT <= 20).height == 404
    assert calls["talk_s"].sum() == 292_810
    assert answered["talk_s"].mean() == pytest.approx(193.786, abs=5e-4)
    assert calls["menu_s"].null_count() == 3
    assert calls.filter(pl.col("outcome") == "ended_in_menu")["wait_s"].null_count() == 120


def test_the_bank_s_busiest() -> None:
    calls = rows(BANK, "interactions").filter(ANSWERED & pl.col("agent_id").is_not_null())
    found = calls.group_by("agent_id").agg(pl.len(), TALK.sum()).sort("len", descending=True).head(3)
    assert found.rows() == [("SHARON", 164, 21_828), ("AVI", 161, 19_223), ("BENSION", 149, 15_280)]


def test_the_bank_s_key_is_two_columns() -> None:
    assert rows(BANK, "interactions")["interaction_id"].n_unique() == 2357
