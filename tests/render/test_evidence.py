"""What stands behind a list, an action or a goal, as a reader reads it."""

from __future__ import annotations

import pytest

from ccmetrics.render.evidence import evidence, goal


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("2026-08 A; 2026-09 no grade", "August 2026 A; September 2026 no grade", "2026年8月 A；2026年9月 无等级"),
        ("2026-W41 A", "week 41 of 2026 A", "2026年第41周 A"),
        ("2026-10: 55.00 (C), the next 60.10", "October 2026: 55.00 (C), the next 60.10",
         "2026年10月：55.00（C），前一名 60.10"),
        ("2026-10: csat=0.5217391304347826 csat.n=23", "October 2026: csat=0.5217 csat.n=23",
         "2026年10月：csat=0.5217 csat.n=23"),
        ("high_risk_own=1", "high_risk_own=1", "high_risk_own=1"),
        ("A by score (96.00), B by place; the last of a better grade has 97.20, not told apart",
         "A by score (96.00), B by place; the last of a better grade has 97.20, not told apart",
         "按得分为 A（96.00），按名次为 B；上一等级末位为 97.20，无法区分"),
    ],
)  # fmt: skip
def test_evidence(text: str, english: str, chinese: str) -> None:
    assert (evidence(text, "en"), evidence(text, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("why", "english", "chinese"),
    [
        ("stated", "as the card states", "按记分卡规定"),
        ("from 2026-07-01", "in force since 1 Jul 2026", "自2026年7月1日起生效"),
        ("last year 0.82 +5%", "last year 0.82, +5%", "去年同期 0.82，+5%"),
        ("no last year: else", "no value last year, so the goal for that case", "去年无数值，采用备用目标"),
        ("below-min-n: else; last year 0: else",
         "too few cases, so the goal for that case; last year 0, so the goal for that case",
         "样本不足，采用备用目标；去年为 0，采用备用目标"),
        ("no-goal", "no goal in force", "无生效目标"),
    ],
)  # fmt: skip
def test_where_a_goal_comes_from(why: str, english: str, chinese: str) -> None:
    assert (goal(why, "en"), goal(why, "zh")) == (english, chinese)
