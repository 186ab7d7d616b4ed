"""An explanation, for a person at a terminal or as JSON that carries the same.

In: an explanation. Out: UTF-8 bytes.
Refuses to know: how anything was found, the disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.account import Account
from ccmetrics.explanation import CardTold, CurveTold, Explanation, Source
from ccmetrics.render import dates
from ccmetrics.render.below import noticed
from ccmetrics.render.explanation_below import sql
from ccmetrics.render.explanation_rows import rows, worths
from ccmetrics.render.explanation_tree import tree
from ccmetrics.render.look import Look
from ccmetrics.render.page import drawn, line, text
from ccmetrics.render.plain import escaped
from ccmetrics.render.terminal import balance, made_by, partial
from ccmetrics.render.words import listed, say
from ccmetrics.render.written import told

PARTS = ("duplicates", "superseded", "folded", "filtered", "excluded", "rejected")
"""Where rows of a table may go before any subject is looked at."""


def page(found: Explanation, look: Look) -> bytes:
    return drawn(_parts(found, look), look).encode()


def data(found: Explanation, look: Look) -> bytes:
    whole = {
        "schema": "ccmetrics.explain/1",
        "period": {"label": found.period.label, "from": found.period.start, "to": found.period.last},
        "subject": found.subject,
        "kpi": found.kpi,
        "cards": [_card(card, found) for card in found.cards],
        "partial": found.partial,
        "rejects": {"rows": found.rejects.height, "reasons": found.reasons},
        "inputs": [_plain(each) for each in found.inputs],
        "accounts": [{**_plain(account), "balances": account.balances} for account in found.accounts],
        "notices": list(found.notices),
        "provenance": dict(found.provenance),
    }
    return f"{escaped(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1, default=_text))}\n".encode()


FORMATS: dict[str, Callable[[Explanation, Look], bytes]] = {"text": page, "json": data}


# ---------------------------------------------------------------- the page


def _parts(found: Explanation, look: Look) -> Iterator[RenderableType]:
    lang, period = look.lang, found.period
    zone = found.catalogue.project.time_zone or "UTC"
    span = dates.spanned(period.label, period.start, period.last, lang)
    yield text(say("period", lang, span=span, zone=zone), "bold")
    if found.partial:
        yield text(partial(found, lang), "bold red")
    for card in found.cards:
        who = [str(card.row[key]) for key in ("subject", "name", "team") if card.row[key] is not None]
        yield Text()
        when = dates.period(card.scorecard.period, lang)
        yield text(f"{card.scorecard.title(lang)} · {when} · {' · '.join(who)}", "bold")
        yield Text()
        yield tree(card, found.catalogue, found.kpi is not None, lang)
        yield from _accounts(card, found, lang)
        yield from rows(card, lang)
    yield Text()
    yield from noticed(found.notices, lang, "head-run")
    yield text(balance(found.accounts, lang), "dim")
    yield text(made_by(found.provenance, lang), "dim")


def _accounts(card: CardTold, found: Explanation, lang: str) -> Iterator[RenderableType]:
    """Of the tables below: rows that were no subject's any more when they were counted."""
    for table in dict.fromkeys(s.table for worth in worths(card) for m in worth.measures for s in m.sources):
        own = [account for account in found.accounts if account.table == table]
        sums = {part: sum(_gone(account, part) for account in own) for part in PARTS}
        if any(sums.values()):
            parts = [say(f"rows-{part}", lang, n=f"{n:,}") for part, n in sums.items() if n]
            yield line(say("x-account", lang, table=table, parts=listed(parts, lang)))


def _gone(account: Account, part: str) -> int:
    found = getattr(account, part)
    return sum(found.values()) if isinstance(found, Mapping) else int(found)


# ---------------------------------------------------------------- JSON


def _card(card: CardTold, found: Explanation) -> dict[str, Any]:
    definition = card.scorecard.card
    pay = definition.pay
    kpis = dict.fromkeys(each.kpi for each in card.lines if each.kpi in found.catalogue.kpis)
    return {
        "card": definition.card,
        "title": definition.title.model_dump(),
        "period": card.scorecard.period,
        "decimals": definition.decimals,
        "limits": definition.adjust.limits,
        "grades": [band.model_dump(mode="json", by_alias=True) for band in definition.grades],
        # A base that stands in the roster is private.
        "pay": None if pay is None else {"base": None if isinstance(pay.base, str) else pay.base, "budget": pay.budget},
        "kpis": {name: _kpi(found, name) for name in kpis},
        "score": _plain(card.row),
        "steps": _plain(card.steps),
        "pay_steps": _plain(card.pay),
        "weighted": card.weighted,
        "divisor": card.divisor,
        "adjustments": _plain(card.items),
        "lines": _plain(card.lines),
        "notices": list(card.scorecard.notices),
    }


def _kpi(found: Explanation, name: str) -> dict[str, Any]:
    kpi = found.catalogue.kpis[name]
    return {"name": kpi.name.model_dump(), "about": kpi.about.en, "unit": kpi.unit, "better": kpi.better}


def _plain(value: Any) -> Any:
    """Frozen values as what JSON knows; an aggregate with its SQL."""
    if isinstance(value, pl.DataFrame):
        return value.to_dicts()
    if is_dataclass(value):
        own = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        if isinstance(value, CurveTold):
            own["parts"] = _plain(told(value.parts))
        return {**own, "sql": sql(value)} if isinstance(value, Source) else own
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
