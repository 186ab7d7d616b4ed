"""Whom a card scores and what happens to the score: subject, adjustments, actions, grades.

In: the definitions. Out: problems, each at its word.
Refuses to know: the lines of the card (card_checks), values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ccmetrics.catalogue.formula_checks import Terms, Written, condition, formula_problems, value_problems
from ccmetrics.catalogue.models import Action, Adjustment, Amount, Card, Line, LinkedLine, RedLine
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.period import TIME_GRAINS
from ccmetrics.problem import Problem

KINDS = ("bonus", "deductions", "coefficients", "red_lines")
MOST_CYCLES = 12
"""Cycles a condition may look over."""
NAMING = ("id", "category", "text", "person")
"""Column types that can name a subject."""


def subjects(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """The subject is a dimension of some table; `via` names columns of tables; `who` is a condition over the roster."""
    what, path = f"Card '{name}'", ("cards", name)
    tables = scope.catalogue.tables
    known = _dimensions(scope)
    if card.subject not in known and not scope.has_broken_table:
        yield _no_dimension(scope, (*path, "subject"), what, card.subject, known)
    elif card.subject in TIME_GRAINS:
        text = f"{what} scores '{card.subject}', which means a grain of time. Give the dimension another name."
        yield scope.problem((*path, "subject"), "unfit-subject", text)
    if any(card.subject in t.columns and t.columns[card.subject].private for t in tables.values()):
        text = f"{what} scores '{card.subject}', which is private and may not appear in a result."
        yield scope.problem((*path, "subject"), "private-subject", text)
    for table, column in card.via.items():
        at: Path = (*path, "via", table)
        if table not in tables:
            if not scope.is_broken("tables", table):
                yield scope.unknown(at, "table", what, table, "table", tables, key=True)
        elif column not in tables[table].columns:
            noun = f"column of '{table}'"
            yield scope.unknown(at, "column", what, column, noun, tables[table].columns)
    if card.who is not None and "roster" in tables:
        noun = "column of 'roster'"
        terms = Terms(scope.column("roster"), noun, lambda: tables["roster"].columns, scope.parameters)
        who = condition(what, card.who, (*path, "who"))
        yield from (*formula_problems(scope, who, terms), *value_problems(scope, who, "roster"))


def _no_dimension(scope: Scope, path: Path, what: str, word: str, known: list[str]) -> Problem:
    found = scope.unknown(path, "name", what, word, "dimension of any table", known)
    return replace(found, mend="Correct the name: `ccmetrics list tables`.")


def _dimensions(scope: Scope) -> list[str]:
    tables = scope.catalogue.tables.values()
    columns = (name for table in tables for name, column in table.columns.items() if column.type in NAMING)
    return list(dict.fromkeys(["center", *columns, *(name for table in tables for name in table.dimensions)]))


def linked_subjects(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """A linked line says by which column of the roster the other card's subjects belong to this card's."""
    what, tables = f"Card '{name}'", scope.catalogue.tables
    for index, line in enumerate(card.kpis):
        if not isinstance(line, LinkedLine):
            continue
        path: Path = ("cards", name, "kpis", index)
        other = scope.catalogue.cards.get(line.linked_card)
        times = [each.kpi for each in other.kpis if isinstance(each, Line)].count(line.kpi or "") if other else 0
        if times > 1:
            text = f"{what}: card '{line.linked_card}' scores '{line.kpi}' {times} times, and whose points are meant?"
            yield scope.problem((*path, "kpi"), "bad-value", text)
        if (line.by == "center") != (card.subject == "center"):
            text = f"{what}: everybody is under the center, so `by: center` stands on its card, and nothing else does."
            yield scope.problem((*path, "by"), "bad-value", text)
        elif line.by != "center" and "roster" in tables and line.by not in tables["roster"].columns:
            noun = "column of 'roster'"
            yield scope.unknown((*path, "by"), "column", what, line.by, noun, tables["roster"].columns)


def card_formulas(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Amounts are numbers and conditions are conditions, over measures and KPIs."""
    what = f"Card '{name}'"
    terms = Terms(scope.card_value, "measure and no KPI", scope.values, scope.parameters)
    for path, item in items(name, card):
        if item.when is not None:
            yield from formula_problems(scope, condition(what, item.when, (*path, "when")), terms)
        if isinstance(item, Amount):
            yield from formula_problems(scope, Written(what, item.amount, (*path, "amount")), terms)
    for index, action in enumerate(card.actions):
        at: Path = ("cards", name, "actions", index, "when")
        yield from formula_problems(scope, condition(what, action.when, at), terms)
        # Any other word is a role or a name; a typo in an id would send the alert to nobody.
        if action.to.endswith("_id") and action.to not in (known := _dimensions(scope)):
            yield _no_dimension(scope, (*at[:-1], "to"), what, action.to, known)
        yield from _addressee(scope, what, card, action, (*at[:-1], "to"))
        if action.lasting is not None and int(action.lasting.split()[0]) > MOST_CYCLES:
            text = f"{what}: '{action.do.en}' waits for {action.lasting}, and {MOST_CYCLES} are the most."
            yield scope.problem((*at[:-1], "for"), "unfit-condition", text)
        # From cycle to cycle an action is known by these.
        if any(_same_action(action, other) for other in card.actions[:index]):
            text = f"{what} has the action '{action.do.en}' twice."
            yield scope.problem((*at[:-1], "do"), "duplicate-definition", text)
    if card.shares is not None and card.shares.measure not in scope.measures:
        at = ("cards", name, "shares", "measure")
        yield scope.unknown(at, "measure", what, card.shares.measure, "measure", scope.measures)


