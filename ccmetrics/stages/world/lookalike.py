"""Words of the data that look like another and are not it: `Red_Line` beside a formula's 'red_line', or a queue's.

In: the world, and the formulas over each table. Out: sentences; or a refusal, where a formula would miss such rows.
Refuses to know: what the formulas count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from unicodedata import combining

import polars as pl

from ccmetrics.formula.tree import Node, parts, walk
from ccmetrics.notice import Notice, all_of
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.normalize.spelling import plain
from ccmetrics.stages.world import World

SHOWN = 20
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


# ---------------------------------------------------------------- names beside names


def lookalikes(world: World) -> list[Notice]:
    """A sentence for names of one kind (queues, reasons) that only case, width, accents' form or unseen signs tell
    apart: they count as two, whichever tables they stand in. Never of a private column, nor of people's names."""
    asked = sorted(_named(world))
    words = [
        world.tables[table].frame.select(pl.col(column).cast(pl.String).alias("word")).unique().drop_nulls()
        for _, table, column in asked
    ]
    found = [
        frame.with_columns(kind=pl.lit(kind), place=pl.lit(f"{table}.{column}"))
        for (kind, table, column), frame in zip(asked, pl.collect_all(words, engine="streaming"), strict=True)
    ]
    if not found:
        return []
    places = pl.concat(found).group_by("kind", "word").agg(pl.col("place").sort().first())
    alike = plain(pl.col("word")).str.to_lowercase().alias("alike")
    twins = places.with_columns(alike).filter(pl.len().over("kind", "alike") > 1).sort("kind", "alike", "word")
    groups = twins.group_by("kind", "alike", maintain_order=True).agg("word", "place")
    said = [_said(kind, words, places) for kind, words, places in groups.drop("alike").head(SHOWN).iter_rows()]
    more = groups.height - SHOWN
    return [*said, Notice("{n:more name|more names} {n:=looks|look} like another.", n=more)] if more > 0 else said


def _named(world: World) -> Iterator[tuple[str, str, str]]:
    """Columns that hold names, with what they are names of: the table referred to, else what the column is called."""
    dated = {name: table for name, table in world.catalogue.tables.items() if world.is_dated(name)}
    ids = {name for table in dated.values() for name, column in table.columns.items() if column.type == "id"}
    for table, supplied in world.tables.items():
        for name in supplied.columns - supplied.filled:
            column = world.definition(table).columns[name]
            if column.private or column.values:
                continue
            if column.type == "category" or (column.type == "id" and column.refers is None and name in ids):
                yield table if table in dated and name == dated[table].key[0] else name, table, name
            elif column.type == "id" and column.refers in dated:
                yield column.refers, table, name


def _said(kind: str, words: list[str], places: list[str]) -> Notice:
    pairs = zip(words, places, strict=True)
    written = [Notice("'{word}' ({place})", word=_visible(word), place=place) for word, place in pairs]
    return Notice(
        "{kind}: {names} look alike and count as {n}. Write one of them everywhere; `names: nfkc` in the project does "
        "so for all that differs in more than case.",
        kind=kind,
        names=all_of(written),
        n=len(words),
    )


def _visible(word: str) -> str:
    return "".join(c if c.isprintable() and not combining(c) else f"\\u{ord(c):04x}" for c in word)
