"""What has to be measured: cards and KPIs as requests, formulas over measures grouped by dimensions.

In: the catalogue, and the cards or KPIs asked for. Out: requests. KPI names inside formulas are written out.
Refuses to know: frames and their columns; what an export really holds is found out by measuring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ccmetrics import formula
from ccmetrics.catalogue.models import Aggregate, Card, Catalogue, Line, Measure
from ccmetrics.catalogue.routes import reference
from ccmetrics.formula.tree import Node, division, names, parts
from ccmetrics.period import Period, back

Parameters = tuple[tuple[str, float], ...]
TIME_GRAINS = ("half_hour", "hour", "weekday", "day", "week", "month", "quarter", "year")


ANY_RUN = {
    "roster": ("name", "team", "role"),
    "exclusions": ("table", "row_id", "from", "to", "agent_id", "queue_id", "kpis"),
    "calendar": ("cycle",),
}
"""Columns that a run reads whatever is asked for."""


Bound = tuple[str, str, Parameters]
"""A measure as a KPI uses it: its name, the KPI (whose exclusions hold; empty in a card's own formulas), and the
parameters that differ from the project's. Names in the formulas of asks are such."""


@dataclass(frozen=True)
class Ask:
    """One formula to be evaluated a subject. Names in it are bound measures, `n` is one; parameters are written out."""

    key: str
    formula: Node
    n: Bound | None = None
    interval: str = "none"
    variant: str = ""
    window: int = 1
    pooled: bool = False
    """Whether the value over all subjects together is wanted too, to stand in where a subject has none."""

    @property
    def bound(self) -> set[Bound]:
        return {bound(node) for node in names(self.formula)} | ({self.n} if self.n else set())

    @property
    def measures(self) -> set[str]:
        return {name for name, _, _ in self.bound}


@dataclass(frozen=True)
class Request:
    """Asks for one grouping of the rows. `periods` come latest first; a window of k looks back over the first k.

    `via` names, by table, the column that holds the first dimension there; `who` is a condition over the subject's
    roster version, `where` one over any row.
    """

    name: str
    by: tuple[str, ...]
    asks: tuple[Ask, ...]
    periods: tuple[Period, ...] = ()
    via: Mapping[str, str] = field(default_factory=dict)
    who: Node | None = None
    where: Node | None = None

    @property
    def pooled(self) -> bool:
        return any(ask.pooled for ask in self.asks)

    @property
    def windows(self) -> tuple[int, ...]:
        return tuple(range(1, max((ask.window for ask in self.asks), default=1) + 1))

    def over(self, period: Period) -> Request:
        """The request for a period and as many before it as the longest window looks back."""
        return replace(self, periods=back(period, self.windows[-1]))


def card_request(catalogue: Catalogue, card: Card) -> Request:
    """Everything a card needs: its lines, what it watches, the formulas of its adjustments. Of no period yet."""
    lines = [line for line in card.kpis if isinstance(line, Line)]
    asks = [
        replace(
            kpi_ask(catalogue, line.kpi, line.variant, line.window, {**card.parameters, **line.parameters}),
            pooled=(line.missing or card.missing) == "neutral",
        )
        for line in lines
    ]
    seen = {(ask.key, ask.variant) for ask in asks}
    for watched in card.watch:
        ask = kpi_ask(catalogue, *split(watched), parameters=card.parameters)
        if (ask.key, ask.variant) not in seen:
            asks.append(ask)
    chosen = {line.kpi: line for line in lines}
    for kind, items in card.adjust:
        for index, item in enumerate(items) if kind != "limits" else ():
            for part in ("amount", "when"):
                if (text := getattr(item, part, None)) is not None:
                    binding = Binding(catalogue, "", card.parameters, chosen)
                    asks.append(Ask(f"{kind}.{index}.{part}", binding.tree(formula.parse(text))))
    return Request(
        name=card.card,
        by=() if card.subject == "center" else (card.subject,),
        asks=tuple(asks),
        via=card.via,
        who=None if card.who is None else formula.parse(card.who),
    )


def split(name: str) -> tuple[str, str | None]:
    """`fcr.survey` is the KPI and its variant."""
    kpi, _, variant = name.partition(".")
    return kpi, variant or None


def kpi_ask(
    catalogue: Catalogue,
    name: str,
    variant: str | None = None,
    window: int = 1,
    parameters: Mapping[str, float] | None = None,
) -> Ask:
    """A KPI as an ask, under the name of the variant in force (empty where the KPI has none)."""
    kpi = catalogue.kpis[name]
    own = kpi.variant(variant)
    binding = Binding(catalogue, name, parameters or {})
    tree = binding.tree(formula.parse(own.formula))
    return Ask(
        key=name,
        formula=tree,
        n=binding.measure(own.n) if own.n else _counted(catalogue, tree),
        interval=own.interval or "none",
        variant=(variant or kpi.default or "") if kpi.variants else "",
        window=window,
    )


@dataclass(frozen=True)
class Binding:
    """Where a formula stands: in a KPI, or (`kpi` empty) on a card. `over` are the parameters that card and line set,
    which go before a KPI's own; `chosen` gives the lines of a card, whose variant and parameters a KPI's name means."""

    catalogue: Catalogue
    kpi: str
    over: Mapping[str, float]
    chosen: Mapping[str, Line] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, float]:
        own = self.catalogue.kpis[self.kpi].parameters if self.kpi else {}
        return {**self.catalogue.project.parameters, **own, **self.over}

    def measure(self, name: str) -> Bound:
        defaults = self.catalogue.project.parameters
        return name, self.kpi, tuple(sorted((k, v) for k, v in self.parameters.items() if defaults.get(k) != v))

    def tree(self, node: Node) -> Node:
        """The formula with measures bound, KPI names written out, `csat.n` the measure that counts it.

        A name is a measure first, a KPI else.
        """
        if node.op == "name":
            return self._named(parts(node))
        if node.op == "param" and node.value in self.parameters:
            return Node("number", value=self.parameters[str(node.value)])
        return replace(node, args=tuple(self.tree(arg) for arg in node.args))

    def _named(self, name: tuple[str, ...]) -> Node:
        if len(name) == 1 and name[0] in self.catalogue.measures:
            return Node("name", value=self.measure(name[0]))
        kpi, line = self.catalogue.kpis[name[0]], self.chosen.get(name[0])
        said = name[1] if len(name) > 1 and name[1] in kpi.variants else None
        means_line = line is not None and said in (None, line.variant or kpi.default)
        variant = line.variant if line is not None and said is None else said
        over = {**self.over, **(line.parameters if line is not None and means_line else {})}
        ask = kpi_ask(self.catalogue, name[0], variant, parameters=over)
        if name[-1] == "n" and "n" not in kpi.variants and len(name) > 1:
            return Node("null") if ask.n is None else Node("name", value=ask.n)
        return ask.formula


