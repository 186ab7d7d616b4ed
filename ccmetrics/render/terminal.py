"""A result for a person at a terminal, or for a text file.

In: a result and how it is to be looked at. Out: UTF-8 text.
Refuses to know: the terminal itself, the disk, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.account import Account, rejected
from ccmetrics.render import dates
from ccmetrics.render.below import noticed
from ccmetrics.render.detail import detail
from ccmetrics.render.grid import grid
from ccmetrics.render.leaderboard import leaderboard
from ccmetrics.render.look import Look
from ccmetrics.render.named import kpi_name
from ccmetrics.render.page import drawn, line, text
from ccmetrics.render.restatement import restatement
from ccmetrics.render.words import after, clauses, listed, say
from ccmetrics.scorecard import Measurement, Outcome, Result, Scorecard


def score(result: Result, look: Look) -> bytes:
    """All cards that show anything, one below the other; a card of a single subject line by line."""
    return drawn(_scored(result, look), look).encode()


def measure(measured: Measurement, look: Look) -> bytes:
    return drawn(_measured(measured, look), look).encode()


def _scored(result: Result, look: Look) -> Iterator[RenderableType]:
    yield from _opening(result, look)
    for card in filter(shows, result.scorecards):
        yield Text()
        if card.scores.height == 1:
            subject = str(card.scores["subject"].item())
            yield from detail(card, subject, result.catalogue, look)
            if card.notices:
                yield Text()
            yield from noticed(card.notices, look.lang)
        else:
            yield from leaderboard(card, result.catalogue, look)
    skipped = [card for card in result.scorecards if not shows(card)]
    if skipped:
        yield Text()
        yield text(say("head-skipped", look.lang), "bold")
    for card in skipped:
        yield line(after(card.title(look.lang), lack(card, result, look.lang), look.lang), indent=2)
    if result.restatement is not None:
        yield Text()
        yield from restatement(result.restatement, result.period.label, look)
    yield from _closing(result, look)


def _measured(measured: Measurement, look: Look) -> Iterator[RenderableType]:
    yield from _opening(measured, look)
    yield Text()
    yield from grid(measured, look)
    yield from _closing(measured, look)


def _opening(result: Result | Measurement, look: Look) -> Iterator[RenderableType]:
    zone = result.catalogue.project.time_zone or "UTC"
    period = result.period
    span = dates.spanned(period.label, period.start, period.last, look.lang)
    yield text(say("period", look.lang, span=span, zone=zone), "bold")
    if result.partial:
        yield text(partial(result, look.lang), "bold red")


def _closing(result: Result | Measurement, look: Look) -> Iterator[RenderableType]:
    yield Text()
    yield from noticed(result.notices, look.lang, "head-run")
    for row in (balance(result.accounts, look.lang), made_by(result.provenance, look.lang)):
        yield text(row, "dim")


def partial(result: Outcome, lang: str) -> str:
    """That bad rows were set aside, how many and why."""
    by_reason = listed([f"{reason} {n:,}" for reason, n in result.reasons.items()], lang)
    return say("partial", lang, rows=_counted("row", result.rejects.height, lang), reasons=by_reason)


def balance(accounts: Sequence[Account], lang: str) -> str:
    """Where all rows went, in numbers that add up. An export of two tables is counted for each."""
    exports = _counted("export", len({account.export for account in accounts}), lang)
    if len({account.export for account in accounts}) < len(accounts):
        exports = say("for-tables", lang, exports=exports, n=len({account.table for account in accounts}))
    sums = {part: sum(getattr(account, part) for account in accounts) for part in PARTS}
    sums["rejected"] = sum(rejected(accounts).values())
    parts = listed([say(f"rows-{part}", lang, n=f"{n:,}") for part, n in sums.items() if n or part == "used"], lang)
    wrong = [account.export for account in accounts if not account.balances]
    verdict = say("imbalance", lang, names=listed(wrong, lang)) if wrong else say("balance", lang)
    read = _counted("row", sum(account.read for account in accounts), lang)
    return say("rows", lang, exports=exports, read=read, parts=parts, verdict=verdict)


PARTS = ("used", "duplicates", "superseded", "folded", "outside", "filtered", "excluded")


def made_by(provenance: Mapping[str, str], lang: str) -> str:
    """What the result was made by and from, in so many letters as tell it from others."""
    hashes = {key: provenance.get(key, "")[:8] for key in ("catalogue", "inputs")}
    return say("made-by", lang, version=provenance.get("version", ""), **hashes)


def _counted(what: str, n: int, lang: str) -> str:
    return say(f"one-{what}" if n == 1 else f"many-{what}s", lang, n=f"{n:,}")


def shows(card: Scorecard) -> bool:
    """Whether any line has any value: a table of nothing helps nobody."""
    return card.lines["value"].is_not_null().any() if card.scores.height else False


def lack(card: Scorecard, result: Result, lang: str) -> str:
    """What stands in the way of a card, the KPIs of one reason together."""
    if not card.scores.height:
        return say("nobody", lang)
    lacking = card.missing.group_by("reason", maintain_order=True).agg(pl.col("kpi").unique(maintain_order=True))
    parts = []
    for row in lacking.iter_rows(named=True):
        kpis = listed([kpi_name(result.catalogue, kpi, lang) for kpi in row["kpi"]], lang)
        parts.append(say("bracketed", lang, head=say(row["reason"], lang), more=kpis))
    return clauses(parts, lang)
