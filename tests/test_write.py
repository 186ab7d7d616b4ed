"""Files are whole or not there: killed, interrupted, on a full disk, without permission."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from ccmetrics.problem import FileFailed
from ccmetrics.write import check, write

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = ["csv", "json", "parquet", "txt"]
OLD = b"old and whole\n"

SLOW = """
import sys, time
from pathlib import Path
from ccmetrics.write import write
def slowly(file):
    for _ in range(1000):
        file.write(b"new " * 1000)
        file.flush()
        print("wrote", flush=True)
        time.sleep(0.02)
write({Path(sys.argv[1]): slowly}, force=True)
"""

SMALL_DISK = """
import resource, sys
from pathlib import Path
from ccmetrics.problem import FileFailed
from ccmetrics.write import write
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write({Path(sys.argv[1]): b"small", Path(sys.argv[2]): b"new " * 10_000}, force=True)
except FileFailed as refused:
    print(refused)
    raise SystemExit(refused.exit_code)
"""


def names(refused: pytest.ExceptionInfo[FileFailed]) -> list[str]:
    return [problem.name for problem in refused.value.problems]


def test_what_was_given_is_there(tmp_path: Path) -> None:
    write({tmp_path / "a.csv": b"a", tmp_path / "b.json": lambda file: file.write(b"b")})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.csv": b"a", "b.json": b"b"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_killed_run_leaves_the_old_file(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"report.{suffix}"
    target.write_bytes(OLD)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(target)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    ) as child:
        assert child.stdout is not None
        for _ in range(3):
            assert child.stdout.readline() == b"wrote\n"
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    assert target.read_bytes() == OLD
    left = [path.name for path in tmp_path.iterdir() if path != target]
    assert all(name.startswith(f".report.{suffix}.") and name.endswith(".tmp") for name in left)


def test_an_interrupted_run_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "report.csv"
    target.write_bytes(OLD)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(target)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == b"wrote\n"
        time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=20)
    assert child.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    assert target.read_bytes() == OLD


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_on_a_full_disk_every_file_stays_as_it_was(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"first.{suffix}", tmp_path / f"second.{suffix}"
    first.write_bytes(OLD)
    second.write_bytes(OLD)
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(first), str(second)], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert done.stdout == f"{second}: output-failed\n  It cannot be written: File too large.\n"
    assert (first.read_bytes(), second.read_bytes()) == (OLD, OLD)
    assert len(list(tmp_path.iterdir())) == 2


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write({tmp_path / "a.csv": b"a", tmp_path / "b.csv": broken})
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(OLD)
    with pytest.raises(FileFailed) as refused:
        write({target: b"new"})
    assert str(refused.value) == f"{target}: output-exists\n  It is there already. Say --force to replace it."
    assert target.read_bytes() == OLD
    write({target: b"new"}, force=True)
    assert target.read_bytes() == b"new"


def test_an_input_is_never_replaced_by_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    export = folder / "calls.csv"
    export.write_bytes(OLD)
    link, hard = tmp_path / "link.csv", tmp_path / "hard.csv"
    link.symlink_to(export)
    hard.hardlink_to(export)
    for target in (export, link, hard, folder / ".." / "exports" / "calls.csv"):
        for given in (export, folder):
            with pytest.raises(FileFailed) as refused:
                write({target: b"new"}, force=True, inputs=[given])
            assert names(refused) == ["output-is-input"], (target, given)
    assert export.read_bytes() == OLD


def test_nothing_is_left_among_the_exports_to_be_read_next_time(tmp_path: Path) -> None:
    with pytest.raises(FileFailed) as refused:
        check([tmp_path / "scores.csv"], inputs=[tmp_path])
    assert names(refused) == ["output-among-exports"]
    check([tmp_path / "scores.json"], inputs=[tmp_path])


def test_all_obstacles_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileFailed) as refused:
        check([tmp_path, tmp_path / "no" / "a.csv", tmp_path / "b.csv", tmp_path / "." / "b.csv"])
    assert sorted(names(refused)) == ["output-no-file", "output-no-folder", "output-twice"]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(OLD)
    real.chmod(0o640)
    link.symlink_to(real)
    write({link: b"new"}, force=True)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_a_file_problem(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FileFailed) as refused:
            write({tmp_path / "a.csv": b"a"})
    finally:
        tmp_path.chmod(0o700)
    assert names(refused) == ["output-failed"]
    assert refused.value.exit_code == 5


def test_a_file_system_that_refuses_is_a_file_problem() -> None:
    """/proc takes no new files, whoever asks."""
    with pytest.raises(FileFailed) as refused:
        write({Path("/proc/a.csv"): b"a"})
    assert names(refused) == ["output-failed"]
