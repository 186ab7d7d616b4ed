"""`ccmetrics check`: everything wrong or unwise about the definitions.

In: the command line. Out: findings on standard output or in files, and an exit code that stops a pull request.
Refuses to know: what can be wrong, how it is told. Imports no polars without data or tests.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from ccmetrics import write
from ccmetrics.cli import output
from ccmetrics.cli.conditions import MET
from ccmetrics.cli.options import Config, Force, Period, Quiet, parted
from ccmetrics.finding import Findings, finding
from ccmetrics.problem import FileFailed, Place, Problem, UsageRefused
from ccmetrics.render.look import Look

SUFFIXES = {".txt": "text", ".json": "json", ".sarif": "sarif"}

UNNAMED = "No folder was named: the built-in definitions are checked. For this one: ccmetrics check ."
"""Told first: `no problems` would be taken for a word about the folder that the command is called in."""

WORDS = "names of rules, of families (cards, formulas ...) or severities, with commas between; repeatable."


def check(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="A folder of definitions; else the built-in ones.")
    ] = None,
    folder: Config = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="PATH", help="Exports to hold the definitions against; repeatable."),
    ] = None,
    period: Period = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="LIST", help=f"Tell only these: {WORDS}")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="LIST", help="Tell none of these, though selected.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings and advice fail, too.")] = False,
    form: Annotated[
        Literal["text", "json", "sarif", "github"] | None,
        typer.Option("--format", help="What goes to standard output: text unless there is an --out."),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", metavar="FILE", help="Write to a .txt, .json or .sarif file; repeatable."),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> int:
    """Everything wrong or unwise about the definitions.

    Each with its file, line and column, and how to mend it. Ends with code 1 if there is an error, with --strict if
    there is anything; what an `allow` in the definitions gives a reason for does not count.
    """
    config = _one(config, folder)
    inputs = [*([config] if config else []), *(data or ())]
    wish = output.plan(out, form, force, inputs, quiet, SUFFIXES)
    wish.note("" if config else UNNAMED)
    with output.progress(wish, "Reading, checking"):
        from ccmetrics.examine import examine
        from ccmetrics.render.findings import FORMATS
        from ccmetrics.render.findings_words import summary

        try:
            found = examine(config, data=data or (), period=period, select=parted(select), ignore=parted(ignore))
        except FileFailed as failed:
            # A pull request shows what is in the file; without one it would show that there is none.
            _write(wish, Findings(tuple(map(finding, failed.problems))), force)
            raise
    _write(wish, found, force)
    screen = FORMATS[wish.shown](found, output.look("en")) if wish.shown else b""
    if not wish.shown:
        wish.note(summary(found))
    _seen(screen)
    return MET if found.fails(strict) else 0


def _write(wish: output.Plan, found: Findings, force: bool) -> None:
    from ccmetrics.render.findings import FORMATS

    files: dict[Path, write.Content] = {
        path: FORMATS[name](found, Look(output.FILE_WIDTH)) for path, name in wish.files.items()
    }
    write.write(files, force=force, inputs=wish.inputs)
    for path in files:
        wish.note(f"wrote {path}")


def _one(config: Path | None, folder: Path | None) -> Path | None:
    """The folder, whichever way it is named."""
    if config and folder:
        text = "CONFIG says already what is checked. Leave one of them out."
        raise UsageRefused([Problem(Place("--config"), "needless-option", text)])
    return config or folder


def _seen(screen: bytes) -> None:
    """What is found counts though nobody reads to its end: a closed pipe makes no check pass."""
    try:
        output.send(screen)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
