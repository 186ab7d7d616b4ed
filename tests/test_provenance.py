"""What a result is made from and by: hashes of the very bytes, and an account that balances or no result at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from ccmetrics import run
from ccmetrics.account import Account, Input, UnbalancedError, balanced, hash_of
from ccmetrics.cli import app
from ccmetrics.problem import FileFailed
from ccmetrics.stages import measure as measuring

HEADER = "interaction_id,started_at,outcome,direction,agent_id,talk_s\n"
ROWS = [f"c{n},2026-10-{n:02d} 09:00:00,answered,inbound,A{n % 2},60\n" for n in range(1, 11)]
SURVEYS = "survey_id,interaction_id,answered_at,csat\ns1,c1,2026-10-01 10:00:00,5\ns1,c1,2026-10-01 10:00:00,5\n"
RUNNER = CliRunner()


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Ten calls, one of them in September; a survey delivered twice."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "interactions.csv").write_text(HEADER + "".join(ROWS).replace("2026-10-03", "2026-09-03"))
    (folder / "surveys.csv").write_text(SURVEYS)
    return folder


def measured(folder: Path, **more: Any) -> run.Measurement:
    return run.measure([folder], kpis=["aht", "csat"], period="2026-10", **more)


def as_parquet(exports: Path) -> Path:
    path = exports / "interactions.parquet"
    frame = pl.read_csv(exports / "interactions.csv").with_columns(pl.col("started_at").str.to_datetime())
    frame.write_parquet(path)
    (exports / "interactions.csv").unlink()
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- inputs


def test_every_export_is_known_by_its_bytes_and_every_row_by_where_it_went(exports: Path) -> None:
    done = RUNNER.invoke(app, ["measure", str(exports), "--kpi", "aht,csat", "--period", "2026-10", "--format", "json"])
    found = json.loads(done.stdout)
    calls, surveys = (str(exports / name) for name in ("interactions.csv", "surveys.csv"))
    assert [(i["name"], i["sha256"], i["hashed"], i["rows"]) for i in found["inputs"]] == [
        (calls, sha256(Path(calls)), "file", 10),
        (surveys, sha256(Path(surveys)), "file", 2),
    ]
    nothing = {"rejected": {}, "filtered": 0, "excluded": 0, "superseded": 0, "folded": 0, "balances": True}
    assert found["accounts"] == [
        {"export": calls, "table": "interactions", "read": 10, "used": 9, "duplicates": 0, "outside": 1,
         "sha256": sha256(Path(calls)), **nothing},
        {"export": surveys, "table": "surveys", "read": 2, "used": 1, "duplicates": 1, "outside": 0,
         "sha256": sha256(Path(surveys)), **nothing},
    ]  # fmt: skip
    assert found["provenance"]["polars"] == pl.__version__
    assert [len(found["provenance"][key]) for key in ("catalogue", "inputs")] == [64, 64]
    assert (
        found["provenance"]["inputs"]
        == hashlib.sha256("\n".join(sorted([sha256(Path(calls)), sha256(Path(surveys))])).encode()).hexdigest()
    )


def test_of_parquet_size_and_footer_stand_for_the_bytes_unless_all_are_asked_for(exports: Path) -> None:
    path = as_parquet(exports)
    short = next(i for i in measured(exports).inputs if i.name == str(path))
    assert (short.sha256[:7], short.hashed) == ("footer:", "size and footer")
    whole = next(i for i in measured(exports, reading=run.Reading(full_hash=True)).inputs if i.name == str(path))
    assert (whole.sha256, whole.hashed) == (sha256(path), "file")
    words = ["measure", str(exports), "--kpi", "aht", "--period", "2026-10", "--format", "json", "--full-hash"]
    assert sha256(path) in RUNNER.invoke(app, words).stdout


def test_names_and_order_of_files_do_not_change_what_was_read() -> None:
    one, other = Input("a.csv", "11", 1), Input("b.csv", "22", 2)
    assert hash_of([one, other]) == hash_of([replace(other, name="c.csv"), one])
    assert hash_of([one, other]) != hash_of([one]) != hash_of([replace(one, sha256="12")])


def test_the_same_definitions_have_the_same_hash_and_others_another(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "project.yaml").write_text("project: {extends: builtin, max_duration_h: 12}\n")
    built_in = measured(exports).provenance["catalogue"]
    assert measured(exports).provenance["catalogue"] == built_in
    assert measured(exports, config=tmp_path / "mine").provenance["catalogue"] != built_in


# ---------------------------------------------------------------- balance


def test_an_account_of_every_way_a_row_can_go() -> None:
    whole = Account("x", "y", 45, 1, {"a": 2, "b": 3}, 4, 5, 6, 7, 8, 9)
    assert whole.balances
    assert balanced([whole]) == (whole,)
    for part in ("read", "used", "duplicates", "outside", "filtered", "excluded", "superseded", "folded"):
        with pytest.raises(UnbalancedError):
            balanced([whole, replace(whole, **{part: getattr(whole, part) + 1})])
    assert not replace(whole, used=-1, outside=7).balances


def lost(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("@rows") - (pl.col("@bucket") >= 0).cast(pl.Int64))


def doubled(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("@rows") * 2)


@pytest.mark.parametrize("spoil", [lost, doubled])
def test_rows_lost_or_doubled_while_measuring_are_no_result(
    exports: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    plain = measuring.measure

    def wrong(*given: Any) -> Any:
        found, covers = plain(*given)
        return found, [replace(cover, rows=spoil(cover.rows)) for cover in covers]

    monkeypatch.setattr(measuring, "measure", wrong)
    done = RUNNER.invoke(app, ["measure", str(exports), "--kpi", "aht", "--period", "2026-10"])
    assert (done.exit_code, done.stdout) == (70, "")
    assert "internal error: UnbalancedError at account.py:" in done.stderr


def test_rows_lost_while_reading_are_no_result(exports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = import_module("ccmetrics.stages.normalize.settle")
    plain = room.collect
    monkeypatch.setattr(room, "collect", lambda *given: plain(*given).head(9))
    with pytest.raises(UnbalancedError):
        measured(exports)


# ---------------------------------------------------------------- the bytes that were read


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_that_changes_before_the_last_look_at_it_refuses(
    exports: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The hash of a result is that of the bytes it was measured from: Parquet is read until the very end."""
    path = as_parquet(exports) if kind == "parquet" else exports / "interactions.csv"
    plain = measuring.measure

    def meanwhile(*given: Any) -> Any:
        found = plain(*given)
        path.write_bytes(path.read_bytes() + b"\n")
        return found

    monkeypatch.setattr(measuring, "measure", meanwhile)
    with pytest.raises(FileFailed) as caught:
        measured(exports)
    assert [(p.place.file, p.name) for p in caught.value.problems] == [(str(path), "file-changed")]
