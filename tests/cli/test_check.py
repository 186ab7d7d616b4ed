"""`ccmetrics check` as CI meets it: what is told, what fails, what goes where."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ccmetrics
from ccmetrics.cli import app
from ccmetrics.finding import Findings
from ccmetrics.problem import DataRefused, FileFailed, UsageRefused
from ccmetrics.rules import FAMILIES, RULES, SEVERITIES
from tests.catalogue.test_rules import laid_over_whole
from tests.test_data_checks import LINE, center

RUNNER = CliRunner()
ROOT = Path(__file__).resolve().parents[2]
WHOLE = ROOT / "tests" / "catalogue" / "whole"
SAMPLE = ROOT / "sample_data"
COMMAND = [sys.executable, "-m", "ccmetrics", "check"]
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}

BROKEN = """\
kpis:
  talk:
    name: Talk
    category: operational
    nature: efficiency
    timing: leading
    level: [agent]
    unit: s
    better: lower
    formula: handle_tim / timed
"""
CARD = """\
card: second
title: Second
subject: agent_id
kpis:
  - {kpi: csat, weight: 30, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 30, floor: 480, target: 330}
  - {kpi: revenue_per_contact, weight: 30, floor: 1, target: 3}
  - {kpi: ideas, weight: 10, floor: 0, target: 2}
