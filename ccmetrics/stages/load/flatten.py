"""Objects as rows of a table: a name within another is a column with a dot, and every value its text.

In: parsed objects, one after the other, and the lines they stood on. Out: a frame, and the records that are no rows.
Refuses to know: files, how JSON is written, what a column means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ccmetrics.notice import Notice
from ccmetrics.problem import DataRefused, Place, Problem

DEPTH = 50
CHUNK = 50_000
WIDEST = 2_000
"""Every record has a cell in every column: names without end would take memory without end."""
SHOWN = 20
SAID = {True: "true", False: "false", None: ""}


class BadRecordError(Exception):
    """A record that is no row: the name of its problem, what is wrong, and where it was met."""

    def __init__(self, reason: str, text: str, line: int = 0, column: int = 0) -> None:
        super().__init__(text)
        self.reason, self.text, self.line, self.column = reason, text, line, column


def too_deep() -> BadRecordError:
    return BadRecordError("bad-json", f"Objects stand within objects more than {DEPTH} deep. No export needs that.")


class Column:
    """One column of the rows that are held, and how the names within its objects begin."""

    __slots__ = ("begins", "cells", "is_filled", "is_nested")

    def __init__(self, name: str) -> None:
        self.begins = f"{name}."
        self.cells: list[str | None] = []
        self.is_filled = False
        self.is_nested = False
        """It held objects, which are columns of their own, or lists of them, which are none."""

    def put(self, row: int, cell: str) -> None:
        if len(self.cells) < row:
            self.cells += [None] * (row - len(self.cells))
        self.cells.append(cell)


class Table:
    """Records as columns, in order of their first appearance. What is held is turned into a frame now and then."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.line = self.held = self.blank = 0
        self.lines: list[int] = []
        self.misfits: list[tuple[int, int, str, str]] = []
        self.columns: dict[str, Column] = {}
        self.places: dict[tuple[str, str], Column] = {}
        self.aside: dict[str, None] = {}
        """Columns that hold lists of objects."""
        self.parts: list[pl.DataFrame] = []

    def take(self, line: int, records: list[dict[str, Any]] | BadRecordError) -> None:
        """The records of one line: all of them, or none."""
        if not records:
            self.blank += 1
        self.line, before = line, self.held
        try:
            if isinstance(records, BadRecordError):
                raise records
            for record in records:
                self._flatten("", record, 1)
                self.held += 1
        except BadRecordError as bad:
            self.held = before
            for column in self.columns.values():
                del column.cells[self.held :]
            self.misfits.append((line, bad.column, bad.reason, bad.text))
            return
        self.lines += [line] * len(records)
        if self.held >= CHUNK:
            self._settle()

    def _flatten(self, begins: str, record: dict[str, Any], depth: int) -> None:
        if depth > DEPTH:
            raise too_deep()
        for key, value in record.items():
            column = self.places.get((begins, key)) or self._column(begins, key)
            if value.__class__ is str:
                column.put(self.held, value)
            elif value.__class__ is dict:
                column.is_nested = True
                self._flatten(column.begins, value, depth + 1)
            elif value.__class__ is bool:
                column.put(self.held, SAID[value])
            elif value:
                self._list(column, value)

    def _list(self, column: Column, values: list[Any]) -> None:
        if any(isinstance(value, dict | list) for value in values):
            column.is_nested = True
            self.aside[column.begins[:-1]] = None
        else:
            column.put(self.held, ";".join(SAID.get(value, value) for value in values))

    def _column(self, begins: str, key: str) -> Column:
        name = begins + key
        if name in self.columns:
            text = f"Two things are called '{name}': a name with a dot in it, and one within an object. Rename one."
            raise DataRefused([Problem(Place(self.name, self.line), "name-clash", text)])
        if len(self.columns) == WIDEST:
            text = f"Over {WIDEST:,} names: some are values, as ids used as names. Export them as values of one name."
            raise DataRefused([Problem(Place(self.name, self.line), "too-many-columns", text)])
        self.columns[name] = self.places[begins, key] = Column(name)
        return self.columns[name]

    def _settle(self) -> None:
        for column in self.columns.values():
            column.is_filled |= bool(column.cells)
            column.cells += [None] * (self.held - len(column.cells))
        cells = {name: column.cells for name, column in self.columns.items()}
        self.parts.append(pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)))
        for column in self.columns.values():
            column.cells = []
        self.held = 0

    def settled(self) -> tuple[tuple[str, ...], pl.DataFrame]:
        self._settle()
        header = tuple(n for n, column in self.columns.items() if column.is_filled or not column.is_nested)
        if not any(column.is_filled for column in self.columns.values()):
            raise DataRefused(self._nothing())
        return header, pl.concat(self.parts, how="diagonal").select(header)

    def _nothing(self) -> Iterator[Problem]:
        """Why there is no table."""
        for line, column, reason, text in self.misfits[:SHOWN]:
            yield Problem(Place(self.name, line, column), reason, text)
        if not self.misfits:
            inside = f" Are its rows within '{next(iter(self.aside))}'? Export those." if self.aside else ""
            yield Problem(Place(self.name), "no-records", f"There is no object with values in this file.{inside}")

    def notices(self) -> Iterator[Notice]:
        if self.blank:
            yield Notice("{n:blank line} skipped", n=self.blank)
        if self.aside:
            yield Notice("lists of objects left aside: {names}", names=[f"{name}[]" for name in self.aside])
