"""What `check` has found: problems with how grave they are, those allowed, those left out.

In: problems, sorted out by rules and reasons. Out: frozen values that any format can tell.
Refuses to know: how anything is found or drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from ccmetrics.problem import Place, Problem, UsageRefused, did_you_mean
from ccmetrics.rules import FAMILIES, RULES, SEVERITIES, Severity, family, severity


@dataclass(frozen=True)
class Finding:
    """A problem, how grave it is, and how it is mended. `allowed`: the reason somebody gave to live with it."""

    problem: Problem
    severity: Severity
    mend: str = ""
    allowed: str = ""

    @property
    def advice(self) -> str:
        """How to mend it, where its own sentence does not say so."""
        return "" if self.mend in self.problem.text else self.mend


@dataclass(frozen=True)
class Findings:
    """All of a check. `kpis`, `cards`, `tests`: how many there are. `left_out`: findings that `--select` and
    `--ignore` leave out. `waiting`: what was not looked at, because there are errors: families, `warnings`
    and `advice`."""

    standing: tuple[Finding, ...]
    allowed: tuple[Finding, ...] = ()
    left_out: int = 0
    kpis: int = 0
    cards: int = 0
    tests: int = 0
    waiting: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Severity, int]:
        """How many stand of each severity, the gravest first."""
        found = Counter(finding.severity for finding in self.standing)
        return {severity: found[severity] for severity in SEVERITIES}

    @property
    def tests_run(self) -> int:
        return 0 if "tests" in self.waiting else self.tests

    def fails(self, strict: bool = False) -> bool:
        """Whether a pull request should stop here: at any error, and where it is strict at anything. What had to wait
        for an error is not in order, whoever leaves the error out."""
        return bool(self.waiting) or any(strict or finding.severity == "error" for finding in self.standing)


def finding(problem: Problem, allowed: str = "") -> Finding:
    own = RULES[problem.name].mend if problem.name in RULES else ""
    return Finding(problem, severity(problem.name), problem.mend or own, allowed)


def is_wanted(name: str, select: Collection[str], ignore: Collection[str]) -> bool:
    """Whether findings of a rule are told. Words are names of rules, families or severities; without any to select
    all are."""
    words = {name, family(name), severity(name)}
    return (not select or bool(words & set(select))) and not words & set(ignore)


def known(select: Collection[str], ignore: Collection[str]) -> None:
    """Raises UsageRefused for words that are no rule, family or severity: nothing would ever be chosen by them."""
    words = [*RULES, *FAMILIES, *SEVERITIES]
    problems = [
        Problem(
            Place(option),
            "unknown-name",
            f"'{word}' is no rule, family of rules or severity.{did_you_mean(word, words)}",
            mend=f"Families: {', '.join(FAMILIES)}; severities: {', '.join(SEVERITIES)}.",
        )
        for option, asked in (("--select", select), ("--ignore", ignore))
        for word in asked
        if word not in words
    ]
    if problems:
        raise UsageRefused(problems)


def chosen(problems: Iterable[Problem], select: Collection[str], ignore: Collection[str]) -> list[Problem]:
    return [problem for problem in problems if is_wanted(problem.name, select, ignore)]
