"""Rules of the family `cards`: single lines, and what a card leaves unsaid.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="counted-twice",
        severity="warning",
        says="two lines of a card that count the same thing",
        why=(
            "Whatever moves the one moves the other, so the thing has both weights together, and none of them is the "
            "one that was agreed. Two KPIs are the same here where they are variants of one, are made of the same "
            "measures, mirror each other (what is not answered is abandoned), where the measure of one stands in the "
            "formula of the other, or where it comes again with the score of a linked card of the same subject. That "
            "talk is a part of handle time, no formula says: `check --data` tells lines that move together."
        ),
        mend="Score one of them, with the weight that the thing is worth, and put the other under `watch`.",
        before="""\
kpis:
  csat: {default: share, formula: null, variants: {share: satisfied / answers, number: satisfied}}
---
card: agent
kpis:
  - {kpi: csat, variant: share, weight: 50, floor: 0.7, target: 0.85}
  - {kpi: csat, variant: number, weight: 50, floor: 10, target: 20}
""",
        after="""\
kpis:
  csat: {default: share, formula: null, variants: {share: satisfied / answers, number: satisfied}}
---
card: agent
kpis: [{kpi: csat, variant: share, weight: 100, floor: 0.7, target: 0.85}]
watch: [csat.number]
""",
        source="Keeney and Raiffa, Decisions with Multiple Objectives (1976)",
    ),
    Rule(
        name="weight-too-small",
        severity="advice",
        says="a line that weighs less than 5 of 100",
        why=(
            "From floor to target a line moves the score by its weight. Below 5 the whole way, months of work, is "
            "worth less than a third of a usual grade of 15 points: nobody moves for it, and it takes the place of "
            "something that counts. 5 itself is let be, for what should only not be forgotten."
        ),
        mend="Give it 5 or more, or put it under `watch`.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 97, floor: 0.7, target: 0.85}
  - {kpi: ideas, weight: 3, floor: 0, target: 2}
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
watch: [ideas]
""",
        source="Vroom, Work and Motivation (1964)",
    ),
    Rule(
        name="weight-too-large",
        severity="warning",
        says="a line that weighs more than 40 of 100",
        why=(
            "Such a card is one KPI: with everything else at its target, a floor there leaves less than 60, which is "
            "below every usual grade but the last, and nothing else can mend that. People then do that one thing, "
            "and the other lines are ornaments. 40 itself is let be: a main duty with others beside it."
        ),
        mend="Give it 40 or less; where one thing is all the role is for, allow it with that reason.",
        before="""\
card: agent
kpis:
  - {kpi: csat, weight: 60, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 40, floor: 480, target: 330}
""",
        after="""\
card: agent
kpis:
  - {kpi: csat, weight: 40, floor: 0.7, target: 0.85}
  - {kpi: aht, weight: 30, floor: 480, target: 330}
  - {kpi: ideas, weight: 30, floor: 0, target: 2}
""",
        source="Holmstrom and Milgrom, Multitask Principal-Agent Analyses (1991)",
    ),
    Rule(
        name="no-missing-policy",
        severity="warning",
        says="neither the card nor a line says what happens to a missing value",
        why=(
            "Somebody will have no survey this month. Whether that costs the score, the points, or nothing decides "
            "about pay, and whether losing data helps; it should be decided before anybody knows whom it meets."
        ),
        mend=(
            "Write `missing:` on the card, or on the line: withhold (no score), neutral (as all subjects together), "
            "floor (no points) or redistribute (its weight goes to the others)."
        ),
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85, missing: neutral}]
""",
        source="Little and Rubin, Statistical Analysis with Missing Data (1987)",
    ),
    Rule(
        name="free-loss",
        severity="warning",
        says="a card on which every line without a value is left out",
        why=(
            "Whatever goes badly is best not recorded: its weight goes to what went well, and a lost export raises "
            "the score."
        ),
        mend="Keep `redistribute` for what some rightly lack; elsewhere withhold the score, or take the floor.",
        before="""\
card: agent
missing: redistribute
""",
        after="""\
card: agent
missing: withhold
""",
        source="Little and Rubin, Statistical Analysis with Missing Data (1987)",
    ),
    Rule(
        name="watched-and-scored",
        severity="advice",
        says="a KPI that a card watches and shows already, scored or watched",
        why=(
            "What is watched stands beside what is scored to keep it honest. The same number a second time says "
            "nothing more, and makes readers look for the difference."
        ),
        mend="Take it out of `watch`; a guardrail of it would be worth the place.",
        before="""\
card: agent
watch: [csat]
""",
        after="""\
card: agent
watch: [service_level]
""",
        source="Few, Information Dashboard Design (2006)",
    ),
    Rule(
        name="no-owner",
        severity="advice",
        says="a card that nobody answers for",
        why=(
            "Goals grow old, KPIs get gamed, somebody appeals. A card without an owner is nobody's to change and "
            "goes on paying for what was wanted once."
        ),
        mend="Say who decides on it, as a role: `owner: head of operations`.",
        before="""\
card: agent
owner: ""
""",
        after="""\
card: agent
owner: head of operations
""",
        source="Neely and others, Designing performance measures: a structured approach (1997)",
    ),
)
