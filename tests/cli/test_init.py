"""`ccmetrics init`: a project that is clean, runs at once, and says of its month what its rows say."""

from __future__ import annotations

import csv
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ccmetrics
from ccmetrics.cli import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "mine"
    done = CliRunner().invoke(app, ["init", str(folder)])
    assert done.exit_code == 0
    return folder


def test_it_is_clean_even_where_it_is_strict(project: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(project), "--strict"])
    assert done.output.strip().splitlines()[-1].endswith("no problems")
    assert done.exit_code == 0


def test_its_goals_fit_its_month(project: Path) -> None:
    words = ["check", str(project), "--strict", "--data", str(project / "data"), "--period", "2026-10"]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.output) == (0, "92 KPIs, 1 card, 1 test: no problems\n")


@pytest.mark.parametrize(
    ("folder", "first", "second"),
    [
        ("mine", "check mine --strict", "score mine/data --config mine --period 2026-10"),
        (".", "check . --strict", "score data --config . --period 2026-10"),
        ("-x", "check ./-x --strict", "score ./-x/data --config ./-x --period 2026-10"),
        ("it's two", "check 'it'\"'\"'s two' --strict",
         "score 'it'\"'\"'s two/data' --config 'it'\"'\"'s two' --period 2026-10"),
    ],
)  # fmt: skip
def test_what_it_says_to_try_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, first: str, second: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["init", "--", folder])
    assert done.output.splitlines()[1:] == [f"  ccmetrics {first}", f"  ccmetrics {second}"]
    for line in (first, second):
        assert CliRunner().invoke(app, shlex.split(line)).exit_code == 0


def test_its_month_is_scored_as_its_rows_say(project: Path) -> None:
    """Counted here by hand from the export: calls above 480 seconds, stars of four and five, orders less refunds."""
    with (project / "data" / "calls_2026-10.csv").open(encoding="utf-8", newline="") as file:
        calls = [row for row in csv.DictReader(file) if row["Agent no."] == "108"]
    long = sum(int(row["Talked (s)"]) + int(row["Wrapped up (s)"]) > 480 for row in calls) / len(calls)
    stars = [int(row["Stars"]) for row in calls if row["Stars"]]
    content = sum(star >= 4 for star in stars) / len(stars)
    earned = sum(float(row["Order value"]) for row in calls if row["Order value"])
    back = sum(float(row["Refunded"]) for row in calls if row["Refunded"])
    found = ccmetrics.measure(
        project / "data",
        ["long_call_rate", "csat.top2", "revenue_per_contact.per_handled"],
        by=["agent_id"],
        period="2026-10",
        config=project,
    )
    values = {row["kpi"]: row["value"] for row in found.iter_rows(named=True) if row["agent_id"] == "108"}
    assert values["long_call_rate"] == pytest.approx(long)
    assert values["csat"] == pytest.approx(content)
    assert values["revenue_per_contact"] == pytest.approx((earned - back) / len(calls))
    scores = ccmetrics.score(project / "data", card="service_agent", period="2026-10", config=project)
    assert scores["status"].to_list() == ["scored"] * 8


def test_what_is_there_stays(project: Path) -> None:
    (project / "kpis.yaml").write_text("kpis: {}\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["init", str(project)])
    assert done.exit_code == 5
    assert (project / "kpis.yaml").read_text(encoding="utf-8") == "kpis: {}\n"


def test_its_month_is_the_one_that_is_made(tmp_path: Path) -> None:
    """The exports are made by a script, the same every time."""
    code = f"import make_starter; make_starter.DATA = make_starter.Path({str(tmp_path)!r}); make_starter.main()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "tests")
    for path in sorted((ROOT / "ccmetrics" / "starter" / "data").glob("*.csv")):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_a_current_folder_that_cannot_be_filled_stays_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == tmp_path / "here" / "project.yaml":
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    assert CliRunner().invoke(app, ["init", "."]).exit_code == 5
    assert (list(tmp_path.iterdir()), list(Path().iterdir())) == ([tmp_path / "here"], [])
