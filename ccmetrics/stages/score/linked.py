"""What a line linked to another card is worth: the mean of that card's scores, by days under the subject.

In: the scores of linked cards, days from the roster. Out: one value a subject and linked line.
Refuses to know: points of the own card, the world.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.catalogue.models import Card, LinkedLine
from ccmetrics.stages.facts import LINKED
from ccmetrics.stages.score import Scores

Days = Mapping[tuple[str, str], pl.DataFrame]
"""By linked card and dimension: linked_subject, subject, days."""


def linked_values(card: Card, others: Mapping[str, Scores], days: Days) -> pl.DataFrame:
    """Facts.linked of the card: the only mean of scores there is, and no value recomputed from rows.

    Official scores only: who is withheld or provisional has no part in the mean, and lowers `coverage`, the share of
    the days. Null where nobody is scored; whom the roster names nobody under has no row.
    """
    lines = [(index, line) for index, line in enumerate(card.kpis) if isinstance(line, LinkedLine)]
    found = [
        _mean(worth(line, others[line.linked_card]), days[line.linked_card, line.by]).with_columns(line=index)
        for index, line in lines
    ]
    return pl.concat(
        [pl.DataFrame(schema=LINKED)]
        + [frame.select(pl.col(name).cast(dtype) for name, dtype in LINKED.items()) for frame in found]
    )


def worth(line: LinkedLine, scores: Scores) -> pl.DataFrame:
    """`linked_subject` and what counts of it, of those who are scored."""
    official = scores.scores.filter(pl.col("status") == "scored")
    if line.take != "kpi":
        return official.select(linked_subject="subject", worth=line.take)
    own = scores.lines.filter((pl.col("kpi") == line.kpi) & (pl.col("status") == "own"))
    return own.join(official, on="subject", how="semi").select(linked_subject="subject", worth="points")


def _mean(scores: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    known, weight = pl.col("worth").is_not_null(), pl.col("days")
    counted = weight.filter(known).sum()
    return (
        days.sort("subject", "linked_subject")
        .join(scores, on="linked_subject", how="left", maintain_order="left", validate="m:1")
        .group_by("subject", maintain_order=True)
        .agg(
            value=pl.when(counted > 0).then((weight * pl.col("worth")).filter(known).sum() / counted),
            n=known.sum(),
            coverage=counted / weight.sum(),
        )
        .with_columns(reason=pl.when(pl.col("value").is_null()).then(pl.lit("nobody-scored")))
    )
