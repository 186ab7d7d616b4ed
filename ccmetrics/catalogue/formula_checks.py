"""One formula of the YAML, checked: syntax, names, kinds and units, every problem at its word in the file.

In: a formula, where it stands, and what its names may mean. Out: problems, and the kind the formula gives.
Refuses to know: which formulas there are, SQL (formula).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ccmetrics.catalogue.routes import Ambiguous
from ccmetrics.catalogue.scope import UNKNOWN, Lookup, Parts, Path, Scope
from ccmetrics.formula import FormulaProblem, Kind, Node, check, names, parse, parts
from ccmetrics.formula.kinds import SAID
from ccmetrics.formula.tree import walk
from ccmetrics.formula.units import fits, shown
from ccmetrics.problem import Problem, did_you_mean

MENDS: dict[tuple[str | None, str | None], str] = {
    ("s", "h"): " Divide by 3600.",
    ("s", "day"): " Divide by 86400.",
    ("h", "s"): " Multiply by 3600.",
}
"""What the formula gives and what is declared, to how one becomes the other."""


@dataclass(frozen=True)
class Written:
    """A formula and where it stands. `what` begins the sentences about it: `KPI 'aht'`. `kinds` are those it may
    give, and `unit` the one that is claimed of it."""

    what: str
    text: str
    path: Path
    kinds: tuple[str, ...] = ("number",)
    unit: str | None = None


@dataclass(frozen=True)
class Terms:
    """What the names of a formula may be. `noun` ends the sentence `..., which is no`; `known` gives suggestions."""

    lookup: Lookup
    noun: str
    known: Callable[[], Iterable[str]]
    parameters: Mapping[str, Kind]


def formula_problems(scope: Scope, written: Written, terms: Terms) -> list[Problem]:
    """What is wrong with one formula."""
    try:
        node = parse(written.text)
    except FormulaProblem as found:
        return [_at(scope, written, found.name, f"{written.what}: {found.text}", found)]
    unclear: dict[Parts, Ambiguous] = {}

    def lookup(parts: Parts) -> Kind | None:
        try:
            return terms.lookup(parts)
        except Ambiguous as two:
            unclear[parts] = two
            return UNKNOWN

    kind, problems = check(node, lookup, terms.parameters, ())
    if unclear:  # which column is meant is open, and so is all that follows from its kind
        return [
            _ambiguous(scope, written, name, unclear[parts(name)]) for name in names(node) if parts(name) in unclear
        ]
    if problems:
        return [_named(scope, written, terms, found) for found in problems]
    return [] if kind is None else _given(scope, written, kind)


def value_problems(scope: Scope, written: Written, table: str) -> list[Problem]:
    """Texts compared with a column that lists its values, and are none of them: such a condition is never true."""
    try:
        found = list(never_met(scope, parse(written.text), table))
    except (FormulaProblem, Ambiguous):  # has had its problem
        return []
    return [_at(scope, written, p.name, f"{written.what} compares with {p.text}", p) for p in found]


def never_met(scope: Scope, tree: Node, table: str) -> Iterator[FormulaProblem]:
    """Texts that a column with listed values is compared with, and never is."""
    for node in (found for found in walk(tree) if found.op in ("eq", "ne", "in", "not_in")):
        for name in (arg for arg in node.args if arg.op == "name"):
            column = scope.definition(table, parts(name))
            for text in (arg for arg in node.args if arg.op == "text"):
                if column is not None and column.values and text.value not in column.values:
                    said = f"'{text.value}', which '{'.'.join(parts(name))}' never is."
                    hint = did_you_mean(str(text.value), column.values)
                    yield FormulaProblem("unknown-value", said + hint, text.start, text.end)


def condition(what: str, text: str, path: Path) -> Written:
    return Written(what, text, path, ("flag",))


def _named(scope: Scope, written: Written, terms: Terms, found: FormulaProblem) -> Problem:
    if found.name != "unknown-name":
        return _at(scope, written, found.name, f"{written.what}: {found.text}", found)
    name = written.text[found.start : found.end]
    sections = () if terms.noun.startswith("column") else ("measures", "kpis")
    gone, mend = scope.gone(written.path, name.partition(".")[0], *sections)
    text = f"{written.what} uses '{name}', which is no {terms.noun}{gone or f'.{did_you_mean(name, terms.known())}'}"
    return scope.problem_in(written.path, found.name, text, found.start, found.end, mend)


def _ambiguous(scope: Scope, written: Written, name: Node, two: Ambiguous) -> Problem:
    text = f"{written.what}: {two}. Write the one that is meant, or state the order under `dimensions` of the table."
    return _at(scope, written, "ambiguous-path", text, name)


def _given(scope: Scope, written: Written, kind: Kind) -> list[Problem]:
    """What the whole formula gives, against what it should."""
    whole = FormulaProblem("", "", 0, len(written.text.rstrip()))
    if kind.kind not in written.kinds:
        wanted = " or ".join(SAID[name] for name in written.kinds)
        text = f"{written.what} needs {wanted} here, and this is {SAID[kind.kind]}."
        return [_at(scope, written, "kind-mismatch", text, whole)]
    if kind.kind == "number" and not fits(written.unit, kind.unit):
        text = f"{written.what} is declared in {written.unit}, and its formula gives {shown(kind.unit)}."
        hint = MENDS.get((kind.unit, written.unit), "")
        return [_at(scope, written, "unit-mismatch", text + hint, whole)]
    return []


def _at(scope: Scope, written: Written, name: str, text: str, at: FormulaProblem | Node) -> Problem:
    return scope.problem_in(written.path, name, text, at.start, at.end)
