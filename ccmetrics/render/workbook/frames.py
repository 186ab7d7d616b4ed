"""The sheets of frames: the whole tidy result, past cycles, adjustments, everything said, measured values.

In: a result, a book. Out: sheets.
Refuses to know: how a sheet is written, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from ccmetrics.render import dates, tidy
from ccmetrics.render.below import parts_of
from ccmetrics.render.beside import item_name
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined, kpi_name
from ccmetrics.render.numbers import digits, fixed, shown
from ccmetrics.render.terminal import shows
from ccmetrics.render.words import say
from ccmetrics.render.workbook.book import Book
from ccmetrics.render.workbook.cells import Column, filled
from ccmetrics.scorecard import Measurement, Result

SENTENCE = 88
Row = dict[str, Any]


def data(book: Book, result: Result, look: Look) -> None:
    """The tidy result, column by column and row by row, as CSV and Parquet have it."""
    _frame(book, say("book-data", book.lang), "data", tidy.scores_of(result, look), freeze=3)


def values(book: Book, measured: Measurement) -> None:
    """The measured values, tidy, each shown by its KPI's unit."""
    _frame(book, say("book-data", book.lang), "data", tidy.values(measured), freeze=len(measured.by))


def _frame(book: Book, name: str, key: str, frame: pl.DataFrame, freeze: int) -> None:
    sheet = book.sheet(name)
    sheet.table(key, [Column(each.name, each.to_list()) for each in frame.get_columns()], freeze)
    sheet.close()


def history(book: Book, result: Result) -> None:
    """Everybody's score cycle by cycle."""
    lang, rows = book.lang, list[Row]()
    for card in result.scorecards:
        if card.history.height:
            who = card.scores.select("subject", "name", "team")
            mine = card.history.join(who, on="subject", how="left", maintain_order="left")
            same = {"card": card.title(lang), "decimals": card.card.decimals}
            rows += [row | same for row in mine.iter_rows(named=True)]
    if not rows:
        return
    sheet = book.sheet(say("book-history", lang))
    scores = [fixed(row["score"], row["decimals"]) for row in rows]
    cycles = {label: dates.period(label, lang) for label in {row["period"] for row in rows}}
    statuses = {status: say(f"status-{status}", lang) for status in {row["status"] for row in rows}}
    sheet.table(
        "history",
        [
            Column(say("book-card", lang), [row["card"] for row in rows]),
            *(Column(say(key, lang), [row[key] for row in rows]) for key in ("subject", "name", "team")),
            Column(say("book-period", lang), [cycles[row["period"]] for row in rows]),
            Column(say("book-starts", lang), [row["start"] for row in rows]),
            Column(say("score", lang), [row["score"] for row in rows], scores),
            Column(say("grade", lang), [row["grade"] for row in rows]),
            Column(say("field-rank", lang), [row["rank"] for row in rows]),
            Column(say("book-status", lang), [statuses[row["status"]] for row in rows]),
        ],
        freeze=3,
    )
    sheet.close()


def adjustments(book: Book, result: Result) -> None:
    """What acted on whom, and what could not be judged."""
    lang, rows = book.lang, []
    for card in result.scorecards:
        who = card.scores.select("subject", who="name", team="team")
        mine = card.adjustments.filter(pl.col("fired") | ~pl.col("judged")).join(
            who, on="subject", how="left", maintain_order="left"
        )
        rows += [{"card": card, **row} for row in mine.iter_rows(named=True)]
    if not rows:
        return

    def numbers(key: str, name: str, show: Callable[[float | None], str] = fixed) -> Column:
        found = [row[name] for row in rows]
        return Column(say(key, lang), found, [show(value) for value in found])

    columns = [
        Column(say("book-card", lang), [row["card"].title(lang) for row in rows]),
        Column(say("subject", lang), [row["subject"] for row in rows]),
        Column(say("name", lang), [row["who"] for row in rows]),
        Column(say("team", lang), [row["team"] for row in rows]),
        Column(say("book-kind", lang), [say(f"kind-{row['kind']}", lang) for row in rows]),
        Column(say("book-item", lang), [_item(row, lang) for row in rows]),
        Column(say("book-status", lang), [_acted(row, lang) for row in rows]),
        numbers("book-requested", "requested"),
        numbers("book-added", "amount"),
        numbers("fact-factor", "factor", digits),
        numbers("fact-score_at_most", "score_at_most"),
        Column(say("fact-grade_at_most", lang), [row["grade_at_most"] for row in rows]),
        numbers("book-pay-at-most", "pay", digits),
        Column(say("book-why", lang), [say(row["reason"], lang) if row["reason"] else None for row in rows]),
    ]
    sheet = book.sheet(say("book-adjustments", lang))
    sheet.table("adjustments", filled(columns), freeze=3)
    sheet.close()


def _item(row: Row, lang: str) -> str:
    name = item_name(row["card"], row, lang)
    return say("on-pay", lang, name=name) if row["kind"] == "coefficient" and row["on"] == "pay" else name


def _acted(row: Row, lang: str) -> str:
    return say("acted-yes" if row["fired"] else "acted-unjudged", lang)


def notes(book: Book, result: Result, look: Look) -> None:
    """Everything said beside the tables, a row a sentence."""
    lang = book.lang
    found = [
        (card.title(lang), say(part, lang), told.head, sentence)
        for card in filter(shows, result.scorecards)
        for part, told_of in parts_of(card, result.catalogue, look).items()
        for told in told_of
        for sentence in told.sentences
    ]
    if not found:
        return
    sheet = book.sheet(say("book-notes", lang))
    heads = ("book-card", "book-part", "book-what", "book-sentence")
    columns = zip(heads, zip(*found, strict=True), strict=True)
    sheet.table("notes", [Column(say(head, lang), texts, most=SENTENCE if head == heads[-1] else 44)
                          for head, texts in columns], freeze=0)  # fmt: skip
    sheet.close()


def measured_values(book: Book, measured: Measurement) -> list[Column]:
    """A row a group and KPI, for a reader: names, units, reasons in words."""
    lang, catalogue = book.lang, measured.catalogue
    rows = measured.values.to_dicts()
    own = [defined(catalogue, row["kpi"], row["variant"]) for row in rows]
    pairs = list(zip(rows, own, strict=True))
    found = [Column(name, measured.values[name].to_list()) for name in measured.by]
    found.append(Column(say("kpi", lang), [kpi_name(catalogue, row["kpi"], lang) for row in rows]))
    found.append(Column(say("fact-variant", lang), [row["variant"] or None for row in rows]))
    found += [
        Column(
            say(key, lang),
            [row[name] for row in rows],
            [shown(row[name], each.unit, each.display, lang) for row, each in pairs],
        )
        for key, name in (("value", "value"), ("book-low", "low"), ("book-high", "high"))
    ]
    found.append(Column(say("n", lang), [row["n"] for row in rows]))
    found.append(Column(say("reason", lang), [say(row["reason"], lang) if row["reason"] else None for row in rows]))
    return filled(found)
