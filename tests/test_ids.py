"""Ids for exports that name no row: what is seen of them, what is one row, and what is two.

In: made-up dial logs. Out: ids reckoned by hand.
Refuses to know: how a layout is chosen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from ccmetrics.catalogue.models import Catalogue, Source
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import load
from ccmetrics.stages.normalize import Normalized, normalize
from ccmetrics.stages.normalize.tolerance import Tolerance

CATALOGUE = """
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      started_at: {type: datetime, required: true}
      talk_s: {type: duration}
layouts:
  dialer:
    layout: dialer
    match: [agent, start, number]
    tables:
      calls:
        call_id: {join: [agent, start], apart: [number, talk]}
        started_at: start
        talk_s: talk
"""
HEADER = "agent,start,number,talk\n"
TWO = ["a1,2026-03-26 17:04:00,13900000002,0", "a1,2026-03-26 17:04:00,13800000001,35"]
OTHER = "a2,2026-03-26 17:04:00,13700000003,35"


def normalized(folder: Path, *exports: list[str]) -> Normalized:
    for number, lines in enumerate(exports):
        (folder / f"{number}.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    raws = [load(folder / f"{number}.csv") for number in range(len(exports))]
    return normalize(raws, Catalogue.model_validate(yaml.safe_load(CATALOGUE)))


def ids(found: Normalized) -> list[tuple[Any, ...]]:
    return found.tables["calls"].frame.select("call_id", "talk_s").collect().rows()


def test_rows_of_one_id_are_told_apart_by_what_is_not_seen(tmp_path: Path) -> None:
    assert ids(normalized(tmp_path, [*TWO, OTHER])) == [
        ("a1-2026-03-26 17:04:00-2", 0.0),
        ("a1-2026-03-26 17:04:00", 35.0),
        ("a2-2026-03-26 17:04:00", 35.0),
    ]


def test_the_order_of_rows_changes_no_id(tmp_path: Path) -> None:
    found = normalized(tmp_path, [*TWO, OTHER], [OTHER, *reversed(TWO)])
    assert len(ids(found)) == 3
    assert [account.duplicates for account in found.accounts] == [0, 3]


def test_rows_alike_in_everything_are_one_and_counted(tmp_path: Path) -> None:
    found = normalized(tmp_path, [TWO[0], TWO[0], TWO[1]])
    assert [row[0] for row in ids(found)] == ["a1-2026-03-26 17:04:00-2", "a1-2026-03-26 17:04:00"]
    assert found.accounts[0].duplicates == 1


def test_an_export_that_holds_half_of_them_is_refused(tmp_path: Path) -> None:
    """Alone, the second call takes the first one's id: two versions of one call, which nobody counts in silence."""
    with pytest.raises(DataRefused) as caught:
        normalized(tmp_path, TWO, TWO[:1])
    assert [problem.name for problem in caught.value.problems] == ["conflicting-duplicate"]
    assert "1390000" not in str(caught.value)


def test_an_id_with_a_part_missing_is_none(tmp_path: Path) -> None:
    with pytest.raises(DataRefused) as caught:
        normalized(tmp_path, [*TWO, OTHER.replace("a2", "")])
    assert [(problem.name, problem.place.line) for problem in caught.value.problems] == [("missing-value", 4)]


def test_a_parquet_export_has_the_same_ids(tmp_path: Path) -> None:
    rows = [line.split(",") for line in [*TWO, OTHER]]
    frame = pl.DataFrame(rows, schema=HEADER.strip().split(","), orient="row")
    frame.with_columns(pl.col("number").cast(pl.Int64), pl.col("talk").cast(pl.Int64)).write_parquet(
        tmp_path / "calls.parquet"
    )
    found = normalize([load(tmp_path / "calls.parquet")], Catalogue.model_validate(yaml.safe_load(CATALOGUE)))
    assert ids(found) == ids(normalized(tmp_path, [*TWO, OTHER]))


def test_only_a_joined_id_is_told_apart() -> None:
    with pytest.raises(ValueError, match="join"):
        Source.model_validate({"from": "agent", "apart": ["number"]})


def test_what_tells_rows_apart_is_not_seen_among_the_rejects_either(tmp_path: Path) -> None:
    """However a run tolerates bad rows: the number is in no private column here, and yet nobody may see it."""
    (tmp_path / "0.csv").write_text(HEADER + "\n".join(TWO).replace(",35", ",soon") + "\n", encoding="utf-8")
    found = normalize(
        [load(tmp_path / "0.csv")], Catalogue.model_validate(yaml.safe_load(CATALOGUE)), allowed=Tolerance("1", 1)
    )
    assert found.rejects["original"].to_list() == ["a1,2026-03-26 17:04:00,***,soon"]
