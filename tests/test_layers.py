"""The table of the house: who may import whom, and which door a foreign package comes in by.

In: the source, read as syntax trees, and two commands run. Out: every import that goes up or sideways, or by no door.
Refuses to know: what any module does. A new module fails here until it has its row.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "ccmetrics"
NAME = PACKAGE.name

ROWS = """
problem units words following
tree period content write sequence
characters kinds evaluate expression structure
reader load
formula
catalogue
aggregate cells curve choose duplicates plan scorecard adjust
instants conditions supported
columns lines
typed screen
text_feed typed_feed
normalize
attach
group exclude subjects ends cycles reconcile
parts ground
contacts aftermath staffing verdicts scan assemble
journey attribution
derive measure
values score
judge
run
render
cli
__main__
"""
"""From the ground up. A module imports from the rows above its own; those of one row never each other."""

ROOMS = {
    "catalogue": """
        models cycles places
        routes read shape
        scope
        formula_checks
        measure_checks curve_checks adjust_checks table_checks kpi_checks
        card_checks
        layer checks
    """,
    "render": """
        look plain numbers words tidy
        page narrow
        beside csv json parquet
        detail leaderboard
        grid
        terminal
        formats
    """,
    "cli": """
        outcome options output conditions
        check list measure score
    """,
}
"""The same inside the three packages; a package's `__init__` is its door, and imports whatever it shows."""

DOORS = {
    "typer": {"cli"},
    "yaml": {"catalogue"},
    "pydantic": {"catalogue"},
    "pydantic_core": {"catalogue"},
    "sqlglot": {"formula"},
    "rich": {"render", "cli"},
}
WITHOUT_POLARS = {
    "problem", "units", "words", "tree", "period", "characters", "kinds", "evaluate", "reader", "formula", "catalogue",
    "plan", "write", "cli", "__init__", "__main__",
}  # fmt: skip
FOREIGN = {*DOORS, "polars"}
BARRED = {
    "pickle", "marshal", "shelve", "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "subprocess", "ctypes",
    "importlib.util", "requests", "numpy", "pandas", "pyarrow",
}  # fmt: skip
BARRED_CALLS = {"eval", "exec", "compile", "__import__"}
BARRED_METHODS = {"SQLContext", "sql", "sql_expr", "deserialize"}

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
assert MODULES


def name_of(path: Path) -> tuple[str, ...]:
    """`catalogue/models.py` is ('catalogue', 'models'); a package's own file is ('catalogue', '__init__')."""
    return path.relative_to(PACKAGE).with_suffix("").parts


KNOWN = {name_of(path) for path in MODULES}
IDS = ["/".join(name_of(path)) for path in MODULES]


def imports(path: Path) -> Iterator[tuple[str, ...]]:
    """Every import of a file, inside functions too, with what is only for type checking; submodules resolved."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            whole = tuple((node.module or "").split("."))
            for alias in node.names:
                inner = (*whole, alias.name)
                yield inner if inner[0] == NAME and is_module(inner[1:]) else whole


def is_module(parts: tuple[str, ...]) -> bool:
    return parts in KNOWN or (*parts, "__init__") in KNOWN


def own(path: Path) -> set[tuple[str, ...]]:
    return {found[1:] for found in imports(path) if found[0] == NAME and len(found) > 1}


def heights(rows: str) -> dict[str, int]:
    return {name: at for at, row in enumerate(rows.strip().splitlines()) for name in row.split()}


def upward(path: Path, targets: Iterable[str], me: str, rows: str) -> list[str]:
    height = heights(rows)
    return [f"{me} imports {name}" for name in sorted(set(targets)) if name != me and height[name] >= height[me]]


def test_every_module_has_its_row() -> None:
    """A new module is put where it belongs, and one that is gone leaves the table."""
    top = {name[0] for name in KNOWN} - {"__init__"}
    assert top == set(heights(ROWS))
    for room, rows in ROOMS.items():
        assert {name[1] for name in KNOWN if name[0] == room} - {"__init__"} == set(heights(rows)), room


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_imports_go_downward_only(path: Path) -> None:
    me, *inner = name_of(path)
    if me == "__init__":
        return
    assert upward(path, (target[0] for target in own(path)), me, ROWS) == []
    if inner and inner != ["__init__"]:
        beside = {target[1] for target in own(path) if target[0] == me and len(target) > 1 and target[1] != "__init__"}
        assert upward(path, beside, inner[0], ROOMS[me]) == []


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_foreign_packages_come_in_by_their_door(path: Path) -> None:
    me = name_of(path)[0]
    for first, *_ in imports(path):
        assert first == NAME or first in FOREIGN or first in sys.stdlib_module_names, f"{first}: no such dependency"
        assert first not in DOORS or me in DOORS[first], (
            f"{first} comes in by {' and '.join(sorted(DOORS[first]))} alone"
        )
        assert first != "polars" or me not in WITHOUT_POLARS, "this module works without polars"


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_nothing_runs_text_or_reaches_out(path: Path) -> None:
    found = {".".join(name) for name in imports(path)} | {name[0] for name in imports(path)}
    assert not found & BARRED
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    # A name imported from a module of our own is not the interpreter's.
    assert not {call.id for call in calls if isinstance(call, ast.Name)} & (BARRED_CALLS - given)
    assert not {call.attr for call in calls if isinstance(call, ast.Attribute)} & BARRED_METHODS


def test_only_the_run_knows_all_stages() -> None:
    """Load, normalize, derive, measure, score, judge meet in one place."""
    stages = {"load", "normalize", "derive", "measure", "score", "judge"}
    meets = {name_of(path): stages & {target[0] for target in own(path)} for path in MODULES}
    assert meets.pop(("run",)) == stages
    assert {name: found for name, found in meets.items() if len(found) > 2} == {}


def test_no_room_for_odds_and_ends() -> None:
    words = set(chain.from_iterable(name for name in KNOWN))
    assert not words & {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "tools"}


WITHOUT = """
import sys
sys.argv = ["ccmetrics", *{arguments!r}]
from ccmetrics.cli import main
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
loaded = sorted({{"polars"}} & set(sys.modules))
sys.stderr.write(f"code={{code}} loaded={{loaded}}")
"""


@pytest.mark.parametrize("arguments", [["--help"], ["score", "--help"], ["check"]], ids=" ".join)
def test_these_commands_start_without_polars(arguments: list[str]) -> None:
    """Half a second of importing, and CI runs `check` on every change."""
    program = WITHOUT.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PACKAGE.parent, capture_output=True, text=True, check=False
    )
    assert done.stderr.endswith("code=0 loaded=[]"), done.stderr[-2000:]
