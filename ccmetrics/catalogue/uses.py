"""Who uses what: from a measure, KPI or parameter up to the KPIs and cards whose numbers hang on it.

In: a catalogue. Out: the KPIs and cards that a changed definition touches.
Refuses to know: what changed, frames.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ccmetrics import formula
from ccmetrics.catalogue.facets import chosen
from ccmetrics.catalogue.models import Aggregate, Card, Catalogue, Kpi, Line, LinkedLine, Variant
from ccmetrics.formula.tree import names, params, parts

Thing = tuple[str, str]
"""What it is and its name: ('kpi', 'fcr.survey'), ('measure', 'handled'), ('parameter', 'fcr_days'), ('card', ...)."""

SHAPED: dict[str, tuple[tuple[str, str], ...]] = {
    "episode_days": (
        ("interactions", "episode_id"), ("interactions", "episode_last"), ("interactions", "episode_channels"),
    ),
    "containment_hours": (("interactions", "contained"),),
    "attribution_days": (("orders", "attributed_id"), ("interactions", "orders_within")),
}  # fmt: skip
"""Parameters that no formula needs to name, since they shape derived columns; those columns, by table and name."""


def users(catalogue: Catalogue) -> dict[Thing, set[Thing]]:
    """Each thing that others use, and whatever uses it, near or far."""
    near: dict[Thing, set[Thing]] = defaultdict(set)
    for user, used in _uses(catalogue):
        near[used].add(user)
    return {thing: _all(near, thing) for thing in near}


def _all(near: dict[Thing, set[Thing]], thing: Thing) -> set[Thing]:
    found: set[Thing] = set()
    waiting = list(near[thing])
    while waiting:
        user = waiting.pop()
        if user not in found:
            found.add(user)
            waiting += near.get(user, ())
    return found


def _uses(catalogue: Catalogue) -> Iterator[tuple[Thing, Thing]]:
    for parameter, columns in SHAPED.items():
        yield from ((("column", name), ("parameter", parameter)) for _, name in columns)
    for name, measure in catalogue.measures.items():
        for aggregate in (measure, measure.otherwise):
            if aggregate is not None:
                yield from ((("measure", name), used) for used in _aggregate(aggregate))
    for name, kpi in catalogue.kpis.items():
        for variant, definition in _variants(name, kpi):
            used = _formula(catalogue, definition.formula, kpi.parameters)
            yield from ((("kpi", variant), each) for each in used)
            if definition.n:
                yield ("kpi", variant), ("measure", definition.n)
            # A change of the KPI as a whole is one of each of its variants.
            if variant != name:
                yield ("kpi", variant), ("kpi", name)
    for name, card in catalogue.cards.items():
        yield from ((("card", name), used) for used in _card(catalogue, card))


def _variants(name: str, kpi: Kpi) -> list[tuple[str, Variant]]:
    return [(f"{name}.{each}", kpi.variant(each)) for each in kpi.variants] or [(name, kpi.variant())]


def _aggregate(aggregate: Aggregate) -> Iterator[Thing]:
    yield "table", aggregate.table
    for text in (aggregate.formula, aggregate.where):
        if text is not None:
            tree = formula.parse(text)
            yield from (("column", parts(node)[-1]) for node in names(tree))
            yield from (("parameter", str(node.value)) for node in params(tree))


def _formula(catalogue: Catalogue, text: str | None, own: Iterable[str] = ()) -> Iterator[Thing]:
    """What a formula over measures names. A parameter set anew where the formula stands is not the project's."""
    if text is None:
        return
    tree = formula.parse(text)
    yield from (("parameter", str(node.value)) for node in params(tree) if node.value not in set(own))
    for name in map(parts, names(tree)):
        if name[0] in catalogue.measures:
            yield "measure", name[0]
        elif name[0] in catalogue.kpis:
            kpi = catalogue.kpis[name[0]]
            variant = name[1] if len(name) > 1 and name[1] in kpi.variants else kpi.default
            yield "kpi", f"{name[0]}.{variant}" if variant else name[0]


def _card(catalogue: Catalogue, card: Card) -> Iterator[Thing]:
    for line in card.kpis:
        if isinstance(line, Line):
            variant = chosen(line, catalogue.kpis)
            yield "kpi", f"{line.kpi}.{variant}" if variant else line.kpi
        elif isinstance(line, LinkedLine):
            yield "card", line.linked_card
    texts: list[str | None] = [*card.watch, *(action.when for action in card.actions)]
    for items in (card.adjust.bonus, card.adjust.deductions, card.adjust.coefficients, card.adjust.red_lines):
        texts += [text for item in items for text in (item.when, getattr(item, "amount", None))]
    if card.shares is not None:
        texts.append(card.shares.measure)
    for text in texts:
        yield from _formula(catalogue, text, card.parameters)
