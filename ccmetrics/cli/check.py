"""`ccmetrics check`: every problem of the definitions.

In: the command line. Out: the problems, each with its place, and how many there are.
Refuses to know: what can be wrong. Imports no polars.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccmetrics.cli.conditions import MET
from ccmetrics.cli.outcome import shown


def check(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="A folder of definitions; else the built-in ones.")
    ] = None,
) -> int:
    """Every problem of the definitions.

    With its file, line and column. Ends with code 1 if there is one.
    """
    from ccmetrics.examine import examine

    found = examine(config)
    for finding in found.standing:
        typer.echo(shown(finding.problem))
    if found.standing:
        files = len({finding.problem.place.file for finding in found.standing})
        typer.echo(f"{_many(len(found.standing), 'problem')} in {_many(files, 'file')}")
    else:
        typer.echo(f"{_many(found.kpis, 'KPI')}, {_many(found.cards, 'card')}: no problems")
    return MET if found.fails() else 0


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
