"""The rows below a measure: what became of each of the subject's rows, and the first of those that were used.

In: the world with exclusions marked, requests with their measures taken apart, whose rows. Out: sources of measures.
Refuses to know: KPIs, points, how anything is drawn. Rows are placed, scoped and selected as `measure` does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from ccmetrics import formula
from ccmetrics.explanation import Fate, Source
from ccmetrics.formula.tree import params
from ccmetrics.period import Period
from ccmetrics.plan import Key, Request
from ccmetrics.stages.explain.listing import by_name, is_hidden, listed, shown
from ccmetrics.stages.measure import SHARD, Measured
from ccmetrics.stages.measure.aggregate import Part, selection, value_of
from ccmetrics.stages.measure.group import dimensions, marked
from ccmetrics.stages.measure.scan import Setting, compiler, dimensioned, finished, inside, placeable, scope, window
from ccmetrics.stages.world.exclude import Exclusion, Marked

FATE = "@fate"
OUTSIDE, SCOPE, CONDITION, EMPTY, USED = "outside", "out-of-scope", "condition", "empty", "used"
EXCLUDED = "excluded"


@dataclass(frozen=True)
class Wanted:
    """A measure of a request over its latest `cycles` periods, of one subject, or (null) of all together."""

    key: Key
    cycles: int
    subject: str | None
    column: str


@dataclass(frozen=True)
class Rows:
    """Where rows are looked up: as they were measured, beside those that were left out; and what was measured."""

    setting: Setting
    marked: Mapping[str, Marked]
    """Tables with the rows that exclusions leave out. What refers to these still finds them gone."""
    book: Mapping[Key, Measured]
    exports: Sequence[str]
    """Names of the exports, by the number rows carry."""
    most: int
    """How many rows to list."""

    def request(self, group: Group) -> Request:
        return self.book[group.key].request

    def own(self, group: Group) -> pl.LazyFrame | None:
        """The marked rows; none of a stock of versions, which are those in force."""
        versions = group.as_of is not None and self.setting.world.is_dated(group.table)
        return self.marked[group.table].frame if group.table in self.marked and not versions else None

    def exclusions(self, group: Group) -> tuple[Exclusion, ...]:
        return () if self.own(group) is None else self.marked[group.table].exclusions


@dataclass(frozen=True)
class Group:
    """Parts that take the same rows of one table: those of one subject, placed by the same column."""

    key: Key
    span: Period
    subject: str | None
    table: str
    at: str | None
    as_of: str | None


def sources(rows: Rows, wanted: Sequence[Wanted]) -> dict[Wanted, tuple[Source, ...]]:
    """Each measure's aggregates with what became of the rows."""
    groups: dict[Group, list[Part]] = defaultdict(list)
    users: dict[Wanted, list[tuple[Group, Part]]] = {}
    for each in dict.fromkeys(wanted):
        measured = rows.book[each.key]
        span = window(measured.request, each.cycles)
        for part in measured.taken.parts:
            if part.column == each.column:
                group = Group(each.key, span, each.subject, part.table, part.at, part.as_of)
                groups[group].append(part)
                users.setdefault(each, []).append((group, part))
    found: dict[tuple[Group, Part], Source] = {}
    for group, parts in groups.items():
        unlike = list(dict.fromkeys(parts))
        found |= {(group, part): source for part, source in zip(unlike, _sources(rows, group, unlike), strict=True)}
    return {each: tuple(found[place] for place in users.get(each, ())) for each in wanted}


def _sources(rows: Rows, group: Group, parts: Sequence[Part]) -> list[Source]:
    """One look at the table for all parts of a group."""
    frame = _of_subject(rows, group, parts)
    whole = frame
    if group.as_of is not None:
        # A stock knows only what had begun; the others are told all the same.
        plain = [replace(part, as_of=None) for part in parts]
        whole = _of_subject(rows, replace(group, as_of=None), plain)
    if rows.setting.world.tables[group.table].rows <= SHARD:
        frame = frame.collect(engine="streaming").lazy()
    total = whole.select(pl.len())
    asked = [_queries(rows, group, part, frame) for part in parts]
    frames = pl.collect_all([total, *(query for three in asked for query in three)])
    count = int(frames[0].item())
    return [_source(rows, group, part, count, *frames[3 * n + 1 : 3 * n + 4]) for n, part in enumerate(parts)]


