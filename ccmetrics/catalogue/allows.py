"""What the YAML allows with a reason: problems that somebody has decided to live with.

In: the problems found, the definitions. Out: those that stand, those allowed with their reason, allowances for nothing.
Refuses to know: how problems are found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem, did_you_mean
from ccmetrics.rules import RULES, family, is_allowable, severity

Allowance = tuple[str, str, str]
"""Section, name of the definition ('' for the project), rule."""


class Judged(NamedTuple):
    """Problems that stand, and those allowed, each with its reason."""

    standing: list[Problem]
    allowed: list[tuple[Problem, str]]


def judged(problems: Iterable[Problem], catalogue: Catalogue) -> Judged:
    """Problems told apart by whether their definition, or the project for what is its own, allows them."""
    reasons = allowances(catalogue)
    found = Judged([], [])
    for problem in problems:
        reason = reasons.get(_key(problem), "") if is_allowable(problem.name) else ""
        if reason:
            found.allowed.append((problem, reason))
        else:
            found.standing.append(problem)
    return found


def allowances(catalogue: Catalogue) -> dict[Allowance, str]:
    """Every allowance with its reason."""
    found = {("project", "", rule): reason for rule, reason in catalogue.project.allow.items()}
    for section in SECTIONS:
        for name, definition in getattr(catalogue, section).items():
            found |= {(section, name, rule): reason for rule, reason in definition.allow.items()}
    return found


SECTIONS = ("measures", "kpis", "cards")
"""Whose definitions have an `allow`, beside the project."""


def _key(problem: Problem) -> Allowance:
    section, name = (*problem.about, "", "")[:2]
    return section, "" if section == "project" else name, problem.name


def unknown_allows(scope: Scope) -> Iterator[Problem]:
    """What is allowed is the name of a rule, and of one that may be allowed."""
    for section, name, rule in allowances(scope.catalogue):
        if is_allowable(rule):
            continue
        what = "is an error, and cannot be allowed" if severity(rule) == "error" else "cannot be allowed"
        what = what if rule in RULES else "is no rule"
        hint = "" if rule in RULES else did_you_mean(rule, [known for known in RULES if is_allowable(known)])
        yield scope.problem(_path(section, name, rule), "unknown-allow", f"'{rule}' {what}.{hint}", key=True)


def unused_allows(scope: Scope, problems: Collection[Problem], families: Collection[str]) -> Iterator[Problem]:
    """Allowances that nothing found has a need of. `families`: those whose checks were made; of others nobody knows."""
    needed = {_key(problem) for problem in problems}
    for allowance in allowances(scope.catalogue):
        rule = allowance[2]
        if is_allowable(rule) and family(rule) in families and allowance not in needed:
            text = f"'{rule}' is allowed here, and there is no such problem."
            yield scope.problem(_path(*allowance), "unused-allow", text, key=True)


def _path(section: str, name: str, rule: str) -> Path:
    return ("project", "allow", rule) if section == "project" else (section, name, "allow", rule)
