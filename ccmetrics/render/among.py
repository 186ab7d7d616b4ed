"""Where somebody stands among all, for readers who may not see the others: told without names, or told that it is not.

In: a scorecard for a narrower audience, the definitions, a language. Out: what is told, under heads.
Refuses to know: the others; how anything was computed or left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.named import kpi_name
from ccmetrics.render.numbers import fixed
from ccmetrics.render.told import Told
from ccmetrics.render.words import listed, say
from ccmetrics.scorecard import Scorecard

Row = dict[str, Any]


def among(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Quartiles, distribution and grades of the period; nothing where everybody is on the page."""
    if card.audience == "center":
        return
    said = [*_quartiles(card, lang), *_bins(card, lang), *_grades(card, lang)]
    if said:
        yield Told(say("head-among", lang), said)
    yield from not_told(card, catalogue, lang)


def not_told(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """What is suppressed, by its names."""
    said = []
    for name in card.suppressed:
        cycles = listed([dates.period(label, lang) for label in _gone(card, name)], lang)
        kpis = listed([kpi_name(catalogue, kpi, lang) for kpi in _lost(card)] if name == "pooled" else [], lang)
        said.append(say(f"frame-{name}", lang, cycles=cycles, kpis=kpis))
    if said:
        yield Told(say("head-not-told", lang, n=catalogue.project.min_group), said)


def own_score(card: Scorecard) -> float | None:
    """Of the one person that a report is for."""
    if card.audience != "agent" or card.scores.height != 1 or card.scores["status"].item() != "scored":
        return None
    found: float | None = card.scores["score"].item()
    return found


def count(n: int | None, lang: str) -> str:
    """How many, where it may be told."""
    return say("not-told", lang) if n is None else f"{n:,}"


def _gone(card: Scorecard, name: str) -> list[str]:
    """The cycles of which something is not told."""
    frame = {"course": card.course, "grades": card.grades, "history": card.history}.get(name)
    if frame is None:
        return []
    lost = {
        "course": pl.col("median").is_null() & (pl.col("n") > 0),
        "grades": pl.col("n").is_null(),
        "history": pl.col("rank").is_null() & (pl.col("status") == "scored"),
    }[name]
    return frame.filter(lost)["period"].unique(maintain_order=True).to_list()


def _lost(card: Scorecard) -> list[str]:
    return card.pooled.filter(pl.col("value").is_null())["kpi"].unique(maintain_order=True).to_list()


def _quartiles(card: Scorecard, lang: str) -> Iterator[str]:
    for row in _of_period(card.course, card):
        if row["median"] is not None:
            ends = {name: fixed(row[name], 0) for name in ("q1", "median", "q3")}
            yield say("among-quartiles", lang, n=f"{row['n']:,}", **ends)


def _bins(card: Scorecard, lang: str) -> Iterator[str]:
    if card.bins.is_empty():
        return
    own, parts = own_score(card), []
    for low, high, n in card.bins.select("from", "to", "n").iter_rows():
        part = say("among-bin", lang, low=f"{low:g}", high=f"{high:g}", n=f"{n:,}")
        if own is not None and low <= own < high:
            part = say("among-own", lang, bin=part, score=fixed(own, card.card.decimals))
        parts.append(part)
    yield say("among-bins", lang, parts="；".join(parts) if lang == "zh" else "; ".join(parts))


def _grades(card: Scorecard, lang: str) -> Iterator[str]:
    rows = _of_period(card.grades, card)
    if any(row["n"] is not None for row in rows):
        parts = [say("among-grade", lang, grade=row["grade"], n=count(row["n"], lang)) for row in rows]
        yield say("among-grades", lang, parts=listed(parts, lang))


def _of_period(frame: pl.DataFrame, card: Scorecard) -> list[Row]:
    return frame.filter(pl.col("period") == card.period).to_dicts() if "period" in frame.columns else []
