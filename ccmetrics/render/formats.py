"""The formats of results, found by name: one module each.

In: a result and how it is to be looked at. Out: the bytes of a file or a screen.
Refuses to know: where the bytes go, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from ccmetrics.render import csv, json, markdown, parquet, terminal
from ccmetrics.render.look import Look
from ccmetrics.run import Measurement, Result


@dataclass(frozen=True)
class Format:
    score: Callable[[Result, Look], bytes]
    measure: Callable[[Measurement, Look], bytes]


def _late(load: Callable[[], ModuleType]) -> Format:
    """What takes a quarter of a second to load, which nobody waits for who asks for a table."""

    def score(result: Result, look: Look) -> bytes:
        return bytes(load().score(result, look))

    def measure(measured: Measurement, look: Look) -> bytes:
        return bytes(load().measure(measured, look))

    return Format(score, measure)


def _html() -> ModuleType:
    from ccmetrics.render import html

    return html


def _workbook() -> ModuleType:
    from ccmetrics.render import workbook

    return workbook


FORMATS: dict[str, Format] = {
    "table": Format(terminal.score, terminal.measure),
    "csv": Format(csv.score, csv.measure),
    "json": Format(json.score, json.measure),
    "html": _late(_html),
    "xlsx": _late(_workbook),
    "md": Format(markdown.score, markdown.measure),
    "parquet": Format(parquet.score, parquet.measure),
}
