"""The table of the house: who may import whom, and which door a foreign package comes in by.

In: the source, read as syntax trees, and two commands run. Out: every import that goes up or sideways, or by no door.
Refuses to know: what any module does. A new module fails here until it has its row.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "ccmetrics"
NAME = PACKAGE.name

ROOMS = {
    "": """
        problem version rules notice
        period write formula account finding
        catalogue expression seal manifest swap
        scorecard plan sheet
        explanation
        stages comparison
        run
        examine
        render door
        cli
        __init__ __main__
    """,
    "rules": """
        rule
        files structure references paths layouts formulas sense kpis
        cards goals mix lines earnings idle adjusted roles tests people data
        __init__
    """,
    "catalogue/lint": """
        scored told earned blank
        formulas rows values kpis parameters unused balance twice cards idle adjusted goals roles
        __init__
    """,
    "formula": """
        words units
        tree
        characters kinds evaluate conditions
        reader certain
        __init__
    """,
    "catalogue": """
        models cycles places segments
        routes read shape facets separated
        targets
        folder scope uses
        ranges roles
        natural
        range_checks
        attainable
        expanded allows formulas formula_checks difference expected
        certainty asked measure_checks curve_checks goal_checks adjust_checks
        table_checks layout_checks reading_checks kpi_checks
        card_checks earnings_checks card_test_rows
        card_test_checks
        layer checks dump
        lint schema_rules usage
        schema entries
        sought
        __init__
    """,
    "catalogue/models": """
        parts
        curves project tables kpis layouts
        earnings
        cards tests
        __init__
    """,
    "plan": """
        ask
        cards columns
        __init__
    """,
    "run": """
        supply card_notices against periods since
        cards actions
        movement explain
        __init__ compare figures
        seal rehearsal data_checks
    """,
    "run/against": """
        held
        goals lines bands people
        __init__
    """,
    "stages": """
        __init__ load facts
        normalize
        world inspect
        derive
        measure
        gather score
        judge follow explain
        act
    """,
    "stages/explain": """
        listing curve steps
        rows
        worths
        __init__
    """,
    "stages/judge": """
        apart needed proof
        grades ranks
        distribution pay shares progression course
        __init__
    """,
    "stages/follow": """
        chance kinds
        changes
        trends alarms progress
        pooled
        __init__
    """,
    "stages/act": """
        before proof
        __init__
    """,
    "stages/load": """
        raw recognize
        find encoding unpack serials quotes flatten
        content sheets
        workbook json_lines separator requote records
        tabs dialect
        misfits footer
        structure
        excel delimited parquet
        __init__
    """,
    "stages/normalize": """
        cells feed formats ticks written
        zones numbers conditions duplicates rates identity spelling
        instants fold rejects tolerance orders
        durations choose
        columns
        fitting typed screen scales
        take
        text_column
        totals
        ways
        text_feed typed_feed
        settle
        __init__
    """,
    "stages/inspect": """
        forms
        columns
        suspicions fitting draft
        __init__
    """,
    "stages/world": """
        __init__
        ends cycles exclude lookalike reconcile
        span
        workdays
        presence
        subjects
        people
    """,
    "stages/derive": """
        following ground
        sequence contacts aftermath staffing verdicts
        journey attribution
        __init__
    """,
    "stages/measure": """
        aggregate group
        spread routes
        parts
        scan assemble passes
        silence
        __init__
        intervals
        values
    """,
    "stages/score": """
        rounding
        curve interval effective longer pool policies last_year
        adjust supported
        windows
        goals
        lines
        __init__
        linked nets
    """,
    "render": """
        __init__ look plain written numbers dates
        board_words sheet_words listing_words candor_words seal_words comparison_words
        audience_words explanation_words page_words html_words sparkline file_names folder_words
        workbook_words notice_words notice_words_of_data
        findings_words charts
        words findings_json github sarif
        named
        tidy in_force evidence
        curves
        anonymous public
        page narrow
        audience
        told
        among listing
        sheet findings_text board
        beside compared explanation_below explanation_rows
        explanation_curve through_time candor steps csv json parquet
        below
        detail leaderboard inspection actions restatement
        grid signatures explanation_tree
        terminal
        workbook markdown html
        formats findings comparison_page comparison_markdown explanation summary
        comparison collection run_log
        index_page
    """,
    "render/charts": """
        items palette drawing paths
        axes
        spark distribution cycles shares
        bullet
        __init__
    """,
    "render/html": """
        anchors paper head grid
        figures definitions
        ranking subject overview
        __init__
    """,
    "render/workbook": """
        cells paper
        book
        cards frames behind
        __init__
    """,
    "cli": """
        outcome options output conditions
        reading archive sharing
        reports
        check init inspect list schema measure score verify compare explain
        __init__
    """,
}
"""A room is a package. From the ground up: what stands in a row imports from the rows above its own in this list, never
from its own; and a room as a whole from the rooms of the rows above. A room's `__init__` has a row like any other file.
"""

UPWARD: dict[tuple[str, ...], str] = {}

DOORS = {
    "typer": "cli",
    "yaml": "catalogue",
    "pydantic": "catalogue",
    "pydantic_core": "catalogue",
    "sqlglot": "formula",
    "rich": "render cli",
    "defusedxml": "stages",
    "openpyxl": "",
    "jinja2": "render",
    "markupsafe": "render",
    "vl_convert": "render",
    "xlsxwriter": "render",
    "polars": "expression scorecard explanation comparison stages run render door",
}
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
    """The files of the house that a file imports."""
    found = {parts[1:] for parts in imports(path) if parts[0] == NAME}
    return {parts if parts in KNOWN else (*parts, "__init__") for parts in found}


def heights(room: str) -> dict[str, int]:
    return {name: at for at, row in enumerate(ROOMS[room].strip().splitlines()) for name in row.split()}


def is_below(target: tuple[str, ...], me: tuple[str, ...]) -> bool:
    """By the rows of the smallest room that holds both."""
    depth = next(n for n, (one, other) in enumerate(zip(target, me, strict=False)) if one != other)
    height = heights("/".join(me[:depth]))
    return height[target[depth]] < height[me[depth]]


def test_everything_has_its_row() -> None:
    """A new file is put where it belongs, and one that is gone leaves the table."""
    rooms = {"/".join(name[:-1]) for name in KNOWN}
    assert rooms == set(ROOMS)
    for room in ROOMS:
        depth = len(room.split("/")) if room else 0
        inside = {name[depth] for name in KNOWN if "/".join(name[:depth]) == room}
        assert inside == set(heights(room)), room


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_imports_go_downward_only(path: Path, request: pytest.FixtureRequest) -> None:
    me = name_of(path)
    if me in UPWARD:
        request.applymarker(pytest.mark.xfail(strict=True, reason=UPWARD[me]))
    assert sorted("/".join(target) for target in own(path) if target != me and not is_below(target, me)) == []


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_foreign_packages_come_in_by_their_door(path: Path) -> None:
    me = name_of(path)[0]
    for first in {name[0] for name in imports(path)} - {NAME}:
        assert first in DOORS or first in sys.stdlib_module_names, f"{first} is no dependency"
        assert first not in DOORS or me in DOORS[first].split(), f"{first} comes in by {DOORS[first]}"


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
    """Load, normalize, derive, measure, score, judge meet in one place; and nothing below it knows a stage."""
    stages = {"load", "normalize", "derive", "measure", "score", "judge"}
    meets = {name_of(path): {target[1] for target in own(path) if target[0] == "stages"} & stages for path in MODULES}
    assert set().union(*(meets.pop(name) for name in list(meets) if name[0] == "run")) == stages
    outside = {name: found for name, found in meets.items() if name[0] not in ("stages", "render", "cli") and found}
    assert outside == {}
    # `inspect` reads an export in earnest, as a run would.
    inside = {n: found - {n[1]} for n, found in meets.items() if n[0] == "stages" and n[1] != "inspect"}
    assert {name: found for name, found in inside.items() if len(found) > 1} == {}


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
