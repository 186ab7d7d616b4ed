"""Two scorings held against each other: by two catalogues over the same data, or of two periods by one catalogue.

In: catalogues, paths, periods. Out: an inert comparison.
Refuses to know: how a score is made or taken apart, how anything is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from ccmetrics.catalogue.asked import asked_card
from ccmetrics.catalogue.difference import differences
from ccmetrics.catalogue.models import Card, Catalogue, LinkedLine
from ccmetrics.comparison import AFTER, BEFORE, BOTH, Budget, CardMoves, Comparison
from ccmetrics.notice import Notice
from ccmetrics.period import CYCLES, Period
from ccmetrics.plan import card_request
from ccmetrics.plan.cards import card_requests
from ccmetrics.problem import Place, Problem, UsageRefused
from ccmetrics.run.cards import Found, measured, scored, unexcluded
from ccmetrics.run.movement import CATALOGUES, PERIODS, Side, of_catalogues, of_periods
from ccmetrics.run.periods import in_order, wanted
from ccmetrics.run.supply import PLAIN, Loaded, Reading, accounts, notices, provenance, ready, supply
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.gather import gather
from ccmetrics.stages.judge.apart import told_apart
from ccmetrics.stages.world import World
from ccmetrics.stages.world.span import asked_period

NEITHER = "neither"
SHOWN = {
    "status": pl.String, "why": pl.String, "score": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "grade": pl.String, "rank": pl.Int64, "rank_low": pl.Int64, "rank_high": pl.Int64, "pay": pl.Float64,
    "pay_amount": pl.Float64, "presence": pl.Float64,
}  # fmt: skip
"""What is told of a subject on either side."""


def catalogues(
    both: tuple[Catalogue, Catalogue],
    names: tuple[str, str],
    paths: Sequence[Path] = (),
    *,
    period: str | None = None,
    cards: Sequence[str] = (),
    reading: Reading = PLAIN,
) -> Comparison:
    """What two catalogues say differently; with data, who moves by it in one period and what that costs.

    Raises:
        Refused: as `score`, by either catalogue.
    """
    found = Comparison(names, both, differences(*both))
    chosen = [_in_either(both, name) for name in cards]
    if not paths:
        return replace(found, differences=tuple(row for row in found.differences if _is_of(row, chosen)))
    shared = [name for name in chosen or both[1].cards if all(name in one.cards for one in both)]
    runs: list[_Run] = []
    for catalogue in both:
        every = in_order(catalogue, [catalogue.cards[name] for name in shared])
        loaded = supply(paths, catalogue, [card_request(catalogue, card) for card in every], reading)
        asked = runs[0].period if runs else asked_period(loaded.world, period, every[0].cycle if every else "month")
        runs.append(_run(loaded, every, asked))
    lone = sorted({name for name in chosen or {*both[0].cards, *both[1].cards} if name not in shared})
    said = [
        Notice("Card '{card}' is in one of the two only, so nobody is compared on it.", card=one.cards[name].called)
        for name in lone
        for one in both
        if name in one.cards
    ]
    told = tuple(_by_catalogues(runs[0], runs[1], name) for name in shared)
    return _whole(found, (runs[0], runs[1]), told, said)


def periods(
    catalogue: Catalogue,
    paths: Sequence[Path],
    texts: tuple[str, str],
    *,
    cards: Sequence[str] = (),
    reading: Reading = PLAIN,
) -> Comparison:
    """Who moved from one period to another under one catalogue, and by which part of a score.

    Raises:
        Refused: as `score`; two periods of unlike length.
    """
    chosen = [asked_card(catalogue, name) for name in cards or catalogue.cards]
    every = in_order(catalogue, chosen)
    loaded = supply(paths, catalogue, [card_request(catalogue, card) for card in every], reading)
    cycle = chosen[0].cycle if chosen else "month"
    one, two = (asked_period(loaded.world, text, cycle) for text in texts)
    _alike(one, two)
    runs = (_run(loaded, every, one), _run(loaded, every, two))
    told = tuple(_by_periods(*runs, card.card) for card in chosen)
    return _whole(Comparison((one.label, two.label), (catalogue, catalogue)), runs, told, [])


def _in_either(both: tuple[Catalogue, Catalogue], name: str) -> str:
    return name if name in both[0].cards else asked_card(both[1], name).card


def _is_of(row: object, chosen: Sequence[str]) -> bool:
    """Whether a difference is of one of the chosen cards, or touches it."""
    kind, name, touched = (getattr(row, key) for key in ("kind", "name", "cards"))
    return not chosen or (name in chosen if kind == "card" else bool({*touched} & {*chosen}))


def _alike(one: Period, two: Period) -> None:
    same = one.cycle == two.cycle if one.cycle in (*CYCLES, "calendar") else one.days == two.days
    if not same or one.label == two.label:
        why = "is the same twice" if one.label == two.label else f"and '{two.label}' are not of one length"
        text = f"'{one.label}' {why}: compare two months, two quarters, two ranges of as many days."
        raise UsageRefused([Problem(Place("compare"), "unlike-periods", text)])


# ---------------------------------------------------------------- one side


@dataclass(frozen=True)
class _Run:
    """Everything scored on one side."""

    loaded: Loaded
    world: World
    period: Period
    found: Found
    notices: tuple[Notice, ...]

    @property
    def catalogue(self) -> Catalogue:
        return self.world.catalogue

    def side(self, card: str) -> Side:
        return Side(self.catalogue.cards[card], self.catalogue.kpis, self.found[card, self.period.label])


def _run(loaded: Loaded, every: Sequence[Card], asked: Period) -> _Run:
    """The official scores, on the way that `score` takes."""
    plan = wanted(loaded.world, every, asked)
    there, whole = ready(loaded, plan.requests, asked)
    book, covers = measured(there.world, plan.scoring)
    found = scored(there.world, book, plan, unexcluded(there.world, whole, plan))
    accounts(there, covers)
    return _Run(there, there.world, asked, found, tuple(notices(there, covers, asked)))


def _whole(found: Comparison, runs: tuple[_Run, _Run], told: tuple[CardMoves, ...], said: list[Notice]) -> Comparison:
    one, two = runs
    rejects = [run.loaded.rejects for run in runs if run.loaded.rejects.height]
    return replace(
        found,
        periods=(one.period, two.period),
        cards=told,
        notices=tuple(dict.fromkeys([*said, *one.notices, *two.notices])),
        provenance=(provenance(one.catalogue, one.loaded.inputs), provenance(two.catalogue, two.loaded.inputs)),
        inputs=one.loaded.inputs,
        rejects=pl.concat(rejects).unique(maintain_order=True) if rejects else one.loaded.rejects,
    )


# ---------------------------------------------------------------- one card


def _by_catalogues(one: _Run, two: _Run, name: str) -> CardMoves:
    before, after = one.side(name), two.side(name)
    parts = of_catalogues(before, after) if _scored_in_both(before, after) else None
    return _moves(before, after, parts, CATALOGUES, {})


def _by_periods(one: _Run, two: _Run, name: str) -> CardMoves:
    before, after = one.side(name), two.side(name)
    if not _scored_in_both(before, after):
        return _moves(before, after, None, PERIODS, {})
    moved = _by_later_roster(one, two, before)
    count = after.scored.facts.subjects.height
    notes = {"same-formulas": count} | ({"roster-own": count} if moved is None else {})
    return _moves(before, after, of_periods(before, after, moved), PERIODS, notes)


def _scored_in_both(one: Side, two: Side) -> bool:
    mine, theirs = (side.scored.judged.scores.drop_nulls("score").select("subject") for side in (one, two))
    return mine.join(theirs, on="subject", how="semi").height > 0


def _by_later_roster(one: _Run, two: _Run, before: Side) -> Facts | None:
    """The first period's rows by the roster of the second; none where rows name their subject themselves."""
    card, world = before.card, one.world
    if "roster" not in world.tables or card.subject in ("center", world.definition("roster").key[0]):
        return None
    if card.subject not in world.versions("roster").columns:
        return None
    later = _with_roster_of(world, two.period)
    book, _ = measured(later, card_requests(one.catalogue, card, one.period))
    # What other cards gave is of their own rosters, and moves with the data.
    return replace(gather(later, book, card, one.period), linked=before.scored.facts.linked)


