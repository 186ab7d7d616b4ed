"""The functions that notebooks use say what the commands say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ccmetrics
from ccmetrics import run
from ccmetrics.problem import UsageRefused

SAMPLE = Path(__file__).parents[1] / "sample_data"


def test_score_gives_the_frame_of_one_card() -> None:
    found = ccmetrics.score(SAMPLE, card="vendor", period="2026-10")
    assert found.equals(run.score([SAMPLE], cards=["vendor"], period="2026-10").scorecards[0].scores)
    assert found["subject"].to_list() == ["Northline", "Suncall"]


def test_measure_gives_values_by_group() -> None:
    found = ccmetrics.measure([SAMPLE], ["answer_rate"], by=["queue_id"], period="2026-10")
    assert found.columns[:2] == ["queue_id", "period"]
    there = found.filter(found["value"].is_not_null())
    assert there.height > 3
    assert (there["value"] == there["numerator"] / there["denominator"]).all()


def test_check_finds_nothing_in_the_built_in_catalogue() -> None:
    assert ccmetrics.check() == []


def test_a_card_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageRefused, match="Did you mean 'agent'"):
        ccmetrics.score(SAMPLE, card="agnet")


def test_importing_the_package_imports_no_polars() -> None:
    code = "import sys, ccmetrics; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
