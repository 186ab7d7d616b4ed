"""For many rows at once: when the next one of the same group begins, strictly after this one is over.

In: a group a row, times as whole numbers, which rows can be a next one. Out: a number a row, in the order of the rows.
Refuses to know: customers, contacts, dates. Its memory stays near that of what comes in: groups are taken in shards.

A row becomes one whole number: its group, its time, its place, from the high digits to the low. Once these are sorted,
a group's rows stand in the order of time, and the place leads back; a sort by several columns takes five times as long.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

SHARD = 1_000_000
"""About as many rows are sorted at a time."""
PIECE = 4_000_000
AT_ONCE = 2
LIMIT = {pl.UInt64: 64, pl.Int128: 127}


@dataclass(frozen=True)
class Rows:
    """`group`: unsigned, null where a row has none. `begun`, `over`: unsigned, never null, over not before begun."""

    group: pl.Series
    begun: pl.Series
    over: pl.Series
    found: pl.Series
    """Whether the row can be a next one."""
    proof: pl.Series | None = None
    """Where groups are hashes: another hash. Rows of one group that differ in it are of two."""


class Collision(Exception):
    """Two groups have one number."""


def following(rows: Rows) -> pl.Series:
    """One more than the earliest `begun` of a row found in the same group that is above the row's `over`; 0 for none.

    Rows that begin together are taken together, so no order of the rows changes anything.
    """
    count = len(rows.group)
    result = pl.zeros(count, dtype=rows.begun.dtype, eager=True)
    if rows.group.null_count() == count:
        return result
    shards = 1 << (count // SHARD).bit_length()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for places, found in pool.map(partial(_in_shard, rows, shards), _places(pool, rows.group, shards)):
            result.scatter(places, found)
    return result


def _places(pool: ThreadPoolExecutor, group: pl.Series, shards: int) -> list[list[pl.Series]]:
    """Row numbers by shard, rising, in pieces; those of no group are in none."""
    found: dict[int, list[pl.Series]] = defaultdict(list)
    # All at once would take several times the memory of what comes out.
    for parts in pool.map(partial(_piece, group, shards), range(0, len(group), PIECE)):
        for (number,), part in parts.items():
            if number is not None:
                found[number].append(part["place"])
    return list(found.values())


def _piece(group: pl.Series, shards: int, start: int) -> dict[tuple[Any, ...], pl.DataFrame]:
    shard = (group.slice(start, PIECE) & (shards - 1)).cast(pl.UInt16).alias("shard")
    frame = shard.to_frame().with_row_index("place", offset=start)
    return frame.partition_by("shard", as_dict=True, include_key=False)


def _in_shard(rows: Rows, shards: int, pieces: list[pl.Series]) -> tuple[pl.Series, pl.Series]:
    """The row numbers of one shard, and what `following` gives for them."""
    places = pl.concat(pieces, rechunk=True)
    group = rows.group.gather(places) // shards
    begun, over, found = (column.gather(places) for column in (rows.begun, rows.over, rows.found))
    bits = [(int(top) + 1).bit_length() for top in (group.max(), over.max(), len(group))]  # type: ignore[arg-type]
    number = next(kind for kind, limit in LIMIT.items() if sum(bits) <= limit)
    moment, place = (pl.lit(1 << width, dtype=number) for width in bits[1:])
    row = pl.int_range(pl.len(), dtype=number)
    packed = (pl.col("group").cast(number) * moment + pl.col("begun").cast(number)) * place + row
    key = pl.DataFrame({"group": group, "begun": begun}).select(key=packed).to_series()
    # The shards share the cores; a sort that shares them too takes twice as long.
    ordered = (
        key.sort(multithreaded=False)
        .to_frame()
        .select(at=(pl.col("key") % place).cast(pl.UInt32), begun=pl.col("key") // place)
    )
    at = ordered["at"]
    if rows.proof is not None:
        _prove(rows.proof.gather(places.gather(at)), ordered["begun"], moment)
    same_group = pl.col("begun") - pl.col("begun") % moment
    ordered = ordered.select("begun", found=found.gather(at), over=same_group + over.gather(at).cast(number))
    later = pl.col("later")
    same = later // moment == pl.col("begun") // moment
    value = pl.when(same).then((later % moment).cast(begun.dtype) + 1).otherwise(0)
    result = ordered.select("begun", later=_above(ordered)).select(value.cast(begun.dtype)).to_series()
    return places, pl.zeros(len(at), dtype=begun.dtype, eager=True).scatter(at, result)


def _prove(proof: pl.Series, begun: pl.Series, moment: pl.Expr) -> None:
    """Raises Collision if neighbors of one number differ in the proof."""
    group = pl.col("begun") // moment
    two = (group == group.shift(1)) & (pl.col("proof") != pl.col("proof").shift(1))
    if pl.DataFrame({"begun": begun, "proof": proof}).select(two.any()).item():
        raise Collision


def _above(ordered: pl.DataFrame) -> pl.Series:
    """The lowest of the `begun` that are found above each `over`, whatever the group; null where there is none.

    Mostly that is the next row. Where it is not, because one row lies within another, it is searched.
    """
    begun, over, found = ordered["begun"], ordered["over"], ordered["found"]
    if not found.all():
        begun = ordered.select(pl.when("found").then("begun").fill_null(strategy="backward")).to_series()
    later = begun.shift(-1)
    places = (later <= over).arg_true()
    if len(places):
        candidates = begun.filter(found)
        nearest = candidates.search_sorted(over.gather(places), side="right")
        later = later.scatter(places, candidates.gather(nearest, null_on_oob=True))
    return later
