"""The curve in force of every subject and line: blended over dates and segments, held against last year.

In: a card, its KPIs, its facts. Out: one row a part of a curve, with its weight in the blend and where it comes from.
Refuses to know: values of the period, points, weights of lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from ccmetrics.catalogue.models import Card, Curve, Kpi, LastYear, Line, LinkedLine
from ccmetrics.catalogue.segments import named, tenure
from ccmetrics.period import Period, back
from ccmetrics.plan.cards import changes, reach
from ccmetrics.stages.facts import Facts, Schema
from ccmetrics.stages.score.curve import Better, on, shape
from ccmetrics.stages.score.last_year import HELD_AGAINST, changed, held_against, with_past
from ccmetrics.stages.score.windows import spans

PART = pl.Struct({"by": pl.String, "segments": pl.List(pl.String), "days": pl.String})
"""Which rows or days a curve is of: `by` what they are told apart, the segments it is of (null: those not named), the
label of a part of the period (null: all of it)."""
WHY = pl.Struct({"since": pl.Date, "last_year": pl.List(HELD_AGAINST), "lacks": pl.String})
"""Where a curve comes from: the day since which it is in force, if it was not always, or what it is held against of
last year. Of a curve that is none, what it `lacks`."""
GOALS: Schema = {
    "subject": pl.String, "line": pl.Int32, "part": PART, "share": pl.Float64, "amount": pl.Float64,
    "knots": pl.List(pl.Float64), "points": pl.List(pl.Float64), "why": WHY,
}  # fmt: skip
"""Knots of the parts, times their shares, sum to those in force. A row without subject holds for everybody. `amount`
is the denominator the share comes from; null where days of the calendar weigh. Without a goal knots are null."""

NO_GOAL, OUT_OF_ORDER = "no-goal", "goals-out-of-order"
UNKNOWN = "unknown"
"""Stands among the segments for rows that are in none."""
MOST_NAMED = 4
"""Segments without a goal that are told by name."""


@dataclass(frozen=True)
class Choice:
    """One curve that a part of the period may have: on which days, in which segment (null: any that is not named)."""

    start: date
    end: date
    segment: str | None
    days: str | None
    goals: tuple[tuple[float | LastYear, float], ...]
    target: float | LastYear | None
    since: date | None


def goals(card: Card, kpis: Mapping[str, Kpi], facts: Facts) -> pl.DataFrame:
    """Every part of every curve in force, by line, subject and part. Lines without a curve have none."""
    found = [pl.DataFrame(schema=GOALS)]
    for index, line in enumerate(card.kpis):
        if curves_of(line):
            found.append(_of_line(index, line, kpis, facts))
    return pl.concat(found)


def blended(parts: pl.DataFrame) -> pl.DataFrame:
    """One curve a subject and line: every knot the mean of its parts'. `lacks` says why there is none, else null."""
    most: int = parts.select(pl.col("knots").list.len().max()).item() or 0
    names = [f"@{at}" for at in range(most)]
    knots = [pl.col("knots").list.get(at, null_on_oob=True) for at in range(most)]
    found = parts.group_by("subject", "line", maintain_order=True).agg(
        *((knot * pl.col("share")).sum().alias(name) for name, knot in zip(names, knots, strict=True)),
        lacks=pl.col("why").struct.field("lacks").drop_nulls().first(),
        size=pl.col("knots").list.len().max(),
    )
    # Lines have knots of different number in one frame.
    whole = pl.concat_list(names).list.head("size") if names else pl.lit(None, GOALS["knots"])
    return found.select("subject", "line", "lacks", knots=pl.when(pl.col("lacks").is_null()).then(whole))


def better_of(line: Line | LinkedLine, kpis: Mapping[str, Kpi]) -> Better:
    return kpis[line.kpi].better if isinstance(line, Line) else "higher"


def curves_of(line: Line | LinkedLine) -> dict[str | None, Curve]:
    """The curves of a line by segment; its own, of all that is in no segment, under null."""
    segments = line.segments if isinstance(line, Line) else None
    own: dict[str | None, Curve] = {None: line} if line.stated else {}
    return own | ({named(segments.by, key): curve for key, curve in segments.curves.items()} if segments else {})


def earns(line: Line | LinkedLine, better: Better) -> tuple[float, ...]:
    """The points of the line's knots in the order of rising values, alike in all its curves; none without a curve."""
    return next((tuple(points for _, points in shape(curve, better)) for curve in curves_of(line).values()), ())


def in_bands(line: Line | LinkedLine) -> bool:
    """Whether the line's curves are bands, said once for all of them or in each."""
    return any(curve.steps for curve in (line, *curves_of(line).values()))


