"""A result as CSV: UTF-8, commas, a header, one line a row.

In: a result. Out: bytes. Numbers are the shortest text that reads back as the same number; no value is an empty cell.
Refuses to know: what the columns mean, the disk.
"""

from __future__ import annotations

import csv
from io import StringIO

import polars as pl

from ccmetrics.render import tidy
from ccmetrics.render.look import Look
from ccmetrics.render.plain import cell
from ccmetrics.run import Measurement, Result


def score(result: Result, look: Look) -> bytes:
    if look.whole is None:
        return written(tidy.scores(result))
    whole = look.whole
    head, lines = look.once("csv", lambda: _by_subject(tidy.scores_of(whole, look)))
    mine = ((card.card.card, subject) for card in result.scorecards for subject in card.scores["subject"])
    return "".join([head, *(lines[each] for each in mine)]).encode()


def _by_subject(frame: pl.DataFrame) -> tuple[str, dict[tuple[str, str], str]]:
    """The header, and the lines of each card and subject, which stand together."""
    head, *lines = (f"{line}\n" for line in written(frame).decode().split("\n")[:-1])
    found: dict[tuple[str, str], list[str]] = {}
    for key, line in zip(frame.select("card", "subject").iter_rows(), lines, strict=True):
        found.setdefault(key, []).append(line)
    return head, {key: "".join(each) for key, each in found.items()}


def measure(measured: Measurement, look: Look) -> bytes:
    return written(tidy.values(measured))


def written(frame: pl.DataFrame) -> bytes:
    columns = [_cells(column) for column in frame.get_columns()]
    sink = StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(map(cell, frame.columns))
    writer.writerows(zip(*columns, strict=True))
    return sink.getvalue().encode()


def _cells(column: pl.Series) -> list[str]:
    """Text is made harmless; numbers, dates and flags cannot do harm and stay as they are."""
    if column.dtype == pl.String:
        known = {value: "" if value is None else cell(value) for value in column.unique()}
        return [known[value] for value in column]
    if column.dtype == pl.Boolean:
        return ["" if value is None else str(value).lower() for value in column]
    return ["" if value is None else repr(value) if isinstance(value, float) else str(value) for value in column]
