"""Which columns and tables a run has to read.

In: the catalogue and requests. Out: names of columns by table.
Refuses to know: what an export really holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from ccmetrics import formula
from ccmetrics.catalogue.models import Aggregate, Catalogue, Measure
from ccmetrics.catalogue.routes import reference
from ccmetrics.formula.tree import Node, names, parts
from ccmetrics.plan.ask import Ask, Request

ANY_RUN = {
    "roster": ("name", "team", "role", "joined_on", "left_on", "fte"),
    "exclusions": ("table", "row_id", "from", "to", "agent_id", "queue_id", "kpis", "reason", "approved_by"),
    "calendar": ("cycle", "kind"),
    "attendance": ("scheduled_s",),
}
"""Columns that a run reads whatever is asked for."""


def needed_columns(catalogue: Catalogue, requests: Sequence[Request]) -> dict[str, set[str]]:
    """Columns by table that the requests may meet. Rather one too many: a name may be reached by several routes."""
    # Exclusions may name an agent or a queue of any row.
    words: set[str] = {"agent_id", "queue_id"}
    measured = {name for request in requests for ask in request.asks for name in ask.measures}
    tables = measured_tables(catalogue, [ask for request in requests for ask in request.asks])
    for request in requests:
        words |= {*request.by, *request.via.values(), *request.also}
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
