"""Lints: parts of a card that can never do anything.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: errors (the checks), rows, how findings are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.adjust_checks import items
from ccmetrics.catalogue.attainable import Bases, coefficients, scores
from ccmetrics.catalogue.certainty import Certainty
from ccmetrics.catalogue.formulas import Standing
from ccmetrics.catalogue.lint import earned
from ccmetrics.catalogue.models import Amount, Card, Coefficient, LinkedLine, RedLine
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.ranges import ANY, Known, Range, Truth, truth_of
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.formula import FormulaProblem, names, parse, parts
from ccmetrics.formula.certain import OPEN, Outcomes
from ccmetrics.formula.tree import Node
from ccmetrics.problem import Problem

RULE_OF = {"red_lines": "idle-red-line", "actions": "idle-action"}
"""Key of a list of the card to the rule about parts of it that never act; adjustments otherwise."""
GROUPS = {"team", "site", "vendor"}
"""Columns of the roster that name no person."""
CENT = 0.01
"""Pools pay in hundredths of a point."""
WIDEST = Range(0.5, 2.0)
"""A coefficient beyond this halves or doubles a result."""

Finding = tuple[Path, str, str]
"""Where below the item, rule, sentence."""


def idle(scope: Scope) -> Iterator[Problem]:
    """Every part of every card that nothing can set off, or that changes nothing where it is set off."""
    natural, certainty = Natural(scope), Certainty(scope)
    bases: Bases = {}
    for name, card in scope.catalogue.cards.items():
        reach = scores(natural, card, bases)
        yield from conditions(natural, certainty, name, card)
        yield from links(scope, name, card)
        yield from limits(scope, name, card)
        yield from earned.lists(scope, name, card)
        yield from earned.shares(scope, name, card)
        yield from earned.pay(scope, name, card)
        if card.kpis and reach.low <= reach.high:  # weights that are broken have had their problem
            yield from earned.grades(scope, name, card, reach)
        for path, item in items(name, card):
            found: Iterable[Finding] = ()
            if isinstance(item, RedLine):
                found = _red_line(natural, card, item, reach)
            elif isinstance(item, Coefficient):
                found = _coefficient(card, item)
            elif isinstance(item, Amount):
                found = (*_amount(natural, item), *_pool(natural, card, item))
            for at, rule, text in found:
                yield scope.problem((*path, *at), rule, f"Card '{name}': '{item.name.en}' {text}")


# ---------------------------------------------------------------- conditions


def conditions(natural: Natural, certainty: Certainty, name: str, card: Card) -> Iterator[Problem]:
    """Every condition of a card can hold, and can fail."""
    written = [(path, item.name.en, item.when) for path, item in items(name, card) if item.when is not None]
    written += [(("cards", name, "actions", at), rule.do.en, rule.when) for at, rule in enumerate(card.actions)]
    for path, said, when in written:
        truth = _both(natural.truth(when), certainty.of(Standing(said, when, path)))
        if truth.can_hold and truth.can_fail:
            continue
        rule = "sure-condition" if truth.can_hold else RULE_OF.get(str(path[-2]), "idle-adjustment")
        how = "always true where it can be told" if truth.can_hold else "never true"
        text = f"Card '{name}': the condition of '{said}' is {how}{_because(natural, when, truth)}."
        yield natural.scope.problem((*path, "when"), rule, text)


def _both(truth: Truth, pieces: list[tuple[Node, Outcomes]]) -> Truth:
    """What neither ranges nor the words of the condition rule out."""
    whole = pieces[-1][1] if pieces else OPEN
    return Truth(
        truth.can_hold and not (whole.is_null or whole.within(False)), truth.can_fail and not whole.within(True)
    )


def _because(natural: Natural, when: str, truth: Truth) -> str:
    """`: csat is 0 to 1`, of the names whose values have an end; nothing where the condition itself decides."""
    tree = parse(when)
    if natural.truth(when) != truth or truth_of(tree, Known(lambda name: ANY)) == truth:
        return ", whatever its values are"
    ranges = {".".join(parts(node)): natural.of_cards.name(parts(node)) for node in names(tree)}
    return ": " + ", ".join(f"{name} is {reach.said}" for name, reach in ranges.items() if reach != ANY)


# ---------------------------------------------------------------- lines


def links(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """The column by which a linked card's subjects belong to this card's names this card's subjects."""
    for index, line in enumerate(card.kpis):
        if not isinstance(line, LinkedLine) or "center" in (line.by, card.subject) or line.by == card.subject:
            continue
        # People go by several names: whoever leads somebody (leader_id) is on the roster, too (agent_id).
        if GROUPS & {line.by, card.subject}:
            text = f"Card '{name}' scores '{card.subject}', and '{line.by}' is no such one: the line never has a value."
            yield scope.problem(("cards", name, "kpis", index, "by"), "idle-line", text)


