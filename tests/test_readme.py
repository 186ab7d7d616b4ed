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
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ccmetrics.catalogue.models import Kpi
    from ccmetrics.rules import Rule

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
FILE = re.compile(r"```(?:yaml\n# |csv )(\S+)\n(.*?)```", re.S)
KPIS = re.compile(r"(?<=<!-- kpis -->\n).*?(?=<!-- /kpis -->)", re.S)
RULES = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- /rules -->)", re.S)
LAYOUTS = re.compile(r"(?<=<!-- layouts -->\n).*?(?=<!-- /layouts -->)", re.S)

REASONS = {
    "all-null", "below-min-n", "column-not-supplied", "cycle-not-scored", "denominator-zero", "goal-of-one-cycle",
    "goals-out-of-order",
    "held-by-red-line", "n-unknown", "no-goal", "no-pool-group", "no-rows", "no-values", "nobody-scored",
    "not-by-this-alone", "not-by-time", "not-covered", "not-judged", "not-listed", "not-present", "not-scored",
    "not-supplied", "pool-not-judged", "short-period", "table-not-supplied",
}  # fmt: skip
"""Why a value, an amount or a score is missing."""
ENCODINGS = {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"}
STEPS = {"values-only", "not-below-zero", "out-of-scope"}
REMARKS = {"linked-lines", "roster-own", "same-formulas", "told-together", "variants-star"}
GOALS = {"last-year-0", "last-year-amid", "no-last-year"}
OPTIONS = {"allow-rejects", "full-hash", "previous-actions"}
PHRASES = {
    "alarm-unwatched", "condition-lower", "condition-no-score", "condition-not-lower", "condition-not-met",
    "condition-unscored", "for-center", "red-line", "red-line-unjudged",
}  # fmt: skip
NO_PROBLEMS = REASONS | ENCODINGS | STEPS | REMARKS | GOALS | OPTIONS | PHRASES
"""Kebab-case words of the code outside `render` that name no problem."""


def text() -> str:
    return README.read_text(encoding="utf-8")


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a block, each with what is shown below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def section(title: str) -> str:
    """What stands below a heading, up to the next of its level, without what is shown as code."""
    level = title.split(" ")[0]
    prose = re.sub(r"^```.*?^```$", "", text(), flags=re.M | re.S)
    return re.split(rf"^#{{1,{len(level)}}} ", prose.split(f"\n{title}\n")[1], maxsplit=1, flags=re.M)[0]


def first_cells(table: str) -> list[str]:
    """The first cells of the rows below a heading, code marks apart."""
    cells = re.findall(r"^\| ([^|]+?) \|", table, re.M)[1:]
    return [name for cell in cells for name in cell.replace("`", "").split(", ")]


@cache
def place() -> Path:
    """A folder as the reader has it: the sample, and the files that the README shows."""
    folder = Path(tempfile.mkdtemp(prefix="readme-"))
    (folder / "sample_data").symlink_to(ROOT / "sample_data")
    for name, content in FILE.findall(text()):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def output(command: str) -> str:
    """What a command shows; with `2>&1` behind it, also what it says beside, and whether it refuses is its matter."""
    program, *words = shlex.split(command.removesuffix(" 2>&1"))
    assert program == "ccmetrics"
    is_whole = command.endswith(" 2>&1")
    done = subprocess.run(
        [sys.executable, "-m", "ccmetrics", *words],
        cwd=place(),
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if is_whole else subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert is_whole or done.returncode == 0, done.stderr
    return done.stdout


def kpi_sections() -> str:
    """A table a category, folded: name, direction, unit, levels, what it is, and how each variant counts."""
    from ccmetrics.catalogue import load_catalogue

    kpis = load_catalogue().kpis
    parts = []
    for category in dict.fromkeys(kpi.category for kpi in kpis.values()):
        own = {name: kpi for name, kpi in kpis.items() if kpi.category == category}
        head = f"<details><summary>{category.capitalize()}: {len(own)} KPIs</summary>\n"
        rows = [kpi_row(name, kpi) for name, kpi in own.items()]
        parts += ["", head, "| id | name | better | unit | levels | what it is |", "|---|---|---|---|---|---|", *rows]
        parts += ["", "</details>"]
    return "".join(f"{part}\n" for part in [*parts, ""])


def kpi_row(name: str, kpi: Kpi) -> str:
    told = [kpi.about.en, *(variant_line(kpi, variant) for variant in kpi.variants)]
    unit = "per 1,000" if kpi.display else kpi.unit
    cells = (f"`{name}`", f"{kpi.name.en}<br>{kpi.name.zh}", kpi.better, unit, ", ".join(kpi.level), "<br>".join(told))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def variant_line(kpi: Kpi, variant: str) -> str:
    """`of_all`: what it is; its unit and levels where they are not the KPI's."""
    own = kpi.variants[variant]
    name = f"**`{variant}`**" if variant == kpi.default else f"`{variant}`"
    other = "; ".join(filter(None, [own.unit or "", f"levels {', '.join(own.level)}" if own.level else ""]))
    return f"{name}{f' ({other})' if other else ''}{': ' if own.about else ''}{own.about.en}"


def layout_table() -> str:
    from ccmetrics.catalogue import load_catalogue

    rows = ["| layout | tables | what it reads |", "|---|---|---|"]
    for name, layout in load_catalogue().layouts.items():
        mark = " (experimental)" if layout.experimental else ""
        rows.append(f"| {name}{mark} | {', '.join(layout.tables)} | {' '.join(layout.about.split())} |")
    return "".join(f"{row}\n" for row in rows)


def rule_sections() -> str:
    """A heading a family, a heading a rule: why, how it is mended, YAML that breaks it and keeps it, the source."""
    from ccmetrics.rules import FAMILIES

    parts = []
    for family, rules in FAMILIES.items():
        names = ", ".join(f"[{rule.name}](#{rule.name})" for rule in rules)
        parts += [f"### Rules of {family}", names, *map(rule_section, rules)]
    return "".join(f"{part}\n\n" for part in parts if part)


def rule_names() -> list[str]:
    from ccmetrics.rules import RULES

    return list(RULES)


def rule_section(rule: Rule) -> str:
    from ccmetrics.rules import is_allowable

    grave = f"{rule.severity.capitalize()}{', may be allowed' * is_allowable(rule.name)}"
    says = f"*{grave}:* {rule.says}. {rule.why} *To mend:* {rule.mend} *Source:* {rule.source}."
    shown = f"# breaks it\n{rule.before}\n# keeps it\n{rule.after}"
    return f"#### {rule.name}\n\n{says}\n\n```yaml\n{shown}```"


def problem_names() -> set[str]:
    """Kebab-case words of the code, and the names in the expected outputs of broken definitions."""
    found = set()
    for path in (ROOT / "ccmetrics").rglob("*.py"):
        if "render" not in path.relative_to(ROOT).parts or path.stem == "narrow":
            tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            words = {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}
            found |= {word for word in words if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", word)}
    for path in (ROOT / "tests" / "catalogue" / "broken").glob("*/expected.txt"):
        found |= set(re.findall(r"^\S+: ([a-z]+(?:-[a-z0-9]+)+)$", path.read_text(encoding="utf-8"), re.M))
    return (found | {"unreadable", "preamble"}) - NO_PROBLEMS


def unhashed(page: str) -> str:
    """A page without the hashes of definitions and inputs, which change with every comment's worth of difference."""
    return re.sub(r"\b(definitions|inputs) [0-9a-f]{8}\b", r"\1 ...", page)


@pytest.mark.parametrize("block", BLOCK.findall(text()), ids=lambda block: str(block.split("\n")[0]))
def test_commands_print_what_is_shown(block: str) -> None:
    for command, shown in steps(block):
        assert unhashed(output(command)) == unhashed(shown)


def test_the_kpi_tables_are_those_of_the_definitions() -> None:
    found = KPIS.search(text())
    assert found is not None
    assert found[0] == kpi_sections()


def test_the_layout_table_is_that_of_the_definitions() -> None:
    found = LAYOUTS.search(text())
    assert found is not None
    assert found[0] == layout_table()


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("### The layout", "Layout"),
        ("### `file:`", "FileForm"),
        ("### `fold:`", "Fold"),
        ("### One cell of a folded row", "Take"),
        ("### A table of the layout", "LayoutTable"),
        ("### A column of the table", "Source"),
        ("### The project", "Project"),
        ("### The card", "Card"),
        ("### A line", "Line"),
        ("### A line linked to another card", "LinkedLine"),
        ("### A goal against last year", "LastYear"),
        ("### Goals by segment", "Segments"),
        ("### A bonus or deduction", "Amount"),
        ("### A coefficient", "Coefficient"),
        ("### A red line", "RedLine"),
        ("### A grade", "Grade"),
        ("### A distribution", "Distribution"),
        ("### Pay", "Pay"),
        ("### Shares of volume", "Shares"),
        ("### The watch list", "WatchList"),
        ("### An action", "Action"),
    ],
)
def test_every_declaration_has_its_row(title: str, model: str) -> None:
    from ccmetrics.catalogue import models

    fields = getattr(models, model).model_fields
    assert sorted(first_cells(section(title))) == sorted(field.alias or name for name, field in fields.items())


def test_every_reason_has_its_row() -> None:
    assert sorted(first_cells(section("### Why a value is missing"))) == sorted(REASONS)


def test_every_problem_has_its_row_and_every_row_its_problem() -> None:
    cells = re.findall(r"^\| ([a-z][a-z0-9, -]*) \|", section("## Problems"), re.M)
    listed = [name for cell in cells for name in cell.split(", ") if name != "name"]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) | set(rule_names()) == problem_names() | set(rule_names())


