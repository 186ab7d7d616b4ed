"""One column of text read as `take` reads it, for tests: values, and the problem's name where a cell is bad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from ccmetrics.stages.normalize.cells import Reading
from ccmetrics.stages.normalize.columns import parse
from ccmetrics.stages.normalize.take import Taken, take


def taken(type_: str, *columns: Sequence[str | None], **how: Any) -> tuple[pl.DataFrame, Taken]:
    frame = pl.DataFrame({str(i): pl.Series(column, dtype=pl.String) for i, column in enumerate(columns)})
    return frame, take(frame, frame.columns, Reading(**{"name": "x", "type": type_, "zone": "UTC", **how}))


def read(type_: str, *columns: Sequence[str | None], **how: Any) -> list[Any]:
    frame, made = taken(type_, *columns, **how)
    faults = parse([pl.col(name) for name in frame.columns], made.how).faults
    held = pl.coalesce(pl.when(fault.when).then(pl.lit(fault.name)) for fault in faults) if faults else pl.lit("")
    names = frame.with_columns(held.alias("@name"))["@name"]
    return [name if bad else value for value, bad, name in zip(made.value, made.bad, names, strict=True)]


def one(type_: str, text: str, **how: Any) -> Any:
    return read(type_, [text], **how)[0]


def notices(type_: str, *columns: Sequence[str | None], **how: Any) -> list[str]:
    return list(taken(type_, *columns, **how)[1].notices)
