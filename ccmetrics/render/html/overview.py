"""The whole center on one page: its cards side by side, its few numbers, how scores lie and move.

In: scorecards, pictures, the definitions. Out: plain values for the templates.
Refuses to know: markup, subjects one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.among import among, count, own_score
from ccmetrics.render.board import titles
from ccmetrics.render.charts import Course, course, grades, histogram
from ccmetrics.render.html import anchors
from ccmetrics.render.html.figures import Figures
from ccmetrics.render.named import defined
from ccmetrics.render.numbers import fixed, shown
from ccmetrics.render.told import Told
from ccmetrics.render.words import say
from ccmetrics.scorecard import Scorecard, alarmed, held, standings

CENTER = "center"
FEW = 5
"""Fewer subjects have no distribution."""


@dataclass(frozen=True)
class CardRow:
    href: str
    title: str
    counts: tuple[str, ...]
    """Subjects, and of them scored, provisional, not scored, with values only: they add up."""
    median: str
    """Of all, as the three after it: where not all are on the page it is told below, apart from what counts these."""
    mean: str
    before: str
    """The mean of the cycle before."""
    grades: tuple[tuple[str, str, bool], ...]
    """Name, how many, whether anybody."""
    red: int
    alarms: int


@dataclass(frozen=True)
class Tile:
    """One number of everybody together."""

    href: str
    name: str
    value: str
    target: str
    dashed: bool
    """Whether dashes in the picture are the target."""
    n: str
    spark: Markup


@dataclass(frozen=True)
class Tiles:
    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Charts:
    title: str
    charts: tuple[tuple[str, Markup], ...]
    """What each shows, and itself."""
    said: tuple[Told, ...]
    """The same in words, where not everybody is on the page; and what is suppressed."""


@dataclass(frozen=True)
class Overview:
    cards: tuple[CardRow, ...]
    tiles: tuple[Tiles, ...]
    charts: tuple[Charts, ...]


def overview(cards: Sequence[Scorecard], catalogue: Catalogue, figures: Figures, lang: str) -> Overview:
    told = _telling(cards)
    tiles = (Tiles(_tiles_title(card, lang), tuple(_tiles(card, catalogue, figures, lang))) for card in told)
    charts = (
        Charts(card.title(lang), tuple(_charts(card, lang)), tuple(among(card, catalogue, lang))) for card in cards
    )
    return Overview(
        tuple(_row(card, lang) for card in cards),
        tuple(each for each in tiles if each.tiles),
        tuple(each for each in charts if each.charts or each.said),
    )


def _telling(cards: Sequence[Scorecard]) -> list[Scorecard]:
    """The center's own card has its few numbers: the one of that name before others of the center; else every card."""
    whole = [card for card in cards if card.card.subject == CENTER and "period" in card.pooled.columns]
    named = [card for card in whole if card.card.card == CENTER]
    return [*named, *whole][:1] or list(cards)


def _tiles_title(card: Scorecard, lang: str) -> str:
    if card.card.subject == CENTER:
        return say("page-top", lang)
    return say("page-together", lang, card=card.title(lang))


def _row(card: Scorecard, lang: str) -> CardRow:
    cycles = _by_cycle(card.course)
    now = cycles[-1] if cycles else None
    # Held against the same as everywhere: a cycle that was told by other goals, or a month for a week, is none.
    then = next((cycle for cycle in cycles if cycle["period"] == card.since), None)
    earned = card.grades.filter(pl.col("period") == card.period) if "grade" in card.grades.columns else None
    counted = (card.scores.height, *standings(card).values())
    decimals = 1
    return CardRow(
        anchors.of_card(card.card.card),
        card.title(lang),
        tuple(f"{n:,}" for n in counted),
        fixed(now["median"] if now else None, decimals),
        fixed(now["mean"] if now else None, decimals),
        fixed(then["mean"] if then else None, decimals),
        tuple((grade, count(n, lang), n != 0) for grade, n in earned.select("grade", "n").rows())
        if earned is not None
        else (),
        held(card).len(),
        alarmed(card),
    )


def _by_cycle(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.sort("start", maintain_order=True).to_dicts() if "start" in frame.columns else []


def _tiles(card: Scorecard, catalogue: Catalogue, figures: Figures, lang: str) -> Iterator[Tile]:
    """The card's own lines; what is watched beside it stands on the subjects' pages."""
    if "period" not in card.pooled.columns:
        return
    lines, named = set(card.lines.select("kpi", "variant").rows()), titles(card, catalogue, lang)
    for row in card.pooled.filter(pl.col("period") == card.period).iter_rows(named=True):
        key = (row["kpi"], row["variant"])
        if key not in lines or row["value"] is None:
            continue
        own = defined(catalogue, *key)
        target = shown(row["target"], own.unit, own.display, lang)
        yield Tile(
            anchors.of_kpi(*key),
            named[key],
            shown(row["value"], own.unit, own.display, lang),
            say("page-target", lang, value=target) if row["target"] is not None else say("page-no-target", lang),
            row["target"] is not None,
            "" if row["n"] is None else say("page-n", lang, n=f"{row['n']:,}"),
            figures.through.get((card.card.card, "", *key), Markup()),
        )


def _charts(card: Scorecard, lang: str) -> Iterator[tuple[str, Markup]]:
    """How the scores of the period lie, and, where there is more than one cycle, how they and the grades moved.

    Of a handful of subjects none of it tells more than their own rows.
    """
    everybody = card.audience == "center"
    if everybody and card.scores.height < FEW:
        return
    title = card.title(lang)
    axes = {"x": say("page-axis-score", lang), "y": say("page-axis-count", lang)}
    if "from" in card.bins.columns and card.bins.height:
        boundaries = [(band.grade, float(band.start)) for band in card.card.grades if band.start is not None]
        own = own_score(card)
        mark = say("among-mark", lang, score=fixed(own, card.card.decimals)) if own is not None else ""
        words = {**axes, **_titled("bins", title, lang), "mark": mark}
        yield words["caption"], Markup(histogram(card.bins.select("from", "to", "n").rows(), boundaries, own, words))  # noqa: S704 - drawn by Vega
    cycles = _by_cycle(card.course)
    if sum(cycle["median"] is not None for cycle in cycles) > 1:
        yield say("page-chart-course", lang), Markup(_course(cycles, title, lang))  # noqa: S704
        earned = _by_cycle(card.grades)
        if earned and card.card.grades and all(row["n"] is not None for row in earned):
            found: dict[str, dict[str, int]] = {}
            for row in earned:
                found.setdefault(dates.brief(row["period"], lang), {})[row["grade"]] = row["n"]
            order = [band.grade for band in card.card.grades]
            words = _titled("grades", title, lang)
            yield words["caption"], Markup(grades(list(found.items()), order, words))  # noqa: S704


def _titled(chart: str, card: str, lang: str) -> dict[str, str]:
    """What stands over a picture, and what is read aloud instead of it."""
    caption = say(f"page-chart-{chart}", lang)
    return {"caption": caption, "title": say("page-chart", lang, card=card, chart=caption)}


def _course(cycles: list[dict[str, Any]], title: str, lang: str) -> str:
    items = [
        Course(dates.brief(row["period"], lang), row["mean"], row["q1"], row["median"], row["q3"], row["n"])
        for row in cycles
    ]
    words = {
        **_titled("course", title, lang),
        "y": say("page-axis-score", lang),
        "median": say("page-word-median", lang),
        "quartiles": say("page-word-quartiles", lang),
    }
    return course(items, words)
