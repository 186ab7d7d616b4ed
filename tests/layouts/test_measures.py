"""What the sample of each layout measures to, reckoned by hand from the sample.

In: the samples of tests/layouts, the built-in definitions, and one measure of our own. Out: pass or fail.
Refuses to know: how the product reads or counts; it is asked as a user asks it.
"""

from __future__ import annotations

import os
from fractions import Fraction
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from ccmetrics import run

HERE = Path(__file__).parent
FRAGMENTS = Path(os.environ.get("CCMETRICS_SHARED_DATA") or HERE.parents[2] / "shared" / "data") / "fragments"

FIGURES = {
    ("phone_now", "2026-09"): {
        "answer_rate": "3/4",
        "aht": "3778/3",  # 143 + 3605 + 30
        "csat.mean": "5/2",
    },
    # The phantom is no call; one hung up in the queue, one in the menu.
    ("bank_day", "1999-01-01"): {"answer_rate": "3/4", "aht": "243/3", "asa": "52/3"},
    # Offered: c-0001, c-0003, c-0008. Handled: 227, 600, 120, 295, 565 and 1200 s. Rung up: c-0005 and c-0006.
    ("amazon_connect_ctr", "2026-09-03"): {
        "answer_rate": "2/3",
        "abandonment_rate": "1/3",
        "asa": "45/2",
        "aht": "3007/6",
        "connect_rate": "1/2",
        "transfer_rate.per_leg": "1/6",
    },
    # Where outbound contacts were handled too, nobody knows how long the incoming ones took.
    ("amazon_connect_historical", "2026-09-03"): {
        "answer_rate": "355/374",
        "service_level": "190/374",
        "asa": "14100/355",
        "aht": "127495/337",
    },
    # December is another month; in and out is neither.
    ("genesys_interactions", "2025-06"): {"answer_rate": "3/4", "connect_rate": "1/1"},
    # Handled: 255.5, 1590, 400 and 200 s.
    ("genesys_interactions_metrics", "2025-06"): {"answer_rate": "3/4", "aht": "4891/8", "asa": "377/3"},
    # Handled: 675, 1150, 3723 and 240 s.
    ("genesys_interactions_es", "2025-06"): {"answer_rate": "2/4", "aht": "5788/4", "asa": "104/2"},
    ("genesys_agents", "2025-06"): {"aht": "25943/98"},  # 6610 + 300 + 6000 + 61.5 s, 20 + 3 + 25 + 1 handled
    ("genesys_agent_status", "2025-06"): {"time_available": "78001/4"},  # 5400.25 + 14100
    ("nice_cxone", "2026-09"): {"aht": "1225/3", "average_wrap": "75/3"},
    # Inbound: one answered, one left the queue, one before it. Outbound: two of five reached somebody.
    ("five9", "2026-09-03"): {"answer_rate": "1/2", "abandonment_rate": "1/2", "connect_rate": "2/5"},
    ("avaya_cms_intervals", "2026-09-03"): {
        "answer_rate": "462/479",
        "service_level": "394/479",
        "asa": "7883/462",
        "aht": "132985/462",
    },
    ("phone_now_semicolon", "2026-09"): {"answer_rate": "3/4", "aht": "3778/3", "csat.mean": "5/2"},
    # Six first legs, of which two left the queue; one call went on to a second agent, and one is not over yet. Waits of
    # 6, 40 and 5 s (one is unknown), talks of 25, 49, 92 and 60 s.
    ("asterisk_queue_log", "2026-09-03"): {
        "answer_rate": "4/6",
        "abandonment_rate": "2/6",
        "asa": "51/3",
        "average_talk": "226/4",
        "transfer_rate.per_leg": "1/5",
    },
    ("asterisk_cdr", "2026-09-03"): {"average_talk": "240/1"},
    ("vocalcom", "2026-09"): {"average_talk": "240/1", "average_wrap": "20/1"},
    ("google_ccai", "2026-09"): {"csat.mean": "7/2"},
    ("huawei_cec", "2026-09-03"): {"average_talk": "351/4"},  # 231, 60, 30 and 30 s
    ("zendesk_tickets", "2026-09"): {"csat": "1/2"},
    ("zendesk_explore", "2026-09"): {"csat": "1/2"},
    # By days in UTC, where all four calls are on one, and the first of these is still in the day before.
    ("hotline_zh", "2026-09-03"): {"answer_rate": "2/4", "average_talk": "163/2"},
    ("collections_zh", "2026-09-03"): {"connect_rate": "2/4", "average_talk": "695/2"},
    ("outbound_zh", "2026-03"): {"connect_rate": "1/2", "average_talk": "38/1"},
}
"""Layout and period: KPI, and its value as the division it is."""

