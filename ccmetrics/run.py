"""The way of the data: load, normalize, measure, score, judge. The only place where all stages meet.

In: paths, a config folder, a period. Out: inert results.
Refuses to know: how anything is drawn or written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from ccmetrics.account import Account, Input, balanced, hash_of
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.asked import asked_card, asked_condition, asked_dimensions, asked_kpi
from ccmetrics.catalogue.models import Card, Catalogue
from ccmetrics.period import Clock, Period
from ccmetrics.plan import TIME_GRAINS, Ask, Request, card_request, kpi_ask, measured_tables, needed_columns, split
from ccmetrics.problem import DataRefused, Place, Problem, Refused, UsageRefused, together
from ccmetrics.scorecard import Measurement, Result, Scorecard
from ccmetrics.stages import measure as measuring
from ccmetrics.stages.derive import derive, inputs
from ccmetrics.stages.inspect import Inspection
from ccmetrics.stages.inspect import inspect as inspecting
from ccmetrics.stages.judge import judge
from ccmetrics.stages.load import Raw, load_all
from ccmetrics.stages.measure import ANY, Coverage, Measured
from ccmetrics.stages.measure.values import column_of, pooled, values
from ccmetrics.stages.normalize import Tolerance, normalize, tolerance
from ccmetrics.stages.score import score as scoring
from ccmetrics.stages.world import World
from ccmetrics.stages.world.exclude import exclude
from ccmetrics.stages.world.lookalike import lookalikes
from ccmetrics.stages.world.reconcile import backward, unlike_components, unmatched
from ccmetrics.stages.world.span import asked_period
from ccmetrics.stages.world.subjects import subjects
from ccmetrics.version import VERSION

__all__ = ["Measurement", "Reading", "Result", "inspect", "measure", "score"]


@dataclass(frozen=True)
class Reading:
    """How a run reads its exports."""

    allow_rejects: str | None = None
    """Bad rows that may be set aside, `20` in all or `0.5%` of each export's; else what the project says, else none."""
    full_hash: bool = False
    """Whether Parquet files, too, are hashed whole."""

    def allowed(self, catalogue: Catalogue) -> Tolerance:
        if self.allow_rejects is None:
            return tolerance(catalogue.project.allow_rejects or "0")
        try:
            return tolerance(self.allow_rejects)
        except ValueError:
            text = f"'{self.allow_rejects}' is no amount of rows. Write 20, or 0.5% for a share of each export's rows."
            raise UsageRefused([Problem(Place("--allow-rejects"), "bad-tolerance", text)]) from None


PLAIN = Reading()


def score(
    paths: Sequence[Path],
    *,
    config: Path | Catalogue | None = None,
    period: str | None = None,
    cards: Sequence[str] = (),
    reading: Reading = PLAIN,
) -> Result:
    """Scorecards of the named cards (all where none is named) for a period (the last whole month where unsaid).

    Raises:
        Refused: definitions, data, files or the wish itself; see `problem`.
    """
    catalogue = _catalogue(config)
    chosen = [asked_card(catalogue, name) for name in cards or catalogue.cards]
    requests = [card_request(catalogue, card) for card in chosen]
    loaded = _load(paths, catalogue, requests, reading)
    asked = asked_period(loaded.world, period, chosen[0].cycle if chosen else "month")
    loaded, requests = _ready(loaded, requests, asked)
    world = loaded.world
    known = {card.card: _known(world, card, asked) for card in chosen if "roster" in world.tables}
    measured, covers = measuring.measure(world, requests, known)
    return Result(
        asked,
        tuple(_scorecard(world, card, m, asked) for card, m in zip(chosen, measured, strict=True)),
        _accounts(loaded, covers),
        _notices(loaded, covers, asked),
        provenance(catalogue, loaded.inputs),
        catalogue,
        inputs=loaded.inputs,
        rejects=loaded.rejects,
    )


