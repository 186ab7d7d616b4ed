"""Ids of rows that no column names.

In: cells that together make an id, and cells that tell rows of one id apart. Out: the ids.
Refuses to know: files, tables, what a row is about.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.stages.normalize.cells import Reading, cells


def told_apart(raws: Sequence[pl.Expr], last: int, how: Reading) -> pl.Expr:
    """An id of several cells; in rows that share it, with a number behind it, by the order of so many last cells.

    Not by the order of rows: the same export in another order has the same ids, and rows alike in all are still one.
    """
    key = pl.concat_str([cells(raw, how) for raw in raws[:-last]], separator="-")
    content = pl.concat_str([raw.str.strip_chars().fill_null("") for raw in raws[-last:]], separator="\x1f")
    number = content.rank("dense").over(key)
    return pl.when(number > 1).then(pl.concat_str([key, number.cast(pl.String)], separator="-")).otherwise(key)