def averaged(weight: float | Mapping[date, float], period: Period) -> float:
    """A weight that changes inside the period counts by its days."""
    if not isinstance(weight, Mapping):
        return float(weight)
    found = [on(weight, period.start + timedelta(days=n)) for n in range(period.days)]
    numbers = [each for each in found if isinstance(each, (int, float))]
    return sum(numbers) / len(numbers)


# ---------------------------------------------------------------- the curves there are


def _choices(line: Line | LinkedLine, better: Better, period: Period) -> list[Choice]:
    curves = curves_of(line)
    days = sorted({period.start, *(day for curve in curves.values() for day in changes(curve, period))})
    found = []
    for start, end in zip(days, [*days[1:], period.end], strict=True):
        stretch = f"{start}..{end - timedelta(days=1)}" if len(days) > 1 else None
        for segment, curve in curves.items():
            stated = shape(curve, better)
            pairs = tuple((value, points) for goal, points in stated if (value := on(goal, start)) is not None)
            if len(pairs) < len(stated):  # not in force yet
                continue
            target = None if curve.target is None else on(curve.target, start)
            found.append(Choice(start, end, segment, stretch, pairs, target, _since_when(curve, start)))
    return found


def _since_when(curve: Curve, day: date) -> date | None:
    """Since when the numbers are in force, if they have not always been."""
    dated = [goal for goal in (curve.floor, curve.target, curve.stretch) if isinstance(goal, dict)]
    begun = [start for goal in dated for start in goal if date.min < start <= day]
    return max(begun, default=None)


# ---------------------------------------------------------------- the curves that are met


def _of_line(index: int, line: Line | LinkedLine, kpis: Mapping[str, Kpi], facts: Facts) -> pl.DataFrame:
    better, span = better_of(line, kpis), reach(line, facts.period)
    choices = _choices(line, better, span)
    by = line.segments.by if isinstance(line, Line) and line.segments else None
    yearly = {(goal.of, goal.align) for choice in choices for goal, _ in choice.goals if isinstance(goal, LastYear)}
    everybody = facts.subjects.select("subject").sort("subject")
    if by is None and not changes(line, span):
        is_own = any(of != "card" for of, _ in yearly)
        met = everybody if is_own else pl.DataFrame({"subject": [None]}, schema={"subject": pl.String})
        met = met.with_columns(choice=0, others=None, share=1.0, amount=None)
    else:
        cycles = spans(index, line, kpis, facts) if isinstance(line, Line) else everybody.with_columns(cycles=1)
        met = _met(index, line, choices, facts, _since(cycles, facts.period))
    for of, align in sorted(yearly):
        met = with_past(met, facts.past, index, of, align)
    points = earns(line, better)
    rows = met.with_columns(
        pl.coalesce(*(_if_chosen(at, _number(choice, knot)) for at, choice in enumerate(choices)), None)
        .cast(pl.Float64)
        .alias(f"@{knot}")
        for knot in range(len(points))
    )
    why = pl.coalesce(
        *(_if_chosen(at, _why(choice)) for at, choice in enumerate(choices)), _told(lacks=pl.lit(NO_GOAL))
    )
    chosen = {at: choice.segment for at, choice in enumerate(choices) if choice.segment is not None}
    segments = [_if_chosen(at, pl.lit([segment], pl.List(pl.String))) for at, segment in chosen.items()]
    others = pl.when(pl.col("choice").is_null()).then(pl.col("others").cast(pl.List(pl.String)))
    stretch = [_if_chosen(at, pl.lit(choice.days, pl.String)) for at, choice in enumerate(choices)]
    knots = [pl.col(f"@{knot}") for knot in range(len(points))]
    return rows.with_columns(
        line=index,
        why=why,
        part=pl.struct(
            by=pl.lit(by, pl.String), segments=pl.coalesce(*segments, others), days=pl.coalesce(*stretch, None)
        ),
        points=pl.lit(list(points), dtype=pl.List(pl.Float64)),
        knots=pl.when(why.struct.field("lacks").is_null()).then(pl.concat_list(knots)),
    ).select(pl.col(name).cast(dtype) for name, dtype in GOALS.items())


def _if_chosen(at: int, found: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("choice") == at).then(found)


