"""A card's values through time: what changed more than chance, alarms, trends, what is on the way.

In: a scorecard's frames and the definitions. Out: lines and tables of a terminal page.
Refuses to know: how a change was tested, scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined, kpi_name
from ccmetrics.render.numbers import ABSENT, fixed, moved, shown
from ccmetrics.render.page import LEAST, Column, line, room, squeezed, table, text
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, clauses, listed, say
from ccmetrics.scorecard import Scorecard

Row = dict[str, Any]
MOST = 12
"""Subjects named in one line; the others are counted."""
LAST = 6
"""Cycles of a trend on a page."""


def alarms(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """The KPIs that got better, or are better than the others', at the cost of what guards them."""
    if card.alarms.is_empty():
        return
    rows = card.alarms.iter_rows(named=True)
    sentences = [after(str(row["subject"]), _alarm(row, catalogue, lang), lang) for row in rows]
    yield Told(say("head-alarms", lang), sentences, grave=True)


def _alarm(row: Row, catalogue: Catalogue, lang: str) -> str:
    own = defined(catalogue, row["kpi"], row["variant"])
    guard = defined(catalogue, row["guardrail"], row["guardrail_variant"])
    parts = {
        "kpi": kpi_name(catalogue, row["kpi"], lang),
        "before": shown(row["value_before"], own.unit, own.display, lang),
        "value": shown(row["value"], own.unit, own.display, lang),
        "guardrail": kpi_name(catalogue, row["guardrail"], lang),
        "guard_before": shown(row["guardrail_before"], guard.unit, guard.display, lang),
        "guard": shown(row["guardrail_value"], guard.unit, guard.display, lang),
    }
    return say(f"alarm-{row['kind']}", lang, **parts)


