"""A small made-up result, scored by the real thing: seven agents, four KPIs, every kind of adjustment and standing.

In: names for the agents. Out: a result to be drawn.
Refuses to know: exports, formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import polars as pl

from ccmetrics.account import Account, Input
from ccmetrics.catalogue.models import Card, Catalogue, Kpi, Project
from ccmetrics.notice import Notice
from ccmetrics.period import Period
from ccmetrics.scorecard import Measurement, Result, Scorecard
from ccmetrics.stages.facts import Facts
from ccmetrics.stages.follow.pooled import pooled as everybody
from ccmetrics.stages.judge import judge
from ccmetrics.stages.judge.course import course, with_change
from ccmetrics.stages.measure.values import SCHEMA
from ccmetrics.stages.score import score

OCTOBER = Period("2026-10", date(2026, 10, 1), date(2026, 11, 1), "month")
SEPTEMBER = Period("2026-09", date(2026, 9, 1), date(2026, 10, 1), "month")

NAMES = {
    "A1": "Hannah Hale", "A2": "李小龙", "A3": "Diego Boyle", "A4": "Nora Novak", "A5": "欧阳娜娜", "A6": "Sam Lind",
    "A7": "Tom Castro",
}  # fmt: skip

NAUGHTY = {
    "A1": '=HYPERLINK("http://evil.example","click")', "A2": "[bold]Bob[/bold]", "A3": "[/Sales]",
    "A4": "\x1b[31mred\x1b]0;title\x07", "A5": "<script>alert(1)</script>", "A6": "evil\u202etxt.exe",
    "A7": "@SUM(1+1)\r\n-2",
}  # fmt: skip


def kpi(en: str, zh: str, unit: str, **more: Any) -> Kpi:
    plain = {
        "name": {"en": en, "zh": zh}, "category": "operational", "nature": "quality", "timing": "leading",
        "level": ["agent"], "unit": unit, "better": "higher", "formula": "a / b",
    }  # fmt: skip
    return Kpi.model_validate(plain | more)


KPIS = {
    "csat": kpi("Customer satisfaction", "客户满意度", "percent"),
    "aht": kpi("Average handle time", "平均处理时长", "s", better="lower"),
    "revenue": kpi("Revenue", "收入", "money", cumulative=True),
    "occupancy": kpi("Occupancy", "占用率", "percent", better="range"),
    "complaint_rate": kpi("Complaint rate", "投诉率", "percent", better="lower", display="per_1000"),
}

CARD = {
    "card": "agent", "title": {"en": "Frontline agent", "zh": "一线座席"}, "subject": "agent_id",
    "kpis": [
        {"kpi": "csat", "weight": 40, "floor": 0.5, "target": 0.75, "stretch": 0.9, "min_n": 20, "window": 3,
         "missing": "neutral"},
        {"kpi": "aht", "weight": 30, "floor": 450, "target": 300, "stretch": 240},
        {"kpi": "revenue", "weight": 20, "points": [[0, 0], [40000, 100]]},
        {"kpi": "occupancy", "weight": 10, "ideal": [0.75, 0.85], "limits": [0.55, 0.95]},
    ],
    "watch": ["complaint_rate"],
    "missing": "withhold",
    "adjust": {
        "bonus": [{"name": {"en": "ideas adopted", "zh": "采纳建议"}, "amount": "2 * ideas", "cap": 6}],
        "deductions": [{"name": {"en": "high-risk contact", "zh": "高风险联络"}, "amount": "5 * risks", "cap": 20}],
        "coefficients": [
            {"name": {"en": "risk awareness", "zh": "风险意识"}, "when": "leads > 2", "factor": 1.05},
            {"name": {"en": "a day missed", "zh": "缺勤一天"}, "when": "missed > 0", "factor": 0.9, "on": "pay"},
        ],
        "red_lines": [{"name": {"en": "rudeness", "zh": "粗暴"}, "when": "rude > 0", "score_at_most": 59}],
    },
    "grades": [
        {"grade": "S", "from": 110, "pay": 1.3}, {"grade": "A", "from": 95, "pay": 1.1},
        {"grade": "B", "from": 80, "pay": 1}, {"grade": "C", "from": None, "pay": 0.8},
    ],
}  # fmt: skip

# (csat, its n, over how many cycles), aht, revenue, occupancy
MEASURED: dict[str, tuple[tuple[float, int, int], float, float, float]] = {
    "A1": ((0.90, 40, 1), 300.0, 40000.0, 0.80),  # 48 + 30 + 20 + 10 = 108, + 6 of the 8 asked for
    "A2": ((0.75, 24, 2), 300.0, 40000.0, 0.80),  # 100, x 1.05
    "A3": ((0.75, 40, 1), 300.0, 40000.0, 0.80),  # 100, held at 59
    "A4": ((0.75, 8, 3), 375.0, 20000.0, 0.65),  # neutral 80% is 106.67: 42.67 + 15 + 10 + 5 = 72.67, - 5
    "A5": ((0.75, 40, 1), 300.0, 40000.0, 0.80),  # 100, but rudeness cannot be judged
    "A7": ((0.75, 40, 1), 300.0, 40000.0, 0.80),  # 100
}  # A6 has nothing at all.

AMOUNTS = {
    ("A1", "bonus.0.amount"): 8.0, ("A2", "coefficients.0.when"): 1.0, ("A3", "red_lines.0.when"): 1.0,
    ("A4", "deductions.0.amount"): 5.0, ("A5", "red_lines.0.when"): None, ("A7", "coefficients.1.when"): 1.0,
}  # fmt: skip


# Over everybody: in September, in October.
POOLED = {"csat": (0.76, 0.78), "aht": (327.5, 312.5), "occupancy": (0.79, 0.775), "complaint_rate": (0.005, 0.004)}

SLOWER = 15.0
"""Seconds that everybody's handle time was longer in September: 10 points less, 3 of the score."""


