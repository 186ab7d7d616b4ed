"""The way of the data into a run: exports opened, normalized, derived from, excluded; and where every row went.

In: paths, definitions, requests. Out: the world of supplied tables, with everything that must be said of it.
Refuses to know: what is measured, scored or drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from ccmetrics.account import Account, Input, balanced, hash_of
from ccmetrics.catalogue import load_catalogue
from ccmetrics.catalogue.models import Catalogue
from ccmetrics.notice import Label, Notice
from ccmetrics.period import Clock, Period
from ccmetrics.plan import Request, needed_columns
from ccmetrics.problem import DataRefused, Place, Problem, Refused, UsageRefused, together
from ccmetrics.stages.derive import derive, inputs
from ccmetrics.stages.load import Raw, load_all
from ccmetrics.stages.measure import ANY, Coverage
from ccmetrics.stages.normalize import Tolerance, normalize, tolerance
from ccmetrics.stages.world import World
from ccmetrics.stages.world.exclude import exclude
from ccmetrics.stages.world.lookalike import lookalikes
from ccmetrics.stages.world.reconcile import backward, unlike_components, unmatched
from ccmetrics.stages.world.workdays import passed
from ccmetrics.version import VERSION


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


@dataclass(frozen=True)
class Loaded:
    """The exports of a run as canonical tables, with everything that must be said of them."""

    world: World
    accounts: tuple[Account, ...]
    notices: tuple[Notice, ...]
    raws: tuple[Raw, ...]
    rejects: pl.DataFrame

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(
            Input(raw.name, raw.sha256, raw.rows + raw.misfits.height, raw.about, raw.stamp[0]) for raw in self.raws
        )


def catalogue_of(config: Path | Catalogue | None) -> Catalogue:
    return config if isinstance(config, Catalogue) else load_catalogue(config)


def exports(
    paths: Sequence[Path],
    catalogue: Catalogue,
    notices: list[Notice],
    full_hash: bool = False,
    refused: list[Refused] | None = None,
) -> list[Raw]:
    tables = catalogue.tables.values()
    canonical = [[c for c, column in table.columns.items() if column.required] or table.key for table in tables]
    return load_all(paths, notices, catalogue.layouts, catalogue.project.layouts, full_hash, refused, canonical)


def supply(paths: Sequence[Path], catalogue: Catalogue, requests: Sequence[Request], reading: Reading) -> Loaded:
    """Raises Refused: with everything that is wrong with any export, be it a file, a header, a row or a cell."""
    allowed = reading.allowed(catalogue)
    notices: list[Notice] = []
    refused: list[Refused] = []
    raws = exports(paths, catalogue, notices, reading.full_hash, refused)
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


def ready(loaded: Loaded, requests: Sequence[Request], period: Period) -> tuple[Loaded, World]:
    """What was loaded, with the derived columns that the requests need, less what was excluded; and the world with
    nothing excluded. A row that is left out still happened: it is derived from before it goes."""
    whole = derive(loaded.world, inputs(needed_columns(loaded.world.catalogue, requests)), period.last)
    world, excluded, said = exclude(whole)
    found = tuple(
        replace(account, used=account.used - (n := excluded.get(index, 0)), excluded=n)
        for index, account in enumerate(loaded.accounts)
    )
    return replace(loaded, world=world, accounts=found, notices=(*loaded.notices, *said)), whole


def accounts(loaded: Loaded, covers: Sequence[Coverage]) -> tuple[Account, ...]:
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


def notices(loaded: Loaded, covers: Sequence[Coverage], period: Period) -> tuple[Notice, ...]:
    world, tables = loaded.world, {cover.table for cover in covers}
    found = [*unlike_components(world), *backward(world, tables), *unmatched(world, tables, period)]
    return (*loaded.notices, *found, *lookalikes(world))


def until(world: World, period: Period) -> date | None:
    """The last day of the data, where workdays of the period are still to come after it."""
    day, share = passed(world, period)
    return day if share < 1 else None


def unfinished(day: date | None, period: Period) -> list[Notice]:
    """A sentence where the period is not over."""
    if day is None:
        return []
    return [
        Notice(
            "The data end on {day}, before {period} is over: what is told of it is of a part, and may still change.",
            day=day,
            period=Label(period.label),
        )
    ]


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
