"""Canonical tables and their columns.

In: the `tables` section. Out: models.
Refuses to know: how exports become tables.
"""

from __future__ import annotations

from typing import Any

from pydantic import field_validator

from ccmetrics.catalogue.models.parts import (
    ColumnType,
    Model,
    Unit,
)


class Column(Model):
    """A column of a canonical table."""

    type: ColumnType
    """What its cells are: `duration` is in seconds, `percent` 0..1, `category` a word of few, `person` a name that is
    private."""
    about: str = ""
    """What it means, where its name does not say it all."""
    required: bool = False
    """`true`: a row without it is refused. One that is not required may be missing altogether."""
    private: bool = False
    """`true`: never shown, grouped by or written (a customer's number, a salary)."""
    refers: str | None = None
    """Table this id refers to, many-to-one. Its columns are reached as `<column without _id>.<name>`."""
    values: tuple[str, ...] = ()
    """The only words that may stand in it: `[inbound, outbound, internal]`."""
    default: str | int | float | bool | None = None
    """A constant, or the name of another column of the table (`contact_id` defaults to `interaction_id`)."""
    derived: bool = False
    """Built by the program before measuring, never read from an export."""
    after: str | None = None
    """Another time of the row that cannot be later (of `ended_at`: `started_at`); rows in which it is are counted and
    said."""
    unit: Unit | None = None
    """Of a number or rating, where it has one."""


class Table(Model):
    """A canonical table: what exports become before anything is counted."""

    about: str
    """What one row is."""
    key: tuple[str, ...]
    """The column, or columns, that name a row; rows of the same key are duplicates."""
    time: str | None = None
    """The column that puts a row in a period. With `until`, the first day a version is in force."""
    until: str | None = None
    """The last day a version is in force (inclusive, empty: still). Makes the table effective-dated."""
    as_of: str | None = None
    """What decides the roster version instead of this table's own time: a reference, whose row's time it is (surveys:
    interaction_id), or another time of the row (events: at, when they happened rather than when they were recorded)."""
    aggregated: bool = False
    """Its rows are counts and totals that another system made. A rate or mean is taken only with its weight."""
    columns: dict[str, Column]
    """Column to its type and meaning."""
    dimensions: dict[str, tuple[str, ...]] = {}
    """Dimensions with more than one way: name to the paths tried in order by which key is present (`team: [agent.team,
    queue.team]`)."""

    @field_validator("key", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value
