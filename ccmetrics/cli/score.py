"""`ccmetrics score`: scorecards for a period.

In: the command line. Out: scorecards on standard output or in files.
Refuses to know: how a score is made or drawn.
"""

from __future__ import annotations

from typing import Annotated

import typer

from ccmetrics.cli import conditions, output
from ccmetrics.cli.archive import anew, archive, kept, stated_anew
from ccmetrics.cli.options import (
    Actions,
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
    PreviousActions,
    Quiet,
    Rejects,
    Restates,
    SealTo,
)
from ccmetrics.cli.reading import prepared

Cards = Annotated[list[str] | None, typer.Option("--card", metavar="NAME", help="Only this card; repeatable.")]
Subject = Annotated[
    str | None, typer.Option("--subject", metavar="X", help="Only this agent, team or vendor, line by line.")
]
FailUnder = Annotated[
    float | None, typer.Option("--fail-under", metavar="S", help="End with code 1 if any score is lower.")
]


def score(
    data: Data,
    card: Cards = None,
    period: Period = None,
    subject: Subject = None,
    config: Config = None,
    out: Out = None,
    form: Format = None,
    lang: Lang = None,
    force: Force = False,
    min_rows: MinRows = None,
    allow_rejects: AllowRejects = None,
    rejects: Rejects = None,
    full_hash: FullHash = False,
    fail_under: FailUnder = None,
    actions: Actions = None,
    previous_actions: PreviousActions = None,
    seal: SealTo = None,
    restates: Restates = None,
    quiet: Quiet = False,
) -> int:
    """Scorecards of a period: scores, grades, values.

    Who earned which score by which KPIs, and everything a reader must know beside. A period that is over can be sealed
    (--seal); scored again beside its seal (--restates), it says whose results differ and which rows came late.
    """
    least = conditions.limits(min_rows)
    wish = output.plan(out, form, force, data, quiet)
    exact = full_hash or seal is not None or restates is not None
    wish, catalogue, reading = prepared(wish, config, allow_rejects, rejects, exact)
    lang = lang or catalogue.project.language
    wanted = archive(wish, actions, previous_actions, seal, restates, lang)
    with output.progress(wish, "Reading, measuring, scoring"):
        from ccmetrics import run

        result = run.score(
            data,
            config=catalogue,
            period=period,
            cards=card or (),
            reading=reading,
            actions=previous_actions,
            is_over=seal is not None,
        )
    from ccmetrics.render.formats import FORMATS
    from ccmetrics.render.narrow import to_subject

    conditions.enough(result.accounts, least)
    result = stated_anew(wanted, result)
    shown = to_subject(result, subject) if subject is not None else result
    if period is None:
        wish.note(f"No --period was said: {result.period.label}, the last one the data covers whole.")
    keep = kept(wanted, result, reading)
    output.deliver(wish, lambda name, look: FORMATS[name].score(shown, look), lang, result, keep)
    if wish.shown != "table":
        output.beside(wish, [*result.notices, *anew(result)])
    code, said = conditions.below(shown, fail_under)
    if said:
        typer.echo(said, err=True)
    return code
