"""A comparison for a person at a terminal: what differs, definition by definition; who moves, card by card.

In: a comparison. Out: a page as UTF-8 text.
Refuses to know: how a sentence is put together, the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from ccmetrics.comparison import CardMoves, Comparison
from ccmetrics.render import dates
from ccmetrics.render.below import noticed
from ccmetrics.render.compared import (
    Row,
    acting,
    clause,
    moving,
    names,
    owner,
    pair,
    ranges,
    score_of,
    signed,
    step_of,
    steps_said,
    summary,
    told,
    touched,
)
from ccmetrics.render.look import Look
from ccmetrics.render.numbers import fixed
from ccmetrics.render.page import WIDE, Column, drawn, fit, line, table, text
from ccmetrics.render.terminal import partial
from ccmetrics.render.words import listed, say


def page(found: Comparison, look: Look) -> bytes:
    return drawn(_parts(found, look), look).encode()


def _parts(found: Comparison, look: Look) -> Iterator[RenderableType]:
    lang = look.lang
    one, two = names(found, lang)
    yield text(say("compare-head", lang, one=one, two=two), "bold")
    if found.partial:
        yield text(partial(found, lang), "bold red")
    if not found.is_of_periods:
        yield from _definitions(found, lang)
    if found.periods is not None and not found.is_of_periods:
        yield Text()
        yield text(say("compare-same-data", lang, period=dates.period(found.periods[1].label, lang)), "bold")
    for card in found.cards:
        yield from _card(card, found, look)
    if found.notices:
        yield Text()
        yield from noticed(found.notices, lang, "head-run")


def _definitions(found: Comparison, lang: str) -> Iterator[RenderableType]:
    yield text(summary(found, lang))
    for head, rows in groupby(found.differences, lambda row: owner(row, lang)):
        yield Text()
        yield text(head, "bold")
        for row in rows:
            more = touched(row, lang)
            said = clause(found, row, lang)
            yield line(say("joined", lang, one=said, more=more) if more else said, indent=2)


def _card(card: CardMoves, found: Comparison, look: Look) -> Iterator[RenderableType]:
    lang, rows = look.lang, moving(card)
    yield Text()
    yield text(card.after.title.say(lang), "bold")
    for said in told(card, found, lang):
        yield line(said, indent=2)
    if not rows:
        return
    yield Text()
    columns, left = fit(_who(card, rows, look), _more(card, rows, look), look)
    yield table(columns, look)
    if left:
        names = listed([column.head for column in left], lang)
        yield line(say("compare-not-shown", lang, width=look.width, names=names), "dim")
    for said in steps_said(card, lang):
        yield line(said, "dim")


def _column(rows: list[Row], key: str, show: Callable[[Row], str], lang: str, right: bool = False) -> Column:
    return Column(say(key, lang), [text(show(row)) for row in rows], right, most=24)


def _who(card: CardMoves, rows: list[Row], look: Look) -> list[Column]:
    """Who, and from which score to which, with which grade."""
    lang, decimals = look.lang, max(card.before.decimals, card.after.decimals)
    found = [_column(rows, "subject", lambda row: row["subject"], lang)]
    if look.width >= WIDE and any(row["name"] for row in rows):
        found.append(_column(rows, "name", lambda row: row["name"] or "", lang))
    return [
        *found,
        _column(rows, "before", score_of("before", decimals), lang, right=True),
        _column(rows, "after", score_of("after", decimals), lang, right=True),
        _column(rows, "change", lambda row: signed(row["change"], decimals) + _mark(row), lang, right=True),
        _column(rows, "grade", lambda row: pair(row, "grade"), lang),
    ]


def _mark(row: Row) -> str:
    return "*" if row["beyond"] else " "


def _more(card: CardMoves, rows: list[Row], look: Look) -> list[Column]:
    """By which part, what it earns, which rank: as many as there is room for."""
    lang, decimals = look.lang, max(card.before.decimals, card.after.decimals)
    acted, _ = acting(card)
    found = [_column(rows, f"step-{step}", step_of(step, decimals), lang, right=True) for step in acted]
    found.append(_column(rows, "pay", lambda row: pair(row, "pay", "{:g}".format), lang))
    if any(row["pay_amount_after"] is not None for row in rows):
        found.append(_column(rows, "pay-amount", lambda row: pair(row, "pay_amount", fixed), lang))
    found.append(_column(rows, "rank", lambda row: pair(row, "rank"), lang))
    if any(row["rank_low_after"] is not None for row in rows):
        found.append(_column(rows, "rank-range", ranges, lang))
    if any(row["team"] for row in rows):
        found.append(_column(rows, "team", lambda row: row["team"] or "", lang))
    return found