# ---------------------------------------------------------------- red lines


def _red_line(natural: Natural, card: Card, item: RedLine, reach: Range) -> Iterator[Finding]:
    if item.score_at_most is not None and reach.low <= reach.high <= item.score_at_most:
        text = f"holds the score at {item.score_at_most:g}, and the highest score of the card is {reach.high:g}."
        yield ("score_at_most",), "idle-red-line", text
    if item.grade_at_most is not None and card.grades and item.grade_at_most == card.grades[0].grade:
        yield ("grade_at_most",), "idle-red-line", f"leaves '{item.grade_at_most}', the best grade there is."
    top = round(max((grade.pay for grade in card.grades), default=0.0) * coefficients(natural, card, "pay").high, 9)
    if item.pay is not None and card.grades and item.pay >= top:
        text = f"leaves a pay coefficient of {item.pay:g}, and the highest of the card is {top:g}."
        yield ("pay",), "idle-red-line", text


# ---------------------------------------------------------------- coefficients


def limits(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Coefficients together neither halve nor double a score."""
    low, high = card.adjust.limits
    if low <= 1 <= high and (low < WIDEST.low or high > WIDEST.high):
        text = f"Card '{name}': coefficients may bring a score to {low:g} up to {high:g} times what it was earned at."
        yield scope.problem(("cards", name, "adjust", "limits"), "wild-coefficient", text)


def _coefficient(card: Card, item: Coefficient) -> Iterator[Finding]:
    low, high = card.adjust.limits if item.on == "score" else WIDEST
    if item.factor == 1:
        yield ("factor",), "idle-adjustment", f"multiplies the {item.on} by 1."
    elif item.on == "score" and low <= 1 <= high and (high if item.factor > 1 else low) == 1:
        yield ("factor",), "idle-adjustment", f"has a factor of {item.factor:g}, and the limits leave 1 of it."
    elif not low <= item.factor <= high:
        text = f"has a factor of {item.factor:g}, beyond the limits of {low:g} to {high:g}."
        if item.on == "pay":
            text = f"multiplies pay by {item.factor:g}, and no limits hold a factor on pay."
        yield ("factor",), "wild-coefficient", text


# ---------------------------------------------------------------- amounts and pools


def _amount(natural: Natural, item: Amount) -> Iterator[Finding]:
    found = natural.amount(item.amount)
    if found.high <= 0:
        yield ("amount",), "idle-adjustment", f"can never be more than {found.high:g}, and only more than 0 counts."
    least = max(_least(natural, item.amount), found.low)
    if least > item.cap:
        text = f"comes to {least:g} or more, and its cap is {item.cap:g}: nobody ever has it in full."
        yield ("cap",), "never-in-full", text


def _pool(natural: Natural, card: Card, item: Amount) -> Iterator[Finding]:
    if item.pool is None:
        return
    least = min(_least(natural, item.amount), item.cap)
    if card.subject == "center":
        yield ("pool",), "idle-pool", "is paid from a pool, and the center is alone in it: the cap is enough."
    elif item.pool_by == card.subject:
        yield ("pool_by",), "idle-pool", f"has a pool for each {item.pool_by}, who is alone in it: the cap is enough."
    elif item.pool < CENT:
        yield ("pool",), "idle-pool", f"is paid from a pool of {item.pool:g}, and less than {CENT:g} is not paid."
    elif item.pool < least:
        text = f"asks for {least:g} or more, and the pool of all holds {item.pool:g}: nobody is ever paid in full."
        yield ("pool",), "idle-pool", text


def _least(natural: Natural, amount: str) -> float:
    """The least that is ever asked for where it is a number, or a number of points for each that is counted."""
    try:
        tree = parse(amount)
    except FormulaProblem:
        return 0.0
    if tree.op == "number":
        return natural.amount(amount).low
    if _is_count(natural, tree):
        return 1.0
    each = [arg for arg in tree.args if arg.op == "number"] if tree.op == "mul" else []
    counted = [arg for arg in tree.args if _is_count(natural, arg)]
    return float(str(each[0].value)) if each and counted else 0.0


def _is_count(natural: Natural, node: Node) -> bool:
    measure = natural.scope.catalogue.measures.get(".".join(parts(node))) if node.op == "name" else None
    return measure is not None and measure.kind in ("count", "distinct")


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (idle,)
