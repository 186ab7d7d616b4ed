"""What the formats of a check say of made-up findings, to the letter."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ccmetrics.catalogue import builtin
from ccmetrics.finding import Finding, Findings
from ccmetrics.problem import Place, Problem
from ccmetrics.render.findings import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.rules import Severity
from ccmetrics.version import VERSION

WIDE = (
    "  - {kpi: aht, weight: 15, floor: 480, target: {2026-01-01: 330, 2026-07-01: 320}, stretch: 280, missing: neutral}"
)


def found(
    line: str,
    word: str,
    said: str = "It is so.",
    severity: Severity = "warning",
    *,
    file: str = "kpis/speed.yaml",
    at: int = 8,
    name: str = "made-up",
    mend: str = "",
    allowed: str = "",
) -> Finding:
    """A finding at a word of a line."""
    place = Place(file, at, line.index(word) + 1, len(word))
    return Finding(Problem(place, name, said, line, about=("kpis", "aht")), severity, mend, allowed)


TWO = Findings(
    (
        found(
            "    formula: handle_time / answerd",
            "answerd",
            "KPI 'aht' uses 'answerd', which is no measure. Did you mean 'answered'?",
            "error",
            name="unknown-name",
            mend="Correct the name.",
        ),
        Finding(Problem(Place("targets.csv"), "made-up", "It is empty."), "advice"),
    ),
    (
        found(
            "kpis:",
            "kpis",
            file="cards/pilot.yaml",
            at=3,
            name="one-sided-mix",
            allowed="a pilot until 2027-03, agreed with all teams",
        ),
    ),
    left_out=2,
    kpis=91,
    cards=10,
    tests=1,
)  # fmt: skip


def shown(findings: Findings, width: int = 80, form: str = "text", color: bool = False) -> str:
    return FORMATS[form](findings, Look(width, color=color)).decode()


def test_text_shows_each_with_its_line_and_how_to_mend_it() -> None:
    assert shown(TWO, 60) == (
        "kpis/speed.yaml:8:28: error: unknown-name\n"
        "  8 |     formula: handle_time / answerd\n"
        "    |                            ^^^^^^^\n"
        "  KPI 'aht' uses 'answerd', which is no measure. Did you\n"
        "  mean 'answered'?\n"
        "  To mend: Correct the name.\n"
        "\n"
        "targets.csv: advice: made-up\n"
        "  It is empty.\n"
        "\n"
        "Allowed:\n"
        "  cards/pilot.yaml:3:1: one-sided-mix: a pilot until\n"
        "    2027-03, agreed with all teams\n"
        "\n"
        "2 findings in 2 files: 1 error, 1 piece of advice; 1\n"
        "allowed, 2 left out; 91 KPIs, 10 cards, 1 test\n"
    )


@pytest.mark.parametrize("form", ["text", "github", "sarif"])
def test_how_to_mend_it_is_said_once(form: str) -> None:
    twice = Findings((found("a", "a", "It stands here twice. Take it away.", mend="Take it away."),))
    assert shown(twice, form=form).count("Take it away.") == 1


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        (Findings((), kpis=91, cards=10, tests=3), "91 KPIs, 10 cards, 3 tests: no problems"),
        (Findings((), kpis=1, cards=1, tests=1), "1 KPI, 1 card, 1 test: no problems"),
        (
            Findings((), left_out=1, tests=3, waiting=("tests", "data")),
            "0 KPIs, 0 cards: 3 tests not run, data not looked at before all errors are mended; 1 left out",
        ),
        (
            Findings((found("a", "a", severity="error"),), kpis=2, tests=1, waiting=("tests",)),
            "1 finding in 1 file: 1 error; 1 test not run before all errors are mended; 2 KPIs, 0 cards",
        ),
        (Findings((), left_out=2, kpis=1), "1 KPI, 0 cards, 0 tests: no problems; 2 left out"),
        (Findings((), (found("a", "a", allowed="so"),)), "0 KPIs, 0 cards, 0 tests: no problems; 1 allowed"),
        (Findings((found("a", "a", severity="advice"),) * 2), "2 findings in 1 file: 2 pieces of advice; 0 KPIs"),
        (Findings((found("a", "a", severity="error"),) * 1234), "1,234 findings in 1 file: 1,234 errors; 0 KPIs"),
    ],
)
def test_the_summary_counts(findings: Findings, last: str) -> None:
    assert shown(findings, 200).splitlines()[-1].startswith(last)
    assert shown(findings, form="github").splitlines()[-1].startswith(last)


def test_everything_is_told_however_many() -> None:
    assert shown(Findings((found("a", "a"),) * 500)).count("warning: made-up") == 500


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("word", ["kpi:", "aht", "target", "stretch: 280", "neutral}"])
def test_a_long_line_is_cut_around_its_word(width: int, word: str) -> None:
    """The caret is below the word itself, and no line is wider than the page."""
    _, line, caret, *_ = shown(Findings((found(WIDE, word),)), width).splitlines()
    start, end = caret.index("^"), caret.rindex("^") + 1
    assert line[start:end] == word
    assert max(len(line), len(caret)) <= width
    assert ("…" in line) == (len(WIDE) + len("  8 | ") > width)


def cells(text: str) -> int:
    """Terminal cells, for the characters used here."""
    return sum(2 if "\u2e80" <= c <= "\uffef" else 0 if c == "\u0301" else 1 for c in text)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("name: {en: Agent, zh: 一线座席, fr: agent}", "fr"),
        ("name: {zh: 一线座席}", "一线座席"),
        ("片" * 90 + ": 1", "1"),
        ("cafe\u0301: wrong", "wrong"),
    ],
)
@pytest.mark.parametrize("width", [40, 80])
def test_the_caret_is_below_its_word_whatever_the_script(line: str, word: str, width: int) -> None:
    _, shown_line, caret, *_ = shown(Findings((found(line, word),)), width).splitlines()
    before = shown_line[: shown_line.rindex(word)]
    assert caret == f"    | {' ' * (cells(before) - 6)}{'^' * cells(word)}"
    assert cells(shown_line) <= width


def test_what_could_command_a_terminal_is_spelled_out() -> None:
    said = shown(Findings((found("a:\t\x1b[31mbad\u202e b", "bad", "It says \x1b]0;x."),)))
    assert said.splitlines()[1:4] == [
        r"  8 | a:    \x1b[31mbad\u202e b",
        "    |               ^^^",
        r"  It says \x1b]0;x.",
    ]


@pytest.mark.parametrize("width", [40, 80])
def test_chinese_sentences_are_folded_too(width: int) -> None:
    lines = (
        shown(Findings((found("a", "a", "权重之和是九十九，必须等于一百。" * 8),)), width)
        .split("\n\n")[0]
        .splitlines()[3:]
    )
    assert len(lines) > 2
    assert "".join(line.strip() for line in lines) == "权重之和是九十九，必须等于一百。" * 8
    assert all(width - 6 < cells(line) <= width for line in lines[:-1])
    assert not any(line.strip()[0] in "，。" for line in lines)


def test_colors_change_nothing_but_colors() -> None:
    with_color = shown(TWO, color=True)
    assert "\x1b[1;31merror\x1b[0m" in with_color
    assert re.sub(r"\x1b\[[\d;]*m", "", with_color) == shown(TWO)


def test_json_is_the_whole_of_it() -> None:
    assert json.loads(shown(TWO, form="json")) == {
        "schema": "ccmetrics.check/1",
        "version": VERSION,
        "summary": {
            "findings": 2, "files": 2, "error": 1, "warning": 0, "advice": 1,
            "allowed": 1, "left_out": 2, "kpis": 91, "cards": 10, "tests": 1, "tests_run": 1, "waiting": [],
        },
        "findings": [
            {
                "file": "kpis/speed.yaml", "line": 8, "column": 28, "end_column": 35,
                "severity": "error", "family": "references", "name": "unknown-name", "definition": ["kpis", "aht"],
                "text": "KPI 'aht' uses 'answerd', which is no measure. Did you mean 'answered'?",
                "mend": "Correct the name.", "excerpt": "    formula: handle_time / answerd", "allowed": None,
            },
            {
                "file": "targets.csv", "line": None, "column": None, "end_column": None,
                "severity": "advice", "family": "structure", "name": "made-up", "definition": [],
                "text": "It is empty.", "mend": None, "excerpt": None, "allowed": None,
            },
        ],
        "allowed": [
            {
                "file": "cards/pilot.yaml", "line": 3, "column": 1, "end_column": 5,
                "severity": "warning", "family": "cards", "name": "one-sided-mix", "definition": ["kpis", "aht"],
                "text": "It is so.", "mend": None, "excerpt": "kpis:",
                "allowed": "a pilot until 2027-03, agreed with all teams",
            },
        ],
    }  # fmt: skip


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_json_says_the_same_of_the_same_and_hides_nothing(form: str) -> None:
    odd = Findings((found("zh: 座席\u202e\ud83d", "zh", "'\x1b' is odd."),))
    assert shown(odd, 40, form) == shown(odd, 140, form)
    assert "\\u202e" in shown(odd, form=form) or form == "sarif"
    assert "\\u001b" in shown(odd, form=form)
    assert json.loads(shown(odd, form=form))


def test_github_gets_a_command_a_finding() -> None:
    assert shown(TWO, form="github") == (
        "::error file=kpis/speed.yaml,line=8,col=28,endColumn=35,title=unknown-name::"
        "KPI 'aht' uses 'answerd', which is no measure. Did you mean 'answered'?%0ATo mend: Correct the name.\n"
        "::notice file=targets.csv,title=made-up::It is empty.\n"
        "2 findings in 2 files: 1 error, 1 piece of advice; 1 allowed, 2 left out; 91 KPIs, 10 cards, 1 test\n"
    )


def test_no_text_ends_a_command_or_begins_another() -> None:
    odd = found("a", "a", "100% :: a,b\r\n::error::x\x1b", file="a,b:c%/\n::error::d.yaml")
    first, _ = shown(Findings((odd,)), form="github").splitlines()
    assert first == (
        "::warning file=a%2Cb%3Ac%25/%0A%3A%3Aerror%3A%3Ad.yaml,line=8,col=1,endColumn=2,title=made-up::"
        "100%25 :: a,b%0D%0A::error::x\\x1b"
    )


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_built_in_file_has_a_name_of_its_own(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is installed is nothing to anybody, and another place on every machine."""
    monkeypatch.chdir(tmp_path)
    ours = found("a", "a", file=str(builtin() / "cards" / "calls.yaml"))
    said = shown(Findings((ours,), (ours,)), 140, form)
    assert said.count("builtin:cards/calls.yaml") + said.count("builtin%3Acards/calls.yaml") == 1 + (form != "github")
    assert str(builtin()) not in said


def test_github_is_told_where_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    odd = found("a", "a", file=str(tmp_path / "there" / "k.yaml"))
    assert "file=../there/k.yaml," in shown(Findings((odd,)), form="github")
