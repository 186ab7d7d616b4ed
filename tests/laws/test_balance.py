"""Law 4: rows add up. Read = used + rejected + duplicates + outside + filtered, and the parts are the true ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmetrics import run
from ccmetrics.problem import DataRefused
from ccmetrics.stages.normalize import Account
from tests.laws.reckoning import local
from tests.laws.worlds import LAWFUL, Row, World, calls, export, worlds, write

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


def balanced(account: Account) -> bool:
    given_away = sum(account.rejected.values()) + account.duplicates + account.outside + account.filtered
    return account.read == account.used + given_away + getattr(account, "excluded", 0) and account.used >= 0


def measured(paths: Sequence[Path], config: Path | None = None) -> run.Measurement:
    kpis = ["answer_rate", "csat", "wait_p90", "aht"]
    return run.measure(paths, kpis=kpis, by=["agent_id"], period="2026-10", config=config)


@given(
    world=worlds(least=0), again=st.lists(st.integers(0, 11), max_size=6), cuts=st.lists(st.integers(0, 18), max_size=2)
)
@settings(LAWFUL, max_examples=18)
def test_calls_in_several_files_some_twice(config: Path, world: World, again: list[int], cuts: list[int]) -> None:
    """The same rows once more, and the whole cut into files: every row is found in its one place."""
    rows = world["interactions"]
    repeated = [rows[n] for n in again if n < len(rows)]
    every = rows + repeated
    inside = [OCTOBER[0] <= local(row["started_at"]).date() <= OCTOBER[1] for row in rows]
    edges = [0, *sorted(min(cut, len(every)) for cut in cuts), len(every)]
    with TemporaryDirectory() as folder:
        rest = {name: found for name, found in world.items() if name != "interactions"}
        paths = export(rest, Path(folder))
        for n, (low, high) in enumerate(pairwise(edges)):
            header = (
                list(rows[0])
                if rows
                else ["interaction_id", "started_at", "outcome", "direction", "agent_id", "queue_id", "wait_s"]
            )
            paths.append(write(Path(folder) / f"interactions-{n}.csv", every[low:high], header))
        paths = one_of_each(paths)
        found = measured(paths, config)
    assert all(balanced(account) for account in found.accounts), found.accounts
    whole = [account for account in found.accounts if account.table == "interactions"]
    kept = sum(account.read for account in whole)
    assert sum(account.duplicates for account in whole) == kept - len(rows)
    assert sum(account.outside for account in whole) == len(rows) - sum(inside)
    assert sum(account.used for account in whole) == sum(inside)


def one_of_each(paths: Sequence[Path]) -> list[Path]:
    """Files of equal content would be refused as one given twice."""
    return list({path.read_bytes(): path for path in reversed(paths)}.values())[::-1]


PHONE = [
    "Call Id", "Agent", "Date", "Time", "Topic", "Answered (Y/N)", "Resolved", "Speed of answer in seconds",
    "AvgTalkDuration", "Satisfaction rating",
]  # fmt: skip


def phone_row(call: Row, rating: int | None) -> Row:
    at = call["started_at"]
    words = [
        call["interaction_id"], call["agent_id"], f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", None,
        "Y" if call["outcome"] == "answered" else "N", "N", call["wait_s"], None, rating,
    ]  # fmt: skip
    return dict(zip(PHONE, words, strict=True))


@given(made=calls(), ratings=st.lists(st.sampled_from([None, 1, 3, 5]), min_size=14, max_size=14), twice=st.booleans())
@settings(LAWFUL, max_examples=15)
def test_one_export_that_feeds_two_tables(made: list[Row], ratings: list[int | None], twice: bool) -> None:
    """Rows without a rating are no surveys: filtered there, and used as calls."""
    rows = [phone_row(call, rating) for call, rating in zip(made, ratings, strict=False)]
    rated = [call for call, rating in zip(made, ratings, strict=False) if rating]
    inside = [OCTOBER[0] <= call["started_at"].date() <= OCTOBER[1] for call in made]
    with TemporaryDirectory() as folder:
        found = measured([write(Path(folder) / "phone.csv", rows + rows * twice, PHONE)])
    by_table = {account.table: account for account in found.accounts}
    assert all(balanced(account) for account in found.accounts)
    copies = 1 + twice
    assert by_table["interactions"].read == by_table["surveys"].read == len(rows) * copies
    assert by_table["interactions"].used == sum(inside)
    assert by_table["interactions"].duplicates == len(rows) * twice
    assert by_table["surveys"].filtered == (len(rows) - len(rated)) * copies
    assert by_table["surveys"].used == sum(OCTOBER[0] <= c["started_at"].date() <= OCTOBER[1] for c in rated)


@given(made=calls(least=3), broken=st.integers(0, 2))
@settings(LAWFUL, max_examples=8)
def test_a_row_that_cannot_be_read_is_named_and_nothing_is_half_read(made: list[Row], broken: int) -> None:
    rows = [dict(row) for row in made]
    rows[broken]["wait_s"] = "soon"
    with TemporaryDirectory() as folder, pytest.raises(DataRefused) as refused:
        measured([write(Path(folder) / "interactions.csv", rows)])
    (problem,) = refused.value.problems
    assert (problem.name, problem.place.line) == ("bad-duration", broken + 2)


@given(made=calls(least=2), other=st.sampled_from(["outcome", "talk_s", "agent_id", "started_at"]))
@settings(LAWFUL, max_examples=10)
def test_two_versions_of_one_call_are_refused(made: list[Row], other: str) -> None:
    changed = {"outcome": "failed", "talk_s": "999", "agent_id": "A5", "started_at": made[1]["started_at"]}
    twin = {**made[0], other: changed[other]}
    rows = [*made, twin]
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "interactions.csv", rows)
        if twin == made[0]:
            assert measured([path]).accounts[0].duplicates == 1
            return
        with pytest.raises(DataRefused) as refused:
            measured([path])
    assert [problem.name for problem in refused.value.problems] == ["conflicting-duplicate"]


def test_the_same_file_under_two_names_is_refused(tmp_path: Path) -> None:
    row = {"interaction_id": "i1", "started_at": "2026-10-05 12:00:00", "outcome": "answered", "direction": "inbound"}
    paths = [write(tmp_path / name, [row]) for name in ("interactions_1.csv", "interactions_2.csv")]
    with pytest.raises(DataRefused) as refused:
        measured(paths)
    assert [problem.name for problem in refused.value.problems] == ["duplicate-file"]


def test_all_broken_files_are_named_in_one_run(tmp_path: Path) -> None:
    paths = [tmp_path / "interactions.csv", tmp_path / "surveys.csv"]
    for path in paths:
        path.write_text("a,b\n1\n", encoding="utf-8")
    with pytest.raises(DataRefused) as refused:
        measured(paths)
    assert {problem.place.file for problem in refused.value.problems} == {str(path) for path in paths}