def measure(
    paths: Sequence[Path],
    *,
    kpis: Sequence[str] = (),
    by: Sequence[str] = (),
    where: str | None = None,
    period: str | None = None,
    config: Path | Catalogue | None = None,
    reading: Reading = PLAIN,
) -> Measurement:
    """Values of the named KPIs (`fcr.survey` names a variant; all where none is named), grouped by dimensions.

    Raises:
        Refused: as `score`.
    """
    catalogue = _catalogue(config)
    asks = tuple(_ask(catalogue, name) for name in kpis or catalogue.kpis)
    tables = measured_tables(catalogue, asks)
    condition = None if where is None else asked_condition(catalogue, where, tables, "--where")
    request = Request("measure", tuple(by), asks, where=condition)
    asked_dimensions(catalogue, by, TIME_GRAINS)
    loaded = _load(paths, catalogue, [request], reading)
    asked = asked_period(loaded.world, period, "month")
    loaded, requests = _ready(loaded, [request], asked)
    world = loaded.world
    (measured,), covers = measuring.measure(world, requests)
    found = values(measured, _parameters(world, asked))
    lacking = sorted({missing.what for missing in measured.taken.missing.values()})
    nothing = [f"Nothing to group by {', '.join(by)}: {', '.join(lacking)}."] if found.is_empty() else []
    return Measurement(
        asked,
        request.by,
        found,
        _accounts(loaded, covers),
        (*nothing, *sorted(measured.taken.passed), *_notices(loaded, covers, asked)),
        provenance(catalogue, loaded.inputs),
        catalogue,
        inputs=loaded.inputs,
        rejects=loaded.rejects,
    )


def inspect(paths: Sequence[Path], *, config: Path | None = None) -> tuple[Catalogue, tuple[Inspection, ...]]:
    """What each export is and holds, as the definitions would read it.

    Raises:
        Refused: definitions; an export of which not even a header can be told; files.
    """
    catalogue = load_catalogue(config)
    raws = _exports(paths, catalogue, [])
    return catalogue, tuple(inspecting(raw, catalogue) for raw in raws)


@dataclass(frozen=True)
class Loaded:
    """The exports of a run as canonical tables, with everything that must be said of them."""

    world: World
    accounts: tuple[Account, ...]
    notices: tuple[str, ...]
    raws: tuple[Raw, ...]
    rejects: pl.DataFrame

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(Input(raw.name, raw.sha256, raw.rows + raw.misfits.height, raw.about) for raw in self.raws)


def _catalogue(config: Path | Catalogue | None) -> Catalogue:
    return config if isinstance(config, Catalogue) else load_catalogue(config)


def _exports(
    paths: Sequence[Path],
    catalogue: Catalogue,
    notices: list[str],
    full_hash: bool = False,
    refused: list[Refused] | None = None,
) -> list[Raw]:
    tables = catalogue.tables.values()
    canonical = [[c for c, column in table.columns.items() if column.required] or table.key for table in tables]
    return load_all(paths, notices, catalogue.layouts, catalogue.project.layouts, full_hash, refused, canonical)


def _load(paths: Sequence[Path], catalogue: Catalogue, requests: Sequence[Request], reading: Reading) -> Loaded:
    """Raises Refused: with everything that is wrong with any export, be it a file, a header, a row or a cell."""
    allowed = reading.allowed(catalogue)
    notices: list[str] = []
    refused: list[Refused] = []
    raws = _exports(paths, catalogue, notices, reading.full_hash, refused)
    try:
        normalized = normalize(raws, catalogue, inputs(needed_columns(catalogue, requests)), allowed)
    except DataRefused as found:
        refused.append(found)
    if refused:
        raise together(refused)
    project = catalogue.project
    clock = Clock(project.time_zone or "UTC", project.day_start)
    world = World(catalogue, normalized.tables, clock)
    said = (*notices, *normalized.notices)
    return Loaded(world, tuple(normalized.accounts), said, tuple(raws), normalized.rejects)


def _known(world: World, card: Card, period: Period) -> pl.DataFrame:
    return subjects(world, card, period).select(pl.col("subject").alias(card.subject))


