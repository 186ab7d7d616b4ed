"""Text cells as typed values: one parser a column type, each a whole-column expression.

In: expressions of text cells and how the layout says they read. Out: the typed value, which cells are bad, and why.
Refuses to know: files, rows and lines, tables, which column of an export is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from ccmetrics.stages.normalize.cells import NEVER, Fault, Parsed, Reading, cells, finished, mapped
from ccmetrics.stages.normalize.durations import between, duration
from ccmetrics.stages.normalize.formats import has_clock, has_day
from ccmetrics.stages.normalize.instants import clock, day, instant, together
from ccmetrics.stages.normalize.numbers import number, percent, rating
from ccmetrics.stages.normalize.ticks import SHEET

TRUE = ("y", "yes", "true", "1", "是")
FALSE = ("n", "no", "false", "0", "否")
ALWAYS = pl.lit(True)
WORDS = ("id", "category", "text", "person")


def parse(raws: Sequence[pl.Expr], how: Reading) -> Parsed:
    """The typed value of one canonical column from the one or more columns of the export it is made of."""
    texts = [cells(raw, how) for raw in raws]
    if how.type == "datetime" and len(texts) == 2:
        first, second = halves(how)
        if second is None:
            return PARSERS["datetime"](joined(texts), first)
        one, two = PARSERS[first.type](texts[0], first), PARSERS[second.type](texts[1], second)
        given = texts[0].is_not_null() | texts[1].is_not_null()
        return together(given, one.value, two.value, how, *both(one, two))
    if how.type == "duration" and len(texts) == 2:
        begun, over = (instant(text, each) for text, each in zip(texts, moments(how), strict=True))
        return between(begun.value, over.value, how, *of_parts(begun, over))
    text = texts[0] if len(texts) == 1 else pl.concat_str(texts, separator="-")
    if how.map is None:
        return PARSERS[how.type](text, how)
    meant, unlisted, fault = mapped(text, how)
    inner = PARSERS[how.type](meant, how)
    return replace(inner, faults=(fault, *inner.faults), wrong=inner.wrong | unlisted)


def joined(texts: Sequence[pl.Expr]) -> pl.Expr:
    """A date and a time as one text; where one is missing the other alone, which no format of both fits."""
    return pl.when(pl.any_horizontal(t.is_not_null() for t in texts)).then(
        pl.concat_str(texts, separator=" ", ignore_nulls=True)
    )


def halves(how: Reading) -> tuple[Reading, Reading | None]:
    """How the date column and the time column of one instant are read; one reading if the formats span both."""
    if how.halves is not None:
        return how.halves
    forms = how.formats or ((how.format,) if how.format is not None else ())
    if any(has_clock(form) and has_day(form) for form in forms):
        return how, None
    days = replace(how, type="date", unit=how.unit if how.unit in SHEET else None)
    clocks = replace(how, type="clock")
    return _of(days, [f for f in forms if not has_clock(f)]), _of(clocks, [f for f in forms if has_clock(f)])


def _of(how: Reading, forms: Sequence[str]) -> Reading:
    return replace(how, format=forms[0] if len(forms) == 1 else None, formats=tuple(forms) if len(forms) > 1 else ())


def moments(how: Reading) -> tuple[Reading, Reading]:
    """How the two instants are read between which a duration lies."""
    moment = replace(how, type="datetime", negative=None)
    return how.halves or (moment, moment)


def both(one: Parsed, two: Parsed) -> tuple[Fault, ...]:
    """The faults of two halves; and a half that is missing is one too."""
    return (*of_parts(one, two), Fault("bad-datetime", "The date or the time of it is missing.", ALWAYS))


def of_parts(*parts: Parsed) -> tuple[Fault, ...]:
    return tuple(replace(f, when=part.bad() & f.when, at=at) for at, part in enumerate(parts) for f in part.faults)


# ---------------------------------------------------------------- words


def identity(text: pl.Expr, how: Reading) -> Parsed:
    """An id is its text, leading zeros and all. A spreadsheet's 1.23457E+17 no longer is one."""
    what = "A spreadsheet has turned this id into a rounded number. Export it again as text."
    destroyed = text.str.contains(r"^[0-9]+(?:[.,][0-9]+)?[eE]\+[0-9]+$").fill_null(False)
    return Parsed(text, NEVER, (Fault("destroyed-id", what, destroyed),), destroyed)


def category(text: pl.Expr, how: Reading) -> Parsed:
    if not how.values:
        return words(text, how)
    unknown = text.is_not_null() & ~text.is_in(how.values)
    what = f"'{how.name}' is one of {', '.join(how.values)}. Map others in the layout."
    return Parsed(text, NEVER, (Fault("unknown-value", what, unknown),), unknown)


def words(text: pl.Expr, how: Reading) -> Parsed:
    return Parsed(text, NEVER)


def flag(text: pl.Expr, how: Reading) -> Parsed:
    low = text.str.to_lowercase()
    value = pl.when(low.is_in(TRUE)).then(True).when(low.is_in(FALSE)).then(False)
    known = f"{'/'.join(TRUE)} or {'/'.join(FALSE)}"
    return finished(text, value, Fault("bad-flag", f"Not one of {known}. Map other words in the layout.", ALWAYS))


PARSERS: dict[str, Callable[[pl.Expr, Reading], Parsed]] = {
    "id": identity,
    "category": category,
    "text": words,
    "person": words,
    "flag": flag,
    "number": number,
    "money": number,
    "percent": percent,
    "rating": rating,
    "duration": duration,
    "date": day,
    "clock": clock,
    "datetime": instant,
}
