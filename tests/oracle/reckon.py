"""Measures and KPIs in DuckDB: one query a table, dimension and column of time; then one over the measures.

In: a `Center`, a dimension (None is the whole), a period of local days. Out: values by group and KPI.
Refuses to know: the package, scores, windows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.oracle import roads
from tests.oracle.duck import Center
from tests.oracle.kpis import counts, unfolded, variants
from tests.oracle.rewrite import AbsentError, duck, names

AGGREGATES = ("count", "sum", "mean", "min", "max", "median", "quantile", "distinct")
Values = dict[str, dict[str | None, float | None]]
WHOLE = "all"


def kind(measure: Mapping[str, Any]) -> str:
    return next(name for name in AGGREGATES if name in measure)


def formulas(measure: Mapping[str, Any]) -> Iterator[str]:
    if measure[kind(measure)] != "rows":
        yield measure[kind(measure)]
    if "where" in measure:
        yield measure["where"]


def prepare(center: Center, dimensions: list[str]) -> None:
    """Every path that any measure or any of the dimensions needs."""
    wanted: dict[str, set[roads.Path]] = defaultdict(set)
    for measure in center.whole["measures"].values():
        for part in (measure, measure.get("else")):
            if part:
                for text in formulas(part):
                    for name in names(text):
                        ways = [name, *roads.detours(center, part["table"], name)]
                        wanted[part["table"]] |= {*ways, *(roads.key(center, part["table"], w) for w in ways[1:])}
    for table, about in center.tables.items():
        for dimension in {*dimensions, *(about.get("dimensions", {}))}:
            for way in roads.ways(center, table, dimension):
                wanted[table] |= {way, roads.key(center, table, way)}
    roads.lay(center, wanted)


class Reckoning:
    """All measures of one period by one dimension."""

    def __init__(self, center: Center, by: str | None, first: date, last: date) -> None:
        self.center, self.by, self.first, self.last = center, by, first, last
        self.asked: dict[str, Any] = {}
        self.begin = datetime.combine(first, time()) - timedelta(hours=center.offset_h)
        self.end = datetime.combine(last + timedelta(days=1), time()) - timedelta(hours=center.offset_h)

    def parameters(self, table: str, own: Mapping[str, float]) -> dict[str, str]:
        moment = self.center.tables[table].get("time")
        latest = self.one(f'SELECT max(instant("{moment}")) FROM t_{table}') if moment else None
        times = {"period_start": self.begin, "period_end": self.end, "data_end": latest}
        literal = {name: f"TIMESTAMP '{at}'" if at else "CAST(NULL AS TIMESTAMP)" for name, at in times.items()}
        numbers = {name: f"CAST({value!r} AS DOUBLE)" for name, value in {**self.center.parameters, **own}.items()}
        return {**numbers, **literal}

    def spell(self, table: str, as_of: str | None) -> Any:
        """How a path is written: a column of w_table, in a stock only as far as it was known then."""

        def one(found: roads.Path) -> str | None:
            if len(found) == 1 and found[0] in self.center.tables[table].get("dimensions", {}):
                return self.dimension(table, found[0])
            ends = roads.end(self.center, table, found)
            if ends is None:
                return self.chosen(table, roads.detours(self.center, table, found))
            column = f'"{".".join(found)}"'
            if ends == ("roster", "tenure_days"):
                return self.tenure(column, found)
            type_ = self.center.tables[ends[0]]["columns"][ends[1]]["type"]
            if as_of and type_ in {"date", "datetime"}:
                return f"(CASE WHEN instant({column}) < {self.instant(as_of)} THEN {column} END)"
            return column

        return one

    def tenure(self, column: str, found: roads.Path) -> str:
        assert len(found) == 1
        return f"greatest(0, date_diff('day', joined_on, least(valid_to, left_on, DATE '{self.last}')))"

    def instant(self, as_of: str) -> str:
        return f"TIMESTAMP '{self.begin if as_of == 'start' else self.end}'"

    def group(self, table: str) -> str | None:
        """The dimension as SQL, None where the table knows none."""
        return f"'{WHOLE}'" if self.by is None else self.dimension(table, self.by)

    def dimension(self, table: str, name: str) -> str | None:
        """A dimension's value in a row: of the first way whose key the row has."""
        return self.chosen(table, roads.ways(self.center, table, name))

    def chosen(self, table: str, found: list[roads.Path]) -> str | None:
        if not found:
            return None
        keys = [roads.key(self.center, table, way) for way in found]
        quoted = [('"' + ".".join(k) + '"', '"' + ".".join(way) + '"') for k, way in zip(keys, found, strict=True)]
        return "CASE " + " ".join(f"WHEN {k} IS NOT NULL THEN {way}" for k, way in quoted) + " END"

    def measure(
        self, name: str, own: Mapping[str, float] | None = None
    ) -> tuple[dict[str, float | None], float | None]:
        """Values by group, and the value of a group that no row names."""
        about = self.center.whole["measures"][name]
        if not self.center.supply.get(about["table"]) and "else" in about:
            about = about["else"]
        return self.aggregate(about, own or {})

    def aggregate(self, about: Any, own: Mapping[str, float]) -> tuple[dict[str, float | None], float | None]:
        table, how = about["table"], kind(about)
        group = self.group(table)
        if not self.center.supply.get(table) or group is None:
            return {}, None
        moment = about.get("at") or self.center.tables[table].get("time")
        as_of = about.get("as_of")
        inside = self.inside(table, moment, as_of)
        try:
            value, where = self._texts(table, about, how, as_of, own)
        except AbsentError:
            return {}, None
        if not self.center.supplied(table, moment) or not self.covered(table, moment, as_of):
            return {}, None
        sql = reduced(how, value, about.get("q"))
        rows = self.center.base.execute(
            f"SELECT {group} AS g, {sql} FROM w_{table} WHERE ({inside}) GROUP BY g".replace("@where", where)
        ).fetchall()
        zero = 0.0 if how in {"count", "sum", "distinct"} else None
        return {g: None if v is None else float(v) for g, v in rows if g is not None}, zero

    def covered(self, table: str, moment: str, as_of: str | None) -> bool:
        """Whether the supply speaks of the period, so that silence is zero: at its own time or the measure's."""
        if as_of or "until" in self.center.tables[table]:
            return True
        own = self.center.tables[table]["time"]
        inside = " OR ".join(f"({self.inside(table, column, None)})" for column in (own, moment))
        return bool(self.one(f"SELECT count(*) FROM w_{table} WHERE {inside}"))

    def one(self, query: str) -> Any:
        """A single value, asked once."""
        if query not in self.asked:
            found = self.center.base.execute(query).fetchone()
            self.asked[query] = found[0] if found else None
        return self.asked[query]

    def inside(self, table: str, moment: str, as_of: str | None) -> str:
        """Rows of the period; of a stock those begun, in a dated table only versions in force the evening before."""
        if not as_of:
            return f'instant("{moment}") >= {self.instant("start")} AND instant("{moment}") < {self.instant("end")}'
        begun = f'instant("{moment}") < {self.instant(as_of)}'
        if "until" not in self.center.tables[table]:
            return begun
        evening = f"DATE '{self.first - timedelta(days=1) if as_of == 'start' else self.last}'"
        return f'{begun} AND coalesce("{self.center.tables[table]["until"]}" >= {evening}, true)'

    def _texts(self, table: str, about: Any, how: str, as_of: str | None, own: Mapping[str, float]) -> tuple[str, str]:
        spell, parameters = self.spell(table, as_of), self.parameters(table, own)
        value = "true" if about[how] == "rows" else duck(about[how], spell, parameters)
        return value, duck(about["where"], spell, parameters) if "where" in about else "true"


