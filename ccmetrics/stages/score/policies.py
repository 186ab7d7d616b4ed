"""What a score would be if missing values were treated otherwise: losing data must not help unseen.

In: a card, its lines, a way to score it anew. Out: one row a subject that lacks a value and policy, with the score.
Refuses to know: how any policy works; the scores come by the way that makes the official ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.catalogue.models.parts import MissingPolicy

POLICIES = {"subject": pl.String, "policy": pl.String, "score": pl.Float64, "official": pl.Boolean}
ORDER = get_args(MissingPolicy)


def policies(card: Card, lines: pl.DataFrame, under: Callable[[Card], pl.DataFrame] | None) -> pl.DataFrame:
    """The score of whoever has a line without an own value, under each policy on all such lines; null where withheld.
    No rows without a way to score anew.

    `official` marks the policy that all those lines of the subject have on the card; where they differ, none is.
    """
    own = pl.DataFrame(
        [(index, line.missing or card.missing or "withhold") for index, line in enumerate(card.kpis)],
        schema={"line": pl.Int32, "stated": pl.String},
        orient="row",
    )
    lacking = lines.filter(pl.col("status") != "own").join(own, on="line", how="left", maintain_order="left")
    if lacking.is_empty() or under is None:
        return pl.DataFrame(schema=POLICIES)
    stated = lacking.group_by("subject").agg(
        stated=pl.when(pl.col("stated").n_unique() == 1).then(pl.col("stated").first())
    )
    found = [_under(card, policy, under) for policy in ORDER]
    return (
        pl.concat(found)
        .join(stated, on="subject", how="inner", maintain_order="left", validate="m:1")
        .with_columns(official=(pl.col("policy") == pl.col("stated")).fill_null(False))
        .sort("subject", maintain_order=True)
        .select(list(POLICIES))
    )


def _under(card: Card, policy: str, under: Callable[[Card], pl.DataFrame]) -> pl.DataFrame:
    lines = tuple(line.model_copy(update={"missing": policy}) for line in card.kpis)
    scores = under(card.model_copy(update={"kpis": lines}))
    return scores.select("subject", "score", policy=pl.lit(policy))
