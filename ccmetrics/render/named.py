"""Which definition a row of a result means, and what it is called.

In: the definitions, the keys in a row. Out: unit and direction, a name in a reader's language.
Refuses to know: values.
"""

from __future__ import annotations

from ccmetrics.catalogue.models import Card, Catalogue, Variant
from ccmetrics.render.words import say

LINKED = "linked:"
"""Begins the KPI of a line that is the mean of another card's scores."""
LISTS = ("watch list", "grade lost by distribution")
"""Lists that no card names: they have a name in every language."""
POINTS = Variant(formula="0", unit="points")


def defined(catalogue: Catalogue, kpi: str, variant: str | None) -> Variant:
    """The definition in force; a line linked to another card is counted in points."""
    return POINTS if kpi.startswith(LINKED) else catalogue.kpis[kpi].variant(variant or None)


def kpi_name(catalogue: Catalogue, kpi: str, lang: str) -> str:
    if kpi.startswith(LINKED):
        return say("linked-line", lang, card=catalogue.cards[kpi.removeprefix(LINKED)].title.say(lang))
    return catalogue.kpis[kpi].name.say(lang) if kpi in catalogue.kpis else kpi


def variant_name(catalogue: Catalogue, kpi: str, variant: str, lang: str) -> str:
    """Its key, where it has no name or the definitions no longer have it."""
    variants = catalogue.kpis[kpi].variants if kpi in catalogue.kpis else {}
    return (variants[variant].name.say(lang) if variant in variants else "") or variant


def full_name(catalogue: Catalogue, kpi: str, variant: str | None, lang: str) -> str:
    """`Service level (of offered)`: with the variant, where there is one."""
    head = kpi_name(catalogue, kpi, lang)
    return say("bracketed", lang, head=head, more=variant_name(catalogue, kpi, variant, lang)) if variant else head


def center_name(catalogue: Catalogue, lang: str) -> str:
    return catalogue.project.name.say(lang) or say("page-center", lang)


def list_name(card: Card, key: str, lang: str) -> str:
    """A key of the card's own is no phrase, though it may be the key of one."""
    if key in LISTS:
        return say(key, lang)
    return (card.progression[key].name.say(lang) if key in card.progression else "") or key


def action_name(card: Card, do: str, lang: str) -> str:
    """An action that the card no longer has is told as it was."""
    known = {" ".join(rule.do.en.split()): rule.do for rule in card.actions}
    return known[do].say(lang) if do in known else do
