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
    from ccmetrics.catalogue import load, problems_of

    loaded = load(config)
    problems = problems_of(loaded)
    for problem in problems:
        typer.echo(shown(problem))
    if problems:
        files = len({problem.place.file for problem in problems})
        typer.echo(f"{_many(len(problems), 'problem')} in {_many(files, 'file')}")
        return MET
    found = loaded.catalogue
    typer.echo(f"{_many(len(found.kpis), 'KPI')}, {_many(len(found.cards), 'card')}: no problems")
    return 0


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
