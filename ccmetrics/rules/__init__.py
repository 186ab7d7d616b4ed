"""Every rule that definitions are held against, by its name; told by `list rules`, the README and every format.

In: the families' lists. Out: one dict of rules, and what is asked of it.
Refuses to know: how any rule is checked, definitions, places.
"""

from __future__ import annotations

from ccmetrics.rules import (
    adjusted,
    cards,
    data,
    earnings,
    files,
    formulas,
    goals,
    idle,
    kpis,
    layouts,
    lines,
    mix,
    paths,
    people,
    references,
    roles,
    sense,
    structure,
    tests,
)
from ccmetrics.rules.rule import SEVERITIES, Rule, Severity

__all__ = ["FAMILIES", "RULES", "SEVERITIES", "Rule", "Severity", "family", "is_allowable", "severity"]

FAMILIES: dict[str, tuple[Rule, ...]] = {
    "structure": (*files.RULES, *structure.RULES),
    "references": (*references.RULES, *paths.RULES),
    "layouts": layouts.RULES,
    "formulas": (*formulas.RULES, *sense.RULES),
    "kpis": kpis.RULES,
    "cards": (
        *cards.RULES,
        *goals.RULES,
        *mix.RULES,
        *lines.RULES,
        *earnings.RULES,
        *idle.RULES,
        *adjusted.RULES,
        *roles.RULES,
    ),
    "tests": tests.RULES,
    "data": (*people.RULES, *data.RULES),
}
"""Family to its rules, in the order they are told. Those of `data` are checked only where data is given."""

RULES: dict[str, Rule] = {rule.name: rule for rules in FAMILIES.values() for rule in rules}


_FAMILY = {rule.name: family for family, rules in FAMILIES.items() for rule in rules}


def severity(name: str) -> Severity:
    """How grave a problem of that name is: an error, where no rule says otherwise."""
    return RULES[name].severity if name in RULES else "error"


def family(name: str) -> str:
    return _FAMILY.get(name, "structure")


def is_allowable(name: str) -> bool:
    """Whether a reason may stand for it."""
    if name not in RULES:
        return False
    said = RULES[name].is_allowable
    return RULES[name].severity != "error" if said is None else said
