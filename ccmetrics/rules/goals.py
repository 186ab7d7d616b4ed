"""Rules of the family `cards`: goals and curves that a value can fairly meet.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="goal-out-of-range",
        severity="error",
        is_allowable=True,
        says="a goal that no value of its KPI can be, most often a share written as 80",
        why=(
            "A share goes from 0 to 1. Against a floor of 50 everybody gets 0 points, and where lower is better "
            "everybody shines."
        ),
        mend="State the goal in the unit of the KPI: rates are 0..1, times in seconds.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 50, target: 80}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.5, target: 0.8}
""",
        source="Moore, Interval Analysis (1966)",
    ),
    Rule(
        name="percent-sign-forgotten",
        severity="warning",
        says="a goal of 200% or more of a percent that may be more than 100%",
        why="Sales can grow by 250%, and 80 is 8,000%: most often it is one whose sign was forgotten.",
        mend="Write 80% as 0.8, or allow it with the reason why so much is meant.",
        before="""\
kpis:
  load: {formula: offered / answered, better: lower}
---
card: agent
kpis:
  - {kpi: load, weight: 100, floor: 150, target: 110}
""",
        after="""\
kpis:
  load: {formula: offered / answered, better: lower}
---
card: agent
kpis:
  - {kpi: load, weight: 100, floor: 1.5, target: 1.1}
""",
        source="practice of the field: a rate is kept as a part of 1 and shown as a percent",
    ),
    Rule(
        name="curve-order",
        severity="error",
        says="floor, target and stretch out of order, or against the good direction",
        why="Points would fall where the value gets better, and people would be paid to get worse.",
        mend="Put floor, target and stretch in the direction that is better.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.85, target: 0.7}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.7, target: 0.85}
""",
        source="Kerr, On the Folly of Rewarding A, While Hoping for B (1975)",
    ),
    Rule(
        name="missing-n",
        severity="error",
        says="a `min_n` of a KPI that does not say what its n is",
        why="How many it stands on is not known, so that it would never be too few.",
        mend="Give the KPI an `n`, or leave `min_n` out.",
        before="""\
card: agent
kpis:
  - {kpi: revenue_per_contact, weight: 100, floor: 1, target: 3, min_n: 20}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.7, target: 0.85, min_n: 20}
""",
        source="Wainer, The Most Dangerous Equation (2007)",
    ),
    Rule(
        name="own-last-year",
        severity="error",
        is_allowable=True,
        says="a goal stated against the subject's own last year",
        why="Whoever was good must be better still, and whoever was bad has it easy: it whips the fast ox.",
        mend="Write `of: card` or `team`, or allow it with a reason: `allow: {own-last-year: why}`.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.5, target: {last_year: +2pp, of: self, else: 0.85}}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.5, target: {last_year: +2pp, of: card, else: 0.85}}
""",
        source="Weitzman, The Ratchet Principle and Performance Incentives (1980)",
    ),
    Rule(
        name="unlike-curves",
        severity="error",
        says="curves of one line that cannot be blended",
        why=(
            "The goal of a month is blended knot by knot from those of its days, and a knot that only some have "
            "is of none."
        ),
        mend="Give all of them the same knots with the same points.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, segments: {by: weekday, curves: {
      mon: {floor: 0.6, target: 0.8, stretch: 0.9},
      tue: {floor: 0.7, target: 0.8}}}}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, segments: {by: weekday, curves: {
      mon: {floor: 0.6, target: 0.8},
      tue: {floor: 0.7, target: 0.8}}}}
""",
        source="practice of the field: like is averaged with like",
    ),
    Rule(
        name="unweighable-goal",
        severity="error",
        says="a goal by segment of a KPI that counts nothing to blend it by",
        why="How much of the work lay in which queue or team is told by rows, and this KPI has none to tell it.",
        mend="Give the KPI an `n`.",
        before="""\
card: agent
kpis:
  - {kpi: ideas, weight: 100, segments: {by: team, curves: {east: {floor: 1, target: 2}}}}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, segments: {by: team, curves: {east: {floor: 0.6, target: 0.8}}}}
""",
        source="Kitagawa, Components of a Difference Between Two Rates (1955)",
    ),
    Rule(
        name="neutral-total",
        severity="error",
        says="the total of everybody as the neutral value of one",
        why="Who has no value would get that of the whole center, and a bonus for nothing.",
        mend="Write `missing: withhold` on the line.",
        before="""\
kpis:
  ideas: {cumulative: true}
---
card: agent
kpis:
  - {kpi: ideas, weight: 100, floor: 0, target: 2, missing: neutral}
""",
        after="""\
kpis:
  ideas: {cumulative: true}
---
card: agent
kpis:
  - {kpi: ideas, weight: 100, floor: 0, target: 2, missing: withhold}
""",
        source="Little and Rubin, Statistical Analysis with Missing Data (1987)",
    ),
    Rule(
        name="total-over-window",
        severity="error",
        says="a total over several cycles held against the goal of one",
        why="Three months of sales meet the goal of one month, and everybody shines.",
        mend="Leave `window` out.",
        before="""\
kpis:
  ideas: {cumulative: true}
---
card: agent
kpis:
  - {kpi: ideas, weight: 100, floor: 0, target: 2, window: 3}
""",
        after="""\
kpis:
  ideas: {cumulative: true}
---
card: agent
kpis:
  - {kpi: ideas, weight: 100, floor: 0, target: 2}
""",
        source="Kimball and Ross, The Data Warehouse Toolkit, on additive facts",
    ),
    Rule(
        name="total-of-others",
        severity="error",
        says="last year's total of everybody as the goal of one",
        why="One agent is held against what a hundred did.",
        mend="State a number, or a goal against one's like.",
        before="""\
kpis:
  ideas: {cumulative: true}
---
card: agent
kpis:
  - {kpi: ideas, weight: 100, floor: 0, target: {last_year: +5%, of: card, else: 4}}
""",
        after="""\
kpis:
  ideas: {cumulative: true}
---
card: agent
kpis:
  - {kpi: ideas, weight: 100, floor: 0, target: 4}
""",
        source="Kimball and Ross, The Data Warehouse Toolkit, on additive facts",
    ),
)
