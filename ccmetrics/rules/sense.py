"""Rules of the family `formulas`: formulas that can be read and do not say what was meant.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="always-null",
        severity="error",
        says="a formula, or a part of one, that is null whatever the data",
        why=(
            "A division by 0 is null and no error, so that nothing else would tell: the KPI stays empty for ever, and "
            "its weight goes to whatever the card does with missing values."
        ),
        mend="Divide by what can be other than 0, or leave the part out; a division that meets a 0 is null by itself.",
        before="""\
kpis:
  aht: {formula: handle_time / (timed - timed)}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed}
""",
        source="SQL standard, arithmetic and CASE with NULL",
    ),
    Rule(
        name="always-true",
        severity="warning",
        says="a condition that is true of everything it is asked of",
        why=(
            "It decides nothing, so something else was meant: `x <> 'a' OR x <> 'b'` holds of every x, and AND or "
            "NOT IN was in mind."
        ),
        mend="Leave the condition out, or write the one that is meant.",
        before="""\
measures:
  neither: {table: events, count: "kind <> 'sale' OR kind <> 'idea'"}
""",
        after="""\
measures:
  neither: {table: events, count: "kind NOT IN ('sale', 'idea')"}
""",
        source="logic: a tautology",
    ),
    Rule(
        name="never-true",
        severity="warning",
        says="a condition that nothing can ever meet",
        why="What it counts is always 0, what it triggers never comes, and a 0 looks like a good result.",
        mend="Write the condition that is meant: `IN` or OR for one of several values, a lower bound below the upper.",
        before="""\
measures:
  either: {table: events, count: "kind = 'sale' AND kind = 'idea'"}
""",
        after="""\
measures:
  either: {table: events, count: "kind IN ('sale', 'idea')"}
""",
        source="logic: a contradiction",
    ),
    Rule(
        name="percent-not-ratio",
        severity="warning",
        says="a KPI in percent whose formula is no share of anything",
        why=(
            "A percentage is a part over its whole, from 0 to 1 before it is shown. A plain number in its place reads "
            "as thousands of percent, and has neither n nor interval."
        ),
        mend="Write a part over its whole, as one division and without `100 *`, or declare another unit.",
        before="""\
kpis:
  csat: {formula: 100 * satisfied / answers}
""",
        after="""\
kpis:
  csat: {formula: satisfied / answers}
""",
        source="SI Brochure: the symbol % stands for the number 0.01",
    ),
    Rule(
        name="constant-formula",
        severity="warning",
        says="a KPI that has one value, whatever the data",
        why=(
            "It tells nothing, and pays everybody alike: a thing divided by itself is 1, and what only a bound is "
            "left of is the bound."
        ),
        mend="Write the formula that is meant; where a figure is agreed, it is a goal of the card and no KPI.",
        before="""\
kpis:
  csat: {formula: answers / answers}
""",
        after="""\
kpis:
  csat: {formula: satisfied / answers}
""",
        source="Shannon, A Mathematical Theory of Communication (1948): what is certain informs of nothing",
    ),
    Rule(
        name="filled-null",
        severity="warning",
        says="a KPI that has a value where there is no data",
        why=(
            "No data is neither good nor bad. A filled-in 0 or 1 is scored as if somebody had been measured, and "
            "losing the data becomes a way to earn points. GREATEST and LEAST pass over what is null, and fill in too."
        ),
        mend=(
            "Let it be null: `missing` of the card says what happens then. A figure is bounded by "
            "`CASE WHEN x > 1 THEN 1 ELSE x END`."
        ),
        before="""\
kpis:
  csat: {formula: "COALESCE(satisfied / answers, 0)"}
""",
        after="""\
kpis:
  csat: {formula: satisfied / answers}
""",
        source="Little and Rubin, Statistical Analysis with Missing Data (1987)",
    ),
    Rule(
        name="mean-of-ratio",
        severity="warning",
        says="an average of averages, or shares of different wholes added",
        why=(
            "Two calls in one queue then weigh as much as two hundred in the other, and the figure can move against "
            "both of its parts."
        ),
        mend="Divide the sum of all numerators by the sum of all denominators.",
        before="""\
measures:
  chats: {table: interactions, count: queue.team = 'chat'}
  chats_answered: {table: interactions, count: queue.team = 'chat' AND outcome = 'answered'}
kpis:
  load: {formula: (answered / offered + chats_answered / chats) / 2}
""",
        after="""\
measures:
  chats: {table: interactions, count: queue.team = 'chat'}
  chats_answered: {table: interactions, count: queue.team = 'chat' AND outcome = 'answered'}
kpis:
  load: {formula: (answered + chats_answered) / (offered + chats)}
""",
        source="Simpson, The Interpretation of Interaction in Contingency Tables (1951)",
    ),
    Rule(
        name="unguarded-product",
        severity="warning",
        says="a product or quotient of two columns, either of which a row may lack",
        why=(
            "A product with an empty factor is null, and a sum passes over nulls: the row is gone from the total, and "
            "nothing says so, however good its other column was."
        ),
        mend="Keep the rows that have both, `where: x IS NOT NULL AND y IS NOT NULL`, or say what stands in: COALESCE.",
        before="""\
tables: {events: {columns: {pieces: {type: number}}}}
measures:
  revenue: {table: events, sum: amount * pieces}
""",
        after="""\
tables: {events: {columns: {pieces: {type: number}}}}
measures:
  revenue: {table: events, sum: amount * pieces, where: amount IS NOT NULL AND pieces IS NOT NULL}
""",
        source="SQL standard, NULL in aggregates",
    ),
)
