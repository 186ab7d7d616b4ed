"""Bad rows: all of them in one refusal that says the way on, or as many as are allowed set aside as if never there."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

import ccmetrics
from ccmetrics import run
from ccmetrics.catalogue import load, problems_of
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.cli import app
from ccmetrics.problem import DataRefused, UsageRefused
from ccmetrics.stages.load import Raw, opened
from ccmetrics.stages.normalize import Normalized, normalize, tolerance

CATALOGUE = """
project: {time_zone: Asia/Shanghai}
tables:
  calls:
    about: One row a call.
    key: call_id
    time: started_at
    columns:
      call_id: {type: id, required: true}
      agent_id: {type: id}
      phone: {type: id, private: true}
      started_at: {type: datetime, required: true}
      talk_s: {type: duration}
  answers:
    about: One row an answer.
    key: answer_id
    columns:
      answer_id: {type: id}
      csat: {type: rating}
  shifts:
    about: Nobody's secret.
    key: shift_id
    columns:
      shift_id: {type: id}
      hours: {type: number}
layouts:
  desk:
    layout: desk
    match: [Id, Start, Stars]
    tables:
      calls:
        where: '"Kind" <> ''test'''
        call_id: Id
        agent_id: Agent
        phone: Number
        started_at: Start
        talk_s: Talk
      answers:
        where: '"Stars" IS NOT NULL'
        answer_id: Id
        csat: Stars
