"""Everything said below a card's table, in the order in which a reader needs it.

In: a scorecard and the definitions, a language. Out: parts by name, each with what is told in it.
Refuses to know: the table, markup, widths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.render.among import among
from ccmetrics.render.beside import adjusted, lacking, reaching, why
from ccmetrics.render.board import ordered
from ccmetrics.render.candor import actions, effective, lists, policies, shares, unexcluded
from ccmetrics.render.look import Look
from ccmetrics.render.through_time import alarms, changed
from ccmetrics.render.told import Told
from ccmetrics.render.words import after, listed, say, told
from ccmetrics.scorecard import Scorecard


def below(
    card: Scorecard, catalogue: Catalogue, lang: str, most: int | None = None
) -> Iterator[tuple[str, list[Told]]]:
    """The parts by their names in the reader's language."""
    yield from ((say(key, lang), told) for key, told in parts(card, catalogue, lang, most).items())


def parts_of(card: Scorecard, catalogue: Catalogue, look: Look) -> dict[str, list[Told]]:
    """The same, once for a page and a message of one report."""
    # What is kept holds the card: no other comes to bear its id.
    return look.once(("parts", id(card)), lambda: (card, parts(card, catalogue, look.lang)))[1]


def parts(card: Scorecard, catalogue: Catalogue, lang: str, most: int | None = None) -> dict[str, list[Told]]:
    """What nobody may overlook; what moved the scores; what somebody is to do; what the numbers rest on. Parts of
    which there is nothing to tell are left out. `most`: sentences a subject where there is no room for all."""
    acted = list(adjusted(card, lang))
    found = {
        "part-first": [
            *(told for told in acted if told.grave),
            *alarms(card, catalogue, lang),
            *unscored(card, catalogue, lang),
            *noticed(card.notices, lang),
        ],
        "part-among": list(among(card, catalogue, lang)),
        "part-scores": [*(told for told in acted if not told.grave), *changed(card, catalogue, lang)],
        "part-next": [*actions(card, catalogue, lang, most), *lists(card, lang), *shares(card, lang)],
        "part-trust": [
            *reaching(card, catalogue, lang),
            *lacking(card, catalogue, lang),
            *policies(card, lang, most),
            *unexcluded(card, lang, most),
            *effective(card, catalogue, lang),
        ],
    }
    return {key: told for key, told in found.items() if told}


def unscored(card: Scorecard, catalogue: Catalogue, lang: str) -> Iterator[Told]:
    """Who has no full score, those of one reason together."""
    for status in ("withheld", "provisional"):
        groups: dict[str, list[str]] = defaultdict(list)
        for row in ordered(card.scores):
            if row["status"] == status:
                groups[why(row, card, catalogue, lang)].append(row["subject"])
        if groups:
            said = [after(listed(subjects, lang), reason, lang) for reason, subjects in groups.items()]
            yield Told(say(f"head-{status}", lang), said)


def noticed(said: Sequence[str], lang: str, head: str = "head-notices") -> Iterator[Told]:
    if said:
        yield Told(say(head, lang), [told(notice, lang) for notice in said])
