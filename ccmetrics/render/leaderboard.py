"""One card for all its subjects: who stands where, by which values, and everything a reader must know beside.

In: a scorecard and the definitions. Out: the parts of a terminal page.
Refuses to know: how a score came about, files, the terminal itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.beside import adjusted, lacking, reaching, why
from ccmetrics.render.candor import actions, effective, lists, policies, shares, unexcluded
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined, kpi_name
from ccmetrics.render.numbers import ABSENT, fixed, shown
from ccmetrics.render.page import WIDE, Column, fit, line, table, text
from ccmetrics.render.through_time import alarms, changed
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard, watched

SMALL = 30
"""A value that rests on fewer cases is shown with their number."""

Row = dict[str, Any]


def leaderboard(card: Scorecard, catalogue: Catalogue, look: Look) -> Iterator[RenderableType]:
    """The card's table, then who has no full score and why, what was adjusted, what is missing, what is watched."""
    lang = look.lang
    rows = ordered(card.scores)
    yield text(f"{card.title(lang)} · {card.period}", "bold")
    if not rows:
        yield line(say("nobody", lang), indent=2)
        return
    yield text(_counts(rows, lang))
    if rows[0]["status"] == "values-only":
        yield text(say("no-scores", lang, why=why(rows[0], card, catalogue, lang)), "yellow")
    yield Text()
    columns, left = fit(_who(card, rows, look), _values(card, catalogue, rows, lang), look)
    yield table(columns, look)
    if left:
        names = listed([column.head for column in left], lang)
        yield line(say("not-shown", lang, width=look.width, names=names), "dim")
    if any(" (" in cell.plain for column in columns if column.right for cell in column.cells):
        yield line(say("small-n", lang, n=SMALL), "dim")
    yield from _unscored(card, catalogue, rows, lang)
    yield from adjusted(card, lang)
    yield from alarms(card, catalogue, lang)
    yield from reaching(card, catalogue, lang)
    yield from lacking(card, catalogue, lang)
    yield from policies(card, lang)
    yield from unexcluded(card, lang)
    yield from changed(card, catalogue, lang)
    yield from lists(card, lang)
    yield from shares(card, lang)
    yield from actions(card, lang)
    yield from effective(card, catalogue, lang)
    yield from notices(card.notices, lang)


def notices(said: Sequence[str], lang: str, head: str = "head-notices") -> Iterator[RenderableType]:
    if said:
        yield text(say(head, lang), "bold")
    for notice in said:
        yield line(notice, indent=2)


def ordered(scores: pl.DataFrame) -> list[Row]:
    """Ranked first, then the provisional by score, then the others; within one standing by subject."""
    status = pl.col("status").replace_strict({"scored": 0, "provisional": 1}, default=2, return_dtype=pl.Int8)
    order = [status, "rank", "score", "subject"]
    return scores.sort(order, descending=[False, False, True, False], nulls_last=True).to_dicts()


def _counts(rows: list[Row], lang: str) -> str:
    found = [row["status"] for row in rows]
    kinds = [kind for kind in ("scored", "provisional", "withheld", "values-only") if kind in found]
    parts = listed([say(kind, lang, n=found.count(kind)) for kind in kinds], lang)
    return say("counts", lang, total=len(rows), parts=parts)


def _who(card: Scorecard, rows: list[Row], look: Look) -> list[Column]:
    """Rank, subject, name, team, score, grade; a column nobody has anything in is left out."""
    lang, decimals = look.lang, card.card.decimals
    red = set(card.adjustments.filter((pl.col("kind") == "red_line") & pl.col("fired"))["subject"])
    roomy = look.width >= WIDE

    def column(key: str, show: Callable[[Row], Text], right: bool = False, most: int = 24) -> Column:
        return Column(say(key, lang), [show(row) for row in rows], right, most)

    def plainly(key: str) -> Callable[[Row], Text]:
        return lambda row: text("" if row[key] is None else str(row[key]))

    found = [column("subject", plainly("subject"))]
    found += [
        column(key, plainly(key), most=20 if roomy else most)
        for key, most in (("name", 16), ("team", 10))
        if any(row[key] is not None for row in rows)
    ]
    if rows[0]["status"] == "values-only":
        return found
    found.insert(0, column("rank", lambda row: text(_or_absent(row["rank"])), right=True))
    if any(row.get("rank_low") is not None for row in rows):
        found.insert(1, column("rank-range", lambda row: text(_range(row)), right=True))
    found.append(column("score", lambda row: _score(row, decimals, row["subject"] in red), right=True))
    if roomy and any(row.get("low") is not None for row in rows):
        found.append(column("score-interval", lambda row: text(_interval(row)), right=True))
    found.append(column("grade", lambda row: text(_or_absent(row["grade"]))))
    if roomy:
        found.append(column("pay", lambda row: text(ABSENT if row["pay"] is None else f"{row['pay']:g}"), right=True))
        if any(row.get("pay_amount") is not None for row in rows):
            found.append(column("pay-amount", lambda row: text(fixed(row["pay_amount"])), right=True))
    return found


