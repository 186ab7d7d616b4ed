"""Delimited text: examined first, then a lazy frame of text cells that nothing was guessed about.

In: a text file, and what layouts say of its form. Out: `Raw`, with the physical line of every record.
Refuses to know: canonical tables, what a cell means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import polars as pl

from ccmetrics.catalogue.models import Layout
from ccmetrics.notice import Notice, of_export
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import BOM, Bytes, Text, check_lines
from ccmetrics.stages.load.dialect import Dialect, dialect_of
from ccmetrics.stages.load.footer import Above, footer_notice, no_footer
from ccmetrics.stages.load.misfits import Table
from ccmetrics.stages.load.quotes import Writing
from ccmetrics.stages.load.raw import Raw, guarded
from ccmetrics.stages.load.records import Lines
from ccmetrics.stages.load.requote import requoted
from ccmetrics.stages.load.structure import Found, examine

ROW = "\0row"


def delimited(
    text: Text, path: Path, name: str, stamp: tuple[int, int], layouts: Sequence[Layout] = (), named: bool = False
) -> Raw:
    """The export that a text is. `named`: the only layout given is the one for this file, whatever its header says."""
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(text.digest)
        check_lines(text.data, name)
        dialect = dialect_of(text.data, text.encoding, name, layouts, named)
        header = _line(text.data, (dialect.header_line or dialect.first_line) - 1)
        text = _plain(text, header, dialect, name)
        quoted = dialect.form.quoting != "none" and text.data.find(b'"', header) >= 0
        table, start = Table(dialect, Writing(dialect.separator, quoted)), _line(text.data, dialect.first_line - 1)
        found = guarded(lambda: examine(text.data, start, table, name), name)
        sha256 = hashed.result()
    # Blank headers get names no header can have, to be looked at once and dropped.
    names = [cell or f"\0{at}" for at, cell in enumerate(dialect.header, 1)]
    source = text.source
    frame = _frame(source, table, found, names)
    lines = Lines(source, found.blocks, found.dropped)
    footer = _footer(text.data, found, Above(frame, names, found.rows + found.misfits.height, dialect, name, lines))
    frame, unnamed = _without_blank_headers(frame, names, dialect, name)
    return Raw(
        path,
        name,
        "text",
        tuple(cell for cell in dialect.header if cell),
        frame,
        found.rows,
        sha256,
        stamp,
        notices=(
            *text.notices,
            *dialect.notices,
            *_counted(found, name),
            *_open_end(text.data, name),
            *footer,
            *unnamed,
        ),
        columns=dialect.header,
        header_line=dialect.header_line,
        lines=lines,
        misfits=found.misfits,
        records=lines.texts,
        layout=dialect.layout.layout if dialect.layout else None,
        about=Notice("{one}, {other}", one=dialect.about, other=text.encoding.upper()),
        unpacked=text.unpacked,
    )


def _plain(text: Text, header: int, dialect: Dialect, name: str) -> Text:
    """The text by the quoting rules, from the byte on at which its header begins."""
    if dialect.form.quoting != "lenient" and not dialect.form.escape:
        return text
    return replace(text, data=requoted(text.data, header, dialect.form, dialect.separator, name), path=None)


def _line(data: Bytes, lines: int) -> int:
    """The byte behind so many lines, and behind a byte order mark."""
    at = len(BOM) * (data[: len(BOM)] == BOM)
    for _ in range(lines):
        at = data.find(b"\n", at) + 1 or len(data)
    return at


def _frame(source: Path | bytes, table: Table, found: Found, names: Sequence[str]) -> pl.LazyFrame:
    """The rows, and nothing else that stands between the header and the end."""
    header = table.dialect.header_line
    # Records left aside at the end are never reached.
    rank = found.dropped - pl.int_range(len(found.dropped), eager=True)
    between = found.dropped.filter(rank < found.rows)
    frame = pl.scan_csv(
        source,
        glob=False,
        has_header=header > 0,
        # The header is read and renamed, not skipped: a schema would be held against the first line, blank or not.
        skip_lines=(header or table.dialect.first_line) - 1,
        new_columns=names if header else None,
        schema=None if header else dict.fromkeys(names, pl.String),
        infer_schema=False,
        separator=table.dialect.separator,
        quote_char='"' if table.writing.quoted else None,
        n_rows=found.rows + len(between) if len(between) < len(found.dropped) or found.footer else None,
        row_index_name=ROW if len(between) else None,
        extra_columns="ignore" if len(found.dropped) else "raise",
        missing_columns="insert",
        raise_if_empty=False,
    )
    if not len(between):
        return frame
    return frame.filter(~pl.col(ROW).cast(pl.Int64).is_in(between.implode())).drop(ROW)


def _counted(found: Found, name: str) -> Iterator[Notice]:
    if found.blank:
        yield of_export(name, Notice("{n:blank line} skipped", n=found.blank))
    if found.repeated:
        yield of_export(name, Notice("{n:repeated header} skipped", n=found.repeated))


def _open_end(data: Bytes, name: str) -> Iterator[Notice]:
    """A cell that was cut looks like one that was not."""
    if data[-1:] != b"\n":
        text = Notice("the last line has no line end; if such exports have one, this file was cut short")
        yield of_export(name, text)


def _footer(data: Bytes, found: Found, above: Above) -> list[Notice]:
    if found.footer is not None:
        return [footer_notice(data, *found.footer, above)]
    return no_footer(above)


def _without_blank_headers(
    frame: pl.LazyFrame, names: list[str], dialect: Dialect, name: str
) -> tuple[pl.LazyFrame, list[Notice]]:
    """The frame without its unnamed columns, which must hold nothing."""
    unnamed = [n for n in names if n.startswith("\0")]
    if not unnamed:
        return frame, []
    holds = pl.col(unnamed).fill_null("").str.strip_chars().str.len_bytes() > 0
    counts = guarded(lambda: frame.select(holds.sum()).collect(engine="streaming").row(0), name)
    problems = [
        Problem(
            Place(name, dialect.header_line, int(column[1:])),
            "blank-header",
            f"Column {column[1:]} has no name in the header, but {count:,} cells with content. Name it.",
        )
        for column, count in zip(unnamed, counts, strict=True)
        if count
    ]
    if problems:
        raise DataRefused(problems)
    return frame.drop(unnamed), [of_export(name, Notice("{n:unnamed, empty column} dropped", n=len(unnamed)))]
