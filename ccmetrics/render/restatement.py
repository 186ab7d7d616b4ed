"""What a result of a sealed period states anew: who has another score, grade, rank or pay, which rows came late.

In: a restatement. Out: lines of a terminal page.
Refuses to know: how it was found, other cells than those anybody is judged by (JSON has all).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from rich.console import RenderableType

from ccmetrics.render.look import Look
from ccmetrics.render.page import line, text
from ccmetrics.render.words import listed, say
from ccmetrics.scorecard import Restatement

JUDGED = ("status", "score", "grade", "rank", "pay", "pay_amount")


def restatement(found: Restatement, label: str, look: Look) -> Iterator[RenderableType]:
    lang, cells = look.lang, found.cells
    yield text(say("head-restated", lang, label=label, seal=found.seal[:8]), "bold")
    for sentence in found.said:
        yield line(sentence, indent=2)
    if cells.is_empty():
        yield line(say("restated-same", lang), indent=2)
        return
    judged = cells.filter((pl.col("row") == "total") & pl.col("column").is_in(JUDGED))
    for key, rows in judged.group_by("card", "subject", maintain_order=True):
        yield line(_subject(str(key[0]), str(key[1]), rows.to_dicts(), lang), indent=2)
    for key, rows in cells.filter(pl.col("row") == "rows").group_by("item", maintain_order=True):
        yield line(say("restated-rows", lang, table=key[0], changes=_changes(rows.to_dicts(), lang)), indent=2)
    yield line(say("restated-cells", lang, n=f"{cells.height:,}"), indent=2)


def _subject(card: str, subject: str, rows: list[dict[str, Any]], lang: str) -> str:
    for side, key in (("sealed", "restated-new"), ("now", "restated-gone")):
        if all(row[side] is None for row in rows):
            return say(key, lang, card=card, subject=subject)
    return say("restated-total", lang, card=card, subject=subject, changes=_changes(rows, lang))


def _changes(rows: list[dict[str, Any]], lang: str) -> str:
    none = say("restated-none", lang)
    return listed(
        [
            say("restated-change", lang, column=row["column"], sealed=row["sealed"] or none, now=row["now"] or none)
            for row in rows
        ],
        lang,
    )