def _addressee(scope: Scope, what: str, card: Card, action: Action, path: Path) -> Iterator[Problem]:
    """What the roster says in place of the word is somebody who may be named."""
    roster = scope.catalogue.tables.get("roster")
    column = roster.columns.get(action.to) if roster and action.to != card.subject else None
    if column is not None and column.private:
        text = f"{what} sends '{action.do.en}' to '{action.to}', which is private and may not appear in a result."
        yield scope.problem(path, "private-subject", text)
    elif column is not None and column.type not in NAMING:
        text = f"{what} sends '{action.do.en}' to '{action.to}' (type {column.type}); that takes {' or '.join(NAMING)}."
        yield scope.problem(path, "kind-mismatch", text)


def _same_action(one: Action, other: Action) -> bool:
    texts = [[" ".join(text.split()) for text in (each.when, each.do.en, each.to)] for each in (one, other)]
    return texts[0] == texts[1] and one.lasting == other.lasting


def items(name: str, card: Card) -> Iterator[tuple[Path, Adjustment]]:
    for kind in KINDS:
        for index, item in enumerate(getattr(card.adjust, kind)):
            yield ("cards", name, "adjust", kind, index), item


def grades(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Grades descend, differ, and cover every score down to the last."""
    path = ("cards", name, "grades")
    for index, (upper, lower) in enumerate(pairwise(card.grades)):
        at: Path = (*path, index + 1, "from")
        if upper.start is None:
            text = f"Card '{name}': grade '{upper.grade}' has no bottom, so no score reaches '{lower.grade}' below it."
            yield scope.problem((*path, index, "from"), "grade-order", text)
        elif lower.start is not None and lower.start >= upper.start:
            text = f"Card '{name}': grades descend, and '{lower.grade}' from {lower.start:g} stands below"
            yield scope.problem(at, "grade-order", f"{text} '{upper.grade}' from {upper.start:g}.")
        if lower.pay > upper.pay:
            text = f"Card '{name}': grade '{lower.grade}' pays {lower.pay:g}, more than the better '{upper.grade}'"
            yield scope.problem((*path, index + 1, "pay"), "grade-order", f"{text} with {upper.pay:g}.")
    if card.grades and card.grades[-1].start is not None:
        last = card.grades[-1]
        text = (
            f"Card '{name}': a score below {last.start:g} has no grade. Let '{last.grade}' be `from: null`, or add one."
        )
        yield scope.problem((*path, len(card.grades) - 1, "from"), "grade-gap", text)
    seen: set[str] = set()
    for index, grade in enumerate(card.grades):
        if grade.grade in seen:
            text = f"Card '{name}' has the grade '{grade.grade}' twice."
            yield scope.problem((*path, index, "grade"), "duplicate-definition", text)
        seen.add(grade.grade)


def grade_names(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Red lines and the distribution speak of grades that are there."""
    known = [grade.grade for grade in card.grades]
    what, noun = f"Card '{name}'", "grade of it"
    for path, item in items(name, card):
        if isinstance(item, RedLine) and item.grade_at_most is not None and item.grade_at_most not in known:
            yield scope.unknown((*path, "grade_at_most"), "grade", what, item.grade_at_most, noun, known)
    for grade in card.distribution.shares if card.distribution else ():
        if grade not in known:
            path = ("cards", name, "distribution", "shares", grade)
            yield scope.unknown(path, "grade", what, grade, noun, known, key=True)


def coefficient_limits(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """The bounds of the coefficients stand in order around 1, and bound something."""
    low, high = card.adjust.limits
    if not low <= 1 <= high:
        text = f"Card '{name}': the limits of the coefficients are [low, high] around 1, and not [{low:g}, {high:g}]."
        yield scope.problem(("cards", name, "adjust", "limits"), "bad-value", text)


def conditions(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """What a condition looks at beside the subject's own cycle is there, and is looked at in one way."""
    roster = scope.catalogue.tables.get("roster")
    for path, item in items(name, card):
        yearly = isinstance(item, RedLine) and item.lasts == "year"
        cycles = 1 if item.over is None else int(item.over.split()[0])
        found: dict[str, list[tuple[object, str]]] = {
            "over": [
                (item.when is None and item.over is not None, "has no condition (when) to look over several cycles"),
                (not 1 <= cycles <= MOST_CYCLES, f"looks over {item.over}, and 1 to {MOST_CYCLES} can be looked over"),
            ],
            "of": [
                (item.when is None and item.of != "subject", f"has no condition (when) on the {item.of}"),
                (
                    item.of == "team" and (card.subject == "center" or (roster and "team" not in roster.columns)),
                    "looks at a team that no subject of the card has",
                ),
            ],
            "lasts": [
                (yearly and card.cycle == "year", "lasts a year, as does every cycle of the card"),
                (yearly and cycles > 1, "lasts a year, and looks over several cycles: one or the other"),
                (yearly and item.of != "subject", f"lasts a year, and looks at the {item.of}: one or the other"),
            ],
        }
        for key, cases in found.items():
            for text in [text for is_so, text in cases if is_so]:
                said = f"Card '{name}': '{item.name.en}' {text}."
                yield scope.problem((*path, key), "unfit-condition", said, key=True)


def pools(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Pools are told apart by columns of the roster, and items of one name agree on theirs."""
    what, roster = f"Card '{name}'", scope.catalogue.tables.get("roster")
    first: dict[tuple[object, str], Amount] = {}
    for path, item in items(name, card):
        if not isinstance(item, Amount):
            continue
        column = None if roster is None or item.pool_by is None else roster.columns.get(item.pool_by)
        if item.pool_by is not None and item.pool is None:
            text = f"{what}: '{item.name.en}' tells pools apart by '{item.pool_by}' and has none (pool)."
            yield scope.problem((*path, "pool_by"), "pool-mismatch", text)
        elif item.pool_by is not None and roster is not None and column is None:
            noun = "column of 'roster'"
            yield scope.unknown((*path, "pool_by"), "column", what, item.pool_by, noun, roster.columns)
        elif column is not None and column.private:
            text = f"{what}: '{item.pool_by}' is private, and the pool a subject belongs to is shown."
            yield scope.problem((*path, "pool_by"), "private-subject", text)
        same = first.setdefault((path[-2], item.name.en), item)
        if (same.pool, same.pool_by) != (item.pool, item.pool_by):
            text = f"{what} has '{item.name.en}' twice, and items of one name share a pool: say the same of it in both."
            yield scope.problem((*path, "pool" if item.pool is not None else "name"), "pool-mismatch", text)
