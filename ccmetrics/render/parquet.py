"""A result as Parquet: the same columns and rows as CSV, typed, names untouched.

In: a result. Out: bytes.
Refuses to know: what the columns mean, the disk.
"""

from __future__ import annotations

from io import BytesIO

import polars as pl

from ccmetrics.render import tidy
from ccmetrics.render.look import Look
from ccmetrics.run import Measurement, Result


def score(result: Result, look: Look) -> bytes:
    return written(tidy.scores(result))


def measure(measured: Measurement, look: Look) -> bytes:
    return written(tidy.values(measured))


def written(frame: pl.DataFrame) -> bytes:
    sink = BytesIO()
    frame.write_parquet(sink)
    return sink.getvalue()