def test_every_rule_has_its_section() -> None:
    found = RULES.search(text())
    assert found is not None
    assert found[0] == rule_sections()
    assert re.findall(r"^#### (\S+)$", section("## Rules of the definitions"), re.M) == rule_names()


def test_severities_and_families_are_those_of_the_code() -> None:
    from ccmetrics import rules

    said = section("## Checking definitions")
    assert tuple(first_cells(said)[: len(rules.SEVERITIES)]) == rules.SEVERITIES
    assert re.findall(r"`(\w+)`", said.split("families ")[1].split(".")[0]) == list(rules.FAMILIES)


def test_ten_mistakes_of_one_file_are_told_at_ten_places() -> None:
    """Lines and columns counted by hand in the file that the README shows."""
    found = re.findall(r"^ten/hotline.yaml:(\d+:\d+): error: (\S+)$", output("ccmetrics check ten 2>&1"), re.M)
    assert found == [
        ("3:14", "unknown-time-zone"),
        ("5:54", "unknown-value"),
        ("6:55", "unknown-key"),
        ("7:52", "duplicate-key"),
        ("11:15", "bad-value"),
        ("26:27", "unknown-name"),
        ("35:14", "unit-mismatch"),
        ("42:1", "weights-not-100"),
        ("43:50", "curve-order"),
        ("44:11", "unknown-kpi"),
    ]


