"""Rules of the family `data`: what definitions are held against when data is given.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="no-goal-in-force",
        severity="error",
        says="a goal that begins after the period of the data",
        why="Before its first date there is nothing to earn points by, and no run scores the card for such a period.",
        mend="Give the goal a date from which it holds that is not after the period, or ask for a later period.",
        before="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: {2027-01-01: 240}}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: {2026-01-01: 240}}]
""",
        source="practice of the field: goals are agreed before the period begins",
    ),
    Rule(
        name="no-data",
        severity="warning",
        says="a KPI on a card that nobody has a value of",
        why=(
            "What becomes of such a line is decided by its `missing` policy alone: it may withhold every score, or let "
            "the other lines weigh more than was agreed."
        ),
        mend="Supply the table or column it is read from, or take the line off the card.",
        before="""\
# nobody was asked: there are no answers to surveys
card: agent
kpis:
  - {kpi: csat, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 50, floor: 480, target: 240}
""",
        after="""\
card: agent
kpis:
  - {kpi: ideas, weight: 50, floor: 0, target: 2}
  - {kpi: aht, weight: 50, floor: 480, target: 240}
""",
        source="COPC CX Standard",
    ),
    Rule(
        name="target-unreached",
        severity="warning",
        says="a goal that nobody in the data reaches",
        why=(
            "People work for goals they believe they can reach. A goal beyond what anybody has done moves nobody, and "
            "makes the line a deduction for all."
        ),
        mend="Set it between what half of them and what the best tenth of them reach.",
        before="""\
# the best has 170 s
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 120}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]
""",
        source="Locke and Latham, A Theory of Goal Setting and Task Performance (1990)",
    ),
    Rule(
        name="target-always-met",
        severity="advice",
        says="a goal that everybody in the data reaches",
        why="A measure on which all do well no longer tells good work from bad, and its weight is a gift to all alike.",
        mend="Raise the goal, watch the KPI instead of scoring it, or make a red line of it.",
        before="""\
# the worst has 360 s
card: agent
kpis: [{kpi: aht, weight: 100, floor: 900, target: 600}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]
""",
        source="Meyer and Gupta, The Performance Paradox (1994)",
    ),
    Rule(
        name="below-min-n",
        severity="warning",
        says="a line for which more than a quarter of the subjects have too few cases",
        why=(
            "Whoever is below `min_n` is scored by the `missing` policy, not by the KPI. Where that is no exception, "
            "the line scores a policy."
        ),
        mend="Collect more, take a longer `window`, or score the KPI where there is more of it: of the team.",
        before="""\
# a month brings each of them four cases
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240, min_n: 6}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240, min_n: 6, window: 3}]
""",
        source="Tversky and Kahneman, Belief in the Law of Small Numbers (1971)",
    ),
    Rule(
        name="stood-in",
        severity="warning",
        says="a line without `min_n` of which more than a quarter of the scores are made without a value",
        why=(
            "They are made by the `missing` policy: people are paid by what others did, by a floor, or by the rest of "
            "the card."
        ),
        mend="Score what everybody has rows of, or write the KPI on a card of those who do.",
        before="""\
# six of twenty had no idea, and so have nothing to divide by
kpis: {aht: {formula: handle_time / ideas_adopted, n: ideas_adopted, expect: null}}
---
card: agent
kpis:
  - {kpi: aht, weight: 40, floor: 480, target: 240, missing: neutral}
  - {kpi: ideas, weight: 60, floor: 0, target: 3}
""",
        after="""\
kpis: {aht: {formula: handle_time / timed, n: timed}}
---
card: agent
kpis:
  - {kpi: aht, weight: 40, floor: 480, target: 240, missing: neutral}
  - {kpi: ideas, weight: 60, floor: 0, target: 3}
""",
        source="Little and Rubin, Statistical Analysis with Missing Data (1987)",
    ),
    Rule(
        name="effective-weight",
        severity="warning",
        says="lines that make up other parts of the differences between scores than their weights say",
        why=(
            "A line on which all are near each other decides little, whatever its weight; one with wide differences "
            "decides much. People are told the weights, and paid by the differences. Told of 20 subjects and more, "
            "for a weight that is both doubled or halved and 15 of 100 away."
        ),
        mend="Flatten the curve of the line that differs too much and steepen that of the others, or mend the weights.",
        before="""\
# all answer what they are offered: everybody has 100 points for `load`
card: agent
kpis:
  - {kpi: aht, weight: 50, floor: 380, target: 180}
  - {kpi: load, weight: 50, ideal: [0.9, 1], limits: [0.5, 1.5]}
""",
        after="""\
# some have no idea, others one or two
card: agent
kpis:
  - {kpi: aht, weight: 50, floor: 380, target: 180}
  - {kpi: ideas, weight: 50, floor: 0, target: 3}
""",
        source="Paruolo, Saisana and Saltelli, Ratings and Rankings: Voodoo or Science? (2013)",
    ),
    Rule(
        name="correlated-kpis",
        severity="warning",
        says="two lines that put the subjects in the same order, or in opposite ones",
        why=(
            "Two lines that move together are one line with both weights; two that move against each other take back "
            "what they give."
        ),
        mend="Keep the one that people can influence more, and watch the other.",
        before="""\
# who needs less time for a call sells more by it
card: agent
kpis:
  - {kpi: aht, weight: 50, floor: 480, target: 160}
  - {kpi: revenue_per_contact, weight: 50, floor: 0, target: 100}
""",
        after="""\
# the quick have as many ideas as the slow
card: agent
kpis:
  - {kpi: aht, weight: 50, floor: 480, target: 160}
  - {kpi: ideas, weight: 50, floor: 0, target: 3}
""",
        source="OECD and JRC, Handbook on Constructing Composite Indicators (2008)",
    ),
    Rule(
        name="grade-within-interval",
        severity="advice",
        says="a grade narrower than the interval of a typical score",
        why=(
            "Even a score in the middle of such a grade cannot be told from the grades on either side: which one is "
            "given, and paid, is partly chance."
        ),
        mend="Make fewer and wider grades, score a longer cycle or more cases, or pay by the score without steps.",
        before="""\
# half of the scores may as well be 11 points higher or lower
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]
grades: [{grade: A, from: 80, pay: 1.1}, {grade: B, from: 75, pay: 1}, {grade: C, from: null, pay: 0.8}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: 240}]
grades: [{grade: A, from: 95, pay: 1.1}, {grade: B, from: 60, pay: 1}, {grade: C, from: null, pay: 0.8}]
""",
        source="Goldstein and Spiegelhalter, League Tables and Their Limitations (1996)",
    ),
)
