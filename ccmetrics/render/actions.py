"""Actions as a file of their own, which the next cycle can follow up.

In: a result. Out: the bytes of a .csv, .json or .parquet file; `run.actions` reads them again.
Refuses to know: what fired, the disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import polars as pl

from ccmetrics.render import csv, parquet
from ccmetrics.render.plain import escaped
from ccmetrics.render.written import written
from ccmetrics.run import Result
from ccmetrics.stages.act import ACTIONS

SCHEMA = "ccmetrics.actions/1"


def actions(result: Result) -> pl.DataFrame:
    """Those of all cards, card by card."""
    return pl.concat([pl.DataFrame(schema=ACTIONS), *(written(card).actions for card in result.scorecards)])


def _json(frame: pl.DataFrame) -> bytes:
    whole = {"schema": SCHEMA, "actions": frame.with_columns(pl.col("due").dt.to_string("%Y-%m-%d")).to_dicts()}
    return f"{escaped(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1))}\n".encode()


FORMATS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    ".csv": csv.written,
    ".json": _json,
    ".parquet": parquet.written,
}
"""By the ending of the file."""
