"""A result as Markdown, for chat and mail: a short table a card, what nobody may overlook, what is to be done.

In: a result and how it is to be looked at. Out: GitHub's Markdown as UTF-8 text.
Refuses to know: widths, colors, how anything was computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.below import noticed, parts_of
from ccmetrics.render.beside import why
from ccmetrics.render.board import Board, Standing, board_of, counts
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined, full_name
from ccmetrics.render.numbers import ABSENT, shown
from ccmetrics.render.plain import plain
from ccmetrics.render.restatement import restatement
from ccmetrics.render.terminal import balance, lack, made_by, partial, shows
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Measurement, Result, Scorecard

MOST, ENDS = 30, 10
"""Rows of a table. Of more subjects the first and the last are shown, the middle is counted."""
MOST_SENTENCES = 12
"""Of one kind; the workbook and the page have them all."""
MOST_VALUES = 60
"""Rows of measured values."""
PARTS = ("part-first", "part-among", "part-next")
"""What a message says below a table."""
WHO = ("rank", "subject", "name", "team", "score", "change", "grade")
ACTING = re.compile(r"([\\`*\[\]<|~&]|#(?=\w)|(?<![^\W_])_|_(?![^\W_]))")
"""Characters that Markdown or HTML act upon."""
BEGINS = re.compile(r"^(\s*\d*)([-+=>#.)])")
"""What at the beginning of a line makes a list, a quote, a rule or a heading."""
LINKS = re.compile(r"(?i)(https?|ftp|mailto|xmpp)(:)|(www)(\.)|(@)")
"""What GitHub makes a link of, or calls somebody by, without any markup."""


def score(result: Result, look: Look) -> bytes:
    return "\n".join([*_scored(result, look), ""]).encode()


def measure(measured: Measurement, look: Look) -> bytes:
    return "\n".join([*_measured(measured, look.lang), ""]).encode()


def escaped(content: str) -> str:
    """Text on one line that neither Markdown nor HTML acts upon, that is no link and calls nobody."""
    text = ACTING.sub(r"\\\1", plain(content))
    return LINKS.sub(lambda found: "".join(_entity(g) if g in ":.@" else g for g in found.groups() if g), text)


def line(content: str) -> str:
    """A line of its own, which begins nothing but itself."""
    return BEGINS.sub(r"\1\\\2", escaped(content).lstrip())


def _entity(character: str) -> str:
    return f"&#{ord(character)};"


def _scored(result: Result, look: Look) -> Iterator[str]:
    lang = look.lang
    yield from _opening(result, say("book-title", lang, period=dates.period(result.period.label, lang)), lang)
    for card in filter(shows, result.scorecards):
        yield from _card(card, result.catalogue, look)
    skipped = [after(card.title(lang), lack(card, result, lang), lang) for card in result.scorecards if not shows(card)]
    if skipped:
        yield from _told(Told(say("head-skipped", lang), skipped), lang)
    if result.restatement is not None:
        for told in restatement(result.restatement, result.period.label, Look(lang=lang)):
            yield from _told(told, lang)
    yield from _closing(result, lang)


def _measured(measured: Measurement, lang: str) -> Iterator[str]:
    title = say("book-values-title", lang, period=dates.period(measured.period.label, lang))
    yield from _opening(measured, title, lang)
    yield ""
    if measured.values.is_empty():
        yield line(say("nothing-measured", lang))
    else:
        yield from _values(measured, lang)
    yield from _closing(measured, lang)


def _values(measured: Measurement, lang: str) -> Iterator[str]:
    """A row a group and KPI; of many the first, and how many more there are."""
    heads = [*measured.by, *(say(key, lang) for key in ("kpi", "value", "n", "reason"))]
    right = [*(False for _ in measured.by), False, True, True, False]
    cells = []
    for row in measured.values.head(MOST_VALUES).iter_rows(named=True):
        own = defined(measured.catalogue, row["kpi"], row["variant"])
        named = full_name(measured.catalogue, row["kpi"], row["variant"], lang)
        value = shown(row["value"], own.unit, own.display, lang)
        reason = say(row["reason"], lang) if row["reason"] else ""
        groups = [ABSENT if row[key] is None else str(row[key]) for key in measured.by]
        cells.append([*groups, named, value, shown(row["n"], "count", None, lang), reason])
    yield from _table(heads, right, cells)
    if measured.values.height > MOST_VALUES:
        yield from ("", line(say("message-sentences", lang, n=f"{measured.values.height - MOST_VALUES:,}")))


def _opening(result: Result | Measurement, title: str, lang: str) -> Iterator[str]:
    period, zone = result.period, result.catalogue.project.time_zone or "UTC"
    span = dates.spanned(period.label, period.start, period.last, lang)
    yield f"# {escaped(title)}"
    yield from ("", line(say("period", lang, span=span, zone=zone)))
    if result.partial:
        yield from ("", f"**{escaped(partial(result, lang))}**")


def _closing(result: Result | Measurement, lang: str) -> Iterator[str]:
    for told in noticed(result.notices, lang, "head-run"):
        yield from _told(told, lang)
    for sentence in (balance(result.accounts, lang), made_by(result.provenance, lang)):
        yield from ("", line(sentence))


def _card(card: Scorecard, catalogue: Catalogue, look: Look) -> Iterator[str]:
    lang = look.lang
    yield from ("", f"## {escaped(card.title(lang))}", "")
    if card.scores.is_empty():
        yield line(say("nobody", lang))
        return
    yield line(counts(card, lang))
    first = card.scores.row(0, named=True)
    if first["status"] == "values-only":
        yield from ("", line(say("no-scores", lang, why=why(first, card, catalogue, lang))))
    found = board_of(card, catalogue, look)
    if any(field.key == "score" for field in found.fields):
        yield ""
        yield from _leaderboard(found, lang)
    told = parts_of(card, catalogue, look)
    for key in PARTS:
        for each in told.get(key, ()):
            yield from _told(each, lang)


def _leaderboard(found: Board, lang: str) -> Iterator[str]:
    """Everybody, or of many the first and the last who have a rank."""
    kept = [(at, field) for at, field in enumerate(found.fields) if field.key in WHO]
    places = {field.key: at for at, field in enumerate(found.fields)}
    heads = [*(field.head for _, field in kept), say("tier", lang)]
    right = [*(field.is_number for _, field in kept), False]
    rows = [[*(_shown(row, at, places) for at, _ in kept), _tier(row, lang)] for row in found.rows]
    if len(rows) <= MOST:
        yield from _table(heads, right, rows)
    else:
        ranked = sum(row.status == "scored" for row in found.rows)
        ends = [rows[:ENDS], rows[max(ENDS, ranked - ENDS) : ranked] if ranked > ENDS else []]
        gap = ["…", *("" for _ in heads[1:])]
        yield from _table(heads, right, [*ends[0], gap, *ends[1]])
        yield from ("", line(say("message-more", lang, n=f"{len(rows) - sum(map(len, ends)):,}")))
    marks = "".join(row.cells[at].marks for row in found.rows for at, _ in kept)
    if legend := [say(f"mark-{mark}", lang) for mark in "^*!~±" if mark in marks]:
        yield from ("", line(listed(legend, lang)))


def _shown(row: Standing, at: int, places: Mapping[str, int]) -> str:
    """A cell with its marks, a rank with the range it may as well be."""
    text = f"{row.cells[at].text}{row.cells[at].marks}"
    if at != places.get("rank") or "rank_low" not in places:
        return text
    low, high = (row.cells[places[key]] for key in ("rank_low", "rank_high"))
    return text if low.value is None or low.value == high.value else f"{text} ({low.text}–{high.text})"


def _tier(row: Standing, lang: str) -> str:
    return say(f"tier-{row.tier}", lang) if row.tier else ""


def _told(told: Told, lang: str) -> Iterator[str]:
    if told.head:
        yield from ("", f"**{escaped(told.head)}**")
    yield ""
    yield from (f"- {line(sentence)}" for sentence in told.sentences[:MOST_SENTENCES])
    if len(told.sentences) > MOST_SENTENCES:
        yield f"- {escaped(say('message-sentences', lang, n=f'{len(told.sentences) - MOST_SENTENCES:,}'))}"


def _table(heads: Sequence[str], right: Sequence[bool], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(heads)
    yield f"|{'|'.join(' ---: ' if each else ' --- ' for each in right)}|"
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(escaped, cells))} |"
