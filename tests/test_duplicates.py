"""Rows that came twice: dropped where they are the same, told apart by their version, refused where nobody can tell.

In: made-up exports, and public deliveries of two contacts where they are. Out: which rows count, and the account.
Refuses to know: how cells are read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused, Problem
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import NONE, Normalized, Tolerance, normalize, tolerance

DATA = Path(os.environ.get("CCMETRICS_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")

CATALOGUE = """
project: {time_zone: UTC}
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      started_at: {type: datetime, required: true}
      agent_id: {type: id}
      talk_s: {type: duration}
      hold_s: {type: duration}
      wrap_s: {type: duration}
layouts:
  desk:
    layout: desk
    match: [Id, Start, Agent]
    tables:
      calls:
        latest: {from: [Updated, Changed]}
        call_id: Id
        started_at: Start
        agent_id: Agent
        talk_s: Talk
        hold_s: Hold
        wrap_s: Wrap
"""
HEADER = "Id,Start,Agent,Talk,Updated\n"
FIRST = "c1,2026-10-01 09:00:00,a1,60,2026-10-01 10:00:00\n"
SECOND = "c1,2026-10-01 09:00:00,a1,75,2026-10-01 12:00:00\n"
THIRD = "c1,2026-10-01 09:00:00,a2,90,2026-10-02 08:00:00\n"
OTHER = "c2,2026-10-01 09:30:00,a1,30,2026-10-01 09:45:00\n"


def normalized(
    folder: Path, *texts: str, needed: Any = None, names: Sequence[str] = (), allowed: Tolerance = NONE
) -> Normalized:
    paths = [folder / name for name in names or [f"desk{i}.csv" for i in range(len(texts))]]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return normalize(
        [load(path) for path in paths], Catalogue.model_validate(yaml.safe_load(CATALOGUE)), needed, allowed
    )


def refused(folder: Path, *texts: str) -> list[Problem]:
    with pytest.raises(DataRefused) as caught:
        normalized(folder, *texts)
    return list(caught.value.problems)


def rows(found: Normalized, *columns: str) -> list[tuple[Any, ...]]:
    return found.tables["calls"].frame.select(columns).sort(columns).collect().rows()


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD, OTHER])))
def test_the_latest_version_counts_whatever_the_order(tmp_path: Path, order: tuple[str, ...]) -> None:
    found = normalized(tmp_path, HEADER + "".join(order))
    assert rows(found, "call_id", "agent_id", "talk_s") == [("c1", "a2", 90.0), ("c2", "a1", 30.0)]
    [account] = found.accounts
    assert (account.read, account.superseded, account.duplicates, account.used) == (4, 2, 0, 2)
    assert account.balances
    assert any("2 earlier versions" in notice for notice in found.notices)


@pytest.mark.parametrize("swapped", [False, True])
def test_across_files_of_any_order(tmp_path: Path, swapped: bool) -> None:
    texts = [HEADER + THIRD + OTHER, HEADER + FIRST + SECOND]
    found = normalized(tmp_path, *(reversed(texts) if swapped else texts))
    assert rows(found, "call_id", "talk_s") == [("c1", 90.0), ("c2", 30.0)]
    superseded = [account.superseded for account in found.accounts]
    assert superseded == ([2, 0] if swapped else [0, 2])
    assert all(account.balances for account in found.accounts)


def test_a_version_delivered_twice_is_an_exact_duplicate(tmp_path: Path) -> None:
    [account] = normalized(tmp_path, HEADER + THIRD + FIRST + THIRD).accounts
    assert (account.superseded, account.duplicates, account.used) == (1, 1, 1)


def test_one_version_in_two_forms_is_refused(tmp_path: Path) -> None:
    bent = THIRD.replace(",90,", ",91,")
    [problem] = refused(tmp_path, HEADER + THIRD + FIRST + bent)
    assert (problem.name, problem.place.line) == ("conflicting-duplicate", 4)
    assert "another talk_s" in problem.text
    assert "desk0.csv:2" in problem.text


def test_one_version_in_two_forms_is_refused_whatever_the_run_needs(tmp_path: Path) -> None:
    with pytest.raises(DataRefused):
        normalized(tmp_path, HEADER + THIRD + THIRD.replace(",90,", ",91,"), needed={"calls": ["agent_id"]})


def test_a_row_without_its_version_is_bad(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, HEADER + FIRST + SECOND.replace("2026-10-01 12:00:00", ""))
    assert (problem.name, problem.place.line, problem.place.column) == ("missing-value", 3, 5)
    [problem] = refused(tmp_path, HEADER + FIRST.replace("2026-10-01 10:00:00", "yesterday"))
    assert (problem.name, problem.place.line) == ("bad-datetime", 2)


def test_a_version_set_aside_lets_no_earlier_one_count(tmp_path: Path) -> None:
    """Whichever rows a run may set aside: the call lasted 90 s, or it is not known how long."""
    bad = THIRD.replace(",90,", ",long,")
    for texts in ([HEADER + bad + OTHER + FIRST], [HEADER + FIRST + OTHER, HEADER + bad]):
        with pytest.raises(DataRefused) as caught:
            normalized(tmp_path, *texts, allowed=tolerance("5"))
        [problem] = caught.value.problems
        line = 4 if len(texts) == 1 else 2
        assert (problem.name, Path(problem.place.file).name, problem.place.line) == (
            "version-set-aside",
            "desk0.csv",
            line,
        )


def test_an_earlier_version_may_be_set_aside(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + FIRST.replace(",60,", ",long,") + THIRD + OTHER, allowed=tolerance("5"))
    assert rows(found, "call_id", "talk_s") == [("c1", 90.0), ("c2", 30.0)]
    [account] = found.accounts
    assert (account.read, account.used, account.superseded, sum(account.rejected.values())) == (3, 2, 0, 1)


def test_a_row_that_has_one_version_may_be_set_aside(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + FIRST + OTHER.replace(",30,", ",long,"), allowed=tolerance("5"))
    assert rows(found, "call_id") == [("c1",)]


def test_a_version_that_cannot_be_read_may_be_the_later_one(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        normalized(tmp_path, HEADER + THIRD + FIRST.replace("2026-10-01 10:00:00", "soon"), allowed=tolerance("5"))
    assert [problem.name for problem in caught.value.problems] == ["version-set-aside"]


def test_an_export_without_its_versions_is_refused(tmp_path: Path) -> None:
    [problem] = refused(tmp_path, "Id,Start,Agent\nc1,2026-10-01 09:00:00,a1\n")
    assert problem.name == "missing-column"
    assert "latest:" in problem.text


def test_another_kind_of_export_cannot_say_which_is_later(tmp_path: Path) -> None:
    """A row without a version is neither before nor after one that has it."""
    own = "call_id,started_at,agent_id,talk_s\nc1,2026-10-01 09:00:00,a1,60\n"
    with pytest.raises(DataRefused) as caught:
        normalized(tmp_path, own, HEADER + THIRD, names=("calls.csv", "desk.csv"))
    assert [problem.name for problem in caught.value.problems] == ["conflicting-duplicate"]


def test_what_has_no_version_may_be_the_same_as_the_latest(tmp_path: Path) -> None:
    own = "call_id,started_at,agent_id,talk_s\nc1,2026-10-01 09:00:00,a2,90\n"
    found = normalized(tmp_path, own, HEADER + THIRD + FIRST, names=("calls.csv", "desk.csv"))
    assert rows(found, "call_id", "agent_id", "talk_s") == [("c1", "a2", 90.0)]
    assert [(a.duplicates, a.superseded) for a in found.accounts] == [(0, 0), (1, 1)]


def test_versions_are_no_column(tmp_path: Path) -> None:
    found = normalized(tmp_path, HEADER + FIRST + OTHER).tables["calls"]
    assert "@version" not in found.columns
    assert "@version" not in found.frame.collect_schema().names()


def test_versions_of_a_typed_export(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Id": ["c1", "c2", "c1"],
            "Start": ["2026-10-01 09:00:00"] * 3,
            "Agent": ["a1", "a1", "a2"],
            "Talk": [60, 30, 90],
            "Changed": ["2026-10-02 08:00:00", "2026-10-01 10:00:00", "2026-10-01 10:00:00"],
        }
    ).with_columns(pl.col("Start", "Changed").str.to_datetime(time_zone="UTC"))
    frame.write_parquet(tmp_path / "desk.parquet")
    found = normalize([load(tmp_path / "desk.parquet")], Catalogue.model_validate(yaml.safe_load(CATALOGUE)))
    assert rows(found, "call_id", "agent_id", "talk_s") == [("c1", "a1", 60.0), ("c2", "a1", 30.0)]
    assert (found.accounts[0].superseded, found.accounts[0].used) == (1, 2)


@pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout")
def test_public_deliveries_of_two_contacts(tmp_path: Path) -> None:
    """Handle times of 465 s and 65 s, after the latest delivery of each is kept."""
    text = (DATA / "fragments" / "amazon_connect_ctr_duplicates.jsonl").read_text(encoding="utf-8")
    lines = ["Id,Start,Agent,Talk,Hold,Wrap,Updated"]
    for record in map(json.loads, text.splitlines()):
        agent = record["Agent"]
        parts = ("Username", "AgentInteractionDuration", "CustomerHoldDuration", "AfterContactWorkDuration")
        cells = [record["ContactId"], record["InitiationTimestamp"], *(agent[part] for part in parts)]
        lines.append(",".join(map(str, [*cells, record["LastUpdateTimestamp"]])))
    found = normalized(tmp_path, "\n".join(lines) + "\n")
    handled = found.tables["calls"].frame.select(pl.sum_horizontal("talk_s", "hold_s", "wrap_s")).collect().to_series()
    assert sorted(handled) == [65.0, 465.0]
    assert (found.accounts[0].read, found.accounts[0].superseded, found.accounts[0].used) == (4, 2, 2)
