"""How a score got from one to another: told apart by swapping one part at a time, each time scored anew.

In: one card scored twice, in two periods or under two catalogues. Out: a subject each, and what every part did.
Refuses to know: exports, grades, pay, how anything is drawn.

The parts are swapped in one stated order, so what each did holds in that order only; with another order the same
change is divided otherwise, and its sum stays. Of two periods:

roster      the rows of the first period, belonging to teams (leaders, vendors) as the roster of the second has it: of
            everybody the latest version in it, in force throughout. Who is in it no more belongs nowhere; what is
            counted over the roster itself (headcount) is data. Where rows name their subject themselves (agent_id),
            membership moves nobody's value: 0; who came or went is listed.
data        the values of the second period, and with them presence, pooled values and linked scores; curves and weights
            stay as they were, blended over the first period's days and segments.
formula     nothing: both periods are measured by one catalogue.
target      the curves of the second period: goals by date, last year's values, blends over its days and segments.
weight      the weights of the second period.
adjustments how much further the official score is from its base: bonus, deductions, coefficients, red lines.

Of two catalogues over the same data:

formula     the values as the second measures them (KPIs, measures, parameters, variant, window, min_n, who and via,
            linked scores), with its missing policy; curves, weights and lines stay.
target      the curves of the second, and which direction is good.
weight      its weights, lines added and removed, and whatever else the card says of its base.
adjustments as above.

The base after each step is rounded as the official score is, so that the printed parts add up exactly. Where a half-way
score is withheld, its step is null and the next one tells both together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ccmetrics.catalogue.facets import chosen, line_keys
from ccmetrics.catalogue.models import Adjust, Card, Curve, Kpi, Line, LinkedLine
from ccmetrics.problem import DefinitionsRefused
from ccmetrics.run.cards import Scored
from ccmetrics.stages.facts import NETS, Facts, nothing
from ccmetrics.stages.score import half_up
from ccmetrics.stages.score import score as scoring

PERIODS = ("roster", "data", "formula", "target", "weight", "adjustments")
CATALOGUES = ("formula", "target", "weight", "adjustments")
CURVE = (*Curve.model_fields, "segments")
"""What of a line is its goal."""
RULES = ("window", "min_n")


@dataclass(frozen=True)
class Side:
    """A card as one of the two has it, and what it made of everybody."""

    card: Card
    kpis: Mapping[str, Kpi]
    scored: Scored

    @property
    def keys(self) -> list[str]:
        return line_keys(self.card, self.kpis)

    @property
    def weights(self) -> dict[int, float]:
        """By line, in force in the period, as the official score had them."""
        return dict(self.scored.scores.lines.select("line", "weight").unique().iter_rows())


def of_catalogues(one: Side, two: Side) -> pl.DataFrame:
    """`subject` and `CATALOGUES`, for whoever both score."""
    bases = [_base(*_mixed(one, two, goals)) for goals in (one, two)]
    return _told_apart(one, two, CATALOGUES, [*bases, _official(two)])


def of_periods(one: Side, two: Side, moved: Facts | None) -> pl.DataFrame:
    """`subject` and `PERIODS`, for whoever is scored in both. `moved`: the first period by the roster of the second."""
    roster = _official(one) if moved is None else _base(one.card, one.kpis, moved)
    data, target = (_base(*_mixed(one, two, goals)) for goals in (one, two))
    return _told_apart(one, two, PERIODS, [roster, data, data, target, _official(two)])


# ---------------------------------------------------------------- half-way scores


def _base(card: Card, kpis: Mapping[str, Kpi], facts: Facts) -> pl.DataFrame:
    """The base score of everybody, without adjustments; of nobody where the mixture is no card that can be scored."""
    try:
        found = scoring(card.model_copy(update={"adjust": Adjust()}), kpis, facts)
    except DefinitionsRefused:
        return pl.DataFrame(schema={"subject": pl.String, "base": pl.Float64})
    return found.scores.select("subject", "base")


def _official(side: Side) -> pl.DataFrame:
    return side.scored.scores.scores.select("subject", "base")


def _mixed(one: Side, two: Side, goals: Side) -> tuple[Card, dict[str, Kpi], Facts]:
    """The first card with the values of the second, and the curves of either. Lines of the second alone are left
    aside; lines of the first alone keep all that is theirs."""
    there = {key: at for at, key in enumerate(two.keys)}
    pairs = [(at, there.get(key)) for at, key in enumerate(one.keys)]
    lines = tuple(_line(one, two, goals, at, other) for at, other in pairs)
    card = one.card.model_copy(update={"kpis": lines, "adjust": Adjust()})
    judged = dict(one.kpis)
    if goals is two:
        judged |= {line.kpi: two.kpis[line.kpi] for line in lines if isinstance(line, Line) and line.kpi in two.kpis}
    return card, judged, _facts(one, two, goals, pairs)


def _line(one: Side, two: Side, goals: Side, at: int, other: int | None) -> Line | LinkedLine:
    """The first's line: its weight as a number, so that no date moves it; values and curve as the step has them."""
    own = one.card.kpis[at]
    mine = two if other is not None else one
    theirs = mine.card.kpis[at if other is None else other]
    update = {
        "weight": one.weights[at],
        "missing": theirs.missing or mine.card.missing or "withhold",
        **{key: getattr(theirs, key) for key in RULES if isinstance(theirs, Line)},
    }
    if goals is two:
        update |= {key: getattr(theirs, key) for key in CURVE if hasattr(theirs, key)}
    if isinstance(own, Line):
        update["variant"] = chosen(own, one.kpis) or None
    return own.model_copy(update=update)


