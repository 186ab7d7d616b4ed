"""Whole-card tests: each run as a month would be, and what came held against what was expected.

In: the definitions with their tests. Out: problems, each at its own value in the YAML.
Refuses to know: how anything is read or scored. What a test writes to the disk is gone with it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from os import sep
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ccmetrics import period as periods
from ccmetrics.catalogue.card_test_checks import unseen
from ccmetrics.catalogue.card_test_rows import columns, odd_counter, written_out
from ccmetrics.catalogue.expected import as_written, how_to_round, is_as_expected
from ccmetrics.catalogue.models import CardTest, Catalogue, Covers, Row
from ccmetrics.catalogue.places import place_at
from ccmetrics.catalogue.scope import Path as At
from ccmetrics.catalogue.scope import Scope
from ccmetrics.problem import DataRefused, Problem, Refused, UsageRefused
from ccmetrics.run import Result, in_world
from ccmetrics.run.figures import figures
from ccmetrics.stages.world import World
from ccmetrics.stages.world.reconcile import unmatched

ALWAYS = date(1970, 1, 1)
"""Since when a table without rows has had none."""


def rehearse(scope: Scope) -> Iterator[Problem]:
    """Every test of the definitions. One whose rows are refused has no other problem."""
    for name, test in scope.catalogue.tests.items():
        found = _of_a_folder(scope, name, test) if test.data is not None else _of_rows(scope, name, test)
        # A cell that is wrong in forty rows is written once.
        yield from dict.fromkeys(found)


def _of_a_folder(scope: Scope, name: str, test: CardTest) -> list[Problem]:
    """A test on exports, read by the layouts as any are."""
    path: At = ("tests", name, "data")
    folder = Path(place_at(scope.places, path).file).parent / (test.data or "")
    try:
        result, _ = _score(scope.catalogue, test, folder)
    except Refused as refused:
        return [
            scope.problem(path, "refused-test", f"Test '{name}' cannot be run: {each.place}: {each.text}")
            for each in refused.problems
        ]
    return list(_held(scope, name, test, result))


def _of_rows(scope: Scope, name: str, test: CardTest) -> list[Problem]:
    """A test on rows, as canonical exports: no layout has a say in them."""
    with TemporaryDirectory(prefix="ccmetrics-test-") as made:
        exports = {table: _export(scope.catalogue, table, rows) for table, rows in test.rows.items()}
        for table, export in exports.items():
            (Path(made) / f"{table}.csv").write_text(export.text, encoding="utf-8", newline="")
        try:
            result, world = _score(_canonical(scope.catalogue, test), test, Path(made))
        except Refused as refused:
            back = _WayBack(scope, name, test, exports, made)
            return [back.problem(each, isinstance(refused, DataRefused)) for each in _at_cells(refused.problems)]
        idle = _repeated(scope, name, test, result) + _passed_over(scope, name, test, result, world)
    return idle or list(_held(scope, name, test, result))


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


def _score(catalogue: Catalogue, test: CardTest, folder: Path) -> tuple[Result, World]:
    if test.covers:
        covers = {**catalogue.project.covers, **test.covers}
        project = catalogue.project.model_copy(update={"covers": covers})
        catalogue = catalogue.model_copy(update={"project": project})
    return in_world([folder], catalogue, test.period, [test.card], beside=False)


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


def _at_cells(problems: Sequence[Problem]) -> list[Problem]:
    """Without what counts the others of a file: in a test they are cells of one entry, which is told once."""
    told = {(each.place.file, each.name) for each in problems if each.place.line}
    return [each for each in problems if each.place.line or (each.place.file, each.name) not in told]


@dataclass(frozen=True)
class _WayBack:
    """From what is wrong with an export to the cell of the YAML that it was made of. Of its folder nobody hears."""

    scope: Scope
    name: str
    test: CardTest
    exports: Mapping[str, _Export]
    folder: str

    def problem(self, problem: Problem, of_data: bool) -> Problem:
        """What is wrong with no export is so with the period that is asked for."""
        text = f"Test '{self.name}': {self._without_files(problem.text)}"
        file, path = Path(problem.place.file), ("tests", self.name, "rows" if of_data else "period")
        if str(file.parent) != self.folder or file.stem not in self.exports:
            return self.scope.problem(path, "refused-test", text, key=of_data)
        at = self._row(file.stem, problem.place.line)
        if len(at) == len(path) + 1:
            return self.scope.problem(at, "refused-test", text, key=True)
        row, column = self.test.rows[file.stem][int(at[-1])], problem.place.column
        cell = (*at, self.exports[file.stem].columns[column - 1]) if column else at
        return unseen(self.scope, file.stem, row, self.scope.problem(cell, "refused-test", text))

    def _row(self, table: str, line: int) -> At:
        """The entry that a line was made of, or the table as a whole."""
        path, entry = ("tests", self.name, "rows", table), self.exports[table].entries.get(line)
        return path if entry is None else (*path, entry)

    def _without_files(self, text: str) -> str:
        """Lines of exports as lines of the YAML."""

        def place(found: re.Match[str]) -> str:
            at = place_at(self.scope.places, self._row(found[1], int(found[2])))
            return f"{at.file}:{at.line}"

        text = re.sub(rf"{re.escape(self.folder + sep)}(\w+)\.csv:(\d+)", place, text)
        return text.replace(self.folder + sep, "")


def _repeated(scope: Scope, name: str, test: CardTest, result: Result) -> list[Problem]:
    """Rows that were meant to be many and are one."""
    found = []
    for account in result.accounts:
        if many := account.duplicates + account.superseded:
            text = f"Test '{name}': {many:,} rows of '{account.table}' only repeat others, and do not count."
            mend = "Give each a key of its own: `{n}` in a text is the number of the row."
            if odd := odd_counter(test.rows.get(account.table, ())):
                mend = f"`{odd}` is no counter, `{{n}}` is: the number of the row."
            path: At = ("tests", name, "rows", account.table)
            found.append(scope.problem(path, "unfit-test", text, key=True, mend=mend))
    return found


def _passed_over(scope: Scope, name: str, test: CardTest, result: Result, world: World) -> list[Problem]:
    """Rows that the card never looks at: of other days, unless the test says that these are covered; of nobody."""
    where = f"days that card '{test.card}' does not look at in {result.scorecards[0].period}"
    of_the_period = "Write rows of days that it does look at, or say by `covers` that the table has nothing of these."
    found = [
        (account.table, f"all rows of '{account.table}' are of {where}.", of_the_period)
        for account in result.accounts
        if account.read and account.outside == account.read and account.table not in test.covers
    ]
    for table in sorted({account.table for account in result.accounts}):
        said = unmatched(world, [table], result.period)
        found += [(table, text, "Name those who are there, or add rows of the ones named.") for text in said]
    return [
        scope.problem(("tests", name, "rows", table), "unfit-test", f"Test '{name}': {text}", key=True, mend=mend)
        for table, text, mend in found
    ]


def _held(scope: Scope, name: str, test: CardTest, result: Result) -> Iterator[Problem]:
    """What came, against all that was expected."""
    scorecard = result.scorecards[0]
    subjects = scorecard.scores["subject"].to_list()
    for subject, expected in test.expect.items():
        path: At = ("tests", name, "expect", subject)
        if subject not in subjects:
            there = f"Subjects are: {', '.join(subjects)}." if subjects else "There is no subject at all."
            text = f"Test '{name}': '{subject}' is no subject of card '{test.card}' in {scorecard.period}. {there}"
            mend = "" if subjects else "Look at the card's `who` and `subject`: no row of the test's roster fits them."
            yield scope.problem(path, "failed-test", text, key=True, mend=mend)
            continue
        for each in figures(scorecard, result.catalogue, subject, expected):
            at = (*path, *each.path)
            if not is_as_expected(each.got, each.wanted, scope, at):
                wanted = "none" if each.wanted is None else as_written(each.wanted)
                text = f"Test '{name}': {each.said}, and {wanted} is expected."
                yield scope.problem(at, "failed-test", text, mend=how_to_round(each.got, each.wanted, scope, at))
