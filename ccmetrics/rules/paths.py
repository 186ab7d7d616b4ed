"""Rules of the family `references`: ways from table to table, and circles.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="ambiguous-path",
        severity="error",
        says="a name that two ways of references lead to",
        why="Who sold and who recorded it are of different teams: the two ways give two numbers.",
        mend="Write the way out, or state the order under `dimensions` of the table.",
        before="""\
measures:
  teams: {table: events, distinct: team}
""",
        after="""\
measures:
  teams: {table: events, distinct: agent.team}
""",
        source="SQL standard, ambiguous column references",
    ),
    Rule(
        name="missing-column",
        severity="error",
        says="a layout without a column that its table requires",
        why="Rows without their time or key can be put in no period and told from no other.",
        mend="Name the column of the export that it is taken from.",
        before="""\
layout: chat
match: [Chat Id]
tables:
  interactions: {interaction_id: Chat Id}
""",
        after="""\
layout: chat
match: [Chat Id]
tables:
  interactions: {interaction_id: Chat Id, started_at: Begin}
""",
        source="SQL standard, NOT NULL constraints",
    ),
    Rule(
        name="not-a-reference",
        severity="error",
        says="a way that begins at a column which refers to nothing",
        why="No row of another table is found by it.",
        mend="Name a column with `refers`, or a time.",
        before="""\
tables:
  surveys: {as_of: survey_id}
""",
        after="""\
tables:
  surveys: {as_of: interaction_id}
""",
        source="SQL standard, FOREIGN KEY constraints",
    ),
    Rule(
        name="not-many-to-one",
        severity="error",
        says="a reference to a table that may have many rows for one value",
        why="Looking a value up would double rows, and doubled rows are doubled numbers.",
        mend="Let the table have one key column, or one key and the date from which a version holds (`time`).",
        before="""\
tables:
  queues: {key: [queue_id, team]}
""",
        after="""\
tables:
  queues: {key: queue_id}
""",
        source="Kimball and Ross, The Data Warehouse Toolkit, on many-to-many joins",
    ),
    Rule(
        name="card-cycle",
        severity="error",
        says="a circle of cards that need each other's score",
        why="Neither can be scored before the other.",
        mend="Break the circle: let one of them stand on KPIs alone.",
        before="""\
card: agent
kpis: [{linked_card: agent, by: team, category: growth, weight: 100, floor: 60, target: 100}]
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
""",
        source="Kahn, Topological sorting of large networks (1962)",
    ),
    Rule(
        name="kpi-cycle",
        severity="error",
        says="a circle of KPIs that need each other",
        why="Neither can be computed before the other.",
        mend="Break the circle: let one of them stand on measures alone.",
        before="""\
kpis:
  ideas: {formula: ideas + ideas_adopted}
""",
        after="""\
kpis:
  ideas: {formula: ideas_adopted}
""",
        source="Kahn, Topological sorting of large networks (1962)",
    ),
    Rule(
        name="own-guardrail",
        severity="error",
        says="a KPI that is its own guardrail",
        why="A guardrail watches what suffers when a number is chased. No number tells that of itself.",
        mend="Name another KPI.",
        before="""\
kpis:
  aht: {guardrails: [aht]}
""",
        after="""\
kpis:
  aht: {guardrails: [csat]}
""",
        source="Goodhart, Problems of Monetary Management (1975)",
    ),
)
