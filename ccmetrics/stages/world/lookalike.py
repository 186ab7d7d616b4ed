"""Words of the data that look like a word of a formula and are not it: `Red_Line` beside 'red_line'.

In: the world and the formulas over each table. Out: nothing, or a refusal.
Refuses to know: what the formulas count. Such a row would be left out of every count without a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from ccmetrics.formula.tree import Node, parts, walk
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.world import World

COMPARISONS = frozenset({"eq", "ne", "in", "not_in"})


def refuse_lookalikes(world: World, formulas: Iterable[tuple[str, Node]]) -> None:
    """Raises DataRefused where a column holds a word that differs from one a formula compares it with only in case,
    spaces or signs. Columns whose values the table lists are held against the list when they are read."""
    asked: dict[tuple[str, str], set[str]] = defaultdict(set)
    for table, tree in formulas:
        for column, word in _compared(tree):
            definition = world.definition(table).columns.get(column)
            is_open = definition is not None and definition.type == "category" and not definition.values
            if is_open and world.there(table, column):
                asked[table, column].add(word)
    columns = sorted(asked)
    queries = [world.tables[t].frame.select(pl.col(c).cast(pl.String).alias("word")).unique() for t, c in columns]
    problems = [
        Problem(Place(table), "look-alike-value", f"{column} holds '{word}', and formulas ask for '{meant}'. Write one "
                "of the two everywhere, in the export or by a `map:` in its layout.")
        for (table, column), frame in zip(columns, pl.collect_all(queries, engine="streaming"), strict=True)
        for word in frame["word"].drop_nulls().sort()
        if word not in asked[table, column]
        for meant in sorted(asked[table, column])
        if _bare(word) == _bare(meant)
    ]  # fmt: skip
    if problems:
        raise DataRefused(problems)


def _compared(tree: Node) -> Iterator[tuple[str, str]]:
    """Columns of the table itself, each with a word it is compared with."""
    for node in walk(tree):
        if node.op in COMPARISONS:
            for name in (arg for arg in node.args if arg.op == "name" and len(parts(arg)) == 1):
                for text in (arg for arg in node.args if arg.op == "text"):
                    yield parts(name)[0], str(text.value)


def _bare(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())
