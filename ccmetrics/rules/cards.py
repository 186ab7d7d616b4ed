"""Rules of the family `cards`: what cards are held against: their lines, weights, mix.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="too-many-kpis",
        severity="error",
        says="a card of more than eight KPIs",
        why=(
            "Who is to look after everything looks after nothing: the ninth KPI takes its weight from those that "
            "matter."
        ),
        mend="Choose eight, and show the others under `watch`.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 20, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 20, floor: 480, target: 330}
  - {kpi: revenue_per_contact, weight: 10, floor: 1, target: 3}
  - {kpi: ideas, weight: 10, floor: 0, target: 2}
  - {kpi: fcr, weight: 10, floor: 0.6, target: 0.8}
  - {kpi: nps, weight: 10, floor: 10, target: 40}
  - {kpi: quality, weight: 10, floor: 75, target: 90}
  - {kpi: adherence, weight: 5, floor: 0.8, target: 0.95}
  - {kpi: transfers, weight: 5, floor: 0.2, target: 0.1}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 30, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 30, floor: 480, target: 330}
  - {kpi: revenue_per_contact, weight: 20, floor: 1, target: 3}
  - {kpi: ideas, weight: 20, floor: 0, target: 2}
""",
        source="Ordóñez, Schweitzer, Galinsky and Bazerman, Goals Gone Wild (2009), on too many goals",
    ),
    Rule(
        name="weights-not-100",
        severity="error",
        says="weights that do not add up to 100",
        why="A score out of 97 is no score out of 100, and nobody sees which KPI lost its share.",
        mend="Let them sum to 100 on every date.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 60, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 30, floor: 480, target: 330}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 60, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 40, floor: 480, target: 330}
""",
        source="practice of the field: a score out of 100",
    ),
    Rule(
        name="duplicate-line",
        severity="error",
        says="one KPI twice on a card, by the same definition",
        why="It weighs double without saying so.",
        mend="Add the weights on one line, or name another variant.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: csat, weight: 50, floor: 0.6, target: 0.9}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.7, target: 0.85}
""",
        source="OECD and JRC, Handbook on Constructing Composite Indicators (2008), on double counting",
    ),
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
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 50, floor: 480, target: 330}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 30, floor: 0.7, target: 0.85}
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
        why="Outcomes are known when nothing can be done about them any more. A leading indicator tells in time.",
        mend="Add a leading one, or allow it with a reason: `allow: {all-lagging: why}`.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: revenue_per_contact, weight: 50, floor: 1, target: 3}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 50, floor: 480, target: 330}
""",
        source="Kaplan and Norton, The Balanced Scorecard (1996)",
    ),
    Rule(
        name="level-mismatch",
        severity="error",
        is_allowable=True,
        says="a KPI on a card of a level it is not defined for",
        why="Nobody is answerable for what he cannot influence: an agent makes no service level.",
        mend="Take a KPI of that level, or allow it with a reason: `allow: {level-mismatch: why}`.",
        before="""\
card: agent
kpis:
  - {kpi: service_level, weight: 100, floor: 0.7, target: 0.8}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 100, floor: 0.7, target: 0.85}
""",
        source="Antle and Demski, The Controllability Principle in Responsibility Accounting (1988)",
    ),
)
