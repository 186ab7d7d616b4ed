"""The README is true: its commands run and print what it shows, its tables are those of the code.

`python tests/test_readme.py` writes what is generated in it anew.

In: README.md, the built-in definitions, the sample. Out: pass or fail.
Refuses to know: how any of it works.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
YAML = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.S)
KPIS = re.compile(r"(?<=<!-- kpis -->\n).*?(?=<!-- /kpis -->)", re.S)

NO_PROBLEMS = {
    # why a value or score is missing
    "all-null", "below-min-n", "column-not-supplied", "denominator-zero", "n-unknown", "no-rows", "no-values",
    "not-by-time",
    "not-covered", "not-judged", "not-present", "not-supplied", "short-period", "table-not-supplied", "values-only",
    # others
    "ccmetrics-cli", "utf-8", "utf-8-sig",
}  # fmt: skip
"""Kebab-case words of the code outside `render` that name no problem."""


def text() -> str:
    return README.read_text(encoding="utf-8")


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with what is shown below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def commands() -> list[tuple[str, str]]:
    return [step for block in BLOCK.findall(text()) for step in steps(block)]


@cache
def place() -> Path:
    """A folder as the reader has it: the sample, and the YAML of the README."""
    folder = Path(tempfile.mkdtemp(prefix="readme-"))
    (folder / "sample_data").symlink_to(ROOT / "sample_data")
    for name, content in YAML.findall(text()):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def output(command: str) -> str:
    program, *words = shlex.split(command)
    assert program == "ccmetrics"
    done = subprocess.run(
        [sys.executable, "-m", "ccmetrics", *words],
        cwd=place(),
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kpi_table() -> str:
    from ccmetrics.catalogue import load_catalogue

    rows = ["| id | name | | unit | better | variants |", "|---|---|---|---|---|---|"]
    for name, kpi in load_catalogue().kpis.items():
        variants = ", ".join(f"**{one}**" if one == kpi.default else one for one in kpi.variants)
        rows.append(f"| {name} | {kpi.name.en} | {kpi.name.zh} | {kpi.unit} | {kpi.better} | {variants} |")
    return "".join(f"{row}\n" for row in rows)


def problem_names() -> set[str]:
    """Kebab-case words of the code, and the names in the expected outputs of broken definitions."""
    found = set()
    for path in (ROOT / "ccmetrics").rglob("*.py"):
        if path.parent.name != "render" or path.stem == "narrow":
            tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            words = {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}
            found |= {word for word in words if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", word)}
    for path in (ROOT / "tests" / "catalogue" / "broken").glob("*/expected.txt"):
        found |= set(re.findall(r"^\S+: ([a-z]+(?:-[a-z0-9]+)+)$", path.read_text(encoding="utf-8"), re.M))
    return (found | {"unreadable"}) - NO_PROBLEMS


@pytest.mark.parametrize(("command", "shown"), commands(), ids=[command for command, _ in commands()])
def test_commands_print_what_is_shown(command: str, shown: str) -> None:
    assert output(command) == shown


def test_the_kpi_table_is_that_of_the_definitions() -> None:
    found = KPIS.search(text())
    assert found is not None
    assert found[0] == kpi_table()


def test_every_problem_has_its_row_and_every_row_its_problem() -> None:
    section = text().split("\n## Problems\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| ([a-z][a-z0-9, -]*) \|", section, re.M)
    listed = [name for cell in cells for name in cell.split(", ") if name != "name"]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == problem_names()


def test_exit_codes_are_those_of_the_code() -> None:
    from ccmetrics.cli.conditions import MET
    from ccmetrics.cli.outcome import BUG, INTERRUPTED
    from ccmetrics.problem import DataRefused, DefinitionsRefused, FileFailed, UsageRefused

    section = text().split("\n## Exit codes\n")[1].split("\n## ")[0]
    kinds = (UsageRefused, DataRefused, DefinitionsRefused, FileFailed)
    codes = [0, MET, *(kind.exit_code for kind in kinds), BUG, INTERRUPTED]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", section, re.M)] == codes


def test_the_columns_are_those_of_the_files() -> None:
    from ccmetrics.render import tidy

    section = text().split("\n## Files for programs\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([a-z_, ]+) \|", section, re.M)[1:]
    assert {name for row in rows for name in row.split(", ")} == set(tidy.SCORE)
    measured = re.search(r"the `--by` columns, then ([a-z, ]+)\.", section)
    assert measured is not None
    assert measured[1].split(", ") == [*tidy.MEASURE, "schema"]


def rewritten() -> str:
    def block(match: re.Match[str]) -> str:
        shown = "".join(f"$ {command}\n{output(command)}" for command, _ in steps(match[1]))
        return f"```console\n{shown}```"

    return KPIS.sub(lambda _: kpi_table(), BLOCK.sub(block, text()))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    README.write_text(rewritten(), encoding="utf-8")
