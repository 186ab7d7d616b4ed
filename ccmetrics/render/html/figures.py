"""The small charts of a result, drawn in one go: a bullet a line, a line through time a KPI and a score.

In: scorecards and definitions. Out: SVG by subject and line, and by subject and KPI.
Refuses to know: tables, pages; how a chart looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from ccmetrics.render.charts import Bullet, Curve, Spark, bullet, bullets, ground, named, sparks
from ccmetrics.render.curves import curves_of, in_force, stepped
from ccmetrics.scorecard import Scorecard

Key = tuple[Any, ...]
QUOTED = re.compile('="([\\w#.-]+)"(/?)')
"""An attribute that needs no quotation marks."""
WHEN = ("kpi", "variant", "period")


@dataclass(frozen=True)
class Figures:
    names: Mapping[Curve, str]
    """Of the curves that bullets stand on."""
    curves: Mapping[Key, Curve]
    lines: Mapping[Key, Markup]
    """Both by card, subject and line."""
    through: Mapping[Key, Markup]
    """By card, subject, KPI and variant; of the center's values subject and of a score KPI are empty."""

    def ground(self, cards: Sequence[Scorecard]) -> Markup:
        """What the bullets of these cards share, to stand once in their page."""
        each = ((card.card.card, *row) for card in cards for row in card.lines.select("subject", "line").iter_rows())
        used = dict.fromkeys(curve for key in each if (curve := self.curves.get(key)))
        return Markup(ground(self.names, used))  # noqa: S704 - drawn by Vega


def _lean(drawn: str) -> Markup:
    """As HTML has it: there are ten thousand of them in a page."""
    return Markup(QUOTED.sub(lambda found: f"={found[1]}{' /' if found[2] else ''}", drawn))  # noqa: S704 - drawn by Vega


def figures(cards: Sequence[Scorecard]) -> Figures:
    lines = {key: item for card in cards for key, item in _bullets(card)}
    through = {key: item for card in cards for key, item in _sparks(card)}
    curves = {key: item.curve for key, item in lines.items()}
    names = named(dict.fromkeys(curves.values()))
    own = zip(lines.values(), bullets(list(lines.values())), strict=True)
    return Figures(
        names,
        curves,
        dict(zip(lines, (_lean(bullet(names[item.curve], drawn)) for item, drawn in own), strict=True)),
        dict(zip(through, map(_lean, sparks(list(through.values()))), strict=True)),
    )


def _bullets(card: Scorecard) -> Iterable[tuple[Key, Bullet]]:
    """Of lines that have a curve."""
    curves = curves_of(card.goals)
    for row in card.lines.iter_rows(named=True):
        found = in_force(curves, row)
        if found[0] and row["share"]:
            # One curve for all whom it holds for: a total is drawn as that of a full timer and one cycle.
            shown = (None if row[key] is None else row[key] / row["share"] for key in ("value", "low", "high"))
            item = Bullet(Curve(*found, stepped(card, row["line"])), *shown)
            yield (card.card.card, row["subject"], row["line"]), item


def _sparks(card: Scorecard) -> Iterable[tuple[Key, Spark]]:
    name = card.card.card
    targets = {(kpi, variant, period): target for kpi, variant, period, target in _rows(card.pooled, *WHEN, "target")}
    values: dict[Key, dict[str, float | None]] = {}
    # What is watched has its trend in words: pictures of it would be a third of a large page.
    scored = card.lines.select("kpi", "variant").unique()
    trends = (
        card.trends.join(scored, on=["kpi", "variant"], how="semi") if "start" in card.trends.columns else card.trends
    )
    together = (("", *row) for row in _rows(card.pooled, *WHEN, "value"))
    for subject, kpi, variant, period, value in (*together, *_rows(trends, "subject", *WHEN, "value")):
        values.setdefault((name, subject, kpi, variant), {})[period] = value
    for subject, period, score in _rows(card.history, "subject", "period", "score"):
        values.setdefault((name, subject, "", ""), {})[period] = score
    cycles = _cycles(card)
    for key, found in values.items():
        if len(found) > 1:
            # Before the first there is nothing to tell; after it, a cycle without a value is a gap, the last one, too.
            mine = cycles[min(map(cycles.index, found)) :]
            yield key, _spark([found.get(at) for at in mine], [targets.get((*key[2:], at)) for at in mine])


def _cycles(card: Scorecard) -> list[str]:
    """Of all frames through time: none of one subject has every one."""
    frames = (card.course, card.history, card.trends, card.pooled)
    found = {row for frame in frames if "start" in frame.columns for row in frame.select("start", "period").rows()}
    return [period for _, period in sorted(found)]


def _spark(values: Sequence[float | None], targets: Sequence[float | None]) -> Spark:
    is_aimed = any(target is not None for target in targets)
    return Spark(tuple(values), tuple(targets) if is_aimed else None)


def _rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Through time, if it is of more than one."""
    return frame.sort("start", maintain_order=True).select(columns).rows() if "start" in frame.columns else []
