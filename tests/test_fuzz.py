"""Damaged exports of every format are read or refused: some thousands of the files of `fuzz_exports.py`.

In: seeds. Out: pass or fail, with the seed that shows it. Refuses to know: what a file should be read as.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fuzz_exports

CORRECT = fuzz_exports.own() + fuzz_exports.samples()


@pytest.mark.parametrize("export", CORRECT, ids=[f"{at} {export.name}" for at, export in enumerate(CORRECT)])
def test_what_is_damaged_was_correct(tmp_path: Path, export: fuzz_exports.Export) -> None:
    """Else all damage would meet the first check there is, and none of the others."""
    path = tmp_path / export.name
    path.write_bytes(export.packed(export.content))
    assert fuzz_exports.read(path)


def test_a_seed_is_one_file() -> None:
    assert fuzz_exports.file_of(4711, fuzz_exports.exports()) == fuzz_exports.file_of(4711, fuzz_exports.exports())


def test_damaged_files_are_read_or_refused() -> None:
    done, taken, failed = fuzz_exports.run(20_000, 0, seconds=12)
    assert failed == []
    assert done > 200
    assert 0.05 * done < taken < 0.7 * done


@pytest.mark.slow
def test_twenty_thousand_files_in_a_minute() -> None:
    done, _, failed = fuzz_exports.run(20_000, 0, seconds=60)
    assert failed == []
    assert done == 20_000
