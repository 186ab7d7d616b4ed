"""One unwise YAML a rule that is no error: the folder is laid over the whole definitions, and says what is expected.

`expected.txt` holds every finding of the rule that the folder is named after, as text with its place, and then how to
mend it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccmetrics.examine import examine

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "linted").iterdir() if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_unwise_definitions_say_where_and_why(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(HERE / "whole", tmp_path, dirs_exist_ok=True)
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    found = [each for each in examine(Path()).standing if each.problem.name == case.name]
    said = "".join(f"{each.problem}\n  {each.mend}\n" for each in found)
    assert said == (case / "expected.txt").read_text(encoding="utf-8")
