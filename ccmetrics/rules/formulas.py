"""Rules of the family `formulas`: what formulas are held against: syntax, names' kinds and units, sense.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="formula-syntax",
        severity="error",
        says="a formula that is no SQL expression",
        why="Nobody can say what it would have computed.",
        mend="Correct it at the mark.",
        before="""\
kpis:
  csat: {formula: satisfied / / answers}
""",
        after="""\
kpis:
  csat: {formula: satisfied / answers}
""",
        source="SQL standard, value expressions",
    ),
    Rule(
        name="forbidden-construct",
        severity="error",
        says="a construct of SQL that formulas may not have",
        why=(
            "Formulas are arithmetic over measures. Whatever reads, casts or aggregates differs between engines, "
            "or can do harm."
        ),
        mend="Write it as the message says; aggregates belong to measures.",
        before="""\
kpis:
  aht: {formula: SUM(handle_time) / timed}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed}
""",
        source="OWASP, injection prevention by allow-lists",
    ),
    Rule(
        name="odd-character",
        severity="error",
        says="a sign that looks like one of SQL and is another",
        why="Word processors turn a minus into a dash and quotes into curly ones.",
        mend="Write the plain sign.",
        before="""\
kpis:
  aht: {formula: handle_time ÷ timed}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed}
""",
        source="Unicode Technical Standard 39, on confusable characters",
    ),
    Rule(
        name="bad-number",
        severity="error",
        says="a number that cannot be held, or is no plain decimal",
        why="It would become another number than was written.",
        mend="Write it in plain decimals, with a digit before the point: `0.5`.",
        before="""\
measures:
  quick: {table: interactions, count: wait_s < 1e400}
""",
        after="""\
measures:
  quick: {table: interactions, count: wait_s < 400}
""",
        source="IEEE 754, binary64",
    ),
    Rule(
        name="chained-comparison",
        severity="error",
        says="two comparisons in a row",
        why="SQL does not read `5 < x < 9` as people do: it compares the truth of the first with 9.",
        mend="Write it as two, joined by AND.",
        before="""\
measures:
  brief: {table: interactions, count: 5 < wait_s < 20}
""",
        after="""\
measures:
  brief: {table: interactions, count: 5 < wait_s AND wait_s < 20}
""",
        source="SQL standard, comparison predicates",
    ),
    Rule(
        name="formula-too-long",
        severity="error",
        says="a formula that is too long to be checked by a reader",
        why="What nobody can read nobody can appeal against.",
        mend="Name parts of it as measures.",
        before="""\
kpis:
  ideas:
    formula: >-
      ideas_adopted + ideas_adopted + ideas_adopted
      # ... 2,000 bytes
""",
        after="""\
kpis:
  ideas:
    formula: 3 * ideas_adopted
""",
        source="common practice of linters: a limit of length",
    ),
    Rule(
        name="formula-too-deep",
        severity="error",
        says="a formula nested deeper than 20 levels",
        why="Such a formula was written by a program, or by mistake.",
        mend="Name parts of it as measures.",
        before="""\
kpis:
  ideas: {formula: (((((((((((((((((((((ideas_adopted)))))))))))))))))))))}
""",
        after="""\
kpis:
  ideas: {formula: ideas_adopted}
""",
        source="CWE-674, Uncontrolled Recursion",
    ),
    Rule(
        name="kind-mismatch",
        severity="error",
        says="text, numbers, times and conditions taken for each other",
        why="Engines turn one into the other by rules of their own, and the answer is never what was meant.",
        mend="Compare like with like; a condition is true or false.",
        before="""\
measures:
  long: {table: interactions, count: wait_s > 'long'}
""",
        after="""\
measures:
  long: {table: interactions, count: wait_s > 60}
""",
        source="SQL standard, comparable types",
    ),
    Rule(
        name="unit-mismatch",
        severity="error",
        says="seconds added to money, or a formula of another unit than is declared",
        why="The sum of two units is a number of nothing, and an hour taken for seconds is wrong 3,600 times over.",
        mend="Divide or multiply to the unit, or declare the unit that the formula gives.",
        before="""\
kpis:
  aht: {formula: (handle_time + revenue) / timed}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed}
""",
        source="Mars Climate Orbiter Mishap Investigation Board, Phase I Report (1999)",
    ),
)
