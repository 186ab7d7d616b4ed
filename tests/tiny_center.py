"""A center of one agent on whose score everything acts: a bonus, a deduction, a coefficient and a red line.

In: a folder. Out: exports and definitions in it.
Refuses to know: what comes of them.
"""

from __future__ import annotations

from pathlib import Path

LEGS = "interaction_id,customer_id,agent_id,started_at,direction,outcome,wait_s,talk_s,hold_s,wrap_s\n" + "".join(
    f"I{n},C{n % 3},A1,2026-10-{n + 1:02} 10:00:00,inbound,answered,{n},{talk},0,0\n"
    for n, talk in enumerate((100, 200, 300, 400))
)
EVENTS = (
    "event_id,at,kind,agent_id,found_by,fault\n"
    "E1,2026-10-02 10:00:00,commendation,A1,,\nE2,2026-10-03 10:00:00,commendation,A1,,\n"
    "E3,2026-10-04 10:00:00,risk,A1,customer,agent\nE4,2026-10-05 10:00:00,red_line,A1,,\n"
)
CARD = """
card: whole
title: {en: Whole, zh: 全部}
subject: agent_id
cycle: month
kpis:
  - {kpi: aht, weight: 60, floor: 500, target: 200, stretch: 100}
  - {kpi: short_handled_rate, weight: 40, floor: 1, target: 0, parameters: {short_call_s: 150}}
missing: withhold
watch: [fcr.customers_once]
adjust:
  bonus: [{name: praise, amount: 4 * commendations, cap: 6}]
  deductions: [{name: risk, amount: 3 * high_risk, cap: 20}]
  coefficients: [{name: praised, when: commendations >= 2, factor: 1.05}]
  red_lines: [{name: rude, when: red_line_events > 0, score_at_most: 59, grade_at_most: C, pay: 0.5}]
pay: {base: 2000}
grades:
  - {grade: A, from: 80, pay: 1.2}
  - {grade: C, from: 50, pay: 0.9}
  - {grade: D, from: null, pay: 0.7}
allow: {one-sided-mix: test}
"""
PROJECT = "project:\n  extends: builtin\n"


def center(folder: Path) -> tuple[Path, Path]:
    """The folder of the exports, and that of the definitions."""
    home, config = folder / "data", folder / "config"
    home.mkdir()
    config.mkdir()
    (home / "interactions.csv").write_text(LEGS)
    (home / "events.csv").write_text(EVENTS)
    (config / "project.yaml").write_text(PROJECT)
    (config / "whole.yaml").write_text(CARD, encoding="utf-8")
    return home, config
