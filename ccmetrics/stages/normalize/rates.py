"""Rates and means where totals should be: by the words of a column's name, and the percent signs in its cells.

In: names, and an export with the sources of a pre-aggregated table. Out: problems, or yes and no.
Refuses to know: what a weight does (totals). The mean of a day's percentages is not the day's percentage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from ccmetrics.catalogue.models import Table
from ccmetrics.problem import Place, Problem
from ccmetrics.stages.load import guarded
from ccmetrics.stages.load.recognize import fold
from ccmetrics.stages.normalize.feed import Feed, header_line, place, sources

WORDS = """
    avg average averages mean means median rate rates ratio share pct perc percent percentage per asa aht occupancy
    utilization promedio promedios media mediana tasa tasas porcentaje porcentajes moyenne taux pourcentage durchschnitt
    mittelwert quote prozent média taxa percentual
"""
MEANS = frozenset(WORDS.split())
SIGNS = ("%", "service level", "平均", "均值", "率", "百分比", "占比", "比例", "服务水平")
SPANS = frozenset({"interval", "date", "day", "hour", "week", "month", "period", "fecha", "intervalo", "hora"})
SPAN_SIGNS = ("日期", "时段", "时间段", "间隔", "小时")
IDS = frozenset({"id", "ids", "guid", "uuid"})
ID_SIGNS = ("号",)
ADDED = frozenset({"number", "money", "duration", "percent", "rating"})
"""Types of columns that are summed."""
LOOKED_AT = 1_000


def words(name: str) -> list[str]:
    """`AvgTalkDuration (s)`: avg, talk, duration, s."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W_]+", fold(parted))


def sounds_like_a_mean(name: str) -> bool:
    return _says(name, MEANS, SIGNS)


def looks_counted(header: Sequence[str]) -> bool:
    """Whether a header is that of a report by interval or day: a rate or mean, a span of time, and nothing's number."""
    numbered = any(_says(name, IDS, ID_SIGNS) for name in header)
    return (
        not numbered and any(_says(name, SPANS, SPAN_SIGNS) for name in header) and any(map(sounds_like_a_mean, header))
    )


def _says(name: str, whole: frozenset[str], signs: tuple[str, ...]) -> bool:
    return not whole.isdisjoint(words(name)) or any(sign in fold(name) for sign in signs)


def unweighted(feed: Feed, table: Table) -> Iterator[Problem]:
    """Columns of a pre-aggregated table that look like rates or means, and nothing makes totals of them."""
    if not table.aggregated:
        return
    for column, source in feed.columns.items():
        definition = table.columns.get(column)
        if definition is None or definition.type not in ADDED or source.weight is not None or source.total:
            continue
        for name in sources(source):
            why = _why(feed, feed.actual(name))
            if why:
                text = (
                    f"'{name}' {why}, and '{column}' of '{feed.table}' is a total: a mean of rates or means is not the "
                    f"true one. {_mend(feed)}"
                )
                at = Place(feed.raw.name, header_line(feed.raw), place(feed.raw, feed.actual(name)))
                yield Problem(at, "unweighted-mean", text)


def _why(feed: Feed, name: str) -> str:
    if feed.layout is not None and sounds_like_a_mean(name):
        return "sounds like a rate or mean"
    signed = pl.col(name).cast(pl.String, strict=False).str.contains("%", literal=True).any()
    found = guarded(lambda: feed.raw.frame.head(LOOKED_AT).select(signed).collect().item(), feed.raw.name)
    return "holds percentages" if found else ""


def _mend(feed: Feed) -> str:
    if feed.layout is None:
        return "Export totals, or read the file by a layout that says the `weight:` of such a column."
    return "Say in the layout its `weight:`, the column it is a mean over; or `total: true`, if it is a total."
