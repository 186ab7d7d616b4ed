"""Rules of the family `formulas`: formulas that can be read and do not say what was meant.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
