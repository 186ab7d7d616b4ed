"""Rules of the family `cards`: what cards are held against: their lines, weights, mix, adjustments, grades.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="one-sided-mix",
        severity="error",
        is_allowable=True,
        says="a card without a KPI of each of the four categories",
        why=(
            "What a card leaves out will be neglected: people do what they are scored by. Financial, customer, "
            "operational and growth indicators keep each other honest."
        ),
        mend="Add a KPI of the missing category, or allow it with a reason: `allow: {one-sided-mix: why}`.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85, missing: neutral}
  - {kpi: aht, weight: 50, floor: 480, target: 330}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 30, floor: 0.7, target: 0.85, missing: neutral}
  - {kpi: aht, weight: 30, floor: 480, target: 330}
  - {kpi: revenue_per_contact, weight: 20, floor: 1, target: 3}
  - {kpi: ideas, weight: 20, floor: 0, target: 2}
""",
        source="Kaplan and Norton, The Balanced Scorecard (1996)",
    ),
    Rule(
        name="all-lagging",
        severity="error",
        is_allowable=True,
        says="a card only of lagging indicators",
        why="",
        mend="Add a leading one, or allow it with a reason: `allow: {all-lagging: why}`.",
        before="",
        after="",
        source="",
    ),
    Rule(
        name="level-mismatch",
        severity="error",
        is_allowable=True,
        says="a KPI on a card of a level it is not defined for",
        why="",
        mend="Take a KPI of that level.",
        before="",
        after="",
        source="",
    ),
    Rule(
        name="own-last-year",
        severity="error",
        is_allowable=True,
        says="a goal stated against the subject's own last year",
        why="",
        mend="Write `of: card` or `team`, or allow it with a reason: `allow: {own-last-year: why}`.",
        before="",
        after="",
        source="",
    ),
)
