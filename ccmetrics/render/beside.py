"""What stands below a card's table: why there is no score, what was adjusted, which values are missing or old.

In: a scorecard and the definitions. Out: what is told, under heads.
Refuses to know: the table above, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.named import kpi_name
from ccmetrics.render.numbers import exact, fixed, share
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard

KEYS = {"bonus": "bonus", "deduction": "deductions", "coefficient": "coefficients", "red_line": "red_lines"}
"""Kind of an adjustment to its list on the card."""

POLICIES = {"neutral": "neutral", "floor": "floor", "redistributed": "redistributed", "withheld": "withheld-line"}


def why(row: dict[str, Any], card: Scorecard, catalogue: Catalogue, lang: str) -> str:
    """Why a subject has no full score, in words."""
    word, _, rest = str(row["why"]).partition(": ")
    if word == "presence":
        return say("presence", lang, least=exact(card.card.min_presence, "percent", None, lang))
    if word == "coverage":
        least = card.card.min_coverage
        has = share(row["coverage"], least)
        return say("coverage-low", lang, share=has, least=exact(least, "percent", None, lang))
    if word in ("missing", "not-supplied"):
        return say(word, lang, names=listed([kpi_name(catalogue, name, lang) for name in rest.split(", ")], lang))
    if word == "not-judged":
        items = card.adjustments.filter((pl.col("subject") == row["subject"]) & ~pl.col("judged")).to_dicts()
        return say(word, lang, names=listed([item_name(card, item, lang) for item in items], lang))
    return say(word, lang, names=dates.periods(rest, lang))


def item_name(card: Scorecard, row: dict[str, Any], lang: str) -> str:
    """The name of an adjustment in the reader's language; the frame holds the English one, or the label of a cycle."""
    if row["kind"] == "net":
        return dates.period(str(row["name"]), lang)
    items = getattr(card.card.adjust, KEYS[row["kind"]]) if row["kind"] in KEYS else ()
    return str(items[row["index"]].name.say(lang)) if row["index"] < len(items) else str(row["name"])


def adjusted(card: Scorecard, lang: str) -> Iterator[Told]:
    """What acted on whom, item by item; red lines first and apart."""
    fired = card.adjustments.filter("fired").sort("kind", "index", "subject")
    red = pl.col("kind") == "red_line"
    for head, part in (("head-red", fired.filter(red)), ("head-adjustments", fired.filter(~red))):
        # Not everybody's line fired in the same cycle, nor has a mean over cycles the same factor.
        groups = part.group_by(["kind", "index", "factor", "fired_in"], maintain_order=True)
        if part.height:
            sentences = [_acted(card, rows.to_dicts(), lang) for _, rows in groups]
            yield Told(say(head, lang), sentences, grave=head == "head-red")


def _acted(card: Scorecard, rows: list[dict[str, Any]], lang: str) -> str:
    first = rows[0]
    name, subjects = item_name(card, first, lang), [row["subject"] for row in rows]
    if first["amount"] is not None:
        return after(name, listed([f"{row['subject']} {acted(row)}" for row in rows], lang), lang)
    if first["kind"] == "coefficient":
        return after(times(card, first, lang), listed(subjects, lang), lang)
    return after(say("bracketed", lang, head=name, more=bite(card, first, lang)), listed(subjects, lang), lang)


def times(card: Scorecard, row: dict[str, Any], lang: str) -> str:
    """A coefficient, what it multiplies where that is not the score, and when, if not in this period."""
    name = item_name(card, row, lang)
    named = say("on-pay", lang, name=name) if row["on"] == "pay" else name
    return listed([say("multiplied", lang, name=named, factor=f"{row['factor']:g}"), *_when(card, row, lang)], lang)


def acted(row: dict[str, Any]) -> str:
    """`+4.00` or `-6.00`: what an amount does to a score."""
    amount = -row["amount"] if row["kind"] == "deduction" else row["amount"]
    return f"{'-' if amount < 0 or row['kind'] == 'deduction' else '+'}{fixed(abs(amount))}"


def bite(card: Scorecard, row: dict[str, Any], lang: str) -> str:
    """What a red line does: to the score, the grade, the pay; and when it fired, if not in this period."""
    bites = []
    if row["score_at_most"] is not None:
        bites.append(say("held-at", lang, score=f"{row['score_at_most']:g}"))
    if row["grade_at_most"] is not None:
        bites.append(say("red-grade", lang, grade=row["grade_at_most"]))
    if row["pay"] is not None:
        bites.append(say("red-pay", lang, pay=f"{row['pay']:g}"))
    return listed([*bites, *_when(card, row, lang)], lang)


def _when(card: Scorecard, row: dict[str, Any], lang: str) -> list[str]:
    elsewhere = row["fired_in"] not in (None, card.period)
    return [say("fired-in", lang, periods=dates.periods(row["fired_in"], lang))] if elsewhere else []


def reaching(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Which lines look back over earlier cycles, for how many subjects."""
    back = (
        card.lines.filter((pl.col("cycles") > 1) & pl.col("value").is_not_null())
        .group_by("line", "kpi", maintain_order=True)
        .agg(n=pl.len(), cycles=pl.col("cycles").max())
        .sort("line")
    )
    sentences = [
        say(
            "window-line",
            lang,
            kpi=kpi_name(catalogue, row["kpi"], lang),
            n=row["n"],
            total=card.scores.height,
            cycles=row["cycles"],
        )
        for row in back.iter_rows(named=True)
    ]
    if sentences:
        yield Told(say("head-window", lang), sentences)


def lacking(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Where the subjects' own values do not score, why, and what takes their place."""
    gone = (
        card.lines.filter(pl.col("status") != "own")
        .group_by("line", "kpi", "reason", "status", maintain_order=True)
        .agg(n=pl.len())
        .sort("line", "reason", "status")
    )
    # Where nobody is scored, no policy is carried out.
    key = "missing-value" if card.scores["status"].eq("values-only").all() else "missing-line"
    sentences = []
    for row in gone.iter_rows(named=True):
        parts = {
            "kpi": kpi_name(catalogue, row["kpi"], lang),
            "n": row["n"],
            "total": card.scores.height,
            "reason": say(row["reason"], lang),
            "policy": say(POLICIES[row["status"]], lang),
        }
        sentences.append(say(key, lang, **parts))
    if sentences:
        yield Told(say("head-missing", lang), sentences)