def _facts(one: Side, two: Side, goals: Side, pairs: Sequence[tuple[int, int | None]]) -> Facts:
    """What the second measured, under the keys, line numbers and period of the card it is scored by."""
    first, second = one.scored.facts, two.scored.facts
    period = goals.scored.facts.period
    both = pl.col("subject").is_in(first.subjects["subject"].implode())
    return replace(
        second,
        period=period,
        values=_values(first.values, second.values, one, two, pairs, period.label),
        pooled=_values(first.pooled, second.pooled, one, two, pairs, period.label),
        subjects=second.subjects.filter(both),
        parts=first.parts if goals is one else _renumbered(first.parts, second.parts, pairs),
        past=first.past if goals is one else _renumbered(first.past, second.past, pairs),
        linked=_renumbered(first.linked, second.linked, pairs),
        nets=nothing(NETS)(),
    )


def _values(
    first: pl.DataFrame,
    second: pl.DataFrame,
    one: Side,
    two: Side,
    pairs: Sequence[tuple[int, int | None]],
    label: str,
) -> pl.DataFrame:
    """The second's values of the lines both have, under the first's names; the first's own of its other lines."""
    found = [second.clear()]
    for at, other in dict(pairs).items():
        own = _key(one, at)
        if own is None:
            continue
        frame, key = (first, own) if other is None else (second, _key(two, other))
        if key is not None:
            mine = frame.filter((pl.col("kpi") == key[0]) & (pl.col("variant") == key[1]))
            found.append(mine.with_columns(kpi=pl.lit(own[0]), variant=pl.lit(own[1])).select(second.columns))
    names = [name for name in ("subject", "kpi", "variant", "cycles") if name in second.columns]
    return pl.concat(found).unique(names, keep="first", maintain_order=True).with_columns(period=pl.lit(label))


def _key(side: Side, at: int) -> tuple[str, str] | None:
    line = side.card.kpis[at]
    return (line.kpi, chosen(line, side.kpis)) if isinstance(line, Line) else None


def _renumbered(first: pl.DataFrame, second: pl.DataFrame, pairs: Sequence[tuple[int, int | None]]) -> pl.DataFrame:
    """Rows of the second by the line numbers of the first; of lines that the second lacks, the first's own rows."""
    if "line" not in second.columns or "line" not in first.columns:
        return second
    numbers = {other: at for at, other in pairs if other is not None}
    lone = [at for at, other in pairs if other is None]
    theirs = second.filter(pl.col("line").is_in(list(numbers))).with_columns(
        line=pl.col("line").replace_strict(numbers, default=None, return_dtype=pl.Int32)
    )
    return pl.concat([theirs, first.filter(pl.col("line").is_in(lone)).select(theirs.columns)])


# ---------------------------------------------------------------- the parts


def _told_apart(one: Side, two: Side, steps: Sequence[str], bases: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The difference between the rounded base of each step and the last known one before it; then all that is not
    base. Rounded levels, not rounded differences: so the printed parts add up to the printed change."""
    decimals = max(one.card.decimals, two.card.decimals)
    rows = _levels(_official(one), decimals, "start")
    for at, found in enumerate(bases):
        rows = rows.join(_levels(found, decimals, f"level{at}"), on="subject", how="left", validate="1:1")
    for side, name in ((one, "first"), (two, "last")):
        scores = side.scored.scores.scores.drop_nulls("score").select("subject", pl.col("score").alias(name))
        rows = rows.join(scores, on="subject", how="inner", validate="1:1")
    known, parts = pl.col("start"), []
    for at, step in enumerate(steps[:-1]):
        level = pl.col(f"level{at}")
        parts.append((level - known).alias(step))
        known = pl.coalesce(level, known)
    rest = (pl.col("last") - known) - (pl.col("first") - pl.col("start"))
    return rows.sort("subject").select(
        "subject", *((part.round(decimals) + 0.0) for part in [*parts, rest.alias(steps[-1])])
    )


def _levels(bases: pl.DataFrame, decimals: int, name: str) -> pl.DataFrame:
    return bases.select("subject", half_up(pl.col("base"), decimals).alias(name))
