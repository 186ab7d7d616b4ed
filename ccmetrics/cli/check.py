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
from ccmetrics.cli.options import Force, Period, Quiet, parted
from ccmetrics.render.look import Look

SUFFIXES = {".txt": "text", ".json": "json", ".sarif": "sarif"}

WORDS = "names of rules, of families (cards, formulas ...) or severities, with commas between; repeatable."


def check(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="A folder of definitions; else the built-in ones.")
    ] = None,
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
    inputs = [*([config] if config else []), *(data or ())]
    wish = output.plan(out, form, force, inputs, quiet, SUFFIXES)
    with output.progress(wish, "Reading, checking"):
        from ccmetrics.examine import examine
        from ccmetrics.render.findings import FORMATS
        from ccmetrics.render.findings_words import summary

        found = examine(config, data=data or (), period=period, select=parted(select), ignore=parted(ignore))
    files: dict[Path, write.Content] = {
        path: FORMATS[name](found, Look(output.FILE_WIDTH)) for path, name in wish.files.items()
    }
    screen = FORMATS[wish.shown](found, output.look("en")) if wish.shown else b""
    write.write(files, force=force, inputs=wish.inputs)
    for path in files:
        wish.note(f"wrote {path}")
    if not wish.shown:
        wish.note(summary(found))
    _seen(screen)
    return MET if found.fails(strict) else 0


def _seen(screen: bytes) -> None:
    """What is found counts though nobody reads to its end: a closed pipe makes no check pass."""
    try:
        output.send(screen)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
