"""Whether tables and layouts hold together: references, keys, dimensions, columns.

In: the definitions. Out: problems.
Refuses to know: measures, KPIs and cards; what an export really holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccmetrics.catalogue.formula_checks import Terms, condition, formula_problems
from ccmetrics.catalogue.models import Layout, Source, Table
from ccmetrics.catalogue.routes import Ambiguous, locate
from ccmetrics.catalogue.scope import INSTANTS, Path, Scope
from ccmetrics.formula import Kind
from ccmetrics.problem import Problem, did_you_mean

OF_A_ROW = ("time", "until", "as_of")
"""Keys of a table that name one of its columns."""


def table_columns(scope: Scope) -> Iterator[Problem]:
    """A table's key, time, until and as_of name columns it has, and a default names one or is a constant."""
    for name, table in scope.catalogue.tables.items():
        named: list[tuple[Path, str]] = [(("key", i), column) for i, column in enumerate(table.key)]
        named += [((key,), getattr(table, key)) for key in OF_A_ROW if getattr(table, key) is not None]
        for path, column in named:
            if column not in table.columns:
                yield _no_column(scope, ("tables", name, *path), f"Table '{name}'", name, column, table)
        for column, definition in table.columns.items():
            if definition.after is not None and definition.after not in table.columns:
                path = ("tables", name, "columns", column, "after")
                yield _no_column(scope, path, f"Column '{column}' of '{name}'", name, definition.after, table)
        held = table.columns.get(str(table.as_of))
        if held is not None and held.refers is None and held.type not in ("date", "datetime"):
            text = f"Table '{name}': '{table.as_of}' is no time and refers to no table, so no time is met through it."
            yield scope.problem(("tables", name, "as_of"), "not-a-reference", text)


def references_are_many_to_one(scope: Scope) -> Iterator[Problem]:
    """A column refers to a table that has one row for each of its values, or one for each and day."""
    tables = scope.catalogue.tables
    for name, table in tables.items():
        for column, definition in table.columns.items():
            to, path = definition.refers, ("tables", name, "columns", column, "refers")
            if to is None or scope.is_broken("tables", to):
                continue
            if to not in tables:
                yield scope.unknown(path, "table", f"Column '{column}' of '{name}'", to, "table", tables)
            elif not _is_many_to_one(tables[to]):
                key = ", ".join(tables[to].key)
                text = (
                    f"Column '{column}' of '{name}' refers to '{to}', which may have many rows for one value ({key})."
                )
                mend = " A table referred to has one key column, or one and `time` where `until` is set."
                yield scope.problem(path, "not-many-to-one", text + mend)


def _is_many_to_one(table: Table) -> bool:
    rest = [column for column in table.key if not (table.until and column == table.time)]
    return len(rest) == 1


def dimension_paths(scope: Scope) -> Iterator[Problem]:
    """Every stated way of a dimension leads to a column."""
    tables = scope.catalogue.tables
    for name, table in tables.items():
        for dimension, ways in table.dimensions.items():
            for index, way in enumerate(ways):
                path = ("tables", name, "dimensions", dimension, index)
                try:
                    found = locate(tables, lambda *_: True, name, tuple(way.split(".")))
                except Ambiguous as two:
                    yield scope.problem(path, "ambiguous-path", f"Table '{name}': {two}. Write the way out.")
                    continue
                if found is None and not scope.has_broken_table:
                    hint = did_you_mean(way, scope.columns(name))
                    text = f"Table '{name}': the way '{way}' of dimension '{dimension}' leads to no column.{hint}"
                    yield scope.problem(path, "unknown-name", text)


def layout_columns(scope: Scope) -> Iterator[Problem]:
    """A layout feeds tables and columns that are there, and every required column of a table it feeds."""
    tables = scope.catalogue.tables
    for name, layout in scope.catalogue.layouts.items():
        for to, part in layout.tables.items():
            path = ("layouts", name, "tables", to)
            if to not in tables:
                if not scope.is_broken("tables", to):
                    yield scope.unknown(path, "table", f"Layout '{name}'", to, "table", tables, key=True)
                continue
            for column in part.columns:
                if column not in tables[to].columns:
                    at = (*path, "columns", column)
                    yield _no_column(scope, at, f"Layout '{name}'", to, column, tables[to], key=True)
            yield from _not_fed(scope, name, layout, to)


