"""What stands below the data: told apart from more data, and held against them where it says what they come to.

In: the end of a text, and the frame of what stands above it. Out: a notice, or why it is no footer of these data.
Refuses to know: how the end was found, canonical tables.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Literal

import polars as pl

from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import Bytes, refusal
from ccmetrics.stages.load.dialect import Dialect
from ccmetrics.stages.load.quotes import begins, fault, in_word
from ccmetrics.stages.load.raw import guarded
from ccmetrics.stages.load.recognize import fold

# What has more lines than this, blank ones apart, is more than a footer.
LINES = 1000
CLOCK = re.compile(r"^(\d+):([0-5]\d):([0-5]\d)$")
EXACT = pl.Decimal(38, 15)


@dataclass(frozen=True)
class Above:
    """The data a footer stands below."""

    frame: pl.LazyFrame
    names: Sequence[str]
    """The frame's columns, one for each cell of the header."""
    rows: int
    """Their number, misfits included."""
    dialect: Dialect
    name: str
    lines: Callable[[Iterable[int]], dict[int, int]]
    """Of rows of the frame."""

    @cached_property
    def always_filled(self) -> tuple[bool, ...]:
        """Of each column, whether no row leaves it empty."""
        filled = [_filled(column).all() for column in self.names]
        return tuple(guarded(lambda: self.frame.select(filled).collect(engine="streaming").row(0), self.name))

    def could_hold(self, cells: Sequence[str]) -> bool:
        """Whether a record could be one more row."""
        if len(cells) > len(self.names) or (len(cells) < len(self.names) and not self.dialect.form.columns):
            return False
        padded = (*cells, *[""] * (len(self.names) - len(cells)))
        return all(cell.strip() or not always for cell, always in zip(padded, self.always_filled, strict=True))


def footer_notice(data: Bytes, at: int, line: int, above: Above) -> Notice:
    """What is said of the footer of a text, which begins at a byte and a line of it."""
    lines = list(islice(_lines(data, at, line, above), LINES))
    return notice(lines, above, len(lines) == LINES)


def notice(lines: Sequence[tuple[int, Sequence[str]]], above: Above, more: bool = False) -> Notice:
    """What is said of a footer that is one, by the number and the cells of its lines; there may be `more` of them.

    Raises:
        DataRefused: its totals are not those of the data, or what follows is no part of a footer.
    """
    stop = above.dialect.form.stop_at or ""
    for number, cells in lines[1:]:
        if more or not _is_footer(cells, stop, above):
            text = "What stands here, below the footer, is none: more data, or another table. "
            raise refusal(above.name, number, "two-tables", f"{text}Export each table to a file of its own.")
        if begins(_first(cells), stop) and above.could_hold(lines[0][1]) and not above.dialect.form.control:
            text = f"This line begins with '{stop}', could be a row, and so does line {number}. Say in the layout what "
            raise refusal(above.name, lines[0][0], "footer-unclear", f"{text}the footer adds up to (`control:`).")
    problems = list(_differences(*lines[0], above))
    if problems:
        raise DataRefused(problems)
    if totals := len(above.dialect.form.control):
        return Notice(
            "{export}: footer of {n:line} left aside, its control {totals:=total agrees|totals agree}",
            export=above.name,
            n=len(lines),
            totals=totals,
        )
    return Notice("{export}: footer of {n:line} left aside", export=above.name, n=len(lines))


def no_footer(above: Above) -> list[Notice]:
    """What is said where a layout declares a footer and there is none.

    Raises:
        DataRefused: it has totals that the data should be held against, or a row begins with a longer word.
    """
    form = above.dialect.form
    if form.stop_at and in_word(form.stop_at) and (row := _longer(form.stop_at, above)) is not None:
        text = f"This line begins with a longer word than '{form.stop_at}', and no other with that: if the data end "
        text += "here, write the word in full in `stop_at:`; else leave `stop_at:` out."
        raise refusal(above.name, above.lines([row])[row], "footer-unclear", text)
    if form.control:
        text = f"No line begins with '{form.stop_at}', where the totals should be. The file may have been cut short."
        raise refusal(above.name, 0, "no-footer", text)
    if not form.stop_at:
        return []
    return [Notice("{export}: no footer, for no line begins with '{word}'", export=above.name, word=form.stop_at)]


def _longer(stop: str, above: Above) -> int | None:
    """The first row whose first filled cell begins with that as a part of a word."""
    first = pl.coalesce(pl.when(_filled(column)).then(pl.col(column)) for column in above.names)
    found = first.str.strip_chars().str.starts_with(stop).fill_null(value=False).arg_true().first()
    row = guarded(lambda: above.frame.select(found).collect(engine="streaming").item(), above.name)
    return None if row is None else int(row)


