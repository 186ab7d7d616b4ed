"""What a line really weighs: its part in the differences between the subjects' base scores.

In: lines with their contributions, and scores. Out: a row a line: stated and effective weight.
Refuses to know: values, curves, adjustments.
"""

from __future__ import annotations

import polars as pl

FEWEST = 3
"""Subjects below which differences say nothing of a line."""
SAME = 1e-9
"""Bases whose standard deviation is less differ by rounding only."""


def effective(lines: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """line, kpi, variant, weight and effective: the covariance of the line's contributions with the bases over the
    variance of these, among scored subjects. A card's lines sum to 1; a line on which all are alike has 0, whatever
    its stated weight. Null for fewer than three subjects, or where all have the same base.
    """
    scored = scores.filter(pl.col("status") == "scored").select("subject", "base")
    rows = lines.join(scored, on="subject", how="left", maintain_order="left", validate="m:1")
    base, counted = pl.col("base"), pl.col("base").is_not_null()
    # A line left out for somebody has no contribution, and adds nothing to the sum.
    part = pl.col("contribution").filter(counted)
    apart = base.filter(counted) - base.filter(counted).mean()
    told = (counted.sum() >= FEWEST) & (base.std() > SAME)
    return (
        rows.group_by("line", "kpi", "variant", maintain_order=True)
        .agg(
            # Of dated weights everybody has the mean by days, so the first is that of all.
            weight=(pl.col("weight").first() / 100).round(9),
            effective=pl.when(told).then((part * apart).sum() / (apart**2).sum()),
        )
        .sort("line")
    )
