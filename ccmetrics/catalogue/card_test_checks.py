"""Whether whole-card tests can be run, and would show anything: cards, tables, columns, lines and subjects are there.

In: the definitions. Out: problems, each at its word.
Refuses to know: what comes of a test (rehearsal), how rows are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from ccmetrics import period as periods
from ccmetrics.catalogue.card_test_rows import MOST, columns, is_somewhere, written_out
from ccmetrics.catalogue.expected import adjustments_named, lines_named
from ccmetrics.catalogue.models import TIMES, Card, CardTest, Expected, Row
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem, UsageRefused

CENTER = "center"


def card_tests(scope: Scope) -> Iterator[Problem]:
    """Every test by itself. Of one whose card is broken only the rows are looked at."""
    for name, test in scope.catalogue.tests.items():
        yield from _data(scope, name, test)
        yield from _rows(scope, name, test)
        card = scope.catalogue.cards.get(test.card)
        if card is not None:
            yield from _period(scope, name, test, card)
            yield from _expectations(scope, name, test, card)
        elif not scope.is_broken("cards", test.card):
            at: Path = ("tests", name, "card")
            yield scope.unknown(at, "card", _what(name), test.card, "card", scope.named("cards"))


def _what(name: str) -> str:
    return f"Test '{name}'"


def _period(scope: Scope, name: str, test: CardTest, card: Card) -> Iterator[Problem]:
    # The cycles of a company's own calendar are named by its table.
    if card.cycle == "calendar":
        return
    try:
        periods.parse(test.period)
    except UsageRefused as refused:
        yield scope.problem(("tests", name, "period"), "bad-value", f"{_what(name)}: {refused.problems[0].text}")


# ---------------------------------------------------------------- what goes in


def _data(scope: Scope, name: str, test: CardTest) -> Iterator[Problem]:
    if test.data is not None and PurePath(test.data).is_absolute():
        text = f"{_what(name)} takes its data from '{test.data}', a folder that another machine does not have."
        yield scope.problem(("tests", name, "data"), "unfit-test", text)
    for table in test.covers:
        if table not in scope.named("tables"):
            at: Path = ("tests", name, "covers", table)
            yield scope.unknown(at, "table", _what(name), table, "table", scope.named("tables"), key=True)


def _rows(scope: Scope, name: str, test: CardTest) -> Iterator[Problem]:
    for table, rows in test.rows.items():
        path: Path = ("tests", name, "rows", table)
        if table not in scope.catalogue.tables:
            if not scope.is_broken("tables", table):
                known = scope.named("tables")
                yield scope.unknown(path, "table", _what(name), table, "table", known, key=True)
            continue
        yield from _cells(scope, _what(name), path, table, rows)


def _cells(scope: Scope, what: str, path: Path, table: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """Columns are those an export may have; what cannot be empty is somewhere; rows can be counted."""
    own = scope.catalogue.tables[table].columns
    known = [column for column, definition in own.items() if not definition.derived]
    for at, row in enumerate(rows):
        for column in row:
            if column == TIMES:
                continue
            if column in own and own[column].derived:
                text = f"{what} gives '{column}' of '{table}', which the program derives and no export has."
                yield unseen(scope, table, row, scope.problem((*path, at, column), "unfit-test", text, key=True))
            elif column not in own:
                noun = f"column of '{table}'"
                found = scope.unknown((*path, at, column), "column", what, column, noun, known, key=True)
                yield unseen(scope, table, row, found)
        if TIMES in row and not _countable(row):
            text = f"{what}: `times` is a whole number of rows, from 1 to {MOST:,}."
            yield unseen(scope, table, row, scope.problem((*path, at, TIMES), "bad-value", text))
    there = columns(rows)
    lacking = [c for c in known if own[c].required and own[c].default is None and c not in there]
    if rows and lacking:
        text = f"{what}: no row of '{table}' has {' or '.join(map(repr, lacking))}, which none can be without."
        yield scope.problem(path, "unfit-test", text, key=True)


def _countable(row: Row) -> bool:
    many = row[TIMES]
    return isinstance(many, int) and not isinstance(many, bool) and 1 <= many <= MOST


def unseen(scope: Scope, table: str, row: Row, problem: Problem) -> Problem:
    """The problem without the line it stands on, where that line could show a private value."""
    own = scope.catalogue.tables[table].columns
    is_private = any(column in own and own[column].private for column in row)
    return replace(problem, excerpt="") if is_private else problem


# ---------------------------------------------------------------- what is expected


def _expectations(scope: Scope, name: str, test: CardTest, card: Card) -> Iterator[Problem]:
    path: Path = ("tests", name, "expect")
    if not test.expect:
        yield scope.problem(
            path, "unfit-test", f"{_what(name)} expects nothing, and would hold whatever came.", key=True
        )
    for subject, expected in test.expect.items():
        at: Path = (*path, subject)
        if expected.is_empty:
            text = f"{_what(name)} expects nothing of '{subject}', and would hold whatever came."
            yield scope.problem(at, "unfit-test", text, key=True)
        yield from _subject(scope, name, test, card, subject)
        yield from _expected(scope, _what(name), at, expected, card)


def _subject(scope: Scope, name: str, test: CardTest, card: Card, subject: str) -> Iterator[Problem]:
    """Whoever could be a subject: any word of the rows. Of a folder nobody knows before it is read."""
    at: Path = ("tests", name, "expect", subject)
    if card.subject == CENTER:
        if subject != CENTER:
            yield scope.unknown(at, "subject", _what(name), subject, "subject of its card", [CENTER], key=True)
        return
    sound = [row for rows in test.rows.values() for row in rows if TIMES not in row or _countable(row)]
    if test.data is None and not is_somewhere(subject, sound):
        noun = f"subject of card '{card.card}' in its rows"
        words = dict.fromkeys(row[card.subject] for _, row in written_out(sound) if row.get(card.subject))
        yield scope.unknown(at, "subject", _what(name), subject, noun, words, key=True)


def _expected(scope: Scope, what: str, path: Path, expected: Expected, card: Card) -> Iterator[Problem]:
    lines = lines_named(card, scope.catalogue.kpis)
    noun = f"line of card '{card.card}'"
    yield from _one_each(scope, what, (*path, "points"), "line", noun, expected.points, lines)
    seen = {**{name: [0] for name in card.watch}, **lines}
    yield from _one_each(scope, what, (*path, "values"), "line", noun, expected.values, seen)
    noun = f"adjustment of card '{card.card}'"
    known = adjustments_named(card)
    yield from _one_each(scope, what, (*path, "adjustments"), "adjustment", noun, expected.adjustments, known)
    yield from _never(scope, what, path, expected, card)
    grades = [grade.grade for grade in card.grades]
    if expected.grade is not None and expected.grade not in grades:
        noun = f"grade of card '{card.card}'"
        yield scope.unknown((*path, "grade"), "grade", what, expected.grade, noun, grades)


def _never(scope: Scope, what: str, path: Path, expected: Expected, card: Card) -> Iterator[Problem]:
    """None expected of what no such card can give."""
    can_be = {
        "grade": card.grades,
        "pay": card.grades or card.adjust.red_lines,
        "pay_amount": card.pay,
    }
    for mark in expected.marks:
        if getattr(expected, mark) is None and not can_be.get(mark, True):
            text = f"expects no {mark.replace('_', ' ')}, which card '{card.card}' never gives, and would always hold."
            yield scope.problem((*path, mark), "unfit-test", f"{what} {text}")


def _one_each(
    scope: Scope,
    what: str,
    path: Path,
    kind: str,
    noun: str,
    wanted: Collection[str],
    known: Mapping[str, Sequence[object]],
) -> Iterator[Problem]:
    """Every name is there, and means one thing."""
    for name in wanted:
        if name not in known:
            yield scope.unknown((*path, name), kind, what, name, noun, known, key=True)
        elif len(known[name]) > 1:
            text = f"{what} names '{name}', and so is more than one {noun} called."
            yield scope.problem((*path, name), "unfit-test", text, key=True)