def _lines(data: Bytes, at: int, line: int, above: Above) -> Iterator[tuple[int, list[str]]]:
    """Cells of each line from a byte on that is not blank, with its number.

    Raises:
        DataRefused: quotes are broken, which the engine stumbles over even here.
    """
    dialect = above.dialect
    quoting: Literal[0, 3] = csv.QUOTE_NONE if dialect.form.quoting == "none" else csv.QUOTE_MINIMAL
    empty = f'{dialect.separator}" \t\r\n'.encode()
    while at < len(data):
        end = data.find(b"\n", at) + 1 or len(data)
        # There may be a great many blank lines.
        if data[at:end].strip(empty):
            text = data[at:end].decode(errors="replace").removesuffix("\n").removesuffix("\r")
            if quoting == csv.QUOTE_MINIMAL and (wrong := fault(text, dialect.separator, lenient=True)):
                raise DataRefused([Problem(Place(above.name, line, wrong.cell), wrong.name, wrong.text)])
            cells = next(csv.reader([text.replace("\r", " ")], delimiter=dialect.separator, quoting=quoting))
            if any(cell.strip() for cell in cells):
                yield line, cells
        at, line = end, line + 1


def _is_footer(cells: Sequence[str], stop: str, above: Above) -> bool:
    """A total, or what can be no row: a note of one cell, or figures. Several words side by side are a header."""
    first, *others = (cell.strip() for cell in cells if cell.strip())
    figures = not others or any(re.search(r"\d", cell) for cell in others)
    return begins(first, stop) or (figures and not above.could_hold(cells))


def _first(cells: Sequence[str]) -> str:
    return next((cell for cell in cells if cell.strip()), "")


# ---------------------------------------------------------------- control totals


def _differences(line: int, cells: Sequence[str], above: Above) -> Iterator[Problem]:
    header = [fold(cell) for cell in above.dialect.header]
    for column, how in above.dialect.form.control.items():
        if fold(column) not in header:
            text = f"The layout's `control:` names '{column}', and the header has no such column."
            yield Problem(Place(above.name, above.dialect.header_line), "missing-column", text)
            continue
        at = header.index(fold(column))
        said = _said(cells[at] if at < len(cells) else "", above.dialect.form.stop_at or "")
        if text := _difference(said, column, above.names[at], how, above):
            yield Problem(Place(above.name, line, at + 1), "control-total-differs", text)


def _said(cell: str, stop: str) -> str:
    """A cell's figure, which may stand behind the word that the footer begins with."""
    return cell.strip().removeprefix(stop).strip(" \u00a0\t:=")


def _difference(said: str, column: str, actual: str, how: str, above: Above) -> str:
    layout = above.dialect.layout
    decimal, null = (layout.decimal, layout.null) if layout else (".", ())
    clock = CLOCK.match(said) is not None
    number = _seconds(said) if clock else _number(said, decimal)
    if number is None:
        return f"The footer has no figure for '{column}' that the data could be held against."
    if how == "rows":
        return "" if number == above.rows else f"The footer says {said} rows, and there are {above.rows:,}."
    filled, value = _filled(actual, null), _clock(actual) if clock else _numeric(actual, decimal)
    found = above.frame.select(count=filled.sum(), odd=(filled & value.is_null()).sum(), sum=value.filter(filled).sum())
    count, odd, total = guarded(lambda: found.collect(engine="streaming").row(0), above.name)
    if how == "count":
        return "" if number == count else f"The footer says {said}, and {count:,} cells of '{column}' are filled."
    if odd:
        return f"The footer's sum of '{column}' cannot be checked: {odd:,} cells are no such figures."
    # A total is as exact as it is written.
    slack = Decimal(5).scaleb(min(0, int(number.as_tuple().exponent)) - 1)
    if abs(Decimal(total) - number) <= slack:
        return ""
    shown = f"{total // 3600}:{total // 60 % 60:02}:{total % 60:02}" if clock else f"{Decimal(total).normalize():f}"
    return f"The footer says {said} for '{column}', and its cells come to {shown}."


def _filled(column: str, null: Sequence[str] = ()) -> pl.Expr:
    text = pl.col(column).fill_null("").str.strip_chars()
    return (text != "") & ~text.is_in(list(null)) if null else text != ""


def _pattern(decimal: str) -> str:
    """A number, plain or with its thousands set apart by any sign that is not its decimal one."""
    groups = ",.' \u00a0\u202f\u2019".replace(decimal, "")
    return rf"^[-+]?(?:\d+|\d{{1,3}}(?:[{groups}]\d{{3}})+)(?:{re.escape(decimal)}\d+)?$"


def _number(text: str, decimal: str) -> Decimal | None:
    if not re.match(_pattern(decimal), text, re.ASCII):
        return None
    plain = re.sub(rf"[^-+\d{re.escape(decimal)}]", "", text)
    return Decimal(plain.replace(decimal, "."))


def _numeric(column: str, decimal: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    plain = text.str.replace_all(rf"[^-+\d{re.escape(decimal)}]", "").str.replace(decimal, ".", literal=True)
    return pl.when(text.str.contains(_pattern(decimal).replace(r"\d", "[0-9]"))).then(plain).cast(EXACT, strict=False)


def _seconds(text: str) -> Decimal:
    hours, minutes, seconds = text.split(":")
    return Decimal(int(hours) * 3600 + int(minutes) * 60 + int(seconds))


def _clock(column: str) -> pl.Expr:
    text, pattern = pl.col(column).str.strip_chars(), CLOCK.pattern.replace(r"\d", "[0-9]")
    parts = [text.str.extract(pattern, group).cast(pl.Int64, strict=False) for group in (1, 2, 3)]
    return parts[0] * 3600 + parts[1] * 60 + parts[2]
