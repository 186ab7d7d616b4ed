"""Rules of other products and published definitions, asked for as a user asks: by the command line.

In: the definitions and made-up rows under tests/peers. Out: the figures their own documents state, or hand computation.
Refuses to know: how the product computes anything.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccmetrics.cli import app

HERE = Path(__file__).parent / "peers"
CONFIG = str(HERE / "config")


def asked(*words: str) -> list[dict[str, str]]:
    done = CliRunner().invoke(app, [*words, "--period", "2026-10", "--format", "csv", "--quiet"])
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def scores(card: str) -> dict[str, float | None]:
    rows = asked("score", str(HERE / "rules"), "--config", CONFIG, "--card", card)
    return {row["subject"]: float(row["score"]) if row["score"] else None for row in rows if row["row"] == "total"}


def values(folder: str, kpis: str, *by: str) -> dict[str, float]:
    rows = asked("measure", str(HERE / folder), "--kpi", kpis, *(("--by", *by) if by else ()))
    return {".".join(filter(None, (*(row[b] for b in by), row["variant"]))): float(row["value"]) for row in rows}


RULES = {
    # (400 - 300) / (400 - 250); somebody's 900 s are in the data and change nothing.
    "linear": {"H250": 100, "H300": 66.67, "H350": 33.33, "H400": 0, "H900": 0},
    # 40 + 10/20 x 40; 80 + 5/10 x 20; 40 + 2.5/20 x 40; beyond the last zone no more.
    "zones_higher": {"Q70": 60, "Q85": 90, "Q62": 45, "C1": 100},
    # 80 + 50/60 x 20 below 300 s; 40 + 50/100 x 40 at 350 s.
    "zones_lower": {"H250": 96.67, "H300": 80, "H350": 60, "H400": 40, "H900": 0},
    "target_area": {"U60": 30, "U80": 100, "U90": 50},
    # 75 less and more 5%: the edges themselves belong to the better band.
    "bands": {"Q70": 0, "Q7124": 0, "Q7125": 50, "Q7874": 50, "Q7875": 100, "Q85": 100},
    # (70 - 50) / (75 - 50), and (100 - 85) / (100 - 75) from above.
    "closer": {"Q70": 80, "Q85": 60, "Q62": 50, "C1": 20, "Q7125": 85, "Q7875": 85},
    "automatic_fail": {"C1": 0, "Q85": 85},
    # 60 x 30 + 62 x 30 + 95 x 20 + 90 x 20 is 73.6 of 100; without the first 55.6, of 70 that is 79.43; with the
    # peers' 78 instead 79.0.
    "missing_withhold": {"M4": 73.6, "M3": None},
    "missing_floor": {"M4": 73.6, "M3": 55.6},
    "missing_redistribute": {"M4": 73.6, "M3": 79.43},
    "missing_neutral": {"M4": 73.6, "M3": 79.0},
}


@pytest.mark.parametrize("card", RULES)
def test_a_rule_of_another_product(card: str) -> None:
    found = scores(card)
    assert {subject: found[subject] for subject in RULES[card]} == RULES[card]


def test_a_small_sample_says_little() -> None:
    (row,) = [
        row
        for row in asked(
            "measure", str(HERE / "rules"), "--config", CONFIG, "--kpi", "satisfied_share", "--by", "agent_id"
        )
        if row["agent_id"] == "S18"
    ]
    assert (float(row["value"]), row["n"]) == (pytest.approx(15 / 18), "18")
    assert (round(float(row["low"]), 2), round(float(row["high"]), 2)) == (0.61, 0.94)


def test_six_service_levels_of_one_day() -> None:
    variants = {
        "abandons_within_count_as_met": 83.0, "of_answered": 86.0, "of_offered": 81.1, "abandons_within_ignored": 82.7,
        "short_abandons_count_as_met": 82.1, "short_abandons_ignored": 81.9,
    }  # fmt: skip
    names = ",".join(f"service_level.{name}" for name in variants)
    found = values("definitions", names, "queue_id")
    assert {name: round(found[f"six.{name}"] * 100, 1) for name in variants} == variants
    # 78% of 300 and 85% of 1,200.
    assert round(found["month.of_offered"] * 100, 1) == 83.6


def test_the_same_twenty_answers() -> None:
    found = values("definitions", "csat.top2,csat.mean")
    assert (found["top2"], round(found["mean"], 2)) == (0.5, 6.85)


def test_one_failed_evaluation_is_no_fail_of_the_mean() -> None:
    assert round(values("definitions", "quality_score.all")["all"], 2) == 52.97


def test_customers_who_called_once() -> None:
    assert round(values("customers", "fcr.customers_once")["customers_once"], 3) == 0.667