def _met(
    index: int, line: Line | LinkedLine, choices: list[Choice], facts: Facts, everybody: pl.DataFrame
) -> pl.DataFrame:
    """Which curves each subject's rows met, with how much of the denominator; of whoever has none, its days. All since
    the day that `everybody` says by subject: a value and its curve are of the same rows."""
    by = line.segments.by if isinstance(line, Line) and line.segments else None
    rows = facts.parts.filter(pl.col("line") == index)
    counted = rows.filter(pl.col("subject").is_not_null()).select("subject", "segment", "day", "amount", days=False)
    counted = counted.join(everybody, on="subject").filter(pl.col("day") >= pl.col("since")).drop("since")
    days = _days(reach(line, facts.period), by, rows.filter(pl.col("subject").is_null()))
    idle = everybody.join(counted, on="subject", how="anti", maintain_order="left").join(days, how="cross")
    idle = idle.filter(pl.col("day") >= pl.col("since"))
    starts = sorted({choice.start for choice in choices})
    known = {(choice.start, choice.segment): at for at, choice in enumerate(choices)}
    table = pl.DataFrame(
        [(starts.index(start), segment, at) for (start, segment), at in known.items()],
        schema={"stretch": pl.Int32, "key": pl.String, "choice": pl.Int32},
        orient="row",
    )
    stretch = pl.sum_horizontal(pl.lit(-1), *((pl.col("day") >= start).cast(pl.Int32) for start in starts))
    named_segments = sorted({choice.segment for choice in choices if choice.segment is not None})
    found = (
        pl.concat([counted, idle.select(counted.columns)])
        .group_by("subject", "segment", "days", stretch=stretch.cast(pl.Int32))
        .agg(amount=pl.col("amount").sum())
        .with_columns(key=_key(by, named_segments))
        .join(table, on=["stretch", "key"], how="left", nulls_equal=True)
        .sort("subject", "choice", "stretch", "segment", nulls_last=True)
    )
    nameless = pl.when(pl.col("choice").is_null()).then(pl.col("segment").fill_null(UNKNOWN))
    return (
        found.group_by("subject", "choice", "days", maintain_order=True)
        .agg(amount=pl.col("amount").sum(), others=nameless.drop_nulls().unique(maintain_order=True).head(MOST_NAMED))
        .with_columns(share=pl.col("amount") / pl.col("amount").sum().over("subject"))
        .with_columns(amount=pl.when(~pl.col("days")).then("amount"))
    )


def _since(cycles: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The first day of the latest so many cycles, by subject."""
    starts = {many: back(period, many)[-1].start for many in {1, *cycles["cycles"]}}
    return cycles.select("subject", since=pl.col("cycles").replace_strict(starts, return_dtype=pl.Date))


def _days(period: Period, by: str | None, kinds: pl.DataFrame) -> pl.DataFrame:
    """The days of the period with the segment each is in, where the calendar tells."""
    every = pl.DataFrame({"day": pl.date_range(period.start, period.end, closed="left", eager=True)})
    if by == "weekday":
        every = every.with_columns(segment=pl.col("day").dt.weekday().cast(pl.String))
    elif by == "day_kind":
        every = every.join(kinds.select("day", "segment"), on="day", how="left", maintain_order="left", validate="1:1")
    else:
        every = every.with_columns(segment=pl.lit(None, pl.String))
    return every.with_columns(amount=1.0, days=True)


def _key(by: str | None, segments: list[str]) -> pl.Expr:
    """The named segment that a measured one is; null where no goal names it."""
    if by != "tenure":
        return pl.when(pl.col("segment").is_in(segments)).then("segment")
    days = pl.col("segment").cast(pl.Int64, strict=False)
    inside = []
    for segment in segments:
        low, high = tenure(segment) or (None, -1)
        within = (days >= (low or 0)) & (days <= high if high is not None else True)
        inside.append(pl.when(within).then(pl.lit(segment)))
    return pl.coalesce(*inside, pl.lit(None, pl.String))


# ---------------------------------------------------------------- against last year


def _number(choice: Choice, at: int) -> pl.Expr:
    """A knot of the curve. One stated as a number keeps its distance to a target from last year."""
    goal, target = choice.goals[at][0], choice.target
    if isinstance(goal, LastYear):
        return changed(goal)
    return pl.lit(goal) + (changed(target) - target.otherwise if isinstance(target, LastYear) else 0.0)


def _why(choice: Choice) -> pl.Expr:
    """Where the curve comes from; or that last year's values leave it without an order, so that it is no curve."""
    against = [goal for goal, _ in choice.goals if isinstance(goal, LastYear)]
    if not against:
        return _told(since=pl.lit(choice.since, pl.Date))
    numbers = [_number(choice, at) for at in range(len(choice.goals))]
    ordered = pl.all_horizontal(a < b for a, b in pairwise(numbers))
    found = _told(last_year=pl.concat_list(held_against(goal) for goal in dict.fromkeys(against)))
    return pl.when(ordered).then(found).otherwise(_told(lacks=pl.lit(OUT_OF_ORDER)))


def _told(**found: pl.Expr) -> pl.Expr:
    return pl.struct(found.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in WHY.to_schema().items())
