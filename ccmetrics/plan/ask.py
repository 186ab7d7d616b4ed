"""What has to be measured: KPIs as asks, asks as requests: formulas over measures grouped by dimensions.

In: the catalogue and the KPIs asked for. Out: asks and requests. KPI names inside formulas are written out.
Refuses to know: frames and their columns; what an export really holds is found out by measuring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from ccmetrics import formula
from ccmetrics.catalogue.models import Catalogue, Kpi, Line
from ccmetrics.formula.tree import Node, division, names, parts
from ccmetrics.period import Period, back

Parameters = tuple[tuple[str, float], ...]

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
    every: bool = False
    """Whether its tables must speak of every cycle of the window, as where silence is proof."""

    @property
    def bound(self) -> set[Bound]:
        return {bound(node) for node in names(self.formula)} | ({self.n} if self.n else set())

    @property
    def measures(self) -> set[str]:
        return {name for name, _, _ in self.bound}


Key = tuple[str, str, str]
"""Of a request: its name, what it is for, its period."""


@dataclass(frozen=True)
class Request:
    """Asks for one grouping of the rows. `periods` come latest first; a window of k looks back over the first k.

    `role` says what the values are for, where a card needs several groupings.

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
    role: str = "own"
    also: tuple[str, ...] = ()
    """Columns looked up beside the asks: what segments, pools and groups go by."""

    @property
    def key(self) -> Key:
        return self.name, self.role, self.periods[0].label if self.periods else ""

    @property
    def pooled(self) -> bool:
        return any(ask.pooled for ask in self.asks)

    @property
    def windows(self) -> tuple[int, ...]:
        return tuple(range(1, max((ask.window for ask in self.asks), default=1) + 1))

    def over(self, period: Period) -> Request:
        """The request for a period and as many before it as the longest window looks back."""
        return replace(self, periods=back(period, self.windows[-1]))


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
        variant, is_n = meant(kpi, name, line)
        means_line = line is not None and (variant or kpi.default) == (line.variant or kpi.default)
        over = {**self.over, **(line.parameters if line is not None and means_line else {})}
        ask = kpi_ask(self.catalogue, name[0], variant, parameters=over)
        if is_n:
            return Node("null") if ask.n is None else Node("name", value=ask.n)
        return ask.formula


def meant(kpi: Kpi, name: tuple[str, ...], line: Line | None) -> tuple[str | None, bool]:
    """Which variant a KPI's name in a card's formula means (none: the default), and whether it means the n: the variant
    it says, else the one of the card's line."""
    said = name[1] if len(name) > 1 and name[1] in kpi.variants else None
    variant = line.variant if line is not None and said is None else said
    return variant, len(name) > 1 and name[-1] == "n" and "n" not in kpi.variants


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