"""
HEADER = "call_id,started_at,agent_id,phone,talk_s\n"
PHONE = "13812345678"
DESK = "Id,Start,Kind,Agent,Number,Talk,Stars,Remark\n"
RUNNER = CliRunner()


def catalogue() -> Catalogue:
    return Catalogue.model_validate(yaml.safe_load(CATALOGUE))


def call(n: int, talk: str = "60", start: str = "2026-10-01 09:00:00") -> str:
    return f"c{n},{start},A{n % 3},{PHONE},{talk}\n"


def raw(folder: Path, text: str, name: str = "calls.csv") -> Raw:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return opened(path)


def normalized(raws: Sequence[Raw], allowed: str = "0") -> Normalized:
    return normalize(raws, catalogue(), allowed=tolerance(allowed))


def refused(raws: Sequence[Raw], allowed: str = "0") -> DataRefused:
    with pytest.raises(DataRefused) as caught:
        normalized(raws, allowed)
    return caught.value


def told(refusal: DataRefused) -> list[tuple[str, str, int, int]]:
    return [(Path(p.place.file).name, p.name, p.place.line, p.place.column) for p in refusal.problems]


# ---------------------------------------------------------------- how many


@pytest.mark.parametrize(
    ("allowed", "bad", "read", "fits"),
    [
        ("0", 1, 10, False), ("3", 3, 3, True), ("3", 4, 10**6, False), ("0.5%", 1, 200, True), ("0.5%", 1, 199, False),
        ("0.1%", 3, 3000, True), ("100%", 7, 7, True), (" 1 % ", 1, 100, True), ("0%", 1, 10**9, False),
    ],
)  # fmt: skip
def test_a_count_is_of_the_run_and_a_share_of_the_export(allowed: str, bad: int, read: int, fits: bool) -> None:
    assert tolerance(allowed).allows(bad, read) == fits
    assert (tolerance(allowed).excess({"x.csv": (bad, read)}) == []) == fits


@pytest.mark.parametrize("text", ["", "some", "-1", "0.5", "101%", "1e3", "1,000", "5 %%", "½", "٣"])
def test_no_other_word_is_a_tolerance(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        tolerance(text)
    with pytest.raises(UsageRefused) as caught:
        run.measure([Path("no-such.csv")], reading=run.Reading(text))
    assert [p.name for p in caught.value.problems] == ["bad-tolerance"]


def test_a_bad_tolerance_of_a_project_is_a_problem_of_its_definitions(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("project:\n  extends: builtin\n  allow_rejects: some\n")
    (problem,) = [p for p in problems_of(load(tmp_path)) if p.place.file.endswith("project.yaml")]
    assert (problem.name, problem.place.line, problem.place.column) == ("bad-value", 3, 18)
    (tmp_path / "project.yaml").write_text("project:\n  extends: builtin\n  allow_rejects: 20\n")
    assert problems_of(load(tmp_path)) == []


# ---------------------------------------------------------------- refused


def test_all_bad_rows_of_all_exports_in_one_refusal_that_says_the_way_on(tmp_path: Path) -> None:
    first = raw(tmp_path, HEADER + call(1) + call(2, "x") + call(3, "y", "never"))
    second = raw(tmp_path, HEADER + call(4) + call(5, start=""), "calls-2.csv")
    refusal = refused([first, second])
    assert told(refusal) == [
        ("calls-2.csv", "missing-value", 3, 2),
        ("calls.csv", "bad-duration", 3, 5),
        ("calls.csv", "bad-datetime", 4, 2),
        ("calls.csv", "bad-duration", 4, 5),
    ]
    # Two cells of one row are one row.
    assert refusal.advice == ("To set these 3 rows aside and go on: --allow-rejects 3",)
    assert str(refusal).splitlines()[-1] == refusal.advice[-1]
    assert normalized([first, second], "3").rejects.height == 3


def test_one_row_is_said_to_be_one(tmp_path: Path) -> None:
    assert refused([raw(tmp_path, HEADER + call(1, "x"))]).advice == (
        "To set this row aside and go on: --allow-rejects 1",
    )


def test_more_than_is_allowed_refuses_as_before_and_says_how_many_there_are(tmp_path: Path) -> None:
    export = raw(tmp_path, HEADER + call(1, "x") + call(2, "y") + call(3))
    assert refused([export], "1").advice == (
        "2 rows are bad; 1 may be set aside.",
        "To set these 2 rows aside and go on: --allow-rejects 2",
    )
    share = refused([export], "50%")
    assert told(share) == told(refused([export]))
    assert share.advice[0] == f"{export.name}: 2 of 3 rows are bad; 50% may be set aside."
    assert normalized([export], "67%").rejects.height == 2


def test_a_share_is_of_each_export_a_count_of_all(tmp_path: Path) -> None:
    bad = raw(tmp_path, HEADER + call(1, "x"))
    good = raw(tmp_path, HEADER + "".join(call(n) for n in range(2, 100)) + call(100, "x"), "calls-2.csv")
    assert len(refused([bad, good], "2%").advice) == 2
    assert refused([bad, good], "1").advice[0] == "2 rows are bad; 1 may be set aside."
    assert normalized([bad, good], "2").rejects.height == 2


def test_what_is_wrong_with_a_file_is_told_beside_its_rows_and_no_option_helps(tmp_path: Path) -> None:
    bad = raw(tmp_path, HEADER + call(1, "x"))
    lacking = raw(tmp_path, "call_id,agent_id\nc2,A1\n", "calls-2.csv")
    refusal = refused([bad, lacking])
    assert told(refusal) == [("calls-2.csv", "missing-column", 1, 0), ("calls.csv", "bad-duration", 2, 5)]
    assert refusal.advice == ()
    # What is allowed is no problem, and what is wrong with a file is never allowed.
    assert told(refused([bad, lacking], "1")) == [("calls-2.csv", "missing-column", 1, 0)]


def test_two_versions_of_a_row_are_never_tolerated(tmp_path: Path) -> None:
    export = raw(tmp_path, HEADER + call(1) + call(1, "61") + call(2, "x"))
    assert told(refused([export])) == [
        ("calls.csv", "conflicting-duplicate", 3, 0),
        ("calls.csv", "bad-duration", 4, 5),
    ]
    assert refused([export]).advice == ()
    assert told(refused([export], "9")) == [("calls.csv", "conflicting-duplicate", 3, 0)]


def test_files_that_cannot_be_opened_and_rows_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    header = "interaction_id,started_at,outcome,direction,talk_s\n"
    (tmp_path / "interactions.csv").write_text(header + "c1,2026-10-01 09:00:00,answered,inbound,x\n")
    (tmp_path / "surveys.csv").write_bytes(b"")
    with pytest.raises(DataRefused) as caught:
        run.measure([tmp_path], kpis=["aht"])
    assert told(caught.value) == [("interactions.csv", "bad-duration", 2, 5), ("surveys.csv", "empty-file", 0, 0)]
    assert caught.value.advice == ()


# ---------------------------------------------------------------- set aside


def parquet(folder: Path, frame: pl.DataFrame, name: str) -> Raw:
    path = folder / name
    frame.write_parquet(path)
    return opened(path)


def frames(text: str) -> pl.DataFrame:
    """The same rows with types of their own; a talk that is no number is longer than any may be."""
    found = pl.read_csv(text.encode(), infer_schema=False).filter(pl.col("call_id") != "")
    return found.with_columns(
        pl.col("started_at").str.to_datetime(strict=False),
        pl.col("talk_s").cast(pl.Float64, strict=False).fill_null(9e9),
    )


MADE: dict[str, Callable[[Path, str, str], Raw]] = {
    "text": lambda folder, text, name: raw(folder, text, f"{name}.csv"),
    "parquet": lambda folder, text, name: parquet(folder, frames(text), f"{name}.parquet"),
}


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("bad", [{0}, {3}, {0, 1, 2}, {5, 11}, {2, 7, 8, 9, 11}, set(range(12))], ids=str)
def test_what_is_left_is_what_would_be_read_had_the_bad_rows_not_been_there(
    tmp_path: Path, kind: str, bad: set[int]
) -> None:
    lines = [call(n, "x") if n in bad and n % 2 else call(n, start="") if n in bad else call(n) for n in range(12)]
    spoiled = MADE[kind](tmp_path, HEADER + "".join(lines), "calls")
    clean = HEADER + "".join(line for n, line in enumerate(lines) if n not in bad)
    whole = normalized([MADE[kind](tmp_path, clean, "calls-clean")])
    found = normalized([spoiled], str(len(bad)))
    assert_frame_equal(found.tables["calls"].frame.collect(), whole.tables["calls"].frame.collect())
    assert found.tables["calls"].rows == 12 - len(bad)
    (account,) = found.accounts
    odd = len([n for n in bad if n % 2])
    reasons = {"bad-duration" if kind == "text" else "duration-too-long": odd, "missing-value": len(bad) - odd}
    assert (account.read, account.used, account.balances) == (12, 12 - len(bad), True)
    assert account.rejected == {reason: n for reason, n in reasons.items() if n}
    first = 2 if kind == "text" else 1
    assert found.rejects["line"].to_list() == [first + n for n in sorted(bad)]


def test_lines_behind_rows_set_aside_stay_their_lines(tmp_path: Path) -> None:
    """The second problem is found only when the first is out of the way: two rows of one key that differ."""
    text = HEADER + '"c\n1",2026-10-01 09:00:00,A1,1,x\n' + call(2) + call(3, "x") + "\n" + call(2, "61")
    assert told(refused([raw(tmp_path, text)], "2")) == [("calls.csv", "conflicting-duplicate", 7, 0)]


def test_a_bad_row_is_set_aside_for_every_table_it_feeds(tmp_path: Path) -> None:
    lines = [
        "c1,2026-10-01 09:00:00,call,A1,1,60,5,fine\n",
        "c2,2026-10-01 09:00:00,call,A1,1,60,five,\n",
        "c3,2026-10-01 09:00:00,call,A1,1,x,4,\n",
        "c4,2026-10-01 09:00:00,test,A1,1,60,x,\n",
        "c5,2026-10-01 09:00:00,test,A1,1,x,,\n",
    ]
    found = normalized([raw(tmp_path, DESK + "".join(lines), "desk.csv")], "3")
    assert {name: table.frame.collect().to_series().to_list() for name, table in found.tables.items()} == {
        "calls": ["c1"], "answers": ["c1"],
    }  # fmt: skip
    # c5 is a test without stars: nothing of it was to be read, so nothing of it is bad.
    assert [(a.table, a.read, a.used, a.filtered, dict(a.rejected), a.balances) for a in found.accounts] == [
        ("calls", 5, 1, 1, {"bad-duration": 1, "bad-number": 2}, True),
        ("answers", 5, 1, 1, {"bad-duration": 1, "bad-number": 2}, True),
    ]


def test_nothing_bad_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a second look at a sound export")

    for name in ("without", "set_aside", "misfits_aside", "numbers"):
        monkeypatch.setattr(import_module("ccmetrics.stages.normalize.settle"), name, never)
    assert normalized([raw(tmp_path, HEADER + call(1))], "5%").rejects.is_empty()


# ---------------------------------------------------------------- rejects


def test_rejects_say_where_what_and_show_the_record_but_for_what_is_private(tmp_path: Path) -> None:
    text = DESK + f'"c,1",2026-10-01 09:00:00,call,A1,{PHONE},"1""2",5,my number is {PHONE}\n'
    (row,) = normalized([raw(tmp_path, text, "desk.csv")], "1").rejects.to_dicts()
    assert row == {
        "export": str(tmp_path / "desk.csv"), "line": 2, "column": 6, "reason": "bad-duration",
        "sentence": row["sentence"],
        # The number is private; what the remark is, no layout says. No good row has any of these cells.
        "original": '"a,9",9999-99-99 99:99:99,aaaa,a9,***,"9""9",9,***',
    }  # fmt: skip
    assert row["sentence"].startswith("talk_s: Not a duration")


def test_a_row_that_has_moved_by_a_column_tells_no_number(tmp_path: Path) -> None:
    # The caller's number stands where the agent should, the agent where the number should.
    moved = f"c9,2026-10-01 09:00:00,{PHONE},A1,sixty\n"
    (row,) = normalized([raw(tmp_path, HEADER + call(1) + call(2) + moved)], "1").rejects.to_dicts()
    assert row["original"] == "a9,2026-10-01 09:00:00,99999999999,***,aaaaa"
    assert PHONE not in row["sentence"]


def misfit(folder: Path, text: str, name: str, record: str) -> Raw:
    rows = [(3, None, "short-row", "2 cells where the header has 5.")]
    misfits = pl.DataFrame(rows, schema=opened(folder / "empty.csv").misfits.schema, orient="row")
    return replace(raw(folder, text, name), misfits=misfits, records=lambda lines: dict.fromkeys(lines, record))


def test_records_that_are_no_rows_are_counted_and_set_aside_with_the_rest(tmp_path: Path) -> None:
    raw(tmp_path, HEADER, "empty.csv")
    calls = misfit(tmp_path, HEADER + call(1) + call(3, "x"), "calls.csv", f"c2,{PHONE}")
    shifts = misfit(tmp_path, "shift_id,hours\ns1,8\n", "shifts.csv", "s2 8")
    assert told(refused([calls, shifts])) == [
        ("calls.csv", "short-row", 3, 0), ("calls.csv", "bad-duration", 3, 5), ("shifts.csv", "short-row", 3, 0),
    ]  # fmt: skip
    assert refused([calls, shifts]).advice[-1].endswith("--allow-rejects 3")
    found = normalized([calls, shifts], "3")
    # Nobody can tell which cell of a misfit is the caller's number; a table without secrets may show all of it.
    assert found.rejects.filter(pl.col("reason") == "short-row")["original"].to_list() == [
        "(withheld: 14 characters)", "s2 8",
    ]  # fmt: skip
    assert [(a.read, a.used, a.balances) for a in found.accounts] == [(3, 1, True), (2, 1, True)]


def test_a_record_that_is_no_row_is_shown_as_it_stands_in_its_file(tmp_path: Path) -> None:
    shifts = raw(tmp_path, 'shift_id,hours\ns1,8\n"s\n2"\ns3,9\n', "shifts.csv")
    calls = raw(tmp_path, HEADER + f"c1,{PHONE}\n" + call(2), "calls.csv")
    found = normalized([shifts, calls], "2").rejects.select("line", "reason", "original").rows()
    assert found == [(3, "short-row", '"s\n2"'), (2, "short-row", "(withheld: 14 characters)")]


# ---------------------------------------------------------------- the command

INTERACTIONS = "interaction_id,started_at,outcome,direction,agent_id,customer_id,talk_s\n"


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten calls of a minute each, of which two cannot be read."""
    folder = tmp_path / "exports"
    folder.mkdir()
    lines = [
        f"{'=' if n == 4 else ''}c{n},2026-10-0{n % 9 + 1} 09:00:00,answered,inbound,A1,{PHONE},60\n" for n in range(10)
    ]
    lines[4], lines[7] = lines[4].replace(",60", ",x"), lines[7].replace("2026-10", "2026-13")
    (folder / "interactions.csv").write_text(INTERACTIONS + "".join(lines))
    monkeypatch.chdir(tmp_path)
    return folder


