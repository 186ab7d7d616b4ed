"""What may be told of a group without telling of anybody in it: only of enough people, and in parts of enough people.

In: what a stage found of all together, how many people are enough, how many of them are shown by name. Out: the same
without what tells of too few.
Refuses to know: whose scores they are, what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

Bin = tuple[float, float, int]
NUMBERS = ("mean", "q1", "median", "q3")
OF_ALL = ("value", "n", "low", "high")
KEY = ["kpi", "variant", "period"]


def is_enough(people: pl.Expr, shown: pl.Expr, least: int) -> pl.Expr:
    """Whether a group may be told of: it has so many people, and who knows those that are shown by name cannot reckon
    the others: they and one reader are so many, too. A group of which everybody is shown has nothing to hide."""
    others = people - shown
    return (people >= least) & ((others <= 0) | (others + 1 >= least))


def course(found: pl.DataFrame, shown: pl.DataFrame, least: int) -> pl.DataFrame:
    """The cycles, those of too few without their numbers; how many there were is told. `shown`: period, shown."""
    fine = is_enough(pl.col("n"), pl.col("shown").fill_null(0), least)
    rows = found.join(shown, on="period", how="left", maintain_order="left", validate="1:1")
    return rows.with_columns(pl.when(fine).then(pl.col(name)) for name in NUMBERS).drop("shown")


def bins(found: pl.DataFrame, shown: int, least: int) -> pl.DataFrame:
    """The distribution in wider steps, so that nobody is in one, or enough are; nothing of too few."""
    fine = pl.select(is_enough(pl.lit(found["n"].sum()), pl.lit(shown), least)).item()
    return pl.DataFrame(list(merged(found.rows(), least)) if fine else [], schema=found.schema, orient="row")


def merged(steps: Sequence[Bin], least: int) -> Iterator[Bin]:
    """Neighbors as one, from the left, until they hold enough; what is left over at the right joins the last."""
    made: list[Bin] = []
    start, held = None, 0
    for first, last, n in steps:
        start, held = (first if start is None else start), held + n
        if held == 0 or held >= least:
            made.append((start, last, held))
            start, held = None, 0
    if start is not None:
        while made and held < least:
            start, _, n = made.pop()
            held += n
        made.append((start, steps[-1][1], held))
    yield from made


def grades(found: pl.DataFrame, shown: pl.DataFrame, least: int) -> pl.DataFrame:
    """How many have which grade, cycle by cycle; null is not told. `shown`: period, shown."""
    known = dict(shown.rows())
    parts = []
    for (period,), rows in found.group_by("period", maintain_order=True):
        people = rows["n"].sum()
        fine = pl.select(is_enough(pl.lit(people), pl.lit(known.get(period, 0)), least)).item()
        told = counted(rows["n"].to_list(), least) if fine else [None] * rows.height
        parts.append(rows.with_columns(n=pl.Series(told, dtype=found.schema["n"])))
    return pl.concat([found.clear(), *parts])


def counted(counts: Sequence[int], least: int) -> list[int | None]:
    """The counts, those of too few left out, and, the smallest first, so many of the others that what is missing from
    the sum is of at least two parts and of enough people. Where nobody is, nobody is told of."""
    small = [at for at, n in enumerate(counts) if 0 < n < least]
    others = sorted((at for at, n in enumerate(counts) if n >= least), key=lambda at: (counts[at], at))
    while small and others and (len(small) < 2 or sum(counts[at] for at in small) < least):
        small.append(others.pop(0))
    return [None if at in small else n for at, n in enumerate(counts)]


def pooled(found: pl.DataFrame, people: pl.DataFrame, shown: pl.DataFrame, least: int) -> pl.DataFrame:
    """Values of all together, without those that rest on the rows of too few; targets are everybody's. `people` and
    `shown`: kpi, variant, period and how many have a value of their own."""
    rows = found
    for name, frame in (("people", people), ("shown", shown)):
        rows = rows.join(
            frame.rename({"n": name}), on=KEY, how="left", maintain_order="left", nulls_equal=True, validate="m:1"
        )
    fine = is_enough(pl.col("people").fill_null(0), pl.col("shown").fill_null(0), least)
    return rows.with_columns(pl.when(fine).then(pl.col(name)) for name in OF_ALL).drop("people", "shown")