def _scorecard(world: World, card: Card, measured: Measured, period: Period) -> Scorecard:
    parameters = _parameters(world, period)
    found = values(measured, parameters)
    dimension = pl.lit("center") if card.subject == "center" else pl.col(column_of(card.subject))
    found = found.with_columns(dimension.alias("subject")).filter(pl.col("subject").is_not_null())
    people = subjects(world, card, period, found.filter(pl.col("cycles") == 1)["subject"])
    scored = scoring(card, world.catalogue.kpis, found, pooled(measured, parameters), people, period)
    watched = {split(name)[0] for name in card.watch}
    return Scorecard(
        card=card,
        period=period.label,
        scores=judge(card, scored),
        lines=scored.lines,
        adjustments=scored.adjustments,
        missing=scored.missing,
        watch=found.filter(pl.col("kpi").is_in(watched) & pl.col("subject").is_in(people["subject"].implode())),
        notices=_card_notices(world, card, measured, people),
    )


def _card_notices(world: World, card: Card, measured: Measured, people: pl.DataFrame) -> tuple[str, ...]:
    said = []
    if card.subject != "center" and "roster" not in world.tables:
        said.append(f"No roster was supplied: the {people.height} subjects are those the data names.")
    said += sorted(measured.taken.passed)
    lacking = sorted({missing.what for missing in measured.taken.missing.values()})
    if lacking:
        said.append(f"Not supplied, so not measured: {', '.join(lacking)}.")
    return tuple(said)


def _ready(loaded: Loaded, requests: Sequence[Request], period: Period) -> tuple[Loaded, list[Request]]:
    """What was loaded, with the derived columns that the requests need, less what was excluded; the requests over the
    period. A row that is left out still happened: it is derived from before it goes."""
    over = [request.over(period) for request in requests]
    whole = derive(loaded.world, inputs(needed_columns(loaded.world.catalogue, over)), period.last)
    world, excluded, said = exclude(whole)
    accounts = tuple(
        replace(account, used=account.used - (n := excluded.get(index, 0)), excluded=n)
        for index, account in enumerate(loaded.accounts)
    )
    return replace(loaded, world=world, accounts=accounts, notices=(*loaded.notices, *said)), over


def _ask(catalogue: Catalogue, name: str) -> Ask:
    return kpi_ask(catalogue, *asked_kpi(catalogue, name))


def _parameters(world: World, period: Period) -> dict[str, float | datetime]:
    start, end = world.clock.bounds(period)
    return {**world.catalogue.project.parameters, "period_start": start, "period_end": end}


def _accounts(loaded: Loaded, covers: Sequence[Coverage]) -> tuple[Account, ...]:
    """Row accounts with what no column put into the asked periods: the last word on what was read.

    Raises:
        UnbalancedError: rows were lost or invented on the way. FileFailed: an export changed after it was examined.
    """
    # Parquet is read again with every pass.
    for raw in loaded.raws:
        raw.check_unchanged()
    # Versions of people and queues are used by when they are in force, not by when they begin.
    world = loaded.world
    return balanced(
        account if world.is_dated(account.table) else _placed(account, index, covers)
        for index, account in enumerate(loaded.accounts)
    )


def _notices(loaded: Loaded, covers: Sequence[Coverage], period: Period) -> tuple[str, ...]:
    world, tables = loaded.world, {cover.table for cover in covers}
    found = [*unlike_components(world), *backward(world, tables), *unmatched(world, tables, period)]
    return (*loaded.notices, *found, *lookalikes(world))


def _placed(account: Account, index: int, covers: Sequence[Coverage]) -> Account:
    own = [cover for cover in covers if cover.table == account.table]
    # Where several columns place rows, one cover speaks of all of them together.
    for cover in [c for c in own if c.at == ANY] or own[:1]:
        seen = cover.rows.filter(pl.col("export") == index)
        outside = int(seen.filter(pl.col("@bucket") < 0)["@rows"].sum())
        # Counted where they are measured: what a stage in between lost or doubled unbalances the account.
        return replace(account, used=int(seen["@rows"].sum()) - outside, outside=outside)
    return account


def provenance(catalogue: Catalogue, inputs: Sequence[Input] = ()) -> dict[str, str]:
    """What a result was made by and from, in hashes."""
    definitions = hashlib.sha256(catalogue.model_dump_json().encode()).hexdigest()
    return {"version": VERSION, "polars": pl.__version__, "catalogue": definitions, "inputs": hash_of(inputs)}
