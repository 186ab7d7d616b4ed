"""The page that people sign when a period is closed: what was scored, from what, and by which bytes to know it again.

In: a result, the hashes of what is archived with it. Out: a page of text.
Refuses to know: how anything was computed, what a signature means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ccmetrics.render import dates
from ccmetrics.render.look import Look
from ccmetrics.render.plain import plain
from ccmetrics.render.words import listed, say
from ccmetrics.scorecard import Result, Scorecard, standings

ROLES = ("sign-prepared", "sign-checked", "sign-approved")


def signatures(result: Result, hashes: Mapping[str, str], look: Look) -> bytes:
    """Plain lines, whatever the width: hashes are not to be broken."""
    return "".join(f"{plain(each)}\n" for each in _lines(result, hashes, look.lang)).encode()


def _lines(result: Result, hashes: Mapping[str, str], lang: str) -> Iterator[str]:
    period, zone = result.period, result.catalogue.project.time_zone or "UTC"
    yield say("head-signatures", lang, label=dates.period(period.label, lang))
    yield say("sign-span", lang, days=dates.days(period.start, period.last, lang), zone=zone)
    if result.restatement is not None:
        yield say("sign-restates", lang, seal=result.restatement.seal)
    yield ""
    sums = [_card_sum(card) for card in result.scorecards]
    for card, pay in zip(result.scorecards, sums, strict=True):
        yield _card(card, pay, lang)
    paid = [pay for pay in sums if pay is not None]
    if len(paid) > 1:
        yield say("sign-sum", lang, sum=f"{sum(paid):,.2f}")
    yield from ("", say("head-sign-inputs", lang))
    for each in result.inputs:
        rows = say("one-row", lang) if each.rows == 1 else say("many-rows", lang, n=f"{each.rows:,}")
        yield f"  {say('sign-input', lang, name=each.name, rows=rows)}"
        yield f"    {each.sha256}"
    yield from ("", say("head-sign-files", lang))
    for name, known in hashes.items():
        yield f"  {name}"
        yield f"    {known}"
    made = result.provenance
    yield from ("", say("sign-made", lang, version=made.get("version", ""), polars=made.get("polars", "")))
    for role in ROLES:
        yield from ("", "", say("sign-line", lang, role=f"{say(role, lang):<12}", line="_" * 32, short="_" * 24))


def _card(card: Scorecard, pay: Decimal | None, lang: str) -> str:
    parts = [say(status, lang, n=f"{n:,}") for status, n in standings(card).items() if n]
    parts += [] if pay is None else [say("sign-pay", lang, sum=f"{pay:,.2f}")]
    said = listed(parts or [say("sign-nobody", lang)], lang)
    return say("sign-card", lang, title=card.title(lang), card=card.card.card, parts=said)


def _card_sum(card: Scorecard) -> Decimal | None:
    """What the amounts of a card come to, to the cent; None where it pays none."""
    if "pay_amount" not in card.scores.columns:
        return None
    amounts = card.scores["pay_amount"].drop_nulls()
    return sum((Decimal(str(amount)) for amount in amounts), Decimal(0)) if amounts.len() else None
