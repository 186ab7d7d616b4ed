"""Who uses a definition, as what: the line of a card with its weight, the formula of a KPI, an action, a guardrail.

In: the definitions as checks see them. Out: uses of one definition, near ones told in full, far ones by name.
Refuses to know: what a definition says of itself, how uses are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from ccmetrics.catalogue.facets import chosen, said
from ccmetrics.catalogue.models import Card, Line, LinkedLine, Measure
from ccmetrics.catalogue.routes import Ambiguous, references
from ccmetrics.catalogue.scope import Parts, Scope
from ccmetrics.catalogue.uses import SHAPED, Thing, users
from ccmetrics.formula import FormulaProblem, names, params, parse, parts

Use = dict[str, Any]
"""`{user: card, name: agent, as: line, weight: 15, variant: top2}`; `of` says of which action or adjustment."""
Facts = dict[str, Any]

ITEMS = {"bonus": "bonus", "deductions": "deduction", "coefficients": "coefficient", "red_lines": "red line"}


class Usage:
    """Uses by what is used; found once, asked many times."""

    def __init__(self, scope: Scope, lang: str = "en") -> None:
        self.scope = scope
        self.lang = lang

    def of_kpi(self, name: str, only: str = "") -> Facts:
        """Of one variant those that mean it; of a KPI those of any."""
        kpi = self.scope.catalogue.kpis[name]
        wanted = [only] if only else ["", *kpi.variants]
        near = [
            {**use, "variant": each} if each else use
            for each in wanted
            for use in self._near.get(("kpi", _id(name, each)), [])
        ]
        ids = [_id(name, only)] if only else [_id(name, each) for each in kpi.variants] or [name]
        return self._facts(near, [("kpi", each) for each in ids])

    def of_measure(self, name: str) -> Facts:
        return self._facts(self._near.get(("measure", name), []), [("measure", name)])

    def of_parameter(self, name: str) -> Facts:
        near = [{"user": kind, "name": user, "as": "formula"} for kind, user in self._direct(("parameter", name))]
        tables = self.scope.catalogue.tables
        shaped = [
            {"user": "column", "name": f"{table}.{column}", "as": "derived"}
            for table, column in SHAPED.get(name, ())
            if table in tables and column in tables[table].columns
        ]
        return self._facts([*self._set_anew(name), *shaped, *near], [("parameter", name)])

    def of_table(self, name: str) -> Facts:
        measures = [n for n, m in self.scope.catalogue.measures.items() if m.table == name]
        return {"measures": measures, "cards": self._cards([("table", name)])}

    def of_card(self, name: str) -> Facts:
        return self._facts(self._near.get(("card", name), []), [("card", name)])

    def rests(self, thing: Thing) -> set[Thing]:
        """Whatever uses a thing, near or far."""
        return self._far.get(thing, set())

    def _facts(self, near: list[Use], things: list[Thing]) -> Facts:
        """`used_by`: near uses; `also_on`: cards that hang on it only by way of something else."""
        there = {use["name"] for use in near if use["user"] == "card"}
        return {"used_by": near, "also_on": [name for name in self._cards(things) if name not in there]}

    def _cards(self, things: list[Thing]) -> list[str]:
        found = {name for thing in things for kind, name in self.rests(thing) if kind == "card"}
        return [name for name in self.scope.catalogue.cards if name in found]

    @cached_property
    def _far(self) -> dict[Thing, set[Thing]]:
        return users(self.scope.catalogue)

    def _direct(self, thing: Thing) -> list[Thing]:
        """Measures and KPIs whose own formula has the parameter: users of which no other user is between."""
        all_of_them = self.rests(thing)
        catalogue = self.scope.catalogue
        texts: list[tuple[Thing, list[str | None]]] = [
            (("measure", name), [t for a in (m, m.otherwise) if a is not None for t in (a.formula, a.where)])
            for name, m in catalogue.measures.items()
        ]
        texts += [(("kpi", _id(name, v)), [d.formula]) for name, v, d in self.scope.variants]
        return [one for one, given in texts if one in all_of_them and any(_has(text, thing[1]) for text in given)]

    def _set_anew(self, name: str) -> Iterator[Use]:
        catalogue = self.scope.catalogue
        for kpi_id, kpi in catalogue.kpis.items():
            if name in kpi.parameters:
                yield {"user": "kpi", "name": kpi_id, "as": "set anew", "value": kpi.parameters[name]}
        for card_id, card in catalogue.cards.items():
            if name in card.parameters:
                yield {"user": "card", "name": card_id, "as": "set anew", "value": card.parameters[name]}
            for line in card.kpis:
                if isinstance(line, Line) and name in line.parameters:
                    value = line.parameters[name]
                    yield {"user": "card", "name": card_id, "as": "set anew", "of": line.kpi, "value": value}

    # ---------------------------------------------------------------- near uses, found once

    @cached_property
    def _near(self) -> dict[Thing, list[Use]]:
        found: dict[Thing, list[Use]] = defaultdict(list)
        for card_id, card in self.scope.catalogue.cards.items():
            for thing, use in self._on_card(card):
                found[thing].append({"user": "card", "name": card_id, **use})
        for name, variant, definition in self.scope.variants:
            user = {"user": "kpi", "name": _id(name, variant)}
            for thing in self._named(definition.formula):
                found[thing].append({**user, "as": "formula"})
            if definition.n is not None:
                found["measure", definition.n].append({**user, "as": "n"})
        return found

    def _on_card(self, card: Card) -> Iterator[tuple[Thing, Use]]:
        for line in card.kpis:
            weight = _weight(line.weight)
            if isinstance(line, LinkedLine):
                yield ("card", line.linked_card), {"as": "linked line", "of": line.take, "weight": weight}
            else:
                variant = chosen(line, self.scope.catalogue.kpis)
                yield ("kpi", _id(line.kpi, variant)), {"as": "line", "weight": weight}
        for name in card.watch:
            yield from ((thing, {"as": "watch"}) for thing in self._named(name))
        for action in card.actions:
            yield from ((thing, {"as": "action", "of": action.do.say(self.lang)}) for thing in self._named(action.when))
        for key, what in ITEMS.items():
            for item in getattr(card.adjust, key):
                texts = [text for text in (item.when, getattr(item, "amount", None)) if text is not None]
                used = dict.fromkeys(thing for text in texts for thing in self._named(text))
                yield from ((thing, {"as": what, "of": item.name.say(self.lang)}) for thing in used)
        if card.shares is not None:
            yield ("measure", card.shares.measure), {"as": "shares of volume"}

    def _named(self, text: str) -> list[Thing]:
        """The measures and KPI definitions that a text names, each once."""
        try:
            found = [self._thing(parts(node)) for node in names(parse(text))]
        except FormulaProblem:
            return []
        return list(dict.fromkeys(thing for thing in found if thing is not None))

    def _thing(self, name: Parts) -> Thing | None:
        if len(name) == 1 and name[0] in self.scope.catalogue.measures:
            return "measure", name[0]
        if len(name) > 1 and name[-1] == "n" and self.scope.kpi_of(name) is None:
            name = name[:-1]
        kpi = self.scope.kpi_of(name)
        return None if kpi is None else ("kpi", _id(name[0], name[1] if len(name) == 2 else kpi.default or ""))


def named_columns(scope: Scope, measure: Measure) -> set[tuple[str, str]]:
    """The columns whose cells a measure reads, in whichever table they stand."""
    found: set[tuple[str, str]] = set()
    for aggregate in (measure, measure.otherwise):
        for text in (aggregate.formula, aggregate.where) if aggregate is not None else ():
            if aggregate is not None and text is not None and text != "rows":
                found |= _columns(scope, aggregate.table, text)
    return found


def _columns(scope: Scope, table: str, text: str) -> set[tuple[str, str]]:
    tables = scope.catalogue.tables
    found: set[tuple[str, str]] = set()
    try:
        for node in names(parse(text)):
            for route in scope.routes(table, parts(node)):
                at = table
                for step in route[:-1]:
                    at = references(tables[at])[step][1]
                found.add((at, route[-1]))
    except (FormulaProblem, Ambiguous):
        return found
    return found


def _has(text: str | None, parameter: str) -> bool:
    if text is None:
        return False
    try:
        return any(node.value == parameter for node in params(parse(text)))
    except FormulaProblem:
        return False


def _weight(weight: float | dict[date, float]) -> float | str:
    return said(weight) if isinstance(weight, dict) else weight


def _id(name: str, variant: str) -> str:
    return f"{name}.{variant}" if variant else name
