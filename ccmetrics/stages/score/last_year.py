"""Goals against last year: the value then with its change, or the number for where there is none.

In: a goal, last year's values. Out: columns of what there was, expressions of what the goal comes to and rests on.
Refuses to know: curves, lines, how the values were measured.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import LastYear
from ccmetrics.stages.facts import AMID

HELD_AGAINST = pl.Struct({"value": pl.Float64, "change": pl.String, "lacks": pl.String, "amid": AMID})
"""Last year's value and its change; or what is lacking of it, and where the data begin amid that year, since when."""
OF_NOTHING, AMID_THE_YEAR, NO_YEAR = "last-year-0", "last-year-amid", "no-last-year"


def with_past(met: pl.DataFrame, past: pl.DataFrame, index: int, of: str, align: str) -> pl.DataFrame:
    """The rows of a line with what there was a year before."""
    rows = past.filter((pl.col("line") == index) & (pl.col("of") == of) & (pl.col("align") == align))
    name, amid = _past(of, align), _past(of, align, "amid")
    if of == "card":
        told = {name: rows["value"].first(), amid: rows["amid"].first()}
        return met.with_columns(pl.lit(told[name], pl.Float64).alias(name), pl.lit(told[amid], AMID).alias(amid))
    own = rows.select("subject", pl.col("value").alias(name), pl.col("amid").alias(amid))
    return met.join(own, on="subject", how="left", maintain_order="left", validate="m:1")


def changed(goal: LastYear) -> pl.Expr:
    """Last year's value with its change. Of a value below 0, +5% is 5% of its size up: signs mean what they say."""
    value = pl.col(_past(goal.of, goal.align))
    number = float(goal.last_year.rstrip("%p"))
    up = value.abs() * number / 100 if goal.last_year.endswith("%") else pl.lit(number / 100)
    return pl.when(_has_past(goal)).then(value + up).otherwise(goal.otherwise)


def held_against(goal: LastYear) -> pl.Expr:
    value, amid = pl.col(_past(goal.of, goal.align)), pl.col(_past(goal.of, goal.align, "amid"))
    lacks = (
        pl.when(value == 0)
        .then(pl.lit(OF_NOTHING))
        .otherwise(pl.when(amid.is_not_null()).then(pl.lit(AMID_THE_YEAR)).otherwise(pl.lit(NO_YEAR)))
    )
    lacking = pl.when(~_has_past(goal)).then(lacks)
    return pl.struct(value=value, change=pl.lit(goal.last_year), lacks=lacking, amid=amid)


def _past(of: str, align: str, what: str = "value") -> str:
    return f"last year's {what} of {of} by {align}"


def _has_past(goal: LastYear) -> pl.Expr:
    """Whether there is a last year to change. Any percentage of 0 is 0, which nobody meant as a goal."""
    value = pl.col(_past(goal.of, goal.align))
    return (value != 0).fill_null(False) if goal.last_year.endswith("%") else value.is_not_null()
