"""The sheets of cards: an overview of all, and everybody on each with score, grade, values and points.

In: a result, a book. Out: sheets.
Refuses to know: how a sheet is written, how a score came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render import dates
from ccmetrics.render.among import among, count
from ccmetrics.render.below import noticed
from ccmetrics.render.beside import why
from ccmetrics.render.board import MET, NEAR, REPLACED, Board, Field, board_of, titles_of
from ccmetrics.render.look import Look
from ccmetrics.render.named import defined, kpi_name
from ccmetrics.render.numbers import fixed, shown
from ccmetrics.render.restatement import restatement
from ccmetrics.render.terminal import lack, partial, shows
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, say
from ccmetrics.render.workbook.book import ALARM, Book, Sheet
from ccmetrics.render.workbook.cells import Column, Value
from ccmetrics.render.workbook.paper import letters
from ccmetrics.scorecard import STATUSES, Measurement, Result, Scorecard, alarmed, held, standings

BANDS = {
    "met": ({"bg_color": "#D7ECD9", "font_color": "#14532D"}, "{at}>={met}"),
    "near": ({"bg_color": "#FFF0C7", "font_color": "#6B4300"}, "AND({at}>={near},{at}<{met})"),
    "below": ({"bg_color": "#F9D9D6", "font_color": "#7F1D1D"}, "{at}<{near}"),
}
"""Colors by points. A rule over the points of the same row stays right however a reader sorts and filters."""
WHO = ("rank", "rank_low", "rank_high", "subject", "name", "team")
Row = dict[str, Any]
Keyed = tuple[str, Column]


def opened(book: Book, sheet: Sheet, result: Result | Measurement, title: str) -> None:
    """What a first sheet begins with: whose period, whether rows are missing, what the run noticed."""
    sheet.line(title, bold=True, font_size=16)
    period, zone = result.period, result.catalogue.project.time_zone or "UTC"
    span = dates.spanned(period.label, period.start, period.last, book.lang)
    sheet.line(say("period", book.lang, span=span, zone=zone))
    if result.partial:
        sheet.line(partial(result, book.lang), bold=True, font_color=ALARM)
    sheet.gap()
    for told in noticed(result.notices, book.lang, "head-run"):
        sheet.told(told)


def overview(book: Book, result: Result, look: Look) -> None:
    lang = book.lang
    sheet = book.sheet(say("book-overview", lang))
    opened(book, sheet, result, say("book-title", lang, period=dates.period(result.period.label, lang)))
    if result.restatement is not None:
        for told in restatement(result.restatement, result.period.label, Look(lang=lang)):
            sheet.told(told)
    skipped = [after(card.title(lang), lack(card, result, lang), lang) for card in result.scorecards if not shows(card)]
    if skipped:
        sheet.told(Told(say("head-skipped", lang), skipped))
    for card in result.scorecards:
        for told in among(card, result.catalogue, lang):
            sheet.told(replace(told, head=after(card.title(lang), told.head, lang)))
    sheet.table("overview", list(_counts(result, lang)))
    grades = list(_grades(result, lang)) if result.audience == "center" else []
    if grades:
        sheet.gap()
        sheet.table("grades", grades)
    pooled = list(_pooled(result, look))
    if pooled:
        sheet.gap()
        if result.audience != "center":
            sheet.line(say("head-all-together", lang), bold=True)
        sheet.table("kpis", pooled)
    sheet.close()


def _counts(result: Result, lang: str) -> Iterator[Column]:
    """A row a card: how many stand how, and where their scores lie in this cycle and the one before."""
    cards = result.scorecards
    yield Column(say("book-card", lang), [card.title(lang) for card in cards])
    yield _numbers("book-subjects", [card.scores.height for card in cards], lang)
    for status in STATUSES:
        found = [standings(card)[status] for card in cards]
        if any(found) or status == "scored":
            yield _numbers(f"status-{status}", found, lang)
    for key, name, when in (
        ("median", "median", "period"),
        ("mean", "mean", "period"),
        ("mean-before", "mean", "since"),
    ):
        points = [_of_course(card, name, getattr(card, when)) for card in cards]
        if any(value is not None for value in points):
            yield Column(say(f"book-{key}", lang), points, [fixed(value, 1) for value in points])
    yield _numbers("book-red", [held(card).len() for card in cards], lang)
    yield _numbers("book-alarms", [alarmed(card) for card in cards], lang)


def _numbers(key: str, found: Sequence[int], lang: str) -> Column:
    return Column(say(key, lang), found, [shown(value, "count", None, lang) for value in found])


def _of_course(card: Scorecard, name: str, period: str) -> float | None:
    """Of the cycle of that label; of none where there is nothing that all scores together may be held against."""
    # Beside counts of a part, what is told of all would be read as that part's.
    if card.audience != "center" or card.course.is_empty():
        return None
    found: dict[str, float | None] = dict(card.course.select("period", name).iter_rows())
    return found.get(period)


def _grades(result: Result, lang: str) -> Iterator[Column]:
    """How many of each card earned which grade, a column a grade."""
    found = [
        (card.title(lang), dict(card.grades.filter(pl.col("period") == card.period).select("grade", "n").iter_rows()))
        for card in result.scorecards
        if card.grades.height
    ]
    found = [(title, earned) for title, earned in found if earned]
    if found:
        yield Column(say("book-card", lang), [title for title, _ in found])
    for grade in dict.fromkeys(grade for _, earned in found for grade in earned):
        texts = [count(earned[grade], lang) if grade in earned else "" for _, earned in found]
        told: list[Value] = [
            text or None if (n := earned.get(grade)) is None else n
            for text, (_, earned) in zip(texts, found, strict=True)
        ]
        yield Column(say("book-grade", lang, grade=grade), told, texts)


def _pooled(result: Result, look: Look) -> Iterator[Column]:
    """Each card's KPIs over the rows of everybody together."""
    lang = look.lang
    rows = [row for card in result.scorecards if card.pooled.height for row in _of_all(card, result.catalogue, look)]
    if not rows:
        return
    yield Column(say("book-card", lang), [row["card"] for row in rows])
    yield Column(say("kpi", lang), [row["name"] for row in rows])
    for key, name in (("value", "value"), ("book-target", "target")):
        texts = [shown(row[name], row["own"].unit, row["own"].display, lang) for row in rows]
        yield Column(say(key, lang), [row[name] for row in rows], texts)
    yield Column(say("n", lang), [row["n"] for row in rows], [shown(row["n"], "count", None, lang) for row in rows])


