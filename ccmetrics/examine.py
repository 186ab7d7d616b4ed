"""The order of a check: errors, lints, tests, data; then what is allowed, then what is asked for.

In: a folder of definitions, perhaps exports. Out: findings.
Refuses to know: how anything is checked or told. Imports no polars before a test or data needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from ccmetrics.catalogue import builtin, errors_of, is_builtin, load
from ccmetrics.catalogue.allows import judged, unused_allows
from ccmetrics.catalogue.lint import is_lintable, lint
from ccmetrics.catalogue.scope import Scope
from ccmetrics.finding import Findings, chosen, finding, is_wanted, known
from ccmetrics.problem import Place, Problem, UsageRefused
from ccmetrics.rules import FAMILIES, family


def examine(
    config: Path | None = None,
    *,
    data: Sequence[Path] = (),
    period: str | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Findings:
    """Everything wrong or unwise about the definitions of a folder; with data, about what they make of it too.

    Raises:
        FileFailed: a file cannot be read, or there is none.
        DataRefused: the data cannot be read.
        UsageRefused: the period cannot be; what is selected or ignored is nothing known; either is one of data, and
            there are none.
    """
    _refuse(data, period, select, ignore)
    loaded = load(config)
    scope = Scope(loaded.catalogue, loaded.places)
    errors = errors_of(loaded)
    # Of names that an unread file may define, as of formulas without an end, nothing wise can be said.
    is_linted = loaded.is_whole and is_lintable(errors)
    found = [*errors, *loaded.warnings, *(lint(scope, errors) if is_linted else ())]
    tests = loaded.catalogue.tests if any(is_wanted(r.name, select, ignore) for r in FAMILIES["tests"]) else {}
    asked = [each for each, there in (("tests", tests), ("data", data)) if there]
    # What refuses a run refuses a rehearsal too; and while anything is broken nobody knows what is allowed for nothing.
    is_broken = bool(judged(errors, loaded.catalogue).standing)
    if not is_broken:
        found += _tested(scope) if tests else []
        found += _held_against(scope, data, period) if data else []
        unused = unused_allows(scope, found, {*FAMILIES} - {"tests", "data"} | {*asked})
        # What a built-in card allows may be without need because of what is laid over it, which is nobody's mistake.
        found += (problem for problem in unused if _is_own(problem, config))
    standing, allowed = judged(found, loaded.catalogue)
    wanted = chosen(sorted(standing), select, ignore)
    told = [(each, why) for each, why in sorted(allowed) if is_wanted(each.name, select, ignore)]
    return Findings(
        tuple(map(finding, wanted)),
        tuple(finding(problem, why) for problem, why in told if _is_own(problem, config)),
        len(standing) - len(wanted),
        len(loaded.catalogue.kpis),
        len(loaded.catalogue.cards),
        len(tests),
        (*(() if is_linted else ("warnings", "advice")), *(asked if is_broken else ())),
    )


def _refuse(data: Sequence[Path], period: str | None, select: Collection[str], ignore: Collection[str]) -> None:
    """What is asked for is known, and what is asked of data has some."""
    known(select, ignore)
    if period is not None and not data:
        text = "A period is one of data, and there is no --data to look at."
        raise UsageRefused([Problem(Place("--period"), "bad-period", text)])
    idle = [word for word in select if "data" in (word, family(word))]
    if idle and not data:
        text = f"'{idle[0]}' is looked for in data, and there is no --data to look at."
        raise UsageRefused([Problem(Place("--select"), "unknown-name", text)])


def _is_own(problem: Problem, config: Path | None) -> bool:
    """Whether it is in the definitions that are checked, and not in the built-in ones that they are laid over."""
    is_above = config is not None and config.resolve() != builtin().resolve()
    return not (is_above and is_builtin(problem.place.file))


def _tested(scope: Scope) -> list[Problem]:
    """Whole-card tests, each run as a month would be."""
    from ccmetrics.run.rehearsal import rehearse

    return list(rehearse(scope))


def _held_against(scope: Scope, data: Sequence[Path], period: str | None) -> list[Problem]:
    """What the definitions make of real data."""
    from ccmetrics.run.data_checks import held_against

    return held_against(scope, data, period)
