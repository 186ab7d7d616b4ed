"""Rules of the family `tests`: what tests in the YAML are held against.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="failed-expectation",
        severity="error",
        says="a KPI that gives another value than its own test expects",
        why="Either the formula or the expectation is wrong, and somebody's pay depends on which. A value is the one "
        "expected if it is equal, or equal as far as the expected one is written, where that has a point and four "
        "digits or more, the last of them not 0.",
        mend="Work the value out by hand; then mend the formula, or the test.",
        before="""\
kpis:
  aht:
    expect: [{given: {handle_time: 600, timed: 2}, value: 600}]
""",
        after="""\
kpis:
  aht:
    expect: [{given: {handle_time: 600, timed: 2}, value: 300}]
""",
        source="Beck, Test-Driven Development: By Example (2002)",
    ),
    Rule(
        name="failed-test",
        severity="error",
        says="a card that makes something else of rows than its test expects",
        why="A test runs its rows through everything that a month of exports goes through. What differs is what people "
        "would be told, and paid.",
        mend="Work it out by hand; then mend the definitions, or the test.",
        before="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions:
        - {interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered, handle_s: 400}
    expect:
      A1: {values: {aht: 400}, points: {aht: 100}}
""",
        after="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions:
        - {interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered, handle_s: 400}
    expect:
      A1: {values: {aht: 400}, points: {aht: 50}}
""",
        source="Adzic, Specification by Example (2011)",
    ),
    Rule(
        name="refused-test",
        severity="error",
        says="rows of a test that would be refused as an export, too",
        why="A test that cannot be run shows nothing.",
        mend="Give the test what a run needs: cells as a canonical export has them (times like 2026-10-05 09:00, "
        "durations in seconds), and a period that the card has its goals for.",
        before="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions:
        - {interaction_id: c1, agent_id: A1, started_at: yesterday, outcome: answered, handle_s: 320}
    expect: {A1: {points: {aht: 100}}}
""",
        after="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions:
        - {interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered, handle_s: 320}
    expect: {A1: {points: {aht: 100}}}
""",
        source="ISO 8601, representations of dates and times",
    ),
    Rule(
        name="unfit-test",
        severity="error",
        says="a test that cannot show what it is for",
        why="It expects nothing, or nothing that could be otherwise; gives what no export can have; writes one row "
        "many times over, which counts once; or has rows of other days, or of nobody in the roster. It would hold, or "
        "fail, for another reason than the one it was written for.",
        mend="Say what is expected of whom, and write rows as an export would have them.",
        before="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions: [{interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered}]
""",
        after="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions: [{interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered}]
    expect: {A1: {values: {aht: null}}}
""",
        source="Meszaros, xUnit Test Patterns (2007)",
    ),
    Rule(
        name="unknown-line",
        severity="error",
        says="points or a value expected of what is no line of the card",
        why="A test that looks at nothing holds whatever comes.",
        mend="Name a line by its KPI, `csat` or `csat.top2`; a value may be that of a KPI that the card watches.",
        before="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions: [{interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered}]
    expect: {A1: {values: {ath: null}}}
""",
        after="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions: [{interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered}]
    expect: {A1: {values: {aht: null}}}
""",
        source="Meszaros, xUnit Test Patterns (2007)",
    ),
    Rule(
        name="unknown-adjustment",
        severity="error",
        says="a bonus, deduction, coefficient or red line expected that the card does not have",
        why="A test that looks at nothing holds whatever comes.",
        mend="Name it as the card does.",
        before="""\
tests:
  no idea:
    card: agent
    period: 2026-10
    rows: {events: [{event_id: e1, agent_id: A1, recorded_at: 2026-10-05 09:00, kind: idea}]}
    expect: {A1: {adjustments: {idea: 2}}}
""",
        after="""\
tests:
  an idea:
    card: agent
    period: 2026-10
    rows: {events: [{event_id: e1, agent_id: A1, recorded_at: 2026-10-05 09:00, kind: idea}]}
    expect: {A1: {adjustments: {ideas: 2}}}
""",
        source="Meszaros, xUnit Test Patterns (2007)",
    ),
    Rule(
        name="unknown-subject",
        severity="error",
        says="something expected of somebody who is in none of the rows",
        why="Nobody of that name can be scored; most often the name is misspelt.",
        mend="Name a subject as the rows do.",
        before="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions: [{interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered}]
    expect: {A2: {values: {aht: null}}}
""",
        after="""\
tests:
  one call:
    card: agent
    period: 2026-10
    rows:
      interactions: [{interaction_id: c1, agent_id: A1, started_at: 2026-10-05 09:00, outcome: answered}]
    expect: {A1: {values: {aht: null}}}
""",
        source="Meszaros, xUnit Test Patterns (2007)",
    ),
)
