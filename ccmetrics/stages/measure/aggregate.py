"""The aggregates: how one measure is reduced over rows, rolled up, and read as a number.

In: parts of measures with their conditions as expressions. Out: Polars aggregations, and values with reasons.
Refuses to know: subjects, periods, KPIs. The fast shapes of expressions live here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_

import polars as pl

from ccmetrics.formula import Node

SCALE = 1_000_000
"""Sums are kept in millionths as 128-bit integers: exact and free of order. A cell holds at most 1e15 (see normalize),
so a hundred million rows reach 1e29 of the 1.7e38 there is room for."""

LARGEST, MOST = 1e9, 100_000_000
"""Values and rows beyond have no variance: a hundred million squares of at most 1e15 millionths reach 1e38."""

Compile = Callable[[Node], pl.Expr]

ADDITIVE = frozenset({"count", "sum", "mean", "min", "max", "variance"})
ZERO_OVER_NOTHING = frozenset({"count", "sum", "distinct"})


@dataclass(frozen=True)
class Part:
    """One aggregate over one table: a measure, or what stands in for it.

    `column` names the measure in wide frames, `at` the column that puts a row in a period, `key` identifies equal
    parts of different measures, so that they are computed once.
    """

    column: str
    table: str
    kind: str
    value: Node | None
    where: Node | None
    key: str
    where_key: str
    at: str | None = None
    as_of: str | None = None
    q: float | None = None
    parameters: tuple[tuple[str, float], ...] = ()
    per_span: bool = False
    reads_end: bool = False
    marks: tuple[str, ...] = ()
    """Columns that are true in rows an approved exclusion leaves out of this part."""
    counted: Part | None = None
    """Of the variance of a mean's rows: the count that the mean divides by."""

    @property
    def additive(self) -> bool:
        return self.kind in ADDITIVE and self.as_of is None and not self.per_span


def selection(part: Part, compile_: Compile) -> tuple[pl.Expr | None, pl.Expr | None]:
    """Which rows a part takes (None: all), marks apart; and the value it takes of each (None: it counts them)."""
    trees = [tree for tree in ((part.value,) if part.kind == "count" else ()) + (part.where,) if tree is not None]
    value = None if part.kind == "count" or part.value is None else compile_(part.value)
    return _both([compile_(tree) for tree in trees]), value


def _both(conditions: Sequence[pl.Expr]) -> pl.Expr | None:
    return reduce(and_, conditions) if conditions else None


def _taken(part: Part, compile_: Compile) -> tuple[pl.Expr | None, pl.Expr]:
    """The condition, with what is marked left out; and the value where it is met."""
    met, value = selection(part, compile_)
    condition = _both([*(~pl.col(mark) for mark in part.marks), *([] if met is None else [met])])
    if value is None:
        value = pl.lit(None)
    return condition, value if condition is None else pl.when(condition).then(value)


def aggregations(part: Part, compile_: Compile) -> dict[str, pl.Expr]:
    """Partial aggregates of a part by alias. The suffix of an alias says how partials merge (see `merged`)."""
    condition, masked = _taken(part, compile_)
    if part.kind == "count":
        return {_counted(part): _count(condition)}
    made = _ONE[part.kind](part, masked, condition)
    return made if part.counted is None else {**made, **_squares(part, part.counted, masked, compile_)}


def _counted(part: Part) -> str:
    """The alias of a count. Rows that meet a condition are counted once, whether a measure asks or a sum's `where`."""
    return f"{part.where_key}:rows"


def _count(condition: pl.Expr | None) -> pl.Expr:
    # Counts come as 32 bit unsigned and would wrap when subtracted.
    return (pl.len() if condition is None else condition.sum()).cast(pl.Int64)


def _exact(value: pl.Expr) -> pl.Expr:
    return (value * SCALE).round().cast(pl.Int128)


def _sum(part: Part, masked: pl.Expr, condition: pl.Expr | None) -> dict[str, pl.Expr]:
    return {
        f"{part.key}:sum": _exact(masked).sum(),
        f"{part.key}:values": masked.count().cast(pl.Int64),
        f"{part.where_key}:rows": _count(condition),
    }


def _pair(part: Part) -> str:
    return f"{part.key}&{part.counted.where_key if part.counted else ''}"


def _squares(part: Part, counted: Part, masked: pl.Expr, compile_: Compile) -> dict[str, pl.Expr]:
    """Squares of the values in rows that are counted, too, and how many such rows there are."""
    condition, _ = _taken(counted, compile_)
    fits = masked.cast(pl.Float64).abs() <= LARGEST
    met = fits if condition is None else fits & condition
    exact = _exact(pl.when(met).then(masked))
    return {
        f"{_pair(part)}:squares": (exact * exact).sum(),
        f"{_pair(part)}:paired": _count(met),
        _counted(counted): _count(condition),
    }


