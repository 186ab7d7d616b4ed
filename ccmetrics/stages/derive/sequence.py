"""What follows a contact: groups as numbers, times as numbers, and the answer as a time again.

In: a lazy frame, a row a contact, with `begun`, `over` and the names of its group. Out: when the next one began.
Refuses to know: which contacts can be a next one, and what that means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from ccmetrics.stages.derive.following import Collision, Rows, following

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1)
SEEDS = range(8)


@dataclass(frozen=True)
class Times:
    """`begun` and `over` as whole numbers of `unit` microseconds since `first`."""

    begun: pl.Series
    over: pl.Series
    first: datetime
    unit: int

    def moment(self, number: pl.Expr) -> pl.Expr:
        """The time that `following` gives as a number; null for 0."""
        # A sum of whole numbers, read as a time: durations take several times as long.
        start = (self.first - EPOCH) // timedelta(microseconds=1)
        since = (number.cast(pl.Int64) - 1) * self.unit + start
        return pl.when(number > 0).then(since.cast(pl.Datetime("us")))


def times(frame: pl.LazyFrame) -> Times:
    """Whole seconds where all times are, which take half the memory; else microseconds."""
    instant = pl.col("begun", "over").dt.epoch("us")
    second = instant // SECOND
    is_whole = pl.all_horizontal(second * SECOND == instant).alias("whole")
    made = frame.select(second.cast(pl.UInt32, strict=False), is_whole).collect(engine="streaming")
    unit = SECOND
    if not made["whole"].all() or made["begun"].null_count() or made["over"].null_count():
        unit, made = 1, frame.select(instant).collect(engine="streaming")
    first = made["begun"].min()
    start = int(first) if first is not None else 0  # type: ignore[arg-type]
    number = pl.UInt32 if unit == SECOND else pl.UInt64
    # In one piece each, since to gather from many takes three times as long; one by one, since both twice are much.
    begun = (made.drop_in_place("begun").rechunk() - start).cast(number)
    over = (made.drop_in_place("over").rechunk() - start).cast(number)
    return Times(begun, over, EPOCH + timedelta(microseconds=start * unit), unit)


def numbered(ids: pl.LazyFrame) -> pl.Series | None:
    """Ids that are whole numbers, as small numbers that are equal where the ids are; None where one is no number."""
    id_ = pl.col(ids.collect_schema().names()[0])
    number = id_.cast(pl.Int64, strict=False)
    # Texts below "1" begin with signs and zeros: two of them can be one number.
    odd = id_.is_not_null() & (number.is_null() | ((id_ < "1") & (id_ != "0")))
    found = ids.select(number=number, odd=odd).collect(engine="streaming")
    if found["odd"].any():
        return None
    least, most = found["number"].min(), found["number"].max()
    if least is None or int(most) < 2**32:  # type: ignore[arg-type]
        return found["number"].cast(pl.UInt32).rechunk()
    return found["number"].cast(pl.UInt64).rechunk()


def next_begun(groups: pl.LazyFrame, when: Times, found: pl.Series) -> pl.Series:
    """What `following` gives, by the columns of `groups`; a row without one of them is in no group."""
    names = groups.collect_schema().names()
    if len(names) == 1 and (number := numbered(groups)) is not None:
        return following(Rows(number, when.begun, when.over, found))
    there = pl.all_horizontal(pl.col(name).is_not_null() for name in names)
    for seed in SEEDS:
        one, other = (pl.when(there).then(pl.struct(names).hash(s)) for s in (seed, seed + len(SEEDS)))
        # With both, 80 bits tell groups apart; the second ones are only compared.
        marks = groups.select(group=one, proof=(other % 2**16).cast(pl.UInt16)).collect(engine="streaming").rechunk()
        try:
            return following(Rows(marks["group"], when.begun, when.over, found, marks["proof"]))
        except Collision:
            continue
    raise AssertionError("hashes collide whatever their seed")
