"""Rules of the family `cards`: errors of adjustments, grades, pay, shares and lists.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="grade-order",
        severity="error",
        says="grades that do not descend, or of which the worse pays more",
        why=("A better score would bring a worse grade or less pay, and nobody could say which band a score is in."),
        mend="Put the best grade first, and let neither `from` nor `pay` rise on the way down.",
        before="""\
card: agent
grades: [{grade: A, from: 80, pay: 1}, {grade: B, from: 95, pay: 1.1}, {grade: C, from: null, pay: 0.8}]
""",
        after="""\
card: agent
grades: [{grade: A, from: 95, pay: 1.1}, {grade: B, from: 80, pay: 1}, {grade: C, from: null, pay: 0.8}]
""",
        source="Stevens, On the Theory of Scales of Measurement (1946)",
    ),
    Rule(
        name="grade-gap",
        severity="error",
        says="scores below the last grade that have none",
        why="Whoever does worst would have no grade and so no pay, which nobody has decided.",
        mend="Let the last grade be `from: null`, or add one.",
        before="""\
card: agent
grades: [{grade: A, from: 95, pay: 1.1}, {grade: C, from: 60, pay: 0.8}]
""",
        after="""\
card: agent
grades: [{grade: A, from: 95, pay: 1.1}, {grade: C, from: null, pay: 0.8}]
""",
        source="practice of the field: classes leave nobody out",
    ),
    Rule(
        name="unknown-grade",
        severity="error",
        says="a red line, distribution, list or watch list that speaks of a grade the card does not have",
        why="It would never apply, and the card would read as if it did.",
        mend="Name a grade of the card.",
        before="""\
card: agent
adjust: {red_lines: [{name: rudeness, when: red_line_events > 0, grade_at_most: D}]}
""",
        after="""\
card: agent
adjust: {red_lines: [{name: rudeness, when: red_line_events > 0, grade_at_most: C}]}
""",
        source="Date, Referential Integrity (1981)",
    ),
    Rule(
        name="pool-mismatch",
        severity="error",
        says="items of one name with different pools, or pools told apart where there is none",
        why="Items of one name share a pool, so that two sizes of it leave open what anybody is paid.",
        mend="Say the same of the pool in every item of one name, and `pool_by` only beside a `pool`.",
        before="""\
card: agent
adjust: {bonus: [{name: ideas, amount: ideas_adopted, cap: 6, pool_by: team}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: ideas, amount: ideas_adopted, cap: 6, pool: 20, pool_by: team}]}
""",
        source="practice of the field: one fund, one size",
    ),
    Rule(
        name="unfit-condition",
        severity="error",
        says="a condition whose `over`, `of` and `lasts` do not go together",
        why="What it looks at is not there, or could be read in two ways.",
        mend=("Say one of `over`, `of` and `lasts: year`, with a condition (`when`), over 12 cycles at most."),
        before="""\
card: agent
adjust: {bonus: [{name: ideas, amount: ideas_adopted, cap: 6, over: 3 cycles}]}
""",
        after="""\
card: agent
adjust: {bonus: [{name: ideas, amount: ideas_adopted, cap: 6, when: ideas_adopted > 2, over: 3 cycles}]}
""",
        source="SQL standard, window frames",
    ),
    Rule(
        name="unfit-subject",
        severity="error",
        says="a card whose subject is a span of time",
        why=(
            "Every word for a grain of time (`day`, `month`) asks for values by time, and whom the card scores "
            "would be lost."
        ),
        mend="Give the dimension another name.",
        before="""\
card: agent
subject: day
---
tables: {events: {columns: {day: {type: category}}}}
""",
        after="""\
card: agent
subject: day_name
---
tables: {events: {columns: {day_name: {type: category}}}}
""",
        source="SQL standard, reserved words",
    ),
    Rule(
        name="private-subject",
        severity="error",
        says="a private column where a result would show it",
        why="Subjects, groups and addressees stand in every report, and what is private must not.",
        mend="Name a column that may be shown.",
        before="""\
card: agent
actions: [{when: csat < 0.7, do: course, to: home, due: 14d}]
---
tables: {roster: {columns: {home: {type: text, private: true}}}}
""",
        after="""\
card: agent
actions: [{when: csat < 0.7, do: course, to: team, due: 14d}]
---
tables: {roster: {columns: {home: {type: text, private: true}}}}
""",
        source="Regulation (EU) 2016/679 (GDPR), Article 5",
    ),
    Rule(
        name="shares-not-100",
        severity="error",
        says="a distribution whose shares do not sum to 100",
        why="Some would have no place, or some place nobody.",
        mend="Let the shares of the grades sum to 100.",
        before="""\
card: agent
distribution: {shares: {A: 20, B: 60, C: 10}}
""",
        after="""\
card: agent
distribution: {shares: {A: 20, B: 70, C: 10}}
""",
        source="Grote, Forced Ranking (2005)",
    ),
    Rule(
        name="budget-without-base",
        severity="error",
        says="a budget for pay without a base it could be divided by",
        why=("A budget is kept by paying everybody the same part of what was earned, and without a base nothing is."),
        mend="State `base`: an amount, or a column of the roster.",
        before="""\
card: agent
pay: {budget: 5500}
""",
        after="""\
card: agent
pay: {base: 1000, budget: 5500}
""",
        source="practice of the field: a budget divides what was earned",
    ),
    Rule(
        name="bad-progression",
        severity="error",
        says="a list over cycles whose rule cannot be read, or can never be met",
        why="Who is promoted or supported hangs on it, so it must say exactly what it asks.",
        mend=("Write `A or better in 3 of 4 cycles`, or `C or worse in 2 of 3 cycles`; 36 cycles are the most."),
        before="""\
card: agent
progression: {promote: A or better in 5 of 4 cycles}
""",
        after="""\
card: agent
progression: {promote: A or better in 3 of 4 cycles}
""",
        source="Lawler, Pay and Organizational Effectiveness (1971)",
    ),
)