def _row(subject: str, key: str, value: float | None, n: int | None = None, cycles: int = 1) -> tuple[Any, ...]:
    reason = None if value is not None else "no-rows"
    low, high = (value - 0.1, value + 0.05) if key == "csat" and value is not None else (None, None)
    return subject, "2026-10", cycles, key, "", value, n, None, None, low, high, None, reason


def values(subjects: list[str]) -> pl.DataFrame:
    found = []
    for subject in subjects:
        csat, *others = MEASURED.get(subject, ((None, None, 1), None, None, None))
        found.append(_row(subject, "csat", *csat))  # type: ignore[misc]
        if csat[2] > 1:
            found.append(_row(subject, "csat", csat[0], 5))
        for key, value in zip(("aht", "revenue", "occupancy"), others, strict=True):
            found.append(_row(subject, key, value, None if value is None else 100))
        found.append(_row(subject, "complaint_rate", 0.004 if csat[0] else None, 100))
        for key, count in (("bonus", 1), ("deductions", 1), ("coefficients", 2), ("red_lines", 1)):
            for at in range(count):
                name = f"{key}.{at}.{'amount' if key in ('bonus', 'deductions') else 'when'}"
                found.append(_row(subject, name, AMOUNTS.get((subject, name), 0.0)))
    return pl.DataFrame(found, schema={"subject": pl.String, **SCHEMA}, orient="row")


def scorecard(names: Mapping[str, str] = MappingProxyType(NAMES), more: Mapping[str, Any] | None = None) -> Scorecard:
    """Scored once for all tests that ask for the same, since nobody can change it."""
    return _scored(dict(names), more) if more else _known(tuple(names.items()))


@cache
def _known(names: tuple[tuple[str, str], ...]) -> Scorecard:
    return _scored(dict(names), {})


