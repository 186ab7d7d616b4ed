"""Definitions of our own for the laws: one measure of every kind, and a KPI that shows each.

In: nothing. Out: a folder with `extends: builtin`.
Refuses to know: how measures are computed.
"""

from __future__ import annotations

from pathlib import Path

MEASURES = {
    "m_calls": "{table: interactions, count: rows, unit: count}",
    "m_answered": "{table: interactions, count: outcome = 'answered', unit: count}",
    "m_talk": "{table: interactions, sum: talk_s, unit: s}",
    "m_talked": "{table: interactions, count: talk_s IS NOT NULL, unit: count}",
    "m_talk_answered": "{table: interactions, sum: talk_s, where: outcome = 'answered', unit: s}",
    "m_wait_mean": "{table: interactions, mean: wait_s, unit: s}",
    "m_wait_least": "{table: interactions, min: wait_s, unit: s}",
    "m_wait_most": "{table: interactions, max: wait_s, unit: s}",
    "m_wait_median": "{table: interactions, median: wait_s, where: outcome = 'answered', unit: s}",
    "m_wait_p90": "{table: interactions, quantile: wait_s, q: 0.9, unit: s}",
    "m_callers": "{table: interactions, distinct: customer_id, unit: count}",
    "m_callers_answered": "{table: interactions, distinct: customer_id, where: outcome = 'answered', unit: count}",
    "m_answers": "{table: surveys, count: csat IS NOT NULL, unit: count}",
    "m_csat": "{table: surveys, sum: csat, unit: rating}",
    "m_risks": "{table: events, count: kind = 'risk', unit: count}",
    "m_risk_cost": "{table: events, sum: amount, unit: count}",
}
RATIOS = {"k_average_talk": ("m_talk / m_talked", "s"), "k_answer_share": ("m_answered / m_calls", "percent")}

HEAD = """project: {{extends: builtin, time_zone: {zone}{more}}}

measures:
"""
NIGHT = ", day_start: '06:00'"
"""For `folder`: the small hours belong to the day before."""

KPI = """  {name}:
    name: {name}
    category: operational
    nature: efficiency
    timing: leading
    unit: {unit}
    better: higher
    level: [agent, team, center]
    formula: {formula}
    expect:
      - {{given: {{{given}}}, value: 2}}
"""


def shown(measure: str) -> str:
    """The KPI that shows a measure as it is."""
    return f"k_{measure.removeprefix('m_')}"


SHOWN = [shown(measure) for measure in MEASURES]
KPIS = [*SHOWN, *RATIOS]


def folder(at: Path, zone: str = "Europe/Berlin", more: str = "") -> Path:
    """The definitions, written below a temporary folder. `more` continues the project's flow map."""
    text = HEAD.format(zone=zone, more=more)
    text += "".join(f"  {name}: {body}\n" for name, body in MEASURES.items()) + "\nkpis:\n"
    for name, body in MEASURES.items():
        unit = body.rstrip("}").rpartition("unit: ")[2]
        text += KPI.format(name=shown(name), unit=unit, formula=name, given=f"{name}: 2")
    for name, (formula, unit) in RATIOS.items():
        over, under = formula.split(" / ")
        text += KPI.format(name=name, unit=unit, formula=formula, given=f"{over}: 6, {under}: 3")
    at.mkdir(parents=True, exist_ok=True)
    (at / "laws.yaml").write_text(text, encoding="utf-8")
    return at
