"""The parameters that a KPI reads, with the values in force: the project's, the KPI's own, a card's, a line's.

In: the definitions, a KPI, the cards of a page. Out: short lines, `short_call_s = 150 s`.
Refuses to know: values of KPIs, frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ccmetrics import formula
from ccmetrics.catalogue.models import Card, Catalogue, Line
from ccmetrics.catalogue.uses import SHAPED
from ccmetrics.formula import Node, params, parts
from ccmetrics.render.numbers import exact
from ccmetrics.render.words import after, listed

Pair = tuple[str, float]
Values = Mapping[str, float]


def in_force(key: tuple[str, str], cards: Sequence[Card], catalogue: Catalogue, lang: str) -> list[str]:
    """One line; one a card where they do not say the same. Without cards the project's values, or the KPI's own."""
    kpi, variant = key
    told = {
        card.title.say(lang): _line(_read(catalogue, kpi, variant, over), catalogue, lang)
        for card in cards
        for over in _set_anew(card, kpi, variant, catalogue)
    }
    if len(set(told.values())) > 1:
        return [after(title, text, lang) for title, text in told.items()]
    text = next(iter(told.values()), None) or _line(_read(catalogue, kpi, variant, {}), catalogue, lang)
    return [text] if text else []


def _line(pairs: Iterator[Pair], catalogue: Catalogue, lang: str) -> str:
    units = catalogue.project.parameter_units
    return listed([f"{name} = {exact(value, units.get(name), None, lang)}" for name, value in sorted(set(pairs))], lang)


def _set_anew(card: Card, kpi: str, variant: str, catalogue: Catalogue) -> Iterator[Values]:
    """What a card sets for a KPI, where it has it."""
    lines = [line for line in card.kpis if isinstance(line, Line)]
    for line in lines:
        if line.kpi == kpi and (line.variant or catalogue.kpis[kpi].default or "") == variant:
            yield {**card.parameters, **line.parameters}
            return
    watched = {*card.watch, *chain.from_iterable(catalogue.kpis[line.kpi].guardrails for line in lines)}
    if any(name.partition(".")[0] == kpi for name in watched):
        yield card.parameters


def _read(catalogue: Catalogue, kpi: str, variant: str, over: Values) -> Iterator[Pair]:
    """Near and far: of its formula, of the measures in it, of the KPIs that it names, each with its own values."""
    definition, own = catalogue.kpis[kpi].variant(variant or None), catalogue.kpis[kpi].parameters
    values = {**catalogue.project.parameters, **own, **over}
    tree = formula.parse(definition.formula)
    yield from _of_tree(tree, values)
    named = [parts(node) for node in formula.names(tree)]
    for name, *rest in [*named, *([(definition.n,)] if definition.n else [])]:
        if name in catalogue.measures:
            yield from _of_measure(catalogue, name, values)
        elif name in catalogue.kpis:
            other = catalogue.kpis[name]
            said = rest[0] if rest and rest[0] in other.variants else other.default or ""
            yield from _read(catalogue, name, said, over)


def _of_measure(catalogue: Catalogue, name: str, values: Values) -> Iterator[Pair]:
    measure = catalogue.measures[name]
    for aggregate in (measure, measure.otherwise):
        for text in (aggregate.formula, aggregate.where) if aggregate is not None else ():
            if text is not None:
                tree = formula.parse(text)
                yield from _of_tree(tree, values)
                yield from _of_columns(catalogue, {parts(node)[-1] for node in formula.names(tree)})


def _of_tree(tree: Node, values: Values) -> Iterator[Pair]:
    """The ends of the period and of the data are no numbers that somebody set."""
    return ((str(node.value), values[str(node.value)]) for node in params(tree) if node.value in values)


def _of_columns(catalogue: Catalogue, columns: set[str]) -> Iterator[Pair]:
    """Derived columns are shaped by the project's values, whatever a card sets."""
    for name, shaped in SHAPED.items():
        if name in catalogue.project.parameters and columns & {column for _, column in shaped}:
            yield name, catalogue.project.parameters[name]
