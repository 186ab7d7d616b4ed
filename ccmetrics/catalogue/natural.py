"""What values measures and KPIs can have at all: a count is never below 0, a part never more than its whole.

In: the definitions. Out: ranges of names, and what the conditions of a card can come to.
Refuses to know: exports, and values that are possible and absurd.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain

from ccmetrics.catalogue.models import Aggregate, Column, Line, Measure
from ccmetrics.catalogue.ranges import ANY, NEVER_BELOW_0, SHARE, Known, Range, Truth, conjuncts, range_of, truth_of
from ccmetrics.catalogue.routes import Ambiguous
from ccmetrics.catalogue.scope import Parts, Scope
from ccmetrics.formula import FormulaProblem, Node, parse, parts

CODES = {"nps": Range(0, 10), "csat": Range(1, ANY.high), "ces": Range(1, ANY.high)}
"""Ratings whose codes are held against their scale when an export is read."""
# A column has the range that rows are refused by when an export is read, and no other:
# - duration: below 0 is refused, or becomes 0 or empty by the layout's `negative`.
# - number, money, other ratings: -2 is read as -2, a count's too. What the program counts itself is never below 0.
# - percent: -3% is read, and 250% where it has its sign or the layout says `unit: percent`. Only quotients are shares.
# - any type with a default: what is filled in is held against nothing.
NULL_IN_NULL_OUT = ("eq", "ne", "lt", "le", "gt", "ge", "in", "not_in", "like", "not_like", "between")


class Natural:
    """Ranges of the names of one catalogue, each found once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.measure = cache(self._measure)
        self.kpi = cache(self._kpi)
        self.of_cards = Known(self._value, self._parameter, self._share)
        self._parameters = _parameters(scope)

    def amount(self, formula: str) -> Range:
        """The range of a formula over measures and KPIs; everything where it has another problem."""
        tree = _parsed(formula)
        return ANY if tree is None else range_of(tree, self.of_cards)

    def truth(self, formula: str) -> Truth:
        """What a condition over measures and KPIs can come to."""
        tree = _parsed(formula)
        return Truth(True, True) if tree is None else truth_of(tree, self.of_cards)

    # ------------------------------------------------------------ names

    def _parameter(self, name: str) -> Range:
        return self._parameters.get(name, ANY)

    def _value(self, name: Parts) -> Range:
        if len(name) == 1 and name[0] in self.scope.measures:
            return self.measure(name[0])
        kpi = self.scope.kpi_of(name)
        if kpi is not None:
            return self.kpi(name[0], name[1] if len(name) == 2 else None)
        return NEVER_BELOW_0 if name[-1] == "n" else ANY

    def _kpi(self, name: str, variant: str | None) -> Range:
        own = self.scope.catalogue.kpis[name].variant(variant)
        found = self.amount(own.formula)
        # `proportion` says itself that it is a share of cases.
        return found & SHARE if own.interval == "proportion" else found

    def _measure(self, name: str) -> Range:
        measure = self.scope.catalogue.measures.get(name)
        if measure is None:
            return ANY
        # An `else` stands in for the same figure.
        if measure.kind in ("count", "distinct"):
            return NEVER_BELOW_0
        rows = self._of_rows(measure)
        if measure.kind != "sum":
            return rows
        return Range(0.0 if rows.low >= 0 else ANY.low, 0.0 if rows.high <= 0 else ANY.high)

    def _of_rows(self, aggregate: Aggregate) -> Range:
        tree = _parsed(aggregate.formula)
        return ANY if tree is None else range_of(tree, self.of_rows(aggregate.table))

    @staticmethod
    def _of_column(column: Column, name: str) -> Range:
        if column.default is not None:
            return ANY
        if column.type == "rating":
            return CODES.get(name, ANY)
        is_counted = column.derived and column.type == "number" and column.unit == "count"
        return NEVER_BELOW_0 if is_counted or column.type == "duration" else ANY

    def of_rows(self, table: str) -> Known:
        """The ranges of what a formula over the rows of a table names."""
        return Known(self._column_of(table), self._parameter)

    def _column_of(self, table: str):  # type: ignore[no-untyped-def]
        def column(name: Parts) -> Range:
            try:
                found = self.scope.definition(table, name)
            except Ambiguous:
                return ANY
            return ANY if found is None else self._of_column(found, name[-1])

        return column

    # ------------------------------------------------------------ parts of a whole

    def _share(self, above: Node, below: Node) -> Range:
        """The range of a quotient, where one of the two is a part of the other."""
        if above != below and self._is_part(below, above):
            return Range(1.0, ANY.high)
        if above.op == "mul" and above.args[0].op == "number":
            factor = range_of(above.args[0], self.of_cards)
            return _scaled(self._share(above.args[1], below), factor.low)
        if above.op == "sub":
            one, other = above.args
            if self._is_part(one, below) and self._is_part(other, below):
                return SHARE if one == below else Range(-1.0, 1.0)
            return ANY
        if below.op == "add" and all(range_of(arg, self.of_cards).low >= 0 for arg in below.args):
            return SHARE if any(self._share(above, arg) == SHARE for arg in below.args) else ANY
        return SHARE if self._is_part(above, below) else ANY

    def _is_part(self, one: Node, other: Node) -> bool:
        """Whether a measure counts, or adds up, no more than some of the rows that another does."""
        if one.op != "name" or other.op != "name":
            return False
        if one == other:
            return range_of(one, self.of_cards).low >= 0
        known = self.scope.catalogue.measures
        part, whole = (known.get(".".join(parts(each))) for each in (one, other))
        if part is None or whole is None or _kind_of_rows(part) != _kind_of_rows(whole):
            return False
        return self._value(parts(one)).low >= 0 and _implies(_conditions(part), _conditions(whole))


def _kind_of_rows(measure: Measure) -> tuple[object, ...]:
    """What two measures must have in common for one to be a part of the other."""
    is_count = measure.kind == "count"
    summed = measure.kind in ("sum", "distinct")
    text = "" if is_count else " ".join(measure.formula.split()) if summed else object()
    return measure.table, measure.kind, text, measure.at, measure.as_of


def _conditions(measure: Measure) -> list[Node]:
    texts = [measure.where, measure.count if measure.count != "rows" else None]
    trees = [_parsed(text) for text in texts if text is not None]
    return [each for tree in trees if tree is not None for each in conjuncts(tree)]


def _implies(given: list[Node], wanted: list[Node]) -> bool:
    """Whether all that is wanted follows from what is given: it stands there, or a comparison shows it is not null."""
    compared = {arg for each in given if each.op in NULL_IN_NULL_OUT for arg in each.args if arg.op == "name"}
    return all(each in given or (each.op == "is_not_null" and each.args[0] in compared) for each in wanted)


def _scaled(found: Range, factor: float) -> Range:
    return ANY if found == ANY else Range(*sorted((found.low * factor, found.high * factor)))


def _parameters(scope: Scope) -> dict[str, Range]:
    """Every value a parameter is given anywhere: whoever reads a formula may have set it."""
    catalogue = scope.catalogue
    lines = [line for card in catalogue.cards.values() for line in card.kpis if isinstance(line, Line)]
    owners: Iterable[object] = chain([catalogue.project], catalogue.kpis.values(), catalogue.cards.values(), lines)
    found: dict[str, Range] = {}
    for owner in owners:
        for name, value in getattr(owner, "parameters", {}).items():
            found[name] = found.get(name, Range(value, value)) | Range(value, value)
    return found


def _parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except FormulaProblem:
        return None
