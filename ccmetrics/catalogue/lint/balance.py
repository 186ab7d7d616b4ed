"""Lints: the mix of a card: what its weights make people do.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from ccmetrics.catalogue.adjust_checks import items
from ccmetrics.catalogue.attainable import most
from ccmetrics.catalogue.expanded import Definition, uses
from ccmetrics.catalogue.lint.scored import Scored, said, scored_cards, watched, weighed
from ccmetrics.catalogue.lint.told import is_found_by_evaluation, is_told_by_customers
from ccmetrics.catalogue.models import Amount, Card
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem

MOST_QUALITATIVE = 20
"""Of 100. What one person thinks of another can tip a grade with that, and cannot make one."""
MOST_LAGGING = 80
"""Of 100. With more, what warns in time is there by name only."""
HAIR = 1e-6
"""By so little sums of weights may differ and be the same."""

Tells = Callable[[Scope, Definition], bool]


# ---------------------------------------------------------------- what is on it


def _without(scope: Scope, rule: str, tells: Tells, what: str) -> Iterator[Problem]:
    """Cards none of whose lines tells something; what is watched is named, and moves nobody."""
    told = cache(lambda definition: tells(scope, definition))
    for name, card, lines in scored_cards(scope):
        if any(told(line.definition) for line in lines):
            continue
        beside = [said(definition) for definition in watched(scope, card).values() if told(definition)]
        text = f"Card '{name}' scores nothing that {what}."
        text += f" It watches {' and '.join(beside)}, which moves no score." if beside else ""
        yield scope.problem(("cards", name, "kpis"), rule, text, key=True)


def customer_voice(scope: Scope) -> Iterator[Problem]:
    what = "customers themselves said: no answer to a survey, no complaint"
    yield from _without(scope, "no-customer-voice", is_told_by_customers, what)


def internal_quality(scope: Scope) -> Iterator[Problem]:
    what = "an evaluation of the work found (tables evaluations and evaluation_items)"
    yield from _without(scope, "no-internal-quality", is_found_by_evaluation, what)


def relationship(scope: Scope) -> Iterator[Problem]:
    """The center answers for whether customers stay; to watch it is enough."""
    for name, card, lines in scored_cards(scope):
        shown = [*(line.definition for line in lines), *watched(scope, card).values()]
        if card.subject == "center" and not any(scope.catalogue.kpis[kpi].scope == "relationship" for kpi, _ in shown):
            text = f"Card '{name}' neither scores nor watches a measure of the relationship with customers (scope)."
            yield scope.problem(("cards", name, "kpis"), "no-relationship-measure", text, key=True)


# ---------------------------------------------------------------- what the weights say


def efficiency(scope: Scope) -> Iterator[Problem]:
    """On no day does efficiency weigh more than quality. A whole score of another card is neither."""
    for name, card, lines in scored_cards(scope):
        fast, good = ([line for line in lines if line.kpi.nature == nature] for nature in ("efficiency", "quality"))
        found = next((on for on in weighed(card) if on.of(fast) > on.of(good) + HAIR), None)
        if found is None:
            continue
        whole = sum(found.weights) - found.of(lines)
        text = (
            f"Card '{name}': efficiency weighs {found.of(fast):g}{_listed(fast)} and quality {found.of(good):g}"
            f"{_listed(good)}{found.since}."
        )
        text += f" The {whole:g} of whole scores of other cards count as neither." if whole > HAIR else ""
        yield scope.problem(("cards", name, "kpis"), "efficiency-outweighs-quality", text, key=True)


def leading(scope: Scope) -> Iterator[Problem]:
    """What warns in time has a say. A card without any such line has a problem of its own."""
    for name, card, lines in scored_cards(scope):
        late = [line for line in lines if line.kpi.timing == "lagging"]
        found = next((on for on in weighed(card) if on.of(late) > MOST_LAGGING + HAIR), None)
        if found is not None and len(late) < len(card.kpis):
            weigh = f"lagging KPIs weigh {found.of(late):g} of 100{found.since}"
            text = f"Card '{name}': {weigh}, and {MOST_LAGGING} are the most."
            yield scope.problem(("cards", name, "kpis"), "too-few-leading", text, key=True)


def qualitative(scope: Scope) -> Iterator[Problem]:
    """On no day is more than a fifth what one person thinks of another, bonuses and deductions for it included."""
    natural = Natural(scope)
    for name, card, lines in scored_cards(scope):
        judged = [line for line in lines if line.kpi.qualitative]
        beside = list(_judged_beside(natural, name, card))
        points = sum(most(natural, item) for _, item in beside)
        found = next((on for on in weighed(card) if on.of(judged) + points > MOST_QUALITATIVE + HAIR), None)
        if found is not None:
            by = ", ".join([*(line.said for line in judged), *(f"{path[3]} '{item.name.en}'" for path, item in beside)])
            text = (
                f"Card '{name}': {found.of(judged) + points:g} of 100 are one person's judgment of another ({by})"
                f"{found.since}, and {MOST_QUALITATIVE} are the most."
            )
            path: Path = ("cards", name, "kpis", judged[-1].index, "weight") if judged else (*beside[0][0], "cap")
            yield scope.problem(path, "qualitative-weight", text)


def _judged_beside(natural: Natural, name: str, card: Card) -> Iterator[tuple[Path, Amount]]:
    """Bonuses and deductions that hang on a judgment."""
    for path, item in items(name, card):
        if isinstance(item, Amount):
            named = [kpi for text in (item.amount, item.when) if text for kpi, _ in uses(natural.scope, text)]
            if any(natural.scope.catalogue.kpis[kpi].qualitative for kpi in named):
                yield path, item


def _listed(lines: Iterable[Scored]) -> str:
    names = ", ".join(line.said for line in lines)
    return f" ({names})" if names else ""


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (
    customer_voice,
    internal_quality,
    relationship,
    efficiency,
    leading,
    qualitative,
)
