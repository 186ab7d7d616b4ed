"""How a name is reached from a table: its own column, or one through references.

In: the tables' definitions and which columns are there. Out: routes, tuples of reference names ending in a column.
Refuses to know: frames, formulas, time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ccmetrics.catalogue.models import Table

Route = tuple[str, ...]
"""`("agent_id",)` is a column of the table; `("interaction", "agent", "team")` follows two references to a column."""

There = Callable[[str, str], bool]
"""Whether a table has a column: by definition for checks, by supply for measuring."""


class Ambiguous(Exception):
    """Two equally short ways lead to a column, and the table does not say which."""

    def __init__(self, name: str, routes: list[Route]) -> None:
        self.name, self.routes = name, routes
        super().__init__(f"'{name}' is reached by {' and by '.join('.'.join(r) for r in routes)}")


def reference(column: str) -> str:
    """The name under which a formula follows a reference column: `agent_id` is followed as `agent`."""
    return column.removesuffix("_id")


def references(table: Table) -> dict[str, tuple[str, str]]:
    """Reference name to (column, table it refers to)."""
    return {reference(name): (name, c.refers) for name, c in table.columns.items() if c.refers is not None}


def locate(tables: Mapping[str, Table], there: There, table: str, parts: tuple[str, ...]) -> Route | None:
    """The route from a table to a name, or None where it leads nowhere.

    A column the table lacks is looked up through its references, nearest first.

    Raises:
        Ambiguous: two equally short routes.
    """
    if len(parts) == 1:
        return _column(tables, there, table, parts[0])
    # The first part is a reference: its column may itself have to be looked up (surveys.agent through interaction).
    column = next((c for t in tables.values() for r, (c, _) in references(t).items() if r == parts[0]), None)
    if column is None:
        return None
    route = next(iter(dimension(tables, there, table, column)), None)
    if route is None:
        return None
    # A stated way may end in a column of another name: who is the agent of a project is its `owner_id`.
    holder, column = _end(tables, table, route[:-1]), route[-1]
    refers = tables[holder].columns[column].refers
    if refers is None or refers not in tables:
        return None
    rest = locate(tables, there, refers, parts[1:])
    return None if rest is None else (*route[:-1], reference(column), *rest)


def dimension(
    tables: Mapping[str, Table], there: There, table: str, name: str, via: Mapping[str, str] | None = None
) -> tuple[Route, ...]:
    """The routes tried in order for a dimension of a table's rows; empty where it cannot be reached.

    A name the table lists under `dimensions` is reached by the listed paths alone.
    """
    if via and table in via:
        name = via[table]
    elif name in tables[table].dimensions:
        paths = (tuple(path.split(".")) for path in tables[table].dimensions[name])
        return tuple(path for path in paths if _is_there(tables, there, table, path))
    route = locate(tables, there, table, (name,))
    return () if route is None else (route,)


def _is_there(tables: Mapping[str, Table], there: There, table: str, path: Route) -> bool:
    """Whether a stated path can be gone as it is written. Nothing is looked up: the table has said where."""
    for name in path[:-1]:
        own, refers = references(tables[table]).get(name, (name, None))
        if refers is None or refers not in tables or not there(table, own):
            return False
        table = refers
    return path[-1] in tables[table].columns and there(table, path[-1])


def _column(tables: Mapping[str, Table], there: There, table: str, column: str) -> Route | None:
    level: list[tuple[Route, str]] = [((), table)]
    seen = {table}
    while level:
        found = [(*way, column) for way, at in level if column in tables[at].columns and there(at, column)]
        if len(found) > 1:
            raise Ambiguous(column, found)
        if found:
            return found[0]
        onward = [
            ((*way, name), refers)
            for way, at in level
            for name, (own, refers) in references(tables[at]).items()
            if refers in tables and refers not in seen and there(at, own)
        ]
        seen |= {at for _, at in onward}
        level = onward
    return None


def _end(tables: Mapping[str, Table], table: str, way: Route) -> str:
    for name in way:
        table = references(tables[table])[name][1]
    return table
