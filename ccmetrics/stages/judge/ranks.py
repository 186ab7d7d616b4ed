"""Which ranks the data can tell: the best and the worst that each subject's might be.

In: judged scores with their intervals. Out: the same with rank_low and rank_high.
Refuses to know: values, points, how an interval came about.
"""

from __future__ import annotations

import polars as pl

HAIR = 1 + 1e-9
"""What two numbers of two decimals lose in binary decides nothing."""


def ranged(scores: pl.DataFrame) -> pl.DataFrame:
    """The scores with `rank_low`, 1 + the subjects clearly above, and `rank_high`, all but those clearly below.

    One is clearly above another where the scores differ by more than the root of the sum of squares of the two half
    widths that face each other (MOVER, for a difference). Whoever has no interval is clearly apart from nobody: the
    data tell nothing of that rank. Not tiers: A may not be told from B, nor B from C, where A is from C.
    """
    mine = scores.filter(pl.col("status") == "scored").select(
        "subject", "score", down=pl.col("score") - pl.col("low"), up=pl.col("high") - pl.col("score")
    )
    above, below = pl.col("above").fill_null(0), pl.col("below").fill_null(0)
    found = mine.join(_apart(mine), on="subject", how="left", maintain_order="left")
    ranks = found.select("subject", rank_low=1 + above, rank_high=mine.height - below)
    return scores.join(ranks, on="subject", how="left", maintain_order="left", validate="1:1")


def _apart(mine: pl.DataFrame) -> pl.DataFrame:
    """How many subjects are clearly above and clearly below each that has any. Every pair is met, a stream of them."""
    better = mine.lazy().select("subject", "score", squared=pl.col("down") ** 2)
    worse = mine.lazy().select(other="subject", theirs="score", their_squared=pl.col("up") ** 2)
    gap = pl.col("score") - pl.col("theirs")
    clear = (gap > 0) & (gap**2 > (pl.col("squared") + pl.col("their_squared")) * HAIR)
    pairs = better.join(worse, how="cross").filter(clear)
    above = pairs.group_by(subject="other").agg(above=pl.len().cast(pl.Int64))
    below = pairs.group_by("subject").agg(below=pl.len().cast(pl.Int64))
    one, other = pl.collect_all([above, below], engine="streaming")
    return one.join(other, on="subject", how="full", coalesce=True)
