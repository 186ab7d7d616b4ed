"""`--out-dir`: all reports of a run in a folder that is the one of before, to the byte, or is replaced as a whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from ccmetrics import run, swap
from ccmetrics.account import Input
from ccmetrics.cli import app
from ccmetrics.scorecard import Result
from tests.render.made_up import NAMES, NAUGHTY, REJECTS, result, scorecard

RUNNER = CliRunner()
DATA = ("score", "calls.csv", "--period", "2026-10")
FAST = ("--formats", "csv,json")


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Result]:
    """What a run finds: made up here, and exchanged by a test that says so."""
    found = {"result": result()}
    monkeypatch.setattr(run, "score", lambda paths, **more: found["result"])
    monkeypatch.chdir(tmp_path)
    return found


def call(*words: str) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, [*DATA, *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def write(*words: str) -> tuple[int, str, str]:
    return call("--out-dir", "reports/{period}", *FAST, *words)


def files(folder: Path = Path("reports/2026-10")) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stamps(folder: Path = Path("reports/2026-10")) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*")}


def other(found: Result) -> Result:
    """The result of an export that holds something else."""
    first, *rest = found.inputs
    return replace(found, inputs=(replace(first, sha256="ff"), *rest))


def test_all_reports_are_there() -> None:
    assert write() == (0, "", "wrote reports/2026-10: 11 files\ncalls.csv: 2 blank lines skipped\n")
    names = {f"{name}.{ending}" for name in ("report", "cards/agent", "teams/Amber", "teams/Beacon")
             for ending in ("csv", "json")}  # fmt: skip
    assert set(files()) == names | {"index.html", "manifest.json", "run.log"}


def test_a_team_sees_its_own_and_ranks_among_all() -> None:
    write()
    rows = {each: pl.read_csv(files()[f"{each}.csv"]) for each in ("report", "teams/Amber", "teams/Beacon")}
    assert set(rows["teams/Amber"]["subject"]) == {"A1", "A2", "A3", "A4"}
    assert set(rows["teams/Beacon"]["subject"]) == {"A5", "A6", "A7"}
    parts = pl.concat([rows["teams/Amber"], rows["teams/Beacon"]], how="vertical_relaxed").sort(pl.all())
    assert parts.equals(rows["report"].select(parts.columns).cast(parts.schema).sort(pl.all()))
    amber = json.loads(files()["teams/Amber.json"])
    named = re.findall(r'"subject": "(A\d)"', json.dumps(amber))
    assert set(named) == {"A1", "A2", "A3", "A4"}


def test_cards_without_teams_are_in_no_team(given: dict[str, Result]) -> None:
    plain = scorecard()
    center = replace(plain, card=plain.card.model_copy(update={"card": "center"}),
                     scores=plain.scores.with_columns(team=pl.lit(None, pl.String)))  # fmt: skip
    given["result"] = result(plain, center)
    write()
    assert {card["card"] for card in json.loads(files()["teams/Amber.json"])["cards"]} == {"agent"}
    assert {card["card"] for card in json.loads(files()["cards/center.json"])["cards"]} == {"center"}


def test_twice_changes_nothing_and_touches_nothing() -> None:
    write()
    before, then = files(), stamps()
    code, out, err = write()
    assert (code, out, err.splitlines()[0]) == (0, "", "unchanged reports/2026-10")
    assert (files(), stamps()) == (before, then)
    assert sorted(path.name for path in Path("reports").iterdir()) == ["2026-10"]


def test_the_manifest_names_everything() -> None:
    write("--card", "agent", "--fail-under", "10")
    found = json.loads(files().pop("manifest.json"))
    listed = {name: each for name, each in files().items() if name != "manifest.json"}
    assert found["files"] == {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in listed.items()
    }
    assert found["schema"] == "ccmetrics.reports/1"
    assert (found["language"], found["audience"]) == ("en", "center")
    assert found["period"] == {"label": "2026-10", "from": "2026-10-01", "to": "2026-10-31", "cycle": "month"}
    assert found["catalogue"] == "3f2a9c" * 10
    assert found["arguments"] == {"card": "agent", "formats": "csv, json", "conditions": "--fail-under 10"}
    assert [(each["name"], each["sha256"], each["rows"]) for each in found["inputs"]] == [
        ("calls.csv", "ab", 1200), ("surveys.parquet", "footer:cd", 300),
    ]  # fmt: skip
    assert {"path": "teams/Amber", "of": "team", "name": "Amber"} in found["reports"]


def test_the_log_tells_rows_notices_and_conditions() -> None:
    write("--fail-under", "60", "--fail-on-alarm")
    lines = files()["run.log"].decode().splitlines()
    # 1,200 = 1,000 + 7 + 150 + 40 + 3
    assert (
        "rows of calls.csv for interactions: 1,200 read, 1,000 used, 7 duplicates, 150 outside the period, "
        "40 filtered, 2 set aside (bad-duration), 1 set aside (short-row); balances"
    ) in lines
    assert "notice: calls.csv: 2 blank lines skipped" in lines
    assert "notice of card Frontline agent: No roster was supplied." in lines
    assert "condition --fail-under 60: 1 of 6 scores are lower. Without a score, and not held against it: 1." in lines
    assert "condition --fail-on-alarm: not met." in lines
    wrote = [line.split(": ")[0].removeprefix("wrote ") for line in lines if line.startswith("wrote ")]
    assert wrote == sorted(set(files()) - {"manifest.json", "run.log"})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_index_links_every_file(lang: str) -> None:
    write("--lang", lang)
    page = files()["index.html"].decode()
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert links == set(files()) - {"index.html"}
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_other_data_need_force_and_are_named(given: dict[str, Result]) -> None:
    write()
    before = files()
    given["result"] = other(result())
    code, out, err = write("--lang", "zh")
    assert (code, out) == (5, "")
    assert err.splitlines() == [
        "reports/2026-10: reports-differ",
        "  The language is another.",
        "reports/2026-10: reports-differ",
        "  calls.csv holds other data than then.",
        "reports/2026-10 holds the reports of an earlier run. Say --force to replace them.",
    ]
    assert files() == before
    assert write("--lang", "zh", "--force")[0] == 0
    assert files() != before
    assert write("--lang", "zh")[2].startswith("unchanged")


def test_results_that_differ_by_nothing_known_are_named_too(given: dict[str, Result]) -> None:
    """Another build of the same version."""
    write()
    given["result"] = replace(result(), notices=("another",))
    code, _, err = write()
    assert code == 5
    assert "  report.json would be another.\n" in err
    assert "report.csv" not in err


def test_what_is_no_longer_made_goes_and_what_others_put_there_stays(given: dict[str, Result]) -> None:
    write("--formats", "csv,json,txt")
    folder = Path("reports/2026-10")
    (folder / "notes").mkdir()
    (folder / "notes" / "why.txt").write_text("mine")
    (folder / "link").symlink_to("report.csv")
    (folder / "empty").mkdir()
    kept, own = (folder / "notes" / "why.txt").stat().st_ino, stamps()
    names = {subject: name for subject, name in NAMES.items() if subject < "A5"}
    given["result"] = result(scorecard(names))
    code, _, err = write("--force")
    assert code == 0
    assert not [name for name in files() if (name.endswith(".txt") and name != "notes/why.txt") or "Beacon" in name]
    assert (folder / "notes" / "why.txt").stat().st_ino == kept
    assert (folder / "link").is_symlink()
    assert (folder / "empty").is_dir()
    assert "reports/2026-10/notes/why.txt is no report, and was left as it is.\n" in err
    assert "reports/2026-10/link is no report" in err
    assert sorted(path.name for path in Path("reports").iterdir()) == ["2026-10"]
    assert own  # Team Amber is as it was, and so are its files.


def test_a_file_that_stays_as_it_was_keeps_its_time(given: dict[str, Result]) -> None:
    write()
    then = stamps()
    given["result"] = replace(result(), notices=("another",))
    assert write("--force")[0] == 0
    now = stamps()
    same = {Path(name).name for name in now if then.get(name) == now[name]}
    assert {"report.csv", "agent.csv", "Amber.csv"} <= same
    assert "report.json" not in same


def test_a_report_that_somebody_changed_is_never_replaced(given: dict[str, Result]) -> None:
    write()
    path = Path("reports/2026-10/report.csv")
    path.write_text("mended by hand")
    given["result"] = other(result())
    for more in ([], ["--force"]):
        code, _, err = write(*more)
        assert code == 5
        assert "reports/2026-10/report.csv: report-changed\n" in err
        assert path.read_text() == "mended by hand"


def test_a_report_that_is_gone_comes_back_with_force() -> None:
    write()
    before = files()
    Path("reports/2026-10/report.csv").unlink()
    code, _, err = write()
    assert (code, "  report.csv is gone.\n" in err) == (5, True)
    assert write("--force")[0] == 0
    assert files() == before


def test_a_file_of_others_by_a_name_that_is_wanted_is_in_the_way() -> None:
    write()
    Path("reports/2026-10/report.txt").write_text("mine")
    code, _, err = write("--formats", "csv,txt", "--force")
    assert (code, "reports/2026-10/report.txt: output-exists\n" in err) == (5, True)
    assert Path("reports/2026-10/report.txt").read_text() == "mine"


@pytest.mark.parametrize("manifest", [None, "{", '{"schema": "ccmetrics.reports/1"}', "edited"])
def test_a_folder_of_others_is_never_written_to(manifest: str | None) -> None:
    folder = Path("reports/2026-10")
    if manifest == "edited":
        write()
        text = (folder / "manifest.json").read_text()
        (folder / "manifest.json").write_text(text.replace('"audience": "center"', '"audience": "team"'))
    else:
        folder.mkdir(parents=True)
        (folder / "mine.txt").write_text("mine")
        if manifest is not None:
            (folder / "manifest.json").write_text(manifest)
    before = files()
    for more in ([], ["--force"]):
        code, out, err = write(*more)
        assert (code, out, err.splitlines()[0]) == (5, "", "reports/2026-10: no-report-folder")
        assert files() == before


def test_an_empty_folder_is_filled() -> None:
    Path("reports/2026-10").mkdir(parents=True)
    assert write()[0] == 0
    assert "manifest.json" in files()


def test_a_disk_that_fails_leaves_the_old_reports(given: dict[str, Result], monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    before = files()
    given["result"] = other(result())
    calls: list[Path] = []

    def full(path: Path, content: bytes) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(swap, "put", full)
    code, out, err = write("--force")
    assert (code, out) == (5, "")
    assert err == "reports/2026-10: output-failed\n  It cannot be written: No space left on device.\n"
    assert files() == before
    assert sorted(path.name for path in Path("reports").iterdir()) == ["2026-10"]


@pytest.mark.parametrize("at", [0, 1])
def test_a_rename_that_fails_leaves_the_old_reports(
    given: dict[str, Result], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    write()
    before = files()
    given["result"] = other(result())
    done: list[object] = []
    whole = os.replace

    def fails(old: Any, new: Any) -> None:
        done.append(new)
        if len(done) == at + 1:
            raise OSError(16, "Device or resource busy")
        whole(old, new)

    monkeypatch.setattr(os, "replace", fails)
    assert write("--force")[0] == 5
    assert files() == before
    assert sorted(path.name for path in Path("reports").iterdir()) == ["2026-10"]


def test_a_run_killed_between_the_renames_is_mended_by_the_next(given: dict[str, Result]) -> None:
    write()
    before = files()
    Path("reports/2026-10").rename("reports/.2026-10.ccmetrics-old")
    assert write()[2].startswith("unchanged reports/2026-10\n")
    assert files() == before
    # Killed after both: what is left of the old one goes with the next that replaces anything.
    shutil.copytree("reports/2026-10", "reports/.2026-10.ccmetrics-old")
    given["result"] = other(result())
    assert write("--force")[0] == 0
    assert sorted(path.name for path in Path("reports").iterdir()) == ["2026-10"]


def test_an_empty_folder_in_the_place_of_the_old_one_is_given_it_back() -> None:
    write()
    Path("reports/2026-10/mynotes.txt").write_text("mine")
    Path("reports/2026-10").rename("reports/.2026-10.ccmetrics-old")
    Path("reports/2026-10").mkdir()
    assert write()[2].startswith("unchanged reports/2026-10\n")
    assert write("--force", "--lang", "zh")[0] == 0
    assert files()["mynotes.txt"] == b"mine"


@pytest.mark.parametrize("there", [None, "another", "mine"])
def test_what_others_put_into_the_old_folder_is_never_lost(there: str | None) -> None:
    """A broken-off run's old folder goes only where all of it that is not a report lies in the new one."""
    write()
    aside, folder = Path("reports/.2026-10.ccmetrics-old"), Path("reports/2026-10")
    shutil.copytree(folder, aside)
    (aside / "mynotes.txt").write_text("mine")
    if there is not None:
        (folder / "mynotes.txt").write_text(there)
    for words in ((), ("--force", "--lang", "zh")):
        code, _, err = write(*words)
        if there == "mine":
            assert (code, aside.exists(), files()["mynotes.txt"]) == (0, False, b"mine")
        else:
            assert (code, (aside / "mynotes.txt").read_text()) == (5, "mine")
            assert "output-left-behind" in err
            assert all(name in err for name in (f"{folder} ", aside.name, "mynotes.txt"))


