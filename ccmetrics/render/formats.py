"""The formats of results, found by name: one module each.

In: a result and how it is to be looked at. Out: the bytes of a file or a screen.
Refuses to know: where the bytes go, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ccmetrics.render import csv, html, json, markdown, parquet, terminal, workbook
from ccmetrics.render.look import Look
from ccmetrics.run import Measurement, Result


@dataclass(frozen=True)
class Format:
    score: Callable[[Result, Look], bytes]
    measure: Callable[[Measurement, Look], bytes]


FORMATS: dict[str, Format] = {
    "table": Format(terminal.score, terminal.measure),
    "csv": Format(csv.score, csv.measure),
    "json": Format(json.score, json.measure),
    "html": Format(html.score, html.measure),
    "xlsx": Format(workbook.score, workbook.measure),
    "md": Format(markdown.score, markdown.measure),
    "parquet": Format(parquet.score, parquet.measure),
}
