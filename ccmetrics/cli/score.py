"""`ccmetrics score`: scorecards for a period.

In: the command line. Out: scorecards on standard output or in files.
Refuses to know: how a score is made or drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from ccmetrics.cli import conditions, output, reports, sharing
from ccmetrics.cli.archive import anew, archive, kept, stated_anew
from ccmetrics.cli.options import (
    Actions,
    AllowRejects,
    Audience,
    Cards,
    Config,
    Data,
    FailOnAlarm,
    FailOnRedLine,
    FailUnder,
    Force,
    Format,
    Formats,
    FullHash,
    Lang,
    MinRows,
    Out,
    OutDir,
    Period,
    PreviousActions,
    Quiet,
    Rejects,
    Restates,
    SealTo,
    Subject,
    Summary,
    Team,
    Trend,
)
from ccmetrics.cli.reading import prepared
from ccmetrics.period import TREND

if TYPE_CHECKING:
    from ccmetrics.render.look import Look
    from ccmetrics.scorecard import Result


def score(
    data: Data,
    card: Cards = None,
    period: Period = None,
    subject: Subject = None,
    team: Team = None,
    audience: Audience = "center",
    config: Config = None,
    out: Out = None,
    out_dir: OutDir = None,
    formats: Formats = None,
    form: Format = None,
    summary: Summary = False,
    trend: Trend = TREND,
    lang: Lang = None,
    force: Force = False,
    min_rows: MinRows = None,
    allow_rejects: AllowRejects = None,
    rejects: Rejects = None,
    full_hash: FullHash = False,
    fail_under: FailUnder = None,
    fail_on_red_line: FailOnRedLine = False,
    fail_on_alarm: FailOnAlarm = False,
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
    least, lowest = conditions.limits(min_rows), conditions.limit(fail_under)
    of_all = {"--seal": seal, "--actions": actions, "--out": out, "--format": form, "--summary": summary}
    who = sharing.readers(audience, team, subject, out_dir, of_all)
    shelf = reports.wanted(out_dir, formats, rejects, data, audience)
    wish = reports.on_screen(output.plan(out, form, force, data, quiet), out_dir, form, summary)
    beside = [*(out or ()), actions, rejects]
    reports.check_apart(shelf, period, seal, beside)
    exact = full_hash or seal is not None or restates is not None
    wish, catalogue, reading = prepared(wish, config, allow_rejects, rejects, exact, shelf is None or who.are_few)
    lang = lang or catalogue.project.language
    wanted = archive(wish, actions, previous_actions, seal, restates, lang, trend)
    with output.progress(wish, "Reading, measuring, scoring"):
        from ccmetrics import run

        result = run.score(
            data, config=catalogue, period=period, cards=card or (), reading=reading, actions=previous_actions,
            is_over=seal is not None, trend=trend,
        )  # fmt: skip

    conditions.enough(result.accounts, least)
    result = stated_anew(wanted, result)
    shown = sharing.seen_by(who, result)
    output.chosen(wish, period, result.period.label)
    keep = kept(wanted, result, reading)
    ends = conditions.conditions(shown, lowest, fail_on_red_line, fail_on_alarm)
    reports.check_apart(shelf, result.period.label, seal, beside)
    if shelf is not None:
        options = reports.options(card, reading, previous_actions, wanted)
        keep = replace(keep, last=reports.shelved(shelf, wish, result, lang, options, ends))
    output.deliver(wish, lambda name, look: _drawn(name, shown, look), lang, result, keep)
    output.beside(wish, [*shown.notices, *anew(shown)])
    return _ended(ends)


def _ended(ends: Sequence[conditions.Condition]) -> int:
    """What became of the conditions, whatever is quiet; the exit code."""
    for said in conditions.told(ends):
        typer.echo(said, err=True)
    return conditions.MET if any(each.is_met for each in ends) else 0


def _drawn(name: str, result: Result, look: Look) -> bytes:
    if name == "summary":
        from ccmetrics.render.summary import summary

        return summary(result, look.lang)
    from ccmetrics.render.formats import FORMATS

    return FORMATS[name].score(result, look)