def command(*words: str) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, ["measure", "exports", "--kpi", "aht", "--period", "2026-10", *words])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_refuses_with_the_way_on_as_its_last_line(exports: Path) -> None:
    code, out, err = command()
    assert (code, out) == (3, "")
    assert err.splitlines()[-1] == "To set these 2 rows aside and go on: --allow-rejects 2"
    assert err.count("--allow-rejects") == 1


def test_the_command_goes_on_without_them_and_says_so(exports: Path, tmp_path: Path) -> None:
    code, out, err = command("--allow-rejects", "2")
    assert code == 0
    assert out.splitlines()[1] == "PARTIAL: without 2 rows that could not be read (bad-datetime 1, bad-duration 1)."
    assert "1 export, 10 rows read: 8 used, 2 set aside; all balance." in out
    assert "PARTIAL: 2 rows were set aside; ccmetrics-rejects.csv says which and why.\n" in err
    with (tmp_path / "ccmetrics-rejects.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["export", "line", "column", "reason", "sentence", "original"]
    assert [row[:4] for row in rows[1:]] == [
        ["exports/interactions.csv", "6", "7", "bad-duration"],
        ["exports/interactions.csv", "9", "2", "bad-datetime"],
    ]
    # No spreadsheet computes what an export holds.
    assert rows[1][5] == "'=a9,9999-99-99 99:99:99,answered,inbound,A1,***,a"
    assert not [text for text in (out, err, str(rows)) if PHONE in text]


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_every_format_is_told_to_be_partial_even_if_quiet(exports: Path, form: str) -> None:
    code, _, err = command("--allow-rejects", "20%", "--format", form, "--quiet")
    assert (code, err) == (0, "PARTIAL: 2 rows were set aside; ccmetrics-rejects.csv says which and why.\n")


def test_a_project_may_allow_rejects_and_the_option_wins(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "project.yaml").write_text("project: {extends: builtin, allow_rejects: 20%}\n")
    assert command("--config", "mine")[0] == 0
    assert command("--config", "mine", "--force", "--allow-rejects", "1")[0] == 3
    assert command("--config", "mine", "--force", "--allow-rejects", "0")[0] == 3


def test_rejects_are_replaced_only_by_force_and_that_is_known_before_the_work(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "bad.csv"
    target.write_text("old")
    with monkeypatch.context() as patched:
        patched.setattr(run, "measure", lambda *_, **__: pytest.fail("must not run"))
        code, out, err = command("--allow-rejects", "2", "--rejects", "bad.csv")
    assert (code, out, target.read_text()) == (5, "", "old")
    assert err.startswith("bad.csv: output-exists\n")
    # A refusal replaces nothing.
    assert command("--allow-rejects", "1", "--rejects", "bad.csv", "--force")[0] == 3
    assert target.read_text() == "old"
    assert command("--allow-rejects", "2", "--rejects", "bad.csv", "--force")[0] == 0
    assert target.read_text().startswith("export,line,")


def test_rejects_never_lie_among_the_exports(exports: Path) -> None:
    code, _, err = command("--allow-rejects", "2", "--rejects", "exports/bad.csv")
    assert (code, err.split("\n")[0]) == (5, "exports/bad.csv: output-among-exports")


def test_without_rejects_there_is_no_file_and_nothing_is_partial(exports: Path, tmp_path: Path) -> None:
    file = exports / "interactions.csv"
    file.write_text(file.read_text().replace(",x\n", ",60\n").replace("2026-13", "2026-10"))
    code, out, err = command("--allow-rejects", "2")
    assert (code, err) == (0, "")
    assert "PARTIAL" not in out
    assert not (tmp_path / "ccmetrics-rejects.csv").exists()


def test_a_frame_cannot_say_what_it_lacks_so_python_is_warned(exports: Path) -> None:
    asked: dict[str, Any] = {"kpis": ["aht"], "period": "2026-10"}
    with pytest.raises(DataRefused):
        ccmetrics.measure(exports, **asked)
    with pytest.warns(UserWarning, match=r"^PARTIAL: 2 bad rows were set aside \(bad-datetime 1, bad-duration 1\)\.$"):
        found = ccmetrics.measure(exports, **asked, allow_rejects=2)
    assert found["n"].to_list() == [8]
