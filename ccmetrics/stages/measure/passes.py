"""How passes over tables share the memory: what is held for all of them, and how many go side by side.

In: the world, names of tables; lazy queries. Out: the world with small tables in memory; the queries' frames.
Refuses to know: what a pass asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import polars as pl

from ccmetrics.stages.world import World

HELD = 200_000_000
"""Cells of a table up to which its rows are read once and held for all passes: 3 GB, where all of them are numbers."""

AT_ONCE = 64
"""Passes side by side. Each has buffers of its own: five hundred over exports of 2 M rows took 24 GB."""

NO_OPTIMIZATION = pl.QueryOptFlags(comm_subplan_elim=False)
"""A subplan shared by two queries would be kept in memory whole: 4.5 GB at 50 M rows."""


def held(world: World, tables: Collection[str]) -> World:
    """The world with those of the tables in memory that are not too large for it."""
    small = [name for name in sorted(tables) if (t := world.tables[name]).rows * len(t.columns) <= HELD]
    frames = pl.collect_all([world.tables[name].frame for name in small], engine="streaming")
    read = {n: replace(world.tables[n], frame=f.lazy()) for n, f in zip(small, frames, strict=True)}
    return world.with_tables(read)


def collected(queries: Sequence[pl.LazyFrame]) -> Iterator[pl.DataFrame]:
    """The frames of the queries, in their order."""
    for n in range(0, len(queries), AT_ONCE):
        yield from pl.collect_all(queries[n : n + AT_ONCE], engine="streaming", optimizations=NO_OPTIMIZATION)
