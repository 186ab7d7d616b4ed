"""The oracle itself against figures others published about two real call logs, so that it may judge the product.

In: the logs beside the checkout, where they are. Out: pass, fail, or skipped.
Refuses to know: the package and its layouts; the logs are read here by hand.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import reckon
from tests.oracle.duck import Center, definitions

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
QUARTER = (date(2021, 1, 1), date(2021, 3, 31))
NEEDED = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout")


def clock(text: str) -> float | None:
    hours, minutes, seconds = (int(part) for part in text.split(":")) if text else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds if text else None


def read(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def center(tables: dict[str, list[dict[str, Any]]]) -> Center:
    made = Center(definitions(ROOT / "configs"), tables, {name: list(rows[0]) for name, rows in tables.items()})
    reckon.prepare(made, ["agent_id"])
    return made


@pytest.fixture(scope="module")
def phone() -> Center:
    calls = read("phone_now/calls_comma_bom.csv")
    interactions = [
        {
            "interaction_id": row["Call Id"],
            "agent_id": row["Agent"],
            "direction": "inbound",
            "started_at": datetime.fromisoformat(row["Date"]) + timedelta(seconds=clock(row["Time"]) or 0),
            "outcome": "answered" if row["Answered (Y/N)"] == "Y" else "abandoned",
            "resolved": row["Resolved"] == "Y",
            "wait_s": row["Speed of answer in seconds"] or None,
            "talk_s": clock(row["AvgTalkDuration"]),
        }
        for row in calls
    ]
    surveys = [
        {
            "survey_id": row["Call Id"],
            "interaction_id": row["Call Id"],
            "csat": row["Satisfaction rating"],
            "answered_at": called["started_at"],
        }
        for row, called in zip(calls, interactions, strict=True)
        if row["Satisfaction rating"]
    ]
    return center({"interactions": interactions, "surveys": surveys})


WHOLE = {
    "answer_rate.of_offered": 4054 / 5000,
    "abandonment_rate.of_offered": 946 / 5000,
    "fcr.agent_flag": 3646 / 4054,
    "asa.of_answered": 67.5207,
    "csat.mean": 3.40355,
    "csat.top2": 0.49901,
    "average_talk": 911837 / 4054,
    "service_level.of_offered": 374 / 5000,
    "service_level.of_answered": 374 / 4054,
}
AGENTS = """Becky|631|517|462|65.3308|220.0097|3.3714
Dan|633|523|471|67.2830|231.1893|3.4474
Diane|633|501|452|66.2675|218.9541|3.4052
Greg|624|502|455|68.4442|226.8028|3.4044
Jim|666|536|485|66.3433|228.1138|3.3937
Joe|593|484|436|70.9876|224.1012|3.3306
Martha|638|514|461|69.4883|223.7257|3.4708
Stewart|582|477|424|66.1845|226.2055|3.4004"""


@NEEDED
def test_a_quarter_of_calls(phone: Center) -> None:
    found, _ = reckon.values(phone, None, *QUARTER)
    for kpi, value in WHOLE.items():
        assert found[kpi][reckon.WHOLE] == pytest.approx(value, rel=1e-5), kpi
    january, _ = reckon.values(phone, None, date(2021, 1, 1), date(2021, 1, 31))
    assert january["answer_rate.of_offered"][reckon.WHOLE] == pytest.approx(0.8211, abs=5e-5)


@NEEDED
def test_the_agents_of_the_quarter(phone: Center) -> None:
    found, _ = reckon.values(phone, "agent_id", *QUARTER)
    for line in AGENTS.splitlines():
        agent, *numbers = line.split("|")
        calls, answered, resolved, asa, talk, csat = map(float, numbers)
        assert found["answer_rate.of_offered"][agent] == pytest.approx(answered / calls)
        assert found["fcr.agent_flag"][agent] == pytest.approx(resolved / answered)
        assert found["asa.of_answered"][agent] == pytest.approx(asa, abs=5e-5)
        assert found["average_talk"][agent] == pytest.approx(talk, abs=5e-5)
        assert found["csat.mean"][agent] == pytest.approx(csat, abs=5e-5)


@NEEDED
def test_a_day_of_a_bank() -> None:
    day = datetime(1999, 1, 4)
    queued = {"AGENT": "answered", "HANG": "abandoned"}
    rows = [
        {
            "interaction_id": f"{row['vru+line']}-{row['call_id']}",
            "direction": "inbound",
            "agent_id": row["server"] if row["server"] != "NO_SERVER" else None,
            "started_at": day + timedelta(seconds=clock(row["vru_entry"]) or 0),
            "outcome": queued[row["outcome"]] if row["outcome"] == "AGENT" or row["q_time"] != "0" else "ended_in_menu",
            "wait_s": row["q_time"],
            "talk_s": row["ser_time"] if row["outcome"] == "AGENT" else None,
        }
        for row in read("bank_day/calls.csv")
        if row["outcome"] != "PHANTOM"
    ]
    bank = center({"interactions": rows})
    found, _ = reckon.values(bank, None, day.date(), day.date())
    assert found["answer_rate.of_offered"][reckon.WHOLE] == pytest.approx(1511 / 2237)
    assert found["abandonment_rate.of_offered"][reckon.WHOLE] == pytest.approx(726 / 2237)
    assert found["asa.of_answered"][reckon.WHOLE] == pytest.approx(134.846, abs=5e-4)
    assert found["asa.of_waited"][reckon.WHOLE] == pytest.approx(163.920, abs=5e-4)
    assert found["service_level.of_answered"][reckon.WHOLE] == pytest.approx(404 / 1511)
    assert found["aht"][reckon.WHOLE] == pytest.approx(292_810 / 1511)
    agents, _ = reckon.values(bank, "agent_id", day.date(), day.date())
    assert agents["aht"]["SHARON"] == pytest.approx(21_828 / 164)
    assert agents["aht"]["AVI"] == pytest.approx(19_223 / 161)
    assert agents["aht"]["BENSION"] == pytest.approx(15_280 / 149)
