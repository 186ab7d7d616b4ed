"""Cells that were once read wrong without a word, or refused for a wrong reason; as `test_no_lies`, for cells.

In: one column of an export, as text held whole, as text read lazily, and as Parquet. Out: what anyone reads by hand.
Refuses to know: which way of reading gives the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ccmetrics.catalogue.models import Catalogue
from ccmetrics.problem import DataRefused
from ccmetrics.stages.load import opened
from ccmetrics.stages.normalize import Normalized, normalize, text_feed

ROADS = ("text", "lazy", "parquet")
ON_ALL = pytest.mark.parametrize("road", ROADS)


class Desk:
    """An export of one column, `V`, on one of the roads."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch

    def normalized(
        self, road: str, cells: Sequence[Any] | pl.Series, kind: str, source: Any, **column: Any
    ) -> Normalized:
        frame = pl.DataFrame({"Id": [f"i{n}" for n in range(len(cells))], "V": cells})
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
        return normalize([opened(path, list(catalogue.layouts.values()))], catalogue)

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
