"""The commands as a user meets them: exit codes, what goes where, nothing on standard output after a failure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ccmetrics import run
from ccmetrics.catalogue import load_catalogue
from ccmetrics.cli import app
from ccmetrics.problem import DataRefused, DefinitionsRefused, FileFailed, Place, Problem, UsageRefused
from tests.render.made_up import measurement, result

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands parse and send; what they are given to send is made up here."""
    monkeypatch.setattr(run, "score", lambda paths, **more: result())
    monkeypatch.setattr(run, "measure", lambda paths, **more: measurement())
    monkeypatch.setenv("COLUMNS", "80")


def call(*words: str) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def raising(error: BaseException) -> Any:
    def fails(*args: object, **more: object) -> None:
        raise error

    return fails


@pytest.mark.parametrize("kind", [UsageRefused, DataRefused, DefinitionsRefused, FileFailed])
def test_a_refusal_ends_with_the_code_of_its_kind(monkeypatch: pytest.MonkeyPatch, kind: type[Any]) -> None:
    problem = Problem(Place("calls.csv", 812, 7, 5), "bad-duration", "'12:xx' is no duration.", "A1,2026,12:xx")
    monkeypatch.setattr(run, "score", raising(kind([problem])))
    code, out, err = call("score", "calls.csv")
    assert code == {UsageRefused: 2, DataRefused: 3, DefinitionsRefused: 4, FileFailed: 5}[kind] == kind.exit_code
    assert out == ""
    assert err == (
        "calls.csv:812:7: bad-duration\n812 | A1,2026,12:xx\n    |       ^^^^^\n  '12:xx' is no duration.\n"
    )  # fmt: skip


def test_our_own_mistake_is_one_line_that_quotes_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "score", raising(KeyError("Hannah Hale")))
    code, out, err = call("score", "calls.csv")
    assert (code, out, err.count("\n")) == (70, "", 1)
    assert "KeyError at test_cli_commands.py:" in err
    assert "Hannah" not in err
    monkeypatch.setenv("CCMETRICS_DEBUG", "1")
    assert "Traceback" in call("score", "calls.csv")[2]


def test_a_panic_of_the_engine_is_our_own_mistake_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        pass

    monkeypatch.setattr(run, "score", raising(Panic("cell")))
    assert call("score", "calls.csv")[0] == 70


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "score", raising(KeyboardInterrupt()))
    assert call("score", "calls.csv") == (130, "", "ccmetrics: interrupted\n")


@pytest.mark.parametrize(
    "words",
    [
        ["score"], ["score", "x", "--no-such"], ["score", "x", "--format", "docx"], ["score", "x", "--lang", "de"],
        ["no-such-command"], ["list"], ["list", "things"], ["score", "x", "--fail-under", "high"],
        ["score", "x", "--out", "report.docx"], ["score", "x", "--min-rows", "many"], ["score", "x", "--subject", "B1"],
    ],
)  # fmt: skip
def test_usage_ends_with_2(words: list[str]) -> None:
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert err


def test_score_shows_the_page() -> None:
    code, out, err = call("score", "calls.csv", "--period", "2026-10")
    assert (code, err) == (0, "")
    assert out.startswith("Period: October 2026 (1–31 Oct 2026), days in ")
    assert max(map(len, out.splitlines())) <= 80


def test_the_period_taken_is_said_unless_quiet() -> None:
    assert "2026-10, the last one the data covers whole" in call("score", "calls.csv")[2]
    assert call("score", "calls.csv", "--quiet")[2] == ""


def test_the_language_is_the_readers() -> None:
    assert "一线座席" in call("score", "calls.csv", "--lang", "zh")[1]


def test_what_is_asked_for_reaches_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr(run, "measure", lambda paths, **more: seen.append({"paths": paths, **more}) or measurement())
    call(
        "measure",
        "a.csv",
        "b.csv",
        "--kpi",
        "aht, csat",
        "--kpi",
        "fcr.survey",
        "--by",
        "agent_id,day",
        "--where",
        "x = 1",
        "--allow-rejects",
        "3",
        "--full-hash",
        "--rejects",
        "bad.csv",
    )
    assert seen == [
        {
            "paths": [Path("a.csv"), Path("b.csv")], "kpis": ["aht", "csat", "fcr.survey"], "by": ["agent_id", "day"],
            "where": "x = 1", "period": None, "config": load_catalogue(), "reading": run.Reading("3", True),
        }
    ]  # fmt: skip


def test_how_exports_are_read_reaches_the_scores_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(run, "score", lambda paths, **more: seen.append(more["reading"]) or result())
    assert call("score", "calls.csv", "--allow-rejects", "0.5%")[0] == 0
    assert call("score", "calls.csv", "--full-hash")[0] == 0
    assert seen == [run.Reading("0.5%"), run.Reading(full_hash=True)]


