"""Names in formulas as columns of a table's rows: by which references each is come to.

In: the world, a table, a formula or the part of a measure. Out: routes, columns, which of them are days.
Refuses to know: which measures there are, how rows are grouped and reduced.
"""

from __future__ import annotations

import polars as pl

from ccmetrics import formula
from ccmetrics.catalogue.routes import Ambiguous, Route
from ccmetrics.formula import Node
from ccmetrics.formula.tree import parts
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.measure.aggregate import Part
from ccmetrics.stages.world import World, pick


def routes_to(world: World, table: str, name: tuple[str, ...]) -> tuple[Route, ...]:
    """The routes of a name in a formula over a table's rows, in the order they are tried; empty where absent.

    Raises:
        DataRefused: two references lead to it and the table does not say which holds.
    """
    try:
        if len(name) == 1:
            return world.dimension(table, name[0])
        route = world.locate(table, name)
        return () if route is None else (route,)
    except Ambiguous as two:
        text = f"For rows of '{table}', {two}. State the order under `dimensions:` of the table."
        raise DataRefused([Problem(Place("tables.yaml"), "ambiguous-path", text)]) from None


def routes_of(world: World, part: Part) -> set[Route]:
    """All routes the part's formulas follow, with the keys that decide between alternatives."""
    return routes_in(world, part.table, part.value) | routes_in(world, part.table, part.where)


def routes_in(world: World, table: str, tree: Node | None) -> set[Route]:
    found: set[Route] = set()
    for node in formula.names(tree) if tree is not None else ():
        for route in routes_to(world, table, parts(node)):
            found |= {route, world.key_of(table, route)}
    return found


def column_in(world: World, table: str, name: tuple[str, ...]) -> pl.Expr | None:
    """The name as a column of attached rows, or None where it is absent."""
    routes = routes_to(world, table, name)
    ways = [(".".join(world.key_of(table, route)), ".".join(route)) for route in routes]
    return pick(ways) if ways else None


def dates_in(world: World, table: str, tree: Node) -> set[tuple[str, ...]]:
    """Names in the tree that are calendar days rather than instants."""
    found = {parts(node) for node in formula.names(tree)}
    return {name for name in found if any(world.is_date(table, route) for route in routes_to(world, table, name))}
