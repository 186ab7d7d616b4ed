"""Volume moved towards those who do better.

In: a card, graded scores, the volume of each. Out: shares now and next, and what the reader must know.
Refuses to know: contracts, and what anybody does about it.
"""

from __future__ import annotations

import polars as pl

from ccmetrics.catalogue.models import Card, Shares
from ccmetrics.notice import Notice
from ccmetrics.stages.facts import Facts

SHARES = {
    "subject": pl.String, "volume": pl.Float64, "share": pl.Float64, "score": pl.Float64, "next_share": pl.Float64,
    "clamped": pl.Boolean,
}  # fmt: skip
MEASURE = "shares.measure"
DUST = 1e-12


def shared(card: Card, rows: pl.DataFrame, facts: Facts) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """A row a subject: its part of the volume now, and next, in proportion to share x score within the card's limits.

    Whoever has no score keeps its share, and the others divide theirs. Without a known volume there is no share.
    """
    if card.shares is None:
        return pl.DataFrame(schema=SHARES), ()
    wanted = facts.values.filter((pl.col("kpi") == MEASURE) & (pl.col("cycles") == 1))
    volumes = wanted.select("subject", volume="value")
    found = (
        rows.select("subject", score=pl.when(pl.col("status") == "scored").then("score"))
        .join(volumes, on="subject", how="left", maintain_order="left", validate="1:1")
        .with_columns(volume=pl.when(pl.col("volume") >= 0).then("volume"))
    )
    total = found["volume"].sum()
    found = found.with_columns(share=pl.col("volume") / total if total > 0 else pl.lit(None, pl.Float64))
    moved, said = _moved(card.shares, found)
    # The engine divides by one number as it multiplies by its inverse, and 57 of 100 comes out above 0.57.
    told = moved.with_columns(pl.col("share", "next_share").round(12))
    return told.select(pl.col(name).cast(kind) for name, kind in SHARES.items()), (*_left_out(found), *said)


def _left_out(found: pl.DataFrame) -> list[Notice]:
    unknown = found.filter(pl.col("share").is_null())["subject"]
    kept = found.filter(pl.col("share").is_not_null() & pl.col("score").is_null())["subject"]
    said = []
    if len(unknown):
        said.append(Notice("No share of volume, because none is known: {subjects}.", subjects=unknown.to_list()))
    if len(kept):
        said.append(Notice("Not scored, so their share of volume stays: {subjects}.", subjects=kept.to_list()))
    return said


def _moved(limits: Shares, found: pl.DataFrame) -> tuple[pl.DataFrame, list[Notice]]:
    """The rows with `next_share` and `clamped`; no next share where the limits leave no way to share the whole."""
    low, high = limits.min, limits.max
    moving = pl.col("share").is_not_null() & pl.col("score").is_not_null()
    weight = pl.when(moving).then(pl.col("share") * pl.col("score"))
    found = found.sort("subject").with_columns(weight=weight)
    part = float(found.filter(moving)["share"].sum())
    able, count = found.filter(pl.col("weight") > 0).height, found.filter(moving).height
    kept = pl.when(~moving).then("share")
    if count == 0 or count * low > part + DUST or able * high + (count - able) * low < part - DUST:
        said = Notice(
            "No next shares: {n} with at least {low:.1%} and at most {high:.1%} each cannot share {part:.1%} of the "
            "volume by their scores.",
            n=count,
            low=float(low),
            high=float(high),
            part=part,
        )
        stays = found.with_columns(next_share=kept, clamped=pl.when(kept.is_not_null()).then(False))
        return stays, [said] if count else []
    meant = pl.col("weight") * _scale(found, low, high, part)
    apart = (meant < low - DUST) | (meant > high + DUST)
    return found.with_columns(
        next_share=pl.when(moving).then(meant.clip(low, high)).otherwise("share"),
        clamped=pl.when(moving).then(apart).when(kept.is_not_null()).then(False),
    ), []


def _scale(found: pl.DataFrame, low: float, high: float, part: float) -> float:
    """The number by which weights become shares that, each held within the limits, sum to `part`.

    The sum grows with the number, by straight pieces: a subject's share begins to grow where it leaves the lower limit,
    and ends where it reaches the upper one. So the events are put in order and the piece that passes `part` is found.
    """
    weights = found.filter(pl.col("weight") > 0).select("weight")
    events = pl.concat(
        [
            weights.select(at=low / pl.col("weight"), change=pl.col("weight")),
            weights.select(at=high / pl.col("weight"), change=-pl.col("weight")),
        ]
    ).sort("at", "change")
    least = low * found["weight"].count()
    slope = pl.col("change").cum_sum()
    grown = (slope.shift(1, fill_value=0.0) * pl.col("at").diff().fill_null(0.0)).cum_sum()
    pieces = events.with_columns(slope=slope, total=least + grown)
    begun = pieces.filter(pl.col("total") <= part + DUST)
    at, slope_there, total = begun.select("at", "slope", "total").row(-1)
    return float(at + (part - total) / slope_there if slope_there > DUST else at)
