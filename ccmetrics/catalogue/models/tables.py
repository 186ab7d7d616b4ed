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
    type: ColumnType
    about: str = ""
    required: bool = False
    private: bool = False
    refers: str | None = None
    """Table this id refers to, many-to-one. Its columns are reached as `<column without _id>.<name>`."""
    values: tuple[str, ...] = ()
    default: str | int | float | bool | None = None
    """A constant, or the name of another column of the table (`contact_id` defaults to `interaction_id`)."""
    derived: bool = False
    """Built by the program before measuring, never read from an export."""
    after: str | None = None
    """Another time of the row that cannot be later; rows in which it is are counted and said."""
    unit: Unit | None = None
    """Of a number or rating, where it has one."""


class Table(Model):
    about: str
    key: tuple[str, ...]
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
    dimensions: dict[str, tuple[str, ...]] = {}
    """Dimensions with more than one way: name to the paths tried in order by which key is present
    (`team: [agent.team, queue.team]`)."""

    @field_validator("key", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value
