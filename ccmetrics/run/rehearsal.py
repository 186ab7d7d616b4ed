"""Whole-card tests: each run as a month would be, and what came held against what was expected.

In: the definitions with their tests. Out: problems, each at its own value in the YAML.
Refuses to know: how anything is read or scored. What a test writes to the disk is gone with it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import StringIO
from os import sep
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ccmetrics import period as periods
from ccmetrics.catalogue.expected import as_written, is_as_expected
from ccmetrics.catalogue.models import CardTest, Catalogue, Covers, Row
from ccmetrics.catalogue.places import place_at
from ccmetrics.catalogue.scope import Path as At
from ccmetrics.catalogue.scope import Scope
from ccmetrics.catalogue.test_checks import unseen
from ccmetrics.catalogue.test_rows import columns, written_out
from ccmetrics.problem import Problem, Refused, UsageRefused
from ccmetrics.run import Result, score
from ccmetrics.run.beside import beside

ALWAYS = date(1970, 1, 1)
"""Since when a table without rows has had none."""


def rehearse(scope: Scope) -> Iterator[Problem]:
    """Every test of the definitions. One whose rows are refused has no other problem."""
    for name, test in scope.catalogue.tests.items():
        yield from _folder(scope, name, test) if test.data is not None else _written(scope, name, test)


def _folder(scope: Scope, name: str, test: CardTest) -> Iterator[Problem]:
    """A test on exports, read by the layouts as any are."""
    path: At = ("tests", name, "data")
    folder = Path(place_at(scope.places, path).file).parent / (test.data or "")
    try:
        result = _score(scope.catalogue, test, folder)
    except Refused as refused:
        for problem in refused.problems:
            text = f"Test '{name}' cannot be run on this data: {problem.place}: {problem.text}"
            yield scope.problem(path, "refused-test", text)
    else:
        yield from _held(scope, name, test, result)


def _written(scope: Scope, name: str, test: CardTest) -> Iterator[Problem]:
    """A test on rows, as canonical exports: no layout has a say in them."""
    with TemporaryDirectory(prefix="ccmetrics-test-") as made:
        exports = {table: _export(scope.catalogue, table, rows) for table, rows in test.rows.items()}
        for table, export in exports.items():
            (Path(made) / f"{table}.csv").write_text(export.text, encoding="utf-8", newline="")
        try:
            result = _score(_canonical(scope.catalogue, test), test, Path(made))
        except Refused as refused:
            for problem in refused.problems:
                yield _at_its_cell(scope, name, test, exports, problem)
            return
    yield from _repeated(scope, name, result) or _held(scope, name, test, result)


def _canonical(catalogue: Catalogue, test: CardTest) -> Catalogue:
    """The definitions without layouts; tables without rows are silent because there was nothing."""
    covers = dict(catalogue.project.covers)
    if empty := [table for table, rows in test.rows.items() if not rows]:
        try:
            whole = Covers(start=ALWAYS, end=periods.parse(test.period).last)
        except UsageRefused:  # A cycle of the company's own calendar, whose days only its table knows.
            pass
        else:
            covers |= dict.fromkeys(empty, whole)
    project = catalogue.project.model_copy(update={"layouts": {}, "covers": covers})
    return catalogue.model_copy(update={"layouts": {}, "project": project})


def _score(catalogue: Catalogue, test: CardTest, folder: Path) -> Result:
    if test.covers:
        covers = {**catalogue.project.covers, **test.covers}
        project = catalogue.project.model_copy(update={"covers": covers})
        catalogue = catalogue.model_copy(update={"project": project})
    return score([folder], config=catalogue, period=test.period, cards=[test.card])


# ---------------------------------------------------------------- rows as an export, and back


class _Export(NamedTuple):
    text: str
    columns: list[str]
    entries: dict[int, int]
    """Line of the text to the entry in the YAML that it was made of."""


def _export(catalogue: Catalogue, table: str, rows: Sequence[Row]) -> _Export:
    own = catalogue.tables[table].columns
    header = columns(rows) or [column for column, definition in own.items() if not definition.derived]
    out, entries, line = StringIO(), {}, 2
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    for at, row in written_out(rows):
        entries[line] = at
        line += 1 + sum(cell.count("\n") for cell in row.values())
        writer.writerow(row)
    return _Export(out.getvalue(), header, entries)


def _at_its_cell(scope: Scope, name: str, test: CardTest, exports: Mapping[str, _Export], problem: Problem) -> Problem:
    """What is wrong with an export, at the cell of the YAML that it was made of; of folders nobody hears."""
    file = Path(problem.place.file)
    folder, table, path = f"{file.parent}{sep}", file.stem, ("tests", name, "rows")
    text = f"Test '{name}': {problem.text.replace(folder, '')}"
    if table not in exports or not file.is_absolute():
        return scope.problem(path, "refused-test", text, key=True)
    export, column = exports[table], problem.place.column
    entry = export.entries.get(problem.place.line)
    if entry is None:
        return scope.problem((*path, table), "refused-test", text, key=True)
    at: At = (*path, table, entry, *([export.columns[column - 1]] if column else []))
    return unseen(scope, table, test.rows[table][entry], scope.problem(at, "refused-test", text))


def _repeated(scope: Scope, name: str, result: Result) -> list[Problem]:
    """Rows that were meant to be many and are one."""
    found = []
    for account in result.accounts:
        if many := account.duplicates + account.superseded:
            text = f"Test '{name}': {many:,} rows of '{account.table}' only repeat others, and do not count."
            mend = "Give each a key of its own: `{n}` in a text is the number of the row."
            path: At = ("tests", name, "rows", account.table)
            found.append(scope.problem(path, "unfit-test", text, key=True, mend=mend))
    return found


def _held(scope: Scope, name: str, test: CardTest, result: Result) -> Iterator[Problem]:
    """What came, against all that was expected."""
    scorecard = result.scorecards[0]
    subjects = scorecard.scores["subject"].to_list()
    for subject, expected in test.expect.items():
        path: At = ("tests", name, "expect", subject)
        if subject not in subjects:
            there = f"Subjects are: {', '.join(subjects)}." if subjects else "There is no subject at all."
            text = f"Test '{name}': '{subject}' is no subject of card '{test.card}' in {scorecard.period}. {there}"
            yield scope.problem(path, "failed-test", text, key=True)
            continue
        for each in beside(scorecard, result.catalogue, subject, expected):
            at = (*path, *each.path)
            if not is_as_expected(each.got, each.wanted, scope, at):
                wanted = "none" if each.wanted is None else as_written(each.wanted)
                yield scope.problem(at, "failed-test", f"Test '{name}': {each.said}, and {wanted} is expected.")
