"""One subject on one card, every line and every step to the score.

In: a scorecard, a subject, the definitions. Out: the parts of a terminal page.
Refuses to know: the other subjects, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Catalogue, Variant
from ccmetrics.render import dates
from ccmetrics.render.among import among
from ccmetrics.render.beside import POLICIES, adjusted, why
from ccmetrics.render.board import BANDS, band, signed
from ccmetrics.render.candor import MOST, actions, ahead, lists, policies, shares, unexcluded
from ccmetrics.render.curves import curves_of, goal, met, stepped
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined as definition
from ccmetrics.render.named import full_name, kpi_name
from ccmetrics.render.narrow import narrowed
from ccmetrics.render.numbers import ABSENT, fixed, moved, shown, span
from ccmetrics.render.page import Column, line, room, rule, squeezed, table, text
from ccmetrics.render.steps import apart, standing, steps
from ccmetrics.render.through_time import alarms, cycles, history, on_the_way
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard, watched

Row = dict[str, Any]
ROOMY = 22
"""Cells for the name of a KPI from which on one table is better than two."""


def detail(card: Scorecard, subject: str, catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """Where the subject stands, its lines with goals and points, the sum, its way through time, and what is watched."""
    lang, mine, own = look.lang, pl.col("subject") == subject, narrowed(card, subject)
    row = card.scores.filter(mine).row(0, named=True)
    lines = card.lines.filter(mine).sort("line").to_dicts()
    items = card.adjustments.filter(mine).to_dicts()
    yield from _head(card, row, catalogue, lang)
    yield from (told for told in adjusted(own, lang) if told.grave)
    yield from alarms(own, catalogue, lang)
    yield Text()
    yield rule(say("part-lines", lang), look)
    yield from _tables(card, lines, catalogue, look)
    for found in lines:
        yield from _notes(found, row["status"] == "values-only", catalogue, lang)
    yield from on_the_way(card, subject, catalogue, lang)
    yield from _part("part-sum", _sum(card, row, items, lang), look)
    yield from (part for told in ahead(card, subject, catalogue, lang) for part in (Text(), told))
    time = [*cycles(card, subject, look), *history(card, subject, catalogue, look)]
    yield from _part("part-time", time, look)
    yield from _part("part-among", among(card, catalogue, lang), look)
    yield from _part("part-watch", _watch(watched(card, catalogue).filter(mine).to_dicts(), catalogue, look), look)
    yield from _part("part-next", [*actions(own, catalogue, lang, MOST), *lists(own, lang), *shares(own, lang)], look)
    yield from _part("part-trust", [*policies(own, lang), *unexcluded(own, lang)], look)


def _part(key: str, found: Iterable[RenderableType], look: Look) -> Iterator[RenderableType]:
    """Under a heading, where there is anything."""
    parts = list(found)
    if parts:
        yield Text()
        yield rule(say(key, look.lang), look)
        yield from parts


def _head(card: Scorecard, row: Row, catalogue: Catalogue, lang: str) -> Iterator[RenderableType]:
    """Whose card it is, its score and how that moved, what it earns; or why there is none."""
    who = [str(row[key]) for key in ("subject", "name", "team") if row[key] is not None]
    yield text(f"{card.title(lang)} · {dates.period(card.period, lang)} · {' · '.join(who)}", "bold")
    if row["status"] in ("withheld", "values-only"):
        yield line(after(say("head-withheld", lang), why(row, card, catalogue, lang), lang), "yellow")
        return
    score = say("score-is", lang, score=fixed(row["score"], card.card.decimals))
    moved_by = [] if row.get("change") is None else [say("change-is", lang, change=signed(row["change"]))]
    beyond = [say("change-beyond", lang)] if row.get("change_beyond") else []
    yield line(listed([score, *moved_by, *beyond], lang), "bold")
    yield line(standing(row, card, catalogue, lang))


def _tables(card: Scorecard, lines: list[Row], catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """One table, or, where that would be too wide, the way to the goals in one of its own."""
    lang = look.lang
    curves = curves_of(card.goals)
    goals = [text(goal(met(curves, row), defined(row, catalogue), stepped(card, row["line"]), lang)) for row in lines]
    name, *values = _values(lines, catalogue, lang)
    wanted = [
        *_of_all(card, lines, catalogue, lang),
        Column(say("goals", lang), goals, right=True, most=60),
        Column(say("to-target", lang), [_gap(row, defined(row, catalogue), lang) for row in lines], right=True),
    ]
    earned = [
        Column(say("points", lang), [text(fixed(row["points"], 1), _band(row)) for row in lines], right=True),
        Column(say("weight", lang), [text(f"{row['weight']:g}") for row in lines], right=True),
        Column(say("earns", lang), [text(fixed(row["contribution"])) for row in lines], right=True),
    ]
    whole = [name, *values, *wanted, *earned]
    if room(whole, 0, look) >= ROOMY:
        yield table(squeezed(whole, 0, look), look)
    else:
        yield table(squeezed([name, *values, *earned], 0, look), look)
        yield Text()
        yield table(squeezed([name, *wanted], 0, look), look)


def _band(row: Row) -> str:
    """What it earned, where that is by its own value."""
    return BANDS.get(band(row), "")


def _of_all(card: Scorecard, lines: list[Row], catalogue: Catalogue, lang: str) -> list[Column]:
    """The values of everybody's rows together, where there are others."""
    if card.pooled.is_empty() or card.course.is_empty() or card.course.filter(pl.col("n") > 1).is_empty():
        return []
    rows = card.pooled.filter(pl.col("period") == card.period).iter_rows(named=True)
    known = {(row["kpi"], row["variant"]): row["value"] for row in rows}
    pairs = [(known.get((row["kpi"], row["variant"])), defined(row, catalogue)) for row in lines]
    return [Column(say("of-all", lang), [text(shown(v, own.unit, own.display, lang)) for v, own in pairs], right=True)]


