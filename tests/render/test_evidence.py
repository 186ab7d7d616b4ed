"""What stands behind a list, an action or a goal, as a reader reads it."""

from __future__ import annotations

from typing import Any

import pytest

from ccmetrics.catalogue.models import Card, Catalogue, Kpi, Measure, Project
from ccmetrics.render import evidence
from tests.render import made_up

VARIANTS = {"survey": {"formula": "a / b"}, "seven_days": {"formula": "b", "unit": "day"}}
FCR = {"category": "customer", "nature": "quality", "timing": "lagging", "level": ["agent"], "unit": "percent",
       "name": {"en": "First contact resolution", "zh": "首次解决率"}, "better": "higher", "default": "survey",
       "variants": VARIANTS}  # fmt: skip
MEASURES = {"risks": {"table": "events", "count": "rows"}, "waited": {"table": "calls", "sum": "wait_s", "unit": "s"}}
CATALOGUE = Catalogue(
    project=Project(),
    kpis={**made_up.KPIS, "fcr": Kpi.model_validate(FCR)},
    measures={name: Measure.model_validate(measure) for name, measure in MEASURES.items()},
)
CARD = Card.model_validate(made_up.CARD)


def graded(period: str, grade: str | None) -> dict[str, Any]:
    return {"what": "graded", "period": period, "grade": grade, "score": None, "next": None, "placed": None,
            "apart": None}  # fmt: skip


LAST = {"what": "last", "period": "2026-10", "grade": "C", "score": 55.0, "next": 1060.1, "placed": None, "apart": None}
PLACED = {"what": "placed", "period": None, "grade": "A", "score": 96.0, "next": 97.2, "placed": "B", "apart": False}


@pytest.mark.parametrize(
    ("parts", "english", "chinese"),
    [
        ([graded("2026-08", "A"), graded("2026-09", None)],
         "August 2026 A; September 2026 no grade", "2026年8月 A；2026年9月 无等级"),
        ([graded("2026-W41", "A; B")], "week 41 of 2026 A; B", "2026年第41周 A; B"),
        ([LAST], "October 2026: 55.00 (C), the next 1,060.10", "2026年10月：55.00（C），前一名 1,060.10"),
        ([PLACED], "A by score (96.00), B by place; the last of a better grade has 97.20, not told apart",
         "按得分为 A（96.00），按名次为 B；上一等级末位为 97.20，无法区分"),
        ([PLACED | {"apart": None}],
         "A by score (96.00), B by place; the last of a better grade has 97.20, no interval to tell them apart by",
         "按得分为 A（96.00），按名次为 B；上一等级末位为 97.20，无区间可供区分"),
    ],
)  # fmt: skip
def test_behind_a_list(parts: list[dict[str, Any]], english: str, chinese: str) -> None:
    row = {"evidence": parts}
    assert (evidence.of_list(row, 2, "en"), evidence.of_list(row, 2, "zh")) == (english, chinese)


def number(name: str, value: float | None, sign: str | None = None, limit: float | None = None, month: int = 10) -> Any:
    return {"period": f"2026-{month:02}", "name": name, "value": value, "sign": sign, "limit": limit}


@pytest.mark.parametrize(
    ("numbers", "english", "chinese"),
    [
        # 12 of 23 is 0.52174.
        ([number("csat", 12 / 23, "<", 0.7), number("csat.n", 23.0, "≥", 20.0)],
         "Customer satisfaction 52.2% < 70%, n 23 ≥ 20", "客户满意度 52.2% < 70%、样本 23 ≥ 20"),
        ([number("csat", None), number("csat.n", 0.0, "<", 20.0)],
         "Customer satisfaction –, n 0 < 20", "客户满意度 –、样本 0 < 20"),
        ([number("csat.n", 1234.0, ">", 1000.0)], "Customer satisfaction n 1,234 > 1,000",
         "客户满意度 样本 1,234 > 1,000"),
        ([number("aht", 512.4, ">", 480.0), number("aht.n", 90.0)],
         "Average handle time 512 s > 480 s, n 90", "平均处理时长 512秒 > 480秒、样本 90"),
        ([number("complaint_rate", 0.0042, "≤", 0.0045)], "Complaint rate 4.2‰ ≤ 4.5‰", "投诉率 4.2‰ ≤ 4.5‰"),
        # Rounded it would stand on the limit, or beyond it.
        ([number("csat", 0.69996, "<", 0.7)], "Customer satisfaction 69.996% < 70%", "客户满意度 69.996% < 70%"),
        ([number("csat", 0.69999999999999, "<", 0.7)],
         "Customer satisfaction 69.999999999999% < 70%", "客户满意度 69.999999999999% < 70%"),
        ([number("csat", 0.7001, ">", 0.70005)],
         "Customer satisfaction 70.01% > 70.005%", "客户满意度 70.01% > 70.005%"),
        ([number("aht", 480.2, ">", 480.0)], "Average handle time 480.2 s > 480 s", "平均处理时长 480.2秒 > 480秒"),
        ([number("csat", 0.7, "=", 0.7)], "Customer satisfaction 70.0% = 70%", "客户满意度 70.0% = 70%"),
        # What is no KPI is called by its key; a variant that the condition names is named.
        ([number("risks", 2.0, ">", 1.0), number("waited", 59.7)],
         "risks 2 > 1, waited 60 s", "risks 2 > 1、waited 60秒"),
        ([number("fcr", 0.5), number("fcr.n", 4.0), number("fcr.seven_days", 3.0), number("fcr.seven_days.n", 4.0)],
         "First contact resolution 50.0%, n 4, First contact resolution (seven_days) 3.0 d, n 4",
         "首次解决率 50.0%、样本 4、首次解决率（seven_days） 3.0天、样本 4"),
    ],
)  # fmt: skip
def test_behind_an_action(numbers: list[Any], english: str, chinese: str) -> None:
    row = {"evidence": numbers, "cycles": 1}
    assert [evidence.of_action(row, CARD, CATALOGUE, lang) for lang in ("en", "zh")] == [english, chinese]


