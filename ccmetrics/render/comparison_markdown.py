"""A comparison as Markdown, for a pull request: a summary line, a table a card, formulas as code.

In: a comparison. Out: GitHub's Markdown as UTF-8 text, the same for the same comparison.
Refuses to know: widths, colors, how a sentence is put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ccmetrics.catalogue.difference import ADDED, REMOVED, Difference
from ccmetrics.comparison import CardMoves, Comparison
from ccmetrics.render.compared import (
    acting,
    aspect_of,
    is_formula,
    moving,
    owner,
    pair,
    part_of,
    quoted,
    signed,
    steps_said,
    summary,
    told,
    touched,
)
from ccmetrics.render.look import Look
from ccmetrics.render.numbers import ABSENT, fixed
from ccmetrics.render.plain import plain
from ccmetrics.render.terminal import partial
from ccmetrics.render.words import say

ACTING = re.compile(r"([\\`*_\[\]<>|#~&])")
"""Characters that Markdown or HTML act upon."""


def markdown(found: Comparison, look: Look) -> bytes:
    return "\n".join([*_lines(found, look.lang), ""]).encode()


def _lines(found: Comparison, lang: str) -> Iterator[str]:
    yield f"## {_plain(say('compare-head', lang, one=found.names[0], two=found.names[1]))}"
    if found.partial:
        yield from ("", f"**{_plain(partial(found, lang))}**")
    if not found.is_of_periods:
        yield from ("", _plain(summary(found, lang)))
        yield from _definitions(found, lang)
    if found.periods is not None and not found.is_of_periods:
        yield from ("", _plain(say("compare-same-data", lang, period=found.periods[1].label)))
    for card in found.cards:
        yield from _card(card, found, lang)
    if found.notices:
        yield from ("", f"**{say('head-run', lang)}**", "", *(f"- {_plain(notice)}" for notice in found.notices))


def _definitions(found: Comparison, lang: str) -> Iterator[str]:
    """A table a card; all other definitions in one, with what hangs on them."""
    cards = dict.fromkeys(row.name for row in found.differences if row.kind == "card")
    heads = [say(key, lang) for key in ("what", "aspect", "before", "after")]
    for name in cards:
        rows = [row for row in found.differences if (row.kind, row.name) == ("card", name)]
        yield from ("", f"### {_plain(owner(rows[0], lang))}", "")
        yield from _table(heads, ([_of(found, row, lang), *_said(row, lang)] for row in rows))
    others = [row for row in found.differences if row.kind != "card"]
    if others:
        yield from ("", f"### {say('compare-definitions', lang)}", "")
        cells = ([_owned(found, row, lang), *_said(row, lang), _plain(touched(row, lang, None))] for row in others)
        yield from _table([*heads, say("moves-with", lang)], cells)


def _of(found: Comparison, row: Difference, lang: str) -> str:
    return _plain(part_of(found, row, lang)) if row.part else say("whole-card", lang)


def _owned(found: Comparison, row: Difference, lang: str) -> str:
    part = f", {part_of(found, row, lang)}" if row.part else ""
    return _plain(f"{owner(row, lang)}{part}")


def _said(row: Difference, lang: str) -> list[str]:
    """Aspect, before and after; a formula as code."""
    sides = [quoted(row, side, lang) for side in (row.before, row.after)]
    if row.aspect in (ADDED, REMOVED):
        return [
            say(f"whole-{row.aspect}", lang),
            *(_code(side) if side else ABSENT for side in (row.before, row.after)),
        ]
    stated = zip((row.before, row.after), sides, strict=True)
    return [_plain(aspect_of(row, lang)), *(_code(t) if raw and is_formula(row) else _plain(t) for raw, t in stated)]


def _card(card: CardMoves, found: Comparison, lang: str) -> Iterator[str]:
    decimals = max(card.before.decimals, card.after.decimals)
    yield from (
        "",
        f"### {_plain(card.after.title.say(lang))}",
        "",
        *(f"- {_plain(said)}" for said in told(card, found, lang)),
    )
    rows, (acted, _) = moving(card), acting(card)
    if not rows:
        return
    keys = ["subject", "name", "before", "after", "change", *(f"step-{step}" for step in acted), "grade", "pay", "rank"]
    paid = any(row["pay_amount_after"] is not None for row in rows)
    cells = (
        [
            _plain(row["subject"]),
            _plain(row["name"] or ""),
            *(fixed(row[f"score_{end}"], decimals) for end in ("before", "after")),
            signed(row["change"], decimals) + (r"\*" if row["beyond"] else ""),
            *(ABSENT if row[step] is None else signed(row[step], decimals) for step in acted),
            _plain(pair(row, "grade")),
            _plain(pair(row, "pay", "{:g}".format)),
            _plain(pair(row, "rank")),
            *([_plain(pair(row, "pay_amount", fixed))] if paid else []),
        ]
        for row in rows
    )
    yield ""
    yield from _table([say(key, lang) for key in (*keys, *(["pay-amount"] if paid else []))], cells)
    yield ""
    yield from (f"- {_plain(said)}" for said in steps_said(card, lang))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(_plain, heads))} |"
    yield f"|{' --- |' * len(heads)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _plain(content: str) -> str:
    """Text that neither Markdown nor HTML acts upon, and that calls nobody by an @."""
    escaped = ACTING.sub(r"\\\1", plain(content))
    return escaped.replace("@", "&#64;").replace("-\\>", "→")


def _code(content: str) -> str:
    """A code span, in as many backquotes as its content does not have. A table's divider is escaped even there."""
    fence = "`" * (max(map(len, re.findall("`+", content)), default=0) + 1)
    room = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{room}{plain(content)}{room}{fence}".replace("|", "\\|")
