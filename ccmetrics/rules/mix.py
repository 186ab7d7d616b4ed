"""Rules of the family `cards`: the mix of a card:  what its weights make people do.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
