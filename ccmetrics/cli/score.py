"""`ccmetrics score`: scorecards for a period.

In: the command line. Out: scorecards on standard output or in files.
Refuses to know: how a score is made or drawn.
"""

from __future__ import annotations

from typing import Annotated

import typer

from ccmetrics.cli import conditions, output
from ccmetrics.cli.options import (
    AllowRejects,
    Config,
    Data,
    Force,
    Format,
    FullHash,
    Lang,
    MinRows,
    Out,
    Period,
    Quiet,
    Rejects,
)
from ccmetrics.cli.reading import prepared


def score(
    data: Data,
    card: Annotated[
        list[str] | None, typer.Option("--card", metavar="NAME", help="Only this card; repeatable.")
    ] = None,
    period: Period = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="X", help="Only this agent, team or vendor, line by line.")
    ] = None,
    config: Config = None,
    out: Out = None,
    form: Format = None,
    lang: Lang = None,
    force: Force = False,
    min_rows: MinRows = None,
    allow_rejects: AllowRejects = None,
    rejects: Rejects = None,
    full_hash: FullHash = False,
    fail_under: Annotated[
        float | None, typer.Option("--fail-under", metavar="S", help="End with code 1 if any score is lower.")
    ] = None,
    quiet: Quiet = False,
) -> int:
    """Scorecards of a period: scores, grades, values.

    Who earned which score by which KPIs, and everything a reader must know beside.
    """
    least = conditions.limits(min_rows)
    wish = output.plan(out, form, force, data, quiet)
    wish, catalogue, reading = prepared(wish, config, allow_rejects, rejects, full_hash)
    with output.progress(wish, "Reading, measuring, scoring"):
        from ccmetrics import run

        result = run.score(data, config=catalogue, period=period, cards=card or (), reading=reading)
    from ccmetrics.render.formats import FORMATS
    from ccmetrics.render.narrow import to_subject

    conditions.enough(result.accounts, least)
    shown = to_subject(result, subject) if subject is not None else result
    if period is None:
        wish.note(f"No --period was said: {result.period.label}, the last one the data covers whole.")
    lang = lang or catalogue.project.language
    output.deliver(wish, lambda name, look: FORMATS[name].score(shown, look), lang, result)
    if wish.shown != "table":
        output.beside(wish, result.notices)
    code, said = conditions.below(shown, fail_under)
    if said:
        typer.echo(said, err=True)
    return code
