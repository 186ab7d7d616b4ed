"""Rules of the family `layouts`: what tables and layouts are held against.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="matches-everything",
        severity="error",
        says="a layout that looks for no column",
        why="It would fit every export, and read what it does not understand.",
        mend="Name some columns of the export under `match`.",
        before="""\
layout: phone
match: []
""",
        after="""\
layout: phone
match: [Call Id, Agent]
""",
        source="RFC 4180, where the header tells the fields",
    ),
    Rule(
        name="bad-format",
        severity="error",
        says="a format that its column cannot have, or that says too little",
        why="A date without its year or a clock without morning and afternoon is read in a way nobody has stated.",
        mend="Write day, month and year, hours and minutes: `%d.%m.%Y %H:%M`.",
        before="""\
layout: phone
tables:
  interactions: {ended_at: {from: End, format: DD.MM.YYYY}}
""",
        after="""\
layout: phone
tables:
  interactions: {ended_at: {from: End, format: "%d.%m.%Y %H:%M"}}
""",
        source="POSIX, strptime()",
    ),
    Rule(
        name="bad-latest",
        severity="error",
        says="a latest version that is told by no time",
        why="Of two versions of a row the later one counts, and a constant makes all the same.",
        mend="Take it `from` the column that says when the row was changed.",
        before="""\
layout: phone
tables:
  interactions: {latest: {constant: 2026-01-01}}
""",
        after="""\
layout: phone
tables:
  interactions: {latest: {from: Changed}}
""",
        source="Kimball and Ross, The Data Warehouse Toolkit, on slowly changing dimensions",
    ),
    Rule(
        name="folded-twice",
        severity="error",
        says="a folded row with two columns of one name",
        why="The second would take the place of the first.",
        mend="Rename one.",
        before="""\
layout: log
match: [call]
fold: {by: [call], columns: {call: time}}
tables:
  surveys: {survey_id: call}
""",
        after="""\
layout: log
match: [call]
fold: {by: [call], columns: {began: time}}
tables:
  surveys: {survey_id: call}
""",
        source="SQL standard, names of columns",
    ),
    Rule(
        name="misplaced-weight",
        severity="error",
        says="a `weight` or `total` where no totals are summed",
        why="It would be passed over, and the mean of means it was to prevent would be taken.",
        mend="Remove it, or feed a table with `aggregated: true`.",
        before="""\
layout: phone
tables:
  interactions: {wait_s: {from: Wait, weight: Calls}}
""",
        after="""\
layout: phone
tables:
  interactions: {wait_s: Wait}
""",
        source="Simpson, The Interpretation of Interaction in Contingency Tables (1951)",
    ),
    Rule(
        name="same-sign",
        severity="error",
        says="one sign both for decimals and between thousands",
        why="1,234 would be two numbers, a thousand times apart.",
        mend="Correct one of the two.",
        before="""\
layout: phone
tables:
  interactions: {handle_s: {from: Talk, decimal: ",", thousands: ","}}
""",
        after="""\
layout: phone
tables:
  interactions: {handle_s: {from: Talk, decimal: ",", thousands: "."}}
""",
        source="Unicode CLDR, number symbols",
    ),
    Rule(
        name="unfit-unit",
        severity="error",
        says="a unit or currency that its column cannot have",
        why="It would be passed over, and the numbers would be of another unit than is stated.",
        mend="Write a unit of that type of column, or none.",
        before="""\
layout: phone
tables:
  interactions: {handle_s: {from: Talk, unit: percent}}
""",
        after="""\
layout: phone
tables:
  interactions: {handle_s: {from: Talk, unit: min}}
""",
        source="The International System of Units (SI Brochure)",
    ),
)
