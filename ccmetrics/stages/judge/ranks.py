"""Which ranks the data can tell: the best and the worst that each subject's might be.

In: judged scores with their intervals. Out: the same with rank_low, rank_high and the tier they tell.
Refuses to know: values, points, how an interval came about.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.judge.apart import told_apart, with_intervals

FEWEST = 4
"""Of fewer that are ranked there are no tiers."""


def ranged(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores with `rank_low`, 1 + the subjects clearly above, and `rank_high`, all but those clearly below.

    One is clearly above another where the scores differ by more than the root of the sum of squares of the two half
    widths that face each other (MOVER, for a difference). Whoever has no interval is clearly apart from nobody: the
    data tell nothing of that rank. Not tiers: A may not be told from B, nor B from C, where A is from C. Where nobody
    has an interval there is no `tier`: `middle` would say that something was told.
    """
    scored = with_intervals(scores.filter(pl.col("status") == "scored"))
    # Numbers stand for the subjects, since every pair of them is met.
    mine = scored.select("subject", "score", "below", "above").with_row_index("at")
    above, below = pl.col("better").fill_null(0), pl.col("worse").fill_null(0)
    found = mine.join(_apart(mine), on="at", how="left", maintain_order="left")
    ranks = found.select("subject", rank_low=1 + above, rank_high=mine.height - below)
    told = mine["below"].is_not_null().any()
    ranks = ranks.with_columns(tier=_tier(mine.height) if told else pl.lit(None, pl.String))
    return scores.join(ranks, on="subject", how="left", maintain_order="left", validate="1:1")


def _tier(ranked: int) -> pl.Expr:
    """What the data can tell: `top` if even the worst rank that may be is of the upper half, `bottom` if even the best
    is of the lower half, else `middle`. The one in the middle of an odd number is of neither half."""
    if ranked < FEWEST:
        return pl.lit(None, pl.String)
    upper, lower = pl.col("rank_high") <= ranked // 2, pl.col("rank_low") > (ranked + 1) // 2
    return pl.when(upper).then(pl.lit("top")).when(lower).then(pl.lit("bottom")).otherwise(pl.lit("middle"))


def _apart(mine: pl.DataFrame) -> pl.DataFrame:
    """How many subjects are clearly above and clearly below each that has any, from a stream of pairs."""
    one = mine.lazy().select("at", "score", "below")
    other = mine.lazy().select("above", other="at", theirs="score")
    clear = told_apart(pl.col("score"), pl.col("below"), pl.col("theirs"), pl.col("above"))
    pairs = one.join(other, how="cross").filter(clear)
    better = pairs.group_by(at="other").agg(better=pl.len().cast(pl.Int64))
    worse = pairs.group_by("at").agg(worse=pl.len().cast(pl.Int64))
    above, below = pl.collect_all([better, worse], engine="streaming")
    return above.join(below, on="at", how="full", coalesce=True)
