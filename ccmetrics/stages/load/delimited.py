"""Delimited text: examined first, then a lazy frame of text cells that nothing was guessed about.

In: a text file. Out: `Raw`, with the physical line of every record.
Refuses to know: canonical tables, what a cell means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from ccmetrics.catalogue.models import Layout
from ccmetrics.problem import DataRefused, Place, Problem
from ccmetrics.stages.load.content import text_of
from ccmetrics.stages.load.raw import Raw, guarded
from ccmetrics.stages.load.structure import Shape, examine, starts


def delimited(
    path: Path,
    name: str,
    stamp: tuple[int, int],
    separator: str | None,
    layouts: Sequence[Layout] = (),
    member: str | None = None,
) -> Raw:
    with text_of(path, name, layouts, member) as text:
        shape = examine(text, name, separator)
    if not any(shape.header):
        what = "The header names no column. Export the file again, with its header."
        raise DataRefused([Problem(Place(name, shape.header_line), "blank-header", what)])
    # Blank headers get names no header can have, to be looked at once and dropped.
    names = [cell or f"\0{at}" for at, cell in enumerate(shape.header, 1)]
    frame = pl.scan_csv(
        text.source,
        glob=False,
        # The header is read and renamed, not skipped: a schema would be held against the first line, blank or not.
        skip_lines=shape.header_line - 1,
        new_columns=names,
        infer_schema=False,
        separator=shape.separator,
        quote_char='"' if shape.quoted else None,
        raise_if_empty=False,
    )
    is_empty = pl.all_horizontal(pl.all().fill_null("").str.strip_chars().str.len_bytes() == 0)
    empty = shape.empty
    if shape.quoted:
        read, empty = guarded(lambda: frame.select(pl.len(), is_empty.sum().alias("empty")).collect(), name).row(0)
        if read != shape.records:
            what = "The quotes of this file can be read in two ways. Export it again, every text cell in quotes."
            raise DataRefused([Problem(Place(name), "quotes-unclear", what)])
        shape = replace(shape, empty=empty)
    if empty:
        frame = frame.filter(~is_empty)
    notices = [f"{name}: {empty:,} blank lines skipped"] if empty else []
    frame, notice = _without_blank_headers(frame, names, shape, name)
    header = tuple(cell for cell in shape.header if cell)
    return Raw(
        path,
        name,
        "text",
        header,
        frame,
        shape.records - empty,
        shape.sha256,
        stamp,
        notices=(*text.notices, *notices, *notice),
        columns=shape.header,
        header_line=shape.header_line,
        lines=partial(starts, text.source, shape),
        about=f"delimited by {shape.separator!r}, {text.encoding}",
        unpacked=text.unpacked,
    )


def _without_blank_headers(
    frame: pl.LazyFrame, names: list[str], shape: Shape, name: str
) -> tuple[pl.LazyFrame, list[str]]:
    """The frame without its unnamed columns, which must hold nothing."""
    unnamed = [n for n in names if n.startswith("\0")]
    if not unnamed:
        return frame, []
    holds = pl.col(unnamed).fill_null("").str.strip_chars().str.len_bytes() > 0
    counts = guarded(lambda: frame.select(holds.sum()).collect(engine="streaming").row(0), name)
    problems = [
        Problem(
            Place(name, shape.header_line, int(column[1:])),
            "blank-header",
            f"Column {column[1:]} has no name in the header, but {count:,} cells with content. Name it.",
        )
        for column, count in zip(unnamed, counts, strict=True)
        if count
    ]
    if problems:
        raise DataRefused(problems)
    return frame.drop(unnamed), [f"{name}: {len(unnamed)} unnamed, empty columns dropped"]
