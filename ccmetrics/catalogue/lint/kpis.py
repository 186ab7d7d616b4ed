"""Lints: KPIs that cannot be trusted yet: without source, test or guardrail, or of a variant nobody chose.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ccmetrics.catalogue import layer
from ccmetrics.catalogue.formulas import formulas
from ccmetrics.catalogue.lint.blank import is_blank
from ccmetrics.catalogue.lint.told import is_told_by_customers
from ccmetrics.catalogue.models import Kpi, Line, Variant
from ccmetrics.catalogue.places import REMOVED, Spot
from ccmetrics.catalogue.scope import Parts, Path, Scope
from ccmetrics.formula import FormulaProblem, division, names, parse, parts
from ccmetrics.problem import Problem

FEW = 3
"""Cards and variants that a sentence lists by name."""


def unsaid_sources(scope: Scope) -> Iterator[Problem]:
    """Every definition says where the field has it from, or that it is one's own."""
    yield from _unsaid(
        scope, "no-source", "names no source", lambda kpi, variant: not is_blank(kpi.variant(variant or None).source.en)
    )


def unsaid_meanings(scope: Scope) -> Iterator[Problem]:
    """Every definition says in words what it is."""
    what = "has no words that say what it is (about)"
    yield from _unsaid(scope, "no-about", what, lambda kpi, variant: kpi.variant(variant or None).about)


def untested(scope: Scope) -> Iterator[Problem]:
    """Every definition has a test with values that somebody worked out by hand."""
    yield from _unsaid(scope, "no-expectation", "has no test with a value (expect)", _is_tested)


def _is_tested(kpi: Kpi, variant: str) -> bool:
    """By a value: every division comes to nothing somewhere."""
    return any((test.variant or kpi.default or "") == variant for test in kpi.expect if test.value is not None)


def _unsaid(scope: Scope, rule: str, what: str, is_said: Callable[[Kpi, str], object]) -> Iterator[Problem]:
    """One problem a KPI, whose sentence says for which of its variants."""
    for name, kpi in scope.catalogue.kpis.items():
        without = [variant for variant in kpi.variants or ("",) if not is_said(kpi, variant)]
        if not without:
            continue
        which = f" for {_listed(without)}" if len(without) < len(kpi.variants) or without != [""] else ""
        yield scope.problem(("kpis", name), rule, f"KPI '{name}' {what}{which}.", key=True)


def _listed(found: list[str]) -> str:
    """`'a'`, `'a' and 'b'`, `'a', 'b', 'c' and 4 more`."""
    quoted = [f"'{each}'" for each in found]
    if len(quoted) > FEW + 1:
        quoted = [*quoted[:FEW], f"{len(quoted) - FEW} more"]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


# ---------------------------------------------------------------- what its own tests say


def impossible_rates(scope: Scope) -> Iterator[Problem]:
    """By its own tests a share is 0 to 1. What is best inside a range may lie on either side of it."""
    for name, kpi in scope.catalogue.kpis.items():
        for index, test in enumerate(kpi.expect):
            if kpi.better == "range" or test.value is None or 0 <= test.value <= 1:
                continue
            if test.variant is not None and test.variant not in kpi.variants:
                continue
            if kpi.variant(test.variant).unit != "percent":
                continue
            how = "above 1" if test.value > 1 else "below 0"
            text = f"A test of KPI '{name}' expects {test.value:g}, and a share {how} is no percentage of a whole."
            yield scope.problem(("kpis", name, "expect", index, "value"), "rate-above-one", text)


# ---------------------------------------------------------------- guardrails


def unguarded(scope: Scope) -> Iterator[Problem]:
    """What people are scored by and could improve at the cost of something else, that something watches."""
    scored: dict[str, list[str]] = defaultdict(list)
    for card, definition in scope.catalogue.cards.items():
        for line in definition.kpis:
            if isinstance(line, Line) and card not in scored[line.kpi]:
                scored[line.kpi].append(card)
    for name, kpi in scope.catalogue.kpis.items():
        if kpi.guardrails or name not in scored:
            continue
        if cost := _cost(scope, name, kpi):
            cards = f"card{'s' * (len(scored[name]) > 1)} {_listed(scored[name])}"
            text = f"KPI '{name}' is scored on {cards} and has no guardrail: {cost}."
            yield scope.problem(("kpis", name), "no-guardrail", text, key=True)


def lost_guardrails(scope: Scope) -> Iterator[Problem]:
    """What a removed KPI leaves unwatched is told where it is removed."""
    removed = scope.places.items.get(REMOVED)
    gone = removed.items.get("kpis") if removed is not None else None
    there = scope.places.items.get("kpis")
    kpis = {} if there is None else there.items
    for word in gone.items if gone is not None else ():
        without = [name for name, spot in kpis.items() if _loses(scope, str(name), spot, word)]
        if without:
            text = f"Without KPI '{word}' a guardrail is missing from {_listed([str(name) for name in without])}."
            found = scope.problem((REMOVED, "kpis", word), "lost-guardrail", text, key=True)
            # What is no definition any more allows nothing; the project does.
            yield replace(found, about=("project",))


