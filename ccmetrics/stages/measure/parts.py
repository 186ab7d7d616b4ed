"""Measures taken apart for a run: which aggregates over which tables can be had, and why the others cannot.

In: a request and the world of supplied tables. Out: parts by measure column, and reasons for measures without any.
Refuses to know: how rows are grouped and reduced, what KPIs do with the measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ccmetrics import formula
from ccmetrics.catalogue.models import Aggregate, Measure
from ccmetrics.formula import Node
from ccmetrics.formula.tree import parts
from ccmetrics.notice import Key, Notice
from ccmetrics.plan import TIME_GRAINS, Ask, Bound, Parameters, Request
from ccmetrics.stages.measure.aggregate import Part
from ccmetrics.stages.measure.group import dimensions, ways
from ccmetrics.stages.measure.routes import routes_to
from ccmetrics.stages.measure.spread import variance
from ccmetrics.stages.world import World

TIMES_OF_DAY = frozenset({"half_hour", "hour"})
PER_SPAN = frozenset({"period_start", "period_end"})


@dataclass(frozen=True)
class Missing:
    """Why a measure cannot be had: a table or column that no export supplied, or a stock asked for by day."""

    reason: Literal["table-not-supplied", "column-not-supplied", "not-by-time"]
    what: Notice
    """What is not there; where it is a name, that alone."""


@dataclass(frozen=True)
class Taken:
    """A request's measures taken apart."""

    parts: tuple[Part, ...]
    missing: Mapping[str, Missing]
    columns: Mapping[tuple[str, str, Bound], str]
    """An ask's key and variant, and a bound measure, to its wide column: sources are chosen a formula."""
    windows: Mapping[str, int]
    """Wide column to the longest window that needs it."""
    pooled: frozenset[str]
    """Wide columns that are needed over all subjects together, too."""
    variances: Mapping[tuple[str, str], str]
    """An ask's key and variant to the wide column of the variance of its rows, where that can be told."""
    passed: frozenset[Notice]
    """Sentences on sources that were left aside, since not all of a formula could be taken from them."""


@dataclass(frozen=True)
class Use:
    """One way a measure is used: its wide column, parameters set otherwise, marks of rows to leave out."""

    column: str
    parameters: Parameters
    marks: Mapping[str, tuple[str, ...]]
    sources: frozenset[str] | None = None
    """Tables it may be taken from, where another measure of the formula cannot be had from all."""


def take_apart(world: World, request: Request) -> Taken:
    """Every measure the request's asks name, once a set of parameters."""
    found: dict[str, list[Part]] = {}
    missing: dict[str, Missing] = {}
    columns: dict[tuple[str, str, Bound], str] = {}
    windows: dict[str, int] = {}
    pooled: set[str] = set()
    passed: set[Notice] = set()
    variances: dict[tuple[str, str], str] = {}
    for ask in request.asks:
        sources = _sources(world, request, ask)
        for name, kpi, parameters in sorted(ask.bound):
            measure = world.catalogue.measures[name]
            own = _own_parameters(measure, parameters)
            marks = world.marks.get(kpi, {})
            marked = kpi if any(a is not None and a.table in marks for a in (measure, measure.otherwise)) else ""
            only = sources if measure.otherwise is not None else None
            column = name + "".join(f"@{key}={value!r}" for key, value in own) + (marked and f"@without={marked}")
            column += "" if only is None else f"@from={'+'.join(sorted(only))}"
            columns[ask.key, ask.variant, (name, kpi, parameters)] = column
            windows[column] = max(ask.window, windows.get(column, 1))
            if ask.pooled:
                pooled.add(column)
            passed |= _passed_over(world, request, measure, ask, only)
            if column not in found:
                found[column], reason = _parts(world, measure, Use(column, own, marks, only), request)
                if reason is not None:
                    missing[column] = reason
        # Names of measures are no column of this kind, so the variance cannot take the place of one.
        if part := variance(ask, lambda name, ask=ask: found[columns[ask.key, ask.variant, name]]):  # type: ignore[misc]
            variances[ask.key, ask.variant] = part.column
            found[part.column] = [part]
            windows[part.column] = max(ask.window, windows.get(part.column, 1))
            pooled |= {part.column} if ask.pooled else set()
    every = tuple(part for group in found.values() for part in group)
    return Taken(every, missing, columns, windows, frozenset(pooled), variances, frozenset(passed))


def _sources(world: World, request: Request, ask: Ask) -> frozenset[str] | None:
    """The tables from which all measures of a formula that may stand in for another can be had; None: from any.

    A numerator of one source over a denominator of two would be no ratio of anything.
    """
    measures = [world.catalogue.measures[name] for name in ask.measures]
    had = [
        {
            aggregate.table
            for aggregate, at in ((measure, measure.at), (measure.otherwise, None))
            if aggregate is not None and _lacks(world, aggregate, at, request) is None
        }
        for measure in measures
        if measure.otherwise is not None
    ]
    had = [tables for tables in had if tables]
    return frozenset(set.intersection(*had)) if any(tables != had[0] for tables in had) else None


def _own_parameters(measure: Measure, given: Parameters) -> Parameters:
    """Those of the parameters set otherwise that this measure reads."""
    read = {
        str(node.value)
        for aggregate in (measure, measure.otherwise)
        if aggregate is not None
        for tree in _trees(aggregate)
        if tree is not None
        for node in formula.params(tree)
    }
    return tuple((key, value) for key, value in given if key in read)


