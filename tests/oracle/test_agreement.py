"""Every KPI of the catalogue, by the product from CSV files and by DuckDB from the same rows: the numbers must agree.

In: random centers, the sample. Out: pass, or each value that differs.
Refuses to know: how either side reckons.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ccmetrics.run import measure
from tests.oracle import chance, reckon
from tests.oracle.duck import Center, definitions
from tests.oracle.kpis import variants

ROOT = Path(__file__).resolve().parents[2]
LEVELS = (None, "agent_id", "team", "queue_id", "channel")
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
QUIET = date(2026, 10, 14)
"""A day on which nobody answers a survey of the center that is asked about it."""


@cache
def whole() -> dict[str, dict[str, Any]]:
    return definitions(ROOT / "configs")


def kpis() -> list[str]:
    return [f"{k}.{v}" if v else k for k, about in whole()["kpis"].items() for v in variants(about)]


@dataclass(frozen=True)
class Both:
    """The same rows as an export for the product and in DuckDB."""

    folder: Path
    config: Path
    center: Center

    def differences(self, by: str | None, days: Sequence[date] = OCTOBER) -> Iterator[str]:
        """Values that differ: counts at all, quotients by more than one in a billion.

        Two in the sixth decimal are let pass: there the product rounds a row, and engines break ties unlike.
        """
        theirs = self.product(by, f"{days[0]}..{days[1]}")
        ours, rest = reckon.values(self.center, by, *days)
        groups = {group for _, group in theirs} | {group for found in ours.values() for group in found}
        for kpi, group in product(kpis(), sorted(groups, key=str)):
            value, n, reason = theirs.get((kpi, group), (None, None, "no such group"))
            wanted = ours[kpi].get(group, rest[kpi])
            if not same(value, wanted):
                yield f"{by}={group} {kpi}: {value!r} ({reason}), DuckDB {wanted!r}"
            counted = ours.get(f"{kpi}#n", {}).get(group, rest.get(f"{kpi}#n"))
            if f"{kpi}#n" in ours and n != counted:
                yield f"{by}={group} {kpi}: n {n!r} ({reason}), DuckDB {counted!r}"

    def product(self, by: str | None, period: str) -> dict[tuple[str, str], tuple[float | None, int | None, str]]:
        asked = [by] if by else []
        found = measure([self.folder], kpis=kpis(), by=asked, period=period, config=self.config).values
        return {
            (f"{row['kpi']}.{row['variant']}" if row["variant"] else row["kpi"], row[by] if by else reckon.WHOLE): (
                row["value"],
                row["n"],
                row["reason"],
            )
            for row in found.iter_rows(named=True)
            if not by or row[by] is not None
        }


def both(folder: Path, tables: chance.Tables, offset_h: int = 0) -> Both:
    """Text cells, empty ones for nulls; instants say that they are UTC, whatever the center's own zone."""
    exports, config = folder / "exports", folder / "config"
    exports.mkdir()
    config.mkdir()
    zone = {0: "UTC", 8: "Asia/Shanghai"}[offset_h]
    (config / "project.yaml").write_text(f"project: {{extends: builtin, time_zone: {zone}}}\n", encoding="utf-8")
    for name, rows in tables.items():
        with (exports / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(rows[0])
            lines.writerows([text(value) for value in row.values()] for row in rows)
    center = Center(whole(), tables, {name: list(rows[0]) for name, rows in tables.items()}, offset_h)
    reckon.prepare(center, [level for level in LEVELS if level])
    return Both(exports, config, center)


def text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == pytest.approx(other, rel=1e-9, abs=2e-6)


def agree(found: Iterable[str]) -> None:
    lines = list(found)
    assert not lines, "\n".join([f"{len(lines)} differ", *lines[:40]])


@pytest.mark.parametrize("by", LEVELS)
def test_a_random_center(by: str | None, random_center: Both) -> None:
    agree(random_center.differences(by))


@pytest.fixture(scope="module")
def random_center(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return both(tmp_path_factory.mktemp("random"), chance.center(whole()["tables"], 0))


@pytest.mark.parametrize(("seed", "by"), [(1, "agent_id"), (2, "team"), (3, "queue_id")])
def test_far_from_greenwich(seed: int, by: str, tmp_path: Path) -> None:
    agree(both(tmp_path, chance.center(whole()["tables"], seed), offset_h=8).differences(by))


@pytest.mark.parametrize(("seed", "by"), [(10, None), (11, "team"), (12, "channel")])
def test_columns_missing(seed: int, by: str | None, tmp_path: Path) -> None:
    tables = chance.thinned(chance.center(whole()["tables"], seed), whole()["tables"], seed)
    agree(both(tmp_path, tables).differences(by))


@pytest.mark.parametrize("by", [None, "queue_id", "team"])
def test_reports_by_interval(by: str | None, tmp_path: Path) -> None:
    agree(both(tmp_path, chance.reports(whole()["tables"], 5)).differences(by))


def test_a_single_day(tmp_path: Path) -> None:
    agree(both(tmp_path, chance.center(whole()["tables"], 99)).differences("team", (QUIET, QUIET)))


def test_the_sample(tmp_path: Path) -> None:
    tables = {}
    for file in (ROOT / "sample_data").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            tables[file.stem] = [{k: v or None for k, v in row.items()} for row in csv.DictReader(lines)]
    del tables["exclusions"]
    agree(both(tmp_path, tables).differences(None))
