"""Rows become numbers: every measure of a request, for every subject and window.

In: the world of supplied tables, and requests. Out: one wide small frame a request and window, measures as columns.
Refuses to know: KPIs, points, cards, files.

Additive aggregates are taken once a table, at the finest grain that any request needs (an agent and a day, say), and
rolled up; the others, and stocks, are computed a request and window at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

import polars as pl

from ccmetrics.formula.tree import Node
from ccmetrics.period import Period
from ccmetrics.plan import Key, Request
from ccmetrics.stages.measure.aggregate import Part, is_partial, merged
from ccmetrics.stages.measure.assemble import Source, assembled
from ccmetrics.stages.measure.group import dimensions, marked, ways, who_columns, with_dimension
from ccmetrics.stages.measure.parts import Taken, take_apart
from ccmetrics.stages.measure.passes import collected, held
from ccmetrics.stages.measure.scan import (
    BUCKET,
    EXPORT,
    ROWS,
    Setting,
    boundaries,
    coverage,
    coverage_by_any,
    direct,
    grouped,
    in_scope,
    reduced,
    window,
)
from ccmetrics.stages.measure.silence import Coverage as Coverage
from ccmetrics.stages.measure.silence import covered_parts, silent, time_of
from ccmetrics.stages.normalize import Supplied
from ccmetrics.stages.world import World
from ccmetrics.stages.world.ends import data_end
from ccmetrics.stages.world.lookalike import refuse_lookalikes
from ccmetrics.stages.world.reconcile import refuse_doubles

SHARD = 8_000_000
"""Rows of a table beyond which passes that hold values go one after the other, distinct counts in shards."""

ANY = "*"
"""The place of a coverage that counts a row as inside when any of its columns puts it there."""


@dataclass(frozen=True)
class Wide:
    """Measures of one request over its latest `cycles` periods.

    `frame`: the request's dimensions as text (marked, null where a row has none), a Float64 column a measure, and
    `<measure>!`, why it is null. `pooled`: the same in one row, over the rows of all subjects in scope. `silent`:
    measures that nothing is known of in one cycle of them or more.
    """

    cycles: int
    frame: pl.DataFrame
    pooled: pl.DataFrame
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Measured:
    """What became of a request. `taken` says which measures could not be had, and the wide column of the others."""

    request: Request
    taken: Taken
    windows: tuple[Wide, ...]


@dataclass(frozen=True)
class Scan:
    """One reduction of a table that serves several requests, by their indices."""

    at: str
    where: Node | None
    parts: list[Part]
    users: list[int]


@dataclass(frozen=True)
class Single:
    """One pass for parts that cannot be rolled up."""

    request: int
    cycles: int
    pooled: bool
    parts: list[Part]


Finished = dict[tuple[int, int, bool], list[Source]]
"""By request, window, pooled: parts and the frame that holds their finished aggregates."""


def measure(
    world: World, requests: Sequence[Request], known: Mapping[Key, pl.DataFrame] | None = None
) -> tuple[list[Measured], list[Coverage]]:
    """Every request measured, and how many rows fell where.

    `known` gives, by request, frames of subjects that count even where no row names them. Deterministic: sums are
    exact integers, frames come sorted.

    Raises:
        DataRefused: a reference is ambiguous, or the roster has two versions of a person on one day.
    """
    taken = [take_apart(world, request) for request in requests]
    world = held(world, {part.table for t in taken for part in t.parts})
    days = boundaries(requests)
    refuse_doubles(world, _standing_in(taken), Period("asked", days[0], days[-1]))
    trees = {(part.table, tree) for t in taken for part in t.parts for tree in (part.value, part.where) if tree}
    refuse_lookalikes(world, trees)
    setting = Setting(world, days, ends(world, taken, days[-1]), known or {})
    scans, singles = _scans(requests, taken), _singles(requests, taken)
    places = _places(world, taken)
    apart = [place for place in places if _scan_that_covers(world, scans, *place) is None]
    several = [t for t in dict(places) if len(_columns(t, places)) > 1 or _stocks(taken, t)]
    large = [s for s in singles if world.tables[s.parts[0].table].rows > SHARD]
    queries = [
        *(reduced(setting, scan.at, scan.parts, [requests[i] for i in scan.users]) for scan in scans),
        *(direct(setting, requests[s.request], s.cycles, s.parts, s.pooled) for s in singles if s not in large),
        *(coverage(setting, table, at) for table, at in apart),
        *(coverage_by_any(setting, table, _columns(table, places), _stocks(taken, table)) for table in several),
    ]
    frames = collected(queries)
    small = [next(frames) for _ in scans]
    finished: Finished = defaultdict(list)
    for scan, frame in zip(scans, small, strict=True):
        for i in scan.users:
            mine = [part for part in scan.parts if part in taken[i].parts]
            for key, rolled in _rolled(setting, requests[i], mine, frame):
                finished[(i, *key)].append((mine, rolled))
    for single in singles:
        frame = _by_itself(setting, requests[single.request], single) if single in large else next(frames)
        finished[single.request, single.cycles, single.pooled].append((single.parts, frame))
    covers = [Coverage(*place, next(frames)) for place in apart]
    covers += [Coverage(table, ANY, next(frames)) for table in several]
    for place in places:
        if (n := _scan_that_covers(world, scans, *place)) is not None:
            covers.append(Coverage(*place, _covered_by(world.tables[place[0]], small[n])))
    covers = [replace(cover, rows=_inside_only(cover.rows, days, requests)) for cover in covers]
    measured = [
        Measured(request, t, tuple(_wide(setting, request, t, i, k, finished, covers) for k in request.windows))
        for i, (request, t) in enumerate(zip(requests, taken, strict=True))
    ]
    return measured, covers


def _inside_only(rows: pl.DataFrame, days: Sequence[date], requests: Sequence[Request]) -> pl.DataFrame:
    """Rows in a stretch that lies between the asked periods are outside of all of them."""
    spans = [period for request in requests for period in request.periods]
    gaps = [n for n, day in enumerate(days[:-1]) if not any(span.start <= day < span.end for span in spans)]
    return rows.with_columns(pl.when(pl.col(BUCKET).is_in(gaps)).then(-1).otherwise(pl.col(BUCKET)).alias(BUCKET))


def _by_itself(setting: Setting, request: Request, single: Single) -> pl.DataFrame:
    """A pass over a large table alone; a distinct count one shard of values after the other, in the memory of one."""
    rows = setting.world.tables[single.parts[0].table].rows
    count = rows // SHARD + 1 if single.parts[0].kind == "distinct" else 1
    shards = [
        direct(setting, request, single.cycles, single.parts, single.pooled, (n, count)).collect(engine="streaming")
        for n in range(count)
    ]
    if count == 1:
        return shards[0]
    by = [] if single.pooled else [marked(name) for name in request.by]
    together = pl.concat(shards)
    numbers = [pl.col(name).sum() for name in together.columns if name not in by]
    return together.group_by(by).agg(numbers) if by else together.select(numbers)


def ends(world: World, taken: Sequence[Taken], day: date) -> dict[str, datetime]:
    """Ends of the tables of whose end a formula speaks; of one without rows, any instant will do."""
    tables = {part.table for t in taken for part in t.parts if part.reads_end}
    return {table: data_end(world, table) or world.clock.instant(day) for table in sorted(tables)}


def _places(world: World, taken: Sequence[Taken]) -> list[tuple[str, str]]:
    """Tables, and the columns by which their rows are placed in periods."""
    return sorted({(p.table, at) for t in taken for p in t.parts for at in (p.at, time_of(world, p.table)) if at})


def _standing_in(taken: Sequence[Taken]) -> Iterator[tuple[str, str]]:
    """Pairs of tables from which one measure is taken together."""
    for t in taken:
        tables: dict[str, set[str]] = defaultdict(set)
        for part in t.parts:
            tables[part.column].add(part.table)
        for found in tables.values():
            yield from combinations(sorted(found), 2)


def _columns(table: str, places: Sequence[tuple[str, str]]) -> list[str]:
    return [at for name, at in places if name == table]


def _stocks(taken: Sequence[Taken], table: str) -> bool:
    """Whether all rows begun by the end of the period are counted, too."""
    return any(part.table == table and part.as_of is not None for t in taken for part in t.parts)


def _scan_that_covers(world: World, scans: Sequence[Scan], table: str, at: str) -> int | None:
    """The pass that has already counted all rows by place: over one export, without a condition."""
    supplied = world.tables[table]
    if len(supplied.by_export) != 1:
        return None
    return next((n for n, s in enumerate(scans) if (s.parts[0].table, s.at, s.where) == (table, at, None)), None)


def _covered_by(supplied: Supplied, frame: pl.DataFrame) -> pl.DataFrame:
    """As `coverage` says it, from what a reduction has counted; the other rows lie outside."""
    inside = frame.group_by(BUCKET).agg(pl.col(ROWS).sum())
    outside = pl.DataFrame({BUCKET: [-1], ROWS: [supplied.rows - frame[ROWS].sum()]}, schema=inside.schema)
    return pl.concat([inside, outside]).with_columns(pl.lit(min(supplied.by_export), dtype=pl.Int32).alias(EXPORT))


def _scans(requests: Sequence[Request], taken: Sequence[Taken]) -> list[Scan]:
    """Additive parts by table, placing column and row condition; and the requests that use them."""
    found: dict[tuple[str, str, Node | None], Scan] = {}
    for i, (request, t) in enumerate(zip(requests, taken, strict=True)):
        for part in t.parts:
            if part.additive:
                key = (part.table, str(part.at), request.where)
                scan = found.setdefault(key, Scan(str(part.at), request.where, [], []))
                if part not in scan.parts:
                    scan.parts.append(part)
                if i not in scan.users:
                    scan.users.append(i)
    return list(found.values())


def _singles(requests: Sequence[Request], taken: Sequence[Taken]) -> list[Single]:
    """Parts that need a pass of their own, by request, window, and whether over all subjects together.

    Only counts share a pass: a distinct count or quantile beside others takes many times the memory.
    """
    found: dict[tuple[int, int, bool, object], Single] = {}
    for i, t in enumerate(taken):
        for part in t.parts:
            if not part.additive:
                alone = part.key if part.kind in ("distinct", "median", "quantile") else ""
                for k in range(1, t.windows[part.column] + 1):
                    for pooled in (False, True)[: 1 + (part.column in t.pooled)]:
                        key = (i, k, pooled, (part.table, part.at, part.as_of, alone))
                        found.setdefault(key, Single(i, k, pooled, [])).parts.append(part)
    return list(found.values())


def _rolled(
    setting: Setting, request: Request, parts: Sequence[Part], frame: pl.DataFrame
) -> Iterator[tuple[tuple[int, bool], pl.DataFrame]]:
    """A reduced frame rolled up to the request's dimensions, a window at a time."""
    table, lazy = parts[0].table, frame.lazy()
    for name in (*dimensions(request), *who_columns(setting.world, request)):
        lazy = with_dimension(setting.world, lazy, table, name, ways(setting.world, request, table, name))
    lazy = in_scope(setting, lazy, request).collect().lazy()
    aliases = [column for column in frame.columns if is_partial(column)]
    for k in request.windows:
        span = window(request, k)
        inside = [n for n, day in enumerate(setting.boundaries[:-1]) if span.start <= day < span.end]
        rows = lazy.filter(pl.col(BUCKET).is_in(inside))
        for pooled in (False, True)[: 1 + request.pooled]:
            yield (k, pooled), grouped(rows, request, {a: merged(a) for a in aliases}, pooled).collect()


def _wide(
    setting: Setting, request: Request, taken: Taken, i: int, k: int, finished: Finished, covers: Sequence[Coverage]
) -> Wide:
    covered = covered_parts(setting, request, k, taken, covers)
    known = setting.known.get(request.key)
    # Who is known is not known by day or queue.
    known = None if known is None or set(known.columns) != set(request.by) else known.rename(marked)
    frame = assembled([marked(name) for name in request.by], finished[i, k, False], taken.missing, covered, known)
    pooled = assembled([], finished[i, k, True], taken.missing, covered) if request.pooled else pl.DataFrame()
    return Wide(k, frame, pooled, silent(setting, request, k, taken, covers))
