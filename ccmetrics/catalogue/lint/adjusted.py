"""Lints: adjustments that weigh too much, meet everybody, pay for the wrong thing, or for what is scored already.

In: the definitions. Out: warnings and advice, each at its word.
Refuses to know: adjustments that never act (idle), errors (the checks), rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ccmetrics.catalogue.adjust_checks import items
from ccmetrics.catalogue.attainable import most
from ccmetrics.catalogue.expanded import definition_of, tree_of
from ccmetrics.catalogue.models import Adjustment, Amount, Card, Coefficient, Line
from ccmetrics.catalogue.natural import Natural
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.formula import FormulaProblem, Node, names, parse, parts
from ccmetrics.problem import Problem

HEAVY = 30
"""Points of all bonuses, or of all deductions: two usual grades of 15."""
CONSTANT = {"number", "neg", "param"}
TOWARD = {"gt": 1, "ge": 1, "lt": -1, "le": -1}
"""Comparison to the side on which what stands first has to be."""
SIGN = {"higher": 1, "lower": -1}

Aims = list[tuple[str, int]]
"""KPIs, and whether more (1) or less (-1) of each is what an adjustment looks for."""


def adjusted(scope: Scope) -> Iterator[Problem]:
    natural = Natural(scope)
    for name, card in scope.catalogue.cards.items():
        yield from _heavy(natural, name, card)
        scored = _scored(scope, card)
        for path, item in items(name, card):
            what = f"Card '{name}': '{item.name.en}'"
            yield from _sure(natural, path, what, item)
            yield from _backward(scope, path, what, item)
            yield from _scored_too(scope, path, what, item, scored)


# ---------------------------------------------------------------- how much


def _heavy(natural: Natural, name: str, card: Card) -> Iterator[Problem]:
    """What stands beside the score does not outweigh it."""
    for kind, does in (("bonus", "add"), ("deductions", "take")):
        points = sum(most(natural, item) for item in getattr(card.adjust, kind))
        if points > HEAVY:
            text = f"Card '{name}': its {kind} can {does} {points:g} points together, and {HEAVY} are the most."
            yield natural.scope.problem(("cards", name, "adjust", kind), "heavy-adjustment", text, key=True)


def _sure(natural: Natural, path: Path, what: str, item: Adjustment) -> Iterator[Problem]:
    """Nobody is told apart by what everybody gets. A condition that always holds has a problem of its own."""
    if item.when is not None:
        return
    if isinstance(item, Coefficient) and item.factor != 1:
        text = f"{what} has no condition: everybody's {item.on} is multiplied by {item.factor:g}."
        yield natural.scope.problem((*path, "factor"), "sure-adjustment", text)
    elif isinstance(item, Amount):
        low, high = (min(end, item.cap) for end in natural.amount(item.amount))
        if low > 0:
            does = "gets" if path[3] == "bonus" else "loses"
            least = "" if low == high else " or more"
            text = f"{what} has no condition: everybody {does} {low:g}{least}."
            yield natural.scope.problem((*path, "amount"), "sure-adjustment", text)


# ---------------------------------------------------------------- for what


def _backward(scope: Scope, path: Path, what: str, item: Adjustment) -> Iterator[Problem]:
    """Points are given for what is better, and taken for what is worse."""
    is_gain = path[3] == "bonus" or (isinstance(item, Coefficient) and item.factor > 1)
    asked: list[tuple[str, Aims]] = []
    if isinstance(item, Amount) and (tree := _parsed(item.amount)) is not None:
        asked.append(("amount", _grows_with(scope, tree)))
    if item.when is not None and (tree := _parsed(item.when)) is not None:
        asked.append(("when", _asks(scope, tree)))
    for key, aims in asked:
        if aims and all(_is_backward(scope, kpi, side, is_gain) for kpi, side in aims):
            kpi, side = aims[0]
            does, much = "rewards" if is_gain else "punishes", "high" if side > 0 else "low"
            better = scope.catalogue.kpis[kpi].better
            text = f"{what} {does} a {much} '{kpi}', of which {better} is better."
            yield scope.problem((*path, key), "backward-adjustment", text)


def _is_backward(scope: Scope, kpi: str, side: int, is_gain: bool) -> bool:
    own = scope.catalogue.kpis[kpi]
    if not is_gain and own.nature == "efficiency":  # too fast to be true: calls that are cut short
        return False
    return side * SIGN.get(own.better, 0) == (-1 if is_gain else 1)


def _grows_with(scope: Scope, node: Node) -> Aims:
    """`2 * csat`, `10 - aht / 60`: the one KPI of an amount that is a constant's part or multiple of it."""
    if node.op == "name":
        return _directed(scope, node, 1)
    if node.op not in ("add", "sub", "mul", "div") or not any(arg.op in CONSTANT for arg in node.args):
        return []
    one, other = node.args
    first_varies = one.op not in CONSTANT
    constant = other if first_varies else one
    turned = (node.op in ("mul", "div") and constant.op == "neg") != (not first_varies and node.op in ("sub", "div"))
    return [(kpi, -side if turned else side) for kpi, side in _grows_with(scope, one if first_varies else other)]