def _trees(aggregate: Aggregate) -> tuple[Node | None, Node | None]:
    value = None if aggregate.count == "rows" else formula.parse(aggregate.formula)
    return value, None if aggregate.where is None else formula.parse(aggregate.where)


def _parts(world: World, measure: Measure, use: Use, request: Request) -> tuple[list[Part], Missing | None]:
    found: list[Part] = []
    reason: Missing | None = None
    for aggregate in (measure, measure.otherwise):
        if aggregate is None or (found and aggregate.kind not in ("count", "sum")):
            continue
        if use.sources is not None and aggregate.table not in use.sources:
            reason = reason or Missing(
                "column-not-supplied", Notice("one source for all of it ({table})", table=aggregate.table)
            )
            continue
        lack = _lacks(world, aggregate, measure.at if aggregate is measure else None, request)
        lack = lack or _spans_one_period(measure, aggregate, request)
        if lack is None:
            found.append(_part(world, aggregate, measure if aggregate is measure else None, use))
        reason = reason or lack
    return found, None if found else reason


def _lacks(world: World, aggregate: Aggregate, at: str | None, request: Request) -> Missing | None:
    if aggregate.table not in world.tables:
        return Missing("table-not-supplied", Notice("{name}", name=aggregate.table))
    lost = {name for tree in _trees(aggregate) if tree is not None for name in _absent(world, aggregate.table, tree)}
    time = (at,) if at is not None else world.time_of(aggregate.table)
    if time is None or world.locate(aggregate.table, time) != time:
        lost.add(at or world.definition(aggregate.table).time or "time")
    # Rows that cannot be tied to any subject say nothing about one; their silence is not zero.
    lost |= {name for name in dimensions(request) if not ways(world, request, aggregate.table, name)}
    if request.where is not None:
        lost |= _absent(world, aggregate.table, request.where)
    if time is not None and not lost and world.is_date(aggregate.table, time):
        lost |= {name for name in request.by if name in TIMES_OF_DAY}
    return (
        Missing("column-not-supplied", Notice("{table}.{column}", table=aggregate.table, column=min(lost)))
        if lost
        else None
    )


def _spans_one_period(measure: Measure, aggregate: Aggregate, request: Request) -> Missing | None:
    """A stock, or a measure that speaks of the period's ends, has one value a period, and none a day in it."""
    grains = [name for name in request.by if name in TIME_GRAINS and name not in TIMES_OF_DAY]
    of_the_period = measure.as_of is not None or any(
        node.value in PER_SPAN for tree in _trees(aggregate) if tree is not None for node in formula.params(tree)
    )
    if not grains or not of_the_period:
        return None
    return Missing(
        "not-by-time",
        Notice(
            "{table} has one value a period; ask for each {grain} by itself",
            table=aggregate.table,
            grain=Key(grains[0]),
        ),
    )


def _passed_over(
    world: World, request: Request, measure: Measure, ask: Ask, only: frozenset[str] | None
) -> set[Notice]:
    if only is None:
        return set()
    both = ((measure, measure.at), (measure.otherwise, None))
    left = {
        aggregate.table
        for aggregate, at in both
        if aggregate is not None and aggregate.table not in only and _lacks(world, aggregate, at, request) is None
    }
    return {
        Notice(
            "{kpi}: '{table}' is left aside, since not all of the formula can be taken from it.",
            kpi=world.catalogue.kpi_called(ask.key),
            table=table,
        )
        for table in left
    }


def _absent(world: World, table: str, node: Node) -> set[str]:
    """Names the tree needs and nobody supplied. An argument of COALESCE may be absent while another one is there."""
    if node.op == "name":
        routes = routes_to(world, table, parts(node))
        uneven = len(routes) == 1 and len(routes[0]) == 1 and world.is_uneven(table, routes[0][0])
        return (
            {Notice("{column} in every export", column=".".join(parts(node)))}
            if uneven
            else set()
            if routes
            else {".".join(parts(node))}
        )
    lost = [_absent(world, table, child) for child in node.args]
    if node.op == "coalesce" and not all(lost):
        return set()
    return set().union(*lost)


def _part(world: World, aggregate: Aggregate, measure: Measure | None, use: Use) -> Part:
    value, where = _trees(aggregate)
    names = {str(node.value) for tree in (value, where) if tree is not None for node in formula.params(tree)}
    left_out = use.marks.get(aggregate.table, ())
    suffix = "".join([*(f"@{key}={number!r}" for key, number in use.parameters), *left_out])
    return Part(
        column=use.column,
        table=aggregate.table,
        kind=aggregate.kind,
        value=value,
        where=where,
        key=f"{aggregate.kind}({aggregate.formula}|{aggregate.where or ''}|{aggregate.q or ''}){suffix}",
        where_key=f"where({_condition(aggregate)}){suffix}",
        at=(measure.at if measure is not None else None) or ".".join(world.time_of(aggregate.table) or ()) or None,
        as_of=None if measure is None else measure.as_of,
        q=aggregate.q,
        parameters=use.parameters,
        per_span=bool(names & PER_SPAN),
        reads_end="data_end" in names,
        marks=left_out,
    )


def _condition(aggregate: Aggregate) -> str:
    """What the counted rows meet: the condition of a count and its `where` are one."""
    given = [text for text in (aggregate.count, aggregate.where) if text is not None and text != "rows"]
    return " AND ".join(f"({text})" for text in given) if len(given) > 1 else "".join(given)
