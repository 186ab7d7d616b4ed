"""What a line linked to another card is worth: the mean of that card's scores, by days under the subject.

In: the scores of linked cards, days from the roster. Out: one value a subject and linked line.
Refuses to know: points of the own card, the world.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.catalogue.models import Card
from ccmetrics.stages.facts import LINKED
from ccmetrics.stages.score import Scores

Days = Mapping[tuple[str, str], pl.DataFrame]
"""By linked card and dimension: linked_subject, subject, days."""


def linked_values(card: Card, others: Mapping[str, Scores], days: Days) -> pl.DataFrame:
    """Facts.linked of the card."""
    return pl.DataFrame(schema=LINKED)