def _extreme(kind: str) -> Callable[[Part, pl.Expr, pl.Expr | None], dict[str, pl.Expr]]:
    def build(part: Part, masked: pl.Expr, condition: pl.Expr | None) -> dict[str, pl.Expr]:
        value = masked.min() if kind == "min" else masked.max()
        return {f"{part.key}:{kind}": value, f"{part.where_key}:rows": _count(condition)}

    return build


def _distinct(part: Part, masked: pl.Expr, condition: pl.Expr | None) -> dict[str, pl.Expr]:
    return {f"{part.key}:distinct": masked.drop_nulls().n_unique().cast(pl.Int64)}


VALUE, TIMES = "@value", "@times"
"""Of a quantile's first reduction: a value, and how many rows have it."""


def counted(part: Part, compile_: Compile) -> tuple[pl.Expr, dict[str, pl.Expr]]:
    """The value that a quantile is of, and what is counted a value: its rows, and the rows its condition met.

    Waits repeat, so that fifty million of them are a few thousand numbers with their counts.
    """
    condition, masked = _taken(part, compile_)
    return masked.alias(VALUE), {TIMES: _count(None), f"{part.where_key}:rows": _count(condition)}


def from_counts(part: Part) -> dict[str, pl.Expr]:
    """The quantile over values sorted ascending, each with its count.

    Linear between the two nearest ranks, as PERCENTILE_CONT: the median is the mean of the middle two.
    """
    there = pl.col(VALUE).is_not_null()
    value, times = pl.col(VALUE).filter(there), pl.col(TIMES).filter(there)
    rank = (times.sum() - 1) * (0.5 if part.q is None else part.q)
    below = value.filter(times.cum_sum() > rank.floor()).first()
    above = value.filter(times.cum_sum() > rank.floor() + 1).first()
    between = below + (pl.coalesce(above, below) - below) * (rank - rank.floor())
    return {f"{part.key}:quantile": between, f"{part.where_key}:rows": pl.col(f"{part.where_key}:rows").sum()}


_ONE: Mapping[str, Callable[[Part, pl.Expr, pl.Expr | None], dict[str, pl.Expr]]] = {
    "sum": _sum,
    "mean": _sum,
    "variance": _sum,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "distinct": _distinct,
}


def is_partial(column: str) -> bool:
    """Whether a column of a reduced frame is a partial aggregate, rather than a key."""
    return column.rpartition(":")[2] in {"sum", "values", "rows", "min", "max", "squares", "paired"}


def merged(alias: str) -> pl.Expr:
    """How partial aggregates of that alias roll up to a coarser grouping."""
    match alias.rpartition(":")[2]:
        case "min":
            return pl.col(alias).min()
        case "max":
            return pl.col(alias).max()
        case _:
            return pl.col(alias).sum()


def value_of(part: Part) -> pl.Expr:
    """The part's number as Float64, null where it has none."""
    total = pl.col(f"{part.key}:sum").cast(pl.Float64) / SCALE if part.kind in ("sum", "mean") else pl.lit(None)
    values = pl.col(f"{part.key}:values")
    match part.kind:
        case "sum":
            number: pl.Expr = pl.when((values > 0) | (pl.col(f"{part.where_key}:rows") == 0)).then(total)
        case "mean":
            number = pl.when(values > 0).then(pl.col(f"{part.key}:sum").cast(pl.Float64) / (values * SCALE))
        case "count":
            number = pl.col(_counted(part))
        case "median":
            number = pl.col(f"{part.key}:quantile")
        case "variance":
            number = _variance(part)
        case kind:
            number = pl.col(f"{part.key}:{kind}")
    return number.cast(pl.Float64)


def _variance(part: Part) -> pl.Expr:
    """The sample variance of the rows a mean is over; null where they are not the very rows that it divides by.

    The mean is taken away in whole numbers, so nothing of large values that lie close together is lost.
    """
    values, counted = pl.col(f"{part.key}:values"), pl.col(_counted(part.counted or part))
    told = (pl.col(f"{_pair(part)}:paired") == values) & (counted == values) & values.is_between(2, MOST)
    n = pl.when(told).then(values).cast(pl.Int128)
    total = pl.col(f"{part.key}:sum")
    rest = total - total // n * n
    apart = pl.col(f"{_pair(part)}:squares") - total // n * (total + rest)
    squares = apart.cast(pl.Float64) - rest.cast(pl.Float64) ** 2 / n.cast(pl.Float64)
    return squares / (n.cast(pl.Float64) - 1) / SCALE**2


def reason_of(part: Part) -> pl.Expr:
    """Why `value_of` is null: no rows met the condition, or none of them carried a value."""
    if part.kind in ("count", "distinct", "variance"):
        return pl.lit(None, dtype=pl.String)
    rows = pl.col(f"{part.where_key}:rows")
    return pl.when(value_of(part).is_null()).then(
        pl.when(rows == 0).then(pl.lit("no-rows")).otherwise(pl.lit("all-null"))
    )