def _of_subject(rows: Rows, group: Group, parts: Sequence[Part]) -> pl.LazyFrame:
    """The subject's rows in the table, at any time, before anything is left out."""
    setting, request = rows.setting, rows.request(group)
    frame = dimensioned(setting, request, parts[0], placeable(setting, request, group.span, parts, rows.own(group)))
    if not request.by:
        return frame
    if group.subject is None:
        return frame.filter(pl.col(marked(name)).is_not_null() for name in dimensions(request))
    return frame.filter(pl.col(marked(request.by[0])) == group.subject)


def _queries(rows: Rows, group: Group, part: Part, frame: pl.LazyFrame) -> tuple[pl.LazyFrame, ...]:
    """How many rows met which fate; the value by the measure's own aggregate; the first used rows."""
    setting = rows.setting
    compile_ = compiler(setting, part, group.span)
    fated = frame.with_columns(_fate(rows, group, part).alias(FATE))
    counts = fated.group_by(FATE).agg(pl.len().cast(pl.Int64))
    left = fated.filter(pl.col(FATE).is_in([CONDITION, EMPTY, USED]) | pl.col(FATE).is_in(_marks(rows, group, part)))
    value = finished(setting, replace(rows.request(group), by=()), group.span, [part], left, True).select(
        value_of(part)
    )
    first = listed(setting.world, part, compile_, fated.filter(pl.col(FATE) == USED), rows.most)
    return counts, value, first


def _marks(rows: Rows, group: Group, part: Part) -> list[str]:
    """Fates that the measure itself tells from the rows: exclusions from this KPI alone."""
    return [e.mark for e in rows.exclusions(group) if e.mark in part.marks]


def _fate(rows: Rows, group: Group, part: Part) -> pl.Expr:
    """The first reason why a row was not used, in the order in which measuring leaves rows out."""
    setting = rows.setting
    met, value = selection(part, compiler(setting, part, group.span))
    reasons = [] if part.as_of is not None else [(_not(inside(setting, part, group.span)), OUTSIDE)]
    # Versions of nobody the card knows, or of a day on which its `who` does not hold.
    reasons += [(_not(condition), SCOPE) for condition in scope(setting, rows.request(group))]
    for exclusion in rows.exclusions(group):
        if not exclusion.kpis or exclusion.mark in part.marks:
            reasons.append((pl.col(exclusion.mark), exclusion.mark))
    if met is not None:
        reasons.append((_not(met), CONDITION))
    if value is not None:
        reasons.append((value.is_null(), EMPTY))
    fate = pl.lit(USED)
    for condition, what in reversed(reasons):
        fate = pl.when(condition).then(pl.lit(what)).otherwise(fate)
    return fate


def _not(condition: pl.Expr) -> pl.Expr:
    """An unknown condition is not met."""
    return ~condition.fill_null(False)


def _source(
    rows: Rows, group: Group, part: Part, count: int, counts: pl.DataFrame, value: pl.DataFrame, first: pl.DataFrame
) -> Source:
    met: dict[str, int] = dict(counts.iter_rows())
    if (unbegun := count - sum(met.values())) > 0:
        met[OUTSIDE] = met.get(OUTSIDE, 0) + unbegun
    known = {exclusion.mark: exclusion for exclusion in rows.exclusions(group)}
    marks = [mark for mark in known if mark in met]
    fates = [Fate(what, met[what]) for what in (USED, EMPTY, CONDITION, OUTSIDE, SCOPE) if what in met]
    fates += [Fate(EXCLUDED, met[mark], known[mark].id, known[mark].reason, known[mark].approved_by) for mark in marks]
    return Source(
        table=part.table,
        kind=part.kind,
        formula="rows" if part.value is None else formula.render(part.value),
        where=None if part.where is None else formula.render(part.where),
        q=part.q,
        at=str(part.at),
        as_of=part.as_of,
        parameters=_parameters(rows.setting, group, part),
        value=value.item(),
        rows=max(count, sum(met.values())),
        fates=tuple(fates),
        listed=by_name(shown(rows.setting.world, part, first), rows.exports),
        hidden=is_hidden(rows.setting.world, part),
    )


def _parameters(setting: Setting, group: Group, part: Part) -> dict[str, float | str]:
    """Those that the part's formulas read."""
    read = {str(node.value) for tree in (part.value, part.where) if tree is not None for node in params(tree)}
    found = setting.parameters(part, group.span)
    return {
        name: f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else float(value)
        for name, value in sorted(found.items())
        if name in read
    }