def reduced(how: str, value: str, q: str | None) -> str:
    chosen = "FILTER (WHERE @where)"
    if how == "count":
        return f"count(*) FILTER (WHERE (@where) AND ({value}))"
    if how == "sum":
        # A row's value counts to the sixth decimal, so that sums are exact and the order of rows means nothing.
        exact = f"CAST(round(CAST({value} AS DOUBLE) * 1000000) AS HUGEINT)"
        return f"CASE WHEN count(*) {chosen} = 0 THEN 0 ELSE sum({exact}) {chosen} / 1000000.0 END"
    if how == "distinct":
        return f"count(DISTINCT {value}) {chosen}"
    if how == "quantile":
        return f"quantile_cont(CAST({value} AS DOUBLE), {q}) {chosen}"
    return f"{'avg' if how == 'mean' else how}(CAST({value} AS DOUBLE)) {chosen}"


def values(center: Center, by: str | None, first: date, last: date) -> tuple[Values, dict[str, float | None]]:
    """KPI values by `kpi` or `kpi.variant` and group; and what a group has that no row names at all."""
    reckoning = Reckoning(center, by, first, last)
    whole = center.whole
    asked: dict[str, tuple[str, Mapping[str, float]]] = {}
    texts: dict[str, str] = {}
    for name, kpi in whole["kpis"].items():
        own = {p: float(v) for p, v in kpi.get("parameters", {}).items()}
        for variant, text in variants(kpi).items():
            formula = unfolded(whole, text)
            used = {n[0]: f"{n[0]}@{name}" if own else n[0] for n in names(formula)}
            asked |= {alias: (measure, own) for measure, alias in used.items()}
            spelled = {p: f"CAST({v!r} AS DOUBLE)" for p, v in {**center.parameters, **own}.items()}
            label = f"{name}.{variant}" if variant else name
            texts[label] = duck(formula, lambda found, used=used: f'"{used[found[0]]}"', spelled)  # type: ignore[misc]
            if counted := counts(kpi, variant):
                alias = f"{counted}@{name}" if own else counted
                asked[alias] = (counted, own)
                texts[f"{label}#n"] = f'"{alias}"'
    measured = {alias: reckoning.measure(*ask) for alias, ask in asked.items()}
    groups = sorted({g for found, _ in measured.values() for g in found})
    return _evaluate(center, measured, groups, texts)


def _evaluate(
    center: Center, measured: Any, groups: list[str], texts: Mapping[str, str]
) -> tuple[Values, dict[str, Any]]:
    aliases = list(measured)
    declared = ", ".join(["g VARCHAR", *(f'"{alias}" DOUBLE' for alias in aliases)])
    center.base.execute(f"CREATE OR REPLACE TEMP TABLE measured ({declared})")
    everybody: list[str | None] = [*groups, None]
    rows = [
        [g, *(found.get(g, zero) if g is not None else zero for found, zero in measured.values())] for g in everybody
    ]
    center.base.executemany(f"INSERT INTO measured VALUES ({', '.join('?' * (len(aliases) + 1))})", rows)
    picked = ", ".join(f'CAST({sql} AS DOUBLE) AS "{key}"' for key, sql in texts.items())
    answer = center.base.execute(f"SELECT g, {picked} FROM measured").fetchall()
    by_kpi: Values = {key: {row[0]: row[i + 1] for row in answer if row[0] is not None} for i, key in enumerate(texts)}
    rest = {key: row[i + 1] for row in answer if row[0] is None for i, key in enumerate(texts)}
    return by_kpi, rest
