"""What adjustments did to the scores of the cycles inside a longer period.

In: the scores of each cycle. Out: one row a subject and cycle: score - base.
Refuses to know: why an adjustment acted.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.stages.facts import NETS
from ccmetrics.stages.score import Scores


def net_adjustments(cycles: Mapping[str, Scores]) -> pl.DataFrame:
    """Facts.nets, by the label of each cycle."""
    return pl.DataFrame(schema=NETS)
