"""One subject's own page: what it earned and why, line by line, and what would move it.

In: a scorecard split by subject, pictures, the definitions. Out: plain values for the templates.
Refuses to know: markup, the other subjects, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import polars as pl
from markupsafe import Markup

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.beside import POLICIES, why
from ccmetrics.render.board import band, ordered, signed, titles
from ccmetrics.render.candor import MOVED, actions, ahead, lists, policies, shares, unexcluded
from ccmetrics.render.curves import curves_of, goal, met, stepped
from ccmetrics.render.html import anchors
from ccmetrics.render.html.figures import Figures
from ccmetrics.render.html.paper import filled
from ccmetrics.render.named import defined
from ccmetrics.render.numbers import ABSENT, fixed, moved, share, shown, span
from ccmetrics.render.steps import apart, steps
from ccmetrics.render.through_time import alarms, on_the_way
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard, watched

Row = dict[str, Any]
PARTS = ("scores", "policies", "needed", "alarms", "progress", "shares", "lists", "actions")
"""Frames that sentences are made of, a subject at a time."""


@dataclass(frozen=True)
class Line:
    name: str
    note: str
    value: str
    beside: str
    bullet: Markup
    goals: str
    gap: str
    """How far it is to the target."""
    points: str
    mark: str
    weight: str
    earns: str
    spark: Markup
    way: str
    changes: tuple[tuple[str, str], ...]
    """Against the days before and a year ago, each with its class."""


@dataclass(frozen=True)
class Page:
    name: str
    who: str
    facts: tuple[tuple[str, str, str], ...]
    """Term, value, what stands small below."""
    reason: str
    """Why there is no full score."""
    lines: tuple[Line, ...]
    watch: tuple[Line, ...]
    steps: tuple[tuple[str, str], ...]
    apart: tuple[str, ...]
    """Sentences on what is no step to the score."""
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Place:
    """A page among the others."""

    anchor: str
    body: Markup
    previous: tuple[str, str] | None
    """Where it is, and its name."""
    next: tuple[str, str] | None


@dataclass(frozen=True)
class Pages:
    back: str
    anchor: str
    title: str
    notes: tuple[str, ...]
    """What changes are against."""
    pages: tuple[Place, ...]


def pages(card: Scorecard, draw: Drawer) -> Pages:
    """All subjects of a card, in the order of their standing."""
    rows, lang = ordered(card.scores), draw.lang
    name = card.card.card
    names = [(anchors.of_subject(name, row["subject"]), row["name"] or row["subject"]) for row in rows]
    bodies = [draw.body(row) for row in rows]
    return Pages(
        anchors.of_card(name),
        f"{anchors.of_card(name)}/each",
        card.title(lang),
        draw.notes,
        tuple(map(Place, (anchor for anchor, _ in names), bodies, [None, *names], [*names[1:], None])),
    )


def _spans(card: Scorecard) -> dict[str, str]:
    if "against" not in card.changes.columns:
        return {}
    found = dict(card.changes.select("against", "period").unique("against", maintain_order=True).rows())
    return {key: found[key] for key in ("previous", "last_year") if key in found}


def _split(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    if frame.is_empty() or "subject" not in frame.columns:
        return {}
    return {str(key[0]): part for key, part in frame.partition_by("subject", as_dict=True).items()}


def _rows(frame: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True) if "subject" in frame.columns else ():
        found.setdefault(row["subject"], []).append(row)
    return found


class Drawer:
    """A card taken apart by subject once, for all its pages; each is drawn once, whatever the files it stands in."""

    def __init__(self, card: Scorecard, catalogue: Catalogue, figures: Figures, lang: str) -> None:
        self.card, self.catalogue, self.figures, self.lang = card, catalogue, figures, lang
        spans = _spans(card)
        self.against = tuple(spans)
        self.notes = tuple(
            say(f"page-like-{against}", lang, period=dates.period(label, lang)) for against, label in spans.items()
        )
        self.drawn: dict[str, Markup] = {}
        self.defined = cache(partial(defined, catalogue))
        self.named = titles(card, catalogue, lang)
        self.lines, self.items = _rows(card.lines.sort("line")), _rows(card.adjustments)
        self.watch = _rows(watched(card, catalogue)) if card.watch.width > 1 else {}
        self.curves = curves_of(card.goals)
        # Of the scores a sentence is made where others were left out: most are as they are.
        told = card if "unexcluded" not in card.scores.columns else replace(card, scores=card.scores.filter(MOVED))
        self.parts = {name: _split(getattr(told, name)) for name in PARTS}
        self.nothing = {name: getattr(card, name).clear() for name in PARTS}
        self.changes: Mapping[tuple[str, ...], Row] = {
            (row["subject"], row["kpi"], row["variant"], row["against"]): row
            for row in (card.changes.iter_rows(named=True) if self.against else ())
        }
        self.ways = (
            {
                (row["subject"], row["kpi"], row["variant"]): row["trend"]
                for row in card.trends.filter(pl.col("trend").is_not_null()).iter_rows(named=True)
            }
            if "trend" in card.trends.columns
            else {}
        )

    def body(self, row: Row) -> Markup:
        subject = row["subject"]
        if subject not in self.drawn:
            view = {"one": self.page(row), "against": self.against}
            self.drawn[subject] = filled("one.html.j2", self.lang, **view)
        return self.drawn[subject]

    def page(self, row: Row) -> Page:
        lang, subject = self.lang, row["subject"]
        scored = row["status"] in ("scored", "provisional")
        items = self.items.get(subject, [])
        own = self._own(subject)
        ids = [text for text in (subject if row["name"] else "", row["team"] or "") if text]
        head = {"scored": "", "provisional": "head-provisional"}.get(row["status"], "head-withheld")
        return Page(
            row["name"] or subject,
            " · ".join([*ids, self.card.title(lang), dates.period(self.card.period, lang)]),
            tuple(self._facts(row)),
            after(say(head, lang), why(row, own, self.catalogue, lang), lang) if head and row["why"] else "",
            tuple(self._line(line, row["status"]) for line in self.lines.get(subject, [])),
            tuple(self._watched(line) for line in self.watch.get(subject, [])),
            tuple(steps(self.card, row, items, lang)) if scored else (),
            tuple(apart(self.card, items, lang)) if scored else (),
            tuple(self._told(own, subject)),
        )

    def _own(self, subject: str) -> Scorecard:
        """The card with those frames of the subject alone that sentences are made of."""
        mine = {name: parts.get(subject, self.nothing[name]) for name, parts in self.parts.items()}
        return replace(self.card, **mine)

    def _told(self, own: Scorecard, subject: str) -> Iterator[Told]:
        lang = self.lang
        yield from alarms(own, self.catalogue, lang)
        yield from ahead(own, subject, self.catalogue, lang)
        yield from on_the_way(own, subject, self.catalogue, lang)
        yield from policies(own, lang)
        yield from unexcluded(own, lang)
        yield from lists(own, lang)
        yield from shares(own, lang)
        yield from actions(own, self.catalogue, lang)

    def _facts(self, row: Row) -> Iterator[tuple[str, str, str]]:
        lang, decimals = self.lang, self.card.card.decimals
        if row["score"] is not None:
            told = row.get("low") is not None
            ends = f"{fixed(row['low'], decimals)}..{fixed(row['high'], decimals)}" if told else ""
            interval = say("page-interval", lang, interval=ends) if ends else ""
            yield say("page-score", lang), fixed(row["score"], decimals), interval
        if row["grade"] is not None:
            other = row["grade"] != row["grade_by_score"]
            by_score = say("page-by-score", lang, grade=row["grade_by_score"]) if other else ""
            yield say("page-grade", lang), row["grade"], by_score
        if row["rank"] is not None and row["rank_of"] > 1:
            of = say("page-of", lang, of=row["rank_of"])
            if row.get("rank_low") is not None and row["rank_low"] != row["rank_high"]:
                of = listed([of, say("page-range", lang, low=row["rank_low"], high=row["rank_high"])], lang)
            yield say("page-rank", lang), str(row["rank"]), of
        if row.get("change") is not None:
            beyond = [say("page-beyond", lang)] if row.get("change_beyond") else []
            yield say("page-change", lang), signed(row["change"]), listed([say("page-since", lang), *beyond], lang)
        if row["pay"] is not None:
            amount = fixed(row["pay_amount"]) if row.get("pay_amount") is not None else ""
            yield say("page-pay", lang), say("page-times", lang, factor=f"{row['pay']:g}"), amount
        if row["coverage"] is not None and row["coverage"] < 1:
            yield say("page-coverage", lang), share(row["coverage"]), ""

    def _line(self, row: Row, status: str) -> Line:
        key = (row["subject"], row["line"])
        own = self.defined(row["kpi"], row["variant"])
        note = ""
        if row["status"] != "own":
            reason, policy = say(row["reason"], self.lang), say(POLICIES[row["status"]], self.lang)
            note = reason if status == "values-only" else say("replaced", self.lang, reason=reason, policy=policy)
        return replace(
            self._watched(row),
            note=note,
            bullet=self.figures.lines.get((self.card.card.card, *key), Markup()),
            goals=goal(met(self.curves, row), own, stepped(self.card, row["line"]), self.lang),
            gap=say("page-gap", self.lang, gap=moved(row["gap"], own.unit, own.display, self.lang))
            if row.get("gap")
            else "",
            points=fixed(row["points"], 1),
            mark=BANDS[band(row)],
            weight=f"{row['weight']:g}",
            earns=fixed(row["contribution"]),
        )

    def _watched(self, row: Row) -> Line:
        lang, subject = self.lang, row["subject"]
        key = (row["kpi"], row["variant"])
        own = self.defined(*key)
        beside = [] if row["n"] is None else [say("page-n", lang, n=f"{row['n']:,}")]
        if row["value"] is not None and row["cycles"] > 1:
            beside.append(say("page-cycles", lang, cycles=row["cycles"]))
        if interval := span(row["low"], row["high"], own.unit, own.display, lang):
            beside.append(interval)
        way = self.ways.get((subject, *key))
        return Line(
            self.named[key],
            say(row["reason"], lang) if row["reason"] else "",
            shown(row["value"], own.unit, own.display, lang),
            " · ".join(beside),
            Markup(),
            "",
            "",
            "",
            "",
            "",
            "",
            self.figures.through.get((self.card.card.card, subject, *key), Markup()),
            say(f"page-way-{way}", lang) if way else "",
            tuple(self._change(subject, *key, against) for against in self.against),
        )

    def _change(self, subject: str, kpi: str, variant: str, against: str) -> tuple[str, str]:
        row = self.changes.get((subject, kpi, variant, against))
        if row is None or row["difference"] is None:
            return "", ABSENT
        own = self.defined(kpi, variant)
        size = moved(row["difference"], own.unit, own.display, self.lang)
        if not row["beyond"]:
            return "", size
        kind = {True: "better", False: "worse", None: "changed"}[row["better"]]
        return kind[0], say(f"page-{kind}", self.lang, change=size)


BANDS = {"": "", "below": "○", "near": "◐", "met": "●"}