OWN = """
project: {extends: builtin}

measures:
  time_available: {table: intervals, sum: available_s, unit: s}

kpis:
  time_available:
    name: Time available, as another system counted it
    category: operational
    nature: efficiency
    timing: leading
    unit: s
    better: higher
    level: [agent, center]
    formula: time_available
    expect:
      - {given: {time_available: 7}, value: 7}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    return folder


@cache
def measured(path: Path, kpis: tuple[str, ...], period: str, config: Path, by: tuple[str, ...] = ()) -> pl.DataFrame:
    return run.measure([path], kpis=kpis, by=by, period=period, config=config).values


@pytest.mark.parametrize(("layout", "period"), FIGURES, ids=lambda value: value)
def test_a_sample_measures_to_what_was_reckoned_by_hand(own: Path, layout: str, period: str) -> None:
    figures = FIGURES[layout, period]
    for sample in sorted((HERE / layout).glob("sample*")):
        found = measured(sample, tuple(figures), period, own)
        assert found.height == len(figures)
        for row, (kpi, division) in zip(found.iter_rows(named=True), figures.items(), strict=True):
            assert row["kpi"] == kpi.partition(".")[0]
            assert row["value"] is not None, f"{kpi}: {row['reason']}"
            assert row["value"] == pytest.approx(float(Fraction(division)), abs=1e-9), f"{sample.name}: {kpi}"


@pytest.mark.skipif(not FRAGMENTS.is_dir(), reason="the real exports are not beside this checkout")
def test_two_real_contacts_delivered_four_times(own: Path) -> None:
    path = FRAGMENTS / "amazon_connect_ctr_duplicates.jsonl"
    found = measured(path, ("aht",), "2022", own, ("agent_id",))
    assert dict(found.select("agent_id", "value").rows()) == {"agent1": 465.0, "admin1": 65.0}
    assert measured(path, ("aht",), "2022", own)["numerator"].to_list() == [530.0]


@pytest.mark.skipif(not FRAGMENTS.is_dir(), reason="the real exports are not beside this checkout")
def test_two_real_calls_in_a_queue(own: Path) -> None:
    """`CONNECT|6`, `COMPLETECALLER|6|25|1`, and another system's call that waited 2 and was talked to for 4 seconds."""
    path, kpis = FRAGMENTS / "queue_log.txt", ("asa", "average_talk", "answer_rate")
    assert measured(path, kpis, "2023-11", own)["value"].to_list() == [6.0, 25.0, 1.0]
    assert measured(path, kpis, "2010-02", own)["value"].to_list() == [2.0, 4.0, 1.0]
    accounts = run.measure([path], kpis=kpis, period="2023-11", config=own).accounts
    assert [(each.read, each.used, each.folded, each.filtered, each.outside) for each in accounts] == [(7, 1, 4, 1, 1)]


@pytest.mark.skipif(not FRAGMENTS.is_dir(), reason="the real exports are not beside this checkout")
def test_a_real_header_in_chinese_without_a_call(own: Path) -> None:
    found = run.measure([FRAGMENTS / "hotline_gb2312_header.csv"], kpis=["answer_rate"], period="2026-09", config=own)
    assert found.values["value"].to_list() == [None]
    assert [(each.read, each.used) for each in found.accounts] == [(0, 0)]


def test_a_column_that_no_record_of_json_has_is_empty_in_all(own: Path, tmp_path: Path) -> None:
    """A small delivery: one contact, which asked for nobody. It has no agent and no queue, and names none."""
    lines = (HERE / "amazon_connect_ctr" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "delivery.jsonl"
    path.write_text(next(line for line in lines if '"ContactId":"c-0004"' in line), encoding="utf-8")
    found = run.measure([path], kpis=["answer_rate"], period="2026-09-03", config=own)
    assert found.values["denominator"].to_list() == [0]
    assert [(account.read, account.used) for account in found.accounts] == [(1, 1)]
    assert any("lacks: Agent.AfterContactWorkDuration" in notice for notice in found.notices)
