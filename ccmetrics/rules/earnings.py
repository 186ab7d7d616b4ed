"""Rules of the family `cards`: adjustments, red lines, grades, pay, shares, progression.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
