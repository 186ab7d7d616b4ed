"""Rules of the family `references`: what names are held against: whether they lead anywhere, in circles, and are used.

In: nothing. Out: rules.
Refuses to know: how they are checked.
"""

from __future__ import annotations

from ccmetrics.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
