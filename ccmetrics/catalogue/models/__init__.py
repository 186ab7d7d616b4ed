"""The shape of the definitions: what may stand in the YAML, as frozen pydantic models.

In: plain data read from YAML. Out: models, one class a kind of definition.
Refuses to know: files and places (read), which names exist (checks), how anything is computed.
"""

from __future__ import annotations

from pydantic import Field

from ccmetrics.catalogue.models.cards import (
    Action,
    Adjust,
    Adjustment,
    Amount,
    Card,
    Coefficient,
    Line,
    LinkedLine,
    RedLine,
)
from ccmetrics.catalogue.models.curves import Curve, Goal, Knots, LastYear, Segments
from ccmetrics.catalogue.models.earnings import (
    MOST_BASE,
    Distribution,
    Grade,
    Pay,
    Progression,
    Shares,
    WatchList,
)
from ccmetrics.catalogue.models.kpis import AGGREGATES, Aggregate, Expectation, Kpi, Measure, Variant
from ccmetrics.catalogue.models.layouts import FileForm, Fold, Layout, LayoutTable, Names, Source, Take
from ccmetrics.catalogue.models.parts import (
    Category,
    Clock,
    ColumnType,
    Cycle,
    Day,
    Formula,
    MissingPolicy,
    Model,
    Number,
    Reason,
    Text,
    Unit,
    Whole,
    Words,
)
from ccmetrics.catalogue.models.project import Covers, Project
from ccmetrics.catalogue.models.tables import Column, Table
from ccmetrics.catalogue.models.tests import TIMES, CardTest, Expected, Plain, Row
from ccmetrics.notice import Called

__all__ = [
    "AGGREGATES", "Action", "Adjust", "Adjustment", "Aggregate", "Amount", "Card", "CardTest", "Catalogue", "Category",
    "Clock", "Coefficient", "Column", "ColumnType", "Covers", "Curve", "Cycle", "Day", "Distribution", "Expectation",
    "Expected", "FileForm", "Fold", "Formula", "Goal", "Grade", "Knots", "Kpi", "LastYear", "Layout", "LayoutTable",
    "Line", "LinkedLine", "MOST_BASE", "Measure", "MissingPolicy", "Model", "Names", "Number", "Pay",
    "Plain", "Progression", "Project", "Reason", "RedLine", "Row", "Segments", "Shares", "Source", "TIMES", "Table",
    "Take", "Text", "Unit", "Variant", "WatchList", "Whole", "Words",
]  # fmt: skip


class Catalogue(Model):
    """Everything the YAML says, layered: names to definitions."""

    project: Project = Project()
    tables: dict[str, Table] = {}
    measures: dict[str, Measure] = {}
    kpis: dict[str, Kpi] = {}
    cards: dict[str, Card] = {}
    layouts: dict[str, Layout] = {}
    tests: dict[str, CardTest] = Field(default={}, exclude=True)
    """No number hangs on them: they are in no hash and no seal."""

    def kpi_called(self, key: str) -> str:
        """The key as a notice has it: a page tells the name."""
        return Called(key, self.kpis[key].name) if key in self.kpis else key
