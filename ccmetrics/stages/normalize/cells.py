"""A column's cells before they have a type: how they are to be read, and the outcome of reading them.

In: a canonical column and the layout's word on it. Out: `Reading`, cleaned text, `Parsed` with its faults.
Refuses to know: any one type's forms, files, rows and lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Literal

import polars as pl

from ccmetrics.catalogue.models import Column, ColumnType, Layout, Project, Source
from ccmetrics.notice import Notice

NEVER = pl.lit(False)
LARGEST = 1e15
"""The largest number a cell may hold: a quadrillion. Below it, no sum over any number of rows overflows."""
Span = tuple[date, date] | None
Kind = ColumnType | Literal["clock"]


@dataclass(frozen=True)
class Reading:
    """Everything that decides how one column's text is read."""

    name: str
    type: Kind
    values: tuple[str, ...] = ()
    private: bool = False
    null: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str | None = None
    unit: str | None = None
    format: str | None = None
    """A declared strptime format, or the form of dates and times that was found to fit the whole column."""
    formats: tuple[str, ...] = ()
    """Declared formats, of which one must fit every cell."""
    rivals: tuple[str, ...] = ()
    """Other forms that nothing in the column rules out: cells they read otherwise are unclear."""
    doubt: str = ""
    """What is to be said of those."""
    halves: tuple[Reading, Reading] | None = None
    """How the date column and the time column of one instant are read, once that is known."""
    map: tuple[tuple[str, str | None], ...] | None = None
    other: str | None = None
    negative: str | None = None
    zone: str | None = None
    ambiguous: str = "refuse"
    nonexistent: str = "refuse"
    currency: str | None = None
    split: str | None = None
    take: str = "last"
    day: str | None = None
    """The day of a column that gives only a time."""
    longest_s: float = 86400.0
    is_clean: bool = False
    """No cell is known to be padded, so none need be trimmed."""


@dataclass(frozen=True)
class Fault:
    """A way for a cell to be bad. The first one that holds names the problem."""

    name: str
    text: str
    when: pl.Expr
    names_code: bool = False
    """The code point of the first character that is not ASCII belongs to the sentence."""
    at: int | None = None
    """Of which of the several columns of a value this is told; None of all of them."""


@dataclass(frozen=True)
class Counted:
    """Cells that were read in a way nobody sees from the cell: `n` in the template is how many."""

    template: str
    when: pl.Expr
    parts: Mapping[str, object] = field(default_factory=dict)

    def said(self, column: str, count: int) -> Notice:
        return Notice("{column}: {said}", column=column, said=Notice(self.template, n=count, **self.parts))


@dataclass(frozen=True)
class Parsed:
    value: pl.Expr
    given: pl.Expr
    """Cells that must come to a value."""
    faults: tuple[Fault, ...] = ()
    wrong: pl.Expr = NEVER
    """Cells that are bad whatever value they come to."""
    span: Span = None
    """Values outside of it are bad."""
    counted: tuple[Counted, ...] = ()

    def bad(self, value: pl.Expr | None = None) -> pl.Expr:
        """Cells that cannot be read exactly; never null. Give the value where it is a column by now: parsing costs."""
        value = self.value if value is None else value
        found = (self.given & value.is_null()) | self.wrong
        return (found if self.span is None else found | ~value.is_between(*self.span)).fill_null(False)


def reading(name: str, column: Column, source: Source, layout: Layout | None, project: Project) -> Reading:
    """What column, layout and project together say."""
    mapping = None if source.map is None else tuple((k.strip(), said(v)) for k, v in source.map.items())
    formats = (source.format,) if isinstance(source.format, str) else source.format or ()
    return Reading(
        name=name,
        type=column.type,
        values=column.values,
        private=column.private,
        null=source.null + (layout.null if layout else ()),
        decimal=source.decimal or (layout.decimal if layout else "."),
        thousands=source.thousands,
        unit=source.unit,
        format=formats[0] if len(formats) == 1 else None,
        formats=formats if len(formats) > 1 else (),
        map=mapping,
        other=said(source.other),
        negative=source.negative,
        zone=(layout.time_zone if layout else None) or project.time_zone,
        ambiguous=(layout.ambiguous if layout else None) or project.ambiguous,
        nonexistent=(layout.nonexistent if layout else None) or project.nonexistent,
        currency=source.currency,
        split=source.split,
        take=source.take,
        day=source.date,
        longest_s=project.max_duration_h * 3600,
    )


