"""From what was measured to the facts of one card and period.

In: the world, everything measured by key, a card, a period. Out: its facts.
Refuses to know: points, goals, how rows were reduced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import polars as pl

from ccmetrics.catalogue.models import Card, Line, LinkedLine
from ccmetrics.period import Period, inside
from ccmetrics.plan import Key, Role
from ccmetrics.plan.cards import (
    DIMENSIONS,
    GOAL,
    against_last_year,
    earlier_in_year,
    is_blended,
    lasting_lines,
    line_ask,
    reach,
    unlisted_in_year,
    year_before,
)
from ccmetrics.stages.facts import AMID, CONDITION, LASTING, PARTS, PAST, TIMED_BY, Facts
from ccmetrics.stages.measure import Measured
from ccmetrics.stages.measure.values import column_of, pooled, values
from ccmetrics.stages.world import World
from ccmetrics.stages.world.people import bases, people, segments_of_days
from ccmetrics.stages.world.reconcile import timed_by
from ccmetrics.stages.world.span import first_day_of
from ccmetrics.stages.world.subjects import subjects

Book = Mapping[Key, Measured]
"""Everything that was measured for a run."""


def gather(world: World, book: Book, card: Card, period: Period) -> Facts:
    """All that one score of the card takes. What links it to other cards and cycles is added by the run."""
    found = of_subjects(world, card, book[card.card, Role.OWN, period.label], period)
    who = subjects(world, card, period, found.filter(pl.col("cycles") == 1)["subject"])
    persons = people(world, card, period, who)
    own = book[card.card, Role.OWN, period.label]
    return Facts(
        period=period,
        values=found,
        pooled=pooled(own, parameters(world, period)),
        subjects=who,
        people=persons,
        bases=bases(world, card, period, who),
        timed_by=_timed_by(world, card, period, who),
        parts=_parts(world, book, card, period, persons),
        past=_past(world, book, card, period, persons),
        around=_around(world, book, card, period, persons),
        lasting=_lasting(world, book, card, period, who),
    )


def _timed_by(world: World, card: Card, period: Period, who: pl.DataFrame) -> pl.DataFrame:
    lines = list(_timed(world, card))
    if not lines:
        return pl.DataFrame(schema=TIMED_BY)
    longest = min((reach(line, period) for line in lines), key=lambda span: span.start)
    return timed_by(world, card.subject, who["subject"], longest)


def _timed(world: World, card: Card) -> Iterator[Line]:
    """The lines that are made of handle times, those of cards it is linked to, too."""
    measures = world.catalogue.measures
    for line in card.kpis:
        if isinstance(line, LinkedLine):
            yield from _timed(world, world.catalogue.cards[line.linked_card])
        elif any("handle_s" in measures[name].formula for name in line_ask(world.catalogue, card, line).measures):
            yield line


def of_subjects(world: World, card: Card, measured: Measured, period: Period) -> pl.DataFrame:
    """Measured values with their subject as such, and no longer by the name of its dimension, which may be any word;
    rows of nobody are left aside."""
    found = values(measured, parameters(world, period))
    if card.subject == "center":
        return found.with_columns(subject=pl.lit("center"))
    return found.rename({column_of(card.subject): "subject"}).filter(pl.col("subject").is_not_null())


def parameters(world: World, period: Period) -> dict[str, float | datetime]:
    start, end = world.clock.bounds(period)
    return {**world.catalogue.project.parameters, "period_start": start, "period_end": end}


def _parts(world: World, book: Book, card: Card, period: Period, persons: pl.DataFrame) -> pl.DataFrame:
    """The denominators of the parts of goals: by subject, segment and day."""
    found = [pl.DataFrame(schema=PARTS)]
    for index, line in enumerate(card.kpis):
        if isinstance(line, Line) and line.segments and line.segments.by == "day_kind":
            found.append(_days_of_kinds(world, index, reach(line, period), persons))
        measured = book.get((card.card, f"{GOAL}.{index}", period.label))
        if measured is None or not isinstance(line, Line) or not is_blended(line, period):
            continue
        rows = of_subjects(world, card, measured, period).filter(pl.col("cycles") == line.window)
        rows = rows.with_columns(pl.col("day").str.to_date("%Y-%m-%d"))
        by = line.segments.by if line.segments else None
        if by is None:
            segment = rows.with_columns(segment=pl.lit(None, dtype=pl.String))
        elif by in DIMENSIONS:
            column = "subject" if DIMENSIONS[by] == card.subject else column_of(DIMENSIONS[by])
            segment = rows.with_columns(segment=pl.col(column))
        else:
            segment = segments_of_days(world, rows, by, persons)
        placed = segment.with_columns(line=pl.lit(index, dtype=pl.Int32), amount=pl.col("value"))
        found.append(placed.filter(pl.col("amount") > 0).select(pl.col(n).cast(d) for n, d in PARTS.items()))
    return pl.concat(found)


def _days_of_kinds(world: World, index: int, period: Period, persons: pl.DataFrame) -> pl.DataFrame:
    """The calendar itself, for goals by kind of day of whoever has no denominator: nobody's rows, one a day."""
    days = pl.DataFrame({"day": pl.date_range(period.start, period.end, closed="left", eager=True)})
    placed = segments_of_days(world, days, "day_kind", persons).with_columns(subject=None, line=index, amount=1.0)
    return placed.select(pl.col(n).cast(d) for n, d in PARTS.items())