"""
UNUSED = f"{CARD}allow: {{one-sided-mix: it was so once}}\n"
ONE_SIDED = """\
card: second
title: Second
subject: agent_id
kpis:
  - {kpi: aht, weight: 100, floor: 480, target: 330}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Definitions without an error, in `defs` below the current folder."""
    shutil.copytree(WHOLE, tmp_path / "defs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "defs"


def call(*words: str) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, ["check", *words])
    return done.exit_code, done.stdout, done.stderr


def test_an_error_is_told_with_its_line_and_fails(folder: Path) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    code, out, err = call("defs", "--select", "error")
    assert (code, err) == (1, "")
    assert out.splitlines()[:5] == [
        "defs/talk.yaml:10:14: error: unknown-name",
        " 10 |     formula: handle_tim / timed",
        "    |              ^^^^^^^^^^",
        "  KPI 'talk' uses 'handle_tim', which is no measure. Did you mean 'handle_time'?",
        f"  To mend: {RULES['unknown-name'].mend}",
    ]
    assert re.search(r"\n\n1 finding in 1 file: 1 error; (\d+ left out; )?7 KPIs, 1 card, \d+ tests\n$", out)


def test_definitions_without_an_error_pass(folder: Path) -> None:
    code, out, err = call("defs", "--select", "error")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"6 KPIs, 1 card, \d+ tests: no problems(; \d+ left out)?\n", out)


def test_a_warning_fails_only_where_it_is_strict(folder: Path) -> None:
    (folder / "card2.yaml").write_text(UNUSED)
    assert call("defs", "--select", "unused-allow")[0] == 0
    code, out, err = call("defs", "--select", "unused-allow", "--strict")
    assert (code, err) == (1, "")
    assert out.startswith("defs/card2.yaml:9:9: warning: unused-allow\n")


def test_what_is_allowed_is_told_with_its_reason_and_never_fails(folder: Path) -> None:
    (folder / "card2.yaml").write_text(f"{ONE_SIDED}allow: {{one-sided-mix: a pilot}}\n")
    code, out, _ = call("defs", "--select", "one-sided-mix,unused-allow", "--strict")
    assert code == 0
    assert out.startswith("Allowed:\n  defs/card2.yaml:4:1: one-sided-mix: a pilot\n\n6 KPIs, 2 cards, ")
    assert ": no problems; 1 allowed" in out
    (folder / "card2.yaml").write_text(ONE_SIDED)
    code, out, _ = call("defs", "--select", "one-sided-mix")
    assert (code, out.split("\n")[0]) == (1, "defs/card2.yaml:4:1: error: one-sided-mix")


def test_what_is_allowed_is_chosen_like_the_rest(folder: Path) -> None:
    (folder / "card2.yaml").write_text(f"{ONE_SIDED}allow: {{one-sided-mix: a pilot}}\n")
    assert "Allowed:" not in call("defs", "--select", "kpis")[1]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--select", "unknown-name"], {"unknown-name"}),
        (["--select", "references"], {"unknown-name"}),
        (["--select", "error"], {"unknown-name", "one-sided-mix"}),
        (["--select", "unknown-name, one-sided-mix"], {"unknown-name", "one-sided-mix"}),
        (["--select", "unknown-name", "--select", "one-sided-mix"], {"unknown-name", "one-sided-mix"}),
        (["--select", "error", "--ignore", "cards"], {"unknown-name"}),
        (["--ignore", "warning,advice", "--ignore", "unknown-name"], {"one-sided-mix"}),
        (["--select", "error", "--ignore", "error"], set()),
    ],
)
def test_names_families_and_severities_choose(folder: Path, words: list[str], names: set[str]) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    (folder / "card2.yaml").write_text(ONE_SIDED)
    code, out, err = call("defs", "--format", "json", *words)
    told = json.loads(out)
    assert {each["name"] for each in told["findings"]} == names
    assert (code, err) == (1 if names else 0, "")
    everything = json.loads(call("defs", "--format", "json")[1])["summary"]
    assert told["summary"]["left_out"] == everything["findings"] - len(names)
    assert everything["left_out"] == 0


def test_no_word_chooses_two_kinds_of_things() -> None:
    words = [*RULES, *FAMILIES, *SEVERITIES]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_word_is_refused(folder: Path, option: str) -> None:
    code, out, err = call("defs", option, "error,unknown-nmae")
    assert (code, out) == (2, "")
    assert err.startswith(f"{option}: unknown-name\n")
    assert "'unknown-nmae' is no rule, family of rules or severity. Did you mean 'unknown-name'?" in err


def test_a_period_is_one_of_data(folder: Path) -> None:
    code, out, err = call("defs", "--period", "2026-10")
    assert (code, out) == (2, "")
    assert "there is no --data" in err


def test_data_that_cannot_be_read_is_refused() -> None:
    code, out, err = call("--data", str(SAMPLE / "no-such-file.csv"))
    assert (code, out) == (5, "")
    assert "no-such-file.csv" in err


def test_data_that_is_wrong_is_refused(folder: Path) -> None:
    (folder.parent / "calls.csv").write_text("what,is,this\n1,2,3\n")
    code, out, err = call("defs", "--data", "calls.csv")
    assert (code, out) == (3, "")
    assert "calls.csv" in err


def test_no_folder_is_a_file_problem(tmp_path: Path) -> None:
    code, out, err = call(str(tmp_path / "no"))
    assert (code, out) == (5, "")
    assert "no-definitions" in err


def test_files_get_what_their_names_say_beside_the_screen(folder: Path) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    words = ["defs", "--select", "error", "--out", "found.sarif", "--out", "found.json", "--out", "found.txt"]
    code, out, err = call(*words)
    assert (code, out) == (1, "")
    assert err.startswith("wrote found.sarif\nwrote found.json\nwrote found.txt\n1 finding in 1 file: 1 error;")
    assert json.loads(Path("found.sarif").read_bytes())["version"] == "2.1.0"
    assert json.loads(Path("found.json").read_bytes())["schema"] == "ccmetrics.check/1"
    assert Path("found.txt").read_text().startswith("defs/talk.yaml:10:14: error: unknown-name\n")
    code, out, err = call(*words)
    assert (code, out) == (5, "")
    assert "Say --force" in err
    code, out, err = call(*words, "--force", "--quiet", "--format", "github")
    assert (code, err) == (1, "")
    assert out.startswith("::error file=defs/talk.yaml,line=10,col=14,endColumn=24,title=unknown-name::KPI 'talk' uses")


def test_a_file_of_no_known_format_is_refused_before_anything_is_read() -> None:
    assert call("no-such-folder", "--out", "found.xml")[:2] == (2, "")


def test_nothing_is_written_when_data_are_refused(folder: Path) -> None:
    (folder.parent / "calls.csv").write_text("what,is,this\n1,2,3\n")
    assert call("defs", "--data", "calls.csv", "--out", "found.json")[0] == 3
    assert not Path("found.json").exists()


def test_a_reader_who_leaves_makes_no_check_pass(folder: Path) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    with subprocess.Popen([*COMMAND, "defs"], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
    assert (child.returncode, said) == (1, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no terminals to be had")
@pytest.mark.parametrize(("more", "is_colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_only_a_person_who_wants_them_gets_colors(folder: Path, more: dict[str, str], is_colored: bool) -> None:
    import pty

    (folder / "talk.yaml").write_text(BROKEN)
    mine, theirs = pty.openpty()
    env = {key: value for key, value in ENV.items() if key != "NO_COLOR"} | {"TERM": "xterm"} | more
    done = subprocess.run([*COMMAND, "defs", "--select", "error"], env=env, stdout=theirs, check=False)
    os.close(theirs)
    seen = os.read(mine, 10_000).decode()
    os.close(mine)
    assert done.returncode == 1
    assert ("\x1b[1;31merror\x1b[0m" in seen) == is_colored
    assert "defs/talk.yaml:10:14: error: unknown-name\r\n" in re.sub(r"\x1b\[[\d;]*m", "", seen)


def test_the_door_asks_the_same(folder: Path) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    (folder / "card2.yaml").write_text(ONE_SIDED)
    assert [each.problem.name for each in ccmetrics.check("defs", select="error", ignore=["cards"])] == ["unknown-name"]
    with pytest.raises(UsageRefused, match="Did you mean 'error'"):
        ccmetrics.check("defs", select=["errror"])
    with pytest.raises(UsageRefused, match="no --data"):
        ccmetrics.check("defs", period="2026-10")
    with pytest.raises(FileFailed):
        ccmetrics.check("no-such-folder")


def test_the_door_takes_data(folder: Path) -> None:
    (folder.parent / "calls.csv").write_text("what,is,this\n1,2,3\n")
    with pytest.raises(DataRefused):
        ccmetrics.check("defs", data="calls.csv")
    mine = folder.parent / "mine"
    mine.mkdir()
    laid_over_whole(LINE + RULES["effective-weight"].before, mine)
    exports = center(folder.parent / "exports")
    everything = ccmetrics.check(mine, data=exports, period="2026-10")
    chosen = ccmetrics.check(mine, data=[exports], period="2026-10", select="data")
    assert chosen == [each for each in everything if each.problem.name in {rule.name for rule in FAMILIES["data"]}]
    assert "effective-weight" in {each.problem.name for each in chosen}
    assert len(everything) > len(chosen)


def test_what_fails() -> None:
    """Nothing found never fails, whatever was left out."""
    assert not Findings((), left_out=3).fails(strict=True)


def test_what_had_to_wait_for_an_error_is_said(folder: Path) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    words = ["defs", "--data", str(SAMPLE), "--period", "2026-10"]
    assert json.loads(call(*words, "--format", "json")[1])["summary"]["waiting"] == ["data"]
    code, out, err = call(*words, "--select", "data")
    assert (code, err) == (1, "")
    assert out.replace("\n", " ").startswith(
        "7 KPIs, 1 card, 0 tests: data not looked at before all errors are mended; "
    )


@pytest.mark.parametrize("broken", [BROKEN.replace("handle_tim", "talk"), "kpis: [\n"], ids=["endless", "not read"])
def test_advice_that_had_to_wait_calls_no_allowance_unused(broken: str, folder: Path) -> None:
    """Nobody knows what would have been found."""
    (folder / "talk.yaml").write_text(broken)
    (folder / "spare.yaml").write_text(
        "measures: {spare: {table: interactions, count: rows, allow: {unused-definition: a pilot}}}\n"
    )
    told = json.loads(call("defs", "--format", "json")[1])
    assert told["summary"]["waiting"] == ["warnings", "advice"]
    assert "unused-allow" not in {each["name"] for each in told["findings"]}
    said = "warnings and advice not looked at before all errors are mended"
    assert said in " ".join(call("defs")[1].split())
    (folder / "talk.yaml").unlink()
    assert "unused-definition" in call("defs")[1]


def test_without_a_folder_it_is_said_what_is_checked(folder: Path) -> None:
    """A check of what comes with the program is no check of the folder it is called in."""
    (folder / "talk.yaml").write_text(BROKEN)
    code, out, err = call("--select", "error")
    assert code == 0
    assert "no problems" in out
    assert err == "No folder was named: the built-in definitions are checked. For this one: ccmetrics check .\n"
    assert call("--select", "error", "--quiet")[2] == ""


def test_the_folder_may_be_named_as_every_other_command_has_it(folder: Path) -> None:
    (folder / "talk.yaml").write_text(BROKEN)
    assert call("--config", "defs") == call("defs")
    code, out, err = call("defs", "--config", "defs")
    assert (code, out) == (2, "")
    assert err == "--config: needless-option\n  CONFIG says already what is checked. Leave one of them out.\n"


def test_what_is_no_definition_lies_in_another_folder(folder: Path) -> None:
    (folder / "docker-compose.yml").write_text("services: {}\n")
    [found] = ccmetrics.check("defs", select="unknown-key")
    assert found.problem.text.startswith("'services' is no kind of definition. A document begins with one of: project,")
    assert found.problem.mend == (
        "Correct the key; a file for another program belongs elsewhere: "
        "keep definitions in a folder of their own, and check that."
    )


@pytest.mark.parametrize("name", ["x.sarif", "x.json"])
def test_a_folder_that_is_not_there_is_told_in_the_file_too(name: str, folder: Path) -> None:
    """A recipe that uploads what the check has written shows the cause, and not that there is no file."""
    code, out, err = call("nope", "--out", name)
    assert (code, out) == (5, "")
    assert "The folder 'nope' does not exist." in err
    assert "The folder 'nope' does not exist." in (folder.parent / name).read_text(encoding="utf-8")
