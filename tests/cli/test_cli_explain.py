"""`ccmetrics explain` as a user meets it: what goes where, and nothing on standard output after a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccmetrics.cli import app
from tests.render.test_untranslated import english
from tests.tiny_center import center

RUNNER = CliRunner()
CODE = {
    "agent", "handle_time", "timed", "short_handled", "talked", "praised", "commendations", "high_risk", "praise",
    "rude", "red_line_events", "risk_leads", "events", "kind", "valid", "commendation", "risk", "red_line",
    "recorded_at", "started_at", "handle_s", "talk_s", "outcome", "answered", "served_by", "human", "short_call_s",
}  # fmt: skip
"""Keys of tables, columns and measures, what the tiny center calls its adjustments, what its exports hold."""


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", "80")
    home, config = center(tmp_path)
    return ["explain", str(home), "--config", str(config), "--card", "whole"]


def call(*words: str) -> tuple[int, str, str]:
    done = RUNNER.invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_a_person_reads_a_tree_and_the_period_that_nobody_said(words: list[str]) -> None:
    code, out, err = call(*words, "--subject", "A1")
    assert code == 0
    assert "59.00  score" in out
    assert "\nRows\n" not in out
    assert "No --period was said: 2026-10" in err


def test_one_kpi_goes_down_to_its_rows(words: list[str]) -> None:
    code, out, _ = call(*words, "--subject", "A1", "--kpi", "aht", "--rows", "2", "-q")
    assert code == 0
    assert "handle_time: the first 2 of 4 used rows of interactions" in " ".join(out.split())
    # The others are told by what they contribute.
    assert "75 points x weight 40 / 100" in out
    assert "short_handled" not in out


def test_the_same_as_json_on_standard_output_and_in_a_file(words: list[str], tmp_path: Path) -> None:
    wish = [*words, "--subject", "A1", "-q"]
    code, out, err = call(*wish, "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["schema"], found["cards"][0]["score"]["score"]) == ("ccmetrics.explain/1", 59.0)
    assert call(*wish, "--out", str(tmp_path / "why.json"))[:2] == (0, "")
    assert json.loads((tmp_path / "why.json").read_text(encoding="utf-8")) == found


def test_chinese(words: list[str]) -> None:
    _, out, _ = call(*words, "--subject", "A1", "--lang", "zh", "-q")
    assert "59.00  得分" in out
    prose = {word for word in english(out, *CODE) if not word.isupper()}
    assert prose == set()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (["--subject", "A2"], "unknown-subject"),
        (["--subject", "A1", "--kpi", "ahd"], "Did you mean 'aht'?"),
        (["--subject", "A1", "--rows", "-1"], "--rows"),
        ([], "--subject"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_nothing_on_standard_output(
    words: list[str], wish: list[str], said: str
) -> None:
    code, out, err = call(*words, *wish)
    assert (code, out) == (2, "")
    assert said in err
