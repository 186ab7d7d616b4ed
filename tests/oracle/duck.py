"""Canonical tables in DuckDB, typed as tables.yaml says, with the derived columns beside them.

In: the definitions and tables as rows. Out: a database with `t_<name>` for every declared table.
Refuses to know: the package. Whatever is not written in a definition is decided here anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File
from typing import Any

import duckdb
import yaml

from tests.oracle import derived

TYPES = {
    "number": "DOUBLE",
    "money": "DOUBLE",
    "percent": "DOUBLE",
    "rating": "DOUBLE",
    "duration": "DOUBLE",
    "flag": "BOOLEAN",
    "datetime": "TIMESTAMP",
    "date": "DATE",
}
Row = Mapping[str, Any]


def definitions(folder: File) -> dict[str, dict[str, Any]]:
    """Every document's entries, all scalars as the text that was written."""
    whole: dict[str, dict[str, Any]] = {"tables": {}, "measures": {}, "kpis": {}, "project": {}}
    for file in sorted(folder.rglob("*.yaml")):
        for document in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            for section in whole.keys() & document.keys() if not {"card", "layout"} & document.keys() else ():
                whole[section].update(document[section])
    return whole


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@dataclass
class Center:
    """Supplied tables in a DuckDB of their own: rows by table, and the columns each table supplies."""

    whole: dict[str, dict[str, Any]]
    supply: Mapping[str, Sequence[Row]]
    columns: Mapping[str, Sequence[str]]
    offset_h: int = 0

    @property
    def tables(self) -> dict[str, Any]:
        return self.whole["tables"]

    @cached_property
    def parameters(self) -> dict[str, float]:
        return {name: float(value) for name, value in self.whole["project"]["parameters"].items()}

    def supplied(self, table: str, column: str) -> bool:
        if self.tables[table]["columns"][column].get("derived") == "true":
            needs = NEEDS.get(f"{table}.{column}", [])
            return all(any(self.supplied(*one.split(".")) for one in need.split()) for need in needs)
        fallback = self.tables[table]["columns"][column].get("default")
        if fallback is not None and table in self.columns:
            return fallback not in self.tables[table]["columns"] or self.supplied(table, fallback)
        return column in self.columns.get(table, ())

    @cached_property
    def base(self) -> duckdb.DuckDBPyConnection:
        base = duckdb.connect(config={"threads": 1})
        base.execute(f"""CREATE MACRO instant(x) AS CASE WHEN typeof(x) = 'DATE'
            THEN CAST(x AS TIMESTAMP) - INTERVAL {self.offset_h} HOUR ELSE CAST(x AS TIMESTAMP) END""")
        base.execute(f"""CREATE MACRO local_day(x) AS CASE WHEN typeof(x) = 'DATE'
            THEN CAST(x AS DATE) ELSE CAST(CAST(x AS TIMESTAMP) + INTERVAL {self.offset_h} HOUR AS DATE) END""")
        with tempfile.TemporaryDirectory() as folder:
            for table in self.tables:
                self._load(base, table, File(folder) / f"{table}.csv")
        derived.derive(base, list(self.tables), self.parameters, self.supplied)
        return base

    def _load(self, base: duckdb.DuckDBPyConnection, table: str, file: File) -> None:
        """All declared columns, those not supplied as nulls; text is quoted, so an empty cell is null and '' is not."""
        declared = {c: d for c, d in self.tables[table]["columns"].items() if d.get("derived") != "true"}
        lines = (",".join(cell(row.get(column)) for column in declared) for row in self.supply.get(table, ()))
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        kinds = {c: TYPES.get(d["type"], "VARCHAR") for c, d in declared.items()}
        base.execute(
            f"CREATE TABLE raw_{table} AS SELECT * FROM read_csv(?, header = false, columns = {kinds!r}, nullstr = '',"
            " allow_quoted_nulls = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"')",
            [str(file)],
        )
        for column, about in declared.items():
            if "default" in about and column not in self.columns.get(table, ()):
                value = f'"{about["default"]}"' if about["default"] in declared else about["default"]
                base.execute(f'UPDATE raw_{table} SET "{column}" = {value}')


def cell(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return "" if value is None else str(value)


# What a derived column needs to be there at all: of each entry, one of the columns. Without it, nobody supplied it.
NEEDS: dict[str, list[str]] = {
    "interactions.next_inbound_at": ["interactions.customer_id", "interactions.direction"],
    "interactions.next_repeat_at": ["interactions.customer_id", "interactions.direction"],
    "interactions.last_handled": ["interactions.direction"],
    "interactions.episode_id": ["interactions.customer_id", "interactions.direction"],
    "interactions.episode_last": ["interactions.customer_id", "interactions.direction"],
    "interactions.episode_channels": ["interactions.customer_id", "interactions.direction", "interactions.channel"],
    "interactions.contained": ["interactions.customer_id", "interactions.direction"],
    "interactions.orders_within": ["orders.order_id"],
    "interactions.handle_s": ["interactions.talk_s interactions.hold_s interactions.wrap_s"],
    "evaluations.item_score": ["evaluation_items.score", "evaluation_items.max"],
    "evaluations.attitude_score": ["evaluation_items.section", "evaluation_items.score", "evaluation_items.max"],
    "evaluations.risk_known_at": ["events.interaction_id", "evaluations.interaction_id"],
    "evaluations.risk_found_by": ["events.interaction_id", "evaluations.interaction_id", "events.found_by"],
    "events.first_record": ["events.interaction_id"],
    "cases.repeat_within_30d": ["cases.customer_id"],
    "cases.ordered_within_90d": ["cases.customer_id", "orders.customer_id"],
    "cases.contacts_n": ["interactions.interaction_id", "interactions.case_id cases.interaction_id"],
    "cases.after_fix": ["cases.class", "initiatives.class"],
    "orders.attributed_id": ["interactions.interaction_id", "orders.interaction_id orders.customer_id"],
    "customers.contacts_n": ["interactions.customer_id", "interactions.direction"],
    "forecasts.actual_offered": ["interactions.queue_id", "interactions.direction"],
    "roster.tenure_days": ["roster.joined_on"],
}
