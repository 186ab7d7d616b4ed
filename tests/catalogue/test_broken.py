"""One broken YAML a name of a problem: the folder is laid over the whole definitions, and says what is expected."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccmetrics.catalogue import load, load_catalogue, problems_of
from ccmetrics.problem import DefinitionsRefused

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "broken").iterdir() if path.is_dir())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_whole_definitions_have_no_problem(folder: Path) -> None:
    assert problems_of(load(folder)) == []
    assert list(load_catalogue(folder).cards) == ["agent"]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_broken_definitions_say_where_and_why(case: Path, folder: Path) -> None:
    shutil.copytree(case, folder, dirs_exist_ok=True)
    problems = problems_of(load(Path()))
    assert "\n".join(map(str, problems)) + "\n" == (case / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_caret_stands_below_the_word_the_message_means(case: Path) -> None:
    """Independent of how places are computed: the word between the quotes of the sentence is the one underlined."""
    said = (case / "expected.txt").read_text(encoding="utf-8").split("\n")
    for line, caret, text in zip(said, said[1:], said[2:], strict=False):
        if set(caret.partition("|")[2].strip()) == {"^"} and ("uses '" in text or "names '" in text):
            word = text.split("uses '" if "uses '" in text else "names '")[1].split("'")[0]
            start = caret.index("^")
            assert line[start : start + caret.count("^")] == word


def test_all_problems_are_raised_at_once(folder: Path) -> None:
    shutil.copytree(HERE / "broken" / "several", folder, dirs_exist_ok=True)
    with pytest.raises(DefinitionsRefused) as refused:
        load_catalogue(folder)
    assert [problem.name for problem in refused.value.problems] == [
        "unknown-name",
        "wrong-type",
        "bad-value",
        "duplicate-key",
        "bad-value",
        "unknown-name",
        "one-sided-mix",
        "weights-not-100",
        "curve-order",
    ]
    assert refused.value.exit_code == 4
