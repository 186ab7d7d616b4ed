"""What the code can say of definitions is a rule, every rule is said somewhere, and each has its exact words in a test.

In: the source, read as syntax trees; the rules; the cases beside this file. Out: pass or fail.
Refuses to know: how anything is checked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ccmetrics.rules import FAMILIES, RULES

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "ccmetrics"
NAME = re.compile(r"[a-z]+(-[a-z0-9]+)+")
NO_PROBLEMS = {"values-only", "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"}
OF_RUNS = {"bad-dimension"}
"""Asked for on the command line, and held against the definitions."""
WITHOUT_A_FILE = {"no-definitions", "unreadable-file", "yaml-size"}
"""Said in test_folder.py: there is no file of theirs that could lie here."""


def said_in(*folders: str) -> set[str]:
    """Kebab-case words of modules, and what `unknown(path, "kpi", ...)` makes of its second word."""
    return {word for folder in folders for path in (PACKAGE / folder).rglob("*.py") for word in _words(path)}


def _words(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
            yield node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "unknown":
            words = ast.walk(tree) if isinstance(node.args[1], ast.Name) else node.args[1:2]
            yield from (f"unknown-{word.value}" for word in words if isinstance(word, ast.Constant))


@cache
def shown() -> set[str]:
    """Names that some expected text beside this file has."""
    files = [*(HERE / "broken").glob("*/expected.txt"), *(HERE / "linted").glob("*/expected.txt")]
    heads = re.compile(r"^\S+: ([a-z]+(?:-[a-z0-9]+)+)$", re.M)
    return {name for path in files for name in heads.findall(path.read_text(encoding="utf-8"))}


def test_what_is_said_of_definitions_is_a_rule() -> None:
    said = {word for word in said_in("catalogue", "formula") if not word.startswith("unknown-")} | shown()
    assert sorted(said - set(RULES) - NO_PROBLEMS - OF_RUNS) == []


def test_every_rule_is_said_somewhere() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"rules", "render", "__pycache__"}
    assert sorted(set(RULES) - said_in(*folders)) == []


def test_every_rule_has_its_exact_words() -> None:
    elsewhere = {rule.name for family in ("tests", "data") for rule in FAMILIES[family]}
    assert sorted(set(RULES) - shown() - WITHOUT_A_FILE - elsewhere) == []
    beside = (HERE / "test_folder.py").read_text(encoding="utf-8")
    assert all(f": {name}\\n" in beside for name in WITHOUT_A_FILE)


def test_what_is_no_error_has_its_folder() -> None:
    lints = {rule.name for family in FAMILIES if family != "data" for rule in FAMILIES[family]}
    lints = {name for name in lints if RULES[name].severity != "error"}
    assert sorted(lints - {path.name for path in (HERE / "linted").iterdir()}) == []


def test_a_name_is_of_one_rule() -> None:
    every = [rule.name for rules in FAMILIES.values() for rule in rules]
    assert sorted(every) == sorted(set(every))
