"""A layout's conditions over an export's own columns: `where` of a table or column, and `case`.

In: SQL text and a feed. Out: expressions over the export's cells, taken as trimmed text.
Refuses to know: canonical columns and types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

import polars as pl

from ccmetrics.catalogue.models import Source
from ccmetrics.expression import compile
from ccmetrics.formula import FormulaProblem, Kind, Node, check, names, parse, parts
from ccmetrics.formula.tree import walk
from ccmetrics.problem import DataRefused, DefinitionsRefused, Place, Problem, did_you_mean
from ccmetrics.stages.load import guarded
from ccmetrics.stages.load.recognize import fold
from ccmetrics.stages.normalize.feed import Feed, header_line, place, spelled
from ccmetrics.stages.normalize.written import Type, can_be, example, is_writable, kind_of, written


def condition(text: str, feed: Feed) -> pl.Expr:
    """True where the condition holds, false where it does not or cannot be told. Never null.

    Raises:
        DefinitionsRefused: no condition over text. DataRefused: it names a column this export lacks, and a header says
            which it has; or one of a type that cannot hold what it is compared with.
    """
    there = spelled(feed.raw)
    try:
        tree = parse(text)
    except FormulaProblem as problem:
        raise _definition(feed, problem) from problem
    absent = [p for p in map(_column, names(tree)) if fold(p) not in there]
    if absent and not feed.raw.is_sparse:
        what = "".join(
            f"'{p}', and the header has no such column.{did_you_mean(p, feed.raw.header)}" for p in absent[:1]
        )
        place = Place(feed.raw.name, header_line(feed.raw))
        raise DataRefused([Problem(place, "missing-column", f"Layout '{_layout(feed)}' has a condition on {what}")])
    kind, problems = check(tree, lambda _: Kind("text"), {}, feed.raw.header)
    if problems:
        raise _definition(feed, problems[0])
    if kind is None or kind.kind != "flag":
        raise _definition(feed, FormulaProblem("kind-mismatch", f"`{text}` is no condition."))

    def one(name: Sequence[str]) -> pl.Expr:
        column = there.get(fold(".".join(name)))
        return pl.lit(None, dtype=pl.String) if column is None else cell(column, types.get(column))

    types = _types(feed)
    if unlike := list(_unlike(tree, types, there, feed)):
        raise DataRefused(unlike)
    return compile(tree, one, {}).fill_null(False)


def kept(feed: Feed) -> pl.Expr:
    """The rows of the export that the feed is about."""
    wanted = pl.lit(True) if feed.where is None else condition(feed.where, feed)
    return ~wanted if feed.unwanted else wanted


def cases(source: Source, feed: Feed) -> list[tuple[pl.Expr, str | bool | None]]:
    """The conditions of a `case`, in order, each with its value."""
    return [(condition(text, feed), value) for text, value in source.case or ()]


def columns_used(text: str, feed: Feed) -> set[str]:
    """The export's columns a condition looks at, those that are there."""
    there = spelled(feed.raw)
    return {there[fold(name)] for name in columns_named(text) if fold(name) in there}


def columns_named(text: str) -> set[str]:
    """The columns a condition looks at, as the layout calls them."""
    try:
        return set(map(_column, names(parse(text))))
    except FormulaProblem:
        return set()


def decided(pairs: list[tuple[pl.Expr, str | bool | None]], other: str | bool | None) -> tuple[pl.Expr, pl.Expr]:
    """The value of the first condition that holds, and where none does and nothing else was said."""
    value: pl.Expr = pl.lit(other, dtype=None if other is not None else pl.String)
    for when, then in reversed(pairs):
        value = pl.when(when).then(pl.lit(then, dtype=None if then is not None else pl.String)).otherwise(value)
    undecided = ~reduce(lambda a, b: a | b, (when for when, _ in pairs)) if other is None else pl.lit(False)
    return value, undecided


def cell(column: str, dtype: Type | None = None) -> pl.Expr:
    """Trimmed text, null where there is none."""
    text = (pl.col(column) if dtype is None else written(pl.col(column), dtype)).str.strip_chars()
    return pl.when(text.str.len_bytes() > 0).then(text)


# ---------------------------------------------------------------- columns with types of their own

COMPARING = ("eq", "ne", "in", "not_in", "nullif", "like", "not_like")


def _types(feed: Feed) -> Mapping[str, Type]:
    """None of an export of text."""
    return {} if feed.raw.kind == "text" else guarded(feed.raw.frame.collect_schema, feed.raw.name)


def _unlike(tree: Node, types: Mapping[str, Type], there: Mapping[str, str], feed: Feed) -> Iterator[Problem]:
    """What would never hold, whatever the cells are: a flag that is compared with '1', a time with a day."""
    for node in walk(tree) if types else ():
        named = [there[fold(_column(name))] for name in names(node) if fold(_column(name)) in there]
        if node.op == "name" and named and not is_writable(types[named[0]]):
            yield _bad_type(feed, named[0], types, "has a condition on", "No text can be made of that.")
        if node.op not in COMPARING:
            continue
        said = [str(text.value) for text in walk(node) if text.op == "text" and text.value]
        for name in named:
            dtype = types[name]
            if said and not _may_hold(node.op, dtype, said):
                why = f"Its cells are {example(dtype)}: compare with that, or with both by IN ('{said[0]}', ...)."
                yield _bad_type(feed, name, types, f"compares '{said[0]}' with", why)
            elif not said and {kind_of(types[other]) for other in named} - {kind_of(dtype), "", "number"}:
                yield _bad_type(feed, name, types, "compares a column of another type with", "They are never equal.")


def _may_hold(op: str, dtype: Type, said: Sequence[str]) -> bool:
    if op.endswith("like"):
        return kind_of(dtype) in ("", "number")
    return any(can_be(dtype, text) for text in said)


def _bad_type(feed: Feed, name: str, types: Mapping[str, Type], does: str, why: str) -> Problem:
    where = Place(feed.raw.name, 0, place(feed.raw, name))
    text = f"Layout '{_layout(feed)}' {does} '{name}', which is of type {types[name]}. {why}"
    return Problem(where, "bad-type", text)


# ---------------------------------------------------------------- names


def _column(node: object) -> str:
    return ".".join(parts(node))  # type: ignore[arg-type]


def _layout(feed: Feed) -> str:
    return feed.layout.layout if feed.layout else feed.table


def _definition(feed: Feed, problem: FormulaProblem) -> DefinitionsRefused:
    return DefinitionsRefused([Problem(Place(f"layout {_layout(feed)}"), problem.name, problem.text)])
