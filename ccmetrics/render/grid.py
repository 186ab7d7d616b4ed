"""KPI values as tables: a row a KPI, or, by dimensions, a row a group and a column a KPI.

In: a measurement. Out: the parts of a terminal page.
Refuses to know: scores, files, the terminal itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ccmetrics.render.detail import count, interval
from ccmetrics.render.look import Look
from ccmetrics.render.named import full_name, kpi_name
from ccmetrics.render.numbers import ABSENT, shown
from ccmetrics.render.page import Column, fit, line, table, text
from ccmetrics.render.words import say
from ccmetrics.run import Measurement

MOST = 200
"""Groups shown on a screen; a file holds them all."""


def grid(measured: Measurement, look: Look) -> Iterator[RenderableType]:
    if measured.values.is_empty():
        yield text(say("nothing-measured", look.lang))
    elif measured.by:
        yield from _by_group(measured, look)
    else:
        yield _by_kpi(measured, look)


def _by_kpi(measured: Measurement, look: Look) -> RenderableType:
    lang, rows = look.lang, measured.values.to_dicts()
    own = [measured.catalogue.kpis[row["kpi"]].variant(row["variant"] or None) for row in rows]
    pairs = list(zip(rows, own, strict=True))
    ids = [f"{row['kpi']}.{row['variant']}" if row["variant"] else row["kpi"] for row in rows]
    first = [
        Column(say("fact-id", lang), [text(name) for name in ids]),
        Column(say("value", lang), [text(shown(row["value"], o.unit, o.display, lang)) for row, o in pairs], True),
        Column(say("n", lang), [text(count(row["n"])) for row in rows], True),
    ]
    more = [
        Column(say("interval", lang), [text(interval(row, o, lang)) for row, o in pairs], True),
        Column(say("kpi-name", lang), [text(kpi_name(measured.catalogue, row["kpi"], lang)) for row in rows]),
    ]
    if any(row["reason"] for row in rows):
        more.insert(0, Column(say("reason", lang), [text(say(r["reason"], lang) if r["reason"] else "") for r in rows]))
    return table(fit(first, more, look)[0], look)


def _by_group(measured: Measurement, look: Look) -> Iterator[RenderableType]:
    """As many tables below each other as the KPIs need: nothing asked for is left out."""
    by = list(measured.by)
    groups = measured.values.select(by).unique(maintain_order=True)
    shown_groups = groups.head(MOST).with_row_index("@at")
    keys = [Column(name, [text(ABSENT if v is None else str(v)) for v in shown_groups[name]], most=28) for name in by]
    left = _columns(measured, shown_groups, look.lang)
    while left:
        columns, rest = fit(keys, left, look)
        if len(rest) == len(left):  # Not even one fits: it is shown all the same.
            columns, rest = [*keys, left[0]], left[1:]
        yield table(columns, look)
        left = rest
        if left:
            yield Text()
    if groups.height > MOST:
        yield line(say("groups-cut", look.lang, n=f"{groups.height - MOST:,}"))


def _columns(measured: Measurement, groups: pl.DataFrame, lang: str) -> list[Column]:
    found = []
    for (name, variant), part in measured.values.group_by(["kpi", "variant"], maintain_order=True):
        own = measured.catalogue.kpis[str(name)].variant(str(variant) or None)
        placed = groups.join(part, on=list(measured.by), how="left", nulls_equal=True, maintain_order="left")
        cells = [text(shown(value, own.unit, own.display, lang)) for value in placed["value"]]
        found.append(Column(full_name(measured.catalogue, str(name), str(variant), lang), cells, True))
    return found