def _range(row: Row) -> str:
    """The ranks the data can tell."""
    if row["rank_low"] is None:
        return ABSENT
    return str(row["rank_low"]) if row["rank_low"] == row["rank_high"] else f"{row['rank_low']}-{row['rank_high']}"


def _interval(row: Row) -> str:
    return "" if row["low"] is None else f"{fixed(row['low'], 1)}..{fixed(row['high'], 1)}"


def _or_absent(value: object) -> str:
    return ABSENT if value is None else str(value)


def _score(row: Row, decimals: int, is_red: bool) -> Text:
    """A provisional score stands in brackets, and one that met a red line has its mark."""
    if row["score"] is None:
        return text(ABSENT)
    number = fixed(row["score"], decimals)
    if row["status"] == "provisional":
        return text(f"({number})", "yellow")
    return text(f"{number}!", "bold red") if is_red else text(f"{number} " if row["score"] is not None else "")


def _values(card: Scorecard, catalogue: Catalogue, rows: list[Row], lang: str) -> list[Column]:
    """One column a line of the card, then one a watched KPI."""
    subjects = [row["subject"] for row in rows]
    found = []
    for (_, name, variant), part in card.lines.group_by(["line", "kpi", "variant"], maintain_order=True):
        found.append(_column(subjects, part, str(name), str(variant), catalogue, lang))
    for (name, variant), part in watched(card, catalogue).group_by(["kpi", "variant"], maintain_order=True):
        plain_part = part.with_columns(status=pl.lit("watch"))
        found.append(_column(subjects, plain_part, str(name), str(variant), catalogue, lang))
    return found


def _column(
    subjects: list[str], part: pl.DataFrame, name: str, variant: str, catalogue: Catalogue, lang: str
) -> Column:
    own, title = defined(catalogue, name, variant), kpi_name(catalogue, name, lang)
    by_subject = {row["subject"]: row for row in part.iter_rows(named=True)}
    pairs = [_cell(by_subject.get(subject), own.unit, own.display, lang) for subject in subjects]
    left, right = (max(map(len, side), default=0) for side in zip(*pairs, strict=True))
    cells = [text(value.rjust(left)).append(mark.ljust(right), "dim") for value, mark in pairs]
    watch = "status" in part.columns and part["status"].eq("watch").all()
    return Column(f"({title})" if watch else title, cells, right=True)


def _cell(row: Row | None, unit: str | None, display: str | None, lang: str) -> tuple[str, str]:
    """The value, and its marks: few cases, more than the period, not scored by it."""
    if row is None or row["value"] is None:
        return ABSENT, ""
    few = f" ({row['n']})" if row["n"] is not None and row["n"] < SMALL and unit != "count" else ""
    reaches = "^" if row["cycles"] > 1 else ""
    replaced = "" if row["status"] in ("own", "watch") else "*"
    return shown(row["value"], unit, display, lang), f"{few}{reaches}{replaced}"


def _unscored(card: Scorecard, catalogue: Catalogue, rows: list[Row], lang: str) -> Iterator[RenderableType]:
    """Who has no full score, those of one reason together."""
    for status in ("provisional", "withheld"):
        groups: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row["status"] == status:
                groups[why(row, card, catalogue, lang)].append(row["subject"])
        if groups:
            yield text(say(f"head-{status}", lang), "bold")
        for reason, subjects in groups.items():
            yield line(after(listed(subjects, lang), reason, lang), indent=2)
