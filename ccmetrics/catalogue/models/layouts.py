"""Layouts: from an export's columns to canonical ones.

In: a layout's document. Out: models.
Refuses to know: files and cells.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from ccmetrics.catalogue.models.parts import (
    Formula,
    Model,
)


class Source(Model):
    """Where one canonical column comes from in an export, and how its text is to be read."""

    origin: str | None = Field(default=None, alias="from")
    constant: str | int | float | bool | None = None
    datetime: tuple[str, ...] | None = None
    """A date column and a time column, read together."""
    date: str | None = None
    """With `datetime` of one time column: the day, where the export does not give it (ISO date)."""
    join: tuple[str, ...] | None = None
    """Columns that together make one id, joined by `-`."""
    case: tuple[tuple[Formula, str | bool | None], ...] | None = None
    """Conditions over the export's own columns (as text), each with its value; the first that holds decides, else
    `other`, and a row that none fits is a problem where `other` is unsaid."""
    where: Formula | None = None
    """Condition over the export's own columns (as text); in other rows the column has no value."""
    map: dict[str, str | bool | None] | None = None
    """Value to value; a value not listed is a problem, unless `other` says what it becomes."""
    other: str | bool | None = None
    format: str | None = None
    """strptime format of dates, times or datetimes (`%d.%m.%Y`)."""
    unit: Literal["s", "ms", "min", "h", "day", "percent", "fraction"] | None = None
    null: tuple[str, ...] = ()
    """Texts that mean no value in this column, beside the empty cell."""
    decimal: Literal[".", ","] | None = None
    thousands: Literal[".", ",", " ", "'"] | None = None
    negative: Literal["null", "zero"] | None = None
    """What a negative duration (clock skew) becomes; a problem where unsaid."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"from": value}
        if isinstance(value, dict) and isinstance(value.get("datetime"), str):
            return {**value, "datetime": (value["datetime"],)}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        origins = (self.origin, self.constant, self.datetime, self.join, self.case)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("a column comes from exactly one of: from, constant, datetime, join, case")
        return self


class LayoutTable(Model):
    where: Formula | None = None
    """Condition over the export's own columns (as text); other rows are filtered, and counted so."""
    columns: dict[str, Source]

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if isinstance(value, dict) and "columns" not in value:
            return {"where": value.get("where"), "columns": {k: v for k, v in value.items() if k != "where"}}
        return value


class Layout(Model):
    layout: str
    about: str = ""
    match: tuple[str, ...]
    """Header names that must all be there (case and outer spaces apart)."""
    match_values: dict[str, tuple[str, ...]] = {}
    decimal: Literal[".", ","] = "."
    time_zone: str | None = None
    null: tuple[str, ...] = ()
    tables: dict[str, LayoutTable]