def _past(world: World, book: Book, card: Card, period: Period, persons: pl.DataFrame) -> pl.DataFrame:
    """Last year's values that goals are stated against."""
    found = [pl.DataFrame(schema=PAST)]
    for index, line in enumerate(card.kpis):
        if not isinstance(line, Line):
            continue
        curves = [line, *(line.segments.curves.values() if line.segments else ())]
        variant = line.variant or world.catalogue.kpis[line.kpi].default or ""
        for of, align in dict.fromkeys((g.of, g.align) for curve in curves for g in against_last_year(curve)):
            role = Role.LAST_YEAR_TEAM if of == "team" else Role.LAST_YEAR
            past = year_before(period, align)
            measured = None if past is None else book.get((card.card, role, past.label))
            if past is None or measured is None:
                continue
            rows = _last_year_of(world, card, measured, past, of, persons)
            mine = rows.filter((pl.col("kpi") == line.kpi) & (pl.col("variant") == variant) & (pl.col("cycles") == 1))
            if world.catalogue.kpis[line.kpi].cumulative:
                mine = _of_one_cycle(mine, subjects(world, card, past), max(1, len(inside(period, card.cycle))))
            since = _amid(world, measured, (line.kpi, variant), past)
            mine = mine.with_columns(amid=pl.lit(since, AMID), value=pl.lit(None) if since else "value")
            about = {"line": index, "of": of, "align": align, "period": past.label}
            told = mine.with_columns(pl.lit(value).alias(name) for name, value in about.items())
            found.append(told.select(pl.col(n).cast(d) for n, d in PAST.items()))
    return pl.concat(found)


def _of_one_cycle(rows: pl.DataFrame, then: pl.DataFrame, cycles: int) -> pl.DataFrame:
    """Totals as a full timer's of one cycle, as goals are stated: the score multiplies them by cycles and presence."""
    there = rows.join(then.select("subject", "presence"), on="subject", how="left", maintain_order="left")
    share = pl.col("presence").fill_null(1.0) * cycles
    return there.with_columns(value=pl.when(share > 0).then(pl.col("value") / share))


def _amid(world: World, measured: Measured, kpi: tuple[str, str], past: Period) -> dict[str, object] | None:
    """Where the data of a KPI begin amid the period, so that it is not the whole of it; else nothing."""
    taken = measured.taken
    columns = {column for (*key, _), column in taken.columns.items() if tuple(key) == kpi}
    placed = {part.table for part in taken.parts if part.column in columns and part.as_of is None}
    placed = {table for table in placed if not world.is_dated(table)}
    declared = world.catalogue.project.covers
    days = {
        table: first_day_of(world, table)
        for table in placed
        if not (table in declared and declared[table].start <= past.start)
    }
    amid = {table: day for table, day in days.items() if day is not None and past.start < day < past.end}
    table = max(sorted(amid), key=lambda table: amid[table], default=None)
    return None if table is None else {"day": str(amid[table]), "table": table}


def _last_year_of(
    world: World, card: Card, measured: Measured, past: Period, of: str, persons: pl.DataFrame
) -> pl.DataFrame:
    if of == "card":
        rows = pooled(measured, parameters(world, past))
        return rows.with_columns(subject=pl.lit(None, dtype=pl.String))
    if of == "self":
        return of_subjects(world, card, measured, past)
    return _to_members(values(measured, parameters(world, past)), card, persons)


def _to_members(teams: pl.DataFrame, card: Card, persons: pl.DataFrame) -> pl.DataFrame:
    """What holds for a team told for each of its subjects."""
    if card.subject == "team":
        return teams.with_columns(subject=pl.col("team"))
    if "team" not in persons.columns:
        return teams.clear().with_columns(subject=pl.lit(None, dtype=pl.String))
    return persons.select("subject", "team").join(teams, on="team", how="inner", maintain_order="left")


def _around(world: World, book: Book, card: Card, period: Period, persons: pl.DataFrame) -> pl.DataFrame:
    found = [pl.DataFrame(schema=CONDITION)]
    for role in (Role.TEAM, Role.CENTER):
        measured = book.get((card.card, role, period.label))
        if measured is None:
            continue
        windows = {ask.key: ask.window for ask in measured.request.asks}
        rows = values(measured, parameters(world, period))
        rows = rows.filter(pl.col("cycles") == pl.col("kpi").replace_strict(windows, return_dtype=pl.Int32))
        if role == Role.TEAM:
            told = _to_members(rows, card, persons)
        else:
            told = persons.select("subject").join(rows, how="cross", maintain_order="left")
        found.append(told.rename({"kpi": "key"}).select(pl.col(n).cast(d) for n, d in CONDITION.items()))
    return pl.concat(found)


def _lasting(world: World, book: Book, card: Card, period: Period, who: pl.DataFrame) -> pl.DataFrame:
    """Conditions in every earlier cycle of the year; unknown on days of it that no cycle has."""
    found = [pl.DataFrame(schema=LASTING)]
    for cycle in earlier_in_year(period):
        measured = book.get((card.card, Role.LASTING, cycle.label))
        if measured is None:
            continue
        rows = of_subjects(world, card, measured, cycle).rename({"kpi": "key"})
        # Who has no rows is clean where others' were looked at, unknown where nobody's were.
        blank = pooled(measured, parameters(world, cycle)).rename({"kpi": "key"}).filter(pl.col("value").is_null())
        silent = who.select("subject").join(blank, how="cross").join(rows, on=["subject", "key"], how="anti")
        found += [each.select(pl.col(n).cast(d) for n, d in LASTING.items()) for each in (rows, silent)]
    keys = pl.DataFrame({"key": list(lasting_lines(card))}, schema={"key": pl.String})
    for gap in unlisted_in_year(period):
        unknown = {"value": None, "reason": "not-covered", "period": gap.label}
        rows = who.select("subject").join(keys, how="cross")
        rows = rows.with_columns(pl.lit(said).alias(name) for name, said in unknown.items())
        found.append(rows.select(pl.col(n).cast(d) for n, d in LASTING.items()))
    return pl.concat(found)
