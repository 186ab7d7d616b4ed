"""A comparison as Markdown, for a pull request: a summary line, a table a card, formulas as code.

In: a comparison. Out: GitHub's Markdown as UTF-8 text, the same for the same comparison.
Refuses to know: widths, colors, how a sentence is put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from ccmetrics.catalogue.difference import ADDED, REMOVED, Difference
from ccmetrics.comparison import CardMoves, Comparison
from ccmetrics.render import dates
from ccmetrics.render.below import noticed
from ccmetrics.render.compared import (
    Row,
    acting,
    aspect_of,
    is_formula,
    moving,
    names,
    owner,
    pair,
    part_of,
    quoted,
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
from ccmetrics.render.numbers import ABSENT, fixed
from ccmetrics.render.plain import plain
from ccmetrics.render.terminal import partial
from ccmetrics.render.words import say

ACTING = re.compile(r"([\\`*_\[\]<>|#~&])")
"""Characters that Markdown or HTML act upon."""


def markdown(found: Comparison, look: Look) -> bytes:
    return "\n".join([*_lines(found, look.lang), ""]).encode()


def _lines(found: Comparison, lang: str) -> Iterator[str]:
    one, two = names(found, lang)
    yield f"## {_plain(say('compare-head', lang, one=one, two=two))}"
    if found.partial:
        yield from ("", f"**{_plain(partial(found, lang))}**")
    if not found.is_of_periods:
        yield from ("", _plain(summary(found, lang)))
        yield from _definitions(found, lang)
    if found.periods is not None and not found.is_of_periods:
        yield from ("", _plain(say("compare-same-data", lang, period=dates.period(found.periods[1].label, lang))))
    for card in found.cards:
        yield from _card(card, found, lang)
    for part in noticed(found.notices, lang, "head-run"):
        yield from ("", f"**{part.head}**", "", *(f"- {_plain(sentence)}" for sentence in part.sentences))


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
    yield from ("", f"### {_plain(card.after.title.say(lang))}", "")
    yield from (f"- {_plain(said)}" for said in told(card, found, lang))
    if rows := moving(card):
        columns = _columns(card, rows)
        cells = ([_plain(show(row)) for show in columns.values()] for row in rows)
        yield ""
        yield from _table([say(key, lang) for key in columns], cells)
        yield ""
        yield from (f"- {_plain(said)}" for said in steps_said(card, lang))


def _columns(card: CardMoves, rows: Sequence[Row]) -> dict[str, Callable[[Row], str]]:
    """What is told of everybody, by the head of its column; nothing that nobody has."""
    decimals = max(card.before.decimals, card.after.decimals)
    found: dict[str, Callable[[Row], str]] = {
        "subject": lambda row: str(row["subject"]),
        "name": lambda row: row["name"] or "",
        "before": score_of("before", decimals),
        "after": score_of("after", decimals),
        "change": lambda row: signed(row["change"], decimals) + ("*" if row["beyond"] else ""),
    }
    for step in acting(card)[0]:
        found[f"step-{step}"] = step_of(step, decimals)
    found |= {"grade": lambda row: pair(row, "grade"), "pay": lambda row: pair(row, "pay", "{:g}".format)}
    found |= {"pay-amount": lambda row: pair(row, "pay_amount", fixed)}
    found |= {"rank": lambda row: pair(row, "rank"), "rank-range": ranges}
    lacks = {"name": "name", "pay-amount": "pay_amount_after", "rank-range": "rank_low_after"}
    gone = {head for head, key in lacks.items() if not any(row[key] for row in rows)}
    return {head: show for head, show in found.items() if head not in gone}


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
