"""Intervals of means by the product and from DuckDB's sample variance of the same rows, exclusions from one KPI apart.

In: random centers. Out: pass, or each interval that differs.
Refuses to know: how the product comes by the squares of the rows, and its quantile of t.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from math import exp, lgamma, pi, sqrt
from pathlib import Path

import pytest

from ccmetrics.run import measure
from tests.oracle import chance, reckon
from tests.oracle.kpis import counts, variants
from tests.oracle.rewrite import names
from tests.oracle.test_agreement import OCTOBER, Both, both, whole

LEFT_OUT = "aht"


def means() -> list[tuple[str, str, str, str]]:
    """KPI, variant, the measure that is summed, the one that counts its rows."""
    found = []
    for kpi, about in whole()["kpis"].items():
        for variant, text in variants(about).items():
            body = about["variants"][variant] if variant else {}
            own = body.get("interval") if isinstance(body, dict) else None
            if (own or about.get("interval")) == "mean":
                found.append((kpi, variant, names(text)[0][0], str(counts(about, variant))))
    return found


def expected(
    given: Both, by: str, summed: str, counted: str, without: list[str]
) -> dict[str, tuple[float, int] | None]:
    """Standard error and n by group; nothing where a row is only summed or only counted, or all are alike."""
    reckoning = reckon.Reckoning(given.center, by, *OCTOBER)
    one, other = (whole()["measures"][name] for name in (summed, counted))
    table, group = one["table"], reckoning.group(one["table"])
    if group is None:
        return {}
    inside = reckoning.inside(table, one.get("at") or given.center.tables[table]["time"], None)
    value, where = reckoning._texts(table, one, "sum", None, {})
    met, also = reckoning._texts(table, other, "count", None, {})
    key = given.center.tables[table]["key"]
    kept = f"AND {key} NOT IN ({', '.join(map(repr, without))})" if without else ""
    rows = given.center.base.execute(
        f"""SELECT g, var_samp(v) FILTER (WHERE s AND c), count(*) FILTER (WHERE s AND v IS NOT NULL),
            count(*) FILTER (WHERE c), count(*) FILTER (WHERE c AND s AND v IS NOT NULL)
        FROM (SELECT {group} AS g, CAST({value} AS DOUBLE) AS v, ({where}) AS s, ({met}) AND ({also}) AS c
            FROM w_{table} WHERE ({inside}) {kept}) GROUP BY g"""
    ).fetchall()
    return {
        g: (sqrt(spread / n), n) if spread and n == counted_n == paired else None
        for g, spread, n, counted_n, paired in rows
        if g is not None
    }


@cache
def t95(freedom: int) -> float:
    """By halving, from the density added up by Simpson's rule."""
    scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(freedom * pi)

    def within(t: float, steps: int = 2000) -> float:
        width = t / steps
        heights = [scale * (1 + (k * width) ** 2 / freedom) ** (-(freedom + 1) / 2) for k in range(steps + 1)]
        return 2 * width / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]))

    low, high = 1.9, 13.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < 0.95 else (low, middle)
    return low


def differences(given: Both, by: str, without: list[str]) -> Iterator[str]:
    """Also that there was something to differ in."""
    met = 0
    asked = [f"{kpi}.{variant}" if variant else kpi for kpi, variant, *_ in means()]
    period = f"{OCTOBER[0]}..{OCTOBER[1]}"
    values = measure([given.folder], kpis=asked, by=[by], period=period, config=given.config).values
    found = {(row["kpi"], row["variant"], row[by]): row for row in values.iter_rows(named=True)}
    for kpi, variant, summed, counted in means():
        wanted = expected(given, by, summed, counted, without if kpi == LEFT_OUT else [])
        for (name, form, group), row in found.items():
            if (name, form) != (kpi, variant) or group is None:
                continue
            told = wanted.get(group) if row["value"] is not None else None
            ours = None if told is None else (told[0], row["value"] - t95(told[1] - 1) * told[0])
            theirs = None if row["se"] is None else (row["se"], row["low"])
            if (ours is None) != (theirs is None) or (ours and ours != pytest.approx(theirs, rel=1e-5, abs=1e-4)):
                yield f"{by}={group} {kpi}.{variant}: {theirs}, DuckDB {ours}"
            met += ours is not None
    if met < 40:
        yield f"only {met} intervals"


@pytest.mark.parametrize(("seed", "by"), [(0, "agent_id"), (1, "team"), (4, "queue_id")])
def test_intervals_of_means(seed: int, by: str, tmp_path: Path) -> None:
    tables = chance.center(whole()["tables"], seed)
    given = both(tmp_path, tables)
    without = [str(row["interaction_id"]) for row in tables["interactions"][::7]]
    with (given.folder / "exclusions.csv").open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(
            ["exclusion_id", "table", "row_id", "from", "to", "agent_id", "queue_id", "kpis", "reason", "approved_by"]
        )
        lines.writerows([n, "interactions", row, "", "", "", "", LEFT_OUT, "r", "b"] for n, row in enumerate(without))
    found = list(differences(given, by, without))
    assert not found, "\n".join([f"{len(found)} differ", *found[:30]])