def said(value: str | bool | None) -> str | None:
    """A value of a map as the text a parser meets."""
    return ("true" if value else "false") if isinstance(value, bool) else value


def cells(raw: pl.Expr, how: Reading) -> pl.Expr:
    """Trimmed text (any Unicode space); null where the cell is empty or holds a declared word for nothing."""
    text, tokens = _bare(raw, how), [token.strip() for token in how.null]
    if how.is_clean or how.split is not None:
        # A padded word for nothing is one, too: where nothing is trimmed, the engine reads some padded dates.
        return pl.when(~text.str.strip_chars().is_in(tokens)).then(text) if tokens else text
    return pl.when((text.str.len_bytes() > 0) & ~text.is_in(tokens)).then(text)


def tallies(raw: pl.Expr, how: Reading) -> list[Counted]:
    """What `cells` does to a column and its values no longer show."""
    text, found = _bare(raw, how), []
    if how.split is not None:
        several = _parts(raw, how.split).list.len() > 1
        found.append(
            Counted(
                "{n:cell} of several values between '{sign}' read as the last of them"
                if how.take == "last"
                else "{n:cell} of several values between '{sign}' read as the first of them",
                several,
                {"sign": how.split},
            )
        )
    for token in dict.fromkeys(token.strip() for token in how.null):
        found.append(emptied(token, text == token))
    return found


def emptied(token: str, when: pl.Expr) -> Counted:
    return Counted("'{word}' in {n:cell} read as empty", when, {"word": token})


def _bare(raw: pl.Expr, how: Reading) -> pl.Expr:
    if how.split is None:
        return raw if how.is_clean else raw.str.strip_chars()
    parts = _parts(raw, how.split)
    return parts.list.last() if how.take == "last" else parts.list.first()


def _parts(raw: pl.Expr, separator: str) -> pl.Expr:
    """The values of a cell that holds several, those that are not empty."""
    each = pl.element().str.strip_chars()
    return raw.str.split(separator).list.eval(each.filter(each.str.len_bytes() > 0))


def padded(raw: pl.Expr) -> pl.Expr:
    """Whether a cell has outer spaces, or nothing in it."""
    return (raw.str.strip_chars().str.len_bytes() != raw.str.len_bytes()) | (raw.str.len_bytes() == 0)


def finished(text: pl.Expr, value: pl.Expr, *faults: Fault, wrong: pl.Expr = NEVER, span: Span = None) -> Parsed:
    """Whatever has text must come to a value."""
    return Parsed(value, text.is_not_null(), faults, wrong, span)


def mapped(text: pl.Expr, how: Reading) -> tuple[pl.Expr, pl.Expr, Fault]:
    """The text each cell stands for, which cells the map does not list, and how to say so."""
    pairs = how.map or ()
    old, new = [k for k, _ in pairs], [v for _, v in pairs]
    meant = text.replace_strict(old, new, default=pl.lit(how.other, dtype=pl.String), return_dtype=pl.String)
    unlisted = text.is_not_null() & ~text.is_in(old) & pl.lit(how.other is None)
    listed = ", ".join(f"'{k}'" for k in old)
    return (
        pl.when(text.is_not_null()).then(meant),
        unlisted,
        Fault("unknown-value", f"Not one of the values the layout maps: {listed}.", unlisted),
    )


def shape(text: str, how: Reading) -> str:
    """A cell in words that give nothing away: its pattern (9 for a digit, a for a letter), never a private one's."""
    length = f"a text of {len(text)} characters" if len(text) != 1 else "one character"
    if how.private or how.type in ("text", "person"):
        return length
    if get_close_matches(text.casefold(), how.values, n=1, cutoff=0.75):  # A slip, and nobody's name.
        return f"'{text}'"
    pattern = "".join(
        "9" if c.isdigit() else "a" if c.isalpha() else c if c.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )
    return f"a text like '{pattern}'" if len(text) <= 30 else length


def odd_code(text: str, how: Reading) -> str:
    """The first character of a cell that is not ASCII, by its code point, which nobody may know of a private one."""
    odd = next((c for c in text if not c.isascii()), "")
    return f" It has U+{ord(odd):04X}." if odd and not how.private else ""