def changed(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Who changed more than chance since the days before of the same weekdays, KPI by KPI."""
    if card.changes.is_empty():
        return
    for (against, period), rows in card.changes.filter("beyond").group_by("against", "period", maintain_order=True):
        sentences = []
        for (kpi,), mine in rows.group_by("kpi", maintain_order=True):
            sides = [
                say(key, lang, names=_some(mine.filter(pl.col("better") == better)["subject"].to_list(), lang))
                for key, better in (("changed-better", True), ("changed-worse", False))
                if mine.filter(pl.col("better") == better).height
            ]
            other = mine.filter(pl.col("better").is_null())["subject"].to_list()
            sides += [say("changed-moved", lang, names=_some(other, lang))] if other else []
            sentences.append(after(kpi_name(catalogue, str(kpi), lang), clauses(sides, lang), lang))
        yield Told(say(f"head-changed-{against}", lang, period=dates.period(str(period), lang)), sentences)


def _some(names: list[str], lang: str) -> str:
    more = [say("and-more", lang, n=len(names) - MOST)] if len(names) > MOST else []
    return listed([*names[:MOST], *more], lang)


def cycles(card: Scorecard, subject: str, look: Look) -> Iterator[RenderableType]:
    """One subject's scores in the last cycles beside those of all: two cycles at least."""
    own = card.history.filter(pl.col("subject") == subject) if card.history.height else card.history
    if own.height < 2 or own["score"].is_null().all():
        return
    rows = own.sort("start").tail(LAST).to_dicts()
    of_all = {row["period"]: row for row in card.course.iter_rows(named=True)} if card.course.height else {}
    decimals = card.card.decimals
    # To narrower audiences quartiles are told in whole points.
    of_course = (decimals, 1) if card.audience == "center" else (0, 0)
    told = {
        "score": [fixed(row["score"], decimals) for row in rows],
        "grade": [row["grade"] or ABSENT for row in rows],
    }
    if any((row["n"] or 0) > 1 for row in of_all.values()):
        beside = [of_all.get(row["period"], {}) for row in rows]
        beside_own = {
            "rank-place": [_place(row, every) for row, every in zip(rows, beside, strict=True)],
            "of-all-median": [fixed(every.get("median"), of_course[0]) for every in beside],
            "of-all-middle": [_middle(every, of_course[1]) for every in beside],
        }
        told |= {key: cells for key, cells in beside_own.items() if any(cell != ABSENT for cell in cells)}
    found = [Column("", [text(say(key, look.lang)) for key in told])]
    found += [
        Column(dates.brief(row["period"], look.lang), [text(each[at]) for each in told.values()], right=True)
        for at, row in enumerate(rows)
    ]
    yield table(_fitting(found, 1, look), look)


def _place(row: Row, every: Row) -> str:
    return ABSENT if row["rank"] is None or not every.get("n") else f"{row['rank']}/{every['n']}"


def _middle(every: Row, decimals: int) -> str:
    return ABSENT if every.get("q1") is None else f"{fixed(every['q1'], decimals)}..{fixed(every['q3'], decimals)}"


def _fitting(columns: list[Column], oldest: int, look: Look) -> list[Column]:
    """Without so many of the cycles, the oldest first, as leave the names no room."""
    kept = list(columns)
    while len(kept) > 3 and room(kept, 0, look) < min(LEAST, kept[0].width):
        del kept[oldest]
    return squeezed(kept, 0, look)


def history(card: Scorecard, subject: str, catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """One subject's values in the last cycles, and against the like days before and a year ago."""
    lang, mine = look.lang, pl.col("subject") == subject
    trends = card.trends.filter(mine) if card.trends.height else card.trends
    changes = card.changes.filter(mine) if card.changes.height else card.changes
    if trends.is_empty() or trends["period"].n_unique() < 2:
        return
    last = trends.select("period", "start").unique().sort("start")["period"].to_list()[-LAST:]
    keys = trends.select("kpi", "variant").unique(maintain_order=True).rows()
    yield Text()
    yield table(_fitting(_columns(keys, last, trends, changes, catalogue, lang), 1, look), look)
    for against in ("previous", "last_year"):
        spans = changes.filter(pl.col("against") == against)["period"].to_list() if changes.height else []
        if spans:
            yield line(say(f"like-{against}", lang, period=dates.period(spans[0], lang)), "dim", indent=2)


def _columns(
    keys: list[tuple[str, str]],
    cycles: list[str],
    trends: pl.DataFrame,
    changes: pl.DataFrame,
    catalogue: Catalogue,
    lang: str,
) -> list[Column]:
    values = {(r["kpi"], r["variant"], r["period"]): r for r in trends.iter_rows(named=True)}
    found = [Column(say("kpi", lang), [text(kpi_name(catalogue, kpi, lang)) for kpi, _ in keys], most=44)]
    for cycle in cycles:
        cells = [text(_value(values.get((*key, cycle)), key, catalogue, lang)) for key in keys]
        found.append(Column(dates.brief(cycle, lang), cells, right=True))
    ways = [next((str(r["trend"]) for k, r in values.items() if k[:2] == key and r["trend"]), "") for key in keys]
    if any(ways):
        found.append(Column(say("trend", lang), [text(say(f"trend-{way}", lang) if way else "") for way in ways]))
    for against in ("previous", "last_year"):
        mine = {(r["kpi"], r["variant"]): r for r in changes.iter_rows(named=True) if r["against"] == against}
        if mine:
            cells = [_change(mine.get(key), key, catalogue, lang) for key in keys]
            found.append(Column(say(f"against-{against}", lang), cells, right=True))
    return found


def _value(row: Row | None, key: tuple[str, str], catalogue: Catalogue, lang: str) -> str:
    own = defined(catalogue, *key)
    return ABSENT if row is None else shown(row["value"], own.unit, own.display, lang)


def _change(row: Row | None, key: tuple[str, str], catalogue: Catalogue, lang: str) -> Text:
    """The difference, marked where chance does not explain it."""
    if row is None or row["difference"] is None:
        return text(ABSENT)
    own = defined(catalogue, *key)
    size = moved(row["difference"], own.unit, own.display, lang)
    style = (
        "" if not row["beyond"] else "bold green" if row["better"] else "bold red" if row["better"] is False else "bold"
    )
    return text(f"{size}{' *' if row['beyond'] else '  '}", style)


def on_the_way(card: Scorecard, subject: str, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Totals of a cycle that is not over: what is there, and what was to be expected by then."""
    rows = card.progress.filter(pl.col("subject") == subject) if card.progress.height else card.progress
    sentences = []
    for row in rows.iter_rows(named=True):
        own = defined(catalogue, row["kpi"], row["variant"])
        parts = {
            "value": shown(row["value"], own.unit, own.display, lang),
            "expected": shown(row["expected"], own.unit, own.display, lang),
            "target": shown(row["target"], own.unit, own.display, lang),
            "share": ABSENT if row["share"] is None else f"{row['share']:.0%}",
            "day": dates.day(row["as_of"], lang),
        }
        sentences.append(after(kpi_name(catalogue, row["kpi"], lang), say("progress", lang, **parts), lang))
    if sentences:
        yield Told("", sentences)