def _scored(names: Mapping[str, str], more: Mapping[str, Any]) -> Scorecard:
    card = Card.model_validate({**CARD, **more})
    measured = values(list(names))
    pooled = pl.DataFrame([_row("", "csat", 0.8, 200, 3)], schema={"subject": pl.String, **SCHEMA}, orient="row")
    people = pl.DataFrame(
        [(subject, name, "Amber" if subject < "A5" else "Beacon", 1.0) for subject, name in names.items()],
        schema={"subject": pl.String, "name": pl.String, "team": pl.String, "presence": pl.Float64},
        orient="row",
    )
    facts = Facts(OCTOBER, measured, pooled.drop("subject"), people)
    scored = score(card, KPIS, facts)
    watch = measured.filter(pl.col("kpi") == "complaint_rate")
    judged = judge(card, scored, facts)
    before = judge(card, score(card, KPIS, _month_before(facts)), _month_before(facts)).scores
    through = course(card, [(SEPTEMBER, before), (OCTOBER, judged.scores)])
    months = [(SEPTEMBER, _pooled(0), scored.goals), (OCTOBER, _pooled(1), scored.goals)]
    return Scorecard(
        card, "2026-10", with_change(card, judged.scores, before), scored.lines, scored.adjustments, scored.missing,
        watch, notices=("No roster was supplied.",), goals=scored.goals, policies=scored.policies,
        effective=scored.effective, needed=judged.needed, history=through.history, course=through.course,
        bins=through.bins, grades=through.grades, pooled=everybody(card, KPIS, months),
        since=SEPTEMBER.label,
    )  # fmt: skip


def _month_before(facts: Facts) -> Facts:
    """The same, but for handle times."""
    slower = pl.when(pl.col("kpi") == "aht").then(pl.col("value") + SLOWER).otherwise(pl.col("value"))
    september = pl.lit(SEPTEMBER.label)
    values = facts.values.with_columns(value=slower, period=september)
    return replace(facts, period=SEPTEMBER, values=values, pooled=facts.pooled.with_columns(period=september))


def _pooled(at: int) -> pl.DataFrame:
    rows = [_row("", key, value[at], 600) for key, value in POOLED.items()]
    return pl.DataFrame(rows, schema={"subject": pl.String, **SCHEMA}, orient="row").drop("subject")


ACCOUNTS = (
    Account("calls.csv", "interactions", 1200, 1000, {"bad-duration": 2, "short-row": 1}, 7, 150, 40, sha256="ab"),
    Account("surveys.parquet", "surveys", 300, 290, {}, 0, 10, 0, sha256="footer:cd"),
)


PROVENANCE = {"version": "0.1.0", "polars": "2.1.0", "catalogue": "3f2a9c" * 10, "inputs": "81be77" * 10}
INPUTS = (
    Input("calls.csv", "ab", 1200, Notice("delimited by {sign}", sign="','")),
    Input("surveys.parquet", "footer:cd", 300),
)
REJECTS = pl.DataFrame(
    [
        ("calls.csv", 7, 3, "bad-duration", "talk_s: Not a duration.", "=c7,***,x"),
        ("calls.csv", 9, 3, "bad-duration", "talk_s: Not a duration.", "c9,***,y"),
        ("calls.csv", 12, None, "short-row", "2 cells where the header has 3.", "(withheld: 12 characters)"),
    ],
    schema=["export", "line", "column", "reason", "sentence", "original"],
    orient="row",
)


def catalogue(language: str = "en") -> Catalogue:
    project = Project.model_validate({"time_zone": "Asia/Shanghai", "language": language})
    return Catalogue(project=project, kpis=KPIS)


def result(*cards: Scorecard) -> Result:
    made = cards or (scorecard(),)
    notices = ("calls.csv: 2 blank lines skipped",)
    return Result(OCTOBER, made, ACCOUNTS, notices, PROVENANCE, catalogue(), inputs=INPUTS)


def measurement(by: tuple[str, ...] = ("agent_id",)) -> Measurement:
    long = values(["A1", "A2", "A6"]).filter(pl.col("kpi").is_in(["csat", "aht"]) & (pl.col("cycles") == 1))
    frame = long.rename({"subject": "agent_id"}).sort("agent_id") if by else long.filter(subject="A1").drop("subject")
    return Measurement(OCTOBER, by, frame, ACCOUNTS, (), PROVENANCE, catalogue(), inputs=INPUTS)
