"""What is said beside a card's table, for pages that are not a terminal's: heads, and sentences below each.

In: a scorecard and the definitions, a language. Out: what is told, in the words and the order of the terminal.
Refuses to know: the table, markup, files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.beside import adjusted, lacking, reaching, why
from ccmetrics.render.candor import actions, effective, lists, policies, shares, unexcluded
from ccmetrics.render.through_time import alarms, changed
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard


def urgent(card: Scorecard, catalogue: Catalogue, lang: str) -> list[Told]:
    """What nobody may overlook: who has no full score and why, red lines and what else acted, alarms."""
    return [*_unscored(card, catalogue, lang), *adjusted(card, lang), *alarms(card, catalogue, lang)]


def asked(card: Scorecard, lang: str) -> list[Told]:
    """What somebody is to do, and who is on a list."""
    return [*lists(card, lang), *shares(card, lang), *actions(card, lang)]


def qualifying(card: Scorecard, catalogue: Catalogue, lang: str) -> list[Told]:
    """What the numbers rest on, and what they would be otherwise."""
    return [
        *reaching(card, catalogue, lang),
        *lacking(card, catalogue, lang),
        *policies(card, lang),
        *unexcluded(card, lang),
        *changed(card, catalogue, lang),
        *effective(card, catalogue, lang),
    ]


def _unscored(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Those of one reason together; where nobody is scored, the reason alone."""
    for status in ("provisional", "withheld"):
        groups: dict[str, list[str]] = defaultdict(list)
        for row in card.scores.sort("subject").iter_rows(named=True):
            if row["status"] == status:
                groups[why(row, card, catalogue, lang)].append(row["subject"])
        if groups:
            said = tuple(after(listed(who, lang), reason, lang) for reason, who in groups.items())
            yield Told(say(f"head-{status}", lang), said)
