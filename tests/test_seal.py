"""A closed period sealed, verified and stated anew: one byte is found, one cell is named, nothing is half there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from test_actions import definitions, exports
from typer.testing import CliRunner

from ccmetrics import write
from ccmetrics.account import Input
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.dump import dumped, standalone
from ccmetrics.catalogue.models import Text
from ccmetrics.cli import app
from ccmetrics.problem import FileFailed
from ccmetrics.run import seal as sealing
from ccmetrics.seal import Seal, opened, seal_of, sealed

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = [
    ("A1", "2026-09-05", 5), ("A1", "2026-10-05", 5), ("A1", "2026-10-06", 1), ("A2", "2026-10-05", 5),
    ("A2", "2026-10-31", 5),
]  # fmt: skip
"""In October A1 has one good answer of two, 50 points; A2 two of two, 100."""


def call(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "140"})
    return done.exit_code, done.stdout, done.stderr


def score(home: Path, data: Path, *more: object) -> tuple[int, str, str]:
    return call("score", data, "--config", home / "config", "--card", "talk", "--period", "2026-10", *more)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Exports, definitions, and October sealed."""
    exports(tmp_path / "data", ANSWERS)
    definitions(tmp_path / "config")
    code, _, err = score(tmp_path, tmp_path / "data", "--seal", tmp_path / "october")
    assert (code, f"wrote {tmp_path / 'october'}" in err) == (0, True), err
    return tmp_path


def manifest(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "october" / "seal.json").read_bytes())
    return found


def flip(path: Path) -> None:
    """One bit of the last byte but one."""
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(bytes(content))


# ---------------------------------------------------------------- what is sealed


def test_a_seal_names_everything_by_its_hash(home: Path) -> None:
    found = manifest(home)
    folder = home / "october"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {*found["files"], "seal.json"}
    assert {"results/scores.csv", "results/result.json", "results/actions.csv", "signatures.txt"} < there
    for name, known in found["files"].items():
        assert sha256(folder / name) == known
    assert {Path(each["name"]).name: each["sha256"] for each in found["inputs"]} == {
        path.name: sha256(path) for path in (home / "data").iterdir()
    }
    assert found["period"] == {"label": "2026-10", "from": "2026-10-01", "to": "2026-10-31", "cycle": "month"}
    assert (found["cards"], found["restates"]) == (["talk"], None)
    assert list(home.glob(".*")) == []


def sha256(path: Path) -> str:
    """As the operating system's own program has it."""
    return subprocess.run(["sha256sum", str(path)], capture_output=True, text=True, check=True).stdout.split()[0]


def test_the_same_data_make_the_same_seal(home: Path) -> None:
    assert score(home, home / "data", "--seal", home / "again")[0] == 0
    assert (home / "again" / "seal.json").read_bytes() == (home / "october" / "seal.json").read_bytes()


def test_what_cannot_be_sealed_is_refused_and_nothing_is_left(home: Path) -> None:
    code, out, err = score(home, home / "data", "--seal", home / "october")
    assert (code, out, "output-exists" in err) == (5, "", True)
    code, out, err = score(home, home / "data", "--seal", home / "data" / "sealed")
    assert (code, out, "output-among-exports" in err) == (5, "", True)
    code, out, err = score(home, home / "data", "--seal", home / "no" / "sealed")
    assert (code, out, "output-no-folder" in err) == (5, "", True)
    early = exports(home / "early", [*ANSWERS[:4], ("A2", "2026-10-30", 5)])
    code, out, err = score(home, early, "--seal", home / "new")
    assert (code, out, "open-period" in err, "The data end on 2026-10-30" in err) == (3, "", True, True)
    bad = exports(home / "bad", ANSWERS)
    with (bad / "interactions.csv").open("a") as file:
        file.write("i9,A1,2026-13-07 10:00:00,inbound,answered,5,100\n")
    rejects = ("--allow-rejects", "1", "--rejects", home / "rejects.csv")
    code, out, err = score(home, bad, "--seal", home / "new", *rejects)
    assert (code, out, "partial-seal" in err) == (3, "", True)
    assert not (home / "new").exists()
    (home / "empty").mkdir()
    assert score(home, home / "data", "--seal", home / "empty")[0] == 0


