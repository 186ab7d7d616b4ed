"""Cells that came with a type, as the text an export of text would have: whole numbers without `.0`, flags as words.

In: expressions of typed cells and their type. Out: text; and whether a given text is one that such cells can have.
Refuses to know: columns of layouts, what the text is compared with and why.
"""

from __future__ import annotations

import re

import polars as pl
from polars.datatypes import DataType, DataTypeClass

Type = DataType | DataTypeClass

MOST_EXACT = 2.0**53
"""Beyond it a float is no count of anything."""
NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?"
CLOCK = "[0-9]{2}:[0-9]{2}:[0-9]{2}"
SPELLED = {
    "number": (NUMBER, "1 or 0.5"),
    "Boolean": ("true|false", "true or false"),
    "Date": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-10-05"),
    "Time": (CLOCK, "09:05:00"),
    "Datetime": (f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}} {CLOCK}", "2026-10-05 09:05:00"),
    "Duration": (NUMBER, "143 (seconds)"),
}
"""What the text of a type looks like, with an example."""


def written(raw: pl.Expr, dtype: Type) -> pl.Expr:
    if dtype.is_float():
        is_whole = (raw == raw.floor()) & (raw.abs() < MOST_EXACT)
        whole = pl.when(is_whole).then(raw).cast(pl.Int64).cast(pl.String)
        return pl.when(is_whole).then(whole).otherwise(raw.cast(pl.String))
    if isinstance(dtype, pl.Decimal) and dtype.scale:
        return raw.cast(pl.String).str.replace(r"\.?0+$", "")
    if isinstance(dtype, pl.Duration):
        return written(raw.dt.total_microseconds() / 1_000_000, pl.Float64())
    if isinstance(dtype, pl.Datetime):
        return raw.dt.to_string("%Y-%m-%d %H:%M:%S%.f%:z" if dtype.time_zone else "%Y-%m-%d %H:%M:%S%.f")
    return raw.dt.to_string("%H:%M:%S%.f") if dtype == pl.Time else raw.cast(pl.String)


def is_writable(dtype: Type) -> bool:
    return not dtype.is_nested() and dtype != pl.Binary


def kind_of(dtype: Type) -> str:
    """What decides which texts its cells can have; "" of text itself."""
    if dtype.is_numeric():
        return "number"
    name = dtype.base_type().__name__
    return name if name in SPELLED else ""


def can_be(dtype: Type, text: str) -> bool:
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return False  # Which offset a cell is written with is nobody's choice.
    kind = kind_of(dtype)
    return not kind or re.fullmatch(SPELLED[kind][0], text) is not None


def example(dtype: Type) -> str:
    return SPELLED[kind_of(dtype)][1]
