"""Rules of the family `cards`: parts of a card that can never do anything.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="idle-line",
        severity="warning",
        says="a linked line that no subject of the card can have a value of",
        why=(
            "The column of the roster holds none of this card's subjects, so that the line is missing for everybody "
            "and the others weigh in its place."
        ),
        mend="Let `by` name the column of the roster that holds this card's subjects.",
        before="""\
card: teams
title: Teams
subject: team
kpis: [{linked_card: agent, by: agent_id, category: operational, weight: 100}]
""",
        after="""\
card: teams
title: Teams
subject: team
kpis: [{linked_card: agent, by: team, category: operational, weight: 100}]
""",
        source="Kaplan and Norton, The Strategy-Focused Organization (2001)",
    ),
    Rule(
        name="idle-red-line",
        severity="warning",
        says="a red line that can never be crossed, or takes nothing from whoever crosses it",
        why="People believe that it protects customers, and it protects nobody.",
        mend=("Mend the condition, or let it cost something: a score, grade or pay below what can be reached."),
        before="""\
card: agent
adjust: {red_lines: [{name: rudeness, when: red_line_events < 0, grade_at_most: C}]}
""",
        after="""\
card: agent
adjust: {red_lines: [{name: rudeness, when: red_line_events > 0, grade_at_most: C}]}
""",
        source="CWE-570: Expression is Always False",
    ),
    Rule(
        name="idle-adjustment",
        severity="warning",
        says="a bonus, deduction or coefficient that can never change a score",
        why="It promises or threatens something that no result brings about.",
        mend="Mend its condition, amount or factor, or remove it.",
        before="""\
card: agent
adjust: {coefficients: [{name: content customers, when: csat > 90, factor: 1.05}]}
""",
        after="""\
card: agent
adjust: {coefficients: [{name: content customers, when: csat > 0.9, factor: 1.05}]}
""",
        source="CWE-561: Dead Code",
    ),
    Rule(
        name="idle-action",
        severity="warning",
        says="an action that no value can set off",
        why="Whoever relies on being told will never be.",
        mend="Mend its condition: shares are 0 to 1, and counts 0 or more.",
        before="""\
card: agent
actions: [{when: csat > 0.9 AND csat < 0.7, do: course, to: team, due: 14d}]
""",
        after="""\
card: agent
actions: [{when: csat < 0.7, do: course, to: team, due: 14d}]
""",
        source="CWE-570: Expression is Always False",
    ),
    Rule(
        name="sure-condition",
        severity="warning",
        says="a condition that is true whatever happens",
        why=(
            "Everybody gets the bonus, crosses the red line or is sent to the course. A share is written 0 to 1, "
            "so `csat < 70` is always true."
        ),
        mend="Mend the condition, or remove it.",
        before="""\
card: agent
adjust: {deductions: [{name: discontent, amount: 5, when: csat < 70, cap: 5}]}
""",
        after="""\
card: agent
adjust: {deductions: [{name: discontent, amount: 5, when: csat < 0.70, cap: 5}]}
""",
        source="CWE-571: Expression is Always True",
    ),
    Rule(
        name="wild-coefficient",
        severity="warning",
        says="a factor beyond its limits, or limits that let a result halve or double",
        why=(
            "Without limits 105 for 1.05 would multiply pay by 105. Within them it is cut down to the highest, and "
            "nobody sees that another factor was meant."
        ),
        mend="Write factors near 1, like 1.05, within limits between 0.5 and 2.",
        before="""\
card: agent
adjust: {coefficients: [{name: ideas, when: ideas_adopted > 2, factor: 1.5}]}
""",
        after="""\
card: agent
adjust: {coefficients: [{name: ideas, when: ideas_adopted > 2, factor: 1.05}]}
""",
        source="Merchant and Van der Stede, Management Control Systems",
    ),
    Rule(
        name="idle-pool",
        severity="warning",
        says="a pool that limits nobody beyond the cap, or pays nobody in full",
        why=(
            "A pool is there for several to share; for one alone the cap says the same, and out of one that is "
            "too small nothing comes."
        ),
        mend="Leave `pool` out, or let it hold what several can ask for.",
        before="""\
card: agent
adjust: {bonus: [{name: ideas, amount: 2 * ideas_adopted, cap: 6, pool: 1}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: ideas, amount: 2 * ideas_adopted, cap: 6, pool: 20}]}
""",
        source="Vroom, Work and Motivation (1964)",
    ),
    Rule(
        name="idle-grade",
        severity="warning",
        says="a grade that no score of the card can bring",
        why="Nobody works for what cannot be reached, and a grade below all scores threatens nobody.",
        mend=("Let it begin where scores are: with a stretch on every line they end at 120 and what bonuses add."),
        before="""\
card: agent
grades: [{grade: S, from: 150, pay: 1.3}, {grade: A, from: 95, pay: 1.1}, {grade: C, from: null, pay: 0.8}]
""",
        after="""\
card: agent
grades: [{grade: S, from: 105, pay: 1.3}, {grade: A, from: 95, pay: 1.1}, {grade: C, from: null, pay: 0.8}]
""",
        source="Vroom, Work and Motivation (1964)",
    ),
    Rule(
        name="idle-pay",
        severity="advice",
        says="grades that all pay the same",
        why="Everyone is told which score earns which pay, and every score earns one.",
        mend="Let better grades pay more, or allow it with the reason why pay does not hang on this card.",
        before="""\
card: agent
grades: [{grade: A, from: 95, pay: 1}, {grade: B, from: 80, pay: 1}, {grade: C, from: null, pay: 1}]
""",
        after="""\
card: agent
grades: [{grade: A, from: 95, pay: 1.1}, {grade: B, from: 80, pay: 1}, {grade: C, from: null, pay: 0.8}]
""",
        source="Vroom, Work and Motivation (1964)",
    ),
    Rule(
        name="idle-list",
        severity="warning",
        says="a list over cycles that everybody is on, or nobody can be",
        why=(
            "Who is promoted or supported hangs on the list. With everybody on it the choice is made elsewhere, and "
            "with nobody the promise is empty."
        ),
        mend="Name a grade between: one that some have and some have not.",
        before="""\
card: agent
progression: {support: A or worse in 2 of 3 cycles}
""",
        after="""\
card: agent
progression: {support: C or worse in 2 of 3 cycles}
""",
        source="CWE-571: Expression is Always True",
    ),
    Rule(
        name="idle-shares",
        severity="warning",
        says="limits of shares of volume that no score can move",
        why=(
            "Vendors are told that better work brings more volume. Limits that admit one outcome alone break that "
            "promise in silence."
        ),
        mend="Leave room: a `min` that several can have, and a `max` above it.",
        before="""\
card: agent
shares: {measure: answered, min: 0.6}
""",
        after="""\
card: agent
shares: {measure: answered, min: 0.2}
""",
        source="practice of the field: volume follows performance",
    ),
)