def test_a_period_declared_as_covered_can_be_sealed(home: Path) -> None:
    early = exports(home / "early", [*ANSWERS[:4], ("A2", "2026-10-30", 5)])
    project = home / "config" / "project.yaml"
    project.write_text(
        "project:\n  extends: builtin\n  time_zone: UTC\n  covers: {interactions: {from: 2026-09-01, to: 2026-10-31}}\n"
    )
    assert score(home, early, "--seal", home / "new")[0] == 0


def test_the_page_for_signatures(home: Path) -> None:
    page = (home / "october" / "signatures.txt").read_text()
    assert page.startswith("Results of October 2026, for signature\n1–31 Oct 2026, days in UTC\n")
    assert "Talk (talk): 2 scored\n" in page
    for path in (home / "data").iterdir():
        assert f"    {sha256(path)}\n" in page
    assert f"    {sha256(home / 'october' / 'results' / 'scores.csv')}\n" in page
    assert [line.split("  ")[0] for line in page.splitlines() if "____" in line] == [
        "Prepared by", "Checked by", "Approved by"
    ]  # fmt: skip
    score(home, home / "data", "--seal", home / "zh", "--lang", "zh")
    assert "编制" in (home / "zh" / "signatures.txt").read_text()


# ---------------------------------------------------------------- definitions


def test_the_builtin_definitions_read_back_as_they_are(tmp_path: Path) -> None:
    whole = load_catalogue()
    for name, text in dumped(whole).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = load_catalogue(tmp_path)
    assert found.model_dump() == whole.model_dump()
    assert found.model_dump_json() == whole.model_dump_json()  # their order, too


def test_archived_definitions_stand_on_nothing(home: Path) -> None:
    whole = load_catalogue(home / "config")
    found = load_catalogue(home / "october" / "catalogue")
    assert whole.project.extends == "builtin"
    assert found.project.extends is None
    assert found.model_dump_json() == standalone(whole).model_dump_json()


STRANGE = [
    "no", "null", "1e5", "010", "0x1", "12:30", "2026-10-01", "-", "a: b", "#x", "'", '"', "", " a ", "a\nb", "\u2028",
    "\x85", "é", "一", "!x", "&a", "*a", "%", "@", "`", "~", "=1", "<<", "yes", "1_000", ".5", "\\", "\t", "{a}", "[b]",
    "?", "on", "\x7f", "😀",
]  # fmt: skip


def test_any_text_of_a_definition_reads_back_as_it_was(tmp_path: Path) -> None:
    """Every strange text in a KPI of its own."""
    whole = load_catalogue()
    texts = dict(zip(whole.kpis, STRANGE, strict=False))
    assert len(texts) == len(STRANGE)
    said = {name: {"about": Text(en=text, zh=text), "owner": text} for name, text in texts.items()}
    kpis = {name: kpi.model_copy(update=said.get(name)) for name, kpi in whole.kpis.items()}
    for name, content in dumped(whole.model_copy(update={"kpis": kpis})).items():
        (tmp_path / name).write_bytes(content.encode())
    assert load_catalogue(tmp_path).kpis == kpis


# ---------------------------------------------------------------- verified


def test_a_whole_seal_is_fine(home: Path) -> None:
    code, out, err = call("verify", home / "october")
    assert (code, err) == (0, "")
    assert "files are as they were sealed" in out
    code, out, err = call("verify", home / "october", home / "data")
    assert (code, err) == (0, "")
    assert out.endswith("3 exports, every score and every action are as they were sealed\n")


