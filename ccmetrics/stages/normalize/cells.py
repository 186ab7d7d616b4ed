"""A column's cells before they have a type: how they are to be read, and the outcome of reading them.

In: a canonical column and the layout's word on it. Out: `Reading`, cleaned text, `Parsed` with its faults.
Refuses to know: any one type's forms, files, rows and lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from ccmetrics.catalogue.models import Column, ColumnType, Layout, Project, Source

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
    map: tuple[tuple[str, str | None], ...] | None = None
    other: str | None = None
    negative: str | None = None
    zone: str | None = None
    day: str | None = None
    """The day of a column that gives only a time."""
    longest_s: float = 86400.0
    sample: str | None = None
    """A cell of the column, from which the form of its times is taken; the others must follow."""
    is_clean: bool = False
    """No cell is known to be padded, so none need be trimmed."""


@dataclass(frozen=True)
class Fault:
    """A way for a cell to be bad. The first one that holds names the problem."""

    name: str
    text: str
    when: pl.Expr


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

    def bad(self, value: pl.Expr | None = None) -> pl.Expr:
        """Cells that cannot be read exactly; never null. Give the value where it is a column by now: parsing costs."""
        value = self.value if value is None else value
        found = (self.given & value.is_null()) | self.wrong
        return (found if self.span is None else found | ~value.is_between(*self.span)).fill_null(False)


def reading(name: str, column: Column, source: Source, layout: Layout | None, project: Project) -> Reading:
    """What column, layout and project together say."""
    mapping = None if source.map is None else tuple((k.strip(), said(v)) for k, v in source.map.items())
    return Reading(
        name=name,
        type=column.type,
        values=column.values,
        private=column.private,
        null=source.null + (layout.null if layout else ()),
        decimal=source.decimal or (layout.decimal if layout else "."),
        thousands=source.thousands,
        unit=source.unit,
        format=source.format if isinstance(source.format, str | None) else source.format[0],
        map=mapping,
        other=said(source.other),
        negative=source.negative,
        zone=(layout.time_zone if layout else None) or project.time_zone,
        day=source.date,
        longest_s=project.max_duration_h * 3600,
    )


def said(value: str | bool | None) -> str | None:
    """A value of a map as the text a parser meets."""
    return ("true" if value else "false") if isinstance(value, bool) else value


def cells(raw: pl.Expr, how: Reading) -> pl.Expr:
    """Trimmed text (any Unicode space); null where the cell is empty or holds a declared word for nothing."""
    tokens = [token.strip() for token in how.null]
    if how.is_clean:
        return pl.when(~raw.is_in(tokens)).then(raw) if tokens else raw
    text = raw.str.strip_chars()
    return pl.when((text.str.len_bytes() > 0) & ~text.is_in(tokens)).then(text)


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
    if how.values and len(text) <= 30 and re.fullmatch(r"[^\W\d]+(?:[ _-][^\W\d]+)*", text):
        return f"'{text}'"
    pattern = "".join(
        "9" if c.isdigit() else "a" if c.isalpha() else c if c.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for c in text
    )
    return f"a text like '{pattern}'" if len(text) <= 30 else length