def _gap(row: Row, own: Variant, lang: str) -> Text:
    """How far the value must still move to earn 100 points."""
    gap = row.get("gap")
    if gap == 0:
        return text(say("met", lang), BANDS["met"])
    return text(moved(gap, own.unit, own.display, lang))


def _values(rows: list[Row], catalogue: Catalogue, lang: str) -> list[Column]:
    """KPI, value, n, interval."""
    own = [(row, defined(row, catalogue)) for row in rows]
    return [
        Column(
            say("kpi", lang), [text(full_name(catalogue, row["kpi"], row["variant"], lang)) for row in rows], most=44
        ),
        Column(say("value", lang), [text(_marked(row, variant, lang)) for row, variant in own], right=True),
        Column(say("n", lang), [text(count(row["n"])) for row in rows], right=True),
        Column(say("interval", lang), [text(interval(row, variant, lang)) for row, variant in own], right=True),
    ]


def _marked(row: Row, own: Variant, lang: str) -> str:
    reaches = "^" if row["value"] is not None and row["cycles"] > 1 else ""
    replaced = "" if row.get("status", "own") == "own" else "*"
    return f"{shown(row['value'], own.unit, own.display, lang)}{reaches}{replaced}"


def defined(row: Row, catalogue: Catalogue) -> Variant:
    return definition(catalogue, row["kpi"], row["variant"])


def count(n: int | None) -> str:
    return ABSENT if n is None else f"{n:,}"


def interval(row: Row, own: Variant, lang: str) -> str:
    return span(row["low"], row["high"], own.unit, own.display, lang)


def _notes(row: Row, unscored: bool, catalogue: Catalogue, lang: str) -> Iterator[RenderableType]:
    """What a mark beside the value means."""
    name = kpi_name(catalogue, row["kpi"], lang)
    if row["value"] is not None and row["cycles"] > 1:
        yield line(f"^ {after(name, say('over-cycles', lang, cycles=row['cycles']), lang)}", indent=2)
    if row["status"] != "own":
        reason, policy = say(row["reason"], lang), say(POLICIES[row["status"]], lang)
        what = reason if unscored else say("replaced", lang, reason=reason, policy=policy)
        yield line(f"* {after(name, what, lang)}", indent=2)


def _sum(card: Scorecard, row: Row, items: list[Row], lang: str) -> Iterator[RenderableType]:
    """From the base to the printed score, step by step."""
    if row["status"] in ("withheld", "values-only"):
        return
    found = steps(card, row, items, lang)
    width = max(len(number) for _, number in found)
    for at, (name, number) in enumerate(found):
        style = "bold" if at == len(found) - 1 else ""
        yield line(f"{number.rjust(width)}  {name}", style, indent=2, hang=width + 2)
    for sentence in apart(card, items, lang):
        yield line(sentence, indent=2)


def _watch(rows: list[Row], catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    if not rows:
        return
    columns = _values(rows, catalogue, look.lang)
    if any(row["reason"] for row in rows):
        reasons = [text(say(row["reason"], look.lang) if row["reason"] else "") for row in rows]
        columns.append(Column(say("reason", look.lang), reasons))
    yield table(squeezed(columns, 0, look), look)
