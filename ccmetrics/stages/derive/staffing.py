"""Time on the job, work on the clock, and how much came where a forecast spoke of it.

In: the ground. Out: derived columns of roster, interactions (handle_s) and forecasts.
Refuses to know: schedules, adherence, what a forecast is worth.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.stages.derive.ground import Ground, microseconds

HALF_HOUR_S = 1800
PARTS = ("talk_s", "hold_s", "wrap_s")
OFFERED = (
    (pl.col("direction") == "inbound")
    & (pl.col("leg_no") == 1)
    & pl.col("outcome").is_in(["answered", "abandoned", "callback"])
)


def tenure_days(ground: Ground) -> pl.Expr:
    """Days from joining to the end of the version, of the job or of what was asked for, whichever comes first."""
    ends = [name for name in ("valid_to", "left_on") if ground.there(f"roster.{name}")]
    last = pl.min_horizontal(*ends, pl.lit(ground.horizon))
    days = (last - pl.col("joined_on")).dt.total_days()
    return days.clip(lower_bound=0).cast(pl.Float64)


def handle_s(ground: Ground) -> pl.Expr:
    """The components a row's export has, added up; a null among them leaves the row untimed."""
    supplied = ground.world.tables["interactions"]
    exports: dict[tuple[str, ...], list[int]] = {}
    for export, columns in sorted(supplied.by_export.items()):
        exports.setdefault(tuple(name for name in PARTS if name in columns), []).append(export)
    if len(exports) < 2:
        return _added(next(iter(exports), tuple(name for name in PARTS if name in supplied.columns)))
    chain = pl.lit(None, dtype=pl.Float64)
    for parts, numbers in exports.items():
        chain = pl.when(pl.col("export").is_in(numbers)).then(_added(parts)).otherwise(chain)
    return chain


def _added(parts: tuple[str, ...]) -> pl.Expr:
    if not parts:
        return pl.lit(None, dtype=pl.Float64)
    return pl.sum_horizontal((pl.col(name).cast(pl.Float64) for name in parts), ignore_nulls=False)


def actual_offered(ground: Ground) -> pl.Series:
    """Offered contacts of a forecast's queue within its span; null where the interactions do not cover the span."""
    legs = ground.lazy("interactions", ("queue_id", "started_at", "direction", "leg_no", "outcome"))
    counts = (
        legs.filter(OFFERED & pl.col("queue_id").is_not_null())
        .group_by("queue_id", pl.col("started_at").alias("time"))
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .collect(engine="streaming")
        .sort("time")
        .with_columns(pl.col("n").cum_sum().over("queue_id"))
    )
    length = microseconds(pl.col("length_s").fill_null(HALF_HOUR_S))
    spans = (
        ground.rows("forecasts", ("queue_id", "started_at", "length_s"))
        .with_row_index("row")
        .with_columns((pl.col("started_at") + pl.duration(microseconds=length, time_unit="us")).alias("over"))
    )
    # Differences of running counts: each leg is met once, however spans overlap.
    number = _begun_before(spans, counts, "over") - _begun_before(spans, counts, "started_at")
    start, end = _covered(ground)
    inside = (pl.col("started_at") >= start) & (pl.col("over") <= end)
    return spans.select(pl.when(inside).then(pl.lit(number))).to_series()


def _begun_before(spans: pl.DataFrame, counts: pl.DataFrame, time: str) -> pl.Series:
    return (
        spans.sort(time)
        .join_asof(
            counts, left_on=time, right_on="time", by="queue_id", strategy="backward",
            allow_exact_matches=False, coalesce=False, check_sortedness=False,
        )
        .sort("row")["n"]
        .fill_null(0)
    )  # fmt: skip


def _covered(ground: Ground) -> tuple[pl.Expr, pl.Expr]:
    """First and last instant that the interactions speak of."""
    clock, covers = ground.world.clock, ground.world.catalogue.project.covers.get("interactions")
    end = pl.lit(ground.end("interactions"), dtype=pl.Datetime("us"))
    if covers is not None:
        return pl.lit(clock.instant(covers.start), dtype=pl.Datetime("us")), end
    times = ground.world.tables["interactions"].frame.select(pl.col("started_at").min())
    earliest = times.collect(engine="streaming").item()
    start = None if earliest is None else clock.instant(clock.local_day(earliest))
    return pl.lit(start, dtype=pl.Datetime("us")), end
