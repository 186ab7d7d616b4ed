"""The actions of an earlier cycle, read from the file they were written to.

In: a path. Out: the frame that was written, or a refusal.
Refuses to know: which cards and periods a run is about (stages.act).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl

from ccmetrics.problem import DataRefused, FileFailed, Place, Problem
from ccmetrics.stages.act import ACTIONS
from ccmetrics.stages.load.raw import guarded

QUOTED = re.compile(r"^'(?=[=+\-@＝＋－＠])")
"""What keeps a spreadsheet from computing a cell."""


def read_actions(path: Path) -> pl.DataFrame:
    """The actions of a .csv, .json or .parquet file, exactly in the columns they are written in.

    Raises:
        FileFailed: the file cannot be read. DataRefused: it is no such file.
    """
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise _refused(path, f"Actions are read from a file that ends in {', '.join(READERS)}.")
    try:
        content = path.read_bytes()
    except OSError as error:
        text = f"It cannot be read: {error.strerror or type(error).__name__}."
        raise FileFailed([Problem(Place(str(path)), "unreadable-file", text)]) from error
    found = guarded(lambda: read(content), str(path))
    if found.columns != list(ACTIONS):
        raise _refused(path, f"Its columns are not those of actions: {', '.join(ACTIONS)}.")
    try:
        due = pl.col("due") if found.schema["due"] == pl.Date else pl.col("due").str.to_date("%Y-%m-%d")
        return found.with_columns(due).cast(pl.Schema(ACTIONS))
    except pl.exceptions.PolarsError:
        raise _refused(path, "A cell is no date or no number where there must be one.") from None


def _csv(content: bytes) -> pl.DataFrame:
    header, *rows = csv.reader(StringIO(content.decode(), newline=""), strict=True)
    if any(len(row) != len(header) for row in rows):
        raise ValueError
    cells = [tuple(QUOTED.sub("", cell) or None for cell in row) for row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")


def _json(content: bytes) -> pl.DataFrame:
    rows = json.loads(content)["actions"]
    if any(list(row) != list(ACTIONS) for row in rows):
        raise ValueError
    texts = [tuple(None if cell is None else str(cell) for cell in row.values()) for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(ACTIONS, pl.String), orient="row")


READERS: dict[str, Callable[[bytes], pl.DataFrame]] = {
    ".csv": _csv,
    ".json": _json,
    ".parquet": lambda content: pl.read_parquet(BytesIO(content)),
}


def _refused(path: Path, text: str) -> DataRefused:
    return DataRefused([Problem(Place(str(path)), "bad-actions", text)])
