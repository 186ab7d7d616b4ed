"""One subject on one card, every line and every step to the score.

In: a scorecard, a subject, the definitions. Out: the parts of a terminal page.
Refuses to know: the other subjects, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Catalogue, Variant
from ccmetrics.render import dates
from ccmetrics.render.beside import POLICIES, why
from ccmetrics.render.candor import actions, ahead, policies
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined as definition
from ccmetrics.render.named import kpi_name
from ccmetrics.render.narrow import narrowed
from ccmetrics.render.numbers import ABSENT, bare, fixed, shown, span
from ccmetrics.render.page import WIDE, Column, line, squeezed, table, text
from ccmetrics.render.steps import standing, steps, unjudged
from ccmetrics.render.through_time import alarms, history, on_the_way
from ccmetrics.render.words import after, say
from ccmetrics.scorecard import Scorecard, watched
from ccmetrics.stages.score.goals import blended

Row = dict[str, Any]


def detail(card: Scorecard, subject: str, catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """The subject's lines with goals and points, the notes they need, the sum, and what is watched."""
    lang, mine = look.lang, pl.col("subject") == subject
    row = card.scores.filter(mine).row(0, named=True)
    lines = card.lines.filter(mine).sort("line").to_dicts()
    who = [str(row[key]) for key in ("subject", "name", "team") if row[key] is not None]
    yield text(f"{card.title(lang)} · {dates.period(card.period, lang)} · {' · '.join(who)}", "bold")
    yield Text()
    yield from _tables(card, lines, catalogue, look)
    for found in lines:
        yield from _notes(found, row["status"] == "values-only", catalogue, lang)
    yield Text()
    yield from _sum(card, row, card.adjustments.filter(mine).to_dicts(), catalogue, lang)
    for told in ahead(card, subject, catalogue, lang):
        yield Text()
        yield told
    yield from policies(narrowed(card, subject), lang)
    yield from alarms(narrowed(card, subject), catalogue, lang)
    yield from on_the_way(card, subject, catalogue, lang)
    yield from _watch(watched(card, catalogue).filter(mine).to_dicts(), catalogue, look)
    yield from history(card, subject, catalogue, look)
    yield from actions(narrowed(card, subject), lang)


def _tables(card: Scorecard, lines: list[Row], catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """One table, or, where that would be too wide, the goals in one of their own."""
    lang = look.lang
    curves = _curves(card.goals)
    goals = [text(goal(*curves.get(row["line"], ([], [])), defined(row, catalogue))) for row in lines]
    name, *values = _values(lines, catalogue, lang)
    goal_column = Column(say("goals", lang), goals, right=True, most=60)
    earned = [
        Column(say("points", lang), [text(fixed(row["points"], 1)) for row in lines], right=True),
        Column(say("weight", lang), [text(f"{row['weight']:g}") for row in lines], right=True),
        Column(say("earns", lang), [text(fixed(row["contribution"])) for row in lines], right=True),
    ]
    if look.width >= WIDE:
        yield table(squeezed([name, *values, goal_column, *earned], 0, look), look)
    else:
        yield table(squeezed([name, *values, *earned], 0, look), look)
        yield Text()
        yield table(squeezed([name, goal_column], 0, look), look)


def _values(rows: list[Row], catalogue: Catalogue, lang: str) -> list[Column]:
    """KPI, value, n, interval."""
    own = [(row, defined(row, catalogue)) for row in rows]
    return [
        Column(say("kpi", lang), [text(named(row, catalogue, lang)) for row in rows], most=44),
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


def named(row: Row, catalogue: Catalogue, lang: str) -> str:
    """The name of a KPI, with the variant where there is a choice."""
    name = kpi_name(catalogue, row["kpi"], lang)
    return f"{name} ({row['variant']})" if row["variant"] else name


def count(n: int | None) -> str:
    return ABSENT if n is None else f"{n:,}"


def interval(row: Row, own: Variant, lang: str) -> str:
    return span(row["low"], row["high"], own.unit, own.display, lang)


def _curves(goals: pl.DataFrame) -> dict[int, tuple[list[float], list[float]]]:
    """The knots in force by line, and the points they earn: one's own before everybody's."""
    if goals.is_empty():
        return {}
    earns = goals.group_by("line", maintain_order=True).agg(earns=pl.col("points").first())
    found = blended(goals).filter(pl.col("knots").is_not_null()).join(earns, on="line")
    rows = found.sort("subject", nulls_last=False).select("line", "knots", "earns").iter_rows()
    return {line: (knots[: len(earned)], earned) for line, knots, earned in rows}


def goal(knots: Sequence[float], earns: Sequence[float], own: Variant) -> str:
    """What earns points: `450 / 300 / 240`, `55 < 75..85 < 95`, or value:points pairs."""
    if list(earns) == sorted(earns, reverse=True):  # less is better
        knots, earns = list(reversed(knots)), list(reversed(earns))
    values = [bare(float(value), own.unit, own.display) for value in knots]
    if list(earns) in ([0, 100], [0, 100, 120]):
        return " / ".join(values)
    if list(earns) == [0, 100, 100, 0]:
        return f"{values[0]} < {values[1]}..{values[2]} < {values[3]}"
    return "  ".join(f"{value}:{points:g}" for value, points in zip(values, earns, strict=True))


def _notes(row: Row, unscored: bool, catalogue: Catalogue, lang: str) -> Iterator[RenderableType]:
    """What a mark beside the value means."""
    name = kpi_name(catalogue, row["kpi"], lang)
    if row["value"] is not None and row["cycles"] > 1:
        yield line(f"^ {after(name, say('over-cycles', lang, cycles=row['cycles']), lang)}", indent=2)
    if row["status"] != "own":
        reason, policy = say(row["reason"], lang), say(POLICIES[row["status"]], lang)
        what = reason if unscored else say("replaced", lang, reason=reason, policy=policy)
        yield line(f"* {after(name, what, lang)}", indent=2)


def _sum(card: Scorecard, row: Row, items: list[Row], catalogue: Catalogue, lang: str) -> Iterator[RenderableType]:
    """From the base to the printed score, step by step, then what it earns."""
    if row["status"] in ("withheld", "values-only"):
        yield text(after(say("head-withheld", lang), why(row, card, catalogue, lang), lang), "yellow")
        return
    found = steps(card, row, items, lang)
    width = max(len(number) for _, number in found)
    for at, (name, number) in enumerate(found):
        yield line(f"{number.rjust(width)}  {name}", "bold" if at == len(found) - 1 else "", indent=2)
    for sentence in unjudged(card, items, lang):
        yield line(sentence, indent=2)
    yield line(standing(row, card, catalogue, lang), "bold", indent=2)


def _watch(rows: list[Row], catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    if not rows:
        return
    columns = _values(rows, catalogue, look.lang)
    if any(row["reason"] for row in rows):
        reasons = [text(say(row["reason"], look.lang) if row["reason"] else "") for row in rows]
        columns.append(Column(say("reason", look.lang), reasons))
    yield Text()
    yield text(say("head-watch", look.lang), "bold")
    yield table(squeezed(columns, 0, look), look)
