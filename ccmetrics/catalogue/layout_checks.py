"""Whether a layout holds together in itself: what it folds, weighs and takes the latest of, and which columns it means.

In: the definitions. Out: problems.
Refuses to know: what an export really holds. Where its file names its own columns, only that is known until it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ccmetrics.catalogue.models import Fold, Layout, Names, Source, Table
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.formula import FormulaProblem, names, parse, parts
from ccmetrics.problem import Problem, did_you_mean

SUMMED = ("number", "money", "duration", "percent", "rating")
"""Types of columns that a total can stand in."""


def layout_matches(scope: Scope) -> Iterator[Problem]:
    """A layout that looks for nothing would fit every export."""
    for name, layout in scope.catalogue.layouts.items():
        if not layout.match and not layout.match_values:
            text = f"Layout '{name}' looks for no column, so it fits every export. Name some of its columns here."
            yield scope.problem(("layouts", name, "match"), "matches-everything", text)


def layout_folds(scope: Scope) -> Iterator[Problem]:
    """A folded row has every column once."""
    for name, layout in scope.catalogue.layouts.items():
        if layout.fold is None:
            continue
        others = {*layout.fold.by, *([layout.fold.leg] if layout.fold.leg else [])}
        for column in (column for column in layout.fold.columns if column in others):
            text = f"Layout '{name}' folds by '{column}', or counts legs in it, and takes another column of that name."
            yield scope.problem(("layouts", name, "fold", "columns", column), "folded-twice", text, key=True)


def layout_versions(scope: Scope) -> Iterator[Problem]:
    """The latest version is known by an instant of the row's own."""
    for name, layout in scope.catalogue.layouts.items():
        for to, part in layout.tables.items():
            if part.latest is not None and part.latest.origin is None and part.latest.datetime is None:
                text = f"Layout '{name}': the latest version is known by a time of the row, taken `from` or `datetime`."
                yield scope.problem(("layouts", name, "tables", to, "latest"), "bad-latest", text)


def layout_weights(scope: Scope) -> Iterator[Problem]:
    """A weight makes a total of a rate or mean, in a table of totals."""
    for name, layout in scope.catalogue.layouts.items():
        for to, part in layout.tables.items():
            table = scope.catalogue.tables.get(to)
            for column, source in part.columns.items():
                key = "weight" if source.weight is not None else "total" if source.total else None
                why = table and key and _misplaced(source, column, to, table)
                if why:
                    path = ("layouts", name, "tables", to, "columns", column, key or "")
                    yield scope.problem(path, "misplaced-weight", f"Layout '{name}': {why}", key=True)


def _misplaced(source: Source, column: str, to: str, table: Table) -> str:
    if not table.aggregated:
        return f"'{to}' is no pre-aggregated table (`aggregated: true`), so '{column}' takes no `weight:` or `total:`."
    if source.weight is not None and (source.origin is None or source.total):
        return f"a `weight:` is for a column that '{column}' is taken `from`, and that is no `total:`."
    if column in table.columns and table.columns[column].type not in SUMMED:
        return f"'{column}' is a {table.columns[column].type}, of which there are no totals."
    return ""


def layout_kinds(scope: Scope) -> Iterator[Problem]:
    """What lies between two instants is a duration, and only an id is told apart."""
    kinds = (("between", "duration"), ("apart", "id"))
    for name, layout in scope.catalogue.layouts.items():
        for to, part in layout.tables.items():
            columns = scope.catalogue.tables[to].columns if to in scope.catalogue.tables else {}
            for column, source in part.columns.items():
                for key, kind in kinds:
                    if getattr(source, key) is not None and column in columns and columns[column].type != kind:
                        path = ("layouts", name, "tables", to, "columns", column, key)
                        text = f"`{key}` is for type {kind}, and '{column}' is of type {columns[column].type}."
                        yield scope.problem(path, "kind-mismatch", f"Layout '{name}': {text}", key=True)


# ---------------------------------------------------------------- columns that are known beforehand