def test_exports_are_known_by_content_whatever_they_are_called(home: Path) -> None:
    moved = home / "moved"
    moved.mkdir()
    for path in (home / "data").iterdir():
        (moved / path.name.replace(".csv", "_2026-10.csv")).write_bytes(path.read_bytes())
    assert call("verify", home / "october", moved)[0] == 0


@pytest.mark.parametrize("name", ["results/scores.csv", "results/result.json", "results/actions.csv", "signatures.txt",
                                  "catalogue/kpis.yaml"])  # fmt: skip
def test_one_archived_byte_is_found(home: Path, name: str) -> None:
    flip(home / "october" / name)
    code, out, _ = call("verify", home / "october")
    assert code == 1
    assert f"file-changed: {name}: It is not the file that was sealed.\n" in out
    code, out, _ = call("verify", home / "october", home / "data")
    assert code == 1
    assert "Nothing was computed again" in out


def test_every_byte_of_the_manifest_counts(home: Path) -> None:
    """Wherever one is changed, it is found: by the manifest's own hash, or because it is no manifest any more."""
    path = home / "october" / "seal.json"
    content = path.read_bytes()
    same = json.loads(content)
    for at in range(0, len(content), 23):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        try:
            is_same = json.loads(path.read_bytes()) == same
        except ValueError:
            is_same = False
        assert call("verify", home / "october")[0] == (0 if is_same else 1), at


def test_a_file_taken_away_or_put_in_is_named(home: Path) -> None:
    (home / "october" / "results" / "scores.csv").unlink()
    (home / "october" / "results" / "more.csv").write_text("x\n")
    code, out, _ = call("verify", home / "october", "--format", "json")
    assert code == 1
    assert [(each["name"], each["what"]) for each in json.loads(out)["differences"]] == [
        ("file-missing", "results/scores.csv"), ("file-added", "results/more.csv")
    ]  # fmt: skip


