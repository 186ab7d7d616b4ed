"""What a page begins and ends with: whose it is and when, what must be known first, and what it was made from.

In: a result or a measurement, a language. Out: plain values for the templates.
Refuses to know: scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ccmetrics.account import Account
from ccmetrics.render import dates
from ccmetrics.render.named import center_name
from ccmetrics.render.terminal import balance, made_by, partial
from ccmetrics.render.told import Told
from ccmetrics.render.words import say, told
from ccmetrics.scorecard import Measurement, Result


@dataclass(frozen=True)
class Head:
    center: str
    title: str
    """Of the file, as a tab or a bookmark shows it."""
    what: str
    period: str
    days: str
    urgent: tuple[Told, ...]
    """What must be known before any number is read."""
    notices: tuple[str, ...]
    made_by: str


PARTS = ("used", "duplicates", "superseded", "folded", "outside", "filtered", "excluded", "rejected")


@dataclass(frozen=True)
class Export:
    name: str
    table: str
    about: str
    hash: str
    read: str
    parts: tuple[str, ...]
    balances: bool


@dataclass(frozen=True)
class Grounds:
    """Where every row went, and what the page was made from."""

    exports: tuple[Export, ...]
    parts: tuple[str, ...]
    """The parts that any export has rows in: heads of columns."""
    sentence: str
    rejects: tuple[tuple[str, str, str], ...]
    """Export, reason, rows."""
    notices: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]


def head(found: Result | Measurement, lang: str) -> Head:
    project, period = found.catalogue.project, found.period
    center = center_name(found.catalogue, lang)
    label = dates.period(period.label, lang)
    key = "page-measured-title" if isinstance(found, Measurement) else "page-title"
    days = dates.days(period.start, period.last, lang)
    return Head(
        center,
        say(key, lang, center=center, period=label),
        say("page-values" if isinstance(found, Measurement) else "page-scorecards", lang),
        label,
        say("page-days", lang, days=days, zone=project.time_zone or "UTC"),
        tuple(_urgent(found, lang)),
        tuple(told(notice, lang) for notice in found.notices),
        made_by(found.provenance, lang),
    )


def _urgent(found: Result | Measurement, lang: str) -> Iterator[Told]:
    if found.partial:
        yield Told("", [partial(found, lang)], grave=True)
    wrong = [account for account in found.accounts if not account.balances]
    if wrong:
        yield Told("", [balance(found.accounts, lang)], grave=True)


def grounds(found: Result | Measurement, lang: str) -> Grounds:
    parts = tuple(part for part in PARTS if part == "used" or any(_size(each, part) for each in found.accounts))
    about = {each.name: told(each.about, lang) for each in found.inputs}
    rejects = found.rejects.group_by("export", "reason").len().sort("export", "reason") if found.partial else None
    return Grounds(
        tuple(
            Export(
                account.export,
                account.table,
                about.get(account.export, ""),
                account.sha256.removeprefix("footer:")[:12],
                f"{account.read:,}",
                tuple(f"{_size(account, part):,}" for part in parts),
                account.balances,
            )
            for account in found.accounts
        ),
        parts,
        balance(found.accounts, lang),
        tuple((export, reason, f"{n:,}") for export, reason, n in rejects.iter_rows()) if rejects is not None else (),
        tuple(told(notice, lang) for notice in found.notices),
        tuple(_provenance(found, lang)),
    )


def _size(account: Account, part: str) -> int:
    return sum(account.rejected.values()) if part == "rejected" else int(getattr(account, part))


def _provenance(found: Result | Measurement, lang: str) -> Iterator[tuple[str, str]]:
    for key, value in found.provenance.items():
        yield say(f"page-made-{key}", lang), value
    period = found.period
    yield say("page-made-period", lang), f"{period.label}, {dates.days(period.start, period.last, lang)}"
    yield say("page-made-zone", lang), found.catalogue.project.time_zone or "UTC"
    if isinstance(found, Result) and found.restatement is not None:
        yield say("page-made-seal", lang), found.restatement.seal
