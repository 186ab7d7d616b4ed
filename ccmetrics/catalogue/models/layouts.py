"""Layouts: from an export's columns to canonical ones.

In: a layout's document. Out: models.
Refuses to know: files and cells.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import Formula, Model

Names = str | Annotated[tuple[str, ...], Field(min_length=1)]
"""One name, or several of which one holds."""
Columns = Annotated[tuple[Names, ...], Field(min_length=1)]


class Source(Model):
    """Where one canonical column comes from in an export, and how its text is to be read."""

    origin: Names | None = Field(default=None, alias="from")
    """A column of the export, or the names it goes by, of which the header has one: `Queue` or `[Queue, Skill]`."""
    constant: str | int | float | bool | None = None
    """One value for all rows: `inbound`."""
    datetime: Columns | None = None
    """A date column and a time column, read together: `[Date, Time]`."""
    date: str | None = None
    """With `datetime` of a time alone: the day, where the export does not give it: `2026-10-05`."""
    join: Columns | None = None
    """Columns that together make one id, joined by `-`: `[Call Id, Leg]`."""
    apart: Columns | None = None
    """With `join`, where no column names a row: others that tell rows of the same id apart but may not be seen in it (a
    customer's number). Such rows but the first are numbered, in the order of what these columns hold."""
    between: tuple[Names, Names] | None = None
    """A duration from two instants of the export, its beginning and its end: `[Answered at, Ended at]`. Unknown without
    one of them."""
    case: tuple[tuple[Formula, str | bool | None], ...] | None = None
    """Conditions over the export's columns (as text), each with its value: `[["status = 'D'", answered]]`. The first
    that holds decides, else `other`; a row that none fits is refused where `other` is unsaid."""
    where: Formula | None = None
    """Condition over the export's own columns (as text); in other rows the column has no value."""
    map: dict[str, str | bool | None] | None = None
    """Value to value: `{Y: answered, N: abandoned}`. A value not listed is refused, unless `other` says what it
    becomes."""
    other: str | bool | None = None
    """What becomes of a value that `map`, or a row that `case`, does not know."""
    format: Names | None = None
    """strptime format of dates, times or datetimes (`%d.%m.%Y`); of several, the only one that fits the column."""
    unit: Literal["s", "ms", "us", "min", "h", "day", "percent", "fraction", "serial", "serial_1904"] | None = None
    """Of a plain number: `s`, `ms`, `us`, `min`, `h`, `day` of durations (of times, counted from 1970); `percent` or
    `fraction`; `serial` or `serial_1904`, a spreadsheet's days."""
    null: tuple[str, ...] = ()
    """Texts that mean no value in this column, beside the empty cell."""
    decimal: Literal[".", ","] | None = None
    """The sign before decimals in this column; the layout's if unsaid."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The sign between thousands in this column."""
    currency: str | None = None
    """Sign or code before or behind an amount (`¥`, `EUR`); another one is refused."""
    split: str | None = None
    """What separates several values in one cell (`;`), of which `take` names the one that counts."""
    take: Literal["first", "last"] = "last"
    """Which of the values that `split` separates counts: the `last` (unless said) or the `first`."""
    weight: Names | None = None
    """Of a rate or mean in a pre-aggregated table: the column it is multiplied with to become a total again."""
    total: bool = False
    """Of a column of a pre-aggregated table whose name sounds like a rate or mean: it is a total all the same."""
    negative: Literal["null", "zero"] | None = None
    """What a negative duration (clock skew) becomes; a problem where unsaid."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if isinstance(value, str | list):
            return {"from": value}
        if isinstance(value, dict) and isinstance(value.get("datetime"), str):
            return {**value, "datetime": (value["datetime"],)}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        origins = (self.origin, self.constant, self.datetime, self.join, self.between, self.case)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("a column comes from exactly one of: from, constant, datetime, join, between, case")
        if self.apart is not None and self.join is None:
            raise ValueError("`apart` numbers the rows of one `join`, and there is none")
        return self


Ambiguous = Literal["refuse", "earliest", "latest"]
Nonexistent = Literal["refuse", "forward"]


class FileForm(Model):
    """How a file is opened, where that is not plain from the file itself."""

    format: Literal["delimited", "excel", "json_lines", "parquet"] | None = None
    """The kind of file, where the layout is for one of them only."""
    encoding: Literal["utf-8", "utf-16-le", "utf-16-be", "gb18030", "cp1252"] | None = None
    """The encoding of the text; a byte order mark goes before it."""
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    """The one sign between cells: `;`."""
    quoting: Literal["standard", "lenient", "none"] = "standard"
    """`lenient`: a quote inside a cell that does not begin with one is a character. `none`: every quote is."""
    escape: Literal["backslash"] | None = None
    """`backslash`: what stands behind a backslash is a character like any other."""
    skip_lines: int = Field(default=0, ge=0)
    """Physical lines above the header."""
    header_match: bool = False
    """The header is the first line (sheet row) that names every column of `match`; what stands above it is skipped."""
    columns: tuple[str, ...] = ()
    """Names of the columns, in order, where the file has no header. Records may be shorter: the rest is empty."""
    stop_at: str | None = None
    """The data end before the first record whose first filled cell begins with this (a total), in whole words."""
    control: dict[str, Literal["sum", "count", "rows"]] = {}
    """Cells of the record `stop_at` found that must agree with the data: a column's sum, its filled cells, all rows."""
    repeated_header: Literal["skip"] | None = None
    """`skip`: files were joined, and their headers stand among the rows."""
    sheet: str | None = None
    """Name of the workbook's sheet."""
    header_row: int | None = Field(default=None, ge=1)
    """Sheet row of the header, where it is not the first that holds anything."""

    @model_validator(mode="after")
    def _quotes(self) -> FileForm:
        if self.quoting == "none" and self.escape:
            raise ValueError("`escape` has no meaning with `quoting: none`: without quotes nothing is escaped")
        return self


class Take(Model):
    """One cell of a folded row: taken from the lines of its contact for which a condition holds, in file order."""

    origin: str | None = Field(default=None, alias="from")
    """The column of the lines that has the cell."""
    case: tuple[tuple[Formula, str], ...] | None = None
    """Where the kind of a line says in which column it has the cell: conditions, each with its column; the first that
    holds decides, and lines that none fits give nothing."""
    where: Formula | None = None
    """Only lines like this: `event = 'CONNECT'`."""
    pick: Literal["first", "last", "sum", "count"] = "first"
    """Which of the lines' cells: `first` (unless said), `last`, the exact `sum` (unknown where a part of it is), or the
    `count` of filled ones."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return {"from": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_origin(self) -> Take:
        if (self.origin is None) == (self.case is None):
            raise ValueError("a cell of a folded row comes from exactly one of: from, case")
        return self


class Fold(Model):
    """Lines of an event log folded into one row a contact: the columns of `by`, and those taken from the lines."""

    by: tuple[str, ...] = Field(min_length=1)
    """Columns that tell contacts apart: `[callid]`."""
    where: Formula | None = None
    """Lines that are of no contact (an agent who logs in) are left out by it, and counted as filtered."""
    ends: Formula | None = None
    """The last line of a leg: what follows it in the same contact (which was passed on) is another row."""
    order: str | None = None
    """The column of time: within a contact it never goes back, or the log is refused. Numbers, or ISO text."""
    leg: str | None = None
    """Name of a column that counts the rows of one contact, from 1."""
    columns: dict[str, Take]
    """The cells of the folded row, each taken from the lines of its contact."""


class LayoutTable(Model):
    """What one canonical table takes from the export."""

    where: Formula | None = None
    """Condition over the export's own columns (as text); other rows are filtered, and counted so."""
    latest: Source | None = None
    """Where one key comes in several versions: the instant by which the latest is known. The others are superseded."""
    columns: dict[str, Source]
    """Canonical column to where it comes from. The key may be left out: then the columns stand right below the
    table."""

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if isinstance(value, dict) and "columns" not in value:
            own = {k: value[k] for k in ("where", "latest") if k in value}
            return {**own, "columns": {k: v for k, v in value.items() if k not in own}}
        return value


class Layout(Model):
    """How one kind of export becomes canonical tables. Which layout fits a file is told by its header."""

    layout: str
    """The layout's name, as the project and commands say it: `phone_now`."""
    about: str = ""
    """Which export this is, in a sentence for `ccmetrics list layouts`."""
    experimental: bool = False
    """Known from a single row or a list of columns only; said whenever it is used."""
    match: tuple[Names, ...]
    """Header names that must all be there (case and spaces apart), each perhaps under one of several names."""
    match_values: dict[str, tuple[str, ...]] = {}
    """Columns that may hold nothing but these words, for headers that tell too little: `{direction: [in, out]}`."""
    file: FileForm = FileForm()
    """How the file is opened, where that is not plain from the file itself."""
    fold: Fold | None = None
    """How the lines of an event log become one row a contact."""
    decimal: Literal[".", ","] = "."
    """The sign before decimals, for all columns: `.` unless said."""
    time_zone: str | None = None
    """Of the export's times: `Europe/Berlin`; the project's if unsaid. Times with an offset need none."""
    ambiguous: Ambiguous | None = None
    """Which of the two hours is meant when the clock goes back: `earliest`, `latest` or `refuse`; else the project's
    word."""
    nonexistent: Nonexistent | None = None
    """What becomes of an hour that the clock skips: `refuse`, or `forward` (the same distance behind the gap); else the
    project's word."""
    null: tuple[str, ...] = ()
    """Texts that mean no value, in all columns, beside the empty cell: `[N/A, "-"]`. Quote the key: `"null"`."""
    tables: dict[str, LayoutTable]
    """The canonical tables it feeds, each with its columns."""
