"""What a name in a formula stands for: a column, a measure, a KPI, a parameter, with its kind and unit.

In: the definitions and their places. Out: look-ups for formulas over rows and over measures.
Refuses to know: what is done with a name that is not there (checks), values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ccmetrics.catalogue.models import Aggregate, Catalogue, Column, Kpi, Measure, Table, Variant
from ccmetrics.catalogue.places import REMOVED, Spot, problem_at, problem_in, walk
from ccmetrics.catalogue.routes import Ambiguous, Route, dimension, locate, references
from ccmetrics.formula import FormulaProblem, Kind, check, parse
from ccmetrics.formula.units import CONSTANT
from ccmetrics.problem import Problem, did_you_mean

Path = tuple[str | int, ...]
Parts = tuple[str, ...]
Lookup = Callable[[Parts], Kind | None]

KINDS = {
    "id": Kind("text", None),
    "category": Kind("text", None),
    "text": Kind("text", None),
    "person": Kind("text", None),
    "number": Kind("number", None),
    "money": Kind("number", "money"),
    "percent": Kind("number", "percent"),
    "rating": Kind("number", "rating"),
    "duration": Kind("number", "s"),
    "flag": Kind("flag", None),
    "datetime": Kind("datetime", None),
    "date": Kind("date", None),
}
"""Column type to what it is in a formula."""

INSTANTS = ("period_start", "period_end", "data_end")
"""Parameters the program gives itself."""

UNKNOWN = Kind("number", CONSTANT)
"""Of a name that exists but whose definition is broken: it raises no second problem."""


@dataclass(frozen=True)
class Scope:
    """The definitions as checks see them. A name with a place but no definition is broken, and counts as known."""

    catalogue: Catalogue
    places: Spot

    def problem(self, path: Path, name: str, text: str, key: bool = False, mend: str = "") -> Problem:
        """A problem at the value a path leads to, or at its key. `mend`: how, where it is not the rule's own way."""
        return replace(problem_at(self.places, path, name, text, key), mend=mend, about=_about(path))

    def problem_in(self, path: Path, name: str, text: str, start: int, end: int, mend: str = "") -> Problem:
        """A problem at the characters start..end of the text a path leads to."""
        return replace(problem_in(self.places, path, name, text, start, end), mend=mend, about=_about(path))

    def unknown(
        self, path: Path, kind: str, what: str, word: str, noun: str, known: Iterable[str], key: bool = False
    ) -> Problem:
        """`KPI 'aht' names 'fct', which is no KPI. Did you mean 'fcr'?`"""
        gone, mend = self.gone(path, word, f"{kind}s")
        text = f"{what} names '{word}', which is no {noun}{gone or f'.{did_you_mean(word, known)}'}"
        return self.problem(path, f"unknown-{kind}", text, key, mend)

    def gone(self, path: Path, word: str, *sections: str) -> tuple[str, str]:
        """The end of a sentence about a name that was there before a layer removed it, and how to mend it."""
        for section in sections:
            *_, above, spot = (self.places, *walk(self.places, (REMOVED, section, word)))
            if above.items.get(word) is spot and spot.data is None and spot.key is not None:
                at = spot.source.place(spot.key.start, spot.key.end)
                own = f"`{path[1]}: null` under `{path[0]}`"
                return f": {at.file}:{at.line} removes it.", f"Take that line out, or remove this as well: {own}."
        return "", ""

    def named(self, section: str) -> list[str]:
        """All names of a section, broken definitions included."""
        return [str(name) for name in self.places.items[section].items] if section in self.places.items else []

    def is_broken(self, section: str, name: str) -> bool:
        there = self.places.items.get(section)
        return there is not None and name in there.items and name not in getattr(self.catalogue, section)

    @cached_property
    def has_broken_table(self) -> bool:
        return any(self.is_broken("tables", name) for name in self.named("tables"))

    @cached_property
    def parameters(self) -> dict[str, Kind]:
        """Every parameter with its unit; one whose unit is not stated agrees with any."""
        project = self.catalogue.project
        known = [*project.parameters, *self._parameters_of_a_broken_project()]
        numbers = {name: Kind("number", project.parameter_units.get(name, CONSTANT)) for name in known}
        return numbers | {name: Kind("datetime", None) for name in INSTANTS}

    def _parameters_of_a_broken_project(self) -> list[str]:
        project = self.places.items.get("project")
        spot = project.items.get("parameters") if project else None
        return [str(name) for name in spot.items] if spot else []

    @cached_property
    def measures(self) -> dict[str, Kind]:
        """Every measure's kind and unit: the declared one, else what its formula gives."""
        kinds = dict.fromkeys(self.named("measures"), UNKNOWN)
        return kinds | {name: self._measure(measure) for name, measure in self.catalogue.measures.items()}

    def _measure(self, measure: Measure) -> Kind:
        if measure.kind in ("count", "distinct"):
            return Kind("number", "count")
        found = self._aggregated(measure)
        unit = measure.unit or (found.unit if found else CONSTANT)
        return Kind(found.kind if found and found.kind in ("date", "datetime") else "number", unit)

    def _aggregated(self, aggregate: Aggregate) -> Kind | None:
        try:
            return check(parse(aggregate.formula), self.column(aggregate.table), self.parameters, ())[0]
        except (FormulaProblem, Ambiguous):
            return None

    def column(self, table: str) -> Lookup:
        """Names in a formula over the rows of a table. Raises Ambiguous where two ways lead to one."""

        def lookup(parts: Parts) -> Kind | None:
            column = self.definition(table, parts)
            return None if column is None else _kind(column)

        return lookup

    def definition(self, table: str, parts: Parts) -> Column | None:
        """The column a name leads to from a table."""
        found = self.routes(table, parts)
        return _end(self.catalogue.tables, table, found[0]) if found else None

    def routes(self, table: str, parts: Parts) -> tuple[Route, ...]:
        """The ways to a column, tried in order; none where it cannot be reached."""
        tables = self.catalogue.tables
        if table not in tables:
            return ()
        if len(parts) == 1:
            return dimension(tables, _all_there, table, parts[0])
        route = locate(tables, _all_there, table, parts)
        return () if route is None else (route,)

    def columns(self, table: str) -> list[str]:
        """Names to suggest for a formula over a table's rows."""
        tables = self.catalogue.tables
        if table not in tables:
            return []
        own = tables[table]
        near = [(way, tables[to]) for way, (_, to) in references(own).items() if to in tables]
        return [*own.columns, *own.dimensions, *(f"{way}.{name}" for way, to in near for name in to.columns)]

    def value(self, parts: Parts) -> Kind | None:
        """Names in a formula over measures: a measure, a KPI, or a variant of one."""
        if len(parts) == 1 and parts[0] in self.measures:
            return self.measures[parts[0]]
        variant = self.variant(parts)
        if variant is not None:
            return Kind("number", variant.unit)
        return UNKNOWN if len(parts) <= 2 and self.is_broken("kpis", parts[0]) else None

    def card_value(self, parts: Parts) -> Kind | None:
        """Names in a formula on a card: those over measures, and `.n` for the n of a KPI."""
        if len(parts) > 1 and parts[-1] == "n" and self.value(parts) is None:
            return Kind("number", "count") if self.kpi_of(parts[:-1]) or self.is_broken("kpis", parts[0]) else None
        return self.value(parts)

    def kpi_of(self, parts: Parts) -> Kpi | None:
        """The KPI that `fcr` or `fcr.survey` names, its variant being there."""
        kpi = self.catalogue.kpis.get(parts[0])
        return kpi if kpi is not None and (len(parts) == 1 or (len(parts) == 2 and parts[1] in kpi.variants)) else None

    def variant(self, parts: Parts) -> Variant | None:
        kpi = self.kpi_of(parts)
        return None if kpi is None else kpi.variant(parts[1] if len(parts) == 2 else None)

    @cached_property
    def variants(self) -> tuple[tuple[str, str, Variant], ...]:
        """Every definition of every KPI: its id, the variant ('' where it has none), the definition in force."""
        return tuple(
            (name, variant, kpi.variant(variant or None))
            for name, kpi in self.catalogue.kpis.items()
            for variant in kpi.variants or ("",)
        )

    def values(self) -> list[str]:
        """Names to suggest for a formula over measures."""
        return [*self.named("measures"), *self.named("kpis")]


def _about(path: Path) -> tuple[str, ...]:
    return tuple(str(step) for step in path[:2])


def _all_there(table: str, column: str) -> bool:
    return True


def _end(tables: Mapping[str, Table], table: str, route: Route) -> Column:
    for step in route[:-1]:
        table = references(tables[table])[step][1]
    return tables[table].columns[route[-1]]


def _kind(column: Column) -> Kind:
    kind = KINDS[column.type]
    return Kind(kind.kind, column.unit) if column.unit else kind
