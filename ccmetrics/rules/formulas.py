"""Rules of the family `formulas`: what formulas are held against: syntax, names' kinds and units, sense.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
