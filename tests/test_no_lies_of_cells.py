"""Cells that were once read wrong without a word, or refused for a wrong reason; as `test_no_lies`, for cells.

In: one column of an export, as text held whole, as text read lazily, and as Parquet. Out: what anyone reads by hand.
Refuses to know: which way of reading gives the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused
from ccmetrics.stages.inspect.columns import frame_of
from ccmetrics.stages.load import opened
from ccmetrics.stages.normalize import Normalized, normalize, text_feed, tolerance

ROADS = ("text", "lazy", "parquet")
ON_ALL = pytest.mark.parametrize("road", ROADS)


class Desk:
    """An export of one column, `V`, on one of the roads."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch, self.allowed = folder, monkeypatch, "0"
        self.beside: list[str] | None = None

    def normalized(
        self, road: str, cells: Sequence[Any] | pl.Series, kind: str, source: Any, **column: Any
    ) -> Normalized:
        frame = pl.DataFrame({"Id": [f"i{n}" for n in range(len(cells))], "V": cells})
        if self.beside is not None:
            frame = frame.with_columns(pl.Series("Beside", self.beside))
        path = self.folder / ("x.parquet" if road == "parquet" else "x.csv")
        frame.write_parquet(path) if road == "parquet" else frame.write_csv(path, quote_style="always")
        self.monkeypatch.setattr(text_feed, "LARGE", 0 if road == "lazy" else 1 << 60)
        columns = {"id": {"type": "id", "required": True}, "v": {"type": kind, **column}}
        made = {
            "project": {"time_zone": "UTC"},
            "tables": {"t": {"about": "x", "key": "id", "columns": columns}},
            "layouts": {"x": {"layout": "x", "match": ["Id", "V"], "tables": {"t": {"id": "Id", "v": source}}}},
        }
        catalogue = Catalogue.model_validate(made)
        exports = [opened(path, list(catalogue.layouts.values()))]
        return normalize(exports, catalogue, None, tolerance(self.allowed))

    def read(self, *asked: Any, **column: Any) -> list[Any]:
        """The values of the column."""
        return list(self.normalized(*asked, **column).tables["t"].frame.sort("id").collect()["v"])

    def refused(self, *asked: Any, **column: Any) -> list[tuple[str, int]]:
        """The names and columns of what is wrong with it."""
        with pytest.raises(DataRefused) as caught:
            self.normalized(*asked, **column)
        return [(problem.name, problem.place.column) for problem in caught.value.problems]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


SOLVED = ["Solved ", " Solved", "Open", "", " "]


@ON_ALL
@pytest.mark.parametrize(
    ("kind", "cells", "map_", "other", "values"),
    [
        ("flag", SOLVED, {"Solved": True}, False, [True, True, False, None, None]),
        ("duration", SOLVED, {"Solved": "60"}, "0", [60, 60, 0, None, None]),
        ("number", SOLVED, {"Solved": "1"}, "0", [1, 1, 0, None, None]),
        ("category", SOLVED, {"Solved": "yes"}, "no", ["yes", "yes", "no", None, None]),
    ],
)
def test_what_a_map_does_not_list_is_not_what_is_padded_or_empty(
    desk: Desk, road: str, kind: str, cells: list[str], map_: Any, other: Any, values: list[Any]
) -> None:
    assert desk.read(road, cells, kind, {"from": "V", "map": map_, "other": other}) == values


@ON_ALL
@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_padded_word_for_nothing_is_nothing(desk: Desk, road: str, kind: str) -> None:
    source = {"from": "V", "null": ["2026-01-01"], "format": "%Y-%m-%d"}
    assert desk.read(road, [" 2026-01-01"], kind, source) == [None]


SECONDS = [timedelta(0), timedelta(seconds=38)]
CLOCKS = [time(0), time(0, 0, 38)]


@pytest.mark.parametrize("road", ["text", "parquet"])
@pytest.mark.parametrize(
    ("kind", "cells", "null", "values"),
    [
        ("duration", [0, 20], "0", [None, 20]),
        ("duration", [0.0, 20.5], "0.0", [None, 20.5]),
        ("rating", [0, 10], "0", [None, 10]),
        ("number", [-1, 3], "-1", [None, 3]),
        ("flag", [0, 1], "0", [None, True]),
        ("category", [99, 1], "99", [None, "1"]),
        ("date", [date(1900, 1, 2), date(2026, 10, 5)], "1900-01-02", [None, date(2026, 10, 5)]),
    ],
)
def test_a_word_for_nothing_is_nothing_in_typed_columns_too(
    desk: Desk, road: str, kind: str, cells: list[Any], null: str, values: list[Any]
) -> None:
    asked = (road, cells, kind, {"from": "V", "null": [null, "-"]})
    assert desk.read(*asked) == values
    assert [said.partition(": ")[2] for said in desk.normalized(*asked).notices] == [
        f"v: '{null}' in 1 cell read as empty"
    ]


