"""Whether two scores can be told apart by what is known of them.

In: columns of scores with their intervals. Out: expressions.
Refuses to know: where intervals come from, what hangs on the answer.
"""

from __future__ import annotations

import polars as pl

HAIR = 1 + 1e-9
"""What numbers of two decimals lose in binary decides nothing."""


def with_intervals(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores with `below` and `above`: how far their interval reaches either way; null where there is none."""
    score = pl.col("score")
    return scores.with_columns(below=(score - pl.col("low")).clip(0.0), above=(pl.col("high") - score).clip(0.0))


def told_apart(better: pl.Expr, below: pl.Expr, worse: pl.Expr, above: pl.Expr) -> pl.Expr:
    """Whether the better score is beyond chance the better: the difference against the half-widths that face each
    other. Null where one of them has no interval."""
    gap = better - worse
    return (gap > 0) & (gap**2 > (below**2 + above**2) * HAIR)