def test_a_forged_manifest_is_found_without_its_hash_and_a_torn_one_too(home: Path) -> None:
    path = home / "october" / "seal.json"
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"A1"', b'"A9"').replace(b'"2026-10"', b'"2026-09"'))
    code, out, _ = call("verify", home / "october")
    assert (code, "seal-broken: seal.json" in out) == (1, True)
    for torn in (
        content[: len(content) // 2],
        b"",
        b"[]",
        b"{}",
        b'{"schema": "ccmetrics.seal/1"}',
        content.replace(b'"options": {', b'"options": 3, "x": {'),
        b"\xff",
        b"[" * 9999,
    ):
        path.write_bytes(torn)
        code, out, _ = call("verify", home / "october", home / "data")
        assert (code, "torn or edited" in out) == (1, True)
    path.unlink()
    assert call("verify", home / "october")[0] == 5
    assert call("verify", home / "nowhere")[0] == 5


def test_one_input_byte_is_found_though_no_number_changes(home: Path) -> None:
    calls = home / "data" / "interactions.csv"
    calls.write_bytes(calls.read_bytes() + b"\n")  # a blank line at the end
    code, out, _ = call("verify", home / "october", home / "data")
    assert code == 1
    assert [line for line in out.splitlines() if ": " in line and not line.startswith("2026")] == [
        f"input-changed: {calls}: It is not the export that was sealed as {calls}."
    ]
    assert out.endswith("1 differences\n")


def test_an_export_missing_or_new_is_named(home: Path) -> None:
    (home / "data" / "surveys.csv").rename(home / "data" / "surveys_late.csv")
    with (home / "data" / "surveys_late.csv").open("a") as file:
        file.write("s9,i0,A1,2026-10-20 11:00:00,5\n")
    code, out, _ = call("verify", home / "october", home / "data")
    assert code == 1
    assert f"input-missing: {home / 'data' / 'surveys.csv'}: " in out
    assert f"input-new: {home / 'data' / 'surveys_late.csv'}: " in out


def test_a_changed_result_is_named_cell_by_cell(home: Path) -> None:
    surveys = home / "data" / "surveys.csv"
    surveys.write_text(surveys.read_text().replace("s2,i2,A1,2026-10-06 11:00:00,1", "s2,i2,A1,2026-10-06 11:00:00,5"))
    code, out, _ = call("verify", home / "october", home / "data", "--format", "json")
    found = json.loads(out)
    assert (code, found["fine"], found["computed"]) == (1, False, True)
    assert [each["name"] for each in found["differences"]] == ["input-changed"]
    total = {
        c["column"]: (c["sealed"], c["now"]) for c in found["cells"] if (c["subject"], c["row"]) == ("A1", "total")
    }
    assert total["score"] == ("50.0", "100.0")
    assert not [cell for cell in found["cells"] if cell["subject"] == "A2" and cell["column"] == "score"]
    out = call("verify", home / "october", home / "data")[1]
    assert "result-changed: talk/A1/total/score: score was sealed as '50.0', now '100.0'\n" in out


def test_another_version_is_said(home: Path) -> None:
    found = manifest(home)
    found["made_by"] = {"version": "0.0.1", "polars": "1.0.0"}
    found["seal"] = seal_of(found)
    (home / "october" / "seal.json").write_text(json.dumps(found))
    code, out, _ = call("verify", home / "october", home / "data")
    assert code == 0
    assert "Sealed by ccmetrics 0.0.1, run by " in out
    assert f"Sealed by polars 1.0.0, run by {pl.__version__}." in out


def test_parquet_is_sealed_by_its_whole_content(home: Path) -> None:
    """Its footer alone would not tell a changed page."""
    surveys = home / "data" / "surveys.csv"
    pl.read_csv(surveys).with_columns(pl.col("answered_at").str.to_datetime()).write_parquet(
        surveys.with_suffix(".parquet")
    )
    surveys.unlink()
    assert score(home, home / "data", "--seal", home / "sealed")[0] == 0
    found = json.loads((home / "sealed" / "seal.json").read_bytes())
    hashes = {Path(each["name"]).name: each["sha256"] for each in found["inputs"]}
    assert hashes["surveys.parquet"] == sha256(surveys.with_suffix(".parquet"))
    assert call("verify", home / "sealed", home / "data")[0] == 0


def test_the_same_content_twice_is_two_exports(tmp_path: Path) -> None:
    twice = [{"name": "a.csv", "sha256": "1"}, {"name": "b.csv", "sha256": "1"}, {"name": "c.csv", "sha256": "2"}]
    seal = Seal(tmp_path, {"inputs": twice}, ())
    once = [Input("x.csv", "1", 1), Input("other/c.csv", "3", 1)]
    assert [(each.name, each.what) for each in sealing.unlike_inputs(seal, once)] == [
        ("input-missing", "a.csv"), ("input-changed", "other/c.csv")
    ]  # fmt: skip


def test_the_actions_of_the_cycle_before_are_part_of_the_seal(home: Path) -> None:
    september = ["score", home / "data", "--config", home / "config", "--card", "talk", "--period", "2026-09"]
    assert call(*september, "--actions", home / "09.json")[0] == 0
    assert score(home, home / "data", "--previous-actions", home / "09.json", "--seal", home / "sealed")[0] == 0
    (home / "09.json").unlink()
    assert (home / "sealed" / "results" / "previous-actions.csv").exists()
    assert call("verify", home / "sealed", home / "data")[0] == 0


# ---------------------------------------------------------------- stated anew


def late(home: Path) -> Path:
    """A1's answers, one more that came late (5), and A3, whom the roster had forgotten: 2 of 3 good, 66.67 points."""
    data = exports(home / "late", [*ANSWERS, ("A1", "2026-10-20", 4), ("A3", "2026-10-20", 5)])
    with (data / "roster.csv").open("a") as file:
        file.write("A3,2026-01-01,agent,T1,L1\n")
    return data


def test_a_period_stated_anew_says_what_is_other(home: Path) -> None:
    code, out, _ = score(home, late(home), "--restates", home / "october")
    assert code == 0
    shown = [line.strip() for line in out.splitlines()]
    assert any(line.startswith(f"October 2026 was sealed ({manifest(home)['seal'][:8]}); now") for line in shown)
    assert any(line.startswith("A1 (talk): score 50.0 > 66.67") for line in shown)
    assert "A3 (talk): not there when it was sealed" in shown
    # one call and one answer more of A1 and of A3, and a row of the roster
    assert "interactions: rows read 5 > 7, used 4 > 6" in shown
    assert "surveys: rows read 5 > 7, used 4 > 6" in shown
    assert "roster: rows read 2 > 3, used 2 > 3" in shown


def test_what_is_stated_anew_is_archived_with_the_seal_it_restates(home: Path) -> None:
    assert score(home, late(home), "--restates", home / "october", "--seal", home / "again")[0] == 0
    found = json.loads((home / "again" / "seal.json").read_bytes())
    assert found["restates"] == manifest(home)["seal"]
    table = pl.read_csv(home / "again" / "results" / "restatement.csv", infer_schema=False)
    kept = table.filter((pl.col("row") == "total") & (pl.col("column") == "score")).select("subject", "sealed", "now")
    assert kept.rows() == [("A1", "50.0", "66.67"), ("A3", None, "100.0")]
    assert manifest(home)["seal"] in (home / "again" / "signatures.txt").read_text()
    assert call("verify", home / "again", home / "late")[0] == 0
    as_json = json.loads(score(home, late(home), "--restates", home / "october", "--format", "json")[1])
    assert as_json["restatement"]["seal"] == manifest(home)["seal"]
    assert len(as_json["restatement"]["cells"]) == table.height


def test_the_same_again_is_said_to_be_the_same(home: Path) -> None:
    code, out, _ = score(home, home / "data", "--restates", home / "october")
    assert code == 0
    assert "Every result is as it was sealed." in out
    code, out, err = score(home, late(home), "--restates", home / "october", "--format", "csv")
    assert (code, "was sealed" in err, "cells differ" in err) == (0, True, True)


def test_other_definitions_are_said(home: Path) -> None:
    card = home / "config" / "card.yaml"
    card.write_text(card.read_text().replace("target: 1,", "target: 0.5,"))
    out = score(home, home / "data", "--restates", home / "october")[1]
    assert "The definitions are not those it was sealed by." in out
    assert "A1 (talk): score 50.0 > 100.0" in out


def test_one_subject_is_shown_no_others_changes(home: Path) -> None:
    out = score(home, late(home), "--restates", home / "october", "--subject", "A2")[1]
    assert "A1 (talk)" not in out
    assert "A3 (talk)" not in out


def test_only_a_whole_seal_of_that_period_and_those_cards_is_restated(home: Path) -> None:
    wish = ["score", home / "data", "--config", home / "config", "--restates", home / "october"]
    code, out, err = call(*wish, "--card", "talk", "--period", "2026-09")
    assert (code, out, "another-period" in err) == (2, "", True)
    code, out, err = call(*wish, "--card", "talk", "--card", "agent", "--period", "2026-10")
    assert (code, out, "other-cards" in err) == (2, "", True)
    flip(home / "october" / "results" / "scores.csv")
    code, out, err = call(*wish, "--card", "talk", "--period", "2026-10")
    assert (code, out, "file-changed" in err) == (3, "", True)
    assert call("score", home / "data", "--restates", home / "config")[0] == 5


HEAD = "card,subject,row,item,variant,kind,value\n"


def test_cells_by_hand() -> None:
    """A row changed, one of two of the same name changed, a row gone, a row new; exact texts."""
    then = HEAD + "a,A,kpi,csat,,,0.5\na,A,adjustment,x,,bonus,1\na,A,adjustment,x,,bonus,2\na,B,total,score,,,90\n"
    now = HEAD + "a,A,kpi,csat,,,0.50\na,A,adjustment,x,,bonus,1\na,A,adjustment,x,,bonus,3\na,C,total,score,,,90\n"
    found = sealing.unlike_scores(then.encode(), now.encode())
    assert found.select("subject", "row", "item", "column", "sealed", "now").rows() == [
        ("A", "kpi", "csat", "value", "0.5", "0.50"),
        ("A", "adjustment", "x", "value", "2", "3"),
        ("B", "total", "score", "value", "90", None),
        ("C", "total", "score", "value", None, "90"),
    ]
    assert sealing.unlike_scores(then.encode(), then.encode()).is_empty()
    head, *rows = then.splitlines()
    more = "\n".join([f"{head},new", *(f"{row},1" for row in rows)])
    assert sealing.unlike_scores(then.encode(), more.encode())["column"].unique().to_list() == ["new"]


# ---------------------------------------------------------------- whole or not there

SLOW = """
import sys, time
from pathlib import Path
from ccmetrics import write
moved = write.os.replace
def slow(a, b):
    print("ready", flush=True)
    time.sleep(60)
    moved(a, b)
write.os.replace = slow
write.write_folder(Path(sys.argv[1]), {"a/b.csv": b"x" * 100000, "c.json": b"y"})
"""

SMALL_DISK = """
import resource, sys
from pathlib import Path
from ccmetrics.problem import FileFailed
from ccmetrics.write import write_folder
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_folder(Path(sys.argv[1]), {"a.csv": b"small", "in/b.csv": b"new " * 10_000})
except FileFailed as refused:
    print(refused)
    raise SystemExit(refused.exit_code)
"""


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_ends_early_leaves_no_folder_of_that_name(tmp_path: Path, kill: signal.Signals) -> None:
    words = [sys.executable, "-c", SLOW, str(tmp_path / "sealed")]
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": "."}
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(kill)
        child.communicate(timeout=20)
    left = list(tmp_path.iterdir())
    assert not (tmp_path / "sealed").exists()
    assert all(path.name.startswith(".sealed.") for path in left)
    assert left == [] or kill == signal.SIGKILL


def test_on_a_full_disk_no_folder_is_left(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(tmp_path / "sealed")], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "output-failed" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_there_with_everything_in_it(tmp_path: Path) -> None:
    write.write_folder(tmp_path / "new", {"a/b.csv": b"1", "c.json": b"2"})
    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"new/a/b.csv": b"1", "new/c.json": b"2"}
    assert (tmp_path / "new").stat().st_mode & 0o777 == (tmp_path / "new" / "a").stat().st_mode & 0o777
    with pytest.raises(FileFailed):
        write.write_folder(tmp_path / "new", {"d": b""})
    assert len(list(tmp_path.iterdir())) == 1


def test_a_seal_by_itself(tmp_path: Path) -> None:
    parts: dict[str, Any] = {
        "made_by": {}, "period": {"label": "x"}, "cards": [], "options": {}, "inputs": [], "accounts": [],
        "definitions": "", "restates": None,
    }  # fmt: skip
    write.write_folder(tmp_path / "s", sealed(parts, {"a.txt": b"a"}))
    assert opened(tmp_path / "s").damage == ()
    (tmp_path / "s" / "a.txt").write_bytes(b"b")
    assert [each.name for each in opened(tmp_path / "s").damage] == ["file-changed"]


@pytest.mark.slow
def test_the_sample_data_sealed_and_verified(tmp_path: Path) -> None:
    sample = ROOT / "sample_data"
    assert call("score", sample, "--period", "2026-10", "--seal", tmp_path / "sealed")[0] == 0
    code, out, _ = call("verify", tmp_path / "sealed", sample)
    assert (code, "as they were sealed" in out) == (0, True), out[-2000:]
