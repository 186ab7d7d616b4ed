"""A result as one web page that stands alone: no scripts, nothing from elsewhere, to be read, printed and sent.

In: a result and how it is to be looked at. Out: the bytes of an HTML file.
Refuses to know: how anything was computed, the disk.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.beside import adjusted
from ccmetrics.render.board import SMALL
from ccmetrics.render.html.definitions import definitions, keys_of
from ccmetrics.render.html.figures import Figures, figures
from ccmetrics.render.html.grid import grids
from ccmetrics.render.html.head import grounds, head
from ccmetrics.render.html.overview import overview
from ccmetrics.render.html.paper import written
from ccmetrics.render.html.ranking import ranking
from ccmetrics.render.html.subject import Drawer, pages
from ccmetrics.render.look import Look
from ccmetrics.render.restatement import restatement
from ccmetrics.render.terminal import lack, shows
from ccmetrics.render.through_time import alarms
from ccmetrics.render.told import Told
from ccmetrics.render.words import after
from ccmetrics.scorecard import Measurement, Result, Scorecard


def score(result: Result, look: Look) -> bytes:
    """Overview, a table a card, a page a subject, alarms, then what all of it rests on."""
    lang, catalogue = look.lang, result.catalogue
    cards = [card for card in result.scorecards if shows(card)]
    every = [card for card in (look.whole or result).scorecards if shows(card)]
    drawn = look.once("figures", lambda: figures(every))
    found = result.restatement
    return written(
        "report.html.j2",
        lang,
        head=head(result, lang),
        ground=drawn.ground(cards),
        restated=list(restatement(found, result.period.label, look)) if found is not None else [],
        everybody=result.audience == "center",
        overview=overview(cards, catalogue, drawn, lang),
        skipped=[
            after(card.title(lang), lack(card, result, lang), lang) for card in result.scorecards if not shows(card)
        ],
        rankings=[ranking(card, catalogue, drawn, look) for card in cards],
        each=[pages(card, _drawer(card, catalogue, drawn, look)) for card in cards],
        guard=list(_guard(result, lang)),
        grounds=grounds(result, lang),
        definitions=definitions(keys_of(cards), cards, catalogue, look),
        small=SMALL,
    )


def _drawer(card: Scorecard, catalogue: Catalogue, drawn: Figures, look: Look) -> Drawer:
    return look.once(("subjects", card.card.card), lambda: Drawer(look.all_of(card), catalogue, drawn, look.lang))


def _guard(result: Result, lang: str) -> Iterator[tuple[str, list[Told]]]:
    """Red lines and alarms, card by card."""
    for card in result.scorecards:
        told = [each for each in adjusted(card, lang) if each.grave] if "kind" in card.adjustments.columns else []
        told += alarms(card, result.catalogue, lang)
        if told:
            yield card.title(lang), told


def measure(measured: Measurement, look: Look) -> bytes:
    """All values, a row a group, then what they rest on."""
    keys = measured.values.select(pl.col("kpi"), pl.col("variant")).unique(maintain_order=True).rows()
    return written(
        "measurement.html.j2",
        look.lang,
        head=head(measured, look.lang),
        grids=[each for each in grids(measured, look.lang) if each.rows],
        grounds=grounds(measured, look.lang),
        definitions=definitions(keys, (), measured.catalogue, look),
    )
