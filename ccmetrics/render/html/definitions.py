"""Every KPI of a page as it is defined, and which card asks what of it.

In: the definitions and what was scored or measured. Out: plain values for the templates.
Refuses to know: values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.render.curves import curves_for, goal, stepped
from ccmetrics.render.html import anchors
from ccmetrics.render.in_force import in_force
from ccmetrics.render.look import Look
from ccmetrics.render.named import LINKED, defined, kpi_name
from ccmetrics.render.words import say
from ccmetrics.scorecard import Scorecard

Key = tuple[str, str]
"""KPI and variant."""


@dataclass(frozen=True)
class Definition:
    anchor: str
    name: str
    kpi: str
    variant: str
    formula: str
    parameters: list[str]
    unit: str
    better: str
    about: str
    source: str
    uses: tuple[str, ...]


def definitions(keys: Iterable[Key], cards: Sequence[Scorecard], catalogue: Catalogue, look: Look) -> list[Definition]:
    """In the order of `keys`, each once. Means of other cards' scores are no KPIs."""
    known = [key for key in dict.fromkeys(keys) if not key[0].startswith(LINKED)]
    uses = _uses(cards, catalogue, look)
    asked = [card.card for card in cards]
    names = tuple(card.card for card in asked)

    def drawn(key: Key) -> Definition:
        mine = tuple(uses.get(key, ()))
        return look.once(("definition", key, mine, names), lambda: _definition(key, mine, asked, catalogue, look.lang))

    return [drawn(key) for key in known]


def keys_of(cards: Sequence[Scorecard]) -> list[Key]:
    found: list[Key] = []
    for card in cards:
        for frame in (card.lines, card.watch):
            if "kpi" in frame.columns:
                found += frame.select("kpi", "variant").unique(maintain_order=True).rows()
    return found


def _definition(key: Key, uses: tuple[str, ...], cards: Sequence[Card], catalogue: Catalogue, lang: str) -> Definition:
    kpi, own = catalogue.kpis[key[0]], defined(catalogue, *key)
    return Definition(
        anchors.of_kpi(*key),
        kpi_name(catalogue, key[0], lang),
        key[0],
        key[1],
        " ".join(own.formula.split()),
        in_force(key, cards, catalogue, lang),
        say(f"unit-{own.display or own.unit or 'ratio'}", lang),
        say(f"better-{kpi.better}", lang),
        own.about.say(lang),
        own.source.say(lang),
        uses,
    )


def _uses(cards: Sequence[Scorecard], catalogue: Catalogue, look: Look) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    lang = look.lang
    for card in cards:
        title, curves = card.title(lang), curves_for(card, look)
        lines = card.lines.select("line", "kpi", "variant", "weight").unique("line", keep="first", maintain_order=True)
        for row in lines.sort("line").iter_rows(named=True):
            parts = {"card": title, "weight": f"{row['weight']:g}"}
            if (None, row["line"]) in curves:
                own = defined(catalogue, row["kpi"], row["variant"])
                goals = say(
                    "page-goals", lang, goals=goal(curves[None, row["line"]], own, stepped(card, row["line"]), lang)
                )
                said = say("page-line", lang, **parts, goals=goals)
            else:
                said = say("page-line-plain", lang, **parts)
            found.setdefault((row["kpi"], row["variant"]), []).append(said)
        watch = card.watch.select("kpi", "variant").unique(maintain_order=True).rows() if card.watch.width > 1 else []
        scored = set(lines.select("kpi", "variant").rows())
        for key in watch:
            if key not in scored:
                found.setdefault(key, []).append(say("page-watch", lang, card=title))
    return found
