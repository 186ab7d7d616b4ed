"""The way of the data: load, normalize, measure, score, judge. The only place where all stages meet.

In: paths, a config folder, a period. Out: inert results.
Refuses to know: how anything is drawn or written.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.asked import asked_card, asked_condition, asked_dimensions, asked_kpi
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Notice
from ccmetrics.period import TREND
from ccmetrics.plan import TIME_GRAINS, Ask, Request, card_request, kpi_ask, measured_tables
from ccmetrics.run.actions import read_actions
from ccmetrics.run.cards import scorecards
from ccmetrics.run.explain import explain
from ccmetrics.run.periods import in_order, wanted
from ccmetrics.run.supply import (
    PLAIN,
    Reading,
    accounts,
    catalogue_of,
    exports,
    notices,
    provenance,
    ready,
    supply,
    unfinished,
    until,
)
from ccmetrics.scorecard import Measurement, Result
from ccmetrics.stages import measure as measuring
from ccmetrics.stages.act.before import followed
from ccmetrics.stages.gather import parameters
from ccmetrics.stages.inspect import Inspection
from ccmetrics.stages.inspect import inspect as inspecting
from ccmetrics.stages.measure.values import values
from ccmetrics.stages.world import World
from ccmetrics.stages.world.span import asked_period, refuse_open

__all__ = ["Measurement", "Reading", "Result", "explain", "in_world", "inspect", "measure", "score"]


def score(
    paths: Sequence[Path],
    *,
    config: Path | Catalogue | None = None,
    period: str | None = None,
    cards: Sequence[str] = (),
    reading: Reading = PLAIN,
    actions: Path | None = None,
    is_over: bool = False,
    beside: bool = True,
    trend: int = TREND,
) -> Result:
    """Scorecards of the named cards (all where none is named) for a period (the last whole month where unsaid).

    `actions`: a file of those of the cycle before, to be followed up. `is_over`: refuse a period that is not.
    `beside`: whether what stands beside the scores is wanted: those that other missing policies would give, and those
    of earlier cycles, `trend` of them with the asked one.

    Raises:
        Refused: definitions, data, files or the wish itself; see `problem`.
    """
    return in_world(paths, catalogue_of(config), period, cards, reading, actions, is_over, beside, trend)[0]


def in_world(
    paths: Sequence[Path],
    catalogue: Catalogue,
    period: str | None,
    cards: Sequence[str],
    reading: Reading = PLAIN,
    actions: Path | None = None,
    is_over: bool = False,
    beside: bool = True,
    trend: int = TREND,
) -> tuple[Result, World]:
    """As `score`, with the tables as they were scored: the columns that the cards need, given or derived, less the
    rows that were excluded."""
    chosen = [asked_card(catalogue, name) for name in cards or catalogue.cards]
    # Cards that others are linked to are scored first, whether they were asked for or not.
    every = in_order(catalogue, chosen)
    loaded = supply(paths, catalogue, [card_request(catalogue, card) for card in every], reading)
    asked = asked_period(loaded.world, period, chosen[0].cycle if chosen else "month")
    if is_over:
        refuse_open(loaded.world, asked)
    earlier = None if actions is None else followed(read_actions(actions), str(actions), chosen, asked)
    plan = wanted(loaded.world, every, asked, trend=trend if beside else None)
    loaded, whole = ready(loaded, plan.requests, asked)
    found, covers = scorecards(loaded.world, whole, plan, earlier, beside)
    day = until(loaded.world, asked)
    result = Result(
        asked,
        tuple(found[card.card] for card in chosen),
        accounts(loaded, covers),
        (*unfinished(day, asked), *notices(loaded, covers, asked)),
        provenance(catalogue, loaded.inputs),
        catalogue,
        inputs=loaded.inputs,
        rejects=loaded.rejects,
        until=day,
    )
    return result, loaded.world


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
    catalogue = catalogue_of(config)
    asks = tuple(_ask(catalogue, name) for name in kpis or catalogue.kpis)
    tables = measured_tables(catalogue, asks)
    condition = None if where is None else asked_condition(catalogue, where, tables, "--where")
    request = Request("measure", tuple(by), asks, where=condition)
    asked_dimensions(catalogue, by, TIME_GRAINS)
    loaded = supply(paths, catalogue, [request], reading)
    asked = asked_period(loaded.world, period, "month")
    over = request.over(asked)
    loaded, _ = ready(loaded, [over], asked)
    (measured,), covers = measuring.measure(loaded.world, [over])
    found = values(measured, parameters(loaded.world, asked))
    lacking = sorted({missing.what for missing in measured.taken.missing.values()})
    return Measurement(
        asked,
        request.by,
        found,
        accounts(loaded, covers),
        (*_nothing(found, request, lacking), *sorted(measured.taken.passed), *notices(loaded, covers, asked)),
        provenance(catalogue, loaded.inputs),
        catalogue,
        inputs=loaded.inputs,
        rejects=loaded.rejects,
    )


def _nothing(found: pl.DataFrame, request: Request, lacking: Sequence[str]) -> list[Notice]:
    """Why there is no group: something is not supplied, or no row is left."""
    if not found.is_empty():
        return []
    dimensions = list(request.by)
    if lacking:
        return [Notice("Nothing to group by {dimensions}: {names}.", dimensions=dimensions, names=list(lacking))]
    if request.where is not None:
        return [Notice("Nothing to group by {dimensions}: no row meets the condition.", dimensions=dimensions)]
    return [Notice("Nothing to group by {dimensions}: no rows in the period.", dimensions=dimensions)]


def inspect(paths: Sequence[Path], *, config: Path | None = None) -> tuple[Catalogue, tuple[Inspection, ...]]:
    """What each export is and holds, as the definitions would read it.

    Raises:
        Refused: definitions; an export of which not even a header can be told; files.
    """
    catalogue = load_catalogue(config)
    raws = exports(paths, catalogue, [])
    return catalogue, tuple(inspecting(raw, catalogue) for raw in raws)


def _ask(catalogue: Catalogue, name: str) -> Ask:
    return kpi_ask(catalogue, *asked_kpi(catalogue, name))
