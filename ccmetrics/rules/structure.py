"""Rules of the family `structure`: what files are held against: keys, types, values.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="wrong-type",
        severity="error",
        says="a value of another type than its key takes",
        why="A list where a word is expected, or a text where a number is, was meant in a way that cannot be guessed.",
        mend="Write the value as the message says; a number stands without quotes.",
        before="""\
kpis:
  aht: {level: agent}
""",
        after="""\
kpis:
  aht: {level: [agent]}
""",
        source="JSON Schema, `type`",
    ),
    Rule(
        name="bad-value",
        severity="error",
        says="a value that its key does not take",
        why=(
            "A date that no calendar has, a unit that nobody knows, a limit below its floor: the definition could "
            "not be kept."
        ),
        mend="Write a value that the key takes: `ccmetrics schema` and the tables of keys in the README list them.",
        before="""\
project:
  covers: {interactions: {from: 2026-02-01, to: 2026-02-31}}
""",
        after="""\
project:
  covers: {interactions: {from: 2026-02-01, to: 2026-02-28}}
""",
        source="JSON Schema, `enum` and `format`; ISO 8601 for dates",
    ),
    Rule(
        name="missing-key",
        severity="error",
        says="a definition that does not say what it must",
        why="There is no value to take in its place that would be right for everybody.",
        mend="Add the key.",
        before="""\
measures:
  talked: {sum: handle_s}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="JSON Schema, `required`",
    ),
    Rule(
        name="unknown-key",
        severity="error",
        says="a key that nothing asks for",
        why="A misspelt key would be passed over, and the definition would mean something else than it says.",
        mend="Correct the key, or remove it.",
        before="""\
measures:
  talked: {table: interactions, sum: handle_s, were: wait_s > 60}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s, where: wait_s > 60}
""",
        source="JSON Schema, `additionalProperties`",
    ),
    Rule(
        name="duplicate-key",
        severity="error",
        is_file=True,
        says="one key twice in a mapping",
        why="Most readers of YAML keep the last and drop the first without a word.",
        mend="Remove one.",
        before="""\
measures:
  talked: {table: interactions, sum: handle_s, where: wait_s > 60, where: wait_s > 90}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s, where: wait_s > 90}
""",
        source="YAML 1.2.2: the keys of a mapping are unique",
    ),
    Rule(
        name="duplicate-definition",
        severity="error",
        is_file=True,
        says="one name defined twice",
        why="Which of the two counts would hang on the order of files.",
        mend="Remove one, or rename it.",
        before="""\
# calls.yaml
measures: {talked: {table: interactions, sum: handle_s}}
# chats.yaml
measures: {talked: {table: interactions, sum: wait_s}}
""",
        after="""\
# calls.yaml
measures: {talked: {table: interactions, sum: handle_s}}
# chats.yaml
measures: {waited: {table: interactions, sum: wait_s}}
""",
        source="C++, the one definition rule",
    ),
    Rule(
        name="duplicate-target",
        severity="error",
        says="two goals of one date and segment in targets.csv",
        why="A table that HR keeps is pasted together, and which of two rows is right only HR knows.",
        mend="Remove one, or give it another date.",
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100}]
# targets.csv
card,kpi,from,floor,target
agent,csat,2026-01-01,0.7,0.85
agent,csat,2026-01-01,0.7,0.9
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100}]
# targets.csv
card,kpi,from,floor,target
agent,csat,2026-01-01,0.7,0.85
agent,csat,2026-07-01,0.7,0.9
""",
        source="SQL standard, UNIQUE constraints",
    ),
    Rule(
        name="two-targets",
        severity="error",
        says="a goal stated in the card and in targets.csv",
        why="A goal is mended in one place, and the other goes on to count.",
        mend="Remove one of the two.",
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
# targets.csv
card,kpi,floor,target
agent,csat,0.7,0.9
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100}]
# targets.csv
card,kpi,floor,target
agent,csat,0.7,0.9
""",
        source="Hunt and Thomas, The Pragmatic Programmer (1999): do not repeat yourself",
    ),
    Rule(
        name="nothing-to-remove",
        severity="error",
        is_file=True,
        says="a `null` for a definition that is not there",
        why="Whoever wrote it wanted to be rid of something, and still has it.",
        mend="Correct the name, or remove the line.",
        before="""\
# project.yaml
project: {extends: builtin}
kpis: {occupansy: null}
""",
        after="""\
# project.yaml
project: {extends: builtin}
kpis: {occupancy: null}
""",
        source="RFC 7396, JSON Merge Patch, where null removes",
    ),
    Rule(
        name="unquoted-comma",
        severity="error",
        is_file=True,
        says="a text in { } that its own comma cuts in two",
        why="Between braces a comma ends the value, and half of the formula would be a key.",
        mend="Put the whole text between quotes.",
        before="""\
measures:
  talked: {table: interactions, sum: COALESCE(handle_s, 0)}
""",
        after="""\
measures:
  talked: {table: interactions, sum: "COALESCE(handle_s, 0)"}
""",
        source="YAML 1.2.2, plain scalars inside flow collections",
    ),
    Rule(
        name="unused-allow",
        severity="warning",
        is_allowable=False,
        says="an allowance that nothing has a need of",
        why="It would hide the next problem of that name, which nobody has decided on.",
        mend="Remove it.",
        before="""\
card: agent
allow: {all-lagging: a pilot until March}
""",
        after="""\
card: agent
allow: null
""",
        source="ESLint, --report-unused-disable-directives",
    ),
    Rule(
        name="unknown-allow",
        severity="error",
        says="an allowance for what is no rule, or cannot be allowed",
        why="It says that something is lived with, and is understood by nobody.",
        mend="Name a rule that may be allowed: `ccmetrics list rules`.",
        before="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
allow: {one-sided: a pilot until March}
""",
        after="""\
card: agent
kpis: [{kpi: csat, weight: 100, floor: 0.7, target: 0.85}]
allow: {one-sided-mix: a pilot until March}
""",
        source="Pylint, unknown-option-value",
    ),
)
