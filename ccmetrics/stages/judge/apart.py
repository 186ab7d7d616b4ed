"""Whether two scores can be told apart by what is known of them.

In: columns of scores with their intervals. Out: expressions.
Refuses to know: where intervals come from, what hangs on the answer.
"""

from __future__ import annotations

import polars as pl

SCORE = "score"
HAIR = 1 + 1e-9
"""What numbers of two decimals lose in binary decides nothing."""


def with_intervals(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores with `below` and `above`: how far their interval reaches either way; null where there is none."""
    ends = {name: pl.col(name) if name in scores.columns else pl.lit(None, pl.Float64) for name in ("low", "high")}
    return scores.with_columns(
        below=(pl.col(SCORE) - ends["low"]).clip(lower_bound=0.0),
        above=(ends["high"] - pl.col(SCORE)).clip(lower_bound=0.0),
    )


def told_apart(better: pl.Expr, below: pl.Expr, worse: pl.Expr, above: pl.Expr) -> pl.Expr:
    """Whether the better score is beyond chance the better: the difference against the half-widths that face each
    other. Null where one of them has no interval."""
    gap = better - worse
    return (gap > 0) & (gap**2 > (below**2 + above**2) * HAIR)


def printed(score: pl.Expr, decimals: int) -> pl.Expr:
    """A score in words: `96.20`."""
    return score.round(decimals).cast(pl.Decimal(18, decimals)).cast(pl.String)
