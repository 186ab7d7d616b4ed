"""The curves that values meet, by subject and line, and what is said of them.

In: a scorecard, a line of it, what its KPI is told in. Out: the values of a curve, rising, with the points they earn;
short texts of them.
Refuses to know: how a curve is drawn, who reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Variant
from ccmetrics.render.evidence import part_of
from ccmetrics.render.look import Look
from ccmetrics.render.numbers import bare, exact
from ccmetrics.render.words import listed, say
from ccmetrics.scorecard import Scorecard
from ccmetrics.stages.score.goals import blended, in_bands

Knots = tuple[tuple[float, ...], tuple[float, ...]]
Curves = Mapping[tuple[str | None, int], Knots]
MOST = 3
"""More different curves of one line are counted, not listed."""


def curves_of(goals: pl.DataFrame) -> Curves:
    """Under no subject are the curves that hold for everybody who has none of their own."""
    if "knots" not in goals.columns or goals.is_empty():
        return {}
    key = ["subject", "line"]
    earns = goals.group_by(key, maintain_order=True).agg(earns=pl.col("points").first())
    found = blended(goals).filter(pl.col("knots").is_not_null()).join(earns, on=key, nulls_equal=True)
    rows = found.select(*key, "knots", "earns").iter_rows()
    return {(subject, line): (tuple(knots[: len(earned)]), tuple(earned)) for subject, line, knots, earned in rows}


def curves_for(card: Scorecard, look: Look) -> Curves:
    """Of a card that may be a part of one that was drawn before: of its own subjects, and of everybody."""
    every = look.all_of(card)
    whole = look.once(("curves", card.card.card), lambda: curves_of(every.goals))
    mine = {None, *card.scores["subject"]}
    return whole if every is card else {key: curve for key, curve in whole.items() if key[0] in mine}


def in_force(curves: Curves, row: Mapping[str, Any]) -> Knots:
    """Of somebody's line: the own curve before everybody's. Of a total it is that of a full timer and one cycle."""
    return curves.get((row["subject"], row["line"])) or curves.get((None, row["line"])) or ((), ())


def met(curves: Curves, row: Mapping[str, Any]) -> Knots:
    """The same, in the values that are shown: a total's goal goes by the time present and the number of cycles."""
    values, points = in_force(curves, row)
    return tuple(value * row["share"] for value in values), points


def target_of(curves: Curves, line: int) -> float | None:
    """What everybody's curve gives 100 points for, where that is one value."""
    full = {tuple(v for v, points in zip(*curve, strict=True) if points == 100)
            for (_, at), curve in curves.items() if at == line}  # fmt: skip
    values = full.pop() if len(full) == 1 else ()
    return values[0] if len(values) == 1 else None


def stepped(card: Scorecard, line: int) -> bool:
    """Whether points jump at the knots, and nothing is earned between two."""
    return in_bands(card.card.kpis[line])


def goal(curve: Knots, own: Variant, bands: bool, lang: str) -> str:
    """What earns points: `450 / 300 / 240`, `55 < 75..85 < 95`, or value:points pairs; `bands 50 / 75`."""
    text = _goal(*curve, own)
    return say("x-curve-steps", lang, knots=text) if bands and text else text


def _goal(knots: Sequence[float], earns: Sequence[float], own: Variant) -> str:
    if list(earns) == sorted(earns, reverse=True):  # less is better
        knots, earns = list(reversed(knots)), list(reversed(earns))
    values = [bare(float(value), own.unit, own.display) for value in knots]
    if list(earns) in ([0, 100], [0, 100, 120]):
        return " / ".join(values)
    if list(earns) == [0, 100, 100, 0]:
        return f"{values[0]} < {values[1]}..{values[2]} < {values[3]}"
    return "  ".join(f"{value}:{points:g}" for value, points in zip(values, earns, strict=True))


Parts = Sequence[tuple[Any, Sequence[float], Sequence[float]]]
"""The different curves of a line, each with what it holds for."""


def parts_of(goals: pl.DataFrame) -> Mapping[int, Parts]:
    """By line; of what has a curve."""
    found: dict[int, list[tuple[Any, Sequence[float], Sequence[float]]]] = {}
    if goals.height:
        there = goals.filter(pl.col("knots").is_not_null()).select("line", "part", "knots", "points")
        for line, *each in there.unique(maintain_order=True).iter_rows():
            found.setdefault(line, []).append(tuple(each))
    return found


def stated(parts: Parts, bands: bool, own: Variant, lang: str) -> str | None:
    """All curves of a line, to the digit: `50% = 0, 75% = 100`; of segments, each with its name."""
    if len(parts) > MOST:
        return say("book-differs", lang)
    curves = []
    for part, knots, points in parts:
        pairs = zip(knots, points, strict=True)
        text = listed([f"{exact(value, own.unit, own.display, lang)} = {earned:g}" for value, earned in pairs], lang)
        text = say("x-curve-steps", lang, knots=text) if text and bands else text
        place = part_of(part, lang)
        curves.append(say("bracketed", lang, head=text, more=place) if place else text)
    return " / ".join(curves) or None
