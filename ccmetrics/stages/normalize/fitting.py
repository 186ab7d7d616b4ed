"""The form that the dates and times of one column are of, known from all of its cells or not at all.

In: the cells of a column and how it reads, with several formats or none. Out: the one form, and what to say of it.
Refuses to know: rows and files, what becomes of cells that do not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from ccmetrics.notice import Notice, all_of
from ccmetrics.stages.normalize.cells import Reading, cells
from ccmetrics.stages.normalize.durations import formatted
from ccmetrics.stages.normalize.formats import FORMS, OFFSET, PLAIN
from ccmetrics.stages.normalize.instants import clock_as, day_as, instant_as
from ccmetrics.stages.normalize.zones import SPAN

SAYS: dict[str, Callable[[pl.Expr, str], pl.Expr]] = {
    "date": lambda text, form: _of_calendar(day_as(text, form)),
    "datetime": lambda text, form: _of_calendar(instant_as(text, form)),
    "clock": clock_as,
    "duration": formatted,
}
"""What a cell of each type says in a form, before any zone or bound: those must not decide which form it is."""
TOP = 1000
"""Distinct cells that are tried in every form. Of the rest, only those that no form likely by these can read."""
PLAINEST = {"date": "YYYY-M-D", "clock": "h:mm", "datetime": PLAIN}
"""The form that all exports should have. It needs no word."""


def is_open(how: Reading) -> bool:
    """Whether the form of the column is for its cells to tell."""
    bare = how.format is None and how.unit is None and how.day is None and how.map is None
    return bool(how.formats) or (how.type in FORMS and bare)


def fitted(counts: pl.DataFrame, how: Reading) -> tuple[Reading, tuple[Notice, ...]]:
    """How the column reads, with a notice where a form was chosen. `counts`: each `cell`, and how many (`len`).

    The form that reads most cells is taken, and those that it cannot read are bad. So are those that another form reads
    otherwise, unless the column rules that one out: by cells that only the first can read, and none only the other.
    """
    forms = how.formats or FORMS[how.type]
    given = counts.lazy().select(cells(pl.col("cell"), how), "len").drop_nulls().collect()
    said = _said(given, _in_question(given, forms, how) or forms, how)
    many = {form: int(given["len"].filter(read.is_not_null()).sum()) for form, read in said.items()}
    best = max(many, key=lambda form: many[form])
    if not many[best]:
        return (replace(how, format=forms[0]) if how.formats else how), ()
    rivals = tuple(form for form in said if many[form] and _is_rival(said[form], said[best], many[form] == many[best]))
    chosen = replace(how, format=None if best == PLAINEST.get(how.type) else best)
    total = int(given["len"].sum())
    if rivals:
        doubt = _doubt(best, rivals, many[best] == total)
        return replace(chosen, format=best, rivals=rivals, doubt=doubt), ()
    if best in (PLAINEST.get(how.type), OFFSET) or many[best] < total:
        return chosen, ()
    others = [form for form in said if form != best and many[form] == total]
    why = (
        Notice("as {forms} they are the same", forms=all_of(others))
        if others
        else Notice("no other reading fits them all")
    )
    return chosen, (Notice("{column}: {n:cell} read as {form}: {why}", column=how.name, n=total, form=best, why=why),)


def _in_question(given: pl.DataFrame, forms: Sequence[str], how: Reading) -> list[str]:
    """Forms that read a cell of the first ones, or one that none of those reads. Any other reads fewer than they do."""
    if how.formats:
        return list(forms)
    likely = _reading_any(given.head(TOP), forms, how)
    said = _said(given, likely, how)
    rest = given.filter(pl.all_horizontal(read.is_null() for read in said.values())) if said else given
    return likely + [form for form in _reading_any(rest, forms, how) if form not in likely]


def _reading_any(given: pl.DataFrame, forms: Sequence[str], how: Reading) -> list[str]:
    return [form for form, read in _said(given, forms, how).items() if read.null_count() < len(read)]


def _said(given: pl.DataFrame, forms: Sequence[str], how: Reading) -> dict[str, pl.Series]:
    read = SAYS[how.type]
    found = given.select(read(pl.col("cell"), form).alias(str(at)) for at, form in enumerate(forms))
    return dict(zip(forms, found.get_columns(), strict=True))


def _is_rival(other: pl.Series, best: pl.Series, fits_as_many: bool) -> bool:
    alone = (other.is_not_null() & best.is_null()).any()
    return bool((other != best).any()) and (fits_as_many or alone)


def _doubt(best: str, rivals: Sequence[str], fits_all: bool) -> str:
    forms = " and ".join((best, *rivals))
    if fits_all:
        return f"Every value of the column fits both {forms}, and they differ. Say `format:` in the layout."
    return (
        f"It fits both {forms}, and other cells of the column only one of these: it mixes them. Export it in one form."
    )


def _of_calendar(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_between(*SPAN)).then(value)
