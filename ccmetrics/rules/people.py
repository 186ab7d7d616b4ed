"""Rules of the family `data`: whom cards score, pay and hold down when data is given.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="card-without-subjects",
        severity="warning",
        says="a card that scores nobody in the data",
        why="A condition that no row meets is no error, so a word misspelled in `who` leaves people without a score.",
        mend="Write `subject` and `who` with the words that the roster has: `ccmetrics inspect` shows them.",
        before="""\
# the roster has the roles agent and senior
card: agent
who: role = 'agnet'
""",
        after="""\
card: agent
who: role = 'agent'
""",
        source="SQL standard, search conditions",
    ),
    Rule(
        name="role-not-scored",
        severity="warning",
        says="a role of the roster that no card scores",
        why=(
            "Whoever has no card has no goals, and pulls where the others' cards do not look. A card for everybody "
            "counts only where it has a value of them; one of the center, where it is named after the role."
        ),
        mend="Add a card for the role, or allow it in the project with a reason: `allow: {role-not-scored: why}`.",
        before="""\
# the roster has the roles agent and senior
card: agent
who: role = 'senior'
""",
        after="""\
card: agent
who: role IN ('agent', 'senior')
""",
        source="Kaplan and Norton, The Strategy-Focused Organization (2001)",
    ),
    Rule(
        name="paid-by-two-cards",
        severity="warning",
        says="two cards that pay the same people",
        why="Each card pays in full, so whoever is on both is paid twice for the same days.",
        mend="Say by `who` whom each card scores, or leave `pay` out of one of them.",
        before="""\
card: agent
who: null
pay: {base: 1000}
---
card: senior
title: Senior
subject: agent_id
kpis: [{kpi: aht, weight: 100, floor: 480, target: 330}]
grades: [{grade: all, from: null, pay: 1}]
pay: {base: 1500}
allow: {one-sided-mix: a second card for the same people}
""",
        after="""\
card: agent
who: role = 'agent'
pay: {base: 1000}
---
card: senior
title: Senior
subject: agent_id
who: role = 'senior'
kpis: [{kpi: aht, weight: 100, floor: 480, target: 330}]
grades: [{grade: all, from: null, pay: 1}]
pay: {base: 1500}
allow: {one-sided-mix: other people than the first}
""",
        source="practice of the field: nobody is paid twice for the same work",
    ),
    Rule(
        name="red-line-for-many",
        severity="warning",
        says="a red line that more than half of the subjects have crossed",
        why=(
            "A red line is for what nobody may do. Where most have crossed it, the cause lies in the work or in the "
            "condition, not in the people."
        ),
        mend="Look at what it counts, and make its condition that of an exception.",
        before="""\
# most have a csat of 0.75
card: agent
adjust: {red_lines: [{name: discontent, when: csat < 0.95, grade_at_most: C}]}
""",
        after="""\
card: agent
adjust: {red_lines: [{name: discontent, when: csat < 0.50, grade_at_most: C}]}
""",
        source="Deming, Out of the Crisis (1986)",
    ),
)
