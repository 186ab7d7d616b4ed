"""Rules of the family `structure`: whether files can be read, and are YAML in one plain way.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="yaml-syntax",
        severity="error",
        is_file=True,
        says="a file that is no YAML",
        why="What stands after the mistake cannot be read, and nobody can say what it would have defined.",
        mend="Close the bracket or quote, or line up the keys: the mistake is at the mark or just before it.",
        before="""\
measures:
  talked: {table: interactions, sum: handle_s
  held: {table: interactions, count: rows}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
  held: {table: interactions, count: rows}
""",
        source="YAML 1.2.2",
    ),
    Rule(
        name="yaml-tab",
        severity="error",
        is_file=True,
        says="a tab in a file of definitions",
        why="YAML is indented by spaces; a tab looks like some of them, and how many differs from editor to editor.",
        mend="Let the editor write spaces; inside a text between double quotes write `\\t`.",
        before="""\
measures:
\ttalked: {table: interactions, sum: handle_s}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="YAML 1.2.2: tabs are not allowed in indentation",
    ),
    Rule(
        name="yaml-alias",
        severity="error",
        is_file=True,
        says="an anchor or alias in the YAML",
        why=(
            "Who changes a value here would change it wherever it is repeated, unseen in the difference that is "
            "reviewed."
        ),
        mend="Write the value out where it belongs.",
        before="""\
measures:
  talked: &talk {table: interactions, sum: handle_s}
  spoken: *talk
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
  spoken: {table: interactions, sum: handle_s}
""",
        source="StrictYAML, on features it leaves out of YAML",
    ),
    Rule(
        name="yaml-tag",
        severity="error",
        is_file=True,
        says="a tag in the YAML",
        why="A tag asks the reader to build something else than data. Types follow from the key here.",
        mend="Remove it; a text that begins with `!` stands between quotes.",
        before="""\
measures:
  talked: !measure {table: interactions, sum: handle_s}
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="CWE-502, Deserialization of Untrusted Data",
    ),
    Rule(
        name="yaml-depth",
        severity="error",
        is_file=True,
        says="definitions nested deeper than anybody means it",
        why="No definition needs 30 levels; a file that has them is damaged, or meant to do damage.",
        mend="Look for brackets that are opened and never closed.",
        before="""\
measures: {talked: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}
""",
        after="""\
measures: {talked: {table: interactions, sum: handle_s}}
""",
        source="CWE-674, Uncontrolled Recursion",
    ),
    Rule(
        name="yaml-size",
        severity="error",
        is_file=True,
        says="a file of definitions of more than 2,000,000 bytes",
        why="Nobody reviews such a file, and it is more likely an export than definitions.",
        mend="Split it, or move it out of the folder.",
        before="""\
measures:
  talked: {table: interactions, sum: handle_s}
# ... 2,000,000 bytes
""",
        after="""\
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="CWE-400, Uncontrolled Resource Consumption",
    ),
    Rule(
        name="not-utf-8",
        severity="error",
        is_file=True,
        says="a file that is not UTF-8",
        why="Its letters can be read in several ways, and a name read in the wrong one is another name.",
        mend="Save the file as UTF-8.",
        before="""\
# measures2.yaml in latin-1
measures:
  talked: {table: interactions, sum: handle_s, about: Gespräche}
""",
        after="""\
# measures2.yaml in utf-8
measures:
  talked: {table: interactions, sum: handle_s, about: Gespräche}
""",
        source="YAML 1.2.2, 5.2",
    ),
    Rule(
        name="unreadable-file",
        severity="error",
        is_file=True,
        says="a file of definitions that cannot be read",
        why="What it would have defined is missing, and a card without it would be another card.",
        mend="Correct the link or the permission, or remove the file.",
        before="""\
# shared.yaml -> ../gone/shared.yaml
""",
        after="""\
# shared.yaml
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="POSIX, errors of open()",
    ),
    Rule(
        name="no-definitions",
        severity="error",
        is_file=True,
        says="a folder without a file of definitions",
        why="A check of nothing finds nothing, and would be green for ever.",
        mend="Correct the path, or give the files names that end in .yaml.",
        before="""\
# measures.txt
measures:
  talked: {table: interactions, sum: handle_s}
""",
        after="""\
# measures.yaml
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="pytest, whose run of no tests fails",
    ),
    Rule(
        name="unread-file",
        severity="warning",
        is_file=True,
        says="a file that looks like definitions, and that nobody reads",
        why=(
            "Its author believes that it counts. Files are read by the end of their name, and targets in two "
            "folders alone."
        ),
        mend="Rename or move it; a file that is not meant gets a name that begins with a dot.",
        before="""\
# calls.YAML
measures:
  talked: {table: interactions, sum: handle_s}
""",
        after="""\
# calls.yaml
measures:
  talked: {table: interactions, sum: handle_s}
""",
        source="GitHub Actions, which reads workflows of .yml and .yaml alone",
    ),
)