def bound(node: Node) -> Bound:
    """The bound measure that a name in an ask's formula is."""
    return cast(Bound, parts(node))


def _counted(catalogue: Catalogue, tree: Node) -> Bound | None:
    """The n of a ratio that names none: its denominator, where that is one measure, and a count."""
    halves = division(tree)
    if halves is None or halves[1].op != "name":
        return None
    found = bound(halves[1])
    measure = catalogue.measures[found[0]]
    return found if measure.unit == "count" or measure.kind in ("count", "distinct") else None


def needed_columns(catalogue: Catalogue, requests: Sequence[Request]) -> dict[str, set[str]]:
    """Columns by table that the requests may meet. Rather one too many: a name may be reached by several routes."""
    # Exclusions may name an agent or a queue of any row.
    words: set[str] = {"agent_id", "queue_id"}
    measured = {name for request in requests for ask in request.asks for name in ask.measures}
    tables = measured_tables(catalogue, [ask for request in requests for ask in request.asks])
    for request in requests:
        words |= {*request.by, *request.via.values()}
        words |= {
            part for tree in (request.who, request.where) if tree is not None for n in names(tree) for part in parts(n)
        }
    for name in measured:
        measure = catalogue.measures[name]
        words |= {measure.at} if measure.at else set()
        for aggregate in _aggregates(measure):
            texts = [t for t in (None if aggregate.count == "rows" else aggregate.formula, aggregate.where) if t]
            words = words.union(*(_words(formula.parse(text)) for text in texts))
    for table in tables:
        for paths in (p for n, p in catalogue.tables[table].dimensions.items() if n in words):
            words |= {part for path in paths for part in path.split(".")}
    found = {}
    for table, definition in catalogue.tables.items():
        fixed = {*definition.key, definition.time, definition.until, definition.as_of, *ANY_RUN.get(table, ())}
        found[table] = {c for c in definition.columns if c in words or reference(c) in words or c in fixed}
    return found


def measured_tables(catalogue: Catalogue, asks: Sequence[Ask]) -> list[str]:
    """The tables whose rows the asks count, sorted."""
    measured = {name for ask in asks for name in ask.measures}
    return sorted({aggregate.table for name in measured for aggregate in _aggregates(catalogue.measures[name])})


def _words(tree: Node | None) -> set[str]:
    return set() if tree is None else {part for node in names(tree) for part in parts(node)}


def _aggregates(measure: Measure) -> list[Aggregate]:
    return [measure] if measure.otherwise is None else [measure, measure.otherwise]