def test_of_several_cycles_each_says_which() -> None:
    row = {"evidence": [number("csat", 0.5), number("csat.n", 9.0), number("csat", 0.25, month=9)], "cycles": 2}
    assert [evidence.of_action(row, CARD, CATALOGUE, lang) for lang in ("en", "zh")] == [
        "October 2026: Customer satisfaction 50.0%, n 9; September 2026: Customer satisfaction 25.0%",
        "2026年10月：客户满意度 50.0%、样本 9；2026年9月：客户满意度 25.0%",
    ]
    one = row | {"evidence": [number("csat", 0.5, month=9)]}
    assert evidence.of_action(one, CARD, CATALOGUE, "en") == "September 2026: Customer satisfaction 50.0%"


def test_a_name_means_the_variant_of_the_cards_line() -> None:
    line = {"kpi": "fcr", "variant": "seven_days", "weight": 100, "floor": 1, "target": 2}
    card = Card.model_validate({**made_up.CARD, "kpis": [line]})
    row = {"evidence": [number("fcr", 3.0, ">", 2.5)], "cycles": 1}
    assert evidence.of_action(row, card, CATALOGUE, "en") == "First contact resolution 3.0 d > 2.5 d"


@pytest.mark.parametrize(
    ("part", "english", "chinese"),
    [
        ((None, None, None), "", ""),
        ((None, None, "2026-10-01..2026-10-14"), "1–14 Oct 2026", "2026年10月1日–14日"),
        (("weekday", ["1"], "2026-10-15"), "weekday Monday, 15 Oct 2026", "星期：周一、2026年10月15日"),
        (("queue", ["care", "tech"], None), "queue care, tech", "队列 care、tech"),
        (("team", None, None), "team other", "团队 其他"),
        (("queue", ["tech", "unknown"], None), "queue tech, unknown", "队列 tech、未知"),
        (("tenure", ["unknown"], None), "days since joining unknown", "入职天数 未知"),
    ],
)
def test_of_what_a_curve_is(part: tuple[Any, Any, Any], english: str, chinese: str) -> None:
    found = dict(zip(("by", "segments", "days"), part, strict=True))
    assert (evidence.part_of(found, "en"), evidence.part_of(found, "zh")) == (english, chinese)


def year(value: float | None, change: str, lacks: str | None = None, **amid: str) -> dict[str, Any]:
    return {"value": value, "change": change, "lacks": lacks, "amid": amid or None}


def why(*years: dict[str, Any], since: Any = None, lacks: str | None = None) -> dict[str, Any]:
    return {"since": since, "last_year": list(years) or None, "lacks": lacks}


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (why(), "as the card states", "按记分卡规定"),
        (why(since=made_up.date(2026, 7, 1)), "in force since 1 Jul 2026", "自2026年7月1日起生效"),
        (why(year(0.82, "+5%")), "last year 82%, +5%", "去年同期 82%，+5%"),
        (why(year(0.823456, "-2pp")), "last year 82.3456%, -2 pp", "去年同期 82.3456%，-2个百分点"),
        (why(year(None, "+5%", "no-last-year")),
         "no value last year, so the goal for that case", "去年无数值，采用备用目标"),
        (why(year(None, "+5%", "last-year-amid", day="2025-10-16", table="orders"), year(0.0, "+1%", "last-year-0")),
         "last year's data begin only on 16 Oct 2025 (orders), so the goal for that case; last year 0, so the goal for "
         "that case", "去年数据自2025年10月16日才开始（orders），采用备用目标；去年为 0，采用备用目标"),
        (why(lacks="no-goal"), "no goal in force", "无生效目标"),
    ],
)  # fmt: skip
def test_where_a_goal_comes_from(found: dict[str, Any], english: str, chinese: str) -> None:
    own = made_up.KPIS["csat"].variant(None)
    assert (evidence.goal(found, own, "en"), evidence.goal(found, own, "zh")) == (english, chinese)
