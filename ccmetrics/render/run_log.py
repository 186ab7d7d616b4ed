"""What a run did, line by line, for whoever looks after it: nothing of when or how long, so that twice is the same.

In: a result, the files made of it, what was asked. Out: a page of text.
Refuses to know: clocks, machines, how anything was computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from ccmetrics.account import Account
from ccmetrics.render import dates
from ccmetrics.render.plain import plain
from ccmetrics.render.summary import alerts, counted, joined, standing
from ccmetrics.render.words import say, told
from ccmetrics.scorecard import Result

PARTS = ("used", "duplicates", "superseded", "folded", "outside", "filtered", "excluded")


def run_log(
    result: Result,
    files: Mapping[str, bytes],
    options: Mapping[str, str],
    conditions: Sequence[str],
    lang: str,
) -> bytes:
    """One fact a line, in the order in which it came about."""
    lines = [
        *([say("for-center", lang)] if result.audience != "center" else []),
        *_asked(result, options, lang),
        *_read(result, lang),
        *_found(result, lang),
        *([say("log-condition", lang, text=text) for text in conditions] or [say("log-no-condition", lang)]),
        *(
            say("log-wrote", lang, name=name, size=size(len(content), lang), hash=hashlib.sha256(content).hexdigest())
            for name, content in sorted(files.items())
        ),
    ]
    return "".join(f"{plain(line)}\n" for line in lines).encode()


def size(n: int, lang: str) -> str:
    return say("bytes", lang, n=f"{n:,}")


def _asked(result: Result, options: Mapping[str, str], lang: str) -> Iterator[str]:
    made, period = result.provenance, result.period
    yield f"ccmetrics {made.get('version', '')}, polars {made.get('polars', '')}"
    span, zone = dates.days(period.start, period.last, lang), result.catalogue.project.time_zone or "UTC"
    yield say("log-period", lang, label=period.label, span=span, zone=zone)
    yield say("log-definitions", lang, hash=made.get("catalogue", ""))
    for name, value in options.items():
        yield say("log-option", lang, name=name, value=value)


def _read(result: Result, lang: str) -> Iterator[str]:
    for each in result.inputs:
        rows = say("one-row", lang) if each.rows == 1 else say("many-rows", lang, n=f"{each.rows:,}")
        about, many = told(each.about or "-", lang), size(each.size, lang)
        yield say("log-read", lang, name=each.name, rows=rows, size=many, about=about, hash=each.sha256)
    for account in result.accounts:
        verdict = say("log-balances" if account.balances else "log-unbalanced", lang)
        parts = joined(list(_parts(account, lang)), lang)
        yield say("log-rows", lang, export=account.export, table=account.table, parts=parts, verdict=verdict)


def _parts(account: Account, lang: str) -> Iterator[str]:
    yield say("log-rows-read", lang, n=f"{account.read:,}")
    for part in PARTS:
        n = getattr(account, part)
        if n or part == "used":
            yield say(f"rows-{part}", lang, n=f"{n:,}")
    for reason, n in sorted(account.rejected.items()):
        yield say("log-set-aside", lang, n=f"{n:,}", reason=reason)


def _found(result: Result, lang: str) -> Iterator[str]:
    for card in result.scorecards:
        parts = [counted([card], lang), *standing(card, result.period.label, lang)]
        yield say("log-card", lang, name=card.title(lang), parts=joined(parts, lang))
    yield from alerts(result, lang)
    yield from (say("log-notice", lang, text=told(text, lang)) for text in result.notices)
    for card in result.scorecards:
        yield from (say("log-card-notice", lang, name=card.title(lang), text=told(text, lang)) for text in card.notices)