def _with_roster_of(world: World, period: Period) -> World:
    """The world with one version of everybody, the latest in the period, in force at all times."""
    key, versions = world.definition("roster").key[0], world.versions("roster")
    inside = versions.filter((pl.col("@from") <= period.last) & (pl.col("@until") >= period.start))
    latest = inside.sort(key, "@from").unique(key, keep="last", maintain_order=True)
    always = {"@from": pl.lit(date.min), "@until": pl.lit(date.max)}
    return world.with_versions("roster", latest.with_columns(**always))


def _moves(
    before: Side, after: Side, parts: pl.DataFrame | None, steps: tuple[str, ...], notes: Mapping[str, int]
) -> CardMoves:
    first, second = (_shown(side) for side in (before, after))
    who = pl.concat([second, first]).select("subject", "name", "team").unique("subject", keep="first")
    rows = (
        who.join(_named(first, BEFORE), on="subject", how="left", validate="1:1")
        .join(_named(second, AFTER), on="subject", how="left", validate="1:1")
        .with_columns(change=_change(before, after), place=_place(), beyond=_beyond(steps == PERIODS))
    )
    if parts is None:
        parts = pl.DataFrame(schema={"subject": pl.String, **dict.fromkeys(steps, pl.Float64)})
    told = rows.join(parts, on="subject", how="left", validate="1:1")
    order = [pl.col("change").is_null(), pl.col("change").abs(), pl.col("change"), pl.col("subject")]
    chosen = ["subject", "name", "team", "place", "change", "beyond", *steps]
    ends = [f"{name}_{end}" for name in SHOWN for end in (BEFORE, AFTER)]
    sorted_ = told.sort(order, descending=[False, True, True, False]).select(*chosen, *ends)
    linked = any(isinstance(line, LinkedLine) for side in (before, after) for line in side.card.kpis)
    folded = sorted_.filter((pl.col("place") == BOTH) & pl.any_horizontal(pl.col(steps).is_null())).height
    more = {"linked-lines": sorted_.height} if linked else {}
    more |= {"told-together": folded} if folded else {}
    return CardMoves(before.card, after.card, sorted_, steps, (_budget(first), _budget(second)), {**notes, **more})


