"""The command as a process: what it imports, closed pipes, full devices, signals, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
COMMAND = [sys.executable, "-m", "ccmetrics"]

WATCHED = """
import sys
from ccmetrics.cli import app
try:
    app(sys.argv[1:], prog_name="ccmetrics")
except SystemExit as ended:
    print("polars" in sys.modules, ended.code)
"""


@pytest.mark.parametrize("words", [["--help"], ["score", "--help"], ["check"], ["list", "kpis", "aht"], ["schema"]])
def test_polars_is_not_imported_without_need(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", WATCHED, *words], env=ENV, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False 0", done.stderr


def test_help_does_not_load_what_reads_definitions() -> None:
    code = WATCHED.replace('"polars"', '"pydantic"')
    done = subprocess.run([sys.executable, "-c", code, "--help"], env=ENV, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False 0", done.stderr


def test_a_reader_who_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [*COMMAND, "list", "measures"], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        said = child.stderr.read()
    assert (child.returncode, said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_device_is_a_file_problem() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "list", "cards"], env=ENV, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 5
    assert done.stderr == "standard output: output-failed\n  It cannot be written: No space left on device.\n"


def test_text_is_utf8_whatever_the_locale() -> None:
    plain = {**ENV, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*COMMAND, "list", "cards", "--lang", "zh"], env=plain, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "一线座席" in done.stdout.decode()


def test_an_interrupt_says_so_and_nothing_else() -> None:
    code = "import ccmetrics.catalogue as c, time\nc.load = lambda config: (print('now', flush=True), time.sleep(20))\n"
    code += "import sys\nfrom ccmetrics.cli import main\nsys.argv = ['ccmetrics', 'check', '-q']\nmain()\n"
    with subprocess.Popen(
        [sys.executable, "-c", code], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"now\n"
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20)
    assert (child.returncode, said) == (130, b"ccmetrics: interrupted\n")


@pytest.mark.parametrize("variable", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}])
def test_a_pipe_never_gets_colors(variable: dict[str, str]) -> None:
    done = subprocess.run([*COMMAND, "list", "cards"], env={**ENV, **variable}, capture_output=True)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