def test_data_go_to_standard_output_and_notices_beside() -> None:
    code, out, err = call("score", "calls.csv", "--format", "json")
    assert code == 0
    assert json.loads(out)["schema"] == "ccmetrics.score/1"
    assert "calls.csv: 2 blank lines skipped" in err


def test_files_take_their_format_from_their_names(tmp_path: Path) -> None:
    files = [tmp_path / f"a.{suffix}" for suffix in ("csv", "json", "parquet", "txt")]
    code, out, err = call("score", "calls.csv", *(word for file in files for word in ("--out", str(file))))
    assert (code, out) == (0, "")
    assert [file.read_bytes()[:4] for file in files] == [b"card", b'{\n "', b"PAR1", b"Peri"]
    assert err.count("wrote ") == 4


def test_an_output_that_is_there_is_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "score", raising(AssertionError("must not run")))
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    code, out, err = call("score", "calls.csv", "--out", str(target))
    assert (code, out) == (5, "")
    assert "output-exists" in err
    assert target.read_bytes() == b"old"


def test_force_replaces_it(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    assert call("score", "calls.csv", "--out", str(target), "--force")[0] == 0
    assert target.read_bytes().startswith(b"card,")


@pytest.mark.parametrize(("limit", "code"), [("59", 0), ("59.01", 1), ("200", 1)])
def test_fail_under_ends_with_1_and_still_shows(limit: str, code: int) -> None:
    found, out, _ = call("score", "calls.csv", "--fail-under", limit)
    assert found == code
    assert out.startswith("Period")


def test_fail_under_where_nobody_has_a_score(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(run, "score", lambda paths, **more: replace(result(), scorecards=()))
    code, _, err = call("score", "calls.csv", "--fail-under", "60")
    assert code == 1
    assert "nobody has a score" in err


@pytest.mark.parametrize(
    ("limit", "code"), [("1290", 0), ("1291", 3), ("interactions=1000", 0), ("interactions=1001", 3), ("orders=1", 3)]
)
def test_too_few_rows_are_refused(limit: str, code: int) -> None:
    """1,000 of interactions and 290 of surveys were used."""
    found, out, _ = call("score", "calls.csv", "--min-rows", limit)
    assert found == code
    assert bool(out) == (code == 0)


def test_many_problems_of_one_name_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem(Place("calls.csv", line), "bad-date", "No date.") for line in range(2, 102)]
    monkeypatch.setattr(run, "score", raising(DataRefused(problems)))
    err = call("score", "calls.csv")[2]
    assert err.count("No date.") == 20
    assert err.endswith("calls.csv: bad-date: 80 more\n")


def test_a_problem_cannot_command_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = Problem(Place("a.csv", 2, 1), "bad-date", "No date.", "\x1b]0;owned\x07\tx")
    monkeypatch.setattr(run, "score", raising(DataRefused([problem])))
    err = call("score", "calls.csv")[2]
    assert "\x1b" not in err
    assert r"\x1b]0;owned\x07" in err


def test_check_finds_nothing_in_the_built_in_definitions() -> None:
    code, out, err = call("check", "--strict", "--quiet")
    assert (code, err) == (0, "")
    assert ": no problems; " in out.splitlines()[-1]


def test_check_shows_every_problem_and_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "project.yaml").write_text("project: {extends: builtin}\n")
    (tmp_path / "measures.yaml").write_text("measures:\n  tries: {table: orders, count: rows, abuot: x}\n")
    (tmp_path / "kpis.yaml").write_text(
        "kpis:\n  talk:\n    name: Talk\n    category: operational\n    nature: efficiency\n    timing: leading\n"
        "    level: [agent]\n    unit: s\n    better: lower\n    formula: talk_tim / timed\n"
    )
    code, out, err = call("check", str(tmp_path))
    assert (code, err) == (1, "")
    assert "measures.yaml:2:39: error: unknown-key" in out
    assert "kpis.yaml:10:14: error: unknown-name" in out
    assert "    formula: talk_tim / timed\n" in out
    assert ": 2 errors" in out


def test_check_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert call("check", str(tmp_path / "no"))[:2] == (5, "")


@pytest.mark.parametrize("kind", ["kpis", "measures", "cards", "layouts", "tables"])
def test_list_shows_every_name(kind: str) -> None:
    from ccmetrics.catalogue import load_catalogue

    code, out, _ = call("list", kind)
    assert code == 0
    assert {line.split(" ")[0] for line in out.splitlines()} >= set(getattr(load_catalogue(), kind))


def test_list_searches_definitions_and_both_languages() -> None:
    assert "csat" in call("list", "kpis", "客户满意度")[1]
    assert call("list", "kpis", "SATISFACTION")[1].count("csat") >= 1


def test_list_of_one_entry_says_all_of_it() -> None:
    out = call("list", "kpis", "aht")[1]
    assert out.startswith("aht · Average handle time\n")
    assert "  formula       handle_time / timed\n" in out


def test_list_of_nothing_says_so() -> None:
    code, out, err = call("list", "kpis", "no such text")
    assert (code, out) == (0, "")
    assert "no such text" in err
