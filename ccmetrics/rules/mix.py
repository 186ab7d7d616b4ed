"""Rules of the family `cards`: the mix of a card: what its weights make people do.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="no-customer-voice",
        severity="warning",
        says="a card that scores nothing customers themselves said",
        why=(
            "Whatever else is counted is our own view of ourselves. Answers to surveys and complaints are the only "
            "numbers that customers write; what is merely watched moves nobody."
        ),
        mend="Score a KPI of answers to surveys or of complaints: csat, nps, ces, complaint_rate.",
        before="""\
card: agent
kpis:
  - {kpi: aht, weight: 50, floor: 480, target: 330}
  - {kpi: ideas, weight: 50, floor: 0, target: 2}
watch: [csat]
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 25, floor: 480, target: 330}
  - {kpi: ideas, weight: 25, floor: 0, target: 2}
""",
        source="ISO 18295-1, Customer contact centres",
    ),
    Rule(
        name="no-internal-quality",
        severity="warning",
        says="a card that scores nothing an evaluation of the work found",
        why=(
            "Customers judge whether they were pleased, not whether they were told the truth or their data kept safe: "
            "few of them answer, and the answers fall on the company as much as on the person. Quality comes from "
            "both, direct feedback and internal evaluation; how many contacts were evaluated says nothing of either."
        ),
        mend="Score a KPI of what evaluations find: quality_score, critical_error_rate, qa_pass_rate.",
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        after="""\
tables:
  evaluations:
    about: One row an evaluation.
    key: evaluation_id
    time: evaluated_at
    columns:
      evaluation_id: {type: id}
      agent_id: {type: id, refers: roster}
      evaluated_at: {type: datetime}
      score: {type: number}
measures:
  graded: {table: evaluations, count: score IS NOT NULL}
  graded_points: {table: evaluations, sum: score, unit: points}
kpis:
  quality_score:
    name: Quality score
    category: operational
    nature: quality
    timing: leading
    level: [agent]
    unit: points
    better: higher
    formula: graded_points / graded
---
card: agent
kpis:
  - {kpi: csat, weight: 40, floor: 0.7, target: 0.85}
  - {kpi: quality_score, weight: 60, floor: 70, target: 86}
""",
        source="COPC CX Standard, monitoring of transactions",
    ),
    Rule(
        name="no-relationship-measure",
        severity="warning",
        says="a card of the center without a measure of the relationship, scored or watched",
        why=(
            "Every single contact may please while customers leave. Measures of contacts (csat, fcr) and of the "
            "relationship (nps, retention) belong together where somebody answers for the whole."
        ),
        mend="Watch or score a KPI with `scope: relationship`: nps, retention_rate.",
        before="""\
card: whole_center
title: The center
subject: center
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        after="""\
measures:
  renewed: {table: events, count: kind = 'renewal'}
  cancelled: {table: events, count: kind = 'cancellation'}
kpis:
  retention_rate:
    name: Retention
    category: customer
    nature: result
    timing: lagging
    level: [center]
    unit: percent
    better: higher
    scope: relationship
    formula: renewed / (renewed + cancelled)
---
card: whole_center
title: The center
subject: center
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
watch: [retention_rate]
""",
        source="Reichheld and Markey, The Ultimate Question 2.0 (2011)",
    ),
    Rule(
        name="efficiency-outweighs-quality",
        severity="warning",
        says="a card on which efficiency weighs more than quality",
        why=(
            "Speed is easier to move than quality, and where it also earns more it is bought with quality: calls are "
            "cut short, customers sent on. Equal weights are the least that says quality is not for sale. Whole scores "
            "of linked cards have no nature and count as neither."
        ),
        mend="Move weight to KPIs of `nature: quality` until they weigh as much, on every day.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 40, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 60, floor: 480, target: 330}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 50, floor: 480, target: 330}
""",
        source="Holmstrom and Milgrom, Multitask Principal-Agent Analyses (1991)",
    ),
    Rule(
        name="too-few-leading",
        severity="advice",
        says="lagging indicators weigh more than 80 of 100",
        why=(
            "What customers think and buy is known when it is too late for this month. A leading line of 10 satisfies "
            "`all-lagging` and steers nothing."
        ),
        mend="Give 20 or more to KPIs of `timing: leading`, which can be worked on today.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 90, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 10, floor: 480, target: 330}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 80, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 20, floor: 480, target: 330}
""",
        source="Kaplan and Norton, The Balanced Scorecard (1996)",
    ),
    Rule(
        name="qualitative-weight",
        severity="warning",
        says="more than 20 of 100 for what one person thinks of another",
        why=(
            "A judgment sees what no counter sees, and it is also kinder to friends, shy of the ends of its scale and "
            "impressed by last week. With 20 of 100 it can tip a grade; with more it makes one. Bonuses and deductions "
            "that hang on it count with the most they come to."
        ),
        mend="Give lines whose KPI says `qualitative: true` at most 20 together, with what is given or taken for them.",
        before="""\
kpis:
  ideas: {qualitative: true}
---
card: agent
kpis:
  - {kpi: csat, weight: 70, floor: 0.7, target: 0.85}
  - {kpi: ideas, weight: 30, floor: 0, target: 2}
""",
        after="""\
kpis:
  ideas: {qualitative: true}
---
card: agent
kpis:
  - {kpi: csat, weight: 80, floor: 0.7, target: 0.85}
  - {kpi: ideas, weight: 20, floor: 0, target: 2}
""",
        source="Murphy and Cleveland, Understanding Performance Appraisal (1995)",
    ),
)
