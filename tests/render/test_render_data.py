"""Formats for programs: exact, complete, harmless, the same bytes every time."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import BytesIO, StringIO
from unicodedata import category

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ccmetrics.problem import UsageRefused
from ccmetrics.render import tidy
from ccmetrics.render.csv import written
from ccmetrics.render.formats import FORMATS
from ccmetrics.render.look import Look
from ccmetrics.render.narrow import to_subject, to_valued
from tests.render.made_up import NAUGHTY, REJECTS, measurement, result, scorecard

LOOK = Look()
FIRST = ["card", "subject", "name", "period", "row", "item", "variant", "value", "unit", "target", "points", "weight",
         "n", "status", "reason"]  # fmt: skip


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode(), newline="")))


def test_csv_has_a_row_a_fact() -> None:
    found = rows(FORMATS["csv"].score(result(), LOOK))
    assert list(found[0])[: len(FIRST)] == FIRST
    assert {row["schema"] for row in found} == {"1"}
    a4 = [row for row in found if row["subject"] == "A4"]
    assert [(row["row"], row["item"]) for row in a4] == [
        ("kpi", "csat"), ("kpi", "aht"), ("kpi", "revenue"), ("kpi", "occupancy"), ("watch", "complaint_rate"),
        ("adjustment", "ideas adopted"), ("adjustment", "high-risk contact"), ("adjustment", "risk awareness"),
        ("adjustment", "a day missed"), ("adjustment", "rudeness"), ("total", "score"),
    ]  # fmt: skip
    csat, aht = a4[0], a4[1]
    assert (csat["value"], csat["n"], csat["status"], csat["reason"]) == ("0.75", "8", "neutral", "below-min-n")
    assert (aht["value"], aht["unit"], aht["target"], aht["points"], aht["weight"]) == (
        "375.0",
        "s",
        "300.0",
        "50.0",
        "30.0",
    )
    assert (a4[-1]["score"], a4[-1]["grade"], a4[-1]["rank"], a4[-1]["coverage"]) == ("67.67", "C", "4", "0.6")


def test_an_adjustment_that_did_not_act_has_no_factor() -> None:
    found = [row for row in rows(FORMATS["csv"].score(result(), LOOK)) if row["item"] == "risk awareness"]
    assert {row["subject"]: row["value"] for row in found if row["value"]} == {"A2": "1.05"}


def test_no_value_is_an_empty_cell_with_its_reason() -> None:
    found = [
        row for row in rows(FORMATS["csv"].score(result(), LOOK)) if row["subject"] == "A6" and row["row"] == "kpi"
    ]
    assert [(row["value"], row["points"] != "", row["reason"]) for row in found] == [
        ("", True, "no-rows"), ("", False, "no-rows"), ("", False, "no-rows"), ("", False, "no-rows"),
    ]  # fmt: skip


def test_numbers_read_back_as_themselves() -> None:
    numbers = [0.1 + 0.2, 1e-17, 1e22, 1 / 3, -0.5, 123456789.123456789]
    found = written(pl.DataFrame({"x": numbers})).decode().splitlines()[1:]
    assert [float(text) for text in found] == numbers
    assert found[0] == "0.30000000000000004"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_csv_text_that_a_spreadsheet_would_compute_is_text(start: str) -> None:
    frame = pl.DataFrame({"name": [f"{start}1+1", "plain-1"], "number": [-1.5, 2.0]})
    found = rows(written(frame))
    assert found[0]["name"].startswith("'")
    assert found[0]["number"] == "-1.5"
    assert found[1]["name"] == "plain-1"


def test_naughty_names_command_nobody() -> None:
    made = result(scorecard(NAUGHTY))
    for name in ("csv", "json"):
        text = FORMATS[name].score(made, LOOK).decode()
        assert not [c for c in text if category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"], name
    named = {row["subject"]: row["name"] for row in rows(FORMATS["csv"].score(made, LOOK))}
    assert named["A1"] == "'" + NAUGHTY["A1"]
    assert named["A5"] == "<script>alert(1)</script>"
    assert named["A7"] == r"'@SUM(1+1)\r\n-2"


def test_json_and_parquet_hold_names_as_they_are() -> None:
    made = result(scorecard(NAUGHTY))
    found = json.loads(FORMATS["json"].score(made, LOOK))
    assert {row["subject"]: row["name"] for row in found["cards"][0]["scores"]} == NAUGHTY
    frame = pl.read_parquet(BytesIO(FORMATS["parquet"].score(made, LOOK)))
    assert dict(frame.select("subject", "name").unique().rows()) == NAUGHTY


def test_json_is_complete_and_ends_with_a_newline() -> None:
    content = FORMATS["json"].score(result(), LOOK)
    found = json.loads(content)
    assert content.endswith(b"}\n")
    assert list(found) == [
        "schema", "period", "cards", "partial", "rejects", "inputs", "accounts", "notices", "provenance",
    ]  # fmt: skip
    assert found["schema"] == "ccmetrics.score/1"
    assert found["period"] == {"label": "2026-10", "from": "2026-10-01", "to": "2026-10-31", "cycle": "month"}
    (card,) = found["cards"]
    assert (len(card["scores"]), len(card["lines"]), len(card["adjustments"])) == (7, 28, 35)
    assert card["definition"]["kpis"][0]["target"] == 0.75
    calls = found["accounts"][0]
    assert calls["read"] == calls["used"] + calls["outside"] + calls["filtered"] + calls["duplicates"] + 3 == 1200
    assert calls["balances"]
    assert found["inputs"] == [
        {"name": "calls.csv", "sha256": "ab", "hashed": "file", "rows": 1200, "about": "delimited by ','"},
        {"name": "surveys.parquet", "sha256": "footer:cd", "hashed": "size and footer", "rows": 300, "about": ""},
    ]
    assert (found["partial"], found["rejects"]) == (False, {"rows": 0, "reasons": {}})
    assert list(found["provenance"]) == ["version", "polars", "catalogue", "inputs"]
    a4 = next(row for row in card["lines"] if row["subject"] == "A4" and row["kpi"] == "csat")
    assert a4["points"] == pytest.approx(106 + 2 / 3)


def test_json_has_a_line_for_every_row_of_a_frame() -> None:
    made = scorecard(NAUGHTY)
    lines = FORMATS["json"].score(result(made), LOOK).decode().split("\n")
    start = lines.index('   "scores": [') + 1
    found = [json.loads(line.removesuffix(",")) for line in lines[start : start + made.scores.height]]
    assert found == made.scores.to_dicts()
    assert lines[start + made.scores.height] == "   ],"
    assert '   "shares": [],' in lines


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_refuses_what_is_no_number(value: float) -> None:
    made = scorecard()
    broken = replace(made, lines=made.lines.with_columns(value=pl.lit(value)))
    with pytest.raises(ValueError, match="JSON compliant"):
        FORMATS["json"].score(result(broken), LOOK)


def test_json_says_that_a_result_is_partial() -> None:
    found = json.loads(FORMATS["json"].score(replace(result(), rejects=REJECTS), LOOK))
    assert (found["partial"], found["rejects"]) == (
        True,
        {"rows": 3, "reasons": {"bad-duration": 2, "short-row": 1}},
    )


def test_parquet_holds_the_same_as_csv() -> None:
    frame = pl.read_parquet(BytesIO(FORMATS["parquet"].score(result(), LOOK)))
    assert_frame_equal(frame, tidy.scores(result()))
    assert dict(frame.schema) == tidy.SCORE


def test_several_cards_are_told_apart() -> None:
    other = scorecard(more={"card": "senior"})
    found = rows(FORMATS["csv"].score(result(scorecard(), other), LOOK))
    assert {row["card"] for row in found} == {"agent", "senior"}
    assert sum(row["row"] == "total" for row in found) == 14


def test_measured_values_are_tidy() -> None:
    content = FORMATS["csv"].measure(measurement(), LOOK)
    assert content.decode().splitlines()[0] == (
        "agent_id,period,kpi,variant,value,numerator,denominator,n,low,high,reason,schema"
    )
    found = rows(content)
    assert [(row["agent_id"], row["kpi"], row["value"], row["reason"]) for row in found[-2:]] == [
        ("A6", "csat", "", "no-rows"), ("A6", "aht", "", "no-rows"),
    ]  # fmt: skip
    assert json.loads(FORMATS["json"].measure(measurement(), LOOK))["values"][0]["value"] == 0.9


@pytest.mark.parametrize("name", ["table", "csv", "json", "parquet"])
def test_the_same_result_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name].score(result(), LOOK) == FORMATS[name].score(result(), LOOK)


def test_one_subject_keeps_its_rank() -> None:
    one = to_subject(result(), "A4")
    assert one.scorecards[0].scores.select("subject", "rank", "rank_of").rows() == [("A4", 4, 5)]
    with pytest.raises(UsageRefused) as refused:
        to_subject(result(), "A44")
    assert str(refused.value) == "--subject: unknown-subject\n  No card has a subject 'A44'. Did you mean 'A4'?"


def test_kpis_without_any_value_are_named() -> None:
    made = measurement()
    gone = pl.when(pl.col("kpi") == "aht").then(None).otherwise("value").alias("value")
    valued, names = to_valued(replace(made, values=made.values.with_columns(gone)))
    assert names == ["aht"]
    assert set(valued.values["kpi"]) == {"csat"}
