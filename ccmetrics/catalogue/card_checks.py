"""Whether a card's lines make a scorecard: KPIs, weights, the mix, the curves.

In: the definitions. Out: problems, each at its line.
Refuses to know: adjustments and grades (adjust_checks), values.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isclose

from ccmetrics.catalogue.cycles import cycles
from ccmetrics.catalogue.kpi_checks import is_kpi, parameter_names
from ccmetrics.catalogue.models import Card, Line, LinkedLine
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem

MOST_KPIS = 8
CATEGORIES = ("financial", "customer", "operational", "growth")
LEVELS = {"agent_id": "agent", "team": "team", "queue_id": "queue", "vendor": "vendor", "center": "center"}
"""Subjects to the level a KPI must have to be theirs."""
OF_PEOPLE = ("agent", "team")
"""Levels of KPIs that somebody answers for who leads, trains or evaluates others: theirs, not the center's."""


def line_names(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Every line's KPI, variant and parameters are there, and so are the KPIs watched."""
    what, path = f"Card '{name}'", ("cards", name)
    yield from parameter_names(scope, what, (*path, "parameters"), card.parameters)
    for index, line in enumerate(card.kpis):
        if isinstance(line, LinkedLine):
            yield from _linked(scope, what, (*path, "kpis", index), line)
            continue
        at: Path = (*path, "kpis", index)
        yield from parameter_names(scope, what, (*at, "parameters"), line.parameters)
        kpi = scope.catalogue.kpis.get(line.kpi)
        if kpi is None:
            if not scope.is_broken("kpis", line.kpi):
                yield scope.unknown((*at, "kpi"), "kpi", what, line.kpi, "KPI", scope.named("kpis"))
        elif line.variant is not None and line.variant not in kpi.variants:
            noun = f"variant of '{line.kpi}'"
            yield scope.unknown((*at, "variant"), "variant", what, line.variant, noun, kpi.variants)
        elif line.min_n is not None and kpi.variant(line.variant).n is None:
            text = f"{what} asks for min_n of '{line.kpi}', which does not say what its n is."
            yield scope.problem((*at, "min_n"), "missing-n", text)
    for index, watched in enumerate(card.watch):
        if not is_kpi(scope, tuple(watched.split("."))):
            at = (*path, "watch", index)
            yield scope.unknown(at, "kpi", what, watched, "KPI", scope.named("kpis"))


def _linked(scope: Scope, what: str, path: Path, line: LinkedLine) -> Iterator[Problem]:
    known = scope.named("cards")
    other = scope.catalogue.cards.get(line.linked_card)
    if line.linked_card not in known:
        yield scope.unknown((*path, "linked_card"), "card", what, line.linked_card, "card", known)
    elif (line.take == "kpi") != (line.kpi is not None):
        text = f"{what}: `take: kpi` and `kpi` go together on a line linked to another card."
        yield scope.problem((*path, "linked_card"), "bad-value", text)
    elif other is not None and line.kpi is not None:
        scored = [each.kpi for each in other.kpis if isinstance(each, Line)]
        if line.kpi not in scored:
            noun = f"KPI of card '{line.linked_card}'"
            yield scope.unknown((*path, "kpi"), "kpi", what, line.kpi, noun, scored)


def card_cycles(scope: Scope) -> Iterator[Problem]:
    """No card needs its own score, by whatever chain of linked cards."""
    needs = {
        name: [line.linked_card for line in card.kpis if isinstance(line, LinkedLine)]
        for name, card in scope.catalogue.cards.items()
    }
    for chain in cycles({name: [to for to in linked if to in needs] for name, linked in needs.items()}):
        card, said = scope.catalogue.cards[chain[0]], " -> ".join([*chain, chain[0]])
        to = chain[1] if len(chain) > 1 else chain[0]
        index = next(i for i, line in enumerate(card.kpis) if isinstance(line, LinkedLine) and line.linked_card == to)
        path = ("cards", chain[0], "kpis", index, "linked_card")
        yield scope.problem(path, "card-cycle", f"Card '{chain[0]}' needs its own score: {said}.")


def number_of_kpis(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """At most eight KPIs a card, none of them twice."""
    if len(card.kpis) > MOST_KPIS:
        text = f"Card '{name}' has {len(card.kpis)} KPIs, and {MOST_KPIS} are the most a role can look after."
        yield scope.problem(
            ("cards", name, "kpis", MOST_KPIS), "too-many-kpis", text + " Put the others under `watch`."
        )
    seen: set[tuple[str, str | None]] = set()
    for index, line in enumerate(card.kpis):
        if not isinstance(line, Line) or line.kpi not in scope.catalogue.kpis:
            continue
        key = (line.kpi, line.variant or scope.catalogue.kpis[line.kpi].default)
        if key in seen:
            text = f"Card '{name}' scores '{line.kpi}' a second time here, by the same definition."
            yield scope.problem(("cards", name, "kpis", index, "kpi"), "duplicate-line", text)
        seen.add(key)


def weights(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Weights are above 0 and sum to 100 on every date."""
    for index, line in enumerate(card.kpis):
        given = line.weight.values() if isinstance(line.weight, dict) else [line.weight]
        if any(weight <= 0 for weight in given):
            text = f"Card '{name}': a weight is more than 0. What is shown but not scored stands under `watch`."
            yield scope.problem(("cards", name, "kpis", index, "weight"), "bad-value", text)
    changes = sorted({day for line in card.kpis if isinstance(line.weight, dict) for day in line.weight})
    for day in changes or [date.min]:
        in_force = [weight_on(line, day) for line in card.kpis]
        total = sum(weight for weight in in_force if weight is not None)
        # Before a line's first date there is nothing to sum: the card cannot be scored then anyway.
        if None not in in_force and not isclose(total, 100, abs_tol=1e-6):
            when = f" from {day} on" if changes else ""
            shown = " + ".join(f"{weight:g}" for weight in in_force if weight is not None)
            text = f"Card '{name}': the weights sum to {total:g}{when}, and must sum to 100: {shown} = {total:g}."
            yield scope.problem(("cards", name, "kpis"), "weights-not-100", text, key=True)


def weight_on(line: Line | LinkedLine, day: date) -> float | None:
    """What a line weighs on a day; None before the first day that says it."""
    if not isinstance(line.weight, dict):
        return line.weight
    begun = [start for start in line.weight if start <= day]
    return line.weight[max(begun)] if begun else None


def mix(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """All four categories, and not only what is known when it is too late."""
    kpis = scope.catalogue.kpis
    lines = [line for line in card.kpis if isinstance(line, Line)]
    if any(line.kpi not in kpis for line in lines):  # an unknown KPI may be of any category
        return
    there = {kpis[line.kpi].category for line in lines}
    there |= {line.category for line in card.kpis if isinstance(line, LinkedLine)}
    missing = [category for category in CATEGORIES if category not in there]
    if missing:
        text = f"Card '{name}' has no {_listed(missing)} KPI: what it leaves out will be neglected."
        mend = "Add one, or allow it with a reason: `allow: {one-sided-mix: why}`."
        yield scope.problem(("cards", name, "kpis"), "one-sided-mix", text, key=True, mend=mend)
    if len(lines) == len(card.kpis) and lines and all(kpis[line.kpi].timing == "lagging" for line in lines):
        text = f"Card '{name}' has only lagging KPIs: nothing on it warns in time. Add a leading one."
        yield scope.problem(("cards", name, "kpis"), "all-lagging", text, key=True)


def _listed(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def levels(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """A subject is scored by KPIs it can influence, or that the people can whom it answers for."""
    level = LEVELS.get(card.subject)
    theirs = OF_PEOPLE if level is None and _answers_for_people(scope, card.subject) else (level,)
    for index, line in enumerate(card.kpis):
        kpi = scope.catalogue.kpis.get(line.kpi) if isinstance(line, Line) else None
        if kpi is None or theirs == (None,) or not isinstance(line, Line):
            continue
        own = kpi.variant(line.variant).level if line.variant is None or line.variant in kpi.variants else None
        if own is not None and not set(theirs) & set(own):
            whom = f"the level {level}" if level else f"by {card.subject}, who answer for agents and teams"
            text = f"Card '{name}' scores {whom}, and '{line.kpi}' is for {', '.join(own)}."
            yield scope.problem(("cards", name, "kpis", index, "kpi"), "level-mismatch", text)


def _answers_for_people(scope: Scope, subject: str) -> bool:
    """Whether a subject is a person whom the roster names beside others: a leader, a trainer, an evaluator."""
    roster = scope.catalogue.tables.get("roster")
    return subject.endswith("_id") and roster is not None and subject in roster.columns
