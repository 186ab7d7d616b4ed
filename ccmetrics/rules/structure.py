"""Rules of the family `structure`: what files are held against: YAML, keys, types.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        name="unused-allow",
        severity="warning",
        says="an allowance that nothing has a need of",
        why="It would hide the next problem of that name, which nobody has decided on.",
        mend="Remove it.",
        before="",
        after="",
        source="",
    ),
    Rule(
        name="unknown-allow",
        severity="error",
        says="an allowance for what is no rule, or cannot be allowed",
        why="",
        mend="Name a rule that may be allowed: `ccmetrics list rules`.",
        before="",
        after="",
        source="",
    ),
)
