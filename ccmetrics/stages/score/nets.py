"""What adjustments did to the scores of the cycles inside a longer period.

In: the scores of each cycle. Out: a row a subject and cycle: score - base; what limits grade and pay in each.
Refuses to know: why an adjustment acted.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.stages.facts import ACTED, NETS
from ccmetrics.stages.score import Scores
from ccmetrics.stages.score.adjust import acted_on


def net_adjustments(cycles: Mapping[str, Scores]) -> pl.DataFrame:
    """Facts.nets, by the label of each cycle. Who was not scored in a cycle has no net there.

    Before rounding: a cent lost in a month was not taken by an adjustment.
    """
    net = pl.when(pl.col("status") == "scored").then(acted_on(pl.col("base")) - pl.col("base"))
    found = [each.scores.with_columns(net=net, period=pl.lit(label)) for label, each in cycles.items()]
    return pl.concat([pl.DataFrame(schema=NETS), *(frame.select(_typed(NETS)) for frame in found)])


def acted_inside(cycles: Mapping[str, Scores]) -> pl.DataFrame:
    """Facts.acted: red lines and coefficients on pay, whether they fired or not."""
    kept = (pl.col("kind") == "red_line") | (pl.col("on") == "pay").fill_null(False)
    found = [each.adjustments.filter(kept).with_columns(period=pl.lit(label)) for label, each in cycles.items()]
    return pl.concat([pl.DataFrame(schema=ACTED), *(frame.select(_typed(ACTED)) for frame in found)])


def _typed(schema: Mapping[str, object]) -> list[pl.Expr]:
    return [pl.col(name).cast(dtype) for name, dtype in schema.items()]  # type: ignore[arg-type]
