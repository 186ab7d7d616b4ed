"""What may be told of a group without telling of anybody in it: only of enough people, and in parts of enough people.

In: what a stage found of all together, how many people are enough, how many of them are shown by name. Out: the same
without what tells of too few.
Refuses to know: whose scores they are, what they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import polars as pl

Step = tuple[float, float, int, int]
"""From, to, how many are in it, how many of these are shown by name."""
Numbers = TypeVar("Numbers", int, pl.Expr)
QUARTILES = ("q1", "median", "q3")
QUARTERS = 4
RANKS = ("rank", "rank_of", "rank_low", "rank_high", "tier")
OF_ALL = ("value", "n", "low", "high")
KEY = ["kpi", "variant", "period"]


def is_enough(people: Numbers, shown: Numbers, least: int) -> Numbers:
    """Whether a group may be told of: it has so many people, and who knows those that are shown by name cannot reckon
    the others: they and one reader are so many, too. A group of which everybody is shown has nothing to hide."""
    others = people - shown
    return (people >= least) & ((others <= 0) | (others + 1 >= least))


def course(found: pl.DataFrame, shown: pl.DataFrame, least: int, decimals: int) -> pl.DataFrame:
    """The cycles, those of too few without their numbers; how many there were is told. `shown`: period, shown.

    The mean and all scores but one tell that one, and a quartile may be somebody's score: there is no mean, and
    quartiles are told where each quarter is of enough people, and to a digit that scores of `decimals` go beyond."""
    fine = is_enough(pl.col("n"), pl.col("shown").fill_null(0), QUARTERS * least)
    rows = found.join(shown, on="period", how="left", maintain_order="left", validate="1:1")
    step = 1.0 if decimals else 10.0
    told = (pl.when(fine).then((pl.col(name) / step).round() * step).alias(name) for name in QUARTILES)
    return rows.with_columns(pl.lit(None, pl.Float64).alias("mean"), *told).drop("shown")


def bins(found: pl.DataFrame, shown: Sequence[float], least: int) -> pl.DataFrame:
    """The distribution in wider steps, so that nobody is in one, or enough are; nothing of too few, nor where all that
    are hidden are in one. `shown`: the scores of those that are not."""
    steps = [(low, high, n, sum(low <= score < high for score in shown)) for low, high, n in found.rows()]
    wide = list(merged(steps, least))
    hidden = [n - own for _, _, n, own in wide]
    fine = is_enough(sum(found["n"]), len(shown), least) and not _are_alike(hidden)
    rows = [(low, high, n) for low, high, n, _ in wide] if fine else []
    return pl.DataFrame(rows, schema=found.schema, orient="row")


def merged(steps: Sequence[Step], least: int) -> Iterator[Step]:
    """Neighbors as one, from the left, until they hold enough; what is left over at the right joins the last."""
    made: list[Step] = []
    start, held, own = None, 0, 0
    for first, last, n, mine in steps:
        start, held, own = (first if start is None else start), held + n, own + mine
        if held == 0 or is_enough(held, own, least):
            made.append((start, last, held, own))
            start, held, own = None, 0, 0
    if start is not None:
        while made and not is_enough(held, own, least):
            start, _, n, mine = made.pop()
            held, own = held + n, own + mine
        made.append((start, steps[-1][1], held, own))
    yield from made


def grades(found: pl.DataFrame, shown: pl.DataFrame, least: int) -> pl.DataFrame:
    """How many have which grade, cycle by cycle; null is not told. `shown`: period, grade, shown."""
    known = {(period, grade): n for period, grade, n in shown.rows()}
    parts = []
    for (period,), rows in found.group_by("period", maintain_order=True):
        own = [known.get((period, grade), 0) for grade in rows["grade"]]
        told = counted(rows["n"].to_list(), own, least)
        parts.append(rows.with_columns(n=pl.Series(told, dtype=found.schema["n"])))
    return pl.concat([found.clear(), *parts])


def counted(counts: Sequence[int], shown: Sequence[int], least: int) -> list[int | None]:
    """The counts, those of too few left out, and, the smallest first, so many of the others that what is missing from
    the sum is of at least two parts and of enough people. None at all where all that are hidden are of one part, or
    where of no part that has anybody it would be told: the empty parts would say the rest."""
    pairs = list(zip(counts, shown, strict=True))
    if not is_enough(sum(counts), sum(shown), least) or _are_alike([n - own for n, own in pairs]):
        return [None] * len(counts)
    small = [at for at, (n, own) in enumerate(pairs) if n > 0 and not is_enough(n, own, least)]
    others = sorted((at for at, n in enumerate(counts) if n > 0 and at not in small), key=lambda at: (counts[at], at))

    def is_told_by_sum() -> bool:
        missing = sum(counts[at] for at in small), sum(shown[at] for at in small)
        return len(small) < 2 or not is_enough(*missing, least)

    while small and others and is_told_by_sum():
        small.append(others.pop(0))
    return [None if at in small or not others else n for at, n in enumerate(counts)]


def _are_alike(hidden: Sequence[int]) -> bool:
    """Whether all that are hidden are in one part: then it is told of each."""
    return sum(n > 0 for n in hidden) == 1


def ranks(own: pl.DataFrame, every: pl.DataFrame, by: str, least: int) -> pl.DataFrame:
    """The rows shown without their ranks where fewer than enough others are ranked with them: between two ranks that
    are shown with their scores lie those that are not. `by`: the column that tells apart who is ranked apart."""
    has = pl.col("rank").is_not_null()
    rows = own
    for name, frame in (("@people", every), ("@shown", own)):
        found = frame.filter(has).group_by(by).agg(pl.len().cast(pl.Int64).alias(name))
        rows = rows.join(found, on=by, how="left", maintain_order="left", nulls_equal=True, validate="m:1")
    others = pl.col("@people") - pl.col("@shown")
    there = [name for name in RANKS if name in own.columns]
    fine = (others <= 0) | (others >= least)
    return rows.with_columns(pl.when(fine).then(pl.col(name)).alias(name) for name in there).drop("@people", "@shown")


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
