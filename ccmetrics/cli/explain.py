"""`ccmetrics explain`: how one subject's score came about, down to the rows.

In: the command line. Out: an explanation on standard output or in files.
Refuses to know: how it is found or drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ccmetrics.cli import output
from ccmetrics.cli.options import (
    AllowRejects,
    Config,
    Data,
    Force,
    FullHash,
    Lang,
    Period,
    Quiet,
    Rejects,
)
from ccmetrics.cli.reading import prepared

SUFFIXES = {".txt": "text", ".json": "json"}


def explain(
    data: Data,
    subject: Annotated[
        str, typer.Option("--subject", metavar="X", help="An agent, team, vendor ... or center, whose score it is.")
    ],
    card: Annotated[
        str | None, typer.Option("--card", metavar="NAME", help="Only this card; else every card that scores X.")
    ] = None,
    kpi: Annotated[
        str | None,
        typer.Option("--kpi", metavar="NAME", help="Only this KPI of the card, and all there is to say of it."),
    ] = None,
    period: Period = None,
    rows: Annotated[
        int, typer.Option("--rows", metavar="N", min=0, help="List the first N rows below each measure.")
    ] = 0,
    config: Config = None,
    out: Annotated[
        list[Path] | None, typer.Option("--out", metavar="FILE", help="Write to a .txt or .json file; repeatable.")
    ] = None,
    form: Annotated[
        Literal["text", "json"] | None,
        typer.Option("--format", help="What goes to standard output: text unless there is an --out."),
    ] = None,
    lang: Lang = None,
    allow_rejects: AllowRejects = None,
    rejects: Rejects = None,
    force: Force = False,
    full_hash: FullHash = False,
    quiet: Quiet = False,
) -> int:
    """How one score came about.

    From the score down: what acted on it, the points of each line, values, measures with their SQL, rows.
    """
    wish = output.plan(out, form, force, data, quiet, SUFFIXES)
    wish, catalogue, reading = prepared(wish, config, allow_rejects, rejects, full_hash)
    with output.progress(wish, "Reading, measuring, scoring"):
        from ccmetrics import run

        found = run.explain(
            data, subject=subject, card=card, kpi=kpi, period=period, rows=rows, config=catalogue, reading=reading
        )
    from ccmetrics.render.explanation import FORMATS

    output.chosen(wish, period, found.period.label)
    output.deliver(wish, lambda name, look: FORMATS[name](found, look), lang or catalogue.project.language, found)
    output.beside(wish, found.notices)
    return 0
