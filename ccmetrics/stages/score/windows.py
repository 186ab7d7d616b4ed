"""How far back a value is taken from: the shortest window with enough cases, line by line.

In: measured values of every window, a card. Out: one value a subject and line, and how many cycles it spans.
Refuses to know: goals, points, what stands in for a missing value.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ccmetrics.catalogue.models import Kpi, Line, LinkedLine
from ccmetrics.plan.cards import is_against_last_year
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score.supported import variant_of

MEASURED = {
    "value": pl.Float64, "n": pl.Int64, "cycles": pl.Int32, "numerator": pl.Float64, "denominator": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "se": pl.Float64, "reason": pl.String,
}  # fmt: skip
ASKED = {"line": pl.Int32, "kpi": pl.String, "variant": pl.String, "window": pl.Int32, "min_n": pl.Int64}


def peer_window(line: Line | LinkedLine) -> int:
    """How far back the value of all may be taken from: as one's own, but of one cycle where last year's goal is."""
    return line.window if isinstance(line, Line) and not is_against_last_year(line) else 1


def spans(index: int, line: Line, kpis: Mapping[str, Kpi], facts: Facts) -> pl.DataFrame:
    """How many cycles the value spans that meets a line's curve: `subject`, `cycles`. Without enough of one's own,
    those of the value over the rows of all, which may stand in."""
    asked = [(index, line.kpi, variant_of(line, kpis), line.window, line.min_n)]
    items = pl.DataFrame(asked, schema=ASKED, orient="row")
    of_all = peers(facts.pooled, items.with_columns(window=pl.lit(peer_window(line), pl.Int32)))
    own = own_values(facts.values, items).filter("enough").select("subject", "cycles")
    found = facts.subjects.select("subject").sort("subject").join(own, on="subject", how="left", maintain_order="left")
    return found.with_columns(pl.col("cycles").fill_null(pl.lit(of_all["cycles"].first() or 1, pl.Int32)))


def own_values(values: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """For each subject and line the shortest window that is `enough`; else the one that comes nearest, to be shown."""
    rows = values.join(items.select("line", "kpi", "variant", "window", "min_n"), on=["kpi", "variant"])
    there, cycles = pl.col("value").is_not_null(), pl.col("cycles").cast(pl.Int64)
    reached = pl.col("min_n").is_null() | (pl.col("n") >= pl.col("min_n")).fill_null(False)
    enough = there & reached
    far = pl.lit(1_000_000)
    few = pl.when(pl.col("n").is_null()).then(pl.lit("n-unknown")).otherwise(pl.lit("below-min-n"))
    return (
        rows.filter(pl.col("cycles") <= pl.col("window"))
        .with_columns(
            enough=enough,
            order=pl.when(enough).then(cycles).when(there).then(far - cycles).otherwise(far + cycles),
            reason=pl.when(there).then(few).otherwise(pl.col("reason")),
        )
        .sort("subject", "line", "order")
        .unique(["subject", "line"], keep="first", maintain_order=True)
        .select("subject", "line", "enough", *MEASURED)
    )


def peers(pooled: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """For each line the value over the rows of all subjects, over the longest window there is up to the line's own."""
    return (
        pooled.join(items.select("line", "kpi", "variant", "window"), on=["kpi", "variant"])
        .filter((pl.col("cycles") <= pl.col("window")) & pl.col("value").is_not_null())
        .sort("line", "cycles", descending=[False, True])
        .unique("line", keep="first", maintain_order=True)
        .select("line", "cycles", pooled="value")
    )
