"""`ccmetrics measure`: KPI values without scores.

In: the command line. Out: values on standard output or in files.
Refuses to know: how a value is measured or drawn.
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
    parted,
)
from ccmetrics.cli.reading import prepared


def measure(
    data: Data,
    kpi: Annotated[
        list[str] | None,
        typer.Option("--kpi", metavar="LIST", help="KPIs with commas between, fcr.survey for a variant; else all."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="LIST", help="Dimensions with commas between: queue_id, agent_id, day, month ..."),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", metavar="SQL", help="Only rows that meet a condition: \"channel = 'chat'\"."),
    ] = None,
    period: Period = None,
    config: Config = None,
    out: Out = None,
    form: Format = None,
    lang: Lang = None,
    force: Force = False,
    min_rows: MinRows = None,
    allow_rejects: AllowRejects = None,
    rejects: Rejects = None,
    full_hash: FullHash = False,
    quiet: Quiet = False,
) -> int:
    """KPI values without scores.

    Each with its n: over everything, or by any dimension and time grain.
    """
    least = conditions.limits(min_rows)
    wish = output.plan(out, form, force, data, quiet)
    wish, catalogue, reading = prepared(wish, config, allow_rejects, rejects, full_hash)
    kpis = parted(kpi)
    with output.progress(wish, "Reading, measuring"):
        from ccmetrics import run

        found = run.measure(
            data, kpis=kpis, by=parted(by), where=where, period=period, config=catalogue, reading=reading
        )
    from ccmetrics.render.formats import FORMATS
    from ccmetrics.render.narrow import to_valued

    conditions.enough(found.accounts, least)
    output.chosen(wish, period, found.period.label)
    if not kpis:
        found, gone = to_valued(found)
        wish.note(f"Without a value, so not listed: {', '.join(gone)}." if gone else "")
    lang = lang or catalogue.project.language
    output.deliver(wish, lambda name, look: FORMATS[name].measure(found, look), lang, found)
    output.beside(wish, found.notices)
    return 0
