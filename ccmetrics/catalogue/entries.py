"""What is said of one definition: its own words, what it rests on, and where it stands.

In: the definitions with their places, and a name. Out: facts by key, plain data for a page or a program.
Refuses to know: how facts are shown, values, who uses what (usage).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ccmetrics.catalogue import facets
from ccmetrics.catalogue.expanded import tree_of, uses
from ccmetrics.catalogue.layer import builtin
from ccmetrics.catalogue.models import Aggregate, Catalogue, Kpi
from ccmetrics.catalogue.places import Spot, walk
from ccmetrics.catalogue.scope import Scope
from ccmetrics.catalogue.usage import Usage, named_columns
from ccmetrics.formula import FormulaProblem, names, params, parse, parts, render
from ccmetrics.rules import RULES, family, is_allowable

Facts = dict[str, Any]


@dataclass(frozen=True)
class Entries:
    """All definitions, to be asked about one at a time. What has nothing to say is left out of the facts."""

    catalogue: Catalogue
    places: Spot
    lang: str = "en"
    """In which names are said of which a fact has but one."""

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.catalogue, self.places)

    @cached_property
    def usage(self) -> Usage:
        return Usage(self.scope, self.lang)

    def names(self, kind: str) -> list[str]:
        """The names of all entries of a kind, in the order of the definitions."""
        if kind == "parameters":
            return list(self.catalogue.project.parameters)
        if kind == "rules":
            return list(RULES)
        if kind == "columns":
            return [f"{name}.{column}" for name, table in self.catalogue.tables.items() for column in table.columns]
        return list(getattr(self.catalogue, kind))

    def facts(self, kind: str, name: str) -> Facts:
        """Everything said of one entry. Of a KPI, `fcr.survey` is one variant."""
        return {key: fact for key, fact in FACTS[kind](self, name).items() if fact not in (None, "", [], {}, ())}

    # ---------------------------------------------------------------- one kind each

    def _kpi(self, name: str) -> Facts:
        kpi_id, _, only = name.partition(".")
        kpi = self.catalogue.kpis[kpi_id]
        variants = [only] if only else list(kpi.variants) or [""]
        measures = list(dict.fromkeys(m for each in variants for m in self._measures(kpi_id, each)))
        own = kpi.model_dump(
            mode="json", exclude_defaults=True, exclude={"formula", "variants", "n", "interval", "unit", "expect"}
        )
        tests = [test for test in kpi.expect if not only or (test.variant or kpi.default) == only]
        return {
            "id": name,
            **own,
            "about": kpi.about.say(self.lang),
            "source": kpi.source.say(self.lang),
            "unit": kpi.variant(only or None).unit,
            "parameters": _once(fact for each in variants for fact in self._in_force(kpi_id, each)),
            "variants": [self._definition(kpi_id, kpi, each) for each in variants],
            "measures": [self._brief(each) for each in measures if each in self.catalogue.measures],
            "guards": [each for each, other in self.catalogue.kpis.items() if kpi_id in _heads(other.guardrails)],
            "tests": [test.model_dump(mode="json", exclude_defaults=True) for test in tests],
            **self.usage.of_kpi(kpi_id, only),
            "at": self.place("kpis", kpi_id),
        }

    def _definition(self, name: str, kpi: Kpi, variant: str) -> Facts:
        found = kpi.variant(variant or None)
        own = kpi.variants[variant] if variant else None
        tree = tree_of(self.scope, name, variant or None)
        is_short = tree is not None and render(tree) != _sql(found.formula)
        facts: Facts = {
            "variant": variant,
            "is_default": variant == kpi.default if variant else None,
            "formula": found.formula,
            "written_out": render(tree) if tree is not None and is_short else None,
            "n": found.n,
            "interval": found.interval,
            "unit": found.unit if own is not None and own.unit else None,
            "level": list(own.level) if own is not None and own.level else None,
            "about": own.about.say(self.lang) if own is not None else "",
            "source": own.source.say(self.lang) if own is not None else "",
        }
        return {key: fact for key, fact in facts.items() if fact not in (None, "")}

    def _measures(self, name: str, variant: str) -> list[str]:
        tree = tree_of(self.scope, name, variant or None)
        return [] if tree is None else [".".join(parts(node)) for node in names(tree)]

    def _brief(self, name: str) -> Facts:
        measure = self.catalogue.measures[name]
        return {"measure": name, "table": measure.table, "what": _what(measure)}

    def _parameters(self, texts: Iterable[str], own: Mapping[str, float]) -> list[Facts]:
        """The parameters that formulas name, with the values in force where they stand."""
        project = self.catalogue.project
        values = {**project.parameters, **own}
        return [
            {"parameter": name, "value": values[name], "unit": project.parameter_units.get(name, "")}
            for name in dict.fromkeys(name for text in texts for name in _params(text))
            if name in values
        ]

    def _in_force(self, name: str, variant: str) -> list[Facts]:
        """Of a KPI those of its own formula and measures; a KPI that it names has its own values, not this one's."""
        kpi = self.catalogue.kpis[name]
        text = kpi.variant(variant or None).formula
        direct = [part for part in _names(text) if part in self.catalogue.measures]
        texts = [text, *(t for measure in direct for t in self._texts(measure))]
        inner = [fact for use in uses(self.scope, text) for fact in self._in_force(*use)]
        return [*self._parameters(texts, kpi.parameters), *inner]

    def _texts(self, name: str) -> list[str]:
        measure = self.catalogue.measures[name]
        both = [each for each in (measure, measure.otherwise) if each is not None]
        return [text for each in both for text in (each.formula, each.where) if text is not None]

    def _measure(self, name: str) -> Facts:
        measure = self.catalogue.measures[name]
        kind = self.scope.measures.get(name)
        return {
            "id": name,
            "about": measure.about,
            "table": measure.table,
            "what": _what(measure),
            "unit": measure.unit or (kind.unit if kind is not None else None),
            "at_column": measure.at,
            "as_of": measure.as_of,
            "else": f"{measure.otherwise.table}: {_what(measure.otherwise)}" if measure.otherwise is not None else None,
            "parameters": self._parameters(self._texts(name), {}),
            **self.usage.of_measure(name),
            "at": self.place("measures", name),
        }

    def _parameter(self, name: str) -> Facts:
        project = self.catalogue.project
        return {
            "id": name,
            "value": project.parameters[name],
            "unit": project.parameter_units.get(name),
            **self.usage.of_parameter(name),
            "at": self.place("project", "parameters", name),
        }

    def _column(self, name: str) -> Facts:
        table, _, column = name.partition(".")
        found = self.catalogue.tables[table].columns[column]
        layouts = [n for n, lay in self.catalogue.layouts.items() if table in lay.tables]
        return {
            "id": name,
            **found.model_dump(mode="json", exclude_defaults=True),
            "measures": [
                {"measure": n, "table": m.table, "what": _what(m)}
                for n, m in self.catalogue.measures.items()
                if (table, column) in named_columns(self.scope, m)
            ],
            "layouts": [n for n in layouts if column in self.catalogue.layouts[n].tables[table].columns],
            "at": self.place("tables", table, "columns", column),
        }

    def _rule(self, name: str) -> Facts:
        rule = RULES[name]
        return {
            "id": name,
            "severity": rule.severity,
            "family": family(name),
            "says": rule.says,
            "why": rule.why,
            "mend": rule.mend,
            "before": rule.before,
            "after": rule.after,
            "source": rule.source,
            "allow": "yes" if is_allowable(name) else "no",
        }

    def _card(self, name: str) -> Facts:
        card = self.catalogue.cards[name]
        told = _told(facets.of_card(card, self.catalogue.kpis))
        for key in facets.ADJUSTMENTS:
            for part, item in zip(told.get(key, ()), getattr(card.adjust, key), strict=True):
                part["part"] = item.name.say(self.lang)
        return {
            "id": name,
            **told,
            "about": card.about.say(self.lang),
            "title": card.title.model_dump(),
            **self.usage.of_card(name),
            "at": self.place("cards", name),
        }

    def _layout(self, name: str) -> Facts:
        told = _told(facets.of_layout(self.catalogue.layouts[name]))
        return {"id": name, **told, "at": self.place("layouts", name)}

    def _table(self, name: str) -> Facts:
        table = self.catalogue.tables[name]
        told = {key: fact for key, fact in _told(facets.of_table(table)).items() if not key.startswith("dimensions.")}
        dimensions = [{"part": each, "paths": ", ".join(paths)} for each, paths in table.dimensions.items()]
        layouts = [n for n, layout in self.catalogue.layouts.items() if name in layout.tables]
        return {
            "id": name,
            **told,
            "dimensions": dimensions,
            **self.usage.of_table(name),
            "layouts": layouts,
            "at": self.place("tables", name),
        }

    def place(self, *path: str) -> str:
        """The file and line of a definition; of a built-in one the file as it lies in the package."""
        *_, spot = walk(self.places, path)
        place = (spot.key or spot).problem("", "").place
        file, inside = Path(place.file), builtin()
        whole = file.resolve()
        shown = Path(inside.name, whole.relative_to(inside)) if whole.is_relative_to(inside) else file
        return f"{shown.as_posix()}:{place.line}"