def _shown(side: Side) -> pl.DataFrame:
    """What is told of everybody; a column that is not there is null."""
    scores = side.scored.judged.scores
    if "presence" not in scores.columns:
        known = side.scored.facts.subjects.select("subject", "presence")
        scores = scores.join(known, on="subject", how="left", maintain_order="left")
    there = [pl.col(c).cast(t) if c in scores.columns else pl.lit(None, t).alias(c) for c, t in SHOWN.items()]
    return scores.select(pl.col("subject", "name", "team").cast(pl.String), *there)


def _named(frame: pl.DataFrame, end: str) -> pl.DataFrame:
    return frame.select("subject", *(pl.col(name).alias(f"{name}_{end}") for name in SHOWN))


def _change(before: Side, after: Side) -> pl.Expr:
    decimals = max(before.card.decimals, after.card.decimals)
    return (pl.col("score_after") - pl.col("score_before")).round(decimals) + 0.0


def _place() -> pl.Expr:
    first, second = pl.col("score_before").is_not_null(), pl.col("score_after").is_not_null()
    both = pl.when(first & second).then(pl.lit(BOTH))
    return both.when(first).then(pl.lit(BEFORE)).when(second).then(pl.lit(AFTER)).otherwise(pl.lit(NEITHER))


def _beyond(is_of_periods: bool) -> pl.Expr:
    """Whether a change is more than chance.

    Two periods are two samples: the halves of both intervals that face each other, as for ranks. Two catalogues judge
    the same sample, so its chance is in both alike: the new score must lie outside the old one's interval.
    """
    before, after = pl.col("score_before"), pl.col("score_after")
    up = after >= before
    mine = pl.when(up).then(pl.col("high_before") - before).when(~up).then(before - pl.col("low_before"))
    theirs = pl.when(up).then(after - pl.col("low_after")).when(~up).then(pl.col("high_after") - after)
    other = theirs if is_of_periods else pl.lit(0.0)
    apart = told_apart(pl.max_horizontal(before, after), mine, pl.min_horizontal(before, after), other)
    return pl.when(mine.is_not_null() & other.is_not_null()).then(apart)


def _budget(rows: pl.DataFrame) -> Budget:
    paid = rows.drop_nulls("pay")
    shares = paid.select((pl.col("pay") * pl.col("presence").fill_null(1.0)).sum().round(6)).item()
    amounts = rows["pay_amount"].drop_nulls()
    return Budget(
        float(shares) if paid.height else None, round(float(amounts.sum()), 2) if amounts.len() else None, paid.height
    )
