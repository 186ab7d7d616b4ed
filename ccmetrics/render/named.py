"""Which definition a row of a result means, and what it is called.

In: the definitions, the KPI and variant of a row. Out: unit and direction, a name.
Refuses to know: values.
"""

from __future__ import annotations

from ccmetrics.catalogue.models import Catalogue, Variant
from ccmetrics.render.words import say

LINKED = "linked:"
"""Begins the KPI of a line that is the mean of another card's scores."""
POINTS = Variant(formula="0", unit="points")


def defined(catalogue: Catalogue, kpi: str, variant: str | None) -> Variant:
    """The definition in force; a line linked to another card is counted in points."""
    return POINTS if kpi.startswith(LINKED) else catalogue.kpis[kpi].variant(variant or None)


def kpi_name(catalogue: Catalogue, kpi: str, lang: str) -> str:
    if kpi.startswith(LINKED):
        return say("linked-line", lang, card=catalogue.cards[kpi.removeprefix(LINKED)].title.say(lang))
    return catalogue.kpis[kpi].name.say(lang) if kpi in catalogue.kpis else kpi