def test_exit_codes_are_those_of_the_code() -> None:
    from ccmetrics.cli.conditions import MET
    from ccmetrics.cli.outcome import BUG, INTERRUPTED
    from ccmetrics.problem import DataRefused, DefinitionsRefused, FileFailed, UsageRefused

    kinds = (UsageRefused, DataRefused, DefinitionsRefused, FileFailed)
    codes = [0, MET, *(kind.exit_code for kind in kinds), BUG, INTERRUPTED]
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", section("## Exit codes"), re.M)] == codes


def test_the_columns_are_those_of_the_files() -> None:
    from ccmetrics.render import tidy

    files = section("## Files for programs")
    assert set(first_cells(files.split("\n### ")[0])) == set(tidy.SCORE)
    measured = re.search(r"the `--by` columns, then ([a-z, ]+)\.", files)
    assert measured is not None
    assert measured[1].split(", ") == [*tidy.MEASURE, "schema"]


def rewritten() -> str:
    def block(match: re.Match[str]) -> str:
        shown = "".join(f"$ {command}\n{output(command)}" for command, _ in steps(match[1]))
        return f"```console\n{shown}```"

    shown = KPIS.sub(lambda _: kpi_sections(), BLOCK.sub(block, text()))
    shown = LAYOUTS.sub(lambda _: layout_table(), shown)
    return RULES.sub(lambda _: rule_sections(), shown)


def test_the_test_of_a_card_is_the_starter_s_own() -> None:
    own = (ROOT / "ccmetrics" / "starter" / "tests.yaml").read_text(encoding="utf-8")
    assert f"```yaml\ntests:\n{own.partition('tests:' + chr(10))[2]}```" in text()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    README.write_text(rewritten(), encoding="utf-8")