def _of_all(card: Scorecard, catalogue: Catalogue, look: Look) -> Iterator[Row]:
    lang, named = look.lang, titles_of(card, catalogue, look)
    for row in card.pooled.filter((pl.col("period") == card.period) & pl.col("value").is_not_null()).to_dicts():
        name = named.get((row["kpi"], row["variant"])) or kpi_name(catalogue, row["kpi"], lang)
        yield {**row, "card": card.title(lang), "own": defined(catalogue, row["kpi"], row["variant"]), "name": name}


def sheet_of(book: Book, card: Scorecard, catalogue: Catalogue, look: Look) -> None:
    """Everybody on a card, in the order of standing."""
    lang = book.lang
    found = board_of(card, catalogue, look)
    sheet = book.sheet(card.title(lang))
    sheet.line(f"{card.title(lang)} · {dates.period(card.period, lang)}", bold=True, font_size=14)
    for line in _legend(found, lang):
        sheet.line(line, font_color="#5F6368")
    sheet.gap()
    one = card.scores.row(0, named=True)
    if one["status"] == "values-only":
        sheet.line(say("no-scores", lang, why=why(one, card, catalogue, lang)), bold=True)
        sheet.gap()
    keys, columns = zip(*_columns(card, catalogue, found, lang), strict=True)
    first = sheet.table(f"card_{card.card.card}", columns, sum(field.key in WHO for field in found.fields))[1]
    _color(book, sheet, keys, found, first)
    sheet.close()


def _color(book: Book, sheet: Sheet, keys: Sequence[str], found: Board, first: int) -> None:
    """Values and points in the color of their band; what is not scored by its own value has none for it.

    Columns are found by key: two KPIs may be called the same.
    """
    last = first + len(found.rows) - 1
    for field in found.fields:
        points, marks = f"points {field.key}", f"marks {field.key}"
        if points not in keys:
            continue
        of_value, of_points = keys.index(field.key), keys.index(points)
        own = f'ISERROR(FIND("{REPLACED}",${letters(keys.index(marks))}{first + 1}))' if marks in keys else "TRUE"
        cell = f"${letters(of_points)}{first + 1}"
        for style, rule in BANDS.values():
            said = f"AND(ISNUMBER({cell}),{rule.format(at=cell, met=MET, near=NEAR)})"
            sheet.colored((first, last), of_points, said, book.paint(**style))
            has_value = f"ISNUMBER(${letters(of_value)}{first + 1})"
            sheet.colored((first, last), of_value, f"AND({has_value},{own},{said})", book.paint(**style))


def _head(key: str, field: Field, lang: str) -> str:
    return say(f"book-{key}-of", lang, kpi=field.head)


def _legend(found: Board, lang: str) -> Iterator[str]:
    """What colors and marks mean, those that are there."""
    cells = [cell for row in found.rows for cell in row.cells]
    if any(cell.band for cell in cells):
        yield say("book-colors", lang)
    marks = "".join(cell.marks for cell in cells)
    few = [say("mark-few", lang)] if any(cell.n is not None for cell in cells) else []
    told = [*few, *(say(f"mark-{mark}", lang) for mark in "^*!~±" if mark in marks)]
    if told:
        yield ("；" if lang == "zh" else "; ").join(told)


def _columns(card: Scorecard, catalogue: Catalogue, found: Board, lang: str) -> Iterator[Keyed]:
    """The board's fields, each with its marks behind it and a line's points, too; before the first value, what else is
    known of everybody."""
    standing = _standing(card, catalogue, found, lang)
    for at, field in enumerate(found.fields):
        mine = [row.cells[at] for row in found.rows]
        if "." in field.key:
            yield from standing
        texts = [cell.text for cell in mine] if field.is_number else None
        yield field.key, Column(field.head, [cell.value for cell in mine], texts)
        marks = [f"{'' if cell.n is None else f'({cell.n})'}{cell.marks}" or None for cell in mine]
        if any(marks):
            yield f"marks {field.key}", Column(_head("marks", field, lang), marks)
        if field.key.startswith("line"):
            points = [cell.points for cell in mine]
            texts = [fixed(each, 1) for each in points]
            yield f"points {field.key}", Column(_head("points", field, lang), points, texts)


def _standing(card: Scorecard, catalogue: Catalogue, found: Board, lang: str) -> Iterator[Keyed]:
    """Tier and status in words, and why there is no full score."""
    rows = {row["subject"]: row for row in card.scores.iter_rows(named=True)}
    tiers = [say(f"tier-{row.tier}", lang) if row.tier else None for row in found.rows]
    reasons = [None if row.status == "scored" else why(rows[row.subject], card, catalogue, lang) for row in found.rows]
    statuses = [say(f"status-{row.status}", lang) for row in found.rows]
    for key, words in (("tier", tiers), ("book-status", statuses), ("book-why", reasons)):
        if any(words):
            yield key, Column(say(key, lang), words, most=30)
