"""KPI values as tables: a row a KPI, or, by dimensions, a row a group and a column a KPI.

In: a measurement. Out: plain values for the templates.
Refuses to know: scores, markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ccmetrics.render.detail import count, interval
from ccmetrics.render.named import defined, full_name
from ccmetrics.render.numbers import ABSENT, shown
from ccmetrics.render.words import say
from ccmetrics.scorecard import Measurement

Row = dict[str, Any]
Key = tuple[str, str]
AT_ONCE = 8
"""KPIs beside each other: what a sheet of A4 and a desk have room for. The next stand in a table below."""


@dataclass(frozen=True)
class Grid:
    heads: tuple[str, ...]
    keys: int
    """How many columns say whose a row is."""
    rows: tuple[tuple[str, ...], ...]


def grids(measured: Measurement, lang: str) -> list[Grid]:
    rows = measured.values.to_dicts()
    if not measured.by:
        return [_by_kpi(measured, rows, lang)]
    # What a group has no row of is not there: it has no value and no reason either.
    groups: dict[tuple[Any, ...], dict[Key, Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in measured.by), {})[row["kpi"], row["variant"]] = row
    keys = list(dict.fromkeys((row["kpi"], row["variant"]) for row in rows))
    parts = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
    return [_by_group(measured, groups, part, lang) for part in parts]


def _by_kpi(measured: Measurement, rows: list[Row], lang: str) -> Grid:
    heads = tuple(say(key, lang) for key in ("kpi", "value", "n", "interval", "reason"))
    return Grid(heads, 1, tuple(tuple(_cells(measured, row, lang)) for row in rows))


def _cells(measured: Measurement, row: Row, lang: str) -> Iterator[str]:
    own = defined(measured.catalogue, row["kpi"], row["variant"])
    yield full_name(measured.catalogue, row["kpi"], row["variant"], lang)
    yield shown(row["value"], own.unit, own.display, lang)
    yield count(row["n"])
    yield interval(row, own, lang)
    yield say(row["reason"], lang) if row["reason"] else ""


def _by_group(
    measured: Measurement, groups: Mapping[tuple[Any, ...], Mapping[Key, Row]], keys: list[Key], lang: str
) -> Grid:
    def value(key: Key, found: Mapping[Key, Row]) -> str:
        own = defined(measured.catalogue, *key)
        return shown(found[key]["value"], own.unit, own.display, lang) if key in found else ABSENT

    heads = (*measured.by, *(full_name(measured.catalogue, kpi, variant, lang) for kpi, variant in keys))
    rows = (
        (*(ABSENT if name is None else str(name) for name in group), *(value(key, found) for key in keys))
        for group, found in groups.items()
    )
    return Grid(heads, len(measured.by), tuple(rows))
