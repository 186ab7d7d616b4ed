"""The small charts of a result, drawn in one go: a bullet a line, a line through time a KPI and a score.

In: scorecards and definitions. Out: SVG by subject and line, and by subject and KPI.
Refuses to know: tables, pages; how a chart looks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from markupsafe import Markup

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.charts import Bullet, Spark, bullets, sparks
from ccmetrics.render.html.curves import curves_of
from ccmetrics.render.named import defined
from ccmetrics.render.numbers import ABSENT, fixed, shown
from ccmetrics.scorecard import Scorecard

Key = tuple[Any, ...]
Item = TypeVar("Item", bound=Hashable)
MOST = 50_000
"""Pictures remembered between pages: files of a card or a team show again what the whole page shows."""
DRAWN: dict[Hashable, Markup] = {}


@dataclass(frozen=True)
class Figures:
    lines: dict[Key, Markup] = field(default_factory=dict)
    """By card, subject and line."""
    through: dict[Key, Markup] = field(default_factory=dict)
    """By card, subject, KPI and variant; of the center's values subject and of a score KPI are empty."""


def figures(cards: Sequence[Scorecard], catalogue: Catalogue, lang: str) -> Figures:
    lines = {key: item for card in cards for key, item in _bullets(card, catalogue, lang)}
    through = {key: item for card in cards for key, item in _sparks(card, catalogue, lang)}
    return Figures(
        dict(zip(lines, _drawn(bullets, lines.values()), strict=True)),
        dict(zip(through, _drawn(sparks, through.values()), strict=True)),
    )


def _drawn(draw: Callable[[Sequence[Item]], list[str]], items: Iterable[Item]) -> list[Markup]:
    """What was drawn before is not drawn again: equal values give equal pictures."""
    wanted = list(items)
    new = [item for item in dict.fromkeys(wanted) if item not in DRAWN]
    if len(DRAWN) + len(new) > MOST:
        DRAWN.clear()
        new = list(dict.fromkeys(wanted))
    # The style of the page says the sizes once for all.
    lean = (re.sub(r' width="\d+" height="\d+"', "", svg, count=1) for svg in draw(new))
    DRAWN.update(zip(new, map(Markup, lean), strict=True))
    return [DRAWN[item] for item in wanted]


def _bullets(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterable[tuple[Key, Bullet]]:
    curves = curves_of(card.goals)
    for row in card.lines.iter_rows(named=True):
        knots, points = curves.get((row["subject"], row["line"])) or curves.get((None, row["line"])) or ((), ())
        own = defined(catalogue, row["kpi"], row["variant"])
        label = shown(row["value"], own.unit, own.display, lang)
        steps = getattr(card.card.kpis[row["line"]], "steps", False)
        item = Bullet(row["value"], row["low"], row["high"], knots, points, label, bool(steps))
        yield (card.card.card, row["subject"], row["line"]), item


def _sparks(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterable[tuple[Key, Spark]]:
    name = card.card.card
    targets = {(row["kpi"], row["variant"], row["period"]): row["target"] for row in _rows(card.pooled)}
    values: dict[Key, list[float | None]] = {}
    goals: dict[Key, list[float | None]] = {}
    # What is watched has its trend in words: pictures of it would be a third of a large page.
    scored = set(card.lines.select("kpi", "variant").rows())
    trends = [row for row in _rows(card.trends, "start") if (row["kpi"], row["variant"]) in scored]
    for row in [*_rows(card.pooled), *trends]:
        key = (name, row.get("subject", ""), row["kpi"], row["variant"])
        values.setdefault(key, []).append(row["value"])
        goals.setdefault(key, []).append(targets.get((row["kpi"], row["variant"], row["period"])))
    for key, found in values.items():
        own = defined(catalogue, key[2], key[3])
        if len(found) > 1:
            yield key, _spark(found, goals[key], [shown(value, own.unit, own.display, lang) for value in found])
    scores: dict[str, list[float | None]] = {}
    for row in _rows(card.history, "start"):
        scores.setdefault(row["subject"], []).append(row["score"])
    for subject, mine in scores.items():
        if len(mine) > 1:
            yield (name, subject, "", ""), _spark(mine, None, [fixed(score, card.card.decimals) for score in mine])


def _spark(values: list[float | None], targets: list[float | None] | None, said: list[str]) -> Spark:
    aims = tuple(targets) if targets and any(target is not None for target in targets) else None
    there = [text for text in said if text != ABSENT]
    label = there[0] if len(there) == 1 else f"{there[0]} … {there[-1]}" if there else ABSENT
    return Spark(tuple(values), aims, label)


def _rows(frame: Any, *order: str) -> list[dict[str, Any]]:
    if "period" not in frame.columns:
        return []
    return list(frame.sort(*order, maintain_order=True).iter_rows(named=True)) if order else frame.to_dicts()
