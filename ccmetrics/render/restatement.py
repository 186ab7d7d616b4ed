"""What a result of a sealed period states anew: who has another score, grade, rank or pay, which rows came late.

In: a restatement. Out: what is told, under a head.
Refuses to know: how it was found, other cells than those anybody is judged by (JSON has all).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ccmetrics.render import dates
from ccmetrics.render.look import Look
from ccmetrics.render.told import Told
from ccmetrics.render.words import PHRASES, listed, say, told
from ccmetrics.scorecard import Restatement

JUDGED = ("status", "score", "grade", "rank", "pay", "pay_amount")


def restatement(found: Restatement, label: str, look: Look) -> Iterator[Told]:
    lang, cells = look.lang, found.cells
    said = [told(each, lang) for each in found.said]
    head = say("head-restated", lang, label=dates.period(label, lang), seal=found.seal[:8])
    if cells.is_empty():
        yield Told(head, [*said, say("restated-same", lang)])
        return
    judged = cells.filter((pl.col("row") == "total") & pl.col("column").is_in(JUDGED))
    subjects = [
        _subject(str(key[0]), str(key[1]), rows.to_dicts(), lang)
        for key, rows in judged.group_by("card", "subject", maintain_order=True)
    ]
    tables = [
        say("restated-rows", lang, table=key[0], changes=_changes(rows.to_dicts(), lang))
        for key, rows in cells.filter(pl.col("row") == "rows").group_by("item", maintain_order=True)
    ]
    yield Told(head, [*said, *subjects, *tables, say("restated-cells", lang, n=f"{cells.height:,}")])


def _subject(card: str, subject: str, rows: list[dict[str, Any]], lang: str) -> str:
    for side, key in (("sealed", "restated-new"), ("now", "restated-gone")):
        if all(row[side] is None for row in rows):
            return say(key, lang, card=card, subject=subject)
    return say("restated-total", lang, card=card, subject=subject, changes=_changes(rows, lang))


def _changes(rows: list[dict[str, Any]], lang: str) -> str:
    none = say("restated-none", lang)
    changes = [(_named(row["column"], lang), row["sealed"] or none, row["now"] or none) for row in rows]
    return listed([say("restated-change", lang, column=name, sealed=was, now=now) for name, was, now in changes], lang)


def _named(column: str, lang: str) -> str:
    """As the tables for people call it; what they do not show is called as in the file."""
    known = (key for key in (f"field-{column}", f"book-rows-{column}") if key in PHRASES)
    return say(next(known, column), lang)
