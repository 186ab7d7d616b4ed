"""Small cards and frames for the tests of scoring: a card from plain data, values from plain tuples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from ccmetrics.catalogue.models import Card, Kpi
from ccmetrics.period import Period
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.score import Scores, score

OCTOBER = Period("2026-10", date(2026, 10, 1), date(2026, 11, 1), "month")
LOWER = {"aht"}
RANGE = {"occupancy"}
VALUES = {
    "subject": pl.String, "period": pl.String, "cycles": pl.Int32, "kpi": pl.String, "variant": pl.String,
    "value": pl.Float64, "n": pl.Int64, "numerator": pl.Float64, "denominator": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "se": pl.Float64, "reason": pl.String,
}  # fmt: skip
SUBJECTS = {"subject": pl.String, "name": pl.String, "team": pl.String, "presence": pl.Float64}


def kpi(name: str, **more: Any) -> Kpi:
    better = "lower" if name in LOWER else "range" if name in RANGE else "higher"
    plain = {
        "name": name, "category": "operational", "nature": "quality", "timing": "leading", "level": ["agent"],
        "unit": "points", "better": better, "formula": "a / b",
    }  # fmt: skip
    return Kpi.model_validate(plain | more)


def card(kpis: Iterable[Mapping[str, Any]], **more: Any) -> Card:
    plain = {"card": "agent", "title": "Agent", "subject": "agent_id", "kpis": list(kpis)}
    return Card.model_validate(plain | more)


def straight(name: str, weight: float, **more: Any) -> dict[str, Any]:
    """A line on which a value of 0..120 is its own points."""
    return {"kpi": name, "weight": weight, "points": [[0, 0], [120, 120]], **more}


def rows(found: Iterable[tuple[Any, ...]], subject: bool = True) -> pl.DataFrame:
    """(subject, key, value[, n[, cycles[, reason[, variant]]]]) as the measured frame."""
    plain = []
    for who, key, value, *rest in found:
        n, cycles, reason, variant = [*rest, *(None, 1, None, "")[len(rest) :]]
        plain.append((who, "2026-10", cycles, key, variant, value, n, None, None, None, None, None, reason))
    frame = pl.DataFrame(plain, schema=VALUES, orient="row")
    return frame if subject else frame.drop("subject")


def people(*names: str, presence: float | None = None) -> pl.DataFrame:
    return pl.DataFrame([(name, None, None, presence) for name in names], schema=SUBJECTS, orient="row")


def run(
    on: Card,
    found: Iterable[tuple[Any, ...]],
    peers: Iterable[tuple[Any, ...]] = (),
    subjects: pl.DataFrame | None = None,
    kpis: Mapping[str, Kpi] | None = None,
    period: Period = OCTOBER,
    **more: pl.DataFrame,
) -> Scores:
    """`more` are further frames of the facts: people, parts, past, linked, around, lasting, nets."""
    values = rows(found).with_columns(period=pl.lit(period.label))
    pooled = rows([("", *peer) for peer in peers], subject=False).with_columns(period=pl.lit(period.label))
    who = people(*sorted(set(values["subject"]))) if subjects is None else subjects
    known = {line.kpi: kpi(line.kpi) for line in on.kpis if line.kpi} | dict(kpis or {})
    return score(on, known, Facts(period, values, pooled, who, **more))


def printed(scores: Scores, subject: str = "A") -> float | None:
    return one(scores, subject)["score"]


def one(scores: Scores, subject: str = "A") -> dict[str, Any]:
    return scores.scores.filter(pl.col("subject") == subject).row(0, named=True)
