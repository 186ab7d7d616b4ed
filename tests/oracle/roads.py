"""References followed: each table with the columns of other tables that formulas and dimensions name.

In: a `Center`, names per table. Out: DuckDB tables `w_<name>` with a column a path, and how a path is spelled.
Refuses to know: measures and periods.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.oracle.duck import Center, listed

Path = tuple[str, ...]


def reference(center: Center, table: str, hop: str) -> tuple[str, str] | None:
    """The column a hop goes by, and the table it leads to; `queue` goes by `queue_id`."""
    columns = center.tables[table]["columns"]
    for column in (f"{hop}_id", hop):
        if "refers" in columns.get(column, {}):
            return column, columns[column]["refers"]
    return None


def end(center: Center, table: str, path: Path) -> tuple[str, str] | None:
    """Table and column a path ends at; None where something on the way was not supplied."""
    for hop in path[:-1]:
        road = reference(center, table, hop)
        if road is None or not center.supplied(table, road[0]) or not center.supply.get(road[1]):
            return None
        table = road[1]
    known = path[-1] in center.tables[table]["columns"] and center.supplied(table, path[-1])
    return (table, path[-1]) if known else None


def ways(center: Center, table: str, dimension: str) -> list[Path]:
    """Supplied paths to a dimension, in the order they are tried; none if the table has no such dimension."""
    about = center.tables[table]
    told = about.get("dimensions", {}).get(dimension)
    if told is not None:
        return [path for path in (tuple(way.split(".")) for way in listed(told)) if end(center, table, path)]
    if end(center, table, (dimension,)):
        return [(dimension,)]
    hops = [column.removesuffix("_id") for column, declared in about["columns"].items() if "refers" in declared]
    found = [(hop, dimension) for hop in hops if end(center, table, (hop, dimension))]
    return found if len(found) == 1 else []


def detours(center: Center, table: str, path: Path) -> list[Path]:
    """A path whose first reference this table lacks, by the ways its dimensions name: `interaction.agent.joined_on`."""
    road = reference(center, table, path[0])
    told = center.tables[table].get("dimensions", {}).get(road[0], []) if road and len(path) > 1 else []
    longer = [(*way.split(".")[:-1], *path) for way in listed(told)]
    return [found for found in longer if found != path and end(center, table, found)]


def key(center: Center, table: str, path: Path) -> Path:
    """The id whose presence chooses a path: the last reference on it, or the path itself."""
    at = table
    for hop in path[:-1]:
        before, road = at, reference(center, at, hop)
        assert road
        at = road[1]
    if len(path) == 1 or "refers" in center.tables[at]["columns"][path[-1]]:
        return path
    road = reference(center, before, path[-2])
    assert road
    return (*path[:-2], road[0])


def lay(center: Center, wanted: dict[str, set[Path]]) -> None:
    """Tables `v_<name>` with the time that decides versions, then `w_<name>` with everything wanted."""
    pending = list(center.tables)
    while pending:
        for table in list(pending):
            carrier = center.tables[table].get("as_of")
            target = center.tables[table]["columns"][carrier].get("refers") if carrier else None
            if target not in pending:
                _timed(center, table, carrier, target)
                pending.remove(table)
    for table in center.tables:
        _wide(center, table, wanted.get(table, set()))


def _timed(center: Center, table: str, carrier: str | None, target: str | None) -> None:
    about = center.tables[table]
    own = f'r."{about["time"]}"' if "time" in about else "NULL"
    if target is None:
        # Another time of the row may decide, where it was supplied (events: when they happened).
        if carrier is not None and center.supplied(table, carrier):
            own = f'coalesce(r."{carrier}", {own})'
        center.base.execute(f'CREATE VIEW v_{table} AS SELECT r.*, {own} AS "@time" FROM t_{table} r')
        return
    id_ = listed(center.tables[target]["key"])[0]
    center.base.execute(
        f'CREATE TABLE v_{table} AS SELECT r.*, coalesce(instant(d."@time"), instant({own})) AS "@time"'
        f' FROM t_{table} r LEFT JOIN v_{target} d ON d."{id_}" = r."{carrier}"'
    )


def _wide(center: Center, table: str, wanted: Iterable[Path]) -> None:
    joins: dict[str, str] = {}
    columns: list[str] = []
    for path in sorted(wanted):
        if len(path) < 2 or not end(center, table, path):
            continue
        here, alias = table, "r"
        for i, hop in enumerate(path[:-1]):
            road = reference(center, here, hop)
            assert road
            deeper = ".".join(path[: i + 1])
            joins.setdefault(deeper, _join(center, alias, road[0], road[1], deeper))
            here, alias = road[1], f'"{deeper}"'
        columns.append(f'{alias}."{path[-1]}" AS "{".".join(path)}"')
    everything = ", ".join(["r.*", *columns])
    center.base.execute(f"CREATE TABLE w_{table} AS SELECT {everything} FROM v_{table} r {' '.join(joins.values())}")


def _join(center: Center, alias: str, column: str, target: str, name: str) -> str:
    about = center.tables[target]
    id_ = listed(about["key"])[0]
    if "until" not in about:
        return f'LEFT JOIN v_{target} "{name}" ON "{name}"."{id_}" = {alias}."{column}"'
    since, until = about["time"], about["until"]
    versions = (
        f'(SELECT *, coalesce("{until}", lead("{since}") OVER (PARTITION BY "{id_}" ORDER BY "{since}" NULLS FIRST)'
        f' - 1) AS "@last" FROM v_{target})'
    )
    day = f'local_day({alias}."@time")'
    return (
        f'LEFT JOIN {versions} "{name}" ON "{name}"."{id_}" = {alias}."{column}"'
        f' AND coalesce("{name}"."{since}" <= {day}, {day} IS NOT NULL) AND coalesce({day} <= "{name}"."@last", true)'
    )