@pytest.mark.parametrize(
    ("cells", "text", "values"),
    [
        ([1, 0, None], "1", ["yes", "no", "no"]),
        ([1.0, 0.0, None], "1", ["yes", "no", "no"]),
        ([0.5, 1.0, 10.0], "0.5", ["yes", "no", "no"]),
        ([Decimal("1.00"), Decimal("10.00"), None], "1", ["yes", "no", "no"]),
        ([True, False, None], "true", ["yes", "no", "no"]),
        ([*SECONDS, None], "38", ["no", "yes", "no"]),
        ([*CLOCKS, None], "00:00:38", ["no", "yes", "no"]),
        ([date(2026, 10, 5), date(2026, 10, 6), None], "2026-10-05", ["yes", "no", "no"]),
        ([datetime(2026, 10, 5, 9), datetime(2026, 10, 6), None], "2026-10-05 09:00:00", ["yes", "no", "no"]),
    ],
)
def test_a_condition_sees_typed_cells_as_text_has_them(
    desk: Desk, cells: list[Any], text: str, values: list[str]
) -> None:
    assert desk.read("parquet", cells, "category", {"case": [[f"V = '{text}'", "yes"]], "other": "no"}) == values


@pytest.mark.parametrize(
    ("cells", "condition"),
    [
        ([True, False], "V = '1'"),
        ([True, False], "LOWER(V) IN ('y', '1')"),
        ([True, False], "V LIKE 'T%'"),
        ([1, 0], "V <> '00'"),
        ([1.0, 0.0], "V = '1.0'"),
        ([1, 0], "V = 'Y'"),
        (SECONDS, "V <> '00:00:00'"),
        (CLOCKS, "V = '0:00:38'"),
        ([date(2026, 10, 5)], "V = '05.10.2026'"),
        ([datetime(2026, 10, 5)], "V = '2026-10-05'"),
        ([datetime(2026, 10, 5, tzinfo=UTC)], "V = '2026-10-05 00:00:00'"),
        ([True, False], "V = Id"),
        ([[1], [2]], "V IS NULL"),
        ([b"a", b"b"], "V IS NULL"),
    ],
)
def test_a_condition_that_never_holds_of_such_cells_is_refused(desk: Desk, cells: list[Any], condition: str) -> None:
    source = {"case": [[condition, "yes"]], "other": "no"}
    assert {name for name, _ in desk.refused("parquet", cells, "category", source)} == {"bad-type"}


def test_a_map_none_of_whose_words_a_typed_column_can_hold_is_refused(desk: Desk) -> None:
    source = {"from": "V", "map": {"1": True}, "other": False}
    assert desk.refused("parquet", [True, False], "flag", source) == [("bad-type", 2)]
    assert desk.read("parquet", [1.0, 0.0], "flag", source) == [True, False]


@ON_ALL
def test_numbers_are_no_words_of_a_fixed_list(desk: Desk, road: str) -> None:
    assert set(desk.refused(road, [1, 0], "category", "V", values=["yes", "no"])) == {("unknown-value", 2)}


@ON_ALL
def test_an_id_that_a_spreadsheet_destroyed_is_refused_however_often_it_comes(desk: Desk, road: str) -> None:
    assert set(desk.refused(road, ["1.23457E+17"] * 20 + ["A1"] * 20, "id", "V")) == {("destroyed-id", 2)}


def test_durations_are_looked_at_and_set_aside(desk: Desk) -> None:
    desk.allowed = "1"
    made = desk.normalized("parquet", [*SECONDS, timedelta(seconds=-5)], "duration", "V")
    assert made.tables["t"].frame.sort("id").collect()["v"].to_list() == [0, 38]
    assert made.rejects["original"].to_list() == ["i2,-5"]
    assert frame_of(opened(desk.folder / "x.parquet"))["V"].to_list() == ["0", "38", "-5"]


SHARE = "0.00165509259259259"  # 143 / 86400


@pytest.mark.parametrize("road", ["text", "lazy"])
@pytest.mark.parametrize(("other", "seconds"), [("0:02:23", 143), ("2m 23s", 143)])
def test_a_share_of_a_day_beside_a_clock_is_unclear_until_its_unit_is_said(
    desk: Desk, road: str, other: str, seconds: float
) -> None:
    assert desk.refused(road, [other, SHARE, "5.78703703703704E-05"], "duration", "V") == [("duration-unclear", 2)] * 2
    assert desk.read(road, [other, SHARE], "duration", {"from": "V", "unit": "day"}) == [seconds, 143]
    assert desk.read(road, [other, "0.5", "143"], "duration", "V") == [seconds, 0.5, 143]
    assert desk.read(road, ["143", "0.12345"], "duration", "V") == [143, 0.12345]


@pytest.mark.parametrize("road", ["text", "lazy"])
@pytest.mark.parametrize(
    ("days", "clocks", "told"),
    [
        (["2026-10-05", "2026-10-05"], ["09:00", "0.40"], ("bad-time", 3)),
        (["2026-10-05", "5th of May"], ["09:00", "10:00"], ("bad-date", 2)),
        (["2026-10-05", "5th of May"], ["09:00", "0.40"], ("bad-date", 2)),
    ],
)
def test_of_two_columns_the_bad_one_is_told(
    desk: Desk, road: str, days: list[str], clocks: list[str], told: tuple[str, int]
) -> None:
    desk.beside = clocks
    assert desk.refused(road, days, "datetime", {"datetime": ["V", "Beside"]}) == [told]


def test_forms_that_say_the_same_are_said_to(desk: Desk) -> None:
    said = desk.normalized("text", ["05/05/2026", "06/06/2026"], "date", "V").notices
    assert [text.partition(": ")[2] for text in said] == ["v: 2 cells read as D/M/YYYY: as M/D/YYYY they are the same"]
