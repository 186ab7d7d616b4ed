"""What differs from the days just before and from last year, and whether chance could have done it.

In: values of the asked period and of others. Out: one row a subject, KPI and earlier period.
Refuses to know: points, and what anybody should do about it.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.stages.follow.chance import chance
from ccmetrics.stages.follow.kinds import SIDE, beside, gain

CHANGES = {
    "subject": pl.String, "kpi": pl.String, "variant": pl.String, "against": pl.String, "period": pl.String,
    "value_before": pl.Float64, "n_before": pl.Int64, "value": pl.Float64, "n": pl.Int64, "difference": pl.Float64,
    "better": pl.Boolean, "p": pl.Float64, "beyond": pl.Boolean,
}  # fmt: skip
ALPHA = 0.05


def changes(now: pl.DataFrame, earlier: Sequence[tuple[str, str, pl.DataFrame]]) -> pl.DataFrame:
    """`now` are the values with the kind of their KPI; `earlier` says against what, its label and values.

    Only where there is a value on either side. `better` is null for a KPI that has a best range, and where nothing
    moved; `p` and `beyond` where chance cannot be told.
    """
    found = [pl.DataFrame(schema=CHANGES)]
    for against, label, values in earlier:
        moved = gain()
        rows = beside(now, values.select("subject", "kpi", "variant", *SIDE)).with_columns(
            against=pl.lit(against),
            period=pl.lit(label),
            difference=pl.col("value") - pl.col("value_before"),
            better=pl.when((pl.col("better") != "range") & (moved != 0)).then(moved > 0),
            p=chance(pl.col("counted")),
        )
        rows = rows.with_columns(beyond=pl.col("p") < ALPHA)
        found.append(rows.select(*CHANGES))
    return pl.concat(found)
