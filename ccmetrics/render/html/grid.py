"""KPI values as one table: a row a KPI, or, by dimensions, a row a group and a column a KPI.

In: a measurement. Out: plain values for the templates.
Refuses to know: scores, markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ccmetrics.render.detail import count, interval
from ccmetrics.render.named import defined, full_name
from ccmetrics.render.numbers import ABSENT, shown
from ccmetrics.render.words import say
from ccmetrics.scorecard import Measurement

Row = dict[str, Any]


@dataclass(frozen=True)
class Grid:
    heads: tuple[str, ...]
    keys: int
    """How many columns say whose a row is."""
    rows: tuple[tuple[str, ...], ...]


def grid(measured: Measurement, lang: str) -> Grid:
    rows = measured.values.to_dicts()
    return _by_group(measured, rows, lang) if measured.by else _by_kpi(measured, rows, lang)


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


def _by_group(measured: Measurement, rows: list[Row], lang: str) -> Grid:
    """What a group has no row of is not there: it has no value and no reason either."""
    keys = {(row["kpi"], row["variant"]): row for row in rows}
    groups: dict[tuple[Any, ...], dict[tuple[str, str], Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in measured.by), {})[row["kpi"], row["variant"]] = row
    heads = (*measured.by, *(full_name(measured.catalogue, kpi, variant, lang) for kpi, variant in keys))
    return Grid(
        heads, len(measured.by), tuple(_group(group, found, keys, measured, lang) for group, found in groups.items())
    )


def _group(
    group: tuple[Any, ...], found: dict[tuple[str, str], Row], keys: dict[tuple[str, str], Row], measured: Measurement,
    lang: str,
) -> tuple[str, ...]:  # fmt: skip
    def value(key: tuple[str, str]) -> str:
        own = defined(measured.catalogue, *key)
        return shown(found[key]["value"], own.unit, own.display, lang) if key in found else ABSENT

    return (*(ABSENT if name is None else str(name) for name in group), *(value(key) for key in keys))
