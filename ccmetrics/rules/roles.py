"""Rules of the family `cards`: whom cards are for, and goals and minima that ask for nothing.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="backward-goal",
        severity="warning",
        says="a target that asks for no more than last year's value",
        why="Whoever does as last year, or worse, has met it in full.",
        mend="Turn the sign round, or allow it with the reason why less is enough this year.",
        before="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: {last_year: +5%, else: 330}}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: 480, target: {last_year: -5%, else: 330}}]
""",
        source="Locke and Latham, A Theory of Goal Setting and Task Performance (1990)",
    ),
    Rule(
        name="no-goal-yet",
        severity="warning",
        says="a goal whose floor, target or stretch begins later than the rest of it",
        why=("From the first date to the last it is half stated, and the line has no points on any day of that time."),
        mend="Let floor, target and stretch begin on one day.",
        before="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: {2026-01-01: 480}, target: {2026-07-01: 330}}]
""",
        after="""\
card: agent
kpis: [{kpi: aht, weight: 100, floor: {2026-01-01: 480}, target: {2026-01-01: 330}}]
""",
        source="Locke and Latham, A Theory of Goal Setting and Task Performance (1990)",
    ),
    Rule(
        name="odd-minimum",
        severity="advice",
        says="a minimum that holds nobody back, or that nobody reaches",
        why=(
            "With hardly a minimum a score may stand on one day or one line; with far too high a one nobody has a "
            "value of their own."
        ),
        mend="State a part of the weights or of the time, like 0.6, and a `min_n` that a month brings.",
        before="""\
card: agent
min_coverage: 0
""",
        after="""\
card: agent
min_coverage: 0.6
""",
        source="Wainer, The Most Dangerous Equation (2007)",
    ),
    Rule(
        name="role-without-card",
        severity="warning",
        says="a role of the roster that no card scores",
        why="Whoever has it is measured by nothing, or by a card made for others.",
        mend=(
            "Write a card whose `who` takes the role or whose name it is, or allow it: `allow: "
            "{role-without-card: why}` in the project."
        ),
        before="""\
tables: {roster: {columns: {role: {values: [agent, trainer]}}}}
""",
        after="""\
tables: {roster: {columns: {role: {values: [agent, trainer]}}}}
---
card: coaching
title: Trainer
subject: by_id
who: role = 'trainer'
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        source="Kaplan and Norton, The Strategy-Focused Organization (2001)",
    ),
    Rule(
        name="two-cards-for-a-role",
        severity="advice",
        says="two cards that score the same role as the same subject",
        why=(
            "The same work has two scores in one cycle, and nobody can say which of them counts. A card without `who` "
            "scores everybody."
        ),
        mend=(
            "Let their `who` part the people between them, or allow it with the reason: `allow: "
            "{two-cards-for-a-role: why}`."
        ),
        before="""\
card: second
title: Second
subject: agent_id
who: role IN ('agent', 'senior')
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        after="""\
card: second
title: Second
subject: agent_id
who: role = 'senior'
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        source="Fayol, General and Industrial Management (1949)",
    ),
)
