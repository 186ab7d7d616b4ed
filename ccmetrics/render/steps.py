"""How a score comes about, step by step, and what it earns, in words.

In: a subject's row of a scorecard and its adjustments. Out: names and numbers of the steps; sentences.
Refuses to know: pages, how anything was computed.
"""

from __future__ import annotations

from typing import Any

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.beside import acted, bite, item_name, times, why
from ccmetrics.render.numbers import fixed, share
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard

Row = dict[str, Any]


def steps(card: Scorecard, row: Row, items: list[Row], lang: str) -> list[tuple[str, str]]:
    """From the base to the printed score, each with the number it acts with."""
    # Rounded for the eye it would come to another score than the printed one.
    base = fixed(row["base"], 2 if row["base"] == round(row["base"], 2) else 4)
    found = [(say("base", lang), base)]
    if row["net"] is not None:
        found.append(_of_cycles(card, row, items, lang))
    found += [_step(card, item, lang) for item in items if item["fired"] and item["kind"] != "net" and not _pays(item)]
    return [*found, (say("score", lang), fixed(row["score"], card.card.decimals))]


def _pays(item: Row) -> bool:
    """Whether it multiplies the pay, and no score."""
    return bool(item["kind"] == "coefficient" and item["on"] == "pay")


def apart(card: Scorecard, items: list[Row], lang: str) -> list[str]:
    """What is no step to the score: what multiplies the pay, and what could not be judged, and why."""
    return [times(card, item, lang) for item in items if item["fired"] and _pays(item)] + [
        after(item_name(card, item, lang), say("unjudged", lang, reason=say(item["reason"], lang)), lang)
        for item in items
        if not item["judged"]
    ]


def _of_cycles(card: Scorecard, row: Row, items: list[Row], lang: str) -> tuple[str, str]:
    """Over several cycles the mean of what was done in each."""
    nets = [item for item in items if item["kind"] == "net" and item["amount"] is not None]
    parts = [f"{item_name(card, item, lang)} {acted(item)}" for item in nets]
    return say("of-cycles", lang, parts=listed(parts, lang)), acted({"kind": "net", "amount": row["net"]})


def _step(card: Scorecard, item: Row, lang: str) -> tuple[str, str]:
    """What acted, and the number it acted with."""
    name = item_name(card, item, lang)
    if item["kind"] in ("bonus", "deduction"):
        # What was asked of a pool is not everybody's to know.
        if item["capped"] is None:
            return name, acted(item)
        if item["requested"] > item["capped"]:
            capped = say("asked", lang, amount=fixed(item["requested"]), cap=f"{item['cap']:g}")
            name = f"{name} ({capped})"
        if item["capped"] > item["amount"]:
            parts = {"amount": fixed(item["capped"]), "pool": f"{item['pool']:g}"}
            pool = say("of-pool", lang, **parts, asked=fixed(item["pool_asked"]))
            name = f"{name} ({pool})"
        return name, acted(item)
    if item["kind"] == "coefficient":
        return name, f"x {item['factor']:g}"
    return after(name, bite(card, item, lang), lang), "!"


def standing(row: Row, card: Scorecard, catalogue: Catalogue, lang: str) -> str:
    """Grade, pay and rank; or why there is none."""
    if row["status"] != "scored":
        return after(say("head-provisional", lang), why(row, card, catalogue, lang), lang)
    parts = []
    if row["grade"] is not None:
        key = "grade-is" if row["grade"] == row["grade_by_score"] else "grade-was"
        parts.append(say(key, lang, grade=row["grade"], by_score=row["grade_by_score"]))
    if row["pay"] is not None:
        parts.append(say("pay-is", lang, pay=f"{row['pay']:g}"))
    if row["rank_of"] is not None and row["rank_of"] > 1:
        parts.append(say("rank-of", lang, rank=row["rank"], of=row["rank_of"]))
    if row.get("rank_low") is not None and row["rank_low"] != row["rank_high"]:
        parts.append(say("rank-told", lang, low=row["rank_low"], high=row["rank_high"]))
    if row.get("low") is not None:
        parts.append(say("interval-is", lang, low=fixed(row["low"], 1), high=fixed(row["high"], 1)))
    if row.get("pay_amount") is not None:
        parts.append(say("amount-is", lang, amount=fixed(row["pay_amount"])))
    parts.append(say("coverage", lang, share=share(row["coverage"], card.card.min_coverage)))
    return listed(parts, lang)