def _asks(scope: Scope, node: Node) -> Aims:
    """`csat > 0.9 AND csat.n >= 20`: what every comparison of a KPI with a constant asks; nothing where something else
    is asked, too, which may be what the condition is about."""
    if node.op in ("and", "or"):
        found = [_asks(scope, arg) for arg in node.args if not _is_of_n(arg)]
        return [aim for aims in found for aim in aims] if all(found) else []
    if node.op not in TOWARD:
        return []
    one, other = node.args
    if other.op in CONSTANT:
        return _directed(scope, one, TOWARD[node.op])
    return _directed(scope, other, -TOWARD[node.op]) if one.op in CONSTANT else []


def _is_of_n(node: Node) -> bool:
    return any(arg.op == "name" and parts(arg)[-1] == "n" for arg in node.args)


def _directed(scope: Scope, node: Node, side: int) -> Aims:
    found = definition_of(scope, parts(node)) if node.op == "name" else None
    return [(found[0], side)] if found else []


# ---------------------------------------------------------------- a second time


def _scored(scope: Scope, card: Card) -> dict[str, str]:
    """Names that a line of the card scores: its KPI, and the measure that is all of its formula."""
    found = {}
    for line in card.kpis:
        if isinstance(line, Line):
            found[line.kpi] = line.kpi
            tree = tree_of(scope, line.kpi, line.variant)
            if tree is not None and tree.op == "name":
                found[".".join(parts(tree))] = line.kpi
    return found


def _scored_too(scope: Scope, path: Path, what: str, item: Adjustment, scored: dict[str, str]) -> Iterator[Problem]:
    """What an amount, or else its condition, is about is not a line of the card. A condition beside an amount of
    something else is a hurdle, and a red line is there to take what was earned."""
    if path[3] == "red_lines" or item.of != "subject" or (isinstance(item, Coefficient) and item.on == "pay"):
        return
    for key in ("amount", "when"):
        about = _names(getattr(item, key, None))
        if about:
            if all(name in scored for name in about):
                kpis = " and ".join(f"'{kpi}'" for kpi in sorted({scored[name] for name in about}))
                text = f"{what} counts {kpis} a second time: the card scores it."
                yield scope.problem((*path, key), "scored-and-adjusted", text)
            return


def _names(formula: str | None) -> list[str]:
    """What a formula names, without how many cases there are; of a variant the KPI."""
    tree = None if formula is None else _parsed(formula)
    found = [] if tree is None else [parts(node) for node in names(tree)]
    return [name[0] for name in found if name[-1] != "n"]


def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except FormulaProblem:
        return None


LINTS: tuple[Callable[[Scope], Iterable[Problem]], ...] = (adjusted,)
