"""A result as an Excel workbook: numbers that are numbers, tables that filter, a sheet for each question.

In: a result and how it is to be looked at. Out: the bytes of an .xlsx file.
Refuses to know: the disk, how anything was computed.
"""

from __future__ import annotations

from ccmetrics.render import dates
from ccmetrics.render.look import Look
from ccmetrics.render.terminal import shows
from ccmetrics.render.words import say
from ccmetrics.render.workbook import behind, cards, frames
from ccmetrics.render.workbook.book import Book
from ccmetrics.scorecard import Measurement, Result


def score(result: Result, look: Look) -> bytes:
    """Overview, a sheet a card, then the data and what stands behind it."""
    title = say("book-title", look.lang, period=dates.period(result.period.label, look.lang))
    book = Book(title, result.period.last, look.lang)
    cards.overview(book, result, look)
    for card in filter(shows, result.scorecards):
        cards.sheet_of(book, card, result.catalogue, look)
    frames.notes(book, result, look)
    frames.adjustments(book, result)
    frames.history(book, result)
    frames.data(book, result, look)
    behind.goals(book, result, look)
    behind.definitions(book, behind.of_result(result, look), result, look)
    behind.quality(book, result, result.accounts)
    behind.provenance(book, result)
    return book.content()


def measure(measured: Measurement, look: Look) -> bytes:
    """The values as a person reads them, and tidy; then what stands behind them."""
    title = say("book-values-title", look.lang, period=dates.period(measured.period.label, look.lang))
    book = Book(title, measured.period.last, look.lang)
    sheet = book.sheet(say("book-values", look.lang))
    cards.opened(book, sheet, measured, title)
    columns = frames.measured_values(book, measured)
    if measured.values.is_empty():
        sheet.line(say("nothing-measured", look.lang))
    else:
        sheet.table("kpi_values", columns, freeze=len(measured.by))
    sheet.close()
    frames.values(book, measured)
    behind.definitions(book, behind.of_measurement(measured), measured, look)
    behind.quality(book, measured, measured.accounts)
    behind.provenance(book, measured)
    return book.content()
