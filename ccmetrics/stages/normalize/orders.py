"""Day and month in one order in all exports of a kind: 9/10 of one may not be October where it is September in another.

In: the forms that the dates of each export were found to be of. Out: problems, where two of them contradict.
Refuses to know: cells, how a form was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ccmetrics.problem import Place, Problem
from ccmetrics.stages.normalize.cells import Reading


@dataclass(frozen=True)
class Form:
    """The form of one column of one export."""

    kind: str
    """The layout, or the table in its canonical form."""
    column: str
    name: str
    file: str


def names_of(how: Reading) -> Iterator[str]:
    """The forms of a column, or of the two that it is made of."""
    if how.format is not None:
        yield how.format
    for half in how.halves or ():
        if half is not None:
            yield from names_of(half)


def unlike(forms: Iterable[Form]) -> Iterator[Problem]:
    """Each column whose day comes first in one export and second in another, once an export."""
    first: dict[tuple[str, str], Form] = {}
    for form in dict.fromkeys(forms):
        before = first.setdefault((form.kind, form.column), form) if _day_first(form.name) is not None else form
        if _day_first(before.name) != _day_first(form.name):
            text = f"{form.column} is of the form {form.name} here and {before.name} in {before.file}: is one misread? "
            mend = "Export both alike, or give each a layout that says its `format:`, `%d/%m/%Y` or `%m/%d/%Y`."
            yield Problem(Place(form.file), "day-month-unclear", text + mend)


def _day_first(form: str) -> bool | None:
    """None of a form that begins with the year, or is of a clock alone."""
    match = re.match(r"%?([DMdm])[^A-Za-z%]?%?([DMdm])", form)
    return None if match is None or match[1].lower() == match[2].lower() else match[1].lower() == "d"
