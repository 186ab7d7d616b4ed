"""A card's rules turned into things to do.

In: a card, its facts, what was judged, values of the cycles before. Out: one tidy row an action.
Refuses to know: files, mail, anything that would carry an action out.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow import Values
from ccmetrics.stages.judge import Judged

ACTIONS = {
    "card": pl.String, "period": pl.String, "subject": pl.String, "rule": pl.String, "do": pl.String, "to": pl.String,
    "due": pl.Date, "evidence": pl.String, "cycles": pl.Int64, "status": pl.String,
}  # fmt: skip


def act(card: Card, period: Period, facts: Facts, judged: Judged, others: Sequence[Values]) -> pl.DataFrame:
    """The rules that came true, a row a subject and rule."""
    return pl.DataFrame(schema=ACTIONS)