def layout_names(scope: Scope) -> Iterator[Problem]:
    """Columns are among those that the layout itself lists: of a file without a header, or of folded rows."""
    for name, layout in scope.catalogue.layouts.items():
        of_file = layout.file.columns
        if of_file:
            for index, match in enumerate(layout.match):
                yield from _column(scope, ("layouts", name, "match", index), layout, match, of_file)
        if layout.fold is not None and of_file:
            yield from _of_fold(scope, layout, layout.fold, of_file)
        known = _folded(layout.fold) if layout.fold is not None else of_file
        if known:
            yield from _of_tables(scope, layout, known)


def _folded(fold: Fold) -> tuple[str, ...]:
    return (*fold.by, *([fold.leg] if fold.leg else []), *fold.columns)


def _of_fold(scope: Scope, layout: Layout, fold: Fold, known: Collection[str]) -> Iterator[Problem]:
    path: Path = ("layouts", layout.layout, "fold")
    for index, name in enumerate(fold.by):
        yield from _column(scope, (*path, "by", index), layout, name, known)
    for key, text in (("where", fold.where), ("ends", fold.ends)):
        yield from _condition(scope, (*path, key), layout, text, known)
    for name, take in fold.columns.items():
        at = (*path, "columns", name)
        yield from _column(scope, (*at, "from"), layout, take.origin, known)
        yield from _condition(scope, (*at, "where"), layout, take.where, known)
        for index, (text, column) in enumerate(take.case or ()):
            yield from _condition(scope, (*at, "case", index, 0), layout, text, known)
            yield from _column(scope, (*at, "case", index, 1), layout, column, known)


def _of_tables(scope: Scope, layout: Layout, known: Collection[str]) -> Iterator[Problem]:
    for to, part in layout.tables.items():
        path: Path = ("layouts", layout.layout, "tables", to)
        yield from _condition(scope, (*path, "where"), layout, part.where, known)
        sources = [((*path, "columns", column), source) for column, source in part.columns.items()]
        for at, source in [*sources, *([((*path, "latest"), part.latest)] if part.latest else [])]:
            yield from _of_source(scope, at, layout, source, known)


def _of_source(scope: Scope, at: Path, layout: Layout, source: Source, known: Collection[str]) -> Iterator[Problem]:
    yield from _column(scope, (*at, "from"), layout, source.origin, known)
    yield from _column(scope, (*at, "weight"), layout, source.weight, known)
    for key in ("datetime", "join", "between", "apart"):
        for index, several in enumerate(getattr(source, key) or ()):
            yield from _column(scope, (*at, key, index), layout, several, known)
    yield from _condition(scope, (*at, "where"), layout, source.where, known)
    for index, (text, _) in enumerate(source.case or ()):
        yield from _condition(scope, (*at, "case", index, 0), layout, text, known)


def _column(
    scope: Scope, path: Path, layout: Layout, several: Names | None, known: Collection[str]
) -> Iterator[Problem]:
    """One of the names a column goes by must be known."""
    called = (several,) if isinstance(several, str) else several or ()
    if called and not any(_plain(name) in map(_plain, known) for name in called):
        yield scope.unknown(path, "column", f"Layout '{layout.layout}'", called[0], _noun(layout, path), known)


def _condition(scope: Scope, path: Path, layout: Layout, text: str | None, known: Collection[str]) -> Iterator[Problem]:
    try:
        found = names(parse(text)) if text is not None else ()
    except FormulaProblem:  # has had its problem
        return
    for node in found:
        name = ".".join(parts(node))
        if _plain(name) not in map(_plain, known):
            what = f"Layout '{layout.layout}' names '{name}', which is no {_noun(layout, path)}."
            hint = did_you_mean(name, known)
            yield scope.problem_in(path, "unknown-column", what + hint, node.start, node.end)


def _noun(layout: Layout, path: Path) -> str:
    return "column of the folded rows" if layout.fold is not None and "tables" in path else "column of its file"


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