def _not_fed(scope: Scope, name: str, layout: Layout, to: str) -> Iterable[Problem]:
    fed = layout.tables[to].columns
    columns = scope.catalogue.tables[to].columns
    for column, definition in columns.items():
        if definition.required and column not in fed and definition.default is None and not definition.derived:
            text = f"Layout '{name}' feeds '{to}' without '{column}', which is required there."
            yield scope.problem(("layouts", name, "tables", to), "missing-column", text, key=True)


def layout_conditions(scope: Scope) -> Iterator[Problem]:
    """Conditions of a layout are over the export's own columns, which are all text."""
    terms = Terms(lambda parts: Kind("text"), "column", list, {})
    for name, layout in scope.catalogue.layouts.items():
        for path, text in (*_conditions(name, layout), *_of_fold(name, layout)):
            yield from formula_problems(scope, condition(f"Layout '{name}'", text, path), terms)


def _conditions(name: str, layout: Layout) -> Iterator[tuple[Path, str]]:
    for to, part in layout.tables.items():
        path: Path = ("layouts", name, "tables", to)
        if part.where is not None:
            yield (*path, "where"), part.where
        for column, origin in part.columns.items():
            if origin.where is not None:
                yield (*path, "columns", column, "where"), origin.where
            for index, (text, _) in enumerate(origin.case or ()):
                yield (*path, "columns", column, "case", index, 0), text


def _of_fold(name: str, layout: Layout) -> Iterator[tuple[Path, str]]:
    if (fold := layout.fold) is None:
        return
    path: Path = ("layouts", name, "fold")
    yield from (((*path, key), text) for key, text in (("where", fold.where), ("ends", fold.ends)) if text is not None)
    for column, take in fold.columns.items():
        at = (*path, "columns", column)
        if take.where is not None:
            yield (*at, "where"), take.where
        yield from (((*at, "case", index, 0), text) for index, (text, _) in enumerate(take.case or ()))


def layout_values(scope: Scope) -> Iterator[Problem]:
    """What a layout itself writes into a column is one of the column's values."""
    for name, layout in scope.catalogue.layouts.items():
        for to, part in layout.tables.items():
            for column, origin in part.columns.items():
                table = scope.catalogue.tables.get(to)
                allowed = table.columns[column].values if table and column in table.columns else ()
                path: Path = ("layouts", name, "tables", to, "columns", column)
                for at, value in _values(origin):
                    if allowed and value is not None and value not in allowed:
                        yield scope.unknown((*path, *at), "value", f"Layout '{name}'", str(value), f"{column}", allowed)


def _values(origin: Source) -> Iterator[tuple[Path, object]]:
    yield ("constant",), origin.constant
    yield ("other",), origin.other
    yield from ((("map", key), value) for key, value in (origin.map or {}).items())
    yield from ((("case", index, 1), value) for index, (_, value) in enumerate(origin.case or ()))


def project_names(scope: Scope) -> Iterator[Problem]:
    """The project speaks of layouts, tables and parameters that are there."""
    project = scope.catalogue.project
    for pattern, layout in project.layouts.items():
        if layout not in (known := scope.named("layouts")):
            yield scope.unknown(("project", "layouts", pattern), "layout", "The project", layout, "layout", known)
    for table in project.covers:
        if table not in (known := scope.named("tables")):
            yield scope.unknown(("project", "covers", table), "table", "The project", table, "table", known, key=True)
    given = [name for name in scope.parameters if name not in INSTANTS]
    for name in project.parameter_units:
        if name not in given:
            path = ("project", "parameter_units", name)
            yield scope.unknown(path, "parameter", "The project", name, "parameter", given, key=True)


def _no_column(scope: Scope, path: Path, what: str, of: str, column: str, table: Table, key: bool = False) -> Problem:
    return scope.unknown(path, "column", what, column, f"column of '{of}'", table.columns, key)
