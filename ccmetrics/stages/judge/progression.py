"""Lists over several cycles: who is to be promoted, who is on a watch list.

In: a card, its judged scores, those of the cycles before. Out: one row a subject and list, with the evidence.
Refuses to know: how a score came about.
"""

from __future__ import annotations

import re

from ccmetrics.catalogue.models import Card

RULE = re.compile(r"(?P<grade>\S+) or (?P<side>better|worse) in (?P<times>\d+) of (?P<of>\d+) cycles")
"""`A or better in 3 of 4 cycles`."""


def looks_back(card: Card) -> int:
    """How many cycles, the asked one included, the card's lists look at."""
    spans = [int(found["of"]) for rule in card.progression.values() if (found := RULE.fullmatch(rule))]
    watched = [card.shares.watch_list.cycles] if card.shares and card.shares.watch_list else []
    return max([1, *spans, *watched])
