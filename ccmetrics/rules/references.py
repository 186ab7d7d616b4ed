"""Rules of the family `references`: what names are held against: whether they lead anywhere, and are used.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="unknown-name",
        severity="error",
        says="a name in a formula that nothing has",
        why="A misspelt name would be null for everybody, and a null is easily taken for no data.",
        mend="Correct the name, or define what it names: `ccmetrics list measures`.",
        before="""\
kpis:
  aht: {formula: handle_time / timd}
""",
        after="""\
kpis:
  aht: {formula: handle_time / timed}
""",
        source="SQL standard, names of columns",
    ),
    Rule(
        name="unknown-measure",
        severity="error",
        says="a measure that is not there, named outside a formula, as an `n` is",
        why="An n of nothing would let every value count as known.",
        mend="Correct the name, or define the measure.",
        before="""\
kpis:
  csat: {n: answer}
""",
        after="""\
kpis:
  csat: {n: answers}
""",
        source="SQL standard, names of columns",
    ),
    Rule(
        name="unknown-kpi",
        severity="error",
        says="a KPI that is not there",
        why="A card or guardrail that names it would go without it.",
        mend="Correct the name, or define the KPI.",
        before="""\
kpis:
  aht: {guardrails: [csta]}
""",
        after="""\
kpis:
  aht: {guardrails: [csat]}
""",
        source="SQL standard, referential integrity",
    ),
    Rule(
        name="unknown-variant",
        severity="error",
        says="a variant that its KPI does not have",
        why="The field has several definitions of most KPIs, and points are earned by exactly one.",
        mend="Name one of its variants, or leave it out for the default.",
        before="""\
card: agent
kpis: [{kpi: service_level, variant: of_answerd, weight: 100, floor: 0.7, target: 0.8}]
""",
        after="""\
card: agent
kpis: [{kpi: service_level, variant: of_answered, weight: 100, floor: 0.7, target: 0.8}]
""",
        source="ICMI, on the several definitions of service level",
    ),
    Rule(
        name="unknown-card",
        severity="error",
        says="a card that is not there",
        why="A leader whose line follows a card that nobody has would be scored by nothing.",
        mend="Correct the name, or define the card.",
        before="""\
card: leader
title: Team leader
subject: team
kpis: [{linked_card: agents, by: team, category: growth, weight: 100, floor: 60, target: 100}]
""",
        after="""\
card: leader
title: Team leader
subject: team
kpis: [{linked_card: agent, by: team, category: growth, weight: 100, floor: 60, target: 100}]
""",
        source="SQL standard, referential integrity",
    ),
    Rule(
        name="unknown-table",
        severity="error",
        says="a table that is not there",
        why="Rows of a table that nobody feeds are never counted.",
        mend="Correct the name: `ccmetrics list tables`.",
        before="""\
measures:
  talked: {table: calls, sum: handle_s}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="SQL standard, names of tables",
    ),
    Rule(
        name="unknown-column",
        severity="error",
        says="a column that its table does not have",
        why="A key, a time or a group by a column that is not there puts every row in the same place: nowhere.",
        mend="Correct the name: `ccmetrics list tables`.",
        before="""\
tables:
  surveys: {time: answered}
""",
        after="""\
tables:
  surveys: {time: answered_at}
""",
        source="SQL standard, names of columns",
    ),
    Rule(
        name="unknown-value",
        severity="error",
        says="a comparison with a word that its column never holds",
        why="Such a condition is never true: the measure would be 0 for everybody, and look like a result.",
        mend="Correct the word, or add it to the `values` of the column.",
        before="""\
measures:
  kept: {table: interactions, count: outcome = 'answred'}
""",
        after="""\
measures:
  kept: {table: interactions, count: outcome = 'answered'}
""",
        source="SQL standard, CHECK constraints",
    ),
    Rule(
        name="unknown-parameter",
        severity="error",
        says="a parameter that the project does not have",
        why="A threshold that is nowhere stated cannot be compared with.",
        mend="Correct the name, or state it under `parameters` of the project.",
        before="""\
measures:
  quick: {table: interactions, count: wait_s <= :treshold_s}
""",
        after="""\
measures:
  quick: {table: interactions, count: wait_s <= :threshold_s}
""",
        source="SQL standard, host parameters",
    ),
    Rule(
        name="unknown-segment",
        severity="error",
        says="a segment of a goal that no day and nobody is of",
        why="Its goal would hold for nothing, and the days it was meant for would go without.",
        mend="Name the segment as the message says.",
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100, segments: {by: weekday, curves: {monday: {floor: 0.6, target: 0.8}}}}]
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100, segments: {by: weekday, curves: {mon: {floor: 0.6, target: 0.8}}}}]
""",
        source="ISO 8601",
    ),
    Rule(
        name="unknown-layout",
        severity="error",
        says="a layout that is not there",
        why="The export that it is named for would be read by another layout, or by none.",
        mend="Correct the name: `ccmetrics list layouts`.",
        before="""\
project:
  layouts: {"calls*.csv": fone}
""",
        after="""\
project:
  layouts: {"calls*.csv": phone}
""",
        source="SQL standard, referential integrity",
    ),
    Rule(
        name="unknown-time-zone",
        severity="error",
        says="a time zone that the IANA database does not have",
        why="Days begin and end by it. Short names such as CST mean several zones, and know no summer time.",
        mend="Write it like `Europe/Berlin`.",
        before="""\
project:
  time_zone: CEST
""",
        after="""\
project:
  time_zone: Europe/Berlin
""",
        source="IANA Time Zone Database",
    ),
    Rule(
        name="unused-definition",
        severity="warning",
        says="a measure or a parameter of the project that no formula uses",
        why=(
            "Somebody will change it and wonder why no number moves; most often its name is written differently where "
            "it was meant. A KPI is never unused, since `measure` can be asked for it."
        ),
        mend="Remove it, or use it.",
        before="""\
measures:
  abandoned: {table: interactions, count: outcome = 'abandoned'}
""",
        after="""\
measures:
  abandoned: {table: interactions, count: outcome = 'abandoned'}
kpis:
  load:
    formula: (offered - abandoned) / offered
    expect: [{given: {offered: 60, abandoned: 15}, value: 0.75}]
""",
        source="pyflakes and other linters: unused names",
    ),
)
