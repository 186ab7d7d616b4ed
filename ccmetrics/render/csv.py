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
    return written(tidy.scores(result))


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
