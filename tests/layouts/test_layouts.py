"""Every built-in layout, held against a made-up export of its system and the canonical rows read off it by hand.

In: folders named after layouts: `sample*` (one export, perhaps in several spellings that all mean the same rows),
`expected.<table>.csv` for every table it feeds, and perhaps `expected.notices.txt`, whose lines must all be said.
Out: pass or fail. Refuses to know: how the product reads anything; the expected rows were never its output.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from ccmetrics.catalogue import Catalogue, load_catalogue
from ccmetrics.catalogue.models import Table
from ccmetrics.stages.load import Raw, load_all
from ccmetrics.stages.normalize import Supplied, normalize
from ccmetrics.stages.normalize.choose import feeds

HERE = Path(__file__).parent
CONFIGS = HERE.parents[1] / "configs" / "layouts"
FOLDERS = sorted(path for path in HERE.iterdir() if path.is_dir() and list(path.glob("sample*")))
SAMPLES = [sample for folder in FOLDERS for sample in sorted(folder.glob("sample*"))]
TRUTH = {"true": True, "false": False}


@cache
def definitions() -> Catalogue:
    return load_catalogue()


def loaded(sample: Path, notices: list[str]) -> list[Raw]:
    catalogue = definitions()
    return load_all([sample], notices, catalogue.layouts, catalogue.project.layouts)


def test_every_layout_has_a_sample_and_every_sample_a_layout() -> None:
    assert [folder.name for folder in FOLDERS] == sorted(path.stem for path in CONFIGS.glob("*.yaml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_becomes_the_rows_written_by_hand(sample: Path) -> None:
    said: list[str] = []
    raws = loaded(sample, said)
    chosen = {feed.layout.layout if feed.layout else None for feed in feeds(raws, definitions(), [])}
    assert chosen == {sample.parent.name}
    found = normalize(raws, definitions())
    expected = {path.stem.removeprefix("expected."): path for path in sample.parent.glob("expected.*.csv")}
    assert set(found.tables) == set(expected)
    for name, path in expected.items():
        compare(found.tables[name], path, definitions().tables[name])
    assert all(account.balances for account in found.accounts)
    said += found.notices
    is_doubted = any("is experimental" in notice for notice in said)
    assert is_doubted is definitions().layouts[sample.parent.name].experimental
    for line in promised(sample.parent):
        assert any(line in notice for notice in said), f"nobody said: {line}"


def promised(folder: Path) -> list[str]:
    path = folder / "expected.notices.txt"
    return path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []


def compare(found: Supplied, path: Path, table: Table) -> None:
    """Cell by cell, in file order; columns that a default fills were not supplied."""
    header, *lines = csv.reader(path.read_text(encoding="utf-8").splitlines(), strict=True)
    assert sorted(header) == sorted(found.columns - found.filled), path.name
    rows = found.frame.collect()
    assert (found.rows, rows.height) == (len(lines), len(lines)), path.name
    for column, texts in zip(header, zip(*lines, strict=True), strict=True):
        cells = [canonical(text, table.columns[column].type) for text in texts]
        for row, (is_there, should) in enumerate(zip(rows[column].to_list(), cells, strict=True), 1):
            same = abs(is_there - should) <= 1e-6 if both_numbers(is_there, should) else is_there == should
            assert same, f"{path.name}, row {row}, {column}: {is_there!r} should be {should!r}"


def both_numbers(one: object, other: object) -> bool:
    return isinstance(one, float) and isinstance(other, float)


def canonical(text: str, kind: str) -> object:
    """A cell of an expected file as the value it stands for; an empty one is no value."""
    if not text:
        return None
    if kind == "flag":
        return TRUTH[text]
    if kind in ("duration", "number", "money", "percent", "rating"):
        return float(text)
    if kind == "datetime":
        return datetime.fromisoformat(text)
    return date.fromisoformat(text) if kind == "date" else text
