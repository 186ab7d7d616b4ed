"""What a printed score is to earn: distribution, pay, shares of volume, lists over cycles.

In: the definitions. Out: problems, each at its word.
Refuses to know: curves and adjustments, what anybody has earned.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from ccmetrics.catalogue.models import MOST_BASE, Card
from ccmetrics.catalogue.scope import Path, Scope
from ccmetrics.problem import Problem, did_you_mean

ROSTER = "roster"
NAMING = ("id", "category", "text", "person")
"""Column types whose values make groups."""
AMOUNTS = ("number", "money")
MOST_LISTED = 36
"""Cycles a list may look over: three years of months."""


def distribution(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """Shares of a distribution are parts of 100, in the order of the grades; its groups are no secret."""
    if card.distribution is None:
        return
    path: Path = ("cards", name, "distribution")
    shares, known = card.distribution.shares, [grade.grade for grade in card.grades]
    for grade, share in shares.items():
        if share < 0:
            text = f"Card '{name}': the share of '{grade}' is {share:g}, and a share is 0 or more."
            yield scope.problem((*path, "shares", grade), "bad-value", text)
    if not isclose(sum(shares.values()), 100, abs_tol=1e-6):
        text = f"Card '{name}': the shares of the grades sum to {sum(shares.values()):g}, and must sum to 100."
        yield scope.problem((*path, "shares"), "shares-not-100", text, key=True)
    stated = [grade for grade in shares if grade in known]
    if stated != sorted(stated, key=known.index):
        text = f"Card '{name}': shares stand in the order of the grades: {', '.join(sorted(stated, key=known.index))}."
        yield scope.problem((*path, "shares"), "grade-order", text, key=True)
    by = card.distribution.by
    if by is not None:
        yield from _column(scope, name, (*path, "by"), by, NAMING, "makes groups by")
        column = scope.catalogue.tables[ROSTER].columns.get(by) if ROSTER in scope.catalogue.tables else None
        if column is not None and column.private:
            text = f"Card '{name}' makes groups by '{by}', which is private and may not appear in a result."
            yield scope.problem((*path, "by"), "private-subject", text)


def pay(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """A base is an amount, a budget has a base to be divided by, and pay has grades to go by."""
    if card.pay is None:
        return
    path: Path = ("cards", name, "pay")
    base = card.pay.base
    if isinstance(base, str):
        yield from _column(scope, name, (*path, "base"), base, AMOUNTS, "pays by")
    elif base is not None and not 0 <= base <= MOST_BASE:
        text = f"Card '{name}': a base of pay is from 0 to {MOST_BASE:,}, and not {base:g}."
        yield scope.problem((*path, "base"), "bad-value", text)
    if card.pay.budget is not None and base is None:
        text = f"Card '{name}' has a budget and no `base` of pay that it could be divided by."
        yield scope.problem((*path, "budget"), "budget-without-base", text)
    if card.pay.cut_only and card.pay.budget is None:
        text = f"Card '{name}': `cut_only` says how a budget is kept, and there is none."
        yield scope.problem((*path, "cut_only"), "bad-value", text)
    if base is not None and not card.grades:
        text = f"Card '{name}' pays by grade and has no grades."
        yield scope.problem((*path, "base"), "bad-value", text)


def _column(scope: Scope, name: str, path: Path, word: str, types: tuple[str, ...], does: str) -> Iterator[Problem]:
    """The word is a column of the roster, of one of the types."""
    if ROSTER not in scope.catalogue.tables:
        return
    columns = scope.catalogue.tables[ROSTER].columns
    if word not in columns:
        yield scope.unknown(path, "column", f"Card '{name}'", word, "column of 'roster'", columns)
    elif columns[word].type not in types:
        text = f"Card '{name}' {does} '{word}' (type {columns[word].type}); that takes {' or '.join(types)}."
        yield scope.problem(path, "kind-mismatch", text)


def shares(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """The limits of a share leave room between them, and the watch list speaks of a grade."""
    if card.shares is None:
        return
    path: Path = ("cards", name, "shares")
    if card.shares.min > card.shares.max:
        text = f"Card '{name}': a share of at least {card.shares.min:g} cannot be at most {card.shares.max:g}."
        yield scope.problem((*path, "max"), "bad-value", text)
    watch = card.shares.watch_list
    known = [grade.grade for grade in card.grades]
    if watch is not None and watch.below not in known:
        at = (*path, "watch_list", "below")
        yield scope.unknown(at, "grade", f"Card '{name}'", watch.below, "grade of it", known)


def progression(scope: Scope, name: str, card: Card) -> Iterator[Problem]:
    """A rule is `GRADE or better in 3 of 4 cycles`, of a grade that is there."""
    known = [grade.grade for grade in card.grades]
    for key, listed in card.progression.items():
        path: Path = ("cards", name, "progression", key)
        parts, text = listed.parts, listed.rule
        if parts is None:
            said = f"Card '{name}': '{text}' is no rule. One is `A or better in 3 of 4 cycles`, or `C or worse in ...`."
            yield scope.problem(path, "bad-progression", said)
        elif not 1 <= int(parts["times"]) <= int(parts["of"]):
            said = (
                f"Card '{name}': {parts['times']} of {parts['of']} cycles cannot be: it is 1 to {parts['of']} of them."
            )
            yield scope.problem(path, "bad-progression", said)
        elif int(parts["of"]) > MOST_LISTED:
            said = f"Card '{name}': a list looks over {MOST_LISTED} cycles at most, and not {parts['of']}."
            yield scope.problem(path, "bad-progression", said)
        elif parts["grade"] not in known:
            said = f"Card '{name}': '{parts['grade']}' is no grade of it.{did_you_mean(parts['grade'], known)}"
            yield scope.problem(path, "unknown-grade", said)