def test_a_report_changed_in_the_old_folder_is_not_lost() -> None:
    write()
    aside = Path("reports/.2026-10.ccmetrics-old")
    shutil.copytree("reports/2026-10", aside)
    (aside / "report.csv").write_text("mended by hand")
    assert write("--force")[0] == 5
    assert (aside / "report.csv").read_text() == "mended by hand"


@pytest.mark.parametrize("name", ["a" * 240, "报" * 80])
def test_folders_of_long_names_that_begin_alike_are_two(name: str) -> None:
    call("--out-dir", f"{name}1", *FAST)
    Path(f"{name}1").rename(swap._aside(Path(f"{name}1").resolve()))
    assert call("--out-dir", f"{name}2", *FAST)[2].startswith("wrote ")
    assert call("--out-dir", f"{name}1", *FAST)[2].startswith("unchanged ")
    assert call("--out-dir", f"{name}1", *FAST, "--lang", "zh", "--force")[0] == 0


def test_folders_of_others_keep_mode_and_time() -> None:
    write()
    folder = Path("reports/2026-10/private")
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "note.txt").write_text("mine")
    for path, mode, time in ((folder / "deep", 0o500, 1_000_000_000), (folder, 0o700, 1_100_000_000)):
        path.chmod(mode)
        os.utime(path, (time, time))
    inode = folder.stat().st_ino
    assert write("--force", "--lang", "zh")[0] == 0
    assert folder.stat().st_ino != inode
    assert (folder.stat().st_mode & 0o777, folder.stat().st_mtime) == (0o700, 1_100_000_000)
    assert ((folder / "deep").stat().st_mode & 0o777, (folder / "deep").stat().st_mtime) == (0o500, 1_000_000_000)


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        (["--out-dir", "R", "--seal", "R/seal"], "R/seal"),
        (["--out-dir", "R/{period}", "--seal", "R/2026-10"], "R/2026-10"),
        (["--out-dir", "R", "--out", "R/scores.csv"], "R/scores.csv"),
        (["--out-dir", "R", "--actions", "R/actions.csv"], "R/actions.csv"),
        (["--out-dir", "R", "--rejects", "R/../R/bad.csv"], "R/../R/bad.csv"),
        (["--out-dir", "S/reports", "--seal", "S"], "S/reports"),
        (["--seal", "S", "--out", "S/scores.csv"], "S/scores.csv"),
    ],
)
def test_no_output_lies_in_another(words: list[str], inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal was written though the run failed, its reports finding it in their way."""
    for folder in ("R", "S"):
        Path(folder).mkdir()
    monkeypatch.setattr(run, "score", lambda paths, **more: pytest.fail("worked"))
    code, out, err = call(*words)
    assert (code, out) == (5, "")
    assert f"{inside}: output-in-output\n" in err
    assert not [path for path in Path().rglob("*") if path.name not in ("R", "S")]


def test_everything_is_drawn_before_anything_is_written(given: dict[str, Result]) -> None:
    """What --out asks for is not written beside a folder that is refused."""
    write()
    given["result"] = other(result())
    assert write("--out", "scores.csv")[0] == 5
    assert not Path("scores.csv").exists()
    assert write("--out", "scores.csv", "--force")[0] == 0
    assert Path("scores.csv").read_bytes() == files()["report.csv"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["--out-dir", "reports/{card}"], "unknown-placeholder"),
        (["--out-dir", "reports/{period"], "unknown-placeholder"),
        (["--out-dir", "reports", "--formats", "pdf"], "unknown-format"),
        (["--formats", "csv"], "needless-option"),
        (["--out-dir", "reports", "--subject", "A1"], "needless-option"),
        (["--summary", "--format", "csv"], "needless-option"),
    ],
)
def test_wishes_that_mean_nothing_end_with_2(words: list[str], name: str) -> None:
    code, out, err = call(*words)
    assert (code, out, name in err) == (2, "", True)
    assert not Path("reports").exists()


@pytest.mark.parametrize("folder", ["exports", "exports/reports", "exports/../exports/{period}", "."])
def test_reports_do_not_lie_among_exports(folder: str) -> None:
    Path("exports").mkdir()
    done = RUNNER.invoke(app, ["score", "exports", "--out-dir", folder])
    assert (done.exit_code, done.stdout) == (5, "")
    assert "output-among-exports" in done.stderr or "output-is-input" in done.stderr
    assert not list(Path("exports").iterdir())


def test_names_of_teams_do_no_harm(given: dict[str, Result]) -> None:
    """A team's name is somebody's text. No path, no device, no markup comes of it."""
    teams = ["../../etc/passwd", "..", "CON", "amber", "Amber", "客服一组", '"><script>alert(1)</script>']
    card = scorecard(NAUGHTY)
    named = dict(zip(sorted(NAUGHTY), teams, strict=True))
    frames = {"scores": card.scores.with_columns(team=pl.col("subject").replace_strict(named))}
    given["result"] = result(replace(card, **frames))
    assert write()[0] == 0
    found = {name.removeprefix("teams/") for name in files() if name.startswith("teams/") and name.endswith(".csv")}
    assert found == {
        "%2E.%2F..%2Fetc%2Fpasswd.csv", "%2E%2E.csv",
        "%43ON.csv", "amber.csv", "%41mber.csv", "客服一组.csv", "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E.csv",
    }  # fmt: skip
    page = files()["index.html"].decode()
    assert "<script" not in page
    assert "teams/%2541mber.csv" in page
    listed = {each["name"]: each["path"] for each in json.loads(files()["manifest.json"])["reports"]}
    assert set(teams) <= set(listed)


def test_rows_set_aside_lie_with_the_reports(given: dict[str, Result]) -> None:
    given["result"] = replace(result(), rejects=REJECTS)
    assert write("--allow-rejects", "10")[0] == 0
    assert write("--allow-rejects", "10")[0] == 0
    assert files()["rejects.csv"].decode().count("\n") == 4
    assert not Path("ccmetrics-rejects.csv").exists()
    assert "PARTIAL" in files()["index.html"].decode()
    assert "PARTIAL" in files()["run.log"].decode()


def test_it_goes_with_all_else() -> None:
    code, out, err = write("--summary", "--out", "scores.csv")
    assert (code, out.count("\n")) == (0, 1)
    assert Path("scores.csv").exists()
    code, out, _ = call("--out-dir", "more", "--formats", "txt", "--format", "csv", "--quiet")
    assert (code, out.split(",")[0]) == (0, "card")
    assert "wrote" in err


def test_one_line_for_a_mail() -> None:
    code, out, _ = call("--summary")
    # A3 is held by a red line; A5 (a red line cannot be judged) and A6 (nothing at all) have no full score.
    assert (code, out.startswith("October 2026 Frontline agent: 5 of 7 scored, ")) == (0, True)
    assert out.endswith(", 1 red line, 1 not judged\n")
    assert len(out) <= 120
    _, out, _ = call("--summary", "--lang", "zh")
    assert out.startswith("2026年10月一线座席：7 个对象中 5 个已评分，")


def test_one_line_whatever_names_hold(given: dict[str, Result]) -> None:
    title = {"en": "Evil\n\x1b[31m " + "long " * 50, "zh": "坏\r\n名"}
    card = scorecard(NAUGHTY, {"title": title})
    given["result"] = replace(result(card), rejects=REJECTS)
    for lang in ("en", "zh"):
        _, out, _ = call("--summary", "--lang", lang)
        assert len(out.splitlines()) == 1
        assert out.strip().isprintable()
        assert len(out) <= 140
    assert call("--summary")[1].endswith(", PARTIAL\n")


def test_one_line_of_several_cards(given: dict[str, Result]) -> None:
    card = scorecard()
    second = replace(card, card=card.card.model_copy(update={"card": "other"}))
    given["result"] = result(card, second)
    out = call("--summary")[1]
    assert out.startswith("October 2026 Contact center: 10 of 14 scored on 2 cards, Frontline agent ")
    assert out.endswith("2 red lines, 2 not judged\n")


def test_conditions_end_with_1_and_all_are_told(given: dict[str, Result]) -> None:
    code, _, err = call("--fail-on-red-line", "--fail-on-alarm", "--fail-under", "60")
    assert code == 1
    assert err.splitlines()[-2:] == [
        "--fail-under 60: 1 of 6 scores are lower. Without a score, and not held against it: 1.",
        "--fail-on-red-line: subjects held by a red line: agent 1. "
        "Subjects whose red lines could not be judged: agent 1.",
    ]
    assert call("--fail-on-alarm")[0] == 0
    card = scorecard()
    alarms = pl.DataFrame({"subject": ["A1", "A1", "A2"], "kpi": ["aht", "csat", "aht"]})
    given["result"] = result(replace(card, adjustments=card.adjustments.clear()))
    assert call("--fail-on-red-line")[0] == 0
    # Unknown is not none: A5's cannot be told.
    given["result"] = result(replace(card, adjustments=card.adjustments.filter(pl.col("subject") == "A5")))
    code, out, err = call("--fail-on-red-line", "--summary")
    assert (code, out.endswith("red lines not judged for 1\n")) == (1, True)
    assert err.endswith("--fail-on-red-line: Subjects whose red lines could not be judged: agent 1.\n")
    assert call("--summary", "--lang", "zh")[1].endswith("1 个对象红线无法判定\n")
    from ccmetrics.cli.conditions import conditions

    (found,) = conditions(result(replace(card, alarms=alarms)), None, False, True)
    assert found.is_met
    assert found.text().endswith("worse: agent 2.")


@pytest.mark.parametrize(
    ("more", "lang", "said"),
    [
        ({"unwatched": True}, "en", "of whom it cannot be told (no cycle before, or not for these readers): agent 7."),
        ({"suppressed": ("alarms",)}, "zh", "无法判断的对象（没有前一周期，或不向这些读者公开）：agent 7。"),
    ],
)
def test_what_nobody_could_watch_is_not_quiet(more: dict[str, Any], lang: str, said: str) -> None:
    """The first cycle of an export, and every cycle where a run is given one month alone: a schedule that ended with 0
    would be read as `no alarm`."""
    from ccmetrics.cli.conditions import conditions

    (found,) = conditions(result(replace(scorecard(), **more)), None, False, True)
    assert found.is_met
    assert found.text(lang).endswith(said)
    assert not conditions(result(), None, False, True)[0].is_met


def test_who_has_no_score_is_told_where_nobody_is_lower() -> None:
    code, _, err = call("--fail-under", "10")
    assert code == 0
    assert err.endswith("--fail-under 10: no score is lower. Without a score, and not held against it: 1.\n")


@pytest.mark.parametrize("limit", ["nan", "inf", "-inf"])
def test_no_score_is_under_what_is_no_number(limit: str) -> None:
    code, out, err = call(f"--fail-under={limit}")
    assert (code, out, "--fail-under: bad-number" in err) == (2, "", True)


def test_sizes_of_inputs_are_told(given: dict[str, Result]) -> None:
    given["result"] = replace(result(), inputs=(Input("calls.csv", "ab", 1200, "text", 98765),))
    write()
    assert "read calls.csv: 1,200 rows, 98,765 B, text, sha256 ab" in files()["run.log"].decode()