FACTS: dict[str, Callable[[Entries, str], Facts]] = {
    "kpis": Entries._kpi,
    "measures": Entries._measure,
    "cards": Entries._card,
    "layouts": Entries._layout,
    "tables": Entries._table,
    "rules": Entries._rule,
    "parameters": Entries._parameter,
    "columns": Entries._column,
}
"""Kind of entry to how its facts are found."""


def _told(found: facets.Facets) -> Facts:
    """A definition's own aspects, and lists of its parts."""
    facts: Facts = dict(found.get(facets.WHOLE, {}))
    for (kind, name), aspects in found.items():
        if kind:
            # What names a part is no aspect of it, too.
            own = {key: text for key, text in aspects.items() if key not in ("name", "grade", "do")}
            facts.setdefault("bonus" if kind == "bonus" else f"{kind}s", []).append({"part": name, **own})
    return facts


def _what(aggregate: Aggregate) -> str:
    """An aggregate in a line: `sum handle_s where outcome = 'answered'`. No SQL, where COUNT counts all but nulls."""
    q = f" {aggregate.q:g}" if aggregate.q is not None else ""
    where = f" where {_sql(aggregate.where)}" if aggregate.where is not None else ""
    return f"{aggregate.kind}{q} {_sql(aggregate.formula)}{where}"


def _sql(text: str) -> str:
    try:
        return render(parse(text))
    except FormulaProblem:
        return text


def _once(found: Iterable[Facts]) -> list[Facts]:
    return [dict(each) for each in dict.fromkeys(tuple(fact.items()) for fact in found)]


def _names(text: str) -> list[str]:
    try:
        return [".".join(parts(node)) for node in names(parse(text))]
    except FormulaProblem:
        return []


def _params(text: str) -> list[str]:
    try:
        return [str(node.value) for node in params(parse(text))]
    except FormulaProblem:
        return []


def _heads(names_: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names_}