def _loses(scope: Scope, name: str, spot: Spot, word: str | int) -> bool:
    listed = spot.items.get("guardrails")
    names = [str(each.data) for each in listed.items.values()] if listed is not None else []
    return any(each.partition(".")[0] == word for each in layer.lost_guardrails(name, names, scope.places))


def _cost(scope: Scope, name: str, kpi: Kpi) -> str:
    """At whose cost a KPI can be improved; nothing where it is not easily."""
    if kpi.nature == "efficiency" and kpi.better != "range":
        return "it can be bought with quality"
    if kpi.category == "financial" and kpi.nature == "result" and kpi.better == "higher":
        return "it can be bought with what was badly sold"
    variants = kpi.variants or ("",)
    if kpi.nature == "quality" and any(is_told_by_customers(scope, (name, variant)) for variant in variants):
        return "it can be improved by whom one asks, and by whose complaint one writes down"
    return ""


# ---------------------------------------------------------------- variants


def unchosen_variants(scope: Scope) -> Iterator[Problem]:
    """Where a KPI has several definitions and money hangs on one, it is said which."""
    for card, definition in scope.catalogue.cards.items():
        for index, line in enumerate(definition.kpis):
            if isinstance(line, Line) and line.variant is None and (meant := _meant(scope, (line.kpi,))):
                text = f"Card '{card}' scores '{line.kpi}' without choosing one of its {meant}."
                path = ("cards", card, "kpis", index, "kpi")
                yield scope.problem(path, "unchosen-variant", text, mend=_choose(scope, line.kpi))
    for standing in formulas(scope):
        tree = None if standing.table else standing.tree
        told: set[str] = set()
        for node in [] if tree is None else names(tree):
            name = parts(node)
            if name[0] in told or _is_chosen(scope, standing.path, name[0]):
                continue
            if meant := _meant(scope, name):
                told.add(name[0])
                text = f"{standing.what} names '{'.'.join(name)}' without choosing one of its {meant}."
                yield scope.problem_in(standing.path, "unchosen-variant", text, node.start, node.end)


def _meant(scope: Scope, name: Parts) -> str:
    """`5 definitions, and takes 'top2'`, where a name leaves open which one; of a measure, or a single one, nothing."""
    if len(name) == 1 and name[0] in scope.catalogue.measures:
        return ""
    kpi = scope.catalogue.kpis.get(name[0])
    is_bare = len(name) == 1 or (len(name) == 2 and name[1] == "n")
    if kpi is None or not is_bare or len(kpi.variants) < 2 or name[-1] in kpi.variants:
        return ""
    return f"{len(kpi.variants)} definitions, and so takes '{kpi.default}'"


def _is_chosen(scope: Scope, path: tuple[str | int, ...], kpi: str) -> bool:
    """On a card a KPI's bare name means what its line scores, where one line does."""
    if path[0] != "cards":
        return False
    lines = scope.catalogue.cards[str(path[1])].kpis
    return len([line for line in lines if isinstance(line, Line) and line.kpi == kpi]) == 1


def _choose(scope: Scope, kpi: str) -> str:
    return f"Write `variant: {scope.catalogue.kpis[kpi].default}`, or another one."


def unlike_cases(scope: Scope) -> Iterator[Problem]:
    """n counts cases, and of a share those that it is a share of."""
    for name, variant, definition in scope.variants:
        n = definition.n
        if n is None or n not in scope.catalogue.measures:
            continue
        at: Path = ("kpis", name, "variants", variant, "n") if variant else ("kpis", name, "n")
        own = scope.catalogue.kpis[name].variants.get(variant)
        path = at if own is None or own.n is not None else ("kpis", name, "n")
        whole = _whole(definition)
        if scope.measures[n].unit != "count":
            yield scope.problem(path, "unlike-n", f"KPI '{name}' takes '{n}' for its n, which is no number of cases.")
        elif definition.interval == "proportion" and whole in scope.catalogue.measures and whole != n:
            text = f"KPI '{name}' is a share of '{whole}', and takes '{n}' for its n."
            yield scope.problem(path, "unlike-n", text)


def _whole(definition: Variant) -> str:
    """The one name that a formula divides by; '' where there is none."""
    try:
        ratio = division(parse(definition.formula))
    except FormulaProblem:
        return ""
    return ".".join(parts(ratio[1])) if ratio is not None and ratio[1].op == "name" else ""


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (
    unsaid_sources,
    unsaid_meanings,
    untested,
    impossible_rates,
    unguarded,
    lost_guardrails,
    unchosen_variants,
    unlike_cases,
)
