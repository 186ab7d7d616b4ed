"""What is said beside a card's table, for pages that are not a terminal's: heads, and sentences below each.

In: a scorecard and the definitions, a language. Out: sections of plain sentences, in the terminal's own words and order.
Refuses to know: the table, markup, files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.beside import adjusted, lacking, reaching, why
from ccmetrics.render.candor import actions, effective, lists, policies, shares, unexcluded
from ccmetrics.render.page import Paragraph
from ccmetrics.render.through_time import alarms, changed
from ccmetrics.render.words import after, listed, say
from ccmetrics.scorecard import Scorecard


@dataclass(frozen=True)
class Section:
    head: str
    sentences: tuple[str, ...]


def urgent(card: Scorecard, catalogue: Catalogue, lang: str) -> list[Section]:
    """What nobody may overlook: who has no full score and why, red lines and what else acted, alarms."""
    return [*_unscored(card, catalogue, lang), *sections([*adjusted(card, lang), *alarms(card, catalogue, lang)])]


def asked(card: Scorecard, lang: str) -> list[Section]:
    """What somebody is to do, and who is on a list."""
    return sections([*lists(card, lang), *shares(card, lang), *actions(card, lang)])


def qualifying(card: Scorecard, catalogue: Catalogue, lang: str) -> list[Section]:
    """What the numbers rest on, and what they would be otherwise."""
    return sections(
        [
            *reaching(card, catalogue, lang),
            *lacking(card, catalogue, lang),
            *policies(card, lang),
            *unexcluded(card, lang),
            *changed(card, catalogue, lang),
            *effective(card, catalogue, lang),
        ]
    )


def sections(parts: Iterable[RenderableType]) -> list[Section]:
    """Of the lines of a terminal page those that stand out are heads, and those indented below them their sentences."""
    found: list[tuple[str, list[str]]] = []
    for part in parts:
        if isinstance(part, Text) and part.plain:
            found.append((part.plain, []))
        elif isinstance(part, Paragraph):
            found[-1][1].append(part.content)
    return [Section(head, tuple(sentences)) for head, sentences in found]


def _unscored(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Section]:
    """Those of one reason together; where nobody is scored, the reason alone."""
    for status in ("provisional", "withheld"):
        groups: dict[str, list[str]] = defaultdict(list)
        for row in card.scores.sort("subject").iter_rows(named=True):
            if row["status"] == status:
                groups[why(row, card, catalogue, lang)].append(row["subject"])
        if groups:
            said = tuple(after(listed(who, lang), reason, lang) for reason, who in groups.items())
            yield Section(say(f"head-{status}", lang), said)
